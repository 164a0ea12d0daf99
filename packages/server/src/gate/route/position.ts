import { type EventPosition, isEventPosition } from '../../store/index.ts'
import { Refusal } from './admin-route.ts'

/** Returns the position of events in a query, or undefined if there is none. @throws Refusal if the text is no position */
export function positionIn(query: URLSearchParams): EventPosition | undefined {
  const text = query.get('after')
  if (text === null) return undefined
  if (!isEventPosition(text)) throw new Refusal(400, 'after must be the position of an earlier answer')
  return text
}
