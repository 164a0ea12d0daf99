import { type Served, serveApi } from '../../authorization/index.ts'
import type { Sts } from '../../model/index.ts'
import { assumeRole } from './assume-role.ts'
import { assumeRoot } from './assume-root.ts'
import { authorizationMessage } from './authorization-message.ts'
import { delegatedAccessToken } from './delegated-access-token.ts'
import { federationToken } from './federation-token.ts'
import { identity } from './identity.ts'
import { scopedCredentials } from './scoped-credentials.ts'
import { sessionToken } from './session-token.ts'
import { assumeRoleWithWebIdentity } from './web-identity/assume-role-with-web-identity.ts'

export { redirectIssuer } from './web-identity/issuer-keys.ts'

/** Operations that are not there yet; each gets an honest fault. */
export type Pending = 'AssumeRoleWithSAML' | 'GetWebIdentityToken'

export const sts = serveApi('sts', {
  ...assumeRole,
  ...assumeRoleWithWebIdentity,
  ...assumeRoot,
  ...authorizationMessage,
  ...delegatedAccessToken,
  ...federationToken,
  ...identity,
  ...scopedCredentials,
  ...sessionToken,
} satisfies Served<Sts.Operations, Pending>)
