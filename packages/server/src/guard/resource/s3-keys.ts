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

/** The look-ups of the keys of S3's objects (behaviours GRD-156, GRD-308, GRD-474). */
export const objectReaders: Readonly<Record<ObjectKeyOf, KeyReader>> = {
  newObject: (place) => ofNamed(place, ofNew),
  object: (place) => ofNamed(place, (object) => ofHead(object, place)),
  answeredObject: (place) =>
    ofNamed(place, async (object) => {
      const { answer, found } = place
      if (answer === undefined || (found.operation === 'HeadObject' && !hasChecksum(answer))) return undefined
      return thingIn(answer, object, place.call)
    }),
  copySource: async (place) => {
    const source = sourceIn(headersWith(place.found.request)['x-amz-copy-source'] ?? '')
    return listed(source && (await ofHead(source, place)))
  },
  upload: (place) => ofNamed(place, (object) => ofUpload(object, place)),
  // the end of an upload reads its parts only for a checksum that was asked for
  checkedUpload: (place) =>
    ofNamed(place, async (object) => {
      const { status, text } = await place.facts.upload(object, uploadId(place), askerOf(place, object))
      const isChecked =
        status === 200 && [...elementsIn(text)].some(({ name }) => name === 'ChecksumAlgorithm')
      const began = place.facts.uploads.find(uploadId(place))
      return isChecked || began?.isChecked ? ofUpload(object, place) : undefined
    }),
}

/** Whether the headers of an answer name a key of AWS KMS. */
export function namesKey(headers: Headers): boolean {
  return headers[algorithmHeader]?.startsWith('aws:kms') === true
}

function hasChecksum(headers: Headers): boolean {
  return Object.keys(headers).some((name) => name.startsWith('x-amz-checksum-'))
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
async function ofNew(object: ObjectName, place: KeyedPlace): Promise<Found> {
  const { found, facts, call } = place
  const headers = headersWith(found.request)
  if (headers[algorithmHeader] !== undefined) return thingIn(headers, object, call)
  const isOfCustomer = headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined
  if (isOfCustomer || object.bucket.startsWith('arn:')) return undefined
  const { algorithm, key, bucketKey } = await facts.encryption(object.bucket, askerOf(place, object))
  const said = { [algorithmHeader]: algorithm, [keyHeader]: key, [bucketKeyHeader]: bucketKey }
  return thingIn(said, object, call)
}

async function ofHead(object: ObjectName, place: KeyedPlace): Promise<Found> {
  const { status, headers } = await place.facts.head(object, askerOf(place, object))
  return status === 200 ? thingIn(headers, object, place.call) : undefined
}

async function ofUpload(object: ObjectName, place: KeyedPlace): Promise<Found> {
  const { status, headers } = await place.facts.upload(object, uploadId(place), askerOf(place, object))
  const given = status === 200 ? thingIn(headers, object, place.call) : undefined
  return given ?? place.facts.uploads.find(uploadId(place))?.thing
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

/** A bucket is asked about in the name of its owner, which may be another account than the caller's. */
function askerOf({ call: { account, now }, owned }: KeyedPlace, { bucket }: ObjectName) {
  const start = `arn:${account.partition}:s3:::${bucket}/`
  const own = owned.find(({ resource }) => resource.startsWith(start))
  return { owner: own?.resourceAccount ?? account.id, now }
}
