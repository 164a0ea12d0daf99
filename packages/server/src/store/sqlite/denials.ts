import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type DenialHead, denialLimits, type StoredDenial } from '../types.ts'
import { writable } from './connection.ts'
import { type DenialPack, denialsKnown, documentOutlives } from './denial-pack.ts'

type DenialRow = Omit<StoredDenial, 'documents'> & { readonly names: string }

interface Total {
  denials: number
  characters: number
}

/** Denials, and the policy documents that their records name. Each text is kept once. */
export class DenialTable {
  readonly #connection: DatabaseSync
  readonly #put: StatementSync
  readonly #putDocument: StatementSync
  readonly #find: StatementSync
  readonly #document: StatementSync
  readonly #newest: StatementSync
  readonly #count: StatementSync
  readonly #deleteOldest: StatementSync
  readonly #deleteOlder: StatementSync
  readonly #deleteDocuments: StatementSync
  readonly #deleteUnnamed: StatementSync
  /** Undefined until it is needed, and after a rollback. */
  #total: Total | undefined

  constructor(connection: DatabaseSync) {
    this.#connection = connection
    this.#put = connection.prepare(
      `INSERT INTO denials (id, request, time, size, account, action, resource, names, record)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#putDocument = connection.prepare(
      `INSERT INTO denial_documents (hash, used, brought, text) VALUES (?, ?, ?, ?)
        ON CONFLICT (hash) DO UPDATE SET used = max(used, excluded.used), brought = excluded.brought`,
    )
    const head = 'id, request AS "requestId", time, account, action, resource'
    this.#find = connection.prepare(
      `SELECT ${head}, names, record AS json FROM denials WHERE id = :id OR request = :id ORDER BY number DESC LIMIT 1`,
    )
    this.#document = connection.prepare('SELECT text FROM denial_documents WHERE hash = ?')
    this.#newest = connection.prepare(`SELECT ${head} FROM denials ORDER BY number DESC LIMIT ?`)
    this.#count = connection.prepare(
      'SELECT count(*) AS denials, coalesce(sum(size), 0) AS characters FROM denials',
    )
    this.#deleteOldest = connection.prepare(
      'DELETE FROM denials WHERE number = (SELECT min(number) FROM denials) RETURNING size',
    )
    this.#deleteOlder = connection.prepare('DELETE FROM denials WHERE time < ?')
    this.#deleteDocuments = connection.prepare(
      `DELETE FROM denial_documents
        WHERE used < min(:before, coalesce((SELECT min(time) FROM denials), :before)) - :outlives`,
    )
    this.#deleteUnnamed = connection.prepare(
      'DELETE FROM denial_documents WHERE brought < (SELECT min(number) FROM denials) - ?',
    )
  }

  /** Keeps denials. If there are too many, removes the oldest and the documents that no other denial can name. */
  add(packs: readonly DenialPack[]): void {
    if (packs.length === 0) return
    const total = this.#counted()
    for (const { id, requestId, time, account, action, resource, names, json, documents } of packs) {
      const size = documents.reduce((sum, [, text]) => sum + text.length, json.length)
      const put = this.#put.run(id, requestId, time, size, account, action, resource, names, writable(json))
      for (const [hash, text] of documents)
        this.#putDocument.run(hash, time, put.lastInsertRowid, writable(text))
      total.denials++
      total.characters += size
    }
    if (!isTooMuch(total)) return
    while (isTooMuch(total)) {
      total.characters -= Number(this.#deleteOldest.get()?.size)
      total.denials--
    }
    this.#deleteUnnamed.run(denialsKnown)
  }

  /** Returns the denial of a decision id or request id, with the documents that its record names. */
  find(id: string): StoredDenial | undefined {
    const row = this.#find.get({ id }) as DenialRow | undefined // the columns selected, NOT NULL
    if (row === undefined) return undefined
    const { names, ...denial } = row
    const documents = new Map<string, string>()
    for (const hash of names === '' ? [] : names.split(' ')) {
      const text = this.#document.get(hash)?.text
      if (typeof text === 'string') documents.set(hash, text)
    }
    return { ...denial, documents }
  }

  /** Denials, newest first. */
  newest(limit: number): readonly DenialHead[] {
    return this.#newest.all(limit).map((row) => ({ ...(row as unknown as DenialHead) })) // the columns selected, NOT NULL
  }

  /** Deletes denials older than an instant, and documents that no other denial can need. */
  forget(before: number): undefined {
    this.#total = undefined
    this.#deleteOlder.run(before)
    this.#deleteDocuments.run({ before, outlives: documentOutlives })
  }

  clear(): void {
    this.#total = undefined
    this.#connection.exec('DELETE FROM denials; DELETE FROM denial_documents')
  }

  /** Must be called after a rollback. */
  forgetRemembered(): void {
    this.#total = undefined
  }

  #counted(): Total {
    this.#total ??= { ...(this.#count.get() as unknown as Total) } // the columns selected
    return this.#total
  }
}

function isTooMuch({ denials, characters }: Total): boolean {
  return denials > denialLimits.denials || characters > denialLimits.characters
}
