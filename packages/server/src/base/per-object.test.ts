import assert from 'node:assert/strict'
import { test } from 'node:test'
import { perObject } from './per-object.ts'

test('what is derived from an object is made once, and again for its equal', () => {
  const made: object[] = []
  const lengthOf = perObject((list: readonly number[]) => {
    made.push(list)
    return `${list.length}`
  })
  const list = [1, 2]
  assert.deepEqual([lengthOf(list), lengthOf(list), lengthOf([1, 2])], ['2', '2', '2'])
  assert.equal(made.length, 2)
})

test('what could not be made is tried again', () => {
  let tries = 0
  const never = perObject((): string => {
    tries++
    throw new Error('no')
  })
  const object = {}
  assert.throws(() => never(object))
  assert.throws(() => never(object))
  assert.equal(tries, 2)
})
