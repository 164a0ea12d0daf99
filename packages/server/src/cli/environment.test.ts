import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkEnvironment } from './environment.ts'

test('each variable that the code reads is known', () => {
  const folder = join(import.meta.dirname, '..')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/(?:\.test|environment)\.ts$/.test(file),
  )
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
  const names = new Set(text.match(/\bOMEN_[A-Z]\w*/g))
  assert.ok(names.size > 25, `${names.size}`)
  for (const name of names) assert.doesNotThrow(() => checkEnvironment({ [name]: '1' }), name)
})
