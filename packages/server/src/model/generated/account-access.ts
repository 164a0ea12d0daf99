// Derived by tools/models.ts from the Account Access model, version 2018-05-10. Not to be edited.

export interface AccessDeniedException {
  readonly message?: string | undefined
}

export interface AlreadyCreatedException {
  readonly message?: string | undefined
}

export interface ApplicationSummary {
  readonly applicationArn: string
  readonly tenantId?: string | undefined
  readonly createdAt: number
  readonly updatedAt: number
}

export interface ConflictException {
  readonly message?: string | undefined
}

export interface CreateApplicationRequest {
  readonly identitySource: IdentitySource
  readonly tags?: Readonly<Record<string, string>> | undefined
}

export interface CreateApplicationResponse {
  readonly applicationArn: string
}

export interface CreateEntitlementRequest {
  readonly applicationArn: string
  readonly entitlement: Entitlement
}

export interface CreateEntitlementResponse {
  readonly entitlementId: string
}

export interface DeleteApplicationRequest {
  readonly applicationArn: string
}

export type DeleteApplicationResponse = Readonly<Record<never, never>>

export interface DeleteEntitlementRequest {
  readonly applicationArn: string
  readonly entitlementId: string
}

export type DeleteEntitlementResponse = Readonly<Record<never, never>>

export interface Entitlement {
  readonly principalRole?: PrincipalRoleEntitlement | undefined
}

export interface EntitlementDetails {
  readonly principalRole?: PrincipalRoleEntitlementDetails | undefined
}

export interface EntitlementFilter {
  readonly principalRole?: PrincipalRoleEntitlementFilter | undefined
}

export interface EntitlementSummary {
  readonly principalRole?: PrincipalRoleEntitlementSummary | undefined
}

export interface EntitlementsListMember {
  readonly entitlementId: string
  readonly entitlement: EntitlementSummary
  readonly createdAt: number
}

export type ErrorCode = 'AUTHORIZATION_ERROR' | 'RESOURCE_NOT_FOUND_ERROR' | 'SERVICE_QUOTA_EXCEEDED_ERROR' | 'INTERNAL_SERVICE_ERROR'

export interface ErrorDetails {
  readonly code: ErrorCode
  readonly message: string
}

export interface GetApplicationRequest {
  readonly applicationArn: string
}

export interface GetApplicationResponse {
  readonly identitySource: IdentitySourceDetails
  readonly status: Status
  readonly tenantId?: string | undefined
  readonly createdAt: number
  readonly updatedAt: number
  readonly tags?: Readonly<Record<string, string>> | undefined
  readonly error?: ErrorDetails | undefined
}

export interface GetEntitlementRequest {
  readonly applicationArn: string
  readonly entitlementId: string
}

export interface GetEntitlementResponse {
  readonly applicationArn: string
  readonly entitlementId: string
  readonly entitlement: EntitlementDetails
  readonly createdAt: number
}

export interface IdentityCenter {
  readonly instanceArn: string
}

export interface IdentityCenterDetails {
  readonly instanceArn: string
  readonly applicationArn?: string | undefined
}

export interface IdentityCenterPrincipal {
  readonly userId?: string | undefined
  readonly groupId?: string | undefined
}

export interface IdentityCenterPrincipalFilter {
  readonly userId?: string | undefined
  readonly groupId?: string | undefined
}

export interface IdentitySource {
  readonly identityCenter?: IdentityCenter | undefined
}

export interface IdentitySourceDetails {
  readonly identityCenter?: IdentityCenterDetails | undefined
}

export interface InternalServerException {
  readonly message?: string | undefined
}

export interface ListApplicationsRequest {
  readonly maxResults?: number | undefined
  readonly nextToken?: string | undefined
}

export interface ListApplicationsResponse {
  readonly applications: readonly ApplicationSummary[]
  readonly nextToken?: string | undefined
}

export interface ListEntitlementsRequest {
  readonly applicationArn: string
  readonly filter: EntitlementFilter
  readonly nextToken?: string | undefined
  readonly maxResults?: number | undefined
}

export interface ListEntitlementsResponse {
  readonly entitlements: readonly EntitlementsListMember[]
  readonly nextToken?: string | undefined
}

export interface ListTagsForResourceRequest {
  readonly resourceArn: string
}

export interface ListTagsForResourceResponse {
  readonly tags?: Readonly<Record<string, string>> | undefined
}

export interface Principal {
  readonly identityCenter?: IdentityCenterPrincipal | undefined
}

export interface PrincipalFilter {
  readonly identityCenter?: IdentityCenterPrincipalFilter | undefined
}

export interface PrincipalRoleEntitlement {
  readonly principal: Principal
  readonly roleArn: string
}

export interface PrincipalRoleEntitlementDetails {
  readonly principal: Principal
  readonly roleArn: string
  readonly account: string
  readonly accountName?: string | undefined
}

export interface PrincipalRoleEntitlementFilter {
  readonly principal?: PrincipalFilter | undefined
  readonly roleArn?: string | undefined
  readonly account?: string | undefined
}

export interface PrincipalRoleEntitlementSummary {
  readonly principal: Principal
  readonly roleArn: string
  readonly account: string
  readonly accountName?: string | undefined
}

export interface ResourceNotFoundException {
  readonly message?: string | undefined
}

export interface ServiceQuotaExceededException {
  readonly message?: string | undefined
}

export type Status = 'CREATE_IN_PROGRESS' | 'ACTIVE' | 'DELETE_IN_PROGRESS' | 'CREATE_FAILED' | 'DELETE_FAILED'

export interface TagResourceRequest {
  readonly resourceArn: string
  readonly tags: Readonly<Record<string, string>>
}

export type TagResourceResponse = Readonly<Record<never, never>>

export interface ThrottlingException {
  readonly message?: string | undefined
}

export interface UntagResourceRequest {
  readonly resourceArn: string
  readonly tagKeys: readonly string[]
}

export type UntagResourceResponse = Readonly<Record<never, never>>

export interface ValidationException {
  readonly message?: string | undefined
}

/** Every operation of the model with its input and output. */
export interface Operations {
  CreateApplication: { readonly input: CreateApplicationRequest; readonly output: CreateApplicationResponse }
  CreateEntitlement: { readonly input: CreateEntitlementRequest; readonly output: CreateEntitlementResponse }
  DeleteApplication: { readonly input: DeleteApplicationRequest; readonly output: DeleteApplicationResponse }
  DeleteEntitlement: { readonly input: DeleteEntitlementRequest; readonly output: DeleteEntitlementResponse }
  GetApplication: { readonly input: GetApplicationRequest; readonly output: GetApplicationResponse }
  GetEntitlement: { readonly input: GetEntitlementRequest; readonly output: GetEntitlementResponse }
  ListApplications: { readonly input: ListApplicationsRequest; readonly output: ListApplicationsResponse }
  ListEntitlements: { readonly input: ListEntitlementsRequest; readonly output: ListEntitlementsResponse }
  ListTagsForResource: { readonly input: ListTagsForResourceRequest; readonly output: ListTagsForResourceResponse }
  TagResource: { readonly input: TagResourceRequest; readonly output: TagResourceResponse }
  UntagResource: { readonly input: UntagResourceRequest; readonly output: UntagResourceResponse }
}
