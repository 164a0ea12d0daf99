// Begins first: the compiler reads all sources.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

function run(tool: string, ...args: readonly string[]): Promise<{ status: number | null; output: string }> {
  const bin = fileURLToPath(new URL(`../../node_modules/.bin/${tool}`, import.meta.url))
  const child = spawn(bin, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, output })))
}

describe('npm run check', () => {
  // several checkers check twice what both need: half of the processor time more, and other files run beside
  test('the types hold', async () => {
    const { status, output } = await run('tsc', '-p', 'tsconfig.json', '--singleThreaded')
    assert.equal(status, 0, output.slice(0, 4_000))
  })

  test('format and lint hold', async () => {
    const { status, output } = await run('biome', 'check', '--colors=off', '.')
    assert.equal(status, 0, output.slice(0, 4_000))
  })
})
