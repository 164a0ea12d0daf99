import { ask, signedRequest } from './house.ts'
import { type LoadResult, load } from './load.ts'
import { line, median, processorTime, type Subject, startDatabase, startSubject } from './nodes-house.ts'
import { subjects, trustAccount } from './wire.ts'

const connections = 32
const writers = 16
/** Many short rounds, in turn: what else runs on the machine changes from second to second. */
const rounds = Number(process.env.BENCH_ROUNDS ?? 9)
const roundMilliseconds = 700
const variants = 200
/** A round that has a number of calls ends after so many milliseconds all the same. */
const longestRound = 30_000

interface Contestant {
  readonly name: string
  readonly server: Subject
}

interface Measured extends LoadResult {
  /** Microseconds of the server's processor time for a call. */
  readonly micros: number
}

/** GetCallerIdentity, AssumeRole and CreateRole of one node, against SQLite in the same run. */
export async function compareStores(): Promise<void> {
  await using postgres = await startDatabase()
  postgres.create('fresh')
  const contestants: Contestant[] = [
    { name: 'SQLite', server: await startSubject() },
    { name: 'PostgreSQL', server: await startSubject(postgres.url()) },
    { name: 'PostgreSQL --fresh 1s', server: await startSubject(postgres.url('fresh'), '--fresh', '1s') },
  ]
  try {
    for (const { server } of contestants) await createBenchRole(server)
    for (const subject of subjects) {
      const calls = contestants.map(({ server }) =>
        Array.from({ length: variants }, (_, i) =>
          signedRequest(server.port, server.keys.admin, subject.service, subject.parameters, i),
        ),
      )
      await inTurn(subject.name, contestants, (server, index) =>
        load(server.port, calls[index]!, connections, roundMilliseconds),
      )
    }
    await inTurn(`CreateRole, ${writers} clients`, contestants, createRoles)
  } finally {
    for (const { server } of contestants) await server.end()
  }
}

/** Calls of a round against another checkout: both do the same, however fast they are. */
const callsOfRound = 3_000

/** SQLite of this checkout against that of another one, which `BENCH_BEFORE` names. */
export async function againstBefore(): Promise<void> {
  const { BENCH_BEFORE: folder } = process.env
  if (folder === undefined) return
  const contestants: Contestant[] = [{ name: 'SQLite before', server: await startSubjectOf(folder) }]
  try {
    contestants.push({ name: 'SQLite', server: await startSubject() })
    for (const { server } of contestants) await createBenchRole(server)
    for (const subject of subjects) {
      const calls = contestants.map(({ server }) =>
        Array.from({ length: variants }, (_, i) =>
          signedRequest(server.port, server.keys.admin, subject.service, subject.parameters, i),
        ),
      )
      await inTurn(subject.name, contestants, (server, index) =>
        load(server.port, calls[index]!, connections, longestRound, callsOfRound),
      )
    }
    await inTurn(`CreateRole, ${writers} clients`, contestants, createSome)
  } finally {
    for (const { server } of contestants) await server.end()
  }
}

/** A server of another checkout. */
async function startSubjectOf(folder: string): Promise<Subject> {
  process.env.BENCH_PROGRAM = `${folder}/packages/server/bin/omen.mjs`
  try {
    return await startSubject()
  } finally {
    delete process.env.BENCH_PROGRAM
  }
}

/** Two nodes that change one account, against one node with the same number of clients. */
export async function twoNodes(): Promise<void> {
  await using postgres = await startDatabase()
  const servers = [await startSubject(postgres.url()), await startSubject(postgres.url())]
  try {
    const [first, second] = servers as [Subject, Subject] // there are two
    const one: Measured[] = []
    const two: { rate: number; p99: number; failures: number }[] = []
    for (let round = 0; round <= rounds; round++) {
      const alone = await createRoles(first, 0)
      // the second node reads what the first has just changed: what it costs is not what a turn costs
      await ask(second.port, roleRequest(second, `read-${round}`, round))
      const both = await Promise.all([
        createRoles(first, 0, writers / 2),
        createRoles(second, 0, writers / 2),
      ])
      if (round === 0) continue // it warms up
      one.push(alone)
      two.push({
        rate: both[0].rate + both[1].rate,
        p99: Math.max(both[0].p99, both[1].p99),
        failures: both[0].failures + both[1].failures,
      })
    }
    const ratio = median(two.map(({ rate }, index) => rate / one[index]!.rate))
    const failures = two.reduce((sum, each) => sum + each.failures, 0)
    line(
      `one account, 2 nodes × ${writers / 2} clients`,
      `${ratio.toFixed(2)} of one node with ${writers} (${rateOf(two)}/s of ${rateOf(one)}/s, p99 ${median(two.map(({ p99 }) => p99)).toFixed(1)} ms, one node's ${median(one.map(({ p99 }) => p99)).toFixed(1)} ms; ${failures} failures); wanted: 0.5, 50 ms, 0`,
    )
  } finally {
    for (const server of servers) await server.end()
  }
}

async function createBenchRole(server: Subject): Promise<void> {
  await ask(server.port, roleRequest(server, 'bench', 0))
}

let created = 0
let createRate = 4_000

/** Creates a fixed number of roles. */
function createSome(server: Subject): Promise<LoadResult> {
  return load(server.port, newRoles(server, callsOfRound), writers, longestRound, callsOfRound)
}

function newRoles(server: Subject, count: number): Buffer[] {
  return Array.from({ length: count }, () => {
    created++
    return roleRequest(server, `role-${created}`, created)
  })
}

/** Creates roles of names never used before, for one round. */
export async function createRoles(
  server: Subject,
  _index = 0,
  clients = writers,
): Promise<LoadResult & Measured> {
  const count = Math.ceil((createRate * 2 * roundMilliseconds) / 1_000)
  const requests = newRoles(server, count)
  const result = await timedLoad(server, () => load(server.port, requests, clients, roundMilliseconds))
  createRate = Math.max(createRate, result.rate)
  return result
}

function roleRequest(server: Subject, name: string, variant: number): Buffer {
  const parameters = {
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName: name,
    AssumeRolePolicyDocument: trustAccount,
  }
  return signedRequest(server.port, server.keys.admin, 'iam', parameters, variant)
}

async function timedLoad(server: Subject, drive: () => Promise<LoadResult>): Promise<Measured> {
  const before = processorTime(server.pid)
  const result = await drive()
  return { ...result, micros: ((processorTime(server.pid) - before) * 1e6) / result.answers }
}

/** Each contestant in turn, round after round; all are compared with the first one. */
async function inTurn(
  what: string,
  contestants: readonly Contestant[],
  drive: (server: Subject, index: number) => Promise<LoadResult>,
): Promise<void> {
  const results = contestants.map((): Measured[] => [])
  for (let round = 0; round <= rounds; round++) {
    const order = [...contestants.entries()]
    if (round % 2 === 1) order.reverse() // what runs first in a round has no advantage
    for (const [index, { server }] of order) {
      const result = await timedLoad(server, () => drive(server, index))
      if (round > 0) results[index]!.push(result) // the first round warms up
    }
  }
  const [base] = results
  for (const [index, { name }] of contestants.entries()) {
    const own = results[index]!
    const ratio = median(own.map(({ rate }, round) => rate / base![round]!.rate))
    const cost = median(own.map(({ micros }) => micros))
    const shares = own.map(({ micros }, round) => micros / base![round]!.micros)
    const failures = own.reduce((sum, each) => sum + each.failures, 0)
    line(
      `${what}, ${name}`,
      `${ratio.toFixed(2)} (${rateOf(own)}/s, p50 ${median(own.map(({ p50 }) => p50)).toFixed(1)} ms, p99 ${median(own.map(({ p99 }) => p99)).toFixed(1)} ms, ${cost.toFixed(0)} µs of processor time a call: ${withInterval(shares)}; ${failures} failures)`,
    )
  }
}

/** The mean of ratios, and where it is with a probability of 95 %. */
function withInterval(ratios: readonly number[]): string {
  const logs = ratios.map(Math.log)
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length
  const variance = logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, logs.length - 1)
  const error = 2.09 * Math.sqrt(variance / logs.length) // Student's t for some twenty rounds
  return `${Math.exp(mean).toFixed(3)} (${Math.exp(mean - error).toFixed(3)} to ${Math.exp(mean + error).toFixed(3)})`
}

function rateOf(results: readonly { readonly rate: number }[]): number {
  return Math.round(median(results.map(({ rate }) => rate)))
}
