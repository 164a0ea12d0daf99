import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policySize } from './size.ts'

test('POL-099 white space does not count', () => {
  assert.equal(policySize(' { "a" :\r\n\t"b c" } '), '{"a":"bc"}'.length)
})
