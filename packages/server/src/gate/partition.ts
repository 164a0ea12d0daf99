import { changeSetting, type Partition, parsePartition } from '../base/index.ts'
import type { Store } from '../store/index.ts'

const setting = 'partition'

/** The store's ARNs are of another partition than the requested one. */
export class WrongPartition extends Error {
  override readonly name = 'WrongPartition'
  readonly kept: Partition
  constructor(kept: Partition, given: Partition) {
    super(`the accounts of this database are of partition ${kept}, not ${given}`)
    this.kept = kept
  }
}

/**
 * The partition of a store: the one that it was made with, otherwise the given one.
 * @throws WrongPartition if another one is given
 */
export async function partitionOf(store: Store, given: Partition | undefined): Promise<Partition> {
  const kept = await keptPartition(store)
  if (kept !== undefined && given !== undefined && kept !== given) throw new WrongPartition(kept, given)
  return kept ?? given ?? 'aws'
}

/** Keeps the partition with the store, which then opens under no other. */
export async function keepPartition(store: Store, partition: Partition): Promise<void> {
  const kept = await changeSetting(store, setting, (before) => before ?? partition)
  if (kept !== partition) throw new WrongPartition(parsePartition(kept) ?? 'aws', partition)
}

async function keptPartition(store: Store): Promise<Partition | undefined> {
  const kept = parsePartition((await store.readSetting(setting)) ?? '')
  if (kept !== undefined) return kept
  // a store that is older than this setting has one partition only
  return (await store.accounts()).length > 0 ? 'aws' : undefined
}
