import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Dependencies } from '../authorization/index.ts'
import { type AccountId, isOfPeople, type Partition, parseKeptId, peopleBeside } from '../base/index.ts'
import { Account, endedSignIns, partedItems } from '../directory/index.ts'
import { blobTables } from '../services/lambda/index.ts'
import { type Change, type Item, newLineage } from '../store/index.ts'
import { Refusal } from './route/admin-route.ts'

/** Where saved states are kept: files of a home, or memory. */
export interface SnapshotShelf {
  list(): Promise<readonly string[]>
  /** Undefined if there is none of that name. */
  read(name: string): Promise<Uint8Array | undefined>
  write(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<void>
}

/** A shelf that is gone with the process. */
export function memoryShelf(): SnapshotShelf {
  const kept = new Map<string, Uint8Array>()
  return {
    list: async () => [...kept.keys()].sort(),
    read: async (name) => kept.get(name),
    async write(name, bytes) {
      kept.set(name, bytes)
    },
    async remove(name) {
      kept.delete(name)
    },
  }
}

/** The name of a snapshot: it becomes the name of a file. */
export const snapshotName = /^[A-Za-z0-9][\w.-]{0,63}$/

const limits = {
  snapshots: 1_000,
  /** Bytes of a snapshot when it is open. */
  bytes: 1024 * 1024 * 1024,
} as const

const version = 1

interface SavedAccount {
  readonly id: AccountId
  readonly items: readonly Item[]
}

/** A saved state. Its secrets are sealed under the server's own key, as in its database. */
interface Saved {
  readonly omenSnapshot: typeof version
  readonly savedAt: number
  readonly partition: Partition
  readonly firstAccount: AccountId
  readonly accounts: readonly SavedAccount[]
  /** Packages of functions, by name, in base64. */
  readonly blobs: Readonly<Record<string, string>>
}

/** A snapshot's entry in lists. */
export interface SnapshotHead {
  readonly name: string
  readonly savedAt: string
  readonly accounts: number
  readonly items: number
}

const deflate = promisify(gzip)
const inflate = promisify(gunzip)

/** Saved states of a server's accounts: users, roles, policies, organization and functions; not the event history. */
export class Snapshots {
  readonly #deps: Dependencies
  readonly #shelf: SnapshotShelf

  constructor(deps: Dependencies, shelf: SnapshotShelf) {
    this.#deps = deps
    this.#shelf = shelf
  }

  async list(): Promise<readonly SnapshotHead[]> {
    const heads: SnapshotHead[] = []
    for (const name of await this.#shelf.list()) {
      const saved = await this.#open(name)
      heads.push(headOf(name, saved))
    }
    return heads
  }

  /** Saves the state under a name, and replaces an earlier one of that name. */
  async save(name: string): Promise<SnapshotHead> {
    const { directory, clock, partition, firstAccount } = this.#deps
    const known = await this.#shelf.list()
    if (known.length >= limits.snapshots && !known.includes(name))
      throw new Refusal(400, `There are ${limits.snapshots} snapshots: remove some.`)
    await directory.keepUsage()
    const { store } = directory
    const accounts: SavedAccount[] = []
    const blobs: Record<string, string> = {}
    for (const id of await store.kept()) {
      await directory.loaded(id)?.pending
      const kept = await store.loadAccount(id)
      if (kept === undefined) continue
      accounts.push({ id, items: kept.items })
      for (const { kind, value } of kept.items) {
        const blob = blobOf(kind, value)
        if (blob === undefined || blobs[blob] !== undefined) continue
        const bytes = await store.readBlob(blob)
        if (bytes !== undefined) blobs[blob] = Buffer.from(bytes).toString('base64')
      }
    }
    const saved: Saved = {
      omenSnapshot: version,
      savedAt: clock.now(),
      partition,
      firstAccount,
      accounts,
      blobs,
    }
    await this.#shelf.write(name, await deflate(JSON.stringify(saved)))
    return headOf(name, saved)
  }

  /**
   * Puts the accounts back as they were, in one commit. Accounts that were created later are closed and emptied: an
   * account has a history, and its number is not used again. @throws Refusal if there is no such snapshot, or it is of
   * another server
   */
  async load(name: string): Promise<SnapshotHead> {
    const saved = await this.#open(name)
    const { directory, partition, firstAccount, clock } = this.#deps
    if (saved.partition !== partition || saved.firstAccount !== firstAccount)
      throw new Refusal(
        400,
        `The snapshot is of a server of account ${saved.firstAccount} in ${saved.partition}.`,
      )
    const { store } = directory
    await directory.keepUsage()
    const before = new Map(saved.accounts.map((account) => [account.id, account.items]))
    const ids = new Set<AccountId>([...(await store.kept()), ...before.keys()])
    const parts: Parameters<typeof store.commit>[0]['accounts'][number][] = []
    let blobs = Object.entries(saved.blobs).map(([name, text]) => ({
      name,
      bytes: Buffer.from(text, 'base64'),
    }))
    for (const id of ids) {
      await directory.loaded(id)?.pending
      const now = await store.loadAccount(id)
      const current = now?.items ?? []
      const wanted = before.get(id) ?? closed(current, clock.now())
      const changes = changesTo(
        [...wanted.filter(isReplaced), ...current.filter((item) => !isReplaced(item))],
        current,
      )
      if (changes.length === 0) continue
      parts.push({
        account: id,
        base: now?.lineage,
        next: newLineage(),
        changes,
        ...(blobs.length === 0 ? {} : { blobs }),
      })
      blobs = []
    }
    if (parts.length > 0) {
      const outcome = await store.commit({ accounts: parts, events: [] })
      if (!outcome.ok) {
        const moved = 'moved' in outcome ? outcome.moved : []
        throw new Refusal(409, `Account ${moved.join(', ')} changed meanwhile: try again.`)
      }
      for (const { account } of parts) directory.forget(account)
    }
    this.#deps.decisions.forgetAll()
    return headOf(name, saved)
  }

  async remove(name: string): Promise<void> {
    await this.#open(name)
    await this.#shelf.remove(name)
  }

  /** The accounts of a snapshot, to be read: nothing that is done to them is kept. */
  async accounts(name: string): Promise<ReadonlyMap<AccountId, Account>> {
    const { accounts, partition } = await this.#open(name)
    return new Map(
      accounts.map(({ id, items }) => [
        id,
        new Account({ id, partition }, { revision: 0, lineage: undefined, items }, () => {}),
      ]),
    )
  }

  async #open(name: string): Promise<Saved> {
    const bytes = snapshotName.test(name) ? await this.#shelf.read(name) : undefined
    if (bytes === undefined) throw new Refusal(404, `There is no snapshot ${name}.`)
    try {
      const text = (await inflate(bytes, { maxOutputLength: limits.bytes })).toString('utf8')
      const saved = JSON.parse(text) as Saved // what `save` wrote, by its version
      if (saved.omenSnapshot === version && saved.accounts.every(({ id }) => parseKeptId(id) !== undefined))
        return { ...saved, accounts: saved.accounts.flatMap(withPeople) }
    } catch {
      // said below
    }
    throw new Refusal(400, `The snapshot ${name} is damaged, or of another version of Omen.`)
  }
}

/** A snapshot of an earlier version has the people in the account. */
function withPeople({ id, items }: SavedAccount): readonly SavedAccount[] {
  if (isOfPeople(id)) return [{ id, items }]
  const { own, people } = partedItems(items)
  return people.length === 0
    ? [{ id, items }]
    : [
        { id, items: own },
        { id: peopleBeside(id), items: people },
      ]
}

function headOf(name: string, { savedAt, accounts }: Saved): SnapshotHead {
  const items = accounts.reduce((sum, account) => sum + account.items.length, 0)
  return {
    name,
    savedAt: new Date(savedAt).toISOString(),
    accounts: accounts.filter(({ id }) => !isOfPeople(id)).length,
    items,
  }
}

/** Returns the name of the blob that belongs to an item, if there is one. */
export function blobOf(kind: string, value: string): string | undefined {
  const table = blobTables.find((each) => each.kind === kind)
  return table?.blob?.(JSON.parse(value) as never) // the table's own record
}

/** Returns whether items of a kind may have blobs. */
export function hasBlobs(kind: string): boolean {
  return blobTables.some((each) => each.kind === kind)
}

/** Whether a load puts an item back as it was: a sign-in that was ended stays ended (behaviour SGN-47). */
function isReplaced({ kind }: Item): boolean {
  return kind !== endedSignIns.kind
}

/** The changes from one list of items to another. */
function changesTo(wanted: readonly Item[], now: readonly Item[]): readonly Change[] {
  const key = ({ kind, id }: Item) => `${kind}\n${id}`
  const left = new Map(now.map((item) => [key(item), item]))
  const changes: Change[] = []
  for (const item of wanted) {
    const same = left.get(key(item))?.value === item.value
    left.delete(key(item))
    if (same) continue
    const { kind, id, value } = item
    const blob = hasBlobs(kind) ? { blob: blobOf(kind, value) ?? null } : {}
    changes.push({ kind, id, value, ...blob })
  }
  for (const { kind, id } of left.values())
    changes.push({ kind, id, value: null, ...(hasBlobs(kind) ? { blob: null } : {}) })
  return changes
}

const settingsKind = 'account/settings'

/** The rest of an account that the snapshot does not contain: its settings, closed. */
function closed(items: readonly Item[], now: number): readonly Item[] {
  return items
    .filter(({ kind }) => kind === settingsKind)
    .map((item) => {
      const {
        alias: _,
        managementAccount: __,
        ...settings
      } = JSON.parse(item.value) as Record<string, unknown> // a record is an object
      return { ...item, value: JSON.stringify({ ...settings, closedAt: settings.closedAt ?? now }) }
    })
}
