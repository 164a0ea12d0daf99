import { type EventCursor, isNewer } from '../cursor.ts'
import { EventChunk } from '../events/chunk.ts'
import { PageSearch } from '../events/page.ts'
import type { EventPage, EventQuery } from '../types.ts'
import { partOf } from './event-upkeep.ts'
import type { Link } from './link.ts'
import { placed, placeOf, positionsMost } from './stream.ts'

/** The most rows that a page reads. It is then short, and says where the next one begins. */
const rowsMost = 256

/** Rows that are read together. */
const rowsTogether = 16

/** Keys that one statement returns: more than a page reads, so that no row is merged between two statements of a page. */
const keysTogether = rowsMost + rowsTogether

/** A key that comes before no other: above every row. */
const newest: EventCursor = { time: Number.POSITIVE_INFINITY, sequence: Number.MAX_SAFE_INTEGER }

/** Blocks that the first statement searches: the newest nearly always suffice. Each later one searches eight times as many. */
const blocksFirst = 4

interface KeyRow {
  readonly [column: string]: unknown
  /** The last time of a row of events, and the place of its last event. Nothing if no row was found. */
  readonly time: number | null
  readonly place: string | null
  /** The same of the last block that was searched, and how many blocks there were. */
  readonly end_time: number | null
  readonly end_place: string | null
  readonly blocks: number
}

/**
 * Looks up events by their attributes, newest first: in the blocks of all streams, and in the rows that are in no block. A row is
 * named by its key: its last time and the place of its last event. No event of a row is newer than its key.
 */
export class EventLookup {
  readonly #link: Link

  constructor(link: Link) {
    this.#link = link
  }

  /** Returns a page of an account's events. */
  async page(query: EventQuery, after: EventCursor | undefined): Promise<EventPage> {
    const page = new PageSearch(query, after)
    const isOne = query.attribute?.key === 'EventId' // an account has one event with an id
    let read = 0
    for (let most = blocksFirst, end: EventCursor = newest; ; most *= 8) {
      const { keys, rest } = await this.#keys(page, end, most)
      for (let at = 0; at < keys.length; at += rowsTogether) {
        const some = keys.slice(at, at + rowsTogether)
        const { time, sequence } = some[0]! // there is one
        if (page.isTooOld({ time, sequence }) || (isOne && page.size > 0)) return page.page()
        const end = { time, sequence: sequence + 1 }
        if (read >= rowsMost && page.isAfter(end)) return page.page(end)
        for (const chunk of await this.#read(some)) page.offer(chunk)
        read += some.length
      }
      if (rest === undefined || page.isTooOld(rest)) return page.page()
      end = rest
    }
  }

  /** Returns keys of rows that may have what is sought, before a key. All others are before `rest`, if there is one. */
  async #keys(
    { terms, from, before }: PageSearch,
    { time, sequence }: EventCursor,
    most: number,
  ): Promise<{ readonly keys: readonly EventCursor[]; readonly rest: EventCursor | undefined }> {
    const parts = [...new Set(terms.map(partOf))]
    const begin = [before.time, Math.min(before.sequence, newest.sequence)]
    const rows = await this.#link.query<KeyRow>(keysBefore, [
      terms,
      parts,
      from,
      ...begin,
      time,
      sequence,
      most,
    ])
    const { blocks = 0, end_time, end_place } = rows[0] ?? {}
    const keys = rows.flatMap(({ time, place }) => (time === null ? [] : [{ time, sequence: Number(place) }]))
    // older rows may be in other blocks
    let rest: EventCursor | undefined =
      blocks === most ? { time: Number(end_time), sequence: Number(end_place) } : undefined
    const last = keys.length === keysTogether ? keys.at(-1) : undefined
    if (last && (rest === undefined || isNewer(last, rest))) rest = last
    return { keys: keys.filter((key) => rest === undefined || !isNewer(rest, key)), rest }
  }

  async #read(keys: readonly EventCursor[]): Promise<readonly EventChunk[]> {
    const places = keys.map(({ sequence }) => placed(sequence))
    const rows = await this.#link.query<{ stream: number; first: string; last: string; body: Buffer }>(
      bodiesOf,
      [places.map(({ stream }) => stream), places.map(({ position }) => position)],
    )
    return rows.map(({ stream, first, last, body }) =>
      EventChunk.open(placeOf(stream, Number(first)), placeOf(stream, Number(last)), body),
    )
  }
}

/** Returns SQL for the place of a position: see `placeOf`. */
const placeIn = (stream: string, position: string) => `(${stream}::bigint * ${positionsMost} + ${position})`

/** Returns SQL for whether a time and a place come before a cursor. */
const isBefore = (time: string, place: string, cursor: string, cursorPlace: string) =>
  `(${time} < ${cursor}::float8 OR (${time} = ${cursor}::float8 AND ${place} < ${cursorPlace}::bigint))`

/** OFFSET 0 keeps the order of the joins: rows of events are found by their keys, however many others there are. */
export const keysBefore = {
  name: 'keys-before',
  text: `
    WITH blocks AS MATERIALIZED (
      SELECT stream, first, last, to_time FROM omen.event_blocks
      WHERE to_time >= $3::float8 AND ${isBefore('from_time', placeIn('stream', 'first'), '$4', '$5')}
        AND ${isBefore('from_time', placeIn('stream', 'first'), '$6', '$7')}
      ORDER BY to_time DESC, stream DESC, last DESC LIMIT $8
    ), indexed AS (
      SELECT b.stream, b.first + (p & 4294967295) AS last FROM blocks b
      CROSS JOIN unnest($2::smallint[]) AS w(part)
      CROSS JOIN LATERAL (
        SELECT pairs FROM omen.event_terms WHERE stream = b.stream AND last = b.last AND part = w.part OFFSET 0
      ) t CROSS JOIN LATERAL unnest(t.pairs) AS p
      WHERE p >> 32 = ANY($1::bigint[])
      GROUP BY b.stream, b.first, p & 4294967295 HAVING count(*) = cardinality($1::bigint[])
    ), found AS (
      SELECT e.* FROM indexed h CROSS JOIN LATERAL (
        SELECT to_time, from_time, stream, first, last FROM omen.events
        WHERE stream = h.stream AND last = h.last OFFSET 0
      ) e
      UNION ALL
      SELECT e.* FROM omen.streams s
      CROSS JOIN LATERAL (SELECT coalesce(max(last), 0) AS last FROM omen.event_blocks WHERE stream = s.id) b
      CROSS JOIN LATERAL (
        SELECT to_time, from_time, stream, first, last FROM omen.events
        WHERE stream = s.id AND last > b.last AND (terms IS NULL OR terms @> ($1::bigint[])::int[]) OFFSET 0
      ) e
    ), keys AS (
      SELECT to_time AS time, ${placeIn('stream', 'last')} AS place FROM found
      WHERE to_time >= $3::float8 AND ${isBefore('from_time', placeIn('stream', 'first'), '$4', '$5')}
        AND ${isBefore('to_time', placeIn('stream', 'last'), '$6', '$7')}
      ORDER BY time DESC, place DESC LIMIT ${keysTogether}
    ), oldest AS (
      SELECT to_time AS end_time, ${placeIn('stream', 'last')} AS end_place FROM blocks ORDER BY 1, 2 LIMIT 1
    )
    SELECT keys.*, oldest.*, (SELECT count(*) FROM blocks)::int AS blocks
    FROM (SELECT 1) AS one LEFT JOIN keys ON true LEFT JOIN oldest ON true`,
}

/** The rows that have the events of some keys: they may be merged since the keys were read. */
const bodiesOf = {
  name: 'bodies-of',
  text: `
    SELECT DISTINCT ON (e.stream, e.last) e.stream, e.first::text, e.last::text, e.body
    FROM unnest($1::int[], $2::bigint[]) AS p(stream, last)
    CROSS JOIN LATERAL (
      SELECT * FROM omen.events WHERE stream = p.stream AND last >= p.last ORDER BY last LIMIT 1
    ) e WHERE e.first <= p.last`,
}
