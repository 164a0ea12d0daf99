import assert from 'node:assert/strict'
import { test } from 'node:test'
import { omen, serve, temporaryHome } from './process.ts'

test('SIGTERM drains: not ready, still answering, and a second signal ends the wait', async (t) => {
  const served = await serve(temporaryHome(t), [
    ...['--memory', '--drain-seconds', '600', '--node-name', 'omen-0', '--node-header'],
  ])
  t.after(() => served.child.kill('SIGKILL'))
  const ask = async (path: string) => {
    const answer = await fetch(served.url + path)
    return { status: answer.status, body: (await answer.json()) as unknown, headers: answer.headers }
  }
  const before = await ask('/_omen/ready')
  assert.deepEqual([before.status, before.body], [200, { status: 'ready' }])
  assert.equal(before.headers.get('x-omen-node'), 'omen-0')
  assert.equal(before.headers.get('connection'), 'keep-alive')
  const ended = served.stop('SIGTERM')
  let during = await ask('/_omen/ready')
  while (during.status === 200) during = await ask('/_omen/ready')
  assert.equal(during.status, 503)
  assert.deepEqual(during.body, { code: 'NotReady', error: 'The server is stopping.' })
  const live = await ask('/_omen/live')
  assert.deepEqual([live.status, live.body], [200, { status: 'live' }])
  assert.equal(live.headers.get('connection'), 'close')
  served.child.kill('SIGTERM')
  const { status, stdout } = await ended
  assert.equal(status, 0)
  assert.match(stdout, /omen has stopped/)
})

test('the options of a node are checked', async () => {
  const named = await omen(['start', '--node-name', 'a b'])
  assert.equal(named.status, 252)
  assert.match(named.stderr, /--node-name takes/)
  const drained = await omen(['start', '--drain-seconds', '1h'])
  assert.equal(drained.status, 252)
  assert.match(drained.stderr, /--drain-seconds takes a number from 0 to 3600, not 1h/)
  const small = await omen(['start', '--memory-for-accounts', '1MB'])
  assert.equal(small.status, 252)
  assert.match(small.stderr, /--memory-for-accounts takes a size from 16MB, such as 512MB or 2GiB, not 1MB/)
})
