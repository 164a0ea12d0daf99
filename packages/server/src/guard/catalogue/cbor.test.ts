import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCbor } from './cbor.ts'

test('a byte order mark is a character of its text (GRD-21)', () => {
  const text = Buffer.from('\ufeffa')
  const read = readCbor(Buffer.concat([Buffer.of(0xa1, 0x61, 0x6b, 0x60 + text.length), text]))
  assert.deepEqual(read?.value, { k: '\ufeffa' })
})
