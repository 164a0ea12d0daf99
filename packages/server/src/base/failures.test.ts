import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failures } from './failures.ts'

test('failures count from the first of them until their time is over, or they are forgotten', () => {
  const failures = new Failures(100, 10)
  failures.add('a', 0)
  failures.add('a', 99)
  failures.add('b', 99)
  assert.deepEqual([failures.of('a', 99), failures.of('a', 100), failures.of('b', 100)], [2, 0, 1])
  failures.add('a', 100)
  failures.forget('b')
  assert.deepEqual([failures.of('a', 100), failures.of('b', 100)], [1, 0])
})

test('the name that failed longest ago leaves where there are too many', () => {
  const failures = new Failures(100, 2)
  for (const name of ['a', 'b', 'a', 'c']) failures.add(name, 0)
  assert.deepEqual([failures.of('a', 0), failures.of('b', 0), failures.of('c', 0)], [2, 0, 1])
})
