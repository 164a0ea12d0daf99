import type { EventCursor } from '../cursor.ts'

/** The newest of all offered events, up to a limit. */
export class NewestEvents {
  readonly #limit: number
  readonly #events: EventCursor[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Newest first. */
  get events(): readonly EventCursor[] {
    return this.#events
  }

  /** The instant before which every event is too old. */
  get floor(): number {
    return this.#events.length < this.#limit ? Number.NEGATIVE_INFINITY : this.#events.at(-1)!.time
  }

  /** Returns whether an event of an instant, whatever its sequence number, is too old to be among them. */
  isTooOld(time: number): boolean {
    return time < this.floor
  }

  /** Quick if events are offered newest first, which is nearly always so. */
  offer(event: EventCursor): void {
    const events = this.#events
    if (events.length === this.#limit) {
      if (!isNewer(event, events.at(-1)!)) return
      events.pop()
    }
    let at = events.length
    while (at > 0 && isNewer(event, events[at - 1]!)) at--
    events.splice(at, 0, event)
  }
}

/**
 * Returns whether one event comes before another in look-ups: the later one first; at the same instant, the one stored
 * later.
 */
export function isNewer(a: EventCursor, b: EventCursor): boolean {
  return a.time > b.time || (a.time === b.time && a.sequence > b.sequence)
}
