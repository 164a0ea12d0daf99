import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { Context, EMPTY } from '../evaluate/context.ts'
import { compileGlob } from './glob.ts'
import { Budget, metered } from './meter.ts'

const WILD = { wildcards: true, variables: true }

/** By the book: try every way. */
function naive(pattern: string, value: string): boolean {
  if (pattern === '') return value === ''
  const rest = pattern.slice(1)
  if (pattern[0] === '*') return naive(rest, value) || (value !== '' && naive(pattern, value.slice(1)))
  return value !== '' && (pattern[0] === '?' || pattern[0] === value[0]) && naive(rest, value.slice(1))
}

suite('compileGlob', () => {
  test('POL-083 agrees with trying every way', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '*', '?'), maxLength: 10 })
    const value = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 12 })
    fc.assert(
      fc.property(pattern, value, (p, v) => {
        assert.equal(compileGlob(p, WILD)(v, EMPTY), naive(p, v), `${p} ${v}`)
      }),
      { numRuns: 5000 },
    )
  })

  test('POL-083 long texts between wildcards are found wherever they begin', () => {
    const unit = fc.constantFrom('a', 'ab', 'b')
    const long = fc.array(unit, { minLength: 130, maxLength: 300 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(long, fc.array(unit, { maxLength: 40 }), long, (text, before, after) => {
        const matches = compileGlob(`*${text}*`, WILD)
        for (const value of [`${before.join('')}${text}${after}`, `${before.join('')}${after}`, after + text])
          assert.equal(matches(value, EMPTY), value.includes(text))
      }),
      { numRuns: 300 },
    )
  })

  test('POL-181 what has no steps left matches nothing', () => {
    const budget = new Budget(1_000)
    const matches = compileGlob(`*${'?a'.repeat(2_000)}?b*`, WILD)
    assert.ok(!metered(budget, () => matches('a'.repeat(20_000), EMPTY)))
    assert.ok(budget.isSpent)
    assert.ok(compileGlob(`*${'?a'.repeat(20)}b*`, WILD)(`${'a'.repeat(200)}b`, EMPTY))
  })

  test('? is one character, also beyond the basic plane', () => {
    for (const pattern of ['a?b', 'a*?b', '*?b', '*a?b', 'a?*'])
      assert.ok(compileGlob(pattern, WILD)('a😀b', EMPTY), pattern)
    assert.ok(!compileGlob('*a??b', WILD)('a😀b', EMPTY))
  })

  test('POL-088 escaped wildcards are characters', () => {
    const matches = compileGlob('${*}${?}${$}', WILD)
    assert.ok(matches('*?$', EMPTY))
    assert.ok(!matches('ab$', EMPTY))
  })

  test('POL-131 the value of a variable is plain text', () => {
    const matches = compileGlob('home/${aws:username}/*', WILD)
    const context = new Context({ 'aws:username': '*' })
    assert.ok(matches('home/*/x', context))
    assert.ok(!matches('home/dev/x', context))
  })

  test('POL-089 a variable without a value matches nothing, POL-088 unless it has a default', () => {
    assert.ok(!compileGlob('${aws:username}*', WILD)('', EMPTY))
    assert.ok(compileGlob("${aws:username, 'nobody'}", WILD)('nobody', EMPTY))
  })

  test('POL-090 a key with a list of values is no variable, not even with a default', () => {
    const context = new Context({ 'aws:TagKeys': ['a'] })
    assert.ok(!compileGlob("${aws:TagKeys, 'a'}", WILD)('a', context))
  })

  test('POL-086 without variables the text is literal', () => {
    assert.ok(compileGlob('${aws:username}', { wildcards: true, variables: false })('${aws:username}', EMPTY))
  })
})
