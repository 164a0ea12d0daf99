import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { Context, EMPTY } from '../evaluate/context.ts'
import { compileGlob } from './glob.ts'

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
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 })
    const value = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 })
    fc.assert(
      fc.property(pattern, value, (p, v) => {
        assert.equal(compileGlob(p, WILD)(v, EMPTY), naive(p, v), `${p} ${v}`)
      }),
      { numRuns: 5000 },
    )
  })

  test('? is one character, also beyond the basic plane', () => {
    assert.ok(compileGlob('a?b', WILD)('a😀b', EMPTY))
  })

  test('POL-088 escaped wildcards are characters', () => {
    const matches = compileGlob('${*}${?}${$}', WILD)
    assert.ok(matches('*?$', EMPTY))
    assert.ok(!matches('ab$', EMPTY))
  })

  test('POL-131 what a variable stands for is plain text', () => {
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
