import { setTimeout as sleep } from 'node:timers/promises'
import { type Call, callerArn, type Dependencies, regionOf } from '../../authorization/index.ts'
import { type Fault, uuid } from '../../base/index.ts'
import { type Account, AccountNotLoaded } from '../../directory/index.ts'
import {
  type Found,
  GraphThread,
  hasManyAccounts,
  type Judgement,
  type OpenedPath,
  SearchFailed,
  type Tried,
} from '../../services/omen/index.ts'
import { isSigned } from '../../session/index.ts'
import { isReadOnly, makeEvent } from '../../trail/index.ts'
import { denialOf, failedDenialOf, type Incomplete, unknownDenialOf } from './denials.ts'
import { type Change, WatchedAccounts } from './watched-accounts.ts'

/** The name of the event that a new path is recorded as. */
export const pathOpened = 'PathToAdministratorOpened'

/** The terms on which paths to an administrator are watched. */
export interface PathWatchOptions {
  /** Whether a change is refused that opens such a path. Root of the account may make it all the same. */
  readonly refuse: boolean
  /** Called with one line for each path that has opened. */
  readonly tell?: (line: string) => void
  /**
   * The most steps of one search, the most users and roles that are watched together, and how long a server that closes waits
   * for what is being looked at, in milliseconds; for tests.
   */
  readonly limits?: { readonly steps?: number; readonly principals?: number; readonly lastLook?: number }
}

/** The watched state of an account. */
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
const principalsMost = 20_000

/** The time for which a server that closes waits for a search, in milliseconds. */
const lastLook = 3_000

/**
 * The most milliseconds that a thread works on the judgement of a change while other changes are judged and made, and alone, while
 * other changes wait. What is then not known is said not to be, so that the change is refused.
 */
const mostWork = { shared: 4_000, alone: 1_000 } as const

/** So often a judgement is made again because another change was made meanwhile; then it is made alone. */
const sharedTries = 3

/**
 * Records changes that open a path to an administrator, and refuses them if the options say so. The accounts of an
 * organization are watched together. A thread of its own searches, so that calls are answered meanwhile.
 */
export class PathWatch {
  readonly #deps: Dependencies
  readonly #options: PathWatchOptions
  readonly #thread = new GraphThread({ isWatching: true })
  readonly #accounts = new Map<string, WatchedAccounts>()
  readonly #limited = new Set<string>()
  readonly #closing = new AbortController()

  constructor(deps: Dependencies, options: PathWatchOptions) {
    this.#deps = deps
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
    return known.isCurrent(known.accounts(call.account))
  }

  /** The accounts are read again before their next change. */
  #forget(known: WatchedAccounts, call: Call, error: unknown): void {
    for (const [key, each] of this.#accounts) if (each === known) this.#accounts.delete(key)
    known.changes.length = 0
    known.forget()
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
   * Makes a change that must be permitted. `attempt` makes it and undoes it, and returns the accounts as they would be; undefined if
   * there is nothing to look at. `make` makes it, or fails with the denial. Other changes are judged and made while this one is judged; if
   * one was made, it is judged again.
   */
  async permitted<Made extends { readonly isKept: boolean }>(
    known: WatchedAccounts,
    call: Call,
    attempt: (triedNow: () => Tried) => Promise<Tried | undefined>,
    make: (denial: Fault | undefined) => Promise<Made>,
  ): Promise<Made> {
    for (let tries = 1; tries <= sharedTries; tries++) {
      await known.inTurn(() => this.#catchUp(call, known))
      const judged = await this.#judged(known, call, attempt, mostWork.shared)
      const made = await known.inTurn(async () =>
        (await judged.isStill()) ? this.#finish(known, call, judged, make) : undefined,
      )
      if (made !== undefined) return made
      judged.end(false)
    }
    return known.inTurn(async () => {
      for (;;) {
        await this.#catchUp(call, known)
        const judged = await this.#judged(known, call, attempt, mostWork.alone)
        // other nodes and imports may change the accounts at any time
        if (await judged.isStill()) return this.#finish(known, call, judged, make)
        judged.end(false)
      }
    })
  }

  async #judged(
    known: WatchedAccounts,
    call: Call,
    attempt: (triedNow: () => Tried) => Promise<Tried | undefined>,
    limit: number,
  ): Promise<Judged> {
    if (isSigned(call.caller) && call.caller.kind === 'root') return unjudged
    try {
      const judged = await known.judge(call.account, attempt, limit)
      if (judged !== undefined) return judged
    } catch (error) {
      // what the attempt throws is the call's own: it may have to run again
      if (!(error instanceof SearchFailed)) throw error
      this.#forget(known, call, error)
      return { ...unjudged, found: 'failed' }
    }
    // what fails now may succeed once another change is made
    return { ...unjudged, isStill: () => failsStill(attempt) }
  }

  async #finish<Made extends { readonly isKept: boolean }>(
    known: WatchedAccounts,
    call: Call,
    judged: Judged,
    make: (denial: Fault | undefined) => Promise<Made>,
  ): Promise<Made> {
    if (judged.found === 'failed') return make(failedDenialOf(call))
    if (judged.found === undefined) {
      const made = await make(undefined)
      if (made.isKept) this.after(known, call)
      return made
    }
    const { opened, incomplete, unknown } = judged.found
    const [first] = opened
    let isMade = false
    try {
      const made = await make(
        first !== undefined ? denialOf(call, first) : incomplete && unknownDenialOf(call, incomplete),
      )
      isMade = made.isKept
      return made
    } finally {
      if (judged.end(isMade)) known.unknown = unknown
    }
  }

  /** Waits for what is being looked at, a short time. What is found later is not recorded. */
  async close(): Promise<void> {
    const late = new AbortController()
    await Promise.race([
      this.settled(),
      sleep(this.#options.limits?.lastLook ?? lastLook, undefined, { signal: late.signal }),
    ])
    late.abort()
    this.#closing.abort()
    this.#thread.close()
  }

  /** Looks at every change so far without a pause, and resolves when that is done. */
  async settled(): Promise<void> {
    for (const { pace, running } of this.#accounts.values()) {
      pace.hurry()
      await running
    }
  }

  /** Knows the accounts as they are now; paths that changes before have opened are reported. */
  async #catchUp(call: Call, known: WatchedAccounts): Promise<void> {
    const accounts = known.accounts(call.account)
    if (known.changes.length > 0) await this.#look(call, known)
    else if (!known.isCurrent(accounts)) await known.begin(accounts)
  }

  /**
   * The watched state of the accounts that a call may change; undefined if they are not watched.
   * @throws AccountNotLoaded: the call then runs again
   */
  watchedBy({ service, operation, account }: Call): WatchedAccounts | undefined {
    if (!watched.has(service.id) || isReadOnly(service.id, operation.name)) return undefined
    const isLarge = hasManyAccounts(account, this.#deps)
    const key = isLarge ? account.id : (account.settings.managementAccount ?? account.id)
    if (isLarge)
      this.#limit(
        account.settings.managementAccount ?? '',
        'the organization has more than 50 accounts: the paths to an administrator of each are watched without those that lead through other accounts',
      )
    const known =
      this.#accounts.get(key) ?? new WatchedAccounts(this.#deps, this.#thread, this.#options.limits?.steps)
    const accounts = known.accounts(account)
    const size = known.sizeOf(accounts)
    const most = this.#principalsMost
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

  get #principalsMost(): number {
    return this.#options.limits?.principals ?? principalsMost
  }

  /** The watched state of an account. @throws AccountNotLoaded if another one of its organization is not in memory */
  stateOf(account: Account): WatchState {
    const isLarge = hasManyAccounts(account, this.#deps)
    const key = isLarge ? account.id : (account.settings.managementAccount ?? account.id)
    const known = this.#accounts.get(key)
    const fresh = known ?? new WatchedAccounts(this.#deps, this.#thread)
    const principals = fresh.sizeOf(fresh.accounts(account))
    const mostPrincipals = this.#principalsMost
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
    await known.pace.pause()
    try {
      await known.inTurn(() => this.#look(call, known))
    } catch (error) {
      this.#forget(known, call, error)
    } finally {
      known.running =
        known.changes.length > 0 && !this.#closing.signal.aborted ? this.#soon(call, known) : undefined
    }
  }

  async #look(call: Call, known: WatchedAccounts): Promise<void> {
    if (known.changes.length === 0) return
    const { found, changes } = await known.look()
    if (this.#closing.signal.aborted) return
    for (const path of found.opened) this.#tell(call, path, changes)
    if (found.incomplete !== undefined) this.#tellUnknown(found.incomplete, changes)
  }

  #tellUnknown({ why, principals }: Incomplete, changes: readonly Change[]): void {
    const last = changes.at(-1)
    this.#options.tell?.(
      `it is not known whether a path to an administrator has opened: ${why}, and ${principals} users and roles could not be searched to the end${last === undefined ? '' : `; after ${last.eventName} by ${last.who}`}`,
    )
  }

  #tell(call: Call, { from, verdict, steps, line }: OpenedPath, changes: readonly Change[]): void {
    const deps = this.#deps
    deps.recorder.add([
      makeEvent({
        account: call.account.id,
        id: uuid(deps.random),
        time: deps.clock.now(),
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
        serviceEventDetails: { principal: from, verdict, steps, changes },
      }),
    ])
    const last = changes.at(-1)
    this.#options.tell?.(
      `a path to an administrator has opened: ${line}${last === undefined ? '' : `; after ${last.eventName} by ${last.who}`}`,
    )
  }
}

/** A judgement of a change before it is made: `found` is undefined if it need not be judged, `failed` if it could not be. */
type Judged = Pick<Judgement, 'end'> & {
  readonly found: Found | 'failed' | undefined
  readonly isStill: () => boolean | Promise<boolean>
}

/** Whether a change cannot be made, or changes nothing. */
async function failsStill(attempt: (seen: () => Tried) => Promise<Tried | undefined>): Promise<boolean> {
  return (await attempt(() => [])) === undefined
}

const unjudged: Judged = { found: undefined, isStill: () => true, end: () => false }
