import { type AccountId, assert } from '../base/index.ts'
import { type Store, type StoredEvent, StoreUnavailable } from '../store/index.ts'
import { Account } from './account.ts'

/** An account was changed elsewhere between reading and keeping: the call runs again on fresh state. */
export class StaleAccount extends Error {
  override readonly name = 'StaleAccount'
}

/** How many accounts stay in memory. */
const accountsKept = 1_000

/** All accounts of the house: loaded when first asked for, kept while they are used. */
export class Directory {
  readonly store: Store
  readonly #accounts = new Map<AccountId, Account>()
  /** Accounts that the running call has changed so far. */
  readonly #changed = new Set<Account>()
  readonly #noteChange = (account: Account) => {
    this.#changed.add(account)
  }
  #refused = false
  readonly #loading = new Map<AccountId, Promise<Account | undefined>>()

  constructor(store: Store) {
    this.store = store
    store.onForeignChange((account) => this.forget(account))
  }

  /** Whether the store refused the last change, or event of a refusal, that was to be kept. */
  get refused(): boolean {
    return this.#refused
  }

  /** The account if it is in memory: for the hot path, where waiting costs. */
  loaded(id: AccountId): Account | undefined {
    const account = this.#accounts.get(id)
    if (account !== undefined && this.#accounts.size > accountsKept / 2) {
      this.#accounts.delete(id)
      this.#accounts.set(id, account)
    }
    return account
  }

  /** The account, from memory or the store; undefined where there is none of that number. */
  async find(id: AccountId): Promise<Account | undefined> {
    return this.loaded(id) ?? this.#load(id)
  }

  /** Makes an empty account in memory; it is kept by the first commit. */
  create(id: AccountId): Account {
    assert(!this.#accounts.has(id), `account ${id} exists`)
    const account = new Account(id, 0, [], this.#noteChange)
    this.#remember(account)
    return account
  }

  /** Whether the running call has changed anything. */
  get hasChanges(): boolean {
    return this.#changed.size > 0
  }

  /** Undoes what the running call changed, in every account. */
  rollBack(): void {
    for (const account of this.#changed) {
      account.rollBack()
      if (account.revision === 0) this.forget(account.id)
    }
    this.#changed.clear()
  }

  /**
   * Keeps what the running call changed in any account, together with its events, in one durable commit.
   * What was changed is visible at once; the promise resolves when it is durable. A read that saw it
   * waits for the same promise (`Account.pending`) before it answers.
   * @throws StaleAccount where another node was faster; StoreUnavailable where nothing could be kept
   */
  commit(events: readonly StoredEvent[]): Promise<void> {
    const changed = [...this.#changed]
    this.#changed.clear()
    if (changed.length === 0) return events.length === 0 ? Promise.resolve() : this.#record(events)
    const parts = changed.map((account) => ({
      account: account.id,
      revision: account.revision++,
      changes: account.takeChanges(),
    }))
    const durable = this.store.commit({ accounts: parts, events }).then(
      (outcome) => {
        this.#refused = false
        if (outcome.ok) return
        for (const account of changed) this.forget(account.id)
        throw new StaleAccount(outcome.conflict)
      },
      (error: unknown) => {
        this.#refused = true
        for (const account of changed) this.forget(account.id)
        throw error
      },
    )
    for (const account of changed) {
      const settled = durable.finally(() => {
        if (account.pending === settled) account.pending = undefined
      })
      settled.catch(() => {}) // whoever waits on `pending` sees the failure; nobody must
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

  /** Keeps the last uses noted in accounts that no call has changed since. */
  keepUsage(): Promise<void> {
    assert(this.#changed.size === 0, 'last uses are kept between calls')
    for (const account of this.#accounts.values()) if (account.usage.hasFresh) this.#changed.add(account)
    return this.commit([])
  }

  /** Drops an account from memory; the next look loads it again. */
  forget(id: AccountId): void {
    this.#accounts.delete(id)
  }

  /** Drops everything: after the store was emptied. */
  forgetAll(): void {
    this.#accounts.clear()
  }

  #load(id: AccountId): Promise<Account | undefined> {
    const known = this.#loading.get(id)
    if (known !== undefined) return known
    const loading = this.store
      .loadAccount(id)
      .then((kept) => {
        if (kept === undefined) return undefined
        const account = new Account(id, kept.revision, kept.items, this.#noteChange)
        this.#remember(account)
        return account
      })
      .finally(() => this.#loading.delete(id))
    this.#loading.set(id, loading)
    return loading
  }

  #remember(account: Account): void {
    this.#accounts.set(account.id, account)
    if (this.#accounts.size <= accountsKept) return
    for (const [id, oldest] of this.#accounts) {
      if (oldest.pending !== undefined || id === account.id) continue
      this.#accounts.delete(id)
      return
    }
  }
}

export { StoreUnavailable }
