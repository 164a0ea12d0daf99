import { createHmac, timingSafeEqual } from 'node:crypto'
import { Fault, fault, type RequestHead, type Secret } from '../../base/index.ts'
import { allowedSkew, parseBasicDate, parseHttpDate } from './time.ts'

/** A signature of version 2, which only S3 still accepts; nothing is verified yet. */
export interface OldClaim {
  readonly form: 'header' | 'query'
  readonly accessKeyId: string
  readonly signature: string
  readonly sessionToken?: string
  /** The expiry of a presigned URL in seconds since 1970, as written. */
  readonly expires?: string
}

const inHeader = /^AWS ([\w.-]{1,128}):([A-Za-z0-9+/]{1,128}={0,2})$/

/** Returns whether a request is signed with version 2, in a header or in its query string. */
export function isOldSigned({ headers, rawQuery }: RequestHead): boolean {
  return headers.authorization?.startsWith('AWS ') === true || mentionsOldSignature(rawQuery)
}

/** Returns whether a query string contains any part of a signature of version 2. */
export function mentionsOldSignature(rawQuery: string): boolean {
  return /(?:^|&)(?:AWSAccessKeyId|Signature)=/.test(rawQuery)
}

/** Reads a claim of version 2. @throws Fault in S3's words if it cannot be checked */
export function readOldClaim(head: RequestHead): OldClaim {
  const { headers, rawQuery } = head
  const { authorization } = headers
  const parameters = parametersOf(rawQuery)
  if (/^STREAMING-/.test(headers['x-amz-content-sha256'] ?? ''))
    throw fault('InvalidRequest', 'Signed chunks need a signature of version 4.', 400)
  if (!mentionsOldSignature(rawQuery)) {
    const [, accessKeyId, signature] = inHeader.exec(authorization ?? '') ?? []
    if (accessKeyId === undefined || signature === undefined)
      throw fault(
        'InvalidArgument',
        'AWS authorization header is invalid.  Expected AwsAccessKeyId:signature',
        400,
      )
    // a value in the query string is not part of the signature, and would count as a header
    const added = [...parameters.keys()].filter((name) => /^x-amz-/i.test(name))
    if (added.length > 0) throw notSigned(added)
    const token = headers['x-amz-security-token']
    return { form: 'header', accessKeyId, signature, ...(token !== undefined && { sessionToken: token }) }
  }
  if (authorization !== undefined || /(?:^|&)X-Amz-(?:Algorithm|Credential|Signature)=/i.test(rawQuery))
    throw fault('InvalidArgument', onlyOne, 400, { ArgumentName: 'Authorization' })
  const [accessKeyId, signature, expires] = ['AWSAccessKeyId', 'Signature', 'Expires'].map((name) =>
    parameters.get(name),
  )
  if (!accessKeyId || !signature || !expires)
    throw fault(
      'AccessDenied',
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
      403,
    )
  const token = parameters.get('x-amz-security-token') ?? headers['x-amz-security-token']
  return {
    form: 'query',
    accessKeyId,
    signature,
    expires,
    ...(token !== undefined && { sessionToken: token }),
  }
}

const onlyOne =
  'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified'

/**
 * Verifies a claim of version 2 against its request and the secret of its key (behaviour SIG-40). @param bucketInHost
 * the bucket in the host name, which precedes the path in the signed text @throws Fault in S3's words if the signature
 * is wrong
 */
export function verifyOldSignature(
  claim: OldClaim,
  head: RequestHead,
  bucketInHost: string | undefined,
  secret: Secret,
  now: number,
): void {
  checkOldTime(claim, head, now)
  const unsigned = unsignedNames(head)
  if (unsigned.length > 0) throw notSigned(unsigned)
  const stringToSign = textToSign(claim, head, bucketInHost)
  const expected = createHmac('sha1', secret.reveal())
    .update(Buffer.from(stringToSign, 'latin1'))
    .digest('base64')
  const [ours, theirs] = [Buffer.from(expected), Buffer.from(claim.signature)]
  if (ours.length !== theirs.length || !timingSafeEqual(ours, theirs))
    throw new Fault(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      403,
      { StringToSign: stringToSign },
    )
}

function checkOldTime({ expires }: OldClaim, { headers }: RequestHead, now: number): void {
  if (expires !== undefined) {
    if (!/^\d{1,15}$/.test(expires))
      throw fault(
        'AccessDenied',
        `Invalid date (should be seconds since epoch): ${expires.slice(0, 32)}`,
        403,
      )
    if (Number(expires) * 1000 > now) return
    const times = { Expires: iso(Number(expires) * 1000), ServerTime: iso(now) }
    throw new Fault('AccessDenied', 'Request has expired', 403, times)
  }
  const text = headers['x-amz-date'] ?? headers.date
  const time =
    text === undefined
      ? undefined
      : (parseHttpDate(text.replace(/ (?:\+0000|UTC)$/, ' GMT')) ?? parseBasicDate(text))
  if (time === undefined)
    throw fault('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header', 403)
  if (Math.abs(now - time) > allowedSkew)
    throw fault(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
      { MaxAllowedSkewMilliseconds: allowedSkew },
    )
}

function iso(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Returns method, body hash, type, date, Amazon's headers and the resource, each on its line. */
function textToSign(
  { form, expires }: OldClaim,
  { method, rawPath, rawQuery, headers }: RequestHead,
  bucketInHost: string | undefined,
): string {
  const parameters = parametersOf(rawQuery)
  const given = (name: string) => headers[name] ?? (form === 'query' ? parameters.get(name) : undefined) ?? ''
  const date = expires ?? (headers['x-amz-date'] === undefined ? (headers.date ?? '') : '')
  const amazons = new Map(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-')))
  if (form === 'query')
    for (const [name, value] of parameters) if (/^x-amz-/i.test(name)) amazons.set(name.toLowerCase(), value)
  const lines = [...amazons].sort(byName).map(([name, value]) => `${name}:${unfolded(value)}\n`)
  const resources = [...parameters]
    .filter(([name]) => signedParameters.has(name))
    .sort(byName)
    .map(([name, value]) => (value === undefined || value === '' ? name : `${name}=${value}`))
  const path = `${bucketInHost === undefined ? '' : `/${bucketInHost}`}${rawPath}`
  const resource = resources.length === 0 ? path : `${path}?${resources.join('&')}`
  return `${method}\n${given('content-md5')}\n${given('content-type')}\n${date}\n${lines.join('')}${resource}`
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1 // no two of a map have the same name
}

/** Returns the parameters of a query string, decoded; the first of a name counts. */
function parametersOf(rawQuery: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const pair of rawQuery.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = plain(equals < 0 ? pair : pair.slice(0, equals))
    if (!parameters.has(name)) parameters.set(name, plain(equals < 0 ? '' : pair.slice(equals + 1)))
  }
  return parameters
}

/** Decodes escapes; a plus stays a plus. Each character is one byte. */
function plain(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Parameters that are part of the signed resource. */
const signedParameters: ReadonlySet<string> = new Set(
  (
    'accelerate acl analytics cors defaultObjectAcl delete inventory lifecycle location logging metrics notification ' +
    'object-lock partNumber policy replication requestPayment response-cache-control response-content-disposition ' +
    'response-content-encoding response-content-language response-content-type response-expires restore select ' +
    'select-type storageClass tagging torrent uploadId uploads versionId versioning versions website'
  ).split(' '),
)

/** Parameters that narrow a list, and those of signatures: adding one does not change what was signed for. */
const openParameters =
  /^(?:AWSAccessKeyId|Signature|Expires|content-type|content-md5|x-amz-[\w-]+|x-id|prefix|delimiter|marker|max-keys|list-type|continuation-token|start-after|fetch-owner|encoding-type|key-marker|version-id-marker|upload-id-marker|max-uploads|max-parts|part-number-marker|max-buckets|bucket-region)$/i

/**
 * Returns the names of parameters that affect the request and that version 2 does not sign, and those that occur
 * twice.
 */
function unsignedNames({ rawQuery }: RequestHead): readonly string[] {
  const seen = new Set<string>()
  return rawQuery.split('&').flatMap((pair) => {
    if (pair === '') return []
    const name = plain(pair.split('=', 1)[0]!)
    const again = seen.has(name)
    seen.add(name)
    return !again && (signedParameters.has(name) || openParameters.test(name)) ? [] : [name]
  })
}

function notSigned(names: readonly string[]): Fault {
  return new Fault('AccessDenied', 'There were headers present in the request which were not signed', 403, {
    HeadersNotSigned: names.join(', '),
  })
}

/** Returns a value in one line: line breaks, with the blanks around them, become one blank. */
function unfolded(value: string): string {
  const lines = value.split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '').join(' ')
}
