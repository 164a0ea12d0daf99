import { EventChunk } from '../events/chunk.ts'
import { Followed } from '../events/follow.ts'
import { searchStep } from '../events/search.ts'
import {
  type EventPosition,
  type EventSearch,
  type EventSearchStep,
  type Forgetting,
  firstPosition,
  type StoredEvent,
} from '../types.ts'
import type { Link } from './link.ts'
import { formatPosition, parsePosition } from './position.ts'

/** Rows that one statement reads: events of one transaction each. */
const rowsTogether = 64

/** The most that one step of a search reads. */
const stepMost = { rows: 100, events: 1_600, characters: 2 * 1024 * 1024 } as const

/** From this many streams on, a position drops those whose events are all gone. */
const streamsMany = 32

/** A row of events. */
interface BodyRow {
  readonly [column: string]: unknown
  readonly stream: number
  readonly first: string
  readonly last: string
  readonly kept: string
  readonly body: Buffer
}

/** Returns the events of a row. */
export function chunkOf({ first, last, body }: Pick<BodyRow, 'first' | 'last' | 'body'>): EventChunk {
  return EventChunk.open(Number(first), Number(last), body)
}

/** Reads events in the order in which they were stored. */
export class EventReader {
  readonly #link: Link

  constructor(link: Link) {
    this.#link = link
  }

  /** Returns events after a position: at most `limit`, fewer if they are long, but one if there is one. */
  async after(
    position: EventPosition,
    limit: number,
    only?: Forgetting,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly position: EventPosition }> {
    const positions = parsePosition(position)
    const { before = Number.NEGATIVE_INFINITY, upTo = firstPosition } = only ?? {
      before: Number.POSITIVE_INFINITY,
    }
    const ends = parsePosition(upTo)
    const followed = new Followed(limit, before)
    for (let isMore = true; isMore && !followed.isFull; ) {
      const rows = await this.#link.query<BodyRow>(rowsAfter, [
        [...positions.keys()],
        [...positions.values()],
        rowsTogether,
        before,
        [...ends.keys()],
        [...ends.values()],
      ])
      for (const row of rows) {
        if (followed.isFull) break
        const { stream } = row
        const read = followed.take(chunkOf(row), positions.get(stream) ?? 0, ends.get(stream) ?? 0)
        positions.set(stream, read)
      }
      isMore = rows.length === rowsTogether
    }
    return { events: followed.events, position: await this.#positionOf(positions) }
  }

  /** Returns a position such that all events from an instant on come after it. A few older ones may, too. */
  at(time: number): Promise<EventPosition> {
    return this.#positions(positionsAt, [time])
  }

  /** Returns the position behind the newest event of each stream. */
  newest(): Promise<EventPosition> {
    return this.#positions(newestPositions, [])
  }

  async #positions(query: typeof positionsAt, values: readonly number[]): Promise<EventPosition> {
    const rows = await this.#link.query<{ stream: number; position: string }>(query, [...values])
    return formatPosition(new Map(rows.map(({ stream, position }) => [stream, Number(position)])))
  }

  /** One step of a search for texts, newest first. */
  async search(search: EventSearch): Promise<EventSearchStep> {
    const { before } = search
    const end = before === undefined ? undefined : parsePlace(before)
    if (before !== undefined && end === undefined)
      throw new RangeError('`before` is no end of a step of this store')
    const rows = await this.#link.query<BodyRow>(rowsBefore, [
      end?.kept ?? newest,
      end?.stream ?? 0,
      end?.last ?? 0,
      stepMost.rows,
    ])
    const searched = rows.map((row) => {
      // the row in which the last step ended may be merged with others meanwhile
      const isEnds =
        row.stream === end?.stream && Number(row.first) <= end.last && Number(row.last) >= end.last
      const before = isEnds ? end.position : Number.POSITIVE_INFINITY
      return { chunk: chunkOf(row), before, placeOf: (position: number) => formatPlace(row, position) }
    })
    const step = searchStep(search, searched, stepMost)
    const oldest = rows.length < stepMost.rows ? undefined : rows.at(-1)
    if (step.before !== undefined || oldest === undefined) return step
    return { ...step, before: formatPlace(oldest, Number(oldest.first)) }
  }

  /** A position with many streams drops those that are gone: they have no events, and never will. */
  async #positionOf(positions: Map<number, number>): Promise<EventPosition> {
    if (positions.size > streamsMany) {
      const rows = await this.#link.query<{ id: number }>(streamsThere, [[...positions.keys()]])
      const there = new Set(rows.map(({ id }) => id))
      for (const stream of positions.keys()) if (!there.has(stream)) positions.delete(stream)
    }
    return formatPosition(positions)
  }
}

/** A place within a search: the row of an event, and the event before which the search continues. */
interface Place {
  readonly kept: string
  readonly stream: number
  readonly last: number
  readonly position: number
}

function formatPlace({ kept, stream, last }: BodyRow, position: number): string {
  return `${kept}.${stream}.${last}.${position}`
}

/** The largest bigint of PostgreSQL: newer than any row. */
const newest = '9223372036854775807'

/** Returns the place that a text names, or undefined if it is no end of a step of this store. */
export function parsePlace(text: string): Place | undefined {
  const match = /^(\d{1,19})\.(\d{1,7})\.(\d{1,11})\.(\d{1,11})$/.exec(text)
  if (!match) return undefined
  const [, kept = '', stream, last, position] = match
  if (BigInt(kept) > BigInt(newest)) return undefined
  return { kept, stream: Number(stream), last: Number(last), position: Number(position) }
}

/**
 * The rows after a position that have events older than an instant, or up to another position. Rows of one stream come in the order
 * of their positions, even if the server's clock went back: a reader remembers one position for each stream.
 */
const rowsAfter = {
  name: 'events-after',
  text: `
    SELECT stream, first::text, last::text, kept::text, body FROM (
      SELECT e.*, max(e.kept) OVER (PARTITION BY e.stream ORDER BY e.last) AS place
      FROM omen.streams s
      LEFT JOIN unnest($1::int[], $2::bigint[]) AS p(stream, position) ON p.stream = s.id
      LEFT JOIN unnest($5::int[], $6::bigint[]) AS u(stream, position) ON u.stream = s.id
      CROSS JOIN LATERAL (
        SELECT stream, first, last, kept, body FROM omen.events
        WHERE stream = s.id AND last > coalesce(p.position, 0)
          AND (first <= coalesce(u.position, 0) OR from_time < $4::float8) ORDER BY last LIMIT $3
      ) e
    ) AS found ORDER BY place, stream, found.last LIMIT $3`,
}

const rowsBefore = {
  name: 'events-before',
  text: `
    SELECT stream, first::text, last::text, kept::text, body FROM omen.events e
    WHERE (kept, stream, last) <= ($1::bigint, $2::int, $3::bigint)
    ORDER BY e.kept DESC, e.stream DESC, e.last DESC LIMIT $4`,
}

const positionsAt = {
  name: 'positions-at',
  text: `
    SELECT s.id AS stream, coalesce(later.first - 1, (SELECT max(last) FROM omen.events WHERE stream = s.id)) AS position
    FROM omen.streams s
    CROSS JOIN LATERAL (
      SELECT coalesce(min(first) FILTER (WHERE to_time >= $1::float8), max(last) + 1, 0) AS first
      FROM omen.event_blocks WHERE stream = s.id
    ) begin
    LEFT JOIN LATERAL (
      SELECT first FROM omen.events WHERE stream = s.id AND last >= begin.first AND to_time >= $1::float8 ORDER BY last LIMIT 1
    ) AS later ON true
    WHERE EXISTS (SELECT FROM omen.events WHERE stream = s.id)`,
}

const newestPositions = {
  name: 'newest-positions',
  text: `
    SELECT s.id AS stream, e.last AS position FROM omen.streams s
    CROSS JOIN LATERAL (SELECT max(last) AS last FROM omen.events WHERE stream = s.id) e WHERE e.last IS NOT NULL`,
}

const streamsThere = { name: 'streams-there', text: 'SELECT id FROM omen.streams WHERE id = ANY($1::int[])' }
