import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../packages/server/src/base/index.ts'
import { openNodes } from './twins.ts'

test('answers that change nothing may be as old as --fresh says, and not older', async (t) => {
  const clock = new ManualClock(0)
  const line = { delay: () => 0 }
  const { nodes, close } = await openNodes([line, line], {
    directory: { fresh: { milliseconds: 500, clock } },
  })
  t.after(close)
  const [one, two] = nodes.map((node) => node.iam())
  const names = async () => ((await two!.listUsers({})).Users ?? []).map(({ UserName }) => UserName)
  assert.deepEqual(await names(), ['admin'])
  const asked = t.mock.method(nodes[1]!.omen.deps.directory.store, 'confirm')
  // a node asks for the time, too
  const questions = () => asked.mock.calls.filter(({ arguments: [held] }) => held.length > 0).length
  clock.advance(500)
  await one!.createUser({ UserName: 'new' })
  assert.deepEqual(await names(), ['admin'])
  assert.equal(questions(), 0)
  // what changes something is compared at once
  await two!.createUser({ UserName: 'newer' })
  assert.deepEqual(await names(), ['admin', 'new', 'newer'])
  await one!.deleteUser({ UserName: 'new' })
  clock.advance(501)
  assert.deepEqual(await names(), ['admin', 'newer'])
  assert.equal(questions(), 2, 'one finds the change, one confirms the call that runs again')
})
