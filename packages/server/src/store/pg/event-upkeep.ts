import { EventChunk, sealChunk } from '../sqlite/event-chunk.ts'
import { columns, EventColumns, valueColumns } from '../sqlite/event-columns.ts'
import { hole, readHeads } from '../sqlite/event-pack.ts'
import { type EventPosition, type Forgetting, firstPosition, type LeaseToken } from '../types.ts'
import { ColumnReader } from './column-rows.ts'
import { positionBeyond } from './event-sizes.ts'
import { breath } from './event-tails.ts'
import type { Link } from './link.ts'
import { packColumns } from './packed-columns.ts'
import { parsePosition } from './position.ts'
import { placeOf } from './stream.ts'

/** Rows that are deleted together, so that commits run between. */
const rowsTogether = 500

/** Rows that one statement reads for a block: all, if they have some events each. */
const rowsOfBlock = 256

/** Streams of connections that ended so long ago, in milliseconds, get a block however few events are left. */
const quietMilliseconds = 10 * 60_000

interface EventRow {
  readonly [column: string]: unknown
  readonly stream: number
  readonly last: string
  readonly body: Buffer
}

/** What is done to events after they are stored: they are indexed, and forgotten. */
export class EventUpkeep {
  readonly #link: Link
  readonly #rows: ColumnReader
  /** Events in a block of the index. */
  readonly blockEvents: number

  constructor(link: Link, blockEvents: number) {
    this.#link = link
    this.#rows = new ColumnReader(link)
    this.blockEvents = blockEvents
  }

  /** Deletes events and returns how many. */
  async forget({ before = Number.NEGATIVE_INFINITY, upTo = firstPosition }: Forgetting): Promise<number> {
    const positions = [...parsePosition(upTo)]
    const streams = positions.map(([stream]) => stream)
    const lasts = positions.map(([, position]) => position)
    let forgotten = 0
    for (const [statement, values] of [
      [deleteOlder, [before, rowsTogether]],
      [deleteUpTo, [streams, lasts, rowsTogether]],
    ] as const)
      for (;;) {
        const rows = await this.#link.query<{ events: number }>(statement, [...values])
        for (const { events } of rows) forgotten += events
        if (rows.length < rowsTogether) break
      }
    const partial = await this.#link.query<EventRow>(partlyForgotten, [before, streams, lasts])
    const ends = new Map(positions)
    for (const row of partial) forgotten += await this.#cut(row, before, ends.get(row.stream) ?? 0)
    if (forgotten > 0) {
      await this.#link.query(deleteBlocks, [])
      await this.#link.query(deleteColumns, [])
    }
    return forgotten
  }

  /** See `positionBeyond`. */
  beyond(bytes: number): Promise<EventPosition | undefined> {
    return positionBeyond(this.#link, bytes)
  }

  /**
   * Writes one block of the index if a stream has enough events for it; returns whether it did. Only the holder of the
   * lease for blocks does so: nothing is written if it has passed to another node.
   */
  async index(lease: LeaseToken): Promise<boolean> {
    const [waiting] = await this.#link.query<{ stream: number; last: string }>(unindexed, [
      this.blockEvents,
      quietMilliseconds,
    ])
    if (waiting === undefined) return false
    const { stream } = waiting
    let block: EventColumns | undefined
    let after = Number(waiting.last)
    let bytes = 0
    for (let isMore = true; isMore; ) {
      const [rows = []] = await this.#rows.after(new Map([[stream, after]]), rowsOfBlock)
      isMore = rows.length === rowsOfBlock
      for (const row of rows) {
        const first = placeOf(stream, row.first)
        block ??= new EventColumns(first, this.blockEvents + row.last - row.first + 1)
        // a statement that was refused leaves a gap, and a block has none
        if (block.count > 0 && (first !== block.last + 1 || block.count >= this.blockEvents)) {
          isMore = false
          break
        }
        await this.#rows.add(row, block)
        after = row.last
        bytes += row.bytes
      }
      await breath()
    }
    if (block === undefined) return false
    return this.#write(lease, stream, block, after, bytes)
  }

  async #write(
    { job, token }: LeaseToken,
    stream: number,
    block: EventColumns,
    last: number,
    bytes: number,
  ): Promise<boolean> {
    const first = last - block.count + 1
    const data: Uint8Array[] = []
    const times = block.times()
    data[columns.time] = new Uint8Array(times.buffer, times.byteOffset, times.byteLength)
    for (const column of valueColumns) {
      data[column] = block.postings(column)
      await breath()
    }
    const written = await this.#link.query(putBlock, [
      job,
      token,
      stream,
      last,
      first,
      block.events,
      block.events === 0 ? 0 : block.fromTime,
      block.events === 0 ? 0 : block.toTime,
      data.reduce((sum, { length }) => sum + length, bytes),
      ...data.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
    ])
    return written.length > 0
  }

  /** Rewrites a row with holes for the events to be forgotten. Returns how many there were. */
  async #cut({ stream, last, body }: EventRow, before: number, upTo: number): Promise<number> {
    const chunk = new EventChunk(Number(last), body)
    const pack = chunk.without({ before, upTo })
    const heads = readHeads(pack.heads)
    const had = chunk.heads.filter((head) => head !== hole).length
    const kept = heads.filter((head) => head !== hole)
    if (kept.length === had) return 0
    const times = kept.map(([time]) => time)
    const rewritten = await this.#link.query(rewrite, [
      stream,
      last,
      Buffer.from(sealChunk([pack])),
      kept.length,
      times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY),
      Buffer.from(packColumns(heads)),
      had,
    ])
    return rewritten.length === 0 ? 0 : had - kept.length
  }
}

const deleteOlder = {
  name: 'delete-older',
  text: `
    DELETE FROM omen.events WHERE (stream, last) IN (
      SELECT stream, last FROM omen.events WHERE from_time < $1::float8 AND to_time < $1::float8 LIMIT $2
    ) RETURNING events`,
}

const deleteUpTo = {
  name: 'delete-up-to',
  text: `
    DELETE FROM omen.events WHERE (stream, last) IN (
      SELECT e.stream, e.last FROM unnest($1::int[], $2::bigint[]) AS p(stream, position)
      JOIN omen.events e ON e.stream = p.stream AND e.last <= p.position LIMIT $3
    ) RETURNING events`,
}

const partlyForgotten = {
  name: 'partly-forgotten',
  text: `
    SELECT stream, last::text, body FROM omen.events WHERE from_time < $1::float8
    UNION
    SELECT e.stream, e.last::text, e.body FROM unnest($2::int[], $3::bigint[]) AS p(stream, position)
    CROSS JOIN LATERAL (
      SELECT * FROM omen.events WHERE stream = p.stream AND last > p.position ORDER BY last LIMIT 1
    ) e WHERE e.first <= p.position`,
}

const rewrite = {
  name: 'rewrite-events',
  // a node that was paused meanwhile must not bring back what another one has cut; each cut leaves fewer events
  text: `
    UPDATE omen.events SET body = $3, events = $4, from_time = $5::float8, columns = $6
    WHERE stream = $1 AND last = $2 AND events = $7 RETURNING events`,
}

const deleteBlocks = {
  name: 'delete-blocks',
  text: `
    DELETE FROM omen.event_blocks b WHERE NOT EXISTS (
      SELECT FROM omen.events e WHERE e.stream = b.stream AND e.last BETWEEN b.first AND b.last
    )`,
}

const deleteColumns = {
  name: 'delete-columns',
  text: `
    DELETE FROM omen.event_columns c WHERE NOT EXISTS (
      SELECT FROM omen.event_blocks b WHERE b.stream = c.stream AND b.last = c.last
    )`,
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

/** A block's columns: the time and those with values. Each is a parameter, which the driver sends as bytes. */
const parts = [columns.time, ...valueColumns]

/**
 * Nothing is put if the lease has passed to another node, or if these events are in a block. The row of the lease is held until
 * the block is stored: the next holder sees it.
 */
const putBlock = {
  name: 'put-block',
  text: `
    WITH lease AS MATERIALIZED (
      SELECT job FROM omen.leases WHERE job = $1 AND token = $2::bigint FOR SHARE
    ), block AS (
      INSERT INTO omen.event_blocks (stream, last, first, events, from_time, to_time, bytes)
      SELECT $3::int, $4::bigint, $5::bigint, $6::int, $7::float8, $8::float8, $9::bigint FROM lease
      WHERE NOT EXISTS (SELECT FROM omen.event_blocks WHERE stream = $3 AND last >= $5 AND first <= $4)
      RETURNING last
    ), put AS (
      INSERT INTO omen.event_columns (stream, last, part, data)
      SELECT $3, last, part, data FROM block, (VALUES ${parts.map((part) => `(${part}, $${10 + part}::bytea)`).join(', ')}) AS c(part, data)
    )
    SELECT last FROM block`,
}
