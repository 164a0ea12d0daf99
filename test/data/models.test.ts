import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const models = new URL('../../packages/server/models/', import.meta.url)

test('a model that is written by hand is the one that is used', () => {
  const files = readdirSync(new URL('written/', models))
  assert.notEqual(files.length, 0)
  for (const file of files) {
    const { model } = read(`written/${file}`)
    const used = read(file)
    assert.deepEqual([used.operations, used.shapes], [model.operations, model.shapes], file)
  }
})

function read(path: string) {
  return JSON.parse(readFileSync(new URL(path, models), 'utf8'))
}
