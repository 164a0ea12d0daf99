/** How long a report is under way before it can be read: clients must be ready to ask again, as AWS's are. */
export const reportTakes = 1_000

/** Whether a report that was started then is still under way. */
export function isUnderWay(startedAt: number, now: number): boolean {
  return now < startedAt + reportTakes
}
