import { type AccountId, assert, type Partition } from '../base/index.ts'
import type { AccountChanges, Change, Item } from '../store/index.ts'
import { type AccountSettings, settings } from './records.ts'
import { type Journal, Table, type TableDefinition } from './table.ts'
import { lastUses, Usage } from './usage.ts'

/** What an account costs beside its items, and each item beside its text; measured, in characters of JSON. */
const ownSize = 4_096
const itemSize = 128

/**
 * One account, whole and in memory. Code thinks about it synchronously; what a call changes is
 * journaled and either kept in one commit or undone.
 */
export class Account implements Journal {
  readonly id: AccountId
  readonly partition: Partition
  /** The revision of what is in memory: kept ones and those on their way to the disk. */
  revision: number
  /** Grows whenever somebody's permissions may have changed; compiled policies are cached by it. */
  policyRevision = 0
  /** Resolves when all that is in memory is durable; undefined when nothing is on its way. */
  pending: Promise<void> | undefined
  /** About how much memory it takes: the characters of its items as the store keeps them, and a little for itself. */
  #size = ownSize
  readonly #tables = new Map<string, Table<unknown>>()
  /** Items of kinds that nobody has asked for yet. */
  readonly #unread = new Map<string, Item[]>()
  readonly #undo: (() => void)[] = []
  readonly #touched = new Map<string, { kind: string; id: string }>()
  /** The blobs that the running call brought, by name. */
  readonly #blobs = new Map<string, Uint8Array>()
  #policiesTouched = false
  #usage: Usage | undefined

  readonly #onChange: (account: Account) => void

  /** `onChange` is told at the first change of a running call. */
  constructor(
    id: AccountId,
    revision: number,
    items: readonly Item[],
    onChange: (account: Account) => void,
    partition: Partition = 'aws',
  ) {
    this.id = id
    this.partition = partition
    this.#onChange = onChange
    this.revision = revision
    for (const item of items) {
      this.#size += item.value.length + itemSize
      const list = this.#unread.get(item.kind)
      if (list === undefined) this.#unread.set(item.kind, [item])
      else list.push(item)
    }
  }

  /** The account's records of one kind. */
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

  /** When the account's keys and roles were last used. */
  get usage(): Usage {
    this.#usage ??= new Usage(this.table(lastUses))
    return this.#usage
  }

  /** Whether last uses were noted that no commit has taken along yet. */
  get hasFreshUsage(): boolean {
    return this.#usage?.hasFresh === true
  }

  changed(undo: () => void, kind: string, id: string, affectsPolicies: boolean): void {
    if (this.#undo.length === 0) this.#onChange(this)
    this.#undo.push(undo)
    this.#touched.set(`${kind}\n${id}`, { kind, id })
    if (affectsPolicies) this.#policiesTouched = true
  }

  /** Has bytes kept with the running call's changes, of which one must name them; the name is their SHA-256 in base64. */
  keepBlob(name: string, bytes: Uint8Array): void {
    this.#blobs.set(name, bytes)
  }

  /** Forgets what the running call changed. */
  rollBack(): void {
    for (let i = this.#undo.length - 1; i >= 0; i--) this.#undo[i]!()
    // what was gathered meanwhile was gathered from what is gone
    if (this.#policiesTouched) this.policyRevision++
    this.#clear()
  }

  /** Takes what the running call changed, as one commit's worth. */
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
