import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policySize, policySizeLimits } from './size.ts'

test('POL-099 white space does not count', () => {
  assert.equal(policySize(' { "a" :\r\n\t"b c" } '), 10)
  assert.equal(policySize('{}'), 2)
  assert.equal(policySize(''), 0)
})

test('POL-099 the quotas of AWS', () =>
  assert.deepEqual(policySizeLimits, {
    managed: 6144,
    inlineUser: 2048,
    inlineGroup: 5120,
    inlineRole: 10240,
    trust: 2048,
    session: 2048,
    scp: 10240,
    rcp: 5120,
  }))
