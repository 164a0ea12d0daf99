import { type AccountId, endOfTurn } from '../../base/index.ts'
import type { AccountDelta, Change, Held, Item, Lineage, LoadedAccount } from '../account-types.ts'
import type { Confirmation } from '../types.ts'
import { int8Array, uuidArray } from './arrays.ts'
import { accountOf } from './commit-values.ts'
import type { Link } from './link.ts'

/** The most commits that a delta spans, and the most characters of their changes. Beyond it, loading is cheaper. */
const deltaMost = { commits: 1_000, characters: 4 * 1024 * 1024 } as const

/** Rows that are taken apart in one turn. */
const rowsTogether = 64

/** Reads accounts, and compares the states that callers hold with the newest ones. */
export class AccountReader {
  readonly #link: Link
  #asked: Asked[] = []

  constructor(link: Link) {
    this.#link = link
  }

  async load(account: AccountId): Promise<LoadedAccount | undefined> {
    const rows = await this.#link.query<ItemsRow>(loadAccount, [account])
    const state = rows.find(({ kind }) => kind === null)
    if (state === undefined) return undefined
    const items: Item[] = []
    for (const [number, row] of rows.entries()) {
      if (number % rowsTogether === rowsTogether - 1) await endOfTurn()
      if (row.kind === null) continue
      const ids = row.ids.split('\n')
      const values = row.texts.split('\n')
      if (ids.length !== row.count || values.length !== row.count) return this.#loadSingly(account)
      for (let at = 0; at < ids.length; at++) items.push({ kind: row.kind, id: ids[at]!, value: values[at]! })
    }
    return { revision: Number(state.ids), lineage: state.texts as Lineage, items } // see `loadAccount`
  }

  /** For ids or values with line breaks, which JSON does not have. */
  async #loadSingly(account: AccountId): Promise<LoadedAccount | undefined> {
    const rows = await this.#link.query<ItemRow>(loadItems, [account])
    const state = rows.find(({ kind }) => kind === null)
    if (state === undefined) return undefined
    const items = rows.flatMap(({ kind, id, value }) => (kind === null ? [] : [{ kind, id, value }]))
    return { revision: Number(state.id), lineage: state.value as Lineage, items } // see `loadItems`
  }

  async list(): Promise<readonly AccountId[]> {
    const rows = await this.#link.query<{ id: string }>(listKept, [])
    return rows.map(({ id }) => accountOf(id)!) // an id was put in
  }

  /** Returns the last change of each item since a state, or `anew` if the log does not reach back to it. */
  async changesSince(held: {
    account: AccountId
    revision: number
    lineage: Lineage
  }): Promise<AccountDelta | 'anew'> {
    const { account, revision, lineage } = held
    const rows = await this.#link.query<LogRow>(changesSince, [account, revision, deltaMost.commits])
    const [first] = rows
    if (first === undefined) return 'anew' // no such account
    const now = { revision: Number(first.now_revision), lineage: first.now_lineage as Lineage } // a uuid
    if (now.lineage === lineage) return { ...now, changes: [] }
    if (now.revision - revision !== rows.length) return 'anew'
    const changes = new Map<string, Change>()
    let base: string = lineage
    let characters = 0
    for (const row of rows) {
      if (row.base !== base || row.delta === null || row.lineage === null) return 'anew'
      base = row.lineage
      characters += row.delta.length
      if (characters > deltaMost.characters) return 'anew'
      const delta = JSON.parse(row.delta) as Change[] | null // `CommitBatch` wrote it
      if (delta === null) return 'anew' // the changes were too many for the log
      for (const change of delta) changes.set(`${change.kind}\0${change.id}`, change)
    }
    return base === now.lineage ? { ...now, changes: [...changes.values()] } : 'anew'
  }

  /**
   * Compares states with the newest ones. All calls of one tick share one question; the directory has gathered those of a
   * turn of the event loop before.
   */
  confirm(held: readonly Held[]): Promise<Confirmation> {
    return new Promise((resolve, reject) => {
      if (this.#asked.length === 0) queueMicrotask(() => void this.#ask())
      this.#asked.push({ held, resolve, reject })
    })
  }

  async #ask(): Promise<void> {
    const asked = this.#asked
    this.#asked = []
    const states = new Map<string, Held>()
    for (const { held } of asked) for (const each of held) states.set(keyOf(each.account, each.lineage), each)
    try {
      const rows = await this.#link.query<MovedRow>(confirmStates, [
        int8Array([...states.values()].map(({ account }) => account)),
        uuidArray([...states.values()].map(({ lineage }) => lineage)),
      ])
      const moved = new Map<string, Lineage | undefined>()
      let now = 0
      for (const { account, held, lineage, micros } of rows) {
        if (account === null) now = Number(micros) / 1000
        else moved.set(keyOf(accountOf(account)!, held), (lineage as Lineage) ?? undefined) // an id and a uuid were put in
      }
      for (const { held, resolve } of asked) {
        const own = held.flatMap(({ account, lineage }): [AccountId, Lineage | undefined][] => {
          const key = keyOf(account, lineage)
          return moved.has(key) ? [[account, moved.get(key)]] : []
        })
        resolve({ moved: new Map(own), now })
      }
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}

interface Asked {
  readonly held: readonly Held[]
  readonly resolve: (confirmation: Confirmation) => void
  readonly reject: (error: unknown) => void
}

interface ItemsRow {
  readonly [column: string]: unknown
  readonly kind: string | null
  readonly ids: string
  readonly texts: string
  readonly count: number
}

interface ItemRow {
  readonly [column: string]: unknown
  readonly kind: string | null
  readonly id: string
  readonly value: string
}

interface LogRow {
  readonly [column: string]: unknown
  readonly now_revision: string
  readonly now_lineage: string
  readonly lineage: string | null
  readonly base: string | null
  readonly delta: string | null
}

interface MovedRow {
  readonly [column: string]: unknown
  readonly account: string | null
  readonly held: string | null
  readonly lineage: string | null
  readonly micros: string | null
}

function keyOf(account: AccountId, lineage: string | null | undefined): string {
  return `${account} ${lineage ?? ''}`
}

/**
 * Items of a kind come together, about 32 KB of usual ones in a row: a row an item costs the node more, and so does a large row.
 * Rows are cut by the number of items, because PostgreSQL takes longer to sum their lengths than to read them.
 * Both texts of a row have the items in the same order.
 * The row without a kind holds revision and lineage: one statement sees one state.
 */
const loadAccount = {
  name: 'load-account',
  text: `
    SELECT NULL AS kind, revision::text AS ids, lineage::text AS texts, 0 AS count
    FROM omen.accounts WHERE id = $1::bigint
    UNION ALL
    SELECT kind, string_agg(id, E'\\n'), string_agg(value, E'\\n'), count(*)::int
    FROM (
      SELECT kind, id, value, row_number() OVER () / 48 AS part
      FROM omen.items
      WHERE account = $1::bigint AND value IS NOT NULL AND EXISTS (SELECT FROM omen.accounts WHERE id = $1::bigint)
    ) AS i GROUP BY kind, part`,
}

const loadItems = {
  name: 'load-items',
  text: `
    SELECT NULL AS kind, revision::text AS id, lineage::text AS value FROM omen.accounts WHERE id = $1::bigint
    UNION ALL
    SELECT i.kind, i.id, i.value FROM omen.items i
    WHERE i.account = $1::bigint AND i.value IS NOT NULL AND EXISTS (SELECT FROM omen.accounts WHERE id = $1::bigint)`,
}

const listKept = { name: 'list-kept', text: 'SELECT id::text FROM omen.accounts ORDER BY born, id' }

const changesSince = {
  name: 'changes-since',
  text: `
    SELECT a.revision::text AS now_revision, a.lineage::text AS now_lineage, l.lineage::text, l.base::text, l.delta
    FROM omen.accounts a
    LEFT JOIN omen.account_log l ON l.account = a.id AND l.revision > $2::bigint AND l.revision <= a.revision
    WHERE a.id = $1::bigint ORDER BY l.revision LIMIT $3`,
}

const confirmStates = {
  name: 'confirm',
  text: `
    SELECT NULL AS account, NULL AS held, NULL AS lineage,
      (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text AS micros
    UNION ALL
    SELECT h.account::text, h.lineage::text, a.lineage::text, NULL
    FROM unnest($1::bigint[], $2::uuid[]) AS h(account, lineage) LEFT JOIN omen.accounts a ON a.id = h.account
    WHERE a.lineage IS DISTINCT FROM h.lineage`,
}
