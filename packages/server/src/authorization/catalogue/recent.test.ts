import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recent } from './recent.ts'

test('the results that were used last are kept, as many as the limit', () => {
  const made: string[] = []
  const of = recent(2, (key: string) => {
    made.push(key)
    return key.toUpperCase()
  })
  assert.deepEqual(['a', 'b', 'a', 'b', 'a', 'c', 'a', 'b', 'a'].map(of), [...'ABABACABA'])
  assert.deepEqual(made, ['a', 'b', 'c', 'b'])
})
