import type { DatabaseSync } from 'node:sqlite'
import { addBlobs } from './schema-blobs.ts'
import { rewriteEvents } from './schema-events.ts'

/** `omen` in ASCII: the application id in SQLite's header. */
export const applicationId = 0x6f6d656e

/**
 * The steps from an empty file to the newest schema. SQLite's `user_version` counts the completed steps, so a released
 * step is never edited: the next change is a new step. Names compare byte for byte (SQLite's default): IAM decides
 * itself which names are equal.
 */
const steps: readonly (string | ((database: DatabaseSync) => void))[] = [
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

  -- The events, whole: each row those of a transaction, or of several put together. The key is the sequence
  -- number of the last of them.
  CREATE TABLE event_chunks (
    last INTEGER PRIMARY KEY,
    events BLOB NOT NULL
  ) STRICT;

  -- The newest sequence number when events were last deleted: smaller ones are never given again.
  CREATE TABLE event_sequence (noted INTEGER NOT NULL) STRICT;
  INSERT INTO event_sequence VALUES (0);

  -- The index: what look-ups search of thousands of events at a time, up to the last one of each block.
  CREATE TABLE event_blocks (
    last INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    events INTEGER NOT NULL,
    from_time INTEGER NOT NULL,
    to_time INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE event_columns (
    key INTEGER PRIMARY KEY,
    data BLOB NOT NULL
  ) STRICT;
  `,
  `
  -- What a block's chunks and columns take.
  ALTER TABLE event_blocks ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
  UPDATE event_blocks SET bytes =
    (SELECT total(length(events)) FROM event_chunks AS chunk
      WHERE chunk.last BETWEEN event_blocks.first AND event_blocks.last) +
    (SELECT total(length(data)) FROM event_columns
      WHERE key >= event_blocks.last * 16 AND key < event_blocks.last * 16 + 16);

  -- Denials, in the order kept, and the policy documents that they name.
  CREATE TABLE denials (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    request TEXT NOT NULL,
    time INTEGER NOT NULL,
    size INTEGER NOT NULL,
    account TEXT NOT NULL,
    action TEXT NOT NULL,
    resource TEXT NOT NULL,
    -- The hashes of its documents, a space between.
    names TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX denials_by_id ON denials (id);
  CREATE INDEX denials_by_request ON denials (request);
  CREATE INDEX denials_by_time ON denials (time);
  CREATE TABLE denial_documents (
    hash TEXT PRIMARY KEY,
    used INTEGER NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX denial_documents_by_use ON denial_documents (used);
  `,
  `
  -- Events of what was begun elsewhere and is not known to have ended.
  CREATE TABLE begun (
    id TEXT PRIMARY KEY,
    head TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The number of the last denial that brought the document: none after it but the next few hundred count on it.
  ALTER TABLE denial_documents ADD COLUMN brought INTEGER NOT NULL DEFAULT 0;
  UPDATE denial_documents SET brought = (SELECT coalesce(max(number), 0) FROM denials);
  CREATE INDEX denial_documents_by_denial ON denial_documents (brought);
  `,
  `
  -- They stand in a file of their own now.
  DROP TABLE begun;
  `,
  addBlobs,
  `
  -- The name of an account's newest state.
  ALTER TABLE accounts ADD COLUMN lineage TEXT NOT NULL DEFAULT '';
  UPDATE accounts SET lineage = lower(
    hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8' ||
    substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));
  `,
  `
  -- The last call of each access key and role. Earlier ones are items of the accounts.
  CREATE TABLE last_uses (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    service TEXT NOT NULL,
    region TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Where deliveries of trails are, and the files of each since its last digest.
  CREATE TABLE deliveries (
    account TEXT NOT NULL,
    trail TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (account, trail)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE trail_files (
    account TEXT NOT NULL,
    trail TEXT NOT NULL,
    chain TEXT NOT NULL,
    number INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (account, trail, chain, number)
  ) STRICT, WITHOUT ROWID;

  -- Work that is done at least once: invocations that no caller waits for.
  CREATE TABLE works (
    id TEXT PRIMARY KEY,
    due INTEGER NOT NULL,
    size INTEGER NOT NULL,
    value TEXT NOT NULL
  ) STRICT;
  CREATE INDEX works_by_due ON works (due, id);
  `,
  // an index of events that step 14 makes anew
  '',
  `
  -- Users and groups of IAM Identity Center, with their passwords and devices, move to an aggregate beside their account.
  CREATE TEMP TABLE moving AS
    SELECT account, kind, id FROM items AS item
    WHERE kind IN ('center/user', 'center/group', 'center/membership', 'center/mfa-device')
    OR (kind = 'iam/login-profile' AND EXISTS
      (SELECT 1 FROM items AS user WHERE user.account = item.account AND user.kind = 'center/user' AND user.id = item.id));
  INSERT INTO accounts (id, revision, lineage)
    SELECT '1' || id, 1, lower(
      hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8' ||
      substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))
    FROM accounts WHERE number IN (SELECT account FROM moving) ORDER BY number;
  INSERT INTO items (account, kind, id, value)
    SELECT beside.number, item.kind, item.id, item.value
    FROM moving
    JOIN items AS item ON item.account = moving.account AND item.kind = moving.kind AND item.id = moving.id
    JOIN accounts AS own ON own.number = moving.account
    JOIN accounts AS beside ON beside.id = '1' || own.id;
  DELETE FROM items WHERE (account, kind, id) IN (SELECT account, kind, id FROM moving);
  DROP TABLE moving;
  `,
  // two forms of events, which step 14 makes anew
  '',
  '',
  rewriteEvents,
]

/** The schema that this program reads and writes. */
export const newestVersion = steps.length

/**
 * Executes the missing steps, each with its count in one transaction. In a new database all of them are one: it loses nothing if
 * they are not done, and each transaction waits for the disk.
 */
export function migrate(database: DatabaseSync, version: number): void {
  const together = version === 0 ? steps.length : 1
  for (let done = version; done < steps.length; done += together) {
    database.exec('BEGIN IMMEDIATE')
    try {
      for (const step of steps.slice(done, done + together)) {
        if (typeof step === 'string') database.exec(step)
        else step(database)
      }
      database.exec(`PRAGMA user_version = ${done + together}; COMMIT`)
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
}
