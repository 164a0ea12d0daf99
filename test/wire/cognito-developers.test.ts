import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, test } from 'node:test'
import { redirectIssuer } from '../../packages/server/src/assertions/index.ts'
import { allow, policyText } from '../kit/index.ts'
import { oidcIssuer } from './oidc-issuer.ts'
import { metadata, samlResponse } from './saml-identity-provider.ts'
import { type AnyAnswer, signed } from './signed.ts'
import { stsServer, trusting } from './sts-house.ts'

const host = 'cognito-identity.amazonaws.com'
const userPool = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_Abc'
const server = await stsServer()
const { omen } = server
const users = await oidcIssuer(`https://${userPool}`)
after(async () => {
  await users[Symbol.asyncDispose]()
  await server.close()
})
await redirectIssuer(omen.omen.deps, users.issuer, users.base)

const cognito = (operation: string, body: object): Promise<AnyAnswer> =>
  signed(omen, { service: 'cognito-identity', target: `AWSCognitoIdentityService.${operation}`, body })

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
  return { status: response.status, ...JSON.parse((await response.text()) || '{}') }
}

const { IdentityPoolId } = await cognito('CreateIdentityPool', {
  IdentityPoolName: 'app',
  AllowUnauthenticatedIdentities: true,
  DeveloperProviderName: 'backend',
  CognitoIdentityProviders: ['web', 'phone'].map((ClientId) => ({ ProviderName: userPool, ClientId })),
})
const error = ({ __type }: AnyAnswer) => String(__type).replace(/^.*#/, '')
const login = async (sub: string, aud = 'web') => ({
  [userPool]: await users.token({ aud, sub }, { now: omen.clock.now() }),
})
const register = (user: string, more: object = {}) =>
  cognito('GetOpenIdTokenForDeveloperIdentity', { IdentityPoolId, Logins: { backend: user }, ...more })
const lookUp = (more: object) => cognito('LookupDeveloperIdentity', { IdentityPoolId, ...more })
const merge = (from: string, to: string) =>
  cognito('MergeDeveloperIdentities', {
    IdentityPoolId,
    DeveloperProviderName: 'backend',
    SourceUserIdentifier: from,
    DestinationUserIdentifier: to,
  })

describe('users of a backend, and logins of one identity', () => {
  test('a user of a backend joins the identity that is named, and no second one (COG-26)', async () => {
    const guest = (await open('GetId', { IdentityPoolId })).IdentityId
    const joined = await register('ann', { IdentityId: guest })
    assert.equal(joined.IdentityId, guest)
    assert.equal((await register('ann')).IdentityId, guest)
    const other = (await open('GetId', { IdentityPoolId })).IdentityId
    assert.equal(
      error(await register('ann', { IdentityId: other })),
      'DeveloperUserAlreadyRegisteredException',
    )
    const unknown = `${other.slice(0, -12)}${guest.slice(-12)}`.replace(/:./, ':0')
    assert.equal(error(await register('bea', { IdentityId: unknown })), 'ResourceNotFoundException')
    const pair = { IdentityId: guest, DeveloperUserIdentifier: 'ann' }
    assert.deepEqual(await lookUp({ DeveloperUserIdentifier: 'ann' }), {
      status: 200,
      IdentityId: guest,
      DeveloperUserIdentifierList: ['ann'],
    })
    assert.equal((await lookUp(pair)).status, 200)
    assert.equal(error(await lookUp({ ...pair, IdentityId: other })), 'ResourceConflictException')
    assert.equal(error(await lookUp({ DeveloperUserIdentifier: 'nobody' })), 'ResourceNotFoundException')
    assert.equal(error(await lookUp({})), 'InvalidParameterException')
  })

  test('two users become one identity, and the other one is nobody’s (COG-27)', async () => {
    const [from, to] = [await register('old'), await register('new')]
    assert.equal((await merge('old', 'new')).IdentityId, to.IdentityId)
    assert.equal((await merge('new', 'old')).IdentityId, to.IdentityId)
    assert.equal((await register('old')).IdentityId, to.IdentityId)
    const page = await lookUp({ IdentityId: to.IdentityId, MaxResults: 1 })
    const rest = await lookUp({ IdentityId: to.IdentityId, MaxResults: 1, NextToken: page.NextToken })
    assert.deepEqual(
      [page.DeveloperUserIdentifierList, rest.DeveloperUserIdentifierList, rest.NextToken],
      [['new'], ['old'], undefined],
    )
    const gone = await open('GetCredentialsForIdentity', { IdentityId: from.IdentityId })
    assert.equal(gone.message, `Access to Identity '${from.IdentityId}' is forbidden.`)
    const late = await open('GetCredentialsForIdentity', {
      IdentityId: from.IdentityId,
      Logins: { [host]: from.Token },
    })
    assert.equal(error(late), 'NotAuthorizedException')
    assert.equal(error(await merge('old', 'nobody')), 'ResourceNotFoundException')
  })

  test('two users at one other provider are not merged (COG-27)', async () => {
    const [one, two] = [await login('one'), await login('two')]
    await register('u1', { Logins: { backend: 'u1', ...one } })
    await register('u2', { Logins: { backend: 'u2', ...two } })
    assert.equal(error(await merge('u1', 'u2')), 'ResourceConflictException')
    const { IdentityId } = await lookUp({ DeveloperUserIdentifier: 'u1' })
    assert.equal((await open('GetId', { IdentityPoolId, Logins: one })).IdentityId, IdentityId)
    const both = await register('u1', { Logins: { backend: 'u1', ...two } })
    assert.equal(error(both), 'ResourceConflictException')
  })

  test('an identity has twenty logins at most (COG-27)', async () => {
    for (let n = 0; n < 21; n++) await register(`many${n}`)
    const answers = []
    for (let n = 1; n < 21; n++) answers.push((await merge(`many${n}`, 'many0')).status)
    assert.deepEqual(
      answers.map((status) => status === 200),
      answers.map((_, at) => at < 19),
    )
  })

  test('a login that is taken away is a new identity; without the last one nobody is it (COG-28)', async () => {
    const Logins = await login('carl')
    const { IdentityId } = await register('carl', { Logins: { backend: 'carl', ...Logins } })
    const unlink = (LoginsToRemove: string[], logins: object) =>
      open('UnlinkIdentity', { IdentityId, Logins: logins, LoginsToRemove })
    assert.equal(error(await unlink([userPool], await login('dora'))), 'NotAuthorizedException')
    assert.equal(error(await unlink([userPool], {})), 'InvalidParameterException')
    const user = {
      IdentityPoolId,
      IdentityId,
      DeveloperProviderName: 'backend',
      DeveloperUserIdentifier: 'carl',
    }
    assert.equal((await cognito('UnlinkDeveloperIdentity', user)).status, 200)
    assert.equal(error(await cognito('UnlinkDeveloperIdentity', user)), 'ResourceNotFoundException')
    assert.notEqual((await register('carl')).IdentityId, IdentityId)
    assert.deepEqual((await cognito('DescribeIdentity', { IdentityId })).Logins, [userPool])
    assert.equal((await unlink([userPool], Logins)).status, 200)
    assert.equal(error(await open('GetCredentialsForIdentity', { IdentityId })), 'NotAuthorizedException')
    assert.notEqual((await open('GetId', { IdentityPoolId, Logins })).IdentityId, IdentityId)
  })

  test('tags of a backend are the session’s, and the client of the token chooses its mapping (COG-14, COG-21)', async () => {
    const trust = trusting({ Federated: host }, ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'], {
      StringEquals: { [`${host}:aud`]: IdentityPoolId },
    })
    const policy = policyText(allow('iam:GetUser', 'arn:aws:iam::123456789012:user/${aws:PrincipalTag/team}'))
    const [everybody, phone] = [
      await server.role('everybody', trust, policy),
      await server.role('phone', trust, policy),
    ]
    await cognito('SetIdentityPoolRoles', {
      IdentityPoolId,
      Roles: { authenticated: everybody },
      RoleMappings: {
        [`${userPool}:phone`]: {
          Type: 'Rules',
          AmbiguousRoleResolution: 'Deny',
          RulesConfiguration: {
            Rules: [{ Claim: 'aud', MatchType: 'Equals', Value: 'phone', RoleARN: phone }],
          },
        },
      },
    })
    const wear = async (IdentityId: string, Logins: object) => {
      const { Credentials: c, message } = await open('GetCredentialsForIdentity', { IdentityId, Logins })
      assert.ok(c, message)
      const keys = {
        accessKeyId: c.AccessKeyId,
        secretAccessKey: c.SecretKey,
        sessionToken: c.SessionToken,
      }
      return {
        keys,
        role: String((await server.sts(keys).getCallerIdentity({})).Arn).split('/')[1],
      }
    }
    for (const aud of ['web', 'phone']) {
      const Logins = await login('eve', aud)
      const { IdentityId } = await open('GetId', { IdentityPoolId, Logins })
      assert.equal((await wear(IdentityId, Logins)).role, aud === 'phone' ? 'phone' : 'everybody')
    }
    await server.user('shop')
    const { IdentityId, Token } = await register('fay', { PrincipalTags: { team: 'shop' } })
    const { keys } = await wear(IdentityId, { [host]: Token })
    assert.equal((await server.iamAs(keys).getUser({ UserName: 'shop' })).User?.UserName, 'shop')
  })

  test('a SAML response is a login of its provider (COG-29)', async () => {
    await server.iam.createSAMLProvider({ Name: 'Idp', SAMLMetadataDocument: metadata })
    const provider = 'arn:aws:iam::123456789012:saml-provider/Idp'
    const made = await cognito('CreateIdentityPool', {
      IdentityPoolName: 'saml',
      AllowUnauthenticatedIdentities: false,
      SamlProviderARNs: [provider],
    })
    const authenticated = await server.role(
      'saml-app',
      trusting({ Federated: host }, ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'], {
        StringEquals: { [`${host}:aud`]: made.IdentityPoolId },
        'ForAnyValue:StringLike': { [`${host}:amr`]: provider },
      }),
      policyText(allow('iam:GetUser')),
    )
    await cognito('SetIdentityPoolRoles', { IdentityPoolId: made.IdentityPoolId, Roles: { authenticated } })
    const response = (nameId: string, more: object = {}) => ({
      [provider]: samlResponse({ now: omen.clock.now(), roles: [], nameId, ...more }),
    })
    const idOf = (Logins: object) => open('GetId', { IdentityPoolId: made.IdentityPoolId, Logins })
    const { IdentityId, message } = await idOf(response('sam'))
    assert.ok(IdentityId, message)
    assert.equal((await idOf(response('sam'))).IdentityId, IdentityId)
    assert.notEqual((await idOf(response('kim'))).IdentityId, IdentityId)
    const worn = await open('GetCredentialsForIdentity', { IdentityId, Logins: response('sam') })
    assert.ok(worn.Credentials, worn.message)
    for (const more of [{ audience: 'urn:else' }, { issuer: 'https://else.example' }, { notOnOrAfter: -400 }])
      assert.equal(error(await idOf(response('sam', more))), 'NotAuthorizedException', JSON.stringify(more))
    const other = await open('GetCredentialsForIdentity', { IdentityId, Logins: response('kim') })
    assert.equal(error(other), 'NotAuthorizedException')
  })
})

async function pool(SupportedLoginProviders: object): Promise<string> {
  const named = { IdentityPoolName: 'social', AllowUnauthenticatedIdentities: false }
  return (await cognito('CreateIdentityPool', { ...named, SupportedLoginProviders })).IdentityPoolId
}

const told = (answer: AnyAnswer) => [error(answer), answer.message]

describe('logins by access tokens', () => {
  test('access tokens of Facebook and Amazon are asked of their providers (COG-11)', async () => {
    let isAway = false
    const providers = createServer((request, answer) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
      const right = searchParams.get('access_token') === 'right'
      const said = {
        '/me': { id: 'f1' },
        '/app': { id: 'facebook-app' },
        '/auth/o2/tokeninfo': { user_id: 'a1', aud: 'amazon-app' },
      }
      answer.statusCode = isAway ? 503 : right ? 200 : 400
      answer.setHeader('content-type', 'application/json')
      answer.end(JSON.stringify(said[pathname as keyof typeof said] ?? {}))
    })
    await new Promise<void>((resolve) => providers.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(providers.address() as AddressInfo).port}`
    for (const issuer of ['https://graph.facebook.com', 'https://api.amazon.com'])
      await redirectIssuer(omen.omen.deps, issuer, base)
    try {
      const id = await pool({ 'graph.facebook.com': 'facebook-app', 'www.amazon.com': 'amazon-app' })
      const ask = (Logins: object, IdentityPoolId = id) => open('GetId', { IdentityPoolId, Logins })
      const first = await ask({ 'graph.facebook.com': 'right' })
      assert.ok(first.IdentityId, JSON.stringify(first))
      assert.equal((await ask({ 'graph.facebook.com': 'right' })).IdentityId, first.IdentityId)
      const other = await ask({ 'www.amazon.com': 'right' })
      assert.ok(other.IdentityId !== undefined && other.IdentityId !== first.IdentityId)
      const { Logins } = await cognito('DescribeIdentity', { IdentityId: other.IdentityId })
      assert.deepEqual(Logins, ['www.amazon.com'])
      assert.deepEqual(told(await ask({ 'www.amazon.com': 'wrong' })), [
        'NotAuthorizedException',
        'Invalid login token. The identity provider rejected the token.',
      ])
      const another = await pool({ 'www.amazon.com': 'another' })
      assert.match(told(await ask({ 'www.amazon.com': 'right' }, another))[1], /Incorrect token audience/)
      assert.match(told(await ask({ 'graph.facebook.com': 'right' }, another))[1], /match providerName/)
      isAway = true
      assert.equal(told(await ask({ 'www.amazon.com': 'right' }))[0], 'ExternalServiceException')
    } finally {
      providers.close()
    }
  })
})
