import { createHash } from 'node:crypto'
import type { Call } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { isEventCursor } from '../../store/index.ts'

/** The question that a token is bound to: the query without the page size. */
function questionOf(input: CloudTrail.LookupEventsRequest, { account, region }: Call): string {
  const { LookupAttributes: attributes = [], StartTime: start, EndTime: end } = input
  const attributePairs = attributes.map(({ AttributeKey, AttributeValue }) => [AttributeKey, AttributeValue])
  const text = JSON.stringify([account.id, region, start ?? null, end ?? null, attributePairs])
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

/** Returns the token that continues after a page. */
export function tokenOf(cursor: string, input: CloudTrail.LookupEventsRequest, call: Call): string {
  return Buffer.from(`${questionOf(input, call)} ${cursor}`).toString('base64url')
}

/**
 * Returns where a token continues. @throws Fault if it is malformed, or belongs to another query (behaviour TRL-65)
 */
export function cursorOf(token: string, input: CloudTrail.LookupEventsRequest, call: Call): string {
  const [question, cursor = ''] = Buffer.from(token, 'base64url').toString('latin1').split(' ')
  if (question !== questionOf(input, call) || !isEventCursor(cursor))
    throw fault('InvalidNextTokenException', 'Invalid token.', 400)
  return cursor
}
