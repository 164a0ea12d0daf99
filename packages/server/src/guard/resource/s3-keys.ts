import type { AccessRequest, Call } from '../../authorization/index.ts'
import { factsOf, parseArn, principalIn } from '../../base/index.ts'
import { headersWith, type IdentifiedCall } from '../catalogue/index.ts'
import { elementsIn } from './answers.ts'
import type { BucketFacts, ObjectName } from './bucket-facts.ts'

/** A use of a key of AWS KMS for an object. */
interface Use {
  readonly action: 'kms:Decrypt' | 'kms:GenerateDataKey'
  /** As the upstream names it; undefined for the key that AWS manages for S3. */
  readonly key: string | undefined
  readonly object: ObjectName
}

const keyHeader = 'x-amz-server-side-encryption-aws-kms-key-id'

/**
 * The questions about keys of AWS KMS that S3 asks with the caller's permissions (behaviour GRD-156): the key that a request names, that of
 * an upload in parts, that of a copy's source, and that of an object whose attributes are read.
 */
export async function s3KeysUsed(
  found: IdentifiedCall,
  call: Call,
  facts: BucketFacts,
): Promise<readonly AccessRequest[]> {
  const { Bucket: bucket, Key: key } = found.labels
  const reads = readers[found.operation]
  if (found.service.id !== 's3' || reads === undefined || bucket === undefined || key === undefined) return []
  const query = new URLSearchParams(found.request.rawQuery)
  const object = { bucket, key, version: query.get('versionId') ?? undefined }
  const place = {
    object,
    headers: headersWith(found.request),
    uploadId: query.get('uploadId') ?? '',
    facts,
    call,
  }
  const uses = await Promise.all(reads.map((read) => read(place)))
  return uses.flatMap((use) => (use === undefined ? [] : [questionOf(use, call)]))
}

interface UsePlace {
  readonly object: ObjectName
  readonly headers: Readonly<Record<string, string>>
  readonly uploadId: string
  readonly facts: BucketFacts
  readonly call: Call
}

type Read = (place: UsePlace) => Promise<Use | undefined>

/** The key of AWS KMS in headers, if an object is encrypted by one. */
function useIn(
  headers: Readonly<Record<string, string>>,
  action: Use['action'],
  object: ObjectName,
): Use | undefined {
  return headers['x-amz-server-side-encryption']?.startsWith('aws:kms') === true
    ? { action, key: headers[keyHeader], object }
    : undefined
}

const ofRequest: Read = async ({ headers, object }) => useIn(headers, 'kms:GenerateDataKey', object)

const ofObject: Read = async ({ object, facts, call }) => {
  const { status, headers } = await facts.head(object, askerOf(call))
  return status === 200 ? useIn(headers, 'kms:Decrypt', object) : undefined
}

const ofSource: Read = async ({ headers, facts, call }) => {
  const object = sourceIn(headers['x-amz-copy-source'] ?? '')
  if (object === undefined) return undefined
  const { status, headers: told } = await facts.head(object, askerOf(call))
  return status === 200 ? useIn(told, 'kms:Decrypt', object) : undefined
}

const ofUpload: Read = async ({ object, uploadId, facts, call }) => {
  const { status, headers } = await facts.upload(object, uploadId, askerOf(call))
  return status === 200 ? useIn(headers, 'kms:Decrypt', object) : undefined
}

/** The end of an upload reads its parts only for a checksum that was asked for. */
const ofChecked: Read = async (place) => {
  const { status, text } = await place.facts.upload(place.object, place.uploadId, askerOf(place.call))
  const isChecked = [...elementsIn(text)].some(({ name }) => name === 'ChecksumAlgorithm')
  return status === 200 && isChecked ? ofUpload(place) : undefined
}

const readers: Readonly<Record<string, readonly Read[]>> = {
  CompleteMultipartUpload: [ofChecked],
  CopyObject: [ofRequest, ofSource],
  CreateMultipartUpload: [ofRequest],
  GetObjectAttributes: [ofObject],
  PutObject: [ofRequest],
  UploadPart: [ofUpload],
  UploadPartCopy: [ofUpload, ofSource],
}

/** `/bucket/key?versionId=…`, as x-amz-copy-source has it. */
function sourceIn(source: string): ObjectName | undefined {
  const [path = '', query = ''] = source.split('?', 2)
  try {
    const [, bucket, key] = /^\/?([^/:]+)\/(.+)$/.exec(decodeURIComponent(path)) ?? []
    if (bucket === undefined || key === undefined) return undefined
    return { bucket, key, version: new URLSearchParams(query).get('versionId') ?? undefined }
  } catch {
    return undefined
  }
}

function askerOf({ account, now }: Call) {
  return { owner: account.id, now }
}

function questionOf({ action, key, object }: Use, { account, region }: Call): AccessRequest {
  const { partition, id } = account
  const isManaged = key === undefined || /(?:^|:)alias\/aws\//.test(key)
  const start = `arn:${partition}:kms:${region}:${id}:`
  const named = key?.startsWith('alias/') ? key : `key/${key}`
  const arn = key !== undefined && parseArn(key) !== undefined ? key : `${start}${named}`
  return {
    action,
    resource: isManaged ? `${start}key/*` : arn,
    context: {
      'kms:CallerAccount': id,
      'kms:ViaService': `s3.${region}.${factsOf(partition).dnsSuffix}`,
      'kms:EncryptionContext:aws:s3:arn': `arn:${partition}:s3:::${object.bucket}/${object.key}`,
      'kms:EncryptionContextKeys': ['aws:s3:arn'],
      'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT',
    },
    forwardedBy: principalIn(partition, 's3.amazonaws.com'),
    ...(isManaged && { deniesOnly: true }),
  }
}
