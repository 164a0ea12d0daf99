import { type AccountId, assert, isOfPeople, type Partition } from '../base/index.ts'
import type { AccountChanges, AccountDelta, Change, Item, Lineage, StoredUse } from '../store/index.ts'
import { type AccountSettings, settings } from './records.ts'
import { type Journal, Table, type TableDefinition } from './table.ts'
import { lastUses, Usage } from './usage.ts'

/** Records that are read without a pause. */
const readTogether = 250

/** The size of an account beside its items, and of an item beside its text; measured, in characters of JSON. */
const ownSize = 4_096
const itemSize = 128

/** The initial content of an account: as stored, or nothing. */
export interface AccountContent {
  readonly revision: number
  readonly lineage: Lineage | undefined
  readonly items: readonly Item[]
  /** The stored last uses of its keys and roles; none if absent. */
  readonly uses?: readonly StoredUse[]
}

/** The content of an account that does not exist yet. */
export const noContent: AccountContent = { revision: 0, lineage: undefined, items: [] }

/** The changes of one commit that is on its way to the store: how they are undone if the store refuses them. */
export interface InFlight {
  readonly base: Lineage | undefined
  readonly next: Lineage
  readonly undo: readonly (() => void)[]
  /** The stored lengths of the items before the commit. */
  readonly lengths: readonly {
    readonly table: Table<unknown>
    readonly id: string
    readonly length: number
  }[]
  /** Resolves when the store has the commit; set when it is sent. */
  durable: Promise<void> | undefined
}

/** Counts the changes of permissions in this process. */
let policyRevisions = 0

/** Counts everything that makes the content of an account in this process another one. */
let contents = 0

/** A number that stays the same as long as no account in memory changes, and none is loaded. */
export function contentsNow(): number {
  return contents
}

/** The newest states of an account that are recognised as its own; see `isOwn`. */
const ownLineages = 64

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
  /** The newest state that the store is known to have; undefined if it has none yet. */
  stored: Lineage | undefined
  /**
   * Increases whenever the content changes otherwise than by a call of this node: another node's changes were taken, or
   * a commit was undone. A decision that spans an increase was made on two states.
   */
  epoch = 0
  /**
   * Increases whenever someone's permissions may have changed; compiled policies are cached by it. No two objects of an account
   * have the same number: one that was read again may have another content.
   */
  policyRevision = ++policyRevisions
  /** The approximate memory that it takes: the characters of its items as stored, and a constant for itself. */
  #size = ownSize
  readonly #tables = new Map<string, Table<unknown>>()
  /** Items of kinds that have not been read yet. */
  readonly #unread = new Map<string, Item[]>()
  #undo: (() => void)[] = []
  readonly #touched = new Map<string, { kind: string; id: string }>()
  /** The blobs that the current call brought, by name. */
  readonly #blobs = new Map<string, Uint8Array>()
  #policiesTouched = false
  /** The commits that are on their way, in their order: each is based on the one before. */
  #inFlight: InFlight[] = []
  /** The newest states that commits of this object made, on top of each other. */
  readonly #own: Lineage[] = []
  #usage: Usage | undefined
  readonly #storedUses: readonly StoredUse[]

  readonly #onChange: (account: Account) => void

  /** `onChange` is called at the first change of the current call. */
  constructor(
    { id, partition = 'aws' }: { readonly id: AccountId; readonly partition?: Partition },
    { revision, lineage, items, uses = [] }: AccountContent,
    onChange: (account: Account) => void,
  ) {
    this.id = id
    this.partition = partition
    contents++
    this.#onChange = onChange
    this.revision = revision
    this.lineage = lineage
    this.stored = lineage
    this.#storedUses = uses
    this.receive(items)
  }

  /** Takes items of the stored content. Before anybody uses the account, they may come in parts. */
  receive(items: readonly Item[]): void {
    for (const item of items) {
      this.#size += item.value.length + itemSize
      const list = this.#unread.get(item.kind)
      if (list === undefined) this.#unread.set(item.kind, [item])
      else list.push(item)
    }
  }

  /** Returns the account's records of one kind. */
  table<R, Index extends string>(definition: TableDefinition<R, Index>): Table<R, Index> {
    const before = this.#tables.get(definition.kind)
    if (before !== undefined) return before as unknown as Table<R, Index> // one definition per kind
    assert(
      definition.beside !== true || isOfPeople(this.id),
      `${definition.kind} is asked of account ${this.id}, not of the people beside it`,
    )
    const table = new Table(definition, this)
    for (const item of this.#unread.get(definition.kind) ?? []) read(item, table)
    return this.#keep(definition, table)
  }

  /**
   * Reads a table that may be large before anybody uses the account, in parts: no other call waits for all of it.
   * @param pause ends after other work was done
   */
  async readAhead<R, Index extends string>(
    definition: TableDefinition<R, Index>,
    pause: () => Promise<void>,
  ): Promise<void> {
    const items = this.#unread.get(definition.kind) ?? []
    if (items.length <= readTogether) return
    const table = new Table(definition, this)
    for (let at = 0; at < items.length; at += readTogether) {
      for (const item of items.slice(at, at + readTogether)) read(item, table)
      await pause()
    }
    this.#keep(definition, table)
  }

  #keep<R, Index extends string>(
    { kind }: TableDefinition<R, Index>,
    table: Table<R, Index>,
  ): Table<R, Index> {
    this.#unread.delete(kind)
    this.#tables.set(kind, table as unknown as Table<unknown>) // read back with the same kind
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
    this.#usage ??= new Usage(this.id, this.table(lastUses), this.#storedUses)
    return this.#usage
  }

  /** Whether last uses were noted that no commit has stored yet. */
  get hasFreshUsage(): boolean {
    return this.#usage?.hasFresh === true
  }

  changed(undo: () => void, kind: string, id: string, affectsPolicies: boolean): void {
    contents++
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
    contents++
    for (let i = this.#undo.length - 1; i >= 0; i--) this.#undo[i]!()
    // policies that were gathered meanwhile came from the undone state
    if (this.#policiesTouched) this.policyRevision = ++policyRevisions
    this.#clear()
  }

  /** Hands over what the current call changed, for one commit that makes the state `next`. */
  begin(next: Lineage): { readonly inFlight: InFlight; readonly changes: AccountChanges } {
    const base = this.lineage
    const { lengths, ...taken } = this.#takeChanges()
    const inFlight: InFlight = { base, next, undo: this.#undo, lengths, durable: undefined }
    this.#clear()
    this.#inFlight.push(inFlight)
    this.lineage = next
    this.revision++
    this.#noteOwn(next)
    return { inFlight, changes: { account: this.id, base, next, ...taken } }
  }

  /** Notes that the store has a commit, and so all that it is based on. */
  settle(inFlight: InFlight): void {
    const at = this.#inFlight.indexOf(inFlight)
    if (at < 0) return
    this.#inFlight.splice(0, at + 1)
    this.stored = inFlight.next
  }

  /** Resolves when the memory's content is durable; undefined if nothing is being written. */
  get pending(): Promise<void> | undefined {
    return this.#inFlight.at(-1)?.durable
  }

  /** The revision of `stored`. */
  get storedRevision(): number {
    return this.revision - this.#inFlight.length
  }

  /** Undoes a commit that the store refused, with all that are based on it. Does nothing if that has happened. */
  undo(inFlight: InFlight): void {
    const at = this.#inFlight.indexOf(inFlight)
    if (at >= 0) this.#undoFrom(at)
  }

  /** Takes what other nodes changed since `stored`. Commits that are on their way are undone: the store has refused them, or the changes have them. */
  take({ revision, lineage, changes }: AccountDelta): void {
    contents++
    this.#undoFrom(0)
    const byKind = Map.groupBy(changes, ({ kind }) => kind)
    for (const [kind, list] of byKind) {
      const table = this.#tables.get(kind)
      if (table !== undefined)
        for (const { id, value } of list) this.#size += table.replace(id, value, itemSize)
      else this.#replaceUnread(kind, list)
    }
    this.revision = revision
    this.lineage = lineage
    this.stored = lineage
  }

  /** Ends the use of this object: what was decided on it must be decided again on another one. */
  retire(): void {
    contents++
    this.epoch++
    this.#own.length = 0
  }

  /**
   * Whether a state is the one in memory or one that it was made of since the store's last foreign change. With `since`, it must
   * not be older than that state, which the store was known to have: a store that answers so has lost changes.
   */
  isOwn(lineage: Lineage | undefined, since?: Lineage): boolean {
    if (lineage === undefined) return false
    if (lineage === this.stored) return true
    const at = this.#own.indexOf(lineage)
    return at >= 0 && (since === undefined || at >= this.#own.indexOf(since))
  }

  #undoFrom(at: number): void {
    contents++
    const undone = this.#inFlight.splice(at)
    for (const { undo, lengths, base } of undone.reverse()) {
      for (let i = undo.length - 1; i >= 0; i--) undo[i]!()
      for (let i = lengths.length - 1; i >= 0; i--) {
        const { table, id, length } = lengths[i]!
        this.#size += table.noteLength(id, length)
      }
      this.lineage = base
      this.revision--
    }
    this.epoch++
    this.policyRevision = ++policyRevisions
    this.#own.length = 0
    for (const { next } of this.#inFlight) this.#noteOwn(next)
  }

  #noteOwn(lineage: Lineage): void {
    this.#own.push(lineage)
    if (this.#own.length > ownLineages) this.#own.shift()
  }

  #replaceUnread(kind: string, list: readonly Change[]): void {
    const items = new Map((this.#unread.get(kind) ?? []).map((item) => [item.id, item]))
    for (const { id, value } of list) {
      const before = items.get(id)
      if (before !== undefined) this.#size -= before.value.length + itemSize
      if (value === null) items.delete(id)
      else {
        items.set(id, { kind, id, value })
        this.#size += value.length + itemSize
      }
    }
    this.#unread.set(kind, [...items.values()])
  }

  #takeChanges(): Pick<AccountChanges, 'changes' | 'blobs'> & Pick<InFlight, 'lengths'> {
    const changes: Change[] = []
    const lengths: InFlight['lengths'][number][] = []
    for (const { kind, id } of this.#touched.values()) {
      const table = this.#tables.get(kind)
      assert(table !== undefined, `a change of kind ${kind} without its table`)
      const change = table.item(id)
      lengths.push({ table, id, length: table.lengthOf(id) })
      this.#size += table.noteLength(id, change.value === null ? 0 : change.value.length + itemSize)
      changes.push(change)
    }
    if (this.#policiesTouched) this.policyRevision = ++policyRevisions
    const blobs = [...this.#blobs].map(([name, bytes]) => ({ name, bytes }))
    return blobs.length === 0 ? { changes, lengths } : { changes, blobs, lengths }
  }

  #clear(): void {
    this.#undo = []
    this.#touched.clear()
    this.#blobs.clear()
    this.#policiesTouched = false
  }
}

function read<R, Index extends string>({ id, value }: Item, table: Table<R, Index>): void {
  table.load(id, value)
  table.noteLength(id, value.length + itemSize)
}
