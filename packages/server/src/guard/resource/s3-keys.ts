import type { Call } from '../../authorization/index.ts'
import { headersWith, type ObjectKeyOf } from '../catalogue/index.ts'
import { elementsIn } from './answers.ts'
import type { ObjectName } from './bucket-facts.ts'
import type { KeyedPlace, KeyedThing, KeyReader } from './keyed-place.ts'

const algorithmHeader = 'x-amz-server-side-encryption'
const keyHeader = 'x-amz-server-side-encryption-aws-kms-key-id'
const bucketKeyHeader = 'x-amz-server-side-encryption-bucket-key-enabled'

/** The headers of an answer, or of a request. */
type Headers = Readonly<Record<string, string | undefined>>

/** How the keys of S3's objects are found (behaviours GRD-156, GRD-308). */
export const objectReaders: Readonly<Record<ObjectKeyOf, KeyReader>> = {
  newObject: (place) => ofNamed(place, ofNew),
  object: (place) => ofNamed(place, (object) => ofHead(object, place)),
  answeredObject: (place) =>
    ofNamed(place, async (object) => place.answer && thingIn(place.answer, object, place.call)),
  copySource: async (place) => {
    const source = sourceIn(headersWith(place.found.request)['x-amz-copy-source'] ?? '')
    return listed(source && (await ofHead(source, place)))
  },
  upload: (place) => ofNamed(place, (object) => ofUpload(object, place)),
  // the end of an upload reads its parts only for a checksum that was asked for
  checkedUpload: (place) =>
    ofNamed(place, async (object) => {
      const { status, text } = await place.facts.upload(object, uploadId(place), askerOf(place.call))
      const isChecked = [...elementsIn(text)].some(({ name }) => name === 'ChecksumAlgorithm')
      return status === 200 && isChecked ? ofUpload(object, place) : undefined
    }),
}

/** Whether the headers of an answer name a key of AWS KMS. */
export function namesKey(headers: Headers): boolean {
  return headers[algorithmHeader]?.startsWith('aws:kms') === true
}

type Found = KeyedThing | undefined

async function ofNamed(
  place: KeyedPlace,
  read: (object: ObjectName, place: KeyedPlace) => Promise<Found>,
): Promise<readonly KeyedThing[]> {
  const { Bucket: bucket, Key: key } = place.found.labels
  if (bucket === undefined || key === undefined) return []
  const version = queryOf(place).get('versionId') ?? undefined
  return listed(await read({ bucket, key, version }, place))
}

function listed(thing: Found): readonly KeyedThing[] {
  return thing === undefined ? [] : [thing]
}

/** The key that a request names, or the bucket's own if it says nothing of encryption. */
async function ofNew(object: ObjectName, { found, facts, call }: KeyedPlace): Promise<Found> {
  const headers = headersWith(found.request)
  if (headers[algorithmHeader] !== undefined) return thingIn(headers, object, call)
  const isOfCustomer = headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined
  if (isOfCustomer || object.bucket.startsWith('arn:')) return undefined
  const { algorithm, key, bucketKey } = await facts.encryption(object.bucket, askerOf(call))
  const said = { [algorithmHeader]: algorithm, [keyHeader]: key, [bucketKeyHeader]: bucketKey }
  return thingIn(said, object, call)
}

async function ofHead(object: ObjectName, { facts, call }: KeyedPlace): Promise<Found> {
  const { status, headers } = await facts.head(object, askerOf(call))
  return status === 200 ? thingIn(headers, object, call) : undefined
}

async function ofUpload(object: ObjectName, place: KeyedPlace): Promise<Found> {
  const { status, headers } = await place.facts.upload(object, uploadId(place), askerOf(place.call))
  return status === 200 ? thingIn(headers, object, place.call) : undefined
}

/** An object under a key of AWS KMS, by headers. With a key of the bucket the encryption context is the bucket. */
function thingIn(headers: Headers, { bucket, key }: ObjectName, { account }: Call): Found {
  if (!namesKey(headers)) return undefined
  const ofBucket = `arn:${account.partition}:s3:::${bucket}`
  const arn = headers[bucketKeyHeader] === 'true' ? ofBucket : `${ofBucket}/${key}`
  return { keys: [headers[keyHeader] ?? 'alias/aws/s3'], facts: { arn } }
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

function queryOf({ found }: KeyedPlace): URLSearchParams {
  return new URLSearchParams(found.request.rawQuery)
}

function uploadId(place: KeyedPlace): string {
  return queryOf(place).get('uploadId') ?? ''
}

function askerOf({ account, now }: Call) {
  return { owner: account.id, now }
}
