import { AwsError, query } from './aws.ts'
import type { Tag, XmlValue } from './query-protocol.ts'

/** A role as IAM answers it. */
export interface Role {
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly id: string
  readonly description: string
  /** ISO 8601. */
  readonly created: string
  /** The trust policy, JSON as it was written. */
  readonly trust: string
  readonly maxSessionSeconds: number
  readonly boundary?: string
  /** ISO 8601; absent if it was never used. */
  readonly lastUsed?: string
  readonly tags: readonly Tag[]
}

/** All roles, page by page. */
export async function listRoles(signal?: AbortSignal): Promise<readonly Role[]> {
  return (await everyPage('ListRoles', 'Roles', {}, signal)).map(roleOf)
}

/** Items in one answer of a list: the page reads it between two frames. */
const pageSize = 250

/** Every item of a paged IAM list. */
export async function everyPage(
  action: string,
  list: string,
  input: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<readonly XmlValue[]> {
  const found: XmlValue[] = []
  for (let Marker: string | undefined; ; ) {
    const answer = await query('iam', action, { ...input, MaxItems: pageSize, Marker }, { signal })
    found.push(...answer.list(list))
    if (answer.text('IsTruncated') !== 'true') return found
    Marker = answer.text('Marker')
  }
}

export function roleOf(value: XmlValue): Role {
  const boundary = value.child('PermissionsBoundary').optional('PermissionsBoundaryArn')
  const lastUsed = value.child('RoleLastUsed').optional('LastUsedDate')
  return {
    name: value.text('RoleName'),
    path: value.text('Path'),
    arn: value.text('Arn'),
    id: value.text('RoleId'),
    description: value.text('Description'),
    created: value.text('CreateDate'),
    trust: decodeURIComponent(value.text('AssumeRolePolicyDocument')),
    maxSessionSeconds: Number(value.text('MaxSessionDuration')),
    ...(boundary === undefined ? {} : { boundary }),
    ...(lastUsed === undefined ? {} : { lastUsed }),
    tags: value.tags(),
  }
}

/** Deletes a role with all that hangs on it: inline policies, attachments, membership of instance profiles. */
export async function deleteRole(name: string): Promise<void> {
  const RoleName = name
  const [inline, attached, profiles] = await Promise.all([
    everyPage('ListRolePolicies', 'PolicyNames', { RoleName }),
    everyPage('ListAttachedRolePolicies', 'AttachedPolicies', { RoleName }),
    everyPage('ListInstanceProfilesForRole', 'InstanceProfiles', { RoleName }),
  ])
  for (const { own } of inline) await query('iam', 'DeleteRolePolicy', { RoleName, PolicyName: own })
  for (const policy of attached)
    await query('iam', 'DetachRolePolicy', { RoleName, PolicyArn: policy.text('PolicyArn') })
  for (const profile of profiles) {
    const InstanceProfileName = profile.text('InstanceProfileName')
    await query('iam', 'RemoveRoleFromInstanceProfile', { RoleName, InstanceProfileName })
  }
  await query('iam', 'DeleteRole', { RoleName })
}

/** A user as IAM answers it. */
export interface User {
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly id: string
  /** ISO 8601. */
  readonly created: string
  /** ISO 8601; absent if the user never signed in with a password. */
  readonly passwordUsed?: string
  /** ARN of the permissions boundary. */
  readonly boundary?: string
  readonly tags: readonly Tag[]
}

/** All users, page by page. */
export async function listUsers(signal?: AbortSignal): Promise<readonly User[]> {
  return (await everyPage('ListUsers', 'Users', {}, signal)).map(userOf)
}

export function userOf(value: XmlValue): User {
  const passwordUsed = value.optional('PasswordLastUsed')
  const boundary = value.child('PermissionsBoundary').optional('PermissionsBoundaryArn')
  return {
    name: value.text('UserName'),
    path: value.text('Path'),
    arn: value.text('Arn'),
    id: value.text('UserId'),
    created: value.text('CreateDate'),
    ...(passwordUsed === undefined ? {} : { passwordUsed }),
    ...(boundary === undefined ? {} : { boundary }),
    tags: value.tags(),
  }
}

/** Deletes a user with all that hangs on it. */
export async function deleteUser(name: string): Promise<void> {
  const UserName = name
  const lists = await Promise.all([
    everyPage('ListAccessKeys', 'AccessKeyMetadata', { UserName }),
    everyPage('ListGroupsForUser', 'Groups', { UserName }),
    everyPage('ListUserPolicies', 'PolicyNames', { UserName }),
    everyPage('ListAttachedUserPolicies', 'AttachedPolicies', { UserName }),
    everyPage('ListMFADevices', 'MFADevices', { UserName }),
    everyPage('ListSigningCertificates', 'Certificates', { UserName }),
    everyPage('ListSSHPublicKeys', 'SSHPublicKeys', { UserName }),
  ])
  const [keys, groups, inline, attached, devices, certificates, sshKeys] = lists
  for (const key of keys)
    await query('iam', 'DeleteAccessKey', { UserName, AccessKeyId: key.text('AccessKeyId') })
  for (const group of groups)
    await query('iam', 'RemoveUserFromGroup', { UserName, GroupName: group.text('GroupName') })
  for (const { own } of inline) await query('iam', 'DeleteUserPolicy', { UserName, PolicyName: own })
  for (const policy of attached)
    await query('iam', 'DetachUserPolicy', { UserName, PolicyArn: policy.text('PolicyArn') })
  for (const device of devices)
    await query('iam', 'DeactivateMFADevice', { UserName, SerialNumber: device.text('SerialNumber') })
  for (const certificate of certificates)
    await query('iam', 'DeleteSigningCertificate', {
      UserName,
      CertificateId: certificate.text('CertificateId'),
    })
  for (const key of sshKeys)
    await query('iam', 'DeleteSSHPublicKey', { UserName, SSHPublicKeyId: key.text('SSHPublicKeyId') })
  await query('iam', 'DeleteLoginProfile', { UserName }).catch((error: unknown) => {
    if (!(error instanceof AwsError && error.code === 'NoSuchEntity')) throw error
  })
  await query('iam', 'DeleteUser', { UserName })
}
