import { assert } from '../base/index.ts'
import type { Change } from '../store/index.ts'
import { Entry, nameAtHead } from './entry.ts'
import { SortedIndex } from './sorted-index.ts'
import { TextIndex } from './text-index.ts'

/** The definition of a kind of record: its name in the store, its key, and further indexes. */
export interface TableDefinition<R, Index extends string = string> {
  readonly kind: string
  readonly key: (record: R) => string
  /** Unique indexes beside the key. A record whose text is undefined is not in that index. */
  readonly indexes?: Readonly<Record<Index, (record: R) => string | undefined>>
  /** Orders by a text that no two records share: some of many records are found without a look at the others. */
  readonly orders?: Readonly<Record<string, (record: R) => string>>
  /**
   * Whether every index looks at nothing but the record's `name`. Stored records that begin with `id` and `name` are then
   * not parsed before they are asked for.
   */
  readonly byNameOnly?: boolean
  /** Whether the records are of the people beside an account, and not of the account. */
  readonly beside?: true
  /** Whether a change may alter someone's permissions; compiled policies are then gathered again. */
  readonly affectsPolicies?: boolean
  /**
   * Returns the name of the blob that the store keeps for a record. Code that puts a new name must pass the bytes to
   * `Account.keepBlob`.
   */
  readonly blob?: (record: R) => string
}

/** Declares a table. The definition object is also the key with which an account returns its table. */
export function defineTable<R, Index extends string = never>(
  definition: TableDefinition<R, Index>,
): TableDefinition<R, Index> {
  return definition
}

/** Receives each change while a call runs, so that it can be undone or stored. */
export interface Journal {
  changed(undo: () => void, kind: string, id: string, affectsPolicies: boolean): void
}

/** Counts the changes of tables in this process. */
let versions = 0

/** The newest changes of a table that it remembers. */
const rememberedChanges = 256

/** The records of one kind in one account. Records are never altered in place: a change puts a new one. */
export class Table<R, Index extends string = string> {
  readonly #definition: TableDefinition<R, Index>
  readonly #journal: Journal
  readonly #entries = new Map<string, Entry<R>>()
  readonly #indexes = new Map<string, TextIndex<R>>()
  readonly #orders = new Map<string, SortedIndex<R>>()
  /** The size that each stored record adds to the account's size. */
  readonly #lengths = new Map<string, number>()
  #version = ++versions
  /** The newest changes, the oldest first, and the version before them. */
  readonly #changes: { readonly version: number; readonly key: string }[] = []
  #changesSince = this.#version

  constructor(definition: TableDefinition<R, Index>, journal: Journal) {
    this.#definition = definition
    this.#journal = journal
    for (const name in definition.indexes) {
      this.#indexes.set(name, new TextIndex(definition.indexes[name]))
    }
    for (const [name, textOf] of Object.entries(definition.orders ?? {}))
      this.#orders.set(name, new SortedIndex(textOf))
  }

  /**
   * Increases with every change, stored or not: what is computed from the whole table is valid while it stays the
   * same. No other table has the same number, not even that of an account that was read again.
   */
  get version(): number {
    return this.#version
  }

  /**
   * Returns the keys of the records that were put, deleted or put back since a version; undefined if the table no longer
   * remembers all of them.
   */
  changedSince(version: number): ReadonlySet<string> | undefined {
    if (version < this.#changesSince) return undefined
    const keys = new Set<string>()
    for (let at = this.#changes.length - 1; at >= 0; at--) {
      const change = this.#changes[at]!
      if (change.version <= version) break
      keys.add(change.key)
    }
    return keys
  }

  get size(): number {
    return this.#entries.size
  }

  /** Whether there is a record with this key; it is not parsed. */
  has(key: string): boolean {
    return this.#entries.has(key)
  }

  keys(): IteratorObject<string, undefined> {
    return this.#entries.keys()
  }

  find(key: string): R | undefined {
    return this.#entries.get(key)?.record
  }

  /** Finds a record by one of the definition's indexes. */
  findBy(index: Index, text: string): R | undefined {
    return this.#indexes.get(index)?.find(text)
  }

  /** Returns the records of an index by its texts, ascending. The list belongs to the table and changes with it. */
  ordered(index: Index): readonly R[] {
    return this.#indexes.get(index)?.ordered ?? []
  }

  /**
   * Returns records by one of the definition's orders: those whose texts begin with a prefix. @param after only texts greater
   * than this one @param most how many at most
   */
  range(order: string, prefix: string, after?: string, most = Number.POSITIVE_INFINITY): readonly R[] {
    const index = this.#orders.get(order)
    assert(index !== undefined, `the table has no order by ${order}`)
    return index.range(prefix, after, most)
  }

  values(): IteratorObject<R, undefined> {
    return this.#entries.values().map(({ record }) => record)
  }

  /** Adds the record, or replaces the record with the same key. */
  put(record: R): void {
    const key = this.#definition.key(record)
    const [before, after] = [this.#entries.get(key), Entry.of(record)]
    this.#set(key, before, after)
    this.#note(key, () => this.#set(key, after, before))
  }

  delete(key: string): void {
    const before = this.#entries.get(key)
    if (before === undefined) return
    this.#set(key, before, undefined)
    this.#note(key, () => this.#set(key, undefined, before))
  }

  /** Puts a record that comes from the store, without journaling it. */
  load(id: string, value: string): void {
    this.#set(id, undefined, this.#stored(id, value))
  }

  /** Returns the stored form of the record. */
  item(key: string): Change {
    const record = this.find(key)
    const { blob } = this.#definition
    return {
      kind: this.#definition.kind,
      id: key,
      value: record === undefined ? null : JSON.stringify(record),
      ...(blob && { blob: record === undefined ? null : blob(record) }),
    }
  }

  /**
   * Puts or deletes a record as another node stored it, without journaling. Returns the difference that it makes to the
   * account's size; `itemSize` is added to the length of each record.
   */
  replace(id: string, value: string | null, itemSize: number): number {
    this.#set(id, this.#entries.get(id), value === null ? undefined : this.#stored(id, value))
    return this.noteLength(id, value === null ? 0 : value.length + itemSize)
  }

  /** Returns the size that a stored record adds to the account's size; 0 if it is not stored. */
  lengthOf(key: string): number {
    return this.#lengths.get(key) ?? 0
  }

  /** Records the size of a stored record, 0 if it was deleted; returns the difference to the size before. */
  noteLength(key: string, length: number): number {
    const before = this.#lengths.get(key) ?? 0
    if (length === 0) this.#lengths.delete(key)
    else this.#lengths.set(key, length)
    return length - before
  }

  #note(key: string, undo: () => void): void {
    this.#journal.changed(undo, this.#definition.kind, key, this.#definition.affectsPolicies === true)
  }

  #stored(id: string, value: string): Entry<R> {
    const { indexes, byNameOnly } = this.#definition
    const name = indexes && byNameOnly ? nameAtHead(value, id) : undefined
    return Entry.stored(value, name)
  }

  #set(key: string, before: Entry<R> | undefined, after: Entry<R> | undefined): void {
    if (after === undefined) this.#entries.delete(key)
    else this.#entries.set(key, after)
    for (const index of this.#indexes.values()) index.replace(before, after)
    for (const order of this.#orders.values()) order.replace(before, after)
    this.#version = ++versions
    this.#changes.push({ version: this.#version, key })
    if (this.#changes.length <= 2 * rememberedChanges) return
    const forgotten = this.#changes.splice(0, rememberedChanges)
    this.#changesSince = forgotten.at(-1)!.version
  }
}
