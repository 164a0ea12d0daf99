import { type DenialPack, documentOutlives } from '../sqlite/denial-pack.ts'
import { type DenialHead, denialLimits, type StoredDenial } from '../types.ts'
import { accountOf, sizeOf } from './commit-values.ts'
import type { Link, Row } from './link.ts'

/**
 * So many denials may be stored beyond the limits before the oldest are deleted: each node counts what it stores itself,
 * and asks the database only when that may be too much.
 */
const slack = { denials: denialLimits.denials / 100, characters: denialLimits.characters / 64 } as const

/** Reads and deletes denials. Commits write them. */
export class DenialRecords {
  readonly #link: Link
  /** An upper estimate of what there is, with what this node has stored since it counted. */
  #total: { denials: number; characters: number } | undefined

  constructor(link: Link) {
    this.#link = link
  }

  /** Deletes the oldest denials if there may be too many. Must be called when denials were stored. */
  async stored(packs: readonly DenialPack[]): Promise<void> {
    if (this.#total) {
      this.#total.denials += packs.length
      for (const pack of packs) this.#total.characters += sizeOf(pack)
      if (!isBeyond(this.#total, slack)) return
    }
    this.#total = await this.#count()
    if (!isBeyond(this.#total, { denials: 0, characters: 0 })) return
    await this.#link.query(deleteOldest, [denialLimits.denials, denialLimits.characters])
    await this.#link.query(deleteUnnamed, [null, documentOutlives])
    this.#total = await this.#count()
  }

  /** Returns the denial of a decision id or request id, with the documents that its record names. */
  async find(id: string): Promise<StoredDenial | undefined> {
    const [row] = await this.#link.query<Row & { names: string; json: string }>(findDenial, [id])
    if (row === undefined) return undefined
    const names = row.names === '' ? [] : row.names.split(' ')
    const texts = await this.#link.query<{ hash: string; text: string }>(findDocuments, [names])
    const byHash = new Map(texts.map(({ hash, text }) => [hash, text]))
    const documents = new Map(names.flatMap((hash) => (byHash.has(hash) ? [[hash, byHash.get(hash)!]] : [])))
    return { ...headOf(row), json: row.json, documents }
  }

  /** Returns denials, newest first. */
  async newest(limit: number): Promise<readonly DenialHead[]> {
    return (await this.#link.query(newestDenials, [limit])).map(headOf)
  }

  /** Deletes denials older than an instant, and documents that no other denial can need. */
  async forget(before: number): Promise<void> {
    this.#total = undefined
    await this.#link.query(deleteOlder, [before])
    await this.#link.query(deleteUnnamed, [before, documentOutlives])
  }

  /** Must be called when the database was emptied. */
  clear(): void {
    this.#total = undefined
  }

  async #count(): Promise<{ denials: number; characters: number }> {
    const [row] = await this.#link.query<{ denials: string; characters: string }>(countDenials, [])
    return { denials: Number(row?.denials), characters: Number(row?.characters) }
  }
}

function isBeyond(
  total: { denials: number; characters: number },
  more: { denials: number; characters: number },
) {
  return (
    total.denials > denialLimits.denials + more.denials ||
    total.characters > denialLimits.characters + more.characters
  )
}

function headOf(row: Row): DenialHead {
  const { id, request, time, account, action, resource } = row as unknown as DenialRow // the columns of `head`
  return { id, requestId: request, time, account: accountOf(account)!, action, resource } // an id was put in
}

/** The columns of `head`, NOT NULL. */
interface DenialRow {
  readonly id: string
  readonly request: string
  readonly time: number
  readonly account: string
  readonly action: string
  readonly resource: string
}

const head = 'id, request, time, account::text, action, resource'

const findDenial = {
  name: 'find-denial',
  text: `
    SELECT ${head}, names, record AS json FROM omen.denials WHERE id = $1 OR request = $1
    ORDER BY kept DESC, id DESC LIMIT 1`,
}

const findDocuments = {
  name: 'find-documents',
  text: 'SELECT hash, text FROM omen.denial_documents WHERE hash = ANY($1::text[])',
}

const newestDenials = {
  name: 'newest-denials',
  text: `SELECT ${head} FROM omen.denials ORDER BY kept DESC, id DESC LIMIT $1`,
}

const countDenials = {
  name: 'count-denials',
  text: 'SELECT count(*) AS denials, coalesce(sum(size), 0) AS characters FROM omen.denials',
}

const deleteOldest = {
  name: 'delete-oldest-denials',
  text: `
    DELETE FROM omen.denials WHERE (kept, id) IN (
      SELECT kept, id FROM (
        SELECT kept, id, row_number() OVER newest AS number, sum(size) OVER newest AS characters
        FROM omen.denials WINDOW newest AS (ORDER BY kept DESC, id DESC)
      ) AS counted WHERE number > $1 OR characters > $2::bigint
    )`,
}

const deleteOlder = { name: 'delete-older-denials', text: 'DELETE FROM omen.denials WHERE time < $1::float8' }

/** A denial names documents that came at most half an hour before it, by its own node's clock. */
const deleteUnnamed = {
  name: 'delete-unnamed-documents',
  text: `
    DELETE FROM omen.denial_documents d
    WHERE used < (SELECT least($1::float8, coalesce(min(time), $1::float8, d.used)) FROM omen.denials) - $2::float8
      AND kept < (SELECT coalesce(min(kept), 9223372036854775807) FROM omen.denials) - $2::float8 * 1000`,
}
