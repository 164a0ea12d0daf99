import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOfFile, unreadableForm } from './text-file.ts'

test('TPL-37 a file is read in UTF-8 and in both orders of UTF-16, without its mark', () => {
  const text = '{"a": "ü"}'
  const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
  const big = Buffer.from(little).swap16()
  for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), little, big])
    assert.equal(textOfFile(bytes), text)
})

test('TPL-37 what setup-terraform prints around a plan is no part of it, and lines keep their numbers', () => {
  const bytes = Buffer.from(
    '[command]/opt/terraform-bin show -json p\n{"a": 1}\n::debug::exit 0\n::debug::end\n',
  )
  assert.deepEqual(textOfFile(bytes).trimEnd().split('\n'), ['', '{"a": 1}'])
  assert.match(unreadableForm(Buffer.from('PK\u0003\u0004')) ?? '', /terraform show -json/)
  assert.match(unreadableForm(Buffer.from('{"@level":"info"}\n')) ?? '', /the log of terraform plan -json/)
  assert.equal(unreadableForm(Buffer.from('{}')), undefined)
})
