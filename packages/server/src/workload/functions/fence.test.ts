import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findControlGroups } from './cgroup.ts'
import { candidates, findFence, triedWith } from './fence.ts'

const isRoot = process.getuid?.() === 0
const linux = { skip: process.platform === 'linux' ? false : 'fences are of Linux' }

describe('a fence holds: other user, own processes, network and files (LAM-70)', linux, () => {
  for (const fence of candidates()) {
    // without root, `unshare` cannot mount on every machine; the check must then report that it does not hold
    const mayLack = fence.name === 'unshare' && !isRoot
    test(`of ${fence.name}`, async () => {
      const because = await triedWith(fence, findControlGroups())
      if (because !== undefined && mayLack) return
      assert.equal(because, undefined)
    })
  }

  test('one that does not is named with its reason', async () => {
    const [real] = candidates()
    assert(real !== undefined)
    const open = { ...real, command: (args: readonly string[]) => [process.execPath, ...args] }
    const because = await triedWith(open, undefined)
    assert.match(because ?? '', /^lacks .*processes of its own, a network of its own, files of its own/)
    const missing = { ...real, command: () => ['/nowhere/bwrap'] }
    assert.match((await triedWith(missing, undefined)) ?? '', /\/nowhere\/bwrap/)
  })

  test('the first that holds is taken, and tried once', async () => {
    assert.equal(findFence(), findFence())
    assert.equal((await findFence()).fence?.name, candidates()[0]?.name)
  })
})
