import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelOf, labelOfStep } from './label.ts'
import type { Step } from './proof/fact-graph.ts'

test('a step that a service makes is named in words, not by the id of its technique (GRD-722)', () => {
  assert.equal(labelOf('trust.service'), 'a service that the trust policy names')
  assert.equal(labelOf('trust.roles-anywhere'), 'CreateSession')
})

test('a step of a technique with several ways is named by the call of its way (GRD-724)', () => {
  const by = (technique: string, action: string) =>
    labelOfStep({
      technique,
      proof: { verdict: 'proven', witness: { requests: [{ action }] } } as unknown as Step['proof'],
    })
  assert.equal(by('lift.tags', 'iam:UntagRole'), 'UntagRole')
  assert.equal(by('lift.tags', 'iam:TagUser'), 'TagUser')
  assert.equal(labelOfStep({ technique: 'lift.tags', proof: undefined }), labelOf('lift.tags'))
})
