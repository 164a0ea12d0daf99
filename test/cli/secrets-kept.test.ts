import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { centerServer } from '../wire/center-house.ts'
import { callServer } from '../wire/house-call.ts'
import { agentTool, loginTool } from '../wire/oauth-tool.ts'
import { signed } from '../wire/signed.ts'
import { serve, temporaryHome } from './process.ts'

test('SGN-91: no code, token, device code, registration secret or password is in a file of the home, the trail or the logs', async (t) => {
  const home = temporaryHome(t)
  const served = await serve(home, ['--log', 'json'])
  const { url: endpoint, keys } = served
  const clock = { now: () => Date.now() }
  const account = '123456789012'
  const secrets = new Map<string, string>()
  const keep = (name: string, text: unknown): string => {
    assert.ok(typeof text === 'string' && text.length > 20, `${name}: ${text}`)
    secrets.set(name, text)
    return text
  }
  const approved = async (request: string, as: string): Promise<string> => {
    const target = { endpoint, now: Date.now() }
    const answer = await callServer(target, 'POST', '/_omen/approvals', keys.root, 'us-east-1', {
      request,
      as,
    })
    const { to } = JSON.parse(await answer.text()) as { to?: string }
    return to === undefined ? '' : (new URL(to).searchParams.get('code') ?? '')
  }
  try {
    // aws login
    const cli = loginTool(endpoint, clock.now)
    const code = keep('code of aws login', await approved(cli.address(), 'root'))
    keep('verifier of aws login', cli.verifier)
    const { json: first } = await cli.exchange(code)
    keep('refresh token of aws login', first.refreshToken)
    keep('ID token of aws login', first.idToken)
    keep('secret key of aws login', first.accessToken.secretAccessKey)
    keep('session token of aws login', first.accessToken.sessionToken)
    const { json: second } = await cli.refresh(first.refreshToken)
    keep('next refresh token of aws login', second.refreshToken)
    await cli.exchange(code)
    // agents
    const agent = await agentTool(endpoint)
    const agentCode = keep('code of an agent', await approved(agent.address(), 'root'))
    keep('verifier of an agent', agent.verifier)
    const { json: given } = await agent.exchange(agentCode)
    keep('access token of an agent', given.access_token)
    keep('refresh token of an agent', given.refresh_token)
    const { json: renewed } = await agent.refresh(given.refresh_token)
    keep('next access token of an agent', renewed.access_token)
    keep('next refresh token of an agent', renewed.refresh_token)
    await agent.refresh(given.refresh_token)
    const byIam = (path: string, body: object) =>
      signed({ endpoint, keys, clock } as never, {
        ...{ service: 'signin', path: `${path}?x-amz-client-auth-method=iam`, body },
      })
    const own = await byIam('/v1/token', {
      grant_type: 'client_credentials',
      resource: 'https://tools.example/mcp',
    })
    keep('token of a program that signs', own.access_token)
    await byIam('/v1/introspect', { token: own.access_token })
    await byIam('/v1/introspect', { token: given.refresh_token })
    await byIam('/v1/revoke', { token: renewed.refresh_token })
    // IAM Identity Center
    await callServer(
      { endpoint, now: Date.now() },
      'POST',
      '/_omen/identity-center',
      keys.root,
      'us-east-1',
      {},
    )
    const server = await centerServer({ endpoint, account, keys, clock })
    const policy = '{"Version":"2012-10-17","Statement":[]}'
    const { password } = await server.lent('marker-of-alice', 'Secrets', policy)
    keep('password', `${password}-which-is-longer`)
    await server.own('POST', '/_omen/identity-center/password', {
      ...{ userName: 'marker-of-alice', password: `${password}-which-is-longer` },
    })
    const long = `${password}-which-is-longer`
    const tokens = await server.tokens('marker-of-alice', long)
    keep('access token of the portal', tokens.accessToken)
    keep('refresh token of the portal', tokens.refreshToken)
    const client = await server.register()
    keep('registration secret', client.clientSecret)
    const device = await server.post('/device_authorization', { ...client, startUrl: server.shown.startUrl })
    keep('device code', device.deviceCode)
    await server.token(client, { grantType: server.deviceGrant, deviceCode: device.deviceCode })
    await approved(device.verificationUriComplete, 'center/marker-of-alice')
    const byDevice = await server.token(client, {
      grantType: server.deviceGrant,
      deviceCode: device.deviceCode,
    })
    keep('access token by a device', byDevice.accessToken)
    await server.token(client, { grantType: server.deviceGrant, deviceCode: device.deviceCode })
    const bearer = byDevice.accessToken
    const asked = `/federation/credentials?role_name=Secrets&account_id=${account}`
    const { roleCredentials } = await server.portal(asked, bearer)
    keep('secret key of a role', roleCredentials?.secretAccessKey)
    // its session token is in the event of AssumeRoleWithSAML, as at AWS: it signs nothing without the key
    const page = await server.start({ userName: 'marker-of-alice', password: long })
    const ticket = keep('token of the portal page', page.ticket)
    const shown = await server.start({ t: ticket, account, set: 'Secrets', action: 'keys' })
    keep('secret key on the page', /AWS_SECRET_ACCESS_KEY=([^\s&]+)/.exec(shown.text)?.[1])
    await server.portal('/assignment/accounts', `${bearer}x`)
    await server.portal('/logout', bearer, 'POST')
  } finally {
    const { stdout, stderr } = await served.stop('SIGTERM')
    assert.match(stdout, /CreateOAuth2Token|GetRoleCredentials/, 'the log has the calls')
    const files = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map(({ parentPath, name }) => ({ name, bytes: readFileSync(join(parentPath, name)) }))
    const texts = [...files, { name: 'the logs', bytes: Buffer.from(stdout + stderr) }]
    assert.ok(
      files.some(({ bytes }) => bytes.includes('marker-of-alice')),
      'the database is read as it is',
    )
    for (const [what, secret] of secrets)
      for (const { name, bytes } of texts)
        assert.equal(bytes.includes(secret), false, `${what} is in ${name}`)
  }
})
