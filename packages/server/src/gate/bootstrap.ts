import { type AccountId, newId, type Random, type Vault } from '../base/index.ts'
import { type Account, accessKeys, type Directory, settings, users } from '../directory/index.ts'
import { accessKeyPurpose, newAccessKeyId, newSecretKey } from '../session/index.ts'

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
  house: { readonly directory: Directory; readonly vault: Vault; readonly random: Random },
): Promise<Account> {
  const account = house.directory.create(id)
  const admin = newId('AIDA', id, house.random)
  account
    .table(settings)
    .put({ id: 'settings', name: 'omen', email: `root@${id}.example.com`, createdAt: now })
  account.table(users).put({
    id: admin,
    name: adminName,
    path: '/',
    createdAt: now,
    inline: {},
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    tags: [],
    groups: [],
  })
  const keep = (key: PlainKey, owner: string) =>
    account.table(accessKeys).put({
      id: key.accessKeyId,
      owner,
      active: true,
      createdAt: now,
      sealedSecret: house.vault.sealText(accessKeyPurpose, key.secretAccessKey),
    })
  keep(keys.root, 'root')
  keep(keys.admin, admin)
  await house.directory.commit([])
  return account
}
