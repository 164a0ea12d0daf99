import { type Served, serveApi } from '../../authorization/index.ts'
import type { SsoOidc } from '../../model/index.ts'
import { registration } from './register.ts'
import { token } from './token.ts'

/** OpenID Connect of IAM Identity Center: clients, device codes and tokens. */
export const ssoOidc = serveApi('sso-oidc', {
  ...registration,
  ...token,
} satisfies Served<SsoOidc.Operations, 'CreateTokenWithIAM'>)
