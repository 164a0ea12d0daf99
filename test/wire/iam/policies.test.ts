import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { allow, bare, decoded, faultOf, openServer, trustEc2 } from './house.ts'

const { iam, close } = await openServer()
after(close)

const arn = (name: string) => `arn:aws:iam::123456789012:policy/${name}`
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

describe('managed policies', () => {
  test('what CreatePolicy, GetPolicy and ListPolicies show (IAM-45, IAM-47, IAM-48)', async () => {
    const { Policy: made } = await iam.createPolicy({
      PolicyName: 'Mine',
      Path: '/own/',
      PolicyDocument: allow('s3:*'),
      Description: 'lets',
      Tags: [{ Key: 'a', Value: 'b' }],
    })
    assert(made !== undefined)
    assert.match(made.PolicyId ?? '', /^ANPA[A-Z2-7]{17}$/)
    const { Tags, CreateDate, UpdateDate, PolicyId, ...rest } = made
    assert.deepEqual(rest, {
      PolicyName: 'Mine',
      Arn: arn('own/Mine'),
      Path: '/own/',
      DefaultVersionId: 'v1',
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 0,
      IsAttachable: true,
    })
    const { Policy: shown } = await iam.getPolicy({ PolicyArn: arn('own/Mine') })
    assert.deepEqual(shown, { ...made, Description: 'lets' })
    const { Policies } = await iam.listPolicies({ Scope: 'Local', PathPrefix: '/own/' })
    assert.deepEqual(Policies, [{ ...rest, PolicyId, CreateDate, UpdateDate }])
    await iam.createPolicy({ PolicyName: 'untagged', PolicyDocument: allow('s3:*') })
    assert.deepEqual((await iam.getPolicy({ PolicyArn: arn('untagged') })).Policy?.Tags, [])
  })

  test("AWS's own are there to read, and nobody changes them (POL-118)", async () => {
    const { Policy } = await iam.getPolicy({ PolicyArn: readOnly })
    assert.equal(Policy?.PolicyName, 'ReadOnlyAccess')
    const version = { PolicyArn: readOnly, VersionId: Policy?.DefaultVersionId ?? '' }
    const { PolicyVersion } = await iam.getPolicyVersion(version)
    assert.equal((decoded(PolicyVersion?.Document) as { Version: string }).Version, '2012-10-17')
    const outside = 'AccessDenied 403: Policy is outside your own account.'
    const calls = [
      iam.deletePolicy({ PolicyArn: readOnly }),
      iam.createPolicyVersion({ PolicyArn: readOnly, PolicyDocument: allow('*') }),
      iam.setDefaultPolicyVersion(version),
      iam.deletePolicyVersion(version),
    ]
    for (const call of calls) assert.equal(await faultOf(call), outside)
  })

  test('versions: five at most, one default, numbers never used again (IAM-23, IAM-33, IAM-43)', async () => {
    const PolicyArn = arn('versioned')
    await iam.createPolicy({ PolicyName: 'versioned', PolicyDocument: allow('s3:*') })
    const add = (SetAsDefault = false) =>
      iam.createPolicyVersion({ PolicyArn, PolicyDocument: allow('ec2:*'), SetAsDefault })
    const { PolicyVersion: second } = await add(true)
    assert.deepEqual(Object.keys(second ?? {}).sort(), ['CreateDate', 'IsDefaultVersion', 'VersionId'])
    assert.deepEqual([second?.VersionId, second?.IsDefaultVersion], ['v2', true])
    for (let n = 3; n <= 5; n++) await add()
    assert.equal(
      await faultOf(add()),
      'LimitExceeded 409: A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    )
    assert.equal(
      await faultOf(iam.deletePolicyVersion({ PolicyArn, VersionId: 'v2' })),
      'DeleteConflict 409: Cannot delete the default version of a policy.',
    )
    await iam.deletePolicyVersion({ PolicyArn, VersionId: 'v5' })
    assert.equal((await add()).PolicyVersion?.VersionId, 'v6')
    const { Versions } = await iam.listPolicyVersions({ PolicyArn })
    assert.deepEqual(
      Versions?.map((version) => [version.VersionId, version.IsDefaultVersion, version.Document]),
      [
        ['v6', false, undefined],
        ['v4', false, undefined],
        ['v3', false, undefined],
        ['v2', true, undefined],
        ['v1', false, undefined],
      ],
    )
    await iam.setDefaultPolicyVersion({ PolicyArn, VersionId: 'v1' })
    assert.equal((await iam.getPolicy({ PolicyArn })).Policy?.DefaultVersionId, 'v1')
    assert.equal(
      await faultOf(iam.getPolicyVersion({ PolicyArn, VersionId: 'v5' })),
      `NoSuchEntity 404: Policy ${PolicyArn} version v5 does not exist or is not attachable.`,
    )
  })

  test('a policy is deleted when it is used nowhere and has one version (IAM-22)', async () => {
    const PolicyArn = arn('used')
    await iam.createPolicy({ PolicyName: 'used', PolicyDocument: allow('s3:*') })
    await iam.createPolicyVersion({ PolicyArn, PolicyDocument: allow('s3:*') })
    await iam.createRole({ RoleName: 'user-of-it', AssumeRolePolicyDocument: trustEc2 })
    await iam.attachRolePolicy({ RoleName: 'user-of-it', PolicyArn })
    await iam.putRolePermissionsBoundary({ RoleName: 'user-of-it', PermissionsBoundary: PolicyArn })
    const { Policy } = await iam.getPolicy({ PolicyArn })
    assert.deepEqual([Policy?.AttachmentCount, Policy?.PermissionsBoundaryUsageCount], [1, 1])
    const why = () => faultOf(iam.deletePolicy({ PolicyArn }))
    assert.equal(await why(), 'DeleteConflict 409: Cannot delete a policy attached to entities.')
    await iam.detachRolePolicy({ RoleName: 'user-of-it', PolicyArn })
    assert.equal(await why(), 'DeleteConflict 409: Cannot delete a policy attached to entities.')
    await iam.deleteRolePermissionsBoundary({ RoleName: 'user-of-it' })
    assert.match(await why(), /^DeleteConflict 409: This policy has more than one version\./)
    await iam.deletePolicyVersion({ PolicyArn, VersionId: 'v2' })
    assert.deepEqual(bare(await iam.deletePolicy({ PolicyArn })), {})
    assert.equal(await why(), `NoSuchEntity 404: Policy ${PolicyArn} was not found.`)
  })

  test('lists filter by scope, use and path (IAM-236)', async () => {
    await iam.createPolicy({ PolicyName: 'bound', PolicyDocument: allow('s3:*') })
    await iam.createUser({ UserName: 'bounded', PermissionsBoundary: arn('bound') })
    await iam.attachUserPolicy({ UserName: 'bounded', PolicyArn: readOnly })
    const names = async (input: Parameters<typeof iam.listPolicies>[0]) =>
      (await iam.listPolicies(input)).Policies?.map((policy) => policy.PolicyName)
    assert.deepEqual(await names({ OnlyAttached: true }), ['AdministratorAccess', 'bound', 'ReadOnlyAccess'])
    assert.deepEqual(await names({ OnlyAttached: true, Scope: 'AWS' }), [
      'AdministratorAccess',
      'ReadOnlyAccess',
    ])
    assert.deepEqual(await names({ OnlyAttached: true, PolicyUsageFilter: 'PermissionsBoundary' }), ['bound'])
    const permitting = { PolicyUsageFilter: 'PermissionsPolicy', Scope: 'Local' } as const
    assert.deepEqual(await names({ OnlyAttached: true, ...permitting }), [])
    assert((await names(permitting))?.includes('bound'))
    const serviceRole = await names({ Scope: 'AWS', PathPrefix: '/service-role/', MaxItems: 1000 })
    assert(serviceRole?.includes('AWSLambdaBasicExecutionRole'))
    assert(!serviceRole?.includes('ReadOnlyAccess'))
  })

  test("AWS's words for what is no policy, too long, taken or no ARN (IAM-2, IAM-32, IAM-70)", async () => {
    const create = (PolicyDocument: string, PolicyName = 'bad') =>
      faultOf(iam.createPolicy({ PolicyName, PolicyDocument }))
    assert.equal(await create('{}'), 'MalformedPolicyDocument 400: Syntax errors in policy.')
    assert.equal(
      await create(allow('GetObject')),
      'MalformedPolicyDocument 400: Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    )
    const long = Array.from({ length: 400 }, (_, n) => `s3:Some${n}Action*`)
    assert.equal(await create(allow(long)), 'LimitExceeded 409: Cannot exceed quota for PolicySize: 6144')
    const spaced = allow('s3:*').replace('{', `{${' '.repeat(7_000)}`)
    assert.equal(
      (await iam.createPolicy({ PolicyName: 'spaced', PolicyDocument: spaced })).$metadata.httpStatusCode,
      200,
    )
    assert.equal(
      await create(allow('s3:*'), 'SPACED'),
      'EntityAlreadyExists 409: A policy called SPACED already exists. Duplicate names are not allowed.',
    )
    assert.equal(
      await faultOf(iam.getPolicy({ PolicyArn: 'neither-an-arn-nor-anything' })),
      'ValidationError 400: Invalid ARN:  Could not be parsed!',
    )
    assert.equal(
      await faultOf(iam.getPolicy({ PolicyArn: arn('Spaced') })), // to the letter (IAM-3)
      `NoSuchEntity 404: Policy ${arn('Spaced')} was not found.`,
    )
  })

  test('whom a policy is attached to (IAM-103)', async () => {
    const PolicyArn = arn('everywhere')
    await iam.createPolicy({ PolicyName: 'everywhere', PolicyDocument: allow('s3:*') })
    await iam.createUser({ UserName: 'e-user', PermissionsBoundary: PolicyArn })
    await iam.createGroup({ GroupName: 'e-group', Path: '/e/' })
    await iam.createRole({ RoleName: 'e-role', AssumeRolePolicyDocument: trustEc2 })
    await iam.attachGroupPolicy({ GroupName: 'e-group', PolicyArn })
    await iam.attachRolePolicy({ RoleName: 'e-role', PolicyArn })
    type Input = Omit<Parameters<typeof iam.listEntitiesForPolicy>[0], 'PolicyArn'>
    const found = async (input: Input) => {
      const answer = await iam.listEntitiesForPolicy({ PolicyArn, ...input })
      return [
        ...(answer.PolicyGroups ?? []).map((group) => group.GroupName),
        ...(answer.PolicyRoles ?? []).map((role) => role.RoleName),
        ...(answer.PolicyUsers ?? []).map((user) => user.UserName),
      ]
    }
    assert.deepEqual(await found({}), ['e-group', 'e-role', 'e-user'])
    assert.deepEqual(await found({ EntityFilter: 'Role' }), ['e-role'])
    assert.deepEqual(await found({ PathPrefix: '/e/' }), ['e-group'])
    assert.deepEqual(await found({ PolicyUsageFilter: 'PermissionsBoundary' }), ['e-user'])
    const first = await iam.listEntitiesForPolicy({ PolicyArn, MaxItems: 2 })
    assert.equal(first.IsTruncated, true)
    assert.deepEqual(await found({ Marker: first.Marker }), ['e-user'])
  })
})
