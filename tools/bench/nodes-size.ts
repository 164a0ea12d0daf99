import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Postgres } from '../../test/support/index.ts'
import { ask, runScript, signed, signedRequest } from './house.ts'
import { dumpOf } from './import.ts'
import { line, processorTime, quantile, type Subject, startDatabase, startSubject } from './nodes-house.ts'
import { trustAccount } from './wire.ts'

/** Accounts of a thousand roles each. `BENCH_ACCOUNTS=1000` makes a million roles. */
const accounts = Number(process.env.BENCH_ACCOUNTS ?? 100)
const roles = 1_000
const clients = 8
/** So little that a call to the account used longest ago always finds it gone. */
const memory = process.env.BENCH_MEMORY ?? '16MB'
const template = 200_000_000_000

/** Many roles in many accounts of one database: calls to accounts that are not in memory, and what memory they take. */
export async function manyRoles(): Promise<void> {
  await using postgres = await startDatabase()
  const witness = startWitness()
  const server = await startSubject(postgres.url(), '--memory-for-accounts', memory)
  witness.isReady()
  try {
    await importTemplate(server)
    copyTemplate(postgres)
    const idle = await witness.memory(server)
    const requests: Buffer[] = []
    for (let index = 0; index < accounts; index++)
      requests.push(await requestIn(server, String(template + index)))
    await timeCalls(server, requests, 1)
    await timeCalls(server, requests, clients)
    line(
      `memory, ${(accounts * roles).toLocaleString('en')} roles, ${memory} for accounts`,
      `${await witness.memory(server)}; before the calls: ${idle}`,
    )
  } finally {
    await server.end()
  }
}

/** Has the next server say what its memory holds. */
function startWitness() {
  const file = join(tmpdir(), `omen-bench-memory-${process.pid}.json`)
  const { NODE_OPTIONS: before } = process.env
  process.env.BENCH_MEMORY_FILE = file
  process.env.NODE_OPTIONS = `${before ?? ''} --import ${new URL('memory-witness.mjs', import.meta.url)}`
  return {
    /** The server has started: other programs get no witness. */
    isReady() {
      if (before === undefined) delete process.env.NODE_OPTIONS
      else process.env.NODE_OPTIONS = before
    },
    async memory(server: Subject): Promise<string> {
      const resident = server.residentMegabytes()
      rmSync(file, { force: true })
      process.kill(server.pid, 'SIGUSR2')
      for (;;) {
        await sleep(50)
        const found = readIfThere(file)
        if (found === undefined) continue
        const { before, after } = found
        const { heapUsed, external } = after
        return `${resident} MB resident (heap of ${megabytes(before.heapTotal)} MB with ${megabytes(before.heapUsed)} in it, ${megabytes(before.external)} outside of it), ${megabytes(heapUsed + external)} MB in use after a collection (${megabytes(external)} of them outside of the heap)`
      }
    },
  }
}

interface Witnessed {
  readonly before: NodeJS.MemoryUsage
  readonly after: NodeJS.MemoryUsage
}

function readIfThere(file: string): Witnessed | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined // it is not written yet, or not to its end
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20)
}

/** Each account in turn, by a number of clients. */
async function timeCalls(server: Subject, requests: readonly Buffer[], together: number): Promise<void> {
  const times: number[] = []
  const lane = async (first: number) => {
    for (let index = first; index < requests.length; index += together) {
      const began = performance.now()
      await ask(server.port, requests[index]!)
      times.push(performance.now() - began)
    }
  }
  const before = processorTime(server.pid)
  await Promise.all(Array.from({ length: together }, (_, first) => lane(first)))
  const spent = ((processorTime(server.pid) - before) * 1_000) / requests.length
  line(
    `GetRole in ${accounts} accounts, none in memory, ${together} at once`,
    `p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms (wanted: 30, one at once), ${spent.toFixed(1)} ms of the node's processor time`,
  )
}

/** Imports one account, which has a role that the first account may assume. */
async function importTemplate(server: Subject): Promise<void> {
  const folder = join(server.home, 'dump')
  mkdirSync(folder)
  const dump = JSON.parse(dumpOf(String(template), roles - 1, 0, 0)) // a dump of our own
  dump.RoleDetailList.push({
    ...dump.RoleDetailList[0],
    RoleName: 'bench',
    RoleId: 'AROAZZZZZZZZZZZZZZZZZ',
    Arn: `arn:aws:iam::${template}:role/bench`,
    AssumeRolePolicyDocument: JSON.parse(trustAccount),
    RolePolicyList: [
      {
        PolicyName: 'all',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
        },
      },
    ],
  })
  writeFileSync(join(folder, 'details.json'), JSON.stringify(dump))
  const [code] = await once(
    runScript('../../packages/server/bin/omen.mjs', 'import', folder, '--home', server.home),
    'exit',
  )
  if (code !== 0) throw new Error('omen import failed')
}

/**
 * Copies it in the database: a million roles would take an import some minutes. A database that has come to hold so many in the
 * course of time has vacuumed them; the first reader would otherwise write each page again.
 */
function copyTemplate(postgres: Postgres): void {
  const others = `generate_series(${template + 1}::bigint, ${template + accounts - 1}::bigint) AS n`
  postgres.sql(`
    INSERT INTO omen.items SELECT n, kind, id, replace(value, '${template}', n::text)
      FROM omen.items, ${others} WHERE account = ${template};
    INSERT INTO omen.accounts SELECT n, revision, gen_random_uuid(), born + 1 FROM omen.accounts, ${others} WHERE id = ${template}`)
  for (const table of ['items', 'accounts']) postgres.sql(`VACUUM (ANALYZE) omen.${table}`)
}

/** A GetRole request of a session in an account. */
async function requestIn(server: Subject, account: string): Promise<Buffer> {
  const answer = await ask(
    server.port,
    signedRequest(server.port, server.keys.admin, 'sts', {
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: `arn:aws:iam::${account}:role/bench`,
      RoleSessionName: 'bench',
    }),
  )
  const of = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer)?.[1] ?? ''
  const key = { accessKeyId: of('AccessKeyId'), secretAccessKey: of('SecretAccessKey') }
  const body = Buffer.from(
    new URLSearchParams({ Action: 'GetRole', Version: '2010-05-08', RoleName: 'role-77' }).toString(),
  )
  const { headers } = signed(
    {
      service: 'iam',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-amz-security-token': of('SessionToken'),
      },
      body,
    },
    server.port,
    key,
    0,
  )
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), body])
}
