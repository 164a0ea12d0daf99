import type { Dependencies } from '../authorization/index.ts'
import { Notice } from '../base/index.ts'
import type { MasterKeys } from '../session/index.ts'
import type { Store } from '../store/index.ts'
import { everyMinute } from './minute.ts'
import { watchReset } from './reset-watch.ts'
import { watchStandbys } from './standby-watch.ts'
import { keepTime } from './store-clock.ts'
import { keepUsageEveryMinute } from './usage.ts'

/** The interval at which a node looks which master key seals, in milliseconds. */
const masterKeysEvery = 2_000

/**
 * Starts what a server does again and again, whether it is called or not. `replaced` is called when another node has
 * emptied the store. Returns the function that ends it.
 */
export function startRecurring(
  deps: Dependencies,
  store: Store,
  masterKeys: MasterKeys,
  complain: (error: unknown, about: string) => void,
  replaced: () => Promise<void>,
): () => void {
  const ends = [
    keepTime(store, deps.clock, (line) => complain(new Notice(line), 'the clock')),
    watchReset(store, deps.vault, replaced),
    store.shared ? watchMasterKeys(masterKeys, (error) => complain(error, 'the master key')) : () => {},
    watchStandbys(store, (line) => complain(new Notice(line), 'the store')),
    keepUsageEveryMinute(deps.directory, (error) => complain(error, 'last uses')),
    everyMinute(
      () => deps.keyRing.refresh(deps.clock.now()),
      (error) => complain(error, 'session keys'),
    ),
  ]
  return () => {
    for (const end of ends) end()
  }
}

/** Takes part in a rotation of the master key. That the process lacks a key is reported once. */
function watchMasterKeys(keys: MasterKeys, failed: (error: unknown) => void): () => void {
  let isLacking = false
  const look = async () => {
    const lacks = !(await keys.refresh())
    if (lacks && !isLacking)
      failed(new Notice('the master key was rotated: start this node with the new key'))
    isLacking = lacks
  }
  // a store that is away is asked again the next time
  const timer = setInterval(() => void look().catch(() => {}), masterKeysEvery)
  timer.unref()
  return () => clearInterval(timer)
}
