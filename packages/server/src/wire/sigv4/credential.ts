import { perText } from '../../base/index.ts'
import type { Claim } from './types.ts'

/** The parts of a claim's Credential. */
export type Credential = Pick<Claim, 'accessKeyId' | 'scopeDate' | 'region' | 'service' | 'terminator'>

/**
 * Parses `keyid/date/region/service/term`; returns AWS's sentence if the text has another form. Calls of a key on one
 * day share the result.
 */
export const parseCredential = perText(readCredential)

function readCredential(text: string): Credential | string {
  const parts = text.split('/', 6)
  // A text that is not ASCII cannot be a scope, and would be hashed byte by byte.
  if (parts.length !== 5 || parts[0] === '' || !/^[\x21-\x7e]+$/.test(text)) {
    return `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${text}'`
  }
  const [accessKeyId, scopeDate, region, service, terminator] = parts
  return {
    accessKeyId: accessKeyId!,
    scopeDate: scopeDate!,
    region: region!,
    service: service!,
    terminator: terminator!,
  }
}

/** The algorithm of every service. */
export const algorithm = 'AWS4-HMAC-SHA256'

/** The algorithm of signatures that count in several regions (behaviour SIG-51). */
export const asymmetricAlgorithm = 'AWS4-ECDSA-P256-SHA256'

/**
 * Parses a Credential for an algorithm; `keyid/date/service/term` for ECDSA, whose scope has no region. Returns AWS's
 * sentence if the algorithm or the text is another.
 */
export function credentialFor(algorithmSent: string, text: string): Credential | string {
  if (algorithmSent === algorithm) return parseCredential(text)
  return algorithmSent === asymmetricAlgorithm ? parseAsymmetric(text) : unsupported(algorithmSent)
}

const parseAsymmetric = perText((text): Credential | string => {
  const parts = text.split('/', 5)
  if (parts.length !== 4 || parts[0] === '' || !/^[\x21-\x7e]+$/.test(text)) {
    return `Credential must have exactly 4 slash-delimited elements, e.g. keyid/date/service/term, got '${text}'`
  }
  const [accessKeyId, scopeDate, service, terminator] = parts
  return {
    accessKeyId: accessKeyId!,
    scopeDate: scopeDate!,
    region: '',
    service: service!,
    terminator: terminator!,
  }
})

/** The most regions that a set may name. */
const mostRegions = 64

/** Parses a region set, `us-east-1,us-west-*`; returns a sentence if it is not there or has another form. */
export function parseRegionSet(text: string | undefined): readonly string[] | string {
  if (!text) return `${asymmetricAlgorithm} requires existence of a 'X-Amz-Region-Set' header or parameter. `
  const regions = text.split(',', mostRegions + 1).map((each) => each.trim())
  return regions.length <= mostRegions && regions.every((each) => /^[A-Za-z0-9*-]{1,64}$/.test(each))
    ? regions
    : `X-Amz-Region-Set must be a list of regions, got '${text}'`
}

/** AWS's sentence about another algorithm. */
export function unsupported(name: string): string {
  return `Unsupported AWS 'algorithm': '${name}' (only ${algorithm} for now). `
}

/** AWS's sentence about a date in another form. */
export function badDate(text: string): string {
  return `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`
}
