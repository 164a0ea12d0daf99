import type { Reached, Told, World } from './upstream.ts'

type Tags = Readonly<Record<string, string>>

/** What a recorded account had when the row's call was made. */
export interface S3Facts {
  readonly bucketPolicy?: object
  readonly accessPointPolicy?: object
  /** The bucket of the access point that the row calls. */
  readonly bucketOf?: string
  /** BucketOwnerEnforced if absent; `none` if the bucket has no setting. */
  readonly ownership?: string
  readonly publicAccessBlock?: readonly string[]
  readonly objectOwner?: 'owner' | 'member'
  readonly objectGrants?: readonly (readonly [to: string, permission: string])[]
  readonly lock?: { readonly mode?: string; readonly days?: number; readonly eventDays?: number }
  readonly payer?: string
  readonly payers?: Readonly<Record<string, string>>
  readonly buckets?: readonly string[]
  /** The bucket does not exist. */
  readonly missing?: boolean
  /** The object does not exist. */
  readonly missingKey?: boolean
  /** The version of a delete marker. */
  readonly marker?: string
  readonly abac?: Readonly<Record<string, boolean>>
  readonly tags?: Readonly<Record<string, Tags>>
  readonly accessPointTags?: Tags
  /** The keys of AWS KMS of the object, of the source of a copy, and of the upload. */
  readonly objectKey?: string
  readonly sourceKey?: string
  readonly uploadKey?: string
  readonly uploadChecksum?: string
}

/** A row's call, and the accounts that take part. */
export interface S3Row {
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  readonly world?: S3Facts
  readonly answer: { readonly status: number; readonly code?: string }
}

/** The canonical user ids of the two accounts. */
export const canonicalIds = { owner: 'owner-canonical-id', member: 'member-canonical-id' }

const notFound = (code: string): Told => ({ status: 404, body: `<Error><Code>${code}</Code></Error>` })

/** A place that answers the guard's questions as the row's world was, and the call itself as AWS did. */
export function s3World(row: S3Row, account: string): World {
  const world = row.world ?? {}
  return (reached) => {
    if (reached.forwarded) return asAws(row)
    if (reached.service === 'kms') return ofKey(reached)
    if (reached.path.startsWith('/v20180820/')) return ofControl(reached, world)
    if (reached.path === '/') return buckets(row, reached.account === account)
    const [, bucket = '', key] = /^\/([^/]+)(?:\/(.+))?$/.exec(reached.path) ?? []
    if (world.missing) return notFound('NoSuchBucket')
    return key === undefined ? ofBucket(reached, bucket, world) : ofObject(reached, bucket, key, row)
  }
}

function asAws({ answer: { status, code } }: S3Row): Told {
  // a call that AWS refused and the guard let through arrives as a success, which the replay sees
  if (code === undefined || code === 'AccessDenied') return { status: status < 300 ? status : 200 }
  return { status, body: `<Error><Code>${code}</Code></Error>` }
}

function buckets({ input, world = {} }: S3Row, isOwner: boolean): Told {
  const source = /^\/?([^/]+)/.exec(String(input.CopySource ?? ''))?.[1]
  const tagged = /^arn:aws:s3:::([^/]+)$/.exec(String(input.ResourceArn ?? ''))?.[1]
  const named = [input.Bucket, source, tagged, world.bucketOf, ...(world.buckets ?? [])]
  const names = new Set(world.missing ? [] : named.filter((each) => typeof each === 'string'))
  const list = isOwner ? [...names].map((name) => `<Bucket><Name>${name}</Name></Bucket>`) : []
  return {
    body: `<ListAllMyBucketsResult><Owner><ID>${isOwner ? canonicalIds.owner : canonicalIds.member}</ID></Owner><Buckets>${list.join('')}</Buckets></ListAllMyBucketsResult>`,
  }
}

function ofKey({ operation, input }: Reached): Told | undefined {
  const { KeyId } = input as { KeyId?: string }
  if (operation === 'DescribeKey')
    return { body: { KeyMetadata: { Arn: KeyId, KeyId, KeyManager: 'CUSTOMER', Origin: 'AWS_KMS' } } }
  if (operation !== 'GetKeyPolicy') return undefined
  const Statement = [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }]
  const whole = { Version: '2012-10-17', Statement: [{ ...Statement[0], Principal: { AWS: 'ACCOUNT' } }] }
  return { body: { Policy: JSON.stringify(whole).replace('ACCOUNT', '123456789012') } }
}

function ofControl({ path }: Reached, world: S3Facts): Told | undefined {
  if (path.endsWith('/configuration/publicAccessBlock'))
    return notFound('NoSuchPublicAccessBlockConfiguration')
  const tagged = /^\/v20180820\/tags\/(.+)$/.exec(path)?.[1]
  if (tagged !== undefined) {
    const bucket = /^arn:aws:s3:::([^/]+)$/.exec(tagged)?.[1]
    const tags = bucket === undefined ? (world.accessPointTags ?? {}) : (world.tags?.[bucket] ?? {})
    return { body: `<ListTagsForResourceResult><Tags>${tagsXml(tags)}</Tags></ListTagsForResourceResult>` }
  }
  const point = /^\/v20180820\/accesspoint\/([^/]+)(\/policy)?$/.exec(path)
  if (point === null || world.bucketOf === undefined) return undefined
  if (point[2] === undefined)
    return {
      body: `<GetAccessPointResult><Name>${point[1]}</Name><Bucket>${world.bucketOf}</Bucket><NetworkOrigin>Internet</NetworkOrigin></GetAccessPointResult>`,
    }
  return world.accessPointPolicy === undefined
    ? notFound('NoSuchAccessPointPolicy')
    : {
        body: `<GetAccessPointPolicyResult><Policy>${escaped(JSON.stringify(world.accessPointPolicy))}</Policy></GetAccessPointPolicyResult>`,
      }
}

function ofBucket({ query, method }: Reached, bucket: string, world: S3Facts): Told | undefined {
  if (query.has('policy'))
    return world.bucketPolicy === undefined ? notFound('NoSuchBucketPolicy') : { body: world.bucketPolicy }
  if (query.has('ownershipControls')) {
    const { ownership = 'BucketOwnerEnforced' } = world
    return ownership === 'none'
      ? notFound('OwnershipControlsNotFoundError')
      : {
          body: `<OwnershipControls><Rule><ObjectOwnership>${ownership}</ObjectOwnership></Rule></OwnershipControls>`,
        }
  }
  if (query.has('publicAccessBlock')) {
    const { publicAccessBlock: on = [] } = world
    return on.length === 0
      ? notFound('NoSuchPublicAccessBlockConfiguration')
      : {
          body: `<PublicAccessBlockConfiguration>${on.map((name) => `<${name}>true</${name}>`).join('')}</PublicAccessBlockConfiguration>`,
        }
  }
  if (query.has('acl')) return { body: acl('owner', [['owner', 'FULL_CONTROL']]) }
  if (query.has('abac'))
    return {
      body: `<AbacStatus><Status>${world.abac?.[bucket] ? 'Enabled' : 'Disabled'}</Status></AbacStatus>`,
    }
  if (query.has('tagging')) {
    const tags = world.tags?.[bucket]
    return tags === undefined
      ? notFound('NoSuchTagSet')
      : { body: `<Tagging><TagSet>${tagsXml(tags)}</TagSet></Tagging>` }
  }
  if (query.has('requestPayment')) {
    const payer = world.payers?.[bucket] ?? world.payer ?? 'BucketOwner'
    return {
      body: `<RequestPaymentConfiguration><Payer>${payer}</Payer></RequestPaymentConfiguration>`,
    }
  }
  if (query.has('object-lock')) return lockOf(world)
  return method === 'HEAD' || query.size === 0 ? {} : undefined
}

function lockOf({ lock }: S3Facts): Told {
  if (lock?.mode === undefined && lock?.eventDays === undefined)
    return lock === undefined
      ? notFound('ObjectLockConfigurationNotFoundError')
      : {
          body: '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>',
        }
  const event =
    lock.eventDays === undefined
      ? ''
      : `<EventHold>ON</EventHold><EventHoldDuration><Days>${lock.eventDays}</Days></EventHoldDuration>`
  const days = lock.days === undefined ? '' : `<Days>${lock.days}</Days>`
  return {
    body: `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>${lock.mode ?? 'GOVERNANCE'}</Mode>${days}${event}</DefaultRetention></Rule></ObjectLockConfiguration>`,
  }
}

function ofObject({ method, query }: Reached, bucket: string, key: string, row: S3Row): Told | undefined {
  const { world = {}, input } = row
  const isMarker = world.marker !== undefined && key === 'item'
  if (isMarker && !query.has('versionId'))
    return { ...notFound('NoSuchKey'), headers: { 'x-amz-delete-marker': 'true' } }
  if (isMarker && query.get('versionId') === world.marker)
    return {
      status: 405,
      headers: { 'x-amz-delete-marker': 'true', allow: 'DELETE' },
      body: '<Error><Code>MethodNotAllowed</Code></Error>',
    }
  if (world.missingKey && key === input.Key) return notFound('NoSuchKey')
  if (query.has('acl'))
    return { body: acl(world.objectOwner ?? 'owner', world.objectGrants ?? [['owner', 'FULL_CONTROL']]) }
  if (query.has('uploadId'))
    return {
      headers: encrypted(world.uploadKey),
      body: `<ListPartsResult><UploadId>u</UploadId>${
        world.uploadChecksum === undefined
          ? ''
          : `<ChecksumAlgorithm>${world.uploadChecksum}</ChecksumAlgorithm>`
      }</ListPartsResult>`,
    }
  if (method !== 'HEAD') return undefined
  const isSource = String(input.CopySource ?? '').endsWith(`${bucket}/${key}`)
  return { headers: { etag: '"etag"', ...encrypted(isSource ? world.sourceKey : world.objectKey) } }
}

function encrypted(key: string | undefined): Readonly<Record<string, string>> {
  return key === undefined
    ? {}
    : {
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': key,
      }
}

function acl(owner: 'owner' | 'member', grants: readonly (readonly [string, string])[]): string {
  const grantee = (to: string) =>
    to === 'owner' || to === 'member'
      ? `<ID>${canonicalIds[to]}</ID>`
      : `<URI>http://acs.amazonaws.com/groups/global/${to}</URI>`
  const written = grants.map(
    ([to, permission]) =>
      `<Grant><Grantee>${grantee(to)}</Grantee><Permission>${permission}</Permission></Grant>`,
  )
  return `<AccessControlPolicy><Owner><ID>${canonicalIds[owner]}</ID></Owner><AccessControlList>${written.join('')}</AccessControlList></AccessControlPolicy>`
}

function tagsXml(tags: Tags): string {
  return Object.entries(tags)
    .map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
    .join('')
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
