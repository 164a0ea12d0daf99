import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { wildcardMatcher } from './wildcards.ts'

const texts = fc
  .array(fc.constantFrom('a', 'b', 'A', '*', '?', '\\', '$', '{', '}'), { maxLength: 8 })
  .map((all) => all.join(''))

/** The same as a regular expression, character by character. */
function expression(pattern: string, backslash: boolean, ignoreCase: boolean): RegExp {
  const source = pattern.replace(backslash ? /\\([\s\S])|[\s\S]/g : /()[\s\S]/g, (all, escaped?: string) => {
    if (escaped) return `[${escaped.replace(/[\\\]^]/g, '\\$&')}]`
    if (all === '*') return '[^]*'
    return all === '?' ? '[^]' : `[${all.replace(/[\\\]^]/g, '\\$&')}]`
  })
  return new RegExp(`^${source}$`, ignoreCase ? 'i' : '')
}

describe('patterns with wildcards', () => {
  it('match as a regular expression does', () =>
    fc.assert(
      fc.property(texts, texts, fc.boolean(), fc.boolean(), (pattern, text, backslash, ignoreCase) => {
        const expected = expression(pattern, backslash, ignoreCase).test(text)
        assert.equal(wildcardMatcher(pattern, { backslash, ignoreCase })(text), expected)
      }),
      { numRuns: 5_000 },
    ))

  it('match what they are made of', () => {
    assert.ok(wildcardMatcher('Create*')('CreateRole'))
    assert.ok(!wildcardMatcher('Create*')('createrole'))
    assert.ok(wildcardMatcher('create?ole', { ignoreCase: true })('CreateRole'))
    assert.ok(wildcardMatcher('a\\*', { backslash: true })('a*'))
    assert.ok(!wildcardMatcher('a\\*', { backslash: true })('ab'))
    assert.ok(wildcardMatcher('a\\', { backslash: true })('a\\'))
  })
})
