import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { firstPosition, openPgStore, StoreUnavailable } from '../../packages/server/src/store/index.ts'
import { needs, type Postgres, startPgBouncer, startPostgres } from '../support/index.ts'
import { alpha, commitOf, event, lineageAt, put, until } from './fixture.ts'

describe('how a store on PostgreSQL is reached', needs('postgres', 'pgbouncer'), () => {
  let cluster: Postgres
  let folder: string
  let port: number
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'omen-tls-'))
    certify(folder, 'localhost')
    port = await freePort()
    cluster = await startPostgres({
      listen_addresses: '127.0.0.1',
      port: String(port),
      ssl: 'on',
      ssl_cert_file: join(folder, 'server.crt'),
      ssl_key_file: join(folder, 'server.key'),
    })
  })
  after(async () => {
    await cluster[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  test('through PgBouncer in transaction mode', async () => {
    await using bouncer = await startPgBouncer(cluster)
    cluster.create('bounced')
    const [one, other] = [
      await openPgStore({ url: bouncer.url('bounced') }),
      await openPgStore({ url: bouncer.url('bounced') }),
    ]
    try {
      await one.commit(commitOf(alpha, 0, [put('n', 'n', 0)]))
      const increment = async (store: typeof one) =>
        store.turn(alpha, async () => {
          const { lineage, items } = (await store.loadAccount(alpha))!
          const value = Number(items[0]?.value) + 1
          const next = `00000000-0000-4000-9000-${String(value).padStart(12, '0')}` as typeof lineage
          await store.commit({
            accounts: [{ account: alpha, base: lineage, next, changes: [put('n', 'n', value)] }],
            events: [event()],
          })
        })
      await Promise.all([one, other, one, other].map(increment))
      await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          (n % 2 ? one : other).record([event()], n % 3 ? 'disk' : 'process'),
        ),
      )
      assert.equal((await other.loadAccount(alpha))?.items[0]?.value, '4')
      assert.equal((await one.eventsAfter(firstPosition, 100)).events.length, 54)
      assert.equal((await other.confirm([{ account: alpha, lineage: lineageAt(1) }])).moved.size, 1)
    } finally {
      await Promise.all([one.close(), other.close()])
    }
  })

  test('TLS is verified by default, and what does not verify is one line', async () => {
    const opened = (options: string, host = 'localhost') =>
      openPgStore({ url: `postgres://postgres@${host}:${port}/postgres?${options}` })
    await assert.rejects(opened('sslmode=verify-full'), {
      name: 'StoreDamaged',
      message:
        /^cannot open postgres localhost:\d+\/postgres: TLS cannot be verified: self-signed certificate[^\n]*$/,
    })
    const root = `sslrootcert=${encodeURIComponent(join(folder, 'server.crt'))}`
    await assert.rejects(
      opened(`sslmode=verify-full&${root}`, '127.0.0.1'),
      /TLS cannot be verified: .*127\.0\.0\.1/,
    )
    for (const [options, host] of [
      [`sslmode=verify-full&${root}`, 'localhost'],
      [`sslmode=verify-ca&${root}`, '127.0.0.1'],
      ['sslmode=require', '127.0.0.1'],
    ] as const)
      await (await opened(options, host)).close()
  })

  test('a password that is revoked is refused in one line, and a running node says so and recovers', async () => {
    cluster.create('guarded')
    cluster.sql("CREATE ROLE omen LOGIN PASSWORD 'right'; GRANT ALL ON DATABASE guarded TO omen")
    writeFileSync(
      join(cluster.data, 'pg_hba.conf'),
      'local all postgres trust\nlocal all all scram-sha-256\n',
    )
    cluster.sql('SELECT pg_reload_conf()')
    const password = join(folder, 'password')
    writeFileSync(password, 'right\n')
    const url = `postgres://omen@/guarded?host=${cluster.socket}&port=${port}`
    const store = await openPgStore({ url, environment: { OMEN_STORE_PASSWORD_FILE: password } })
    try {
      await assert.rejects(openPgStore({ url: url.replace('omen@', 'omen:wrong@') }), {
        message: /^cannot open postgres \/.*\/guarded: PostgreSQL refuses user omen or the password: [^\n]*$/,
      })
      cluster.sql("ALTER ROLE omen PASSWORD 'other'")
      cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'omen'")
      await until(async () => store.unready() !== undefined)
      await assert.rejects(store.commit(commitOf(alpha, 0, [])), StoreUnavailable)
      cluster.sql("ALTER ROLE omen PASSWORD 'right'")
      await until(async () =>
        store.commit(commitOf(alpha, 0, [])).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
      // the file is read anew for each connection
      cluster.sql("ALTER ROLE omen PASSWORD 'next'")
      writeFileSync(password, 'next\n')
      cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'omen'")
      await until(async () => store.unready() !== undefined)
      await until(async () => store.unready() === undefined)
      cluster.sql('ALTER ROLE omen CONNECTION LIMIT 2')
      const open = () => openPgStore({ url, environment: { OMEN_STORE_PASSWORD_FILE: password } })
      await assert.rejects(open(), { message: /^cannot open [^\n]*no connection to spare[^\n]*$/ })
      cluster.sql('ALTER ROLE omen CONNECTION LIMIT -1')
      cluster.sql('ALTER ROLE omen SET default_transaction_read_only = on')
      await assert.rejects(open(), { message: /^cannot open [^\n]*it accepts no changes[^\n]*$/ })
    } finally {
      await store.close()
    }
  })
})

/** A certificate for a name, and its key, which PostgreSQL's user alone may read. */
function certify(folder: string, name: string): void {
  const [key, certificate] = [join(folder, 'server.key'), join(folder, 'server.crt')]
  const made = spawnSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      certificate,
    ].concat(['-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]),
    { encoding: 'utf8' },
  )
  assert.equal(made.status, 0, made.stderr)
  chmodSync(folder, 0o755)
  chmodSync(key, 0o600)
  if (process.getuid?.() === 0) chownSync(key, 65_534, 65_534)
}

/** A port that was free a moment ago: PostgreSQL has no TLS on Unix sockets, and does not choose a port itself. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
