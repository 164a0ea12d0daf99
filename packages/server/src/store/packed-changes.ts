import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { AccountChanges, Change } from './account-types.ts'

/** Packs changes: a tenth of their size, so that a commit of many accounts fits into memory. */
export function packChanges(changes: readonly Change[]): Uint8Array {
  return deflateRawSync(JSON.stringify(changes), { level: 1 })
}

/** Returns the changes of one account in the order in which they apply, the packed ones last. */
export function* changesOf({
  changes,
  packed = [],
}: Pick<AccountChanges, 'changes' | 'packed'>): Generator<Change> {
  yield* changes
  // `packChanges` wrote them
  for (const pack of packed) yield* JSON.parse(inflateRawSync(pack).toString('utf8')) as readonly Change[]
}
