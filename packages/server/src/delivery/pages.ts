import type { EventPosition, Forgetting, Store, StoredEvent } from '../store/index.ts'

/** Events that are read from the store together. */
export const eventsTogether = 1_000

/** Reads the events after a position that `forgetEvents` would delete, page by page. A page may be empty. */
export async function* pagesAfter(
  store: Store,
  from: EventPosition,
  only: Forgetting,
): AsyncGenerator<{ readonly events: readonly StoredEvent[]; readonly position: EventPosition }> {
  for (let position = from; ; ) {
    const page = await store.eventsAfter(position, eventsTogether, only)
    if (page.position === position) return
    yield page
    position = page.position
  }
}

/** Returns the events after a position, up to another one. */
export async function eventsBetween(
  store: Store,
  from: EventPosition,
  upTo: EventPosition,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = []
  for await (const page of pagesAfter(store, from, { upTo })) events.push(...page.events)
  return events
}
