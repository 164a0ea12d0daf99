import type { DatabaseSync } from 'node:sqlite'

/**
 * The step to schema 6: blobs, and the items that name them. Packages of Lambda functions, which were items, become
 * blobs.
 */
export function addBlobs(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE blobs (
      name TEXT NOT NULL,
      piece INTEGER NOT NULL,
      data BLOB NOT NULL,
      PRIMARY KEY (name, piece)
    ) STRICT;
    CREATE TABLE blob_uses (
      account INTEGER NOT NULL,
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      blob TEXT NOT NULL,
      PRIMARY KEY (account, kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX blob_uses_by_blob ON blob_uses (blob);
  `)
  const packages = database.prepare("SELECT account, id FROM items WHERE kind = 'lambda/code'").all()
  const read = database.prepare(
    "SELECT value FROM items WHERE account = ? AND kind = 'lambda/code' AND id = ?",
  )
  // no item of schema 5 is longer than a blob's row may be
  const keep = database.prepare('INSERT OR IGNORE INTO blobs (name, piece, data) VALUES (?, 0, ?)')
  const use = database.prepare(`
    INSERT INTO blob_uses (account, kind, id, blob)
      SELECT account, kind, id, ? FROM items
      WHERE account = ? AND kind IN ('lambda/function', 'lambda/version') AND id = ?
  `)
  for (const { account, id } of packages) {
    const { createHash } = process.getBuiltinModule('node:crypto')
    const key = [Number(account), String(id)] as const
    const { zip } = JSON.parse(String(read.get(...key)?.value)) as { zip: string } // as schema 5 kept it
    const bytes = Buffer.from(zip, 'base64')
    const name = createHash('sha256').update(bytes).digest('base64')
    if (Number(use.run(name, ...key).changes) > 0) keep.run(name, bytes)
  }
  database.exec("DELETE FROM items WHERE kind = 'lambda/code'")
}
