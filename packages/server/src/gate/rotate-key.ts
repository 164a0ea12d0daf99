import { setTimeout as sleep } from 'node:timers/promises'
import { type AccountId, isOfPeople, keyIdOf, type Random, Vault } from '../base/index.ts'
import { digestKeyPurpose, samlPrivateKeyPurpose } from '../directory/index.ts'
import { grantPurpose } from '../grants/index.ts'
import { beginRotation, endRotation, KeyRing, nameOf, rotationState } from '../session/index.ts'
import { type Change, type Item, newLineage, type Store } from '../store/index.ts'
import { blobOf, hasBlobs } from './snapshots.ts'

/** The purposes of what the master key seals in the store. */
export const storedPurposes = [
  'access-key',
  digestKeyPurpose,
  'first-keys',
  grantPurpose,
  'lambda-environment',
  'mfa-seed',
  'outbound-signing-keys',
  'password',
  samlPrivateKeyPurpose,
  'server-certificate',
  'service-credential',
  'session-key',
] as const

/** Changes of a commit. */
const changesTogether = 1_000
/** The time that nodes have to seal with the new key, and the interval of the checks, in milliseconds. */
const patience = { most: 60_000, every: 200 } as const
/** The most passes: each finds what was sealed with the old key during the one before. */
const passesMost = 10

/** Nodes that do not know the new key, or do not use it in time. */
export class NodesLackKey extends Error {
  override readonly name = 'NodesLackKey'
}

/** The result of a rotation. */
export interface Rotated {
  readonly accounts: number
  /** The secrets that were sealed anew. */
  readonly secrets: number
}

/**
 * Seals every secret of a store with a new master key, while nodes that know both keys serve calls. A rotation that was
 * interrupted goes on. @throws NodesLackKey, WrongMasterKey
 */
export async function rotateMasterKey(
  store: Store,
  before: Uint8Array,
  after: Uint8Array,
  random: Random,
): Promise<Rotated> {
  const state = await rotationState(store, before, after)
  if (state === 'done') return { accounts: 0, secrets: 0 }
  if (state === 'not begun') {
    await expectNodes(store, (keys) => keys.includes(nameOf(after)), 0, 'do not know the new key')
    await beginRotation(store, before, after)
  }
  await expectNodes(store, ([first]) => first === nameOf(after), patience.most, 'still seal with the old key')
  const sealer = new Resealer(before, after, random)
  await KeyRing.keepFirst(store, before, sealer.after)
  let secrets = 0
  let accounts = 0
  for (let pass = 0; ; pass++) {
    const found = await resealSettings(store, sealer)
    const ids = await store.kept()
    let inAccounts = 0
    for (const id of ids) inAccounts += await resealAccount(id, store, sealer)
    secrets += found + inAccounts
    accounts = ids.filter((id) => !isOfPeople(id)).length
    if (found + inAccounts === 0) break
    if (pass === passesMost)
      throw new NodesLackKey('some process still seals with the old key: repeat the rotation')
  }
  await endRotation(store, before, after)
  return { accounts, secrets }
}

async function expectNodes(
  store: Store,
  fits: (keys: readonly string[]) => boolean,
  milliseconds: number,
  otherwise: string,
): Promise<void> {
  for (let waited = 0; ; waited += patience.every) {
    const late = ((await store.nodeKeys?.()) ?? []).filter(({ keys }) => !fits(keys.split(' ')))
    if (late.length === 0) return
    const names = [...new Set(late.map(({ name }) => name))].sort().join(', ')
    if (waited >= milliseconds)
      throw new NodesLackKey(`nodes ${otherwise}: ${names}. Start each node with both keys first`)
    await sleep(patience.every)
  }
}

async function resealSettings(store: Store, sealer: Resealer): Promise<number> {
  let sum = 0
  for (const name of (await store.settings()).keys())
    for (;;) {
      const value = await store.readSetting(name)
      const { text, count } = sealer.reseal(value ?? '')
      if (count === 0) break
      // another node may have changed it
      if (await store.swapSetting(name, value, text)) sum += count
    }
  return sum
}

/** Seals the secrets of an account anew, some at a time: in a turn if another node changes the account meanwhile. */
async function resealAccount(id: AccountId, store: Store, sealer: Resealer): Promise<number> {
  let sum = 0
  for (;;) {
    const step = () => resealSome(id, store, sealer)
    const count = (await step()) ?? (await store.turn(id, step))
    if (count === 0) return sum
    sum += count ?? 0
  }
}

/** Returns how many secrets were sealed anew; undefined if the account was changed meanwhile. */
async function resealSome(id: AccountId, store: Store, sealer: Resealer): Promise<number | undefined> {
  const account = await store.loadAccount(id)
  if (account === undefined) return 0
  let count = 0
  const changes: Change[] = []
  for (const item of account.items) {
    const resealed = sealer.reseal(item.value)
    if (resealed.count === 0) continue
    changes.push(changeOf({ ...item, value: resealed.text }))
    count += resealed.count
    if (changes.length === changesTogether) break
  }
  if (count === 0) return 0
  const given = { account: id, base: account.lineage, next: newLineage(), changes }
  const { ok } = await store.commit({ accounts: [given], events: [] })
  return ok ? count : undefined
}

function changeOf({ kind, id, value }: Item): Change {
  return { kind, id, value, ...(hasBlobs(kind) ? { blob: blobOf(kind, value) ?? null } : {}) }
}

/** Seals values anew that the old key sealed, wherever they are in a text. */
class Resealer {
  readonly after: Vault
  readonly #before: Vault
  readonly #begin: string
  readonly #sealed: RegExp

  constructor(before: Uint8Array, after: Uint8Array, random: Random) {
    this.#before = new Vault([{ id: keyIdOf(before), bytes: before }], random)
    this.after = new Vault([{ id: keyIdOf(after), bytes: after }], random)
    // a sealed value begins with its version and the key's id; six characters of base64url hold most of them
    this.#begin = this.#before.seal('', Buffer.alloc(0)).toString('base64url').slice(0, 6)
    this.#sealed = new RegExp(`(?<![\\w-])${this.#begin}[\\w-]{38,}`, 'g')
  }

  reseal(text: string): { readonly text: string; readonly count: number } {
    if (!text.includes(this.#begin)) return { text, count: 0 }
    let count = 0
    const resealed = text.replace(this.#sealed, (value) => {
      for (const purpose of storedPurposes) {
        const plain = this.#before.open(purpose, Buffer.from(value, 'base64url'))
        if (plain === undefined) continue
        count++
        return this.after.seal(purpose, plain).toString('base64url')
      }
      return value // what a caller holds, or made to look so
    })
    return { text: resealed, count }
  }
}
