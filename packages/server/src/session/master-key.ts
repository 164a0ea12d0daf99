import { hkdfSync } from 'node:crypto'
import { changeSetting, type Settings } from '../base/index.ts'

const setting = 'master-key-check'

/** The master key differs from the one that sealed the store's content. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey'
  constructor() {
    super('the master key is not the one that sealed the secrets of this database')
  }
}

/** Returns whether the master key is the store's, or undefined if the store has no check value. */
export async function masterKeyFits(store: Settings, masterKey: Uint8Array): Promise<boolean | undefined> {
  const kept = await store.readSetting(setting)
  return kept === undefined ? undefined : kept === checkValue(masterKey)
}

/** Stores a value that identifies the key later, if there is none. The key cannot be computed from it. */
export async function keepMasterKeyCheck(store: Settings, masterKey: Uint8Array): Promise<void> {
  await changeSetting(store, setting, (kept) => kept ?? checkValue(masterKey))
}

function checkValue(masterKey: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'omen master key check', 16)).toString('hex')
}
