// Derived by tools/models.ts from the AWS SSO Identity Store model, version 2020-06-15. Not to be edited.

export interface AccessDeniedException {
  readonly Message?: string | undefined
  readonly RequestId?: string | undefined
  readonly Reason?: AccessDeniedExceptionReason | undefined
}

export type AccessDeniedExceptionReason = 'KMS_ACCESS_DENIED'

export interface Address {
  readonly StreetAddress?: string | undefined
  readonly Locality?: string | undefined
  readonly Region?: string | undefined
  readonly PostalCode?: string | undefined
  readonly Country?: string | undefined
  readonly Formatted?: string | undefined
  readonly Type?: string | undefined
  readonly Primary?: boolean | undefined
}

export interface AlternateIdentifier {
  readonly ExternalId?: ExternalId | undefined
  readonly UniqueAttribute?: UniqueAttribute | undefined
}

export interface AttributeOperation {
  readonly AttributePath: string
  readonly AttributeValue?: unknown | undefined
}

export interface ConflictException {
  readonly Message?: string | undefined
  readonly RequestId?: string | undefined
  readonly Reason?: ConflictExceptionReason | undefined
}

export type ConflictExceptionReason = 'UNIQUENESS_CONSTRAINT_VIOLATION' | 'CONCURRENT_MODIFICATION'

export interface CreateGroupMembershipRequest {
  readonly IdentityStoreId: string
  readonly GroupId: string
  readonly MemberId: MemberId
}

export interface CreateGroupMembershipResponse {
  readonly MembershipId: string
  readonly IdentityStoreId: string
}

export interface CreateGroupRequest {
  readonly IdentityStoreId: string
  readonly DisplayName?: string | undefined
  readonly Description?: string | undefined
}

export interface CreateGroupResponse {
  readonly GroupId: string
  readonly IdentityStoreId: string
}

export interface CreateUserRequest {
  readonly IdentityStoreId: string
  readonly UserName?: string | undefined
  readonly Name?: Name | undefined
  readonly DisplayName?: string | undefined
  readonly NickName?: string | undefined
  readonly ProfileUrl?: string | undefined
  readonly Emails?: readonly Email[] | undefined
  readonly Addresses?: readonly Address[] | undefined
  readonly PhoneNumbers?: readonly PhoneNumber[] | undefined
  readonly UserType?: string | undefined
  readonly Title?: string | undefined
  readonly PreferredLanguage?: string | undefined
  readonly Locale?: string | undefined
  readonly Timezone?: string | undefined
  readonly Photos?: readonly Photo[] | undefined
  readonly Website?: string | undefined
  readonly Birthdate?: string | undefined
  readonly Roles?: readonly Role[] | undefined
  readonly Extensions?: Readonly<Record<string, unknown>> | undefined
}

export interface CreateUserResponse {
  readonly IdentityStoreId: string
  readonly UserId: string
}

export interface DeleteGroupMembershipRequest {
  readonly IdentityStoreId: string
  readonly MembershipId: string
}

export type DeleteGroupMembershipResponse = Readonly<Record<never, never>>

export interface DeleteGroupRequest {
  readonly IdentityStoreId: string
  readonly GroupId: string
}

export type DeleteGroupResponse = Readonly<Record<never, never>>

export interface DeleteUserRequest {
  readonly IdentityStoreId: string
  readonly UserId: string
}

export type DeleteUserResponse = Readonly<Record<never, never>>

export interface DescribeGroupMembershipRequest {
  readonly IdentityStoreId: string
  readonly MembershipId: string
}

export interface DescribeGroupMembershipResponse {
  readonly IdentityStoreId: string
  readonly MembershipId: string
  readonly GroupId: string
  readonly MemberId: MemberId
  readonly CreatedAt?: number | undefined
  readonly UpdatedAt?: number | undefined
  readonly CreatedBy?: string | undefined
  readonly UpdatedBy?: string | undefined
}

export interface DescribeGroupRequest {
  readonly IdentityStoreId: string
  readonly GroupId: string
}

export interface DescribeGroupResponse {
  readonly GroupId: string
  readonly DisplayName?: string | undefined
  readonly ExternalIds?: readonly ExternalId[] | undefined
  readonly Description?: string | undefined
  readonly CreatedAt?: number | undefined
  readonly UpdatedAt?: number | undefined
  readonly CreatedBy?: string | undefined
  readonly UpdatedBy?: string | undefined
  readonly IdentityStoreId: string
}

export interface DescribeUserRequest {
  readonly IdentityStoreId: string
  readonly UserId: string
  readonly Extensions?: readonly string[] | undefined
}

export interface DescribeUserResponse {
  readonly IdentityStoreId: string
  readonly UserId: string
  readonly UserName?: string | undefined
  readonly ExternalIds?: readonly ExternalId[] | undefined
  readonly Name?: Name | undefined
  readonly DisplayName?: string | undefined
  readonly NickName?: string | undefined
  readonly ProfileUrl?: string | undefined
  readonly Emails?: readonly Email[] | undefined
  readonly Addresses?: readonly Address[] | undefined
  readonly PhoneNumbers?: readonly PhoneNumber[] | undefined
  readonly UserType?: string | undefined
  readonly Title?: string | undefined
  readonly PreferredLanguage?: string | undefined
  readonly Locale?: string | undefined
  readonly Timezone?: string | undefined
  readonly UserStatus?: UserStatus | undefined
  readonly Photos?: readonly Photo[] | undefined
  readonly Website?: string | undefined
  readonly Birthdate?: string | undefined
  readonly Roles?: readonly Role[] | undefined
  readonly CreatedAt?: number | undefined
  readonly CreatedBy?: string | undefined
  readonly UpdatedAt?: number | undefined
  readonly UpdatedBy?: string | undefined
  readonly Extensions?: Readonly<Record<string, unknown>> | undefined
}

export interface Email {
  readonly Value?: string | undefined
  readonly Type?: string | undefined
  readonly Primary?: boolean | undefined
}

export interface ExternalId {
  readonly Issuer: string
  readonly Id: string
}

export interface Filter {
  readonly AttributePath: string
  readonly AttributeValue: string
}

export interface GetGroupIdRequest {
  readonly IdentityStoreId: string
  readonly AlternateIdentifier: AlternateIdentifier
}

export interface GetGroupIdResponse {
  readonly GroupId: string
  readonly IdentityStoreId: string
}

export interface GetGroupMembershipIdRequest {
  readonly IdentityStoreId: string
  readonly GroupId: string
  readonly MemberId: MemberId
}

export interface GetGroupMembershipIdResponse {
  readonly MembershipId: string
  readonly IdentityStoreId: string
}

export interface GetUserIdRequest {
  readonly IdentityStoreId: string
  readonly AlternateIdentifier: AlternateIdentifier
}

export interface GetUserIdResponse {
  readonly IdentityStoreId: string
  readonly UserId: string
}

export interface Group {
  readonly GroupId: string
  readonly DisplayName?: string | undefined
  readonly ExternalIds?: readonly ExternalId[] | undefined
  readonly Description?: string | undefined
  readonly CreatedAt?: number | undefined
  readonly UpdatedAt?: number | undefined
  readonly CreatedBy?: string | undefined
  readonly UpdatedBy?: string | undefined
  readonly IdentityStoreId: string
}

export interface GroupMembership {
  readonly IdentityStoreId: string
  readonly MembershipId?: string | undefined
  readonly GroupId?: string | undefined
  readonly MemberId?: MemberId | undefined
  readonly CreatedAt?: number | undefined
  readonly UpdatedAt?: number | undefined
  readonly CreatedBy?: string | undefined
  readonly UpdatedBy?: string | undefined
}

export interface GroupMembershipExistenceResult {
  readonly GroupId?: string | undefined
  readonly MemberId?: MemberId | undefined
  readonly MembershipExists?: boolean | undefined
}

export interface InternalServerException {
  readonly Message?: string | undefined
  readonly RequestId?: string | undefined
  readonly RetryAfterSeconds?: number | undefined
}

export interface IsMemberInGroupsRequest {
  readonly IdentityStoreId: string
  readonly MemberId: MemberId
  readonly GroupIds: readonly string[]
}

export interface IsMemberInGroupsResponse {
  readonly Results: readonly GroupMembershipExistenceResult[]
}

export interface ListGroupMembershipsForMemberRequest {
  readonly IdentityStoreId: string
  readonly MemberId: MemberId
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface ListGroupMembershipsForMemberResponse {
  readonly GroupMemberships: readonly GroupMembership[]
  readonly NextToken?: string | undefined
}

export interface ListGroupMembershipsRequest {
  readonly IdentityStoreId: string
  readonly GroupId: string
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface ListGroupMembershipsResponse {
  readonly GroupMemberships: readonly GroupMembership[]
  readonly NextToken?: string | undefined
}

export interface ListGroupsRequest {
  readonly IdentityStoreId: string
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly Filters?: readonly Filter[] | undefined
}

export interface ListGroupsResponse {
  readonly Groups: readonly Group[]
  readonly NextToken?: string | undefined
}

export interface ListUsersRequest {
  readonly IdentityStoreId: string
  readonly Extensions?: readonly string[] | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly Filters?: readonly Filter[] | undefined
}

export interface ListUsersResponse {
  readonly Users: readonly User[]
  readonly NextToken?: string | undefined
}

export interface MemberId {
  readonly UserId?: string | undefined
}

export interface Name {
  readonly Formatted?: string | undefined
  readonly FamilyName?: string | undefined
  readonly GivenName?: string | undefined
  readonly MiddleName?: string | undefined
  readonly HonorificPrefix?: string | undefined
  readonly HonorificSuffix?: string | undefined
}

export interface PhoneNumber {
  readonly Value?: string | undefined
  readonly Type?: string | undefined
  readonly Primary?: boolean | undefined
}

export interface Photo {
  readonly Value: string
  readonly Type?: string | undefined
  readonly Display?: string | undefined
  readonly Primary?: boolean | undefined
}

export interface ResourceNotFoundException {
  readonly ResourceType?: ResourceType | undefined
  readonly ResourceId?: string | undefined
  readonly Reason?: ResourceNotFoundExceptionReason | undefined
  readonly Message?: string | undefined
  readonly RequestId?: string | undefined
}

export type ResourceNotFoundExceptionReason = 'KMS_KEY_NOT_FOUND'

export type ResourceType = 'GROUP' | 'USER' | 'IDENTITY_STORE' | 'GROUP_MEMBERSHIP' | 'RESOURCE_POLICY'

export interface Role {
  readonly Value?: string | undefined
  readonly Type?: string | undefined
  readonly Primary?: boolean | undefined
}

export interface ServiceQuotaExceededException {
  readonly Message?: string | undefined
  readonly RequestId?: string | undefined
}

export interface ThrottlingException {
  readonly Message?: string | undefined
  readonly RequestId?: string | undefined
  readonly RetryAfterSeconds?: number | undefined
  readonly Reason?: ThrottlingExceptionReason | undefined
}

export type ThrottlingExceptionReason = 'KMS_THROTTLING'

export interface UniqueAttribute {
  readonly AttributePath: string
  readonly AttributeValue: unknown
}

export interface UpdateGroupRequest {
  readonly IdentityStoreId: string
  readonly GroupId: string
  readonly Operations: readonly AttributeOperation[]
}

export type UpdateGroupResponse = Readonly<Record<never, never>>

export interface UpdateUserRequest {
  readonly IdentityStoreId: string
  readonly UserId: string
  readonly Operations: readonly AttributeOperation[]
}

export type UpdateUserResponse = Readonly<Record<never, never>>

export interface User {
  readonly IdentityStoreId: string
  readonly UserId: string
  readonly UserName?: string | undefined
  readonly ExternalIds?: readonly ExternalId[] | undefined
  readonly Name?: Name | undefined
  readonly DisplayName?: string | undefined
  readonly NickName?: string | undefined
  readonly ProfileUrl?: string | undefined
  readonly Emails?: readonly Email[] | undefined
  readonly Addresses?: readonly Address[] | undefined
  readonly PhoneNumbers?: readonly PhoneNumber[] | undefined
  readonly UserType?: string | undefined
  readonly Title?: string | undefined
  readonly PreferredLanguage?: string | undefined
  readonly Locale?: string | undefined
  readonly Timezone?: string | undefined
  readonly UserStatus?: UserStatus | undefined
  readonly Photos?: readonly Photo[] | undefined
  readonly Website?: string | undefined
  readonly Birthdate?: string | undefined
  readonly Roles?: readonly Role[] | undefined
  readonly CreatedAt?: number | undefined
  readonly CreatedBy?: string | undefined
  readonly UpdatedAt?: number | undefined
  readonly UpdatedBy?: string | undefined
  readonly Extensions?: Readonly<Record<string, unknown>> | undefined
}

export type UserStatus = 'ENABLED' | 'DISABLED'

export interface ValidationException {
  readonly Message?: string | undefined
  readonly RequestId?: string | undefined
  readonly Reason?: ValidationExceptionReason | undefined
}

export type ValidationExceptionReason = 'KMS_INVALID_ARN' | 'KMS_INVALID_KEY_USAGE' | 'KMS_INVALID_STATE' | 'KMS_DISABLED'

/** Every operation of the model with its input and output. */
export interface Operations {
  CreateGroup: { readonly input: CreateGroupRequest; readonly output: CreateGroupResponse }
  CreateGroupMembership: { readonly input: CreateGroupMembershipRequest; readonly output: CreateGroupMembershipResponse }
  CreateUser: { readonly input: CreateUserRequest; readonly output: CreateUserResponse }
  DeleteGroup: { readonly input: DeleteGroupRequest; readonly output: DeleteGroupResponse }
  DeleteGroupMembership: { readonly input: DeleteGroupMembershipRequest; readonly output: DeleteGroupMembershipResponse }
  DeleteUser: { readonly input: DeleteUserRequest; readonly output: DeleteUserResponse }
  DescribeGroup: { readonly input: DescribeGroupRequest; readonly output: DescribeGroupResponse }
  DescribeGroupMembership: { readonly input: DescribeGroupMembershipRequest; readonly output: DescribeGroupMembershipResponse }
  DescribeUser: { readonly input: DescribeUserRequest; readonly output: DescribeUserResponse }
  GetGroupId: { readonly input: GetGroupIdRequest; readonly output: GetGroupIdResponse }
  GetGroupMembershipId: { readonly input: GetGroupMembershipIdRequest; readonly output: GetGroupMembershipIdResponse }
  GetUserId: { readonly input: GetUserIdRequest; readonly output: GetUserIdResponse }
  IsMemberInGroups: { readonly input: IsMemberInGroupsRequest; readonly output: IsMemberInGroupsResponse }
  ListGroupMemberships: { readonly input: ListGroupMembershipsRequest; readonly output: ListGroupMembershipsResponse }
  ListGroupMembershipsForMember: { readonly input: ListGroupMembershipsForMemberRequest; readonly output: ListGroupMembershipsForMemberResponse }
  ListGroups: { readonly input: ListGroupsRequest; readonly output: ListGroupsResponse }
  ListUsers: { readonly input: ListUsersRequest; readonly output: ListUsersResponse }
  UpdateGroup: { readonly input: UpdateGroupRequest; readonly output: UpdateGroupResponse }
  UpdateUser: { readonly input: UpdateUserRequest; readonly output: UpdateUserResponse }
}
