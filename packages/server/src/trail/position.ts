import type { Store } from '../store/index.ts'

/** Events are kept in nearly the order of their time: so much, in milliseconds, may one be late. */
const disorder = 120_000

/**
 * The sequence number after which the events from an instant on stand, for `store.eventsAfter`; a few older ones
 * may stand there too. It asks for one event some twenty times, however many there are.
 */
export async function positionAt(store: Store, time: number): Promise<number> {
  const isBefore = async (sequence: number) => {
    const [event] = (await store.eventsAfter(sequence, 1)).events
    return event !== undefined && event.time < time - disorder
  }
  if (!(await isBefore(0))) return 0
  let low = 0
  let high = 1
  while (high < Number.MAX_SAFE_INTEGER / 2 && (await isBefore(high))) {
    low = high
    high *= 2
  }
  // the event after `low` is too old, the one after `high` is not, or is not there
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (await isBefore(middle)) low = middle
    else high = middle
  }
  return high
}
