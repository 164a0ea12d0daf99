import { perText } from '../../base/index.ts'
import type { Claim } from './types.ts'

/** The Credential of a claim, taken apart. */
export type Credential = Pick<Claim, 'accessKeyId' | 'scopeDate' | 'region' | 'service' | 'terminator'>

/** `keyid/date/region/service/term`, or AWS's sentence where the text is not that. A key's calls of a day have one. */
export const parseCredential = perText(readCredential)

function readCredential(text: string): Credential | string {
  const parts = text.split('/', 6)
  // What is not ASCII can be no scope, and would have to be hashed byte by byte.
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

/** The only algorithm that is checked here. */
export const algorithm = 'AWS4-HMAC-SHA256'

/** AWS's sentence on another algorithm. */
export function unsupported(name: string): string {
  return `Unsupported AWS 'algorithm': '${name}' (only ${algorithm} for now). `
}

/** AWS's sentence on a date in another form. */
export function badDate(text: string): string {
  return `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`
}
