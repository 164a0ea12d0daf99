import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { base32, findTotpStep, totpCode, totpStep } from '../../packages/server/src/directory/index.ts'

describe('time-based one-time passwords', () => {
  test("RFC 6238's own values (appendix B), their last six digits", () => {
    const seed = Buffer.from('12345678901234567890')
    const values = [
      [59, '287082'],
      [1111111109, '081804'],
      [1111111111, '050471'],
      [1234567890, '005924'],
      [2000000000, '279037'],
      [20000000000, '353130'],
    ] as const
    for (const [seconds, code] of values) assert.equal(totpCode(seed, totpStep(seconds * 1_000)), code)
  })

  test("RFC 4648's own values of base32", () => {
    for (const [plain, text] of [
      ['', ''],
      ['f', 'MY'],
      ['fo', 'MZXQ'],
      ['foo', 'MZXW6'],
      ['foob', 'MZXW6YQ'],
      ['fooba', 'MZXW6YTB'],
      ['foobar', 'MZXW6YTBOI'],
    ] as const) {
      assert.equal(base32(Buffer.from(plain)), text)
    }
  })

  test('a code is found within the window, and nowhere beyond', () => {
    const seed = Buffer.from('a seed of a test that stays as it is')
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 1e9 }), fc.integer({ min: -9, max: 9 }), (around, off) => {
        const codes = [totpCode(seed, around + off), totpCode(seed, around + off + 1)]
        const found = findTotpStep(seed, codes, around, 5)
        assert.equal(found, Math.abs(off) <= 5 ? around + off : undefined)
      }),
    )
  })
})
