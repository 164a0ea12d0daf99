import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { formatPolicy } from './format.ts'

const formatted = (text: string): string => {
  const result = formatPolicy(text)
  assert.ok(result.ok)
  return result.text
}

describe('formatPolicy', () => {
  test('lays out, and changes nothing else', () => {
    assert.equal(
      formatted(
        '{"Version":"2012-10-17","Statement":{"Action":["a:b"],"Resource":"\\u002a","n":1.50,"o":{},"l":[]}}',
      ),
      `{
  "Version": "2012-10-17",
  "Statement": {
    "Action": [
      "a:b"
    ],
    "Resource": "\\u002a",
    "n": 1.50,
    "o": {},
    "l": []
  }
}
`,
    )
  })

  test('means the same, and is laid out already', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const once = formatted(text)
        assert.deepEqual(JSON.parse(once), JSON.parse(text))
        assert.equal(formatted(once), once)
      }),
      { numRuns: 500 },
    )
  })

  test('says what is no JSON', () => {
    const result = formatPolicy('{"Version": }')
    assert.ok(!result.ok)
    assert.equal(result.problem.start, 12)
  })
})
