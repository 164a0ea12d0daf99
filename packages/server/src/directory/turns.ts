import { AsyncLocalStorage } from 'node:async_hooks'
import { type AccountId, keepLatest } from '../base/index.ts'
import type { Store } from '../store/index.ts'

/** The times of a turn, in milliseconds. */
const times = {
  /** How long calls may join it. Another node waits as long, so it is a small part of what a client notices. */
  open: 8,
  /** How long it waits for a further call when none runs. */
  idle: 1,
  /** How long it waits for calls that take long, so that they succeed. */
  longest: 1_000,
} as const

/** After so many turns without a change of another node, calls run without turns again. */
const quietTurns = 3

/** The most accounts that are known to be contended. */
const contendedMost = 10_000

/** The parts of the directory that turns need. */
export interface TurnParts {
  readonly store: Store
  /** Brings the account up to date with the store, after this node's commits that are on their way. */
  bring(account: AccountId): Promise<void>
  /** Returns a number that is another one after each change by another node. */
  epochOf(account: AccountId): number | undefined
}

/** A call that waits for a turn. */
interface Waiting {
  start(turn: Turn): void
  fail(error: unknown): void
}

/** The state of a contended account. */
interface Contention {
  readonly epoch: number | undefined
  /** Turns that are left if no other node changes the account. */
  readonly left: number
}

/**
 * Runs calls that change a contended account while no other node does. Nodes that only tried again would refuse each other's
 * commits most of the time. In its turn a node commits as usual, as often as it can; then it is another node's turn.
 */
export class Turns {
  readonly #parts: TurnParts
  readonly #contended = new Map<AccountId, Contention>()
  readonly #open = new Map<AccountId, Turn>()
  /** The calls that wait for the account's next turn. A turn is being asked for, or open. */
  readonly #waiting = new Map<AccountId, Waiting[]>()

  constructor(parts: TurnParts) {
    this.#parts = parts
  }

  /** Whether other nodes change the account at this time. */
  isContended(account: AccountId): boolean {
    return this.#contended.size > 0 && this.#contended.has(account)
  }

  /** Runs work in the account's turn: in the open one, or in the next. */
  join<T>(account: AccountId, work: () => Promise<T>): Promise<T> {
    if (!this.#contended.has(account)) this.#note(account, quietTurns)
    const open = this.#open.get(account)
    if (open?.isOpen === true) return open.run(work)
    return new Promise((resolve, reject) => {
      const start = (turn: Turn) => void turn.run(work).then(resolve, reject)
      const waiting: Waiting = { start: AsyncLocalStorage.bind(start), fail: reject }
      const others = this.#waiting.get(account)
      if (others !== undefined) others.push(waiting)
      else {
        this.#waiting.set(account, [waiting])
        void this.#take(account)
      }
    })
  }

  /** Takes turns until no call waits. Never rejects. */
  async #take(account: AccountId): Promise<void> {
    const { store, bring } = this.#parts
    while (this.#waiting.get(account)!.length > 0) {
      try {
        await store.turn(account, async () => {
          await bring(account)
          this.#count(account)
          const turn = new Turn(times)
          this.#open.set(account, turn)
          for (const { start } of this.#waiting.get(account)!.splice(0)) start(turn)
          await turn.ended
        })
      } catch (error) {
        for (const { fail } of this.#waiting.get(account)!.splice(0)) fail(error)
      }
    }
    this.#waiting.delete(account)
    this.#open.delete(account)
  }

  /** Counts turns in a row before which no other node changed the account. */
  #count(account: AccountId): void {
    const contention = this.#contended.get(account)
    const isQuiet = contention?.epoch === this.#parts.epochOf(account)
    const left = isQuiet ? (contention?.left ?? quietTurns) - 1 : quietTurns
    if (left === 0) this.#contended.delete(account)
    else this.#note(account, left)
  }

  #note(account: AccountId, left: number): void {
    keepLatest(this.#contended, account, { epoch: this.#parts.epochOf(account), left }, contendedMost)
  }
}

/** One turn of an account. Calls may join it for some milliseconds; it ends when they have. */
class Turn {
  /** Resolves when no call may join any more, and those that joined have ended, or have taken too long. */
  readonly ended: Promise<void>
  #end = () => {}
  #running = 0
  #isOpen = true
  readonly #times: typeof times
  readonly #closing: NodeJS.Timeout
  readonly #ending: NodeJS.Timeout
  #idle: NodeJS.Timeout | undefined

  constructor(limits: typeof times) {
    this.#times = limits
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#closing = setTimeout(() => this.#close(), limits.open)
    this.#ending = setTimeout(() => this.#finish(), limits.longest)
  }

  /** Whether calls may join. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    this.#running++
    clearTimeout(this.#idle)
    return work().finally(() => {
      this.#running--
      if (this.#running > 0) return
      if (this.#isOpen) this.#idle = setTimeout(() => this.#finish(), this.#times.idle)
      else this.#finish()
    })
  }

  #close(): void {
    this.#isOpen = false
    if (this.#running === 0) this.#finish()
  }

  #finish(): void {
    this.#isOpen = false
    for (const timer of [this.#closing, this.#ending, this.#idle]) clearTimeout(timer)
    this.#end()
  }
}
