import type { Vault } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import { markOfFirst } from './first.ts'

/** How often a node looks whether another one has emptied the store, in milliseconds. */
const every = 1_000

/**
 * Calls `replaced` when another node has emptied the store: its first account then has another mark. Accounts need no such
 * notice, because every answer is confirmed. Returns the function that ends it.
 */
export function watchReset(
  store: Pick<Store, 'shared' | 'readSetting'>,
  vault: Vault,
  replaced: () => Promise<void>,
): () => void {
  if (!store.shared) return () => {}
  let known: string | undefined
  const look = async () => {
    const first = await markOfFirst(store, vault)
    if (first === undefined || first === known) return
    const before = known
    known = first
    if (before !== undefined) await replaced()
  }
  // a store that is away is asked again the next time
  const lookNow = () => look().catch(() => {})
  void lookNow()
  const timer = setInterval(lookNow, every)
  timer.unref()
  return () => clearInterval(timer)
}
