import { setImmediate } from 'node:timers/promises'
import { techniqueTable } from '../authorization/catalogue/index.ts'
import {
  bindingManagement,
  type Call,
  callerArn,
  type Dependencies,
  regionOf,
} from '../authorization/index.ts'
import { type AccountId, type Fault, fault, uuid } from '../base/index.ts'
import { type Account, roles, users } from '../directory/index.ts'
import {
  type Graph,
  graphOf,
  keepingEqual,
  lineOfPath,
  type PathsAnswer,
  type Person,
  pathView,
  shortArn,
} from '../graph/index.ts'
import { partsOf, type WorldParts, worldOf } from '../services/omen/index.ts'
import { isSigned } from '../session/index.ts'
import { isReadOnly, makeEvent } from '../trail/index.ts'

/** The name of the event that a new path is recorded as. */
export const pathOpened = 'PathToAdministratorOpened'

/** How paths to an administrator are watched. */
export interface PathWatchOptions {
  /** Whether a change is refused that opens such a path. Root of the account may make it all the same. */
  readonly refuse: boolean
  /** Called with one line for each path that has opened. */
  readonly tell?: (line: string) => void
}

/** APIs whose changes can open a path. */
const watched = new Set(['iam', 'organizations', 'lambda', 'ec2'])

/** Larger accounts are not watched: the answer would take too long. */
const peopleMost = 500

/** Changes within this time, in milliseconds, are looked at together; after a look that took long, four times as long. */
const pause = 300
const restFactor = 4

/** The most pieces of a search that are done before other calls have their turn: a piece is one use of a technique. */
const piecesMost = 16

type Standing = 'proven' | 'conditional'

interface Change {
  readonly eventName: string
  readonly requestID: string
  readonly who: string
}

/** A graph, and the inventory and the organization that it was made with, as a text. */
interface LastGraph {
  readonly graph: Graph
  readonly facts: string
}

/** What is known of one account. */
interface Watched {
  /** The revision that `parts` or `standings` are of. */
  revision: string
  /** The account before the first change, until its paths are known. */
  parts: WorldParts | undefined
  readonly standings: Map<string, Standing>
  readonly changes: Change[]
  /** The graph of the last look. */
  last: LastGraph | undefined
  running: Promise<void> | undefined
  /** How long the last look took, in milliseconds. */
  lasted: number
  /** Counts looks: a look that a newer one has overtaken ends. */
  looks: number
}

/**
 * Records changes that open a path to an administrator, and refuses them if the options say so. It looks at an account after
 * a change, one principal at a time, so that other calls are answered between.
 */
export class PathWatch {
  readonly #house: Dependencies
  readonly #options: PathWatchOptions
  readonly #accounts = new Map<AccountId, Watched>()
  readonly #tooLarge = new Set<AccountId>()

  constructor(house: Dependencies, options: PathWatchOptions) {
    this.#house = house
    this.#options = options
  }

  /** Notes the account as it is before a call may change it. @throws AccountNotLoaded: the call then runs again */
  before(call: Call): void {
    if (!this.#isWatched(call)) return
    const { account } = call
    if (this.#isTooLarge(account)) return
    const revision = this.#revisionOf(account)
    const known = this.#accounts.get(account.id)
    if (known !== undefined && known.changes.length > 0) {
      // the next change is compared with the account as it is now
      if (this.#options.refuse) for (const _ of this.#look(call, known));
      return
    }
    // what changed the account otherwise (an import, a snapshot) is not recorded
    if (known?.revision === revision) return
    this.#accounts.set(account.id, {
      revision,
      parts: partsOf(account, this.#house),
      standings: new Map(),
      changes: [],
      last: known?.last,
      running: undefined,
      lasted: 0,
      looks: 0,
    })
  }

  /**
   * Refuses a change that has been made and not committed. @throws Fault if it opens a path to an administrator, and root
   * did not make it
   */
  refuse(call: Call): void {
    if (!this.#options.refuse || !this.#isWatched(call) || !this.#house.directory.hasChanges) return
    const { caller, account } = call
    const known = this.#accounts.get(account.id)
    if (known === undefined || (isSigned(caller) && caller.kind === 'root')) return
    for (const _ of settle(known));
    const { graph } = graphAfter(known, partsOf(account, this.#house))
    for (const person of peopleOf(graph)) {
      const answer = graph.paths(person, undefined, { most: 1 })
      if (!isNew(answer, known.standings.get(person.arn))) continue
      const { service, operation } = call
      throw denial(
        service.id,
        `${service.signingName}:${operation.name} would open a path to an administrator for ${shortArn(person.arn)}. This server refuses such changes (--refuse-new-admin-paths), except from root of the account.`,
      )
    }
  }

  /** Looks at an account after a change of it. */
  after(call: Call): void {
    const known = this.#accounts.get(call.account.id)
    if (known === undefined || !this.#isWatched(call)) return
    known.changes.push({
      eventName: call.operation.name,
      requestID: call.id,
      who: callerArn(call) ?? 'a service',
    })
    known.running ??= this.#soon(call, known)
  }

  /** Resolves when every change so far has been looked at. */
  async settled(): Promise<void> {
    for (const { running } of this.#accounts.values()) await running
  }

  #isWatched({ service, operation }: Call): boolean {
    return watched.has(service.id) && !isReadOnly(service.id, operation.name)
  }

  #isTooLarge(account: Account): boolean {
    if (account.table(users).size + account.table(roles).size <= peopleMost) return false
    if (!this.#tooLarge.has(account.id)) {
      this.#tooLarge.add(account.id)
      this.#options.tell?.(
        `account ${account.id} has more than ${peopleMost} users and roles: its paths to an administrator are not watched`,
      )
    }
    this.#accounts.delete(account.id)
    return true
  }

  async #soon(call: Call, known: Watched): Promise<void> {
    await new Promise((done) => setTimeout(done, Math.max(pause, known.lasted * restFactor)).unref())
    const began = this.#house.clock.now()
    try {
      // what may be refused is known at every moment; else other calls are answered between
      let pieces = 0
      for (const _ of this.#look(call, known))
        if (!this.#options.refuse && ++pieces % piecesMost === 0) await setImmediate()
    } catch (error) {
      // the account is read again before its next change
      this.#accounts.delete(call.account.id)
      this.#options.tell?.(`paths of account ${call.account.id} are not known: ${String(error)}`)
    } finally {
      known.lasted = Math.max(0, this.#house.clock.now() - began)
      known.running = undefined
      if (known.changes.length > 0 && this.#accounts.has(call.account.id))
        known.running = this.#soon(call, known)
    }
  }

  /** Compares the paths of every principal with what is known; may pause after each. */
  *#look(call: Call, known: Watched): Generator<void> {
    const account = this.#house.directory.loaded(call.account.id)
    if (account === undefined) return
    yield* settle(known)
    const look = ++known.looks
    const changes = known.changes.splice(0)
    known.revision = this.#revisionOf(account)
    known.last = graphAfter(known, partsOf(account, this.#house))
    const { graph } = known.last
    for (const person of peopleOf(graph)) {
      if (look !== known.looks) return
      const answer = yield* graph.pathsInPieces(person, undefined, { most: 1 })
      if (look !== known.looks) return
      const before = known.standings.get(person.arn)
      note(known, person, answer)
      if (isNew(answer, before)) this.#tell(call, graph, answer, changes)
      yield
    }
    for (const arn of known.standings.keys())
      if (personIn(graph, arn) === undefined) known.standings.delete(arn)
  }

  #tell(call: Call, graph: Graph, answer: PathsAnswer, changes: readonly Change[]): void {
    const { from, verdict, paths } = answer
    const [best] = paths
    const house = this.#house
    house.recorder.add([
      makeEvent({
        account: call.account.id,
        id: uuid(house.random),
        time: house.clock.now(),
        identity: { accountId: call.account.id, invokedBy: 'omen' },
        username: undefined,
        source: 'omen',
        name: pathOpened,
        region: regionOf(call),
        sourceIp: 'omen',
        userAgent: 'omen',
        requestParameters: null,
        responseElements: null,
        requestId: undefined,
        readOnly: false,
        named: [{ type: from.includes(':user/') ? 'AWS::IAM::User' : 'AWS::IAM::Role', name: from }],
        type: 'AwsServiceEvent',
        serviceEventDetails: { principal: from, verdict, steps: best?.steps.length ?? 0, changes },
      }),
    ])
    const last = changes.at(-1)
    const line = lineOfPath(answer, best && pathView(graph.world, best), { places: false })
    this.#options.tell?.(
      `a path to an administrator has opened: ${line}${last === undefined ? '' : `; after ${last.eventName} by ${last.who}`}`,
    )
  }

  #revisionOf(account: Account): string {
    const management = bindingManagement(account, this.#house.directory)
    return `${account.policyRevision}.${management?.policyRevision ?? ''}`
  }
}

/** Asks for the paths of the account before its first change. */
function* settle(known: Watched): Generator<void> {
  if (known.parts === undefined) return
  known.last = graphAfter(known, known.parts)
  known.parts = undefined
  const { graph } = known.last
  for (const person of peopleOf(graph)) {
    note(known, person, yield* graph.pathsInPieces(person, undefined, { most: 1 }))
    yield
  }
}

/** The graph of an account, which goes on from the last one: only what has changed is searched anew. */
function graphAfter({ last }: Watched, parts: WorldParts): LastGraph {
  const world = worldOf(parts)
  const facts = JSON.stringify([parts.inventory, parts.organization])
  if (last?.facts !== facts) return { graph: graphOf(world, techniqueTable()), facts }
  const { inventory, organization } = last.graph.world
  return {
    graph: last.graph.changed({ ...keepingEqual(last.graph.world, world), inventory, organization }),
    facts,
  }
}

function note({ standings }: Watched, { arn }: Person, { verdict }: PathsAnswer): void {
  if (verdict === 'proven' || verdict === 'conditional') standings.set(arn, verdict)
  else standings.delete(arn)
}

function personIn({ world }: Graph, arn: string): Person | undefined {
  return world.users.get(arn) ?? world.roles.get(arn)
}

function peopleOf({ world }: Graph): readonly Person[] {
  return [...world.users.values(), ...world.roles.values()]
}

function isNew({ verdict }: PathsAnswer, before: Standing | undefined): boolean {
  return verdict === 'proven' ? before !== 'proven' : verdict === 'conditional' && before === undefined
}

/** The denial in the words of the API that is called. */
function denial(service: string, message: string): Fault {
  const codes: Readonly<Record<string, string>> = { iam: 'AccessDenied', ec2: 'UnauthorizedOperation' }
  return fault(codes[service] ?? 'AccessDeniedException', message, 403)
}
