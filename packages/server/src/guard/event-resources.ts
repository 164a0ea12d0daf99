import type { AccessRequest, Call } from '../authorization/index.ts'
import { type AccountId, parseAccountId, parseArn } from '../base/index.ts'
import type { EventResource } from '../trail/index.ts'
import { resourceType } from './call-data.ts'

/** Services, and operations, whose management events list no resources (behaviour TRL-99). */
const withoutResources: ReadonlySet<string> = new Set(['lambda', 'events', 'ecs', 'logs', 'sns CreateTopic'])

/** Returns the accounts, other than the caller's, that own what a call of a service is about (behaviour TRL-8). */
export function otherOwners(asked: readonly AccessRequest[], { service, account, deps }: Call): AccountId[] {
  const owners = new Set<AccountId>()
  for (const { resource, resourceAccount } of asked.slice(0, most)) {
    const parts = parseArn(resource)
    if (parts?.service !== service.signingName) continue
    const owner = parseAccountId(parts.account) ?? resourceAccount
    if (owner !== undefined && owner !== account.id) owners.add(owner as AccountId) // of a decided request
  }
  return [...owners].filter((id) => deps.directory.loaded(id) !== undefined)
}

/** Calls whose events list resources. */
const most = 100

/**
 * The ARNs that the decision was about, each once (behaviour GRD-96). S3's data events list the bucket beside the
 * object; without an object, they list the prefix of its objects' ARNs (behaviour GRD-99).
 */
export function resourcesOf(
  asked: readonly AccessRequest[],
  { service, operation, region, account, marks }: Call,
  data: boolean,
): readonly EventResource[] {
  if (!data && (withoutResources.has(service.id) || withoutResources.has(`${service.id} ${operation.name}`)))
    return []
  const resources = new Map<string, EventResource>()
  const buckets = new Map<string, EventResource>()
  const made: readonly AccessRequest[] =
    marks?.made === undefined ? [] : [{ action: '', resource: marks.made }]
  for (const { resource, resourceAccount } of [...asked.slice(0, most), ...made]) {
    const parts = parseArn(resource)
    // a pattern names no resource
    if (!data && /[*?]/.test(resource)) continue
    const type = parts && resourceType(parts.service, parts.resource)
    if (parts === undefined || type === undefined || parts.service !== service.signingName) continue
    const owner = parts.account !== '' ? parts.account : (resourceAccount ?? account.id)
    const isObject = type.endsWith('::Object')
    // in AWS's events, only the bucket has an account, not the object
    if (isObject && parts.account === '') resources.set(resource, { type, ARN: resource })
    else resources.set(resource, { accountId: owner, type, ARN: resource })
    if (!data || parts.service !== 's3' || parts.account !== '') continue
    const bucket = isObject ? resource.slice(0, resource.indexOf('/')) : resource
    buckets.set(bucket, { accountId: owner, type: 'AWS::S3::Bucket', ARN: bucket })
    if (!isObject) resources.set(resource, { type: 'AWS::S3::Object', ARNPrefix: `${bucket}/` })
  }
  // ListQueues names no queue, and is chosen by all of them
  if (data && service.id === 'sqs' && resources.size === 0) {
    const ARN = `arn:${account.partition}:sqs:${region}:${account.id}:*`
    resources.set(ARN, { accountId: account.id, type: 'AWS::SQS::Queue', ARN })
  }
  return [...resources.values(), ...buckets.values()]
}
