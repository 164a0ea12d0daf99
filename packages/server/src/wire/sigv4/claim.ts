import type { HttpRequest } from '../../base/index.ts'
import { readHeaderClaim } from './header-claim.ts'
import { mentionsSignature, readQueryClaim } from './query-claim.ts'
import type { Claim, SignatureProblem } from './types.ts'

/** Reads the claim of a request's signature, from its Authorization header or its query string. */
export function readClaim(request: HttpRequest): Claim | SignatureProblem {
  const { authorization } = request.headers
  const inQuery = mentionsSignature(request.rawQuery)
  if (authorization === undefined || authorization === '') {
    return inQuery ? readQueryClaim(request) : { kind: 'missing' }
  }
  if (!inQuery) return fromHeaders(authorization, request)
  const message = "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
  return { kind: 'twice', message }
}

/**
 * Caches the last claim of headers that do not change: the guard reads a claim for its route, and again to verify it.
 */
let last: { readonly headers: HttpRequest['headers']; readonly claim: Claim | SignatureProblem } | undefined

function fromHeaders(authorization: string, request: HttpRequest): Claim | SignatureProblem {
  if (last?.headers !== request.headers)
    last = { headers: request.headers, claim: readHeaderClaim(authorization, request) }
  return last.claim
}

/** Returns whether the result is a problem. */
export function isProblem(read: Claim | SignatureProblem): read is SignatureProblem {
  return 'kind' in read
}
