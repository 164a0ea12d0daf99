import { type AccessRequest, accessDenied, authorize, type Call } from '../authorization/index.ts'
import { type Fault, fault } from '../base/index.ts'
import { isData } from './call-data.ts'
import { headersWith, type IdentifiedCall } from './catalogue/index.ts'
import { granteesOf, grantsToPublic } from './resource/acl.ts'
import { elementsIn } from './resource/answers.ts'
import type { BucketFacts } from './resource/bucket-facts.ts'
import type { Asker, ResourcePolicies } from './resource/policies.ts'
import { isPublicPolicy } from './resource/public-policy.ts'

/** The refusals of S3 itself, before policies are asked or after they allowed. */
export interface S3Refusals {
  /** Whatever the policies say (behaviour GRD-150). */
  readonly first?: Fault | undefined
  /** A call that the policies allow. */
  readonly after?: Fault | string
}

/** The facts that decide on a call of S3 beside policies. */
export interface S3Place {
  readonly call: Call
  readonly asker: Asker
  readonly policies: ResourcePolicies
  readonly facts: BucketFacts
}

/**
 * Returns S3's own refusals of a call; empty for a call that names no bucket. @throws NoReply if the upstream does not
 * answer
 */
export async function s3Refusals(found: IdentifiedCall, place: S3Place): Promise<S3Refusals> {
  const bucket = found.labels.Bucket
  if (bucket === undefined || bucket.startsWith('arn:')) return {}
  const { policies, asker, call } = place
  if (found.operation === 'CreateBucket') return thenRefused(found, bucket, place)
  const owner = await policies.bucketOwner(bucket, asker)
  if (owner === undefined) return isBucketKnown(bucket) ? { first: noSuchBucket() } : {}
  const headers = headersWith(found.request)
  const first =
    expectedOwner(headers['x-amz-expected-bucket-owner'], owner, call) ??
    (await expectedSourceOwner(headers, place)) ??
    malformedInventory(found) ??
    keylessDeletion(found) ??
    ((await reachesWhereNoAclsCount(found, bucket, owner, place)) ? aclNotSupported() : undefined)
  return first === undefined ? thenRefused(found, bucket, place) : { first }
}

/** Names of directory buckets are looked up elsewhere. */
function isBucketKnown(bucket: string): boolean {
  return !bucket.endsWith('--x-s3')
}

async function thenRefused(found: IdentifiedCall, bucket: string, place: S3Place): Promise<S3Refusals> {
  const { call, asker, policies } = place
  const blocked = await blockedPolicy(found, asker, policies)
  if (blocked !== undefined) return { after: blocked }
  const unpaid = await isUnpaid(found, bucket, place)
  return unpaid ? { after: accessDenied('Access Denied', call.service.protocol) } : {}
}

/** Returns S3's answer to a denied caller in place of the denial (behaviour GRD-155). */
export async function toldToDenied(
  found: IdentifiedCall,
  asked: readonly AccessRequest[],
  mayList: () => Promise<boolean>,
  place: S3Place,
): Promise<Fault | undefined> {
  if (found.service.id !== 's3') return undefined
  return (await absentObject(found, mayList, place)) ?? failedPrecondition(found, asked, place)
}

/**
 * The fault for a denied caller who may list the bucket: it is given that an object is not there, or that a version is a
 * delete marker, whatever denies the object itself (behaviour GRD-155). Undefined if the object is there.
 */
async function absentObject(
  { operation, labels, service, request }: IdentifiedCall,
  mayList: () => Promise<boolean>,
  { asker, policies, facts }: S3Place,
): Promise<Fault | undefined> {
  const { Bucket: bucket, Key: key } = labels
  if (service.id !== 's3' || !/^(?:Get|Head)Object$/.test(operation)) return undefined
  if (bucket === undefined || key === undefined) return undefined
  const version = new URLSearchParams(request.rawQuery).get('versionId') ?? undefined
  if (!(await mayList())) return undefined
  const owner = await policies.bucketOwner(bucket, asker)
  if (owner === undefined) return undefined
  const { status, headers } = await facts.head({ bucket, key, version }, { owner, now: asker.now })
  if (status === 404 && version === undefined)
    return fault('NoSuchKey', 'The specified key does not exist.', 404)
  return status === 405 || headers['x-amz-delete-marker'] === 'true'
    ? fault('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405)
    : undefined
}

/**
 * The fault for a copy whose source may be read and is another than x-amz-copy-source-if-match says: it comes before the
 * permissions of the destination, and those of keys (behaviour GRD-155).
 */
async function failedPrecondition(
  { operation, request }: IdentifiedCall,
  asked: readonly AccessRequest[],
  { call, facts }: S3Place,
): Promise<Fault | undefined> {
  const wanted = headersWith(request)['x-amz-copy-source-if-match']
  if (wanted === undefined || !/^(?:CopyObject|UploadPartCopy)$/.test(operation)) return undefined
  const [source, ...more] = asked.filter(({ action }) => /^s3:GetObject(?:Version)?$/.test(action))
  if (source === undefined || more.length > 0 || !authorize([source], call).allowed) return undefined
  const [, bucket, key] = /^arn:[^:]*:s3:::([^/]+)\/(.+)$/.exec(source.resource) ?? []
  if (bucket === undefined || key === undefined) return undefined
  const owner = source.resourceAccount ?? call.account.id
  const { status, headers } = await facts.head({ bucket, key }, { owner, now: call.now })
  const isOther = status === 200 && headers.etag !== undefined && bare(headers.etag) !== bare(wanted)
  return isOther
    ? fault('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412)
    : undefined
}

function bare(tag: string): string {
  return tag.replaceAll('"', '')
}

const noSuchBucket = () => fault('NoSuchBucket', 'The specified bucket does not exist', 404)
const malformedXml = () =>
  fault(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    400,
  )
const aclNotSupported = () => fault('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400)

/** A wrong x-amz-expected-bucket-owner is denied on every operation, to the owner as well. */
function expectedOwner(expected: string | undefined, owner: string, call: Call): Fault | undefined {
  if (expected === undefined || expected === owner) return undefined
  return /^\d{12}$/.test(expected)
    ? accessDenied('Access Denied', call.service.protocol)
    : fault(
        'InvalidBucketOwnerAWSAccountID',
        'The value of the expected bucket owner parameter must be an AWS account ID',
        400,
      )
}

/** Of a copy the owner of its source may be said as well. */
async function expectedSourceOwner(
  headers: Readonly<Record<string, string>>,
  { call, asker, policies }: S3Place,
): Promise<Fault | undefined> {
  const expected = headers['x-amz-source-expected-bucket-owner']
  const source = sourceBucket(headers)
  if (expected === undefined || source === undefined) return undefined
  const owner = await policies.bucketOwner(source, asker)
  return owner === undefined ? undefined : expectedOwner(expected, owner, call)
}

/** S3 reads the body of an inventory before it asks policies, unlike those of other configurations. */
function malformedInventory({ operation, request }: IdentifiedCall): Fault | undefined {
  if (operation !== 'PutBucketInventoryConfiguration') return undefined
  const all = [...elementsIn(Buffer.from(request.body).toString('utf8'))]
  const root = all.find(({ name }) => name === 'InventoryConfiguration')
  const textOf = (name: string) => root?.children.find((child) => child.name === name)?.text.trim()
  const isWrong =
    root === undefined ||
    !/^(?:true|false)$/.test(textOf('IsEnabled') ?? '') ||
    !/^(?:All|Current)$/.test(textOf('IncludedObjectVersions') ?? '') ||
    !/^(?:Daily|Weekly)$/.test(all.find(({ name }) => name === 'Frequency')?.text.trim() ?? '')
  if (isWrong) return malformedXml()
  const id = new URLSearchParams(request.rawQuery).get('id')
  return id === textOf('Id')
    ? undefined
    : fault('IdMismatch', 'Document ID does not match the specified configuration ID.', 400)
}

/** An object of a deletion without a key asks for no permission, so the whole call is refused (behaviour GRD-730). */
function keylessDeletion({ operation, request }: IdentifiedCall): Fault | undefined {
  if (operation !== 'DeleteObjects') return undefined
  const objects = [...elementsIn(Buffer.from(request.body).toString('utf8'))].filter(
    ({ name }) => name === 'Object',
  )
  const hasKey = objects.every(({ children }) =>
    children.some(({ name, text }) => name === 'Key' && text !== ''),
  )
  return hasKey ? undefined : malformedXml()
}

/** Operations that may give an object an ACL. */
const givesAcl: ReadonlySet<string> = new Set([
  'CopyObject',
  'CreateMultipartUpload',
  'PutObject',
  'PutObjectAcl',
])

async function reachesWhereNoAclsCount(
  { operation, request }: IdentifiedCall,
  bucket: string,
  owner: NonNullable<Asker['account']>,
  { call, policies, asker }: S3Place,
): Promise<boolean> {
  if (!givesAcl.has(operation)) return false
  const headers = headersWith(request)
  // another account's object would be its own, whatever else its ACL says
  const isForeign =
    asker.account !== owner && /^(?:private|bucket-owner-read)$/.test(headers['x-amz-acl'] ?? '')
  const grantees = operation === 'PutObjectAcl' ? granteesOf(Buffer.from(request.body).toString('utf8')) : []
  if (!isForeign && !(await reachesBeyond(headers, [owner], { call, policies }, grantees))) return false
  return policies.refusesAcls(bucket, owner, asker.now)
}

/** Returns whether an ACL in the headers, or for grantees, reaches anyone but these owners of the object and the bucket. */
async function reachesBeyond(
  headers: Readonly<Record<string, string>>,
  owners: readonly NonNullable<Asker['account']>[],
  { call, policies }: Pick<S3Place, 'call' | 'policies'>,
  grantees: readonly (string | undefined)[] = [],
): Promise<boolean> {
  const canned = headers['x-amz-acl']
  if (canned !== undefined && !isWithinOwners(canned)) return true
  const granted = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-grant-'))
  if (granted.length + grantees.length === 0) return false
  const ids = await policies.canonicalIds(owners, call.now)
  const isOwn = (grantee: string) => ids.has(/^\s*id\s*=\s*"?([^"\s]+)"?\s*$/.exec(grantee)?.[1] ?? '')
  // of an upstream that does not separate accounts every id may be the owner's
  const isOwnId = (id: string | undefined) => id !== undefined && (ids.size === 0 || ids.has(id))
  return !granted.every(([, value]) => value.split(',').every(isOwn)) || !grantees.every(isOwnId)
}

/** Returns whether a canned ACL reaches nobody but the owners of object and bucket. */
function isWithinOwners(canned: string): boolean {
  return canned === 'private' || canned === 'bucket-owner-full-control' || canned === 'bucket-owner-read'
}

/**
 * The questions without those for an ACL that reaches nobody but the owners, in the caller's own account (behaviour
 * GRD-151).
 */
export async function withoutOwnAcls<T extends AccessRequest>(
  requests: readonly T[],
  { operation, request }: IdentifiedCall,
  place: Pick<S3Place, 'call' | 'policies'>,
): Promise<readonly T[]> {
  const own = place.call.account.id
  const asks = ({ action, resourceAccount }: T) =>
    /^s3:Put(?:Object|Bucket)Acl$/.test(action) && resourceAccount === own
  const gives = (givesAcl.has(operation) && operation !== 'PutObjectAcl') || operation === 'CreateBucket'
  if (!gives || !requests.some(asks)) return requests
  const isBeyond = await reachesBeyond(headersWith(request), [own], place)
  return isBeyond ? requests : requests.filter((each) => !asks(each))
}

/**
 * A reader of another account's bucket that makes its readers pay must say so, in every letter; nobody does so unsigned
 * (behaviour GRD-152).
 */
async function isUnpaid(
  { operation, service, request }: IdentifiedCall,
  bucket: string,
  { call, asker, policies, facts }: S3Place,
): Promise<boolean> {
  if (!isData(service.id, operation) || operation === 'HeadBucket') return false
  const headers = headersWith(request)
  if (asker.account !== undefined && headers['x-amz-request-payer'] === 'requester') return false
  const source = sourceBucket(headers)
  for (const each of new Set([bucket, ...(source === undefined ? [] : [source])])) {
    const owner = await policies.bucketOwner(each, asker)
    if (owner === undefined || owner === asker.account) continue
    if (await facts.requesterPays(each, { owner, now: call.now })) return true
  }
  return false
}

/** The bucket of a copy's source; undefined of an access point. */
function sourceBucket(headers: Readonly<Record<string, string>>): string | undefined {
  const [, source] = /^\/?([^/]+)\//.exec(decoded(headers['x-amz-copy-source'] ?? '')) ?? []
  return source?.startsWith('arn:') ? undefined : source
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * Returns the refusal of S3's public access block to every caller: of policies and ACLs that open a bucket to the
 * public.
 */
async function blockedPolicy(
  { operation, request, labels }: IdentifiedCall,
  asker: Asker,
  policies: ResourcePolicies,
): Promise<string | undefined> {
  const bucket = labels.Bucket // what is asked first may be about another: of a copy, its source
  if (bucket === undefined) return undefined
  const document = () => Buffer.from(request.body).toString('utf8')
  const isBlocked = async (setting: 'BlockPublicAcls' | 'BlockPublicPolicy') =>
    (await policies.blocked(bucket, operation, asker)).has(setting)
  if (operation === 'PutBucketPolicy') {
    return isPublicPolicy(document()) && (await isBlocked('BlockPublicPolicy'))
      ? 'because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access'
      : undefined
  }
  const setsAcl = /^Put(?:Bucket|Object)Acl$/.test(operation)
  return grantsToPublic(headersWith(request), setsAcl ? document() : '') &&
    (await isBlocked('BlockPublicAcls'))
    ? 'because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access'
    : undefined
}
