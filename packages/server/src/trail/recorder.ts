import { type Fault, fault, isoSeconds, oneLine } from '../base/index.ts'
import {
  type EventPage,
  type EventQuery,
  eventLengthMost,
  lengthOfEvent,
  type Store,
  type StoredEvent,
} from '../store/index.ts'
import { eventVersion } from './event.ts'

/** How long events of reads wait to be written together: below the documented 100 ms (behaviour TRL-51). */
const waitMilliseconds = 40
/** A batch of this many does not wait longer. */
const waitEvents = 2_000
/** How long other nodes leave it to this one to record calls that were left, in milliseconds. */
const leaseMilliseconds = 30_000
/** The delay after a failure, until the next attempt. */
const retryMilliseconds = 500
/** The most events that wait while the store fails or stalls. Older events beyond that are lost, and counted. */
const waitingMost = { events: 20_000, characters: 64 * 1024 * 1024 }
/** Events are dropped in batches, so that the cost of each is negligible. */
const dropTogether = { events: 500, characters: 4 * 1024 * 1024 }
/** The most events in one write: a write larger than the store's queue would never be accepted. */
const lotMost = { events: 5_000, characters: 16 * 1024 * 1024 }

/**
 * Events that no answer waits for. They are written together, so that a thousand reads cost one write; events of
 * denials, changes and sessions never come here. While the store fails they wait; what exceeds the limit is counted
 * and reported.
 */
export class Recorder {
  readonly #store: Store
  readonly #complain: (error: unknown) => void
  #waiting: StoredEvent[] = []
  /** The events that the store is writing: older than all that wait. */
  #handed: readonly StoredEvent[] = []
  /** The characters of both lists. */
  #length = 0
  /** One write at a time: otherwise failed events would return in another order. */
  #writes: Promise<void> = Promise.resolve()
  #writing = false
  /** Events in one write: fewer after a failure, more again after each success. */
  #lotEvents: number = lotMost.events
  /** Counts how often everything was discarded. */
  #abandoned = 0
  #timer: NodeJS.Timeout | undefined
  #lost = 0
  #failing = false
  #closed = false
  /** Whether the last event that an answer waited for was refused. */
  #refused = false

  /** `complain` is called when the store begins to fail, and not again until it has recovered. */
  constructor(store: Store, complain: (error: unknown) => void) {
    this.#store = store
    this.#complain = complain
  }

  /** Events that could not be stored since the start. */
  get lost(): number {
    return this.#lost
  }

  /** Events that are not on the disk yet. */
  get waiting(): number {
    return this.#handed.length + this.#waiting.length
  }

  /** Whether the last attempt to store something failed. */
  get failing(): boolean {
    return this.#failing || this.#refused
  }

  /** Accepts events to be stored soon. Those that come after `close` are lost. */
  add(events: readonly StoredEvent[]): void {
    if (this.#closed) {
      this.#lost += events.length
      return
    }
    for (const given of events) {
      const event = this.#keepable(given)
      this.#waiting.push(event)
      this.#length += lengthOfEvent(event)
    }
    this.#dropOldest()
    if (this.#waiting.length >= waitEvents && !this.#failing && !this.#writing) void this.flush()
    else this.#wake()
  }

  /**
   * Returns the event, or a mark in its place if it is too long. Such an event counts as lost and does not block
   * others.
   */
  #keepable(event: StoredEvent): StoredEvent {
    const length = lengthOfEvent(event)
    return length <= eventLengthMost ? event : this.#giveUp(event, `it has ${length} characters`)
  }

  #giveUp(event: StoredEvent, why: string): StoredEvent {
    this.#lost++
    this.#complain(new Error(`the event ${event.id} (${event.name}) cannot be kept: ${why}`))
    return markOf(event)
  }

  /**
   * Stores the event of a call that is about to happen in another system, for the case that this process ends first.
   * @throws Fault if it cannot be stored; the call must then not happen
   */
  async begin(event: StoredEvent): Promise<void> {
    await this.#awaited(this.#store.begin([this.#keepable(event)]))
  }

  /** Accepts the final event of a call that was stored as begun. */
  end(event: StoredEvent): void {
    this.add([{ ...event, begun: true }])
  }

  /**
   * Accepts the events of calls that earlier processes began and did not see end. If nothing can be stored now, they
   * wait as others do.
   */
  async takeOver(): Promise<void> {
    // nodes that look at the same time must not each record them
    const lease = await this.#store.lease('begun', leaseMilliseconds)
    if (lease === undefined) return
    for (let left = await this.#left(); left.length > 0; left = await this.#left()) {
      this.add(left.map((event) => ({ ...event, begun: true })))
      await this.flush()
      if (this.#failing) return
    }
  }

  #left(): Promise<readonly StoredEvent[]> {
    return this.#store.begun('left')
  }

  /** Stores an event that must be stored before its answer leaves. @throws Fault if it cannot be stored */
  async keep(event: StoredEvent): Promise<void> {
    await this.#awaited(this.#store.record([this.#keepable(event)]))
  }

  async #awaited(written: Promise<void>): Promise<void> {
    try {
      await written
      this.#refused = false
    } catch (error) {
      this.#refused = true
      this.#complain(error)
      throw unkept()
    }
  }

  /** Stores what waits, now. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#waiting.length > 0) this.#writes = this.#writes.then(() => this.#write())
    return this.#writes
  }

  /** Looks up events, including those that still wait. */
  async lookUp(query: EventQuery): Promise<EventPage> {
    await this.flush()
    return this.#store.lookUpEvents(query)
  }

  /** Discards what still waits, before the store is emptied or closed. */
  abandon(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#lost += this.#waiting.length
    this.#waiting = []
    this.#length = 0
    this.#abandoned++
  }

  /** Stores what waits, and accepts nothing more: the store is closed next. Never rejects. */
  async close(): Promise<void> {
    await this.flush()
    this.#closed = true
    this.abandon()
  }

  /** Writes what waits now, but not what arrives meanwhile: otherwise a caller could wait for ever. */
  async #write(): Promise<void> {
    const abandoned = this.#abandoned
    this.#writing = true
    for (let left = this.#waiting.length; left > 0 && this.#waiting.length > 0; ) {
      const lot = this.#nextLot(left)
      left -= lot.length
      this.#handed = lot
      const kept = await this.#keepLot(lot)
      this.#handed = []
      if (abandoned !== this.#abandoned) {
        if (!kept) this.#lost += lot.length
        break
      }
      if (kept) this.#length -= lot.reduce((sum, event) => sum + lengthOfEvent(event), 0)
      else {
        this.#waiting = [...lot, ...this.#waiting]
        // if an event is the cause and not the disk, smaller batches find it
        this.#lotEvents = Math.max(1, Math.ceil(lot.length / 2))
        if (lot.length === 1 && (await this.#passesOver())) continue
        this.#dropOldest()
        break
      }
      this.#lotEvents = Math.min(lotMost.events, this.#lotEvents * 2)
    }
    this.#writing = false
    this.#wake()
  }

  /** Returns the oldest waiting events, within the limit of one write. */
  #nextLot(most: number): readonly StoredEvent[] {
    const end = Math.min(most, this.#lotEvents, this.#waiting.length)
    let count = 0
    for (let characters = 0; count < end; count++) {
      characters += lengthOfEvent(this.#waiting[count]!) // it is before the end
      if (count > 0 && characters > lotMost.characters) break
    }
    const lot = this.#waiting.slice(0, count)
    this.#waiting = this.#waiting.slice(count)
    return lot
  }

  /** Returns whether the store accepts the second waiting event but not the first; a mark then replaces the first. */
  async #passesOver(): Promise<boolean> {
    const [first, second] = this.#waiting
    if (first === undefined || second === undefined || !(await this.#keepLot([second]))) return false
    const mark = this.#giveUp(first, 'the store keeps others, and not this one')
    this.#waiting = [mark, ...this.#waiting.slice(2)]
    this.#length += lengthOfEvent(mark) - lengthOfEvent(first) - lengthOfEvent(second)
    return true
  }

  async #keepLot(lot: readonly StoredEvent[]): Promise<boolean> {
    try {
      await this.#store.record(lot, 'process')
      this.#failing = false
    } catch (error) {
      if (!this.#failing) this.#complain(error)
      this.#failing = true
    }
    return !this.#failing
  }

  #wake(): void {
    if (this.#waiting.length === 0 || this.#writing) return
    const soon = this.#waiting.length < waitEvents ? waitMilliseconds : 0
    const milliseconds = this.#failing ? retryMilliseconds : soon
    this.#timer ??= setTimeout(() => void this.flush(), milliseconds)
  }

  #dropOldest(): void {
    const { events, characters } = waitingMost
    const isMuch =
      this.#waiting.length > events + dropTogether.events ||
      this.#length > characters + dropTogether.characters
    if (!isMuch) return
    let dropped = 0
    while (
      dropped < this.#waiting.length &&
      (this.#waiting.length - dropped > events || this.#length > characters)
    ) {
      this.#length -= lengthOfEvent(this.#waiting[dropped++]!) // by the line above
    }
    this.#waiting = this.#waiting.slice(dropped)
    this.#lost += dropped
  }
}

/** Replaces an event that no store could keep: there was a call, and nothing more is known. */
function markOf(event: StoredEvent): StoredEvent {
  const { asked, denial: _denial, decision: _decision, callerKeys: _keys, ...head } = event
  const record = {
    eventVersion,
    eventTime: isoSeconds(event.time),
    eventSource: event.source,
    eventName: event.name,
    awsRegion: event.region,
    requestParameters: null,
    responseElements: null,
    additionalEventData: {
      reason: 'event too large',
      omitted: true,
      originalSize: lengthOfEvent(event),
    },
    eventID: event.id,
    readOnly: event.readOnly,
    eventType: 'AwsApiCall',
    managementEvent: event.data !== true,
    recipientAccountId: event.account,
    eventCategory: event.data === true ? 'Data' : 'Management',
  }
  return { ...head, ...(asked && { askedCut: true }), resources: [], json: oneLine(record) }
}

function unkept(): Fault {
  return fault('ServiceUnavailable', 'Nothing could be recorded: the store is unavailable.', 503)
}
