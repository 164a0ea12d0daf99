import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..')

test('it compiles for publishing, with neither the types of Node nor those of browsers', () => {
  const tsc = join(folder, '../../node_modules/typescript/bin/tsc')
  const said = execFileSync(process.execPath, [tsc, '-p', join(folder, 'tsconfig.json'), '--noEmit'], {
    encoding: 'utf8',
  })
  assert.equal(said, '')
})
