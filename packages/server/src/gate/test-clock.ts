import type { Dependencies } from '../authorization/index.ts'
import { type Clock, TestClock } from '../base/index.ts'
import type { Store } from '../store/index.ts'

const setting = 'test-clock'

/** How far a test clock may be ahead: ten years, in milliseconds. */
const aheadMost = 315_576_000_000

/** How far the clock of a store was moved, in milliseconds; 0 if it never was. */
export async function aheadIn(store: Pick<Store, 'readSetting'>): Promise<number> {
  return Number((await store.readSetting(setting)) ?? 0)
}

/** The header of answers by a test clock: how far it is ahead, in milliseconds. With another clock there is none. */
export function aheadOf(clock: Clock): { readonly clockAhead?: number } {
  return clock instanceof TestClock ? { clockAhead: clock.shift } : {}
}

/**
 * Moves the clock of a server and keeps how far, for its next start. Returns whether it can be moved so far.
 * @param milliseconds how far ahead of the present
 */
export async function moveClock(milliseconds: number, { clock, directory }: Dependencies): Promise<boolean> {
  if (!(clock instanceof TestClock) || milliseconds < 0 || milliseconds > aheadMost) return false
  const { store } = directory
  const before = await store.readSetting(setting)
  const after = milliseconds === 0 ? undefined : String(milliseconds)
  if (!(await store.swapSetting(setting, before, after))) return false
  clock.shift = milliseconds
  return true
}
