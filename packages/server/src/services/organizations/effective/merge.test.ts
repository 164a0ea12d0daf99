import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { readDocument, type Setting } from './document.ts'
import { contentOf, merge } from './merge.ts'

/** Documents with few keys, so that parents and children overlap. */
const { document } = fc.letrec<{ document: unknown; node: unknown }>((tie) => ({
  document: fc.record({ tags: tie('node') }),
  node: fc.oneof(
    { depthSize: 'small' },
    values(),
    fc.dictionary(fc.constantFrom('a', 'b', 'C'), tie('node'), { maxKeys: 3 }),
  ),
}))

describe('The merger of management policies', () => {
  test('lets nobody below change what is locked everywhere (ORG-93)', () => {
    fc.assert(
      fc.property(document, fc.array(document, { maxLength: 3 }), (parent, below) => {
        const locked = read(lock(parent))
        const children = below.map((each, index) => [{ id: `p-${index}`, document: read(each) }])
        const alone = contentOf(merge([[{ id: 'p-root', document: locked }]]))
        assert.equal(contentOf(merge([[{ id: 'p-root', document: locked }], ...children])), alone)
      }),
    )
  })

  test('adds nothing by saying the same thing twice (ORG-92)', () => {
    fc.assert(
      fc.property(document, (each) => {
        const source = { id: 'p-1', document: read(each) }
        const once = contentOf(merge([[source]]))
        assert.equal(contentOf(merge([[source], [{ ...source, id: 'p-2' }]])), once)
      }),
    )
  })

  test('takes long lists out of long lists at no more than their length (ORG-92)', () => {
    const levelsOf = (length: number) => {
      const policies = (operator: string, level: number) =>
        Array.from({ length: 10 }, (_, index) => {
          const list = Array.from({ length }, (_, i) => `${(level * 10 + index) * length + i}`)
          return { id: `p-${level}-${index}`, document: read({ tags: { [operator]: list } }) }
        })
      return [
        ...Array.from({ length: 6 }, (_, level) => policies('@@append', level)),
        policies('@@remove', 7),
      ]
    }
    const length = 1_400
    const levels = levelsOf(length)
    const { includes } = Array.prototype
    let compared = 0
    Array.prototype.includes = function (...given) {
      compared += this.length
      return includes.apply(this, given)
    }
    try {
      const { value } = merge(levels).children.get('tags') ?? {}
      assert.equal(Array.isArray(value) && value.length, 60 * length)
    } finally {
      Array.prototype.includes = includes
    }
    // value by value it would be some 60 times 1,400 for each of 14,000
    assert.ok(compared < 70 * length)
  })

  test('reads any text without a throw, and keys as plain names (ORG-91)', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readDocument(text)))
    const document = readDocument('{"tags":{"__proto__":{"tag_value":{"@@assign":["x"]}}}}')
    assert.ok(document)
    const text = contentOf(merge([[{ id: 'p-1', document }]]))
    assert.equal(text, '{"tags":{"__proto__":{"tag_value":["x"]}}}')
  })
})

function values() {
  const list = (minLength: number) => fc.array(fc.constantFrom('x', 'y', 'z'), { minLength, maxLength: 3 })
  return fc.record(
    { '@@assign': fc.oneof(list(0), fc.constantFrom('x', 'y')), '@@append': list(1) },
    { requiredKeys: [] },
  )
}

function read(document: unknown): Setting {
  const read = readDocument(JSON.stringify(document))
  assert.ok(read)
  return read
}

function lock(node: unknown): unknown {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return node
  const locked = Object.entries(node).map(([key, value]) => [key, key.startsWith('@@') ? value : lock(value)])
  return { ...Object.fromEntries(locked), '@@operators_allowed_for_child_policies': ['@@none'] }
}
