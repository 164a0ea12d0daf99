import type { AccountId } from '../../base/index.ts'
import type { Lineage } from '../account-types.ts'
import type { Link } from './link.ts'
import type { EventRow } from './stream.ts'

/** How long the store waits for a connection to find out what became of a commit, in milliseconds. */
const doubtMilliseconds = 5_000

/**
 * Finds out whether a transaction was stored whose answer was lost with its connection. The stream of the lost
 * connection is closed before the new one is used, so nothing of it can be stored any more. The transaction was stored
 * whole or not at all: one trace of it is enough.
 * @throws StoreUnavailable if the database cannot be asked
 */
export async function wasStored(
  link: Link,
  step: { readonly account: AccountId; readonly next: Lineage } | undefined,
  row: EventRow | undefined,
): Promise<boolean> {
  await link.ready(doubtMilliseconds)
  if (step) return (await link.query(findStep, [step.account, step.next])).length > 0
  if (row) return (await link.query(findEvents, [row.stream, row.last])).length > 0
  return false
}

const findStep = {
  name: 'find-step',
  text: 'SELECT 1 AS found FROM omen.account_log WHERE account = $1::bigint AND lineage = $2::uuid',
}

const findEvents = {
  name: 'find-events',
  text: 'SELECT 1 AS found FROM omen.events WHERE stream = $1::int AND last = $2::bigint',
}
