import type { DatabaseSync } from 'node:sqlite'
import { EventChunk, textOf } from '../events/chunk.ts'
import { EventTable } from './events.ts'

/** The most events of a block. */
const blockEvents = 1024

const tables = `
  -- The events, whole, in rows of consecutive ones. The newest are as they came, each row of one transaction. The key is the
  -- greatest of their sequence numbers; kept counts the events that are not deleted.
  CREATE TABLE event_chunks (
    last INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    from_time REAL NOT NULL,
    to_time REAL NOT NULL,
    events BLOB NOT NULL
  ) STRICT;

  -- The older ones are in blocks. The dictionary is that of the compression.
  CREATE TABLE event_blocks (
    last INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    from_time REAL NOT NULL,
    to_time REAL NOT NULL,
    bytes INTEGER NOT NULL,
    dictionary BLOB NOT NULL
  ) STRICT;
  CREATE INDEX event_blocks_by_time ON event_blocks (to_time, last, from_time);
  CREATE TABLE event_terms (
    block INTEGER NOT NULL,
    term INTEGER NOT NULL,
    -- for each chunk that has the term, the block's key less the chunk's: 4,36,100
    backs TEXT NOT NULL,
    PRIMARY KEY (block, term)
  ) STRICT, WITHOUT ROWID;
`

/** The step that gives events their form. All events of the schemas before are written anew. */
export function rewriteEvents(database: DatabaseSync): void {
  const hasGaps = database
    .prepare("SELECT 1 FROM pragma_table_info('event_chunks') WHERE name = 'gaps'")
    .get()
  database.exec(`
    CREATE TABLE IF NOT EXISTS event_dictionaries (block INTEGER PRIMARY KEY, text BLOB NOT NULL) STRICT;
    DROP INDEX IF EXISTS event_blocks_by_time;
    DROP TABLE IF EXISTS event_columns;
    DROP TABLE IF EXISTS event_terms;
    ALTER TABLE event_blocks RENAME TO old_blocks;
    ALTER TABLE event_chunks RENAME TO old_chunks;
    ${tables}
  `)
  const table = new EventTable(database, blockEvents)
  let rows: EventChunk[] = []
  for (const row of hasGaps ? gapped(database) : consecutive(database)) {
    const [first, last] = [rows[0], rows.at(-1)]
    if (first && (row.last - first.first >= blockEvents || row.first !== last!.last + 1)) {
      table.put(rows)
      rows = []
    }
    rows.push(row)
  }
  if (rows.length > 0) table.put(rows)
  database.exec('DROP TABLE old_chunks; DROP TABLE old_blocks; DROP TABLE event_dictionaries')
}

/** The rows of schemas 1 to 11. Nothing but their text says how many events they have. */
function* consecutive(database: DatabaseSync): Generator<EventChunk> {
  for (const { last, events } of database.prepare('SELECT * FROM old_chunks ORDER BY last').iterate())
    yield EventChunk.openUpTo(Number(last), events as Uint8Array) // BLOB NOT NULL
}

/** The events of schemas 12 and 13: the chunks of a block have them in another order. */
function* gapped(database: DatabaseSync): Generator<EventChunk> {
  const blocks = database
    .prepare(
      `SELECT b.first, b.last, d.text FROM old_blocks b LEFT JOIN event_dictionaries d ON d.block = b.last
        UNION ALL SELECT first, last, NULL FROM old_chunks WHERE last > (SELECT coalesce(max(last), 0) FROM old_blocks)
        ORDER BY last`,
    )
    .all()
  const chunks = database.prepare('SELECT * FROM old_chunks WHERE last BETWEEN ? AND ?')
  for (const block of blocks) {
    const [first, last] = [Number(block.first), Number(block.last)]
    const dictionary = (block.text as Uint8Array | null) ?? undefined // BLOB in a STRICT table, as the next
    const lines = Array.from({ length: last - first + 1 }, () => ({ head: '', json: '' }))
    for (const row of chunks.iterate(first, last)) {
      const from = Number(row.first)
      const numbers = row.gaps === null ? undefined : numbersOf(from, String(row.gaps))
      const end = numbers ? from + numbers.length - 1 : Number(row.last)
      const chunk = EventChunk.open(from, end, row.events as Uint8Array, undefined, dictionary) // as above
      for (const [place, line] of chunk.lines().entries())
        lines[(numbers?.[place] ?? from + place) - first] = line
    }
    yield new EventChunk(first, last, textOf(lines))
  }
}

function numbersOf(first: number, gaps: string): readonly number[] {
  const numbers = [first]
  for (const gap of gaps === '' ? [] : gaps.split(',')) numbers.push(numbers.at(-1)! + Number(gap)) // there is one
  return numbers
}
