import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreUnavailable } from '../../packages/server/src/store/index.ts'
import { startSink } from '../support/upstream.ts'
import { allowing, guardHouse, send } from './house.ts'

test('what cannot be recorded is not forwarded, and a refusal that cannot be is none (GRD-69)', async (t) => {
  const arrived: string[] = []
  await using sink = await startSink((incoming, outgoing) => {
    arrived.push(String(incoming.headers['x-amz-target']))
    incoming.resume()
    outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}')
  })
  const house = await guardHouse({ upstream: { url: sink.url } })
  // whoever embeds a house hears of what failed
  t.after(() => assert.rejects(house.close(), { errors: Array(3).fill(new StoreUnavailable('disk full')) }))
  const user = await house.user('ann', allowing({ action: ['sqs:TagQueue', 'sqs:GetQueueAttributes'] }))
  const ask = (operation: string) =>
    send(house.omen.endpoint, {
      method: 'POST',
      service: 'sqs',
      as: user,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
      body: JSON.stringify({ QueueUrl: 'http://localhost/123456789012/kept' }),
    })
  const { store } = house.omen.omen.house.directory
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

/** Without what the guard itself asks of the queue's policy. */
function changes(arrived: readonly string[]): readonly string[] {
  return arrived.filter((target) => target !== 'AmazonSQS.GetQueueAttributes')
}
