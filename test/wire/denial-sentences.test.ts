/** AWS's sentence for a denial, to the letter, on the wire, for every layer that a call has. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { clientCredentials, openOrganizationServer, policy, refused } from './organizations-house.ts'

const all = { Effect: 'Allow', Action: '*', Resource: '*' }
const some = { Effect: 'Allow', Action: 'sts:*', Resource: '*' }
const deny = { Effect: 'Deny', Action: 'iam:ListUsers', Resource: '*' }

describe('A denial on the wire (POL-115, POL-136, POL-137)', async () => {
  const server = await openOrganizationServer()
  after(() => server.omen.close())
  const { organizations } = server.management
  await organizations.createOrganization({})
  const root = await server.rootId()
  await organizations.enablePolicyType({ RootId: root, PolicyType: 'SERVICE_CONTROL_POLICY' })
  const account = await server.makeAccount()
  const visitor = await server.enter(account)
  const { iam } = visitor
  const arnOf = (name: string) => `arn:aws:iam::${account}:policy/${name}`
  const managed = async (PolicyName: string, ...statements: object[]) => {
    await iam.createPolicy({ PolicyName, PolicyDocument: policy(...statements) })
    return arnOf(PolicyName)
  }
  const PolicyArns = {
    all: await managed('all', all),
    some: await managed('some', some),
    deny: await managed('deny', all, deny),
  }
  await iam.createRole({
    RoleName: 'app',
    AssumeRolePolicyDocument: policy({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:role/OrganizationAccountAccessRole` },
      Action: 'sts:AssumeRole',
    }),
  })
  const caller = `arn:aws:sts::${account}:assumed-role/app/run`
  const start = `User: ${caller} is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::${account}:user/`

  const inline = (...statements: object[]) =>
    iam.putRolePolicy({ RoleName: 'app', PolicyName: 'own', PolicyDocument: policy(...statements) })
  const told = async (session: { Policy?: string; PolicyArns?: { arn: string }[] } = {}) => {
    const { Credentials: given } = await visitor.sts.assumeRole({
      RoleArn: `arn:aws:iam::${account}:role/app`,
      RoleSessionName: 'run',
      ...session,
    })
    const [code, text] = await refused(server.hand(clientCredentials(given)).iam.listUsers({}))
    assert.equal(code, 'AccessDenied')
    return text
  }

  await test('by the account that the ARN of a resource names', async () => {
    const Condition = { StringNotEquals: { 'aws:ResourceAccount': account } }
    await inline(all, { Effect: 'Deny', Action: 'iam:GetPolicy', Resource: '*', Condition })
    const app = await visitor.sts.assumeRole({
      RoleArn: `arn:aws:iam::${account}:role/app`,
      RoleSessionName: 'run',
    })
    const own = server.hand(clientCredentials(app.Credentials)).iam
    assert.equal((await own.getPolicy({ PolicyArn: arnOf('all') })).Policy?.PolicyName, 'all')
    const theirs = 'arn:aws:iam::210987654321:policy/theirs'
    const [code, text] = await refused(own.getPolicy({ PolicyArn: theirs }))
    assert.equal(code, 'AccessDenied')
    assert.match(text, /with an explicit deny in an identity-based policy$/)
    assert.match((await refused(iam.getPolicy({ PolicyArn: theirs })))[1], /no resource-based policy allows/)
  })

  await test('by identity policies: none, an inline one, a managed one', async () => {
    await inline(some)
    assert.equal(await told(), `${start} because no identity-based policy allows the iam:ListUsers action`)
    await inline(all, deny)
    assert.equal(await told(), `${start} with an explicit deny in an identity-based policy`)
    await inline(all)
    await iam.attachRolePolicy({ RoleName: 'app', PolicyArn: PolicyArns.deny })
    assert.equal(
      await told(),
      `${start} with an explicit deny in an identity-based policy: ${PolicyArns.deny}`,
    )
    await iam.detachRolePolicy({ RoleName: 'app', PolicyArn: PolicyArns.deny })
  })

  await test('by a boundary', async () => {
    const bound = (PermissionsBoundary: string) =>
      iam.putRolePermissionsBoundary({ RoleName: 'app', PermissionsBoundary })
    await bound(PolicyArns.some)
    assert.equal(await told(), `${start} because no permissions boundary allows the iam:ListUsers action`)
    await bound(PolicyArns.deny)
    assert.equal(await told(), `${start} with an explicit deny in a permissions boundary: ${PolicyArns.deny}`)
    await iam.deleteRolePermissionsBoundary({ RoleName: 'app' })
  })

  await test('by session policies: an inline one, a managed one', async () => {
    const silent = `${start} because no session policy allows the iam:ListUsers action`
    assert.equal(await told({ Policy: policy(some) }), silent)
    assert.equal(await told({ PolicyArns: [{ arn: PolicyArns.some }] }), silent)
    assert.equal(
      await told({ Policy: policy(all, deny) }),
      `${start} with an explicit deny in a session policy`,
    )
    assert.equal(
      await told({ PolicyArns: [{ arn: PolicyArns.deny }] }),
      `${start} with an explicit deny in a session policy: ${PolicyArns.deny}`,
    )
  })

  await test('by an SCP', async () => {
    const id = await server.makePolicy('no users', deny)
    await organizations.attachPolicy({ PolicyId: id, TargetId: account })
    const { Policy: scp } = await organizations.describePolicy({ PolicyId: id })
    const text = await told()
    assert.equal(
      text,
      `${start} with an explicit deny in a service control policy: ${scp?.PolicySummary?.Arn}`,
    )
    assert.match(text, /: arn:aws:organizations::123456789012:policy\/o-\w+\/service_control_policy\/p-\w+$/)
    await organizations.detachPolicy({ PolicyId: id, TargetId: account })
  })

  await test('by the silence of SCPs', async () => {
    const id = await server.makePolicy('roles only', {
      Effect: 'Allow',
      Action: ['sts:*', 'iam:*Role*'],
      Resource: '*',
    })
    await organizations.attachPolicy({ PolicyId: id, TargetId: account })
    await organizations.detachPolicy({ PolicyId: 'p-FullAWSAccess', TargetId: account })
    assert.equal(await told(), `${start} because no service control policy allows the iam:ListUsers action`)
  })
})
