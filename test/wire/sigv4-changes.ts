import type { HttpRequest } from '../../packages/server/src/base/index.ts'
import { claimOf } from './sigv4-check.ts'

/**
 * The request with one byte changed, for every byte that a signature covers. Changes that mean the same
 * (case of an escape, blanks at a header's end, dots that resolve alike) are left out.
 */
export function* changes(request: HttpRequest): Generator<{ what: string; changed: HttpRequest }> {
  const claim = claimOf(request)
  const s3 = claim.service === 's3'
  for (const method of changedTexts(request.method)) yield { what: 'method', changed: { ...request, method } }
  for (const rawPath of changedTexts(request.rawPath)) {
    if (s3 || resolved(rawPath) !== resolved(request.rawPath))
      yield { what: 'path', changed: { ...request, rawPath } }
  }
  for (const rawQuery of changedTexts(request.rawQuery)) {
    if (decoded(rawQuery) !== decoded(request.rawQuery))
      yield { what: 'query', changed: { ...request, rawQuery } }
  }
  for (const name of [...claim.signedHeaders, 'authorization']) {
    const value = request.headers[name] ?? ''
    for (const changedValue of changedTexts(value)) {
      if (collapsed(changedValue) === collapsed(value)) continue
      yield { what: name, changed: { ...request, headers: { ...request.headers, [name]: changedValue } } }
    }
  }
  if (s3 && claim.form === 'query') return
  for (let i = 0; i < request.body.length; i++) {
    const body = Uint8Array.from(request.body)
    body[i]! ^= 1
    yield { what: 'body', changed: { ...request, body } }
  }
}

export function* changedTexts(text: string): Generator<string> {
  for (let i = 0; i < text.length; i++) {
    for (const bit of [1, 32]) {
      const character = String.fromCharCode(text.charCodeAt(i) ^ bit)
      if (character >= '!' && character <= '~') yield text.slice(0, i) + character + text.slice(i + 1)
    }
  }
}

export const resolved = (path: string) =>
  new URL(`http://h/${path.replaceAll(/[?#\\%]/g, '!')}`).pathname.replaceAll(/\/+/g, '/')
export const decoded = (query: string) =>
  query
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex) =>
      /2[56b]|3[bd]/i.test(hex) ? `%${hex.toLowerCase()}` : String.fromCharCode(Number.parseInt(hex, 16)),
    )
export const collapsed = (value: string) => value.trim().replace(/ +/g, ' ')
