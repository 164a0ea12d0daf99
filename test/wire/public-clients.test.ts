import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { decodeJwt } from 'jose'
import { publicClients } from '../../packages/server/src/grants/index.ts'
import { allow } from './iam/house.ts'
import { agentTool, loginTool, person } from './oauth-tool.ts'
import { type AnyAnswer, signed } from './signed.ts'
import { signInBrowser } from './signin-browser.ts'
import { account, arn, eventsNamed, stsServer } from './sts-house.ts'

const server = await stsServer()
const { omen } = server
const iam = omen.client(IAM, 'admin')
after(server.close)

const strong = 'Correct-Horse-7'
const resource = 'https://aws-mcp.us-east-1.api.aws/mcp'
const principal = 'arn:aws:signin:*:*:service-principal/aws-mcp.amazonaws.com'
const may = allow(['signin:AuthorizeOAuth2Access', 'signin:CreateOAuth2Token'], principal)
const agent = (more?: object) => agentTool(omen.endpoint, resource, more)

let count = 0
async function signedIn(policy = may) {
  const name = `person${++count}`
  await iam.createUser({ UserName: name })
  await iam.createLoginProfile({ UserName: name, Password: strong })
  await iam.putUserPolicy({ UserName: name, PolicyName: 'own', PolicyDocument: policy })
  const browser = signInBrowser(omen.endpoint)
  const { set, half } = await browser.signIn(name, strong)
  return { name, browser, ...person(omen.endpoint, { cookie: set?.split(';')[0] ?? '', half }) }
}

async function allowed(policy = may) {
  const who = await signedIn(policy)
  const tool = await agent()
  const { status, json } = await tool.exchange(await who.code(tool.address()))
  assert.equal(status, 200, JSON.stringify(json))
  return { who, tool, first: json }
}

/** A code that differs in its last letter, whatever that is. */
const forged = (code: string) => code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A')

const register = async (body: object, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${omen.endpoint}/v1/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: answer.status, json: (await answer.json()) as AnyAnswer }
}
const iamCall = (path: string, body: object): Promise<AnyAnswer> =>
  signed(omen, { service: 'signin', path: `${path}?x-amz-client-auth-method=iam`, body })
const introspect = (token: string) => iamCall('/v1/introspect', { token })
const registeredIn = async () => (await omen.omen.deps.directory.find(account))!.table(publicClients)

describe('programs that register themselves', () => {
  test('SGN-60, SGN-61, SGN-67: a program finds the door, and registers the addresses that the list has', async () => {
    const answer = await fetch(`${omen.endpoint}/.well-known/oauth-authorization-server`)
    const described = (await answer.json()) as AnyAnswer
    assert.deepEqual(
      [described.issuer, described.registration_endpoint, described.code_challenge_methods_supported],
      [omen.endpoint, `${omen.endpoint}/v1/register`, ['S256']],
    )
    const redirects = ['http://localhost:3000/cb', 'https://claude.ai/api/mcp/auth_callback', 'vscode://x/y']
    const asked = omen.clock.now()
    const { status, json } = await register({ redirect_uris: redirects })
    assert.equal(status, 200)
    assert.match(json.client_id, /^arn:aws:signin:us-east-1::external-client\/dcr\/[0-9a-f-]{36}$/)
    assert.deepEqual(
      [json.redirect_uris, json.grant_types, json.response_types, json.token_endpoint_auth_method],
      [redirects, ['authorization_code', 'refresh_token'], ['code'], 'none'],
    )
    const seconds = (instant: number) => Math.floor(instant / 1000)
    assert.ok(
      json.client_id_issued_at >= seconds(asked) && json.client_id_issued_at <= seconds(omen.clock.now()),
    )
    const other = 'https://evil.example/callback'
    const refused = await register({ redirect_uris: ['http://localhost:3000/cb', other] })
    assert.deepEqual(
      [refused.status, refused.json.error, refused.json.error_description],
      [400, 'invalid_redirect_uri', `The redirection URI ${other} is not allowed by this server.`],
    )
    for (const more of [
      { grant_types: ['refresh_token'] },
      { grant_types: ['client_credentials'] },
      { response_types: ['token'] },
      { token_endpoint_auth_method: 'client_secret_basic' },
    ]) {
      const { json: wrong } = await register({ redirect_uris: ['http://localhost/'], ...more })
      assert.equal(wrong.error, 'invalid_client_metadata', JSON.stringify(more))
    }
    assert.equal((await register({ redirect_uris: [] })).status, 400)
    assert.equal((await register({ redirect_uris: Array(11).fill('http://localhost/') })).status, 400)
  })

  test('AGT-10, AGT-11: a person allows an agent, and it gets tokens for the resource', async () => {
    const { who, first } = await allowed()
    assert.deepEqual([first.token_type, first.expires_in], ['Bearer', 3_600])
    assert.match(first.access_token, /^ASOA[\w=-]{1,4092}$/)
    assert.match(first.refresh_token, /^ASOR[\w-]+$/)
    assert.equal(decodeJwt(first.id_token).sub, arn(`user/${who.name}`))
    const access = await introspect(first.access_token)
    assert.deepEqual(
      [access.active, access.token_type, access.sub, access.aud, access.resource, access.iss],
      [true, 'access_token', arn(`user/${who.name}`), resource, undefined, 'signin.amazonaws.com'],
    )
    assert.match(access.signin_session, /^arn:aws:signin:us-east-1:123456789012:session\/.+/)
    const renewing = await introspect(first.refresh_token)
    assert.deepEqual(
      [renewing.active, renewing.token_type, renewing.aud, renewing.resource, renewing.client_id],
      [true, 'refresh_token', undefined, resource, access.client_id],
    )
    const long = await agentTool(omen.endpoint, `https://x.example/${'a'.repeat(1_005)}`)
    const wide = await signedIn(allow('signin:*'))
    const { json: longest } = await long.exchange(await wide.code(long.address()))
    assert.equal((await introspect(longest.access_token)).active, true)
    const brief = await agent({ grant_types: ['authorization_code'] })
    const { json } = await brief.exchange(await who.code(brief.address()))
    assert.deepEqual([json.token_type, json.refresh_token], ['Bearer', undefined])
  })

  test('AGT-12: a refresh token is good once; its copy ends the family', async () => {
    const { tool, first } = await allowed()
    const second = await tool.refresh(first.refresh_token)
    assert.deepEqual([second.status, second.json.id_token], [200, undefined])
    assert.equal((await tool.refresh(first.refresh_token)).json.error, 'invalid_grant')
    assert.equal((await tool.refresh(second.json.refresh_token)).json.error, 'invalid_grant')
    assert.deepEqual(await introspect(second.json.refresh_token), { status: 200, active: false })
    assert.equal((await introspect(second.json.access_token)).active, true, 'access tokens live on')
  })

  test('AGT-12: a code is good once, for ten minutes, and its copy ends the family', async () => {
    const who = await signedIn()
    const tool = await agent()
    const code = await who.code(tool.address())
    const { json } = await tool.exchange(code, {}, 'json')
    assert.ok(json.refresh_token, JSON.stringify(json))
    assert.equal((await tool.exchange(code)).json.error, 'invalid_grant')
    assert.equal((await tool.refresh(json.refresh_token)).json.error, 'invalid_grant')
    const late = await who.code(tool.address())
    omen.clock.advance(601_000)
    assert.equal((await tool.exchange(late)).json.error, 'invalid_grant')
  })

  test('AGT-13: a code or token of another client, address, verifier or resource is refused, and ends nothing', async () => {
    const who = await signedIn()
    const [tool, other] = [await agent(), await agent()]
    const code = await who.code(tool.address())
    const errors: Record<string, string | undefined>[] = [
      { client_id: other.clientId },
      { redirect_uri: 'http://127.0.0.1:50201/callback' },
      { code_verifier: 'A'.repeat(43) },
      { code: forged(code) },
      { resource: 'https://else.us-east-1.api.aws/mcp' },
      { resource: undefined },
      { redirect_uri: undefined },
      { client_id: 'arn:aws:signin:::devtools/same-device' },
      { grant_type: 'password' },
    ]
    const given: (string | undefined)[] = []
    for (const each of errors) given.push((await tool.exchange(code, each)).json.error)
    assert.deepEqual(given, [
      'invalid_grant',
      'invalid_grant',
      'invalid_grant',
      'invalid_grant',
      'invalid_target',
      'invalid_request',
      'invalid_request',
      'unauthorized_client',
      'unsupported_grant_type',
    ])
    const { json } = await tool.exchange(code)
    assert.equal((await other.refresh(json.refresh_token)).json.error, 'invalid_grant')
    assert.equal((await tool.refresh(json.refresh_token.replace('ASOR', ''))).json.error, 'invalid_grant')
    assert.equal(
      (await tool.refresh(json.refresh_token, { resource: `${resource}2` })).json.error,
      'invalid_target',
    )
    assert.equal((await tool.refresh(json.refresh_token)).status, 200)
  })

  test('AGT-13: tokens of aws login and of agents are nothing to each other', async () => {
    const both = await signedIn(allow('signin:*'))
    const cli = loginTool(omen.endpoint, () => omen.clock.now())
    const tool = await agent()
    const mine = await both.code(tool.address())
    assert.equal((await cli.exchange(mine)).json.error, 'INVALID_REQUEST')
    const code = await both.code(cli.address())
    assert.equal((await tool.exchange(code)).json.error, 'invalid_grant')
    const login = await cli.exchange(code)
    assert.equal((await tool.refresh(login.json.refreshToken)).json.error, 'invalid_grant')
    assert.equal((await tool.refresh(`ASOR${login.json.refreshToken}`)).json.error, 'invalid_grant')
    const { json } = await tool.exchange(mine)
    assert.equal((await cli.refresh(json.refresh_token.slice(4))).json.error, 'TOKEN_EXPIRED')
  })

  test('SGN-64: what does not fit is answered on a page, and never by a redirect', async () => {
    const tool = await agent()
    for (const more of [
      { redirect_uri: 'https://claude.ai/other' },
      { redirect_uri: 'http://127.0.0.1:50200/else' },
      { redirect_uri: 'http://localhost:50200/callback' },
      { redirect_uri: 'https://evil.example/callback' },
      { client_id: tool.clientId.replace(/.$/, 'x') },
      { client_id: tool.clientId.replace(/[0-9a-f]{12}$/, '000000000000') },
      { resource: '' },
      { resource: 'javascript:alert(1)' },
      { resource: `https://x.example/${'a'.repeat(1_024)}` },
      { code_challenge_method: 'plain' },
      { code_challenge_method: 'SHA-256' },
      { scope: 'everything' },
      { state: 'a b' },
    ] as Record<string, string>[]) {
      const answer = await fetch(tool.address(more), { redirect: 'manual' })
      assert.deepEqual([answer.status, answer.headers.get('location')], [400, null], JSON.stringify(more))
    }
    // a program on this computer may listen on another port each time
    const moved = await fetch(tool.address({ redirect_uri: 'http://127.0.0.1:50999/callback' }), {
      redirect: 'manual',
    })
    assert.equal(moved.status, 302)
  })

  test('SGN-65: the page names the resource, the place of the answer and the number of the program', async () => {
    const who = await signedIn()
    const tool = await agent({ redirect_uris: ['cursor://anysphere.cursor-mcp/oauth/callback'] })
    const address = tool.address({ redirect_uri: 'cursor://anysphere.cursor-mcp/oauth/callback' })
    const page = await who.post({ r: await who.open(address) })
    const text = await page.text()
    for (const shown of [resource, 'cursor://anysphere.cursor-mcp', tool.clientId, `Allow as ${who.name}`])
      assert.ok(text.includes(shown), shown)
    assert.ok(!text.includes('an agent'), 'a name that nobody checked is not shown')
    assert.match(page.headers.get('content-security-policy') ?? '', /form-action 'self' cursor:;/)
    const japanese = await (
      await who.post({ r: await who.open(address) }, { 'accept-language': 'ja' })
    ).text()
    assert.match(japanese, /エージェントが/)
    const { to } = await who.decide(address)
    assert.match(to, /^cursor:\/\/anysphere\.cursor-mcp\/oauth\/callback\?code=[\w-]+&state=the-state$/)
    assert.match((await who.decide(address, 'refuse')).to, /error=access_denied/)
  })

  test('SGN-66: both permissions are asked on the service, with the keys that AWS has for each', async () => {
    const statement = (Action: string, Condition: object) => ({
      Effect: 'Allow',
      Action,
      Resource: principal,
      Condition,
    })
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        statement('signin:AuthorizeOAuth2Access', {
          StringLike: { 'signin:OAuthRedirectUri': 'http://127.0.0.1:*' },
          Null: { 'signin:OAuthClientAuthentication': 'true', 'signin:OAuthGrantType': 'true' },
        }),
        // the example of the reference: refreshes have the address too
        statement('signin:CreateOAuth2Token', {
          StringLike: { 'signin:OAuthRedirectUri': 'http://127.0.0.1:*' },
          StringEquals: {
            'signin:OAuthGrantType': ['authorization_code', 'refresh_token'],
            'signin:OAuthClientAuthentication': 'none',
          },
        }),
      ],
    })
    const { tool, first } = await allowed(policy)
    assert.equal((await tool.refresh(first.refresh_token)).status, 200)
    const none = await signedIn(allow('s3:*'))
    const refused = await none.decide((await agent()).address())
    assert.equal(refused.status, 403)
    assert.match(
      refused.text,
      /signin:AuthorizeOAuth2Access on resource: arn:aws:signin:us-east-1:123456789012:service-principal\/aws-mcp\.amazonaws\.com/,
    )
    const half = await signedIn(allow('signin:AuthorizeOAuth2Access'))
    const second = await agent()
    const { json } = await second.exchange(await half.code(second.address()))
    assert.equal(json.error, 'access_denied')
    assert.match(json.error_description ?? '', /signin:CreateOAuth2Token/)
  })

  test('AGT-14: what a person allowed ends with the sign-in, the password, the user and its revocation', async () => {
    const out = await allowed()
    await out.who.browser.call('/signin/logout', {})
    assert.equal((await out.tool.refresh(out.first.refresh_token)).json.error, 'invalid_grant')
    assert.equal((await introspect(out.first.access_token)).active, false)
    const changed = await allowed()
    omen.clock.advance(1_000)
    await iam.updateLoginProfile({ UserName: changed.who.name, Password: `${strong}x` })
    assert.equal((await changed.tool.refresh(changed.first.refresh_token)).json.error, 'invalid_grant')
    const revoked = await allowed()
    const forged = `${revoked.first.refresh_token.slice(0, -1)}${revoked.first.refresh_token.endsWith('A') ? 'B' : 'A'}`
    await iamCall('/v1/revoke', { token: forged })
    assert.equal(
      (await introspect(revoked.first.refresh_token)).active,
      true,
      'a forged token revokes nothing',
    )
    assert.deepEqual(await iamCall('/v1/revoke', { token: revoked.first.refresh_token }), { status: 200 })
    assert.equal((await revoked.tool.refresh(revoked.first.refresh_token)).json.error, 'invalid_grant')
    const long = await allowed()
    omen.clock.advance(43_201_000)
    assert.equal((await long.tool.refresh(long.first.refresh_token)).json.error, 'invalid_grant')
  })

  test('AGT-15, AGT-16: the events are those of AWS, and no code, token or verifier is kept', async () => {
    const who = await signedIn()
    const tool = await agent()
    const code = await who.code(tool.address())
    const { json: first } = await tool.exchange(code)
    const { json: second } = await tool.refresh(first.refresh_token)
    await tool.refresh(first.refresh_token)
    const [authorize] = (await eventsNamed(server, 'AuthorizeOAuth2Access')).slice(-1)
    const tokens = (await eventsNamed(server, 'CreateOAuth2Token')).slice(-3)
    const { clientId: client_id } = tool
    assert.deepEqual(authorize?.requestParameters, {
      resource,
      redirect_uri: tool.redirectUri,
      code_challenge_method: 'S256',
      client_id,
    })
    assert.deepEqual(authorize?.additionalEventData, { success: 'true' })
    const session = (tokens[0] as AnyAnswer).userIdentity.sessionContext.signInSessionArn
    assert.match(String(session), /session\//)
    assert.deepEqual(
      tokens.map(({ requestParameters, additionalEventData }: AnyAnswer) => [
        requestParameters,
        additionalEventData,
      ]),
      [
        [
          { resource, client_id },
          { signInSessionArn: session, grant_type: 'authorization_code', success: 'true' },
        ],
        [
          { resource, client_id },
          { signInSessionArn: session, grant_type: 'refresh_token', success: 'true' },
        ],
        [
          { resource, client_id },
          { grant_type: 'refresh_token', success: 'false' },
        ],
      ],
    )
    assert.equal((await eventsNamed(server, 'CreateOAuth2PublicClient')).length, 0)
    const before = (await eventsNamed(server, 'CreateOAuth2Token')).length
    await tool.exchange(forged(code))
    await tool.refresh('ASORx')
    assert.equal((await eventsNamed(server, 'CreateOAuth2Token')).length, before, 'a stranger fills no trail')
    const { events } = await omen.omen.deps.recorder.lookUp({ account, limit: 1_000 })
    const stored = await omen.omen.deps.directory.store.loadAccount(omen.omen.deps.firstAccount)
    const kept = [...events.map(({ json }) => json), ...(stored?.items ?? []).map(({ value }) => value)].join(
      '\n',
    )
    for (const secret of [
      code,
      tool.verifier,
      first.access_token,
      first.refresh_token,
      first.id_token,
      second.access_token,
      second.refresh_token,
    ])
      assert.ok(!kept.includes(secret))
  })

  test('SGN-62, SGN-63: strangers fill no table: unused registrations give way, used ones stay', async () => {
    const { tool } = await allowed()
    const table = await registeredIn()
    const answers = []
    for (let each = 0; each < 25; each++)
      answers.push((await register({ redirect_uris: ['http://localhost/'] })).status)
    assert.ok(answers.filter((status) => status === 429).length >= 5, 'twenty a minute of an address')
    const now = omen.clock.now()
    for (let each = table.size; each < 1_000; each++)
      table.put({
        id: `filler-${each}`,
        redirectHashes: [],
        grantTypes: [],
        registeredAt: now - 1_000 + each,
        until: now + 9e9,
      })
    await omen.omen.deps.directory.commit([])
    omen.clock.advance(61_000)
    assert.equal((await register({ redirect_uris: ['http://localhost/'] })).status, 200)
    assert.equal((await registeredIn()).size, 1_000)
    assert.equal(
      (await fetch(tool.address(), { redirect: 'manual' })).status,
      302,
      'one that a person allowed stays',
    )
    omen.clock.advance(7_776_001_000)
    assert.equal((await fetch(tool.address(), { redirect: 'manual' })).status, 400, 'ninety days')
  })
})
