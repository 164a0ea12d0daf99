import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { questions } from './witness-twin.ts'

suite('findWitness and trying every request', () => {
  test('agree on the verdict and on the size of the residual', () => {
    const { proven, conditional, blocked } = questions(40, 7)
    // Each answer occurs, so the comparison means something.
    assert.ok(proven > 1 && conditional > 1 && blocked > 1, `${proven} ${conditional} ${blocked}`)
  })
})
