import assert from 'node:assert/strict'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'
import { glue } from './ambiguous-bodies.ts'
import { type GuardServer, guardServer, type Sent, send } from './house.ts'

/** What a server of bytes does with a request whose head has come: which of its connection it is, and its socket. */
type Answer = (nth: number, socket: Socket) => void

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

describe('upstreams that HTTP allows, and others (GRD-66, GRD-70)', () => {
  let url: string
  let omen: GuardServer
  let answer: Answer
  /** Requests that came, by connection. */
  let connections: string[][]
  let close: () => void

  before(async () => {
    const server = createServer((socket) => {
      const requests: string[] = []
      connections.push(requests)
      let head = ''
      socket.on('error', () => {})
      socket.on('data', (piece) => {
        head += piece.toString('latin1')
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
        const line = head.slice(0, head.indexOf('\r\n'))
        if (!/^PUT/.test(line) && head.length < end + 4 + length) return
        if (/^PUT/.test(line) && requests.includes(line)) return
        requests.push(line)
        if (!/^PUT/.test(line)) head = head.slice(end + 4 + length)
        if (/\?policy=/.test(line)) {
          const missing = '<Error><Code>NoSuchBucketPolicy</Code></Error>'
          socket.write(`HTTP/1.1 404 Not Found\r\ncontent-length: ${missing.length}\r\n\r\n${missing}`)
        } else answer(requests.length, socket)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    close = () => server.close()
    connections = []
    omen = await guardServer({ upstream: { url, silence: 1_000 } })
  })
  beforeEach(() => {
    connections = []
    answer = (_, socket) => socket.write(ok)
  })
  after(async () => {
    await omen.close()
    close()
  })

  const job: Sent = { method: 'POST', service: 'glue', headers: glue, body: '{"JobName":"a"}' }
  const go = (sent: Sent = job) => send(omen.omen.endpoint, { as: omen.admin, ...sent })
  test('a bucket may be called as a page of the omen is, for who signs (GRD-104)', async () => {
    const sent: Sent = { method: 'GET', service: 's3', path: '/signin/key' }
    assert.equal((await go(sent)).status, 200)
    assert.ok(connections.flat().includes('GET /signin/key HTTP/1.1'))
    const page = await fetch(new URL('/signin', omen.omen.endpoint), { redirect: 'manual' })
    await page.text()
    assert.ok(!connections.flat().some((line) => /^GET \/signin HTTP/.test(line)))
  })

  test('programs that speak OAuth reach the omen, and who signs reaches the bucket (SGN-60, AGT-10)', async () => {
    const at = (path: string) => new URL(path, omen.omen.endpoint)
    const json = { 'content-type': 'application/json' }
    const body = '{"redirect_uris":["http://localhost/"]}'
    const registered = await fetch(at('/v1/register'), { method: 'POST', headers: json, body })
    assert.equal(registered.status, 200)
    const described = await fetch(at('/.well-known/oauth-authorization-server'))
    assert.equal(((await described.json()) as { issuer: string }).issuer, omen.omen.endpoint)
    for (const sent of [new URLSearchParams({ grant_type: 'x', client_id: 'x' }), '{"grant_type":"x"}']) {
      const headers = typeof sent === 'string' ? json : {}
      const refused = await fetch(at('/v1/token'), { method: 'POST', headers, body: sent })
      assert.match(await refused.text(), /"error":"(unsupported_grant_type|invalid_request)"/)
    }
    assert.equal((await go({ method: 'GET', service: 's3', path: '/v1/register' })).status, 200)
  })

  const lastError = async (name: string) => (await omen.events(name))[0]?.errorCode

  test('HTTP/1.0, its answer as long as its connection', async () => {
    answer = (_, socket) => socket.end('HTTP/1.0 200 OK\r\nserver: old\r\n\r\nold answer')
    const { status, body } = await go()
    assert.deepEqual([status, body], [200, 'old answer'])
  })

  test('interim responses are skipped, but an unrequested 100 is an error', async () => {
    answer = (_, socket) =>
      socket.write(`HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n${ok}`)
    const hinted = await go()
    assert.deepEqual([hinted.status, hinted.body, hinted.headers.link], [200, 'ok', undefined])
    answer = (_, socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${ok}`)
    const unasked = await go()
    assert.equal(unasked.status, 502)
    assert.equal(JSON.parse(unasked.body).__type, 'BadGateway')
  })

  test('a connection that is reset when it is used again is a fault, and nothing is sent twice', async () => {
    await go()
    answer = (_, socket) => socket.resetAndDestroy()
    const { status, body } = await go()
    assert.equal(status, 502)
    assert.equal(JSON.parse(body).__type, 'BadGateway')
    assert.equal(connections.flat().length, 2)
    assert.equal(await lastError('GetJob'), 'BadGateway')
    answer = (_, socket) => socket.write(ok)
    assert.equal((await go()).status, 200)
  })

  test('a connection that the upstream closed in silence is not used again', async () => {
    answer = (_, socket) => {
      socket.write(ok)
      setTimeout(() => socket.end(), 20)
    }
    assert.equal((await go()).status, 200)
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.equal((await go()).status, 200)
    assert.ok(connections.length >= 1, 'the second call came over a connection of its own')
    await new Promise((resolve) => setTimeout(resolve, 100))
  })

  test('an answer that comes drop by drop is given up where its head takes too long', async () => {
    answer = (_, socket) => {
      const text = `HTTP/1.1 200 OK\r\nx-slow: ${'s'.repeat(200)}\r\n\r\n`
      let at = 0
      const timer = setInterval(() => {
        if (socket.destroyed || at === text.length) clearInterval(timer)
        else socket.write(text[at++]!)
      }, 50)
    }
    const { status, body } = await go()
    assert.equal(status, 504)
    assert.equal(JSON.parse(body).__type, 'GatewayTimeout')
    assert.equal(await lastError('GetJob'), 'GatewayTimeout')
  })

  test('what is no HTTP, or too long a head, is a fault', async () => {
    for (const text of [
      'SSH-2.0-OpenSSH\r\n\r\n',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
      `HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(100_000)}\r\n\r\n`,
    ]) {
      answer = (_, socket) => socket.end(text)
      const { status, body } = await go()
      assert.deepEqual([status, JSON.parse(body).__type], [502, 'BadGateway'], text.slice(0, 60))
    }
  })

  test('an answer that comes before the upload is whole is the answer', async () => {
    const refused = '<Error><Code>EntityTooLarge</Code></Error>'
    answer = (_, socket) =>
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: ${refused.length}\r\n\r\n${refused}`,
      )
    const { status, body } = await go({
      method: 'PUT',
      path: '/bucket/key',
      payloadHash: 'UNSIGNED-PAYLOAD',
      body: Buffer.alloc(4 * 1024 * 1024),
    })
    // once the connection is gone there may be nobody left to have said it
    assert.ok(status === 400 || status === 502, String(status))
    assert.match(body, status === 400 ? /EntityTooLarge/ : /<Error><Code>BadGateway/)
  })
})
