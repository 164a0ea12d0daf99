/** Milliseconds of a day. */
export const day = 86_400_000

/**
 * How far in the future a transfer can begin or end: AWS documents that there is a limit, and not which (behaviour
 * ORG-101).
 */
export const plannedAhead = 366 * day

/** Returns whether a time is midnight in UTC, which all of billing uses. */
export function isStartOfDay(time: number): boolean {
  return time % day === 0
}

/** Returns whether a time is the beginning of a month. */
export function isStartOfMonth(time: number): boolean {
  return isStartOfDay(time) && new Date(time).getUTCDate() === 1
}

/** Returns the last millisecond of a time's month. */
export function endOfMonth(time: number): number {
  const date = new Date(time)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - 1
}
