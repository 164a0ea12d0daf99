import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { type As, createOmen } from 'omen-iam'
import { deny, policyText } from '../kit/index.ts'
import { allow, faultOf } from './iam/house.ts'
import { account, arn, credentialsOf, eventsNamed, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen, iam, sts, user, role, assume, mfa } = server
after(server.close)

const everything = allow('*')
const invalid = 'InvalidClientTokenId 403: The security token included in the request is invalid.'
const secondsLeft = (expiration: Date | undefined) =>
  Math.round((expiration!.getTime() - omen.clock.now()) / 1000)

describe('GetSessionToken', () => {
  test('needs no permission, lives twelve hours, root’s one (POL-061, STS-32)', async () => {
    const ida = await user('ida', policyText(deny('*')))
    const { Credentials } = await sts(ida).getSessionToken({})
    assert.ok(Math.abs(secondsLeft(Credentials?.Expiration) - 43_200) < 5)
    const identity = await sts(credentialsOf(Credentials)).getCallerIdentity({})
    assert.equal(identity.Arn, arn('user/ida'))
    for (const DurationSeconds of [undefined, 900, 7_200]) {
      const root = await sts('root').getSessionToken({ DurationSeconds })
      assert.ok(
        Math.abs(secondsLeft(root.Credentials?.Expiration) - Math.min(DurationSeconds ?? 3_600, 3_600)) < 5,
      )
    }
    assert.match(await faultOf(sts().getSessionToken({ DurationSeconds: 129_601 })), /^ValidationError 400/)
  })

  test('may not call IAM without MFA, nor STS but for five operations (POL-062, STS-71, STS-72)', async () => {
    const joe = await user('joe', everything)
    const device = await mfa('joe')
    const plain = credentialsOf((await sts(joe).getSessionToken({})).Credentials)
    assert.equal(await faultOf(server.iamAs(plain).getUser({})), invalid)
    const { SerialNumber } = device
    const strong = credentialsOf(
      (await sts(joe).getSessionToken({ SerialNumber, TokenCode: device.code() })).Credentials,
    )
    await server.iamAs(strong).getUser({ UserName: 'joe' })
    for (const session of [plain, strong]) {
      await sts(session).getCallerIdentity({})
      const cannot = (operation: string) =>
        `AccessDenied 403: Cannot call ${operation} with session credentials`
      assert.equal(await faultOf(sts(session).getSessionToken({})), cannot('GetSessionToken'))
      assert.equal(
        await faultOf(sts(session).getFederationToken({ Name: 'xx' })),
        cannot('GetFederationToken'),
      )
      assert.equal(
        await faultOf(sts(session).getAccessKeyInfo({ AccessKeyId: omen.keys.root.accessKeyId })),
        cannot('GetAccessKeyInfo'),
      )
    }
    const roleArn = await role('joes', trusting({ AWS: arn('user/joe') }))
    await assume(plain, roleArn)
    const [event] = (await eventsNamed(server, 'GetUser')).slice(-1)
    assert.match(JSON.stringify(event?.userIdentity.sessionContext), /"mfaAuthenticated":"true"/)
  })

  test('ends with the key that asked, or while it rests; not with another key (SES-4)', async () => {
    const kim = await user('kim', everything)
    const session = credentialsOf((await sts(kim).getSessionToken({})).Credentials)
    const AccessKeyId = kim.accessKeyId
    await iam.updateAccessKey({ UserName: 'kim', AccessKeyId, Status: 'Inactive' })
    assert.equal(await faultOf(sts(session).getCallerIdentity({})), invalid)
    await iam.updateAccessKey({ UserName: 'kim', AccessKeyId, Status: 'Active' })
    await sts(session).getCallerIdentity({})
    await iam.createAccessKey({ UserName: 'kim' })
    await iam.deleteAccessKey({ UserName: 'kim', AccessKeyId })
    assert.equal(await faultOf(sts(session).getCallerIdentity({})), invalid)
  })
})

describe('a reset of the house', () => {
  test('ends earlier sessions, root’s too (SES-9)', async () => {
    await using omen = await createOmen()
    const as = (who: As) => new STS({ ...omen.clientConfig(who), maxAttempts: 1 })
    const { Credentials: own } = await as('root').getSessionToken({})
    const { Credentials: fed } = await as('root').getFederationToken({ Name: 'fed' })
    omen.clock.advance(1_000)
    const sessions = [own, fed].map(credentialsOf)
    for (const session of sessions) await as(session).getCallerIdentity({})
    await omen.reset()
    for (const session of sessions) assert.equal(await faultOf(as(session).getCallerIdentity({})), invalid)
    const { Credentials: anew } = await as('root').getSessionToken({})
    // of a clock that is put back, nobody suffers
    omen.clock.advance(-60_000)
    await as(credentialsOf(anew)).getCallerIdentity({})
    const { Credentials: earlier } = await as('root').getSessionToken({})
    await as(credentialsOf(earlier)).getCallerIdentity({})
  })
})

describe('GetFederationToken', () => {
  test('has what both the user and the session policy allow; without one, nothing (POL-063, STS-20, STS-33)', async () => {
    const liz = await user('liz', allow(['sts:*', 'ec2:DescribeVpcs', 'organizations:DescribeOrganization']))
    const answer = await sts(liz).getFederationToken({ Name: 'Bob', Policy: everything })
    assert.deepEqual(answer.FederatedUser, {
      Arn: `arn:aws:sts::${account}:federated-user/Bob`,
      FederatedUserId: `${account}:Bob`,
    })
    assert.ok(answer.PackedPolicySize! > 0)
    const plain = await sts(liz).getFederationToken({ Name: 'Bob' })
    assert.equal(plain.PackedPolicySize, plain.SessionTokenUtilization)
    const bob = credentialsOf(answer.Credentials)
    const identity = await sts(bob).getCallerIdentity({})
    assert.equal(identity.UserId, `${account}:Bob`)
    assert.equal(await faultOf(server.iamAs(bob).listUsers({})), invalid)
    assert.match(await faultOf(sts(bob).getSessionToken({})), /Cannot call GetSessionToken/)
    assert.match(
      await faultOf(sts(bob).getWebIdentityToken({ Audience: ['a'], SigningAlgorithm: 'RS256' })),
      /Cannot call GetWebIdentityToken/,
    )
    const [event] = (await eventsNamed(server, 'GetFederationToken')).slice(-1)
    assert.equal(event?.readOnly, false)
    assert.deepEqual(Object.keys(event?.responseElements?.credentials ?? {}), [
      'accessKeyId',
      'sessionToken',
      'expiration',
    ])
  })

  test('asks for its action on the federated user, and for TagSession with tags', async () => {
    const bob = `arn:aws:sts::${account}:federated-user/Bob`
    const meg = await user('meg', allow('sts:GetFederationToken', bob))
    await sts(meg).getFederationToken({ Name: 'Bob' })
    assert.match(
      await faultOf(sts(meg).getFederationToken({ Name: 'Rob' })),
      /sts:GetFederationToken on resource: .*\/Rob/,
    )
    const Tags = [{ Key: 'a', Value: 'b' }]
    assert.match(await faultOf(sts(meg).getFederationToken({ Name: 'Bob', Tags })), /perform: sts:TagSession/)
  })

  test('outlives the key that asked, and ends with the user (SES-7)', async () => {
    const ned = await user('ned', everything)
    const fed = credentialsOf((await sts(ned).getFederationToken({ Name: 'fed' })).Credentials)
    await iam.deleteAccessKey({ UserName: 'ned', AccessKeyId: ned.accessKeyId })
    await sts(fed).getCallerIdentity({})
    await iam.deleteUserPolicy({ UserName: 'ned', PolicyName: 'own' })
    await iam.deleteUser({ UserName: 'ned' })
    assert.equal(await faultOf(sts(fed).getCallerIdentity({})), invalid)
  })
})

describe('GetScopedCredentials', () => {
  test('are the same session with less, three times at the most (STS-73 to STS-77)', async () => {
    const wide = await role(
      'wide',
      trusting({ AWS: account }, ['sts:AssumeRole', 'sts:SetSourceIdentity']),
      allow(['iam:GetRole', 'iam:ListUsers', 'iam:ListRoles', 'sts:GetScopedCredentials']),
    )
    const worn = await assume('admin', wide, { SourceIdentity: 'Me' })
    const scope = (...actions: readonly string[]) => allow(['sts:GetScopedCredentials', ...actions])
    const one = await sts(worn).getScopedCredentials({ Policy: scope('iam:GetRole', 'iam:ListUsers') })
    assert.equal(one.ScopedPoliciesCount, 1)
    assert.equal(one.SourceIdentity, 'Me')
    assert.equal(one.SessionInfo?.Arn, `arn:aws:sts::${account}:assumed-role/wide/session`)
    const first = credentialsOf(one.Credentials)
    assert.equal((await sts(first).getCallerIdentity({})).Arn, one.SessionInfo?.Arn)
    await server.iamAs(first).listUsers({})
    assert.match(
      await faultOf(server.iamAs(first).listRoles({})),
      /no session policy allows the iam:ListRoles action/,
    )
    const two = await sts(first).getScopedCredentials({ Policy: scope('iam:GetRole', 'iam:ListRoles') })
    const second = credentialsOf(two.Credentials)
    await server.iamAs(second).getRole({ RoleName: 'wide' })
    for (const refused of [server.iamAs(second).listUsers({}), server.iamAs(second).listRoles({})]) {
      assert.match(await faultOf(refused), /^AccessDenied/)
    }
    const three = await sts(second).getScopedCredentials({ Policy: scope('*') })
    const third = credentialsOf(three.Credentials)
    assert.match(await faultOf(sts(third).getScopedCredentials({ Policy: scope('*') })), /^AccessDenied 403/)
    const shorter = await sts(third).getScopedCredentials({ DurationSeconds: 60 })
    assert.equal(shorter.ScopedPoliciesCount, 3)
    assert.ok(Math.abs(secondsLeft(shorter.Credentials?.Expiration) - 60) < 5)
  })

  test('cap what a resource’s policy grants to the very session', async () => {
    const inner = await role('inner', trusting({ AWS: account }), everything)
    // A trust policy names no session (POL-142); that everybody is trusted counts as naming the session itself.
    const target = await role('target', trusting({ AWS: '*' }))
    const worn = await assume('admin', inner)
    await assume(worn, target)
    const { Credentials } = await sts(worn).getScopedCredentials({ Policy: allow('iam:*') })
    assert.match(await faultOf(assume(credentialsOf(Credentials), target)), /^AccessDenied/)
  })

  test('reach into another account as far as their scope goes (STS-74)', async () => {
    const organizations = omen.client(Organizations, 'admin')
    await organizations.createOrganization({})
    const made = await organizations.createAccount({ AccountName: 'other', Email: 'other@example.com' })
    const { CreateAccountStatus: created } = await organizations.describeCreateAccountStatus({
      CreateAccountRequestId: made.CreateAccountStatus!.Id,
    })
    const there = arn('role/OrganizationAccountAccessRole', created!.AccountId)
    const worn = await assume('admin', await role('far', trusting({ AWS: account }), everything))
    const scoped = async (Policy: string) =>
      credentialsOf((await sts(worn).getScopedCredentials({ Policy })).Credentials)
    await assume(await scoped(allow('sts:AssumeRole', there)), there)
    assert.match(
      await faultOf(assume(await scoped(allow('sts:AssumeRole', arn('role/*'))), there)),
      /^AccessDenied/,
    )
  })

  test('are as old as their session: who revokes it reaches them (STS-78)', async () => {
    const statements = (...more: readonly object[]) =>
      policyText({ Effect: 'Allow', Action: '*', Resource: '*' }, ...more)
    const revoked = await role('old', trusting({ AWS: account }), statements())
    const worn = await assume('admin', revoked)
    omen.clock.advance(60_000)
    const since = new Date(omen.clock.now() - 30_000).toISOString()
    const scoped = async () =>
      credentialsOf((await sts(worn).getScopedCredentials({ DurationSeconds: 900 })).Credentials)
    const before = await scoped()
    await server.iamAs(before).listUsers({})
    const Condition = { DateLessThan: { 'aws:TokenIssueTime': since } }
    const PolicyDocument = statements({ Effect: 'Deny', Action: 'iam:*', Resource: '*', Condition })
    await iam.putRolePolicy({ RoleName: 'old', PolicyName: 'own', PolicyDocument })
    for (const credentials of [worn, before, await scoped()])
      assert.match(await faultOf(server.iamAs(credentials).listUsers({})), /^AccessDenied 403/)
    await server.iamAs(await assume('admin', revoked)).listUsers({})
  })

  test('not from long-term credentials, not longer than the session, not for nothing (STS-70, STS-76)', async () => {
    assert.match(await faultOf(sts().getScopedCredentials({ DurationSeconds: 60 })), /^AccessDenied 403/)
    const session = credentialsOf((await sts().getSessionToken({ DurationSeconds: 900 })).Credentials)
    assert.match(
      await faultOf(sts(session).getScopedCredentials({ DurationSeconds: 901 })),
      /^InsufficientSessionLifetime 400/,
    )
    assert.match(await faultOf(sts(session).getScopedCredentials({})), /^ValidationError 400/)
    assert.match(
      await faultOf(sts(session).getScopedCredentials({ Policy: '{}' })),
      /^MalformedPolicyDocument 400/,
    )
  })
})

describe('what needs nobody', () => {
  test('GetDelegatedAccessToken knows no token (STS-120, DLG-8)', async () => {
    assert.match(await faultOf(sts().getDelegatedAccessToken({ TradeInToken: 'token' })), /^AccessDenied 403/)
    assert.ok(!JSON.stringify(await eventsNamed(server, 'GetDelegatedAccessToken')).includes('"token"'))
  })

  test('GetAccessKeyInfo reads the account out of any key id (IDS-2)', async () => {
    assert.equal(
      (await sts().getAccessKeyInfo({ AccessKeyId: 'ASIATFQR7NSC36DZQP7P' })).Account,
      '218007301253',
    )
    assert.match(await faultOf(sts().getAccessKeyInfo({ AccessKeyId: '1111111111111111' })), /400/)
  })

  test('a role’s session needs the permission before it is refused as a session (STS-72)', async () => {
    const trust = trusting({ AWS: account })
    const bare = await assume('admin', await role('bare', trust))
    assert.match(
      await faultOf(sts(bare).getFederationToken({ Name: 'xx' })),
      /^AccessDenied 403: User: \S+ is not authorized to perform: sts:GetFederationToken on resource: \S+federated-user\/xx because/,
    )
    const able = await assume('admin', await role('able', trust, everything))
    assert.equal(
      await faultOf(sts(able).getFederationToken({ Name: 'xx' })),
      'AccessDenied 403: Cannot call GetFederationToken with session credentials',
    )
  })

  test('DecodeAuthorizationMessage asks for permission and takes only what this house encoded', async () => {
    assert.equal(
      await faultOf(sts().decodeAuthorizationMessage({ EncodedMessage: 'nonsense' })),
      'InvalidAuthorizationMessageException 400: Message is not valid',
    )
    const nobody = await user('nobody')
    for (const [action, refused] of [
      ['DecodeAuthorizationMessage', sts(nobody).decodeAuthorizationMessage({ EncodedMessage: 'nonsense' })],
      ['GetAccessKeyInfo', sts(nobody).getAccessKeyInfo({ AccessKeyId: 'ASIATFQR7NSC36DZQP7P' })],
    ] as const) {
      assert.equal(
        await faultOf(refused), // STS-6
        `AccessDenied 403: User: ${arn('user/nobody')} is not authorized to perform: sts:${action} because no identity-based policy allows the sts:${action} action`,
      )
    }
  })
})
