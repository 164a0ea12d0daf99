import assert from 'node:assert/strict'
import { createHash, sign } from 'node:crypto'
import { describe, test } from 'node:test'
import { account } from '../../../../test/kit/index.ts'
import { makeX509 } from '../../../../test/support/index.ts'
import type { Dependencies, Performance } from '../authorization/index.ts'
import { Fault, type HttpRequest, parseAccountId, systemClock, systemRandom } from '../base/index.ts'
import { basicDate } from '../wire/sigv4/index.ts'
import { answerX509, isX509Session } from './x509-session.ts'

const now = Date.now()
const holder = makeX509({ subject: [['CN', 'server-1']] }, now)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const other = '210987654321'

const names = {
  profileArn: `arn:aws:rolesanywhere:us-east-1:${account}:profile/p`,
  roleArn: `arn:aws:iam::${account}:role/r`,
  trustAnchorArn: `arn:aws:rolesanywhere:us-east-1:${other}:trust-anchor/t`,
}

/** CreateSession with a query and a body, signed by the certificate. */
function signedBy(rawQuery: string, body: string, region = 'eu-west-1'): HttpRequest {
  const date = basicDate(now)
  const headers: Record<string, string> = {
    host: 'localhost:6636',
    'user-agent': 'helper',
    'x-amz-date': date,
    'x-amz-x509': holder.der.toString('base64'),
  }
  const signed = ['host', 'x-amz-date', 'x-amz-x509']
  const pairs = [...new URLSearchParams(rawQuery)].map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  )
  const canonical = [
    'POST',
    '/sessions',
    pairs.sort().join('&'),
    ...signed.map((name) => `${name}:${headers[name]}`),
    '',
    signed.join(';'),
    sha256(body),
  ].join('\n')
  const scope = `${date.slice(0, 8)}/${region}/rolesanywhere/aws4_request`
  const text = ['AWS4-X509-ECDSA-SHA256', date, scope, sha256(canonical)].join('\n')
  const signature = sign('sha256', Buffer.from(text), holder.key).toString('hex')
  headers.authorization = `AWS4-X509-ECDSA-SHA256 Credential=${holder.serial}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`
  const bytes = Buffer.from(body)
  return {
    method: 'POST',
    rawPath: '/sessions',
    rawQuery,
    headers,
    body: bytes,
    remoteAddress: '192.0.2.1',
    secure: true,
  }
}

const queryOf = (more: Readonly<Record<string, string>> = {}) =>
  new URLSearchParams({ ...names, ...more }).toString()

/** The input of the operation, with the answer of the server; the operation answers what is given. */
async function answered(
  request: HttpRequest,
  perform: () => Promise<object> = async () => ({ credentialSet: [] }),
) {
  let asked: Performance | undefined
  const found = new Map([account, other].map((id) => [id, { id: parseAccountId(id)! }]))
  const deps = {
    clock: systemClock,
    random: systemRandom,
    firstAccount: account,
    directory: { find: async (id: string) => found.get(id) },
    perform: (given: Performance) => {
      asked = given
      return perform()
    },
  } as unknown as Dependencies
  const { status, headers, body } = await answerX509(request, deps)
  assert.match(String(headers['x-amzn-requestid']), /^[\da-f-]{36}$/)
  assert.equal(headers['content-type'], 'application/json')
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8')
  return { status, code: headers['x-amzn-errortype'], body: JSON.parse(text), asked }
}

describe('a session of IAM Roles Anywhere', () => {
  test('is asked for by a POST of /sessions that is signed with a certificate (RAN-10)', () => {
    const given = {
      method: 'POST',
      rawPath: '/sessions',
      headers: { authorization: 'AWS4-X509-RSA-SHA256 …' },
    }
    assert.ok(isX509Session(given))
    assert.ok(!isX509Session({ ...given, method: 'GET' }))
    assert.ok(!isX509Session({ ...given, rawPath: '/sessions/1' }))
    assert.ok(!isX509Session({ ...given, headers: { authorization: 'AWS4-HMAC-SHA256 …' } }))
    assert.ok(!isX509Session({ ...given, headers: {} }))
  })

  test('takes names from the query and from the body, which counts (RAN-10)', async () => {
    const roleOf = (name: string) => `arn:aws:iam::${account}:role/${name}`
    const table: readonly (readonly [query: string, body: string, input: object])[] = [
      [queryOf(), '', names],
      [queryOf(), '{}', names],
      ['', JSON.stringify(names), names],
      [queryOf(), '{"durationSeconds":900}', { ...names, durationSeconds: 900 }],
      [queryOf({ durationSeconds: '43200' }), '', { ...names, durationSeconds: 43_200 }],
      [
        queryOf({ roleArn: roleOf('q') }),
        JSON.stringify({ roleArn: roleOf('b') }),
        { ...names, roleArn: roleOf('b') },
      ],
      [queryOf(), '{"durationSeconds":null,"roleSessionName":null}', names],
      [queryOf(), '{"roleSessionName":""}', names],
      [queryOf(), '{"roleSessionName":"a+b=c,d.e@f-"}', { ...names, roleSessionName: 'a+b=c,d.e@f-' }],
      [queryOf(), `{"roleSessionName":"${'a'.repeat(64)}"}`, { ...names, roleSessionName: 'a'.repeat(64) }],
      [queryOf(), '{"roleSessionName":"ab"}', { ...names, roleSessionName: 'ab' }],
      [queryOf(), '{"more":1}', names],
    ]
    for (const [query, body, input] of table) {
      const { status, code, asked } = await answered(signedBy(query, body))
      assert.deepEqual([status, code, asked?.input], [201, undefined, input], `${query} ${body}`)
    }
  })

  test('refuses what is no input, before anything is asked (RAN-10)', async () => {
    const without = (name: string) => queryOf({ [name]: '' }).replace(`${name}=`, 'x=')
    const table: readonly (readonly [query: string, body: string, message: string])[] = [
      [queryOf(), '{', 'The body is no JSON.'],
      [queryOf(), '1', 'The body is no object.'],
      [queryOf(), 'null', 'The body is no object.'],
      [queryOf(), `{"x":"${'x'.repeat(65_536 - 7)}"}`, 'The request is too long.'],
      [without('profileArn'), '', 'profileArn is required.'],
      [without('roleArn'), '', 'roleArn is required.'],
      [without('trustAnchorArn'), '', 'trustAnchorArn is required.'],
      [queryOf(), '{"roleArn":1}', 'roleArn is required.'],
      [queryOf({ roleArn: 'x'.repeat(1_012) }), '', 'roleArn is required.'],
      [queryOf({ durationSeconds: '899' }), '', 'durationSeconds must be from 900 to 43200.'],
      [queryOf({ durationSeconds: '43201' }), '', 'durationSeconds must be from 900 to 43200.'],
      [queryOf({ durationSeconds: '900.5' }), '', 'durationSeconds must be from 900 to 43200.'],
      [queryOf({ durationSeconds: 'long' }), '', 'durationSeconds must be from 900 to 43200.'],
      [queryOf(), '{"roleSessionName":"a"}', 'roleSessionName is not valid.'],
      [queryOf(), `{"roleSessionName":"${'a'.repeat(65)}"}`, 'roleSessionName is not valid.'],
      [queryOf(), '{"roleSessionName":"a b"}', 'roleSessionName is not valid.'],
      [queryOf(), '{"roleSessionName":12}', 'roleSessionName is not valid.'],
    ]
    for (const [query, body, message] of table)
      assert.deepEqual(
        await answered(signedBy(query, body)),
        { status: 400, code: 'ValidationException', body: { message }, asked: undefined },
        body.slice(0, 60) || query,
      )
    const longest = await answered(signedBy(queryOf(), `{"x":"${'x'.repeat(65_536 - 8)}"}`))
    assert.equal(longest.status, 201)
    const name = await answered(signedBy(queryOf({ roleArn: 'x'.repeat(1_011) }), ''))
    assert.equal(name.status, 201)
  })

  test('is made in the account and region that are named, for nobody known yet (RAN-10)', async () => {
    const { asked } = await answered(signedBy(queryOf(), ''))
    assert.ok(asked !== undefined)
    assert.deepEqual(
      [asked.service, asked.operation, asked.account.id, asked.region],
      ['rolesanywhere', 'CreateSession', other, 'eu-west-1'],
    )
    assert.deepEqual(asked.caller, { kind: 'anonymous', account: other })
    assert.deepEqual(asked.origin, {
      sourceIp: '192.0.2.1',
      userAgent: 'helper',
      host: 'localhost:6636',
      secure: true,
    })
    // an account that is not here, and none: the first says that it has no such trust anchor
    for (const trustAnchorArn of [names.trustAnchorArn.replace(other, '999988887777'), 'nothing'])
      assert.equal((await answered(signedBy(queryOf({ trustAnchorArn }), ''))).asked?.account.id, account)
  })

  test('is written with its end as a date (RAN-10)', async () => {
    const credentials = { accessKeyId: 'ASIA', expiration: 1_700_000_000_000 }
    const output = { credentialSet: [{ roleArn: names.roleArn, credentials }], subjectArn: 's' }
    const { body } = await answered(signedBy(queryOf(), ''), async () => output)
    const written = { accessKeyId: 'ASIA', expiration: '2023-11-14T22:13:20Z' }
    assert.deepEqual(body, {
      credentialSet: [{ roleArn: names.roleArn, credentials: written }],
      subjectArn: 's',
    })
    assert.deepEqual((await answered(signedBy(queryOf(), ''), async () => ({}))).body, { credentialSet: [] })
  })

  test('is refused in the words of the operation, and where the signature is none (RAN-10)', async () => {
    const refusing = (fault: unknown) => answered(signedBy(queryOf(), ''), () => Promise.reject(fault))
    const refused = await refusing(new Fault('ResourceNotFoundException', 'No trust anchor.', 404))
    assert.deepEqual(
      [refused.status, refused.code, refused.body],
      [404, 'ResourceNotFoundException', { message: 'No trust anchor.' }],
    )
    await assert.rejects(refusing(new TypeError('ours')), /ours/)
    const altered = { ...signedBy(queryOf(), '{}'), body: Buffer.from('{"durationSeconds":900}') }
    assert.deepEqual(await answered(altered), {
      status: 403,
      code: 'AccessDeniedException',
      body: { message: 'The request signature does not match.' },
      asked: undefined,
    })
  })
})
