import assert from 'node:assert/strict'
import { type HttpRequest, partitionOfRegion, Secret } from '../../packages/server/src/base/index.ts'
import {
  type Claim,
  canonicalRules,
  checkScope,
  isProblem,
  readClaim,
  type SignatureProblem,
  SigningKeys,
  verifySignature,
} from '../../packages/server/src/wire/sigv4/index.ts'

export const accessKeyId = 'AKIAIOSFODNN7EXAMPLE'
export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
export const secret = new Secret(secretAccessKey)
export const signingDate = new Date('2024-02-29T23:59:58Z')
export const keys = new SigningKeys(100)

export function httpRequest(parts: Partial<HttpRequest>): HttpRequest {
  return {
    method: 'GET',
    rawPath: '/',
    rawQuery: '',
    headers: {},
    body: new Uint8Array(),
    remoteAddress: '127.0.0.1',
    secure: false,
    ...parts,
  }
}

export function claimOf(request: HttpRequest): Claim {
  const claim = readClaim(request)
  assert.ok(!isProblem(claim), JSON.stringify(claim))
  return claim
}

export function verify(claim: Claim, request: HttpRequest, service: string, now = claim.time) {
  return verifySignature(claim, request, secret, canonicalRules(service), now, keys)
}

/** What is wrong with a request, on the way of the gate: read, key known, scope, signature. */
export function problemOf(request: HttpRequest, service: string, now?: number): SignatureProblem | undefined {
  const claim = readClaim(request)
  if (isProblem(claim)) return claim
  if (claim.accessKeyId !== accessKeyId) return { kind: 'unknownKey' }
  return checkScope(claim, service, partitionOfRegion(claim.region)) ?? verify(claim, request, service, now)
}
