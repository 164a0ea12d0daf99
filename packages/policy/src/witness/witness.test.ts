import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gaps } from './gap-twin.ts'
import { texts } from './texts-twin.ts'
import { questions } from './witness-twin.ts'

/** `npm run soak` compares many more. */
const isSoak = process.env.OMEN_SOAK !== undefined

describe('the search agrees with trying everything', () => {
  test('on texts that many patterns match or do not match', () => {
    const count = isSoak ? 100_000 : 1_500
    const { found, none } = texts(count, 1)
    // Both answers occur, so the comparison means something.
    assert.ok(found > count / 6 && none > count / 6, `${found} found, ${none} not`)
  })

  test('on the verdict and on the size of the residual', () => {
    const { proven, conditional, blocked } = questions(isSoak ? 5_000 : 40, 7)
    assert.ok(proven > 1 && conditional > 1 && blocked > 1, `${proven} ${conditional} ${blocked}`)
  })

  test('on whether a principal may do everything', () => {
    const { none, conditional, gap } = gaps(isSoak ? 20_000 : 200, 3)
    assert.ok(none > 3 && conditional > 3 && gap > 3, `${none} ${conditional} ${gap}`)
  })
})
