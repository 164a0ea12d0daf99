import { isOutsider, type Start, withClaims } from '../../../graph/index.ts'
import { type ClaimsAsked, invalid } from '../index.ts'

/** A start with what its token says. @throws Fault if it has no token, or the claims are none that a token has */
export function withStatedClaims(start: Start, name: string, asked: ClaimsAsked): Start {
  const { claims, claimsComplete = false } = asked
  if (claims === undefined) return start
  if (!isOutsider(start) || start.is !== 'federated')
    throw invalid(`${name} has no token: claims go with an identity provider.`)
  try {
    return withClaims(start, claims, claimsComplete)
  } catch (error) {
    if (error instanceof TypeError) throw invalid(error.message)
    throw error
  }
}
