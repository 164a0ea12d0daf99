import { type Clock, FollowingClock, systemClock } from '../base/index.ts'
import type { Store } from '../store/index.ts'

/** How often a node asks for the store's time, in milliseconds: its calls may ask nothing else of the store. */
const every = 1_000

/** Returns the clock of a server: with a store that several nodes share, one that follows the store's. */
export function clockFor(store: Pick<Store, 'shared'>): Clock {
  return store.shared ? new FollowingClock() : systemClock
}

/** Lets a clock that follows the store's hear of it: each answer of `confirm` says the time. Others are left alone. */
export async function hearTime(store: Pick<Store, 'confirm'>, clock: Clock): Promise<void> {
  if (clock instanceof FollowingClock) await store.confirm([])
}

/** Does so every second, calls or not. Returns the function that ends it. */
export function keepTime(store: Pick<Store, 'confirm'>, clock: Clock): () => void {
  if (!(clock instanceof FollowingClock)) return () => {}
  // a store that is away is asked again the next time
  const timer = setInterval(() => hearTime(store, clock).catch(() => {}), every)
  timer.unref()
  return () => clearInterval(timer)
}
