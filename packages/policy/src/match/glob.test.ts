import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Context, emptyContext } from '../request/context.ts'
import { compileGlob } from './glob.ts'
import { Budget, metered } from './meter.ts'

const wild = { wildcards: true, variables: true }

/** By the book: try every way, unit by unit. */
function naive(pattern: readonly string[], value: readonly string[]): boolean {
  if (pattern.length === 0) return value.length === 0
  const rest = pattern.slice(1)
  if (pattern[0] === '*') return naive(rest, value) || (value.length > 0 && naive(pattern, value.slice(1)))
  return value.length > 0 && (pattern[0] === '?' || pattern[0] === value[0]) && naive(rest, value.slice(1))
}

describe('compileGlob', () => {
  test('POL-083 agrees with trying every way', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '*', '?'), maxLength: 10 })
    const value = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), maxLength: 12 })
    fc.assert(
      fc.property(pattern, value, (p, v) => {
        assert.equal(compileGlob(p, wild)(v, emptyContext), naive(p.split(''), v.split('')), `${p} ${v}`)
      }),
      { numRuns: 5000 },
    )
  })

  test('POL-083 long texts between wildcards are found wherever they begin', () => {
    const unit = fc.constantFrom('a', 'ab', 'b')
    const long = fc.array(unit, { minLength: 130, maxLength: 300 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(long, fc.array(unit, { maxLength: 40 }), long, (text, before, after) => {
        const matches = compileGlob(`*${text}*`, wild)
        for (const value of [`${before.join('')}${text}${after}`, `${before.join('')}${after}`, after + text])
          assert.equal(matches(value, emptyContext), value.includes(text))
      }),
      { numRuns: 300 },
    )
  })

  test('POL-181 what has no steps left matches nothing', () => {
    const budget = new Budget(1_000)
    const matches = compileGlob(`*${'?a'.repeat(2_000)}?b*`, wild)
    assert.ok(!metered(budget, () => matches('a'.repeat(20_000), emptyContext)))
    assert.ok(budget.isSpent)
    assert.ok(compileGlob(`*${'?a'.repeat(20)}b*`, wild)(`${'a'.repeat(200)}b`, emptyContext))
  })

  test('POL-083 the steps of many wildcards grow with them and not with their square', () => {
    const stepsOf = (count: number): number => {
      const budget = new Budget()
      const matches = compileGlob('*?ab'.repeat(count), wild)
      assert.ok(metered(budget, () => matches('xab'.repeat(count), emptyContext)))
      return budget.used
    }
    assert.ok(stepsOf(400) < stepsOf(100) * 6)
  })

  test('POL-211 ? is one unit of UTF-16', () => {
    for (const pattern of ['a??b', 'a*?b', '*?b', '*a??b', 'a?*', 'a*??b'])
      assert.ok(compileGlob(pattern, wild)('a😀b', emptyContext), pattern)
    for (const pattern of ['a?b', '*a?b', 'a???b'])
      assert.ok(!compileGlob(pattern, wild)('a😀b', emptyContext))
  })

  test('POL-088 escaped wildcards are characters', () => {
    const matches = compileGlob('${*}${?}${$}', wild)
    assert.ok(matches('*?$', emptyContext))
    assert.ok(!matches('ab$', emptyContext))
  })

  test('POL-131 the value of a variable is plain text', () => {
    const matches = compileGlob('home/${aws:username}/*', wild)
    const context = new Context({ 'aws:username': '*' })
    assert.ok(matches('home/*/x', context))
    assert.ok(!matches('home/dev/x', context))
  })

  test('POL-089 a variable without a value matches nothing, POL-088 unless it has a default', () => {
    assert.ok(!compileGlob('${aws:username}*', wild)('', emptyContext))
    assert.ok(compileGlob("${aws:username, 'nobody'}", wild)('nobody', emptyContext))
  })

  test('POL-090 a key with a list of values is no variable, not even with a default', () => {
    const context = new Context({ 'aws:TagKeys': ['a'] })
    assert.ok(!compileGlob("${aws:TagKeys, 'a'}", wild)('a', context))
  })

  test('POL-086 without variables the text is literal', () => {
    assert.ok(
      compileGlob('${aws:username}', { wildcards: true, variables: false })('${aws:username}', emptyContext),
    )
  })
})
