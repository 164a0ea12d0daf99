import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepLatest } from './keep-latest.ts'

test('the entry that was put first leaves, and one that is put again is the last', () => {
  const map = new Map<string, number>()
  for (const key of ['a', 'b', 'a', 'c']) keepLatest(map, key, map.size, 2)
  assert.deepEqual([...map.keys()], ['a', 'c'])
})
