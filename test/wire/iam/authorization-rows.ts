import { allow, trustEc2 } from './house.ts'

/** One call, and the one permission that it needs. Rows run in order: each finds what those before it made. */
export interface Row {
  readonly operation: string
  readonly input: object | (() => object)
  /** The resource that the action is asked on. */
  readonly on: string
  /** How a refusal names it. */
  readonly spoken: string | (() => string)
  /** Actions that the call needs beside its own, with their resources, and how a refusal names these if not by ARN. */
  readonly also?: readonly (readonly [action: string, resource: string, spoken?: string])[]
  /** The fault that the call ends with though it is permitted, where it cannot succeed here. */
  readonly fails?: string
  /** Receives the answer. */
  readonly keep?: (answer: Readonly<Record<string, unknown>>) => void
}

const account = 'arn:aws:iam::123456789012:'
const user = { on: `${account}user/p/u`, spoken: 'user u' }
const group = { on: `${account}group/p/g`, spoken: 'group g' }
const role = { on: `${account}role/p/r`, spoken: 'role r' }
const profile = { on: `${account}instance-profile/p/i`, spoken: 'instance profile i' }
const policy = { on: `${account}policy/p/m`, spoken: `policy ${account}policy/p/m` }
const whole = (resource: string) => ({ on: '*', spoken: resource })
const itself = (resource: string) => ({ on: account + resource, spoken: account + resource })

const PolicyDocument = allow('s3:*')
const Path = '/p/'
const UserName = 'u'
const GroupName = 'g'
const RoleName = 'r'
const InstanceProfileName = 'i'
const PolicyName = 'n'
const PolicyArn = policy.on
const managed = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const Tags = [{ Key: 'k', Value: 'v' }]
const TagKeys = ['k']

let accessKeyId = ''
let taskId = ''
const AccessKeyId = () => ({ UserName, AccessKeyId: accessKeyId })
const linked = 'role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch'

const userRows: readonly Row[] = [
  {
    operation: 'CreateUser',
    input: { UserName, Path, Tags },
    ...itself('user/p/u'),
    also: [['iam:TagUser', user.on]],
  },
  { operation: 'GetUser', input: { UserName }, ...user },
  { operation: 'ListUsers', input: {}, ...whole(`${account}user/`) },
  { operation: 'TagUser', input: { UserName, Tags }, ...user },
  { operation: 'ListUserTags', input: { UserName }, ...user },
  { operation: 'UntagUser', input: { UserName, TagKeys }, ...user },
  { operation: 'PutUserPolicy', input: { UserName, PolicyName, PolicyDocument }, ...user },
  { operation: 'GetUserPolicy', input: { UserName, PolicyName }, ...user },
  { operation: 'ListUserPolicies', input: { UserName }, ...user },
  { operation: 'DeleteUserPolicy', input: { UserName, PolicyName }, ...user },
  { operation: 'AttachUserPolicy', input: { UserName, PolicyArn: managed }, ...user },
  { operation: 'ListAttachedUserPolicies', input: { UserName }, ...user },
  { operation: 'DetachUserPolicy', input: { UserName, PolicyArn: managed }, ...user },
  { operation: 'PutUserPermissionsBoundary', input: { UserName, PermissionsBoundary: managed }, ...user },
  { operation: 'DeleteUserPermissionsBoundary', input: { UserName }, ...user },
  {
    operation: 'CreateAccessKey',
    input: { UserName },
    ...user,
    keep: (answer) => {
      accessKeyId = (answer.AccessKey as { AccessKeyId: string }).AccessKeyId
    },
  },
  { operation: 'ListAccessKeys', input: { UserName }, ...user },
  { operation: 'UpdateAccessKey', input: () => ({ ...AccessKeyId(), Status: 'Inactive' }), ...user },
  {
    operation: 'GetAccessKeyLastUsed',
    input: () => ({ AccessKeyId: accessKeyId }),
    on: user.on,
    spoken: () => `access key ${accessKeyId}`,
  },
  { operation: 'DeleteAccessKey', input: AccessKeyId, ...user },
]

const groupRows: readonly Row[] = [
  { operation: 'CreateGroup', input: { GroupName, Path }, ...itself('group/p/g') },
  { operation: 'AddUserToGroup', input: { GroupName, UserName }, ...group },
  { operation: 'GetGroup', input: { GroupName }, ...group },
  { operation: 'ListGroups', input: { PathPrefix: Path }, ...whole(`${account}group/p/`) },
  { operation: 'ListGroupsForUser', input: { UserName }, ...user },
  { operation: 'RemoveUserFromGroup', input: { GroupName, UserName }, ...group },
  { operation: 'PutGroupPolicy', input: { GroupName, PolicyName, PolicyDocument }, ...group },
  { operation: 'GetGroupPolicy', input: { GroupName, PolicyName }, ...group },
  { operation: 'ListGroupPolicies', input: { GroupName }, ...group },
  { operation: 'DeleteGroupPolicy', input: { GroupName, PolicyName }, ...group },
  { operation: 'AttachGroupPolicy', input: { GroupName, PolicyArn: managed }, ...group },
  { operation: 'ListAttachedGroupPolicies', input: { GroupName }, ...group },
  { operation: 'DetachGroupPolicy', input: { GroupName, PolicyArn: managed }, ...group },
  {
    operation: 'UpdateGroup',
    input: { GroupName, NewGroupName: 'g2' },
    ...group,
    also: [['iam:UpdateGroup', `${account}group/p/g2`]],
  },
  { operation: 'DeleteGroup', input: { GroupName: 'g2' }, on: `${account}group/p/g2`, spoken: 'group g2' },
]

const roleRows: readonly Row[] = [
  {
    operation: 'CreateRole',
    input: { RoleName, Path, Tags, AssumeRolePolicyDocument: trustEc2 },
    ...itself('role/p/r'),
    also: [['iam:TagRole', role.on]],
  },
  { operation: 'GetRole', input: { RoleName }, ...role },
  { operation: 'ListRoles', input: {}, ...whole(`${account}role/`) },
  { operation: 'UpdateRole', input: { RoleName, Description: 'd' }, ...role },
  { operation: 'UpdateRoleDescription', input: { RoleName, Description: 'd' }, ...role },
  { operation: 'UpdateAssumeRolePolicy', input: { RoleName, PolicyDocument: trustEc2 }, ...role },
  { operation: 'TagRole', input: { RoleName, Tags }, ...role },
  { operation: 'ListRoleTags', input: { RoleName }, ...role },
  { operation: 'UntagRole', input: { RoleName, TagKeys }, ...role },
  { operation: 'PutRolePolicy', input: { RoleName, PolicyName, PolicyDocument }, ...role },
  { operation: 'GetRolePolicy', input: { RoleName, PolicyName }, ...role },
  { operation: 'ListRolePolicies', input: { RoleName }, ...role },
  { operation: 'DeleteRolePolicy', input: { RoleName, PolicyName }, ...role },
  { operation: 'AttachRolePolicy', input: { RoleName, PolicyArn: managed }, ...role },
  { operation: 'ListAttachedRolePolicies', input: { RoleName }, ...role },
  { operation: 'DetachRolePolicy', input: { RoleName, PolicyArn: managed }, ...role },
  { operation: 'PutRolePermissionsBoundary', input: { RoleName, PermissionsBoundary: managed }, ...role },
  { operation: 'DeleteRolePermissionsBoundary', input: { RoleName }, ...role },
]

const profileRows: readonly Row[] = [
  {
    operation: 'CreateInstanceProfile',
    input: { InstanceProfileName, Path, Tags },
    ...itself('instance-profile/p/i'),
    also: [['iam:TagInstanceProfile', profile.on]],
  },
  {
    operation: 'AddRoleToInstanceProfile',
    input: { InstanceProfileName, RoleName },
    ...profile,
    also: [['iam:PassRole', role.on]],
  },
  { operation: 'GetInstanceProfile', input: { InstanceProfileName }, ...profile },
  { operation: 'ListInstanceProfiles', input: {}, ...whole(`${account}instance-profile/`) },
  { operation: 'ListInstanceProfilesForRole', input: { RoleName }, ...role },
  { operation: 'TagInstanceProfile', input: { InstanceProfileName, Tags }, ...profile },
  { operation: 'ListInstanceProfileTags', input: { InstanceProfileName }, ...profile },
  { operation: 'UntagInstanceProfile', input: { InstanceProfileName, TagKeys }, ...profile },
  { operation: 'RemoveRoleFromInstanceProfile', input: { InstanceProfileName, RoleName }, ...profile },
  { operation: 'DeleteInstanceProfile', input: { InstanceProfileName }, ...profile },
  { operation: 'DeleteRole', input: { RoleName }, ...role },
  {
    operation: 'CreateServiceLinkedRole',
    input: { AWSServiceName: 'batch.amazonaws.com' },
    ...itself(linked),
  },
  {
    operation: 'DeleteServiceLinkedRole',
    input: { RoleName: 'AWSServiceRoleForBatch' },
    on: account + linked,
    spoken: 'role AWSServiceRoleForBatch',
    keep: (answer) => {
      taskId = answer.DeletionTaskId as string
    },
  },
  {
    operation: 'GetServiceLinkedRoleDeletionStatus',
    input: () => ({ DeletionTaskId: taskId }),
    ...itself(linked),
  },
]

const policyRows: readonly Row[] = [
  {
    operation: 'CreatePolicy',
    input: { PolicyName: 'm', Path, Tags, PolicyDocument },
    on: policy.on,
    spoken: 'policy m',
    also: [['iam:TagPolicy', policy.on, 'policy m']],
  },
  { operation: 'GetPolicy', input: { PolicyArn }, ...policy },
  { operation: 'ListPolicies', input: {}, ...whole('policy path /') },
  { operation: 'TagPolicy', input: { PolicyArn, Tags }, ...policy },
  { operation: 'ListPolicyTags', input: { PolicyArn }, ...policy },
  { operation: 'UntagPolicy', input: { PolicyArn, TagKeys }, ...policy },
  { operation: 'CreatePolicyVersion', input: { PolicyArn, PolicyDocument }, ...policy },
  { operation: 'GetPolicyVersion', input: { PolicyArn, VersionId: 'v2' }, ...policy },
  { operation: 'ListPolicyVersions', input: { PolicyArn }, ...policy },
  { operation: 'SetDefaultPolicyVersion', input: { PolicyArn, VersionId: 'v2' }, ...policy },
  { operation: 'DeletePolicyVersion', input: { PolicyArn, VersionId: 'v1' }, ...policy },
  { operation: 'ListEntitiesForPolicy', input: { PolicyArn }, ...policy },
  { operation: 'DeletePolicy', input: { PolicyArn }, ...policy },
]

const accountRows: readonly Row[] = [
  { operation: 'CreateAccountAlias', input: { AccountAlias: 'some-name' }, ...whole('*') },
  { operation: 'ListAccountAliases', input: {}, ...whole('*') },
  { operation: 'DeleteAccountAlias', input: { AccountAlias: 'some-name' }, ...whole('*') },
  { operation: 'GetAccountSummary', input: {}, ...whole('*') },
  { operation: 'GetAccountAuthorizationDetails', input: {}, ...whole('*') },
  {
    operation: 'SetSecurityTokenServicePreferences',
    input: { GlobalEndpointTokenVersion: 'v2Token' },
    ...whole('*'),
  },
]

const lastRows: readonly Row[] = [
  {
    operation: 'UpdateUser',
    input: { UserName, NewPath: '/q/' },
    ...user,
    also: [['iam:UpdateUser', `${account}user/q/u`]],
  },
  { operation: 'DeleteUser', input: { UserName }, on: `${account}user/q/u`, spoken: 'user u' },
]

export const coreRows: readonly Row[] = [
  ...userRows,
  ...groupRows,
  ...roleRows,
  ...profileRows,
  ...policyRows,
  ...accountRows,
  ...lastRows,
]
