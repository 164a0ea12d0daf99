import { type Clock, FollowingClock, systemClock } from '../base/index.ts'
import type { Store } from '../store/index.ts'

/** The interval at which a node asks for the store's time, in milliseconds: its calls may ask nothing else of the store. */
const every = 1_000

/** An answer of the store that is quick enough to set a clock by, in milliseconds, and how often one is asked for. */
const quickMost = 5
const asksMost = 5

/** The difference of clocks that is reported, in seconds. */
const offsetMost = 30

/** Returns the clock of a server: with a store that several nodes share, one that follows the store's. */
export function clockFor(store: Pick<Store, 'shared'>): Clock {
  return store.shared ? new FollowingClock() : systemClock
}

/** Lets a clock that follows the store's hear of it: each answer of `confirm` says the time. Others are left alone. */
export async function hearTime(store: Pick<Store, 'confirm'>, clock: Clock): Promise<void> {
  if (clock instanceof FollowingClock) await store.confirm([])
}

/**
 * Asks a store that begins for its time, again until an answer is quick. The clock may be wrong by as long as an answer took, the
 * first one takes the longest, and a session that begins before its account is refused.
 */
export async function learnTime(store: Pick<Store, 'confirm'>, clock: Clock): Promise<void> {
  if (!(clock instanceof FollowingClock)) return
  for (let asked = 0; asked < asksMost; asked++) {
    const begun = clock.begin()
    await hearTime(store, clock)
    if (clock.begin() - begun <= quickMost) return
  }
}

/**
 * Does so every second, calls or not, and reports when the two clocks differ by so much that clients notice: a code of an MFA device
 * is good for as long. Returns the function that ends it.
 */
export function keepTime(
  store: Pick<Store, 'confirm'>,
  clock: Clock,
  report: (line: string) => void,
): () => void {
  if (!(clock instanceof FollowingClock)) return () => {}
  let isFar = false
  const look = async () => {
    await hearTime(store, clock)
    const seconds = Math.round(clock.offset / 1_000)
    if (Math.abs(seconds) >= offsetMost === isFar) return
    isFar = !isFar
    report(
      isFar
        ? `the clock of the database is ${Math.abs(seconds)} seconds ${seconds > 0 ? 'ahead of' : 'behind'} this machine's: MFA codes, sessions and events go by the database's`
        : 'the clocks of the database and of this machine agree again',
    )
  }
  // a store that is away is asked again the next time
  const lookNow = () => look().catch(() => {})
  void lookNow()
  const timer = setInterval(lookNow, every)
  timer.unref()
  return () => clearInterval(timer)
}
