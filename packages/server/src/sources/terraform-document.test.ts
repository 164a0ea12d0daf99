import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataDocument, itemsOf, knownItems, member, parseSource, textOf } from './index.ts'

function treeOf(value: unknown) {
  const root = parseSource(JSON.stringify(value), 'plan.json')
  assert.ok(root.type !== 'problem')
  return root
}

test('TPL-190 an item that is not known has an empty place, or none', () => {
  for (const [given, marks, known, missing] of [
    [[], [true], [], 1],
    [['a'], [true, false], ['a'], 1],
    [['a'], [true, false, true], ['a'], 2],
    [[null, 'a'], [true, false], ['a'], 1],
    [['a'], [false], ['a'], 0],
    [['a'], undefined, ['a'], 0],
  ] as const) {
    const list = treeOf({ given, marks: marks ?? {} })
    const found = knownItems(member(list, 'given'), member(list, 'marks'))
    assert.deepEqual([found.known.map(textOf), found.missing], [known, missing], JSON.stringify(marks))
    const statement = (resources: unknown) => treeOf({ statement: [{ actions: ['s3:*'], resources }] })
    const { document, unknownTexts } = dataDocument(statement(given), statement(marks))
    const [made] = itemsOf(member(document, 'Statement'))
    const resource = member(made, 'Resource')
    // all that is not known is one text
    assert.equal(itemsOf(resource).length, known.length + Math.min(missing, 1))
    assert.equal(unknownTexts.size, Math.min(missing, 1))
  }
})
