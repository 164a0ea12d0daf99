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

/** The only algorithm that is supported. */
export const algorithm = 'AWS4-HMAC-SHA256'

/** AWS's sentence about another algorithm. */
export function unsupported(name: string): string {
  return `Unsupported AWS 'algorithm': '${name}' (only ${algorithm} for now). `
}

/** AWS's sentence about a date in another form. */
export function badDate(text: string): string {
  return `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`
}
