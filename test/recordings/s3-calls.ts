/** An S3 call as it is sent. */
export interface S3Call {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type Input = Readonly<Record<string, unknown>>

/** Method, path below the bucket (`/` for an object) and how the body is written. */
type Form = readonly [method: string, query: string, body?: (input: Input) => string]

const text = (value: unknown) => String(value ?? '')
const asBody = (input: Input) => text(input.Body)

const forms: Readonly<Record<string, Form>> = {
  AbortMultipartUpload: ['DELETE', ''],
  CompleteMultipartUpload: [
    'POST',
    '',
    () =>
      '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"e"</ETag></Part></CompleteMultipartUpload>',
  ],
  CopyObject: ['PUT', ''],
  CreateBucket: ['PUT', '', created],
  CreateMultipartUpload: ['POST', 'uploads'],
  DeleteBucketAnalyticsConfiguration: ['DELETE', 'analytics'],
  DeleteBucketIntelligentTieringConfiguration: ['DELETE', 'intelligent-tiering'],
  DeleteBucketInventoryConfiguration: ['DELETE', 'inventory'],
  DeleteBucketLifecycle: ['DELETE', 'lifecycle'],
  DeleteBucketMetricsConfiguration: ['DELETE', 'metrics'],
  DeleteBucketOwnershipControls: ['DELETE', 'ownershipControls'],
  DeleteBucketReplication: ['DELETE', 'replication'],
  DeleteObject: ['DELETE', ''],
  GetBucketAccelerateConfiguration: ['GET', 'accelerate'],
  GetBucketAcl: ['GET', 'acl'],
  GetBucketAnalyticsConfiguration: ['GET', 'analytics'],
  GetBucketIntelligentTieringConfiguration: ['GET', 'intelligent-tiering'],
  GetBucketInventoryConfiguration: ['GET', 'inventory'],
  GetBucketLifecycleConfiguration: ['GET', 'lifecycle'],
  GetBucketMetricsConfiguration: ['GET', 'metrics'],
  GetBucketOwnershipControls: ['GET', 'ownershipControls'],
  GetBucketPolicyStatus: ['GET', 'policyStatus'],
  GetBucketReplication: ['GET', 'replication'],
  GetBucketRequestPayment: ['GET', 'requestPayment'],
  GetBucketTagging: ['GET', 'tagging'],
  GetObject: ['GET', ''],
  GetObjectAcl: ['GET', 'acl'],
  GetObjectAttributes: ['GET', 'attributes'],
  GetObjectLegalHold: ['GET', 'legal-hold'],
  GetObjectLockConfiguration: ['GET', 'object-lock'],
  GetObjectRetention: ['GET', 'retention'],
  GetObjectTagging: ['GET', 'tagging'],
  GetPublicAccessBlock: ['GET', 'publicAccessBlock'],
  HeadObject: ['HEAD', ''],
  ListBucketAnalyticsConfigurations: ['GET', 'analytics'],
  ListBucketIntelligentTieringConfigurations: ['GET', 'intelligent-tiering'],
  ListBucketMetricsConfigurations: ['GET', 'metrics'],
  ListMultipartUploads: ['GET', 'uploads'],
  ListObjectsV2: ['GET', 'list-type=2'],
  ListParts: ['GET', ''],
  PutBucketAccelerateConfiguration: [
    'PUT',
    'accelerate',
    (input) =>
      asBody(input) ||
      `<AccelerateConfiguration><Status>${text(input.Status)}</Status></AccelerateConfiguration>`,
  ],
  PutBucketAcl: ['PUT', 'acl'],
  PutBucketAnalyticsConfiguration: [
    'PUT',
    'analytics',
    (input) => asBody(input) || `<AnalyticsConfiguration><Id>${text(input.Id)}</Id></AnalyticsConfiguration>`,
  ],
  PutBucketIntelligentTieringConfiguration: [
    'PUT',
    'intelligent-tiering',
    ({ Id }) => `<IntelligentTieringConfiguration><Id>${text(Id)}</Id></IntelligentTieringConfiguration>`,
  ],
  PutBucketInventoryConfiguration: ['PUT', 'inventory', inventory],
  PutBucketLifecycleConfiguration: ['PUT', 'lifecycle', () => '<LifecycleConfiguration/>'],
  PutBucketMetricsConfiguration: [
    'PUT',
    'metrics',
    ({ Id }) => `<MetricsConfiguration><Id>${text(Id)}</Id></MetricsConfiguration>`,
  ],
  PutBucketOwnershipControls: [
    'PUT',
    'ownershipControls',
    () =>
      '<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>',
  ],
  PutBucketPolicy: ['PUT', 'policy', ({ Policy }) => JSON.stringify(Policy)],
  PutBucketReplication: [
    'PUT',
    'replication',
    ({ Role, Destination }) =>
      `<ReplicationConfiguration><Role>${text(Role)}</Role><Rule><Status>Enabled</Status><Destination><Bucket>${text(Destination)}</Bucket></Destination></Rule></ReplicationConfiguration>`,
  ],
  PutBucketRequestPayment: [
    'PUT',
    'requestPayment',
    () => '<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>',
  ],
  PutBucketTagging: ['PUT', 'tagging', tagging],
  PutObject: ['PUT', '', () => 'content'],
  PutObjectAcl: ['PUT', 'acl'],
  PutObjectLegalHold: [
    'PUT',
    'legal-hold',
    ({ LegalHold }) => `<LegalHold><Status>${text(LegalHold)}</Status></LegalHold>`,
  ],
  PutObjectLockConfiguration: [
    'PUT',
    'object-lock',
    () => '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>',
  ],
  PutObjectRetention: ['PUT', 'retention', retention],
  PutObjectTagging: ['PUT', 'tagging', tagging],
  UploadPart: ['PUT', '', () => 'content'],
  UploadPartCopy: ['PUT', ''],
}

/** Members that are headers. */
const headerNames: Readonly<Record<string, string>> = {
  ACL: 'x-amz-acl',
  BypassGovernanceRetention: 'x-amz-bypass-governance-retention',
  ChecksumAlgorithm: 'x-amz-checksum-algorithm',
  ChecksumMode: 'x-amz-checksum-mode',
  CopySource: 'x-amz-copy-source',
  CopySourceIfMatch: 'x-amz-copy-source-if-match',
  EventHold: 'x-amz-object-lock-event-hold',
  EventHoldDays: 'x-amz-object-lock-event-hold-duration-days',
  ExpectedBucketOwner: 'x-amz-expected-bucket-owner',
  GrantFullControl: 'x-amz-grant-full-control',
  GrantRead: 'x-amz-grant-read',
  GrantWrite: 'x-amz-grant-write',
  IfNoneMatch: 'if-none-match',
  ObjectAttributes: 'x-amz-object-attributes',
  ObjectLockEnabledForBucket: 'x-amz-bucket-object-lock-enabled',
  ObjectLockLegalHoldStatus: 'x-amz-object-lock-legal-hold',
  ObjectLockMode: 'x-amz-object-lock-mode',
  ObjectLockRetainUntilDate: 'x-amz-object-lock-retain-until-date',
  ObjectOwnership: 'x-amz-object-ownership',
  RequestPayer: 'x-amz-request-payer',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  ServerSideEncryption: 'x-amz-server-side-encryption',
}

const queryNames: Readonly<Record<string, string>> = {
  Id: 'id',
  PartNumber: 'partNumber',
  UploadId: 'uploadId',
  VersionId: 'versionId',
}

/** The request of an operation of S3, in path style, or of S3 Control's operations on tags. */
export function s3Call(operation: string, input: Input, account: string): S3Call {
  if (operation === 'TagResource' || operation === 'UntagResource' || operation === 'ListTagsForResource')
    return tagsCall(operation, input, account)
  const form = forms[operation]
  if (form === undefined) throw new Error(`no form of ${operation}`)
  const [method, sub, body = () => ''] = form
  const listed = operation.startsWith('List') ? { ...input, Id: undefined } : input
  const named = Object.entries(queryNames).flatMap(([member, name]) =>
    listed[member] === undefined ? [] : [`${name}=${encodeURIComponent(text(listed[member]))}`],
  )
  const query = [...(sub === '' ? [] : [sub]), ...named].join('&')
  const [, point] = /:accesspoint\/(.+)$/.exec(text(input.Bucket)) ?? []
  const key =
    input.Key === undefined ? '' : `/${text(input.Key).split('/').map(encodeURIComponent).join('/')}`
  return {
    method,
    path: `${point === undefined ? `/${encodeURIComponent(text(input.Bucket))}` : ''}${key}${query === '' ? '' : `?${query}`}`,
    headers: {
      ...(point && { host: `${point}-${account}.s3-accesspoint.us-east-1.localhost` }),
      ...Object.fromEntries(
        Object.entries(headerNames).flatMap(([member, name]) =>
          input[member] === undefined ? [] : [[name, text(input[member])]],
        ),
      ),
      ...(typeof input.Tagging === 'string' && { 'x-amz-tagging': input.Tagging }),
    },
    body: body(input),
  }
}

function tagsCall(operation: string, input: Input, account: string): S3Call {
  const path = `/v20180820/tags/${encodeURIComponent(text(input.ResourceArn))}`
  const headers = { 'x-amz-account-id': account }
  if (operation === 'ListTagsForResource') return { method: 'GET', path, headers, body: '' }
  if (operation === 'UntagResource') {
    const query = (input.TagKeys as string[]).map((key) => `tagKeys=${encodeURIComponent(key)}`).join('&')
    return { method: 'DELETE', path: `${path}?${query}`, headers, body: '' }
  }
  const tags = pairs(input.Tags).map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
  return {
    method: 'POST',
    path,
    headers,
    body: `<TagResourceRequest><Tags>${tags.join('')}</Tags></TagResourceRequest>`,
  }
}

function pairs(tags: unknown): readonly (readonly [string, string])[] {
  return Array.isArray(tags)
    ? tags.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value] as const)
    : Object.entries((tags ?? {}) as Record<string, string>)
}

function tagging({ Tagging }: Input): string {
  const { TagSet } = Tagging as { TagSet: unknown }
  const tags = pairs(TagSet).map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
  return `<Tagging><TagSet>${tags.join('')}</TagSet></Tagging>`
}

function created({ CreateBucketConfiguration: given, Tags }: Input): string {
  const tags = pairs((given as { Tags?: unknown } | undefined)?.Tags ?? Tags)
  if (tags.length === 0) return ''
  const written = tags.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
  return `<CreateBucketConfiguration><Tags>${written.join('')}</Tags></CreateBucketConfiguration>`
}

function inventory(input: Input): string {
  if (input.Body !== undefined) return asBody(input)
  const fields = ((input.OptionalFields ?? []) as string[]).map((field) => `<Field>${field}</Field>`)
  const bucket = `arn:aws:s3:::${text(input.Bucket)}-dest`
  return `<InventoryConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Id>${text(input.Id)}</Id><IsEnabled>false</IsEnabled><IncludedObjectVersions>Current</IncludedObjectVersions><Schedule><Frequency>Daily</Frequency></Schedule>${
    fields.length === 0 ? '' : `<OptionalFields>${fields.join('')}</OptionalFields>`
  }<Destination><S3BucketDestination><Bucket>${bucket}</Bucket><Format>CSV</Format></S3BucketDestination></Destination></InventoryConfiguration>`
}

function retention({ Retention }: Input): string {
  if (typeof Retention === 'string') return Retention
  const { Mode, RetainUntilDate } = (Retention ?? {}) as Record<string, string>
  return `<Retention><Mode>${Mode}</Mode><RetainUntilDate>${RetainUntilDate}</RetainUntilDate></Retention>`
}
