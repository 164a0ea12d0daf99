import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { fromCognitoIdentityPool } from '@aws-sdk/credential-providers'
import type { ClientCredentials } from 'omen-iam'
import { redirectIssuer } from '../../packages/server/src/assertions/index.ts'
import { policyText } from '../kit/index.ts'
import { needs, python } from '../support/index.ts'
import { oidcIssuer } from './oidc-issuer.ts'
import { type AnyAnswer, signed } from './signed.ts'
import { arn, eventsNamed, stsServer, trusting } from './sts-house.ts'

const host = 'cognito-identity.amazonaws.com'
const userPool = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_Abc'
const idp = 'login.example.com/tenant'
const server = await stsServer()
const { omen, iam } = server
const users = await oidcIssuer(`https://${userPool}`)
const own = await oidcIssuer(`https://${idp}`)
after(async () => {
  await users[Symbol.asyncDispose]()
  await own[Symbol.asyncDispose]()
  await server.close()
})
for (const issuer of [users, own]) await redirectIssuer(omen.omen.deps, issuer.issuer, issuer.base)
await iam.createOpenIDConnectProvider({ Url: own.issuer, ClientIDList: ['app'] })

const allow = (...actions: string[]) => policyText({ Effect: 'Allow', Action: actions, Resource: '*' })

const cognito = (operation: string, body: object, who?: ClientCredentials): Promise<AnyAnswer> =>
  signed(omen, {
    service: 'cognito-identity',
    target: `AWSCognitoIdentityService.${operation}`,
    body,
    ...(who && { who }),
  })

/** An operation without a signature, as apps call it. */
async function open(operation: string, body: object): Promise<AnyAnswer> {
  const response = await fetch(omen.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityService.${operation}`,
    },
    body: JSON.stringify(body),
  })
  const answer = JSON.parse(await response.text())
  return { status: response.status, ...answer }
}

async function pool(more: object = {}): Promise<string> {
  const { IdentityPoolId, ...rest } = await cognito('CreateIdentityPool', {
    IdentityPoolName: 'app',
    AllowUnauthenticatedIdentities: true,
    CognitoIdentityProviders: [{ ProviderName: userPool, ClientId: 'client' }],
    OpenIdConnectProviderARNs: [arn(`oidc-provider/${idp}`)],
    ...more,
  })
  assert.ok(IdentityPoolId, JSON.stringify(rest))
  return IdentityPoolId
}

const trustOf = (id: string, amr: string, actions: readonly string[] = ['sts:AssumeRoleWithWebIdentity']) =>
  trusting({ Federated: host }, actions, {
    StringEquals: { [`${host}:aud`]: id },
    'ForAnyValue:StringLike': { [`${host}:amr`]: amr },
  })

const login = (claims: object = {}) =>
  users.token({ aud: 'client', sub: 'alice', ...claims }, { now: omen.clock.now() })

const keysOf = ({ Credentials: c }: AnyAnswer): ClientCredentials => ({
  accessKeyId: c.AccessKeyId,
  secretAccessKey: c.SecretKey,
  sessionToken: c.SessionToken,
})

let count = 0
const role = (trust: string, policy = allow('*')) => server.role(`cognito${++count}`, trust, policy)
const refusal = ({ __type, message }: AnyAnswer) => [String(__type).replace(/^.*#/, ''), message]

describe('Cognito identity pools', () => {
  test('pools are made, listed, changed, tagged and deleted (COG-1, COG-2, COG-4)', async () => {
    const id = await pool({ IdentityPoolTags: { team: 'app' } })
    assert.match(id, /^us-east-1:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    const listed = await cognito('ListIdentityPools', { MaxResults: 10 })
    assert.ok(listed.IdentityPools.some(({ IdentityPoolId }: AnyAnswer) => IdentityPoolId === id))
    const ResourceArn = `arn:aws:cognito-identity:us-east-1:123456789012:identitypool/${id}`
    await cognito('TagResource', { ResourceArn, Tags: { tier: '1' } })
    await cognito('UntagResource', { ResourceArn, TagKeys: ['team'] })
    assert.deepEqual((await cognito('ListTagsForResource', { ResourceArn })).Tags, { tier: '1' })
    const changed = await cognito('UpdateIdentityPool', {
      IdentityPoolId: id,
      IdentityPoolName: 'renamed',
      AllowUnauthenticatedIdentities: false,
    })
    assert.deepEqual([changed.IdentityPoolName, changed.CognitoIdentityProviders], ['renamed', undefined])
    const guest = await open('GetId', { IdentityPoolId: id })
    assert.deepEqual(refusal(guest), [
      'NotAuthorizedException',
      'Unauthenticated access is not supported for this identity pool.',
    ])
    const nobody = await server.user('nobody')
    const denied = await cognito('DescribeIdentityPool', { IdentityPoolId: id }, nobody)
    assert.match(
      denied.message ?? denied.Message,
      /cognito-identity:DescribeIdentityPool on resource: arn:aws:cognito-identity:us-east-1:123456789012:identitypool/,
    )
    await cognito('DeleteIdentityPool', { IdentityPoolId: id })
    assert.equal(refusal(await open('GetId', { IdentityPoolId: id }))[0], 'ResourceNotFoundException')
  })

  test('whoever sets roles passes them to Cognito (COG-3)', async () => {
    const id = await pool()
    const RoleArn = await role(trustOf(id, 'authenticated'))
    const who = await server.user('setter', allow('cognito-identity:*'))
    const input = { IdentityPoolId: id, Roles: { authenticated: RoleArn } }
    const refused = await cognito('SetIdentityPoolRoles', input, who)
    assert.match(refused.message ?? refused.Message, /iam:PassRole/)
    await cognito('SetIdentityPoolRoles', input)
    assert.deepEqual((await cognito('GetIdentityPoolRoles', { IdentityPoolId: id })).Roles, input.Roles)
  })

  test('a user gets the role of those who signed in, with the events of AWS (COG-10, COG-20, COG-25)', async () => {
    const id = await pool()
    const roleArn = await role(trustOf(id, 'authenticated'))
    await cognito('SetIdentityPoolRoles', { IdentityPoolId: id, Roles: { authenticated: roleArn } })
    const Logins = { [userPool]: await login() }
    const { IdentityId } = await open('GetId', { IdentityPoolId: id, Logins })
    const again = await open('GetId', { IdentityPoolId: id, Logins: { [userPool]: await login() } })
    assert.equal(again.IdentityId, IdentityId)
    const worn = await open('GetCredentialsForIdentity', { IdentityId, Logins })
    assert.ok(worn.Credentials, JSON.stringify(worn))
    const { Arn } = await server.sts(keysOf(worn)).getCallerIdentity({})
    assert.match(String(Arn), /:assumed-role\/cognito\d+\/CognitoIdentityCredentials$/)
    const inner: AnyAnswer = (await eventsNamed(server, 'AssumeRoleWithWebIdentity')).at(-1)
    assert.equal(inner.userIdentity.identityProvider, host)
    assert.equal(inner.sourceIPAddress, host)
    const known = await cognito('DescribeIdentity', { IdentityId })
    assert.deepEqual(known.Logins, [userPool])
  })

  test('tokens that are not right, and identities of others, get nothing (COG-11)', async () => {
    const id = await pool()
    const Logins = { [userPool]: await login() }
    const { IdentityId } = await open('GetId', { IdentityPoolId: id, Logins })
    const ask = (logins?: object) =>
      open('GetCredentialsForIdentity', { IdentityId, ...(logins && { Logins: logins }) })
    assert.deepEqual(refusal(await ask()), [
      'NotAuthorizedException',
      `Access to Identity '${IdentityId}' is forbidden.`,
    ])
    const other = await ask({ [userPool]: await login({ sub: 'bob' }) })
    assert.match(refusal(other)[1], /^Logins don't match\. Please include at least one valid login/)
    for (const [logins, words] of [
      [{ [userPool]: await login({ aud: 'another' }) }, /Incorrect token audience/],
      [{ 'accounts.google.com': await login() }, /Issuer doesn't match providerName/],
      [
        { [userPool]: await own.token({ aud: 'client', sub: 'alice' }, { now: omen.clock.now() }) },
        /Issuer doesn't match providerName/,
      ],
      [{ [userPool]: `${(await login()).slice(0, -8)}AAAAAAAA` }, /signature/],
      [
        {
          [userPool]: await users.token(
            { aud: 'client', sub: 'alice' },
            { now: omen.clock.now() - 3_600_000 },
          ),
        },
        /Token expired: \d+ >= \d+/,
      ],
    ] as const) {
      const answer = await ask(logins)
      assert.equal(refusal(answer)[0], 'NotAuthorizedException')
      assert.match(refusal(answer)[1], words)
    }
    const missing = await open('GetCredentialsForIdentity', { IdentityId: id, Logins })
    assert.equal(refusal(missing)[0], 'ResourceNotFoundException')
  })

  test('a guest has the role of guests, and no more than AWS lets guests have (COG-10, COG-24)', async () => {
    const id = await pool()
    const roleArn = await role(trustOf(id, 'unauthenticated'))
    await cognito('SetIdentityPoolRoles', { IdentityPoolId: id, Roles: { unauthenticated: roleArn } })
    const { IdentityId } = await open('GetId', { IdentityPoolId: id })
    const keys = keysOf(await open('GetCredentialsForIdentity', { IdentityId }))
    const listed = await signed(omen, {
      service: 'cognito-identity',
      target: 'AWSCognitoIdentityService.ListIdentityPools',
      body: { MaxResults: 1 },
      who: keys,
    })
    assert.equal(listed.status, 200)
    await assert.rejects(
      server.iamAs(keys).listUsers({}),
      /no session policy allows the iam:ListUsers action/,
    )
  })

  test('a role that does not trust the pool, or none at all, is a wrong configuration (COG-22)', async () => {
    const id = await pool()
    const { IdentityId } = await open('GetId', { IdentityPoolId: id })
    const wrong = [
      'InvalidIdentityPoolConfigurationException',
      'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
    ]
    assert.deepEqual(refusal(await open('GetCredentialsForIdentity', { IdentityId })), wrong)
    const others = await role(trustOf('us-east-1:another', 'unauthenticated'))
    await cognito('SetIdentityPoolRoles', { IdentityPoolId: id, Roles: { unauthenticated: others } })
    assert.deepEqual(refusal(await open('GetCredentialsForIdentity', { IdentityId })), wrong)
  })

  test('rules and tokens choose the role (COG-21)', async () => {
    const id = await pool()
    const trust = trustOf(id, 'authenticated')
    const [base, paid, staff] = [await role(trust), await role(trust), await role(trust)]
    const wearing = async (mapping: object | undefined, claims: object, more: object = {}) => {
      await cognito('SetIdentityPoolRoles', {
        IdentityPoolId: id,
        Roles: { authenticated: base },
        ...(mapping && { RoleMappings: { [`${userPool}:client`]: mapping } }),
      })
      const Logins = { [userPool]: await login(claims) }
      const { IdentityId } = await open('GetId', { IdentityPoolId: id, Logins })
      const worn = await open('GetCredentialsForIdentity', { IdentityId, Logins, ...more })
      if (worn.Credentials === undefined) return refusal(worn)[0]
      const { Arn } = await server.sts(keysOf(worn)).getCallerIdentity({})
      return `role/${String(Arn).split('/')[1]}`
    }
    const named = (text: string) => `role/${text.split('/')[1]}`
    const rules = (ambiguous: string) => ({
      Type: 'Rules',
      AmbiguousRoleResolution: ambiguous,
      RulesConfiguration: {
        Rules: [
          { Claim: 'plan', MatchType: 'Equals', Value: 'paid', RoleARN: paid },
          { Claim: 'groups', MatchType: 'Contains', Value: 'staff', RoleARN: staff },
        ],
      },
    })
    assert.equal(await wearing(rules('Deny'), { plan: 'paid' }), named(paid))
    assert.equal(await wearing(rules('Deny'), { groups: ['a', 'staff'] }), named(staff))
    assert.equal(await wearing(rules('Deny'), { plan: 'free' }), 'NotAuthorizedException')
    assert.equal(await wearing(rules('AuthenticatedRole'), { plan: 'free' }), named(base))
    const token = { Type: 'Token', AmbiguousRoleResolution: 'Deny' }
    const both = { 'cognito:roles': [paid, staff] }
    assert.equal(await wearing(token, { ...both, 'cognito:preferred_role': staff }), named(staff))
    assert.equal(await wearing(token, { 'cognito:roles': [paid] }), named(paid))
    assert.equal(await wearing(token, both), 'NotAuthorizedException')
    assert.equal(await wearing(token, both, { CustomRoleArn: paid }), named(paid))
    assert.equal(await wearing(token, both, { CustomRoleArn: base }), 'NotAuthorizedException')
    assert.equal(await wearing(undefined, both), named(base))
  })

  test('claims become tags of the session if the trust lets it (COG-23)', async () => {
    const id = await pool()
    const both = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession']
    const own = policyText({
      Effect: 'Allow',
      Action: 'iam:GetUser',
      Resource: arn('user/${aws:PrincipalTag/team}'),
    })
    const [untagged, tagged] = [
      await role(trustOf(id, 'authenticated')),
      await role(trustOf(id, 'authenticated', both), own),
    ]
    await cognito('SetPrincipalTagAttributeMap', {
      IdentityPoolId: id,
      IdentityProviderName: userPool,
      PrincipalTags: { team: 'department' },
    })
    await iam.createUser({ UserName: 'shop' })
    const Logins = { [userPool]: await login({ department: 'shop' }) }
    const { IdentityId } = await open('GetId', { IdentityPoolId: id, Logins })
    const wear = async (authenticated: string) => {
      await cognito('SetIdentityPoolRoles', { IdentityPoolId: id, Roles: { authenticated } })
      return open('GetCredentialsForIdentity', { IdentityId, Logins })
    }
    assert.equal(refusal(await wear(untagged))[0], 'InvalidIdentityPoolConfigurationException')
    const as = server.iamAs(keysOf(await wear(tagged)))
    assert.equal((await as.getUser({ UserName: 'shop' })).User?.UserName, 'shop')
    await assert.rejects(as.getUser({ UserName: 'nobody' }))
  })

  test('the classic flow: a token for AssumeRoleWithWebIdentity, where the pool lets it (COG-12, COG-13)', async () => {
    const refused = await pool()
    const guest = await open('GetId', { IdentityPoolId: refused })
    assert.deepEqual(refusal(await open('GetOpenIdToken', { IdentityId: guest.IdentityId })), [
      'InvalidParameterException',
      'Basic (classic) flow is not enabled, please use enhanced flow.',
    ])
    const id = await pool({ AllowClassicFlow: true })
    const RoleArn = await role(trustOf(id, 'unauthenticated'))
    const { IdentityId } = await open('GetId', { IdentityPoolId: id })
    const { Token } = await open('GetOpenIdToken', { IdentityId })
    const claims = JSON.parse(Buffer.from(Token.split('.')[1], 'base64url').toString())
    assert.deepEqual(
      [claims.iss, claims.aud, claims.sub, claims.amr, claims.exp - claims.iat],
      [`https://${host}`, id, IdentityId, ['unauthenticated'], 600],
    )
    const assumed = await server
      .sts()
      .assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: 'app', WebIdentityToken: Token })
    assert.equal(assumed.Provider, host)
    omen.clock.advance(1_000_000)
    await assert.rejects(
      server.sts().assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: 'app', WebIdentityToken: Token }),
      /Token expired/,
    )
    omen.clock.advance(-1_000_000)
  })

  test('a backend vouches for its own users (COG-14)', async () => {
    const id = await pool({ DeveloperProviderName: 'backend' })
    const authenticated = await role(trustOf(id, 'authenticated'))
    await cognito('SetIdentityPoolRoles', { IdentityPoolId: id, Roles: { authenticated } })
    const input = { IdentityPoolId: id, Logins: { backend: 'user-7' } }
    const first = await cognito('GetOpenIdTokenForDeveloperIdentity', input)
    const second = await cognito('GetOpenIdTokenForDeveloperIdentity', input)
    assert.equal(first.IdentityId, second.IdentityId)
    const { IdentityId, Token } = second
    const worn = await open('GetCredentialsForIdentity', { IdentityId, Logins: { [host]: Token } })
    assert.ok(worn.Credentials, JSON.stringify(worn))
    const others = await open('GetId', { IdentityPoolId: id })
    const stolen = await open('GetCredentialsForIdentity', {
      IdentityId: others.IdentityId,
      Logins: { [host]: Token },
    })
    assert.equal(refusal(stolen)[0], 'NotAuthorizedException')
  })

  test('guests of one address are counted (COG-5)', async () => {
    const id = await pool()
    omen.clock.advance(60_000)
    const answers = []
    for (let n = 0; n < 61; n++) answers.push(await open('GetId', { IdentityPoolId: id }))
    assert.deepEqual(
      [answers.filter(({ status }) => status === 200).length, refusal(answers.at(-1))[0]],
      [60, 'LimitExceededException'],
    )
    omen.clock.advance(60_000)
  })

  test('the SDK for JavaScript and boto3 get credentials of a pool (COG-10)', needs('boto3'), async () => {
    const id = await pool()
    const roles = {
      authenticated: await role(trustOf(id, 'authenticated')),
      unauthenticated: await role(trustOf(id, 'unauthenticated')),
    }
    await cognito('SetIdentityPoolRoles', { IdentityPoolId: id, Roles: roles })
    const { endpoint } = omen
    const clientConfig = { region: 'us-east-1', endpoint }
    for (const logins of [undefined, { [userPool]: await login() }]) {
      const keys = await fromCognitoIdentityPool({
        identityPoolId: id,
        clientConfig,
        ...(logins && { logins }),
      })()
      const { Arn } = await server.sts(keys as ClientCredentials).getCallerIdentity({})
      assert.match(String(Arn), /CognitoIdentityCredentials$/)
    }
    const program = `
import boto3, sys
c = boto3.client('cognito-identity')
i = c.get_id(IdentityPoolId=sys.argv[1])['IdentityId']
k = c.get_credentials_for_identity(IdentityId=i)['Credentials']
s = boto3.client('sts', aws_access_key_id=k['AccessKeyId'], aws_secret_access_key=k['SecretKey'], aws_session_token=k['SessionToken'])
print(s.get_caller_identity()['Arn'].split('/')[2], c.describe_identity(IdentityId=i).get('Logins'))
`
    const ended = await python({ endpoint, credentials: omen.keys.admin }, program, id)
    assert.equal(ended.stdout.trim(), 'CognitoIdentityCredentials []', ended.stderr)
  })
})
