import type { DatabaseSync } from 'node:sqlite'

/** `omen` in ASCII: how SQLite's header says whose file this is. */
export const applicationId = 0x6f6d656e

/**
 * The steps from an empty file to the newest schema. SQLite's `user_version` counts the steps done, so a
 * step that was released is never edited: the next change is the next step.
 *
 * Names compare byte for byte (SQLite's default): IAM decides itself which names it takes for the same.
 *
 * A trail is an account in a region: look-ups ask for one, so the index begins with its number, and a
 * region with few events is searched as fast as one with many.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE accounts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE items (
    account INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (account, kind, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE trails (
    number INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    UNIQUE (account, region)
  ) STRICT;

  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    trail INTEGER NOT NULL,
    time INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    username TEXT,
    access_key_id TEXT,
    read_only INTEGER NOT NULL,
    error_code TEXT,
    resources TEXT,
    json TEXT NOT NULL
  ) STRICT;

  -- What look-ups find an event by: attribute 0 is any event of the trail.
  CREATE VIEW event_attributes (trail, attribute, value, time, sequence) AS
    SELECT trail, 0, '', time, sequence FROM events
    UNION ALL SELECT trail, 1, id, time, sequence FROM events
    UNION ALL SELECT trail, 2, name, time, sequence FROM events
    UNION ALL SELECT trail, 3, source, time, sequence FROM events
    UNION ALL SELECT trail, 4, username, time, sequence FROM events WHERE username IS NOT NULL
    UNION ALL SELECT trail, 5, access_key_id, time, sequence FROM events WHERE access_key_id IS NOT NULL
    UNION ALL SELECT trail, 6, iif(read_only, 'true', 'false'), time, sequence FROM events
    UNION ALL SELECT trail, 7, resource.value ->> 'type', time, sequence
      FROM events, json_each(events.resources) AS resource
    UNION ALL SELECT trail, 8, resource.value ->> 'name', time, sequence
      FROM events, json_each(events.resources) AS resource;

  -- That view, written down up to the event that event_index_progress names.
  CREATE TABLE event_index (
    trail INTEGER NOT NULL,
    attribute INTEGER NOT NULL,
    value TEXT NOT NULL,
    time INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (trail, attribute, value, time, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE event_index_progress (sequence INTEGER NOT NULL) STRICT;
  INSERT INTO event_index_progress VALUES (0);
  `,
]

/** The schema that this program reads and writes. */
export const newestVersion = steps.length

/** Takes the steps that are missing, each with its count in one transaction. */
export function migrate(database: DatabaseSync, version: number): void {
  for (let done = version; done < steps.length; done++) {
    database.exec(`BEGIN IMMEDIATE; ${steps[done]}; PRAGMA user_version = ${done + 1}; COMMIT`)
  }
}
