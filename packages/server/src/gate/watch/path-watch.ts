import { setTimeout as sleep } from 'node:timers/promises'
import { type Call, callerArn, type Dependencies, regionOf } from '../../authorization/index.ts'
import { type Fault, fault, uuid } from '../../base/index.ts'
import { type Account, AccountNotLoaded } from '../../directory/index.ts'
import {
  endedEarly,
  type Graph,
  type Incomplete,
  lineOfPath,
  type PathsAnswer,
  pathView,
  shortArn,
  type World,
} from '../../graph/index.ts'
import { hasManyAccounts } from '../../services/omen/index.ts'
import { isSigned } from '../../session/index.ts'
import { isReadOnly, makeEvent } from '../../trail/index.ts'
import type { Compared } from './path-comparison.ts'
import { type Change, WatchedAccounts } from './watched-accounts.ts'

/** The name of the event that a new path is recorded as. */
export const pathOpened = 'PathToAdministratorOpened'

/** How paths to an administrator are watched. */
export interface PathWatchOptions {
  /** Whether a change is refused that opens such a path. Root of the account may make it all the same. */
  readonly refuse: boolean
  /** Called with one line for each path that has opened. */
  readonly tell?: (line: string) => void
  /** The most steps of one search, and the most users and roles that are watched together; for tests. */
  readonly limits?: { readonly steps?: number; readonly people?: number }
}

/** What is watched of an account. */
export interface WatchState {
  /** `alone`: without paths that lead through other accounts of its organization, which has too many. */
  readonly watched: 'yes' | 'alone' | 'no'
  /** The users and roles of the accounts that are watched together, and the most that are. */
  readonly principals: number
  readonly mostPrincipals: number
  /** Of so many it is not known whether they have a path: the search ended early. */
  readonly unknown: number
  /** Whether changes that open a path are refused where they are watched. */
  readonly refuses: boolean
}

/** APIs whose changes can open a path. */
const watched = new Set(['iam', 'organizations', 'lambda', 'ec2'])

/** More users and roles than this are not watched together: the first look takes about 15 s of processor time for 20,000. */
const peopleMost = 20_000

/**
 * Changes within this time, in milliseconds, are looked at together; after a look that took long, as long, but no longer than
 * the second number.
 */
const pause = 300
const pauseMost = 30_000

/** How long a house that closes waits for what is being looked at, in milliseconds. */
const lastLook = 1_000

/**
 * Records changes that open a path to an administrator, and refuses them if the options say so. The accounts of an
 * organization are watched together. All searches are done in pieces, so that other calls are answered between.
 */
export class PathWatch {
  readonly #house: Dependencies
  readonly #options: PathWatchOptions
  readonly #accounts = new Map<string, WatchedAccounts>()
  readonly #limited = new Set<string>()
  readonly #closing = new AbortController()

  constructor(house: Dependencies, options: PathWatchOptions) {
    this.#house = house
    this.#options = options
  }

  /**
   * Notes the accounts as they are before a call may change them. Undefined if nothing is to be noted; false if that fails:
   * the change is then made, and not looked at.
   * @throws AccountNotLoaded: the call then runs again
   */
  before(known: WatchedAccounts, call: Call): Promise<boolean> | undefined {
    if (this.#isNoted(known, call)) return undefined
    return known.inTurn(async () => {
      try {
        // a call that waited before this one may have noted them
        if (!this.#isNoted(known, call)) await known.begin(known.accounts(call.account))
        return true
      } catch (error) {
        if (error instanceof AccountNotLoaded) throw error
        this.#forget(known, call, error)
        return false
      }
    })
  }

  /** Whether a change of the accounts from now on will be looked at. */
  #isNoted(known: WatchedAccounts, call: Call): boolean {
    if (known.changes.length > 0 || known.isLooking || known.making > 0) return true
    // what changed the accounts otherwise (an import, a snapshot) is not recorded
    return known.revision === known.revisionOf(known.accounts(call.account))
  }

  /** The accounts are read again before their next change. */
  #forget(known: WatchedAccounts, call: Call, error: unknown): void {
    for (const [key, each] of this.#accounts) if (each === known) this.#accounts.delete(key)
    known.changes.length = 0
    if (this.#closing.signal.aborted) return
    this.#options.tell?.(`paths of account ${call.account.id} are not known: ${String(error)}`)
  }

  /** Runs a call whose change was noted before. It changes the memory some time before `after` says so. */
  async around<Made>(known: WatchedAccounts, make: () => Promise<Made>): Promise<Made> {
    known.making++
    try {
      return await make()
    } finally {
      known.making--
    }
  }

  /** Looks at the accounts after a change of them. */
  after(known: WatchedAccounts, call: Call): void {
    known.changes.push({
      eventName: call.operation.name,
      requestID: call.id,
      who: callerArn(call) ?? 'a service',
    })
    known.running ??= this.#soon(call, known)
  }

  /** Whether a change must be permitted before it is made. */
  get refuses(): boolean {
    return this.#options.refuse
  }

  /**
   * Makes a change that must be permitted, with no other one meanwhile. `attempt` makes it and undoes it, and returns the
   * world that it would make; undefined if there is nothing to look at. `make` makes it, or fails with the denial.
   */
  permitted<Made extends { readonly isKept: boolean }>(
    known: WatchedAccounts,
    call: Call,
    attempt: (worldNow: () => World) => Promise<World | undefined>,
    make: (denial: Fault | undefined) => Promise<Made>,
  ): Promise<Made> {
    return known.inTurn(async () => {
      const accounts = known.accounts(call.account)
      const isRoot = isSigned(call.caller) && call.caller.kind === 'root'
      await this.#catchUp(call, known, accounts)
      let compared: Compared | undefined
      let isStill = true
      do {
        const world = isRoot ? undefined : await attempt(() => known.worldOf(accounts))
        const revision = known.revisionOf(accounts)
        compared = world && (await known.compare(world))
        isStill = revision === known.revisionOf(accounts)
      } while (!isStill)
      const [first] = compared?.opened ?? []
      const incomplete = compared?.incomplete
      const denial = first ? denialOf(call, first) : incomplete && unknownDenialOf(call, incomplete)
      const made = await make(denial)
      if (compared !== undefined) known.adopt(compared, accounts)
      else if (made.isKept) this.after(known, call)
      return made
    })
  }

  /** Waits for what is being looked at, at most a second. What is found later is not recorded. */
  async close(): Promise<void> {
    const late = new AbortController()
    await Promise.race([this.settled(), sleep(lastLook, undefined, { signal: late.signal })])
    late.abort()
    this.#closing.abort()
  }

  /** Resolves when every change so far has been looked at. */
  async settled(): Promise<void> {
    for (const { running } of this.#accounts.values()) await running
  }

  /** Knows the paths of the accounts as they are now. */
  async #catchUp(call: Call, known: WatchedAccounts, accounts: readonly Account[]): Promise<void> {
    if (known.changes.length > 0) await this.#look(call, known, false)
    else if (known.revision !== known.revisionOf(accounts)) await known.begin(accounts)
    await known.settle()
  }

  /**
   * What is known of the accounts that a call may change; undefined if they are not watched.
   * @throws AccountNotLoaded: the call then runs again
   */
  watchedBy({ service, operation, account }: Call): WatchedAccounts | undefined {
    if (!watched.has(service.id) || isReadOnly(service.id, operation.name)) return undefined
    const isLarge = hasManyAccounts(account, this.#house)
    const key = isLarge ? account.id : (account.settings.managementAccount ?? account.id)
    if (isLarge)
      this.#limit(
        account.settings.managementAccount ?? '',
        'the organization has more than 50 accounts: the paths to an administrator of each are watched without those that lead through other accounts',
      )
    const known =
      this.#accounts.get(key) ??
      new WatchedAccounts(this.#house, this.#options.limits?.steps, this.#closing.signal)
    const accounts = known.accounts(account)
    const size = known.sizeOf(accounts)
    const most = this.#peopleMost
    if (size > most) {
      this.#limit(
        key,
        `${accounts.length === 1 ? `account ${account.id} has` : `the organization of ${key} has`} ${size} users and roles, more than ${most}: its paths to an administrator are not watched`,
      )
      this.#accounts.delete(key)
      return undefined
    }
    this.#accounts.set(key, known)
    return known
  }

  get #peopleMost(): number {
    return this.#options.limits?.people ?? peopleMost
  }

  /** What is watched of an account. @throws AccountNotLoaded if another one of its organization is not in memory */
  stateOf(account: Account): WatchState {
    const isLarge = hasManyAccounts(account, this.#house)
    const key = isLarge ? account.id : (account.settings.managementAccount ?? account.id)
    const known = this.#accounts.get(key)
    const fresh = known ?? new WatchedAccounts(this.#house)
    const principals = fresh.sizeOf(fresh.accounts(account))
    const mostPrincipals = this.#peopleMost
    return {
      watched: principals > mostPrincipals ? 'no' : isLarge ? 'alone' : 'yes',
      principals,
      mostPrincipals,
      unknown: known?.unknown ?? 0,
      refuses: this.refuses,
    }
  }

  /** Says once that something is not watched. */
  #limit(key: string, line: string): void {
    if (this.#limited.has(key)) return
    this.#limited.add(key)
    this.#options.tell?.(line)
  }

  async #soon(call: Call, known: WatchedAccounts): Promise<void> {
    await new Promise((done) => setTimeout(done, Math.min(pauseMost, Math.max(pause, known.lasted))).unref())
    const began = this.#house.clock.now()
    try {
      await known.inTurn(() => this.#look(call, known, true))
    } catch (error) {
      this.#forget(known, call, error)
    } finally {
      known.lasted = Math.max(0, this.#house.clock.now() - began)
      known.running =
        known.changes.length > 0 && !this.#closing.signal.aborted ? this.#soon(call, known) : undefined
    }
  }

  async #look(call: Call, known: WatchedAccounts, isPatient: boolean): Promise<void> {
    if (known.changes.length === 0) return
    const { opened, changes } = await known.look(isPatient)
    if (this.#closing.signal.aborted) return
    for (const answer of opened.opened) this.#tell(call, opened.graph, answer, changes)
    if (opened.incomplete !== undefined) this.#tellUnknown(opened.incomplete, changes)
  }

  #tellUnknown(incomplete: Incomplete, changes: readonly Change[]): void {
    const last = changes.at(-1)
    this.#options.tell?.(
      `it is not known whether a path to an administrator has opened: ${endedEarly(incomplete)}, and ${incomplete.principals} users and roles could not be searched to the end${last === undefined ? '' : `; after ${last.eventName} by ${last.who}`}`,
    )
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
}

/** The denial in the words of the API that is called. */
function denialOf(call: Call, { from }: PathsAnswer): Fault {
  const who = from.includes(`:${call.account.id}:`) ? shortArn(from) : from
  return deniedChange(call, `would open a path to an administrator for ${who}`)
}

/** The denial of a change of which it is not known whether it opens a path. */
function unknownDenialOf(call: Call, incomplete: Incomplete): Fault {
  return deniedChange(
    call,
    `may open a path to an administrator: ${endedEarly(incomplete)}, and ${incomplete.principals} users and roles could not be searched to the end`,
  )
}

function deniedChange({ service, operation }: Call, what: string): Fault {
  const codes: Readonly<Record<string, string>> = { iam: 'AccessDenied', ec2: 'UnauthorizedOperation' }
  return fault(
    codes[service.id] ?? 'AccessDeniedException',
    `${service.signingName}:${operation.name} ${what}. This server refuses such changes (--refuse-new-admin-paths), except from root of the account.`,
    403,
  )
}
