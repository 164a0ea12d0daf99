import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { findControlGroups } from './cgroup.ts'
import { bounded } from './launch.ts'

const linux = { skip: process.platform === 'linux' ? false : 'limits are read from /proc' }

describe('an invocation is bounded', linux, () => {
  test('by rlimits, and in its control group where there is one (LAM-73)', async () => {
    const group = findControlGroups()?.('omen-test-bounds', { memoryBytes: 1 << 28, processes: 20 })
    try {
      const bounds = { storageBytes: 1 << 20, processorSeconds: 7, uid: 60_799, groups: group?.files ?? [] }
      const show = ['/bin/sh', '-c', 'cat /proc/self/limits /proc/self/cgroup']
      const [command = '', ...args] = bounded(show, bounds)
      const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
      assert.match(stdout, /^Max cpu time +7 +7 /m, stderr)
      assert.match(stdout, /^Max file size +1048576 +1048576 /m)
      assert.match(stdout, /^Max open files +1024 +1024 /m)
      assert.match(stdout, /^Max processes +128 +128 /m)
      assert.match(stdout, /^Max core file size +0 +0 /m)
      if (group === undefined) return
      assert.match(stdout, /^\d+:(?:[a-z,]*pids[a-z,]*)?:.*omen-test-bounds$/m)
      const folder = dirname(group.files.at(-1)!)
      assert.equal(readFileSync(join(folder, 'pids.max'), 'utf8'), '20\n')
    } finally {
      await group?.remove()
    }
    assert.ok(group === undefined || group.files.every((file) => !existsSync(dirname(file))))
  })
})
