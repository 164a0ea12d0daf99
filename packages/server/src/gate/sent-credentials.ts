import type { HttpRequest } from '../base/index.ts'

type Sent = Pick<HttpRequest, 'headers' | 'rawQuery'>

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
