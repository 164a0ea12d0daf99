/** Milliseconds of a day. */
export const day = 86_400_000

/** How far off a transfer can begin or end: AWS documents that there is a limit, and not which (behaviour ORG-101). */
export const plannedAhead = 366 * day

/** Whether a time is midnight, by UTC as all of billing is. */
export function isStartOfDay(time: number): boolean {
  return time % day === 0
}

/** Whether a time is the very beginning of a month. */
export function isStartOfMonth(time: number): boolean {
  return isStartOfDay(time) && new Date(time).getUTCDate() === 1
}

/** The last millisecond of the month that a time is in. */
export function endOfMonth(time: number): number {
  const date = new Date(time)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - 1
}
