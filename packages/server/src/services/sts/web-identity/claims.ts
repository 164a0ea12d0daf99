import {
  sourceIdentityClaim,
  type TokenClaims,
  tokenRolesOf,
  tokenTagsOf,
} from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Tag } from '../../../directory/index.ts'
import { checkAssertedTags } from '../session-tags.ts'

/** Returns the session tags of the token. */
export interface TokenTags {
  readonly tags: readonly Tag[]
  readonly transitiveTagKeys: readonly string[]
}

/** Returns the tags of the token (behaviour STS-88). @throws Fault if they break the rules of session tags */
export function tagsOf(claims: TokenClaims): TokenTags {
  const { tags: asserted, transitive } = tokenTagsOf(claims)
  const tags = [...asserted].map(([Key, values]) => ({ Key, Value: single(Key, values) }))
  checkAssertedTags(tags, transitive)
  return { tags, transitiveTagKeys: transitive }
}

/** @throws Fault InvalidIdentityToken if it is present and malformed */
export function sourceIdentityIn(claims: TokenClaims): string | undefined {
  const sourceIdentity = claims[sourceIdentityClaim]
  if (sourceIdentity === undefined) return undefined
  if (typeof sourceIdentity === 'string' && /^[\w+=,.@-]{2,64}$/.test(sourceIdentity)) return sourceIdentity
  throw fault(
    'InvalidIdentityToken',
    'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
    400,
  )
}

/**
 * Returns whether the provider says that the token is for this role (behaviour STS-138).
 * @throws Fault InvalidIdentityToken if it says that the token is for others
 */
export function isForRole(claims: TokenClaims, roleArn: string): boolean {
  const roles = tokenRolesOf(claims)
  if (roles === undefined) return false
  if (roles.includes(roleArn)) return true
  throw fault(
    'InvalidIdentityToken',
    'The target role ARN is not present in the roles claim of the identity token',
    400,
  )
}

function single(key: string, values: readonly string[]): string {
  if (values.length === 1 && key.length >= 1) return values[0]!
  throw fault('InvalidIdentityToken', `The session tag ${key} must have one value.`, 400)
}
