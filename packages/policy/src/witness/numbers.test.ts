import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compareNumbers, parseNumber } from '../condition/number.ts'
import { numbersBetween } from './numbers.ts'

const decimal = (text: string) => {
  const number = parseNumber(text)
  assert.ok(number, text)
  return number
}
/** Numbers whose double is that of a neighbour, and others. */
const ends = [
  ...['0', '-0.0', '1', '1.0', '-1', '5', '0.1', '0.10000000000000000001', '-0.10000000000000000001'],
  ...['99999999999999999999', '99999999999999999998', '-99999999999999999999', '1e30', '1E+30', '.5', '5.'],
  ...['1e999', '-1e999', '1e-999', '-1e-999', '10e998', '1.0000000000000000000000001e-999', '+7', '3e5'],
]

describe('numbers in the gaps that others leave', () => {
  test('are below all, between each two neighbours, and above all', () => {
    for (const one of ends) {
      for (const other of ends) {
        for (const candidates of [[], ['0'], ['4', '0.3', '1e25']]) {
          const own = [one, other].map(decimal).sort(compareNumbers)
          const points = [...candidates, ...numbersBetween(own, candidates.map(decimal))].map(decimal)
          const [low, high] = own
          const places = points.map((point) => [
            compareNumbers(point, low!) > 0,
            compareNumbers(point, high!) < 0,
          ])
          const has = (above: boolean, below: boolean) =>
            places.some(([isAbove, isBelow]) => isAbove === above && isBelow === below)
          const text = `${one} ${other} with ${candidates}: ${points.map((point) => point.text)}`
          assert.ok(has(false, true), `nothing below ${text}`)
          assert.ok(has(true, false), `nothing above ${text}`)
          if (compareNumbers(low!, high!) < 0) assert.ok(has(true, true), `nothing between ${text}`)
        }
      }
    }
  })

  test('are left out where a candidate is', () => {
    const found = (own: readonly string[], candidates: readonly string[]) =>
      numbersBetween(own.map(decimal), candidates.map(decimal))
    assert.deepEqual(found([], []), ['0'])
    assert.deepEqual(found([], ['4']), [])
    assert.deepEqual(found(['5'], ['4', '6']), [])
    assert.deepEqual(found(['5'], ['5', '6']), ['0'])
    assert.deepEqual(found(['5', '7'], ['8', '6', '4']), [])
    assert.deepEqual(found(['5', '7'], ['8', '5.0', '7']), ['0', '5.01e0'])
    assert.deepEqual(found(['-5', '-7.5'], ['9', '8', '9']), ['-7.5e1', '-5.00001e0'])
    assert.deepEqual(found(['0'], []), ['-1', '1'])
    assert.deepEqual(found(['-3', '0', '2e4'], []), ['-3e1', '-3e-1', '2e3', '2e5'])
    assert.deepEqual(found(['-3', '2'], []), ['-3e1', '0', '2e1'])
  })
})
