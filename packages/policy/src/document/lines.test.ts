import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lines } from './lines.ts'

test('every offset of a text has the line and the column that counting gives', () => {
  for (const text of ['', 'a', '\n', 'ab\ncd', '\n\n\n', 'a\n\nb\r\n\nccc\n', 'x'.repeat(40)]) {
    const lines = new Lines(text)
    for (let offset = 0; offset <= text.length; offset++) {
      const before = text.slice(0, offset).split('\n')
      const expected = { offset, line: before.length, column: before.at(-1)!.length + 1 }
      assert.deepEqual(lines.position(offset), expected, JSON.stringify([text, offset]))
    }
  }
})

test('a span and a value are written as JSON with their positions', () => {
  const lines = new Lines('a\nbc')
  const start = { offset: 2, line: 2, column: 1 }
  const end = { offset: 4, line: 2, column: 3 }
  assert.deepEqual(JSON.parse(JSON.stringify(lines.span(2, 4))), { start, end })
  assert.deepEqual(JSON.parse(JSON.stringify(lines.located('v', 2, 4))), { value: 'v', span: { start, end } })
})
