import type { EventPosition, Store } from '../../store/index.ts'
import { Refusal } from './admin-route.ts'

/**
 * Returns the position of events in a query, or undefined if there is none. @throws Refusal if the text is no position of
 * the store
 */
export function positionIn(query: URLSearchParams, store: Store): EventPosition | undefined {
  const text = query.get('after')
  if (text === null) return undefined
  if (!store.isPosition(text)) throw new Refusal(400, 'after must be the position of an earlier answer')
  return text
}
