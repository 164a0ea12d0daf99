import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOmen } from 'omen-iam'
import {
  askedOf,
  hypotheticalCall,
  hypotheticalCaller,
} from '../../packages/server/src/authorization/index.ts'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import { callServer } from '../wire/house-call.ts'

const questions = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    action: 'ssm:GetParameters',
    resource: `${n}${'x'.repeat(2_000)}`,
  }))

test('TRL-89 an event says if not all that its call asked is kept, and so does what is counted of it', async (t) => {
  const omen = await createOmen()
  t.after(() => omen.close())
  const { deps } = omen.omen
  const account = await deps.directory.find(deps.firstAccount)
  assert.ok(account)
  const caller = hypotheticalCaller('root', account, omen.clock.now())
  const origin = { sourceIp: '127.0.0.1', userAgent: '', host: '', secure: false }
  const call = hypotheticalCall(caller, account, deps, origin)
  const whole = askedOf(questions(100), call)
  assert.deepEqual([whole.asked?.length, whole.askedCut], [100, undefined])
  const cut = askedOf(questions(1_000), call)
  assert.ok((cut.asked?.length ?? 0) < 140)
  assert.equal(cut.askedCut, true)

  const event = {
    account: omen.account as AccountId, // the server's own
    region: 'us-east-1',
    time: omen.clock.now(),
    name: 'GetParameters',
    source: 'ssm.amazonaws.com',
    username: undefined,
    accessKeyId: undefined,
    readOnly: true,
    errorCode: undefined,
    resources: [],
    json: '{"userIdentity":{}}',
  }
  const { store } = omen.omen.deps.directory
  await store.record([
    { ...event, id: 'one', ...cut },
    { ...event, id: 'two', ...whole },
  ])
  const at = { endpoint: omen.endpoint, now: omen.clock.now() }
  const answer = await callServer(at, 'GET', '/_omen/seen', omen.keys.root)
  const seen = (await answer.json()) as Record<string, unknown>
  assert.deepEqual([answer.status, seen.events, seen.cut, seen.silent], [200, 2, 1, 0])
})
