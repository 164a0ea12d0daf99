/** What a host says of a request to S3: which of its APIs, and the bucket that stands before it. */
export interface S3Host {
  readonly api: 's3' | 's3control'
  readonly bucket?: string
  /** The host names an access point, `name-account`, rather than a bucket. */
  readonly accessPoint?: boolean
}

const s3Label = /^(s3|s3-[a-z0-9-]+|s3express(?:-control|-[a-z0-9-]+)?)$/
const address = /^(?:\d+\.\d+\.\d+\.\d+|\[.*\])$/

/**
 * Reads a host as S3 does (behaviour GRD-7): `bucket.s3.anything`, `bucket.s3-region.anything`, and
 * `bucket.base` for the hosts under which the guard itself is known; undefined where it says nothing of S3.
 */
export function s3Host(host: string, bases: readonly string[]): S3Host | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, '')
  if (name === '' || address.test(name)) return undefined
  const labels = name.split('.')
  const at = labels.findLastIndex((label) => s3Label.test(label))
  if (at >= 0 && labels.length > 1) {
    const label = labels[at]!
    if (label.startsWith('s3-control')) return { api: 's3control' }
    const bucket = labels.slice(0, at).join('.')
    const accessPoint = /^s3-(?:accesspoint|object-lambda)/.test(label)
    return { api: 's3', ...(bucket !== '' && { bucket }), ...(accessPoint && { accessPoint }) }
  }
  const base = bases.find((candidate) => name.endsWith(`.${candidate}`))
  if (base === undefined) return undefined
  return { api: 's3', bucket: name.slice(0, -base.length - 1) }
}
