import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { texts as check } from './texts-twin.ts'

suite('solveTexts', () => {
  test('finds a text exactly where trying every text finds one', () => {
    const { found, none } = check(1_500, 1)
    // Both answers occur, so the comparison means something.
    assert.ok(found > 250 && none > 250, `${found} found, ${none} not`)
  })
})
