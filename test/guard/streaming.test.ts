import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { after, before, beforeEach, describe, test } from 'node:test'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { ClientCredentials } from 'omen-iam'
import { Secret } from '../../packages/server/src/base/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { startSink, type UpstreamServer } from '../support/index.ts'
import { chunkedPut, unsignedPut } from './chunks.ts'
import { allowing, type GuardServer, guardServer, headersOf, send } from './house.ts'

/** What came to the upstream, of a body no more than its length and hash. */
interface Arrival {
  readonly headers: IncomingMessage['headers']
  readonly length: number
  readonly hash: string
  readonly beginning: string
}

const megabyte = 1024 * 1024

describe('bodies on their way through the guard', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials
  let arrivals: Arrival[]

  before(async () => {
    upstream = await startSink((incoming, outgoing) => {
      const hash = createHash('sha256')
      let length = 0
      let beginning = ''
      incoming.on('data', (piece: Buffer) => {
        hash.update(piece)
        length += piece.length
        if (beginning.length < 100_000) beginning += piece.toString('latin1')
      })
      incoming.on('error', () => {})
      incoming.on('end', () => {
        if (incoming.method === 'GET') {
          outgoing.writeHead(404).end('<Error><Code>NoSuchBucketPolicy</Code></Error>')
          return
        }
        arrivals.push({ headers: incoming.headers, length, hash: hash.digest('hex'), beginning })
        outgoing.writeHead(200, { etag: '"e"' }).end()
      })
    })
    server = await guardServer({ upstream })
    user = await server.user('writer', allowing({ action: 's3:PutObject' }))
  })
  beforeEach(() => {
    arrivals = []
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const chunks = [Buffer.alloc(70_000, 'a'), Buffer.alloc(8192, 'b'), Buffer.from('end')]
  const plain = Buffer.concat(chunks)
  const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

  test('signed chunks go on plainly (GRD-65)', async () => {
    const put = chunkedPut(server.omen.endpoint, '/bucket/key', user, chunks)
    assert.equal((await send(server.omen.endpoint, put)).status, 200)
    const [arrived] = arrivals
    assert.equal(arrived?.hash, sha256(plain))
    assert.equal(arrived?.headers['content-length'], String(plain.length))
    assert.equal(arrived?.headers['content-encoding'], undefined)
    assert.equal(arrived?.headers['x-amz-content-sha256'], 'UNSIGNED-PAYLOAD')
  })

  test('with a checksum behind them, signed chunks go on as unsigned ones with the checksum (GRD-65)', async () => {
    const trailer = ['x-amz-checksum-crc32', 'AAAAAA=='] as const
    const put = chunkedPut(server.omen.endpoint, '/bucket/key', user, chunks, trailer)
    assert.equal((await send(server.omen.endpoint, put)).status, 200)
    const { headers, beginning, length } = arrivals[0]!
    assert.equal(headers['x-amz-content-sha256'], 'STREAMING-UNSIGNED-PAYLOAD-TRAILER')
    assert.equal(headers['x-amz-decoded-content-length'], String(plain.length))
    assert.equal(headers['content-length'], String(length))
    assert.match(beginning, /^10000\r\na{65536}\r\n31[0-9a-f]{2}\r\n/)
    assert.match(beginning, /\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n$/)
  })

  test('a trailer that was not announced, or is longer than it can be, ends the call (GRD-65)', async () => {
    const put = chunkedPut(server.omen.endpoint, '/bucket/key', user, chunks, [
      'x-amz-checksum-crc32',
      'AAAAAA==AAAAAA==',
    ])
    const { status, body } = await send(server.omen.endpoint, put)
    assert.deepEqual([status, /<Code>(\w+)</.exec(body)?.[1]], [400, 'MalformedTrailerError'])
    assert.equal(arrivals.length, 0)
  })

  test('an unsigned body of one chunk passes, however long it is (GRD-622)', async () => {
    const whole = Buffer.alloc(17 * megabyte, 'w')
    const put = unsignedPut(server.omen.endpoint, '/bucket/key', user, [whole])
    assert.equal((await send(server.omen.endpoint, put)).status, 200)
    const [arrival] = arrivals
    assert.equal(arrival?.headers['x-amz-content-sha256'], 'STREAMING-UNSIGNED-PAYLOAD-TRAILER')
    assert.match(arrival?.beginning ?? '', /^10000\r\nw{65536}\r\n10000\r\nw/)
  })

  test('an unsigned body must have its length and its trailer, and end where they do (GRD-64, GRD-65)', async () => {
    const codeOf = async (options: Parameters<typeof unsignedPut>[4], more = '') => {
      const put = unsignedPut(server.omen.endpoint, '/bucket/key', user, chunks, options)
      const { status, body } = await send(server.omen.endpoint, {
        ...put,
        body: Buffer.concat([put.body, Buffer.from(more)]),
      })
      return `${status} ${/<Code>(\w+)</.exec(body)?.[1]}`
    }
    const announced = 'x-amz-checksum-crc32:AAAAAA=='
    assert.equal(await codeOf({ length: plain.length + 1 }), '400 IncompleteBody')
    assert.equal(await codeOf({ length: plain.length - 1 }), '400 IncompleteBody')
    assert.equal(await codeOf({ trailer: `${announced}\r\nx-amz-meta-a:b` }), '400 MalformedTrailerError')
    assert.equal(await codeOf({ trailer: 'x-amz-checksum-sha1:AAAAAA==' }), '400 MalformedTrailerError')
    assert.equal(await codeOf({ trailer: 'x-amz-checksum-crc32:AAAA\rA==' }), '400 IncompleteBody')
    assert.equal(await codeOf({}, 'more'), '400 IncompleteBody')
    assert.equal(arrivals.length, 0)
  })

  test('a chunk that was changed on the way ends the call; the upstream never has a whole request (GRD-64)', async () => {
    for (const at of [100, plain.length - 1]) {
      const put = chunkedPut(server.omen.endpoint, '/bucket/key', user, chunks)
      const index = put.body.indexOf(at === 100 ? 'aaa' : 'end') + (at === 100 ? at : 0)
      put.body[index]! ^= 1
      const { status, body } = await send(server.omen.endpoint, put)
      assert.deepEqual([status, /<Code>(\w+)</.exec(body)?.[1]], [403, 'SignatureDoesNotMatch'])
    }
    const short = chunkedPut(server.omen.endpoint, '/bucket/key', user, chunks)
    const lastChunk = short.body.lastIndexOf('\r\n0;chunk-signature')
    const cut = await send(server.omen.endpoint, { ...short, body: short.body.subarray(0, lastChunk + 2) })
    assert.deepEqual([cut.status, /<Code>(\w+)</.exec(cut.body)?.[1]], [400, 'IncompleteBody'])
    assert.equal(arrivals.length, 0)
  })

  test('what was signed without a hash of its body has none (GRD-64, SIG-16)', async () => {
    const put = { method: 'PUT', path: '/bucket/key' }
    const request = { ...put, rawPath: put.path, rawQuery: '', body: Buffer.of() }
    const signer = { accessKeyId: user.accessKeyId, secret: new Secret(user.secretAccessKey) }
    const headers = signedHeaders(
      { ...request, headers: { host: new URL(server.omen.endpoint).host } },
      { ...signer, region: 'us-east-1', service: 's3' },
      Date.now(),
    )
    const { status, body } = await send(server.omen.endpoint, { ...put, headers, body: 'another' })
    assert.deepEqual([status, /<Code>(\w+)</.exec(body)?.[1]], [400, 'InvalidRequest'])
    assert.equal(arrivals.length, 0)
  })

  test('the SDK’s streams pass, with their checksums', async () => {
    const s3 = new S3Client({
      ...server.omen.clientConfig(user),
      forcePathStyle: true,
      maxAttempts: 1,
    })
    try {
      const pieces = Array.from({ length: 8 }, (_, i) => Buffer.alloc(megabyte, i))
      await s3.send(
        new PutObjectCommand({
          Bucket: 'bucket',
          Key: 'key',
          Body: Readable.from(pieces),
          ContentLength: 8 * megabyte,
        }),
      )
      assert.ok(arrivals[0]!.length >= 8 * megabyte)
    } finally {
      s3.destroy()
    }
  })

  test('a caller that expects 100 Continue gets it only after the decision (GRD-63)', async () => {
    const talk = (as: ClientCredentials | undefined) =>
      new Promise<{ continued: boolean; status: number }>((resolve, reject) => {
        const { hostname, port } = new URL(server.omen.endpoint)
        const headers = headersOf(server.omen.endpoint, {
          method: 'PUT',
          path: '/bucket/key',
          payloadHash: 'UNSIGNED-PAYLOAD',
          headers: { expect: '100-continue', 'content-length': '5' },
          ...(as && { as }),
        })
        const request = httpRequest({
          hostname,
          port,
          method: 'PUT',
          path: '/bucket/key',
          headers,
          agent: false,
        })
        let continued = false
        request.on('continue', () => {
          continued = true
          request.end('hello')
        })
        request.on('response', (response) => {
          response.resume()
          resolve({ continued, status: response.statusCode ?? 0 })
          if (!continued) request.destroy()
        })
        request.on('error', reject)
        request.flushHeaders()
      })
    assert.deepEqual(await talk(user), { continued: true, status: 200 })
    assert.deepEqual(await talk(undefined), { continued: false, status: 403 })
  })

  test('a refused upload is answered while it still comes', async () => {
    const nobody = await server.user('nobody')
    const body = Buffer.alloc(4 * megabyte)
    const { status, headers } = await send(server.omen.endpoint, {
      method: 'PUT',
      path: '/bucket/key',
      as: nobody,
      body,
      payloadHash: 'UNSIGNED-PAYLOAD',
    })
    assert.equal(status, 403)
    assert.equal(headers.connection, 'close')
    assert.equal(arrivals.length, 0)
  })

  test('a caller that breaks off breaks off the upstream’s request', async () => {
    const { hostname, port } = new URL(server.omen.endpoint)
    const headers = headersOf(server.omen.endpoint, {
      method: 'PUT',
      path: '/bucket/key',
      as: user,
      payloadHash: 'UNSIGNED-PAYLOAD',
      headers: { 'content-length': '1000000' },
    })
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const socket = connect(Number(port), hostname)
    socket.write(`PUT /bucket/key HTTP/1.1\r\n${lines.join('')}\r\n${'x'.repeat(100_000)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    socket.destroy()
    for (let tries = 0; tries < 50; tries++) {
      const [event] = await server.events('PutObject')
      if (event?.errorCode === 'RequestAborted') break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    assert.equal((await server.events('PutObject'))[0]?.errorCode, 'RequestAborted')
    assert.equal(arrivals.length, 0)
  })

  test('256 MB pass, and next to nothing of them is ever in memory', { timeout: 60_000 }, async () => {
    const total = 256 * megabyte
    const piece = Buffer.alloc(megabyte, 'p')
    const expected = createHash('sha256')
    for (let at = 0; at < total; at += megabyte) expected.update(piece)
    const headers = headersOf(server.omen.endpoint, {
      method: 'PUT',
      path: '/bucket/large',
      as: user,
      payloadHash: 'UNSIGNED-PAYLOAD',
      headers: { 'content-length': String(total) },
    })
    const memory = () => process.memoryUsage.rss() / megabyte
    const atFirst = memory()
    let most = atFirst
    const { hostname, port } = new URL(server.omen.endpoint)
    const status = await new Promise<number>((resolve, reject) => {
      const request = httpRequest({
        hostname,
        port,
        method: 'PUT',
        path: '/bucket/large',
        headers,
        agent: false,
      })
      request.on('error', reject)
      request.on('response', (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      let sent = 0
      const more = () => {
        while (sent < total) {
          sent += megabyte
          most = Math.max(most, memory())
          if (!request.write(piece)) {
            request.once('drain', more)
            return
          }
        }
        request.end()
      }
      more()
    })
    assert.equal(status, 200)
    assert.equal(arrivals[0]?.length, total)
    assert.equal(arrivals[0]?.hash, expected.digest('hex'))
    // client, guard and upstream live in this one process
    assert.ok(most - atFirst < 128, `${Math.round(most - atFirst)} MB more than at first`)
  })
})
