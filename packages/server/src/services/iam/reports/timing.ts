/** The time that a report is in progress: clients must be ready to poll, as with AWS. */
export const reportTakes = 1_000

/** The time until a report fails: AWS knows of the fault sooner than of a result. */
export const faultTakes = 400

/** Returns whether a report that was started at a time is still in progress. */
export function isUnderWay(startedAt: number, now: number): boolean {
  return now < startedAt + reportTakes
}
