import type { EventColumns, EventSpan } from '../sqlite/event-columns.ts'
import { EventTail } from '../sqlite/event-tail.ts'
import { ColumnReader, type ColumnRow } from './column-rows.ts'
import type { Link } from './link.ts'
import { placeOf } from './stream.ts'

/** Rows of each stream that one statement reads. */
const rowsTogether = 512

/** Events after which others run: they take a millisecond. */
const eventsTogether = 2_000

/** The index of a stream's newest events. */
interface Tail {
  readonly columns: EventTail
  /** The last position that is in the index. */
  to: number
}

/** A span of events, and the place from which on its events are in no block. */
export interface TailSpan {
  readonly span: EventSpan
  readonly from: number
}

/** The spans of the newest events. Those of a stream up to `blocksTo` are in blocks, and in no span. */
export interface NewestSpans {
  readonly spans: readonly TailSpan[]
  readonly blocksTo: ReadonlyMap<number, number>
}

/**
 * The index of the events that are in no block yet, of all streams. It is in memory only; each node makes its own for
 * its look-ups, and reads then only what is new.
 */
export class EventTails {
  readonly #link: Link
  readonly #rows: ColumnReader
  readonly #blockEvents: number
  readonly #tails = new Map<number, Tail>()
  #reading: Promise<void> = Promise.resolve()
  #newest: NewestSpans = { spans: [], blocksTo: new Map() }

  constructor(link: Link, blockEvents: number) {
    this.#link = link
    this.#rows = new ColumnReader(link)
    this.#blockEvents = blockEvents
  }

  /** Reads what is new and returns the spans. */
  async spans(): Promise<NewestSpans> {
    const read = this.#reading.then(() => this.#read())
    this.#reading = read.catch(() => {})
    await read
    return this.#newest
  }

  /** Forgets all. */
  clear(): void {
    this.#tails.clear()
    this.#newest = { spans: [], blocksTo: new Map() }
  }

  async #read(): Promise<void> {
    const streams = await this.#link.query<StreamRow>(streamEnds, [])
    const lasts = new Map(streams.map(({ stream, blocks_to }) => [stream, Number(blocks_to)]))
    this.#drop(lasts)
    const newer = new Map<number, number>()
    for (const { stream, blocks_to, last } of streams) {
      const known = this.#tails.get(stream)?.to ?? Number(blocks_to)
      if (known < Number(last)) newer.set(stream, known)
    }
    while (newer.size > 0) {
      const found = await this.#rows.after(newer, rowsTogether)
      newer.clear()
      for (const rows of found) {
        await this.#add(rows)
        const end = rows.at(-1)
        if (end !== undefined && rows.length === rowsTogether) newer.set(end.stream, end.last)
      }
    }
    const spans = [...this.#tails].flatMap(([stream, { columns }]) =>
      columns.spans.map((span) => ({ span, from: placeOf(stream, lasts.get(stream) ?? 0) + 1 })),
    )
    this.#newest = { spans, blocksTo: lasts }
  }

  /** Drops the streams of which everything is in blocks or deleted, and spans that are. */
  #drop(lasts: ReadonlyMap<number, number>): void {
    for (const [stream, tail] of this.#tails) {
      const last = lasts.get(stream)
      // nothing of the stream is left, or everything is in blocks
      if (last === undefined || tail.to <= last) this.#tails.delete(stream)
      else
        for (let whole = tail.columns.whole; whole && isIn(whole, stream, last); whole = tail.columns.whole)
          tail.columns.dropOldest()
    }
  }

  async #add(rows: readonly ColumnRow[]): Promise<void> {
    let events = 0
    for (const row of rows) {
      const first = placeOf(row.stream, row.first)
      let tail = this.#tails.get(row.stream)
      if (tail === undefined) {
        tail = { columns: new EventTail(first, this.#blockEvents), to: 0 }
        this.#tails.set(row.stream, tail)
      }
      await this.#rows.add(row, tail.columns.at(first))
      if (tail.columns.isFull) tail.columns.divide()
      tail.to = row.last
      events += row.last - row.first + 1
      if (events < eventsTogether) continue
      events = 0
      await breath()
    }
  }
}

/** Lets others run. */
export function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function isIn(columns: EventColumns, stream: number, last: number): boolean {
  return columns.last <= placeOf(stream, last)
}

/** A stream with its last position, and the last that is in a block. */
interface StreamRow {
  readonly [column: string]: unknown
  readonly stream: number
  readonly last: string
  readonly blocks_to: string
}

const streamEnds = {
  name: 'stream-ends',
  text: `
    SELECT s.id AS stream, e.last, coalesce(b.last, 0) AS blocks_to FROM omen.streams s
    CROSS JOIN LATERAL (SELECT max(last) AS last FROM omen.events WHERE stream = s.id) e
    CROSS JOIN LATERAL (SELECT max(last) AS last FROM omen.event_blocks WHERE stream = s.id) b
    WHERE e.last IS NOT NULL`,
}
