/**
 * The steps from an empty database to the newest schema. `omen.schema.version` counts the completed steps, so a
 * released step is never edited: the next change is a new step. A step must leave the schema usable for the release
 * before it; what that release still reads is removed one release later, by a step that raises `least`.
 *
 * Texts are compared byte for byte (collation "C"): IAM decides itself which names are equal. There are no sequences,
 * triggers, foreign keys or notifications, which other databases with PostgreSQL's protocol lack.
 */
const steps: readonly { readonly least: number; readonly text: string }[] = [
  {
    least: 1,
    text: `
    CREATE TABLE omen.settings (
      name text COLLATE "C" PRIMARY KEY,
      value text NOT NULL
    );

    -- born orders accounts by age: microseconds since the epoch
    CREATE TABLE omen.accounts (
      id bigint PRIMARY KEY,
      revision bigint NOT NULL,
      lineage uuid NOT NULL,
      born bigint NOT NULL
    ) WITH (fillfactor = 70);

    -- A value of NULL is a deleted item. An upsert, unlike a DELETE, sees rows that were committed while the statement
    -- waited for the account's lock.
    CREATE TABLE omen.items (
      account bigint NOT NULL,
      kind text COLLATE "C" NOT NULL,
      id text COLLATE "C" NOT NULL,
      value text,
      PRIMARY KEY (account, kind, id)
    );

    -- What each commit changed. Nodes that hold an account apply it in place.
    CREATE TABLE omen.account_log (
      account bigint NOT NULL,
      revision bigint NOT NULL,
      lineage uuid NOT NULL,
      base uuid,
      delta text NOT NULL,
      at bigint NOT NULL,
      PRIMARY KEY (account, revision)
    );
    CREATE INDEX account_log_at ON omen.account_log (at);

    CREATE TABLE omen.last_uses (
      account bigint NOT NULL,
      kind text COLLATE "C" NOT NULL,
      id text COLLATE "C" NOT NULL,
      value text NOT NULL,
      at bigint NOT NULL,
      PRIMARY KEY (account, kind, id)
    );
    CREATE TABLE omen.failures (
      name text COLLATE "C" PRIMARY KEY,
      since bigint NOT NULL,
      count int NOT NULL
    );

    CREATE TABLE omen.blobs (
      name text COLLATE "C" NOT NULL,
      part int NOT NULL,
      bytes bytea NOT NULL,
      PRIMARY KEY (name, part)
    );
    CREATE TABLE omen.blob_uses (
      account bigint NOT NULL,
      kind text COLLATE "C" NOT NULL,
      id text COLLATE "C" NOT NULL,
      blob text COLLATE "C" NOT NULL,
      PRIMARY KEY (account, kind, id)
    );
    CREATE INDEX blob_uses_blob ON omen.blob_uses (blob);

    -- A node is one life of one process.
    CREATE TABLE omen.nodes (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      version text NOT NULL,
      began bigint NOT NULL,
      beat bigint NOT NULL
    );
    CREATE TABLE omen.leases (
      job text COLLATE "C" PRIMARY KEY,
      holder uuid NOT NULL,
      until bigint NOT NULL,
      token bigint NOT NULL
    );
    CREATE TABLE omen.begun (
      id text COLLATE "C" PRIMARY KEY,
      node uuid NOT NULL,
      at bigint NOT NULL,
      event text NOT NULL
    );

    -- A stream is one life of one connection, and has one writer. So its positions come in order. Each statement that
    -- writes holds its stream's row: when the row says closed, no statement of that connection can be stored any more.
    CREATE TABLE omen.streams (
      id int PRIMARY KEY,
      node uuid NOT NULL,
      began bigint NOT NULL,
      closed boolean NOT NULL DEFAULT false
    );
    CREATE TABLE omen.events (
      stream int NOT NULL,
      last bigint NOT NULL,
      first bigint NOT NULL,
      from_time double precision NOT NULL,
      to_time double precision NOT NULL,
      -- microseconds since the epoch, by the server's clock
      kept bigint NOT NULL,
      -- without the deleted ones
      events int NOT NULL,
      body bytea NOT NULL,
      PRIMARY KEY (stream, last)
    );
    ALTER TABLE omen.events ALTER COLUMN body SET STORAGE EXTERNAL;
    CREATE INDEX events_kept ON omen.events (kept, stream, last);
    CREATE INDEX events_from ON omen.events (from_time);
    CREATE INDEX events_to ON omen.events (to_time, stream, first);
    CREATE TABLE omen.event_blocks (
      stream int NOT NULL,
      last bigint NOT NULL,
      first bigint NOT NULL,
      events int NOT NULL,
      from_time double precision NOT NULL,
      to_time double precision NOT NULL,
      bytes bigint NOT NULL,
      PRIMARY KEY (stream, last)
    );
    CREATE INDEX event_blocks_time ON omen.event_blocks (to_time, stream, last);
    CREATE TABLE omen.event_columns (
      stream int NOT NULL,
      last bigint NOT NULL,
      part smallint NOT NULL,
      data bytea NOT NULL,
      PRIMARY KEY (stream, last, part)
    );
    ALTER TABLE omen.event_columns ALTER COLUMN data SET STORAGE EXTERNAL;

    CREATE TABLE omen.denials (
      id text COLLATE "C" NOT NULL,
      request text COLLATE "C" NOT NULL,
      kept bigint NOT NULL,
      time double precision NOT NULL,
      size int NOT NULL,
      account bigint NOT NULL,
      action text NOT NULL,
      resource text NOT NULL,
      names text NOT NULL,
      record text NOT NULL,
      PRIMARY KEY (kept, id)
    );
    CREATE INDEX denials_id ON omen.denials (id);
    CREATE INDEX denials_request ON omen.denials (request);
    CREATE INDEX denials_time ON omen.denials (time);
    CREATE TABLE omen.denial_documents (
      hash text COLLATE "C" PRIMARY KEY,
      used double precision NOT NULL,
      kept bigint NOT NULL,
      text text NOT NULL
    );
    CREATE INDEX denial_documents_used ON omen.denial_documents (used);
    `,
  },
  {
    // no release had the first step alone
    least: 2,
    text: `
    -- Where deliveries of trails are, and the files of each since its last digest.
    CREATE TABLE omen.deliveries (
      account bigint NOT NULL,
      trail text COLLATE "C" NOT NULL,
      value text NOT NULL,
      PRIMARY KEY (account, trail)
    );
    CREATE TABLE omen.trail_files (
      account bigint NOT NULL,
      trail text COLLATE "C" NOT NULL,
      chain text COLLATE "C" NOT NULL,
      number bigint NOT NULL,
      value text NOT NULL,
      PRIMARY KEY (account, trail, chain, number)
    );

    -- Work that is done at least once: invocations that no caller waits for. A node has claimed it until an instant.
    CREATE TABLE omen.works (
      id text COLLATE "C" PRIMARY KEY,
      due bigint NOT NULL,
      holder uuid NOT NULL,
      until bigint NOT NULL,
      size int NOT NULL,
      value text NOT NULL
    );
    CREATE INDEX works_due ON omen.works (due, id);

    -- The master keys that a node knows, by their names; it seals with the first.
    ALTER TABLE omen.nodes ADD COLUMN keys text NOT NULL DEFAULT '';
    `,
  },
  {
    // a node of the step before leaves the column empty, and readers then read the events themselves
    least: 2,
    text: `
    -- What look-ups search in the events of a row, so that events in no block are found without reading them.
    ALTER TABLE omen.events ADD COLUMN columns bytea;
    ALTER TABLE omen.events ALTER COLUMN columns SET STORAGE EXTERNAL;
    `,
  },
  {
    // nothing was released before it
    least: 4,
    text: `
    -- What look-ups search in the events of a row: its terms. NULL until a node has read the events of an earlier schema.
    ALTER TABLE omen.events DROP COLUMN columns;
    ALTER TABLE omen.events ADD COLUMN terms int[];
    ALTER TABLE omen.events ALTER COLUMN terms SET STORAGE EXTERNAL;
    CREATE INDEX events_unread ON omen.events (stream, last) WHERE terms IS NULL;

    -- The index of a block: for each term each row that has it, term * 2^32 + the row's last - the block's first. The terms
    -- are distributed by their lowest bits, so that a look-up reads a small part of a block.
    DELETE FROM omen.event_blocks;
    DROP TABLE omen.event_columns;
    CREATE TABLE omen.event_terms (
      stream int NOT NULL,
      last bigint NOT NULL,
      part smallint NOT NULL,
      pairs bigint[] NOT NULL,
      PRIMARY KEY (stream, last, part)
    );
    ALTER TABLE omen.event_terms ALTER COLUMN pairs SET STORAGE EXTERNAL;
    `,
  },
  {
    // a program of the step before would see no users
    least: 5,
    text: `
    -- Users and groups of IAM Identity Center, with their passwords and devices, move to an aggregate beside their account:
    -- its number has a 1 before the account's twelve digits. Commits of other nodes wait for the rows of accounts.
    UPDATE omen.accounts SET revision = revision + 1, lineage = gen_random_uuid()
    WHERE id IN (SELECT account FROM omen.items WHERE kind = 'center/instance');
    INSERT INTO omen.accounts (id, revision, lineage, born)
      SELECT id + 1000000000000, 1, gen_random_uuid(), born FROM omen.accounts
      WHERE id IN (SELECT account FROM omen.items WHERE kind IN ('center/user', 'center/group'));
    UPDATE omen.items AS item SET account = account + 1000000000000
    WHERE kind IN ('center/user', 'center/group', 'center/membership', 'center/mfa-device')
    OR (kind = 'iam/login-profile' AND EXISTS (SELECT FROM omen.items AS person
      WHERE person.account = item.account AND person.kind = 'center/user' AND person.id = item.id));
    `,
  },
  {
    least: 5,
    text: `
    -- Events of a time are found by their blocks.
    DROP INDEX omen.events_from;
    DROP INDEX omen.events_to;
    `,
  },
]

/** The schema that this program reads and writes. */
export const newestVersion = steps.length

/** The oldest schema that this program can use. */
export const oldestVersion = 5

/** Creates the row that counts the steps. The first writer creates it; others wait for its transaction. */
export const createSchema = `
  CREATE SCHEMA IF NOT EXISTS omen;
  CREATE TABLE IF NOT EXISTS omen.schema (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version int NOT NULL,
    least int NOT NULL,
    epoch uuid NOT NULL
  );
  INSERT INTO omen.schema (version, least, epoch) VALUES (0, 0, gen_random_uuid()) ON CONFLICT DO NOTHING;
`

/** Returns the steps that a schema of a version lacks, each with its version and with `least` after it. */
export function stepsAfter(version: number) {
  return steps.slice(version).map((step, index) => ({ ...step, version: version + index + 1 }))
}

/**
 * Every table whose rows `reset` deletes. Streams keep their numbers, so that no position is used twice, and leases their tokens,
 * so that none fences twice.
 */
export const tablesOfServer = [
  'settings',
  'accounts',
  'items',
  'account_log',
  'last_uses',
  'deliveries',
  'trail_files',
  'works',
  'failures',
  'blobs',
  'blob_uses',
  'begun',
  'events',
  'event_blocks',
  'event_terms',
  'denials',
  'denial_documents',
] as const
