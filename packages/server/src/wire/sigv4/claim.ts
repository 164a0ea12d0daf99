import type { HttpRequest } from '../../base/index.ts'
import { readHeaderClaim } from './header-claim.ts'
import { mentionsSignature, readQueryClaim } from './query-claim.ts'
import type { Claim, SignatureProblem } from './types.ts'

/** Reads what a request claims to be signed with, from its Authorization header or its query string. */
export function readClaim(request: HttpRequest): Claim | SignatureProblem {
  const { authorization } = request.headers
  const inQuery = mentionsSignature(request.rawQuery)
  if (authorization === undefined || authorization === '') {
    return inQuery ? readQueryClaim(request) : { kind: 'missing' }
  }
  if (!inQuery) return readHeaderClaim(authorization, request)
  const message = "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
  return { kind: 'scope', message }
}

/** Whether reading gave a problem. */
export function isProblem(read: Claim | SignatureProblem): read is SignatureProblem {
  return 'kind' in read
}
