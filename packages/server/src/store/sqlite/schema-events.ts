import type { DatabaseSync } from 'node:sqlite'
import { EventChunk } from '../events/chunk.ts'
import { EventIndex } from './event-index.ts'
import { EventLog } from './event-log.ts'

/** The most events of a block, as if they had just come. */
const blockEvents = 1024

/** The step that gives each block a dictionary. Blocks that are older have none. The key is the block's. */
export const eventDictionaries = `
    CREATE TABLE IF NOT EXISTS event_dictionaries (
      block INTEGER PRIMARY KEY,
      text BLOB NOT NULL
    ) STRICT;
`

/** The step that gives events an index of terms. All events of the schemas before are written anew. */
export function addEventTerms(database: DatabaseSync): void {
  database.exec(`
    DROP TABLE event_blocks;
    DROP TABLE IF EXISTS event_columns;
    DROP TABLE IF EXISTS event_terms;
    ALTER TABLE event_chunks RENAME TO old_chunks;

    -- The events, whole. The newest are as they came: a row is of one transaction, and holds consecutive events. The older ones
    -- are chunks of a block, with the gaps between the sequence numbers of their events. The key is the greatest of these
    -- numbers; kept counts the events that are not deleted.
    CREATE TABLE event_chunks (
      last INTEGER PRIMARY KEY,
      first INTEGER NOT NULL,
      kept INTEGER NOT NULL,
      from_time REAL NOT NULL,
      to_time REAL NOT NULL,
      gaps TEXT,
      events BLOB NOT NULL
    ) STRICT;

    -- The index of the older ones.
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
      -- for each chunk that has the term, the block's key less the chunk's: 4,36,100
      backs TEXT NOT NULL,
      PRIMARY KEY (block, term)
    ) STRICT, WITHOUT ROWID;
    ${eventDictionaries}
  `)
  const log = new EventLog(database)
  const index = new EventIndex(database, log)
  let chunks: EventChunk[] = []
  let count = 0
  const seal = () => {
    if (chunks.length > 0) index.seal({ first: chunks[0]!.first, last: chunks.at(-1)!.last }, chunks)
    chunks = []
    count = 0
  }
  for (const { last, events } of database
    .prepare('SELECT last, events FROM old_chunks ORDER BY last')
    .iterate()) {
    const old = EventChunk.openUpTo(Number(last), events as Uint8Array) // BLOB NOT NULL
    if (count >= blockEvents || old.first !== (chunks.at(-1)?.last ?? 0) + 1) seal()
    chunks.push(old)
    count += old.count
  }
  seal()
  database.exec('DROP TABLE old_chunks')
}
