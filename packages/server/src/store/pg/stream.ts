import type pg from 'pg'
import { sealChunk } from '../sqlite/event-chunk.ts'
import { type EventHead, type EventPack, packEvents } from '../sqlite/event-pack.ts'
import type { StoredEvent } from '../types.ts'
import { isDuplicate } from './failure.ts'
import { packColumns } from './packed-columns.ts'

/** The most UTF-16 units of heads and records in a row. A larger event has a row of its own. */
const lengthMost = 1024 * 1024

/** The most events of a row. More press better, but reading one event reads its whole row. */
const eventsMost = 128

/** Positions of a stream are below this, so that stream and position fit into one safe integer: see `placeOf`. */
export const positionsMost = 2 ** 33

/** A row of the table `events`. */
export interface EventRow {
  readonly stream: number
  /** The node that writes the stream. */
  readonly node: string
  readonly first: number
  readonly last: number
  readonly from: number
  readonly to: number
  readonly body: Uint8Array
  /** The values that look-ups search: see `packColumns`. */
  readonly columns: Uint8Array
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
    const rows: EventRow[] = []
    const heads: EventHead[] = []
    let group: EventPack[] = []
    let length = 0
    let count = 0
    let done = 0
    const finish = () => {
      if (group.length > 0) rows.push(this.#row(group, heads.slice(done, done + count)))
      done += count
      group = []
      length = 0
      count = 0
    }
    for (const pack of packEvents(events, heads)) {
      const size = pack.heads.length + pack.records.length
      if (length + size > lengthMost || count + pack.count > eventsMost) finish()
      group.push(pack)
      length += size
      count += pack.count
    }
    finish()
    return rows
  }

  #row(packs: readonly EventPack[], heads: readonly EventHead[]): EventRow {
    let from = Number.POSITIVE_INFINITY
    let to = Number.NEGATIVE_INFINITY
    for (const [time] of heads) {
      from = Math.min(from, time)
      to = Math.max(to, time)
    }
    // the chunk is valid until the next one is sealed
    const body = new Uint8Array(sealChunk(packs))
    const first = this.#last + 1
    this.#last += heads.length
    return {
      stream: this.#id,
      node: this.#node,
      first,
      last: this.#last,
      from,
      to,
      body,
      columns: packColumns(heads),
    }
  }
}
