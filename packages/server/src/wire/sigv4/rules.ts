import type { CanonicalRules } from './types.ts'

const s3: CanonicalRules = { s3: true, unsignedPayload: true, wantsHash: true }
// clients of its own API (not S3's) do not send the hash
const outposts: CanonicalRules = { s3: true, unsignedPayload: true }
const sts: CanonicalRules = { s3: false, ignoresExpires: true, asymmetric: true }
const common: CanonicalRules = { s3: false }
const asymmetric: CanonicalRules = { s3: false, asymmetric: true }

const exceptions = new Map<string, CanonicalRules>([
  ['s3', s3],
  ['s3express', s3],
  ['s3-object-lambda', s3],
  ['s3-outposts', outposts],
  ['sts', sts],
  // their models or their rules of endpoints name sigv4a (behaviour SIG-51)
  ['events', asymmetric],
  ['ses', asymmetric],
  ['cloudfront-keyvaluestore', asymmetric],
  ['partnercentral-channel', asymmetric],
  ['sustainability', asymmetric],
])

/** Returns the rules of the API with this signing name. */
export function canonicalRules(signingName: string): CanonicalRules {
  return exceptions.get(signingName) ?? common
}
