import type { EventPage, EventQuery, Store, StoredEvent } from '../store/index.ts'

/** Events of reads wait at most this long for company: a promise of 100 ms, kept with room. */
const waitMilliseconds = 40
/** More than this does not wait. */
const waitEvents = 2_000

/**
 * Events that no answer waits for. They travel together, so that a thousand reads cost one write; those
 * of denials, changes and sessions never come here. What could not be kept is counted and told.
 */
export class Recorder {
  readonly #store: Store
  readonly #complain: (error: unknown) => void
  #waiting: StoredEvent[] = []
  #timer: NodeJS.Timeout | undefined
  #lost = 0

  constructor(store: Store, complain: (error: unknown) => void) {
    this.#store = store
    this.#complain = complain
  }

  /** Events that could not be kept since the start. */
  get lost(): number {
    return this.#lost
  }

  /** Takes events to be kept soon. */
  add(events: readonly StoredEvent[]): void {
    for (const event of events) this.#waiting.push(event)
    if (this.#waiting.length >= waitEvents) void this.flush()
    else this.#timer ??= setTimeout(() => void this.flush(), waitMilliseconds)
  }

  /** Keeps what waits, now. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const events = this.#waiting
    if (events.length === 0) return
    this.#waiting = []
    try {
      await this.#store.record(events)
    } catch (error) {
      this.#lost += events.length
      this.#complain(error)
    }
  }

  /** Looks events up, those that still wait included. */
  async lookUp(query: EventQuery): Promise<EventPage> {
    await this.flush()
    return this.#store.lookUpEvents(query)
  }
}
