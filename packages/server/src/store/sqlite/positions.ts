import { type EventPosition, type Forgetting, firstPosition } from '../types.ts'

/** The events to forget: those older than an instant, and those up to a sequence number. */
export interface SequenceForgetting {
  readonly before: number
  readonly upTo: number
}

/** Returns what is to be forgotten, in numbers. */
export function numbered({
  before = Number.NEGATIVE_INFINITY,
  upTo = firstPosition,
}: Forgetting): SequenceForgetting {
  return { before, upTo: sequenceOf(upTo) }
}

/** Events are stored in nearly the order of their time. This is the most that one may be late, in milliseconds. */
const disorder = 120_000

/** Returns whether a text is a position of this store. */
export function isPosition(text: string): text is EventPosition {
  return /^\d{0,15}$/.test(text)
}

/** Returns the sequence number of a position. @throws RangeError if it is not a position of this store */
export function sequenceOf(position: EventPosition | string): number {
  if (!isPosition(position)) throw new RangeError('this is no position of events in this store')
  return Number(position)
}

/** Returns the position behind a sequence number. */
export function positionOf(sequence: number): EventPosition {
  return String(sequence) as EventPosition // what `sequenceOf` reads
}

/**
 * Returns a sequence number such that all events from an instant on come after it; a few older ones may too. Asks for
 * about twenty single events, however many there are. `timeAfter` returns the time of the next event after a sequence
 * number, or undefined if there is none.
 */
export async function sequenceAt(
  time: number,
  timeAfter: (sequence: number) => Promise<number | undefined>,
): Promise<number> {
  const isBefore = async (sequence: number) => {
    const next = await timeAfter(sequence)
    return next !== undefined && next < time - disorder
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
