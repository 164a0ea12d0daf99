import { monotonic } from './clock.ts'

/** Milliseconds after which what failed is forgotten, if other work succeeds. */
const forgottenAfter = 60_000

/**
 * The recent failures, by kind of work. Success of one kind says nothing of another one: a full disk may take an event, or
 * answer a question, and refuse a change. A failure lasts until work of its kind succeeds. If none comes, and other work
 * succeeds, it lasts a minute.
 */
export class Outage<Kind extends string> {
  readonly #now: () => number
  readonly #failed = new Map<Kind, number>()

  constructor(now: () => number = monotonic) {
    this.#now = now
  }

  get isOn(): boolean {
    return this.#failed.size > 0
  }

  failed(kind: Kind): void {
    this.#failed.set(kind, this.#now())
  }

  succeeded(kind: Kind): void {
    if (this.#failed.size === 0) return
    this.#failed.delete(kind)
    for (const [other, at] of this.#failed) if (this.#now() - at >= forgottenAfter) this.#failed.delete(other)
  }
}
