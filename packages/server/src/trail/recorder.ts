import { type Fault, fault } from '../base/index.ts'
import type { EventPage, EventQuery, Store, StoredEvent } from '../store/index.ts'

/** Events of reads wait at most this long for company: a promise of 100 ms, kept with room (behaviour TRL-51). */
const waitMilliseconds = 40
/** More than this does not wait. */
const waitEvents = 2_000
/** After a failure, so long until the next try. */
const retryMilliseconds = 500
/** What a store that fails leaves waiting; older events beyond that are lost, and counted. */
const keptMost = 20_000
/** They are dropped in lots, so that each costs next to nothing. */
const dropTogether = 500

/**
 * Events that no answer waits for. They travel together, so that a thousand reads cost one write; those of
 * denials, changes and sessions never come here. While nothing can be kept they wait; what no longer finds room
 * is counted and told.
 */
export class Recorder {
  readonly #store: Store
  readonly #complain: (error: unknown) => void
  #waiting: StoredEvent[] = []
  #timer: NodeJS.Timeout | undefined
  #lost = 0
  #failing = false

  /** `complain` is told when the store begins to fail, and not again until it has recovered. */
  constructor(store: Store, complain: (error: unknown) => void) {
    this.#store = store
    this.#complain = complain
  }

  /** Events that could not be kept since the start. */
  get lost(): number {
    return this.#lost
  }

  /** Events that are not on the disk yet. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Whether the last try to keep something failed. */
  get failing(): boolean {
    return this.#failing
  }

  /** Takes events to be kept soon. */
  add(events: readonly StoredEvent[]): void {
    for (const event of events) this.#waiting.push(event)
    if (this.#failing) this.#dropOldest()
    else if (this.#waiting.length >= waitEvents) void this.flush()
    this.#wake(this.#failing ? retryMilliseconds : waitMilliseconds)
  }

  /**
   * Keeps the event of what is about to happen elsewhere, as it is to stand where this process ends before it does.
   * @throws Fault where it cannot be kept: then it must not happen
   */
  async begin(event: StoredEvent): Promise<void> {
    try {
      await this.#store.begin([event])
    } catch (error) {
      this.#complain(error)
      throw unkept()
    }
  }

  /** Takes an event that tells how what was begun under its id has ended. */
  end(event: StoredEvent): void {
    this.add([{ ...event, begun: true }])
  }

  /** Takes the events of what processes before this one began, and did not live to see the end of. */
  async takeOver(): Promise<void> {
    const left = await this.#store.begun()
    await this.#store.record(left.map((event) => ({ ...event, begun: true })))
  }

  /** Keeps an event that has to be kept before its answer leaves. @throws Fault where it cannot be */
  async keep(event: StoredEvent): Promise<void> {
    try {
      await this.#store.record([event])
    } catch (error) {
      this.#complain(error)
      throw unkept()
    }
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
      this.#failing = false
    } catch (error) {
      const first = !this.#failing
      this.#failing = true
      this.#waiting = [...events, ...this.#waiting]
      this.#dropOldest()
      this.#wake(retryMilliseconds)
      if (first) this.#complain(error)
    }
  }

  /** Looks events up, those that still wait included. */
  async lookUp(query: EventQuery): Promise<EventPage> {
    await this.flush()
    return this.#store.lookUpEvents(query)
  }

  /** Gives up what still waits: before the store is emptied, or closed. */
  abandon(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#lost += this.#waiting.length
    this.#waiting = []
  }

  #wake(milliseconds: number): void {
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => void this.flush(), milliseconds)
  }

  #dropOldest(): void {
    const surplus = this.#waiting.length - keptMost
    if (surplus <= dropTogether) return
    this.#waiting = this.#waiting.slice(surplus)
    this.#lost += surplus
  }
}

function unkept(): Fault {
  return fault('ServiceUnavailable', 'Nothing could be recorded: the store is unavailable.', 503)
}
