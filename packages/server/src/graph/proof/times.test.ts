import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResidualCondition } from '@omen-iam/policy'
import { areInTime } from './times.ts'

const step = (operator: string, mustHold: boolean, ...values: readonly string[]) => ({
  residual: [{ operator, key: 'aws:CurrentTime', values, mustHold } as unknown as ResidualCondition],
})
const year = '2031-01-01T00:00:00Z'
const next = '2032-01-01T00:00:00Z'

test('a step before a time cannot follow a step after that time', () => {
  assert.equal(areInTime([step('DateGreaterThan', true, year), step('DateGreaterThan', false, year)]), false)
  assert.equal(areInTime([step('DateGreaterThan', false, year), step('DateGreaterThan', true, year)]), true)
  assert.equal(areInTime([step('DateGreaterThan', true, year), step('DateLessThan', true, next)]), true)
  assert.equal(
    areInTime([step('DateGreaterThan', true, next), step('DateLessThanEquals', true, year)]),
    false,
  )
  assert.equal(areInTime([step('DateLessThan', false, next), step('DateLessThan', true, year, next)]), false)
  assert.equal(areInTime([step('DateEquals', true, next), step('DateLessThan', true, year)]), true)
  assert.equal(areInTime([step('DateGreaterThan', true, '${aws:x}'), step('DateLessThan', true, year)]), true)
})
