import { joined, sealed, timesOf } from '../events/chunk.ts'
import { termsOf } from '../events/terms.ts'
import { type EventPosition, type Forgetting, firstPosition, type LeaseToken } from '../types.ts'
import { mergeRows } from './event-merge.ts'
import { chunkOf } from './events.ts'
import type { Link } from './link.ts'
import { formatPosition, parsePosition } from './position.ts'
import { arrayOf, pressedBytes } from './stream.ts'

/** Rows that are deleted together, so that commits run between. */
const rowsTogether = 500

/** The parts of a block's index. Each has the terms with the same lowest bits. */
const parts = 32

/** Returns the part of the index that has a term. */
export function partOf(term: number): number {
  return term & (parts - 1)
}

/** Streams of connections that ended so long ago, in milliseconds, get a block however few events are left. */
const quietMilliseconds = 10 * 60_000

interface EventRow {
  readonly [column: string]: unknown
  readonly stream: number
  readonly first: string
  readonly last: string
  /** How many are not deleted. */
  readonly events: number
  readonly body: Buffer
}

/** The upkeep of events after they are stored: they are indexed, and forgotten. */
export class EventUpkeep {
  readonly #link: Link
  /** Events in a block of the index. */
  readonly blockEvents: number

  constructor(link: Link, blockEvents: number) {
    this.#link = link
    this.blockEvents = blockEvents
  }

  /** Deletes events and returns how many. */
  async forget({ before = Number.NEGATIVE_INFINITY, upTo = firstPosition }: Forgetting): Promise<number> {
    const positions = [...parsePosition(upTo)]
    const streams = positions.map(([stream]) => stream)
    const lasts = positions.map(([, position]) => position)
    const values = [before, streams, lasts]
    let forgotten = 0
    for (let deleted = rowsTogether; deleted >= rowsTogether; ) {
      const rows = await this.#link.query<{ events: number }>(deleteWhole, [...values, rowsTogether])
      for (const { events } of rows) forgotten += events
      deleted = rows.length
    }
    const partial = await this.#link.query<EventRow>(partlyForgotten, values)
    const ends = new Map(positions)
    for (const row of partial) forgotten += await this.#cut(row, before, ends.get(row.stream) ?? 0)
    if (forgotten > 0) await this.#link.query(deleteBlocks, [])
    return forgotten
  }

  /**
   * Returns the position up to which events must be deleted so that the rest, with its share of the index, fits into a number of
   * bytes; undefined if all fit.
   */
  async beyond(bytes: number): Promise<EventPosition | undefined> {
    const rows = await this.#link.query<{ stream: number; last: string }>(beyondSize, [bytes])
    if (rows.length === 0) return undefined
    return formatPosition(new Map(rows.map(({ stream, last }) => [stream, Number(last)])))
  }

  /**
   * Writes one block of the index if a stream has enough events for it, or reads some rows of an earlier schema; returns
   * whether there may be more. Only the holder of the lease for blocks does so: nothing is written if it has passed to another node.
   */
  async index({ job, token }: LeaseToken): Promise<boolean> {
    if (await this.#readOld()) return true
    const [waiting] = await this.#link.query<{ stream: number; last: string }>(unindexed, [
      this.blockEvents,
      quietMilliseconds,
    ])
    if (waiting === undefined) return false
    const { stream, last } = waiting
    await mergeRows(this.#link, { job, token }, { stream, after: last, events: this.blockEvents })
    return (await this.#link.query(putBlock, [job, token, stream, last, this.blockEvents])).length > 0
  }

  /** Gives terms to some rows that were written by an earlier version. */
  async #readOld(): Promise<boolean> {
    const rows = await this.#link.query<EventRow>(unread, [])
    if (rows.length === 0) return false
    const terms: string[] = []
    for (const row of rows) {
      terms.push(arrayOf(termsOf(chunkOf(row).heads())))
      await new Promise((resolve) => setImmediate(resolve)) // others run
    }
    await this.#link.query(putTerms, [
      rows.map(({ stream }) => stream),
      rows.map(({ last }) => last),
      terms,
      rows.map(({ events }) => events),
    ])
    return true
  }

  /** Rewrites a row without the events to be forgotten. Returns how many there were. */
  async #cut(row: EventRow, before: number, upTo: number): Promise<number> {
    const { stream, last, events } = row
    const chunk = chunkOf(row)
    const isForgotten = (time: number, sequence: number) => time < before || sequence <= upTo
    const left = joined(chunk.first, chunk.last, [chunk], isForgotten)
    const heads = left.heads()
    if (heads.length === events) return 0
    const rewritten = await this.#link.query(rewrite, [
      stream,
      last,
      sealed(left.text, pressedBytes),
      heads.length,
      timesOf(heads).from,
      arrayOf(termsOf(heads)),
      events,
    ])
    return rewritten.length === 0 ? 0 : events - heads.length
  }
}

const deleteWhole = {
  name: 'delete-whole',
  text: `
    DELETE FROM omen.events WHERE (stream, last) IN (
      (SELECT stream, last FROM omen.events WHERE from_time < $1::float8 AND to_time < $1::float8 LIMIT $4)
      UNION (
        SELECT e.stream, e.last FROM unnest($2::int[], $3::bigint[]) AS p(stream, position)
        JOIN omen.events e ON e.stream = p.stream AND e.last <= p.position LIMIT $4
      )
    ) RETURNING events`,
}

const partlyForgotten = {
  name: 'partly-forgotten',
  text: `
    SELECT stream, first::text, last::text, events, body FROM omen.events WHERE from_time < $1::float8
    UNION
    SELECT e.stream, e.first::text, e.last::text, e.events, e.body FROM unnest($2::int[], $3::bigint[]) AS p(stream, position)
    CROSS JOIN LATERAL (
      SELECT * FROM omen.events WHERE stream = p.stream AND last > p.position ORDER BY last LIMIT 1
    ) e WHERE e.first <= p.position`,
}

const rewrite = {
  name: 'rewrite-events',
  // a node that was paused meanwhile must not bring back what another one has cut; each cut leaves fewer events
  text: `
    UPDATE omen.events SET body = $3, events = $4, from_time = $5::float8, terms = $6::int[]
    WHERE stream = $1 AND last = $2 AND events = $7 RETURNING events`,
}

const deleteBlocks = {
  name: 'delete-blocks',
  text: `
    WITH gone AS (
      DELETE FROM omen.event_blocks b WHERE NOT EXISTS (
        SELECT FROM omen.events e WHERE e.stream = b.stream AND e.last BETWEEN b.first AND b.last
      ) RETURNING stream, last
    )
    DELETE FROM omen.event_terms t USING gone WHERE t.stream = gone.stream AND t.last = gone.last`,
}

/** Whole blocks, and rows that are in no block: of ten million events, some thousands. */
const beyondSize = {
  name: 'beyond-size',
  text: `
    WITH units AS MATERIALIZED (
      SELECT stream, last, to_time, bytes FROM omen.event_blocks
      UNION ALL
      SELECT e.* FROM omen.streams s
      CROSS JOIN LATERAL (SELECT coalesce(max(last), 0) AS last FROM omen.event_blocks WHERE stream = s.id) b
      CROSS JOIN LATERAL (
        SELECT stream, last, to_time, octet_length(body) FROM omen.events WHERE stream = s.id AND last > b.last OFFSET 0
      ) e
    ), share AS (
      SELECT 1 + coalesce(sum(pg_column_size(pairs)), 0) / greatest((SELECT sum(bytes) FROM units), 1) AS factor
      FROM omen.event_terms
    )
    SELECT stream, max(last)::text AS last FROM (
      SELECT stream, last, sum(bytes) OVER (ORDER BY to_time DESC, stream DESC, last DESC) * share.factor AS total
      FROM units, share
    ) AS u WHERE total > $1::float8 GROUP BY stream`,
}

const unindexed = {
  name: 'unindexed',
  text: `
    SELECT s.id AS stream, coalesce(b.last, 0) AS last FROM omen.streams s
    CROSS JOIN LATERAL (SELECT max(last) AS last FROM omen.event_blocks WHERE stream = s.id) b
    CROSS JOIN LATERAL (SELECT max(last) AS last, max(kept) AS kept FROM (
      SELECT last, kept FROM omen.events WHERE stream = s.id ORDER BY last DESC LIMIT 1
    ) AS newest) e
    WHERE e.last - coalesce(b.last, 0) >= $1::bigint
      OR (e.last > coalesce(b.last, 0) AND e.kept < (extract(epoch FROM clock_timestamp()) * 1000 - $2::float8) * 1000
        AND (s.closed OR NOT EXISTS (
          SELECT FROM omen.nodes n WHERE n.id = s.node AND n.beat > extract(epoch FROM clock_timestamp()) * 1000 - $2::float8
        )))
    ORDER BY e.last - coalesce(b.last, 0) DESC LIMIT 1`,
}

/**
 * Nothing is put if the lease has passed to another node, or if these events are in a block. The row of the lease is held until
 * the block is stored: the next holder sees it.
 */
const putBlock = {
  name: 'put-block',
  text: `
    WITH lease AS MATERIALIZED (
      SELECT job FROM omen.leases WHERE job = $1 AND token = $2::bigint FOR SHARE
    ), rows AS MATERIALIZED (
      SELECT last, first, events, from_time, to_time, terms, octet_length(body) AS bytes,
        sum(last - first + 1) OVER (ORDER BY last) - (last - first + 1) AS before
      FROM (SELECT * FROM omen.events WHERE stream = $3::int AND last > $4::bigint ORDER BY last LIMIT $5::int) AS e
    ), block AS (
      INSERT INTO omen.event_blocks (stream, last, first, events, from_time, to_time, bytes)
      SELECT $3, max(last), min(first), sum(events), min(from_time), max(to_time), sum(bytes) FROM rows
      WHERE before < $5 AND EXISTS (SELECT FROM lease)
        AND NOT EXISTS (SELECT FROM omen.event_blocks WHERE stream = $3 AND last > $4::bigint)
      HAVING count(*) > 0
      RETURNING first, last
    ), put AS (
      INSERT INTO omen.event_terms (stream, last, part, pairs)
      SELECT $3, b.last, term & ${parts - 1}, array_agg((term::bigint << 32) + (r.last - b.first))
      FROM block b JOIN rows r ON r.last <= b.last CROSS JOIN LATERAL unnest(r.terms) AS term
      GROUP BY b.last, term & ${parts - 1}
    )
    SELECT last FROM block`,
}

const unread = {
  name: 'unread-events',
  text: 'SELECT stream, first::text, last::text, events, body FROM omen.events WHERE terms IS NULL ORDER BY stream, last LIMIT 64',
}

const putTerms = {
  name: 'put-terms',
  text: `
    UPDATE omen.events e SET terms = t.terms::int[]
    FROM unnest($1::int[], $2::bigint[], $3::text[], $4::int[]) AS t(stream, last, terms, events)
    WHERE e.stream = t.stream AND e.last = t.last AND e.events = t.events AND e.terms IS NULL`,
}
