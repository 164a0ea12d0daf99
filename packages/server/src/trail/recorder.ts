import { type Fault, fault, isoSeconds } from '../base/index.ts'
import {
  type EventPage,
  type EventQuery,
  eventLengthMost,
  lengthOfEvent,
  type Store,
  type StoredEvent,
} from '../store/index.ts'
import { eventVersion } from './event.ts'
import { oneLine } from './event-json.ts'

/** Events of reads wait at most this long for company: a promise of 100 ms, kept with room (behaviour TRL-51). */
const waitMilliseconds = 40
/** More than this does not wait. */
const waitEvents = 2_000
/** After a failure, so long until the next try. */
const retryMilliseconds = 500
/** What waits for a store that fails, or stalls; older events beyond that are lost, and counted. */
const waitingMost = { events: 20_000, characters: 64 * 1024 * 1024 }
/** They are dropped in lots, so that each costs next to nothing. */
const dropTogether = { events: 500, characters: 4 * 1024 * 1024 }
/** No more are handed to the store at once: a write that is too large for its queue would never find room. */
const lotMost = { events: 5_000, characters: 16 * 1024 * 1024 }

/**
 * Events that no answer waits for. They travel together, so that a thousand reads cost one write; those of
 * denials, changes and sessions never come here. While nothing can be kept they wait; what no longer finds room
 * is counted and told.
 */
export class Recorder {
  readonly #store: Store
  readonly #complain: (error: unknown) => void
  #waiting: StoredEvent[] = []
  /** Those that the store has been handed, and has not kept yet: older than all that wait. */
  #handed: readonly StoredEvent[] = []
  /** The characters of both. */
  #length = 0
  /** One write after another: else those that fail would come back in another order. */
  #writes: Promise<void> = Promise.resolve()
  #writing = false
  /** Events that are handed over at once: fewer after a failure, and more again after each success. */
  #lotEvents: number = lotMost.events
  /** Counts how often everything was given up. */
  #abandoned = 0
  #timer: NodeJS.Timeout | undefined
  #lost = 0
  #failing = false
  /** Whether the last event that an answer waited for was refused. */
  #refused = false

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
    return this.#handed.length + this.#waiting.length
  }

  /** Whether the last try to keep something failed. */
  get failing(): boolean {
    return this.#failing || this.#refused
  }

  /** Takes events to be kept soon. */
  add(events: readonly StoredEvent[]): void {
    for (const given of events) {
      const event = this.#keepable(given)
      this.#waiting.push(event)
      this.#length += lengthOfEvent(event)
    }
    this.#dropOldest()
    if (this.#waiting.length >= waitEvents && !this.#failing && !this.#writing) void this.flush()
    else this.#wake()
  }

  /** The event, or a mark in its place where it is longer than any may be: it counts as lost, and holds back no other. */
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
   * Keeps the event of what is about to happen elsewhere, as it is to stand where this process ends before it does.
   * @throws Fault where it cannot be kept: then it must not happen
   */
  async begin(event: StoredEvent): Promise<void> {
    await this.#awaited(this.#store.begin([this.#keepable(event)]))
  }

  /** Takes an event that tells how what was begun under its id has ended. */
  end(event: StoredEvent): void {
    this.add([{ ...event, begun: true }])
  }

  /**
   * Takes the events of what processes before this one began, and did not live to see the end of. Where nothing can
   * be kept now they wait, as others do.
   */
  async takeOver(): Promise<void> {
    for (let left = await this.#store.begun(); left.length > 0; left = await this.#store.begun()) {
      this.add(left.map((event) => ({ ...event, begun: true })))
      await this.flush()
      if (this.#failing) return
    }
  }

  /** Keeps an event that has to be kept before its answer leaves. @throws Fault where it cannot be */
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

  /** Keeps what waits, now. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#waiting.length > 0) this.#writes = this.#writes.then(() => this.#write())
    return this.#writes
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
    this.#length = 0
    this.#abandoned++
  }

  /** Writes what waits now, but not what comes meanwhile: that would keep whoever waits for this waiting. */
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
        // if it is an event and not the disk, smaller lots find it
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

  /** Takes the oldest that wait, at most so many, and no more than may be handed over at once. */
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

  /** Whether the store takes the second event that waits, though not the first, which then leaves a mark. */
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

/** What stands for an event that no store could keep: that there was a call, and that nothing more of it is known. */
function markOf(event: StoredEvent): StoredEvent {
  const { asked, denial: _denial, decision: _decision, ...head } = event
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
