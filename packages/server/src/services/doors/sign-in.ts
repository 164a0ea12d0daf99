import type { HttpRequest } from '../../base/index.ts'

const path = /^\/(?:federation|switchrole|signin(?:\/[a-z]+)?|v1\/sessions\/confirmation)$/

/** Returns whether a request is for the sign-in. */
export function isSignIn({
  method,
  rawPath,
  rawQuery,
  headers,
}: Pick<HttpRequest, 'method' | 'rawPath' | 'rawQuery' | 'headers'>): boolean {
  if (path.test(rawPath)) return true
  if (rawPath === '/start') return method === 'GET' && /\btext\/html\b/.test(headers.accept ?? '')
  // a bucket of the guard may have this name
  return (
    (rawPath === '/v1/authorize' || rawPath === '/authorize') &&
    method === 'GET' &&
    /(?:^|&)client_id=/.test(rawQuery)
  )
}
