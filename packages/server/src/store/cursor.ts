/** The end of a page of events: the time and the sequence number of its last event. */
export interface EventCursor {
  readonly time: number
  readonly sequence: number
}

/** Returns the cursor as text for `after`. The text holds no secret and may be read by anyone. */
export function formatCursor(cursor: EventCursor): string {
  return `${cursor.time}.${cursor.sequence}`
}

/** Returns the cursor of a text, or undefined if the text is not a cursor. */
export function parseCursor(text: string): EventCursor | undefined {
  const match = /^(-?\d{1,16})\.(\d{1,16})$/.exec(text)
  if (!match) return undefined
  const cursor = { time: Number(match[1]), sequence: Number(match[2]) }
  return Number.isSafeInteger(cursor.time) && Number.isSafeInteger(cursor.sequence) ? cursor : undefined
}

/** Returns whether `after` accepts a text. A look-up with any other text rejects. */
export function isEventCursor(text: string): boolean {
  return parseCursor(text) !== undefined
}

/**
 * Returns whether one event comes before another in look-ups: the later one first; at the same instant, the one stored
 * later.
 */
export function isNewer(a: EventCursor, b: EventCursor): boolean {
  return a.time > b.time || (a.time === b.time && a.sequence > b.sequence)
}
