import type { EventPosition } from '../types.ts'
import type { Link } from './link.ts'
import { formatPosition } from './position.ts'

/** Rows that one statement weighs: tens of milliseconds, so that other questions have their turn between. */
const rowsTogether = 50_000

/** A row of events, in the order in which rows were kept. */
type Place = readonly [kept: string, stream: number, last: string]

/** Above every row, and below. */
const newest: Place = ['9223372036854775807', 2_147_483_647, '9223372036854775807']
const oldest: Place = ['-1', 0, '0']

interface PlaceRow {
  readonly [column: string]: unknown
  readonly kept: string
  readonly stream: number
  readonly last: string
}

/** The rows up to a place, and after another one. */
interface Portion {
  readonly to: Place
  readonly after: Place
  readonly bytes: number
}

/**
 * Returns the position up to which events must be deleted so that the rest, with its share of the index, fits into a number of
 * bytes; undefined if all fit. No statement looks at more than a portion of the rows, or at their keys alone: a database of ten
 * million rows needs longer for all than an answer may take.
 */
export async function positionBeyond(link: Link, bytes: number): Promise<EventPosition | undefined> {
  const [index] = await link.query<{ bytes: string }>(sizeOfIndex, [])
  const portions: Portion[] = []
  let sum = 0
  for (let to: Place | undefined = newest; to !== undefined; ) {
    const [row]: readonly PlaceRow[] = await link.query<PlaceRow>(placeBelow, [...to])
    const next: Place | undefined = row && [row.kept, row.stream, row.last]
    const after = next ?? oldest
    const [size] = await link.query<{ bytes: string }>(sizeBetween, [...to, ...after])
    const portion = { to, after, bytes: Number(size?.bytes) }
    portions.push(portion)
    sum += portion.bytes
    to = next
  }
  // each row weighs what its events and its share of the index take
  const room = sum === 0 ? bytes : bytes / (1 + Number(index?.bytes) / sum)
  if (sum <= room) return undefined
  let total = 0
  for (const { to, after, bytes: own } of portions) {
    total += own
    if (total <= room) continue
    const [first] = await link.query<PlaceRow>(firstBeyond, [...to, ...after, room - (total - own)])
    if (first === undefined) continue // rows were deleted meanwhile
    const rows = await link.query<{ stream: number; last: string }>(lastsUpTo, [
      first.kept,
      first.stream,
      first.last,
    ])
    return formatPosition(new Map(rows.map(({ stream, last }) => [stream, Number(last)])))
  }
  return undefined
}

const sizeOfIndex = {
  name: 'size-of-index',
  text: 'SELECT coalesce(sum(pg_column_size(pairs)), 0)::text AS bytes FROM omen.event_terms',
}

const upTo = '(kept, stream, last) <= ($1::bigint, $2::int, $3::bigint)'
const between = `${upTo} AND (kept, stream, last) > ($4::bigint, $5::int, $6::bigint)`
const newestFirst = 'ORDER BY e.kept DESC, e.stream DESC, e.last DESC'

/** The row after a portion. The number is in the text: PostgreSQL sorts all rows if it does not know it. */
const placeBelow = {
  name: 'place-below',
  text: `SELECT kept::text, stream, last::text FROM omen.events e WHERE ${upTo} ${newestFirst} OFFSET ${rowsTogether} LIMIT 1`,
}

const sizeBetween = {
  name: 'size-between',
  text: `SELECT coalesce(sum(octet_length(body)), 0)::text AS bytes FROM omen.events WHERE ${between}`,
}

const firstBeyond = {
  name: 'first-beyond',
  text: `
    SELECT kept::text, stream, last::text FROM (
      SELECT e.kept, e.stream, e.last, sum(octet_length(body)) OVER (${newestFirst}) AS total
      FROM omen.events e WHERE ${between}
    ) AS e WHERE total > $7::float8 ${newestFirst} LIMIT 1`,
}

const lastsUpTo = {
  name: 'lasts-up-to',
  text: `SELECT stream, max(last)::text AS last FROM omen.events WHERE ${upTo} GROUP BY stream`,
}
