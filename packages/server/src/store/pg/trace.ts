import type { Trace } from './failure.ts'
import type { Link } from './link.ts'

/** How long the store waits for a connection to find out what became of a commit, in milliseconds. */
const doubtMilliseconds = 5_000

/**
 * Finds out whether a transaction was stored whose answer was lost with its connection. The stream of the lost
 * connection is closed before the new one is used, so no statement of it can be stored later. The transaction was stored
 * whole or not at all: one trace of it is enough.
 * @throws StoreUnavailable if the database cannot be asked
 */
export async function wasStored(link: Link, { account, events }: Trace): Promise<boolean> {
  await link.ready(doubtMilliseconds)
  if (account) return (await link.query(findStep, [account.account, account.next])).length > 0
  if (events) return (await link.query(findEvents, [events.stream, events.last, events.node])).length > 0
  return false
}

const findStep = {
  name: 'find-step',
  text: 'SELECT 1 AS found FROM omen.account_log WHERE account = $1::bigint AND lineage = $2::uuid',
}

/** After a failover that lost the stream, its number may be another node's. The row may be merged with others meanwhile. */
const findEvents = {
  name: 'find-events',
  text: `
    SELECT 1 AS found FROM omen.events e JOIN omen.streams s ON s.id = e.stream
    WHERE e.stream = $1::int AND e.last >= $2::bigint AND e.first <= $2::bigint AND s.node = $3::uuid`,
}
