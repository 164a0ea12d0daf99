import type { AccountId } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import type { Account } from './account.ts'
import type { FreshUses } from './usage.ts'

/**
 * Last uses of accounts that left the memory before the uses were stored. Every call notes a last use, so an account could
 * otherwise not leave within the minute of its last call.
 */
export class DepartedUses {
  readonly #uses = new Map<AccountId, FreshUses>()

  /** Takes what an account that leaves the memory has noted. */
  take(account: Account): void {
    // an account that was still in use may leave twice
    this.giveBack(account)
    if (account.hasFreshUsage) this.#uses.set(account.id, account.usage.takeFresh())
  }

  /** Gives back what is not stored yet to an account that was read again. */
  giveBack(account: Account): void {
    const uses = this.#uses.get(account.id)
    if (uses === undefined) return
    this.#uses.delete(account.id)
    account.usage.putBack(uses)
  }

  /** Stores all. What cannot be stored stays. */
  async keep(store: Store): Promise<void> {
    const kept = [...this.#uses]
    if (kept.length === 0) return
    await store.keepUses(
      kept.flatMap(([, { uses }]) => uses),
      kept.flatMap(([, { gone }]) => gone),
    )
    for (const [id, uses] of kept) if (this.#uses.get(id) === uses) this.#uses.delete(id)
  }

  forget(id: AccountId): void {
    this.#uses.delete(id)
  }

  clear(): void {
    this.#uses.clear()
  }
}
