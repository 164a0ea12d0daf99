import { type Blob, blobLengthMost } from '../account-types.ts'
import { type Commit, StoreUnavailable } from '../types.ts'
import type { Link } from './link.ts'

/** Bytes of a row: the smallest limit of a column among databases with PostgreSQL's protocol. */
const partBytes = 1024 * 1024

/** Parts that are on their way together. */
const partsTogether = 4

/** Returns whether a commit brings blobs, or changes which items have one. */
export function concernsBlobs({ accounts }: Commit): boolean {
  return accounts.some(
    ({ blobs, changes }) => (blobs?.length ?? 0) > 0 || changes.some(({ blob }) => blob !== undefined),
  )
}

/** Returns the bytes of a blob, or undefined if there is none of the name. */
export async function readBlob(link: Link, name: string): Promise<Uint8Array | undefined> {
  const rows = await link.query<{ bytes: Buffer }>(partsOf, [name])
  return rows.length === 0 ? undefined : new Uint8Array(Buffer.concat(rows.map(({ bytes }) => bytes)))
}

/**
 * Stores the blobs of a commit in the transaction that the connection is in, and deletes those that no item names any
 * more. @throws StoreUnavailable if an item names a blob that is not there, or one is too long
 */
export async function storeBlobs(link: Link, { accounts }: Commit): Promise<void> {
  const doubtful = new Set<string>()
  const named = new Set<string>()
  for (const { account, changes, blobs = [] } of accounts) {
    for (const blob of blobs) {
      doubtful.add(blob.name)
      await bring(link, blob)
    }
    for (const { kind, id, blob } of changes) {
      if (blob === undefined) continue
      const before = await link.query<{ blob: string }>(disuse, [account, kind, id, blob])
      for (const use of before) doubtful.add(use.blob)
      if (blob === null) continue
      await link.query(use, [account, kind, id, blob])
      named.add(blob)
    }
  }
  // A transaction that names a blob or deletes it locks its first part. The next statement sees what those before did.
  const rows = await link.query<{ name: string }>(holdBlobs, [[...doubtful, ...named]])
  const there = new Set(rows.map(({ name }) => name))
  for (const name of named) if (!there.has(name)) throw new StoreUnavailable(`there is no blob ${name}`)
  await link.query(deleteUnused, [[...doubtful]])
}

async function bring(link: Link, { name, bytes }: Blob): Promise<void> {
  if (bytes.length > blobLengthMost)
    throw new StoreUnavailable(`a blob is larger than ${blobLengthMost} bytes`)
  const parts = Math.max(1, Math.ceil(bytes.length / partBytes))
  for (let at = 0; at < parts; at += partsTogether) {
    const numbers = Array.from({ length: Math.min(partsTogether, parts - at) }, (_, index) => at + index)
    await Promise.all(
      numbers.map((part) => {
        const { buffer, byteOffset, byteLength } = bytes.subarray(part * partBytes, (part + 1) * partBytes)
        return link.query(bringPart, [name, part, Buffer.from(buffer, byteOffset, byteLength)])
      }),
    )
  }
}

const partsOf = {
  name: 'parts-of-blob',
  text: 'SELECT bytes FROM omen.blobs WHERE name = $1 ORDER BY part',
}

const bringPart = {
  name: 'bring-part',
  text: 'INSERT INTO omen.blobs (name, part, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
}

const disuse = {
  name: 'disuse-blob',
  text: `
    DELETE FROM omen.blob_uses WHERE account = $1::bigint AND kind = $2 AND id = $3 AND blob IS DISTINCT FROM $4::text
    RETURNING blob`,
}

const use = {
  name: 'use-blob',
  text: `
    INSERT INTO omen.blob_uses (account, kind, id, blob) VALUES ($1::bigint, $2, $3, $4) ON CONFLICT DO NOTHING`,
}

const holdBlobs = {
  name: 'hold-blobs',
  text: 'SELECT name FROM omen.blobs WHERE name = ANY($1::text[]) AND part = 0 ORDER BY name FOR UPDATE',
}

const deleteUnused = {
  name: 'delete-unused-blobs',
  text: `
    DELETE FROM omen.blobs b WHERE name = ANY($1::text[])
      AND NOT EXISTS (SELECT FROM omen.blob_uses u WHERE u.blob = b.name)`,
}
