import type { HttpRequest } from '../base/index.ts'

type Sent = Pick<HttpRequest, 'headers' | 'rawQuery'>

/** Returns whether a program signed the request as AWS's APIs take it: in a header, or in the address. */
export function isSignedByAws({ headers, rawQuery }: Sent): boolean {
  return headers.authorization?.startsWith('AWS4-') === true || isPresigned(rawQuery)
}

/** Returns whether the request has credentials of any kind: then it is for an API, not a browser that asks for a page. */
export function sendsCredentials({ headers, rawQuery }: Sent): boolean {
  return headers.authorization !== undefined || isPresigned(rawQuery)
}

function isPresigned(rawQuery: string): boolean {
  return rawQuery.includes('X-Amz-Algorithm=')
}
