import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCbor } from './cbor.ts'

/** A map with one member `k`, whose value these bytes are. */
const member = (...value: readonly number[]) => Uint8Array.of(0xa1, 0x61, 0x6b, ...value)
const memberOf = (...value: readonly number[]) => {
  const read = readCbor(member(...value))
  return read === undefined ? 'refused' : (read.value as { readonly k: unknown }).k
}

describe('a body in CBOR', () => {
  it('is read as every strict reader reads it (GRD-1)', () => {
    assert.equal(memberOf(0x61, 0x61), 'a')
    assert.equal(memberOf(0x7f, 0x61, 0x61, 0x61, 0x62, 0xff), 'ab', 'a text in pieces')
    assert.equal(memberOf(0x18, 0xff), 255)
    assert.equal(memberOf(0x19, 0x01, 0x00), 256)
    assert.equal(memberOf(0x1a, 0, 1, 0, 0), 65_536)
    assert.equal(memberOf(0x1b, 0, 0, 0, 1, 0, 0, 0, 0), 4_294_967_296)
    assert.equal(memberOf(0x38, 0x63), -100)
    assert.equal(memberOf(0xf5), true)
    assert.equal(memberOf(0xf4), false)
    assert.equal(memberOf(0xf6), undefined)
    assert.equal(memberOf(0xf9, 0x3c, 0x00), 1)
    assert.equal(memberOf(0xf9, 0xc4, 0x00), -4)
    assert.equal(memberOf(0xf9, 0x7c, 0x00), Number.POSITIVE_INFINITY)
    assert.equal(memberOf(0xf9, 0x00, 0x01), 2 ** -24)
    assert.equal(memberOf(0xfa, 0x3f, 0x80, 0, 0), 1)
    assert.equal(memberOf(0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0), 1)
    assert.equal(memberOf(0xc1, 0x01), 1, 'a tag says only how its value is meant')
    assert.deepEqual(memberOf(0x82, 0x01, 0x02), [1, 2])
    assert.deepEqual(memberOf(0x9f, 0x01, 0xff), [1])
    assert.deepEqual(memberOf(0xbf, 0x61, 0x61, 0x01, 0xff), { a: 1 })
    assert.deepEqual(memberOf(0x42, 0x01, 0x02), Uint8Array.of(1, 2))
  })

  it('is refused where readers differ (GRD-21)', () => {
    const text = Buffer.from('\ufeffa')
    assert.equal(memberOf(0x60 + text.length, ...text), '\ufeffa', 'a byte order mark is a character')
    for (const [why, ...value] of [
      ['no UTF-8', 0x62, 0xff, 0xfe],
      ['an overlong character', 0x62, 0xc0, 0xaf],
      ['half of a pair', 0x63, 0xed, 0xa0, 0x80],
      ['a member named twice', 0xa2, 0x61, 0x61, 0x01, 0x61, 0x61, 0x02],
      ['a name that is not a text', 0xa1, 0x01, 0x01],
      ['an end in a list of a known length', 0x81, 0xff],
      ['an end in place of a value', 0xbf, 0x61, 0x61, 0xff],
      ['an end in a map of a known length', 0xa1, 0xff],
      ['a number in a text', 0x7f, 0x01, 0xff],
      ['a number without an end', 0x1f],
      ['a reserved length', 0x1c],
      ['an unknown simple value', 0xf8, 0x20],
      ['a text that ends too soon', 0x62, 0x61],
      ['more behind it', 0x01, 0x01],
      ['nothing'],
    ] as const)
      assert.equal(memberOf(...value), 'refused', why)
    assert.equal(readCbor(new Uint8Array(200).fill(0x81)), undefined, 'too deep')
  })
})
