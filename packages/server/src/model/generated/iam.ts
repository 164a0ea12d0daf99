// Derived by tools/models.ts from the AWS Identity and Access Management model, version 2010-05-08. Not to be edited.

export interface AcceptDelegationRequestRequest {
  readonly DelegationRequestId: string
}

export type AccessAdvisorUsageGranularityType = 'SERVICE_LEVEL' | 'ACTION_LEVEL'

export interface AccessDetail {
  readonly ServiceName: string
  readonly ServiceNamespace: string
  readonly Region?: string | undefined
  readonly EntityPath?: string | undefined
  readonly LastAuthenticatedTime?: number | undefined
  readonly TotalAuthenticatedEntities?: number | undefined
}

export interface AccessKey {
  readonly UserName: string
  readonly AccessKeyId: string
  readonly Status: StatusType
  readonly SecretAccessKey: string
  readonly CreateDate?: number | undefined
}

export interface AccessKeyLastUsed {
  readonly LastUsedDate?: number | undefined
  readonly ServiceName: string
  readonly Region: string
}

export interface AccessKeyMetadata {
  readonly UserName?: string | undefined
  readonly AccessKeyId?: string | undefined
  readonly Status?: StatusType | undefined
  readonly CreateDate?: number | undefined
}

export interface AccountNotManagementOrDelegatedAdministratorException {
  readonly Message?: string | undefined
}

export interface AcquireRoleRequest {
  readonly TemplateArn: string
  readonly TemplateMinorVersion?: number | undefined
  readonly ReplacementValues?: Readonly<Record<string, ReplacementValueEntry>> | undefined
}

export interface AcquireRoleResponse {
  readonly Role: Role
}

export interface AddClientIDToOpenIDConnectProviderRequest {
  readonly OpenIDConnectProviderArn: string
  readonly ClientID: string
}

export interface AddRoleToInstanceProfileRequest {
  readonly InstanceProfileName: string
  readonly RoleName: string
}

export interface AddUserToGroupRequest {
  readonly GroupName: string
  readonly UserName: string
}

export interface AssociateDelegationRequestRequest {
  readonly DelegationRequestId: string
}

export interface AttachGroupPolicyRequest {
  readonly GroupName: string
  readonly PolicyArn: string
}

export interface AttachRolePolicyRequest {
  readonly RoleName: string
  readonly PolicyArn: string
}

export interface AttachUserPolicyRequest {
  readonly UserName: string
  readonly PolicyArn: string
}

export interface AttachedPermissionsBoundary {
  readonly PermissionsBoundaryType?: PermissionsBoundaryAttachmentType | undefined
  readonly PermissionsBoundaryArn?: string | undefined
}

export interface AttachedPolicy {
  readonly PolicyName?: string | undefined
  readonly PolicyArn?: string | undefined
}

export type AttachmentType = 'group' | 'role' | 'user'

export interface CallerIsNotManagementAccountException {
  readonly Message?: string | undefined
}

export interface ChangePasswordRequest {
  readonly OldPassword: string
  readonly NewPassword: string
}

export interface ConcurrentModificationException {
  readonly message?: string | undefined
}

export interface ContextEntry {
  readonly ContextKeyName?: string | undefined
  readonly ContextKeyValues?: readonly string[] | undefined
  readonly ContextKeyType?: ContextKeyTypeEnum | undefined
}

export type ContextKeyTypeEnum = 'string' | 'stringList' | 'numeric' | 'numericList' | 'boolean' | 'booleanList' | 'ip' | 'ipList' | 'binary' | 'binaryList' | 'date' | 'dateList'

export interface CreateAccessKeyRequest {
  readonly UserName?: string | undefined
}

export interface CreateAccessKeyResponse {
  readonly AccessKey: AccessKey
}

export interface CreateAccountAliasRequest {
  readonly AccountAlias: string
}

export interface CreateDelegationRequestRequest {
  readonly OwnerAccountId?: string | undefined
  readonly Description: string
  readonly Permissions: DelegationPermission
  readonly RequestMessage?: string | undefined
  readonly RequestorWorkflowId: string
  readonly RedirectUrl?: string | undefined
  readonly NotificationChannel: string
  readonly SessionDuration: number
  readonly OnlySendByOwner?: boolean | undefined
}

export interface CreateDelegationRequestResponse {
  readonly ConsoleDeepLink?: string | undefined
  readonly DelegationRequestId?: string | undefined
}

export interface CreateGroupRequest {
  readonly Path?: string | undefined
  readonly GroupName: string
}

export interface CreateGroupResponse {
  readonly Group: Group
}

export interface CreateInstanceProfileRequest {
  readonly InstanceProfileName: string
  readonly Path?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreateInstanceProfileResponse {
  readonly InstanceProfile: InstanceProfile
}

export interface CreateLoginProfileRequest {
  readonly UserName?: string | undefined
  readonly Password?: string | undefined
  readonly PasswordResetRequired?: boolean | undefined
}

export interface CreateLoginProfileResponse {
  readonly LoginProfile: LoginProfile
}

export interface CreateOpenIDConnectProviderRequest {
  readonly Url: string
  readonly ClientIDList?: readonly string[] | undefined
  readonly ThumbprintList?: readonly string[] | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly ContextProvider?: ContextProvider | undefined
}

export interface CreateOpenIDConnectProviderResponse {
  readonly OpenIDConnectProviderArn?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreatePolicyRequest {
  readonly PolicyName: string
  readonly Path?: string | undefined
  readonly PolicyDocument: string
  readonly Description?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreatePolicyResponse {
  readonly Policy?: Policy | undefined
}

export interface CreatePolicyVersionRequest {
  readonly PolicyArn: string
  readonly PolicyDocument: string
  readonly SetAsDefault?: boolean | undefined
}

export interface CreatePolicyVersionResponse {
  readonly PolicyVersion?: PolicyVersion | undefined
}

export interface CreateRoleRequest {
  readonly Path?: string | undefined
  readonly RoleName: string
  readonly AssumeRolePolicyDocument: string
  readonly Description?: string | undefined
  readonly MaxSessionDuration?: number | undefined
  readonly PermissionsBoundary?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreateRoleResponse {
  readonly Role: Role
}

export interface CreateSAMLProviderRequest {
  readonly SAMLMetadataDocument: string
  readonly Name: string
  readonly Tags?: readonly Tag[] | undefined
  readonly AssertionEncryptionMode?: AssertionEncryptionModeType | undefined
  readonly AddPrivateKey?: string | undefined
  readonly ContextProvider?: ContextProvider | undefined
}

export interface CreateSAMLProviderResponse {
  readonly SAMLProviderArn?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreateServiceLinkedRoleRequest {
  readonly AWSServiceName: string
  readonly Description?: string | undefined
  readonly CustomSuffix?: string | undefined
}

export interface CreateServiceLinkedRoleResponse {
  readonly Role?: Role | undefined
}

export interface CreateServiceSpecificCredentialRequest {
  readonly UserName: string
  readonly ServiceName: string
  readonly CredentialAgeDays?: number | undefined
}

export interface CreateServiceSpecificCredentialResponse {
  readonly ServiceSpecificCredential?: ServiceSpecificCredential | undefined
}

export interface CreateUserRequest {
  readonly Path?: string | undefined
  readonly UserName: string
  readonly PermissionsBoundary?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreateUserResponse {
  readonly User?: User | undefined
}

export interface CreateVirtualMFADeviceRequest {
  readonly Path?: string | undefined
  readonly VirtualMFADeviceName: string
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreateVirtualMFADeviceResponse {
  readonly VirtualMFADevice: VirtualMFADevice
}

export interface CredentialReportExpiredException {
  readonly message?: string | undefined
}

export interface CredentialReportNotPresentException {
  readonly message?: string | undefined
}

export interface CredentialReportNotReadyException {
  readonly message?: string | undefined
}

export interface DeactivateMFADeviceRequest {
  readonly UserName?: string | undefined
  readonly SerialNumber: string
}

export interface DelegationPermission {
  readonly PolicyTemplateArn?: string | undefined
  readonly Parameters?: readonly PolicyParameter[] | undefined
}

export interface DelegationRequest {
  readonly DelegationRequestId?: string | undefined
  readonly OwnerAccountId?: string | undefined
  readonly Description?: string | undefined
  readonly RequestMessage?: string | undefined
  readonly Permissions?: DelegationPermission | undefined
  readonly PermissionPolicy?: string | undefined
  readonly RolePermissionRestrictionArns?: readonly string[] | undefined
  readonly OwnerId?: string | undefined
  readonly ApproverId?: string | undefined
  readonly State?: StateType | undefined
  readonly ExpirationTime?: number | undefined
  readonly RequestorId?: string | undefined
  readonly RequestorName?: string | undefined
  readonly CreateDate?: number | undefined
  readonly SessionDuration?: number | undefined
  readonly RedirectUrl?: string | undefined
  readonly Notes?: string | undefined
  readonly RejectionReason?: string | undefined
  readonly OnlySendByOwner?: boolean | undefined
  readonly UpdatedTime?: number | undefined
}

export interface DeleteAccessKeyRequest {
  readonly UserName?: string | undefined
  readonly AccessKeyId: string
}

export interface DeleteAccountAliasRequest {
  readonly AccountAlias: string
}

export interface DeleteConflictException {
  readonly message?: string | undefined
}

export interface DeleteGroupPolicyRequest {
  readonly GroupName: string
  readonly PolicyName: string
}

export interface DeleteGroupRequest {
  readonly GroupName: string
}

export interface DeleteInstanceProfileRequest {
  readonly InstanceProfileName: string
}

export interface DeleteLoginProfileRequest {
  readonly UserName?: string | undefined
}

export interface DeleteOpenIDConnectProviderRequest {
  readonly OpenIDConnectProviderArn: string
}

export interface DeletePolicyRequest {
  readonly PolicyArn: string
}

export interface DeletePolicyVersionRequest {
  readonly PolicyArn: string
  readonly VersionId: string
}

export interface DeleteRolePermissionsBoundaryRequest {
  readonly RoleName: string
}

export interface DeleteRolePolicyRequest {
  readonly RoleName: string
  readonly PolicyName: string
}

export interface DeleteRoleRequest {
  readonly RoleName: string
}

export interface DeleteSAMLProviderRequest {
  readonly SAMLProviderArn: string
}

export interface DeleteSSHPublicKeyRequest {
  readonly UserName: string
  readonly SSHPublicKeyId: string
}

export interface DeleteServerCertificateRequest {
  readonly ServerCertificateName: string
}

export interface DeleteServiceLinkedRoleRequest {
  readonly RoleName: string
}

export interface DeleteServiceLinkedRoleResponse {
  readonly DeletionTaskId: string
}

export interface DeleteServiceSpecificCredentialRequest {
  readonly UserName?: string | undefined
  readonly ServiceSpecificCredentialId: string
}

export interface DeleteSigningCertificateRequest {
  readonly UserName?: string | undefined
  readonly CertificateId: string
}

export interface DeleteUserPermissionsBoundaryRequest {
  readonly UserName: string
}

export interface DeleteUserPolicyRequest {
  readonly UserName: string
  readonly PolicyName: string
}

export interface DeleteUserRequest {
  readonly UserName: string
}

export interface DeleteVirtualMFADeviceRequest {
  readonly SerialNumber: string
}

export interface DeletionTaskFailureReasonType {
  readonly Reason?: string | undefined
  readonly RoleUsageList?: readonly RoleUsageType[] | undefined
}

export type DeletionTaskStatusType = 'SUCCEEDED' | 'IN_PROGRESS' | 'FAILED' | 'NOT_STARTED'

export interface DetachGroupPolicyRequest {
  readonly GroupName: string
  readonly PolicyArn: string
}

export interface DetachRolePolicyRequest {
  readonly RoleName: string
  readonly PolicyArn: string
}

export interface DetachUserPolicyRequest {
  readonly UserName: string
  readonly PolicyArn: string
}

export type DisableOrganizationsRootCredentialsManagementRequest = Readonly<Record<never, never>>

export interface DisableOrganizationsRootCredentialsManagementResponse {
  readonly OrganizationId?: string | undefined
  readonly EnabledFeatures?: readonly FeatureType[] | undefined
}

export type DisableOrganizationsRootSessionsRequest = Readonly<Record<never, never>>

export interface DisableOrganizationsRootSessionsResponse {
  readonly OrganizationId?: string | undefined
  readonly EnabledFeatures?: readonly FeatureType[] | undefined
}

export interface DuplicateCertificateException {
  readonly message?: string | undefined
}

export interface DuplicateSSHPublicKeyException {
  readonly message?: string | undefined
}

export interface EnableMFADeviceRequest {
  readonly UserName: string
  readonly SerialNumber: string
  readonly AuthenticationCode1: string
  readonly AuthenticationCode2: string
}

export type EnableOrganizationsRootCredentialsManagementRequest = Readonly<Record<never, never>>

export interface EnableOrganizationsRootCredentialsManagementResponse {
  readonly OrganizationId?: string | undefined
  readonly EnabledFeatures?: readonly FeatureType[] | undefined
}

export type EnableOrganizationsRootSessionsRequest = Readonly<Record<never, never>>

export interface EnableOrganizationsRootSessionsResponse {
  readonly OrganizationId?: string | undefined
  readonly EnabledFeatures?: readonly FeatureType[] | undefined
}

export interface EnableOutboundWebIdentityFederationResponse {
  readonly IssuerIdentifier?: string | undefined
}

export interface EntityAlreadyExistsException {
  readonly message?: string | undefined
}

export interface EntityDetails {
  readonly EntityInfo: EntityInfo
  readonly LastAuthenticated?: number | undefined
}

export interface EntityInfo {
  readonly Arn: string
  readonly Name: string
  readonly Type: PolicyOwnerEntityType
  readonly Id: string
  readonly Path?: string | undefined
}

export interface EntityTemporarilyUnmodifiableException {
  readonly message?: string | undefined
}

export type EntityType = 'User' | 'Role' | 'Group' | 'LocalManagedPolicy' | 'AWSManagedPolicy'

export interface ErrorDetails {
  readonly Message: string
  readonly Code: string
}

export interface EvaluationResult {
  readonly EvalActionName: string
  readonly EvalResourceName?: string | undefined
  readonly EvalDecision: PolicyEvaluationDecisionType
  readonly MatchedStatements?: readonly Statement[] | undefined
  readonly MissingContextValues?: readonly string[] | undefined
  readonly OrganizationsDecisionDetail?: OrganizationsDecisionDetail | undefined
  readonly PermissionsBoundaryDecisionDetail?: PermissionsBoundaryDecisionDetail | undefined
  readonly EvalDecisionDetails?: Readonly<Record<string, PolicyEvaluationDecisionType>> | undefined
  readonly ResourceSpecificResults?: readonly ResourceSpecificResult[] | undefined
}

export interface FeatureDisabledException {
  readonly message?: string | undefined
}

export interface FeatureEnabledException {
  readonly message?: string | undefined
}

export type FeatureType = 'RootCredentialsManagement' | 'RootSessions'

export interface GenerateCredentialReportResponse {
  readonly State?: ReportStateType | undefined
  readonly Description?: string | undefined
}

export interface GenerateOrganizationsAccessReportRequest {
  readonly EntityPath: string
  readonly OrganizationsPolicyId?: string | undefined
}

export interface GenerateOrganizationsAccessReportResponse {
  readonly JobId?: string | undefined
}

export interface GenerateServiceLastAccessedDetailsRequest {
  readonly Arn: string
  readonly Granularity?: AccessAdvisorUsageGranularityType | undefined
}

export interface GenerateServiceLastAccessedDetailsResponse {
  readonly JobId?: string | undefined
}

export interface GetAccessKeyLastUsedRequest {
  readonly AccessKeyId: string
}

export interface GetAccessKeyLastUsedResponse {
  readonly UserName?: string | undefined
  readonly AccessKeyLastUsed?: AccessKeyLastUsed | undefined
}

export interface GetAccountAuthorizationDetailsRequest {
  readonly Filter?: readonly EntityType[] | undefined
  readonly MaxItems?: number | undefined
  readonly Marker?: string | undefined
}

export interface GetAccountAuthorizationDetailsResponse {
  readonly Policies?: readonly ManagedPolicyDetail[] | undefined
  readonly UserDetailList?: readonly UserDetail[] | undefined
  readonly RoleDetailList?: readonly RoleDetail[] | undefined
  readonly GroupDetailList?: readonly GroupDetail[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface GetAccountPasswordPolicyResponse {
  readonly PasswordPolicy: PasswordPolicy
}

export type GetAccountPropertiesRequest = Readonly<Record<never, never>>

export interface GetAccountPropertiesResponse {
  readonly Properties?: Readonly<Record<string, string>> | undefined
}

export interface GetAccountSummaryResponse {
  readonly SummaryMap?: Readonly<Record<string, number>> | undefined
}

export interface GetContextKeysForCustomPolicyRequest {
  readonly PolicyInputList: readonly string[]
}

export interface GetContextKeysForPolicyResponse {
  readonly ContextKeyNames?: readonly string[] | undefined
}

export interface GetContextKeysForPrincipalPolicyRequest {
  readonly PolicySourceArn: string
  readonly PolicyInputList?: readonly string[] | undefined
}

export interface GetCredentialReportResponse {
  readonly Content?: Uint8Array | undefined
  readonly ReportFormat?: ReportFormatType | undefined
  readonly GeneratedTime?: number | undefined
}

export interface GetDelegationRequestRequest {
  readonly DelegationRequestId: string
  readonly DelegationPermissionCheck?: boolean | undefined
}

export interface GetDelegationRequestResponse {
  readonly DelegationRequest?: DelegationRequest | undefined
  readonly PermissionCheckStatus?: PermissionCheckStatusType | undefined
  readonly PermissionCheckResult?: PermissionCheckResultType | undefined
}

export interface GetGroupPolicyRequest {
  readonly GroupName: string
  readonly PolicyName: string
}

export interface GetGroupPolicyResponse {
  readonly GroupName: string
  readonly PolicyName: string
  readonly PolicyDocument: string
}

export interface GetGroupRequest {
  readonly GroupName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface GetGroupResponse {
  readonly Group: Group
  readonly Users: readonly User[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface GetHumanReadableSummaryRequest {
  readonly EntityArn: string
  readonly Locale?: string | undefined
}

export interface GetHumanReadableSummaryResponse {
  readonly SummaryContent?: string | undefined
  readonly Locale?: string | undefined
  readonly SummaryState?: SummaryStateType | undefined
}

export interface GetInstanceProfileRequest {
  readonly InstanceProfileName: string
}

export interface GetInstanceProfileResponse {
  readonly InstanceProfile: InstanceProfile
}

export interface GetLoginProfileRequest {
  readonly UserName?: string | undefined
}

export interface GetLoginProfileResponse {
  readonly LoginProfile: LoginProfile
}

export interface GetMFADeviceRequest {
  readonly SerialNumber: string
  readonly UserName?: string | undefined
}

export interface GetMFADeviceResponse {
  readonly UserName?: string | undefined
  readonly SerialNumber: string
  readonly EnableDate?: number | undefined
  readonly Certifications?: Readonly<Record<string, string>> | undefined
}

export interface GetOpenIDConnectProviderRequest {
  readonly OpenIDConnectProviderArn: string
}

export interface GetOpenIDConnectProviderResponse {
  readonly Url?: string | undefined
  readonly ClientIDList?: readonly string[] | undefined
  readonly ThumbprintList?: readonly string[] | undefined
  readonly CreateDate?: number | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly ContextProvider?: ContextProvider | undefined
  readonly IdentityCenterInstanceArn?: string | undefined
}

export interface GetOrganizationsAccessReportRequest {
  readonly JobId: string
  readonly MaxItems?: number | undefined
  readonly Marker?: string | undefined
  readonly SortKey?: SortKeyType | undefined
}

export interface GetOrganizationsAccessReportResponse {
  readonly JobStatus: JobStatusType
  readonly JobCreationDate: number
  readonly JobCompletionDate?: number | undefined
  readonly NumberOfServicesAccessible?: number | undefined
  readonly NumberOfServicesNotAccessed?: number | undefined
  readonly AccessDetails?: readonly AccessDetail[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly ErrorDetails?: ErrorDetails | undefined
}

export interface GetOutboundWebIdentityFederationInfoResponse {
  readonly IssuerIdentifier?: string | undefined
  readonly JwtVendingEnabled?: boolean | undefined
}

export interface GetPolicyRequest {
  readonly PolicyArn: string
}

export interface GetPolicyResponse {
  readonly Policy?: Policy | undefined
}

export interface GetPolicyVersionRequest {
  readonly PolicyArn: string
  readonly VersionId: string
}

export interface GetPolicyVersionResponse {
  readonly PolicyVersion?: PolicyVersion | undefined
}

export interface GetRolePolicyRequest {
  readonly RoleName: string
  readonly PolicyName: string
}

export interface GetRolePolicyResponse {
  readonly RoleName: string
  readonly PolicyName: string
  readonly PolicyDocument: string
}

export interface GetRoleRequest {
  readonly RoleName: string
}

export interface GetRoleResponse {
  readonly Role: Role
}

export interface GetRoleTemplateVersionRequest {
  readonly TemplateArn: string
  readonly MinorVersion?: number | undefined
}

export interface GetRoleTemplateVersionResponse {
  readonly RoleTemplateVersion: RoleTemplateVersion
}

export interface GetSAMLProviderRequest {
  readonly SAMLProviderArn: string
}

export interface GetSAMLProviderResponse {
  readonly SAMLProviderUUID?: string | undefined
  readonly SAMLMetadataDocument?: string | undefined
  readonly CreateDate?: number | undefined
  readonly ValidUntil?: number | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly AssertionEncryptionMode?: AssertionEncryptionModeType | undefined
  readonly PrivateKeyList?: readonly SAMLPrivateKey[] | undefined
  readonly ContextProvider?: ContextProvider | undefined
}

export interface GetSSHPublicKeyRequest {
  readonly UserName: string
  readonly SSHPublicKeyId: string
  readonly Encoding: EncodingType
}

export interface GetSSHPublicKeyResponse {
  readonly SSHPublicKey?: SSHPublicKey | undefined
}

export interface GetServerCertificateRequest {
  readonly ServerCertificateName: string
}

export interface GetServerCertificateResponse {
  readonly ServerCertificate: ServerCertificate
}

export interface GetServiceLastAccessedDetailsRequest {
  readonly JobId: string
  readonly MaxItems?: number | undefined
  readonly Marker?: string | undefined
}

export interface GetServiceLastAccessedDetailsResponse {
  readonly JobStatus: JobStatusType
  readonly JobType?: AccessAdvisorUsageGranularityType | undefined
  readonly JobCreationDate: number
  readonly ServicesLastAccessed: readonly ServiceLastAccessed[]
  readonly JobCompletionDate: number
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly Error?: ErrorDetails | undefined
}

export interface GetServiceLastAccessedDetailsWithEntitiesRequest {
  readonly JobId: string
  readonly ServiceNamespace: string
  readonly MaxItems?: number | undefined
  readonly Marker?: string | undefined
}

export interface GetServiceLastAccessedDetailsWithEntitiesResponse {
  readonly JobStatus: JobStatusType
  readonly JobCreationDate: number
  readonly JobCompletionDate: number
  readonly EntityDetailsList: readonly EntityDetails[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly Error?: ErrorDetails | undefined
}

export interface GetServiceLinkedRoleDeletionStatusRequest {
  readonly DeletionTaskId: string
}

export interface GetServiceLinkedRoleDeletionStatusResponse {
  readonly Status: DeletionTaskStatusType
  readonly Reason?: DeletionTaskFailureReasonType | undefined
}

export interface GetUserPolicyRequest {
  readonly UserName: string
  readonly PolicyName: string
}

export interface GetUserPolicyResponse {
  readonly UserName: string
  readonly PolicyName: string
  readonly PolicyDocument: string
}

export interface GetUserRequest {
  readonly UserName?: string | undefined
}

export interface GetUserResponse {
  readonly User: User
}

export interface Group {
  readonly Path: string
  readonly GroupName: string
  readonly GroupId: string
  readonly Arn: string
  readonly CreateDate: number
}

export interface GroupDetail {
  readonly Path?: string | undefined
  readonly GroupName?: string | undefined
  readonly GroupId?: string | undefined
  readonly Arn?: string | undefined
  readonly CreateDate?: number | undefined
  readonly GroupPolicyList?: readonly PolicyDetail[] | undefined
  readonly AttachedManagedPolicies?: readonly AttachedPolicy[] | undefined
}

export interface InlinePolicy {
  readonly PolicyName: string
  readonly PolicyDocument: string
}

export interface InlinePolicyIdentifierType {
  readonly PolicyName: string
  readonly AttachmentType: AttachmentType
  readonly AttachmentName: string
}

export interface InstanceProfile {
  readonly Path: string
  readonly InstanceProfileName: string
  readonly InstanceProfileId: string
  readonly Arn: string
  readonly CreateDate: number
  readonly Roles: readonly Role[]
  readonly Tags?: readonly Tag[] | undefined
}

export interface InvalidAuthenticationCodeException {
  readonly message?: string | undefined
}

export interface InvalidCertificateException {
  readonly message?: string | undefined
}

export interface InvalidInputException {
  readonly message?: string | undefined
}

export interface InvalidPublicKeyException {
  readonly message?: string | undefined
}

export interface InvalidUserTypeException {
  readonly message?: string | undefined
}

export interface KeyPairMismatchException {
  readonly message?: string | undefined
}

export interface LimitExceededException {
  readonly message?: string | undefined
}

export interface ListAccessKeysRequest {
  readonly UserName?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListAccessKeysResponse {
  readonly AccessKeyMetadata: readonly AccessKeyMetadata[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListAccountAliasesRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListAccountAliasesResponse {
  readonly AccountAliases: readonly string[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListAttachedGroupPoliciesRequest {
  readonly GroupName: string
  readonly PathPrefix?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListAttachedGroupPoliciesResponse {
  readonly AttachedPolicies?: readonly AttachedPolicy[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListAttachedRolePoliciesRequest {
  readonly RoleName: string
  readonly PathPrefix?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListAttachedRolePoliciesResponse {
  readonly AttachedPolicies?: readonly AttachedPolicy[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListAttachedUserPoliciesRequest {
  readonly UserName: string
  readonly PathPrefix?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListAttachedUserPoliciesResponse {
  readonly AttachedPolicies?: readonly AttachedPolicy[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListDelegationRequestsRequest {
  readonly OwnerId?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListDelegationRequestsResponse {
  readonly DelegationRequests?: readonly DelegationRequest[] | undefined
  readonly Marker?: string | undefined
  readonly isTruncated?: boolean | undefined
}

export interface ListEntitiesForPolicyRequest {
  readonly PolicyArn: string
  readonly EntityFilter?: EntityType | undefined
  readonly PathPrefix?: string | undefined
  readonly PolicyUsageFilter?: PolicyUsageType | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListEntitiesForPolicyResponse {
  readonly PolicyGroups?: readonly PolicyGroup[] | undefined
  readonly PolicyUsers?: readonly PolicyUser[] | undefined
  readonly PolicyRoles?: readonly PolicyRole[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListGroupPoliciesRequest {
  readonly GroupName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListGroupPoliciesResponse {
  readonly PolicyNames: readonly string[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListGroupsForUserRequest {
  readonly UserName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListGroupsForUserResponse {
  readonly Groups: readonly Group[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListGroupsRequest {
  readonly PathPrefix?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListGroupsResponse {
  readonly Groups: readonly Group[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListInstanceProfileTagsRequest {
  readonly InstanceProfileName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListInstanceProfileTagsResponse {
  readonly Tags: readonly Tag[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListInstanceProfilesForRoleRequest {
  readonly RoleName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListInstanceProfilesForRoleResponse {
  readonly InstanceProfiles: readonly InstanceProfile[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListInstanceProfilesRequest {
  readonly PathPrefix?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListInstanceProfilesResponse {
  readonly InstanceProfiles: readonly InstanceProfile[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListMFADeviceTagsRequest {
  readonly SerialNumber: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListMFADeviceTagsResponse {
  readonly Tags: readonly Tag[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListMFADevicesRequest {
  readonly UserName?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListMFADevicesResponse {
  readonly MFADevices: readonly MFADevice[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListOpenIDConnectProviderTagsRequest {
  readonly OpenIDConnectProviderArn: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListOpenIDConnectProviderTagsResponse {
  readonly Tags: readonly Tag[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export type ListOpenIDConnectProvidersRequest = Readonly<Record<never, never>>

export interface ListOpenIDConnectProvidersResponse {
  readonly OpenIDConnectProviderList?: readonly OpenIDConnectProviderListEntry[] | undefined
}

export type ListOrganizationsFeaturesRequest = Readonly<Record<never, never>>

export interface ListOrganizationsFeaturesResponse {
  readonly OrganizationId?: string | undefined
  readonly EnabledFeatures?: readonly FeatureType[] | undefined
}

export interface ListPoliciesGrantingServiceAccessEntry {
  readonly ServiceNamespace?: string | undefined
  readonly Policies?: readonly PolicyGrantingServiceAccess[] | undefined
}

export interface ListPoliciesGrantingServiceAccessRequest {
  readonly Marker?: string | undefined
  readonly Arn: string
  readonly ServiceNamespaces: readonly string[]
}

export interface ListPoliciesGrantingServiceAccessResponse {
  readonly PoliciesGrantingServiceAccess: readonly ListPoliciesGrantingServiceAccessEntry[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListPoliciesRequest {
  readonly Scope?: PolicyScopeType | undefined
  readonly OnlyAttached?: boolean | undefined
  readonly PathPrefix?: string | undefined
  readonly PolicyUsageFilter?: PolicyUsageType | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListPoliciesResponse {
  readonly Policies?: readonly Policy[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListPolicyTagsRequest {
  readonly PolicyArn: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListPolicyTagsResponse {
  readonly Tags: readonly Tag[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListPolicyVersionsRequest {
  readonly PolicyArn: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListPolicyVersionsResponse {
  readonly Versions?: readonly PolicyVersion[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListRolePoliciesRequest {
  readonly RoleName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListRolePoliciesResponse {
  readonly PolicyNames: readonly string[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListRoleTagsRequest {
  readonly RoleName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListRoleTagsResponse {
  readonly Tags: readonly Tag[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListRolesRequest {
  readonly PathPrefix?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListRolesResponse {
  readonly Roles: readonly Role[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListSAMLProviderTagsRequest {
  readonly SAMLProviderArn: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListSAMLProviderTagsResponse {
  readonly Tags: readonly Tag[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export type ListSAMLProvidersRequest = Readonly<Record<never, never>>

export interface ListSAMLProvidersResponse {
  readonly SAMLProviderList?: readonly SAMLProviderListEntry[] | undefined
}

export interface ListSSHPublicKeysRequest {
  readonly UserName?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListSSHPublicKeysResponse {
  readonly SSHPublicKeys?: readonly SSHPublicKeyMetadata[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListServerCertificateTagsRequest {
  readonly ServerCertificateName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListServerCertificateTagsResponse {
  readonly Tags: readonly Tag[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListServerCertificatesRequest {
  readonly PathPrefix?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListServerCertificatesResponse {
  readonly ServerCertificateMetadataList: readonly ServerCertificateMetadata[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListServiceSpecificCredentialsRequest {
  readonly UserName?: string | undefined
  readonly ServiceName?: string | undefined
  readonly AllUsers?: boolean | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListServiceSpecificCredentialsResponse {
  readonly ServiceSpecificCredentials?: readonly ServiceSpecificCredentialMetadata[] | undefined
  readonly Marker?: string | undefined
  readonly IsTruncated?: boolean | undefined
}

export interface ListSigningCertificatesRequest {
  readonly UserName?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListSigningCertificatesResponse {
  readonly Certificates: readonly SigningCertificate[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListUserPoliciesRequest {
  readonly UserName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListUserPoliciesResponse {
  readonly PolicyNames: readonly string[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListUserTagsRequest {
  readonly UserName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListUserTagsResponse {
  readonly Tags: readonly Tag[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListUsersRequest {
  readonly PathPrefix?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListUsersResponse {
  readonly Users: readonly User[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListVirtualMFADevicesRequest {
  readonly AssignmentStatus?: AssignmentStatusType | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListVirtualMFADevicesResponse {
  readonly VirtualMFADevices: readonly VirtualMFADevice[]
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface LoginProfile {
  readonly UserName: string
  readonly CreateDate: number
  readonly PasswordResetRequired?: boolean | undefined
}

export interface MFADevice {
  readonly UserName: string
  readonly SerialNumber: string
  readonly EnableDate: number
}

export interface MalformedCertificateException {
  readonly message?: string | undefined
}

export interface MalformedPolicyDocumentException {
  readonly message?: string | undefined
}

export type ManagedByTypeType = 'Service'

export interface ManagedPolicyDetail {
  readonly PolicyName?: string | undefined
  readonly PolicyId?: string | undefined
  readonly Arn?: string | undefined
  readonly Path?: string | undefined
  readonly DefaultVersionId?: string | undefined
  readonly AttachmentCount?: number | undefined
  readonly PermissionsBoundaryUsageCount?: number | undefined
  readonly IsAttachable?: boolean | undefined
  readonly Description?: string | undefined
  readonly CreateDate?: number | undefined
  readonly UpdateDate?: number | undefined
  readonly PolicyVersionList?: readonly PolicyVersion[] | undefined
}

export interface NameConflictException {
  readonly message?: string | undefined
}

export interface NoSuchEntityException {
  readonly message?: string | undefined
}

export interface OpenIDConnectProviderListEntry {
  readonly Arn?: string | undefined
}

export interface OpenIdIdpCommunicationErrorException {
  readonly message?: string | undefined
}

export interface OrderedOrganizationPolicyType {
  readonly ServiceControlPolicyInputList?: readonly string[] | undefined
}

export interface OrganizationNotFoundException {
  readonly Message?: string | undefined
}

export interface OrganizationNotInAllFeaturesModeException {
  readonly Message?: string | undefined
}

export interface OrganizationsDecisionDetail {
  readonly AllowedByOrganizations?: boolean | undefined
}

export interface ParameterDefinition {
  readonly Name: string
  readonly Type: ParameterTypeType
  readonly SubType?: string | undefined
  readonly Description?: string | undefined
  readonly IsRequired?: boolean | undefined
  readonly DefaultValue?: string | undefined
  readonly Immutable?: boolean | undefined
}

export type ParameterTypeType = 'Arn' | 'ArnList' | 'Number' | 'NumberList' | 'String' | 'StringList'

export interface PasswordPolicy {
  readonly MinimumPasswordLength?: number | undefined
  readonly RequireSymbols?: boolean | undefined
  readonly RequireNumbers?: boolean | undefined
  readonly RequireUppercaseCharacters?: boolean | undefined
  readonly RequireLowercaseCharacters?: boolean | undefined
  readonly AllowUsersToChangePassword?: boolean | undefined
  readonly ExpirePasswords?: boolean | undefined
  readonly MaxPasswordAge?: number | undefined
  readonly PasswordReusePrevention?: number | undefined
  readonly HardExpiry?: boolean | undefined
}

export interface PasswordPolicyViolationException {
  readonly message?: string | undefined
}

export type PermissionsBoundaryAttachmentType = 'PermissionsBoundaryPolicy'

export interface PermissionsBoundaryDecisionDetail {
  readonly AllowedByPermissionsBoundary?: boolean | undefined
}

export interface Policy {
  readonly PolicyName?: string | undefined
  readonly PolicyId?: string | undefined
  readonly Arn?: string | undefined
  readonly Path?: string | undefined
  readonly DefaultVersionId?: string | undefined
  readonly AttachmentCount?: number | undefined
  readonly PermissionsBoundaryUsageCount?: number | undefined
  readonly IsAttachable?: boolean | undefined
  readonly Description?: string | undefined
  readonly CreateDate?: number | undefined
  readonly UpdateDate?: number | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface PolicyDetail {
  readonly PolicyName?: string | undefined
  readonly PolicyDocument?: string | undefined
}

export type PolicyEvaluationDecisionType = 'allowed' | 'explicitDeny' | 'implicitDeny'

export interface PolicyEvaluationException {
  readonly message?: string | undefined
}

export interface PolicyGrantingServiceAccess {
  readonly PolicyName: string
  readonly PolicyType: PolicyType
  readonly PolicyArn?: string | undefined
  readonly EntityType?: PolicyOwnerEntityType | undefined
  readonly EntityName?: string | undefined
}

export interface PolicyGroup {
  readonly GroupName?: string | undefined
  readonly GroupId?: string | undefined
}

export interface PolicyIdentifier {
  readonly PolicyType?: string | undefined
  readonly PolicyArn?: string | undefined
  readonly InlinePolicyIdentifier?: InlinePolicyIdentifierType | undefined
}

export interface PolicyNotAttachableException {
  readonly message?: string | undefined
}

export interface PolicyParameter {
  readonly Name?: string | undefined
  readonly Values?: readonly string[] | undefined
  readonly Type?: PolicyParameterTypeEnum | undefined
}

export type PolicyParameterTypeEnum = 'string' | 'stringList'

export interface PolicyRole {
  readonly RoleName?: string | undefined
  readonly RoleId?: string | undefined
}

export type PolicySourceType = 'user' | 'group' | 'role' | 'aws-managed' | 'user-managed' | 'resource' | 'none'

export type PolicyUsageType = 'PermissionsPolicy' | 'PermissionsBoundary'

export interface PolicyUser {
  readonly UserName?: string | undefined
  readonly UserId?: string | undefined
}

export interface PolicyVersion {
  readonly Document?: string | undefined
  readonly VersionId?: string | undefined
  readonly IsDefaultVersion?: boolean | undefined
  readonly CreateDate?: number | undefined
}

export interface Position {
  readonly Line?: number | undefined
  readonly Column?: number | undefined
}

export interface PutAccountPropertiesRequest {
  readonly Properties: Readonly<Record<string, string>>
}

export type PutAccountPropertiesResponse = Readonly<Record<never, never>>

export interface PutGroupPolicyRequest {
  readonly GroupName: string
  readonly PolicyName: string
  readonly PolicyDocument: string
}

export interface PutRolePermissionsBoundaryRequest {
  readonly RoleName: string
  readonly PermissionsBoundary: string
}

export interface PutRolePolicyRequest {
  readonly RoleName: string
  readonly PolicyName: string
  readonly PolicyDocument: string
}

export interface PutUserPermissionsBoundaryRequest {
  readonly UserName: string
  readonly PermissionsBoundary: string
}

export interface PutUserPolicyRequest {
  readonly UserName: string
  readonly PolicyName: string
  readonly PolicyDocument: string
}

export interface RejectDelegationRequestRequest {
  readonly DelegationRequestId: string
  readonly Notes?: string | undefined
}

export interface RemoveClientIDFromOpenIDConnectProviderRequest {
  readonly OpenIDConnectProviderArn: string
  readonly ClientID: string
}

export interface RemoveRoleFromInstanceProfileRequest {
  readonly InstanceProfileName: string
  readonly RoleName: string
}

export interface RemoveUserFromGroupRequest {
  readonly GroupName: string
  readonly UserName: string
}

export interface ReplacementValueEntry {
  readonly Values: readonly string[]
}

export type ReportFormatType = 'text/csv'

export interface ReportGenerationLimitExceededException {
  readonly message?: string | undefined
}

export type ReportStateType = 'STARTED' | 'INPROGRESS' | 'COMPLETE'

export interface ResetServiceSpecificCredentialRequest {
  readonly UserName?: string | undefined
  readonly ServiceSpecificCredentialId: string
}

export interface ResetServiceSpecificCredentialResponse {
  readonly ServiceSpecificCredential?: ServiceSpecificCredential | undefined
}

export interface ResourceSpecificResult {
  readonly EvalResourceName: string
  readonly EvalResourceDecision: PolicyEvaluationDecisionType
  readonly MatchedStatements?: readonly Statement[] | undefined
  readonly MissingContextValues?: readonly string[] | undefined
  readonly EvalDecisionDetails?: Readonly<Record<string, PolicyEvaluationDecisionType>> | undefined
  readonly PermissionsBoundaryDecisionDetail?: PermissionsBoundaryDecisionDetail | undefined
}

export interface ResyncMFADeviceRequest {
  readonly UserName: string
  readonly SerialNumber: string
  readonly AuthenticationCode1: string
  readonly AuthenticationCode2: string
}

export interface Role {
  readonly Path: string
  readonly RoleName: string
  readonly RoleId: string
  readonly Arn: string
  readonly CreateDate: number
  readonly AssumeRolePolicyDocument?: string | undefined
  readonly Description?: string | undefined
  readonly MaxSessionDuration?: number | undefined
  readonly PermissionsBoundary?: AttachedPermissionsBoundary | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly RoleLastUsed?: RoleLastUsed | undefined
  readonly SourceRoleTemplate?: SourceRoleTemplate | undefined
}

export interface RoleDetail {
  readonly Path?: string | undefined
  readonly RoleName?: string | undefined
  readonly RoleId?: string | undefined
  readonly Arn?: string | undefined
  readonly CreateDate?: number | undefined
  readonly AssumeRolePolicyDocument?: string | undefined
  readonly InstanceProfileList?: readonly InstanceProfile[] | undefined
  readonly RolePolicyList?: readonly PolicyDetail[] | undefined
  readonly AttachedManagedPolicies?: readonly AttachedPolicy[] | undefined
  readonly PermissionsBoundary?: AttachedPermissionsBoundary | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly RoleLastUsed?: RoleLastUsed | undefined
}

export interface RoleLastUsed {
  readonly LastUsedDate?: number | undefined
  readonly Region?: string | undefined
}

export interface RoleModifiedException {
  readonly message?: string | undefined
}

export interface RoleTemplateDisabledException {
  readonly message?: string | undefined
}

export interface RoleTemplateVersion {
  readonly TemplateArn?: string | undefined
  readonly TemplateName?: string | undefined
  readonly TemplateVersionId?: string | undefined
  readonly Description?: string | undefined
  readonly MajorVersion?: number | undefined
  readonly DefaultMinorVersion?: number | undefined
  readonly ManagedByType?: ManagedByTypeType | undefined
  readonly ManagedByValue?: string | undefined
  readonly Enabled?: boolean | undefined
  readonly MinorVersion?: number | undefined
  readonly RoleNamePattern?: string | undefined
  readonly RolePathPattern?: string | undefined
  readonly RoleDescriptionPattern?: string | undefined
  readonly AssumeRolePolicyDocumentTemplate?: string | undefined
  readonly InlinePolicyTemplates?: readonly InlinePolicy[] | undefined
  readonly ManagedPolicyArns?: readonly string[] | undefined
  readonly PermissionBoundaryArn?: string | undefined
  readonly ParametersDefinition?: readonly ParameterDefinition[] | undefined
  readonly RoleTagsTemplate?: readonly TagTemplate[] | undefined
  readonly MaxSessionDuration?: number | undefined
  readonly VersionEnabled?: boolean | undefined
  readonly CreateTimestamp?: number | undefined
  readonly UpdateTimestamp?: number | undefined
}

export interface RoleUsageType {
  readonly Region?: string | undefined
  readonly Resources?: readonly string[] | undefined
}

export interface SAMLPrivateKey {
  readonly KeyId?: string | undefined
  readonly Timestamp?: number | undefined
}

export interface SAMLProviderListEntry {
  readonly Arn?: string | undefined
  readonly ValidUntil?: number | undefined
  readonly CreateDate?: number | undefined
}

export interface SSHPublicKey {
  readonly UserName: string
  readonly SSHPublicKeyId: string
  readonly Fingerprint: string
  readonly SSHPublicKeyBody: string
  readonly Status: StatusType
  readonly UploadDate?: number | undefined
}

export interface SSHPublicKeyMetadata {
  readonly UserName: string
  readonly SSHPublicKeyId: string
  readonly Status: StatusType
  readonly UploadDate: number
}

export interface SendDelegationTokenRequest {
  readonly DelegationRequestId: string
}

export interface ServerCertificate {
  readonly ServerCertificateMetadata: ServerCertificateMetadata
  readonly CertificateBody: string
  readonly CertificateChain?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface ServerCertificateMetadata {
  readonly Path: string
  readonly ServerCertificateName: string
  readonly ServerCertificateId: string
  readonly Arn: string
  readonly UploadDate?: number | undefined
  readonly Expiration?: number | undefined
}

export interface ServiceAccessNotEnabledException {
  readonly Message?: string | undefined
}

export interface ServiceFailureException {
  readonly message?: string | undefined
}

export interface ServiceLastAccessed {
  readonly ServiceName: string
  readonly LastAuthenticated?: number | undefined
  readonly ServiceNamespace: string
  readonly LastAuthenticatedEntity?: string | undefined
  readonly LastAuthenticatedRegion?: string | undefined
  readonly TotalAuthenticatedEntities?: number | undefined
  readonly TrackedActionsLastAccessed?: readonly TrackedActionLastAccessed[] | undefined
}

export interface ServiceNotSupportedException {
  readonly message?: string | undefined
}

export interface ServiceSpecificCredential {
  readonly CreateDate: number
  readonly ExpirationDate?: number | undefined
  readonly ServiceName: string
  readonly ServiceUserName?: string | undefined
  readonly ServicePassword?: string | undefined
  readonly ServiceCredentialAlias?: string | undefined
  readonly ServiceCredentialSecret?: string | undefined
  readonly ServiceSpecificCredentialId: string
  readonly UserName: string
  readonly Status: StatusType
}

export interface ServiceSpecificCredentialMetadata {
  readonly UserName: string
  readonly Status: StatusType
  readonly ServiceUserName?: string | undefined
  readonly ServiceCredentialAlias?: string | undefined
  readonly CreateDate: number
  readonly ExpirationDate?: number | undefined
  readonly ServiceSpecificCredentialId: string
  readonly ServiceName: string
}

export interface SetDefaultPolicyVersionRequest {
  readonly PolicyArn: string
  readonly VersionId: string
}

export interface SetSecurityTokenServicePreferencesRequest {
  readonly GlobalEndpointTokenVersion: GlobalEndpointTokenVersion
}

export interface SigningCertificate {
  readonly UserName: string
  readonly CertificateId: string
  readonly CertificateBody: string
  readonly Status: StatusType
  readonly UploadDate?: number | undefined
}

export interface SimulateCustomPolicyRequest {
  readonly PolicyInputList: readonly string[]
  readonly PermissionsBoundaryPolicyInputList?: readonly string[] | undefined
  readonly ActionNames: readonly string[]
  readonly ResourceArns?: readonly string[] | undefined
  readonly ResourcePolicy?: string | undefined
  readonly ResourceOwner?: string | undefined
  readonly CallerArn?: string | undefined
  readonly ContextEntries?: readonly ContextEntry[] | undefined
  readonly ResourceHandlingOption?: string | undefined
  readonly MaxItems?: number | undefined
  readonly Marker?: string | undefined
  readonly OrderedOrganizationPolicyInputList?: readonly OrderedOrganizationPolicyType[] | undefined
}

export interface SimulatePolicyResponse {
  readonly EvaluationResults?: readonly EvaluationResult[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface SimulatePrincipalPolicyRequest {
  readonly PolicySourceArn: string
  readonly PolicyInputList?: readonly string[] | undefined
  readonly PermissionsBoundaryPolicyInputList?: readonly string[] | undefined
  readonly ActionNames: readonly string[]
  readonly ResourceArns?: readonly string[] | undefined
  readonly ResourcePolicy?: string | undefined
  readonly ResourceOwner?: string | undefined
  readonly CallerArn?: string | undefined
  readonly ContextEntries?: readonly ContextEntry[] | undefined
  readonly ResourceHandlingOption?: string | undefined
  readonly MaxItems?: number | undefined
  readonly Marker?: string | undefined
  readonly PolicyExclusionList?: readonly PolicyIdentifier[] | undefined
}

export interface SourceRoleTemplate {
  readonly TemplateArn: string
  readonly TemplateMinorVersion: number
}

export interface Statement {
  readonly SourcePolicyId?: string | undefined
  readonly SourcePolicyType?: PolicySourceType | undefined
  readonly StartPosition?: Position | undefined
  readonly EndPosition?: Position | undefined
}

export interface Tag {
  readonly Key: string
  readonly Value: string
}

export interface TagInstanceProfileRequest {
  readonly InstanceProfileName: string
  readonly Tags: readonly Tag[]
}

export interface TagMFADeviceRequest {
  readonly SerialNumber: string
  readonly Tags: readonly Tag[]
}

export interface TagOpenIDConnectProviderRequest {
  readonly OpenIDConnectProviderArn: string
  readonly Tags: readonly Tag[]
}

export interface TagPolicyRequest {
  readonly PolicyArn: string
  readonly Tags: readonly Tag[]
}

export interface TagRoleRequest {
  readonly RoleName: string
  readonly Tags: readonly Tag[]
}

export interface TagSAMLProviderRequest {
  readonly SAMLProviderArn: string
  readonly Tags: readonly Tag[]
}

export interface TagServerCertificateRequest {
  readonly ServerCertificateName: string
  readonly Tags: readonly Tag[]
}

export interface TagTemplate {
  readonly Key: string
  readonly Value: string
}

export interface TagUserRequest {
  readonly UserName: string
  readonly Tags: readonly Tag[]
}

export interface TrackedActionLastAccessed {
  readonly ActionName?: string | undefined
  readonly LastAccessedEntity?: string | undefined
  readonly LastAccessedTime?: number | undefined
  readonly LastAccessedRegion?: string | undefined
}

export interface UnmodifiableEntityException {
  readonly message?: string | undefined
}

export interface UnrecognizedPublicKeyEncodingException {
  readonly message?: string | undefined
}

export interface UntagInstanceProfileRequest {
  readonly InstanceProfileName: string
  readonly TagKeys: readonly string[]
}

export interface UntagMFADeviceRequest {
  readonly SerialNumber: string
  readonly TagKeys: readonly string[]
}

export interface UntagOpenIDConnectProviderRequest {
  readonly OpenIDConnectProviderArn: string
  readonly TagKeys: readonly string[]
}

export interface UntagPolicyRequest {
  readonly PolicyArn: string
  readonly TagKeys: readonly string[]
}

export interface UntagRoleRequest {
  readonly RoleName: string
  readonly TagKeys: readonly string[]
}

export interface UntagSAMLProviderRequest {
  readonly SAMLProviderArn: string
  readonly TagKeys: readonly string[]
}

export interface UntagServerCertificateRequest {
  readonly ServerCertificateName: string
  readonly TagKeys: readonly string[]
}

export interface UntagUserRequest {
  readonly UserName: string
  readonly TagKeys: readonly string[]
}

export interface UpdateAccessKeyRequest {
  readonly UserName?: string | undefined
  readonly AccessKeyId: string
  readonly Status: StatusType
}

export interface UpdateAccountPasswordPolicyRequest {
  readonly MinimumPasswordLength?: number | undefined
  readonly RequireSymbols?: boolean | undefined
  readonly RequireNumbers?: boolean | undefined
  readonly RequireUppercaseCharacters?: boolean | undefined
  readonly RequireLowercaseCharacters?: boolean | undefined
  readonly AllowUsersToChangePassword?: boolean | undefined
  readonly MaxPasswordAge?: number | undefined
  readonly PasswordReusePrevention?: number | undefined
  readonly HardExpiry?: boolean | undefined
}

export interface UpdateAssumeRolePolicyRequest {
  readonly RoleName: string
  readonly PolicyDocument: string
}

export interface UpdateDelegationRequestRequest {
  readonly DelegationRequestId: string
  readonly Notes?: string | undefined
}

export interface UpdateGroupRequest {
  readonly GroupName: string
  readonly NewPath?: string | undefined
  readonly NewGroupName?: string | undefined
}

export interface UpdateLoginProfileRequest {
  readonly UserName: string
  readonly Password?: string | undefined
  readonly PasswordResetRequired?: boolean | undefined
}

export interface UpdateOpenIDConnectProviderThumbprintRequest {
  readonly OpenIDConnectProviderArn: string
  readonly ThumbprintList: readonly string[]
}

export interface UpdateRoleDescriptionRequest {
  readonly RoleName: string
  readonly Description: string
}

export interface UpdateRoleDescriptionResponse {
  readonly Role?: Role | undefined
}

export interface UpdateRoleRequest {
  readonly RoleName: string
  readonly Description?: string | undefined
  readonly MaxSessionDuration?: number | undefined
}

export type UpdateRoleResponse = Readonly<Record<never, never>>

export interface UpdateSAMLProviderRequest {
  readonly SAMLMetadataDocument?: string | undefined
  readonly SAMLProviderArn: string
  readonly AssertionEncryptionMode?: AssertionEncryptionModeType | undefined
  readonly AddPrivateKey?: string | undefined
  readonly RemovePrivateKey?: string | undefined
  readonly ContextProvider?: ContextProvider | undefined
}

export interface UpdateSAMLProviderResponse {
  readonly SAMLProviderArn?: string | undefined
}

export interface UpdateSSHPublicKeyRequest {
  readonly UserName: string
  readonly SSHPublicKeyId: string
  readonly Status: StatusType
}

export interface UpdateServerCertificateRequest {
  readonly ServerCertificateName: string
  readonly NewPath?: string | undefined
  readonly NewServerCertificateName?: string | undefined
}

export interface UpdateServiceSpecificCredentialRequest {
  readonly UserName?: string | undefined
  readonly ServiceSpecificCredentialId: string
  readonly Status: StatusType
}

export interface UpdateSigningCertificateRequest {
  readonly UserName?: string | undefined
  readonly CertificateId: string
  readonly Status: StatusType
}

export interface UpdateUserRequest {
  readonly UserName: string
  readonly NewPath?: string | undefined
  readonly NewUserName?: string | undefined
}

export interface UploadSSHPublicKeyRequest {
  readonly UserName: string
  readonly SSHPublicKeyBody: string
}

export interface UploadSSHPublicKeyResponse {
  readonly SSHPublicKey?: SSHPublicKey | undefined
}

export interface UploadServerCertificateRequest {
  readonly Path?: string | undefined
  readonly ServerCertificateName: string
  readonly CertificateBody: string
  readonly PrivateKey: string
  readonly CertificateChain?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface UploadServerCertificateResponse {
  readonly ServerCertificateMetadata?: ServerCertificateMetadata | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface UploadSigningCertificateRequest {
  readonly UserName?: string | undefined
  readonly CertificateBody: string
}

export interface UploadSigningCertificateResponse {
  readonly Certificate: SigningCertificate
}

export interface User {
  readonly Path: string
  readonly UserName: string
  readonly UserId: string
  readonly Arn: string
  readonly CreateDate: number
  readonly PasswordLastUsed?: number | undefined
  readonly PermissionsBoundary?: AttachedPermissionsBoundary | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface UserDetail {
  readonly Path?: string | undefined
  readonly UserName?: string | undefined
  readonly UserId?: string | undefined
  readonly Arn?: string | undefined
  readonly CreateDate?: number | undefined
  readonly UserPolicyList?: readonly PolicyDetail[] | undefined
  readonly GroupList?: readonly string[] | undefined
  readonly AttachedManagedPolicies?: readonly AttachedPolicy[] | undefined
  readonly PermissionsBoundary?: AttachedPermissionsBoundary | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface VirtualMFADevice {
  readonly SerialNumber: string
  readonly Base32StringSeed?: Uint8Array | undefined
  readonly QRCodePNG?: Uint8Array | undefined
  readonly User?: User | undefined
  readonly EnableDate?: number | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export type AssertionEncryptionModeType = 'Required' | 'Allowed'

export type AssignmentStatusType = 'Assigned' | 'Unassigned' | 'Any'

export type EncodingType = 'SSH' | 'PEM'

export type GlobalEndpointTokenVersion = 'v1Token' | 'v2Token'

export type JobStatusType = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED'

export type PermissionCheckResultType = 'ALLOWED' | 'DENIED' | 'UNSURE'

export type PermissionCheckStatusType = 'COMPLETE' | 'IN_PROGRESS' | 'FAILED'

export type PolicyOwnerEntityType = 'USER' | 'ROLE' | 'GROUP'

export type PolicyScopeType = 'All' | 'AWS' | 'Local'

export type PolicyType = 'INLINE' | 'MANAGED'

export type SortKeyType = 'SERVICE_NAMESPACE_ASCENDING' | 'SERVICE_NAMESPACE_DESCENDING' | 'LAST_AUTHENTICATED_TIME_ASCENDING' | 'LAST_AUTHENTICATED_TIME_DESCENDING'

export type StateType = 'UNASSIGNED' | 'ASSIGNED' | 'PENDING_APPROVAL' | 'FINALIZED' | 'ACCEPTED' | 'REJECTED' | 'EXPIRED'

export type StatusType = 'Active' | 'Inactive' | 'Expired'

export type SummaryKeyType = 'Users' | 'UsersQuota' | 'Groups' | 'GroupsQuota' | 'ServerCertificates' | 'ServerCertificatesQuota' | 'UserPolicySizeQuota' | 'GroupPolicySizeQuota' | 'GroupsPerUserQuota' | 'SigningCertificatesPerUserQuota' | 'AccessKeysPerUserQuota' | 'MFADevices' | 'MFADevicesInUse' | 'AccountMFAEnabled' | 'AccountAccessKeysPresent' | 'AccountPasswordPresent' | 'AccountSigningCertificatesPresent' | 'AttachedPoliciesPerGroupQuota' | 'AttachedPoliciesPerRoleQuota' | 'AttachedPoliciesPerUserQuota' | 'Policies' | 'PoliciesQuota' | 'PolicySizeQuota' | 'PolicyVersionsInUse' | 'PolicyVersionsInUseQuota' | 'VersionsPerPolicyQuota' | 'GlobalEndpointTokenVersion' | 'AssumeRolePolicySizeQuota' | 'InstanceProfiles' | 'InstanceProfilesQuota' | 'Providers' | 'RolePolicySizeQuota' | 'Roles' | 'RolesQuota'

export type SummaryStateType = 'AVAILABLE' | 'NOT_AVAILABLE' | 'NOT_SUPPORTED' | 'FAILED'

export interface UpdateOpenIDConnectProviderRequest {
  readonly OpenIDConnectProviderArn: string
  readonly ContextProvider?: ContextProvider | undefined
  readonly RemoveContextProvider?: boolean | undefined
  readonly IdentityCenterInstanceArn?: string | undefined
  readonly RemoveIdentityCenterInstance?: boolean | undefined
}

export interface ContextProvider {
  readonly SubjectSourceKey: string
  readonly KeyDefinitionList?: readonly ContextProviderKeyDefinition[] | undefined
  readonly SubjectTypeSourceKey?: string | undefined
  readonly SubjectTypeValue?: string | undefined
}

export interface ContextProviderKeyDefinition {
  readonly SourceKey: string
  readonly TargetKey?: string | undefined
}

/** Every operation of the model with its input and output. */
export interface Operations {
  AcceptDelegationRequest: { readonly input: AcceptDelegationRequestRequest; readonly output: undefined }
  AcquireRole: { readonly input: AcquireRoleRequest; readonly output: AcquireRoleResponse }
  AddClientIDToOpenIDConnectProvider: { readonly input: AddClientIDToOpenIDConnectProviderRequest; readonly output: undefined }
  AddRoleToInstanceProfile: { readonly input: AddRoleToInstanceProfileRequest; readonly output: undefined }
  AddUserToGroup: { readonly input: AddUserToGroupRequest; readonly output: undefined }
  AssociateDelegationRequest: { readonly input: AssociateDelegationRequestRequest; readonly output: undefined }
  AttachGroupPolicy: { readonly input: AttachGroupPolicyRequest; readonly output: undefined }
  AttachRolePolicy: { readonly input: AttachRolePolicyRequest; readonly output: undefined }
  AttachUserPolicy: { readonly input: AttachUserPolicyRequest; readonly output: undefined }
  ChangePassword: { readonly input: ChangePasswordRequest; readonly output: undefined }
  CreateAccessKey: { readonly input: CreateAccessKeyRequest; readonly output: CreateAccessKeyResponse }
  CreateAccountAlias: { readonly input: CreateAccountAliasRequest; readonly output: undefined }
  CreateDelegationRequest: { readonly input: CreateDelegationRequestRequest; readonly output: CreateDelegationRequestResponse }
  CreateGroup: { readonly input: CreateGroupRequest; readonly output: CreateGroupResponse }
  CreateInstanceProfile: { readonly input: CreateInstanceProfileRequest; readonly output: CreateInstanceProfileResponse }
  CreateLoginProfile: { readonly input: CreateLoginProfileRequest; readonly output: CreateLoginProfileResponse }
  CreateOpenIDConnectProvider: { readonly input: CreateOpenIDConnectProviderRequest; readonly output: CreateOpenIDConnectProviderResponse }
  CreatePolicy: { readonly input: CreatePolicyRequest; readonly output: CreatePolicyResponse }
  CreatePolicyVersion: { readonly input: CreatePolicyVersionRequest; readonly output: CreatePolicyVersionResponse }
  CreateRole: { readonly input: CreateRoleRequest; readonly output: CreateRoleResponse }
  CreateSAMLProvider: { readonly input: CreateSAMLProviderRequest; readonly output: CreateSAMLProviderResponse }
  CreateServiceLinkedRole: { readonly input: CreateServiceLinkedRoleRequest; readonly output: CreateServiceLinkedRoleResponse }
  CreateServiceSpecificCredential: { readonly input: CreateServiceSpecificCredentialRequest; readonly output: CreateServiceSpecificCredentialResponse }
  CreateUser: { readonly input: CreateUserRequest; readonly output: CreateUserResponse }
  CreateVirtualMFADevice: { readonly input: CreateVirtualMFADeviceRequest; readonly output: CreateVirtualMFADeviceResponse }
  DeactivateMFADevice: { readonly input: DeactivateMFADeviceRequest; readonly output: undefined }
  DeleteAccessKey: { readonly input: DeleteAccessKeyRequest; readonly output: undefined }
  DeleteAccountAlias: { readonly input: DeleteAccountAliasRequest; readonly output: undefined }
  DeleteAccountPasswordPolicy: { readonly input: Readonly<Record<never, never>>; readonly output: undefined }
  DeleteGroup: { readonly input: DeleteGroupRequest; readonly output: undefined }
  DeleteGroupPolicy: { readonly input: DeleteGroupPolicyRequest; readonly output: undefined }
  DeleteInstanceProfile: { readonly input: DeleteInstanceProfileRequest; readonly output: undefined }
  DeleteLoginProfile: { readonly input: DeleteLoginProfileRequest; readonly output: undefined }
  DeleteOpenIDConnectProvider: { readonly input: DeleteOpenIDConnectProviderRequest; readonly output: undefined }
  DeletePolicy: { readonly input: DeletePolicyRequest; readonly output: undefined }
  DeletePolicyVersion: { readonly input: DeletePolicyVersionRequest; readonly output: undefined }
  DeleteRole: { readonly input: DeleteRoleRequest; readonly output: undefined }
  DeleteRolePermissionsBoundary: { readonly input: DeleteRolePermissionsBoundaryRequest; readonly output: undefined }
  DeleteRolePolicy: { readonly input: DeleteRolePolicyRequest; readonly output: undefined }
  DeleteSAMLProvider: { readonly input: DeleteSAMLProviderRequest; readonly output: undefined }
  DeleteSSHPublicKey: { readonly input: DeleteSSHPublicKeyRequest; readonly output: undefined }
  DeleteServerCertificate: { readonly input: DeleteServerCertificateRequest; readonly output: undefined }
  DeleteServiceLinkedRole: { readonly input: DeleteServiceLinkedRoleRequest; readonly output: DeleteServiceLinkedRoleResponse }
  DeleteServiceSpecificCredential: { readonly input: DeleteServiceSpecificCredentialRequest; readonly output: undefined }
  DeleteSigningCertificate: { readonly input: DeleteSigningCertificateRequest; readonly output: undefined }
  DeleteUser: { readonly input: DeleteUserRequest; readonly output: undefined }
  DeleteUserPermissionsBoundary: { readonly input: DeleteUserPermissionsBoundaryRequest; readonly output: undefined }
  DeleteUserPolicy: { readonly input: DeleteUserPolicyRequest; readonly output: undefined }
  DeleteVirtualMFADevice: { readonly input: DeleteVirtualMFADeviceRequest; readonly output: undefined }
  DetachGroupPolicy: { readonly input: DetachGroupPolicyRequest; readonly output: undefined }
  DetachRolePolicy: { readonly input: DetachRolePolicyRequest; readonly output: undefined }
  DetachUserPolicy: { readonly input: DetachUserPolicyRequest; readonly output: undefined }
  DisableOrganizationsRootCredentialsManagement: { readonly input: DisableOrganizationsRootCredentialsManagementRequest; readonly output: DisableOrganizationsRootCredentialsManagementResponse }
  DisableOrganizationsRootSessions: { readonly input: DisableOrganizationsRootSessionsRequest; readonly output: DisableOrganizationsRootSessionsResponse }
  DisableOutboundWebIdentityFederation: { readonly input: Readonly<Record<never, never>>; readonly output: undefined }
  EnableMFADevice: { readonly input: EnableMFADeviceRequest; readonly output: undefined }
  EnableOrganizationsRootCredentialsManagement: { readonly input: EnableOrganizationsRootCredentialsManagementRequest; readonly output: EnableOrganizationsRootCredentialsManagementResponse }
  EnableOrganizationsRootSessions: { readonly input: EnableOrganizationsRootSessionsRequest; readonly output: EnableOrganizationsRootSessionsResponse }
  EnableOutboundWebIdentityFederation: { readonly input: Readonly<Record<never, never>>; readonly output: EnableOutboundWebIdentityFederationResponse }
  GenerateCredentialReport: { readonly input: Readonly<Record<never, never>>; readonly output: GenerateCredentialReportResponse }
  GenerateOrganizationsAccessReport: { readonly input: GenerateOrganizationsAccessReportRequest; readonly output: GenerateOrganizationsAccessReportResponse }
  GenerateServiceLastAccessedDetails: { readonly input: GenerateServiceLastAccessedDetailsRequest; readonly output: GenerateServiceLastAccessedDetailsResponse }
  GetAccessKeyLastUsed: { readonly input: GetAccessKeyLastUsedRequest; readonly output: GetAccessKeyLastUsedResponse }
  GetAccountAuthorizationDetails: { readonly input: GetAccountAuthorizationDetailsRequest; readonly output: GetAccountAuthorizationDetailsResponse }
  GetAccountPasswordPolicy: { readonly input: Readonly<Record<never, never>>; readonly output: GetAccountPasswordPolicyResponse }
  GetAccountProperties: { readonly input: GetAccountPropertiesRequest; readonly output: GetAccountPropertiesResponse }
  GetAccountSummary: { readonly input: Readonly<Record<never, never>>; readonly output: GetAccountSummaryResponse }
  GetContextKeysForCustomPolicy: { readonly input: GetContextKeysForCustomPolicyRequest; readonly output: GetContextKeysForPolicyResponse }
  GetContextKeysForPrincipalPolicy: { readonly input: GetContextKeysForPrincipalPolicyRequest; readonly output: GetContextKeysForPolicyResponse }
  GetCredentialReport: { readonly input: Readonly<Record<never, never>>; readonly output: GetCredentialReportResponse }
  GetDelegationRequest: { readonly input: GetDelegationRequestRequest; readonly output: GetDelegationRequestResponse }
  GetGroup: { readonly input: GetGroupRequest; readonly output: GetGroupResponse }
  GetGroupPolicy: { readonly input: GetGroupPolicyRequest; readonly output: GetGroupPolicyResponse }
  GetHumanReadableSummary: { readonly input: GetHumanReadableSummaryRequest; readonly output: GetHumanReadableSummaryResponse }
  GetInstanceProfile: { readonly input: GetInstanceProfileRequest; readonly output: GetInstanceProfileResponse }
  GetLoginProfile: { readonly input: GetLoginProfileRequest; readonly output: GetLoginProfileResponse }
  GetMFADevice: { readonly input: GetMFADeviceRequest; readonly output: GetMFADeviceResponse }
  GetOpenIDConnectProvider: { readonly input: GetOpenIDConnectProviderRequest; readonly output: GetOpenIDConnectProviderResponse }
  GetOrganizationsAccessReport: { readonly input: GetOrganizationsAccessReportRequest; readonly output: GetOrganizationsAccessReportResponse }
  GetOutboundWebIdentityFederationInfo: { readonly input: Readonly<Record<never, never>>; readonly output: GetOutboundWebIdentityFederationInfoResponse }
  GetPolicy: { readonly input: GetPolicyRequest; readonly output: GetPolicyResponse }
  GetPolicyVersion: { readonly input: GetPolicyVersionRequest; readonly output: GetPolicyVersionResponse }
  GetRole: { readonly input: GetRoleRequest; readonly output: GetRoleResponse }
  GetRolePolicy: { readonly input: GetRolePolicyRequest; readonly output: GetRolePolicyResponse }
  GetRoleTemplateVersion: { readonly input: GetRoleTemplateVersionRequest; readonly output: GetRoleTemplateVersionResponse }
  GetSAMLProvider: { readonly input: GetSAMLProviderRequest; readonly output: GetSAMLProviderResponse }
  GetSSHPublicKey: { readonly input: GetSSHPublicKeyRequest; readonly output: GetSSHPublicKeyResponse }
  GetServerCertificate: { readonly input: GetServerCertificateRequest; readonly output: GetServerCertificateResponse }
  GetServiceLastAccessedDetails: { readonly input: GetServiceLastAccessedDetailsRequest; readonly output: GetServiceLastAccessedDetailsResponse }
  GetServiceLastAccessedDetailsWithEntities: { readonly input: GetServiceLastAccessedDetailsWithEntitiesRequest; readonly output: GetServiceLastAccessedDetailsWithEntitiesResponse }
  GetServiceLinkedRoleDeletionStatus: { readonly input: GetServiceLinkedRoleDeletionStatusRequest; readonly output: GetServiceLinkedRoleDeletionStatusResponse }
  GetUser: { readonly input: GetUserRequest; readonly output: GetUserResponse }
  GetUserPolicy: { readonly input: GetUserPolicyRequest; readonly output: GetUserPolicyResponse }
  ListAccessKeys: { readonly input: ListAccessKeysRequest; readonly output: ListAccessKeysResponse }
  ListAccountAliases: { readonly input: ListAccountAliasesRequest; readonly output: ListAccountAliasesResponse }
  ListAttachedGroupPolicies: { readonly input: ListAttachedGroupPoliciesRequest; readonly output: ListAttachedGroupPoliciesResponse }
  ListAttachedRolePolicies: { readonly input: ListAttachedRolePoliciesRequest; readonly output: ListAttachedRolePoliciesResponse }
  ListAttachedUserPolicies: { readonly input: ListAttachedUserPoliciesRequest; readonly output: ListAttachedUserPoliciesResponse }
  ListDelegationRequests: { readonly input: ListDelegationRequestsRequest; readonly output: ListDelegationRequestsResponse }
  ListEntitiesForPolicy: { readonly input: ListEntitiesForPolicyRequest; readonly output: ListEntitiesForPolicyResponse }
  ListGroupPolicies: { readonly input: ListGroupPoliciesRequest; readonly output: ListGroupPoliciesResponse }
  ListGroups: { readonly input: ListGroupsRequest; readonly output: ListGroupsResponse }
  ListGroupsForUser: { readonly input: ListGroupsForUserRequest; readonly output: ListGroupsForUserResponse }
  ListInstanceProfileTags: { readonly input: ListInstanceProfileTagsRequest; readonly output: ListInstanceProfileTagsResponse }
  ListInstanceProfiles: { readonly input: ListInstanceProfilesRequest; readonly output: ListInstanceProfilesResponse }
  ListInstanceProfilesForRole: { readonly input: ListInstanceProfilesForRoleRequest; readonly output: ListInstanceProfilesForRoleResponse }
  ListMFADeviceTags: { readonly input: ListMFADeviceTagsRequest; readonly output: ListMFADeviceTagsResponse }
  ListMFADevices: { readonly input: ListMFADevicesRequest; readonly output: ListMFADevicesResponse }
  ListOpenIDConnectProviderTags: { readonly input: ListOpenIDConnectProviderTagsRequest; readonly output: ListOpenIDConnectProviderTagsResponse }
  ListOpenIDConnectProviders: { readonly input: ListOpenIDConnectProvidersRequest; readonly output: ListOpenIDConnectProvidersResponse }
  ListOrganizationsFeatures: { readonly input: ListOrganizationsFeaturesRequest; readonly output: ListOrganizationsFeaturesResponse }
  ListPolicies: { readonly input: ListPoliciesRequest; readonly output: ListPoliciesResponse }
  ListPoliciesGrantingServiceAccess: { readonly input: ListPoliciesGrantingServiceAccessRequest; readonly output: ListPoliciesGrantingServiceAccessResponse }
  ListPolicyTags: { readonly input: ListPolicyTagsRequest; readonly output: ListPolicyTagsResponse }
  ListPolicyVersions: { readonly input: ListPolicyVersionsRequest; readonly output: ListPolicyVersionsResponse }
  ListRolePolicies: { readonly input: ListRolePoliciesRequest; readonly output: ListRolePoliciesResponse }
  ListRoleTags: { readonly input: ListRoleTagsRequest; readonly output: ListRoleTagsResponse }
  ListRoles: { readonly input: ListRolesRequest; readonly output: ListRolesResponse }
  ListSAMLProviderTags: { readonly input: ListSAMLProviderTagsRequest; readonly output: ListSAMLProviderTagsResponse }
  ListSAMLProviders: { readonly input: ListSAMLProvidersRequest; readonly output: ListSAMLProvidersResponse }
  ListSSHPublicKeys: { readonly input: ListSSHPublicKeysRequest; readonly output: ListSSHPublicKeysResponse }
  ListServerCertificateTags: { readonly input: ListServerCertificateTagsRequest; readonly output: ListServerCertificateTagsResponse }
  ListServerCertificates: { readonly input: ListServerCertificatesRequest; readonly output: ListServerCertificatesResponse }
  ListServiceSpecificCredentials: { readonly input: ListServiceSpecificCredentialsRequest; readonly output: ListServiceSpecificCredentialsResponse }
  ListSigningCertificates: { readonly input: ListSigningCertificatesRequest; readonly output: ListSigningCertificatesResponse }
  ListUserPolicies: { readonly input: ListUserPoliciesRequest; readonly output: ListUserPoliciesResponse }
  ListUserTags: { readonly input: ListUserTagsRequest; readonly output: ListUserTagsResponse }
  ListUsers: { readonly input: ListUsersRequest; readonly output: ListUsersResponse }
  ListVirtualMFADevices: { readonly input: ListVirtualMFADevicesRequest; readonly output: ListVirtualMFADevicesResponse }
  PutAccountProperties: { readonly input: PutAccountPropertiesRequest; readonly output: PutAccountPropertiesResponse }
  PutGroupPolicy: { readonly input: PutGroupPolicyRequest; readonly output: undefined }
  PutRolePermissionsBoundary: { readonly input: PutRolePermissionsBoundaryRequest; readonly output: undefined }
  PutRolePolicy: { readonly input: PutRolePolicyRequest; readonly output: undefined }
  PutUserPermissionsBoundary: { readonly input: PutUserPermissionsBoundaryRequest; readonly output: undefined }
  PutUserPolicy: { readonly input: PutUserPolicyRequest; readonly output: undefined }
  RejectDelegationRequest: { readonly input: RejectDelegationRequestRequest; readonly output: undefined }
  RemoveClientIDFromOpenIDConnectProvider: { readonly input: RemoveClientIDFromOpenIDConnectProviderRequest; readonly output: undefined }
  RemoveRoleFromInstanceProfile: { readonly input: RemoveRoleFromInstanceProfileRequest; readonly output: undefined }
  RemoveUserFromGroup: { readonly input: RemoveUserFromGroupRequest; readonly output: undefined }
  ResetServiceSpecificCredential: { readonly input: ResetServiceSpecificCredentialRequest; readonly output: ResetServiceSpecificCredentialResponse }
  ResyncMFADevice: { readonly input: ResyncMFADeviceRequest; readonly output: undefined }
  SendDelegationToken: { readonly input: SendDelegationTokenRequest; readonly output: undefined }
  SetDefaultPolicyVersion: { readonly input: SetDefaultPolicyVersionRequest; readonly output: undefined }
  SetSecurityTokenServicePreferences: { readonly input: SetSecurityTokenServicePreferencesRequest; readonly output: undefined }
  SimulateCustomPolicy: { readonly input: SimulateCustomPolicyRequest; readonly output: SimulatePolicyResponse }
  SimulatePrincipalPolicy: { readonly input: SimulatePrincipalPolicyRequest; readonly output: SimulatePolicyResponse }
  TagInstanceProfile: { readonly input: TagInstanceProfileRequest; readonly output: undefined }
  TagMFADevice: { readonly input: TagMFADeviceRequest; readonly output: undefined }
  TagOpenIDConnectProvider: { readonly input: TagOpenIDConnectProviderRequest; readonly output: undefined }
  TagPolicy: { readonly input: TagPolicyRequest; readonly output: undefined }
  TagRole: { readonly input: TagRoleRequest; readonly output: undefined }
  TagSAMLProvider: { readonly input: TagSAMLProviderRequest; readonly output: undefined }
  TagServerCertificate: { readonly input: TagServerCertificateRequest; readonly output: undefined }
  TagUser: { readonly input: TagUserRequest; readonly output: undefined }
  UntagInstanceProfile: { readonly input: UntagInstanceProfileRequest; readonly output: undefined }
  UntagMFADevice: { readonly input: UntagMFADeviceRequest; readonly output: undefined }
  UntagOpenIDConnectProvider: { readonly input: UntagOpenIDConnectProviderRequest; readonly output: undefined }
  UntagPolicy: { readonly input: UntagPolicyRequest; readonly output: undefined }
  UntagRole: { readonly input: UntagRoleRequest; readonly output: undefined }
  UntagSAMLProvider: { readonly input: UntagSAMLProviderRequest; readonly output: undefined }
  UntagServerCertificate: { readonly input: UntagServerCertificateRequest; readonly output: undefined }
  UntagUser: { readonly input: UntagUserRequest; readonly output: undefined }
  UpdateAccessKey: { readonly input: UpdateAccessKeyRequest; readonly output: undefined }
  UpdateAccountPasswordPolicy: { readonly input: UpdateAccountPasswordPolicyRequest; readonly output: undefined }
  UpdateAssumeRolePolicy: { readonly input: UpdateAssumeRolePolicyRequest; readonly output: undefined }
  UpdateDelegationRequest: { readonly input: UpdateDelegationRequestRequest; readonly output: undefined }
  UpdateGroup: { readonly input: UpdateGroupRequest; readonly output: undefined }
  UpdateLoginProfile: { readonly input: UpdateLoginProfileRequest; readonly output: undefined }
  UpdateOpenIDConnectProviderThumbprint: { readonly input: UpdateOpenIDConnectProviderThumbprintRequest; readonly output: undefined }
  UpdateRole: { readonly input: UpdateRoleRequest; readonly output: UpdateRoleResponse }
  UpdateRoleDescription: { readonly input: UpdateRoleDescriptionRequest; readonly output: UpdateRoleDescriptionResponse }
  UpdateSAMLProvider: { readonly input: UpdateSAMLProviderRequest; readonly output: UpdateSAMLProviderResponse }
  UpdateSSHPublicKey: { readonly input: UpdateSSHPublicKeyRequest; readonly output: undefined }
  UpdateServerCertificate: { readonly input: UpdateServerCertificateRequest; readonly output: undefined }
  UpdateServiceSpecificCredential: { readonly input: UpdateServiceSpecificCredentialRequest; readonly output: undefined }
  UpdateSigningCertificate: { readonly input: UpdateSigningCertificateRequest; readonly output: undefined }
  UpdateUser: { readonly input: UpdateUserRequest; readonly output: undefined }
  UploadSSHPublicKey: { readonly input: UploadSSHPublicKeyRequest; readonly output: UploadSSHPublicKeyResponse }
  UploadServerCertificate: { readonly input: UploadServerCertificateRequest; readonly output: UploadServerCertificateResponse }
  UploadSigningCertificate: { readonly input: UploadSigningCertificateRequest; readonly output: UploadSigningCertificateResponse }
  UpdateOpenIDConnectProvider: { readonly input: UpdateOpenIDConnectProviderRequest; readonly output: undefined }
}
