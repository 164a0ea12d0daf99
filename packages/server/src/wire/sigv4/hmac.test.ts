import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Secret } from '../../base/index.ts'
import { hmac, hmacKey } from './hmac.ts'
import { SigningKeys } from './signing-keys.ts'
import type { Claim } from './types.ts'

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

describe('signing keys', () => {
  it('are derived once for a scope and a secret; the oldest go first', () => {
    const keys = new SigningKeys(2)
    const find = (region: string, secret = 'secret') =>
      keys.find(
        {
          accessKeyId: 'AKIA',
          scopeDate: '20240229',
          region,
          service: 'iam',
          terminator: 'aws4_request',
        } as Claim,
        new Secret(secret),
      )
    const first = find('a')
    assert.equal(find('a'), first)
    assert.notDeepEqual(find('a', 'other'), first)
    const again = find('a')
    assert.deepEqual(again, first)
    find('b')
    assert.equal(find('a'), again)
    find('c')
    assert.notEqual(find('a'), again)
  })
})
