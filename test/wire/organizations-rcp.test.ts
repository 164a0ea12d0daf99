import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import { managementId, openOrganizationServer, policy, refused } from './organizations-house.ts'

const rcp = { PolicyType: 'RESOURCE_CONTROL_POLICY' } as const

describe('Resource control policies', async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, makePolicy, enter } = server
  const { organizations } = management
  after(() => server.omen.close())
  await organizations.createOrganization({})
  const root = await server.rootId()
  const [one, other] = [await makeAccount(), await makeAccount()]
  const member = await enter(one)
  await organizations.enablePolicyType({ RootId: root, ...rcp })

  /** A role in `other` that trusts `one`, for crossing over. */
  const owner = await enter(other)
  await owner.iam.createRole({
    RoleName: 'guest',
    AssumeRolePolicyDocument: policy({
      Effect: 'Allow',
      Principal: { AWS: one },
      Action: 'sts:AssumeRole',
    }),
  })
  const cross = () =>
    member.sts.assumeRole({ RoleArn: `arn:aws:iam::${other}:role/guest`, RoleSessionName: 'me' })

  await test('start with one that allows all, everywhere and undetachable (ORG-32)', async () => {
    for (const TargetId of [root, one]) {
      const { Policies: policies } = await organizations.listPoliciesForTarget({
        TargetId,
        Filter: 'RESOURCE_CONTROL_POLICY',
      })
      assert.deepEqual(
        policies?.map(({ Arn, AwsManaged }) => [Arn, AwsManaged]),
        [['arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess', true]],
      )
    }
    const full = { PolicyId: 'p-RCPFullAWSAccess', TargetId: root }
    assert.equal(
      (await refused(organizations.detachPolicy(full)))[0],
      'InvalidInputException (NON_DETACHABLE_POLICY)',
    )
    assert.equal((await refused(organizations.attachPolicy(full)))[0], 'DuplicatePolicyAttachmentException')
    const { Targets: targets } = await organizations.listTargetsForPolicy({ PolicyId: 'p-RCPFullAWSAccess' })
    assert.deepEqual(targets?.map((each) => each.TargetId).sort(), [managementId, one, other, root].sort())
    await cross()
  })

  await test("limit access to a member's resources for every caller (ORG-42, POL-011)", async () => {
    const id = await makePolicy(
      'no guests',
      { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole', Resource: '*' },
      'RESOURCE_CONTROL_POLICY',
    )
    await organizations.attachPolicy({ PolicyId: id, TargetId: other })
    assert.equal((await refused(cross()))[0], 'AccessDenied')
    assert.equal((await refused(enter(other)))[0], 'AccessDenied')
    await enter(one)
    await organizations.detachPolicy({ PolicyId: id, TargetId: other })
    await cross()
    await organizations.deletePolicy({ PolicyId: id })
  })

  await test('bind a resource whose account leaves memory before the decision (ORG-45)', async (t) => {
    const id = await makePolicy(
      'no guests now',
      { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole', Resource: '*' },
      'RESOURCE_CONTROL_POLICY',
    )
    await organizations.attachPolicy({ PolicyId: id, TargetId: other })
    const { directory } = server.omen.omen.deps
    directory.forgetAll()
    // which account leaves when which was found: last of all that of the role, when nothing else is waited for
    const leaving = [
      [other, managementId],
      [managementId, other],
    ]
    const find = directory.find.bind(directory)
    const mocked = t.mock.method(directory, 'find', async (of: AccountId) => {
      const account = await find(of)
      if (of === leaving[0]?.[0]) directory.forget(leaving.shift()?.[1] as AccountId)
      return account
    })
    assert.equal((await refused(cross()))[0], 'AccessDenied')
    assert.equal(leaving.length, 0)
    mocked.mock.restore()
    await organizations.detachPolicy({ PolicyId: id, TargetId: other })
    await organizations.deletePolicy({ PolicyId: id })
  })

  await test('draw a perimeter by the organization of who comes (ORG-43)', async () => {
    const { Organization: organization } = await organizations.describeOrganization({})
    const perimeter = (orgId: string | undefined) =>
      policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRole',
        Resource: '*',
        Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': orgId } },
      })
    const { Policy: made } = await organizations.createPolicy({
      Name: 'perimeter',
      Description: '',
      Type: 'RESOURCE_CONTROL_POLICY',
      Content: perimeter(organization?.Id),
    })
    const PolicyId = made?.PolicySummary?.Id
    await organizations.attachPolicy({ PolicyId, TargetId: root })
    await cross()
    await organizations.updatePolicy({ PolicyId, Content: perimeter('o-someoneelse') })
    await refused(cross())
    await organizations.detachPolicy({ PolicyId, TargetId: root })
    await organizations.deletePolicy({ PolicyId })
  })

  await test('leave the management account alone, and services that RCPs do not know (ORG-42, POL-016)', async () => {
    const id = await makePolicy(
      'nobody at all',
      { Effect: 'Deny', Principal: '*', Action: 'sts:*', Resource: '*' },
      'RESOURCE_CONTROL_POLICY',
    )
    await organizations.attachPolicy({ PolicyId: id, TargetId: root })
    await owner.iam.listRoles({})
    await management.iam.createRole({
      RoleName: 'host',
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: { AWS: one },
        Action: 'sts:AssumeRole',
      }),
    })
    await member.sts.assumeRole({ RoleArn: `arn:aws:iam::${managementId}:role/host`, RoleSessionName: 'me' })
    await refused(cross())
    await organizations.detachPolicy({ PolicyId: id, TargetId: root })
  })

  await test('are refused where AWS refuses them (ORG-35)', async () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 'sts:*', Resource: '*' }
    const malformed = [
      { ...deny, Effect: 'Allow' },
      { ...deny, Principal: { AWS: one } },
      { ...deny, Action: '*' },
      { ...deny, Action: 'iam:*' },
      { Effect: 'Deny', Principal: '*', NotAction: 'sts:*', Resource: '*' },
    ]
    for (const statement of malformed) {
      assert.equal(
        (await refused(makePolicy('refused', statement, 'RESOURCE_CONTROL_POLICY')))[0],
        'MalformedPolicyDocumentException',
        JSON.stringify(statement),
      )
    }
  })
})
