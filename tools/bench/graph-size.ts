import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Policy, parsePolicy } from '@omen-iam/policy'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  readInventory,
  readWorld,
  StepBudget,
  type World,
} from '../../packages/server/src/graph/index.ts'
import { Collections, measured, type Piece } from './collections.ts'
import { accountOf } from './graph-account.ts'
import { line } from './policy-rate.ts'

const size = 10_000
const questions = 100
const changes = 40
const accounts = 50
/** Policies of the account that let their holder change or become others. */
const strongPolicy = /\/(?:\w+-desk|assume-all|pass-all)$/
/** Users of the accounts, and as many roles, in which everyone who can become one role is looked for. */
const listSizes = [1_250, 2_500, 5_000, 10_000]

/** A large account: reading it, the first graph, questions, and questions after a change; and many small accounts. */
export async function benchAccounts(): Promise<void> {
  const { details, inventory } = accountOf({ account: '111122223333', users: size, roles: size })
  const known = readInventory(inventory)
  const parse = timed(() => JSON.parse(details)).seconds
  const read = timed(() => worldOf(details, known))
  const world = read.value
  line(
    `reading ${size} users and ${size} roles`,
    seconds(read.seconds),
    `${(read.seconds / parse).toFixed(1)} of JSON.parse`,
  )
  const built = timed(() => {
    const graph = graphOf(world, techniqueTable())
    graph.prepare()
    return graph
  })
  line('the graph of it, built', seconds(built.seconds), 'wanted: 1 s')
  const graph = built.value
  const people = [...world.users.values(), ...world.roles.values()]
  const personAt = (place: number) => people[(place * 7_919) % people.length]
  const times = Array.from({ length: questions }, (_, place) => {
    const person = personAt(place)
    return person === undefined ? 0 : timed(() => graph.paths(person)).seconds
  })
  line('a question', milliseconds(times), 'half of them, 95 of 100, the longest; wanted: 50 ms')
  const strong = people.filter(({ attached }) => attached.some((arn) => strongPolicy.test(arn)))
  const strongTimes = Array.from({ length: questions }, (_, place) => {
    const person = strong[(place * 7_919) % strong.length]
    return person === undefined ? 0 : timed(() => graph.paths(person)).seconds
  })
  line(`a question of ${strong.length} with a strong policy`, milliseconds(strongTimes), 'the same')
  const after = timesAfterChange(graph, world)
  line('a question after a policy has changed', milliseconds(after), 'wanted: 20 ms for 95 of 100')
  const collections = new Collections()
  const swept = sweepOf(graph)
  const without = await collections.without(swept.all)
  line(
    `everyone of ${people.length} who can become an administrator: ${swept.found}`,
    seconds(swept.seconds),
    `${swept.pieces} pieces`,
  )
  line('a piece of it', milliseconds(swept.times), `wanted: 10 ms; ${longer(swept.times)} above`)
  line(
    'the same without garbage collection',
    milliseconds(without.map((each) => each / 1e3)),
    `${longer(without.map((each) => each / 1e3))} above; ${(collections.total / 1e3).toFixed(2)} s of garbage collection`,
  )
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  line('memory, collected', `${Math.round(process.memoryUsage().heapUsed / 1e6)} MB`, 'wanted: 300 MB')
  for (const [place, of] of listSizes.entries()) {
    const list = listOf(of)
    const before = listOf(listSizes[place - 1] ?? of)
    line(
      `everyone of ${2 * of} who can become one role: ${list.found}`,
      seconds(list.seconds),
      `${list.steps} steps, ${(list.steps / before.steps).toFixed(1)} times those of half the size; wanted: 500000 steps at most`,
    )
  }
  const all = Array.from({ length: accounts }, (_, place) =>
    accountOf({ account: String(222_233_330_000 + place), users: 500, roles: 500 }, place + 1),
  )
  const many = timed(() => {
    for (const each of all) {
      const small = graphOf(worldOf(each.details, readInventory(each.inventory)), techniqueTable())
      small.prepare()
    }
  })
  line(`${accounts} accounts of 1,000 principals, read and built`, seconds(many.seconds), 'wanted: 5 s')
}

/** Everyone who can become a role in the middle of an account, by the steps that it takes. */
function listOf(size: number) {
  const known = lists.get(size)
  if (known !== undefined) return known
  const { details, inventory } = accountOf({ account: '111122223333', users: size, roles: size })
  const graph = graphOf(worldOf(details, readInventory(inventory)), techniqueTable())
  graph.prepare()
  const roles = [...graph.world.roles.values()]
  const budget = new StepBudget()
  const list = timed(() => graph.comers(roles[Math.floor(roles.length / 2)], { budget }))
  const found = { found: list.value.length, seconds: list.seconds, steps: budget.taken }
  lists.set(size, found)
  return found
}

const lists = new Map<number, { readonly found: number; readonly seconds: number; readonly steps: number }>()

/** Asks every principal for a path to an administrator, one after the other: each as long as its thread was kept. */
function sweepOf(graph: Graph) {
  const pieces = graph.comersOneByOne(undefined)
  const all: Piece[] = []
  const began = process.cpuUsage()
  for (;;) {
    const { value: next, piece } = measured(() => pieces.next())
    all.push(piece)
    if (next.done === true) {
      const { user, system } = process.cpuUsage(began)
      const times = all.map(({ took }) => took / 1e3)
      return { found: next.value.length, pieces: all.length, all, times, seconds: (user + system) / 1e6 }
    }
  }
}

/** How many pieces take longer than is wanted. */
function longer(seconds: readonly number[]): number {
  return seconds.filter((each) => each > 0.01).length
}

function worldOf(details: string, inventory: ReturnType<typeof readInventory>): World {
  return readWorld({ details, inventory, awsPolicy: (arn) => managedPolicies().find(arn)?.document })
}

function timesAfterChange(first: Graph, before: World): readonly number[] {
  const arn = 'arn:aws:iam::111122223333:policy/team-3-deploy'
  const people = [...before.users.values()]
  let graph = first
  let world = before
  return Array.from({ length: changes }, (_, place) => {
    world = withPolicy(world, arn, policyOf(place))
    return timed(() => {
      graph = graph.changed(world)
      const person = people[(place * 31) % people.length]
      if (person !== undefined) graph.paths(person)
    }).seconds
  })
}

function policyOf(place: number): Policy {
  const Resource = `arn:aws:iam::111122223333:role/team-${place}-*`
  const Statement = [{ Effect: 'Allow', Action: ['iam:PassRole', 'lambda:*'], Resource }]
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity')
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.policy
}

function withPolicy(world: World, arn: string, policy: Policy): World {
  const managed = world.policies.get(arn)
  const document = managed?.versions.get(managed.defaultVersion)
  if (managed === undefined || document === undefined) throw new Error(`no policy ${arn}`)
  const versions = new Map([[managed.defaultVersion, { ...document, policy }]])
  return { ...world, policies: new Map([...world.policies, [arn, { ...managed, versions }]]) }
}

/** What work gives, and the processor time that it took. */
function timed<Value>(work: () => Value): { readonly value: Value; readonly seconds: number } {
  const began = process.cpuUsage()
  const value = work()
  const { user, system } = process.cpuUsage(began)
  return { value, seconds: (user + system) / 1e6 }
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`
}

function milliseconds(values: readonly number[]): string {
  const sorted = [...values].sort((one, other) => one - other)
  const at = (share: number): string =>
    `${((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 1e3).toFixed(0)}`
  return `${at(0.5)}, ${at(0.95)}, ${at(1)} ms`
}
