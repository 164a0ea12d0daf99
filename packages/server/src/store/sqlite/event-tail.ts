import { EventColumns } from './event-columns.ts'
import { eventsMost, type HeadOrHole } from './event-pack.ts'

/**
 * The index of the newest events, those that are in no block yet. It exists in memory only; the log has the same
 * events.
 */
export class EventTail {
  readonly #blockEvents: number
  /** The full spans wait to be written as blocks; the last one grows. */
  readonly #spans: EventColumns[]

  /** `first` is the sequence number of the first event that will be added. */
  constructor(first: number, blockEvents: number) {
    this.#blockEvents = blockEvents
    this.#spans = [this.#span(first)]
  }

  /** Returns all spans, oldest first. */
  get spans(): readonly EventColumns[] {
    return this.#spans
  }

  /** Returns whether there are enough events for another block. */
  get isFull(): boolean {
    return this.#growing.count >= this.#blockEvents
  }

  add(heads: readonly HeadOrHole[]): void {
    const growing = this.#growing
    for (const head of heads) growing.add(head)
  }

  /**
   * Sets the sequence number of the next event. Numbers are missing after the restore of a snapshot; a new block then
   * begins, because a block has no gaps.
   */
  goOnAt(first: number): void {
    const growing = this.#growing
    if (growing.first + growing.count === first) return
    if (growing.count === 0) this.#spans.pop()
    this.#spans.push(this.#span(first))
  }

  /** Returns the block that the event with a sequence number is added to: see `goOnAt`. */
  at(first: number): EventColumns {
    this.goOnAt(first)
    return this.#growing
  }

  /** Begins a new block. */
  divide(): void {
    if (this.#growing.count > 0) this.#spans.push(this.#span(this.#growing.last + 1))
  }

  /** Returns the oldest full block. */
  get whole(): EventColumns | undefined {
    return this.#spans.length > 1 ? this.#spans[0] : undefined
  }

  /** Must be called when the oldest block has been written. */
  dropOldest(): void {
    this.#spans.shift()
  }

  /** A block ends with the pack that fills it, so it may hold a few more events. */
  #span(first: number): EventColumns {
    return new EventColumns(first, this.#blockEvents + eventsMost)
  }

  get #growing(): EventColumns {
    return this.#spans.at(-1)! // there is always one
  }
}
