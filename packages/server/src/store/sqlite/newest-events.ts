import type { EventCursor } from '../cursor.ts'

/** The newest of all events offered, as many as are asked for. */
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

  /** Whether an event of an instant, whatever its sequence number, comes too late to be among them. */
  isTooOld(time: number): boolean {
    return this.#events.length === this.#limit && time < this.#events.at(-1)!.time
  }

  /** Quick where events are offered newest first, as nearly all are. */
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

/** Whether one event comes before another in look-ups: the later one, of one instant the one kept later. */
export function isNewer(a: EventCursor, b: EventCursor): boolean {
  return a.time > b.time || (a.time === b.time && a.sequence > b.sequence)
}
