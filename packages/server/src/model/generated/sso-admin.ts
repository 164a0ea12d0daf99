// Derived by tools/models.ts from the AWS Single Sign-On Admin model, version 2020-07-20. Not to be edited.

export interface AccessControlAttribute {
  readonly Key: string
  readonly Value: AccessControlAttributeValue
}

export interface AccessControlAttributeValue {
  readonly Source: readonly string[]
}

export interface AccessDeniedException {
  readonly Message?: string | undefined
  readonly Reason?: AccessDeniedExceptionReason | undefined
}

export type AccessDeniedExceptionReason = 'KMS_AccessDeniedException'

export interface AccountAssignment {
  readonly AccountId?: string | undefined
  readonly PermissionSetArn?: string | undefined
  readonly PrincipalType?: PrincipalType | undefined
  readonly PrincipalId?: string | undefined
}

export interface AccountAssignmentForPrincipal {
  readonly AccountId?: string | undefined
  readonly PermissionSetArn?: string | undefined
  readonly PrincipalId?: string | undefined
  readonly PrincipalType?: PrincipalType | undefined
}

export interface AccountAssignmentOperationStatus {
  readonly Status?: StatusValues | undefined
  readonly RequestId?: string | undefined
  readonly FailureReason?: string | undefined
  readonly TargetId?: string | undefined
  readonly TargetType?: TargetType | undefined
  readonly PermissionSetArn?: string | undefined
  readonly PrincipalType?: PrincipalType | undefined
  readonly PrincipalId?: string | undefined
  readonly CreatedDate?: number | undefined
}

export interface AccountAssignmentOperationStatusMetadata {
  readonly Status?: StatusValues | undefined
  readonly RequestId?: string | undefined
  readonly CreatedDate?: number | undefined
}

export interface AttachCustomerManagedPolicyReferenceToPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly CustomerManagedPolicyReference: CustomerManagedPolicyReference
}

export type AttachCustomerManagedPolicyReferenceToPermissionSetResponse = Readonly<Record<never, never>>

export interface AttachManagedPolicyToPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly ManagedPolicyArn: string
}

export type AttachManagedPolicyToPermissionSetResponse = Readonly<Record<never, never>>

export interface AttachedManagedPolicy {
  readonly Name?: string | undefined
  readonly Arn?: string | undefined
}

export interface ConflictException {
  readonly Message?: string | undefined
}

export interface CreateAccountAssignmentRequest {
  readonly InstanceArn: string
  readonly TargetId: string
  readonly TargetType: TargetType
  readonly PermissionSetArn: string
  readonly PrincipalType: PrincipalType
  readonly PrincipalId: string
}

export interface CreateAccountAssignmentResponse {
  readonly AccountAssignmentCreationStatus?: AccountAssignmentOperationStatus | undefined
}

export interface CreateInstanceAccessControlAttributeConfigurationRequest {
  readonly InstanceArn: string
  readonly InstanceAccessControlAttributeConfiguration: InstanceAccessControlAttributeConfiguration
}

export type CreateInstanceAccessControlAttributeConfigurationResponse = Readonly<Record<never, never>>

export interface CreateInstanceRequest {
  readonly Name?: string | undefined
  readonly ClientToken?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreateInstanceResponse {
  readonly InstanceArn?: string | undefined
}

export interface CreatePermissionSetRequest {
  readonly Name: string
  readonly Description?: string | undefined
  readonly InstanceArn: string
  readonly SessionDuration?: string | undefined
  readonly RelayState?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreatePermissionSetResponse {
  readonly PermissionSet?: PermissionSet | undefined
}

export interface CustomerManagedPolicyReference {
  readonly Name: string
  readonly Path?: string | undefined
}

export interface DeleteAccountAssignmentRequest {
  readonly InstanceArn: string
  readonly TargetId: string
  readonly TargetType: TargetType
  readonly PermissionSetArn: string
  readonly PrincipalType: PrincipalType
  readonly PrincipalId: string
}

export interface DeleteAccountAssignmentResponse {
  readonly AccountAssignmentDeletionStatus?: AccountAssignmentOperationStatus | undefined
}

export interface DeleteInlinePolicyFromPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
}

export type DeleteInlinePolicyFromPermissionSetResponse = Readonly<Record<never, never>>

export interface DeleteInstanceAccessControlAttributeConfigurationRequest {
  readonly InstanceArn: string
}

export type DeleteInstanceAccessControlAttributeConfigurationResponse = Readonly<Record<never, never>>

export interface DeleteInstanceRequest {
  readonly InstanceArn: string
}

export type DeleteInstanceResponse = Readonly<Record<never, never>>

export interface DeletePermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
}

export type DeletePermissionSetResponse = Readonly<Record<never, never>>

export interface DeletePermissionsBoundaryFromPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
}

export type DeletePermissionsBoundaryFromPermissionSetResponse = Readonly<Record<never, never>>

export interface DescribeAccountAssignmentCreationStatusRequest {
  readonly InstanceArn: string
  readonly AccountAssignmentCreationRequestId: string
}

export interface DescribeAccountAssignmentCreationStatusResponse {
  readonly AccountAssignmentCreationStatus?: AccountAssignmentOperationStatus | undefined
}

export interface DescribeAccountAssignmentDeletionStatusRequest {
  readonly InstanceArn: string
  readonly AccountAssignmentDeletionRequestId: string
}

export interface DescribeAccountAssignmentDeletionStatusResponse {
  readonly AccountAssignmentDeletionStatus?: AccountAssignmentOperationStatus | undefined
}

export interface DescribeInstanceAccessControlAttributeConfigurationRequest {
  readonly InstanceArn: string
}

export interface DescribeInstanceAccessControlAttributeConfigurationResponse {
  readonly Status?: InstanceAccessControlAttributeConfigurationStatus | undefined
  readonly StatusReason?: string | undefined
  readonly InstanceAccessControlAttributeConfiguration?: InstanceAccessControlAttributeConfiguration | undefined
}

export interface DescribeInstanceRequest {
  readonly InstanceArn: string
}

export interface DescribeInstanceResponse {
  readonly InstanceArn?: string | undefined
  readonly IdentityStoreId?: string | undefined
  readonly OwnerAccountId?: string | undefined
  readonly Name?: string | undefined
  readonly CreatedDate?: number | undefined
  readonly Status?: InstanceStatus | undefined
  readonly StatusReason?: string | undefined
  readonly EncryptionConfigurationDetails?: EncryptionConfigurationDetails | undefined
}

export interface DescribePermissionSetProvisioningStatusRequest {
  readonly InstanceArn: string
  readonly ProvisionPermissionSetRequestId: string
}

export interface DescribePermissionSetProvisioningStatusResponse {
  readonly PermissionSetProvisioningStatus?: PermissionSetProvisioningStatus | undefined
}

export interface DescribePermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
}

export interface DescribePermissionSetResponse {
  readonly PermissionSet?: PermissionSet | undefined
}

export interface DetachCustomerManagedPolicyReferenceFromPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly CustomerManagedPolicyReference: CustomerManagedPolicyReference
}

export type DetachCustomerManagedPolicyReferenceFromPermissionSetResponse = Readonly<Record<never, never>>

export interface DetachManagedPolicyFromPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly ManagedPolicyArn: string
}

export type DetachManagedPolicyFromPermissionSetResponse = Readonly<Record<never, never>>

export interface EncryptionConfiguration {
  readonly KeyType: KmsKeyType
  readonly KmsKeyArn?: string | undefined
}

export interface EncryptionConfigurationDetails {
  readonly KeyType?: KmsKeyType | undefined
  readonly KmsKeyArn?: string | undefined
  readonly EncryptionStatus?: KmsKeyStatus | undefined
  readonly EncryptionStatusReason?: string | undefined
}

export interface GetInlinePolicyForPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
}

export interface GetInlinePolicyForPermissionSetResponse {
  readonly InlinePolicy?: string | undefined
}

export interface GetPermissionsBoundaryForPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
}

export interface GetPermissionsBoundaryForPermissionSetResponse {
  readonly PermissionsBoundary?: PermissionsBoundary | undefined
}

export interface InstanceAccessControlAttributeConfiguration {
  readonly AccessControlAttributes: readonly AccessControlAttribute[]
}

export type InstanceAccessControlAttributeConfigurationStatus = 'ENABLED' | 'CREATION_IN_PROGRESS' | 'CREATION_FAILED'

export interface InstanceMetadata {
  readonly InstanceArn?: string | undefined
  readonly IdentityStoreId?: string | undefined
  readonly OwnerAccountId?: string | undefined
  readonly Name?: string | undefined
  readonly CreatedDate?: number | undefined
  readonly Status?: InstanceStatus | undefined
  readonly StatusReason?: string | undefined
}

export type InstanceStatus = 'CREATE_IN_PROGRESS' | 'CREATE_FAILED' | 'DELETE_IN_PROGRESS' | 'ACTIVE'

export interface InternalServerException {
  readonly Message?: string | undefined
}

export type KmsKeyStatus = 'UPDATING' | 'ENABLED' | 'UPDATE_FAILED'

export type KmsKeyType = 'AWS_OWNED_KMS_KEY' | 'CUSTOMER_MANAGED_KEY'

export interface ListAccountAssignmentCreationStatusRequest {
  readonly InstanceArn: string
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly Filter?: OperationStatusFilter | undefined
}

export interface ListAccountAssignmentCreationStatusResponse {
  readonly AccountAssignmentsCreationStatus?: readonly AccountAssignmentOperationStatusMetadata[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListAccountAssignmentDeletionStatusRequest {
  readonly InstanceArn: string
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly Filter?: OperationStatusFilter | undefined
}

export interface ListAccountAssignmentDeletionStatusResponse {
  readonly AccountAssignmentsDeletionStatus?: readonly AccountAssignmentOperationStatusMetadata[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListAccountAssignmentsFilter {
  readonly AccountId?: string | undefined
}

export interface ListAccountAssignmentsForPrincipalRequest {
  readonly InstanceArn: string
  readonly PrincipalId: string
  readonly PrincipalType: PrincipalType
  readonly Filter?: ListAccountAssignmentsFilter | undefined
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
}

export interface ListAccountAssignmentsForPrincipalResponse {
  readonly AccountAssignments?: readonly AccountAssignmentForPrincipal[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListAccountAssignmentsRequest {
  readonly InstanceArn: string
  readonly AccountId: string
  readonly PermissionSetArn: string
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface ListAccountAssignmentsResponse {
  readonly AccountAssignments?: readonly AccountAssignment[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListAccountsForProvisionedPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly ProvisioningStatus?: ProvisioningStatus | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface ListAccountsForProvisionedPermissionSetResponse {
  readonly AccountIds?: readonly string[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListCustomerManagedPolicyReferencesInPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface ListCustomerManagedPolicyReferencesInPermissionSetResponse {
  readonly CustomerManagedPolicyReferences?: readonly CustomerManagedPolicyReference[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListInstancesRequest {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface ListInstancesResponse {
  readonly Instances?: readonly InstanceMetadata[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListManagedPoliciesInPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface ListManagedPoliciesInPermissionSetResponse {
  readonly AttachedManagedPolicies?: readonly AttachedManagedPolicy[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListPermissionSetProvisioningStatusRequest {
  readonly InstanceArn: string
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly Filter?: OperationStatusFilter | undefined
}

export interface ListPermissionSetProvisioningStatusResponse {
  readonly PermissionSetsProvisioningStatus?: readonly PermissionSetProvisioningStatusMetadata[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListPermissionSetsProvisionedToAccountRequest {
  readonly InstanceArn: string
  readonly AccountId: string
  readonly ProvisioningStatus?: ProvisioningStatus | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface ListPermissionSetsProvisionedToAccountResponse {
  readonly NextToken?: string | undefined
  readonly PermissionSets?: readonly string[] | undefined
}

export interface ListPermissionSetsRequest {
  readonly InstanceArn: string
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
}

export interface ListPermissionSetsResponse {
  readonly PermissionSets?: readonly string[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListTagsForResourceRequest {
  readonly InstanceArn?: string | undefined
  readonly ResourceArn: string
  readonly NextToken?: string | undefined
}

export interface ListTagsForResourceResponse {
  readonly Tags?: readonly Tag[] | undefined
  readonly NextToken?: string | undefined
}

export interface OperationStatusFilter {
  readonly Status?: StatusValues | undefined
}

export interface PermissionSet {
  readonly Name?: string | undefined
  readonly PermissionSetArn?: string | undefined
  readonly Description?: string | undefined
  readonly CreatedDate?: number | undefined
  readonly SessionDuration?: string | undefined
  readonly RelayState?: string | undefined
}

export interface PermissionSetProvisioningStatus {
  readonly Status?: StatusValues | undefined
  readonly RequestId?: string | undefined
  readonly AccountId?: string | undefined
  readonly PermissionSetArn?: string | undefined
  readonly FailureReason?: string | undefined
  readonly CreatedDate?: number | undefined
}

export interface PermissionSetProvisioningStatusMetadata {
  readonly Status?: StatusValues | undefined
  readonly RequestId?: string | undefined
  readonly CreatedDate?: number | undefined
}

export interface PermissionsBoundary {
  readonly CustomerManagedPolicyReference?: CustomerManagedPolicyReference | undefined
  readonly ManagedPolicyArn?: string | undefined
}

export type PrincipalType = 'USER' | 'GROUP'

export interface ProvisionPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly TargetId?: string | undefined
  readonly TargetType: ProvisionTargetType
}

export interface ProvisionPermissionSetResponse {
  readonly PermissionSetProvisioningStatus?: PermissionSetProvisioningStatus | undefined
}

export type ProvisionTargetType = 'AWS_ACCOUNT' | 'ALL_PROVISIONED_ACCOUNTS'

export type ProvisioningStatus = 'LATEST_PERMISSION_SET_PROVISIONED' | 'LATEST_PERMISSION_SET_NOT_PROVISIONED'

export interface PutInlinePolicyToPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly InlinePolicy: string
}

export type PutInlinePolicyToPermissionSetResponse = Readonly<Record<never, never>>

export interface PutPermissionsBoundaryToPermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly PermissionsBoundary: PermissionsBoundary
}

export type PutPermissionsBoundaryToPermissionSetResponse = Readonly<Record<never, never>>

export interface ResourceNotFoundException {
  readonly Message?: string | undefined
  readonly Reason?: ResourceNotFoundExceptionReason | undefined
}

export type ResourceNotFoundExceptionReason = 'KMS_NotFoundException'

export interface ServiceQuotaExceededException {
  readonly Message?: string | undefined
}

export type StatusValues = 'IN_PROGRESS' | 'FAILED' | 'SUCCEEDED'

export interface Tag {
  readonly Key: string
  readonly Value: string
}

export interface TagResourceRequest {
  readonly InstanceArn?: string | undefined
  readonly ResourceArn: string
  readonly Tags: readonly Tag[]
}

export type TagResourceResponse = Readonly<Record<never, never>>

export type TargetType = 'AWS_ACCOUNT'

export interface ThrottlingException {
  readonly Message?: string | undefined
  readonly Reason?: ThrottlingExceptionReason | undefined
}

export type ThrottlingExceptionReason = 'KMS_ThrottlingException'

export interface UntagResourceRequest {
  readonly InstanceArn?: string | undefined
  readonly ResourceArn: string
  readonly TagKeys: readonly string[]
}

export type UntagResourceResponse = Readonly<Record<never, never>>

export interface UpdateInstanceAccessControlAttributeConfigurationRequest {
  readonly InstanceArn: string
  readonly InstanceAccessControlAttributeConfiguration: InstanceAccessControlAttributeConfiguration
}

export type UpdateInstanceAccessControlAttributeConfigurationResponse = Readonly<Record<never, never>>

export interface UpdateInstanceRequest {
  readonly Name?: string | undefined
  readonly InstanceArn: string
  readonly EncryptionConfiguration?: EncryptionConfiguration | undefined
}

export type UpdateInstanceResponse = Readonly<Record<never, never>>

export interface UpdatePermissionSetRequest {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
  readonly Description?: string | undefined
  readonly SessionDuration?: string | undefined
  readonly RelayState?: string | undefined
}

export type UpdatePermissionSetResponse = Readonly<Record<never, never>>

export interface ValidationException {
  readonly Message?: string | undefined
  readonly Reason?: ValidationExceptionReason | undefined
}

export type ValidationExceptionReason = 'KMS_InvalidKeyUsageException' | 'KMS_InvalidStateException' | 'KMS_DisabledException'

/** Every operation of the model with its input and output. */
export interface Operations {
  AttachCustomerManagedPolicyReferenceToPermissionSet: { readonly input: AttachCustomerManagedPolicyReferenceToPermissionSetRequest; readonly output: AttachCustomerManagedPolicyReferenceToPermissionSetResponse }
  AttachManagedPolicyToPermissionSet: { readonly input: AttachManagedPolicyToPermissionSetRequest; readonly output: AttachManagedPolicyToPermissionSetResponse }
  CreateAccountAssignment: { readonly input: CreateAccountAssignmentRequest; readonly output: CreateAccountAssignmentResponse }
  CreateInstance: { readonly input: CreateInstanceRequest; readonly output: CreateInstanceResponse }
  CreateInstanceAccessControlAttributeConfiguration: { readonly input: CreateInstanceAccessControlAttributeConfigurationRequest; readonly output: CreateInstanceAccessControlAttributeConfigurationResponse }
  CreatePermissionSet: { readonly input: CreatePermissionSetRequest; readonly output: CreatePermissionSetResponse }
  DeleteAccountAssignment: { readonly input: DeleteAccountAssignmentRequest; readonly output: DeleteAccountAssignmentResponse }
  DeleteInlinePolicyFromPermissionSet: { readonly input: DeleteInlinePolicyFromPermissionSetRequest; readonly output: DeleteInlinePolicyFromPermissionSetResponse }
  DeleteInstance: { readonly input: DeleteInstanceRequest; readonly output: DeleteInstanceResponse }
  DeleteInstanceAccessControlAttributeConfiguration: { readonly input: DeleteInstanceAccessControlAttributeConfigurationRequest; readonly output: DeleteInstanceAccessControlAttributeConfigurationResponse }
  DeletePermissionSet: { readonly input: DeletePermissionSetRequest; readonly output: DeletePermissionSetResponse }
  DeletePermissionsBoundaryFromPermissionSet: { readonly input: DeletePermissionsBoundaryFromPermissionSetRequest; readonly output: DeletePermissionsBoundaryFromPermissionSetResponse }
  DescribeAccountAssignmentCreationStatus: { readonly input: DescribeAccountAssignmentCreationStatusRequest; readonly output: DescribeAccountAssignmentCreationStatusResponse }
  DescribeAccountAssignmentDeletionStatus: { readonly input: DescribeAccountAssignmentDeletionStatusRequest; readonly output: DescribeAccountAssignmentDeletionStatusResponse }
  DescribeInstance: { readonly input: DescribeInstanceRequest; readonly output: DescribeInstanceResponse }
  DescribeInstanceAccessControlAttributeConfiguration: { readonly input: DescribeInstanceAccessControlAttributeConfigurationRequest; readonly output: DescribeInstanceAccessControlAttributeConfigurationResponse }
  DescribePermissionSet: { readonly input: DescribePermissionSetRequest; readonly output: DescribePermissionSetResponse }
  DescribePermissionSetProvisioningStatus: { readonly input: DescribePermissionSetProvisioningStatusRequest; readonly output: DescribePermissionSetProvisioningStatusResponse }
  DetachCustomerManagedPolicyReferenceFromPermissionSet: { readonly input: DetachCustomerManagedPolicyReferenceFromPermissionSetRequest; readonly output: DetachCustomerManagedPolicyReferenceFromPermissionSetResponse }
  DetachManagedPolicyFromPermissionSet: { readonly input: DetachManagedPolicyFromPermissionSetRequest; readonly output: DetachManagedPolicyFromPermissionSetResponse }
  GetInlinePolicyForPermissionSet: { readonly input: GetInlinePolicyForPermissionSetRequest; readonly output: GetInlinePolicyForPermissionSetResponse }
  GetPermissionsBoundaryForPermissionSet: { readonly input: GetPermissionsBoundaryForPermissionSetRequest; readonly output: GetPermissionsBoundaryForPermissionSetResponse }
  ListAccountAssignmentCreationStatus: { readonly input: ListAccountAssignmentCreationStatusRequest; readonly output: ListAccountAssignmentCreationStatusResponse }
  ListAccountAssignmentDeletionStatus: { readonly input: ListAccountAssignmentDeletionStatusRequest; readonly output: ListAccountAssignmentDeletionStatusResponse }
  ListAccountAssignments: { readonly input: ListAccountAssignmentsRequest; readonly output: ListAccountAssignmentsResponse }
  ListAccountAssignmentsForPrincipal: { readonly input: ListAccountAssignmentsForPrincipalRequest; readonly output: ListAccountAssignmentsForPrincipalResponse }
  ListAccountsForProvisionedPermissionSet: { readonly input: ListAccountsForProvisionedPermissionSetRequest; readonly output: ListAccountsForProvisionedPermissionSetResponse }
  ListCustomerManagedPolicyReferencesInPermissionSet: { readonly input: ListCustomerManagedPolicyReferencesInPermissionSetRequest; readonly output: ListCustomerManagedPolicyReferencesInPermissionSetResponse }
  ListInstances: { readonly input: ListInstancesRequest; readonly output: ListInstancesResponse }
  ListManagedPoliciesInPermissionSet: { readonly input: ListManagedPoliciesInPermissionSetRequest; readonly output: ListManagedPoliciesInPermissionSetResponse }
  ListPermissionSetProvisioningStatus: { readonly input: ListPermissionSetProvisioningStatusRequest; readonly output: ListPermissionSetProvisioningStatusResponse }
  ListPermissionSets: { readonly input: ListPermissionSetsRequest; readonly output: ListPermissionSetsResponse }
  ListPermissionSetsProvisionedToAccount: { readonly input: ListPermissionSetsProvisionedToAccountRequest; readonly output: ListPermissionSetsProvisionedToAccountResponse }
  ListTagsForResource: { readonly input: ListTagsForResourceRequest; readonly output: ListTagsForResourceResponse }
  ProvisionPermissionSet: { readonly input: ProvisionPermissionSetRequest; readonly output: ProvisionPermissionSetResponse }
  PutInlinePolicyToPermissionSet: { readonly input: PutInlinePolicyToPermissionSetRequest; readonly output: PutInlinePolicyToPermissionSetResponse }
  PutPermissionsBoundaryToPermissionSet: { readonly input: PutPermissionsBoundaryToPermissionSetRequest; readonly output: PutPermissionsBoundaryToPermissionSetResponse }
  TagResource: { readonly input: TagResourceRequest; readonly output: TagResourceResponse }
  UntagResource: { readonly input: UntagResourceRequest; readonly output: UntagResourceResponse }
  UpdateInstance: { readonly input: UpdateInstanceRequest; readonly output: UpdateInstanceResponse }
  UpdateInstanceAccessControlAttributeConfiguration: { readonly input: UpdateInstanceAccessControlAttributeConfigurationRequest; readonly output: UpdateInstanceAccessControlAttributeConfigurationResponse }
  UpdatePermissionSet: { readonly input: UpdatePermissionSetRequest; readonly output: UpdatePermissionSetResponse }
}
