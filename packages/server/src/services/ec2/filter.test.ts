import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { filteredBy } from './filter.ts'

describe('A filter value', () => {
  it('matches as the equivalent regular expression (EC2-61)', () => {
    const piece = fc.constantFrom('*', '?', '\\*', '\\?', 'a', 'b', '.')
    const pattern = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
    const text = fc
      .array(fc.constantFrom('a', 'b', '.', '*', '?'), { maxLength: 10 })
      .map((all) => all.join(''))
    const property = fc.property(pattern, text, (p, t) => {
      assert.equal(passes(p, t), twin(p).test(t), `${p} on ${t}`)
    })
    fc.assert(property, { numRuns: 2_000 })
  })

  it('with many stars is answered at once', () => {
    assert.equal(passes(`${'*a'.repeat(100)}b`, 'a'.repeat(10_000)), false)
  })
})

function passes(value: string, text: string): boolean {
  const fields = { text: (record: { readonly text: string }) => record.text }
  return filteredBy([{ text }], [{ Name: 'text', Values: [value] }], fields).length === 1
}

/** The same pattern, implemented in another way. */
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
