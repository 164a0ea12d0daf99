import { hkdfSync } from 'node:crypto'
import {
  changeSetting,
  keyIdOf,
  monotonic,
  type Random,
  type Settings,
  Vault,
  type VaultKey,
} from '../base/index.ts'

/** The stored form of a key that a rotation made. */
interface KeptKey {
  readonly id: number
  /** When it begins to seal, in milliseconds since the epoch. */
  readonly from: number
  /** The key, sealed with the master key for the purpose `session-key`. */
  readonly sealed: string
}

const setting = 'session-keys'
const purpose = 'session-key'
/** Every node reads the ring once a minute; a new key seals only after each has read it. */
const spread = 120_000
/** How often a token that cannot be opened makes a node read the ring, in milliseconds. */
const catchUpEvery = 1_000
/** The longest session: 36 hours. */
const longestSession = 129_600_000
const mostKeys = 64

/**
 * The keys that seal session tokens (behaviour SES-6). The first is derived from the master key, so that nodes that
 * share it need nothing else; rotation makes further ones. Old keys open what they sealed until none of their sessions
 * can be valid, and are then removed.
 */
export class KeyRing {
  /** Seals with the current key; opens with any. */
  readonly vault: Vault
  readonly #store: Settings
  readonly #master: Vault
  readonly #random: Random
  readonly #first: VaultKey
  #text: string | undefined
  #asking: Promise<void> | undefined
  #askedAt = Number.NEGATIVE_INFINITY
  #keys: readonly KeptKey[] = []

  private constructor(store: Settings, masterKey: Uint8Array, master: Vault, random: Random) {
    this.#store = store
    this.#master = master
    this.#random = random
    this.#first = firstOf(masterKey)
    this.vault = new Vault([this.#first], random)
  }

  /** `master` seals the ring's own keys. */
  static async open(
    store: Settings,
    masterKey: Uint8Array,
    master: Vault,
    random: Random,
    now: number,
  ): Promise<KeyRing> {
    const ring = new KeyRing(store, masterKey, master, random)
    await ring.refresh(now)
    return ring
  }

  /**
   * Keeps the session key that is derived from an old master key, sealed by a new one, so that its sessions go on and
   * nodes that have the new master key alone seal with it, too.
   */
  static async keepFirst(store: Settings, before: Uint8Array, after: Vault): Promise<void> {
    const key = firstOf(before)
    const sealed = after.seal(purpose, key.bytes).toString('base64url')
    await changeSetting(store, setting, (text) => {
      const kept = text === undefined ? [] : (JSON.parse(text) as KeptKey[]) // `rotate` wrote it
      return JSON.stringify(
        kept.some(({ id }) => id === key.id) ? kept : [{ id: key.id, from: 0, sealed }, ...kept],
      )
    })
  }

  /** Reads what other nodes rotated, and seals with the key whose time has come. */
  async refresh(now: number): Promise<void> {
    this.#take(await this.#store.readSetting(setting), now)
  }

  /** Another text whenever another ring was read. */
  get state(): string | undefined {
    return this.#text
  }

  /**
   * Reads the ring if that was not done within the last second: for a token that cannot be opened. A node that was paused, or
   * had no database, may lack a key that others seal with.
   */
  async catchUp(now: number): Promise<void> {
    if (this.#asking === undefined) {
      const time = monotonic()
      if (time - this.#askedAt < catchUpEvery) return
      this.#askedAt = time
      this.#asking = this.refresh(now).finally(() => {
        this.#asking = undefined
      })
    }
    await this.#asking
  }

  /** Makes a new key, which seals from the returned instant on. Sessions of the old keys stay valid. */
  async rotate(now: number): Promise<number> {
    const key = keyOf(this.#random.bytes(32))
    const sealed = this.#master.seal(purpose, key.bytes).toString('base64url')
    const from = now + spread
    const text = await changeSetting(this.#store, setting, (before) => {
      this.#take(before, now)
      return JSON.stringify([...this.#alive(now), { id: key.id, from, sealed }].slice(-mostKeys))
    })
    this.#take(text, now)
    return from
  }

  /** Returns the keys that may still have a session: a superseded key stays for the longest session. */
  #alive(now: number): readonly KeptKey[] {
    return this.#keys.filter((_, i) => {
      const next = this.#keys[i + 1]
      return next === undefined || now < next.from + longestSession
    })
  }

  #take(text: string | undefined, now: number): void {
    if (text !== this.#text) {
      const before = this.#keys
      this.#text = text
      // written by `rotate`
      this.#keys = text === undefined ? [] : (JSON.parse(text) as KeptKey[])
      for (const kept of this.#keys) {
        const bytes = this.#master.open(purpose, Buffer.from(kept.sealed, 'base64url'))
        if (bytes !== undefined) this.vault.add({ id: kept.id, bytes })
      }
      this.#seal(now)
      for (const { id } of before) if (!this.#keys.some((key) => key.id === id)) this.vault.forget(id)
    }
    this.#seal(now)
    const first = this.#keys[0]
    const isKept = this.#keys.some(({ id }) => id === this.#first.id)
    if (first !== undefined && !isKept && now >= first.from + longestSession)
      this.vault.forget(this.#first.id)
  }

  #seal(now: number): void {
    this.vault.sealWith(this.#keys.findLast((key) => key.from <= now)?.id ?? this.#first.id)
  }
}

/** The session key of a server that has not rotated it. */
function firstOf(masterKey: Uint8Array): VaultKey {
  return keyOf(new Uint8Array(hkdfSync('sha256', masterKey, '', 'omen session keys', 32)))
}

function keyOf(bytes: Uint8Array): VaultKey {
  return { id: keyIdOf(bytes), bytes }
}
