import type { AccountId } from '../../base/index.ts'
import type { SeenCall, TrailRead } from '../../graph/index.ts'
import type { EventPage, EventQuery, StoredEvent } from '../../store/index.ts'

const limits = {
  /** Events in one look-up, and look-ups for one answer. */
  page: 1_000,
  pages: 20,
  /** Different calls of one answer. */
  calls: 5_000,
} as const

/** Milliseconds. */
const day = 86_400_000

interface Identity {
  readonly arn?: string
  readonly invokedBy?: string
  readonly sessionContext?: { readonly sessionIssuer?: { readonly arn?: string } }
}

/**
 * Reads the calls of an account that its trail has of the last days and that were allowed, each once; the newest first. It
 * reads at most 20,000 events, and says in `since` where it ended then.
 */
export async function readTrail(
  lookUp: (query: EventQuery) => Promise<EventPage>,
  account: AccountId,
  now: number,
  days: number,
): Promise<TrailRead> {
  const found = new Map<string, SeenCall>()
  if (days === 0) return { calls: [] }
  let after: string | undefined
  let oldest: number | undefined
  for (let page = 0; page < limits.pages && found.size < limits.calls; page++) {
    const { events, next } = await lookUp({
      account,
      from: now - days * day,
      limit: limits.page,
      ...(after === undefined ? {} : { after }),
    })
    for (const event of events) note(found, event)
    if (next === undefined) return { calls: [...found.values()] }
    oldest = events.at(-1)?.time ?? oldest
    after = next
  }
  return {
    calls: [...found.values()],
    ...(oldest === undefined ? {} : { since: new Date(oldest).toISOString() }),
  }
}

/** Adds the calls of an event that was allowed. */
function note(found: Map<string, SeenCall>, { asked = [], errorCode, json, time }: StoredEvent): void {
  if (errorCode !== undefined || asked.length === 0) return
  const { userIdentity } = JSON.parse(json) as { readonly userIdentity: Identity } // what makeEvent wrote
  const principal =
    userIdentity.sessionContext?.sessionIssuer?.arn ?? userIdentity.arn ?? userIdentity.invokedBy
  if (principal === undefined) return
  for (const { action, resource, passedTo } of asked) {
    const key = JSON.stringify([principal, action, resource, passedTo])
    const known = found.get(key)
    if (known !== undefined) found.set(key, { ...known, calls: known.calls + 1 })
    else {
      const seen = { principal, action, resource, calls: 1, last: new Date(time).toISOString() }
      found.set(key, passedTo === undefined ? seen : { ...seen, passedTo })
    }
  }
}
