import type { HttpRequest, Secret } from '../../base/index.ts'
import { canonicalRequest } from './canonical.ts'
import { algorithm } from './credential.ts'
import { hmac } from './hmac.ts'
import { canonicalRules } from './rules.ts'
import { type SigningKeys, signingKey } from './signing-keys.ts'
import { basicDate } from './time.ts'
import type { Claim } from './types.ts'
import { bodyHash, scopeOf, sha256 } from './verify.ts'

/** The credentials that sign a request. */
export interface Signer {
  readonly accessKeyId: string
  readonly secret: Secret
  readonly sessionToken?: string
  readonly region: string
  readonly service: string
}

/**
 * Returns the headers that sign a request. All its headers and x-amz-date are signed. `now` is in milliseconds since
 * the epoch. @param payloadHash the text that replaces the body's hash, such as UNSIGNED-PAYLOAD @param keys a cache
 * of signing keys between requests
 */
export function signedHeaders(
  request: Pick<HttpRequest, 'method' | 'rawPath' | 'rawQuery' | 'headers' | 'body'>,
  signer: Signer,
  now: number,
  payloadHash: string = bodyHash(request.body),
  keys?: SigningKeys,
): Record<string, string> {
  const date = basicDate(now)
  const headers: Record<string, string> = { ...request.headers, 'x-amz-date': date }
  if (signer.sessionToken !== undefined) headers['x-amz-security-token'] = signer.sessionToken
  const claim: Claim = {
    form: 'header',
    accessKeyId: signer.accessKeyId,
    scopeDate: date.slice(0, 8),
    region: signer.region,
    service: signer.service,
    terminator: 'aws4_request',
    signedHeaders: Object.keys(headers).sort(),
    signature: '',
    date,
    time: now,
  }
  const whole: HttpRequest = { ...request, headers, remoteAddress: '', secure: false }
  const canonical = canonicalRequest(claim, whole, canonicalRules(signer.service), payloadHash)
  const stringToSign = `${algorithm}\n${date}\n${scopeOf(claim)}\n${sha256(canonical)}`
  const key = keys?.find(claim, signer.secret) ?? signingKey(signer.secret.reveal(), claim)
  const signature = hmac(key, stringToSign, 'hex')
  const credential = `${signer.accessKeyId}/${scopeOf(claim)}`
  headers.authorization = `${algorithm} Credential=${credential}, SignedHeaders=${claim.signedHeaders.join(';')}, Signature=${signature}`
  return headers
}
