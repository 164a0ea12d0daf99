import type { HttpRequest } from '../base/index.ts'
import { isX509Session } from './x509-session.ts'

type Sent = Pick<HttpRequest, 'headers' | 'rawQuery'>
type Asked = Sent & Pick<HttpRequest, 'method' | 'rawPath'>

/** Returns whether a request proves its sender by other means than a signature of AWS: a token, or a certificate. */
export function bringsOwnProof(request: Asked): boolean {
  return isX509Session(request) || isBearers(request)
}

/** Returns whether a program signed the request in a form that AWS's APIs accept: in a header, or in the address. */
export function isSignedByAws({ headers, rawQuery }: Sent): boolean {
  return headers.authorization?.startsWith('AWS4-') === true || isPresigned(rawQuery)
}

/**
 * Returns whether the request has credentials of any kind: then it is for an API, not a browser's request for a page.
 */
export function sendsCredentials({ headers, rawQuery }: Sent): boolean {
  return headers.authorization !== undefined || isPresigned(rawQuery)
}

function isPresigned(rawQuery: string): boolean {
  return rawQuery.includes('X-Amz-Algorithm=')
}

/**
 * Returns whether a request is for what answers without a signature: tokens of OAuth, and the access portal. With a guard, a
 * signed one, and one to the portal without its bearer token, is for a bucket of this name (behaviour SSO-65).
 */
function isBearers({ method, rawPath, headers, rawQuery }: Asked): boolean {
  if (sendsCredentials({ headers, rawQuery })) return false
  if (
    method === 'POST' &&
    /^\/(?:v1\/(?:register|token)|token|client\/register|device_authorization)$/.test(rawPath)
  )
    return true
  if (headers['x-amz-sso_bearer_token'] === undefined) return false
  return /^\/(?:assignment\/(?:accounts|roles)|federation\/credentials|logout)$/.test(rawPath)
}
