import { type AccountId, awsPolicyArn, newId, type Random, type Vault } from '../../base/index.ts'
import { type Account, accessKeys, type Directory, settings, users } from '../../directory/index.ts'
import {
  accessKeyPurpose,
  type MasterKeys,
  newAccessKeyId,
  newSecretKey,
  WrongMasterKey,
} from '../../session/index.ts'
import type { Store } from '../../store/index.ts'

/** A long-term key in the clear, as the home keeps it for `omen env`. */
export interface PlainKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** The keys of the first start: root's and the user admin's. */
export interface FirstKeys {
  readonly root: PlainKey
  readonly admin: PlainKey
}

export const adminName = 'admin'

/** New keys for an account. */
export function newFirstKeys(account: AccountId, random: Random): FirstKeys {
  const key = () => ({ accessKeyId: newAccessKeyId(account, random), secretAccessKey: newSecretKey(random) })
  return { root: key(), admin: key() }
}

/** Creates the first account: its root's key, and a user `admin` with AdministratorAccess and a key. */
export async function createFirstAccount(
  id: AccountId,
  keys: FirstKeys,
  now: number,
  deps: { readonly directory: Directory; readonly vault: Vault; readonly random: Random },
): Promise<Account> {
  const account = deps.directory.create(id)
  const admin = newId('AIDA', id, deps.random)
  account
    .table(settings)
    .put({ id: 'settings', name: 'omen', email: `root@${id}.example.com`, createdAt: now })
  account.table(users).put({
    id: admin,
    name: adminName,
    path: '/',
    createdAt: now,
    inline: {},
    attached: [awsPolicyArn(account.partition, 'AdministratorAccess')],
    tags: [],
    groups: [],
  })
  const keep = (key: PlainKey, owner: string) =>
    account.table(accessKeys).put({
      id: key.accessKeyId,
      owner,
      active: true,
      createdAt: now,
      sealedSecret: deps.vault.sealText(accessKeyPurpose, key.secretAccessKey),
    })
  keep(keys.root, 'root')
  keep(keys.admin, admin)
  await deps.directory.commit([])
  return account
}

/** Gives the user `admin` the keys that were chosen for programs with fixed ones (behaviour SHL-73). */
export async function keepFixedKeys(
  id: AccountId,
  keys: readonly PlainKey[],
  now: number,
  { directory, vault }: { readonly directory: Directory; readonly vault: Vault },
): Promise<void> {
  if (keys.length === 0) return
  await directory.settle(async () => {
    const account = await directory.find(id)
    const admin = account && [...account.table(users).values()].find(({ name }) => name === adminName)
    if (account === undefined || admin === undefined) return
    for (const { accessKeyId, secretAccessKey } of keys) {
      const kept = account.table(accessKeys).find(accessKeyId)
      if (kept !== undefined && vault.openText(accessKeyPurpose, kept.sealedSecret) === secretAccessKey)
        continue
      const sealedSecret = vault.sealText(accessKeyPurpose, secretAccessKey)
      account.table(accessKeys).put({
        id: accessKeyId,
        owner: admin.id,
        active: true,
        createdAt: now,
        sealedSecret,
      })
    }
    await directory.commit([])
  })
}

/** Checks that a store without a check value was made with these keys, and makes it remember them. @throws WrongMasterKey */
export async function checkMasterKey(store: Store, keys: MasterKeys, directory: Directory): Promise<void> {
  if (await keys.isChecked()) {
    // another node may have made it so since these keys were read
    if (!(await keys.refresh())) throw new WrongMasterKey()
    return
  }
  // a store without a check value is new, or older than check values: then a sealed secret decides
  for (const id of await store.accounts()) {
    const [key] = (await directory.find(id))?.table(accessKeys).values() ?? []
    if (key === undefined) continue
    if (!opens(keys.vault, key.sealedSecret)) throw new WrongMasterKey()
    break
  }
  await keys.keepCheck()
  // two nodes with different keys may have started at the same moment
  if (!(await keys.refresh())) throw new WrongMasterKey()
}

function opens(vault: Vault, sealed: string): boolean {
  try {
    return vault.openText(accessKeyPurpose, sealed) !== undefined
  } catch {
    return false
  }
}
