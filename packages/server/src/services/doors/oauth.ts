import type { HttpRequest } from '../../base/index.ts'
import { isForm } from './form.ts'

/** Where the server describes itself (RFC 8414). */
export const metadataPath = '/.well-known/oauth-authorization-server'

/** The parts of OAuth that a program in a page of a browser calls itself, with their methods. */
export const readableMethods: ReadonlyMap<string, string> = new Map([
  [metadataPath, 'GET'],
  ['/v1/register', 'POST'],
  ['/v1/token', 'POST'],
])

/**
 * Returns whether a request speaks OAuth as it is written in RFCs: for the description of this server, or for tokens with
 * names in snake_case. `aws login` and the SDKs write camelCase, and have an operation of the API (behaviour AGT-10).
 */
export function asksOauth(request: HttpRequest): boolean {
  const { method, rawPath, rawQuery, headers, body } = request
  if (rawPath === metadataPath) return method === 'GET' || method === 'HEAD'
  if (method !== 'POST' || rawPath !== '/v1/token' || headers.authorization !== undefined) return false
  if (/(?:^|&)x-amz-/i.test(rawQuery)) return false
  return isForm(request) || Buffer.from(body.buffer, body.byteOffset, body.length).includes('"grant_type"')
}
