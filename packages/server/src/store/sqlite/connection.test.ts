import assert from 'node:assert/strict'
import { test } from 'node:test'
import { valueBytes, writable } from './connection.ts'

test('a text is measured in bytes before it is written', () => {
  const longest = 'a'.repeat(valueBytes)
  assert.equal(writable(longest), longest)
  assert.throws(() => writable(`${longest}a`), /larger than 16777216 bytes/)
  assert.throws(() => writable('a\0b'), /NUL/)
  assert.throws(() => writable('é'.repeat(valueBytes / 2 + 1)), RangeError)
})
