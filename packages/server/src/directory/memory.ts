import type { AccountId } from '../base/index.ts'
import type { Account } from './account.ts'
import type { Freshness } from './freshness.ts'

/** The limits of a directory's memory. */
export interface DirectoryLimits {
  /** The sum of `Account.size` of all accounts. The least recently used account is removed first. */
  readonly size: number
  /** Called once, when an account leaves the memory for the first time. */
  readonly onFull?: () => void
  /** Numbers that are known not to be accounts. */
  readonly absent: number
  /** How old the answers may be that change nothing. By default, they rest on what the store says after the call. */
  readonly fresh?: Freshness
}

const defaultLimits: DirectoryLimits = { size: 256 * 1024 * 1024, absent: 10_000 }

/** The accounts in memory, and the numbers that are known not to be accounts. */
export class AccountMemory {
  readonly #limits: DirectoryLimits
  /** Whether an account must stay. */
  readonly #isBusy: (account: Account) => boolean
  /** Called when an account is removed for space. */
  readonly #onLeave: (account: Account) => void
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
  #wasFull = false

  constructor(
    limits: Partial<DirectoryLimits>,
    { isBusy, onLeave }: { isBusy(account: Account): boolean; onLeave(account: Account): void },
  ) {
    this.#limits = { ...defaultLimits, ...limits }
    this.#isBusy = isBusy
    this.#onLeave = onLeave
  }

  find(id: AccountId): Account | undefined {
    const account = this.#accounts.get(id)
    if (account === undefined) return this.#takeBack(id)
    if (this.#size > this.#limits.size / 2) {
      this.#accounts.delete(id)
      this.#accounts.set(id, account)
    }
    return account
  }

  values(): IterableIterator<Account> {
    return this.#accounts.values()
  }

  isAbsent(id: AccountId): boolean {
    return this.#absent.has(id)
  }

  noteAbsent(id: AccountId): void {
    // it may have been created while the store was asked
    if (this.find(id) !== undefined) return
    this.#absent.add(id)
    if (this.#absent.size <= this.#limits.absent) return
    for (const oldest of this.#absent) {
      this.#absent.delete(oldest)
      return
    }
  }

  /** Forgets that a number is not an account. */
  noteMaybe(id: AccountId): void {
    this.#absent.delete(id)
  }

  remember(account: Account): void {
    this.#left.delete(account.id)
    this.#absent.delete(account.id)
    this.#accounts.set(account.id, account)
    this.#size += account.size
    this.#makeRoom(account)
  }

  /** Removes this object; another object of the same account stays. */
  drop(account: Account): void {
    if (this.#left.get(account.id)?.deref() === account) this.#left.delete(account.id)
    if (this.#accounts.get(account.id) !== account) return
    this.#accounts.delete(account.id)
    this.#size -= account.size
  }

  /** Runs what may change the size of an account. */
  sized<T>(account: Account, change: () => T): T {
    const before = account.size
    const result = change()
    if (this.#accounts.get(account.id) !== account) return result
    this.#size += account.size - before
    this.#makeRoom(account)
    return result
  }

  /** Forgets everything that is known of a number. */
  forget(id: AccountId): void {
    const account = this.#accounts.get(id)
    if (account !== undefined) this.drop(account)
    this.#left.delete(id)
    this.#absent.delete(id)
  }

  forgetAll(): void {
    this.#accounts.clear()
    this.#left.clear()
    this.#absent.clear()
    this.#size = 0
  }

  /** The sum of `Account.size` of the accounts. */
  get size(): number {
    return this.#size
  }

  /** Removes the accounts used least recently, if all take too much. Calls that use one keep it. */
  #makeRoom(used: Account): void {
    if (this.#size <= this.#limits.size) return
    if (!this.#wasFull) this.#limits.onFull?.()
    this.#wasFull = true
    for (const oldest of this.#accounts.values()) {
      if (oldest === used || this.#isBusy(oldest)) continue
      this.#onLeave(oldest)
      this.drop(oldest)
      this.#left.set(oldest.id, new WeakRef(oldest))
      this.#collected.register(oldest, oldest.id)
      if (this.#size <= this.#limits.size) return
    }
  }

  /** Returns an account that was removed for space and is still in use. */
  #takeBack(id: AccountId): Account | undefined {
    const account = this.#left.get(id)?.deref()
    if (account !== undefined) this.remember(account)
    return account
  }
}
