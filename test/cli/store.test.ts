import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { IAM } from '@aws-sdk/client-iam'
import { needs, type Postgres, startPostgres } from '../support/index.ts'
import { omen, serve, temporaryHome } from './process.ts'

const key = 'ab'.repeat(32)

describe('a store of many nodes', { ...needs('postgres'), concurrency: 2 }, () => {
  let cluster: Postgres
  before(async () => {
    cluster = await startPostgres()
  })
  after(() => cluster[Symbol.asyncDispose]())

  test('init prints the first keys once, and what cannot be opened is one line', async (t) => {
    cluster.create('made')
    const store = ['--store', cluster.url('made')]
    const made = await omen(['store', 'init', ...store, '--account', '111111111111'], {
      OMEN_MASTER_KEY: key,
    })
    assert.equal(made.status, 0, made.stderr)
    const first = JSON.parse(made.stdout) as { account: string; keys: { root: { accessKeyId: string } } }
    assert.equal(first.account, '111111111111')
    const again = await omen(['store', 'init', ...store], { OMEN_MASTER_KEY: key })
    assert.deepEqual([again.status, again.stdout], [0, ''])
    const found = await omen(['store', 'check', ...store], { OMEN_MASTER_KEY: key })
    const { accounts, masterKey, schema, newestSchema } = JSON.parse(found.stdout)
    assert.deepEqual([accounts, masterKey, schema], [1, true, newestSchema])
    assert.ok(!`${again.stderr}${found.stdout}`.includes(first.keys.root.accessKeyId))

    const start = ['start', '--home', temporaryHome(t), '--port', '0']
    const wrong = await omen([...start, ...store], { OMEN_MASTER_KEY: 'cd'.repeat(32) })
    assert.equal(wrong.status, 253)
    assert.equal(wrong.stderr, 'omen: the master key is not the one of this database: nothing was changed\n')
    const other = await omen([...start, ...store, '--account', '222222222222'], { OMEN_MASTER_KEY: key })
    assert.equal(other.stderr, 'omen: the first account of this store is 111111111111, not 222222222222\n')
    cluster.sql('UPDATE omen.schema SET version = 99, least = 99', 'made')
    const newer = await omen([...start, ...store], { OMEN_MASTER_KEY: key })
    assert.match(
      newer.stderr,
      /^omen: .* was changed by a newer Omen \(schema 99; this one knows \d+\): .*\n$/,
    )
    const migrated = await omen(['store', 'migrate', ...store])
    assert.equal(migrated.status, 253)
    assert.match(
      migrated.stderr,
      /^omen: .* has a newer schema \(99; this Omen knows \d+\): nothing was changed\n$/,
    )
    const bare = await omen([...start, ...store])
    assert.match(bare.stderr, /^omen: a shared store needs OMEN_MASTER_KEY or OMEN_MASTER_KEY_FILE: .*\n$/)
  })

  test('copy carries a home over and back, and overwrites nothing', async (t) => {
    cluster.create('copied')
    const [home, back] = [temporaryHome(t), join(temporaryHome(t), 'back')]
    const url = cluster.url('copied')
    const served = await serve(home)
    const client = clientOf(served)
    await client.createUser({ UserName: 'carried' })
    client.destroy()
    await served.stop('SIGTERM')
    const over = await omen(['store', 'copy', '--from', home, '--to', url])
    assert.equal(over.status, 0, over.stderr)
    const refused = await omen(['store', 'copy', '--from', home, '--to', url])
    assert.match(refused.stderr, /copied is not empty: nothing was changed\n$/)
    const OMEN_MASTER_KEY = readFileSync(join(home, 'master.key'), 'utf8').trim()
    const returned = await omen(['store', 'copy', '--from', url, '--to', back], { OMEN_MASTER_KEY })
    assert.equal(returned.status, 0, returned.stderr)
    assert.deepEqual(JSON.parse(returned.stdout), JSON.parse(over.stdout))
    for (const file of ['omen.db', 'master.key', 'credentials.json'])
      assert.ok(existsSync(join(back, file)), file)
    const last = await serve(back)
    t.after(() => last.stop('SIGTERM'))
    assert.deepEqual(last.keys, served.keys)
    const reader = clientOf(last)
    assert.equal((await reader.getUser({ UserName: 'carried' })).User?.UserName, 'carried')
    reader.destroy()
  })

  test('workers listen together, a killed one is followed by another, and a signal ends all (OPERATION.md)', async (t) => {
    const alone = await omen(['start', '--workers', '2'])
    assert.match(alone.stderr, /^omen: --workers needs --store: .*\n$/)
    for (const wrong of ['0', '65', '2x']) {
      const { stderr } = await omen(['start', '--workers', wrong, '--store', cluster.url('made')])
      assert.equal(stderr, `omen: --workers takes a number from 1 to 64, not ${wrong}\n`)
    }
    cluster.create('worked')
    const store = ['--store', cluster.url('worked'), '--workers', '2', '--node-name', 'n', '--node-header']
    const home = temporaryHome(t)
    const unready = await omen(['start', '--home', home, ...store], { OMEN_MASTER_KEY: 'no key' })
    assert.equal(unready.status, 253)
    assert.equal(unready.stderr.split('\n').length, 2, unready.stderr)
    const served = await serve(home, [...store, '--log', 'json'], { OMEN_MASTER_KEY: key })
    t.after(() => served.child.kill('SIGKILL'))
    const nodeOf = async () => {
      const answer = await fetch(`${served.url}/_omen/live`, { headers: { connection: 'close' } })
      return answer.headers.get('x-omen-node') ?? ''
    }
    const nodes = async () => {
      const seen = new Set<string>()
      for (let calls = 0; calls < 2_000 && seen.size < 2; calls++) {
        seen.add(await nodeOf().catch(() => ''))
        seen.delete('')
        if (calls > 10) await sleep(10)
      }
      return [...seen].sort()
    }
    assert.deepEqual(await nodes(), ['n-1', 'n-2'])
    const writer = clientOf(served)
    for (let index = 0; index < 6; index++) {
      await writer.createUser({ UserName: `u${index}` })
      const reader = clientOf(served) // its connection goes to either worker
      assert.equal((await reader.getUser({ UserName: `u${index}` })).User?.UserName, `u${index}`)
      reader.destroy()
    }
    const before = workersOf(served.child.pid)
    assert.equal(before.length, 2)
    process.kill(before[0]!, 'SIGKILL')
    while (workersOf(served.child.pid).includes(before[0]!)) await sleep(10)
    assert.deepEqual(await nodes(), ['n-1', 'n-2'])
    writer.destroy()
    const { status, stdout } = await served.stop('SIGTERM')
    assert.equal(status, 0)
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { message: string; how?: string })
    assert.deepEqual(
      lines.filter(({ message }) => message === 'worker ended').map(({ how }) => how),
      ['SIGKILL'],
    )
    assert.equal(lines.filter(({ message }) => message === 'stopped').length, 3)
    assert.ok(!existsSync(join(home, 'server.json')))
  })
})

/** The numbers of the processes that a process has started. */
function workersOf(pid: number | undefined): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
}

function clientOf({ url, keys }: Awaited<ReturnType<typeof serve>>): IAM {
  return new IAM({ endpoint: url, region: 'us-east-1', credentials: { ...keys.admin } })
}
