import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { Writable } from 'node:stream'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { print, quotedFor, safe, safeTexts, settingLine, shellWord } from './output.ts'

function printed(text: string): string {
  let all = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      all += String(chunk)
      done()
    },
  })
  print(text, stream)
  return all
}

describe('what the CLI writes', () => {
  test('to a terminal has colours and line feeds, and no other control character', () => {
    const kept = '\u001b[31m✗ DENIED\u001b[39m\tx\n'
    assert.equal(printed(kept), kept)
    assert.equal(printed('\u001b[8mhidden'), '\\u001b[8mhidden')
    assert.equal(
      printed('\u001b]0;title\u0007\u009b2J\r\u202e'),
      '\\u001b]0;title\\u0007\\u009b2J\\u000d\\u202e',
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(printed(text), /[\0-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u2028-\u202e]/)
        assert.doesNotMatch(safe(text), /[\0-\x1f\x7f-\x9f\u2028-\u202e]/)
      }),
    )
  })

  test('holds no command for a runner of CI, unless it is the report that is made of them', () => {
    for (const [given, expected] of [
      ['::error title=x::y\n', '\\u003a:error title=x::y\n'],
      ['a::b\n \t\u00a0::stop-commands::x\n', 'a::b\n \t\u00a0\\u003a:stop-commands::x\n'],
      ['a ##[add-mask]b ##VSO[task.setvariable]', 'a \\u0023#[add-mask]b \\u0023#VSO[task.setvariable]'],
      ['## Heading\n', '## Heading\n'],
      ['\u061carabic', '\\u061carabic'],
    ] as const)
      assert.equal(printed(given), expected)
    const value = ['##[error]', '::error::', '\n::error::']
    assert.deepEqual(JSON.parse(printed(JSON.stringify(value, null, 2))), value)
  })

  test('as JSON still reads back as it was', () => {
    const value = { 'a\u009b': 'b\u001b[2J\u202e\n' }
    assert.deepEqual(JSON.parse(printed(`${JSON.stringify(value, null, 2)}\n`)), value)
  })

  test('of a value from elsewhere is one line, keys included', () => {
    assert.deepEqual(safeTexts({ 'a\nb': ['c\r', 1, null] }), { 'a\\nb': ['c\\r', 1, null] })
  })

  test('to a shell is one word, whatever the value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (value) => {
        const script = `printf %s ${quotedFor('sh', value)}`
        assert.equal(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }), value)
      }),
      { numRuns: 20 },
    )
    assert.equal(quotedFor('fish', "a'\\b"), "'a\\'\\\\b'")
    assert.equal(quotedFor('powershell', "a'b\u2019"), "'a''b\u2019\u2019'")
    assert.throws(() => quotedFor('sh', 'a\nb'), /cannot be a line/)
    assert.equal(shellWord('IQoJ+/=='), 'IQoJ+/==')
    for (const word of ['$(id)', 'a b', '`id`', 'a;b', 'a\nb', '~']) assert.throws(() => shellWord(word))
  })

  test('to an AWS file is one setting', () => {
    assert.equal(settingLine('role_arn', 'arn:aws:iam::1:role/a'), 'role_arn = arn:aws:iam::1:role/a')
    assert.throws(() => settingLine('a b', 'c'), /cannot be/)
  })
})
