import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import { centerServer } from './center-house.ts'
import { allow } from './iam/house.ts'

const omen = await createOmen()
after(() => omen.close())
const sso = await centerServer(omen)
const { admin, store, post, login } = sso
const { account } = omen

describe('IAM Identity Center', () => {
  test('SSO-30, SSO-31: omen sso init makes an organization, trusted access, the linked role and one instance', async () => {
    const organizations = omen.client(Organizations, 'admin')
    const { EnabledServicePrincipals: services } = await organizations.listAWSServiceAccessForOrganization({})
    assert.deepEqual(
      services?.map(({ ServicePrincipal }) => ServicePrincipal),
      ['sso.amazonaws.com'],
    )
    assert.deepEqual(await sso.own('POST', '/_omen/identity-center', {}), sso.shown)
    const { Instances } = await admin('ListInstances', {})
    assert.equal(Instances.length, 1)
    assert.equal(Instances[0].IdentityStoreId, sso.shown.identityStoreId)
    assert.match((await admin('CreateInstance', {})).Message, /management account/)
  })

  test('SSO-32 to SSO-36: users, groups and memberships', async () => {
    const alice = await sso.user('alice')
    assert.equal(
      (await store('CreateUser', sso.userInput('ALICE'))).Reason,
      'UNIQUENESS_CONSTRAINT_VIOLATION',
    )
    assert.match((await store('CreateUser', { UserName: 'x' })).Message, /DisplayName/)
    const unique = { UniqueAttribute: { AttributePath: 'userName', AttributeValue: 'Alice' } }
    assert.equal((await store('GetUserId', { AlternateIdentifier: unique })).UserId, alice)
    await store('UpdateUser', {
      UserId: alice,
      Operations: [
        { AttributePath: 'name.familyName', AttributeValue: 'Changed' },
        { AttributePath: 'title', AttributeValue: 'Owner' },
      ],
    })
    const shown = await store('DescribeUser', { UserId: alice })
    assert.deepEqual([shown.Name.FamilyName, shown.Title, shown.UserStatus], ['Changed', 'Owner', 'ENABLED'])
    const fixed = { UserId: alice, Operations: [{ AttributePath: 'userStatus', AttributeValue: 'DISABLED' }] }
    assert.match((await store('UpdateUser', fixed)).Message, /cannot be changed/)
    const { GroupId } = await store('CreateGroup', { DisplayName: 'dev' })
    const { MembershipId } = await store('CreateGroupMembership', { GroupId, MemberId: { UserId: alice } })
    assert.equal(
      (await store('CreateGroupMembership', { GroupId, MemberId: { UserId: alice } })).__type,
      'ConflictException',
    )
    const missing = `${GroupId.slice(0, -1)}0`
    const { Results } = await store('IsMemberInGroups', {
      MemberId: { UserId: alice },
      GroupIds: [GroupId, missing],
    })
    assert.deepEqual(
      Results.map((each: { MembershipExists: boolean }) => each.MembershipExists),
      [true, missing === GroupId],
    )
    await store('DeleteGroupMembership', { MembershipId })
    assert.equal((await store('ListGroupMemberships', { GroupId })).GroupMemberships.length, 0)
    assert.equal((await store('DescribeUser', { UserId: missing })).ResourceType, 'USER')
  })

  test('SSO-37, SSO-40 to SSO-47: an assignment makes a reserved role, and the last one takes it away', async () => {
    const set = await sso.set('Developer', { SessionDuration: 'PT4H' })
    await admin('PutInlinePolicyToPermissionSet', {
      PermissionSetArn: set,
      InlinePolicy: allow('s3:ListAllMyBuckets'),
    })
    const attached = await admin('AttachManagedPolicyToPermissionSet', {
      PermissionSetArn: set,
      ManagedPolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    })
    assert.equal(attached.__type, undefined, attached.Message)
    const long = allow(Array.from({ length: 500 }, (_, at) => `s3:GetObjectNumber${at}`))
    const tooLong = await admin('PutInlinePolicyToPermissionSet', {
      PermissionSetArn: set,
      InlinePolicy: long,
    })
    assert.equal(tooLong.__type, 'ServiceQuotaExceededException')
    const user = await sso.user('bob')
    const status = await sso.assign(set, 'USER', user)
    assert.equal(status.Status, 'SUCCEEDED', status.FailureReason)
    const iam = omen.client(IAM, 'admin')
    const { Roles = [] } = await iam.listRoles({ PathPrefix: '/aws-reserved/' })
    assert.equal(Roles.length, 1)
    const [role] = Roles
    assert.match(role?.RoleName ?? '', /^AWSReservedSSO_Developer_[0-9a-f]{16}$/)
    assert.deepEqual([role?.Path, role?.MaxSessionDuration], ['/aws-reserved/sso.amazonaws.com/', 43_200])
    const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName: role!.RoleName! })
    assert.deepEqual(
      AttachedPolicies?.map(({ PolicyName }) => PolicyName),
      ['ReadOnlyAccess'],
    )
    const [made] = await sso.events('CreateRole')
    assert.deepEqual(made?.userIdentity, { type: 'AWSService', invokedBy: 'sso.amazonaws.com' })
    const trust = JSON.parse(decodeURIComponent(role?.AssumeRolePolicyDocument ?? ''))
    assert.match(trust.Statement[0].Principal.Federated, /saml-provider\/AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE$/)
    await assert.rejects(iam.deleteRole({ RoleName: role!.RoleName! }), {
      name: 'UnmodifiableEntityException',
    })
    await assert.rejects(
      iam.putRolePolicy({ RoleName: role!.RoleName!, PolicyName: 'p', PolicyDocument: allow('*') }),
      { name: 'UnmodifiableEntityException' },
    )
    // a change of the set waits for its provisioning
    await admin('PutInlinePolicyToPermissionSet', {
      PermissionSetArn: set,
      InlinePolicy: allow('s3:GetObject'),
    })
    const behind = { PermissionSetArn: set, ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED' }
    assert.deepEqual((await admin('ListAccountsForProvisionedPermissionSet', behind)).AccountIds, [account])
    const inline = async () => {
      const policy = { RoleName: role!.RoleName!, PolicyName: 'AwsSSOInlinePolicy' }
      return decodeURIComponent((await iam.getRolePolicy(policy)).PolicyDocument ?? '')
    }
    assert.match(await inline(), /ListAllMyBuckets/)
    await admin('ProvisionPermissionSet', { PermissionSetArn: set, TargetType: 'ALL_PROVISIONED_ACCOUNTS' })
    assert.match(await inline(), /GetObject/)
    assert.deepEqual((await admin('ListAccountsForProvisionedPermissionSet', behind)).AccountIds, [])
    assert.equal((await admin('DeletePermissionSet', { PermissionSetArn: set })).__type, 'ConflictException')
    const failed = await sso.assign(set, 'GROUP', user)
    assert.match(failed.FailureReason, /the GROUP assignee ID was not found in directory d-/)
    await admin('AttachCustomerManagedPolicyReferenceToPermissionSet', {
      PermissionSetArn: set,
      CustomerManagedPolicyReference: { Name: 'missing' },
    })
    assert.match(
      (await sso.assign(set, 'USER', user)).FailureReason,
      /Not supported policy arn:aws:iam::\d+:policy\/missing\./,
    )
    const gone = await sso.unassign(set, 'USER', user)
    assert.equal(gone.Status, 'SUCCEEDED')
    assert.equal((await iam.listRoles({ PathPrefix: '/aws-reserved/' })).Roles?.length, 0)
    assert.match((await sso.unassign(set, 'USER', user)).FailureReason, /EntitlementItem doesn't exist/)
    await admin('DeletePermissionSet', { PermissionSetArn: set })
  })

  test('SSO-38: each resource of an action is asked, and a member account does not manage the instance', async () => {
    const iam = omen.client(IAM, 'admin')
    await iam.createUser({ UserName: 'limited' })
    const key = (await iam.createAccessKey({ UserName: 'limited' })).AccessKey!
    const as = { accessKeyId: key.AccessKeyId!, secretAccessKey: key.SecretAccessKey! }
    const PolicyDocument = allow('sso:CreatePermissionSet', sso.shown.instanceArn)
    await iam.putUserPolicy({ UserName: 'limited', PolicyName: 'p', PolicyDocument })
    const refused = await admin('CreatePermissionSet', { Name: 'Mine' }, as)
    assert.match(
      refused.Message,
      /is not authorized to perform: sso:CreatePermissionSet on resource: arn:aws:sso:::permissionSet\/ssoins-[0-9a-f]{16}\/\*/,
    )
  })

  test('SSO-39, SSO-44: a delegated administrator manages what is outside the management account', async () => {
    const organizations = omen.client(Organizations, 'admin')
    const { CreateAccountStatus: begun } = await organizations.createAccount({
      AccountName: 'dev',
      Email: 'dev@example.com',
    })
    let member = begun?.AccountId
    while (member === undefined) {
      const asked = { CreateAccountRequestId: begun!.Id! }
      member = (await organizations.describeCreateAccountStatus(asked)).CreateAccountStatus?.AccountId
    }
    const sts = omen.client(STS, 'admin')
    const RoleArn = `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`
    const { Credentials: worn } = await sts.assumeRole({ RoleArn, RoleSessionName: 'admin' })
    const as = {
      accessKeyId: worn!.AccessKeyId!,
      secretAccessKey: worn!.SecretAccessKey!,
      sessionToken: worn!.SessionToken!,
    }
    assert.equal((await admin('ListInstances', {}, as)).Instances.length, 1)
    assert.equal((await admin('ListPermissionSets', {}, as)).__type, 'AccessDeniedException')
    const ServicePrincipal = 'sso.amazonaws.com'
    await organizations.registerDelegatedAdministrator({ AccountId: member, ServicePrincipal })
    const { PermissionSet } = await admin('CreatePermissionSet', { Name: 'Delegated' }, as)
    const { UserId } = await store('CreateUser', sso.userInput('gina'), as)
    const given = {
      PermissionSetArn: PermissionSet.PermissionSetArn,
      PrincipalType: 'USER',
      PrincipalId: UserId,
      TargetType: 'AWS_ACCOUNT',
    }
    const own = await admin('CreateAccountAssignment', { ...given, TargetId: account }, as)
    assert.equal(own.__type, 'AccessDeniedException')
    await admin('CreateAccountAssignment', { ...given, TargetId: member }, as)
    const listed = { PermissionSetArn: PermissionSet.PermissionSetArn }
    assert.deepEqual((await admin('ListAccountsForProvisionedPermissionSet', listed, as)).AccountIds, [
      member,
    ])
    await organizations.disableAWSServiceAccess({ ServicePrincipal })
    assert.equal((await admin('ListPermissionSets', {})).__type, 'AccessDeniedException')
    await organizations.enableAWSServiceAccess({ ServicePrincipal })
  })

  test('SSO-60 to SSO-65, SSO-70, SSO-71, SSO-73, SSO-74: a person signs in by device, and wears what is lent', async () => {
    const { password } = await sso.lent('carol', 'Auditor', allow('sts:GetCallerIdentity'))
    const client = await sso.register()
    const device = await post('/device_authorization', { ...client, startUrl: sso.shown.startUrl })
    assert.match(device.userCode, /^[B-Z]{4}-[B-Z]{4}$/)
    const poll = () => sso.token(client, { grantType: sso.deviceGrant, deviceCode: device.deviceCode })
    assert.equal((await poll()).error, 'authorization_pending')
    const link = new URL(device.verificationUriComplete)
    const fields = {
      directory: link.searchParams.get('directory')!,
      user_code: link.searchParams.get('user_code')!,
    }
    assert.equal((await login({ ...fields, userName: 'carol', password: 'wrong' })).status, 401)
    const shown = await login({ ...fields, userName: 'carol', password })
    assert.match(shown.text, new RegExp(device.userCode))
    const soon = await Promise.all(Array.from({ length: 10 }, poll))
    assert.ok(soon.some(({ error }) => error === 'slow_down'))
    omen.clock.advance(1_000)
    assert.equal((await poll()).error, 'authorization_pending', 'a sign-in decides nothing')
    assert.equal((await sso.decide(shown.ticket, 'allow')).status, 200)
    omen.clock.advance(1_000)
    const tokens = await poll()
    assert.deepEqual([tokens.tokenType, tokens.expiresIn], ['Bearer', 3_600])
    assert.equal((await poll()).error, 'invalid_grant', 'a device code is good once')
    const { accountList } = await sso.portal('/assignment/accounts', tokens.accessToken)
    assert.deepEqual(
      accountList.map((each: { accountId: string }) => each.accountId),
      [account],
    )
    const { roleList } = await sso.portal(`/assignment/roles?account_id=${account}`, tokens.accessToken)
    assert.deepEqual(roleList, [{ roleName: 'Auditor', accountId: account }])
    const asked = `/federation/credentials?account_id=${account}&role_name=Auditor`
    const { roleCredentials } = await sso.portal(asked, tokens.accessToken)
    const { accessKeyId, secretAccessKey, sessionToken } = roleCredentials
    const sts = new STS(omen.clientConfig({ accessKeyId, secretAccessKey, sessionToken }))
    const { Arn } = await sts.getCallerIdentity({})
    sts.destroy()
    assert.match(Arn ?? '', /assumed-role\/AWSReservedSSO_Auditor_[0-9a-f]{16}\/carol$/)
    assert.equal(
      (await sso.portal(asked.replace('Auditor', 'Other'), tokens.accessToken)).message,
      'No access',
    )
    assert.equal((await sso.portal(asked, `${tokens.accessToken.slice(0, -2)}AA`)).status, 401)
    assert.equal((await fetch(`${omen.endpoint}/assignment/accounts`)).status, 404)
    const [assumed] = await sso.events('AssumeRoleWithSAML')
    assert.equal(assumed?.userIdentity.type, 'SAMLUser')
    const [refused, given] = await sso.events('GetRoleCredentials')
    assert.equal(refused?.errorCode, 'ForbiddenException')
    assert.deepEqual(given?.userIdentity.type, 'IdentityCenterUser')
    assert.deepEqual(given?.serviceEventDetails, { role_name: 'Auditor', account_id: account })
    // renewal, and a token that was replaced
    const next = await sso.token(client, { grantType: 'refresh_token', refreshToken: tokens.refreshToken })
    assert.ok(next.accessToken)
    omen.clock.advance(61_000)
    assert.equal(
      (await sso.token(client, { grantType: 'refresh_token', refreshToken: tokens.refreshToken })).error,
      'invalid_grant',
    )
    assert.equal(
      (await sso.portal('/assignment/accounts', next.accessToken)).status,
      401,
      'a replay ends the family',
    )
  })

  test('SSO-63, SSO-64: a code needs its client, address and verifier, and is good once', async () => {
    const { password } = await sso.lent('dave', 'Reader', allow('sts:GetCallerIdentity'))
    const client = await sso.register({
      redirectUris: ['http://127.0.0.1/oauth/callback'],
      grantTypes: ['authorization_code', 'refresh_token'],
      issuerUrl: sso.shown.startUrl,
    })
    const flow = await sso.authorize(client, 'dave', password)
    const exchange = (more: object = {}, other = client) =>
      sso.token(other, {
        grantType: 'authorization_code',
        code: flow.code,
        codeVerifier: flow.verifier,
        redirectUri: flow.redirect,
        ...more,
      })
    assert.equal((await exchange({ codeVerifier: 'A'.repeat(43) })).error, 'invalid_grant')
    assert.equal((await exchange({ redirectUri: 'http://127.0.0.1:9/other' })).error, 'invalid_grant')
    assert.equal((await exchange({}, await sso.register())).error, 'invalid_grant')
    assert.equal((await exchange({}, { ...client, clientSecret: 'x' })).error, 'invalid_client')
    const tokens = await exchange()
    assert.ok(tokens.accessToken, JSON.stringify(tokens))
    assert.equal((await exchange()).error, 'invalid_grant')
    assert.equal(
      (await sso.portal('/assignment/accounts', tokens.accessToken)).status,
      401,
      'a replay ends the family',
    )
    for (const redirect_uri of [
      'http://127.0.0.1.evil.example/oauth/callback',
      'http://127.0.0.1@evil.example/oauth/callback',
      'http://localhost:1/oauth/callback',
      'http://127.0.0.1:1/other',
    ])
      assert.equal((await sso.opened(client, { redirect_uri })).status, 400, redirect_uri)
    assert.equal(
      (
        await post('/client/register', {
          clientName: 'x',
          clientType: 'public',
          redirectUris: ['http://evil.example/'],
        })
      ).error,
      'invalid_redirect_uri',
    )
    assert.equal(
      (await post('/client/register', { clientName: 'x', clientType: 'confidential' })).error,
      'invalid_client_metadata',
    )
    const begin = () => post('/device_authorization', { ...client, startUrl: sso.shown.startUrl })
    const many = await Promise.all(Array.from({ length: 22 }, begin))
    assert.ok(many.some(({ error }) => error === 'slow_down'))
    omen.clock.advance(61_000)
    assert.equal(
      (await post('/device_authorization', { ...client, startUrl: 'https://d-0000000000.awsapps.com/start' }))
        .error,
      'invalid_request',
    )
  })

  test('SSO-114, SSO-66, SSO-72: what ends a session, and attributes as tags', async () => {
    const policy = allow('iam:ListUsers', '*', { StringEquals: { 'aws:PrincipalTag/Center': '42' } })
    const { user, password, set } = await sso.lent('erin', 'Tagged', policy)
    await admin('CreateInstanceAccessControlAttributeConfiguration', {
      InstanceAccessControlAttributeConfiguration: {
        AccessControlAttributes: [{ Key: 'Center', Value: { Source: ['${path:title}'] } }],
      },
    })
    await store('UpdateUser', {
      UserId: user,
      Operations: [{ AttributePath: 'title', AttributeValue: '42' }],
    })
    const tokens = await sso.tokens('erin', password)
    const asked = `/federation/credentials?account_id=${account}&role_name=Tagged`
    const { roleCredentials } = await sso.portal(asked, tokens.accessToken)
    const { accessKeyId, secretAccessKey, sessionToken } = roleCredentials
    const iam = new IAM(omen.clientConfig({ accessKeyId, secretAccessKey, sessionToken }))
    assert.ok((await iam.listUsers({})).Users)
    await sso.unassign(set, 'USER', user)
    await assert.rejects(iam.listUsers({}), { name: 'InvalidClientTokenId' })
    iam.destroy()
    assert.equal((await sso.portal(asked, tokens.accessToken)).message, 'No access')
    assert.equal((await sso.own('GET', '/_omen/decisions/last')).because?.kind, 'notAssigned')
    await sso.own('POST', '/_omen/identity-center/password', { userName: 'erin', password: `${password}x` })
    assert.equal((await sso.portal('/assignment/accounts', tokens.accessToken)).status, 401)
    const more = await sso.tokens('erin', `${password}x`)
    const status = (enabled: boolean) =>
      sso.own('POST', '/_omen/identity-center/status', { userName: 'erin', enabled })
    await status(false)
    assert.equal((await sso.portal('/assignment/accounts', more.accessToken)).status, 401)
    assert.equal((await sso.start({ userName: 'erin', password: `${password}x` })).status, 401)
    assert.equal((await store('DescribeUser', { UserId: user })).UserStatus, 'DISABLED')
    await status(true)
    assert.equal((await sso.portal('/assignment/accounts', more.accessToken)).status, 200)
    await sso.portal('/logout', more.accessToken, 'POST')
    assert.equal((await sso.portal('/assignment/accounts', more.accessToken)).status, 401)
    const last = await sso.tokens('erin', `${password}x`)
    await store('DeleteUser', { UserId: user })
    assert.equal((await sso.portal('/assignment/accounts', last.accessToken)).status, 401)
  })

  test('SSO-69, SGN-90: the portal shows who it is and what is lent, shows keys, and puts a role on in the console', async () => {
    const { password } = await sso.lent('hana', 'Portal', allow('iam:ListUsers'))
    const html = { headers: { accept: 'text/html', 'accept-language': 'ja' } }
    assert.match(await (await fetch(`${omen.endpoint}/start`, html)).text(), /アクセスポータル/)
    assert.equal((await sso.start({ userName: 'hana', password: 'wrong' })).status, 401)
    const page = await sso.start({ userName: 'hana', password })
    assert.match(page.text, /as hana\..*"AWSReservedSSO_Portal_[0-9a-f]{16}".*"Keys: Portal \(\d{12}\)"/s)
    const lent = { t: page.ticket, account, set: 'Portal' }
    assert.match((await sso.start({ ...lent, action: 'keys' })).text, /export AWS_ACCESS_KEY_ID=ASIA/)
    assert.equal((await sso.start({ ...lent, set: 'Other', action: 'keys' })).status, 403)
    const worn = await sso.start({ ...lent, action: 'wear' })
    assert.match(worn.to, /^\/#half=/)
    const [login] = await sso.events('ConsoleLogin')
    assert.match(JSON.stringify(login?.userIdentity), /assumed-role\/AWSReservedSSO_Portal_/)
    assert.equal((await sso.start({ t: page.ticket, action: 'leave' })).to, '/start')
    assert.equal((await sso.start({ ...lent, action: 'keys' })).status, 401)
  })

  test('SSO-67: no secret is in the trail or in the store', async () => {
    const { password } = await sso.lent('frank', 'Frank', allow('s3:*'))
    const tokens = await sso.tokens('frank', password)
    const { events } = await omen.omen.deps.recorder.lookUp({
      account: omen.omen.deps.firstAccount,
      limit: 1_000,
    })
    const kept = await omen.omen.deps.directory.store.loadAccount(omen.omen.deps.firstAccount)
    const all = [...events.map(({ json }) => json), ...(kept?.items ?? []).map(({ value }) => value)].join(
      '\n',
    )
    for (const secret of [password, tokens.accessToken, tokens.refreshToken]) assert.ok(!all.includes(secret))
  })
})
