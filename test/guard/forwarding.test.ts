import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import { startSink, type UpstreamServer } from '../support/index.ts'
import { type Answer, allowing, type GuardServer, guardServer, type Sent, send } from './house.ts'

/** What came to the upstream. */
interface Arrival {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly complete: boolean
}

describe('what the guard forwards, and how', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  let arrivals: Arrival[]
  let answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void
  const objects = allowing({
    action: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:ListBucket'],
  })
  let user: Sent['as'] & object

  before(async () => {
    upstream = await startSink((incoming, outgoing) => {
      // the guard's own questions: there is no policy on anything
      if (/[?&](?:policy|encryption|publicAccessBlock|ownershipControls)=?(?:&|$)/.test(incoming.url ?? '')) {
        outgoing.writeHead(404).end('<Error><Code>NoSuchBucketPolicy</Code></Error>')
        return
      }
      const pieces: Buffer[] = []
      const arrived = () => {
        const { method = '', url = '', headers, complete } = incoming
        arrivals.push({
          method,
          path: url,
          headers,
          body: Buffer.concat(pieces).toString('latin1'),
          complete,
        })
      }
      incoming.on('data', (piece: Buffer) => pieces.push(piece))
      incoming.on('error', () => {})
      incoming.on('close', () => {
        if (!incoming.complete) arrived()
      })
      incoming.on('end', () => {
        arrived()
        answer(incoming, outgoing)
      })
    })
    server = await guardServer({ upstream })
    user = await server.user('reader', objects)
  })
  beforeEach(() => {
    arrivals = []
    answer = (_, outgoing) => outgoing.end('fine')
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const go = (sent: Sent): Promise<Answer> => send(server.omen.endpoint, { as: user, ...sent })
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

  test('the caller’s signature is taken off and the upstream’s put on (GRD-60)', async () => {
    const { status, body, headers } = await go({
      path: '/bucket/key?versionId=1',
      payloadHash: 'UNSIGNED-PAYLOAD',
    })
    assert.equal(status, 200)
    assert.equal(body, 'fine')
    assert.match(String(headers['x-omen-decision-id']), /^d-/)
    const [arrived] = arrivals
    assert.equal(arrived?.path, '/bucket/key?versionId=1')
    assert.match(
      String(arrived?.headers.authorization),
      /Credential=test\/\d{8}\/us-east-1\/s3\/aws4_request/,
    )
    assert.equal(arrived?.headers.host, new URL(server.omen.endpoint).host)
  })

  test('headers that could mislead the upstream stay behind (GRD-61)', async () => {
    await go({
      path: '/bucket/key',
      payloadHash: 'UNSIGNED-PAYLOAD',
      headers: {
        'x-forwarded-host': 'other',
        'x-moto-account-id': '999999999999',
        'x-http-method-override': 'DELETE',
        connection: 'close, x-secret',
        'x-secret': '1',
        te: 'trailers',
        range: 'bytes=0-1',
        'x-amz-meta-a': 'b',
      },
    })
    const { headers } = arrivals[0]!
    for (const gone of ['x-forwarded-host', 'x-moto-account-id', 'x-http-method-override', 'x-secret', 'te'])
      assert.equal(headers[gone], undefined, gone)
    assert.equal(headers.range, 'bytes=0-1')
    assert.equal(headers['x-amz-meta-a'], 'b')
  })

  test('a page from the upstream is no page of the server (GRD-59)', async () => {
    const policyOf = async (type: string, headers: Record<string, string>) => {
      answer = (_, outgoing) =>
        outgoing.writeHead(200, type === '' ? {} : { 'content-type': type }).end('<p>')
      return (await go({ path: '/bucket/key', headers })).headers['content-security-policy']
    }
    const led = { 'sec-fetch-dest': 'document', accept: 'text/html,*/*' }
    const { accept } = led
    for (const type of [
      'text/html',
      'image/svg+xml; charset=utf-8',
      'application/xml',
      'text/plain;,text/html',
      'any/thing',
      '',
    ]) {
      for (const headers of [led, { accept }]) {
        const policy = await policyOf(type, headers)
        assert.match(String(policy), /^sandbox (?!.*allow-same-origin)/, type)
      }
      for (const headers of [{}, { accept: '*/*' }, { 'sec-fetch-dest': 'empty', accept }])
        assert.equal(await policyOf(type, headers), undefined, type)
    }
    for (const type of ['image/png', 'application/pdf', 'text/plain; charset=utf-8'])
      assert.equal(await policyOf(type, led), undefined, type)
    answer = (_, outgoing) =>
      outgoing.writeHead(200, { 'content-security-policy': "default-src 'none'" }).end()
    const both = (await go({ path: '/bucket/key', headers: led })).headers['content-security-policy']
    assert.match(String(both), /^default-src 'none', sandbox /)
  })

  test('a host with dots never reaches the upstream; a bucket in it goes into the path (GRD-62)', async () => {
    await go({ path: '/key', headers: { host: 'bucket.localhost' }, payloadHash: 'UNSIGNED-PAYLOAD' })
    assert.deepEqual([arrivals[0]?.path, arrivals[0]?.headers.host], ['/bucket/key', 'localhost'])
    await go({ path: '/bucket/key', headers: { host: 'victim.example' }, payloadHash: 'UNSIGNED-PAYLOAD' })
    assert.deepEqual(
      [arrivals[1]?.path, arrivals[1]?.headers.host],
      ['/bucket/key', new URL(upstream.url).host],
    )
  })

  test('a denied call does not go on, and its fault is S3’s own (GRD-72)', async () => {
    const { status, body, headers } = await go({
      method: 'DELETE',
      path: '/bucket/key',
      payloadHash: 'UNSIGNED-PAYLOAD',
    })
    assert.equal(status, 403)
    assert.equal(arrivals.length, 0)
    assert.match(
      body,
      /<Error><Code>AccessDenied<\/Code><Message>User: arn:aws:iam::123456789012:user\/reader is not/,
    )
    assert.match(
      body,
      /s3:DeleteObject on resource: (?:&quot;|")arn:aws:s3:::bucket\/key(?:&quot;|") because no/,
    )
    const [event] = await server.events('DeleteObject')
    assert.equal(event?.errorCode, 'AccessDenied')
    assert.equal(event?.requestID, headers['x-amz-request-id'])
    assert.equal(event?.eventCategory, 'Data')
    // by which trails' selectors choose it (GRD-96)
    assert.deepEqual(event?.resources, [
      { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::bucket/key' },
      { accountId: '123456789012', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::bucket' },
    ])
  })

  test('a wrong signature does not go on', async () => {
    const { status, body } = await go({
      path: '/bucket/key',
      as: { ...user, secretAccessKey: 'wrong' },
      payloadHash: 'UNSIGNED-PAYLOAD',
    })
    assert.equal(status, 403)
    assert.match(body, /SignatureDoesNotMatch/)
    assert.equal(arrivals.length, 0)
  })

  test('a body is proven by its hash as it passes (GRD-64)', async () => {
    const body = 'x'.repeat(300_000)
    const right = await go({ method: 'PUT', path: '/bucket/key', body, payloadHash: sha256(body) })
    assert.equal(right.status, 200)
    assert.equal(arrivals[0]?.body.length, body.length)
    const wrong = await go({ method: 'PUT', path: '/bucket/key', body, payloadHash: sha256('y') })
    assert.equal(wrong.status, 400)
    assert.match(wrong.body, /XAmzContentSHA256Mismatch/)
    assert.equal(arrivals.filter(({ complete }) => complete).length, 1, 'what was wrong never was whole')
    const [event] = await server.events('PutObject')
    assert.equal(event?.errorCode, 'XAmzContentSHA256Mismatch')
  })

  test('HEAD, no content and ranges come back as they are', async () => {
    answer = (_, outgoing) => outgoing.writeHead(200, { 'content-length': '12', etag: '"e"' }).end()
    const head = await go({ method: 'HEAD', path: '/bucket/key', payloadHash: 'UNSIGNED-PAYLOAD' })
    assert.deepEqual([head.status, head.headers['content-length'], head.headers.etag], [200, '12', '"e"'])
    answer = (_, outgoing) => outgoing.writeHead(304, { etag: '"e"' }).end()
    const same = await go({ path: '/bucket/key', payloadHash: 'UNSIGNED-PAYLOAD' })
    assert.equal(same.status, 304)
    answer = (_, outgoing) =>
      outgoing.writeHead(206, { 'content-range': 'bytes 0-1/9', 'content-length': '2' }).end('ab')
    const part = await go({ path: '/bucket/key', payloadHash: 'UNSIGNED-PAYLOAD' })
    assert.deepEqual([part.status, part.headers['content-range'], part.body], [206, 'bytes 0-1/9', 'ab'])
  })

  test('trailers of an answer come along, headers of the connection do not', async () => {
    answer = (_, outgoing) => {
      outgoing.writeHead(200, { trailer: 'x-sum', 'keep-alive': 'timeout=1', 'x-amz-request-id': 'theirs' })
      outgoing.write('a'.repeat(100_000))
      outgoing.addTrailers({ 'x-sum': '42' })
      outgoing.end('b')
    }
    const { body, trailers, headers } = await go({ path: '/bucket/key', payloadHash: 'UNSIGNED-PAYLOAD' })
    assert.equal(body.length, 100_001)
    assert.equal(trailers['x-sum'], '42')
    const [event] = await server.events('GetObject')
    assert.equal(headers['x-amz-request-id'], event?.requestID, 'the id is the event’s')
  })

  test('an upstream’s fault is passed on and named in the event', async () => {
    answer = (_, outgoing) => outgoing.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
    const { status, body } = await go({ path: '/bucket/key', payloadHash: 'UNSIGNED-PAYLOAD' })
    assert.equal(status, 404)
    assert.match(body, /NoSuchKey/)
    const [event] = await server.events('GetObject')
    assert.equal(event?.errorCode, 'NoSuchKey')
  })

  test('an upstream that breaks off before its answer is a fault, later a broken connection (GRD-70)', async () => {
    answer = (_, outgoing) => outgoing.destroy()
    const before = await go({ path: '/bucket/key', payloadHash: 'UNSIGNED-PAYLOAD' })
    assert.equal(before.status, 502)
    assert.match(before.body, /<Error><Code>BadGateway<\/Code>/)
    assert.equal((await server.events('GetObject'))[0]?.errorCode, 'BadGateway')
    answer = (_, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '300000' })
      outgoing.write('a'.repeat(150_000))
      setTimeout(() => outgoing.destroy(), 100)
    }
    await assert.rejects(go({ path: '/bucket/key', payloadHash: 'UNSIGNED-PAYLOAD' }))
    assert.equal((await server.events('GetObject'))[0]?.errorCode, 'BrokenOff')
  })

  test('a call that nobody knows is refused in every mode (GRD-67)', async () => {
    const { status } = await go({
      method: 'POST',
      headers: { 'x-amz-target': 'Nobody_20200101.DoThings' },
      service: 'nobody',
      body: '{}',
    })
    assert.equal(status, 404)
    assert.equal(arrivals.length, 0)
  })

  test('what the house serves stays here', async () => {
    const { Users } = await server.iam.listUsers({})
    assert.equal(Users?.length, 2)
    assert.equal(arrivals.length, 0)
  })
})

describe('an upstream that is not there (GRD-70)', () => {
  test('is a fault in each protocol’s form, and the event says so', async () => {
    const gone = await startSink(() => {})
    await gone.close()
    const server = await guardServer({ upstream: { url: gone.url } })
    try {
      const as = server.admin
      const json = await send(server.omen.endpoint, {
        method: 'POST',
        service: 'dynamodb',
        as,
        headers: {
          'x-amz-target': 'DynamoDB_20120810.ListTables',
          'content-type': 'application/x-amz-json-1.0',
        },
        body: '{}',
      })
      assert.equal(json.status, 503)
      assert.equal(JSON.parse(json.body).__type, 'ServiceUnavailable')
      assert.equal(json.headers['content-type'], 'application/x-amz-json-1.0')
      const [event] = await server.events('ListTables')
      assert.equal(event?.errorCode, 'ServiceUnavailable')
      assert.equal(event?.eventSource, 'dynamodb.amazonaws.com')
      const xml = await send(server.omen.endpoint, { path: '/', as, payloadHash: 'UNSIGNED-PAYLOAD' })
      assert.equal(xml.status, 503)
      assert.match(xml.body, /<Error><Code>ServiceUnavailable<\/Code>/)
      const query = await send(server.omen.endpoint, {
        method: 'POST',
        service: 'sns',
        as,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=ListTopics&Version=2010-03-31',
      })
      assert.equal(query.status, 503)
      assert.match(
        query.body,
        /^<ErrorResponse xmlns="[^"]+"><Error><Type>Receiver<\/Type><Code>ServiceUnavailable</,
      )
    } finally {
      await server.close()
    }
  })

  test('one that keeps silent is given up', async () => {
    const silent = await startSink(() => {})
    const server = await guardServer({ upstream: { url: silent.url, silence: 200 } })
    try {
      const { status, body } = await send(server.omen.endpoint, {
        path: '/',
        as: server.admin,
        payloadHash: 'UNSIGNED-PAYLOAD',
      })
      assert.equal(status, 504)
      assert.match(body, /GatewayTimeout/)
    } finally {
      await server.close()
      await silent.close()
    }
  })
})
