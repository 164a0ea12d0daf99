import assert from 'node:assert/strict'
import { request as httpRequest, ServerResponse } from 'node:http'
import { test } from 'node:test'
import { StoreUnavailable } from '../../packages/server/src/store/index.ts'
import { startSink } from '../support/upstream.ts'
import { allowing, guardServer, send } from './house.ts'

test('what cannot be recorded is not forwarded, and an unrecorded refusal fails (GRD-69)', async (t) => {
  const arrived: string[] = []
  await using sink = await startSink((incoming, outgoing) => {
    arrived.push(String(incoming.headers['x-amz-target']))
    incoming.resume()
    outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}')
  })
  const server = await guardServer({ upstream: { url: sink.url } })
  // the embedding program receives the failure
  t.after(() => assert.rejects(server.close(), { errors: Array(3).fill(new StoreUnavailable('disk full')) }))
  const user = await server.user('ann', allowing({ action: ['sqs:TagQueue', 'sqs:GetQueueAttributes'] }))
  const ask = (operation: string) =>
    send(server.omen.endpoint, {
      method: 'POST',
      service: 'sqs',
      as: user,
      headers: jsonHeaders(operation),
      body: JSON.stringify({ QueueUrl: 'http://localhost/123456789012/kept' }),
    })
  const { store } = server.omen.omen.deps.directory
  const full = () => Promise.reject(new StoreUnavailable('disk full'))
  const [begin, record] = [t.mock.method(store, 'begin', full), t.mock.method(store, 'record', full)]

  for (const operation of ['TagQueue', 'DeleteQueue']) {
    const { status, body } = await ask(operation)
    assert.equal(status, 503)
    assert.match(body, /Nothing could be recorded: the store is unavailable\./)
  }
  assert.deepEqual(changes(arrived), [])
  // a read's event waits until there is room
  assert.equal((await ask('GetQueueAttributes')).status, 200)

  begin.mock.restore()
  record.mock.restore()
  assert.equal((await ask('TagQueue')).status, 200)
  assert.deepEqual(changes(arrived), ['AmazonSQS.TagQueue'])
})

test('a call that was begun ends in the history, whatever fails of ours (GRD-90)', async (t) => {
  await using sink = await startSink(({ socket }) => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-end'
    socket.end(`${head}\r\n\r\n2\r\n{}\r\n0\r\nx-end: 1\r\n\r\n`)
  })
  const complaints: string[] = []
  const complain = (error: unknown) => complaints.push(String(error))
  const server = await guardServer({ upstream: { url: sink.url }, complain })
  t.after(() => server.close())
  t.mock.method(ServerResponse.prototype, 'addTrailers', () => {
    throw new Error('a mistake of ours')
  })
  await assert.rejects(
    send(server.omen.endpoint, {
      method: 'POST',
      service: 'sqs',
      as: server.admin,
      headers: jsonHeaders('CreateQueue'),
      body: JSON.stringify({ QueueName: 'kept' }),
    }),
  )
  assert.deepEqual(complaints, ['Error: a mistake of ours'])
  const [event] = await server.events('CreateQueue')
  assert.equal(event?.errorCode, 'InternalFailure')
  assert.deepEqual(await server.omen.omen.deps.directory.store.begun(), [])
})

test('a caller that hangs up amid its body is no mistake of ours', async (t) => {
  await using sink = await startSink((_, outgoing) => outgoing.end('{}'))
  const complaints: unknown[] = []
  const complain = (error: unknown) => complaints.push(error)
  const server = await guardServer({ upstream: { url: sink.url }, complain })
  t.after(() => server.close())
  const request = httpRequest(server.omen.endpoint, {
    method: 'POST',
    headers: {
      ...jsonHeaders('CreateQueue'),
      authorization: 'AWS4-HMAC-SHA256 Credential=none',
      'content-length': '9',
      expect: '100-continue',
    },
  })
  await new Promise<void>((resolve) => {
    request.on('continue', () => request.destroy()).on('close', () => resolve())
    request.on('error', () => {}).flushHeaders()
  })
  assert.deepEqual(complaints, [])
})

function jsonHeaders(operation: string) {
  return { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` }
}

/** Without what the guard itself asks of the queue's policy. */
function changes(arrived: readonly string[]): readonly string[] {
  return arrived.filter((target) => target !== 'AmazonSQS.GetQueueAttributes')
}
