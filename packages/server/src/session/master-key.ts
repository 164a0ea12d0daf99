import { hkdfSync } from 'node:crypto'
import { changeSetting, keyIdOf, type Random, type Settings, Vault } from '../base/index.ts'

const setting = 'master-key-check'

/** The master key differs from the one that sealed the store's content. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey'
  constructor() {
    super('the master key is not the one that sealed the secrets of this database')
  }
}

/** By this a node of several says which master keys it knows. */
interface NodeKeys {
  announceKeys?(keys: string): Promise<void>
}

/**
 * The master keys that a process was given. The store says which of them count, by values from which no key can be
 * computed: one, or two while the key is rotated. The last one seals; all of them open.
 */
export class MasterKeys {
  /** Seals with the store's newest key. */
  readonly vault: Vault
  readonly #store: Settings & NodeKeys
  readonly #keys: ReadonlyMap<string, Uint8Array>
  readonly #primary: Uint8Array
  #counting: readonly Uint8Array[]

  private constructor(
    store: Settings & NodeKeys,
    primary: Uint8Array,
    others: readonly Uint8Array[],
    random: Random,
  ) {
    this.#store = store
    this.#primary = primary
    this.#keys = new Map([primary, ...others].map((key) => [checkValue(key), key]))
    this.#counting = [primary]
    const ring = [...others, primary].map((bytes) => ({ id: keyIdOf(bytes), bytes }))
    this.vault = new Vault([ring[0]!, ...ring.slice(1)], random) // there is the primary at least
  }

  /** @param others further keys that the process knows, for a rotation @throws WrongMasterKey if one is missing */
  static async open(
    store: Settings & NodeKeys,
    primary: Uint8Array,
    others: readonly Uint8Array[],
    random: Random,
  ): Promise<MasterKeys> {
    const keys = new MasterKeys(store, primary, others, random)
    if (!(await keys.refresh())) throw new WrongMasterKey()
    return keys
  }

  /** The key that counts since the longest time: the first session key is derived from it. */
  get oldest(): Uint8Array {
    return this.#counting[0]! // one counts at least
  }

  /** Reads which keys count, and seals with the newest. Returns whether this process knows all of them. */
  async refresh(): Promise<boolean> {
    const kept = await this.#store.readSetting(setting)
    const counting =
      kept === undefined ? [this.#primary] : kept.split(' ').map((check) => this.#keys.get(check))
    const known = counting.filter((key) => key !== undefined)
    if (known.length < counting.length) return false
    this.#counting = known
    const newest = known.at(-1)!
    this.vault.sealWith(keyIdOf(newest))
    const names = [newest, ...[...this.#keys.values()].filter((key) => key !== newest)].map(nameOf)
    await this.#store.announceKeys?.(names.join(' '))
    return true
  }

  /** Returns whether the store says which keys count. A new store does not yet. */
  async isChecked(): Promise<boolean> {
    return (await this.#store.readSetting(setting)) !== undefined
  }

  /** Makes a store that says nothing say that the newest key counts. */
  async keepCheck(): Promise<void> {
    const newest = this.#counting.at(-1)!
    await changeSetting(this.#store, setting, (kept) => kept ?? checkValue(newest))
  }
}

/** Returns whether the master key is the store's, or undefined if the store has no check value. */
export async function masterKeyFits(store: Settings, masterKey: Uint8Array): Promise<boolean | undefined> {
  const kept = await store.readSetting(setting)
  return kept === undefined ? undefined : kept === checkValue(masterKey)
}

/** How far the rotation from one key to another is. @throws WrongMasterKey if the store has other keys */
export async function rotationState(
  store: Settings,
  before: Uint8Array,
  after: Uint8Array,
): Promise<'not begun' | 'under way' | 'done'> {
  const kept = await store.readSetting(setting)
  if (kept === checkValue(before)) return 'not begun'
  if (kept === `${checkValue(before)} ${checkValue(after)}`) return 'under way'
  if (kept === checkValue(after)) return 'done'
  throw new WrongMasterKey()
}

/** Lets both keys count from now on; the new one seals. */
export async function beginRotation(store: Settings, before: Uint8Array, after: Uint8Array): Promise<void> {
  await store.swapSetting(setting, checkValue(before), `${checkValue(before)} ${checkValue(after)}`)
}

/** Lets the new key alone count. */
export async function endRotation(store: Settings, before: Uint8Array, after: Uint8Array): Promise<void> {
  await store.swapSetting(setting, `${checkValue(before)} ${checkValue(after)}`, checkValue(after))
}

/** A name of a key that other nodes may read. */
export function nameOf(key: Uint8Array): string {
  return keyIdOf(key).toString(16).padStart(8, '0')
}

function checkValue(masterKey: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'omen master key check', 16)).toString('hex')
}
