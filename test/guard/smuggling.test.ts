import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { ClientCredentials } from 'omen-iam'
import { allow, deny, policyText } from '../kit/index.ts'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { form, forms, glue, jsons, list } from './ambiguous-bodies.ts'
import { account, type GuardServer, guardServer, headersOf, type Sent, send } from './house.ts'
import { presignedPath } from './presigned.ts'
import { rawCall } from './raw-call.ts'

interface Arrival {
  readonly line: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** Everything but what is secret: a caller that finds another spelling of it has got through. */
const careful = policyText(
  allow('*'),
  deny('*', ['arn:aws:s3:::victim', 'arn:aws:s3:::victim/*']),
  deny(['dynamodb:*', 'sns:CreateTopic', 'sns:DeleteTopic', 's3:PutBucketPolicy', 's3:GetBucketPolicy']),
)

describe('what could be understood in two ways does not pass', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials
  let arrivals: Arrival[]

  before(async () => {
    upstream = await startReader(({ method, url, headers }, body, outgoing) => {
      // settings of buckets, and the key of AWS KMS of what is copied
      const own =
        /^\/[\w.-]+\?(?:policy|encryption|publicAccessBlock|acl|ownershipControls)=$/.test(url ?? '') ||
        `${method} ${url}` === 'HEAD /victim/secret'
      if (!own) arrivals.push({ line: `${method} ${url}`, headers, body: body.toString() })
      outgoing
        .writeHead(own ? 404 : 200)
        .end(own ? '<Error><Code>NoSuchBucketPolicy</Code></Error>' : 'passed')
    })
    server = await guardServer({ upstream })
    user = await server.user('careful', careful)
  })
  beforeEach(() => {
    arrivals = []
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const go = (sent: Sent) =>
    send(server.omen.endpoint, {
      as: user,
      ...sent,
      ...(sent.service ? {} : { payloadHash: 'UNSIGNED-PAYLOAD' }),
    })
  const raw = (
    line: string,
    given: Readonly<Record<string, string>> = {},
    unsigned: readonly string[] = [],
    body = '',
  ) => rawCall(server.omen.endpoint, user, { line, given, unsigned, body })

  test('a plain call passes: the upstream is there', async () => {
    assert.equal((await go({ path: '/open/key' })).body, 'passed')
    assert.match(await raw('GET /open/key'), /^HTTP\/1.1 200/)
    assert.equal(arrivals.length, 2)
  })

  for (const target of [
    '/victim/secret#x',
    '/open/../victim/secret',
    '/open/%2e%2e/victim/secret',
    '/open/a%2F..%2F..%2Fvictim%2Fsecret',
    '/open%2F..%2Fvictim/secret',
    '/victim%2Fsecret',
    '//victim/secret',
    '/victim;x/secret',
    '/open\\..\\victim/secret',
    '/open/%5c..%5cvictim',
    '/victim%00/secret',
    'http://other/victim/secret',
    '/open/a%zz',
    '/open/\xc3\xa9',
    '/?bucket=\xff',
    '/open/a?x#acl',
    '/Victim%20/secret',
    '/vic%c0%afsecret',
  ]) {
    test(`GET ${JSON.stringify(target)} (GRD-6, GRD-20)`, async () => {
      assert.match(await raw(`GET ${target}`), /^HTTP\/1.1 4\d\d/)
      assert.deepEqual(arrivals, [])
    })
  }

  for (const query of [
    'Policy',
    'POLICY=',
    'x;policy',
    '+policy',
    'policy%20',
    'acl&Policy',
    'acl&tagging',
  ]) {
    test(`GET /open?${query} (GRD-5)`, async () => {
      assert.equal((await go({ path: `/open?${query}` })).status, 400)
      assert.deepEqual(arrivals, [])
    })
  }

  test('a parameter of another operation is refused by one without it (GRD-5)', async () => {
    for (const [method, path] of [
      ['DELETE', '/open?acl'],
      ['PUT', '/open/key?restore'],
      ['PUT', '/open/key?policy'],
      ['DELETE', '/open/key?UploadId=1'],
      ['GET', '/open/key?versionid=1'],
    ] as const)
      assert.equal((await go({ method, path })).status, 400, path)
    assert.deepEqual(arrivals, [])
  })

  for (const host of [
    'victim/secret?.localhost',
    'victim%2fsecret.localhost',
    'a b.localhost',
    'victim#.localhost',
  ]) {
    test(`Host: ${host} (GRD-7)`, async () => {
      assert.match(await raw('GET /', { host }), /^HTTP\/1.1 4\d\d/)
      assert.deepEqual(arrivals, [])
    })
  }

  for (const source of [
    'victim/secret',
    '/victim/secret',
    '//victim/secret',
    'victim/secret?x',
    'victim/secret#x',
    'victim%2Fsecret',
    '%2Fvictim/secret',
    'victim/secret%3FversionId=1',
    'open/../victim/secret',
    'open/%2e%2e/%2e%2e/victim/secret',
    'open/a?versionId=1?versionId=2',
    'victim/secret?versionId=1&x=2',
    'victim',
    '?',
  ]) {
    test(`a copy of ${source} (GRD-22)`, async () => {
      const { status } = await go({
        method: 'PUT',
        path: '/open/copy',
        headers: { 'x-amz-copy-source': source },
      })
      assert.equal(status, 403)
      assert.deepEqual(arrivals, [])
    })
  }

  test('headers with underscores stay behind, and doubled ones come as one (GRD-61)', async () => {
    await go({ method: 'PUT', path: '/open/key', headers: { x_amz_copy_source: 'victim/secret' }, body: 'x' })
    assert.equal(arrivals[0]?.headers.x_amz_copy_source, undefined)
    await raw('GET /open/key', {}, ['range: bytes=0-1', 'range: bytes=2-3'])
    assert.equal(arrivals[1]?.headers.range, 'bytes=0-1,bytes=2-3')
  })

  test('a header that was decided on cannot be taken back by Connection (GRD-34)', async () => {
    for (const name of ['x-amz-server-side-encryption', 'X-Amz-Tagging', 'content-type']) {
      const headers = { connection: `close, ${name}`, [name.toLowerCase()]: 'AES256' }
      assert.equal((await go({ method: 'PUT', path: '/open/key', headers, body: 'x' })).status, 400)
    }
    assert.equal(arrivals.length, 0)
    await go({ path: '/open/key', headers: { connection: 'close, x-secret', 'x-secret': '1' } })
    assert.equal(arrivals[0]?.headers['x-secret'], undefined)
  })

  test('two lengths, or a length and chunks, are none', async () => {
    for (const headers of [
      ['content-length: 3', 'transfer-encoding: chunked'],
      ['content-length: 3', 'content-length: 4'],
      ['transfer-encoding: xchunked'],
      ['transfer-encoding: chunked, identity'],
      ['content-length : 3'],
      ['content-length: +3'],
      ['content-length: 3, 3'],
      ['transfer-encoding:\r\n chunked'],
      // a header that is folded, or hidden behind one end of a line
      ['x-a: b\r\n transfer-encoding: chunked', 'content-length: 0'],
      ['x-a: b\nx-amz-copy-source: /victim/secret', 'content-length: 0'],
      ['x-a: b\rx-amz-copy-source: /victim/secret', 'content-length: 0'],
      ['x-a: b\u0000c', 'content-length: 0'],
    ])
      assert.match(await raw('PUT /open/key', {}, headers), /^HTTP\/1.1 4\d\d/, headers.join())
    assert.deepEqual(arrivals, [])
  })

  test('a body of a request that has none stays behind: an upstream could take it for the next one (GRD-623)', async () => {
    const hidden = 'DELETE /victim HTTP/1.1\r\nhost: upstream\r\n\r\n'
    for (const method of ['GET', 'HEAD']) {
      arrivals = []
      const answer = await raw(`${method} /open/key`, {}, [`content-length: ${hidden.length}`], hidden)
      assert.match(answer, /^HTTP\/1.1 200/)
      const [arrival] = arrivals
      assert.deepEqual([arrivals.length, arrival?.line, arrival?.body], [1, `${method} /open/key`, ''])
      assert.ok(['0', undefined].includes(arrival?.headers['content-length'] as string | undefined))
    }
  })

  test('chunks with other ends of lines, sizes and extensions are none', async () => {
    const chunked = ['transfer-encoding: chunked']
    for (const body of ['3\nabc\r\n0\r\n\r\n', '-3\r\nabc\r\n', `${'f'.repeat(17)}\r\n\r\n`, '0;a=b\n\r\n'])
      assert.match(await raw('PUT /open/key', {}, chunked, body), /^HTTP\/1.1 400/, JSON.stringify(body))
    assert.ok(!arrivals.some(({ body }) => body !== ''))
  })

  test('HTTP/2 is not spoken, and no call becomes another protocol', async () => {
    assert.match(await raw('PRI *', {}, [], 'SM\r\n\r\n'), /^HTTP\/1.1 4\d\d/)
    const upgrade = [
      'connection: Upgrade, HTTP2-Settings',
      'upgrade: h2c',
      'http2-settings: AAMAAABkAAQAAP__',
    ]
    assert.match(await raw('GET /open/key', {}, upgrade), /^HTTP\/1.1 200/)
    const [arrival] = arrivals
    assert.deepEqual([arrival?.headers.upgrade, arrival?.headers['http2-settings']], [undefined, undefined])
  })

  test('headers that the signature leaves out count for nothing but a refusal (SIG-15)', async () => {
    const copied = await raw('PUT /open/key', {}, ['x-amz-copy-source: open/other', 'content-length: 0'])
    assert.match(copied, /There were headers present in the request which were not signed/)
    assert.match(copied, /<HeadersNotSigned>x-amz-copy-source<\/HeadersNotSigned>/)
    const path = presignedPath(server.omen.endpoint, { method: 'PUT', path: '/open/key', as: user })
    const added = await send(server.omen.endpoint, {
      method: 'PUT',
      path,
      headers: { 'x-amz-acl': 'public-read' },
    })
    assert.match(added.body, /HeadersNotSigned/)
    assert.deepEqual(arrivals, [])
    assert.equal((await send(server.omen.endpoint, { method: 'PUT', path, body: 'x' })).status, 200)
  })

  test('headers in a presigned URL are headers to the upstream, and never there twice (GRD-25)', async () => {
    const path = presignedPath(server.omen.endpoint, {
      method: 'PUT',
      path: '/open/key?x-amz-acl=private&x-amz-tagging=a%3D1',
      as: user,
    })
    assert.equal((await send(server.omen.endpoint, { method: 'PUT', path, body: 'x' })).status, 200)
    assert.equal(arrivals[0]?.line, 'PUT /open/key')
    assert.deepEqual(
      [arrivals[0]?.headers['x-amz-acl'], arrivals[0]?.headers['x-amz-tagging']],
      ['private', 'a=1'],
    )
    const twice = '/open/key?x-amz-acl=private&X-Amz-Acl=public-read'
    assert.equal((await go({ method: 'PUT', path: twice, body: 'x' })).status, 400)
    const beside = await go({
      method: 'PUT',
      path: '/open/key?x-amz-acl=private',
      headers: { 'x-amz-acl': 'public-read' },
    })
    assert.equal(beside.status, 400)
    assert.equal(arrivals.length, 1)
  })

  test('nor are parts of a signature left that are written otherwise (GRD-25, GRD-60)', async () => {
    const other = 'X%2DAmz-Credential=other&%58-amz-signature=1&x-amz-security%2Dtoken=t'
    const put = { method: 'PUT', path: `/open/key?x%2Damz-acl=private&${other}`, body: 'x' }
    assert.equal((await go(put)).status, 200)
    const listing = { method: 'POST', path: `/?${other}`, service: 'sns', body: list }
    assert.equal((await go({ ...listing, headers: { 'content-type': form } })).status, 200)
    assert.deepEqual(
      arrivals.map(({ line }) => line),
      ['PUT /open/key', 'POST /'],
    )
    assert.equal(arrivals[0]?.headers['x-amz-acl'], 'private')
  })

  for (const [name, sent] of Object.entries(forms)) {
    test(`a form with ${name} (GRD-5, GRD-21)`, async () => {
      const { status } = await go({ method: 'POST', service: 'sns', ...sent })
      assert.ok(status >= 400 && status < 500, String(status))
      assert.deepEqual(arrivals, [])
    })
  }

  for (const [name, sent] of Object.entries(jsons)) {
    test(`JSON with ${name} (GRD-5, GRD-21)`, async () => {
      const { status } = await go({ method: 'POST', service: 'glue', ...sent })
      assert.ok(status >= 400 && status < 500, String(status))
      assert.deepEqual(arrivals, [])
    })
  }

  test('a call about secrets that it does not name is one about the secret that is denied (GRD-534)', async () => {
    const secret = `arn:aws:secretsmanager:us-east-1:${account}:secret:victim-??????`
    const all = { Effect: 'Allow', Action: '*', Resource: '*' }
    const denied = (Resource: string) => ({
      Effect: 'Deny',
      Action: 'secretsmanager:GetSecretValue',
      Resource,
    })
    const policy = (Resource: string) => policyText(all, denied(Resource))
    const as = await server.user('filters', policy(secret))
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.BatchGetSecretValue',
    }
    const body = '{"Filters":[{"Key":"name","Values":["victim"]}]}'
    const asked = () => go({ method: 'POST', service: 'secretsmanager', headers, body, as })
    const refused = await asked()
    assert.equal(refused.status, 400)
    assert.match(refused.body, /GetSecretValue on resource: \S+:secret:victim-\?{6} with an explicit deny/)
    assert.ok(arrivals.every(({ headers: { 'x-amz-target': target } }) => target !== headers['x-amz-target']))
    await server.allow('filters', policy(`arn:aws:secretsmanager:us-east-1:${account}:other`))
    assert.equal((await asked()).body, 'passed')
  })

  test('the same calls without all that pass', async () => {
    const one = await go({ method: 'POST', service: 'glue', headers: glue, body: '{"JobName":"a"}' })
    const two = await go({ method: 'POST', service: 'sns', headers: { 'content-type': form }, body: list })
    const three = await go({
      method: 'POST',
      service: 'glue',
      headers: { ...glue, 'content-encoding': 'gzip' },
      body: gzipSync('{"JobName":"a"}'),
    })
    assert.deepEqual([one.status, two.status, three.status], [200, 200, 200])
  })

  test('old and other signatures are refused in the service’s own form (GRD-26)', async () => {
    const v2 = await send(server.omen.endpoint, {
      path: '/open/key?awsaccesskeyid=AKIAIOSFODNN7EXAMPLE&signature=a%3D&Expires=99999999999',
    })
    assert.equal(v2.status, 400)
    assert.match(
      v2.body,
      /<Code>InvalidRequest<\/Code><Message>The authorization mechanism you have provided is not/,
    )
    const headers = headersOf(server.omen.endpoint, {
      path: '/open/key',
      as: user,
      payloadHash: 'UNSIGNED-PAYLOAD',
    })
    const v4a = await send(server.omen.endpoint, {
      path: '/open/key',
      headers: {
        ...headers,
        authorization: headers.authorization!.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'),
      },
    })
    assert.match(v4a.body, /<Code>AuthorizationHeaderMalformed</)
    const presigned = presignedPath(server.omen.endpoint, { method: 'GET', path: '/open/key', as: user })
    const v4aQuery = await send(server.omen.endpoint, {
      path: presigned.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'),
    })
    assert.match(v4aQuery.body, /<Code>\w+<\/Code>/)
    assert.equal(v4aQuery.status, 400)
    const bearer = await send(server.omen.endpoint, {
      method: 'POST',
      headers: { ...glue, authorization: 'Bearer abc' },
      body: '{}',
    })
    assert.match(bearer.body, /"__type":"\w+Exception"/)
    assert.deepEqual(arrivals, [])
  })
})
