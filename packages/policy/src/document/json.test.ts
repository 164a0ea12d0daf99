import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type JsonNode, type JsonProblem, parseJson } from './json.ts'

function plain(node: JsonNode | JsonProblem): unknown {
  switch (node.type) {
    case 'string':
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(plain)
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plain(value)]))
    case 'problem':
      return undefined
  }
}

describe('parseJson', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        // A parsed __proto__ member is an own member, which fromEntries keeps as well.
        assert.deepEqual(plain(parseJson(text)), JSON.parse(text))
      }),
    )
  })

  test('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0 tfne1.-') }), (text) => {
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        assert.equal(parseJson(text).type !== 'problem', valid, text)
      }),
      { numRuns: 2000 },
    )
  })

  test('says where each value is', () => {
    const text = '{ "a": [1, "b\\n"] }'
    const root = parseJson(text)
    assert.ok(root.type === 'object')
    const list = root.members[0]?.value
    assert.ok(list?.type === 'list')
    assert.deepEqual(
      list.items.map(({ start, end }) => text.slice(start, end)),
      ['1', '"b\\n"'],
    )
  })

  test('keeps members that come twice', () => {
    const root = parseJson('{"a":1,"a":2}')
    assert.ok(root.type === 'object')
    assert.equal(root.members.length, 2)
  })

  test('does not follow a text into any depth', () => {
    assert.equal(parseJson('['.repeat(100_000)).type, 'problem')
    const nested = (depth: number) => parseJson(`${'['.repeat(depth)}${']'.repeat(depth)}`)
    assert.equal(nested(33).type, 'list')
    const problem = nested(34)
    assert.ok(problem.type === 'problem')
    assert.deepEqual([problem.message, problem.start], ['nested too deeply', 33])
    const members = (depth: number) => parseJson(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
    assert.deepEqual([members(32).type, members(33).type], ['object', 'problem'])
    assert.equal(parseJson('[[1]]', 1).type, 'problem')
    assert.equal(parseJson('[[1]]', 2).type, 'list')
  })
})
