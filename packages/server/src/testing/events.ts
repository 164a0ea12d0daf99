import { type AccountId, parseAccountId } from '../base/index.ts'
import type { IdentityServer } from './identity.ts'

/** The most events that a question to the trail reads. */
const eventsMost = 1_000

/** An event's record, as CloudTrail writes it. */
export type EventRecord = Readonly<Record<string, unknown>>

/**
 * The events of a name in an account, newest first, whose records have these texts: `userIdentity.userName` is a path in
 * the record.
 */
export async function eventsNamed(
  deps: IdentityServer['deps'],
  name: string,
  where: Readonly<Record<string, string>> = {},
  account?: string,
): Promise<readonly EventRecord[]> {
  await deps.recorder.flush()
  const id: AccountId = (account && parseAccountId(account)) || deps.firstAccount
  const attribute = { key: 'EventName' as const, value: name }
  const { events } = await deps.recorder.lookUp({ account: id, attribute, limit: eventsMost })
  return events
    .map(({ json }) => JSON.parse(json) as EventRecord) // the recorder wrote it
    .filter((record) => Object.entries(where).every(([path, value]) => fieldOf(record, path) === value))
}

/** The text at a path of a record. */
export function fieldOf(record: EventRecord, path: string): string | undefined {
  let value: unknown = record
  for (const member of path.split('.'))
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, member)
        ? (value as EventRecord)[member] // an object by the line before
        : undefined
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value)
}
