import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { decodeJwt } from 'jose'
import type { ClientCredentials } from 'omen-iam'
import { allow, policyText } from '../kit/index.ts'
import { type AnyAnswer, signed } from './signed.ts'
import { eventsNamed, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen } = server
after(() => server.close())
const resource = 'aws-mcp.amazonaws.com'
type Who = Pick<ClientCredentials, 'accessKeyId' | 'secretAccessKey'> & { readonly sessionToken?: string }

const call = (path: string, body: object, who?: Who): Promise<AnyAnswer> =>
  signed(omen, {
    service: 'signin',
    path: `${path}?x-amz-client-auth-method=iam`,
    body,
    ...(who && { who }),
  })
const create = (who?: Who) => call('/v1/token', { grant_type: 'client_credentials', resource }, who)
const policy = (effect: string, condition: object = {}) =>
  policyText(allow('signin:*'), {
    Effect: effect,
    Action: 'signin:CreateOAuth2Token',
    Resource: `arn:aws:signin:us-east-1:123456789012:service-principal/${resource}`,
    Condition: condition,
  })

describe('OAuth for programs that sign', () => {
  test('a caller gets a token for a resource, and its permission is asked (AGT-2, AGT-3)', async () => {
    const who = await server.user('agent', policy('Allow'))
    const { access_token, token_type, expires_in } = await create(who)
    assert.deepEqual([token_type, expires_in], ['Bearer', 3_600])
    assert.match(access_token, /^ASOA[\w=-]{1,4092}$/)
    const claims = await call('/v1/introspect', { token: access_token })
    assert.deepEqual(
      [claims.aud, claims.sub, claims.account_id],
      [resource, 'arn:aws:iam::123456789012:user/agent', '123456789012'],
    )
    const event: AnyAnswer = (await eventsNamed(server, 'CreateOAuth2TokenWithIAM')).at(-1)
    assert.equal(JSON.stringify(event).includes(access_token), false)
    const denied = await server.user(
      'denied',
      policy('Deny', { StringEquals: { 'signin:OAuthGrantType': 'client_credentials' } }),
    )
    const refused = await create(denied)
    assert.equal(refused.error, 'INSUFFICIENT_PERMISSIONS')
    assert.match(refused.message, /signin:CreateOAuth2Token .*explicit deny/)
  })

  test('a session’s token lasts no longer than the session (AGT-3)', async () => {
    const role = await server.role('brief', trusting({ AWS: '123456789012' }), policy('Allow'))
    const keys = await server.assume('admin', role, { DurationSeconds: 900 })
    const { expires_in } = await create(keys)
    assert.ok(expires_in > 890 && expires_in <= 900, String(expires_in))
  })

  test('a resource learns of a token of its account while it counts, and nothing of others (AGT-4, AGT-5)', async () => {
    const who = await server.user('subject', policy('Allow'))
    const { access_token: token } = await create(who)
    const known = await call('/v1/introspect', { token })
    assert.deepEqual(
      [known.active, known.sub, known.aud, known.token_type, known.client_id],
      [
        true,
        'arn:aws:iam::123456789012:user/subject',
        resource,
        'access_token',
        'arn:aws:signin:::client-credentials/sigv4',
      ],
    )
    const statement = token.slice(4).replaceAll('=', '.')
    const [head, , signature] = statement.split('.')
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(statement), sub: 'root' })).toString('base64url')
    const inactive = { status: 200, active: false }
    for (const text of ['nothing', statement, 'ASOR', `ASOA${head}=${forged}=${signature}`, 'ASOA=.='])
      assert.deepEqual(await call('/v1/introspect', { token: text }), inactive)
    // an access token lives on (RFC 7009): only its end and that of its user count
    assert.deepEqual(await call('/v1/revoke', { token }), { status: 200 })
    assert.equal((await call('/v1/introspect', { token })).active, true)
    await server.iam.deleteUserPolicy({ UserName: 'subject', PolicyName: 'own' })
    await server.iam.deleteAccessKey({ UserName: 'subject', AccessKeyId: who.accessKeyId })
    await server.iam.deleteUser({ UserName: 'subject' })
    assert.deepEqual(await call('/v1/introspect', { token }), inactive)
    const { access_token: second } = await create()
    assert.equal((await call('/v1/introspect', { token: second })).active, true)
    omen.clock.advance(3_600_000)
    assert.deepEqual(await call('/v1/introspect', { token: second }), inactive)
    omen.clock.advance(-3_600_000)
  })

  test('without a signature there is none of it (AGT-2)', async () => {
    for (const path of ['/v1/introspect', '/v1/revoke']) {
      const response = await fetch(`${omen.endpoint}${path}?x-amz-client-auth-method=iam`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"token":"x"}',
      })
      assert.equal(response.status, 403, path)
    }
  })
})
