import { type AccountId, assert, type Partition } from '../base/index.ts'
import {
  type AccountChanges,
  newLineage,
  type Store,
  type StoredEvent,
  StoreUnavailable,
} from '../store/index.ts'
import { Account, noContent } from './account.ts'

/** Another node changed an account between reading and storing: the call runs again on fresh state. */
export class StaleAccount extends Error {
  override readonly name = 'StaleAccount'
}

/** A decision needs an account that is not in memory: the account must be loaded and the decision repeated. */
export class AccountNotLoaded extends Error {
  override readonly name = 'AccountNotLoaded'
  readonly account: AccountId

  constructor(account: AccountId) {
    super(`account ${account} is not loaded`)
    this.account = account
  }
}

/** The limits of a directory's memory. */
export interface DirectoryLimits {
  /** The sum of `Account.size` of all accounts. The least recently used account is removed first. */
  readonly size: number
  /** Numbers that are known not to be accounts. */
  readonly absent: number
}

const defaultLimits: DirectoryLimits = { size: 256 * 1024 * 1024, absent: 10_000 }

/** All accounts: loaded on first use, kept while they are used. */
export class Directory {
  readonly store: Store
  /** The partition of all accounts. */
  readonly partition: Partition
  readonly #limits: DirectoryLimits
  /** In the order of use, the least recent first. */
  readonly #accounts = new Map<AccountId, Account>()
  /**
   * Accounts that were removed from `#accounts` for space. A call that still uses one must not meet a second object of
   * the same account: each would miss the other's changes.
   */
  readonly #left = new Map<AccountId, WeakRef<Account>>()
  readonly #collected = new FinalizationRegistry<AccountId>((id) => {
    if (this.#left.get(id)?.deref() === undefined) this.#left.delete(id)
  })
  /** Numbers that the store has no account for, oldest first. */
  readonly #absent = new Set<AccountId>()
  #size = 0
  /** Accounts that the current call has changed so far. */
  readonly #changed = new Set<Account>()
  readonly #noteChange = (account: Account) => {
    this.#changed.add(account)
  }
  /** New accounts that the running call adds. */
  readonly #added: AccountChanges[] = []
  #refused = false
  readonly #loading = new Map<AccountId, Promise<Account | undefined>>()
  #onKept: (kept: readonly AccountChanges[]) => void = () => {}

  constructor(store: Store, limits: Partial<DirectoryLimits> = {}, partition: Partition = 'aws') {
    this.store = store
    this.partition = partition
    this.#limits = { ...defaultLimits, ...limits }
  }

  /** Sets the one listener that is called after each durable commit with what was committed. */
  onKept(listener: (kept: readonly AccountChanges[]) => void): void {
    this.#onKept = listener
  }

  /** Whether the store refused the last change, or event of a refusal. */
  get refused(): boolean {
    return this.#refused
  }

  /** Returns the account if it is in memory. For the hot path, which must not wait. */
  loaded(id: AccountId): Account | undefined {
    const account = this.#accounts.get(id)
    if (account === undefined) return this.#takeBack(id)
    if (this.#size > this.#limits.size / 2) {
      this.#accounts.delete(id)
      this.#accounts.set(id, account)
    }
    return account
  }

  /**
   * Returns the account if it is in memory, or undefined if there is no such account. @throws AccountNotLoaded if only
   * the store knows
   */
  known(id: AccountId): Account | undefined {
    const account = this.loaded(id)
    if (account === undefined && !this.#absent.has(id)) throw new AccountNotLoaded(id)
    return account
  }

  /** Returns the account from memory or the store, or undefined if there is none. */
  async find(id: AccountId): Promise<Account | undefined> {
    return this.loaded(id) ?? (this.#absent.has(id) ? undefined : this.#load(id))
  }

  /** Creates an empty account in memory; the first commit stores it. */
  create(id: AccountId): Account {
    assert(this.loaded(id) === undefined, `account ${id} exists`)
    this.#absent.delete(id)
    const account = new Account({ id, partition: this.partition }, noContent, this.#noteChange)
    this.#remember(account)
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
      if (account.revision === 0) this.#drop(account)
    }
    this.#changed.clear()
    this.#added.length = 0
  }

  /**
   * Stores the current call's changes in every account, together with its events, in one durable commit. Changes are
   * visible at once; the promise resolves when they are durable. A read that saw them waits for the same promise
   * (`Account.pending`) before it answers. @throws StaleAccount if another node was faster; StoreUnavailable if
   * nothing could be stored
   */
  commit(events: readonly StoredEvent[]): Promise<void> {
    const changed = [...this.#changed]
    const added = this.#added.splice(0)
    this.#changed.clear()
    if (changed.length === 0 && added.length === 0)
      return events.length === 0 ? Promise.resolve() : this.#record(events)
    const parts = [...changed.map((account) => this.#changesOf(account)), ...added]
    const durable = this.store.commit({ accounts: parts, events }).then(
      (outcome) => {
        this.#refused = false
        if (outcome.ok) for (const { account } of added) this.#absent.delete(account)
        if (outcome.ok) {
          this.#onKept(parts)
          return
        }
        for (const account of changed) this.#drop(account)
        throw new StaleAccount(('moved' in outcome ? outcome.moved : changed.map(({ id }) => id)).join(', '))
      },
      (error: unknown) => {
        this.#refused = true
        for (const account of changed) this.#drop(account)
        throw error
      },
    )
    for (const account of changed) {
      const settled = durable.finally(() => {
        if (account.pending === settled) account.pending = undefined
      })
      settled.catch(() => {}) // a caller that waits on `pending` sees the failure; no caller must wait
      account.pending = settled
    }
    return durable
  }

  async #record(events: readonly StoredEvent[]): Promise<void> {
    try {
      await this.store.record(events)
      this.#refused = false
    } catch (error) {
      this.#refused = true
      throw error
    }
  }

  /** Stores the last uses of accounts that no call has changed since. */
  keepUsage(): Promise<void> {
    assert(this.#changed.size === 0, 'last uses are kept between calls')
    for (const account of this.#accounts.values()) if (account.hasFreshUsage) this.#changed.add(account)
    return this.commit([])
  }

  /** Removes an account from memory; the next access loads it again. */
  forget(id: AccountId): void {
    const account = this.#accounts.get(id)
    if (account !== undefined) this.#drop(account)
    this.#left.delete(id)
    this.#absent.delete(id)
  }

  /** Removes everything, after the store was emptied. */
  forgetAll(): void {
    this.#accounts.clear()
    this.#left.clear()
    this.#absent.clear()
    this.#size = 0
  }

  /** Returns the current call's changes in an account, as part of a commit. */
  #changesOf(account: Account): AccountChanges {
    const before = account.size
    const taken = account.takeChanges()
    if (this.#accounts.get(account.id) === account) this.#size += account.size - before
    const base = account.lineage
    const next = newLineage()
    account.lineage = next
    account.revision++
    return { account: account.id, base, next, ...taken }
  }

  #load(id: AccountId): Promise<Account | undefined> {
    const known = this.#loading.get(id)
    if (known !== undefined) return known
    const loading = this.store
      .loadAccount(id)
      .then((kept) => {
        if (kept === undefined) {
          this.#noteAbsent(id)
          return undefined
        }
        const account = new Account({ id, partition: this.partition }, kept, this.#noteChange)
        this.#remember(account)
        return account
      })
      .finally(() => this.#loading.delete(id))
    this.#loading.set(id, loading)
    return loading
  }

  #noteAbsent(id: AccountId): void {
    // it may have been created while the store was asked
    if (this.loaded(id) !== undefined) return
    this.#absent.add(id)
    if (this.#absent.size <= this.#limits.absent) return
    for (const oldest of this.#absent) {
      this.#absent.delete(oldest)
      return
    }
  }

  /** Returns an account that was removed for space and is still in use. */
  #takeBack(id: AccountId): Account | undefined {
    const account = this.#left.get(id)?.deref()
    if (account !== undefined) this.#remember(account)
    return account
  }

  #remember(account: Account): void {
    this.#left.delete(account.id)
    this.#accounts.set(account.id, account)
    this.#size += account.size
    if (this.#size <= this.#limits.size) return
    for (const oldest of this.#accounts.values()) {
      if (oldest === account || oldest.pending !== undefined) continue
      if (oldest.hasFreshUsage || this.#changed.has(oldest)) continue
      this.#drop(oldest)
      this.#left.set(oldest.id, new WeakRef(oldest))
      this.#collected.register(oldest, oldest.id)
      if (this.#size <= this.#limits.size) return
    }
  }

  /** Removes this object; another object of the same account stays. */
  #drop(account: Account): void {
    if (this.#left.get(account.id)?.deref() === account) this.#left.delete(account.id)
    if (this.#accounts.get(account.id) !== account) return
    this.#accounts.delete(account.id)
    this.#size -= account.size
  }
}

export { StoreUnavailable }
