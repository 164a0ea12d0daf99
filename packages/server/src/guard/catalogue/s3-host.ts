import { partitionOfRegion } from '../../base/index.ts'

/** The facts that a host reveals about an S3 request: which of its APIs, and the bucket or access point in front. */
export interface S3Host {
  readonly api: 's3' | 's3control'
  readonly bucket?: string
}

const s3Label = /^(s3|s3-[a-z0-9-]+|s3express(?:-control|-[a-z0-9-]+)?)$/
const address = /^(?:\d+\.\d+\.\d+\.\d+|\[.*\])$/

/** Names of old and new buckets, and ARNs of access points: anything else at a bucket's place is not one. */
const bucketForm = /^(?:[A-Za-z0-9][\w.-]{0,254}|arn:[\w-]+:s3[\w-]*:[\w-]*:\d{12}:[\w.:/-]+)$/

/** Returns whether a name can be a bucket's. */
export function isBucket(name: string): boolean {
  return bucketForm.test(name)
}

/**
 * Reads a host as S3 does (behaviour GRD-7): `bucket.s3.anything`, `bucket.s3-region.anything`, and `bucket.base` for
 * the guard's own host names; undefined if it is not a host of S3.
 */
export function s3Host(host: string, bases: readonly string[]): S3Host | undefined {
  const hostname = host.toLowerCase().replace(/:\d+$/, '')
  if (hostname === '' || address.test(hostname)) return undefined
  const labels = hostname.split('.')
  const at = labels.findLastIndex((label) => s3Label.test(label))
  if (at >= 0 && labels.length > 1) {
    const label = labels[at]!
    if (label.startsWith('s3-control')) return { api: 's3control' }
    const name = labels.slice(0, at).join('.')
    const bucket = /^s3-(?:accesspoint|object-lambda)/.test(label)
      ? accessPointOf(name, label, labels[at + 1] ?? '')
      : name
    return { api: 's3', ...(bucket !== '' && { bucket }) }
  }
  const base = bases.find((candidate) => hostname.endsWith(`.${candidate}`))
  if (base === undefined) return undefined
  return { api: 's3', bucket: hostname.slice(0, -base.length - 1) }
}

/** `name-account` before `s3-accesspoint.region` is an access point, as SDKs write its ARN in hosts. */
function accessPointOf(name: string, label: string, region: string): string {
  const [, point, account] = /^(.+)-(\d{12})$/.exec(name) ?? []
  if (point === undefined) return name
  const service = label.startsWith('s3-object-lambda') ? 's3-object-lambda' : 's3'
  return `arn:${partitionOfRegion(region)}:${service}:${region}:${account}:accesspoint/${point}`
}
