// Derived by tools/models.ts from the Amazon Cognito Identity model, version 2014-06-30. Not to be edited.

export type AmbiguousRoleResolutionType = 'AuthenticatedRole' | 'Deny'

export interface CognitoIdentityProvider {
  readonly ProviderName?: string | undefined
  readonly ClientId?: string | undefined
  readonly ServerSideTokenCheck?: boolean | undefined
}

export interface ConcurrentModificationException {
  readonly message?: string | undefined
}

export interface CreateIdentityPoolInput {
  readonly IdentityPoolName: string
  readonly AllowUnauthenticatedIdentities: boolean
  readonly AllowClassicFlow?: boolean | undefined
  readonly SupportedLoginProviders?: Readonly<Record<string, string>> | undefined
  readonly DeveloperProviderName?: string | undefined
  readonly OpenIdConnectProviderARNs?: readonly string[] | undefined
  readonly CognitoIdentityProviders?: readonly CognitoIdentityProvider[] | undefined
  readonly SamlProviderARNs?: readonly string[] | undefined
  readonly IdentityPoolTags?: Readonly<Record<string, string>> | undefined
}

export interface Credentials {
  readonly AccessKeyId?: string | undefined
  readonly SecretKey?: string | undefined
  readonly SessionToken?: string | undefined
  readonly Expiration?: number | undefined
}

export interface DeleteIdentitiesInput {
  readonly IdentityIdsToDelete: readonly string[]
}

export interface DeleteIdentitiesResponse {
  readonly UnprocessedIdentityIds?: readonly UnprocessedIdentityId[] | undefined
}

export interface DeleteIdentityPoolInput {
  readonly IdentityPoolId: string
}

export interface DescribeIdentityInput {
  readonly IdentityId: string
}

export interface DescribeIdentityPoolInput {
  readonly IdentityPoolId: string
}

export interface DeveloperUserAlreadyRegisteredException {
  readonly message?: string | undefined
}

export type ErrorCode = 'AccessDenied' | 'InternalServerError'

export interface ExternalServiceException {
  readonly message?: string | undefined
}

export interface GetCredentialsForIdentityInput {
  readonly IdentityId: string
  readonly Logins?: Readonly<Record<string, string>> | undefined
  readonly CustomRoleArn?: string | undefined
}

export interface GetCredentialsForIdentityResponse {
  readonly IdentityId?: string | undefined
  readonly Credentials?: Credentials | undefined
}

export interface GetIdInput {
  readonly AccountId?: string | undefined
  readonly IdentityPoolId: string
  readonly Logins?: Readonly<Record<string, string>> | undefined
}

export interface GetIdResponse {
  readonly IdentityId?: string | undefined
}

export interface GetIdentityPoolRolesInput {
  readonly IdentityPoolId: string
}

export interface GetIdentityPoolRolesResponse {
  readonly IdentityPoolId?: string | undefined
  readonly Roles?: Readonly<Record<string, string>> | undefined
  readonly RoleMappings?: Readonly<Record<string, RoleMapping>> | undefined
}

export interface GetOpenIdTokenForDeveloperIdentityInput {
  readonly IdentityPoolId: string
  readonly IdentityId?: string | undefined
  readonly Logins: Readonly<Record<string, string>>
  readonly PrincipalTags?: Readonly<Record<string, string>> | undefined
  readonly TokenDuration?: number | undefined
}

export interface GetOpenIdTokenForDeveloperIdentityResponse {
  readonly IdentityId?: string | undefined
  readonly Token?: string | undefined
}

export interface GetOpenIdTokenInput {
  readonly IdentityId: string
  readonly Logins?: Readonly<Record<string, string>> | undefined
}

export interface GetOpenIdTokenResponse {
  readonly IdentityId?: string | undefined
  readonly Token?: string | undefined
}

export interface GetPrincipalTagAttributeMapInput {
  readonly IdentityPoolId: string
  readonly IdentityProviderName: string
}

export interface GetPrincipalTagAttributeMapResponse {
  readonly IdentityPoolId?: string | undefined
  readonly IdentityProviderName?: string | undefined
  readonly UseDefaults?: boolean | undefined
  readonly PrincipalTags?: Readonly<Record<string, string>> | undefined
}

export interface IdentityDescription {
  readonly IdentityId?: string | undefined
  readonly Logins?: readonly string[] | undefined
  readonly CreationDate?: number | undefined
  readonly LastModifiedDate?: number | undefined
}

export interface IdentityPool {
  readonly IdentityPoolId: string
  readonly IdentityPoolName: string
  readonly AllowUnauthenticatedIdentities: boolean
  readonly AllowClassicFlow?: boolean | undefined
  readonly SupportedLoginProviders?: Readonly<Record<string, string>> | undefined
  readonly DeveloperProviderName?: string | undefined
  readonly OpenIdConnectProviderARNs?: readonly string[] | undefined
  readonly CognitoIdentityProviders?: readonly CognitoIdentityProvider[] | undefined
  readonly SamlProviderARNs?: readonly string[] | undefined
  readonly IdentityPoolTags?: Readonly<Record<string, string>> | undefined
}

export interface IdentityPoolShortDescription {
  readonly IdentityPoolId?: string | undefined
  readonly IdentityPoolName?: string | undefined
}

export interface InternalErrorException {
  readonly message?: string | undefined
}

export interface InvalidIdentityPoolConfigurationException {
  readonly message?: string | undefined
}

export interface InvalidParameterException {
  readonly message?: string | undefined
}

export interface LimitExceededException {
  readonly message?: string | undefined
}

export interface ListIdentitiesInput {
  readonly IdentityPoolId: string
  readonly MaxResults: number
  readonly NextToken?: string | undefined
  readonly HideDisabled?: boolean | undefined
}

export interface ListIdentitiesResponse {
  readonly IdentityPoolId?: string | undefined
  readonly Identities?: readonly IdentityDescription[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListIdentityPoolsInput {
  readonly MaxResults: number
  readonly NextToken?: string | undefined
}

export interface ListIdentityPoolsResponse {
  readonly IdentityPools?: readonly IdentityPoolShortDescription[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListTagsForResourceInput {
  readonly ResourceArn: string
}

export interface ListTagsForResourceResponse {
  readonly Tags?: Readonly<Record<string, string>> | undefined
}

export interface LookupDeveloperIdentityInput {
  readonly IdentityPoolId: string
  readonly IdentityId?: string | undefined
  readonly DeveloperUserIdentifier?: string | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface LookupDeveloperIdentityResponse {
  readonly IdentityId?: string | undefined
  readonly DeveloperUserIdentifierList?: readonly string[] | undefined
  readonly NextToken?: string | undefined
}

export interface MappingRule {
  readonly Claim: string
  readonly MatchType: MappingRuleMatchType
  readonly Value: string
  readonly RoleARN: string
}

export type MappingRuleMatchType = 'Equals' | 'Contains' | 'StartsWith' | 'NotEqual'

export interface MergeDeveloperIdentitiesInput {
  readonly SourceUserIdentifier: string
  readonly DestinationUserIdentifier: string
  readonly DeveloperProviderName: string
  readonly IdentityPoolId: string
}

export interface MergeDeveloperIdentitiesResponse {
  readonly IdentityId?: string | undefined
}

export interface NotAuthorizedException {
  readonly message?: string | undefined
}

export interface ResourceConflictException {
  readonly message?: string | undefined
}

export interface ResourceNotFoundException {
  readonly message?: string | undefined
}

export interface RoleMapping {
  readonly Type: RoleMappingType
  readonly AmbiguousRoleResolution?: AmbiguousRoleResolutionType | undefined
  readonly RulesConfiguration?: RulesConfigurationType | undefined
}

export type RoleMappingType = 'Token' | 'Rules'

export interface RulesConfigurationType {
  readonly Rules: readonly MappingRule[]
}

export interface SetIdentityPoolRolesInput {
  readonly IdentityPoolId: string
  readonly Roles: Readonly<Record<string, string>>
  readonly RoleMappings?: Readonly<Record<string, RoleMapping>> | undefined
}

export interface SetPrincipalTagAttributeMapInput {
  readonly IdentityPoolId: string
  readonly IdentityProviderName: string
  readonly UseDefaults?: boolean | undefined
  readonly PrincipalTags?: Readonly<Record<string, string>> | undefined
}

export interface SetPrincipalTagAttributeMapResponse {
  readonly IdentityPoolId?: string | undefined
  readonly IdentityProviderName?: string | undefined
  readonly UseDefaults?: boolean | undefined
  readonly PrincipalTags?: Readonly<Record<string, string>> | undefined
}

export interface TagResourceInput {
  readonly ResourceArn: string
  readonly Tags: Readonly<Record<string, string>>
}

export type TagResourceResponse = Readonly<Record<never, never>>

export interface TooManyRequestsException {
  readonly message?: string | undefined
}

export interface UnlinkDeveloperIdentityInput {
  readonly IdentityId: string
  readonly IdentityPoolId: string
  readonly DeveloperProviderName: string
  readonly DeveloperUserIdentifier: string
}

export interface UnlinkIdentityInput {
  readonly IdentityId: string
  readonly Logins: Readonly<Record<string, string>>
  readonly LoginsToRemove: readonly string[]
}

export interface UnprocessedIdentityId {
  readonly IdentityId?: string | undefined
  readonly ErrorCode?: ErrorCode | undefined
}

export interface UntagResourceInput {
  readonly ResourceArn: string
  readonly TagKeys: readonly string[]
}

export type UntagResourceResponse = Readonly<Record<never, never>>

/** Every operation of the model with its input and output. */
export interface Operations {
  CreateIdentityPool: { readonly input: CreateIdentityPoolInput; readonly output: IdentityPool }
  DeleteIdentities: { readonly input: DeleteIdentitiesInput; readonly output: DeleteIdentitiesResponse }
  DeleteIdentityPool: { readonly input: DeleteIdentityPoolInput; readonly output: undefined }
  DescribeIdentity: { readonly input: DescribeIdentityInput; readonly output: IdentityDescription }
  DescribeIdentityPool: { readonly input: DescribeIdentityPoolInput; readonly output: IdentityPool }
  GetCredentialsForIdentity: { readonly input: GetCredentialsForIdentityInput; readonly output: GetCredentialsForIdentityResponse }
  GetId: { readonly input: GetIdInput; readonly output: GetIdResponse }
  GetIdentityPoolRoles: { readonly input: GetIdentityPoolRolesInput; readonly output: GetIdentityPoolRolesResponse }
  GetOpenIdToken: { readonly input: GetOpenIdTokenInput; readonly output: GetOpenIdTokenResponse }
  GetOpenIdTokenForDeveloperIdentity: { readonly input: GetOpenIdTokenForDeveloperIdentityInput; readonly output: GetOpenIdTokenForDeveloperIdentityResponse }
  GetPrincipalTagAttributeMap: { readonly input: GetPrincipalTagAttributeMapInput; readonly output: GetPrincipalTagAttributeMapResponse }
  ListIdentities: { readonly input: ListIdentitiesInput; readonly output: ListIdentitiesResponse }
  ListIdentityPools: { readonly input: ListIdentityPoolsInput; readonly output: ListIdentityPoolsResponse }
  ListTagsForResource: { readonly input: ListTagsForResourceInput; readonly output: ListTagsForResourceResponse }
  LookupDeveloperIdentity: { readonly input: LookupDeveloperIdentityInput; readonly output: LookupDeveloperIdentityResponse }
  MergeDeveloperIdentities: { readonly input: MergeDeveloperIdentitiesInput; readonly output: MergeDeveloperIdentitiesResponse }
  SetIdentityPoolRoles: { readonly input: SetIdentityPoolRolesInput; readonly output: undefined }
  SetPrincipalTagAttributeMap: { readonly input: SetPrincipalTagAttributeMapInput; readonly output: SetPrincipalTagAttributeMapResponse }
  TagResource: { readonly input: TagResourceInput; readonly output: TagResourceResponse }
  UnlinkDeveloperIdentity: { readonly input: UnlinkDeveloperIdentityInput; readonly output: undefined }
  UnlinkIdentity: { readonly input: UnlinkIdentityInput; readonly output: undefined }
  UntagResource: { readonly input: UntagResourceInput; readonly output: UntagResourceResponse }
  UpdateIdentityPool: { readonly input: IdentityPool; readonly output: IdentityPool }
}
