import type { AccessRequest, Call } from '../../authorization/index.ts'
import { type AccountId, parseAccountId, parseArn } from '../../base/index.ts'
import { isSigned } from '../../session/index.ts'
import { ask } from '../ask.ts'
import type { Upstream } from '../upstream.ts'
import { inForm } from './answers.ts'
import { entryOf } from './keyed-things.ts'

const refusal = 'Not authorized to access this subscription'

/**
 * A question about a subscription of Amazon SNS, which belongs to the account that subscribed: it needs its own policies
 * alone, and others are refused. Who unsubscribes may also be the topic's owner, and anyone else while the confirmation was
 * not authenticated (behaviours GRD-215, GRD-216). @param access about the subscription's ARN
 */
export async function ofSubscription(
  access: AccessRequest,
  call: Call,
  upstream: Upstream,
): Promise<AccessRequest> {
  const { resource: arn, action } = access
  const { partition, region, account: topicOwner, resource: name = '' } = parseArn(arn) ?? {}
  const resource = `arn:${partition}:sns:${region}:${topicOwner}:${name.split(':', 1)[0]}`
  const owners = parseAccountId(topicOwner ?? '')
  const asked = inForm('sns', {
    Action: 'GetSubscriptionAttributes',
    Version: '2010-03-31',
    SubscriptionArn: arn,
  })
  const told = async (account: AccountId) => {
    const question = { method: 'POST', path: '/', ...asked, account, region: region ?? call.region } as const
    const { status, text } = await ask(question, upstream)
    return status === 200 ? text : undefined
  }
  const asker = call.account.id
  // an upstream that separates accounts may keep it with the subscriber, to whom it belongs
  const text = (await told(owners ?? asker)) ?? (upstream.separatesAccounts ? await told(asker) : undefined)
  const owner = text && entryOf(text, 'Owner')
  const own = { ...access, resource, resourceAccount: call.account.id, alone: true }
  const refused = { ...own, forbidden: refusal }
  if (owner === undefined || owner === '') return { ...access, resource }
  if (!isSigned(call.caller)) return { ...access, resource }
  if (owner === call.account.id) return own
  const unsubscribes = action === 'sns:Unsubscribe'
  if (!unsubscribes) return refused
  if (topicOwner === call.account.id) return own
  return entryOf(text ?? '', 'ConfirmationWasAuthenticated') === 'true' ? refused : own
}

/**
 * A caller that confirms a subscription shows its token: of the topic's account the caller needs the action, of another one none, and
 * nobody signs the address that a subscriber is sent. With AuthenticateOnUnsubscribe the caller's account is to be known
 * (behaviour GRD-217).
 */
export function ofConfirmation(access: AccessRequest, authenticates: boolean, call: Call): AccessRequest {
  if (!isSigned(call.caller)) return authenticates ? access : { ...access, exempt: true }
  if (parseArn(access.resource)?.account === call.account.id) return access
  return { ...access, resourceAccount: call.account.id, deniesOnly: true }
}
