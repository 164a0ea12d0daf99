import { type AccountId, type Clock, monotonicClock } from '../base/index.ts'
import type { Held, Lineage, Store } from '../store/index.ts'
import type { Account } from './account.ts'
import type { CatchUp } from './catch-up.ts'
import type { Freshness } from './freshness.ts'
import type { AccountMemory } from './memory.ts'
import type { View } from './view.ts'

/** The newest state of an account, as the store answered; undefined if there is no such account. */
interface Answered {
  readonly now: Lineage | undefined
  /** The state that the store was known to have when it was asked. */
  readonly held: Lineage | undefined
}

type Newest = ReadonlyMap<AccountId, Answered>

/** Asks the store which states are the newest ones: all questions of one turn of the event loop travel together. */
export class Confirmer {
  readonly #store: Store
  readonly #memory: AccountMemory
  readonly #catchUp: CatchUp
  readonly #milliseconds: number
  readonly #clock: Clock
  /** When the question was sent by whose answer an account was last confirmed. */
  readonly #confirmed = new WeakMap<Account, number>()
  /** The accounts of the next question; undefined for a number that is no account. */
  #accounts = new Map<AccountId, Account | undefined>()
  #asking: Promise<Newest> | undefined

  constructor(
    store: Store,
    memory: AccountMemory,
    catchUp: CatchUp,
    { milliseconds, clock = monotonicClock }: Freshness,
  ) {
    this.#store = store
    this.#memory = memory
    this.#catchUp = catchUp
    this.#milliseconds = milliseconds
    this.#clock = clock
  }

  /**
   * Returns an account of the view that is not as the store has it, after it was brought up to date; undefined if all are.
   * The store is asked about the states that it is known to have when the question is sent, which is after the call.
   */
  async findMoved(view: View): Promise<AccountId | undefined> {
    let isAsked = false
    for (const [id, { account }] of view.looks)
      if (!this.#isFresh(account)) {
        this.#accounts.set(id, account)
        isAsked = true
      }
    if (!isAsked) return view.moved
    const newest = await this.#ask()
    let late: Promise<void>[] | undefined
    let appeared: AccountId | undefined
    for (const [id, { account }] of view.looks) {
      const answered = newest.get(id)
      if (answered === undefined) continue // it was fresh
      const { now, held } = answered
      if (account === undefined) {
        if (now === undefined) continue
        this.#memory.noteMaybe(id)
        appeared = id
      } else if (!account.isOwn(now, held)) {
        late ??= []
        late.push(this.#catchUp.bring(id))
      }
    }
    if (late !== undefined) await Promise.all(late)
    return view.moved ?? appeared
  }

  #isFresh(account: Account | undefined): boolean {
    if (account === undefined || this.#milliseconds === 0) return false
    const confirmed = this.#confirmed.get(account)
    return confirmed !== undefined && this.#clock.now() - confirmed <= this.#milliseconds
  }

  #ask(): Promise<Newest> {
    this.#asking ??= new Promise((resolve, reject) => {
      setImmediate(() => this.#send().then(resolve, reject))
    })
    return this.#asking
  }

  async #send(): Promise<Newest> {
    const accounts = this.#accounts
    this.#accounts = new Map()
    this.#asking = undefined
    const held: Held[] = []
    for (const [account, object] of accounts) held.push({ account, lineage: object?.stored })
    const sent = this.#milliseconds === 0 ? 0 : this.#clock.now()
    const { moved } = await this.#store.confirm(held)
    const newest = new Map<AccountId, Answered>()
    for (const { account, lineage } of held) {
      const now = moved.has(account) ? moved.get(account) : lineage
      newest.set(account, { now, held: lineage })
      const object = accounts.get(account)
      if (this.#milliseconds > 0 && object?.isOwn(now, lineage)) this.#confirmed.set(object, sent)
    }
    return newest
  }
}
