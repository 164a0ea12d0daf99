import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { loadModel, serviceIds } from '../../packages/server/src/model/index.ts'

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

test('what a server reads of every model as it starts is what the models say', () => {
  const heads: { readonly id: string }[] = read('heads.json')
  assert.deepEqual(heads.map(({ id }) => id).toSorted(), serviceIds.toSorted())
  for (const head of heads) {
    const { operations: _, omitted: _omitted, shapes: _shapes, ...said } = read(`${head.id}.json`)
    assert.deepEqual(head, said)
  }
  for (const id of serviceIds) assert.deepEqual({ ...loadModel(id) }, read(`${id}.json`), id)
})

function read(path: string) {
  return JSON.parse(readFileSync(new URL(path, models), 'utf8'))
}
