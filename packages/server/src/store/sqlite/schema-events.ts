import type { DatabaseSync } from 'node:sqlite'
import { EventChunk, eventsMost } from '../events/chunk.ts'
import { EventIndex } from './event-index.ts'
import { EventLog } from './event-log.ts'

/** The most rows of a block of the index: those of few events become one. */
const rowsOfBlock = 256

/** The step that gives events an index of terms. Chunks and blocks of the schemas before are written anew. */
export function addEventTerms(database: DatabaseSync): void {
  database.exec(`
    DROP TABLE event_blocks;
    DROP TABLE event_columns;
    ALTER TABLE event_chunks RENAME TO old_chunks;

    -- The events, whole. The newest are as they came: a row is of one transaction. The older ones are compressed chunks. The
    -- key is the sequence number of the last of them; kept counts those that are not deleted.
    CREATE TABLE event_chunks (
      last INTEGER PRIMARY KEY,
      first INTEGER NOT NULL,
      kept INTEGER NOT NULL,
      from_time REAL NOT NULL,
      to_time REAL NOT NULL,
      events BLOB NOT NULL
    ) STRICT;

    -- The index of the compressed chunks: what look-ups search, a row for each term of a chunk.
    CREATE TABLE event_blocks (
      last INTEGER PRIMARY KEY,
      first INTEGER NOT NULL,
      from_time REAL NOT NULL,
      to_time REAL NOT NULL,
      bytes INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX event_blocks_by_time ON event_blocks (to_time, last);
    CREATE TABLE event_terms (
      block INTEGER NOT NULL,
      term INTEGER NOT NULL,
      -- the number of events between the chunk and the end of the block
      back INTEGER NOT NULL,
      PRIMARY KEY (block, term, back)
    ) STRICT, WITHOUT ROWID;
  `)
  const log = new EventLog(database)
  const index = new EventIndex(database, log)
  let rows: EventChunk[] = []
  for (const { last, events } of database
    .prepare('SELECT last, events FROM old_chunks ORDER BY last')
    .iterate()) {
    const old = EventChunk.open(Number(last), events as Uint8Array) // BLOB NOT NULL
    const lines = old.lines()
    for (let at = 0; at < lines.length; at += eventsMost) {
      const row = log.put(old.first + at, lines.slice(at, at + eventsMost))
      if (row === undefined) continue
      if (rows.length === rowsOfBlock || row.first !== (rows.at(-1)?.last ?? 0) + 1) {
        if (rows.length > 0) index.seal(rows)
        rows = []
      }
      rows.push(row)
    }
  }
  if (rows.length > 0) index.seal(rows)
  database.exec('DROP TABLE old_chunks')
}
