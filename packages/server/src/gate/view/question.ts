import {
  type AccessRequest,
  type Call,
  type ContextKeys,
  type Judged,
  judge,
  keysOfThing,
  principalOf,
} from '../../authorization/index.ts'
import { type AccountId, accountInArn } from '../../base/index.ts'
import { findRole, importedPolicy } from '../../directory/index.ts'
import { loadManagement } from '../admission.ts'
import { ownerOfBucket } from '../bucket-owners.ts'

/**
 * Returns whether the caller of a call may do an action on a resource, with what the server knows about the resource:
 * its tags, its policy and the RCPs of the account that owns it. `named` is the owner if the ARN does not contain it.
 */
export async function judgeQuestion(
  action: string,
  resource: string,
  context: ContextKeys,
  call: Call,
  named?: AccountId,
): Promise<Judged> {
  const { deps } = call
  await loadManagement(call.account, deps)
  const imported = await importedFor(resource, call)
  const owner =
    accountInArn(resource) ?? named ?? (await ownerOfBucket(resource, deps)) ?? imported?.account.id
  const owning = owner && (await deps.directory.find(owner))
  if (owning) await loadManagement(owning, deps)
  const keys = { ...(owning && keysOfThing(action, resource, owning)), ...context }
  const kept = await keptFor(action, resource, call)
  const own =
    kept.resourcePolicy === undefined && imported !== undefined
      ? { ...kept, resourcePolicy: imported.resourcePolicy }
      : kept
  const exempt = needsNoPermission.test(action)
  const owned = owning ? { resourceAccount: owning.id } : {}
  const access = { action, resource, exempt, ...owned, ...own, context: { ...own.context, ...keys } }
  return judge(access, principalOf(call.caller), call)
}

/** The most accounts that are searched for the policy of a bucket, whose ARN does not contain its account. */
const accountsLookedThrough = 200

/** The policy of a resource that was imported, and the account that has it. */
async function importedFor(resource: string, { account, deps }: Call) {
  const id = accountInArn(resource)
  const isBucket = /^arn:[a-z-]+:s3:::[^*?]/.test(resource)
  if (id === undefined && !isBucket) return undefined
  const ids = id === undefined ? [account.id, ...(await deps.directory.store.accounts())] : [id]
  for (const each of ids.slice(0, accountsLookedThrough)) {
    const found = await deps.directory.find(each)
    const policy = found && importedPolicy(found, resource)
    if (found === undefined || policy === undefined) continue
    const { document, arn } = policy
    // a key's policy alone grants nothing to a caller that it does not name
    const grant = arn.includes(':kms:') ? ('explicit' as const) : ('either' as const)
    return { account: found, resourcePolicy: { document, grant, arn } }
  }
  return undefined
}

/** The policy that a function or a role has of its own. */
async function keptFor(action: string, resource: string, call: Call) {
  const { askedOfFunction } = await import('../../services/lambda/index.ts')
  return askedOfFunction(action, resource, call) ?? (await trustOf(action, resource, call))
}

/** An earlier question, with the resource as it is now: its policy, and its tags if the server has them. */
export async function askedNow(access: AccessRequest, call: Call): Promise<AccessRequest> {
  const { action, resource, resourcePolicy, context } = access
  const { deps } = call
  await loadManagement(call.account, deps)
  const owner = access.resourceAccount ?? accountInArn(resource) ?? (await ownerOfBucket(resource, deps))
  const owning = owner && (await deps.directory.find(owner))
  if (owning) await loadManagement(owning, deps)
  const keys = owning ? keysOfThing(action, resource, owning) : {}
  const before = Object.entries(context ?? {}).filter(
    ([key]) => Object.keys(keys).length === 0 || !/:ResourceTag\//i.test(key),
  )
  const own = resourcePolicy === undefined ? {} : await keptFor(action, resource, call)
  return {
    ...access,
    ...(owning ? { resourceAccount: owning.id } : {}),
    context: { ...keys, ...Object.fromEntries(before) },
    ...(own.resourcePolicy === undefined ? {} : { resourcePolicy: own.resourcePolicy }),
  }
}

/** Every caller may, whatever policies exist (behaviours POL-061 and POL-065). */
const needsNoPermission = /^sts:(?:GetCallerIdentity|GetSessionToken)$/i

/** A role brings its trust policy along if it is to be assumed, as in the call itself. */
async function trustOf(action: string, resource: string, { deps }: Call): Promise<Partial<AccessRequest>> {
  const owner = /^arn:aws[a-z-]*:iam::(\d{12}):role\/./.exec(resource)?.[1]
  if (!/^sts:/i.test(action) || owner === undefined) return {}
  const account = await deps.directory.find(owner as AccountId) // twelve digits
  if (account !== undefined) await loadManagement(account, deps)
  const role = account && findRole(account, resource)
  return {
    resourcePolicy: { document: role?.trust, grant: 'trust' as const, missing: role === undefined },
  }
}
