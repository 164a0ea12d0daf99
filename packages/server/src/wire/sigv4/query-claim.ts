import type { HttpRequest } from '../../base/index.ts'
import { asymmetricAlgorithm, badDate, credentialFor, parseRegionSet } from './credential.ts'
import { unescapeText } from './escape.ts'
import { parseBasicDate } from './time.ts'
import type { Claim, SignatureProblem } from './types.ts'

/** A presigned request is valid for at most a week. */
const longestLife = 604_800

const hashName = 'x-amz-content-sha256'

const required = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
]

/** Returns whether the query string contains any part of a signature. */
export function mentionsSignature(rawQuery: string): boolean {
  return /(?:^|&)X-Amz-(?:Algorithm|Credential|Signature)=/.test(rawQuery)
}

/** Reads a claim from the query string of a presigned request. */
export function readQueryClaim(request: HttpRequest): Claim | SignatureProblem {
  const sent = readParameters(request.rawQuery)
  let missing = ''
  for (const name of required) {
    if (!sent.get(name)) missing += `AWS query-string parameters must include '${name}'. `
  }
  if (missing !== '') return incomplete(`${missing}Re-examine the query-string parameters.`)
  const value = (name: string) => sent.get(name) ?? ''

  const credential = credentialFor(value('X-Amz-Algorithm'), value('X-Amz-Credential'))
  if (typeof credential === 'string') return incomplete(credential)
  const regionSet =
    value('X-Amz-Algorithm') === asymmetricAlgorithm
      ? parseRegionSet(sent.get('X-Amz-Region-Set'))
      : undefined
  if (typeof regionSet === 'string') return incomplete(regionSet)
  const date = value('X-Amz-Date')
  const time = parseBasicDate(date)
  if (time === undefined) return incomplete(badDate(date))
  const expires = readExpires(sent.get('X-Amz-Expires'))
  if (typeof expires === 'string') return incomplete(expires)

  const sessionToken = sent.get('X-Amz-Security-Token')
  const contentHash = sent.get(hashName) ?? request.headers[hashName]
  return {
    form: 'query',
    ...credential,
    ...(regionSet === undefined ? {} : { regionSet }),
    signedHeaders: value('X-Amz-SignedHeaders').split(';'),
    signature: value('X-Amz-Signature'),
    date,
    time,
    ...(expires === undefined ? {} : { expires }),
    ...(sessionToken ? { sessionToken } : {}),
    ...(contentHash === undefined ? {} : { contentHash }),
  }
}

/**
 * Returns the X-Amz- parameters. The first of a name counts; the canonical request contains the others, so none is
 * unsigned. Signers that move headers to the query keep their case, so the body's hash may have a name in lower case.
 */
function readParameters(rawQuery: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const pair of rawQuery.split('&')) {
    const equals = pair.indexOf('=')
    if (equals < 0 || !/^x-amz-/i.test(pair)) continue
    const sentName = pair.slice(0, equals)
    const name = sentName.toLowerCase() === hashName ? hashName : sentName
    if (!parameters.has(name)) parameters.set(name, unescapeText(pair.slice(equals + 1)))
  }
  return parameters
}

function readExpires(text: string | undefined): number | undefined | string {
  if (text === undefined) return undefined
  if (/^-\d+$/.test(text)) return 'X-Amz-Expires must be non-negative'
  if (!/^\d+$/.test(text)) return 'X-Amz-Expires should be a number'
  const seconds = Number(text)
  return seconds <= longestLife
    ? seconds
    : 'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds'
}

function incomplete(message: string): SignatureProblem {
  return { kind: 'incomplete', message }
}
