import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHead } from './part-head.ts'

const disposition = (rest: string) => `Content-Disposition: form-data; ${rest}`

/** By the headers of a part: its name, file name and type, or undefined. */
const heads: readonly (readonly [text: string, expected: string | undefined])[] = [
  [disposition('name="key"'), 'key||'],
  [disposition('name=key'), 'key||'],
  ['content-disposition:FORM-DATA; NAME="key"', 'key||'],
  [`${disposition('name="file"; filename="a b"')}\r\nContent-Type: text/plain`, 'file|a b|text/plain'],
  [disposition('name="file"; filename=a.txt'), 'file|a.txt|'],
  [disposition('name="file"; filename="a"; filename*=utf-8\'\'a'), 'file|a|'],
  [disposition('name="file"; filename*=UTF-8\'\'%C3%A4'), 'file|ä|'],
  [disposition('name="file"; filename=""; filename*=utf-8\'\'a'), 'file|differs|'],
  [disposition('name="file"; filename="a"; filename*=utf-8\'\'b'), 'file|differs|'],
  [disposition('name="file"; filename*=utf-8\'\'%zz'), undefined],
  [disposition('name="file"; filename*=utf-8\'\'%22'), undefined],
  [disposition('name="file"; filename*=utf-8\'\'%0a'), undefined],
  [`${disposition('name="key"')}\r\nContent-Length: 5`, 'key||'],
  [`${disposition('name="key"')}\r\nContent-Length: 6`, undefined],
  [`${disposition('name="key"')}\r\nContent-Transfer-Encoding: 8BIT`, 'key||'],
  [`${disposition('name="key"')}\r\nContent-Transfer-Encoding: base64`, undefined],
  [`${disposition('name="key"')}\r\nX-Other: 1`, undefined],
  [`${disposition('name="key"')}\r\n${disposition('name="acl"')}`, undefined],
  [`${disposition('name="key"')}\r\n folded`, undefined],
  [disposition('name="a"; name="b"'), undefined],
  [disposition('name="a\\"b"'), undefined],
  [disposition('name=""'), undefined],
  [disposition('name=" key"'), undefined],
  [disposition('name="key'), undefined],
  [disposition(`name="${'x'.repeat(200)}"`), `${'x'.repeat(200)}||`],
  [disposition(`name="${'x'.repeat(201)}"`), undefined],
  [disposition(`name=${'x'.repeat(201)}`), undefined],
  [disposition('name="key"; size=5'), undefined],
  ['Content-Disposition: attachment; name="key"', undefined],
  ['Content-Disposition: xform-data; name="key"', undefined],
  ['Content-Type: text/plain', undefined],
  ['', undefined],
]

for (const [text, expected] of heads)
  test(`${JSON.stringify(text).slice(0, 100)} is ${expected?.slice(0, 20)} (GRD-32)`, () => {
    const head = readHead(text, 5)
    const shown = head && `${head.name}|${head.filename ?? 'differs'}|${head.type ?? ''}`
    assert.equal(shown, expected)
  })
