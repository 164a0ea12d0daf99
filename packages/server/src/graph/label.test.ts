import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelOf } from './label.ts'

test('a step that a service makes is named in words, not by the id of its technique (GRD-722)', () => {
  assert.equal(labelOf('trust.service'), 'a service that the trust policy names')
  assert.equal(labelOf('trust.roles-anywhere'), 'CreateSession')
})
