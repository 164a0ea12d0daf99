import { eventsMost, joined, lengthMost, sealed, timesOf } from '../events/chunk.ts'
import { termsOf } from '../events/terms.ts'
import { type EventPosition, type Forgetting, firstPosition, type LeaseToken } from '../types.ts'
import { byteaArray, float8Array, int4Array, int8Array, textArray } from './arrays.ts'
import { chunkOf } from './events.ts'
import type { Link } from './link.ts'
import { formatPosition, parsePosition } from './position.ts'
import { arrayOf, positionsMost } from './stream.ts'

/** Rows that are deleted together, so that commits run between. */
const rowsTogether = 500

/** Runs of rows that are rewritten by one statement. */
const runsTogether = 16

/** Rows become one if they were stored in the same time of so many microseconds, so that a search shows streams in the order of their events. */
const microsecondsTogether = 60_000_000

/** The parts of a block's index. Each has the terms with the same lowest bits. */
const parts = 32

/** Returns the part of the index that has a term. */
export function partOf(term: number): number {
  return term & (parts - 1)
}

/** Streams of connections that ended so long ago, in milliseconds, get a block however few events are left. */
const quietMilliseconds = 10 * 60_000

/** A row that is read to be rewritten: alone, or in a run of rows that become one. */
interface RunRow {
  readonly [column: string]: unknown
  readonly stream: number
  /** The first and the last position of the run, and how many of its events are not deleted. */
  readonly run_first: string
  readonly run_last: string
  readonly events: number
  readonly first: string
  readonly last: string
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
    const ends = new Map(positions)
    for (const row of await this.#link.query<RunRow>(partlyForgotten, values)) {
      const upTo = ends.get(row.stream) ?? 0
      forgotten += await this.#rewrite([row], (time, position) => time < before || position <= upTo)
    }
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
   * Writes one block of the index if a stream has enough events for it, or rewrites some rows of an earlier schema; returns
   * whether there may be more. Only the holder of the lease for blocks does so: nothing is written if it has passed to another node.
   */
  async index(lease: LeaseToken): Promise<boolean> {
    const old = await this.#link.query<RunRow>(unread, [])
    await this.#rewrite(old, undefined, lease)
    if (old.length > 0) return true
    const [waiting] = await this.#link.query<{ stream: number; last: string }>(unindexed, [
      this.blockEvents,
      quietMilliseconds,
    ])
    if (waiting === undefined) return false
    const { stream, last } = waiting
    await this.#merge(stream, last, lease)
    const values = [lease.job, lease.token, stream, last, this.blockEvents]
    return (await this.#link.query(putBlock, values)).length > 0
  }

  /**
   * Merges rows of the next block of a stream: those of `eventsMost` consecutive positions become one if they are less than half full and
   * not long. Calls that are recorded alone leave a row each, which takes six times as many bytes.
   */
  async #merge(stream: number, after: string, lease: LeaseToken): Promise<void> {
    for (let begin = after, isMore = true; isMore; ) {
      const rows = await this.#link.query<RunRow>(findRuns, [stream, after, begin, this.blockEvents])
      await this.#rewrite(rows, undefined, lease)
      begin = rows.at(-1)?.run_last ?? begin
      isMore = new Set(rows.map(({ run_last }) => run_last)).size === runsTogether
    }
  }

  /**
   * Writes one row for each run, without the events to be forgotten, and returns how many these were. A run of which another node
   * has cut, deleted or locked a row meanwhile is left as it is, and so are all if a lease has passed to another node.
   */
  async #rewrite(
    rows: readonly RunRow[],
    isForgotten?: (time: number, position: number) => boolean,
    lease?: LeaseToken,
  ): Promise<number> {
    const runs = []
    for (const run of Map.groupBy(rows, ({ stream, run_last }) => `${stream}.${run_last}`).values()) {
      const { stream, run_first, run_last, events } = run[0]! // a group has a row
      const left = joined(Number(run_first), Number(run_last), run.map(chunkOf), isForgotten)
      const heads = left.heads()
      await new Promise((resolve) => setImmediate(resolve)) // others run
      if (isForgotten ? heads.length === events : run.length > 1 && left.text.length > lengthMost) continue
      const [body, terms] = [sealed(left.text, 0), arrayOf(termsOf(heads))]
      runs.push({
        stream,
        first: run_first,
        last: run_last,
        events,
        left: heads.length,
        ...timesOf(heads),
        body,
        terms,
      })
    }
    if (runs.length === 0) return 0
    const rewritten = await this.#link.query<{ gone: number }>(rewriteRows, [
      lease?.job ?? null,
      lease?.token ?? null,
      int4Array(runs.map(({ stream }) => stream)),
      int8Array(runs.map(({ first }) => first)),
      int8Array(runs.map(({ last }) => last)),
      int4Array(runs.map(({ events }) => events)),
      int4Array(runs.map(({ left }) => left)),
      float8Array(runs.map(({ from }) => from)),
      float8Array(runs.map(({ to }) => to)),
      byteaArray(runs.map(({ body }) => body)),
      textArray(runs.map(({ terms }) => terms)),
    ])
    return rewritten.reduce((sum, { gone }) => sum + gone, 0)
  }
}

/** A row alone, as `RunRow` has it. */
const alone = `e.stream, e.first::text AS run_first, e.last::text AS run_last, e.events, e.first::text, e.last::text, e.body`

/**
 * Rows with events older than `$1`, as `e`: those of blocks that have such events, and those in no block. `OFFSET 0` finds them by
 * their keys, so that no index by time is needed.
 */
const older = `(
      SELECT stream, first, last FROM omen.event_blocks WHERE from_time < $1::float8
      UNION ALL
      SELECT s.id, coalesce(max(b.last), 0) + 1, ${positionsMost} FROM omen.streams s
      LEFT JOIN omen.event_blocks b ON b.stream = s.id GROUP BY s.id
    ) unit CROSS JOIN LATERAL (
      SELECT * FROM omen.events WHERE stream = unit.stream AND last BETWEEN unit.first AND unit.last AND from_time < $1::float8 OFFSET 0
    ) e`

const deleteWhole = {
  name: 'delete-whole',
  text: `
    DELETE FROM omen.events WHERE (stream, last) IN (
      (SELECT e.stream, e.last FROM ${older} WHERE e.to_time < $1::float8 LIMIT $4)
      UNION (
        SELECT e.stream, e.last FROM unnest($2::int[], $3::bigint[]) AS p(stream, position)
        JOIN omen.events e ON e.stream = p.stream AND e.last <= p.position LIMIT $4
      )
    ) RETURNING events`,
}

const partlyForgotten = {
  name: 'partly-forgotten',
  text: `
    SELECT ${alone} FROM ${older}
    UNION
    SELECT ${alone} FROM unnest($2::int[], $3::bigint[]) AS p(stream, position)
    CROSS JOIN LATERAL (
      SELECT * FROM omen.events WHERE stream = p.stream AND last > p.position ORDER BY last LIMIT 1
    ) e WHERE e.first <= p.position`,
}

const findRuns = {
  name: 'find-runs',
  text: `
    WITH block AS (
      SELECT *, sum(last - first + 1) OVER (ORDER BY last) - (last - first + 1) AS before
      FROM (SELECT last, first, events, kept, octet_length(body) AS bytes FROM omen.events
        WHERE stream = $1::int AND last > $2::bigint ORDER BY last LIMIT $4::int) AS e
    ), runs AS (
      SELECT min(first) AS first, max(last) AS last, sum(events)::int AS events FROM block
      WHERE before < $4::int AND last > $3::bigint
      GROUP BY before::int / ${eventsMost}, kept / ${microsecondsTogether}
      HAVING count(*) > 1 AND sum(last - first + 1) * 2 <= count(*) * ${eventsMost} AND sum(bytes) <= ${lengthMost}
      ORDER BY last LIMIT ${runsTogether}
    )
    SELECT e.stream, r.first::text AS run_first, r.last::text AS run_last, r.events, e.first::text, e.last::text, e.body
    FROM runs r JOIN omen.events e ON e.stream = $1::int AND e.last BETWEEN r.first AND r.last ORDER BY e.last`,
}

/**
 * The new row is kept before those it is made of, so that a search that has ended in one of them comes to it. It is a new one,
 * although it has the key of the last of them: a deletion or a cut that waits for that one finds it gone. Rows that are locked keep
 * their place, which finds them whatever PostgreSQL expects of a table without statistics.
 */
const rewriteRows = {
  name: 'rewrite-rows',
  text: `
    WITH lease AS MATERIALIZED (
      SELECT job FROM omen.leases WHERE job = $1::text AND token = $2::bigint FOR SHARE
    ), runs AS MATERIALIZED (
      SELECT * FROM unnest($3::int[], $4::bigint[], $5::bigint[], $6::int[], $7::int[], $8::float8[], $9::float8[], $10::bytea[], $11::text[])
        AS r(stream, first, run, events, rest, from_time, to_time, body, terms)
      WHERE $1::text IS NULL OR EXISTS (SELECT FROM lease)
    ), held AS MATERIALIZED (
      SELECT r.stream, r.run, e.* FROM runs r CROSS JOIN LATERAL (
        SELECT ctid AS place, events, kept FROM omen.events
        WHERE stream = r.stream AND last BETWEEN r.first AND r.run FOR UPDATE SKIP LOCKED
      ) e
    ), whole AS MATERIALIZED (
      SELECT r.*, h.kept FROM runs r JOIN (
        SELECT stream, run, sum(events) AS events, min(kept) AS kept FROM held GROUP BY stream, run
      ) h USING (stream, run, events)
    ), gone AS (
      DELETE FROM omen.events WHERE ctid = ANY(ARRAY(SELECT place FROM held JOIN whole USING (stream, run))) RETURNING last
    ), put AS (
      INSERT INTO omen.events (stream, last, first, from_time, to_time, kept, events, body, terms)
      SELECT stream, run, first, from_time, to_time, kept - 1, rest, body, terms::int[]
      FROM whole WHERE rest > 0 AND (SELECT count(*) FROM gone) > 0
    )
    SELECT events - rest AS gone FROM whole`,
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
  text: `SELECT ${alone} FROM omen.events e WHERE terms IS NULL ORDER BY stream, last LIMIT ${runsTogether}`,
}
