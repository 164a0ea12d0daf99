import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { waitingOf } from './waiting.ts'

describe('the undecided rows of a list', () => {
  test('that wait for several facts are decided by all of them', () => {
    const row = (...facts: readonly string[]) => ({ principal: 'p', verdict: 'undecided', steps: 0, facts })
    assert.deepEqual(waitingOf([row('x'), row('x', 'y'), row('x', 'y'), row('z')]), {
      rows: 4,
      facts: [
        { fact: 'x', decided: 1 },
        { fact: 'y', decided: 2 },
        { fact: 'z', decided: 1 },
      ],
    })
  })
})
