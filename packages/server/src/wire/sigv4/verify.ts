import { hash, timingSafeEqual } from 'node:crypto'
import type { HttpRequest, Secret } from '../../base/index.ts'
import { isAsymmetricSignature } from './asymmetric.ts'
import { canonicalRequest } from './canonical.ts'
import { algorithm, asymmetricAlgorithm, unsupported } from './credential.ts'
import { bytesOf } from './escape.ts'
import { hmac } from './hmac.ts'
import type { SigningKeys } from './signing-keys.ts'
import { checkTime } from './time.ts'
import type { CanonicalRules, Claim, SignatureProblem } from './types.ts'

/**
 * Verifies a claim against its request and the secret of its access key; returns undefined if the signature is right.
 * `checkScope` checks the scope; the session checks session tokens.
 */
export function verifySignature(
  claim: Claim,
  request: HttpRequest,
  secretKey: Secret,
  rules: CanonicalRules,
  now: number,
  cache: SigningKeys,
): SignatureProblem | undefined {
  const isAsymmetric = claim.regionSet !== undefined
  if (isAsymmetric && rules.asymmetric !== true)
    return { kind: 'incomplete', message: unsupported(asymmetricAlgorithm) }
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
  const stringToSign = `${isAsymmetric ? asymmetricAlgorithm : algorithm}\n${claim.date}\n${scopeOf(claim)}\n${sha256(canonical)}`
  const isRight = isAsymmetric
    ? isAsymmetricSignature(cache.findPublic(claim, secretKey), stringToSign, claim.signature)
    : sameSignature(hmac(cache.find(claim, secretKey), stringToSign, 'hex'), claim.signature)
  if (!isRight) {
    return { kind: 'mismatch', canonicalRequest: canonical, stringToSign }
  }
  const bodyCounts = believed !== undefined && !leavesBodyOpen(believed)
  return bodyCounts && believed !== bodyHash(request.body) ? { kind: 'bodyHash' } : undefined
}

/**
 * Checks that a claim covers the required headers, which needs no secret; returns undefined if it does (behaviour
 * SIG-15).
 */
export function checkHeaders(
  claim: Claim,
  request: HttpRequest,
  rules: CanonicalRules,
): SignatureProblem | undefined {
  const names = unsignedHeaders(claim, request, rules)
  return names.length > 0 ? { kind: 'unsignedHeaders', names } : undefined
}

/** Returns `date/region/service/aws4_request`, as in a string to sign; for ECDSA without the region. */
export function scopeOf(claim: Claim): string {
  if (claim.regionSet !== undefined) return `${claim.scopeDate}/${claim.service}/${claim.terminator}`
  return `${claim.scopeDate}/${claim.region}/${claim.service}/${claim.terminator}`
}

/**
 * Headers that change the effect of a request and that an intermediary could add or alter: for S3 all of Amazon's,
 * elsewhere the one that names the operation (behaviour SIG-15).
 */
function unsignedHeaders(
  { form, regionSet, signedHeaders }: Claim,
  { headers }: HttpRequest,
  { s3 }: CanonicalRules,
) {
  if (!s3) {
    const telling =
      form === 'header' && regionSet !== undefined ? ['x-amz-target', 'x-amz-region-set'] : ['x-amz-target']
    return telling.filter((name) => headers[name] !== undefined && !signedHeaders.includes(name))
  }
  // the canonical request contains the body's hash itself
  return Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !signedHeaders.includes(name),
  )
}

const unsigned = 'UNSIGNED-PAYLOAD'

/**
 * Returns the hash that the client declares for the body, if the canonical request contains it; otherwise the hash of
 * the received body (behaviour SIG-25).
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

/** Returns the SHA-256 of a body, in hexadecimal. */
export function bodyHash(body: Uint8Array): string {
  return body.length === 0 ? emptyHash : (hashes.get(body) ?? hash('sha256', body, 'hex'))
}

/** Records the SHA-256 of a body, in hexadecimal, that was computed while the body arrived. */
export function noteBodyHash(body: Uint8Array, sha256Hex: string): void {
  hashes.set(body, sha256Hex)
}

/** Returns the SHA-256 of a text as sent, in hexadecimal. */
export function sha256(text: string): string {
  // The text is nearly always ASCII, which is hashed without a copy.
  return hash('sha256', /[^\0-\x7f]/.test(text) ? bytesOf(text) : text, 'hex')
}

const signatureLength = 64
const ours = Buffer.alloc(signatureLength)
const theirs = Buffer.alloc(signatureLength)

/** Compares in constant time; only a different length, which is no secret, returns early. */
export function sameSignature(expected: string, sent: string): boolean {
  if (sent.length !== signatureLength || /[^0-9a-f]/.test(sent)) return false
  ours.write(expected, 'latin1')
  theirs.write(sent, 'latin1')
  return timingSafeEqual(ours, theirs)
}
