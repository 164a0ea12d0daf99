import { type Fault, fault } from '../../base/index.ts'

/** The errors of OAuth, by their name in the API. */
const errors = {
  AccessDeniedException: 'access_denied',
  AuthorizationPendingException: 'authorization_pending',
  ExpiredTokenException: 'expired_token',
  InvalidClientException: 'invalid_client',
  InvalidClientMetadataException: 'invalid_client_metadata',
  InvalidGrantException: 'invalid_grant',
  InvalidRedirectUriException: 'invalid_redirect_uri',
  InvalidRequestException: 'invalid_request',
  InvalidScopeException: 'invalid_scope',
  SlowDownException: 'slow_down',
  UnauthorizedClientException: 'unauthorized_client',
  UnsupportedGrantTypeException: 'unsupported_grant_type',
} as const

/** Returns a fault of OIDC: `error` and `error_description` in place of a message. */
export function oidcFault(code: keyof typeof errors, description: string): Fault {
  return fault(code, '', undefined, { error: errors[code], error_description: description })
}
