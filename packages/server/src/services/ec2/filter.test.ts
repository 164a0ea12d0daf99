import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { matcher } from './filter.ts'

describe('A filter value', () => {
  it('matches as the regular expression that it stands for (EC2-61)', () => {
    const piece = fc.constantFrom('*', '?', '\\*', '\\?', 'a', 'b', '.')
    const pattern = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
    const text = fc
      .array(fc.constantFrom('a', 'b', '.', '*', '?'), { maxLength: 10 })
      .map((all) => all.join(''))
    const property = fc.property(pattern, text, (p, t) => {
      assert.equal(matcher(p)(t), twin(p).test(t), `${p} on ${t}`)
    })
    fc.assert(property, { numRuns: 2_000 })
  })

  it('with many stars is answered at once', () => {
    assert.equal(matcher(`${'*a'.repeat(200)}b`)('a'.repeat(10_000)), false)
  })
})

/** The same pattern by other means. */
function twin(pattern: string): RegExp {
  const source = pattern.replace(
    /\\(.)|([*?])|(.)/g,
    (_, escaped?: string, wild?: string, plain?: string) => {
      if (wild !== undefined) return wild === '*' ? '.*' : '.'
      return `\\${escaped ?? plain}`.replace(/\\([a-z])/, '$1')
    },
  )
  return new RegExp(`^${source}$`, 's')
}
