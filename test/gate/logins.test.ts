import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { type ClientCredentials, createOmen } from 'omen-iam'
import { centerServer } from '../wire/center-house.ts'
import { callServer } from '../wire/house-call.ts'
import { allow } from '../wire/iam/house.ts'
import { agentTool, loginTool } from '../wire/oauth-tool.ts'

const omen = await createOmen()
after(() => omen.close())
type Keys = Pick<ClientCredentials, 'accessKeyId' | 'secretAccessKey'>
const own = async (method: 'GET' | 'POST', path: string, body?: object, keys: Keys = omen.keys.root) => {
  const target = { endpoint: omen.endpoint, now: omen.clock.now() }
  const answer = await callServer(target, method, path, keys, 'us-east-1', body)
  return JSON.parse(await answer.text())
}

test('logins of programs are shown until they end, without a token, and ended by hand (AGT-6, AGT-7)', async () => {
  const tool = loginTool(omen.endpoint, () => omen.clock.now())
  const { to } = await own('POST', '/_omen/approvals', { request: tool.address(), as: 'root' })
  const code = new URL(to).searchParams.get('code') ?? ''
  const given = { grantType: 'authorization_code', code, codeVerifier: tool.verifier }
  const { json } = await tool.token({ ...given, redirectUri: tool.redirectUri })
  await tool.token({ grantType: 'refresh_token', refreshToken: json.refreshToken })
  const agent = await agentTool(omen.endpoint)
  const allowed = await own('POST', '/_omen/approvals', { request: agent.address(), as: 'root' })
  await agent.exchange(new URL(allowed.to).searchParams.get('code') ?? '')
  const server = await centerServer(omen)
  const { password } = await server.lent('alice', 'Developer', '{"Version":"2012-10-17","Statement":[]}')
  await server.tokens('alice', password)
  const { logins } = await own('GET', '/_omen/api/sessions')
  const seen = logins.map(({ kind, who, program, renewals }: Record<string, unknown>) => [
    kind,
    who,
    program,
    renewals,
  ])
  assert.deepEqual(seen.sort(), [
    ['agent', 'arn:aws:iam::123456789012:root', 'https://aws-mcp.us-east-1.api.aws/mcp', 0],
    ['center', 'alice', 'cli', 0],
    ['login', 'arn:aws:iam::123456789012:root', 'same-device', 1],
  ])
  assert.equal(JSON.stringify(logins).includes(json.refreshToken), false)
  const { id } = logins.find(({ kind }: { kind: string }) => kind === 'login')
  // as the console does: a user signs, who is not the owner and needs the permission
  const iam = omen.client(IAM, 'admin')
  await iam.createUser({ UserName: 'carol' })
  const { AccessKey } = await iam.createAccessKey({ UserName: 'carol' })
  const { AccessKeyId = '', SecretAccessKey = '' } = AccessKey ?? {}
  const carol = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }
  const denied = await own('POST', '/_omen/api/logins/end', { id }, carol)
  assert.match(denied.error, /not authorized to perform: signin:RevokeOAuth2Token/)
  const PolicyDocument = allow('signin:RevokeOAuth2Token')
  await iam.putUserPolicy({ UserName: 'carol', PolicyName: 'own', PolicyDocument })
  assert.equal((await own('POST', '/_omen/api/logins/end', { id }, carol)).error, undefined)
  assert.match((await own('POST', '/_omen/api/logins/end', { id })).error, /no such login/)
  assert.equal((await own('GET', '/_omen/api/sessions')).logins.length, 2)
  const [event] = await server.events('RevokeOAuth2TokenWithIAM')
  assert.equal(event?.userIdentity.userName, 'carol')
  omen.clock.advance(13 * 3_600_000)
  assert.deepEqual((await own('GET', '/_omen/api/sessions')).logins, [])
})
