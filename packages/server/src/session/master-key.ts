import { hkdfSync } from 'node:crypto'
import type { RingStore } from './key-ring.ts'

const setting = 'master-key-check'

/** The master key differs from the one that sealed the store's content. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey'
  constructor() {
    super('the master key is not the one that sealed the secrets of this database')
  }
}

/** Returns whether the master key is the store's, or undefined if the store has no check value. */
export async function masterKeyFits(store: RingStore, masterKey: Uint8Array): Promise<boolean | undefined> {
  const kept = await store.readSetting(setting)
  return kept === undefined ? undefined : kept === checkValue(masterKey)
}

/** Stores a value that identifies the key later. The key cannot be computed from it. */
export async function keepMasterKeyCheck(store: RingStore, masterKey: Uint8Array): Promise<void> {
  await store.writeSetting(setting, checkValue(masterKey))
}

function checkValue(masterKey: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'omen master key check', 16)).toString('hex')
}
