import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PassingBodies } from './passing.ts'

test('GRD-627 one principal holds a quarter of the connections, and all together three quarters', () => {
  const passing = new PassingBodies(16)
  const taken = (principal: string) => {
    const ends = []
    for (let end = passing.begin(principal); end !== undefined; end = passing.begin(principal)) ends.push(end)
    return ends
  }
  const [first, second, third] = ['a', 'b', 'c'].map(taken)
  assert.deepEqual([first?.length, second?.length, third?.length], [4, 4, 4])
  assert.equal(passing.begin('d'), undefined)
  first?.[0]?.()
  first?.[0]?.()
  const again = taken('d')
  assert.equal(again.length, 1)
  for (const end of [...(first ?? []), ...again]) end()
  assert.equal(taken('a').length, 4)
})
