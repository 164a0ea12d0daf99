import { type AccountId, assert, monotonic, Outage, type Partition, peopleBeside } from '../base/index.ts'
import {
  type AccountChanges,
  type Commit,
  type CommitOutcome,
  newLineage,
  type Store,
  type StoredEvent,
  StoreUnavailable,
} from '../store/index.ts'
import { Account, type InFlight, noContent } from './account.ts'
import { AccountNotLoaded } from './account-not-loaded.ts'
import { CatchUp } from './catch-up.ts'
import { Confirmer } from './confirmer.ts'
import { DepartedUses } from './departed-uses.ts'
import { AccountMemory, type DirectoryLimits } from './memory.ts'
import { openInParts } from './open-in-parts.ts'
import { StaleAccount } from './stale-account.ts'
import { Turns } from './turns.ts'
import { keepUsage } from './usage.ts'
import { View, viewOfAttempt } from './view.ts'

const nothing: readonly Promise<void>[] = []

/** The most attempts of a call that other nodes' changes make stale, and how long they may take, in milliseconds. */
const attemptsMost = { count: 16, milliseconds: 10_000 } as const
/** After so many attempts, a call waits for some milliseconds before the next, longer each time. */
const pauseAfter = 8
/** After so many attempts to change an account, a call runs in a turn of it: at the first, this node may only be late. */
const changesBeforeTurn = 2
/** After so many, even a call that only reads runs in a turn of the account that keeps changing. */
const attemptsBeforeTurn = 3

/** All accounts: loaded on first use, kept while they are used. */
export class Directory {
  readonly store: Store
  readonly #shared: boolean
  /** The partition of all accounts. */
  readonly partition: Partition
  readonly #memory: AccountMemory
  readonly #departed = new DepartedUses()
  /** Accounts that the current call has changed so far. */
  readonly #changed = new Set<Account>()
  readonly #noteChange = (account: Account) => {
    this.#changed.add(account)
  }
  /** New accounts that the running call adds. */
  readonly #added: AccountChanges[] = []
  /** Changes and events that answers wait for. */
  readonly #outage = new Outage<'changes' | 'events'>()
  readonly #loading = new Map<AccountId, Promise<Account | undefined>>()
  #onKept: (kept: readonly AccountChanges[]) => void = () => {}
  readonly #confirmer: Confirmer
  /** Wraps each confirmation that a call waits for: the span of a trace. */
  around: (work: () => Promise<void>) => Promise<void> = (work) => work()
  readonly #turns: Turns
  readonly #catchUp: CatchUp

  constructor(store: Store, limits: Partial<DirectoryLimits> = {}, partition: Partition = 'aws') {
    this.store = store
    this.#shared = store.shared
    this.partition = partition
    this.#memory = new AccountMemory(limits, {
      isBusy: (account) => account.pending !== undefined || this.#changed.has(account),
      onLeave: (account) => this.#departed.take(account),
    })
    this.#catchUp = new CatchUp(store, this.#memory)
    this.#confirmer = new Confirmer(store, this.#memory, this.#catchUp, limits.fresh ?? { milliseconds: 0 })
    this.#turns = new Turns({
      store,
      bring: async (id) => {
        await settled(this.#memory.find(id)?.pending)
        await this.#catchUp.bring(id)
      },
      epochOf: (id) => this.#memory.find(id)?.epoch,
    })
  }

  /** Sets the one listener that is called after each durable commit with what was committed. */
  onKept(listener: (kept: readonly AccountChanges[]) => void): void {
    this.#onKept = listener
  }

  /** The sum of `Account.size` of the accounts in memory. */
  get size(): number {
    return this.#memory.size
  }

  /** Whether the store lately refused a change, or the event of a refusal. */
  get refused(): boolean {
    return this.#outage.isOn
  }

  /**
   * Runs one attempt of a call and notes which accounts it looks at. Its commit is refused, and `confirm` rejects, if one
   * of them is no longer as it was. `contended` names the account in whose turn the attempt runs.
   */
  attempt<T>(work: () => Promise<T>, contended?: AccountId): Promise<T> {
    if (!this.#shared) return work()
    const viewed = () => viewOfAttempt.run(new View(), work)
    return contended === undefined ? viewed() : this.#turns.join(contended, viewed)
  }

  /**
   * Runs attempts until one rests on the newest states. Only other nodes cause a second one. `changing` names an account
   * that the work will change, if that is known.
   * @throws StaleAccount after too many attempts; clients are asked to try again
   */
  async settle<T>(work: () => Promise<T>, changing?: AccountId): Promise<T> {
    let contended = changing !== undefined && this.#turns.isContended(changing) ? changing : undefined
    const began = monotonic()
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work, contended)
      } catch (error) {
        if (!(error instanceof StaleAccount)) throw error
        const { count, milliseconds } = attemptsMost
        if (attempt >= count || monotonic() - began > milliseconds) throw error
        if (attempt >= pauseAfter) await pause(5 * (attempt - pauseAfter + 1))
        if (attempt >= (error.isContended ? changesBeforeTurn : attemptsBeforeTurn)) contended = error.account
      }
    }
  }

  /**
   * Like `settle`, for decisions that are answered without an operation: what `work` returns or throws is confirmed,
   * unless it was committed.
   */
  decided<T>(work: () => Promise<T>): Promise<T> {
    return this.settle(async () => {
      try {
        const result = await work()
        await this.confirm()
        return result
      } catch (error) {
        if (!(error instanceof StaleAccount)) await this.confirm()
        throw error
      }
    })
  }

  /** Runs what follows after an attempt: it has nothing to do with what the attempt looked at. */
  afterAttempt<T>(work: () => Promise<T>): Promise<T> {
    return this.#shared ? viewOfAttempt.run(undefined, work) : work()
  }

  /** Notes that the attempt looks at an account that the caller has already. */
  lookAt(account: Account): void {
    if (this.#shared) viewOfAttempt.getStore()?.note(account.id, account)
  }

  /** Returns the commits on which the answer of the attempt rests, and that are not durable yet. */
  pendings(): readonly Promise<void>[] {
    const view = viewOfAttempt.getStore()
    if (view === undefined) return nothing
    let pendings: Promise<void>[] | undefined
    for (const { account } of view.looks.values()) {
      const pending = account?.pending
      if (pending === undefined) continue
      pendings ??= []
      pendings.push(pending)
    }
    return pendings ?? nothing
  }

  /**
   * Resolves if the accounts that the attempt looked at are still as they were, by the store's word from after the call.
   * Undefined if no other node can have changed them. Rejects with StaleAccount if one has.
   */
  confirm(): Promise<void> | undefined {
    const view = this.#shared ? viewOfAttempt.getStore() : undefined
    return view && this.around(() => this.#confirm(view))
  }

  async #confirm(view: View): Promise<void> {
    if (view.hasCommitted) return
    if (view.moved !== undefined) throw new StaleAccount(view.moved)
    const pendings = this.pendings()
    if (pendings.length > 0) await Promise.all(pendings)
    const moved = await this.#confirmer.findMoved(view)
    if (moved !== undefined) throw new StaleAccount(moved)
  }

  /** Returns the account if it is in memory. For the hot path, which must not wait. */
  loaded(id: AccountId): Account | undefined {
    const account = this.#memory.find(id)
    if (this.#shared && (account !== undefined || this.#memory.isAbsent(id)))
      viewOfAttempt.getStore()?.note(id, account)
    return account
  }

  /**
   * Returns the account if it is in memory, or undefined if there is no such account. @throws AccountNotLoaded if only
   * the store knows
   */
  known(id: AccountId): Account | undefined {
    const account = this.loaded(id)
    if (account === undefined && !this.#memory.isAbsent(id)) throw new AccountNotLoaded(id)
    return account
  }

  /** Returns the account from memory or the store, or undefined if there is none. */
  async find(id: AccountId): Promise<Account | undefined> {
    const account = this.loaded(id)
    if (account !== undefined || this.#memory.isAbsent(id)) return account
    const loaded = await this.#load(id)
    if (this.#shared) viewOfAttempt.getStore()?.note(id, loaded)
    return loaded
  }

  /**
   * Returns the people beside an account: users and groups of its directory, none if there are none yet.
   * @throws AccountNotLoaded if only the store knows
   */
  people(owner: AccountId): Account {
    const id = peopleBeside(owner)
    return this.known(id) ?? this.create(id)
  }

  /** Like `people`, from memory or the store. */
  async findPeople(owner: AccountId): Promise<Account> {
    return (await this.find(peopleBeside(owner))) ?? this.people(owner)
  }

  /** Creates an empty account in memory; the first commit stores it. */
  create(id: AccountId): Account {
    assert(this.#memory.find(id) === undefined, `account ${id} exists`)
    const account = new Account({ id, partition: this.partition }, noContent, this.#noteChange)
    this.#memory.remember(account)
    return account
  }

  /** Adds a new account to the current call's changes without keeping it in memory. It exists once the commit is durable. */
  add(account: AccountChanges): void {
    this.#added.push(account)
  }

  /** Whether the current call has changed anything. */
  get hasChanges(): boolean {
    return this.#changed.size > 0 || this.#added.length > 0
  }

  /** Undoes the current call's changes in every account. */
  rollBack(): void {
    for (const account of this.#changed) {
      account.rollBack()
      if (account.revision === 0) this.#memory.drop(account)
    }
    this.#changed.clear()
    this.#added.length = 0
  }

  /**
   * Stores the current call's changes in every account, together with its events, in one durable commit. Changes are
   * visible at once; the promise resolves when they are durable. A read that saw them waits for the same promise
   * (`Account.pending`) before it answers. @throws StaleAccount if another node was faster; StoreUnavailable if
   * nothing could be stored. A caller that waits for something else first does not end the process when it rejects meanwhile
   */
  commit(events: readonly StoredEvent[]): Promise<void> {
    const kept = this.#handOver(events)
    kept.catch(() => {})
    return kept
  }

  #handOver(events: readonly StoredEvent[]): Promise<void> {
    const view = this.#shared ? viewOfAttempt.getStore() : undefined
    if (view?.moved !== undefined) {
      this.rollBack()
      return Promise.reject(new StaleAccount(view.moved))
    }
    const changed = [...this.#changed]
    const added = this.#added.splice(0)
    this.#changed.clear()
    const reads = view?.held(
      new Set([...changed.map(({ id }) => id), ...added.map(({ account }) => account)]),
    )
    if (changed.length === 0 && added.length === 0) {
      if (events.length === 0) return Promise.resolve()
      if (reads === undefined) return this.#record(events)
      const recorded = this.#send({ accounts: [], reads, events }, [])
      view?.noteCommit()
      return recorded
    }
    const begun = changed.map((account) => ({ account, ...this.#begin(account) }))
    const accounts = [...begun.map(({ changes }) => changes), ...added]
    const commit = { accounts, events, ...(reads && { reads }) }
    const durable = this.#send(commit, begun).then(() => {
      for (const { account } of added) this.#memory.noteMaybe(account)
      this.#onKept(accounts)
    })
    for (const { inFlight } of begun) inFlight.durable = durable
    view?.noteCommit()
    return durable
  }

  /** Sends a commit; undoes in memory what the store does not keep. */
  async #send(
    commit: Commit,
    begun: readonly { readonly account: Account; readonly inFlight: InFlight }[],
  ): Promise<void> {
    const undo = () => {
      for (const { account, inFlight } of begun) {
        this.#memory.sized(account, () => account.undo(inFlight))
        if (account.lineage === undefined) this.#memory.drop(account)
      }
    }
    let outcome: CommitOutcome
    try {
      outcome = await this.store.commit(commit)
      this.#outage.succeeded('changes')
    } catch (error) {
      this.#outage.failed('changes')
      undo()
      throw error
    }
    if (outcome.ok) {
      for (const { account, inFlight } of begun) account.settle(inFlight)
      return
    }
    undo()
    if ('fenced' in outcome) throw new StaleAccount(undefined)
    const { moved } = outcome
    await Promise.all(moved.map((id) => this.#catchUp.bring(id)))
    const contended = begun.find(({ account }) => moved.includes(account.id))?.account.id
    throw new StaleAccount(contended ?? moved[0], contended !== undefined)
  }

  async #record(events: readonly StoredEvent[]): Promise<void> {
    try {
      await this.store.record(events)
      this.#outage.succeeded('events')
    } catch (error) {
      this.#outage.failed('events')
      throw error
    }
  }

  /**
   * Stores the last uses that were noted, and reads those of other nodes in accounts whose uses were asked for: a node knows the uses that
   * others note at most two minutes late.
   */
  async keepUsage(): Promise<void> {
    await this.#departed.keep(this.store)
    await keepUsage([...this.#memory.values()], this.store)
  }

  /** Removes an account from memory; the next access loads it again. */
  forget(id: AccountId): void {
    this.#memory.forget(id)
    this.#departed.forget(id)
  }

  /** Removes everything, after the store was emptied. */
  forgetAll(): void {
    this.#memory.forgetAll()
    this.#departed.clear()
  }

  /** Takes the current call's changes in an account, as part of a commit. */
  #begin(account: Account) {
    return this.#memory.sized(account, () => account.begin(newLineage()))
  }

  #load(id: AccountId): Promise<Account | undefined> {
    const running = this.#loading.get(id)
    if (running !== undefined) return running
    const loading = Promise.all([this.store.loadAccount(id), this.store.lastUses(id)])
      .then(async ([kept, uses]) => {
        if (kept === undefined) {
          this.#memory.noteAbsent(id)
          return undefined
        }
        const key = { id, partition: this.partition }
        const account = await openInParts(key, { ...kept, uses }, this.#noteChange)
        this.#departed.giveBack(account)
        this.#memory.remember(account)
        return account
      })
      .finally(() => this.#loading.delete(id))
    this.#loading.set(id, loading)
    return loading
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

async function settled(pending: Promise<void> | undefined): Promise<void> {
  try {
    await pending
  } catch {
    // the caller that waits for the commit sees it
  }
}

export { StoreUnavailable }
