import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkEnvironment } from './environment.ts'

test('each variable that an option reads is known', () => {
  const folder = import.meta.dirname
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  )
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
  const names = [...text.matchAll(/\.env\(\s*'(OMEN_\w+)'/g)].map(([, name = '']) => name)
  assert.ok(names.length > 15, `${names.length}`)
  for (const name of names) assert.doesNotThrow(() => checkEnvironment({ [name]: '1' }), name)
})
