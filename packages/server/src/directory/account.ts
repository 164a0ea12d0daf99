import { type AccountId, assert, type Partition } from '../base/index.ts'
import type { AccountChanges, Change, Item, Lineage } from '../store/index.ts'
import { type AccountSettings, settings } from './records.ts'
import { type Journal, Table, type TableDefinition } from './table.ts'
import { lastUses, Usage } from './usage.ts'

/** The size of an account beside its items, and of an item beside its text; measured, in characters of JSON. */
const ownSize = 4_096
const itemSize = 128

/** What an account begins with: as stored, or nothing. */
export interface AccountContent {
  readonly revision: number
  readonly lineage: Lineage | undefined
  readonly items: readonly Item[]
}

/** The content of an account that does not exist yet. */
export const noContent: AccountContent = { revision: 0, lineage: undefined, items: [] }

/**
 * One account, complete and in memory. Code reads and changes it synchronously; the changes of a call are journaled,
 * and either stored in one commit or undone.
 */
export class Account implements Journal {
  readonly id: AccountId
  readonly partition: Partition
  /** The revision of the memory's content: stored changes and those being written. */
  revision: number
  /** The name of the memory's content; undefined if nothing of the account is stored or being written. */
  lineage: Lineage | undefined
  /** Increases whenever someone's permissions may have changed; compiled policies are cached by it. */
  policyRevision = 0
  /** Resolves when the memory's content is durable; undefined if nothing is being written. */
  pending: Promise<void> | undefined
  /** The approximate memory that it takes: the characters of its items as stored, and a constant for itself. */
  #size = ownSize
  readonly #tables = new Map<string, Table<unknown>>()
  /** Items of kinds that have not been read yet. */
  readonly #unread = new Map<string, Item[]>()
  readonly #undo: (() => void)[] = []
  readonly #touched = new Map<string, { kind: string; id: string }>()
  /** The blobs that the current call brought, by name. */
  readonly #blobs = new Map<string, Uint8Array>()
  #policiesTouched = false
  #usage: Usage | undefined

  readonly #onChange: (account: Account) => void

  /** `onChange` is called at the first change of the current call. */
  constructor(
    { id, partition = 'aws' }: { readonly id: AccountId; readonly partition?: Partition },
    { revision, lineage, items }: AccountContent,
    onChange: (account: Account) => void,
  ) {
    this.id = id
    this.partition = partition
    this.#onChange = onChange
    this.revision = revision
    this.lineage = lineage
    for (const item of items) {
      this.#size += item.value.length + itemSize
      const list = this.#unread.get(item.kind)
      if (list === undefined) this.#unread.set(item.kind, [item])
      else list.push(item)
    }
  }

  /** Returns the account's records of one kind. */
  table<R, Index extends string>(definition: TableDefinition<R, Index>): Table<R, Index> {
    const known = this.#tables.get(definition.kind)
    if (known !== undefined) return known as unknown as Table<R, Index> // one definition per kind
    const table = new Table(definition, this)
    for (const item of this.#unread.get(definition.kind) ?? []) {
      table.load(item.value)
      table.noteLength(item.id, item.value.length + itemSize)
    }
    this.#unread.delete(definition.kind)
    this.#tables.set(definition.kind, table as unknown as Table<unknown>) // read back above with the same kind
    return table
  }

  get size(): number {
    return this.#size
  }

  get settings(): AccountSettings {
    const record = this.table(settings).find('settings')
    assert(record !== undefined, `account ${this.id} has no settings`)
    return record
  }

  /** The last uses of the account's keys and roles. */
  get usage(): Usage {
    this.#usage ??= new Usage(this.table(lastUses))
    return this.#usage
  }

  /** Whether last uses were noted that no commit has stored yet. */
  get hasFreshUsage(): boolean {
    return this.#usage?.hasFresh === true
  }

  changed(undo: () => void, kind: string, id: string, affectsPolicies: boolean): void {
    if (this.#undo.length === 0) this.#onChange(this)
    this.#undo.push(undo)
    this.#touched.set(`${kind}\n${id}`, { kind, id })
    if (affectsPolicies) this.#policiesTouched = true
  }

  /**
   * Stores bytes with the changes of the current call, one of which must name them. Returns the name: their SHA-256 in
   * base64.
   */
  keepBlob(name: string, bytes: Uint8Array): void {
    this.#blobs.set(name, bytes)
  }

  /** Undoes what the current call changed. */
  rollBack(): void {
    for (let i = this.#undo.length - 1; i >= 0; i--) this.#undo[i]!()
    // policies that were gathered meanwhile came from the undone state
    if (this.#policiesTouched) this.policyRevision++
    this.#clear()
  }

  /** Returns what the current call changed, for one commit. */
  takeChanges(): Pick<AccountChanges, 'changes' | 'blobs'> {
    const changes: Change[] = []
    for (const { kind, id } of this.#touched.values()) {
      const table = this.#tables.get(kind)
      assert(table !== undefined, `a change of kind ${kind} without its table`)
      const change = table.item(id)
      this.#size += table.noteLength(id, change.value === null ? 0 : change.value.length + itemSize)
      changes.push(change)
    }
    for (const change of this.#usage?.takeFresh() ?? []) {
      const length = (change.value?.length ?? 0) + itemSize
      this.#size += this.table(lastUses).noteLength(change.id, length)
      changes.push(change)
    }
    if (this.#policiesTouched) this.policyRevision++
    const blobs = [...this.#blobs].map(([name, bytes]) => ({ name, bytes }))
    this.#clear()
    return blobs.length === 0 ? { changes } : { changes, blobs }
  }

  #clear(): void {
    this.#undo.length = 0
    this.#touched.clear()
    this.#blobs.clear()
    this.#policiesTouched = false
  }
}
