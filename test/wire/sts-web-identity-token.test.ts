import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { allow, faultOf } from './iam/house.ts'
import { account, arn, credentialsOf, eventsNamed, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen, iam, sts } = server
after(server.close)
const wanted = { Audience: ['https://api.example.com'], SigningAlgorithm: 'RS256' }

describe('GetWebIdentityToken', () => {
  test('only once the account has outbound federation (STS-101, STS-142, STS-143)', async () => {
    assert.equal(
      await faultOf(sts().getWebIdentityToken(wanted)),
      'OutboundWebIdentityFederationDisabledException 403: OutboundWebIdentityFederation is disabled.',
    )
    const twice = [
      { Key: 'a', Value: '1' },
      { Key: 'A', Value: '2' },
    ]
    assert.match(
      await faultOf(sts().getWebIdentityToken({ ...wanted, Tags: twice })),
      /^InvalidParameterValue 400: Duplicate/,
    )
    assert.equal(
      await faultOf(iam.getOutboundWebIdentityFederationInfo({})),
      `FeatureDisabled 404: Outbound identity federation is disabled for account ${account}`,
    )
    await iam.enableOutboundWebIdentityFederation({})
    await sts().getWebIdentityToken(wanted)
  })

  test('anyone can verify it, by RS256 and ES384, from the issuer’s documents (STS-100, STS-102, STS-104, STS-141, STS-144)', async () => {
    const { IssuerIdentifier } = await iam.getOutboundWebIdentityFederationInfo({})
    const id = /^https:\/\/([0-9a-f-]{36})\./.exec(IssuerIdentifier ?? '')![1]
    const discovery = await fetch(`${omen.endpoint}/oidc/${id}/.well-known/openid-configuration`)
    const { issuer, jwks_uri } = (await discovery.json()) as Record<string, string>
    assert.equal(issuer, IssuerIdentifier)
    const keys = createRemoteJWKSet(new URL(jwks_uri!))
    const role = await server.role(
      'talker',
      trusting({ AWS: account }, ['sts:AssumeRole', 'sts:TagSession']),
      allow('sts:*'),
      {
        Path: '/a/',
        Tags: [{ Key: 'team', Value: 'red' }],
      },
    )
    const worn = await server.assume('admin', role, { Tags: [{ Key: 'Team', Value: 'blue' }] })
    for (const SigningAlgorithm of ['RS256', 'ES384']) {
      const { WebIdentityToken, Expiration } = await sts(worn).getWebIdentityToken({
        Audience: ['one', 'two'],
        SigningAlgorithm,
        DurationSeconds: 60,
        Tags: [
          { Key: 'job', Value: '7' },
          { Key: 'aws:x', Value: '8' },
        ],
      })
      const { payload } = await jwtVerify(WebIdentityToken!, keys, { issuer: issuer!, audience: 'two' })
      assert.equal(payload.sub, role)
      assert.equal(payload.exp, Math.floor(Expiration!.getTime() / 1000))
      const { original_session_exp: end, ...claims } = payload['https://sts.amazonaws.com/'] as Record<
        string,
        string
      >
      assert.match(end ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, '(STS-171)')
      assert.deepEqual(claims, {
        aws_account: account,
        source_region: 'us-east-1',
        principal_id: role,
        principal_tags: { Team: 'blue' },
        request_tags: { job: '7', 'aws:x': '8' },
      })
    }
    const published = JSON.stringify(await (await fetch(jwks_uri!)).json())
    assert.match(published, /"kid":"RSA_0".*"kid":"EC384_0"/)
    assert.doesNotMatch(published, /"(d|p|q|dp|dq|qi)":/)
  })

  test('permissions: audience, duration, algorithm, and tags by an action of their own (STS-100, STS-140)', async () => {
    const condition = {
      'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': 'good' },
      NumericLessThanEquals: { 'sts:DurationSeconds': 300 },
      StringEquals: { 'sts:SigningAlgorithm': 'ES384' },
    }
    const self = `arn:aws:sts::${account}:self`
    const user = await server.user('limited', allow('sts:GetWebIdentityToken', self, condition))
    const good = { Audience: ['good'], SigningAlgorithm: 'ES384' }
    const { WebIdentityToken } = await sts(user).getWebIdentityToken(good)
    assert.equal(decodeJwt(WebIdentityToken!).sub, arn('user/limited'))
    assert.equal(decodeJwt(WebIdentityToken!).aud, 'good')
    for (const more of [
      { Audience: ['good', 'bad'] },
      { DurationSeconds: 301 },
      { SigningAlgorithm: 'RS256' },
    ]) {
      assert.match(await faultOf(sts(user).getWebIdentityToken({ ...good, ...more })), /^AccessDenied 403/)
    }
    assert.match(
      await faultOf(sts(user).getWebIdentityToken({ ...good, Tags: [{ Key: 'a', Value: 'b' }] })),
      new RegExp(`perform: sts:TagGetWebIdentityToken on resource: ${self} because`),
    )
  })

  test('never longer than the session, never of another origin, never back into AWS, never too long (STS-103, STS-105, STS-106)', async () => {
    const { Credentials } = await sts().getSessionToken({ DurationSeconds: 900 })
    const session = sts(credentialsOf(Credentials))
    assert.match(
      await faultOf(session.getWebIdentityToken({ ...wanted, DurationSeconds: 901 })),
      /^SessionDurationEscalationException 403/,
    )
    assert.match(
      await faultOf(sts().getWebIdentityToken({ ...wanted, SubjectMode: 'OriginIdentity' })),
      /^ValidationError 400/,
    )
    const { WebIdentityToken } = await sts().getWebIdentityToken(wanted)
    assert.match(
      await faultOf(
        sts().assumeRoleWithWebIdentity({
          RoleArn: arn('role/x'),
          RoleSessionName: 'xx',
          WebIdentityToken: WebIdentityToken!,
        }),
      ),
      /^InvalidIdentityToken 400: No OpenIDConnect provider/,
    )
    const tags = Array.from({ length: 50 }, (_, i) => ({
      Key: `k${i}`.padEnd(120, 'k'),
      Value: 'v'.repeat(250),
    }))
    assert.match(
      await faultOf(sts().getWebIdentityToken({ ...wanted, Tags: tags })),
      /^JWTPayloadSizeExceededException 400/,
    )
    const events = JSON.stringify(await eventsNamed(server, 'GetWebIdentityToken'))
    assert.ok(!events.includes(WebIdentityToken!))
  })
})
