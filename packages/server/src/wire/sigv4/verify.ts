import { hash, timingSafeEqual } from 'node:crypto'
import type { HttpRequest, Secret } from '../../base/index.ts'
import { canonicalRequest } from './canonical.ts'
import { algorithm } from './credential.ts'
import { bytesOf } from './escape.ts'
import { hmac } from './hmac.ts'
import type { SigningKeys } from './signing-keys.ts'
import { checkTime } from './time.ts'
import type { CanonicalRules, Claim, SignatureProblem } from './types.ts'

/**
 * Checks a claim against the request that it came with and the secret of its access key: undefined where
 * the signature is right. The scope is `checkScope`'s; session tokens are their session's.
 */
export function verifySignature(
  claim: Claim,
  request: HttpRequest,
  secretKey: Secret,
  rules: CanonicalRules,
  now: number,
  cache: SigningKeys,
): SignatureProblem | undefined {
  const untimely = checkTime(claim, rules, now)
  if (untimely !== undefined) return untimely
  if (!claim.signedHeaders.includes('host')) {
    const message = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    return { kind: 'scope', message }
  }
  if (rules.wantsHash === true && claim.form === 'header' && claim.contentHash === undefined)
    return { kind: 'noHash' }
  const open = checkHeaders(claim, request, rules)
  if (open !== undefined) return open
  const believed = believedHash(claim, rules)
  const payloadHash = believed ?? bodyHash(request.body)
  const canonical = canonicalRequest(claim, request, rules, payloadHash)
  const stringToSign = `${algorithm}\n${claim.date}\n${scopeOf(claim)}\n${sha256(canonical)}`
  const expected = hmac(cache.find(claim, secretKey), stringToSign, 'hex')
  if (!sameSignature(expected, claim.signature)) {
    return { kind: 'mismatch', canonicalRequest: canonical, stringToSign }
  }
  const bodyCounts = believed !== undefined && !leavesBodyOpen(believed)
  return bodyCounts && believed !== bodyHash(request.body) ? { kind: 'bodyHash' } : undefined
}

/** Checks that a claim covers the headers that it must cover, which needs no secret: undefined where it does (behaviour SIG-15). */
export function checkHeaders(
  claim: Claim,
  request: HttpRequest,
  rules: CanonicalRules,
): SignatureProblem | undefined {
  const names = unsignedHeaders(claim, request, rules)
  return names.length > 0 ? { kind: 'unsignedHeaders', names } : undefined
}

/** `date/region/service/aws4_request`, as it stands in a string to sign. */
export function scopeOf(claim: Claim): string {
  return `${claim.scopeDate}/${claim.region}/${claim.service}/${claim.terminator}`
}

/**
 * Headers that change what a request does, and that whoever carries it could add or alter: for S3 all of Amazon's,
 * elsewhere the one that names the operation (behaviour SIG-15).
 */
function unsignedHeaders({ signedHeaders }: Claim, { headers }: HttpRequest, { s3 }: CanonicalRules) {
  if (!s3) {
    return headers['x-amz-target'] === undefined || signedHeaders.includes('x-amz-target')
      ? []
      : ['x-amz-target']
  }
  // the body's hash stands in the canonical request by itself
  return Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !signedHeaders.includes(name),
  )
}

const unsigned = 'UNSIGNED-PAYLOAD'

/**
 * The hash that the client says its body has, where its word stands in the canonical request. Everywhere
 * else it is the hash of the body that came (behaviour SIG-25).
 */
function believedHash({ form, contentHash }: Claim, rules: CanonicalRules): string | undefined {
  if (rules.s3) return contentHash ?? (form === 'query' ? unsigned : undefined)
  const open = contentHash !== undefined && leavesBodyOpen(contentHash)
  return rules.unsignedPayload === true && open ? contentHash : undefined
}

function leavesBodyOpen(payloadHash: string): boolean {
  return payloadHash === unsigned || payloadHash.startsWith('STREAMING-')
}

const emptyHash = hash('sha256', '', 'hex')

const hashes = new WeakMap<Uint8Array, string>()

/** SHA-256 of a body, in hexadecimal. */
export function bodyHash(body: Uint8Array): string {
  return body.length === 0 ? emptyHash : (hashes.get(body) ?? hash('sha256', body, 'hex'))
}

/** Notes the SHA-256 of a body, in hexadecimal, that was computed while the body came. */
export function noteBodyHash(body: Uint8Array, sha256Hex: string): void {
  hashes.set(body, sha256Hex)
}

/** SHA-256 of a text as sent, in hexadecimal. */
export function sha256(text: string): string {
  // ASCII, nearly always, goes in without a copy.
  return hash('sha256', /[^\0-\x7f]/.test(text) ? bytesOf(text) : text, 'hex')
}

const signatureLength = 64
const ours = Buffer.alloc(signatureLength)
const theirs = Buffer.alloc(signatureLength)

/** Compares in constant time; only the length, which is no secret, answers early. */
export function sameSignature(expected: string, sent: string): boolean {
  if (sent.length !== signatureLength || /[^0-9a-f]/.test(sent)) return false
  ours.write(expected, 'latin1')
  theirs.write(sent, 'latin1')
  return timingSafeEqual(ours, theirs)
}
