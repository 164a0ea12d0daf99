import type { Store } from '../store/index.ts'

/** A store that a copy did not fill. */
export class CopyInterrupted extends Error {
  override readonly name = 'CopyInterrupted'
  constructor({ description }: Pick<Store, 'description'>) {
    super(`a copy to ${description} was interrupted, or goes on: repeat omen store copy, which begins anew`)
  }
}

/** The setting that a store has until it is filled. */
export const copyingSetting = 'copying'

/** @throws CopyInterrupted if only a part of a store was copied here */
export async function expectWhole(store: Store): Promise<void> {
  if ((await store.readSetting(copyingSetting)) !== undefined) throw new CopyInterrupted(store)
}
