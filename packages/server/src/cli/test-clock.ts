import { type Clock, TestClock } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import { spokenDuration } from './duration.ts'
import { badConfiguration } from './failure.ts'

/**
 * The clock of a server that was started with `--test-clock`; undefined for one that keeps the present.
 * @param ahead how far the clock of the store was moved before, in milliseconds
 * @throws CommandFailure if it cannot have one, or only one fits what is in the store
 */
export function testClockFor(
  wanted: boolean,
  ahead: number,
  store: Pick<Store, 'shared'>,
): Clock | undefined {
  if (!wanted) {
    if (ahead === 0) return undefined
    throw badConfiguration(
      'the clock of this home was moved, and what it keeps is of that time: start it with --test-clock, or choose another --home',
    )
  }
  if (store.shared)
    throw badConfiguration('--test-clock is for a server alone: nodes go by the clock of their database')
  const clock = new TestClock()
  clock.shift = ahead
  return clock
}

/** Returns the state of a clock in words. @param ahead in milliseconds; undefined if it does not move */
export function spokenAhead(ahead: number | undefined): string {
  if (ahead === undefined) return 'the present'
  return ahead === 0 ? 'a test clock, at the present' : `a test clock, ${spokenDuration(ahead / 1_000)} ahead`
}
