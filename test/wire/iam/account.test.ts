import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { STS } from '@aws-sdk/client-sts'
import { allow, bare, decoded, faultOf, openServer, trust, trustEc2 } from './house.ts'

const { omen, iam, close } = await openServer()
after(close)

describe('the account', () => {
  test('one alias, unique, replaced and taken away (IAM-100)', async () => {
    assert.deepEqual(bare(await iam.listAccountAliases({})), { AccountAliases: [], IsTruncated: false })
    await iam.createAccountAlias({ AccountAlias: 'first-name' })
    await iam.createAccountAlias({ AccountAlias: 'second-name' })
    assert.deepEqual((await iam.listAccountAliases({})).AccountAliases, ['second-name'])
    assert.equal(
      await faultOf(iam.createAccountAlias({ AccountAlias: 'second-name' })),
      'EntityAlreadyExists 409: The account alias second-name already exists.',
    )
    assert.match(await faultOf(iam.deleteAccountAlias({ AccountAlias: 'first-name' })), /^NoSuchEntity 404/)
    await iam.deleteAccountAlias({ AccountAlias: 'second-name' })
    await iam.createAccountAlias({ AccountAlias: 'second-name' })
    assert.match(await faultOf(iam.createAccountAlias({ AccountAlias: 'No--Good' })), /^ValidationError 400/)
  })

  test('no alias looks like an account (IAM-107)', async () => {
    const { AccountAliases: before } = await iam.listAccountAliases({})
    assert.match(
      await faultOf(iam.createAccountAlias({ AccountAlias: '210987654321' })),
      /^ValidationError 400: The specified value for accountAlias is invalid/,
    )
    assert.deepEqual((await iam.listAccountAliases({})).AccountAliases, before)
  })

  test('the summary counts, and knows the quotas (IAM-30, IAM-101)', async () => {
    await iam.createGroup({ GroupName: 'counted' })
    await iam.createPolicy({ PolicyName: 'counted', PolicyDocument: allow('s3:*'), Description: 'd' })
    await iam.setSecurityTokenServicePreferences({ GlobalEndpointTokenVersion: 'v2Token' })
    const { SummaryMap: summary } = await iam.getAccountSummary({})
    assert.equal(Object.keys(summary ?? {}).length, 34)
    const expected = {
      Users: 1,
      Groups: 1,
      Policies: 1,
      PolicyVersionsInUse: 1,
      AccountAccessKeysPresent: 1,
      GlobalEndpointTokenVersion: 2,
      UsersQuota: 5_000,
      RolesQuota: 1_000,
      AttachedPoliciesPerRoleQuota: 10,
      AssumeRolePolicySizeQuota: 2_048,
      PolicySizeQuota: 6_144,
    }
    assert.deepEqual({ ...summary, ...expected }, summary)
  })

  test('everything at once, in pages (IAM-102)', async () => {
    await iam.createUser({ UserName: 'one' })
    await iam.addUserToGroup({ UserName: 'one', GroupName: 'counted' })
    await iam.putUserPolicy({ UserName: 'one', PolicyName: 'p', PolicyDocument: allow('ec2:*') })
    await iam.createRole({ RoleName: 'web', AssumeRolePolicyDocument: trustEc2 })
    await iam.createInstanceProfile({ InstanceProfileName: 'web' })
    await iam.addRoleToInstanceProfile({ InstanceProfileName: 'web', RoleName: 'web' })
    const all = await iam.getAccountAuthorizationDetails({})
    assert.deepEqual(
      all.UserDetailList?.map((user) => [
        user.UserName,
        user.GroupList,
        user.AttachedManagedPolicies?.length,
      ]),
      [
        ['admin', [], 1],
        ['one', ['counted'], 0],
      ],
    )
    assert.deepEqual(
      decoded(all.UserDetailList?.[1]?.UserPolicyList?.[0]?.PolicyDocument),
      JSON.parse(allow('ec2:*')),
    )
    // who has none lacks the list (IAM-104)
    const [admin] = all.UserDetailList ?? []
    assert.deepEqual(
      [admin?.UserPolicyList, admin?.Tags, all.GroupDetailList?.[0]?.GroupPolicyList],
      [undefined, [], []],
    )
    const [role] = all.RoleDetailList ?? []
    assert.deepEqual(
      [role?.RoleName, role?.InstanceProfileList?.[0]?.InstanceProfileName, role?.RoleLastUsed],
      ['web', 'web', {}],
    )
    assert.deepEqual(
      all.Policies?.map((policy) => [policy.PolicyName, policy.PolicyVersionList?.length]),
      [
        ['AdministratorAccess', 1],
        ['counted', 1],
      ],
    )
    // both have one (IAM-105)
    assert.deepEqual(
      all.Policies?.map((policy) => policy.Description),
      [undefined, undefined],
    )
    const pages: string[] = []
    let Marker: string | undefined
    do {
      const page = await iam.getAccountAuthorizationDetails({ MaxItems: 2, Marker })
      pages.push(
        [
          ...(page.UserDetailList ?? []).map((user) => user.UserName),
          ...(page.GroupDetailList ?? []).map((group) => group.GroupName),
          ...(page.RoleDetailList ?? []).map((each) => each.RoleName),
          ...(page.Policies ?? []).map((policy) => policy.PolicyName),
        ].join(),
      )
      Marker = page.Marker
    } while (Marker !== undefined)
    assert.deepEqual(pages, ['admin,one', 'counted,web', 'AdministratorAccess,counted'])
    const some = await iam.getAccountAuthorizationDetails({ Filter: ['Role', 'LocalManagedPolicy'] })
    assert.deepEqual([some.UserDetailList, some.RoleDetailList?.length, some.Policies?.length], [[], 1, 1])
  })
})

describe('service-linked roles', () => {
  const AWSServiceName = 'batch.amazonaws.com'
  const RoleName = 'AWSServiceRoleForBatch'

  test('made as the service has them, once (IAM-90 to IAM-93, IAM-96)', async () => {
    const { Role } = await iam.createServiceLinkedRole({ AWSServiceName, Description: 'mine' })
    assert.equal(Role?.Arn, `arn:aws:iam::123456789012:role/aws-service-role/${AWSServiceName}/${RoleName}`)
    assert.equal(
      decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''),
      `{"Version":"2012-10-17","Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["${AWSServiceName}"]}}]}`,
    )
    const { Role: shown } = await iam.getRole({ RoleName })
    assert.deepEqual(decoded(shown?.AssumeRolePolicyDocument), JSON.parse(trust({ Service: AWSServiceName })))
    const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName })
    assert.deepEqual(
      AttachedPolicies?.map((policy) => policy.PolicyArn),
      ['arn:aws:iam::aws:policy/aws-service-role/BatchServiceRolePolicy'],
    )
    assert.equal(shown?.Description, 'mine')
    assert.equal(
      await faultOf(iam.createServiceLinkedRole({ AWSServiceName })),
      `InvalidInput 400: Service role name ${RoleName} has been taken in this account, please try a different suffix.`,
    )
    assert.equal(
      await faultOf(iam.createServiceLinkedRole({ AWSServiceName, CustomSuffix: 'two' })),
      `InvalidInput 400: Custom suffix is not allowed for ${AWSServiceName}`,
    )
    const scaling = { AWSServiceName: 'autoscaling.amazonaws.com', CustomSuffix: 'two' }
    const { Role: suffixed } = await iam.createServiceLinkedRole(scaling)
    assert.equal(suffixed?.RoleName, 'AWSServiceRoleForAutoScaling_two')
    assert.match(
      await faultOf(iam.createServiceLinkedRole({ AWSServiceName: 'none.amazonaws.com' })),
      /^InvalidInput 400/,
    )
  })

  test('nobody but their service changes them (IAM-94)', async () => {
    const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
    const refused = `UnmodifiableEntity 400: Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`
    await iam.createInstanceProfile({ InstanceProfileName: 'linked' })
    const calls = [
      iam.deleteRole({ RoleName }),
      iam.attachRolePolicy({ RoleName, PolicyArn }),
      iam.detachRolePolicy({ RoleName, PolicyArn }),
      iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument: allow('*') }),
      iam.deleteRolePolicy({ RoleName, PolicyName: 'p' }),
      iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary: PolicyArn }),
      iam.deleteRolePermissionsBoundary({ RoleName }),
      iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: trustEc2 }),
      iam.updateRole({ RoleName, MaxSessionDuration: 7_200 }),
      iam.addRoleToInstanceProfile({ InstanceProfileName: 'linked', RoleName }),
    ]
    for (const call of calls) assert.equal(await faultOf(call), refused)
    await iam.updateRole({ RoleName, Description: 'other' })
    await iam.tagRole({ RoleName, Tags: [{ Key: 'a', Value: 'b' }] })
  })

  test('nobody but their service puts them on (POL-070)', async () => {
    const sts = omen.client(STS, 'admin')
    const { Role } = await iam.getRole({ RoleName })
    assert.match(
      await faultOf(sts.assumeRole({ RoleArn: Role?.Arn, RoleSessionName: 'me-too' })),
      /^AccessDenied 403/,
    )
  })

  test('deleted by a task (IAM-95)', async () => {
    const { DeletionTaskId } = await iam.deleteServiceLinkedRole({ RoleName })
    assert.match(
      DeletionTaskId ?? '',
      new RegExp(`^task/aws-service-role/${AWSServiceName}/${RoleName}/[0-9a-f-]{36}$`),
    )
    const status = await iam.getServiceLinkedRoleDeletionStatus({ DeletionTaskId })
    assert.deepEqual(bare(status), { Status: 'SUCCEEDED' })
    assert.match(await faultOf(iam.getRole({ RoleName })), /^NoSuchEntity/)
    assert.match(
      await faultOf(iam.getServiceLinkedRoleDeletionStatus({ DeletionTaskId: `${DeletionTaskId}x` })),
      /^NoSuchEntity/,
    )
    assert.match(await faultOf(iam.deleteServiceLinkedRole({ RoleName: 'web' })), /^NoSuchEntity/)
  })
})
