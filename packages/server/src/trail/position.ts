import type { Store } from '../store/index.ts'

/** Events are stored in nearly the order of their time. This is the most that one may be late, in milliseconds. */
const disorder = 120_000

/**
 * Returns a sequence number for `store.eventsAfter` such that all events from an instant on come after it; a few older
 * ones may too. Asks for about twenty single events, however many there are.
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
  // the event after `low` is too old; the one after `high` is not, or does not exist
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (await isBefore(middle)) low = middle
    else high = middle
  }
  return high
}
