import type { Clock } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import { expectWhole } from './copy-mark.ts'
import { learnTime } from './store-clock.ts'

/** Prepares a store before anything of it is used. @throws CopyInterrupted if a copy did not fill it */
export async function beginOn(store: Store, clock: Clock): Promise<void> {
  await expectWhole(store)
  await learnTime(store, clock)
}
