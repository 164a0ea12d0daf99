import { type AccountId, parseArn } from '../../base/index.ts'
import { ask, type Question, type Reply } from '../ask.ts'
import { guardLimits } from '../limits.ts'
import type { Upstream } from '../upstream.ts'
import { elementsIn } from './answers.ts'
import { Remembered } from './remembered.ts'
import { type Tags, tagsIn } from './tags/read-tags.ts'
import { Uploads } from './uploads.ts'

/** An object in a bucket, or one version of it. */
export interface ObjectName {
  readonly bucket: string
  readonly key: string
  readonly version?: string | undefined
}

/** Whose bucket it is, and when it is asked about. */
export interface BucketAsker {
  readonly owner: AccountId
  readonly now: number
}

/** The default encryption of a bucket. */
export interface DefaultEncryption {
  readonly algorithm?: string | undefined
  readonly key?: string | undefined
  readonly bucketKey?: string | undefined
}

/** An access point's bucket; undefined if there is no such access point. */
export type PointOf = { readonly bucket: string } | undefined

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Settings of buckets, access points and objects that policies ask for, as the upstream gives them. */
export class BucketFacts {
  readonly #upstream: Upstream
  readonly #region: string
  readonly #known: Remembered<Reply>
  /** The tags of objects, by path; those of a version are read each time. */
  readonly #objects: Remembered<Reply>
  /** Uploads in parts that began through the guard. */
  readonly uploads = new Uploads()

  constructor(upstream: Upstream, region: string) {
    this.#upstream = upstream
    this.#region = region
    const weight = {
      bytes: guardLimits.rememberedTags,
      sizeOf: ({ text }: Reply) => 400 + 2 * text.length,
    }
    this.#known = new Remembered(upstream.rememberedFor, weight)
    this.#objects = new Remembered(upstream.rememberedFor, weight)
  }

  /**
   * The tags of a bucket that count in policies: none unless ABAC is enabled for it (behaviour GRD-143). An upstream that has no such setting
   * has it disabled, as every bucket begins. Undefined if the upstream does not give.
   */
  async tags(bucket: string, asker: BucketAsker): Promise<Tags | undefined> {
    const status = this.#of(bucket, 'abac=', asker)
    const tagging = this.#of(bucket, 'tagging=', asker)
    tagging.catch(() => {}) // its failure counts only where it is asked for
    const { status: code, text } = await status
    if (code === 403) return undefined
    const isEnabled = /<Status>\s*Enabled\s*<\/Status>/.test(text) && /<AbacStatus[\s>]/.test(text)
    return isEnabled ? tagsIn(await tagging, []) : new Map()
  }

  /** The tags of an object. */
  async objectTags({ bucket, key, version }: ObjectName, asker: BucketAsker): Promise<Tags | undefined> {
    const path = `/${bucket}/${encodedKey(key)}`
    const query = `tagging=${version === undefined ? '' : `&versionId=${encodeURIComponent(version)}`}`
    const read = () => this.#now(path, query, asker)
    return tagsIn(
      await (version === undefined ? this.#objects.get(path, asker.now, read, asker.owner) : read()),
      [],
    )
  }

  /** The tags of an access point; they count whatever the bucket's setting is. */
  async pointTags(arn: string, asker: BucketAsker): Promise<Tags | undefined> {
    return tagsIn(await this.#control(`tags/${encodeURIComponent(arn)}`, asker), [])
  }

  /** The bucket of an access point; `unknown` if the upstream does not give. */
  async bucketOf(arn: string, asker: BucketAsker): Promise<PointOf | 'unknown'> {
    const { status, text } = await this.#control(`accesspoint/${encodeURIComponent(pointName(arn))}`, asker)
    const bucket = status === 200 ? textOf(text, 'Bucket') : undefined
    if (bucket !== undefined) return { bucket }
    return /NoSuchAccessPoint/.test(text) ? undefined : 'unknown'
  }

  /** The default lock of a bucket's objects, as it is written; undefined if it has none. */
  async lock(bucket: string, asker: BucketAsker): Promise<string | undefined> {
    const { status, text } = await this.#of(bucket, 'object-lock=', asker)
    return status === 200 ? text : undefined
  }

  /** The encryption of an object that names none, in the form of an answer's headers. */
  async encryption(bucket: string, asker: BucketAsker): Promise<DefaultEncryption> {
    const { status, text } = await this.#of(bucket, 'encryption=', asker)
    if (status !== 200) return {}
    return {
      algorithm: textOf(text, 'SSEAlgorithm'),
      key: textOf(text, 'KMSMasterKeyID'),
      bucketKey: textOf(text, 'BucketKeyEnabled'),
    }
  }

  /** Returns whether who reads from a bucket pays for it. */
  async requesterPays(bucket: string, asker: BucketAsker): Promise<boolean> {
    const { status, text } = await this.#of(bucket, 'requestPayment=', asker)
    return status === 200 && textOf(text, 'Payer') === 'Requester'
  }

  /** The canonical id of the account that an object belongs to; undefined if the upstream does not give. */
  async objectOwner({ bucket, key, version }: ObjectName, asker: BucketAsker): Promise<string | undefined> {
    const query = `acl=${version === undefined ? '' : `&versionId=${encodeURIComponent(version)}`}`
    const { status, text } = await this.#now(`/${bucket}/${encodedKey(key)}`, query, asker)
    if (status !== 200) return undefined
    const owner = [...elementsIn(text)].find(({ name }) => name === 'Owner')
    return owner?.children.find(({ name }) => name === 'ID')?.text.trim()
  }

  /** The head of an object, asked each time. */
  head({ bucket, key, version }: ObjectName, asker: BucketAsker): Promise<Reply> {
    const query = version === undefined ? '' : `versionId=${encodeURIComponent(version)}`
    return this.#now(`/${bucket}/${encodedKey(key)}`, query, asker, 'HEAD')
  }

  /** The upstream's answer about an upload that has begun: the first of its parts. */
  upload({ bucket, key }: ObjectName, uploadId: string, asker: BucketAsker): Promise<Reply> {
    // how an upload is encrypted never changes
    return this.#of(
      `${bucket}/${encodedKey(key)}`,
      `max-parts=1&uploadId=${encodeURIComponent(uploadId)}`,
      asker,
    )
  }

  /** An object may have been changed: what is remembered of it is read again. */
  forgetObject(arn: string): void {
    const name = parseArn(arn)?.resource ?? ''
    const [bucket = '', ...key] = name.split('/')
    this.#objects.forget(`/${bucket}/${encodedKey(key.join('/'))}`)
  }

  /** A call that may have changed something was forwarded: everything is read again. */
  forget(): void {
    this.#known.clear()
    this.#objects.clear()
  }

  #of(path: string, query: string, { owner, now }: BucketAsker): Promise<Reply> {
    const key = `${owner} /${path}?${query}`
    return this.#known.get(key, now, () => this.#ask(owner, `/${path}`, query, {}, 'GET'))
  }

  #now(path: string, query: string, { owner }: BucketAsker, method: 'GET' | 'HEAD' = 'GET') {
    return this.#ask(owner, path, query, {}, method)
  }

  #control(path: string, { owner, now }: BucketAsker): Promise<Reply> {
    const headers = { 'x-amz-account-id': owner }
    return this.#known.get(`${owner} ${path}`, now, () =>
      this.#ask(owner, `/v20180820/${path}`, '', headers, 'GET'),
    )
  }

  #ask(
    account: AccountId,
    path: string,
    query: string,
    headers: Readonly<Record<string, string>>,
    method: Question['method'],
  ): Promise<Reply> {
    const question = { account, region: this.#region, service: 's3', method, path, query } as const
    const patience = guardLimits.readingTime
    return ask(
      { ...question, patience, headers: { 'x-amz-content-sha256': emptyHash, ...headers } },
      this.#upstream,
    )
  }
}

/** The name of an access point, which follows `accesspoint/` in its ARN. */
function pointName(arn: string): string {
  return parseArn(arn)?.resource.split('/')[1] ?? ''
}

function textOf(text: string, name: string): string | undefined {
  return [...elementsIn(text)].find((element) => element.name === name)?.text.trim()
}

function encodedKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/')
}
