import { setTimeout as sleep } from 'node:timers/promises'
import type { Dependencies } from '../../authorization/index.ts'
import type { EventPosition, Store, StoredEvent } from '../../store/index.ts'
import { type AdminRoute, Refusal, type RoutePermission } from './admin-route.ts'
import { eventFilter } from './event-filter.ts'
import { positionIn } from './position.ts'

const limits = {
  /** The most events searched for one answer: with a filter that matches few, the client continues from there. */
  lots: 10,
  lot: 1_000,
  /** Events in one answer. */
  page: 500,
  /** Milliseconds that an answer waits for an event; a stopping server waits for it too. */
  wait: 1_000,
  /** Milliseconds between looks while it waits. */
  look: 100,
} as const

/** Callers that may look events up at CloudTrail may follow them here. */
export const readsEvents: RoutePermission = { action: 'cloudtrail:LookupEvents' }

/**
 * `GET /_omen/events`: events of all accounts in the order stored, for followers. `after` is where the last answer
 * ended; `since` is an instant; if neither is given, the present. `wait` is the most milliseconds to wait for an
 * event; the other parameters are filters.
 */
export function eventRoutes(deps: Dependencies, store: Store): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/events$/,
      by: readsEvents,
      async answer(_groups, _body, _signer, query, within) {
        const asked = eventFilter(query)
        const fits = (event: StoredEvent) =>
          (within === undefined || event.account === within) && asked(event)
        const wait = Math.min(numberIn(query, 'wait') ?? 0, limits.wait)
        let position = await startOf(query, deps, store)
        const events: StoredEvent[] = []
        for (let waited = 0; ; waited += limits.look) {
          position = await gather(store, position, fits, events)
          if (events.length > 0 || waited >= wait) break
          await sleep(limits.look)
        }
        return { position, events: events.map(view) }
      },
    },
  ]
}

/** Adds the matching events, up to a page, and returns where to continue. */
async function gather(
  store: Store,
  from: EventPosition,
  fits: (event: StoredEvent) => boolean,
  found: StoredEvent[],
): Promise<EventPosition> {
  let position = from
  for (let lot = 0; lot < limits.lots; lot++) {
    const room = limits.page - found.length
    const size = Math.min(limits.lot, room)
    if (size <= 0) break
    const { events, position: next } = await store.eventsAfter(position, size)
    position = next
    for (const event of events) if (fits(event)) found.push(event)
    if (events.length < size) break
  }
  return position
}

async function startOf(query: URLSearchParams, deps: Dependencies, store: Store): Promise<EventPosition> {
  const after = positionIn(query, store)
  if (after !== undefined) return after
  await deps.recorder.flush()
  const since = query.get('since')
  const time = since === null ? deps.clock.now() : Date.parse(since)
  if (Number.isNaN(time)) throw new Refusal(400, 'since must be an instant such as 2026-01-31T12:00:00Z')
  return store.positionAt(time)
}

/** The record, and the id of its decision: a denial's id, otherwise the request's, which also finds it. */
function view({ json, decision }: StoredEvent) {
  const record = JSON.parse(json) as { readonly requestID?: string } // what makeEvent wrote
  return { record, decision: decision ?? record.requestID }
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(400, `${name} must be a number`)
  return Number(text)
}
