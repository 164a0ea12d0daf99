import { type EventCursor, formatCursor } from '../cursor.ts'
import { EventChunk } from '../sqlite/event-chunk.ts'
import { columns, type EventSpan, type Sought, soughtBy } from '../sqlite/event-columns.ts'
import { matches, offerFound, type Search } from '../sqlite/event-match.ts'
import { NewestEvents } from '../sqlite/newest-events.ts'
import { aligned, findPostings } from '../sqlite/postings.ts'
import type { EventPage, EventQuery, StoredEvent } from '../types.ts'
import { hexOf } from './commit-values.ts'
import type { EventTails } from './event-tails.ts'
import type { Link } from './link.ts'
import { placed, placeOf } from './stream.ts'

/**
 * A page ends after this many searches whose events only share a hash with the value searched for: such pages are
 * short instead of slow.
 */
const searchesMost = 4

/** Blocks that one statement reads: few at first, because the newest nearly always suffice. */
const blocksTogether = [2, 8, 32] as const

interface BlockRow {
  readonly [column: string]: unknown
  readonly stream: number
  readonly first: string
  readonly last: string
  readonly to_time: number
  /** The bytes of the columns asked for, one after the other in their order, and how many each has. */
  readonly parts: Buffer
  readonly lengths: readonly number[]
}

/** Looks up events by their attributes, newest first: in the blocks of all streams, and in what is in no block yet. */
export class EventLookup {
  readonly #link: Link
  readonly #tails: EventTails

  constructor(link: Link, tails: EventTails) {
    this.#link = link
    this.#tails = tails
  }

  /** Returns a page of an account's events. */
  async page(query: EventQuery, after: EventCursor | undefined): Promise<EventPage> {
    const isOne = query.attribute?.key === 'EventId' // an account has one event with an id
    const wanted = isOne ? 1 : query.limit + 1 // one more than a page, to know whether another follows
    const sought = soughtBy(query)
    const from = query.from ?? Number.NEGATIVE_INFINITY
    let before = after ?? { time: query.to ?? Number.POSITIVE_INFINITY, sequence: Number.POSITIVE_INFINITY }
    const found: StoredEvent[] = []
    const ends: EventCursor[] = []
    for (let searches = 0; searches < searchesMost; searches++) {
      const limit = wanted - found.length
      const candidates = await this.#search({ sought, from, before }, limit)
      const events = await this.#read(candidates)
      candidates.forEach((cursor, index) => {
        const event = events[index]
        if (!event || !matches(event, query)) return
        found.push(event)
        ends.push(cursor)
      })
      if (candidates.length < limit || (isOne && found.length === 1)) return { events: found }
      if (found.length === wanted) break
      before = candidates.at(-1)!
    }
    const events = found.slice(0, query.limit)
    const end = found.length === wanted ? ends[query.limit - 1]! : before
    return { events, next: formatCursor(end) }
  }

  /** Returns the newest events that may match: their values have the hashes. */
  async #search(search: Search, limit: number): Promise<readonly EventCursor[]> {
    const newest = new NewestEvents(limit)
    const { spans, blocksTo } = await this.#tails.spans()
    for (const { span, from } of spans) offerFound(span, search, newest, from)
    const parts = [columns.time, ...search.sought.map(([column]) => column)]
    let end: { time: number; stream: number; last: string } | undefined
    for (let round = 0; ; round++) {
      const most = blocksTogether[Math.min(round, blocksTogether.length - 1)]!
      const blocks = await this.#link.query<BlockRow>(blocksWithin, [
        Math.max(search.from, newest.floor), // or else all blocks are searched for a value that only the newest have
        search.before.time,
        end?.time ?? Number.POSITIVE_INFINITY,
        end?.stream ?? 0,
        end?.last ?? 0,
        most,
        parts,
        search.sought.map(([column]) => column),
        search.sought.map(([, hash]) => bytesOf(hash)),
      ])
      for (const block of blocks) {
        if (newest.isTooOld(block.to_time)) return newest.events
        // a block that was made since: the spans have its events
        if (Number(block.last) > (blocksTo.get(block.stream) ?? 0)) continue
        offerFound(spanOf(block, search.sought), search, newest)
      }
      const last = blocks.at(-1)
      if (last === undefined || blocks.length < most) return newest.events
      end = { time: last.to_time, stream: last.stream, last: last.last }
    }
  }

  /** Returns the events at places; undefined for those that are deleted. */
  async #read(cursors: readonly EventCursor[]): Promise<readonly (StoredEvent | undefined)[]> {
    const places = cursors.map(({ sequence }) => placed(sequence))
    const chunks = new Map<string, EventChunk>()
    const holding: (string | undefined)[] = []
    for (let at = 0; at < places.length; at += placesTogether) {
      const some = places.slice(at, at + placesTogether)
      const rows = await this.#link.query<{ place: string; stream: number; last: string }>(rowsHolding, [
        some.map(({ stream }) => stream),
        some.map(({ position }) => position),
      ])
      const lasts = new Map<number, string>(
        rows.map(({ place, stream, last }) => [Number(place), `${stream}.${last}`]),
      )
      const missing = new Map<string, (typeof rows)[number]>(
        rows.map((row) => [`${row.stream}.${row.last}`, row]),
      )
      for (const key of chunks.keys()) missing.delete(key)
      if (missing.size > 0) {
        const lacking = [...missing.values()]
        const bodies = await this.#link.query<{ stream: number; last: string; body: Buffer }>(bodiesOf, [
          lacking.map(({ stream }) => stream),
          lacking.map(({ last }) => last),
        ])
        for (const { stream, last, body } of bodies)
          chunks.set(`${stream}.${last}`, new EventChunk(Number(last), body))
      }
      some.forEach((_, index) => {
        holding.push(lasts.get(index + 1))
      })
    }
    return places.map(({ position }, index) => chunks.get(holding[index] ?? '')?.event(position))
  }
}

/** Events of a page that are read together. */
const placesTogether = 100

function spanOf({ stream, first, parts, lengths }: BlockRow, sought: readonly Sought[]): EventSpan {
  let end = 0
  const [times, ...columnsRead] = lengths.map((length) => {
    end += length
    return parts.subarray(end - length, end)
  })
  return {
    first: placeOf(stream, Number(first)),
    positions: (column, hash) => {
      const index = sought.findIndex(([each]) => each === column)
      return findPostings(columnsRead[index]!, hash) // every column that is sought was read
    },
    times: () => {
      const { buffer, byteOffset, byteLength } = aligned(times!) // every block has its times
      return new Float64Array(buffer, byteOffset, byteLength / 8)
    },
  }
}

/** Returns a hash as postings hold it, in hexadecimal digits. */
function bytesOf(hash: number): string {
  return hexOf(new Uint8Array(Uint32Array.of(hash).buffer))
}

/** Hashes beside the expected place of a hash that are read with it. */
const hashesBeside = 64

/** The bytes of a number of 32 bits in postings, the lowest first: they have the machine's order. */
const lowestFirst = [...new Uint8Array(Uint32Array.of(0x03020100).buffer)]

/** SQL for the number of 32 bits at a place of bytes. */
const numberAt = (bytes: string, at: string) =>
  `(${lowestFirst.map((place, byte) => `(get_byte(${bytes}, ${at} + ${byte})::bigint << ${8 * place})`).join(' + ')})`

/**
 * The columns are one value, because the driver reads an array of bytes character by character.
 *
 * Blocks whose columns do not have the bytes of a hash are not read: most, if the value is rare. The hashes of a column are
 * in order and evenly spread, so a few around the expected place of a hash show whether it is there. If they do not (the
 * hash is below or above all of them, but not of all in the column), the block is read.
 */
const blocksWithin = {
  name: 'blocks-within',
  text: `
    SELECT b.stream, b.first, b.last, b.to_time, c.parts, c.lengths FROM (
      SELECT * FROM omen.event_blocks b
      WHERE to_time >= $1::float8 AND from_time <= $2::float8 AND (to_time, stream, last) < ($3::float8, $4::int, $5::bigint)
        AND NOT EXISTS (
          SELECT FROM (
            SELECT s.hash, ${numberAt('s.hash', '0')} AS number, h.data, ${numberAt('head', '0')}::int AS hashes
            FROM unnest($8::smallint[], $9::bytea[]) AS s(part, hash)
            JOIN omen.event_columns h ON h.stream = b.stream AND h.last = b.last AND h.part = s.part
            CROSS JOIN LATERAL (SELECT substring(h.data FROM 1 FOR 4) AS head OFFSET 0) AS head
            OFFSET 0
          ) AS columns CROSS JOIN LATERAL (
            SELECT greatest(0, (hashes * number >> 32)::int - around) AS low,
              least(hashes, (hashes * number >> 32)::int + around) AS high
            FROM (SELECT 3 * sqrt(hashes)::int + ${hashesBeside} AS around) AS a
            OFFSET 0
          ) AS place CROSS JOIN LATERAL (
            SELECT substring(data FROM 5 + 4 * low FOR 4 * (high - low)) AS near OFFSET 0
          ) AS slice
          WHERE hashes = 0 OR (
            position(hash IN near) = 0
            AND (low = 0 OR ${numberAt('near', '0')} < number)
            AND (high = hashes OR ${numberAt('near', '4 * (high - low - 1)')} > number)
          )
        )
      ORDER BY to_time DESC, stream DESC, last DESC LIMIT $6
    ) b CROSS JOIN LATERAL (
      SELECT string_agg(c.data, ''::bytea ORDER BY w.place) AS parts,
        array_agg(octet_length(c.data) ORDER BY w.place) AS lengths
      FROM unnest($7::smallint[]) WITH ORDINALITY AS w(part, place)
      JOIN omen.event_columns c ON c.stream = b.stream AND c.last = b.last AND c.part = w.part
    ) c ORDER BY b.to_time DESC, b.stream DESC, b.last DESC`,
}

const rowsHolding = {
  name: 'rows-holding',
  text: `
    SELECT p.place, e.stream, e.last
    FROM unnest($1::int[], $2::bigint[]) WITH ORDINALITY AS p(stream, position, place)
    CROSS JOIN LATERAL (
      SELECT stream, first, last FROM omen.events WHERE stream = p.stream AND last >= p.position ORDER BY last LIMIT 1
    ) e WHERE e.first <= p.position`,
}

const bodiesOf = {
  name: 'bodies-of',
  text: `
    SELECT e.stream, e.last::text, e.body FROM unnest($1::int[], $2::bigint[]) AS p(stream, last)
    JOIN omen.events e ON e.stream = p.stream AND e.last = p.last`,
}
