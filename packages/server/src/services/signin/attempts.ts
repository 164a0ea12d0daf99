import type { Dependencies } from '../../authorization/index.ts'
import { Failures } from '../../base/index.ts'
import { Guesses } from '../../directory/index.ts'

/** The failures that are permitted within a window in milliseconds (behaviour SGN-20). */
const perUser = 5
const perAddress = 50
const window = 300_000
const keysKept = 20_000

/** The most attempts that wait for their turn; further ones are refused. */
const waitingMost = 1_000

/** Counts failed sign-ins, so that passwords and codes cannot be guessed slowly, nor many at once. */
export class Attempts {
  readonly #failures = new Failures(window, keysKept)
  /** Attempts in progress, by user and by address: each may become a failure. */
  readonly #open = new Map<string, number>()
  #waiting = 0
  #ended = Promise.withResolvers<void>()
  /** The counts over several nodes, by user and by address; undefined if there is one node. */
  readonly #shared: { readonly users: Guesses; readonly addresses: Guesses } | undefined

  constructor({ directory: { store } }: Dependencies) {
    if (!store.shared) return
    const limits = { window, kept: keysKept }
    this.#shared = {
      users: new Guesses(store, { ...limits, most: perUser }),
      addresses: new Guesses(store, { ...limits, most: perAddress }),
    }
  }

  /** Begins an attempt once few enough others are in progress; returns false if there were too many failures. */
  async begin(user: string, address: string, now: number): Promise<boolean> {
    const userKey = `u ${user}`
    const addressKey = `a ${address}`
    const room = (key: string, most: number) => most - this.#failures.of(key, now)
    const isOpen = (key: string) => this.#open.get(key) ?? 0
    for (;;) {
      const [ofUser, ofAddress] = [room(userKey, perUser), room(addressKey, perAddress)]
      if (ofUser <= 0 || ofAddress <= 0) return false
      if (isOpen(userKey) < ofUser && isOpen(addressKey) < ofAddress) break
      if (this.#waiting >= waitingMost) return false
      this.#waiting++
      await this.#ended.promise
      this.#waiting--
    }
    for (const key of [userKey, addressKey]) this.#open.set(key, isOpen(key) + 1)
    try {
      if (await this.#take(user, address, now)) return true
    } catch (error) {
      this.end(user, address)
      throw error
    }
    this.end(user, address)
    return false
  }

  /** Each attempt counts as a failure of all nodes until it ends otherwise. */
  async #take(user: string, address: string, now: number): Promise<boolean> {
    if (this.#shared === undefined) return true
    const { users, addresses } = this.#shared
    if (!(await users.take(`sign-in u ${user}`, now))) return false
    if (await addresses.take(`sign-in a ${address}`, now)) return true
    await users.giveBack(`sign-in u ${user}`)
    return false
  }

  /** Ends an attempt; its outcome was reported before. */
  end(user: string, address: string): void {
    for (const key of [`u ${user}`, `a ${address}`]) {
      const open = (this.#open.get(key) ?? 1) - 1
      if (open === 0) this.#open.delete(key)
      else this.#open.set(key, open)
    }
    this.#ended.resolve()
    this.#ended = Promise.withResolvers()
  }

  failed(user: string, address: string, now: number): void {
    this.#failures.add(`u ${user}`, now)
    this.#failures.add(`a ${address}`, now)
  }

  /** A success clears the user's failures; the address's stay. */
  async succeeded(user: string, address: string): Promise<void> {
    this.#failures.forget(`u ${user}`)
    await this.#shared?.users.forget(`sign-in u ${user}`)
    await this.#shared?.addresses.giveBack(`sign-in a ${address}`)
  }

  /** Ends an attempt that was neither a success nor a failure: a code was missing, or a new password is due. */
  async passedOver(user: string, address: string): Promise<void> {
    await this.#shared?.users.giveBack(`sign-in u ${user}`)
    await this.#shared?.addresses.giveBack(`sign-in a ${address}`)
  }
}
