import { lengthOfEvent, type StoredEvent } from '../types.ts'
import type { EventChunk } from './chunk.ts'

/** The most characters of records of events that are read together. */
const charactersMost = 16 * 1024 * 1024

/** Events in the order in which they were stored: at most `limit`, fewer if they are long, but one if there is one. */
export class Followed {
  readonly events: StoredEvent[] = []
  readonly #limit: number
  readonly #before: number
  #characters = 0

  /** Without an instant all events are taken, and else only older ones, and those up to a sequence number. */
  constructor(limit: number, before: number = Number.POSITIVE_INFINITY) {
    this.#limit = limit
    this.#before = before
  }

  get isFull(): boolean {
    return this.events.length >= this.#limit || this.#characters >= charactersMost
  }

  /** Takes events of a chunk after a sequence number. Returns the number of the last that it has read. */
  take(chunk: EventChunk, after: number, upTo: number): number {
    let read = after
    while (read < chunk.last && !this.isFull) {
      read = Math.max(read + 1, chunk.first)
      const event = chunk.event(read - chunk.first)
      if (event === undefined || (event.time >= this.#before && read > upTo)) continue
      this.events.push(event)
      this.#characters += lengthOfEvent(event)
    }
    return read
  }
}
