import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { openSync } from 'node:fs'
import { describe, test } from 'node:test'

/** Starts a child with these streams, which reports the target of its file number 40. */
const server = `
import { spawnSync } from 'node:child_process'
import { streams } from '${new URL('./descriptors.ts', import.meta.url).href}'
const look = "const fs = require('node:fs'); try { console.log(fs.readlinkSync('/proc/self/fd/40')) } catch { console.log('none') }"
const run = (stdio) => spawnSync(process.execPath, ['-e', look], { stdio, encoding: 'utf8' }).stdout.trim()
console.log(JSON.stringify([run(['pipe', 'pipe', 'pipe']), run(streams())]))`

describe('files that the parent process of the server left open', {
  skip: process.platform !== 'linux',
}, () => {
  test('do not reach a function (LAM-79)', () => {
    const leftOpen = openSync('/proc/version', 'r')
    const stdio = ['ignore', 'pipe', 'inherit', ...Array<'ignore'>(37).fill('ignore'), leftOpen] as const
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', server], {
      stdio: [...stdio],
      encoding: 'utf8',
    })
    assert.deepEqual(JSON.parse(stdout), ['/proc/version', '/dev/null'])
  })
})
