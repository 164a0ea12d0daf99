import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import { assertEnd, trustPolicy } from '../kit/index.ts'
import { centerServer } from './center-house.ts'
import { allow } from './iam/house.ts'
import { type AnyAnswer, type Signed, signed } from './signed.ts'

const omen = await createOmen()
after(() => omen.close())
const { endpoint } = omen
const server = await centerServer(omen)
const iam = omen.client(IAM, 'admin')
const service = 'account-access.amazonaws.com'
const identitySource = { identityCenter: { instanceArn: server.shown.instanceArn } }

const manager = (path: string, body?: object, more: Partial<Signed> = {}): Promise<AnyAnswer> =>
  signed(omen, {
    service: 'account-access',
    path,
    ...(body === undefined ? { method: 'GET' } : { body }),
    ...more,
  })

const runtime = async (path: string, bearer: string): Promise<AnyAnswer> => {
  const answer = await fetch(`${endpoint}${path}`, { headers: { authorization: `Bearer ${bearer}` } })
  const error = answer.headers.get('x-amzn-errortype')?.split(':')[0]
  const text = await answer.text()
  return { status: answer.status, ...(error !== undefined && { error }), ...JSON.parse(text || '{}') }
}

const trusting = (actions: readonly string[], condition: object = {}) =>
  trustPolicy({ Service: service }, actions, condition)

const roleOf = async (RoleName: string, AssumeRolePolicyDocument: string, MaxSessionDuration = 3_600) => {
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument, MaxSessionDuration })
  return Role!.Arn!
}

const entitle = (applicationArn: string, roleArn: string, principal: object) =>
  manager('/entitlements', {
    applicationArn,
    entitlement: { principalRole: { principal: { identityCenter: principal }, roleArn } },
  })

/** A token of a person with these scopes, by device. */
const bearerOf = async (userName: string, password: string, scopes: readonly string[]): Promise<string> => {
  const client = await server.register({ scopes })
  const begun = await server.post('/device_authorization', { ...client, startUrl: server.shown.startUrl })
  const { ticket, text } = await server.login({
    directory: server.shown.identityStoreId,
    user_code: begun.userCode,
    userName,
    password,
  })
  assert.ok(ticket, text)
  await server.decide(ticket, 'allow')
  const tokens = await server.token(client, { grantType: server.deviceGrant, deviceCode: begun.deviceCode })
  assert.ok(tokens.accessToken, JSON.stringify(tokens))
  return tokens.accessToken
}

const password = 'Correct-Horse-7'
const alice = await server.user('alice')
await server.own('POST', '/_omen/identity-center/password', { userName: 'alice', password })
let arn = ''
let tenant = ''

describe('the account access manager', () => {
  test('SSO-170, SSO-171, SSO-174: an organization has one application, with trusted access, in the region of its instance', async () => {
    assert.equal((await manager('/applications', { identitySource })).error, 'AccessDeniedException')
    await omen.client(Organizations, 'admin').enableAWSServiceAccess({ ServicePrincipal: service })
    const elsewhere = await manager('/applications', { identitySource }, { region: 'eu-west-1' })
    assert.deepEqual([elsewhere.status, elsewhere.error], [400, 'ValidationException'])
    const other = { identityCenter: { instanceArn: `${server.shown.instanceArn.slice(0, -1)}x` } }
    assert.equal((await manager('/applications', { identitySource: other })).error, 'ValidationException')
    const made = await manager('/applications', { identitySource, tags: { team: 'a' } })
    assert.match(made.applicationArn, /^arn:aws:account-access:us-east-1:\d{12}:application\/[0-9a-f]{16}$/)
    arn = made.applicationArn
    const again = await manager('/applications', { identitySource, tags: { team: 'a' } })
    assert.equal(again.applicationArn, arn)
    assert.equal((await manager('/applications', { identitySource })).error, 'AlreadyCreatedException')
    const { applications } = await manager('/applications-list', {})
    tenant = applications[0].tenantId
    assert.match(tenant, /^aa-[0-9a-f]{10}$/)
    const shown = await manager(`/applications/${encodeURIComponent(arn)}`)
    assert.deepEqual([shown.status, shown.tenantId, shown.tags], ['ACTIVE', tenant, { team: 'a' }])
    assert.match(
      shown.identitySource.identityCenter.applicationArn,
      /:application\/ssoins-\w{16}\/apl-\w{16}$/,
    )
    assert.match(shown.createdAt, /^\d{4}-\d\d-\d\dT/)
  })

  test('SSO-178, SSO-190: tags have limits, and the path of tags is of the API that is signed for', async () => {
    const path = `/tags/${encodeURIComponent(arn)}`
    await manager(path, { tags: { cost: '1' } })
    await manager(`${path}?tagKeys=team`, undefined, { method: 'DELETE' })
    assert.deepEqual((await manager(path)).tags, { cost: '1' })
    const aws = await manager(path, { tags: { 'aws:x': '1' } })
    assert.equal(aws.error, 'ValidationException')
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, '']))
    assert.equal((await manager(path, { tags: many })).error, 'ValidationException')
    const cluster = await signed(omen, {
      service: 'eks',
      method: 'GET',
      path: `/tags/${encodeURIComponent(`arn:aws:eks:us-east-1:${omen.account}:x`)}`,
    })
    assert.notEqual(cluster.error, 'SignatureDoesNotMatch')
    assert.equal(cluster.status, 404)
  })

  test('SSO-173: CreateApplication needs permissions in IAM Identity Center too', async () => {
    await iam.createUser({ UserName: 'maker' })
    const { AccessKey } = await iam.createAccessKey({ UserName: 'maker' })
    const who = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
    const policy = { UserName: 'maker', PolicyName: 'p' }
    await iam.putUserPolicy({ ...policy, PolicyDocument: allow('account-access:*') })
    const input = { identitySource, tags: { cost: '1' } }
    const denied = await manager('/applications', input, { who })
    assert.match(denied.message ?? denied.Message, /is not authorized to perform: sso:CreateApplication/)
    await iam.putUserPolicy({ ...policy, PolicyDocument: allow(['account-access:*', 'sso:*Application*']) })
    assert.equal((await manager('/applications', input, { who })).applicationArn, arn)
  })

  test('SSO-172: another account, and a caller without permission, are refused', async () => {
    const foreign = 'arn:aws:account-access:us-east-1:111122223333:application/test-app-1234567890'
    const refused = await manager(`/applications/${encodeURIComponent(foreign)}`)
    assert.deepEqual([refused.status, refused.error], [403, 'AccessDeniedException'])
    const missing = await manager(`/applications/${encodeURIComponent(`${arn.slice(0, -1)}x`)}`)
    assert.deepEqual([missing.status, missing.error], [404, 'ResourceNotFoundException'])
    await iam.createUser({ UserName: 'limited' })
    const { AccessKey } = await iam.createAccessKey({ UserName: 'limited' })
    const who = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
    const list = { applicationArn: arn, filter: {} }
    const denied = await manager('/entitlements-list', list, { who })
    assert.match(
      denied.message ?? denied.Message,
      /is not authorized to perform: account-access:ListEntitlements on resource: arn:aws:account-access/,
    )
    await iam.putUserPolicy({
      UserName: 'limited',
      PolicyName: 'p',
      PolicyDocument: allow('account-access:List*', arn),
    })
    assert.deepEqual((await manager('/entitlements-list', list, { who })).entitlements, [])
  })

  test('SSO-175 to SSO-177: an entitlement needs a principal and a role that are there, and comes once', async () => {
    const role = await roleOf('first', trusting(['sts:AssumeRole', 'sts:SetContext']))
    const made = await entitle(arn, role, { userId: alice })
    assert.ok(made.entitlementId, JSON.stringify(made))
    assert.equal((await entitle(arn, role, { userId: alice })).entitlementId, made.entitlementId)
    assert.equal((await entitle(arn, `${role}-none`, { userId: alice })).error, 'ValidationException')
    assert.equal((await entitle(arn, role, { groupId: alice })).error, 'ValidationException')
    const shown = await manager(
      `/entitlements/${made.entitlementId}?applicationArn=${encodeURIComponent(arn)}`,
    )
    assert.deepEqual(shown.entitlement.principalRole.principal, { identityCenter: { userId: alice } })
    assert.equal(shown.entitlement.principalRole.account, omen.account)
    const longer = await roleOf('first-longer', trusting(['sts:AssumeRole', 'sts:SetContext']))
    await entitle(arn, longer, { userId: alice })
    const listed = async (principalRole: object) =>
      (await manager('/entitlements-list', { applicationArn: arn, filter: { principalRole } })).entitlements
        .length
    const principal = { identityCenter: { userId: alice } }
    assert.deepEqual(
      [
        await listed({}),
        await listed({ principal }),
        await listed({ roleArn: role }),
        await listed({ principal, roleArn: role, account: omen.account }),
        await listed({ account: '111122223333' }),
        await listed({ roleArn: role, account: '111122223333' }),
      ],
      [2, 2, 1, 1, 0, 0],
    )
    const page = await manager('/entitlements-list', { applicationArn: arn, filter: {}, maxResults: 1 })
    assert.equal(page.entitlements.length, 1)
    const rest = { applicationArn: arn, filter: {}, nextToken: page.nextToken }
    assert.equal((await manager('/entitlements-list', rest)).entitlements.length, 1)
    const gone = `/entitlements/${made.entitlementId}?applicationArn=${encodeURIComponent(arn)}`
    assert.equal((await manager(gone, undefined, { method: 'DELETE' })).status, 204)
    assert.equal((await manager(gone, undefined, { method: 'DELETE' })).status, 204)
    assert.equal((await manager(gone)).error, 'ResourceNotFoundException')
  })

  test('SSO-180 to SSO-187, SSO-192: a person gets the role, as the trust policy says, until the entitlement is gone', async () => {
    const from = { StringEquals: { 'aws:SourceAccount': omen.account, 'aws:SourceArn': arn } }
    const role = await roleOf('worn', trusting(['sts:AssumeRole', 'sts:SetContext'], from), 7_200)
    const wrong = await roleOf('wrong', trusting(['sts:AssumeRole'], from))
    const { GroupId } = await server.store('CreateGroup', { DisplayName: 'ops' })
    await server.store('CreateGroupMembership', { GroupId, MemberId: { UserId: alice } })
    const { entitlementId } = await entitle(arn, role, { groupId: GroupId })
    await entitle(arn, wrong, { userId: alice })
    const scopes = ['account_access:read_only', 'account_access:assume']
    const bearer = await bearerOf('alice', password, scopes)
    const { roles } = await runtime(`/access?tenantId=${tenant}`, bearer)
    assert.deepEqual(
      roles.map(({ roleArn }: { roleArn: string }) => roleArn.replace(/^.*\//, '')),
      ['first-longer', 'worn', 'wrong'],
    )
    const credentials = (roleArn: string, more = '', token = bearer) =>
      runtime(
        `/access/credentials?tenantId=${tenant}&accessType=PROGRAMMATIC_ACCESS&roleArn=${encodeURIComponent(roleArn)}${more}`,
        token,
      )
    const before = omen.clock.now()
    const given = await credentials(role)
    const after = omen.clock.now()
    assert.equal(given.status, 200, JSON.stringify(given))
    const keys = given.credentialsDetails.programmaticAccess
    assertEnd(Date.parse(keys.expiresAt), 7_200, before, after)
    const { expiresAt: _, ...credentialsOf } = keys
    const sts = new STS({ endpoint, region: 'us-east-1', credentials: credentialsOf })
    const { Arn } = await sts.getCallerIdentity({})
    assert.equal(Arn, `arn:aws:sts::${omen.account}:assumed-role/worn/${alice}`)
    const whoami = await signed(omen, {
      service: 'omen',
      method: 'GET',
      path: '/_omen/whoami',
      who: credentialsOf,
    })
    assert.equal(whoami.person, 'alice')
    const [seen] = await server.events('GetCallerIdentity')
    assert.equal((seen?.userIdentity as AnyAnswer)?.onBehalfOf.userId, alice)
    const [event] = await server.events('GetRoleCredentials')
    assert.equal(event?.eventSource, 'account-access-runtime.amazonaws.com')
    assert.doesNotMatch(JSON.stringify(event), /"alice"/)
    assert.deepEqual(
      [(await credentials(wrong)).status, (await credentials(`${role}x`)).error],
      [403, 'AccessDeniedException'],
    )
    assert.equal((await credentials(role, '&sessionDuration=7201')).error, 'ValidationException')
    const named = await credentials(role, '&sessionName=alice-at-work&sessionDuration=900')
    assert.equal(named.status, 200)
    assert.equal((await runtime('/access?tenantId=aa-0000000000', bearer)).error, 'AccessDeniedException')
    assert.deepEqual([(await runtime(`/access?tenantId=${tenant}`, 'aoa-none')).status], [401])
    const without = await fetch(`${endpoint}/access?tenantId=${tenant}`)
    assert.equal(without.status, 401)
    const portal = await bearerOf('alice', password, ['sso:account:access'])
    assert.equal((await runtime(`/access?tenantId=${tenant}`, portal)).error, 'AccessDeniedException')
    assert.equal((await server.portal('/assignment/accounts', bearer)).status, 401)
    const reader = await bearerOf('alice', password, ['account_access:read_only'])
    assert.equal((await credentials(role, '', reader)).error, 'AccessDeniedException')
    const gone = `/entitlements/${entitlementId}?applicationArn=${encodeURIComponent(arn)}`
    await manager(gone, undefined, { method: 'DELETE' })
    assert.equal((await credentials(role)).error, 'AccessDeniedException')
  })

  test('SSO-193: the reason of a refusal is noted for omen why', async () => {
    const bearer = await bearerOf('alice', password, ['account_access:assume'])
    const reason = async (path: string) => {
      assert.equal((await runtime(path, bearer)).error, 'AccessDeniedException')
      return (await server.own('GET', '/_omen/decisions/last')).because?.kind
    }
    const asked = (name: string) =>
      `/access/credentials?tenantId=${tenant}&accessType=PROGRAMMATIC_ACCESS&roleArn=arn:aws:iam::${omen.account}:role/${name}`
    const temporary = await roleOf('temporary', trusting(['sts:AssumeRole', 'sts:SetContext']))
    await entitle(arn, temporary, { userId: alice })
    await iam.deleteRole({ RoleName: 'temporary' })
    assert.deepEqual(
      [
        await reason(asked('worn')),
        await reason(asked('wrong')),
        await reason(asked('temporary')),
        await reason(`/access?tenantId=${tenant}`),
        await reason(asked('wrong').replace(tenant, 'aa-0000000000')),
      ],
      ['notEntitled', 'roleRefuses', 'noRole', 'noScope', 'noTenant'],
    )
  })

  test('SSO-172: a delegated administrator manages entitlements with permissions of its own account', async () => {
    const organizations = omen.client(Organizations, 'admin')
    const { CreateAccountStatus: made } = await organizations.createAccount({
      AccountName: 'member',
      Email: 'member@example.com',
    })
    const { CreateAccountStatus: done } = await organizations.describeCreateAccountStatus({
      CreateAccountRequestId: made!.Id!,
    })
    const AccountId = done!.AccountId!
    const sts = omen.client(STS, 'admin')
    const { Credentials } = await sts.assumeRole({
      RoleArn: `arn:aws:iam::${AccountId}:role/OrganizationAccountAccessRole`,
      RoleSessionName: 'member',
    })
    const who = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    }
    const list = { applicationArn: arn, filter: {} }
    assert.equal((await manager('/entitlements-list', list, { who })).error, 'AccessDeniedException')
    assert.deepEqual((await manager('/applications-list', {}, { who })).applications, [])
    await organizations.registerDelegatedAdministrator({ AccountId, ServicePrincipal: service })
    assert.ok((await manager('/entitlements-list', list, { who })).entitlements.length > 0)
    assert.equal((await manager('/applications-list', {}, { who })).applications.length, 1)
    const inMember = new IAM({ endpoint, region: 'us-east-1', credentials: who })
    const { Role } = await inMember.createRole({
      RoleName: 'there',
      AssumeRolePolicyDocument: trusting(['sts:AssumeRole', 'sts:SetContext']),
    })
    const entitled = await manager(
      '/entitlements',
      {
        applicationArn: arn,
        entitlement: {
          principalRole: { principal: { identityCenter: { userId: alice } }, roleArn: Role!.Arn! },
        },
      },
      { who },
    )
    assert.ok(entitled.entitlementId, JSON.stringify(entitled))
    const gone = await manager(`/applications/${encodeURIComponent(arn)}`, undefined, {
      method: 'DELETE',
      who,
    })
    assert.equal(gone.error, 'AccessDeniedException')
    const bearer = await bearerOf('alice', password, ['account_access:assume'])
    const path = `/access/credentials?tenantId=${tenant}&accessType=PROGRAMMATIC_ACCESS&roleArn=${Role!.Arn!}`
    assert.equal((await runtime(path, bearer)).status, 200)
  })

  test('SSO-183: attributes for access control are tags if the trust policy lets them be', async () => {
    await server.admin('CreateInstanceAccessControlAttributeConfiguration', {
      InstanceAccessControlAttributeConfiguration: {
        AccessControlAttributes: [{ Key: 'Who', Value: { Source: ['${path:userName}'] } }],
      },
    })
    const tagged = await roleOf('tagged', trusting(['sts:AssumeRole', 'sts:SetContext', 'sts:TagSession']))
    await entitle(arn, tagged, { userId: alice })
    const bearer = await bearerOf('alice', password, ['account_access:assume'])
    for (const [name, tags] of [
      ['tagged', [{ key: 'Who', value: 'alice' }]],
      ['first-longer', undefined],
    ] as const) {
      const roleArn = encodeURIComponent(tagged.replace(/tagged$/, name))
      const path = `/access/credentials?tenantId=${tenant}&accessType=PROGRAMMATIC_ACCESS&roleArn=${roleArn}`
      assert.equal((await runtime(path, bearer)).status, 200, name)
      const [event] = await server.events('AssumeRole')
      assert.deepEqual((event?.requestParameters as AnyAnswer)?.tags, tags, name)
    }
  })

  test('SSO-188: the portal shows the roles, puts one on and shows keys', async () => {
    const { text, ticket } = await server.start({ userName: 'alice', password })
    assert.match(text, /first-longer/)
    const role = /name="role" value="([^"]*first-longer)"/.exec(text)?.[1] ?? ''
    const keys = await server.start({ t: ticket, role, action: 'keys' })
    assert.match(keys.text, /AWS_SESSION_TOKEN=/)
    const worn = await server.start({ t: ticket, role, action: 'wear' })
    assert.equal(worn.status, 303, worn.text)
    const none = await server.start({ t: ticket, role: `${role}-none`, action: 'keys' })
    assert.equal(none.status, 403)
  })

  test('SSO-179: with the application goes everything, and a second deletion is none', async () => {
    const path = `/applications/${encodeURIComponent(arn)}`
    assert.equal((await manager(path, undefined, { method: 'DELETE' })).status, 204)
    assert.equal((await manager(path, undefined, { method: 'DELETE' })).status, 204)
    assert.deepEqual((await manager('/applications-list', {})).applications, [])
    const bearer = await bearerOf('alice', password, ['account_access:read_only'])
    assert.equal((await runtime(`/access?tenantId=${tenant}`, bearer)).error, 'AccessDeniedException')
    const made = await manager('/applications', { identitySource })
    const list = { applicationArn: made.applicationArn, filter: {} }
    assert.deepEqual((await manager('/entitlements-list', list)).entitlements, [])
  })
})
