import type { HttpRequest } from '../../base/index.ts'
import { escapeBytes, recode } from './escape.ts'
import type { CanonicalRules, Claim } from './types.ts'

/** Returns the canonical request with exactly the headers that the client lists as signed (behaviour SIG-20…24). */
export function canonicalRequest(
  claim: Pick<Claim, 'form' | 'signedHeaders'>,
  request: HttpRequest,
  rules: CanonicalRules,
  payloadHash: string,
): string {
  const path = rules.s3 ? request.rawPath : canonicalPath(request.rawPath)
  const query = canonicalQuery(request.rawQuery, claim.form === 'query')
  let headers = ''
  for (const name of claim.signedHeaders)
    headers += `${name}:${canonicalValue(request.headers[name] ?? '')}\n`
  return `${request.method}\n${path}\n${query}\n${headers}\n${claim.signedHeaders.join(';')}\n${payloadHash}`
}

/** Resolves dots, merges slashes, and encodes the encoded text once more. */
function canonicalPath(rawPath: string): string {
  if (rawPath === '/' || rawPath === '') return '/'
  const kept: string[] = []
  for (const segment of rawPath.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment === '..') kept.pop()
    else kept.push(segment)
  }
  if (kept.length === 0) return '/'
  return escapeBytes(`/${kept.join('/')}${rawPath.endsWith('/') ? '/' : ''}`, '/')
}

/** Returns names and values in one encoding, ordered by name, then by value. */
function canonicalQuery(rawQuery: string, presigned: boolean): string {
  if (rawQuery === '') return ''
  const pairs: [name: string, value: string][] = []
  let signaturePending = presigned
  for (const part of rawQuery.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = recode(equals < 0 ? part : part.slice(0, equals))
    if (signaturePending && name === 'X-Amz-Signature') {
      signaturePending = false
      continue
    }
    pairs.push([name, equals < 0 ? '' : recode(part.slice(equals + 1))])
  }
  pairs.sort(([name, value], [otherName, otherValue]) => order(name, otherName) || order(value, otherValue))
  let query = ''
  for (const [name, value] of pairs) query += `${query === '' ? '' : '&'}${name}=${value}`
  return query
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

// Listed explicitly: \s would match the byte A0, which is part of a character in UTF-8.
const needsTrimming = /^[ \t\r\n\f\v]|[ \t\r\n\f\v]$|[ \t\r\n\f\v]{2}|[\t\r\n\f\v]/

function canonicalValue(value: string): string {
  if (!needsTrimming.test(value)) return value
  return value.replace(/[ \t\r\n\f\v]+/g, ' ').replace(/^ | $/g, '')
}
