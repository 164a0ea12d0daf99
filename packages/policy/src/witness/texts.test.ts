import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { texts as check } from './texts-twin.ts'

suite('solveTexts', () => {
  test('finds a text exactly where trying every text finds one', () => {
    const { found, none } = check(3_000, 1)
    // Both answers occur, so the comparison means something.
    assert.ok(found > 500 && none > 500, `${found} found, ${none} not`)
  })
})
