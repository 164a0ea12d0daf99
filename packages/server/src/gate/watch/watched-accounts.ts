import { bindingManagement, type Dependencies } from '../../authorization/index.ts'
import type { AccountId } from '../../base/index.ts'
import { type Account, roles, users } from '../../directory/index.ts'
import { ended, joinWorlds, StepBudget, type World } from '../../graph/index.ts'
import { accountsInView, hasManyAccounts, WorldKeeper } from '../../services/omen/index.ts'
import { type Compared, comparePathsTo, comparisonSteps, inTurns, type Known } from './path-comparison.ts'

/** A change that was made, for the event. */
export interface Change {
  readonly eventName: string
  readonly requestID: string
  readonly who: string
}

/**
 * The most milliseconds of the main thread that a comparison takes for which a change waits. What is then not known is said
 * not to be, so that the change is refused.
 */
const mostWork = 4_000

/** The accounts of an organization whose paths are watched together, or one account. */
export class WatchedAccounts {
  readonly #house: Dependencies
  readonly #steps: number | undefined
  readonly #signal: AbortSignal | undefined
  readonly #keepers = new Map<AccountId, WorldKeeper>()
  /** The revision that `known` or `base` is of, and that the last change made. */
  revision: string | undefined
  /** A state whose paths are not known yet. What led to it is not recorded: an import, a snapshot, a start. */
  #base: World | undefined
  #known: Known | undefined
  /** Changes that were made since. */
  readonly changes: Change[] = []
  /** Calls on their way that may make one: the state before them is noted. */
  making = 0
  /** The look that runs or is about to. */
  running: Promise<void> | undefined
  /** How long the last look took, in milliseconds. */
  lasted = 0
  #ids: readonly AccountId[] = []
  #turn: Promise<unknown> = Promise.resolve()

  /**
   * A comparison takes so many steps at most; `comparisonSteps` if that is undefined. The signal ends what is being looked at:
   * it then fails.
   */
  constructor(house: Dependencies, steps?: number, signal?: AbortSignal) {
    this.#house = house
    this.#steps = steps
    this.#signal = signal
  }

  /** The accounts now. @throws AccountNotLoaded if one is not in memory: the call then runs again */
  accounts(account: Account): readonly Account[] {
    const others = hasManyAccounts(account, this.#house) ? [] : accountsInView(account, this.#house)
    const all = [account, ...others].sort((one, other) => (one.id < other.id ? -1 : 1))
    this.#ids = all.map(({ id }) => id)
    return all
  }

  /** How many users and roles may come to an administrator without that being known, as far as was looked. */
  get unknown(): number {
    return this.#known?.unknown.size ?? 0
  }

  /** How many users and roles the accounts have. */
  sizeOf(accounts: readonly Account[]): number {
    return accounts.reduce((sum, each) => sum + each.table(users).size + each.table(roles).size, 0)
  }

  /** The name of the state that the accounts are in. */
  revisionOf(accounts: readonly Account[]): string {
    const [first] = accounts
    const management = first && bindingManagement(first, this.#house.directory)
    return [...accounts, ...(management === undefined ? [] : [management])]
      .map(({ id, policyRevision }) => `${id} ${policyRevision}`)
      .join()
  }

  /** Work that no other work on these accounts interrupts. */
  inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }

  /** Takes the accounts as they are now for the state that changes are compared with. */
  async begin(accounts: readonly Account[]): Promise<void> {
    await inTurns(this.#read(accounts), false, this.#signal)
    // what has changed meanwhile is read at once
    this.#base = this.worldOf(accounts)
    this.revision = this.revisionOf(accounts)
  }

  /** The accounts as they are now, at once: only what has changed is read. */
  worldOf(accounts: readonly Account[]): World {
    return ended(this.#read(accounts))
  }

  *#read(accounts: readonly Account[]): Generator<void, World> {
    const worlds: World[] = []
    for (const account of accounts) {
      const keeper = this.#keepers.get(account.id) ?? new WorldKeeper(this.#house)
      this.#keepers.set(account.id, keeper)
      worlds.push(yield* keeper.read(account))
    }
    return joinWorlds(worlds)
  }

  /** Whether a look goes on. What other nodes change meanwhile is looked at with the next changes of this one. */
  isLooking = false

  /** What opens with the changes since the last look, which are taken out of the list. */
  async look(
    isPatient: boolean,
  ): Promise<{ readonly opened: Compared; readonly changes: readonly Change[] }> {
    this.isLooking = true
    try {
      await this.settle(isPatient)
      const accounts = await this.#loaded()
      await inTurns(this.#read(accounts), isPatient, this.#signal)
      const changes = this.changes.splice(0)
      this.revision = this.revisionOf(accounts)
      const opened = await this.compare(this.worldOf(accounts), isPatient)
      this.#known = opened
      return { opened, changes }
    } finally {
      this.isLooking = false
    }
  }

  /** Finds the paths of the state that changes are compared with. */
  async settle(isPatient = false): Promise<void> {
    if (this.#base === undefined) return
    const known = await inTurns(
      comparePathsTo(this.#base, this.#known, this.#budget()),
      isPatient,
      this.#signal,
    )
    this.#known = known
    this.#base = undefined
  }

  /** What opens if the accounts come to be like this. */
  compare(world: World, isPatient = false): Promise<Compared> {
    const budget = this.#budget()
    const limit = isPatient ? undefined : { after: mostWork, stop: () => budget.stop() }
    return inTurns(comparePathsTo(world, this.#known, budget), isPatient, this.#signal, limit)
  }

  #budget(): StepBudget {
    return new StepBudget(this.#steps ?? comparisonSteps)
  }

  /** A change has been made of which the paths are known. */
  adopt(known: Known, accounts: readonly Account[]): void {
    this.#known = known
    try {
      this.revision = this.revisionOf(accounts)
    } catch {
      // the accounts are read again before the next change
      this.revision = undefined
    }
  }

  async #loaded(): Promise<readonly Account[]> {
    const found: Account[] = []
    for (const id of this.#ids) {
      const account = await this.#house.directory.find(id)
      if (account !== undefined) found.push(account)
    }
    return found
  }
}
