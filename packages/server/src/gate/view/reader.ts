import type { LayerName } from '@omen-iam/policy'
import { bindingManagement, type Call, type Judged } from '../../authorization/index.ts'
import { type AccountId, parseAccountId } from '../../base/index.ts'
import type { IsSecret } from './secret-keys.ts'

/** The reader of a decision: the account that the reader is limited to; undefined for the server's owner. */
export type Reader = AccountId | undefined

/** Returns whether the policies allow the reader a further permission. The server's owner has all of them. */
export type May = (action: string, resource: string) => Promise<boolean>

/** The rights of a reader of decisions. Every view of a decision is made through one (behaviours RSN-19, RSN-20). */
export interface Sight {
  readonly reader: Reader
  /** The layers of a question's answer whose content the reader must not see. */
  hidden(judged: Judged, call: Call): ReadonlySet<LayerName>
  /** The condition keys of a question whose values the reader must not see. */
  secrets(judged: Judged, call: Call): IsSecret
}

/** The server's owner sees everything. */
export const wholeSight: Sight = { reader: undefined, hidden: () => none, secrets: () => () => false }

const none: ReadonlySet<LayerName> = new Set()

/** Where the questions come from: of a call that was made, its caller's keys are shown (behaviour RSN-20). */
export type Origins = 'call' | 'question'

/**
 * Returns what a reader sees of the answers to some questions of a call. The policies of other accounts are hidden, and
 * what is attached to a resource, or to who asks, that the reader may not read: permission to read decisions, or to
 * simulate, covers neither.
 */
export async function sightOf(
  questions: readonly Judged[],
  call: Call,
  reader: Reader,
  may: May,
  origins: Origins = 'question',
): Promise<Sight> {
  if (reader === undefined) return wholeSight
  const unreadable = new Set<string>()
  for (const { access, request, policies } of questions) {
    const { resource } = access
    if (unreadable.has(resource)) continue
    const hasTags = [...request.context.entries()].some(([key]) => ofResource.test(key))
    const asked = readBy(resource, policies.resource !== undefined, hasTags)
    for (const [action, of] of asked) if (!(await may(action, of))) unreadable.add(resource)
  }
  const isCallerShown = origins === 'call' || (await mayReadCaller(call, may))
  return {
    reader,
    hidden(judged, of) {
      const foreign = foreignLayers(judged, of, reader)
      return unreadable.has(judged.access.resource) ? new Set([...foreign, 'resource']) : foreign
    },
    secrets(judged, of) {
      const { resource } = judged.access
      const isOther = unreadable.has(resource) || foreignLayers(judged, of, reader).has('resource')
      const isSent = setsBoundary.test(judged.access.action)
      return (key) =>
        (isOther && (ofResource.test(key) || (!isSent && boundaryKey.test(key)))) ||
        (!isCallerShown && ofCaller.test(key))
    },
  }
}

/** Keys that say what a resource is: its tags, and where its account is. */
const ofResource = /^(?:[a-z0-9-]+:ResourceTag\/|aws:ResourceOrg)/i
/** The boundary of a user or role, except in calls that set it: there the call has sent it. */
const boundaryKey = /^iam:PermissionsBoundary$/i
const setsBoundary = /^iam:(?:create|put\w+permissionsboundary)/i
/** The tags of who asks. */
const ofCaller = /^aws:PrincipalTag\//i

async function mayReadCaller({ caller }: Call, may: May): Promise<boolean> {
  switch (caller.kind) {
    case 'root':
    case 'service':
    case 'anonymous':
      return true
    case 'user':
      return may('iam:GetUser', caller.arn)
    case 'role':
      return may('iam:GetRole', caller.roleArn)
    default:
      return false
  }
}

/** Permissions that together show what is attached to a resource: its policy and its tags. */
const readers: readonly (readonly [resource: RegExp, actions: readonly string[]])[] = [
  [/^arn:[\w-]+:iam::\d{12}:role\//, ['iam:GetRole']],
  [/^arn:[\w-]+:iam::\d{12}:user\//, ['iam:GetUser']],
  [/^arn:[\w-]+:iam::\d{12}:policy\//, ['iam:GetPolicy']],
  [/^arn:[\w-]+:iam::\d{12}:instance-profile\//, ['iam:GetInstanceProfile']],
  [/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:/, ['lambda:GetPolicy', 'lambda:ListTags']],
]

/** Permissions that show the policy of a resource, by the service of its ARN. */
const policyReaders: Readonly<Record<string, string>> = {
  s3: 's3:GetBucketPolicy',
  kms: 'kms:GetKeyPolicy',
  sqs: 'sqs:GetQueueAttributes',
  sns: 'sns:GetTopicAttributes',
  secretsmanager: 'secretsmanager:GetResourcePolicy',
  dynamodb: 'dynamodb:GetResourcePolicy',
  ecr: 'ecr:GetRepositoryPolicy',
  events: 'events:DescribeEventBus',
  logs: 'logs:DescribeDestinations',
}

/** The permission that shows the tags of resources of any service. */
const tagReader = 'tag:GetResources'

type Permission = readonly [action: string, resource: string]

function readBy(resource: string, hasPolicy: boolean, hasTags: boolean): readonly Permission[] {
  const known = readers.find(([pattern]) => pattern.test(resource))?.[1]
  if (known !== undefined) return known.map((action) => [action, resource])
  const [, , service = ''] = resource.split(':')
  // objects have the policy of their bucket
  const owner = service === 's3' ? (/^[^/]*/.exec(resource)?.[0] ?? resource) : resource
  const policy: Permission = [policyReaders[service] ?? 'iam:GetAccountAuthorizationDetails', owner]
  return [...(hasPolicy ? [policy] : []), ...(hasTags ? [[tagReader, '*'] as const] : [])]
}

/**
 * The layers of a decision whose policies another account than the reader's has written: the resource's policy and the
 * organization's. The reader learns that they refuse, in AWS's words, and not their content.
 */
function foreignLayers({ request }: Judged, call: Call, reader: AccountId): ReadonlySet<LayerName> {
  const { directory } = call.deps
  const foreign = new Set<LayerName>()
  const ownerId = parseAccountId(request.resourceAccount ?? '') ?? call.account.id
  if (ownerId !== reader) foreign.add('resource')
  const management = bindingManagement(call.account, directory)
  if (management !== undefined && management.id !== reader) foreign.add('scp')
  const owner = ownerId === call.account.id ? call.account : directory.loaded(ownerId)
  const ofOwner = owner && bindingManagement(owner, directory)
  if (owner === undefined || (ofOwner !== undefined && ofOwner.id !== reader)) foreign.add('rcp')
  return foreign
}
