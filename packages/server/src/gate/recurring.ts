import type { Dependencies } from '../authorization/index.ts'
import type { Store } from '../store/index.ts'
import { everyMinute } from './minute.ts'
import { watchReset } from './reset-watch.ts'
import { watchStandbys } from './standby-watch.ts'
import { keepTime } from './store-clock.ts'
import { keepUsageEveryMinute } from './usage.ts'

/**
 * Starts what a server does again and again, whether it is called or not. `replaced` is called when another node has
 * emptied the store. Returns the function that ends it.
 */
export function startRecurring(
  house: Dependencies,
  store: Store,
  complain: (error: unknown, about: string) => void,
  replaced: () => Promise<void>,
): () => void {
  const ends = [
    keepTime(store, house.clock),
    watchReset(store, replaced),
    watchStandbys(store, (line) => complain(new Error(line), 'the store')),
    keepUsageEveryMinute(house.directory, (error) => complain(error, 'last uses')),
    everyMinute(
      () => house.keyRing.refresh(house.clock.now()),
      (error) => complain(error, 'session keys'),
    ),
  ]
  return () => {
    for (const end of ends) end()
  }
}
