import type { AccountId } from '../base/index.ts'
import type { Held, Lineage, Store } from '../store/index.ts'
import type { Account } from './account.ts'

/** The newest states of accounts, as the store answered; undefined if there is no such account. */
export type Newest = ReadonlyMap<AccountId, Lineage | undefined>

/** Asks the store which states are the newest ones: all questions of one turn of the event loop travel together. */
export class Confirmer {
  readonly #store: Store
  /** The accounts of the next question; undefined for a number that is no account. */
  #accounts = new Map<AccountId, Account | undefined>()
  #asking: Promise<Newest> | undefined

  constructor(store: Store) {
    this.#store = store
  }

  /** Asks about the states that the store is known to have when the question is sent, which is after the call. */
  ask(accounts: Iterable<readonly [AccountId, Account | undefined]>): Promise<Newest> {
    for (const [id, account] of accounts) this.#accounts.set(id, account)
    this.#asking ??= new Promise((resolve, reject) => {
      setImmediate(() => this.#send().then(resolve, reject))
    })
    return this.#asking
  }

  async #send(): Promise<Newest> {
    const held: Held[] = []
    for (const [account, object] of this.#accounts) held.push({ account, lineage: object?.stored })
    this.#accounts = new Map()
    this.#asking = undefined
    const { moved } = await this.#store.confirm(held)
    const newest = new Map<AccountId, Lineage | undefined>()
    for (const { account, lineage } of held)
      newest.set(account, moved.has(account) ? moved.get(account) : lineage)
    return newest
  }
}
