import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { byteaArray, float8Array, int4Array, int8Array, textArray, uuidArray } from './arrays.ts'

/** The type and the elements of an array, read as PostgreSQL's `array_recv` reads them. */
function read(array: Buffer): { readonly type: number; readonly elements: readonly (Buffer | null)[] } {
  const [dimensions, , type] = [array.readInt32BE(0), array.readInt32BE(4), array.readInt32BE(8)]
  if (dimensions === 0) {
    assert.equal(array.length, 12)
    return { type, elements: [] }
  }
  assert.equal(dimensions, 1)
  assert.equal(array.readInt32BE(16), 1, 'the first index')
  const elements: (Buffer | null)[] = []
  let at = 20
  for (let left = array.readInt32BE(12); left > 0; left--) {
    const length = array.readInt32BE(at)
    at += 4
    elements.push(length < 0 ? null : array.subarray(at, at + length))
    at += Math.max(0, length)
  }
  assert.equal(at, array.length, 'nothing follows the elements')
  return { type, elements }
}

const lists = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { maxLength: 5 })

test('an array is in the form that array_recv reads, whatever its elements are', () => {
  const cases = fc.record({
    ints: lists(fc.integer()),
    bigs: lists(fc.maxSafeInteger()),
    floats: lists(fc.double({ noNaN: true })),
    uuids: lists(fc.option(fc.uuid())),
    texts: lists(fc.option(fc.string({ unit: 'grapheme' }))),
    bytes: lists(fc.uint8Array()),
  })
  fc.assert(
    fc.property(cases, ({ ints, bigs, floats, uuids, texts, bytes }) => {
      const of = (type: number, array: Buffer) => {
        const found = read(array)
        assert.equal(found.type, type) // by the catalogue `pg_type`
        return found.elements
      }
      assert.deepEqual(
        of(23, int4Array(ints)).map((each) => each!.readInt32BE()),
        ints,
      )
      assert.deepEqual(
        of(20, int8Array(bigs)).map((each) => Number(each!.readBigInt64BE())),
        bigs,
      )
      assert.deepEqual(
        of(20, int8Array(bigs.map(String))).map((each) => Number(each!.readBigInt64BE())),
        bigs,
      )
      assert.deepEqual(
        of(701, float8Array(floats)).map((each) => each!.readDoubleBE()),
        floats,
      )
      assert.deepEqual(
        of(2950, uuidArray(uuids)).map((each) => each?.toString('hex')),
        uuids.map((each) => each?.replaceAll('-', '')),
      )
      assert.deepEqual(
        of(25, textArray(texts)).map((each) => each && String(each)),
        texts,
      )
      assert.deepEqual(
        of(17, byteaArray(bytes)).map((each) => Uint8Array.from(each!)),
        bytes,
      )
    }),
  )
})

test('an array of texts may be of any length', () => {
  const texts = ['お面'.repeat(100_000), null, 'short']
  const { elements } = read(textArray(texts))
  assert.deepEqual(
    elements.map((each) => each && String(each)),
    texts,
  )
  const before = textArray(['first'])
  textArray(['second'])
  assert.equal(String(read(before).elements[0]), 'first')
})
