import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, mock, test } from 'node:test'
import { STS } from '@aws-sdk/client-sts'
import { fromTokenFile } from '@aws-sdk/credential-providers'
import { SignJWT, UnsecuredJWT } from 'jose'
import { redirectIssuer } from '../../packages/server/src/assertions/index.ts'
import { UntrustedServer } from '../../packages/server/src/authorization/index.ts'
import { needs, python } from '../support/index.ts'
import { allow, faultOf } from './iam/house.ts'
import { oidcIssuer } from './oidc-issuer.ts'
import { account, arn, credentialsOf, eventsNamed, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen, iam } = server
const github = await oidcIssuer('https://token.actions.githubusercontent.com')
const plain = await oidcIssuer('https://login.example.com/tenant')
const google = await oidcIssuer('https://accounts.google.com')
after(async () => {
  for (const issuer of [github, plain, google]) await issuer[Symbol.asyncDispose]()
  await server.close()
})
for (const issuer of [github, plain, google]) await redirectIssuer(omen.omen.deps, issuer.issuer, issuer.base)

// nobody signs these calls
const nobody = new STS({
  endpoint: omen.endpoint,
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
})
after(() => nobody.destroy())

const provider = (url: string) => arn(`oidc-provider/${url}`)
const githubName = 'token.actions.githubusercontent.com'
await iam.createOpenIDConnectProvider({ Url: github.issuer, ClientIDList: ['sts.amazonaws.com'] })
await iam.createOpenIDConnectProvider({ Url: plain.issuer, ClientIDList: ['app', 'other'] })
const web = 'sts:AssumeRoleWithWebIdentity'
const deploy = await server.role(
  'deploy',
  trusting({ Federated: provider(githubName) }, web, {
    StringEquals: {
      [`${githubName}:aud`]: 'sts.amazonaws.com',
      [`${githubName}:repository_id`]: '42',
    },
    StringLike: { [`${githubName}:sub`]: 'repo:octo/app:*' },
  }),
  allow('iam:GetRole', '*', { StringEquals: { [`${githubName}:sub`]: 'repo:octo/app:ref:refs/heads/main' } }),
)
const main = { aud: 'sts.amazonaws.com', sub: 'repo:octo/app:ref:refs/heads/main', repository_id: '42' }
const tenant = 'login.example.com/tenant'
const app = await server.role(
  'app',
  trusting({ Federated: provider(tenant) }, [web, 'sts:TagSession', 'sts:SetSourceIdentity']),
  allow('iam:ListUsers', '*', { StringEquals: { 'aws:PrincipalTag/team': 'blue' } }),
)

const assume = (RoleArn: string, WebIdentityToken: string, more: object = {}) =>
  nobody.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: 'ci', WebIdentityToken, ...more })

describe('AssumeRoleWithWebIdentity', () => {
  test('a workflow’s token opens the role that its trust policy describes (POL-066, POL-067, STS-85, STS-90)', async () => {
    const answer = await assume(deploy, await github.token(main))
    assert.equal(answer.SubjectFromWebIdentityToken, main.sub)
    assert.equal(answer.Audience, 'sts.amazonaws.com')
    assert.equal(answer.Provider, provider(githubName))
    assert.equal(answer.AssumedRoleUser?.Arn, `arn:aws:sts::${account}:assumed-role/deploy/ci`)
    await server.iamAs(credentialsOf(answer.Credentials)).getRole({ RoleName: 'deploy' })
    const [event] = (await eventsNamed(server, 'AssumeRoleWithWebIdentity')).slice(-1)
    assert.deepEqual(event?.userIdentity, {
      type: 'WebIdentityUser',
      principalId: `${provider(githubName)}:sts.amazonaws.com:${main.sub}`,
      userName: main.sub,
      identityProvider: provider(githubName),
    })
    assert.equal(event?.requestParameters?.webIdentityToken, undefined)
    assert.equal(event?.responseElements?.subjectFromWebIdentityToken, main.sub)
  })

  test('ES256 and ES384 too, and keys are fetched once, and again when they are new (STS-86)', async () => {
    const before = github.fetches()
    for (const alg of ['ES256', 'ES384'] as const) await assume(deploy, await github.token(main, { alg }))
    assert.equal(github.fetches(), before)
    await github.rotate()
    omen.clock.advance(11_000)
    await assume(deploy, await github.token(main))
    assert.equal(github.fetches(), before + 1)
  })

  test('what the trust policy does not describe is refused, a missing role alike (STS-80)', async () => {
    const denied = 'AccessDenied 403: Not authorized to perform sts:AssumeRoleWithWebIdentity'
    for (const claims of [
      { sub: 'repo:evil/app:x' },
      { repository_id: '43' },
      { repository_id: undefined },
    ]) {
      assert.equal(await faultOf(assume(deploy, await github.token({ ...main, ...claims }))), denied)
    }
    assert.equal(await faultOf(assume(arn('role/missing'), await github.token(main))), denied)
    assert.equal(await faultOf(assume(app, await github.token(main))), denied)
    assert.equal(
      await faultOf(assume(arn('user/octo'), await github.token(main))),
      'ValidationError 400: Request ARN is invalid', // STS-4
    )
  })

  test('tokens that are no proof are refused (STS-81, STS-83, STS-84)', async () => {
    const invalid = 'InvalidIdentityToken 400: '
    const now = Math.floor(omen.clock.now() / 1000)
    assert.equal(
      await faultOf(assume(deploy, 'no.token')),
      `${invalid}The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)`,
    )
    assert.equal(
      await faultOf(
        assume(deploy, await plain.token({ iss: 'https://unknown.example.com', aud: 'app', sub: 'x' })),
      ),
      `${invalid}No OpenIDConnect provider found in your account for https://unknown.example.com`,
    )
    assert.equal(
      await faultOf(assume(deploy, await github.token({ ...main, aud: 'elsewhere' }))),
      `${invalid}Incorrect token audience`,
    )
    // azp takes aud's place
    assert.equal(
      await faultOf(assume(deploy, await github.token({ ...main, azp: 'elsewhere' }))),
      `${invalid}Incorrect token audience`,
    )
    const expired = await faultOf(
      assume(deploy, await github.token({ ...main, iat: now - 900, exp: now - 301 })),
    )
    const said = Number(/current date\/time (\d+)/.exec(expired)?.[1])
    assert.ok(said >= now && said < now + 60, expired) // the machine's clock has moved on since
    assert.equal(
      expired,
      `ExpiredTokenException 400: Token expired: current date/time ${said} must be before the expiration date/time ${now - 301}`,
    )
    await assume(deploy, await github.token({ ...main, iat: now - 900, exp: now - 200 })) // clocks differ
    assert.match(
      await faultOf(assume(deploy, await github.token({ ...main, nbf: now + 900 }))),
      /not yet valid/,
    )
    const [head, body, signature] = (await github.token(main)).split('.')
    const forged = Buffer.from(
      JSON.stringify({
        ...JSON.parse(Buffer.from(body!, 'base64url').toString()),
        sub: 'repo:octo/app:forged',
      }),
    )
    assert.match(
      await faultOf(assume(deploy, `${head}.${forged.toString('base64url')}.${signature}`)),
      /^InvalidIdentityToken 400/,
    )
    // signed by another issuer's key of the same name, by nobody, and with a text that is published
    const claims = { ...main, iss: github.issuer, iat: now, exp: now + 60 }
    assert.match(await faultOf(assume(deploy, await plain.token(claims))), /^InvalidIdentityToken 400/)
    assert.match(
      await faultOf(assume(deploy, new UnsecuredJWT(claims).encode())),
      /^InvalidIdentityToken 400/,
    )
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'RS256-1' })
      .sign(Buffer.from('secret'))
    assert.match(await faultOf(assume(deploy, hmac)), /^InvalidIdentityToken 400/)
  })

  test('an issuer that is not there, slow, or answers nonsense gives no key (STS-86)', async () => {
    const noKey =
      "InvalidIdentityToken 400: Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"
    const token = await plain.token({ aud: 'app', sub: 'x' })
    for (const answer of [
      { status: 500 },
      { status: 302 },
      { body: '<html>' },
      { body: '{}' },
      { body: `{"pad":"${'x'.repeat(300_000)}"}` },
    ]) {
      plain.answer = answer
      assert.equal(await faultOf(assume(app, token)), noKey)
    }
    plain.answer = undefined
    await assume(app, token)
  })

  test('a document of the world does not lead to what listens here (STS-86)', async () => {
    const issuer = 'https://lead.example.com'
    await iam.createOpenIDConnectProvider({ Url: issuer, ClientIDList: ['app'] })
    const asked: string[] = []
    const web = mock.method(omen.omen.deps.web, 'getJson', async (url: string) => {
      asked.push(url)
      return url.startsWith(issuer) ? { issuer, jwks_uri: 'http://127.0.0.1:2375/keys' } : { keys: [] }
    })
    const token = await plain.token({ iss: issuer, aud: 'app', sub: 'x' })
    assert.match(await faultOf(assume(app, token)), /retrieve verification key/)
    assert.deepEqual([...new Set(asked)], [`${issuer}/.well-known/openid-configuration`])
    web.mock.mockImplementation(async () => {
      throw new UntrustedServer('not trusted')
    })
    assert.equal(
      await faultOf(assume(app, token)), // STS-87
      "InvalidIdentityToken 400: OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
    )
    web.mock.restore()
  })

  test('redirected is what the issuer has, not what another has whose name begins so (SHL-23)', async () => {
    const asked: string[] = []
    const web = mock.method(omen.omen.deps.web, 'getJson', async (url: string) => {
      asked.push(url)
      return { issuer: plain.issuer, jwks_uri: `${plain.issuer}.example.net/keys`, keys: [] }
    })
    omen.clock.advance(400_000)
    await faultOf(assume(app, await plain.token({ aud: 'app', sub: 'x' }, { now: omen.clock.now() })))
    web.mock.restore()
    assert.deepEqual(
      [...new Set(asked)],
      [`${plain.base}/.well-known/openid-configuration`, `${plain.issuer}.example.net/keys`],
    )
  })

  test('thumbprints count where no known authority vouches, and the event says so (STS-87, STS-107)', async () => {
    const issuer = 'https://own.example.com'
    const thumbprint = 'ab'.repeat(20)
    await iam.createOpenIDConnectProvider({
      Url: issuer,
      ClientIDList: ['app'],
      ThumbprintList: [thumbprint],
    })
    const trust = trusting({ Federated: provider('own.example.com') }, web)
    const RoleArn = await server.role('own', trust)
    const methodOf = async (): Promise<unknown> => {
      await assume(RoleArn, await plain.token({ iss: issuer, aud: 'app', sub: 'x' }))
      const [event] = (await eventsNamed(server, 'AssumeRoleWithWebIdentity')).slice(-1)
      const { identityProviderConnectionVerificationMethod: method } = event!.additionalEventData as Record<
        string,
        unknown
      >
      return method
    }
    const keys: unknown = await (await fetch(`${plain.base}/keys`)).json()
    const documents = (url: string) => (url.endsWith('/keys') ? keys : { issuer, jwks_uri: `${issuer}/keys` })
    const tries: (readonly string[])[] = []
    const known = mock.method(omen.omen.deps.web, 'getJson', async (url: string) => documents(url))
    assert.equal(await methodOf(), 'IAMTrustStore')
    // kept for five minutes; then the issuer's authority is one that nobody knows
    omen.clock.advance(301_000)
    known.mock.mockImplementation(async (url: string, thumbprints: readonly string[] = []) => {
      tries.push(thumbprints)
      if (thumbprints.length === 0) throw new UntrustedServer('not trusted')
      return documents(url)
    })
    assert.equal(await methodOf(), 'Thumbprint')
    assert.deepEqual(tries, [[], [thumbprint], [], [thumbprint]])
    known.mock.restore()
  })

  test('tags and source identity come from the token, and are in the event (STS-88, STS-89, STS-107)', async () => {
    const namespace = 'https://aws.amazon.com/tags'
    const nested = {
      [namespace]: { principal_tags: { team: ['blue'], cost: 'low' }, transitive_tag_keys: ['team'] },
    }
    const flat = { [`${namespace}/principal_tags/team`]: 'blue' }
    for (const claims of [nested, flat]) {
      const answer = await assume(
        app,
        await plain.token({
          aud: ['app', 'else'],
          sub: 'x',
          ...claims,
          'https://aws.amazon.com/source_identity': 'Me',
        }),
      )
      assert.equal(answer.SourceIdentity, 'Me')
      assert.ok(answer.PackedPolicySize)
      const [event] = (await eventsNamed(server, 'AssumeRoleWithWebIdentity')).slice(-1)
      assert.deepEqual(event?.requestParameters, {
        roleArn: app,
        roleSessionName: 'ci',
        sourceIdentity: 'Me',
        ...(claims === nested
          ? { principalTags: { team: 'blue', cost: 'low' }, transitiveTagKeys: ['team'] }
          : { principalTags: { team: 'blue' } }),
      })
      await server.iamAs(credentialsOf(answer.Credentials)).listUsers({})
    }
    const bare = await server.role('bare', trusting({ Federated: provider(tenant) }, web))
    assert.equal(
      await faultOf(assume(bare, await plain.token({ aud: 'app', sub: 'x', ...nested }))),
      'AccessDenied 403: Not authorized to perform sts:TagSession',
    )
    const two = { [namespace]: { principal_tags: { team: ['a', 'b'] } } }
    assert.match(
      await faultOf(assume(app, await plain.token({ aud: 'app', sub: 'x', ...two }))),
      /^InvalidIdentityToken 400/,
    )
  })

  test('tags from the token have the limits of session tags (STS-15, POL-053)', async () => {
    const saying = async (principal_tags: Record<string, string>) =>
      faultOf(
        assume(
          app,
          await plain.token({ aud: 'app', sub: 'x', 'https://aws.amazon.com/tags': { principal_tags } }),
        ),
      )
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`key${n}`, 'value']))
    for (const tags of [
      many,
      { ['k'.repeat(129)]: 'v' },
      { k: 'v'.repeat(257) },
      { 'a*b': 'v' },
      { k: '<v>' },
    ]) {
      assert.equal(
        await saying(tags),
        'InvalidIdentityToken 400: The session tags exceed the limits of session tags.',
      )
    }
  })

  test('duration, session policies, and a provider that every account knows (STS-82)', async () => {
    const byGoogle = await server.role(
      'by-google',
      trusting({ Federated: 'accounts.google.com' }, web, {
        StringEquals: { 'accounts.google.com:aud': 'mine', 'accounts.google.com:oaud': 'api' },
      }),
    )
    const token = await google.token({ aud: 'api', azp: 'mine', sub: '1' })
    const { Provider } = await assume(byGoogle, token, { DurationSeconds: 900 })
    assert.equal(Provider, 'accounts.google.com')
    assert.match(await faultOf(assume(byGoogle, token, { DurationSeconds: 3_601 })), /MaxSessionDuration/)
    assert.match(await faultOf(assume(byGoogle, token, { Policy: '{' })), /^MalformedPolicyDocument/)
    assert.match(
      await faultOf(assume(byGoogle, token, { ProviderId: 'example.com' })),
      /^InvalidParameterValue 400/,
    )
  })

  test('what the token says is bounded with the session’s token (STS-22)', async () => {
    const amr = Array.from({ length: 150 }, (_, n) => createHash('sha256').update(`${n}`).digest('hex'))
    assert.equal(
      await faultOf(assume(app, await plain.token({ aud: 'app', sub: 'x', amr }))),
      'PackedPolicyTooLarge 400: Serialized token too large for session',
    )
  })

  test('its sessions end when the provider’s role does, but may not call GetSessionToken (POL-059)', async () => {
    const { Credentials } = await assume(app, await plain.token({ aud: 'app', sub: 'x' }))
    assert.match(
      await faultOf(server.sts(credentialsOf(Credentials)).getSessionToken({})),
      /Cannot call GetSessionToken/,
    )
  })
})

describe('clients with AWS_WEB_IDENTITY_TOKEN_FILE', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-token-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'token')

  test('the SDK for JavaScript', async () => {
    writeFileSync(file, await github.token(main))
    const credentials = fromTokenFile({
      webIdentityTokenFile: file,
      roleArn: deploy,
      roleSessionName: 'file',
      clientConfig: { endpoint: omen.endpoint, region: 'us-east-1' },
    })
    const sts = new STS({ endpoint: omen.endpoint, region: 'us-east-1', credentials })
    assert.match((await sts.getCallerIdentity({})).Arn ?? '', /assumed-role\/deploy\/file$/)
    sts.destroy()
  })

  test('boto3', needs('boto3'), async () => {
    writeFileSync(file, await github.token(main))
    const environment = {
      AWS_WEB_IDENTITY_TOKEN_FILE: file,
      AWS_ROLE_ARN: deploy,
      AWS_ROLE_SESSION_NAME: 'boto',
    }
    const program = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    const { stdout, stderr } = await python({ endpoint: omen.endpoint, environment }, program)
    assert.match(stdout, /assumed-role\/deploy\/boto/, stderr)
  })
})
