// Derived by tools/models.ts from the AWS Security Token Service model, version 2011-06-15. Not to be edited.

export interface AssumeRoleRequest {
  readonly RoleArn: string
  readonly RoleSessionName: string
  readonly PolicyArns?: readonly PolicyDescriptorType[] | undefined
  readonly Policy?: string | undefined
  readonly DurationSeconds?: number | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly TransitiveTagKeys?: readonly string[] | undefined
  readonly ExternalId?: string | undefined
  readonly SerialNumber?: string | undefined
  readonly TokenCode?: string | undefined
  readonly SourceIdentity?: string | undefined
  readonly ProvidedContexts?: readonly ProvidedContext[] | undefined
  readonly MinimumSessionTokenSize?: number | undefined
}

export interface AssumeRoleResponse {
  readonly Credentials?: Credentials | undefined
  readonly AssumedRoleUser?: AssumedRoleUser | undefined
  readonly PackedPolicySize?: number | undefined
  readonly SourceIdentity?: string | undefined
  readonly SessionTokenUtilization?: number | undefined
  readonly SessionTokenSize?: number | undefined
}

export interface AssumeRoleWithSAMLRequest {
  readonly RoleArn: string
  readonly PrincipalArn: string
  readonly SAMLAssertion: string
  readonly PolicyArns?: readonly PolicyDescriptorType[] | undefined
  readonly Policy?: string | undefined
  readonly DurationSeconds?: number | undefined
  readonly MinimumSessionTokenSize?: number | undefined
}

export interface AssumeRoleWithSAMLResponse {
  readonly Credentials?: Credentials | undefined
  readonly AssumedRoleUser?: AssumedRoleUser | undefined
  readonly PackedPolicySize?: number | undefined
  readonly Subject?: string | undefined
  readonly SubjectType?: string | undefined
  readonly Issuer?: string | undefined
  readonly Audience?: string | undefined
  readonly NameQualifier?: string | undefined
  readonly SourceIdentity?: string | undefined
  readonly SessionTokenUtilization?: number | undefined
  readonly SessionTokenSize?: number | undefined
  readonly TrustedIdentityPropagationContext?: TrustedIdentityPropagationContext | undefined
}

export interface AssumeRoleWithWebIdentityRequest {
  readonly RoleArn: string
  readonly RoleSessionName: string
  readonly WebIdentityToken: string
  readonly ProviderId?: string | undefined
  readonly PolicyArns?: readonly PolicyDescriptorType[] | undefined
  readonly Policy?: string | undefined
  readonly DurationSeconds?: number | undefined
  readonly MinimumSessionTokenSize?: number | undefined
}

export interface AssumeRoleWithWebIdentityResponse {
  readonly Credentials?: Credentials | undefined
  readonly SubjectFromWebIdentityToken?: string | undefined
  readonly AssumedRoleUser?: AssumedRoleUser | undefined
  readonly PackedPolicySize?: number | undefined
  readonly Provider?: string | undefined
  readonly Audience?: string | undefined
  readonly SourceIdentity?: string | undefined
  readonly SessionTokenUtilization?: number | undefined
  readonly SessionTokenSize?: number | undefined
  readonly TrustedIdentityPropagationContext?: TrustedIdentityPropagationContext | undefined
}

export interface AssumeRootRequest {
  readonly TargetPrincipal: string
  readonly TaskPolicyArn: PolicyDescriptorType
  readonly DurationSeconds?: number | undefined
  readonly MinimumSessionTokenSize?: number | undefined
}

export interface AssumeRootResponse {
  readonly Credentials?: Credentials | undefined
  readonly SourceIdentity?: string | undefined
  readonly SessionTokenUtilization?: number | undefined
  readonly SessionTokenSize?: number | undefined
}

export interface AssumedRoleUser {
  readonly AssumedRoleId: string
  readonly Arn: string
}

export interface Credentials {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken: string
  readonly Expiration: number
}

export interface DecodeAuthorizationMessageRequest {
  readonly EncodedMessage: string
}

export interface DecodeAuthorizationMessageResponse {
  readonly DecodedMessage?: string | undefined
}

export interface ExpiredTokenException {
  readonly message?: string | undefined
}

export interface ExpiredTradeInTokenException {
  readonly message?: string | undefined
}

export interface FederatedUser {
  readonly FederatedUserId: string
  readonly Arn: string
}

export interface GetAccessKeyInfoRequest {
  readonly AccessKeyId: string
}

export interface GetAccessKeyInfoResponse {
  readonly Account?: string | undefined
}

export type GetCallerIdentityRequest = Readonly<Record<never, never>>

export interface GetCallerIdentityResponse {
  readonly UserId?: string | undefined
  readonly Account?: string | undefined
  readonly Arn?: string | undefined
}

export interface GetDelegatedAccessTokenRequest {
  readonly TradeInToken: string
}

export interface GetDelegatedAccessTokenResponse {
  readonly Credentials?: Credentials | undefined
  readonly PackedPolicySize?: number | undefined
  readonly AssumedPrincipal?: string | undefined
}

export interface GetFederationTokenRequest {
  readonly Name: string
  readonly Policy?: string | undefined
  readonly PolicyArns?: readonly PolicyDescriptorType[] | undefined
  readonly DurationSeconds?: number | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly MinimumSessionTokenSize?: number | undefined
}

export interface GetFederationTokenResponse {
  readonly Credentials?: Credentials | undefined
  readonly FederatedUser?: FederatedUser | undefined
  readonly PackedPolicySize?: number | undefined
  readonly SessionTokenUtilization?: number | undefined
  readonly SessionTokenSize?: number | undefined
}

export interface GetScopedCredentialsRequest {
  readonly Policy?: string | undefined
  readonly DurationSeconds?: number | undefined
  readonly MinimumSessionTokenSize?: number | undefined
  readonly ScopedSessionDescription?: string | undefined
}

export interface GetScopedCredentialsResponse {
  readonly Credentials?: Credentials | undefined
  readonly SessionInfo?: ScopedSession | undefined
  readonly SessionTokenUtilization?: number | undefined
  readonly SessionTokenSize?: number | undefined
  readonly ScopedPoliciesCount?: number | undefined
  readonly SourceIdentity?: string | undefined
}

export interface GetSessionTokenRequest {
  readonly DurationSeconds?: number | undefined
  readonly SerialNumber?: string | undefined
  readonly TokenCode?: string | undefined
  readonly MinimumSessionTokenSize?: number | undefined
}

export interface GetSessionTokenResponse {
  readonly Credentials?: Credentials | undefined
  readonly SessionTokenUtilization?: number | undefined
  readonly SessionTokenSize?: number | undefined
}

export interface GetWebIdentityTokenRequest {
  readonly Audience: readonly string[]
  readonly DurationSeconds?: number | undefined
  readonly SigningAlgorithm: string
  readonly Tags?: readonly Tag[] | undefined
  readonly Scope?: string | undefined
  readonly SubjectMode?: WebIdentityTokenSubjectModeType | undefined
}

export interface GetWebIdentityTokenResponse {
  readonly WebIdentityToken?: string | undefined
  readonly Expiration?: number | undefined
}

export interface IDPCommunicationErrorException {
  readonly message?: string | undefined
}

export interface IDPRejectedClaimException {
  readonly message?: string | undefined
}

export interface InsufficientSessionLifetimeException {
  readonly message?: string | undefined
}

export interface InvalidAuthorizationMessageException {
  readonly message?: string | undefined
}

export interface InvalidIdentityTokenException {
  readonly message?: string | undefined
}

export interface InvalidSubjectCredentialsException {
  readonly message?: string | undefined
}

export interface JWTPayloadSizeExceededException {
  readonly message?: string | undefined
}

export interface MalformedPolicyDocumentException {
  readonly message?: string | undefined
}

export interface OriginIdentity {
  readonly Subject?: string | undefined
  readonly SubjectType?: string | undefined
  readonly Issuer?: string | undefined
  readonly FederatedProviderArn?: string | undefined
}

export interface OutboundWebIdentityFederationDisabledException {
  readonly message?: string | undefined
}

export interface PackedPolicyTooLargeException {
  readonly message?: string | undefined
}

export interface PolicyDescriptorType {
  readonly arn?: string | undefined
}

export interface ProvidedContext {
  readonly ProviderArn?: string | undefined
  readonly ContextAssertion?: string | undefined
}

export interface RegionDisabledException {
  readonly message?: string | undefined
}

export interface ScopedSession {
  readonly ScopedSessionId: string
  readonly Arn: string
}

export interface SessionDurationEscalationException {
  readonly message?: string | undefined
}

export interface Tag {
  readonly Key: string
  readonly Value: string
}

export interface TransactionContext {
  readonly IdentityProvider?: Readonly<Record<string, string>> | undefined
}

export interface TrustedIdentityPropagationContext {
  readonly OriginIdentity?: OriginIdentity | undefined
  readonly TransactionContext?: TransactionContext | undefined
}

export type WebIdentityTokenSubjectModeType = 'AWSIdentity' | 'OriginIdentity'

/** Every operation of the model with its input and output. */
export interface Operations {
  AssumeRole: { readonly input: AssumeRoleRequest; readonly output: AssumeRoleResponse }
  AssumeRoleWithSAML: { readonly input: AssumeRoleWithSAMLRequest; readonly output: AssumeRoleWithSAMLResponse }
  AssumeRoleWithWebIdentity: { readonly input: AssumeRoleWithWebIdentityRequest; readonly output: AssumeRoleWithWebIdentityResponse }
  AssumeRoot: { readonly input: AssumeRootRequest; readonly output: AssumeRootResponse }
  DecodeAuthorizationMessage: { readonly input: DecodeAuthorizationMessageRequest; readonly output: DecodeAuthorizationMessageResponse }
  GetAccessKeyInfo: { readonly input: GetAccessKeyInfoRequest; readonly output: GetAccessKeyInfoResponse }
  GetCallerIdentity: { readonly input: GetCallerIdentityRequest; readonly output: GetCallerIdentityResponse }
  GetDelegatedAccessToken: { readonly input: GetDelegatedAccessTokenRequest; readonly output: GetDelegatedAccessTokenResponse }
  GetFederationToken: { readonly input: GetFederationTokenRequest; readonly output: GetFederationTokenResponse }
  GetScopedCredentials: { readonly input: GetScopedCredentialsRequest; readonly output: GetScopedCredentialsResponse }
  GetSessionToken: { readonly input: GetSessionTokenRequest; readonly output: GetSessionTokenResponse }
  GetWebIdentityToken: { readonly input: GetWebIdentityTokenRequest; readonly output: GetWebIdentityTokenResponse }
}
