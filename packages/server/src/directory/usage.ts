import type { AccountId } from '../base/index.ts'
import type { Store, StoredUse } from '../store/index.ts'
import { defineTable, type Table } from './table.ts'

/** The last call of an access key or a role: time and place. */
export interface LastUse {
  /** The key's id, or the role's. */
  readonly id: string
  /** The signing name of the service called: `iam`. */
  readonly service: string
  readonly region: string
  readonly at: number
}

/** Last uses that came with the account: from an import, a snapshot or an earlier version of Omen. */
export const lastUses = defineTable<LastUse>({ kind: 'iam/last-use', key: (r) => r.id })

/** The uses that were noted and are not stored yet. */
export interface FreshUses {
  readonly uses: readonly StoredUse[]
  /** Keys and roles that were deleted. */
  readonly gone: readonly Pick<StoredUse, 'account' | 'id'>[]
}

/**
 * Last uses of an account's keys and roles. Every call notes one, so it is no change of the account and costs no commit:
 * new ones are stored every minute, beside the account.
 */
export class Usage {
  readonly #account: AccountId
  readonly #imported: Table<LastUse>
  readonly #stored: Map<string, LastUse>
  readonly #fresh = new Map<string, LastUse>()
  readonly #gone = new Set<string>()
  #isAsked = false

  constructor(account: AccountId, imported: Table<LastUse>, stored: readonly StoredUse[] = []) {
    this.#account = account
    this.#imported = imported
    this.#stored = new Map(stored.map((use) => [use.id, use]))
  }

  note(id: string, service: string, region: string, at: number): void {
    this.#fresh.set(id, { id, service, region, at })
  }

  find(id: string): LastUse | undefined {
    this.#isAsked = true
    return later(this.#fresh.get(id), later(this.#stored.get(id), this.#imported.find(id)))
  }

  /** Removes what is known of a key or role that is deleted. */
  forget(id: string): void {
    this.#fresh.delete(id)
    if (this.#stored.delete(id)) this.#gone.add(id)
    this.#imported.delete(id)
  }

  get hasFresh(): boolean {
    return this.#fresh.size > 0 || this.#gone.size > 0
  }

  /** Returns what was noted since the last call, to be stored. */
  takeFresh(): FreshUses {
    const account = this.#account
    const uses = [...this.#fresh.values()].map((use) => ({ account, ...use }))
    const gone = [...this.#gone].map((id) => ({ account, id }))
    for (const use of uses) this.#stored.set(use.id, use)
    this.#fresh.clear()
    this.#gone.clear()
    return { uses, gone }
  }

  /** Notes again what could not be stored. */
  putBack({ uses, gone }: FreshUses): void {
    for (const use of uses) if (!this.#fresh.has(use.id)) this.#fresh.set(use.id, use)
    for (const { id } of gone) this.#gone.add(id)
  }

  /** Returns whether `find` was called since the last call of this. */
  takeAsked(): boolean {
    const isAsked = this.#isAsked
    this.#isAsked = false
    return isAsked
  }

  /** Takes what other nodes stored. */
  take(stored: readonly StoredUse[]): void {
    for (const use of stored) {
      const newest = later(use, this.#stored.get(use.id))
      if (newest !== undefined && !this.#gone.has(use.id)) this.#stored.set(use.id, newest)
    }
  }
}

function later(one: LastUse | undefined, other: LastUse | undefined): LastUse | undefined {
  return one !== undefined && (other === undefined || one.at >= other.at) ? one : other
}

/** Accounts whose last uses are stored together. */
const accountsTogether = 256

/** Stores the last uses that were noted in accounts, and reads those of other nodes where uses were asked for. */
export async function keepUsage(
  accounts: readonly { readonly id: AccountId; readonly usage: Usage; readonly hasFreshUsage: boolean }[],
  store: Pick<Store, 'keepUses' | 'lastUses' | 'shared'>,
): Promise<void> {
  for (let at = 0; at < accounts.length; at += accountsTogether) {
    const lot = accounts.slice(at, at + accountsTogether)
    const fresh = lot
      .filter(({ hasFreshUsage }) => hasFreshUsage)
      .map(({ usage }) => ({ usage, noted: usage.takeFresh() }))
    if (fresh.length === 0) continue
    const [uses, gone] = [fresh.flatMap(({ noted }) => noted.uses), fresh.flatMap(({ noted }) => noted.gone)]
    try {
      await store.keepUses(uses, gone)
    } catch (error) {
      for (const { usage, noted } of fresh) usage.putBack(noted)
      throw error
    }
  }
  if (!store.shared) return
  for (const { id, usage } of accounts) if (usage.takeAsked()) usage.take(await store.lastUses(id))
}
