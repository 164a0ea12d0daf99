import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { deny, policyText } from '../kit/index.ts'
import { allow, faultOf } from './iam/house.ts'
import { account, arn, credentialsOf, eventsNamed, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen, iam, sts, user, role, assume, mfa } = server
after(server.close)

const everyone = trusting({ AWS: account }, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'])
const stsAll = allow('sts:*')

describe('AssumeRole: who may', () => {
  test('trust of the account and the own permission, or to be named (POL-038, POL-041)', async () => {
    const ann = await user('ann')
    const trusted = await role('trusts-account', trusting({ AWS: arn('root') }))
    const named = await role('names-ann', trusting({ AWS: arn('user/ann') }))
    const denied = `AccessDenied 403: User: ${arn('user/ann')} is not authorized to perform: sts:AssumeRole on resource: `
    assert.equal(await faultOf(assume(ann, trusted)), denied + trusted)
    await assume(ann, named)
    const bea = await user('bea', stsAll)
    await assume(bea, trusted)
    assert.match(await faultOf(assume(bea, named)), /^AccessDenied 403/)
  })

  test('a role that is not there is refused in the same words (STS-1)', async () => {
    const eve = await user('eve', stsAll)
    const secret = await role('secret', trusting({ AWS: arn('user/ann') }))
    const refused = await faultOf(assume(eve, secret))
    const missing = await faultOf(assume(eve, arn('role/missing')))
    assert.equal(missing, refused.replace('secret', 'missing'))
    const [event] = (await eventsNamed(server, 'AssumeRole')).slice(-1)
    assert.equal(event?.requestParameters, null)
  })

  test('what is no ARN of an account is invalid, what is no role is trusted by nobody (STS-3)', async () => {
    const eva = await user('eva', stsAll)
    const denied = `AccessDenied 403: User: ${arn('user/eva')} is not authorized to perform: sts:AssumeRole on resource: `
    const session = `arn:aws:sts::${account}:assumed-role/secret/session`
    for (const other of [arn('user/eva'), session, arn('role/')])
      assert.equal(await faultOf(assume(eva, other)), denied + other)
    for (const text of [
      'nothing-valid-in-here',
      'arn:aws:iam::1234:role/secret',
      'arn:aws:iam::aws:policy/x',
    ])
      assert.equal(await faultOf(assume(eva, text)), `ValidationError 400: ${text} is invalid`)
  })

  test('not root, not federated users, not itself (STS-2, POL-042, POL-060, POL-063)', async () => {
    const self = await role('self', trusting({ AWS: account }), stsAll)
    assert.equal(
      await faultOf(assume('root', self)),
      'AccessDenied 403: Roles may not be assumed by root accounts.',
    )
    const { Credentials } = await sts().getFederationToken({ Name: 'fed', Policy: stsAll })
    assert.match(
      await faultOf(assume(credentialsOf(Credentials), self)),
      /^AccessDenied 403: Cannot call AssumeRole/,
    )
    const worn = await assume('admin', self)
    await assume(worn, self) // its trust policy trusts the account, itself among it
    await iam.updateAssumeRolePolicy({
      RoleName: 'self',
      PolicyDocument: trusting({ AWS: arn('user/admin') }),
    })
    assert.match(await faultOf(assume(worn, self)), /^AccessDenied 403/)
  })

  test('one session of a role, if the trust policy names it (POL-192)', async () => {
    const first = await role('first', trusting({ AWS: account }))
    const second = await role(
      'second',
      trusting({ AWS: `arn:aws:sts::${account}:assumed-role/first/release` }),
    )
    await assume(await assume('admin', first, { RoleSessionName: 'release' }), second)
    const other = await assume('admin', first, { RoleSessionName: 'other' })
    assert.match(await faultOf(assume(other, second)), /^AccessDenied 403/)
    const { Role } = await iam.getRole({ RoleName: 'second' })
    assert.match(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), /:assumed-role\/first\/release"/)
  })

  test('ExternalId, when the trust policy requires one (POL-049)', async () => {
    const external = await role(
      'external',
      trusting({ AWS: account }, 'sts:AssumeRole', { StringEquals: { 'sts:ExternalId': 'right' } }),
    )
    await assume('admin', external, { ExternalId: 'right' })
    assert.match(await faultOf(assume('admin', external, { ExternalId: 'wrong' })), /^AccessDenied/)
    assert.match(await faultOf(assume('admin', external)), /^AccessDenied/)
  })
})

describe('AssumeRole: how long', () => {
  test('as long as the role allows, an hour in a chain (POL-046, POL-047, STS-30, STS-31)', async () => {
    const long = await role('long', everyone, stsAll, { MaxSessionDuration: 7_200 })
    const asked = await sts().assumeRole({ RoleArn: long, RoleSessionName: 'xx', DurationSeconds: 7_200 })
    const left = asked.Credentials!.Expiration!.getTime() - omen.clock.now()
    assert.ok(Math.abs(left - 7_200_000) < 5_000)
    assert.equal(
      await faultOf(assume('admin', long, { DurationSeconds: 7_201 })),
      'ValidationError 400: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
    const worn = credentialsOf(asked.Credentials)
    await assume(worn, long, { DurationSeconds: 3_600 })
    assert.equal(
      await faultOf(assume(worn, long, { DurationSeconds: 3_601 })),
      'ValidationError 400: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
    assert.match(
      await faultOf(assume('admin', long, { DurationSeconds: 899 })),
      /^ValidationError 400: .*900/,
    )
  })
})

describe('AssumeRole: MFA', () => {
  test('checked for real, fresh in the request, and never twice (POL-072, STS-40)', async () => {
    const mia = await user('mia', stsAll)
    const device = await mfa('mia')
    const careful = await role(
      'careful',
      trusting({ AWS: account }, 'sts:AssumeRole', {
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        NumericLessThan: { 'aws:MultiFactorAuthAge': '60' },
      }),
      allow('iam:GetRole', '*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    )
    const { SerialNumber } = device
    assert.match(await faultOf(assume(mia, careful)), /^AccessDenied 403: User: /)
    const failed = 'AccessDenied 403: MultiFactorAuthentication failed'
    assert.equal(
      await faultOf(assume(mia, careful, { SerialNumber })),
      `${failed}, must provide both MFA serial number and one time pass code.`,
    )
    const TokenCode = device.code()
    const wrong = String((Number(TokenCode) + 1) % 1_000_000).padStart(6, '0')
    assert.match(
      await faultOf(assume(mia, careful, { SerialNumber, TokenCode: wrong })),
      /MultiFactorAuthentication failed with invalid MFA one time pass code/,
    )
    assert.match(
      await faultOf(assume(mia, careful, { SerialNumber: arn('mfa/other'), TokenCode })),
      /^AccessDenied 403: MultiFactorAuthentication failed, unable to validate MFA code\./,
    )
    assert.match(await faultOf(assume('admin', careful, { SerialNumber, TokenCode })), /unable to validate/)
    const worn = await assume(mia, careful, { SerialNumber, TokenCode })
    assert.match(
      await faultOf(assume(mia, careful, { SerialNumber, TokenCode })),
      /invalid MFA one time pass code/,
    )
    await assume(mia, careful, { SerialNumber, TokenCode: device.next() })
    // the role's session itself carries no MFA
    assert.match(await faultOf(server.iamAs(worn).getRole({ RoleName: 'careful' })), /^AccessDenied/)
    const events = await eventsNamed(server, 'AssumeRole')
    assert.ok(!JSON.stringify(events).includes(TokenCode))
  })

  test('nine codes of a device are verified in three minutes, whatever comes of them (STS-41)', async () => {
    const ned = await user('ned', stsAll)
    const open = await role('open', trusting({ AWS: account }))
    const { SerialNumber, ...device } = await mfa('ned')
    const failed = 'AccessDenied 403: MultiFactorAuthentication failed'
    omen.clock.advance(180_000 - (omen.clock.now() % 180_000))
    const right = () => ({ SerialNumber, TokenCode: device.code() })
    const wrong = () => ({
      SerialNumber,
      TokenCode: String((Number(device.code()) + 1) % 1_000_000).padStart(6, '0'),
    })
    await sts(ned).getSessionToken(right())
    for (let i = 0; i < 4; i++) {
      assert.match(await faultOf(sts(ned).getSessionToken(wrong())), /with invalid MFA/)
      assert.match(await faultOf(assume(ned, open, wrong())), /with invalid MFA/)
    }
    const tooMany = `${failed}, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.`
    omen.clock.advance(30_000)
    assert.equal(await faultOf(sts(ned).getSessionToken(right())), tooMany)
    assert.equal(await faultOf(assume(ned, open, right())), tooMany)
    omen.clock.advance(150_000)
    await assume(ned, open, right())
  })

  test('a session of GetSessionToken carries it to both sides, with its age (POL-105)', async () => {
    const max = await user(
      'max',
      allow('sts:AssumeRole', '*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    )
    const device = await mfa('max')
    const aged = await role(
      'aged',
      trusting({ AWS: account }, 'sts:AssumeRole', { NumericLessThan: { 'aws:MultiFactorAuthAge': '300' } }),
    )
    assert.match(await faultOf(assume(max, aged)), /^AccessDenied/)
    const { Credentials } = await sts(max).getSessionToken({
      SerialNumber: device.SerialNumber,
      TokenCode: device.code(),
    })
    const session = credentialsOf(Credentials)
    await assume(session, aged)
    omen.clock.advance(301_000)
    assert.match(await faultOf(assume(session, aged)), /^AccessDenied/)
    omen.clock.advance(-301_000)
  })
})

describe('AssumeRole: tags and source identity', () => {
  test('need permissions of their own (POL-050, POL-052)', async () => {
    const bare = await role('bare', trusting({ AWS: account }))
    const tagged = { Tags: [{ Key: 'a', Value: 'b' }] }
    assert.equal(
      await faultOf(assume('admin', bare, tagged)),
      `AccessDenied 403: User: ${arn('user/admin')} is not authorized to perform: sts:TagSession on resource: ${bare}`,
    )
    assert.match(
      await faultOf(assume('admin', bare, { SourceIdentity: 'me' })),
      /perform: sts:SetSourceIdentity/,
    )
  })

  test('are seen in later calls, override the role’s and travel where transitive (POL-055 to POL-058, STS-10 to STS-14)', async () => {
    const tagger = await role(
      'tagger',
      everyone,
      policyText(
        { Effect: 'Allow', Action: 'sts:*', Resource: '*' },
        {
          Effect: 'Allow',
          Action: 'iam:GetRole',
          Resource: '*',
          Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue', 'aws:SourceIdentity': 'Me' } },
        },
      ),
      { Tags: [{ Key: 'Team', Value: 'red' }] },
    )
    const end = await role(
      'end',
      trusting({ AWS: account }, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], {
        StringEquals: { 'aws:ResourceTag/project': 'x', 'sts:SourceIdentity': 'Me' },
      }),
      allow('iam:ListRoles', '*', {
        StringEquals: { 'aws:PrincipalTag/project': 'x' },
        Null: { 'aws:PrincipalTag/team': 'true' },
      }),
      { Tags: [{ Key: 'Project', Value: 'y' }] },
    )
    const first = await assume('admin', tagger, {
      Tags: [
        { Key: 'team', Value: 'blue' },
        { Key: 'project', Value: 'x' },
      ],
      TransitiveTagKeys: ['project'],
      SourceIdentity: 'Me',
    })
    await server.iamAs(first).getRole({ RoleName: 'tagger' })
    const second = await sts(first).assumeRole({ RoleArn: end, RoleSessionName: 'second' })
    assert.equal(second.SourceIdentity, 'Me')
    await server.iamAs(credentialsOf(second.Credentials)).listRoles({})
    const events = await eventsNamed(server, 'AssumeRole')
    const event = events.find(({ requestParameters }) => requestParameters?.roleSessionName === 'second')
    assert.deepEqual(event?.requestParameters?.incomingTransitiveTags, { project: 'x' })
    const conflict =
      "InvalidParameterValue 400: One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session."
    assert.equal(await faultOf(assume(first, end, { Tags: [{ Key: 'Project', Value: 'z' }] })), conflict)
    assert.match(
      await faultOf(assume(first, end, { SourceIdentity: 'You' })),
      /perform: sts:SetSourceIdentity/,
    )
    assert.equal(
      await faultOf(assume('admin', tagger, { TransitiveTagKeys: ['a'] })),
      'InvalidParameterValue 400: The specified transitive tag key must be included in the requested tags.',
    )
    assert.equal(
      await faultOf(
        assume('admin', tagger, {
          Tags: [
            { Key: 'a', Value: '1' },
            { Key: 'A', Value: '2' },
          ],
        }),
      ),
      'InvalidParameterValue 400: Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    )
    assert.match(
      await faultOf(assume('admin', tagger, { Tags: [{ Key: 'AWS:team', Value: 'blue' }] })),
      /^InvalidParameterValue 400/,
    )
  })

  test('a source identity must be allowed at every step that hands it on (STS-51)', async () => {
    const from = await role('from', everyone, stsAll)
    const to = await role('to', trusting({ AWS: account }))
    const worn = await assume('admin', from, { SourceIdentity: 'Me' })
    assert.match(await faultOf(assume(worn, to)), /perform: sts:SetSourceIdentity/)
    await assume(await assume('admin', from), to)
  })

  test('nobody here provides contexts (STS-60)', async () => {
    const context = await role('context', trusting({ AWS: account }, ['sts:AssumeRole', 'sts:SetContext']))
    const ProvidedContexts = [
      { ProviderArn: 'arn:aws:iam::aws:contextProvider/IdentityCenter', ContextAssertion: 'assert' },
    ]
    assert.match(
      await faultOf(assume('admin', context, { ProvidedContexts })),
      /^InvalidContextAssertionException 400/,
    )
  })
})

describe('sessions end', () => {
  test('when their time is over, in AWS’s words', async () => {
    const brief = await role('brief', everyone)
    const worn = await assume('admin', brief, { DurationSeconds: 900 })
    await sts(worn).getCallerIdentity({})
    omen.clock.advance(901_000)
    assert.equal(
      await faultOf(sts(worn).getCallerIdentity({})),
      'ExpiredToken 403: The security token included in the request is expired',
    )
    omen.clock.advance(-901_000) // clients sign with the machine's time
  })

  test('when the role is deleted, and do not come back with one of the same name (SES-2)', async () => {
    const gone = await role('gone', everyone)
    const worn = await assume('admin', gone)
    await iam.deleteRole({ RoleName: 'gone' })
    await role('gone', everyone)
    assert.equal(
      await faultOf(sts(worn).getCallerIdentity({})),
      'InvalidClientTokenId 403: The security token included in the request is invalid.',
    )
  })

  test('when older sessions are revoked by aws:TokenIssueTime (POL-069)', async () => {
    const revoked = await role('revoked', everyone, allow('iam:GetRole'))
    const before = await assume('admin', revoked)
    omen.clock.advance(2_000)
    await iam.putRolePolicy({
      RoleName: 'revoked',
      PolicyName: 'AWSRevokeOlderSessions',
      PolicyDocument: policyText(
        deny(['*'], ['*'], {
          Condition: { DateLessThan: { 'aws:TokenIssueTime': new Date(omen.clock.now()).toISOString() } },
        }),
      ),
    })
    omen.clock.advance(2_000)
    assert.match(
      await faultOf(server.iamAs(before).getRole({ RoleName: 'revoked' })),
      /with an explicit deny/,
    )
    await server.iamAs(await assume('admin', revoked)).getRole({ RoleName: 'revoked' })
  })
})
