import { EventColumns } from './event-columns.ts'
import { eventsMost, type HeadOrHole } from './event-pack.ts'

/**
 * What look-ups search of the newest events, those that are in no block yet. It is in memory alone: what it
 * tells stands in the log too.
 */
export class EventTail {
  readonly #blockEvents: number
  /** Those that are full wait to be written as blocks; the last one grows. */
  readonly #spans: EventColumns[]

  /** `first` is the sequence number of the first event that will be added. */
  constructor(first: number, blockEvents: number) {
    this.#blockEvents = blockEvents
    this.#spans = [this.#span(first)]
  }

  /** All that there is, oldest first. */
  get spans(): readonly EventColumns[] {
    return this.#spans
  }

  /** Whether enough has come for another block. */
  get isFull(): boolean {
    return this.#growing.count >= this.#blockEvents
  }

  add(heads: readonly HeadOrHole[]): void {
    const growing = this.#growing
    for (const head of heads) growing.add(head)
  }

  /**
   * The next event has this sequence number. Numbers are missing where a snapshot was restored: what comes then is for
   * another block, for a block has no gaps.
   */
  goOnAt(first: number): void {
    const growing = this.#growing
    if (growing.first + growing.count === first) return
    if (growing.count === 0) this.#spans.pop()
    this.#spans.push(this.#span(first))
  }

  /** What comes next is for another block. */
  divide(): void {
    if (this.#growing.count > 0) this.#spans.push(this.#span(this.#growing.last + 1))
  }

  /** The oldest block that is whole. */
  get whole(): EventColumns | undefined {
    return this.#spans.length > 1 ? this.#spans[0] : undefined
  }

  /** To be called when the oldest has been written. */
  dropOldest(): void {
    this.#spans.shift()
  }

  /** A block ends with the pack that fills it, so it holds a few more. */
  #span(first: number): EventColumns {
    return new EventColumns(first, this.#blockEvents + eventsMost)
  }

  get #growing(): EventColumns {
    return this.#spans.at(-1)! // there is always one
  }
}
