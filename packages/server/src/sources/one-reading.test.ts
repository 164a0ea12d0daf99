import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type JsonNode, parseJson } from '@omen-iam/policy'
import { readInOneWay, writtenJson } from './one-reading.ts'
import { parseYaml } from './yaml.ts'

/** What is refused, with the offset of the place. */
const twoReadings: Readonly<Record<string, number>> = {
  // values of YAML 1.1 that are texts, or other numbers, in 1.2, and the other way round
  'a: yes': 3,
  'a: On': 3,
  'off: 1': 0,
  'a: [1, no]': 7,
  '{a: NO}': 4,
  'a: 010': 3,
  'a: 0b10': 3,
  'a: 0x1F': 3,
  'a: 0o17': 3,
  'a: 012345678901': 3,
  'a: 1:30': 3,
  'a: 1:30.5': 3,
  'a: -190:20:30': 3,
  'a: 1_000': 3,
  'a: 1_0.5': 3,
  'a: +5': 3,
  'a: .5': 3,
  'a: 5.': 3,
  'a: 1e3': 3,
  'a: 1.5e+3': 3,
  'a: .inf': 3,
  'a: .NaN': 3,
  'a: -0': 3,
  '=: 1': 0,
  // lines that only YAML 1.1 ends
  '# x\u0085a: 1\nb: 2': 3,
  '# x\u2028a: 1\nb: 2': 3,
  '# x\u2029a: 1\nb: 2': 3,
  'b: 2 # x\ra: 1': 8,
  'b: "x\u2028"': 5,
  'a: x\ufeff': 4,
  'a: \u0000': 3,
  // what YAML has and CloudFormation does not
  'a: &x 1\nb: *x': 6,
  'a: {<<: {b: 1}}': 4,
  '<<: [{b: 1}]': 0,
  'a: !!str 5': 9,
  'a: !!timestamp 2012-10-17': 15,
  'a: !!python/name:os.system ""': 27,
  'a: !Reff b': 9,
  '? [a]\n: b': 2,
  '~: 1': 0,
  '%YAML 1.1\n---\na: 1': 0,
  'a: 1\n---\nb: 2': 9,
  'a: 1\n...\n---\nb: 2': 13,
  // the same key twice: written alike, or not
  'a: 1\na: 2': 5,
  'a: 1\n"a": 2': 5,
  '{"a": 1, "a": 2}': 9,
  '{"a": 1, "\\u0061": 2}': 9,
  '1: a\n"1": b': 5,
  '{"a": 1e400}': 6,
  '{"a": 12345678901234567890}': 6,
}

/** What is read, and how it is written. */
const oneReading: Readonly<Record<string, unknown>> = {
  'a: "yes"\nb: \'010\'\nc: |\n  no\n  1:30\n': { a: 'yes', b: '010', c: 'no\n1:30\n' },
  'a: N\nb: y': { a: 'N', b: 'y' },
  'a: 2012-10-17\nb: 10.0.0.0/8\nc: 80:80': { a: '2012-10-17', b: '10.0.0.0/8', c: '80:80' },
  'a: 5\nb: -1\nc: 0.25\nd: 3.10\ne: 123456789012': { a: 5, b: -1, c: 0.25, d: '3.10', e: '123456789012' },
  'a: True\nb: ~\nc:\nd: ""': { a: true, b: null, c: null, d: '' },
  'a: !Ref yes\nb: !GetAtt A.B.C\nc: !Sub 010': {
    a: { Ref: 'yes' },
    b: { 'Fn::GetAtt': ['A', 'B.C'] },
    c: { 'Fn::Sub': '010' },
  },
  '---\r\na: é\r\nb: "\\u2028 😀"': { a: 'é', b: '\u2028 😀' },
  '{"a": "\u2028\u0085\\u0000", "b": 1.50, "c": 1.0, "d": 1e3}': {
    a: '\u2028\u0085\u0000',
    b: 1.5,
    c: 1,
    d: 1000,
  },
}

describe('a template is read in one way, or not at all', () => {
  test('what YAML 1.1, YAML 1.2 or JSON read differently is refused at its place (TPL-10)', () => {
    for (const [text, at] of Object.entries(twoReadings)) {
      const read = readInOneWay(text)
      assert.equal(read.type, 'problem', text)
      assert.equal(read.start, at, text)
    }
  })

  test('everything else is written as JSON, which is YAML as well (TPL-10)', () => {
    for (const [text, value] of Object.entries(oneReading)) {
      const read = readInOneWay(text)
      assert(read.type !== 'problem', `${text}: ${read.type === 'problem' ? read.message : ''}`)
      const written = writtenJson(read)
      assert.deepEqual(JSON.parse(written), value)
      assert.doesNotMatch(written, /[\x7f-\ud7ff\ue000-\uffff]/)
      const again = parseYaml(written)
      assert(!('type' in again))
      assert.deepEqual(again.length, 1)
      assert.equal(parseJson(written).type, 'object')
      const twice = readInOneWay(written)
      assert(twice.type !== 'problem')
      assert.equal(writtenJson(twice), written)
    }
  })

  test('content left of its key is read as YAML 1.1 does, and what is not closed has its place (TPL-157)', () => {
    const left: Readonly<Record<string, object>> = {
      'a:\n    b: [\n  x,\n  y\n]\n    c: d\n': { a: { b: ['x', 'y'], c: 'd' } },
      'a:\n    b: [\nx\n    ]\n    c: d\n': { a: { b: ['x'], c: 'd' } },
      'a:\n    b: {\n  x: z,\n# c\n y: {q: [\nr]}\n}\n    c: d\n': {
        a: { b: { x: 'z', y: { q: ['r'] } }, c: 'd' },
      },
      'a:\n    b: "one\n  two"\n    c: d\n': { a: { b: 'one two', c: 'd' } },
      "a:\n  - !Sub 'x\n y'\n": { a: [{ 'Fn::Sub': 'x y' }] },
      'a:\n  - b: !Join ["", [\n "x"\n ]]\n  - c\n': { a: [{ b: { 'Fn::Join': ['', ['x']] } }, 'c'] },
    }
    for (const [text, value] of Object.entries(left)) {
      const read = readInOneWay(text)
      assert.notEqual(read.type, 'problem', text)
      assert.deepEqual(JSON.parse(writtenJson(read as JsonNode)), value)
    }
    for (const [text, start] of [
      ['a:\n    b: [\n      x\n    c: d\n', 24],
      ['a:\n    b: x\n  y\n    c: d\n', 12],
    ] as const) {
      const read = readInOneWay(text)
      assert.ok(read.type === 'problem', text)
      assert.equal(read.start, start, text)
    }
  })
})
