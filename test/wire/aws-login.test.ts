import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { fromLoginCredentials } from '@aws-sdk/credential-providers'
import { decodeJwt } from 'jose'
import { callServer } from './house-call.ts'
import { allow } from './iam/house.ts'
import { dpopKey, loginProfile, loginTool, person } from './oauth-tool.ts'
import { signInBrowser } from './signin-browser.ts'
import { account, arn, eventsNamed, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen, role, mfa } = server
// the clock moves: this client corrects itself and tries again
const iam = omen.client(IAM, 'admin')
after(server.close)

const strong = 'Correct-Horse-7'
const login = allow(
  ['signin:AuthorizeOAuth2Access', 'signin:CreateOAuth2Token'],
  'arn:aws:signin:*:*:oauth2/public-client/*',
)
const tool = (kind?: 'same-device' | 'cross-device') => loginTool(omen.endpoint, () => omen.clock.now(), kind)

/** The server's own client corrects its clock after a refusal. */
const caughtUp = () => server.iam.listUsers({ MaxItems: 1 }).catch(() => {})

let count = 0
/** A new user that may log in, and its browser. */
async function signedIn({ policy = login, more = {} as object, name = `user${++count}` } = {}) {
  await iam.createUser({ UserName: name })
  await iam.createLoginProfile({ UserName: name, Password: strong })
  await iam.putUserPolicy({ UserName: name, PolicyName: 'own', PolicyDocument: policy })
  const browser = signInBrowser(omen.endpoint)
  const { set, half, json } = await browser.signIn(name, strong, more)
  return { name, browser, json, ...person(omen.endpoint, { cookie: set?.split(';')[0] ?? '', half }) }
}

/** A login that was made, with its first tokens. */
async function loggedIn(given = {}) {
  const who = await signedIn(given)
  const cli = tool()
  const { status, json } = await cli.exchange(await who.code(cli.address()))
  assert.equal(status, 200, JSON.stringify(json))
  return { who, cli, first: json }
}

const identityOf = async (token: { accessKeyId: string; secretAccessKey: string; sessionToken: string }) => {
  const { accessKeyId, secretAccessKey, sessionToken } = token
  const sts = new STS({
    ...omen.clientConfig({ accessKeyId, secretAccessKey, sessionToken }),
    maxAttempts: 1,
  })
  try {
    return (await sts.getCallerIdentity({})).Arn
  } finally {
    sts.destroy()
  }
}

describe('aws login', () => {
  // first, for the SDK's proofs have the time of the machine
  test('SSO-19: the SDK refreshes the login of a profile', async () => {
    const { who, cli, first } = await loggedIn()
    const session = arn(`user/${who.name}`)
    const { config, file } = await loginProfile(session, first, cli.key.pem)
    const provider = fromLoginCredentials({
      profile: 'me',
      configFilepath: config,
      filepath: config,
      clientConfig: { endpoint: omen.endpoint, region: 'us-east-1' },
    })
    const { accessKeyId, secretAccessKey, sessionToken } = await provider()
    assert.equal(await identityOf({ accessKeyId, secretAccessKey, sessionToken: sessionToken! }), session)
    const kept = JSON.parse(await readFile(file, 'utf8'))
    assert.notEqual(kept.refreshToken, first.refreshToken)
  })

  test('SSO-1, SSO-5, SSO-6, SSO-11: a code becomes credentials of fifteen minutes, which a refresh renews', async () => {
    const { who, cli, first } = await loggedIn()
    assert.deepEqual([first.tokenType, first.expiresIn], ['aws_sigv4', 900])
    assert.equal(await identityOf(first.accessToken), arn(`user/${who.name}`))
    const { iss, sub, aud } = decodeJwt(first.idToken)
    assert.deepEqual(
      [iss, sub, aud],
      [omen.endpoint, arn(`user/${who.name}`), 'arn:aws:signin:::devtools/same-device'],
    )
    const second = await cli.refresh(first.refreshToken)
    assert.equal(second.status, 200)
    assert.equal(second.json.idToken, undefined)
    assert.notEqual(second.json.refreshToken, first.refreshToken)
    assert.equal(await identityOf(second.json.accessToken), arn(`user/${who.name}`))
  })

  test('SSO-7: a code that comes again ends what it was redeemed for', async () => {
    const who = await signedIn()
    const cli = tool()
    const code = await who.code(cli.address())
    const first = await cli.exchange(code)
    const again = await cli.exchange(code)
    assert.deepEqual(
      [again.status, again.type, again.json.error],
      [400, 'AccessDeniedException', 'AUTHCODE_EXPIRED'],
    )
    assert.equal((await cli.refresh(first.json.refreshToken)).json.error, 'TOKEN_EXPIRED')
  })

  test('SSO-9: tools side by side refresh with one token and get one next token; later it ends the login', async () => {
    const { cli, first } = await loggedIn()
    const all = await Promise.all(Array.from({ length: 20 }, () => cli.refresh(first.refreshToken)))
    assert.deepEqual([...new Set(all.map(({ status }) => status))], [200])
    const [next, ...others] = new Set(all.map(({ json }) => json.refreshToken as string))
    assert.equal(others.length, 0)
    omen.clock.advance(901_000)
    assert.equal((await cli.refresh(first.refreshToken)).json.error, 'TOKEN_EXPIRED')
    assert.equal((await cli.refresh(next!)).json.error, 'TOKEN_EXPIRED')
  })

  test('SSO-4: verifier, address, client and key must be those of the request', async () => {
    const who = await signedIn()
    const cli = tool()
    const code = await who.code(cli.address())
    const wrong = async (more: object, headers?: Record<string, string>) => {
      const { status, json } = await cli.exchange(code, more, headers)
      return `${status} ${json.error}`
    }
    const url = `${omen.endpoint}/v1/token`
    const { proof } = dpopKey()
    const now = omen.clock.now()
    assert.equal(await wrong({ codeVerifier: 'A'.repeat(43) }), '400 INVALID_REQUEST')
    assert.equal(await wrong({ redirectUri: 'http://127.0.0.1:1/oauth/callback' }), '400 INVALID_REQUEST')
    assert.equal(await wrong({ clientId: 'arn:aws:signin:::devtools/cross-device' }), '400 INVALID_REQUEST')
    assert.equal(await wrong({}, { dpop: '' }), '400 INVALID_REQUEST')
    assert.equal(await wrong({}, { dpop: proof(`${url}x`, now) }), '400 INVALID_REQUEST')
    assert.equal(await wrong({}, { dpop: proof(url, now - 301_000) }), '400 INVALID_REQUEST')
    assert.equal(await wrong({}, { dpop: proof(url, now, { htm: 'GET' }) }), '400 INVALID_REQUEST')
    const once = cli.key.proof(url, now)
    const first = await cli.exchange(code, {}, { dpop: once })
    assert.equal(first.status, 200)
    const { refreshToken } = first.json
    assert.equal((await cli.refresh(refreshToken, {}, { dpop: once })).json.error, 'INVALID_REQUEST')
    assert.equal(
      (await cli.refresh(refreshToken, {}, { dpop: proof(url, now) })).json.error,
      'INVALID_REQUEST',
    )
    const bits = Buffer.from(refreshToken, 'base64url')
    bits[59]! ^= 1
    assert.equal((await cli.refresh(bits.toString('base64url'))).json.error, 'TOKEN_EXPIRED')
    assert.equal((await cli.refresh('x'.repeat(80))).json.error, 'TOKEN_EXPIRED')
    assert.equal((await cli.refresh(refreshToken)).status, 200, 'what was refused ended nothing')
  })

  test('SSO-2, SSO-3: no answer leads elsewhere', async () => {
    const cli = tool()
    for (const redirect_uri of [
      'http://127.0.0.1.evil.example/oauth/callback',
      'http://127.0.0.1@evil.example/oauth/callback',
      'http://127.0.0.1:50123/oauth/callback?x',
      'http://127.0.0.1:50123/oauth/callback#x',
      'http://127.0.0.1:70000/oauth/callback',
      'http://127.0.0.1:50123/oauth/callback\r\nx: y',
      'http://127.0.0.1:50123\\oauth/callback',
      'http://localhost:50123/oauth/callback',
      'https://127.0.0.1:50123/oauth/callback',
      `${omen.endpoint}/v1/sessions/confirmation`,
    ]) {
      const answer = await fetch(cli.address({ redirect_uri }), { redirect: 'manual' })
      assert.deepEqual([answer.status, answer.headers.get('location')], [400, null], redirect_uri)
    }
    for (const more of [
      { client_id: 'arn:aws:signin:::devtools/other' },
      { response_type: 'token' },
      { scope: 'all' },
      { code_challenge_method: 'plain' },
      { code_challenge: 'short' },
      { state: '' },
    ])
      assert.equal((await fetch(cli.address(more), { redirect: 'manual' })).status, 400, JSON.stringify(more))
    const other = tool('cross-device').address({
      redirect_uri: 'http://evil.example/v1/sessions/confirmation',
    })
    assert.equal((await fetch(other, { redirect: 'manual' })).status, 400)
  })

  test('SSO-14: only the page of a person who is signed in decides', async () => {
    const who = await signedIn()
    const r = await who.open(tool().address())
    assert.equal((await who.post({ r, decision: 'allow-person', half: 'x' })).status, 401)
    assert.equal(
      (await who.post({ r, decision: 'allow-person' }, { origin: 'http://evil.example' })).status,
      403,
    )
    assert.equal((await who.post({ r: `${r.slice(0, -2)}AA`, decision: 'allow-person' })).status, 400)
    const shown = await (await who.post({ r })).text()
    assert.match(shown, new RegExp(`Allow as ${who.name}`))
    assert.match(await (await who.post({ r }, { 'accept-language': 'ja' })).text(), /として許可/)
    omen.clock.advance(601_000)
    assert.equal((await who.post({ r, decision: 'allow-person' })).status, 400)
  })

  test('SSO-8: both permissions are asked, of the identity that was chosen', async () => {
    const none = await signedIn({ policy: allow('s3:*') })
    const refused = await none.decide(tool().address())
    assert.equal(refused.status, 403)
    assert.match(
      refused.text,
      /is not authorized to perform: signin:AuthorizeOAuth2Access on resource: arn:aws:signin:us-east-1:123456789012:oauth2\/public-client\/localhost/,
    )
    const half = await signedIn({ policy: allow('signin:AuthorizeOAuth2Access') })
    const cli = tool()
    const answer = await cli.exchange(await half.code(cli.address()))
    assert.deepEqual([answer.status, answer.json.error], [400, 'INSUFFICIENT_PERMISSIONS'])
    const told = new URL((await none.decide(tool().address(), 'refuse')).to)
    assert.deepEqual(
      [told.searchParams.get('error'), told.searchParams.get('state'), told.searchParams.get('code')],
      ['access_denied', 'the-state', null],
    )
    const remote = await signedIn({
      policy: allow('signin:*', 'arn:aws:signin:us-east-1:123456789012:oauth2/public-client/localhost'),
    })
    assert.equal((await remote.decide(tool('cross-device').address())).status, 403)
  })

  test('SSO-10: the login ends with its sign-in, with the password and with the user', async () => {
    const out = await loggedIn()
    await out.who.browser.call('/signin/logout', {})
    assert.equal((await out.cli.refresh(out.first.refreshToken)).json.error, 'TOKEN_EXPIRED')
    const changed = await loggedIn()
    omen.clock.advance(1_000)
    await iam.updateLoginProfile({ UserName: changed.who.name, Password: `${strong}x` })
    assert.equal(
      (await changed.cli.refresh(changed.first.refreshToken)).json.error,
      'USER_CREDENTIALS_CHANGED',
    )
    const long = await loggedIn()
    omen.clock.advance(43_201_000)
    assert.equal((await long.cli.refresh(long.first.refreshToken)).json.error, 'TOKEN_EXPIRED')
  })

  test('SSO-13: the role that is worn is given, and the person if the person so decides', async () => {
    await caughtUp()
    await role('operator', trusting({ AWS: account }), login)
    const who = await signedIn({ policy: allow(['signin:*', 'sts:AssumeRole']) })
    const { set, half } = await who.browser.call('/signin/switch', { account, roleName: 'operator' })
    const browser = person(omen.endpoint, { cookie: set?.split(';')[0] ?? '', half })
    const shown = await (await browser.post({ r: await browser.open(tool().address()) })).text()
    assert.match(shown, /<svg[^>]+aria-label="operator"/)
    const cli = tool()
    const { json } = await cli.exchange(await browser.code(cli.address(), 'allow-role'))
    const worn = `arn:aws:sts::${account}:assumed-role/operator/${who.name}`
    assert.equal(await identityOf(json.accessToken), worn)
    assert.equal(decodeJwt(json.idToken).sub, worn)
    const own = tool()
    const { json: plain } = await own.exchange(await browser.code(own.address()))
    assert.equal(await identityOf(plain.accessToken), arn(`user/${who.name}`))
    await who.browser.call('/signin/logout', {})
    assert.equal((await cli.refresh(json.refreshToken)).json.error, 'TOKEN_EXPIRED')
  })

  test('SSO-12: policies see the sign-in of a login, its time and its MFA', async () => {
    const name = 'careful'
    await iam.createUser({ UserName: name })
    await caughtUp()
    const device = await mfa(name)
    await iam.deleteUserPolicy({ UserName: name, PolicyName: 'own' }).catch(() => {})
    await iam.createLoginProfile({ UserName: name, Password: strong })
    const deny = JSON.stringify({
      Statement: [
        { Effect: 'Allow', Action: ['signin:*', 'iam:GetUser'], Resource: '*' },
        {
          Effect: 'Deny',
          Action: 'iam:GetUser',
          Resource: '*',
          Condition: { Null: { 'aws:SignInSessionArn': 'true' } },
        },
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
        },
      ],
    })
    await iam.putUserPolicy({ UserName: name, PolicyName: 'own', PolicyDocument: deny })
    const browser = signInBrowser(omen.endpoint)
    assert.equal((await browser.signIn(name, strong)).json.error, 'MfaRequired')
    const { set, half } = await browser.signIn(name, strong, { mfaCode: device.next() })
    const cli = tool()
    const code = await person(omen.endpoint, { cookie: set?.split(';')[0] ?? '', half }).code(cli.address())
    const { json } = await cli.exchange(code)
    const { accessKeyId, secretAccessKey, sessionToken } = json.accessToken
    await server.iamAs({ accessKeyId, secretAccessKey, sessionToken }).getUser({})
  })

  test('SSO-15, SSO-16: the events name the person, and no code, token or key', async () => {
    const { who, cli, first } = await loggedIn({ name: 'recorded' })
    await cli.refresh(first.refreshToken)
    const [authorize] = (await eventsNamed(server, 'AuthorizeOAuth2Access')).slice(-1)
    const [token] = (await eventsNamed(server, 'CreateOAuth2Token')).slice(-1)
    assert.deepEqual(authorize?.requestParameters, {
      scope: 'openid',
      redirect_uri: cli.redirectUri,
      code_challenge_method: 'SHA-256',
      client_id: 'arn:aws:signin:::devtools/same-device',
    })
    assert.deepEqual(token?.requestParameters, { client_id: 'arn:aws:signin:::devtools/same-device' })
    for (const event of [authorize, token]) {
      assert.equal(event?.userIdentity.userName, who.name)
      assert.equal(
        event?.userIdentity.accessKeyId,
        event === authorize ? event?.userIdentity.accessKeyId : undefined,
      )
      assert.deepEqual(
        [event?.eventSource, event?.eventType, event?.readOnly, event?.responseElements],
        ['signin.amazonaws.com', 'AwsApiCall', true, null],
      )
      assert.deepEqual(event?.additionalEventData, { success: 'true', 'x-amzn-vpce-id': '' })
    }
    const { events } = await omen.omen.deps.recorder.lookUp({ account, limit: 1_000 })
    const trail = events.map(({ json }) => json).join('\n')
    for (const secret of [first.refreshToken, first.accessToken.secretAccessKey, first.idToken, cli.verifier])
      assert.ok(!trail.includes(secret))
  })

  test('SSO-17: on another computer the page shows a code to copy', async () => {
    const who = await signedIn()
    const cli = tool('cross-device')
    const { to } = await who.decide(cli.address())
    const page = await (await fetch(to)).text()
    const shown = /<textarea[^>]*>([^<]+)</.exec(page)?.[1] ?? ''
    const given = new URLSearchParams(Buffer.from(shown, 'base64').toString())
    assert.equal(given.get('state'), 'the-state')
    assert.equal((await cli.exchange(given.get('code') ?? '')).status, 200)
  })

  test('SSO-18: the operation is no way around the page', async () => {
    const { deps: inside } = omen.omen
    const own = await inside.directory.find(account)
    const caller =
      own && inside.credentials.find(own, omen.keys.admin.accessKeyId, undefined, omen.clock.now())
    assert.ok(own !== undefined && typeof caller === 'object')
    const call = omen.omen.perform({
      service: 'signin',
      operation: 'AuthorizeOAuth2Access',
      input: {
        clientId: 'arn:aws:signin:::devtools/same-device',
        redirectUri: 'http://127.0.0.1:1/oauth/callback',
        codeChallenge: 'A'.repeat(43),
      },
      caller: caller.caller,
      account: own,
      origin: { sourceIp: '127.0.0.1', userAgent: '', host: '', secure: false },
    })
    await assert.rejects(call, ({ members }) => members.error === 'INVALID_REQUEST')
  })

  test('SSO-20: the owner of the server decides in a person’s place', async () => {
    const name = 'ci'
    await iam.createUser({ UserName: name })
    await iam.putUserPolicy({ UserName: name, PolicyName: 'own', PolicyDocument: login })
    const cli = tool()
    const approve = async (more: object) => {
      const target = { endpoint: omen.endpoint, now: omen.clock.now() }
      const body = { request: cli.address(), ...more }
      const answer = await callServer(target, 'POST', '/_omen/approvals', omen.keys.root, 'us-east-1', body)
      return (await answer.json()) as { to: string; error: string }
    }
    const { to } = await approve({ as: `user/${name}` })
    const { json } = await cli.exchange(new URL(to).searchParams.get('code') ?? '')
    assert.equal(await identityOf(json.accessToken), arn(`user/${name}`))
    assert.match((await approve({ decision: 'deny' })).to, /error=access_denied/)
    await iam.deleteUserPolicy({ UserName: name, PolicyName: 'own' })
    assert.match(
      (await approve({ as: `user/${name}` })).error,
      /not authorized to perform: signin:AuthorizeOAuth2Access/,
    )
    assert.ok((await approve({ as: 'user/missing' })).error)
    assert.ok((await approve({ as: 'root', request: 'http://127.0.0.1/else' })).error)
  })
})
