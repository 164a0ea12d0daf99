import type { EventPosition } from '../types.ts'

/** The longest text of a position. A stream is one life of a connection, and is gone when its events are. */
const lengthMost = 256 * 1024

/** Returns whether a text is a position of this store. */
export function isPosition(text: string): text is EventPosition {
  return text.length <= lengthMost && /^(?:\d{1,7}\.\d{1,11}(?:-\d{1,7}\.\d{1,11})*)?$/.test(text)
}

/** Returns the position of each stream that a text names. @throws RangeError if it is not a position of this store */
export function parsePosition(text: EventPosition): Map<number, number> {
  if (!isPosition(text)) throw new RangeError('this is no position of events in this store')
  const positions = new Map<number, number>()
  if (text === '') return positions
  for (const part of text.split('-')) {
    const [stream, position] = part.split('.')
    positions.set(Number(stream), Number(position))
  }
  return positions
}

/** Returns the text of positions. */
export function formatPosition(positions: ReadonlyMap<number, number>): EventPosition {
  const parts = [...positions].sort(([a], [b]) => a - b).map(([stream, position]) => `${stream}.${position}`)
  return parts.join('-') as EventPosition // what `parsePosition` reads
}
