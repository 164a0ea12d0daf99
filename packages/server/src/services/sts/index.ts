import { type Served, serveApi } from '../../authorization/index.ts'
import type { Sts } from '../../model/index.ts'
import { assumeRole } from './assume-role.ts'
import { authorizationMessage } from './authorization-message.ts'
import { identity } from './identity.ts'

/** Operations that are not there yet; each gets an honest fault. */
export type Pending =
  | 'AssumeRoleWithSAML'
  | 'AssumeRoleWithWebIdentity'
  | 'AssumeRoot'
  | 'GetDelegatedAccessToken'
  | 'GetFederationToken'
  | 'GetScopedCredentials'
  | 'GetSessionToken'
  | 'GetWebIdentityToken'

export const sts = serveApi('sts', {
  ...assumeRole,
  ...authorizationMessage,
  ...identity,
} satisfies Served<Sts.Operations, Pending>)
