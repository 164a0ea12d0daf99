import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chance } from '../witness/texts-twin.ts'
import { Budget, metered } from './meter.ts'
import { type Needle, search } from './search.ts'

describe('search', () => {
  test('finds what indexOf finds, in texts that nearly repeat', () => {
    const next = chance(11)
    const some = (length: number) => Array.from({ length }, () => 'ab'[next(2)]).join('')
    for (let round = 0; round < 400; round++) {
      const unit = some(1 + next(6))
      const length = 251 + next(12)
      const text = `${some(next(3))}${unit.repeat(length)}`.slice(0, length - next(2)) + some(next(3))
      const spoiled = (whole: string) => {
        const at = next(whole.length)
        return `${whole.slice(0, at)}${'abc'[next(3)]}${whole.slice(at + 1)}`
      }
      const value = [
        some(next(4)),
        spoiled(text),
        unit.repeat(next(4)),
        next(3) === 0 ? spoiled(text) : text,
        some(next(9)),
        // The start of the text, and the text without its start.
        text.slice(0, next(9)),
        text.slice(next(4)),
      ].join('')
      const needle = { text, failures: undefined }
      // The second search has the borders of the first.
      for (const from of [
        0,
        next(value.length),
        value.indexOf(text),
        value.indexOf(text) + 1,
        value.length - text.length,
        value.length,
      ])
        if (from >= 0 && search(needle, value, from) !== value.indexOf(text, from))
          assert.fail(`${value} ${text} ${from}`)
    }
  })

  test('keeps the borders of a text of more than 250 characters', () => {
    for (const [length, isKept] of [
      [250, false],
      [251, true],
    ] as const) {
      const needle: Needle = { text: 'a'.repeat(length), failures: undefined }
      assert.equal(search(needle, `b${needle.text}`, 0), 1)
      assert.equal(needle.failures !== undefined, isKept)
    }
  })

  test('takes no step for a text that is longer than the rest', () => {
    const stepsOf = (text: string, value: string, from: number) => {
      const budget = new Budget(10_000)
      metered(budget, () => search({ text, failures: undefined }, value, from))
      return budget.used
    }
    for (const text of ['aa', 'a'.repeat(251)]) {
      assert.equal(stepsOf(text, text, 1), 0)
      assert.notEqual(stepsOf(text, text, 0), 0)
      assert.notEqual(stepsOf(text, `b${text}`, 1), 0)
    }
  })

  test('finds short texts from a place on', () => {
    for (const [text, value, from] of [
      ['a', 'aba', 0],
      ['a', 'aba', 1],
      ['a', 'aba', 3],
      ['ab', 'ab', 1],
      ['', 'ab', 2],
    ] as const)
      assert.equal(search({ text, failures: undefined }, value, from), value.indexOf(text, from))
  })
})
