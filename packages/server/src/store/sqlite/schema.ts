import type { DatabaseSync } from 'node:sqlite'

/** `omen` in ASCII: how SQLite's header says whose file this is. */
export const applicationId = 0x6f6d656e

/**
 * The steps from an empty file to the newest schema. SQLite's `user_version` counts the steps done, so a
 * step that was released is never edited: the next change is the next step.
 *
 * Names compare byte for byte (SQLite's default): IAM decides itself which names it takes for the same.
 *
 * A trail is an account in a region: look-ups ask for one, so each index begins with its number, and a
 * region with few events is found as fast as one with many.
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
  CREATE INDEX events_by_time ON events (trail, time);
  CREATE INDEX events_by_id ON events (trail, id);
  CREATE INDEX events_by_name ON events (trail, name, time);
  CREATE INDEX events_by_source ON events (trail, source, time);
  CREATE INDEX events_by_username ON events (trail, username, time) WHERE username IS NOT NULL;
  CREATE INDEX events_by_access_key_id ON events (trail, access_key_id, time) WHERE access_key_id IS NOT NULL;
  CREATE INDEX events_by_read_only ON events (trail, read_only, time);

  CREATE TABLE event_resources (
    trail INTEGER NOT NULL,
    attribute TEXT NOT NULL,
    value TEXT NOT NULL,
    time INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (trail, attribute, value, time, sequence)
  ) STRICT, WITHOUT ROWID;
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
