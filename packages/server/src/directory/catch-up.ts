import type { AccountId } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import type { AccountMemory } from './memory.ts'

/** Brings accounts in memory up to date with what other nodes stored. */
export class CatchUp {
  readonly #store: Store
  readonly #memory: AccountMemory
  /** Accounts that are being brought up to date; `next` begins when `now` has ended. */
  readonly #running = new Map<AccountId, { readonly now: Promise<void>; next: Promise<void> | undefined }>()

  constructor(store: Store, memory: AccountMemory) {
    this.#store = store
    this.#memory = memory
  }

  /** Takes all that was stored before the call: it never joins a question that was sent before. */
  bring(id: AccountId): Promise<void> {
    const running = this.#running.get(id)
    if (running === undefined) return this.#start(id)
    const start = () => this.#start(id)
    running.next ??= running.now.then(start, start)
    return running.next
  }

  #start(id: AccountId): Promise<void> {
    const entry = { now: this.#take(id), next: undefined }
    this.#running.set(id, entry)
    const end = () => {
      if (this.#running.get(id) === entry && entry.next === undefined) this.#running.delete(id)
    }
    entry.now.then(end, end)
    return entry.now
  }

  async #take(id: AccountId): Promise<void> {
    this.#memory.noteMaybe(id)
    const account = this.#memory.find(id)
    if (account === undefined) return
    const { stored: lineage, storedRevision: revision } = account
    const delta =
      lineage === undefined ? 'anew' : await this.#store.changesSince({ account: id, lineage, revision })
    if (delta === 'anew') {
      account.retire()
      this.#memory.drop(account)
      // a change of this node alone made the state: then there is nothing to take
    } else if (!account.isOwn(delta.lineage)) this.#memory.sized(account, () => account.take(delta))
  }
}
