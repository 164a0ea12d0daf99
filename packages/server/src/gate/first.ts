import type { Dependencies } from '../authorization/index.ts'
import type { AccountId, Random, Vault } from '../base/index.ts'
import { type Directory, endedSignIns, StaleAccount } from '../directory/index.ts'
import { newLineage, type Store } from '../store/index.ts'
import {
  createFirstAccount,
  type FirstKeys,
  keepFixedKeys,
  newFirstKeys,
  type PlainKey,
} from './route/bootstrap.ts'

/** The setting with the first account and keys, in stores that several nodes share. */
export const firstSetting = 'first'
const purpose = 'first-keys'

/** The first account of a server, and the keys that it was created with. */
export interface First {
  readonly account: AccountId
  readonly keys: FirstKeys
  /** Further keys of the user `admin`, for programs with fixed ones. */
  readonly fixedKeys?: readonly PlainKey[]
}

/** The proposal for a new store. */
export interface Proposal {
  readonly store: Store
  readonly account: AccountId
  /** Whether the operator named the account. A shared store of another account is then refused. */
  readonly isAccountChosen?: boolean
  readonly firstKeys?: FirstKeys
  readonly fixedKeys?: readonly PlainKey[]
}

/**
 * Returns the first account and keys: in a store that several nodes share, those that the first node proposed. They are
 * sealed by the master key. @throws WrongFirstAccount if the operator named another account
 */
export async function firstOf(proposal: Proposal, vault: Vault, random: Random): Promise<First> {
  const { store, account, isAccountChosen, firstKeys: keys = newFirstKeys(account, random) } = proposal
  const { fixedKeys = [] } = proposal
  if (!store.shared) return { account, keys, fixedKeys }
  const first = (await readFirst(store, vault)) ?? (await propose(store, vault, { account, keys }))
  if (isAccountChosen === true && account !== first.account)
    throw new WrongFirstAccount(first.account, account)
  return { ...first, fixedKeys }
}

/** Returns the account of each key whose id need not contain it. */
export function chosenIds({ account, keys, fixedKeys = [] }: First): ReadonlyMap<string, AccountId> {
  return new Map([keys.root, keys.admin, ...fixedKeys].map(({ accessKeyId }) => [accessKeyId, account]))
}

/**
 * Creates the first account if there is none, and gives it its fixed keys. If another node creates it at the same time,
 * that one is used.
 */
export async function establish(
  { account, keys, fixedKeys = [] }: First,
  now: number,
  deps: { readonly directory: Directory; readonly vault: Vault; readonly random: Random },
): Promise<void> {
  await establishAccount(account, keys, now, deps)
  await keepFixedKeys(account, fixedKeys, now, deps)
}

async function establishAccount(
  account: AccountId,
  keys: FirstKeys,
  now: number,
  deps: Parameters<typeof establish>[2],
): Promise<void> {
  const { directory } = deps
  if ((await directory.find(account)) !== undefined) return
  try {
    await createFirstAccount(account, keys, now, deps)
  } catch (error) {
    if (!(error instanceof StaleAccount)) throw error
    directory.forgetAll()
    if ((await directory.find(account)) === undefined) throw error
  }
}

/** Returns the first account and keys of a shared store, or undefined if no node has started yet. */
export async function readFirst(store: Store, vault: Vault): Promise<First | undefined> {
  const sealed = await store.readSetting(firstSetting)
  const text = sealed === undefined ? undefined : vault.openText(purpose, sealed)
  return text === undefined ? undefined : (JSON.parse(text) as First) // `keepFirst` wrote it
}

/** Keeps first account and keys in a store that has none, with a mark that no other time has. Returns whether it had none. */
export function keepFirst(store: Store, vault: Vault, { account, keys }: First): Promise<boolean> {
  const kept = { account, keys, mark: newLineage() }
  return store.swapSetting(firstSetting, undefined, vault.sealText(purpose, JSON.stringify(kept)))
}

/**
 * Returns a text that is another one after the store was emptied, and undefined while it is empty. It stays the same if the master
 * key is rotated.
 */
export async function markOfFirst(
  store: Pick<Store, 'readSetting'>,
  vault: Vault,
): Promise<string | undefined> {
  const sealed = await store.readSetting(firstSetting)
  const text = sealed === undefined ? undefined : vault.openText(purpose, sealed)
  return text === undefined ? undefined : ((JSON.parse(text) as { readonly mark?: string }).mark ?? '') // `keepFirst` wrote it
}

async function propose(store: Store, vault: Vault, proposed: First): Promise<First> {
  if (await keepFirst(store, vault, proposed)) return proposed
  return (await readFirst(store, vault)) ?? proposed // another node was first
}

/** A shared store was made with another first account. */
export class WrongFirstAccount extends Error {
  override readonly name = 'WrongFirstAccount'
  constructor(kept: AccountId, given: AccountId) {
    super(`the first account of this store is ${kept}, not ${given}`)
  }
}

/**
 * Returns what puts the ended sign-ins of the first account back after a reset: root and the first keys are the same then, and a
 * sign-in that was ended stays ended (behaviour SGN-47).
 */
export async function endedIn({
  directory,
  firstAccount,
}: Pick<Dependencies, 'directory' | 'firstAccount'>): Promise<() => Promise<void>> {
  const before = await directory.find(firstAccount)
  const ended = [...(before?.table(endedSignIns).values() ?? [])]
  return () =>
    directory.settle(async () => {
      const account = await directory.find(firstAccount)
      for (const each of ended) account?.table(endedSignIns).put(each)
      if (ended.length > 0) await directory.commit([])
    })
}
