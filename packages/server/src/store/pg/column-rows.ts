import { EventChunk } from '../sqlite/event-chunk.ts'
import type { EventColumns } from '../sqlite/event-columns.ts'
import type { Link } from './link.ts'
import { unpackColumns } from './packed-columns.ts'

/** What look-ups search in the events of one row. */
export interface ColumnRow {
  readonly stream: number
  readonly first: number
  readonly last: number
  /** The bytes of the row's events. */
  readonly bytes: number
  /** Nothing if a node of a release without columns wrote the row. */
  readonly columns: Uint8Array | undefined
}

/** The numbers before the columns of a row: last, first, the bytes of its events, and those of its columns. */
const headBytes = 8 + 8 + 4 + 4

/** Reads what look-ups search in the events of rows, without the events. */
export class ColumnReader {
  readonly #link: Link

  constructor(link: Link) {
    this.#link = link
  }

  /** Returns the rows after a position of each stream, at most `limit` of each in their order. */
  async after(
    positions: ReadonlyMap<number, number>,
    limit: number,
  ): Promise<readonly (readonly ColumnRow[])[]> {
    const values = [[...positions.keys()], [...positions.values()], limit]
    const streams = await this.#link.query<{ stream: number; found: Buffer }>(rowsAfter, values)
    return streams.map(({ stream, found }) => [...rowsIn(stream, found)])
  }

  /** Adds the events of a row to columns. */
  async add({ stream, last, columns }: ColumnRow, to: EventColumns): Promise<void> {
    if (columns !== undefined) {
      unpackColumns(columns, to)
      return
    }
    const [row] = await this.#link.query<{ body: Buffer }>(bodyOf, [stream, last])
    if (row !== undefined) for (const head of new EventChunk(last, row.body).heads) to.add(head)
  }
}

function* rowsIn(stream: number, found: Buffer): Generator<ColumnRow> {
  for (let at = 0; at < found.length; ) {
    const length = found.readInt32BE(at + 20)
    const start = at + headBytes
    yield {
      stream,
      last: Number(found.readBigInt64BE(at)),
      first: Number(found.readBigInt64BE(at + 8)),
      bytes: found.readInt32BE(at + 16),
      columns: length === 0 ? undefined : found.subarray(start, start + length),
    }
    at = start + length
  }
}

/** Rows of a stream are one value, because a row of a result costs the driver more than the search of its events. */
const rowsAfter = {
  name: 'columns-after',
  text: `
    SELECT p.stream, e.found FROM unnest($1::int[], $2::bigint[]) AS p(stream, position)
    CROSS JOIN LATERAL (
      SELECT string_agg(
        int8send(last) || int8send(first) || int4send(octet_length(body))
          || int4send(coalesce(octet_length(columns), 0)) || coalesce(columns, ''), '' ORDER BY last
      ) AS found FROM (
        SELECT last, first, body, columns FROM omen.events
        WHERE stream = p.stream AND last > p.position ORDER BY last LIMIT $3
      ) AS r
    ) e WHERE e.found IS NOT NULL`,
}

const bodyOf = { name: 'body-of', text: 'SELECT body FROM omen.events WHERE stream = $1 AND last = $2' }
