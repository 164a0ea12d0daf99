import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { hmac, hmacKey } from './hmac.ts'

describe('HMAC-SHA-256', () => {
  it('is what Node computes, for keys of any length and texts of any bytes', () => {
    const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
    const check = (key: Uint8Array, message: Uint8Array) => {
      const expected = createHmac('sha256', key).update(message).digest()
      const text = Buffer.from(message).toString('latin1')
      const prepared = hmacKey(key)
      assert.equal(hmac(prepared, text, 'binary'), expected.toString('latin1'))
      assert.equal(hmac(prepared, text, 'hex'), expected.toString('hex'))
    }
    fc.assert(fc.property(bytes(200), bytes(300), check), { numRuns: 200 })
    // a block of the hash, and the area that is shared between calls
    for (const length of [0, 63, 64, 65, 1983, 1984, 1985, 5000])
      for (const keyLength of [0, 31, 63, 64, 65, 128])
        check(Buffer.alloc(keyLength, 0xa5), Buffer.alloc(length, 0xe9))
  })
})
