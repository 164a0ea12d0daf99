import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { parseAccountId } from '../../packages/server/src/base/index.ts'
import { leave, swept } from '../../packages/server/src/center/index.ts'
import { centerLeavings, centerMemberships, Directory } from '../../packages/server/src/directory/index.ts'
import { StoreUnavailable } from '../../packages/server/src/store/index.ts'
import { nodeStore, SharedStore } from './node-store.ts'

const owner = parseAccountId('111111111111')!
const line = { delay: () => 0 }

/** The reasons of promises that were rejected while nobody waited for them: one is enough to end a server. */
function unheard(t: TestContext): readonly unknown[] {
  const reasons: unknown[] = []
  const note = (reason: unknown) => reasons.push(reason)
  const before = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', note)
  t.after(() => {
    process.removeAllListeners('unhandledRejection')
    for (const listener of before) process.on('unhandledRejection', listener)
  })
  return reasons
}

test('a directory is deleted in lots although another node changes it meanwhile, and no refused lot ends the server', async (t) => {
  const reasons = unheard(t)
  const shared = await SharedStore.open()
  const [one, other] = [1, 2].map(() => new Directory(nodeStore(shared, line)))
  const people = await one!.findPeople(owner)
  for (let n = 0; n < 3_000; n++)
    people.table(centerMemberships).put({ id: `m${n}`, group: 'all', user: `u${n}`, createdAt: 1 })
  leave(people, { id: 'x', by: 'all' })
  await one!.commit([])
  const copy = await other!.findPeople(owner)
  copy.table(centerMemberships).put({ id: 'late', group: 'other', user: 'u', createdAt: 1 })
  await other!.commit([])
  await swept(owner, { directory: one! })
  await turnOfLoop()
  const left = await one!.findPeople(owner)
  assert.equal(left.table(centerMemberships).size + left.table(centerLeavings).size, 0)
  assert.deepEqual(reasons, [])
})

test('a commit that is refused before its caller waits for it does not end the server', async (t) => {
  const reasons = unheard(t)
  const shared = await SharedStore.open()
  const store = nodeStore(shared, line)
  const directory = new Directory(store)
  const away = () => Promise.reject(new StoreUnavailable('away'))
  t.mock.method(store, 'record', away)
  const event = { id: 'x' } as never // it is never stored
  const kept = directory.commit([event])
  await turnOfLoop()
  await assert.rejects(kept, StoreUnavailable)
  assert.deepEqual(reasons, [])
})
