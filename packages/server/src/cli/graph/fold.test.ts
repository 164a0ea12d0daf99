import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldRows } from './fold.ts'

const rowsOf = (...names: readonly string[]) =>
  names.map((name) => {
    const [principal = '', ...cells] = name.split(' ')
    return { principal, cells }
  })
const folded = (...names: readonly string[]) => foldRows(rowsOf(...names)).map(({ principal }) => principal)

test('names that differ in their last part are one row if the rest of the row is equal', () => {
  const apps = ['role/app-blue', 'role/app-green', 'role/app-red']
  assert.deepEqual(folded('user/dev', ...apps), ['user/dev', 'role/app-* (3)'])
  assert.deepEqual(folded(...apps.slice(1)), apps.slice(1))
  assert.deepEqual(folded('role/app-x proven', 'role/app-y proven', 'role/app-z conditional'), [
    'role/app-x',
    'role/app-y',
    'role/app-z',
  ])
  assert.deepEqual(folded('user/app-x', ...apps), ['user/app-x', 'role/app-* (3)'])
})

test('digits at the end count as the last part', () => {
  assert.deepEqual(folded('role/worker1', 'role/worker2', 'role/worker13'), ['role/worker* (3)'])
  assert.deepEqual(folded('role/app-1', 'role/app-2', 'role/app-10'), ['role/app-* (3)'])
  assert.deepEqual(folded('111122223333', '444455556666', '777788889999').length, 3)
})

test('names of one part stay as they are', () => {
  assert.deepEqual(folded('role/ci', 'role/cd', 'role/qa'), ['role/ci', 'role/cd', 'role/qa'])
})
