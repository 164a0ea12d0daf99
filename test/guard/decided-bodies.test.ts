import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { ClientCredentials } from 'omen-iam'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { form } from './ambiguous-bodies.ts'
import { account, allowing, type GuardServer, guardServer, type Sent, send } from './house.ts'

describe('what was decided on is what goes on', () => {
  const arrivals: {
    readonly encoding: string | undefined
    readonly names: readonly string[]
    readonly body: string
  }[] = []
  const topic = `arn:aws:sns:us-east-1:${account}:own`
  const publish = new URLSearchParams({
    Action: 'DeleteTopic',
    Version: '2010-03-31',
    TopicArn: topic,
  }).toString()
  let upstream: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials

  before(async () => {
    upstream = await startReader((incoming, bytes, outgoing) => {
      const { 'content-encoding': encoding, ...headers } = incoming.headers
      const body = bytes.toString('latin1')
      if (!body.includes('GetTopicAttributes') && !/\?\w+=$/.test(incoming.url ?? ''))
        arrivals.push({ encoding, names: Object.keys(headers), body })
      outgoing.writeHead(404).end('<Error><Code>NotFound</Code></Error>')
    })
    server = await guardServer({ upstream })
    user = await server.user('own', allowing({ action: '*', resource: [topic, 'arn:aws:s3:::own*'] }))
  })
  beforeEach(() => {
    arrivals.length = 0
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const go = (sent: Sent) => send(server.omen.endpoint, { method: 'POST', service: 'sns', as: user, ...sent })
  const packed = (body: Uint8Array) =>
    go({ headers: { 'content-type': form, 'content-encoding': 'gzip' }, body })

  test('a compressed body goes on plainly (GRD-43)', async () => {
    assert.equal((await packed(gzipSync(publish))).status, 404)
    assert.deepEqual(
      arrivals.map(({ encoding, body }) => [encoding, body]),
      [[undefined, publish]],
    )
  })

  test('one with a comment, or several in one, is refused (GRD-43)', async () => {
    const plain = gzipSync(publish)
    const commented = Buffer.concat([
      plain.subarray(0, 3),
      Buffer.of(16),
      plain.subarray(4, 10),
      Buffer.from(`&${publish}1&x=\0`),
      plain.subarray(10),
    ])
    const wrong = Buffer.from(plain)
    wrong[wrong.length - 6]! ^= 1
    for (const body of [
      commented,
      Buffer.concat([plain, gzipSync('2')]),
      Buffer.concat([plain, gzipSync('')]),
      Buffer.concat([plain, Buffer.alloc(8)]),
      wrong,
      plain.subarray(0, -1),
      Buffer.from(publish),
    ])
      assert.equal((await packed(body)).status, 400)
    assert.deepEqual(arrivals, [])
  })

  test('headers of MinIO’s own stay behind (GRD-61)', async () => {
    await go({
      method: 'DELETE',
      path: '/own',
      service: 's3',
      payloadHash: 'UNSIGNED-PAYLOAD',
      headers: { 'x-minio-force-delete': 'true' },
    })
    assert.equal(arrivals.length, 1)
    assert.ok(!arrivals[0]!.names.some((name) => name.startsWith('x-minio')))
  })
})
