import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createOmen } from 'omen-iam'
import { centerServer } from './center-house.ts'
import { pkce } from './oauth-tool.ts'

const omen = await createOmen()
after(() => omen.close())
const server = await centerServer(omen)
const { password } = await server.lent('alice', 'Developer', '{"Version":"2012-10-17","Statement":[]}')

type Client = Awaited<ReturnType<typeof server.register>>
const begun = (client: Client) =>
  server.post('/device_authorization', { ...client, startUrl: server.shown.startUrl })
const poll = (client: Client, deviceCode: string) =>
  server.token(client, { grantType: server.deviceGrant, deviceCode })
const approve = (request: string, more: object) =>
  server.own('POST', '/_omen/approvals', { request, ...more })
const alive = async (token: string) => (await server.portal('/assignment/accounts', token)).status === 200

test('SSO-100: the owner decides on devices and on requests by code in the place of a user', async () => {
  const client = await server.register()
  const { deviceCode, verificationUriComplete: link } = await begun(client)
  for (const as of ['user/admin', 'center/nobody']) assert.ok((await approve(link, { as })).error, as)
  assert.equal((await poll(client, deviceCode)).error, 'authorization_pending')
  assert.deepEqual(await approve(link, { as: 'center/alice' }), {})
  assert.ok((await approve(link, { as: 'center/alice' })).error, 'a code is decided on once')
  assert.ok(await alive((await poll(client, deviceCode)).accessToken))
  const [entered] = await server.events('UserAuthentication')
  assert.ok(entered)
  assert.equal(Object.hasOwn((entered?.additionalEventData ?? {}) as object, 'CredentialType'), false)
  const second = await begun(client)
  assert.deepEqual(await approve(second.verificationUriComplete, { decision: 'deny' }), {})
  assert.equal((await poll(client, second.deviceCode)).error, 'access_denied')

  const web = await server.register({
    redirectUris: ['http://127.0.0.1/oauth/callback'],
    issuerUrl: server.shown.startUrl,
  })
  const { verifier, challenge } = pkce()
  const redirectUri = 'http://127.0.0.1:50124/oauth/callback'
  const address = `${omen.endpoint}/authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: web.clientId,
    redirect_uri: redirectUri,
    state: 's',
    code_challenge_method: 'S256',
    code_challenge: challenge,
  })}`
  assert.match(
    (await approve(address, { decision: 'deny' })).to,
    /^http:.*callback\?state=s&error=access_denied$/,
  )
  const { to } = await approve(address, { as: 'center/alice' })
  const code = new URL(to).searchParams.get('code')
  const given = { grantType: 'authorization_code', code, codeVerifier: verifier, redirectUri }
  assert.ok(await alive((await server.token(web, given)).accessToken))
  const evil = address.replace('oauth%2Fcallback', 'else')
  assert.match((await approve(evil, { as: 'center/alice' })).error, /redirect_uri was not registered/)
  assert.ok((await approve(address, { as: 'root' })).error)
  omen.clock.advance(61_000)
})

test('SSO-64, SSO-101: a device code of another client, an old one, and one that comes again give nothing', async () => {
  const [client, other] = [await server.register(), await server.register({ clientName: 'other' })]
  const { deviceCode, verificationUriComplete: link } = await begun(client)
  assert.equal((await poll(other, deviceCode)).error, 'invalid_grant')
  assert.equal(
    (await poll({ ...client, clientSecret: other.clientSecret }, deviceCode)).error,
    'invalid_client',
  )
  await approve(link, { as: 'center/alice' })
  assert.equal((await poll(other, deviceCode)).error, 'invalid_grant')
  const tokens = await poll(client, deviceCode)
  assert.ok(await alive(tokens.accessToken))
  assert.equal((await poll(client, deviceCode)).error, 'invalid_grant')
  const refresh = (who: Client, refreshToken: string) =>
    server.token(who, { grantType: 'refresh_token', refreshToken })
  assert.equal((await refresh(other, tokens.refreshToken)).error, 'invalid_grant')
  assert.equal((await refresh(client, tokens.accessToken)).error, 'invalid_grant')
  assert.ok(await alive(tokens.accessToken), 'what does not fit ends nothing')
  const old = await begun(client)
  omen.clock.advance(601_000)
  assert.equal((await poll(client, old.deviceCode)).error, 'expired_token')
  assert.ok((await approve(old.verificationUriComplete, { as: 'center/alice' })).error)
  const narrow = await server.register({ grantTypes: ['authorization_code'] })
  const third = await begun(narrow)
  assert.equal((await poll(narrow, third.deviceCode)).error, 'unauthorized_client')
  omen.clock.advance(8 * 3_600_000)
  assert.equal((await refresh(client, tokens.refreshToken)).error, 'invalid_grant')
})

test('SSO-66: signing out ends one sign-in of a person, and no other', async () => {
  const client = await server.register()
  const signIn = async () => {
    const { deviceCode, verificationUriComplete: link } = await begun(client)
    await approve(link, { as: 'center/alice' })
    return (await poll(client, deviceCode)).accessToken as string
  }
  const [one, two] = [await signIn(), await signIn()]
  await server.portal('/logout', one, 'POST')
  assert.deepEqual([await alive(one), await alive(two)], [false, true])
  await server.own('POST', '/_omen/identity-center/password', { userName: 'alice', password: `${password}x` })
  assert.equal(await alive(two), false)
  omen.clock.advance(700_000)
})

test('SSO-90: an address has forty devices that wait, and room again once they have ended', async () => {
  const client = await server.register()
  const twenty = async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => begun(client)))
    omen.clock.advance(61_000)
    return all.filter(({ deviceCode }) => deviceCode !== undefined).length
  }
  assert.deepEqual([await twenty(), await twenty(), await twenty()], [20, 20, 0])
  omen.clock.advance(601_000)
  assert.ok((await begun(client)).deviceCode)
})
