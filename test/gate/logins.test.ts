import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createOmen } from 'omen-iam'
import { centerHouse } from '../wire/center-house.ts'
import { callHouse } from '../wire/house-call.ts'
import { loginTool } from '../wire/oauth-tool.ts'

const omen = await createOmen()
after(() => omen.close())
const own = async (method: 'GET' | 'POST', path: string, body?: object) => {
  const target = { endpoint: omen.endpoint, now: omen.clock.now() }
  const answer = await callHouse(target, method, path, omen.keys.root, 'us-east-1', body)
  return JSON.parse(await answer.text())
}

test('logins of programs are shown until they end, without a token, and ended by hand (AGT-6, AGT-7)', async () => {
  const tool = loginTool(omen.endpoint, () => omen.clock.now())
  const { to } = await own('POST', '/_omen/approvals', { request: tool.address(), as: 'root' })
  const code = new URL(to).searchParams.get('code') ?? ''
  const given = { grantType: 'authorization_code', code, codeVerifier: tool.verifier }
  const { json } = await tool.token({ ...given, redirectUri: tool.redirectUri })
  await tool.token({ grantType: 'refresh_token', refreshToken: json.refreshToken })
  const house = await centerHouse(omen)
  const { password } = await house.lent('alice', 'Developer', '{"Version":"2012-10-17","Statement":[]}')
  await house.tokens('alice', password)
  const { logins } = await own('GET', '/_omen/api/sessions')
  const seen = logins.map(({ kind, who, program, renewals }: Record<string, unknown>) => [
    kind,
    who,
    program,
    renewals,
  ])
  assert.deepEqual(seen.sort(), [
    ['center', 'alice', 'cli', 0],
    ['login', 'arn:aws:iam::123456789012:root', 'same-device', 1],
  ])
  assert.equal(JSON.stringify(logins).includes(json.refreshToken), false)
  const { id } = logins.find(({ kind }: { kind: string }) => kind === 'login')
  assert.equal((await own('POST', '/_omen/api/logins/end', { id })).error, undefined)
  assert.match((await own('POST', '/_omen/api/logins/end', { id })).error, /no such login/)
  assert.equal((await own('GET', '/_omen/api/sessions')).logins.length, 1)
  const [event] = await house.events('RevokeOAuth2TokenWithIAM')
  assert.equal(event?.userIdentity.type, 'Root')
  omen.clock.advance(13 * 3_600_000)
  assert.deepEqual((await own('GET', '/_omen/api/sessions')).logins, [])
})
