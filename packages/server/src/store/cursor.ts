/** Where a page of events ended: the time and the sequence number of its last event. */
export interface EventCursor {
  readonly time: number
  readonly sequence: number
}

/** The cursor as text that `after` takes. It holds no secret and no promise but its own meaning. */
export function formatCursor(cursor: EventCursor): string {
  return `${cursor.time}.${cursor.sequence}`
}

/** The cursor of a text, or undefined where the text is none. */
export function parseCursor(text: string): EventCursor | undefined {
  const match = /^(-?\d{1,16})\.(\d{1,16})$/.exec(text)
  if (!match) return undefined
  const cursor = { time: Number(match[1]), sequence: Number(match[2]) }
  return Number.isSafeInteger(cursor.time) && Number.isSafeInteger(cursor.sequence) ? cursor : undefined
}

/** Whether a text may stand in `after`; any other makes a look-up reject. */
export function isEventCursor(text: string): boolean {
  return parseCursor(text) !== undefined
}
