import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type HttpRequest, parseAccountId, systemRandom } from '../../packages/server/src/base/index.ts'
import { Omen } from '../../packages/server/src/gate/index.ts'
import { servedApis } from '../../packages/server/src/services/index.ts'
import { openSqliteStore } from '../../packages/server/src/store/index.ts'
import { newHome, signedCall } from './house.ts'
import { type Subject, subjects, trustAccount } from './wire.ts'

const roles = 5_000
const users = 5_000
const together = 32
const signedVariants = 200
const warmUpMilliseconds = 500
const roundMilliseconds = 700
const rounds = 3
/** Nobody listens on it: the requests never leave the process. */
const port = 1

/** What a call takes of the main thread, without HTTP: a server on disk, asked in process, thirty-two calls at a time. */
export async function bench(): Promise<void> {
  const { home, remove } = newHome()
  const omen = await Omen.open({
    store: await openSqliteStore({ file: join(home, 'omen.db') }),
    apis: servedApis,
    masterKey: systemRandom.bytes(32),
    account: parseAccountId('123456789012')!,
    mode: 'enforce',
    version: 'bench',
    complain: (error) => process.stderr.write(`${error}\n`),
    quotas: { RolesPerAccount: roles + 100, UsersPerAccount: users + 100 },
  })
  try {
    const trust = { AssumeRolePolicyDocument: trustAccount }
    await askAll(omen, [iam('CreateRole', { RoleName: 'bench', ...trust })])
    await askAll(
      omen,
      numbered(roles, (i) => iam('CreateRole', { RoleName: `role-${i}`, ...trust })),
    )
    await askAll(
      omen,
      numbered(users, (i) => iam('CreateUser', { UserName: `user-${i}` })),
    )
    const lists = ['ListRoles', 'ListUsers', 'ListPolicies', 'GetAccountAuthorizationDetails']
    for (const subject of [...subjects, ...lists.map((name) => iam(name, {}))]) await measure(subject, omen)
  } finally {
    await omen.close()
    remove()
  }
}

async function measure(subject: Subject, omen: Omen): Promise<void> {
  const requests = numbered(signedVariants, (i) => requestOf(subject, omen, i))
  await round(omen, requests, warmUpMilliseconds)
  const times: number[] = []
  for (let i = 0; i < rounds; i++) times.push(await round(omen, requests, roundMilliseconds))
  const median = times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
  process.stdout.write(`${subject.name.padEnd(32)} ${median.toFixed(1)} µs\n`)
}

/** Microseconds of the main thread for one call. */
async function round(omen: Omen, requests: readonly HttpRequest[], milliseconds: number): Promise<number> {
  const until = performance.now() + milliseconds
  const before = process.threadCpuUsage()
  let calls = 0
  while (performance.now() < until) {
    await Promise.all(numbered(together, () => ask(omen, requests[calls++ % requests.length]!)))
    await nextTurn() // what the store has to tell is told between turns
  }
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / calls
}

async function askAll(omen: Omen, asked: readonly Subject[]): Promise<void> {
  for (let from = 0; from < asked.length; from += together) {
    const some = asked.slice(from, from + together)
    await Promise.all(some.map((subject, i) => ask(omen, requestOf(subject, omen, from + i))))
  }
}

async function ask(omen: Omen, request: HttpRequest): Promise<void> {
  const { status, body } = await omen.answer(request)
  Buffer.byteLength(body) // the gate asks too; a text that is still in pieces is put together for it
  if (status !== 200) throw new Error(String(body))
}

function requestOf({ service, parameters }: Subject, omen: Omen, variant: number): HttpRequest {
  const { headers, body } = signedCall(port, omen.firstKeys.admin, service, parameters, variant)
  const origin = { remoteAddress: '127.0.0.1', secure: false }
  return { method: 'POST', rawPath: '/', rawQuery: '', headers, body, ...origin }
}

function iam(name: string, parameters: Readonly<Record<string, string>>): Subject {
  return { name, service: 'iam', parameters: { Action: name, Version: '2010-05-08', ...parameters } }
}

function numbered<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i))
}
