import type pg from 'pg'
import { packsOf, sealed } from '../events/chunk.ts'
import { termsOf } from '../events/terms.ts'
import type { StoredEvent } from '../types.ts'
import { isDuplicate } from './failure.ts'

/** From this size on, in bytes, a chunk is compressed: a dozen usual events. With fewer it costs more time than is spent on them otherwise. */
export const pressedBytes = 8 * 1024

/** Positions of a stream are below this, so that stream and position fit into one safe integer: see `placeOf`. */
export const positionsMost = 2 ** 33

/** A row of the table `events`: a chunk. */
export interface EventRow {
  readonly stream: number
  /** The node that writes the stream. */
  readonly node: string
  readonly first: number
  readonly last: number
  readonly from: number
  readonly to: number
  readonly body: Uint8Array
  /** The terms that look-ups search: see `arrayOf`. */
  readonly terms: string
}

/** Returns stream and position as one number, which orders events in look-ups. */
export function placeOf(stream: number, position: number): number {
  return stream * positionsMost + position
}

/** Returns the stream and the position of a place. */
export function placed(place: number): { readonly stream: number; readonly position: number } {
  const stream = Math.floor(place / positionsMost)
  return { stream, position: place - stream * positionsMost }
}

/**
 * The events that one connection writes. The connection is their only writer and executes statements in order, so a
 * reader that has seen a position never misses a smaller one.
 */
export class EventStream {
  readonly #node: string
  #id = 0
  #last = 0

  constructor(node: string) {
    this.#node = node
  }

  /** The number of the stream; 0 before the first connection. */
  get id(): number {
    return this.#id
  }

  /** Whether the stream must soon be followed by another: its positions come to an end. */
  get isLong(): boolean {
    return this.#last > positionsMost / 2
  }

  /**
   * Begins a new stream in a new connection. The stream of the connection before is closed first: a statement that is
   * still being executed there ends, and none begins.
   */
  async begin(client: pg.Client): Promise<void> {
    // a standby that was promoted may have given the number to another node
    if (this.#id > 0)
      await client.query('UPDATE omen.streams SET closed = true WHERE id = $1 AND node = $2', [
        this.#id,
        this.#node,
      ])
    for (;;) {
      try {
        const { rows } = await client.query(
          `INSERT INTO omen.streams (id, node, began)
            SELECT coalesce(max(id), 0) + 1, $1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM omen.streams
            RETURNING id`,
          [this.#node],
        )
        this.#id = Number(rows[0].id)
        this.#last = 0
        return
      } catch (error) {
        if (!isDuplicate(error)) throw error // another node began one at the same time
      }
    }
  }

  /**
   * Returns the rows of events, and gives them positions. A refused statement leaves a gap in the positions, never a
   * position that is written later than a greater one.
   * @throws RangeError if an event is larger than a value may be
   */
  rowsOf(events: readonly StoredEvent[]): readonly EventRow[] {
    return packsOf(events).map(({ heads, count, from, to, text }) => {
      const first = this.#last + 1
      this.#last += count
      return {
        stream: this.#id,
        node: this.#node,
        first,
        last: this.#last,
        from,
        to,
        body: sealed(text, pressedBytes),
        terms: arrayOf(termsOf(heads)),
      }
    })
  }
}

/** Returns terms as the text of an array. */
export function arrayOf(terms: Iterable<number>): string {
  return `{${[...terms].join()}}`
}
