import { isIP } from 'node:net'
import { type AccountId, perText, type RequestHead } from '../base/index.ts'
import { decodePercent } from '../wire/index.ts'
import { bodyHash, mentionsOldSignature, type SigningKeys, signedHeaders } from '../wire/sigv4/index.ts'
import type { Upstream, UpstreamRequest } from './upstream.ts'

/** A request as it is forwarded. */
export interface Departure {
  readonly head: RequestHead
  /** The account and region in whose name the upstream is called. */
  readonly account: AccountId
  readonly region: string
  /** The scope of the signature. */
  readonly service: string
  /** The bucket that the host names; the upstream gets it in the path. */
  readonly bucketInHost?: string | undefined
  /** The hash that represents the body in the signature; undefined if `body` is the whole of it. */
  readonly payloadHash: string | undefined
  readonly body: Uint8Array
  /** Headers that take the place of the caller's; undefined ones are left out. */
  readonly replaced: Readonly<Record<string, string | undefined>>
  readonly now: number
  /** Whether it is forwarded without a signature, as it arrived. */
  readonly unsigned: boolean
}

/** Hop-by-hop headers (RFC 9110, 7.6.1), and headers that the guard itself sets. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  // the framing of the body is up to the next connection
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'authorization',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'date',
])

/**
 * Headers by which a caller could make the upstream act on more than was authorized: another call, account or host
 * (behaviour GRD-61).
 */
const misleading =
  /^(?:x-forwarded-|forwarded$|x-original-|x-rewrite-|x-http-method|x-method-override|x-moto-|x-localstack-|x-minio-)/

/** The caller's signature in the query string. */
const signatureParameters =
  /^(?:X-Amz-(?:Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token)|x-amz-content-sha256)$/i

/**
 * A request as the upstream gets it: without the caller's signature, signed with the guard's own (behaviour GRD-60).
 * It has no signature if the caller sent none and no decision was made (behaviour GRD-108).
 */
export function depart(departure: Departure, upstream: Upstream, keys: SigningKeys): UpstreamRequest {
  const { head, account, region, service, payloadHash, bucketInHost } = departure
  const headers = passedHeaders(head, departure.replaced)
  const rawPath = bucketInHost === undefined ? head.rawPath : `/${bucketInHost}${head.rawPath}`
  const old = service === 's3' && !departure.unsigned && mentionsOldSignature(head.rawQuery)
  const rawQuery = moveHeaders(withoutSignature(head.rawQuery, old), headers, service, old)
  const hash = payloadHash ?? bodyHash(departure.body)
  const own: Record<string, string> = { host: hostFor(head.headers.host ?? '', bucketInHost, upstream) }
  if (service === 's3' || service.startsWith('s3-') || service === 's3express')
    own['x-amz-content-sha256'] = hash
  for (const name in headers)
    if (name.startsWith('x-amz-') || name === 'content-type') own[name] = headers[name]!
  if (departure.unsigned) {
    headers.host = own.host!
  } else {
    const request = { method: head.method, rawPath, rawQuery, headers: own, body: departure.body }
    const signer = upstream.signer(account, region, service)
    const signed = signedHeaders(request, signer, departure.now, hash, keys)
    for (const name in signed) headers[name] = signed[name]!
  }
  if (upstream.separatesAccounts) headers['x-moto-account-id'] = account
  return { method: head.method, path: rawQuery === '' ? rawPath : `${rawPath}?${rawQuery}`, headers }
}

function passedHeaders(
  { headers }: RequestHead,
  replaced: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const { connection } = headers
  const named =
    connection === undefined || connection === 'keep-alive'
      ? ''
      : `,${connection.toLowerCase().replaceAll(' ', '')},`
  const passed: Record<string, string> = {}
  for (const name in headers) {
    if (staysBehind(name) || name in replaced || named.includes(`,${name},`)) continue
    passed[name] = headers[name]!
  }
  for (const name in replaced) if (replaced[name] !== undefined) passed[name] = replaced[name]
  return passed
}

// many servers read an underscore as a hyphen: `x_amz_copy_source` would be a header that was never authorized
const staysBehind = perText((name) => ownHeaders.has(name) || name.includes('_') || misleading.test(name))

/** The same of a signature of version 2. */
const oldSignatureParameters = /^(?:AWSAccessKeyId|Signature|Expires)$/i

/** Encoded or not: a text that only resembles a parameter here may be one for the upstream. */
function withoutSignature(rawQuery: string, old: boolean): string {
  if (!old && !mayNameHeaders.test(rawQuery)) return rawQuery
  return rawQuery
    .split('&')
    .filter((pair) => {
      const name = pair.split('=', 1)[0] ?? ''
      const plain = decodePercent(name) ?? name
      return !signatureParameters.test(plain) && !(old && oldSignatureParameters.test(plain))
    })
    .join('&')
}

const mayNameHeaders = /x-amz-|%[0-9a-f]{2}/i

/** Without the headers that describe the body: a presigned URL was made before there was a body. */
const movable = /^x-amz-(?!checksum-|sdk-|decoded-|trailer)[a-z0-9-]+$/

/**
 * S3 headers that a presigned URL carries as parameters become headers again. They were authorized as headers, and not
 * every upstream reads them from the query string (behaviour GRD-25).
 */
function moveHeaders(
  rawQuery: string,
  headers: Record<string, string>,
  service: string,
  old: boolean,
): string {
  if (!service.startsWith('s3') || !(old || mayNameHeaders.test(rawQuery))) return rawQuery
  const kept: string[] = []
  for (const pair of rawQuery.split('&')) {
    const equals = pair.indexOf('=')
    const name = decodePercent(equals < 0 ? pair : pair.slice(0, equals))?.toLowerCase() ?? ''
    const value = decodePercent(equals < 0 ? '' : pair.slice(equals + 1).replaceAll('+', ' '))
    if (ownHeaders.has(name)) continue
    // a URL of version 2 carries these as well; a header of its own counts before
    if (old && value !== undefined && /^content-(?:type|md5)$/.test(name)) {
      headers[name] ??= value
      continue
    }
    if (movable.test(name) && value !== undefined && /^[\x20-\x7e]*$/.test(value)) headers[name] = value
    else kept.push(pair)
  }
  return kept.join('&')
}

/**
 * The caller's own Host if it is an address or a bare name, so that URLs that the upstream makes lead back through the
 * guard. Otherwise the upstream's: a host with dots may name a bucket or service that was never authorized (behaviour
 * GRD-62).
 */
function hostFor(host: string, bucket: string | undefined, upstream: Upstream): string {
  const plain = bucket !== undefined && host.startsWith(`${bucket}.`) ? host.slice(bucket.length + 1) : host
  return !upstream.secure && isAddress(plain) ? plain : upstream.host
}

/** Whether a host names no more than a machine: an address, or a bare name. */
const isAddress = perText((host) => {
  const name = host.replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1')
  return isIP(name) !== 0 || /^[a-zA-Z0-9-]+$/.test(name)
})
