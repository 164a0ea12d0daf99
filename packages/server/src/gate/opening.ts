import type { Clock } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import { hearTime } from './store-clock.ts'
import { expectWhole } from './store-copy.ts'

/** What is done before anything of a store is used. @throws CopyInterrupted if a copy did not fill it */
export async function beginOn(store: Store, clock: Clock): Promise<void> {
  await expectWhole(store)
  await hearTime(store, clock)
}
