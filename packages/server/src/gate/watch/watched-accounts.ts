import { setImmediate } from 'node:timers/promises'
import type { Dependencies } from '../../authorization/index.ts'
import { type AccountId, monotonic } from '../../base/index.ts'
import { type Account, roles, users } from '../../directory/index.ts'
import {
  accountsInView,
  type Found,
  type GraphThread,
  hasManyAccounts,
  type Judgement,
  type Tried,
} from '../../services/omen/index.ts'
import { Pace } from './pace.ts'

/** A change that was made, for the event. */
export interface Change {
  readonly eventName: string
  readonly requestID: string
  readonly who: string
}

/** After so long, in milliseconds, other calls have their turn. */
const turn = 1

let lastGroup = 0

/** The accounts of an organization whose paths are watched together, or one account. */
export class WatchedAccounts {
  readonly #deps: Dependencies
  readonly #thread: GraphThread
  readonly #steps: number | undefined
  readonly #group = ++lastGroup
  /** Changes that were made since. */
  readonly changes: Change[] = []
  /** Calls on their way that may make one: the state before them is noted. */
  making = 0
  /** The look that runs or is about to. */
  running: Promise<void> | undefined
  readonly pace = new Pace()
  /** The number of users and roles that may come to an administrator without that being known, as far as was looked. */
  unknown = 0
  /** Whether a look goes on. What other nodes change meanwhile is looked at with the next changes of this one. */
  isLooking = false
  #isBegun = false
  #ids: readonly AccountId[] = []
  #accounts: readonly Account[] = []
  #turn: Promise<unknown> = Promise.resolve()

  /** A comparison takes so many steps at most; the usual number if that is undefined. */
  constructor(deps: Dependencies, thread: GraphThread, steps?: number) {
    this.#deps = deps
    this.#thread = thread
    this.#steps = steps
  }

  /** The accounts now. @throws AccountNotLoaded if one is not in memory: the call then runs again */
  accounts(account: Account): readonly Account[] {
    const others = hasManyAccounts(account, this.#deps) ? [] : accountsInView(account, this.#deps)
    const all = [account, ...others].sort((one, other) => (one.id < other.id ? -1 : 1))
    this.#ids = all.map(({ id }) => id)
    return all
  }

  /** The number of users and roles of the accounts. */
  sizeOf(accounts: readonly Account[]): number {
    return accounts.reduce((sum, each) => sum + each.table(users).size + each.table(roles).size, 0)
  }

  /** Work that no other work on these accounts interrupts. */
  inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }

  /** Whether the thread knows the accounts as they are now. @throws AccountNotLoaded */
  isCurrent(accounts: readonly Account[]): boolean {
    return this.#isBegun && this.#thread.isCurrent(accounts)
  }

  /** Takes the accounts as they are now for the state that changes are compared with. */
  async begin(accounts: readonly Account[]): Promise<void> {
    await this.#bring(accounts)
    // what has changed meanwhile is sent at once
    this.#thread.base(this.#group, accounts, this.#deps)
    this.#isBegun = true
  }

  /** Returns the paths that opened since the last look, and takes the changes out of the list. */
  async look(): Promise<{ readonly found: Found; readonly changes: readonly Change[] }> {
    this.isLooking = true
    try {
      const accounts = await this.#loaded()
      await this.#bring(accounts)
      const changes = this.changes.splice(0)
      const found = await this.#thread.look(this.#group, accounts, this.#deps, this.#steps)
      this.unknown = found.unknown
      this.pace.ended(found.worked)
      return { found, changes }
    } finally {
      this.isLooking = false
    }
  }

  /**
   * The paths that open with a change of the accounts that `attempt` makes and undoes; undefined if there is nothing to look at. `attempt` is given
   * a function that it must call while the change is made.
   */
  async judge(
    account: Account,
    attempt: (triedNow: () => Tried) => Promise<Tried | undefined>,
    limit: number,
  ): Promise<Judgement | undefined> {
    // an account that the change makes is looked at afterwards
    const accounts = this.accounts(account)
    const tried = await attempt(() => this.#thread.tried(accounts, this.#deps))
    if (tried === undefined) return undefined
    const judged = await this.#thread.judge(this.#group, tried, { steps: this.#steps, limit })
    const isStill = () => {
      try {
        return judged.isStill() && isSame(accounts, this.accounts(account)) && this.isCurrent(accounts)
      } catch (error) {
        // the call runs again, and is judged again: nothing is kept of this
        judged.end(false)
        throw error
      }
    }
    return { ...judged, isStill }
  }

  /** The thread forgets the accounts. */
  forget(): void {
    this.#isBegun = false
    this.#thread.forget(this.#accounts, this.#group)
  }

  async #bring(accounts: readonly Account[]): Promise<void> {
    this.#accounts = accounts
    let began = Number.NEGATIVE_INFINITY
    for (const _ of this.#thread.bring(accounts, this.#deps)) {
      if (monotonic() - began < turn) continue
      await setImmediate()
      began = monotonic()
    }
  }

  async #loaded(): Promise<readonly Account[]> {
    const found: Account[] = []
    for (const id of this.#ids) {
      const account = await this.#deps.directory.find(id)
      if (account !== undefined) found.push(account)
    }
    return found
  }
}

function isSame<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, place) => item === other[place])
}
