import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { columnsOf, cut, padded, wrapped } from './width.ts'

describe('widths', () => {
  test('a Japanese character fills two columns, a combining one none', () => {
    assert.equal(columnsOf('omen'), 4)
    assert.equal(columnsOf('お面'), 4)
    assert.equal(columnsOf('「役」a'), 7)
    assert.equal(columnsOf('e\u0301'), 1)
    assert.equal(padded('お面', 6), 'お面  ')
  })

  test('lines end at blanks; a longer word has a line of its own', () => {
    assert.deepEqual(wrapped('one two three', 7), ['one two', 'three'])
    assert.deepEqual(wrapped('a verylongword b', 4), ['a', 'verylongword', 'b'])
    assert.deepEqual(wrapped('', 4), [''])
  })

  test('Japanese breaks between characters; no line begins with a closing mark or ends with an opening one', () => {
    const text = 'お面を被るあいだ、自分の力は手放す。「はい」は role/web だけ。'
    for (let width = 8; width < 40; width++) {
      const lines = wrapped(text, width)
      assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
      for (const line of lines) {
        assert.ok(columnsOf(line) <= width + 2, line)
        assert.doesNotMatch(line, /^[、。」]/)
        assert.doesNotMatch(line, /「$/)
      }
    }
  })

  test('what is too long is cut with a mark', () => {
    assert.equal(cut('omens', 5), 'omens')
    assert.equal(cut('omens', 4), 'ome…')
    assert.equal(columnsOf(cut('お面を被る', 5)), 5)
  })
})
