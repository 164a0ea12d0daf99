import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ruleOf, sampleText } from './grammar.ts'
import { KeyTable } from './keys.ts'

/** All characters up to U+017F. */
const characters = Array.from({ length: 0x180 }, (_, point) => String.fromCodePoint(point))
const sets: readonly (readonly [set: string, expression: RegExp])[] = [
  ['a-c', /[a-c]/],
  ['a-zA-Z0-9_+=,.@-', /[a-zA-Z0-9_+=,.@-]/],
  ['-a', /[a-]/],
  ['!-#', /[!-#]/],
  ['é', /é/],
  ['a-a', /a/],
  ['a--', /(?!)/],
  ['{}', /[{}]/],
]

describe('grammars', () => {
  for (const [set, expression] of sets) {
    test(`the characters of ${set}`, () => {
      const { inner } = ruleOf({ characters: set })
      const members = characters.filter((character) => expression.test(character))
      assert.deepEqual(characters.filter(inner.has), set === 'a--' ? ['-'].filter(inner.has) : members)
      const excluded = new Set<string>()
      // Each is found once: letters and digits in the order in which they are picked, then the others.
      const found: string[] = []
      for (let next = inner.without(excluded); next !== undefined; next = inner.without(excluded)) {
        assert.ok(inner.has(next) && !excluded.has(next))
        excluded.add(next)
        found.push(next)
      }
      if (set !== 'a--') assert.deepEqual(found.toSorted(), members.toSorted())
    })
  }

  test('without a set every character is possible', () => {
    const { first, inner, last, least, most } = ruleOf({})
    assert.deepEqual([least, most], [1, Number.POSITIVE_INFINITY])
    assert.ok([first, inner, last].every((set) => set.has('a') && set.has('\u{1f600}') && set.has('\n')))
    assert.equal(inner.without(new Set()), 'x')
    const printable = new Set(characters.filter((character) => character >= ' '))
    assert.equal(inner.without(printable), '\u0180')
    assert.equal(inner.without(new Set([...printable].filter((character) => character !== ' '))), ' ')
  })

  test('the ends have sets of their own, or that of the others', () => {
    const { first, inner, last, least, most } = ruleOf({
      characters: 'abc',
      first: 'a',
      last: 'c',
      least: 2,
      most: 5,
    })
    assert.deepEqual(
      [first, inner, last].map((set) => characters.filter(set.has).join('')),
      ['a', 'abc', 'c'],
    )
    assert.deepEqual([least, most], [2, 5])
  })

  test('a sample has the least length', () => {
    assert.equal(sampleText({ values: ['b', 'a'] }), 'b')
    assert.deepEqual([{ values: [] }, { characters: 'b-a' }].map(sampleText), ['', ''])
    assert.equal(sampleText({}), 'x')
    const of = (least: number) => sampleText({ characters: 'b', first: 'a', last: 'c', least })
    assert.deepEqual([0, 1, 2, 3, 5].map(of), ['a', 'a', 'ac', 'abc', 'abbbc'])
  })
})

test('a full name wins over a start, a longer start over a shorter one, and what is known over all', () => {
  const domain = (value: string) => ({ values: [value], mayBeAbsent: true })
  const table = new KeyTable({
    principal: { type: 'anonymous' },
    action: 'a:b',
    resource: '*',
    context: { 'My:Known': 'x', 'my:both': 'x' },
    chosen: {
      'my:*': domain('short'),
      'MY:Long*': domain('long'),
      'my:both': domain('chosen'),
      'my:twice': domain('chosen'),
    },
    open: { 'my:longest*': domain('longest'), 'my:open': domain('open'), 'my:twice': domain('open') },
    absent: ['my:gone', 'my:never*'],
  })
  const said = (key: string) => {
    const cover = table.coverOf(key)
    return cover.type === 'known' ? 'known' : `${cover.type} ${cover.domain.values?.[0]}`
  }
  const keys = [
    'my:known',
    'my:both',
    'my:twice',
    'my:open',
    'my:x',
    'my:longer',
    'my:longest1',
    'my:longesx',
    'my:gone',
    'my:neverx',
    'other:x',
  ]
  assert.deepEqual(keys.map(said), [
    'known',
    'known',
    'chosen chosen',
    'open open',
    'chosen short',
    'chosen long',
    'open longest',
    'chosen long',
    'known',
    'known',
    'open undefined',
  ])
})
