// Derived by tools/models.ts from the AWS Sign-In Service model, version 2023-01-01. Not to be edited.

export interface AccessDeniedException {
  readonly error: OAuth2ErrorCode
  readonly message: string
}

export interface AccessToken {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

export interface CreateOAuth2TokenRequest {
  readonly tokenInput: CreateOAuth2TokenRequestBody
  readonly dpop?: string | undefined
}

export interface CreateOAuth2TokenRequestBody {
  readonly clientId: string
  readonly grantType: string
  readonly code?: string | undefined
  readonly redirectUri?: string | undefined
  readonly codeVerifier?: string | undefined
  readonly refreshToken?: string | undefined
}

export interface CreateOAuth2TokenResponse {
  readonly tokenOutput: CreateOAuth2TokenResponseBody
}

export interface CreateOAuth2TokenResponseBody {
  readonly accessToken: AccessToken
  readonly tokenType: string
  readonly expiresIn: number
  readonly refreshToken: string
  readonly idToken?: string | undefined
}

export interface InternalServerException {
  readonly error: OAuth2ErrorCode
  readonly message: string
}

export type OAuth2ErrorCode = 'TOKEN_EXPIRED' | 'USER_CREDENTIALS_CHANGED' | 'INSUFFICIENT_PERMISSIONS' | 'AUTHCODE_EXPIRED' | 'server_error' | 'INVALID_REQUEST'

export interface TooManyRequestsError {
  readonly error: OAuth2ErrorCode
  readonly message: string
}

export interface ValidationException {
  readonly error: OAuth2ErrorCode
  readonly message: string
  readonly errorDescription?: string | undefined
}

export interface AuthorizeOAuth2AccessRequest {
  readonly responseType?: string | undefined
  readonly clientId: string
  readonly redirectUri: string
  readonly state?: string | undefined
  readonly scope?: string | undefined
  readonly codeChallenge: string
  readonly codeChallengeMethod?: string | undefined
  readonly resource?: string | undefined
}

export interface AuthorizeOAuth2AccessResponse {
  readonly code?: string | undefined
}

export interface CreateOAuth2TokenWithIAMRequest {
  readonly grantType: IAMGrantType
  readonly resource: string
}

export type IAMGrantType = 'client_credentials'

export interface CreateOAuth2TokenWithIAMResponse {
  readonly accessToken?: string | undefined
  readonly tokenType?: string | undefined
  readonly expiresIn?: number | undefined
}

export interface IntrospectOAuth2TokenWithIAMRequest {
  readonly token: string
  readonly tokenTypeHint?: TokenTypeHint | undefined
}

export type TokenTypeHint = 'access_token' | 'refresh_token'

export interface IntrospectOAuth2TokenWithIAMResponse {
  readonly active?: boolean | undefined
  readonly clientId?: string | undefined
  readonly userId?: string | undefined
  readonly tokenType?: string | undefined
  readonly exp?: number | undefined
  readonly iat?: number | undefined
  readonly nbf?: number | undefined
  readonly sub?: string | undefined
  readonly aud?: string | undefined
  readonly iss?: string | undefined
  readonly jti?: string | undefined
  readonly accountId?: string | undefined
  readonly signinSession?: string | undefined
  readonly resource?: string | undefined
}

export interface RevokeOAuth2TokenWithIAMRequest {
  readonly token: string
  readonly tokenTypeHint?: TokenTypeHint | undefined
}

export type RevokeOAuth2TokenWithIAMResponse = Readonly<Record<never, never>>

export interface CreateOAuth2PublicClientRequest {
  readonly redirectUris: readonly string[]
  readonly grantTypes?: readonly string[] | undefined
  readonly responseTypes?: readonly string[] | undefined
  readonly tokenEndpointAuthMethod?: string | undefined
}

export interface CreateOAuth2PublicClientResponse {
  readonly clientId?: string | undefined
  readonly clientIdIssuedAt?: number | undefined
  readonly redirectUris?: readonly string[] | undefined
  readonly grantTypes?: readonly string[] | undefined
  readonly responseTypes?: readonly string[] | undefined
  readonly tokenEndpointAuthMethod?: string | undefined
}

/** Every operation of the model with its input and output. */
export interface Operations {
  CreateOAuth2Token: { readonly input: CreateOAuth2TokenRequest; readonly output: CreateOAuth2TokenResponse }
  AuthorizeOAuth2Access: { readonly input: AuthorizeOAuth2AccessRequest; readonly output: AuthorizeOAuth2AccessResponse }
  CreateOAuth2TokenWithIAM: { readonly input: CreateOAuth2TokenWithIAMRequest; readonly output: CreateOAuth2TokenWithIAMResponse }
  IntrospectOAuth2TokenWithIAM: { readonly input: IntrospectOAuth2TokenWithIAMRequest; readonly output: IntrospectOAuth2TokenWithIAMResponse }
  RevokeOAuth2TokenWithIAM: { readonly input: RevokeOAuth2TokenWithIAMRequest; readonly output: RevokeOAuth2TokenWithIAMResponse }
  CreateOAuth2PublicClient: { readonly input: CreateOAuth2PublicClientRequest; readonly output: CreateOAuth2PublicClientResponse }
}
