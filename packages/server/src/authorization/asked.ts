import { accountInArn } from '../base/index.ts'
import type { Asked, StoredEvent } from '../store/index.ts'
import type { AccessRequest } from './access.ts'
import type { Call } from './call.ts'
import { forwardingKeys } from './context.ts'
import { KeysRoom, keysBesideRecord } from './kept-keys.ts'

/**
 * Characters of an event's questions that are stored: a call may ask thousands, on names of 2,000 characters each.
 */
const charactersMost = 256 * 1024

/**
 * Returns the first questions of a call, as stored with its event, and a mark if there were more (behaviour TRL-89).
 * Questions that need no permission are left out.
 * The condition keys that decided them are stored as far as the record does not have them (behaviour TRL-91).
 */
export function askedOf(
  requests: readonly AccessRequest[],
  call: Call,
): Pick<StoredEvent, 'asked' | 'askedCut' | 'callerKeys'> {
  const kept: Asked[] = []
  if (requests.every(({ exempt }) => exempt === true)) return { asked: kept }
  const room = new KeysRoom()
  const callerKeys = keysBesideRecord(call, room)
  let characters = 0
  for (const { action, resource, resourceAccount, context, exempt, forwardedBy } of requests) {
    if (exempt === true) continue
    const passedTo = context?.['iam:PassedToService']
    const forwarding = forwardedBy === undefined ? undefined : [call.origin.invokedBy, forwardedBy]
    const keys = room.keep(forwarding === undefined ? context : { ...context, ...forwardingKeys(forwarding) })
    const asked = {
      action,
      resource,
      ...(typeof passedTo === 'string' ? { passedTo } : {}),
      ...(resourceAccount === undefined || accountInArn(resource) === resourceAccount
        ? {}
        : { owner: resourceAccount }),
      ...(keys === undefined ? {} : { keys }),
    }
    characters += action.length + resource.length + (asked.passedTo?.length ?? 0)
    if (characters > charactersMost) return { asked: kept, askedCut: true, callerKeys }
    kept.push(asked)
  }
  return { asked: kept, callerKeys }
}
