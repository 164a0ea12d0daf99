import { AsyncLocalStorage } from 'node:async_hooks'
import type { AccountId } from '../base/index.ts'
import type { Held } from '../store/index.ts'
import type { Account } from './account.ts'

/** How an account was when a call looked at it first; `account` is undefined if there was none. */
export interface Look {
  readonly account: Account | undefined
  readonly epoch: number
}

/** The accounts that one attempt of a call looked at. */
export class View {
  readonly #looks = new Map<AccountId, Look>()
  #hasCommitted = false

  /** Whether the attempt has handed over a commit, which compares what was looked at. */
  get hasCommitted(): boolean {
    return this.#hasCommitted
  }

  noteCommit(): void {
    this.#hasCommitted = true
  }

  note(id: AccountId, account: Account | undefined): void {
    if (!this.#looks.has(id)) this.#looks.set(id, { account, epoch: account?.epoch ?? 0 })
  }

  /** Returns an account that is no longer as it was, but for commits of this node; undefined if there is none. */
  get moved(): AccountId | undefined {
    for (const [id, { account, epoch }] of this.#looks)
      if (account !== undefined && account.epoch !== epoch) return id
    return undefined
  }

  /** The accounts that were looked at. */
  get looks(): ReadonlyMap<AccountId, Look> {
    return this.#looks
  }

  /** Returns the states that were looked at, without those of some accounts. */
  held(without: ReadonlySet<AccountId> = new Set()): readonly Held[] {
    const held: Held[] = []
    for (const [account, look] of this.#looks)
      if (!without.has(account)) held.push({ account, lineage: look.account?.lineage })
    return held
  }
}

/** The view of the attempt that the running code belongs to. */
export const viewOfAttempt = new AsyncLocalStorage<View | undefined>()
