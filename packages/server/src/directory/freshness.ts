import type { Clock } from '../base/index.ts'

/** How answers that change nothing are confirmed. */
export interface Freshness {
  /** How long the store's word about a state is good for, in milliseconds, counted from when the question was sent. */
  readonly milliseconds: number
  /** The clock that counts. */
  readonly clock?: Clock
}
