import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { describe, test } from 'node:test'
import { serve, temporaryHome } from '../cli/process.ts'
import { startSink } from '../support/index.ts'
import { headersOf } from './house.ts'

const megabyte = 1024 * 1024
/** More than the guard's process may have; 5 GB in a soak. */
const megabytes = process.env.OMEN_SOAK === undefined ? 512 : 5 * 1024
const total = megabytes * megabyte
const piece = Buffer.alloc(megabyte, 'p')
/**
 * The guard's process in megabytes, whatever passes through it: what it has at rest (about 150 from the sources), and bodies
 * that V8 has not collected yet. V8's young generation grows to a bound (tuneForBodies).
 */
const memoryMost = 400

describe(`an object of ${megabytes} MB`, { timeout: 600_000 }, () => {
  test('passes both ways, and next to nothing of it is ever in memory', async (t) => {
    let arrived = 0
    await using sink = await startSink((incoming, outgoing) => {
      if (incoming.method === 'GET' && incoming.url?.startsWith('/bucket/large')) {
        outgoing.writeHead(200, { 'content-length': total })
        pour(outgoing)
        return
      }
      incoming.on('data', ({ length }: Buffer) => {
        arrived += length
      })
      incoming.on('end', () => {
        if (incoming.method === 'PUT') outgoing.writeHead(200, { etag: '"e"' }).end()
        else outgoing.writeHead(404).end('<Error><Code>NoSuchBucketPolicy</Code></Error>')
      })
    })
    const guard = await serve(temporaryHome(t), ['--no-shared-iam', '--upstream', sink.url])
    t.after(() => guard.stop('SIGTERM'))
    const call = (method: 'GET' | 'PUT') => {
      const headers = headersOf(guard.url, {
        method,
        path: '/bucket/large',
        as: guard.keys.admin,
        payloadHash: 'UNSIGNED-PAYLOAD',
        ...(method === 'PUT' && { headers: { 'content-length': String(total) } }),
      })
      return httpRequest(`${guard.url}/bucket/large`, { method, headers, agent: false })
    }

    const put = call('PUT')
    pour(put)
    const { statusCode } = await answerOf(put)
    assert.equal(statusCode, 200)
    assert.equal(arrived, total)

    let came = 0
    const get = call('GET')
    get.end()
    const answer = await answerOf(get)
    for await (const part of answer) came += (part as Buffer).length
    assert.equal(came, total)

    const most = memoryOf(guard.child.pid)
    t.diagnostic(`the guard took ${most ?? 'an unknown number of'} MB at most`)
    assert.ok(most === undefined || most < memoryMost, `${most} MB`)
  })
})

/** Writes all of it, no faster than it is taken. */
function pour(to: {
  write(piece: Buffer): boolean
  once(event: 'drain', next: () => void): void
  end(): void
}) {
  let sent = 0
  const more = () => {
    while (sent < total) {
      sent += piece.length
      if (!to.write(piece)) {
        to.once('drain', more)
        return
      }
    }
    to.end()
  }
  more()
}

function answerOf(request: ReturnType<typeof httpRequest>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      if (request.method === 'PUT') response.resume()
      resolve(response)
    })
  })
}

/** The most that a process ever had resident, in megabytes; undefined if the system does not report it. */
function memoryOf(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024)
  } catch {
    return undefined
  }
}
