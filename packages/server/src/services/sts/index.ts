import { type Served, serveApi } from '../../authorization/index.ts'
import type { Sts } from '../../model/index.ts'
import { assumeRole } from './assume-role.ts'
import { assumeRoot } from './assume-root.ts'
import { authorizationMessage } from './authorization-message.ts'
import { delegatedAccessToken } from './delegated-access-token.ts'
import { federationToken } from './federation-token.ts'
import { identity } from './identity.ts'
import { webIdentityToken } from './outbound/web-identity-token.ts'
import { assumeRoleWithSaml } from './saml/assume-role-with-saml.ts'
import { scopedCredentials } from './scoped-credentials.ts'
import { sessionToken } from './session-token.ts'
import { assumeRoleWithWebIdentity } from './web-identity/assume-role-with-web-identity.ts'

export { issuerDocument } from './outbound/documents.ts'

/** Every operation of the model. */
export const sts = serveApi('sts', {
  ...assumeRole,
  ...assumeRoleWithSaml,
  ...assumeRoleWithWebIdentity,
  ...assumeRoot,
  ...authorizationMessage,
  ...delegatedAccessToken,
  ...federationToken,
  ...identity,
  ...scopedCredentials,
  ...sessionToken,
  ...webIdentityToken,
} satisfies Served<Sts.Operations>)
