import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  github,
  junit,
  type Place,
  type Result,
  sarif,
  type TestOutcome,
  tap,
} from '../../packages/server/src/report/index.ts'
import { junitProblems, sarifProblems } from './schema.ts'

const place: Place = { file: '/repo/a b/p.json', startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 }
const elsewhere: Place = { file: '/other/q.json', startLine: 1, startColumn: 1, endLine: 2, endColumn: 1 }
const results: readonly Result[] = [
  {
    rule: 'b-rule',
    level: 'error',
    message: 'line one\nline two: 100%, done',
    place,
    related: [{ place: elsewhere, message: 'the statement' }],
    fingerprint: 'b-rule a b/p.json',
    properties: { class: 'error' },
  },
  { rule: 'a-rule', level: 'note', message: 'no file\x1b[31m', suppressed: 'known' },
  { rule: 'b-rule', level: 'warning', message: 'elsewhere', place: elsewhere },
]
const tests: readonly TestOutcome[] = [
  { name: 'one', suite: 'cases/a.json', status: 'passed' },
  {
    name: 'two <&> "x" # 3',
    suite: 'cases/a.json',
    status: 'failed',
    message: 'expected allowed,\ngot implicitDeny',
    details: ['a < b', '\x1b[31mred\ud800'],
    place,
  },
  { name: 'three', suite: 'cases/b.json', status: 'error', message: 'not readable' },
]

describe('sarif', () => {
  const text = sarif({ name: 'omen test', version: '1.2.3', rules: { 'a-rule': 'A.' } }, results, '/repo')

  test('satisfies the SARIF 2.1.0 schema, with and without results', () => {
    assert.deepEqual(sarifProblems(text), [])
    assert.deepEqual(sarifProblems(sarif({ name: 'x', version: '1.0.0' }, [], '/repo')), [])
    // the schema is really asked
    assert.notDeepEqual(sarifProblems(text.replace('"startLine": 3', '"startLine": 0')), [])
  })

  test('places are relative to the root and encoded; what is outside keeps its whole path', () => {
    assert.match(text, /"uri": "a%20b\/p\.json"/)
    assert.match(text, /"uri": "file:\/\/\/other\/q\.json"/)
  })

  test('each rule is listed once, and each result names its index', () => {
    const run = JSON.parse(text).runs[0]
    assert.deepEqual(run.tool.driver.rules, [
      { id: 'a-rule', shortDescription: { text: 'A.' } },
      { id: 'b-rule' },
    ])
    assert.deepEqual(
      run.results.map((each: { ruleIndex: number }) => each.ruleIndex),
      [1, 0, 1],
    )
    assert.deepEqual(run.results[1].suppressions, [{ kind: 'external', justification: 'known' }])
  })
})

describe('github', () => {
  test('one escaped line a result; columns only within one line; suppressed results are left out', () => {
    assert.deepEqual(github(results).split('\n'), [
      '::error file=/repo/a b/p.json,line=3,endLine=3,col=5,endColumn=9,title=b-rule::line one%0Aline two: 100%25, done',
      '::warning file=/other/q.json,line=1,endLine=2,title=b-rule::elsewhere',
      '',
    ])
    const [first] = results
    const hostile = { ...first!, rule: 'x,file=/etc:y', message: 'a\r\n::error::b\x1b[2J' }
    const line = github([hostile])
    assert.equal(line.split('\n').length, 2)
    assert.match(line, /title=x%2Cfile=\/etc%3Ay::a%0D%0A::error::b\ufffd\[2J/)
  })
})

describe('junit', () => {
  test("satisfies Jenkins's schema", async () => {
    assert.deepEqual(await junitProblems(junit(tests)), [])
    assert.deepEqual(await junitProblems(junit([])), [])
    assert.notDeepEqual(await junitProblems(junit(tests).replace(' name="one"', '')), [])
  })

  test('a suite for each file, with counts; texts are escaped', () => {
    const text = junit(tests)
    assert.match(text, /<testsuites tests="3" failures="1" errors="1">/)
    assert.match(text, /<testsuite name="cases\/a\.json" tests="2" failures="1" errors="0">/)
    assert.match(text, /name="two &lt;&amp;&gt; &quot;x&quot; # 3"/)
    assert.match(text, /message="expected allowed,&#10;got implicitDeny">a &lt; b\n\ufffd\[31mred\ufffd</)
  })
})

describe('tap', () => {
  test('version 14, with a plan and a YAML block for what failed', () => {
    const lines = tap(tests).split('\n')
    assert.deepEqual(lines.slice(0, 5), [
      'TAP version 14',
      '1..3',
      'ok 1 - cases/a.json: one',
      'not ok 2 - cases/a.json: two <&> "x" \\# 3',
      '  ---',
    ])
    assert.ok(lines.includes('  message: "expected allowed,\\ngot implicitDeny"'))
    assert.ok(lines.includes('  at: {file: "/repo/a b/p.json", line: 3, column: 5}'))
    assert.ok(lines.includes('    - "\\u001b[31mred\\ud800"'))
  })
})
