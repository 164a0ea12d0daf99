import type { EventPosition } from '../types.ts'

/** The longest text of a position. A stream is one life of a connection, and is gone when its events are. */
const lengthMost = 256 * 1024

/** Returns the position of each stream that a text names. @throws RangeError if it is not a position of this store */
export function parsePosition(text: EventPosition): Map<number, number> {
  const positions = new Map<number, number>()
  if (text === '') return positions
  if (text.length > lengthMost) throw new RangeError('the position of events is too long')
  for (const part of text.split('-')) {
    const match = /^(\d{1,7})\.(\d{1,11})$/.exec(part)
    if (!match) throw new RangeError('this is no position of events in this store')
    positions.set(Number(match[1]), Number(match[2]))
  }
  return positions
}

/** Returns the text of positions. */
export function formatPosition(positions: ReadonlyMap<number, number>): EventPosition {
  const parts = [...positions].sort(([a], [b]) => a - b).map(([stream, position]) => `${stream}.${position}`)
  return parts.join('-') as EventPosition // what `parsePosition` reads
}
