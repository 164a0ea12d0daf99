import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { HttpRequest } from '../../base/index.ts'
import { longestUnpacked, mayBeCompressed, unpackedBody, withPlainBody } from './body.ts'
import type { IdentifiedCall } from './call.ts'

const request = (body: Uint8Array, encoding?: string) =>
  ({
    body,
    headers: { a: 'b', ...(encoding !== undefined && { 'content-encoding': encoding }) },
  }) as unknown as HttpRequest
const text = Buffer.from('{"a":1}')
const packed = gzipSync(text)

/** The bytes with some at a place replaced. */
function changed(bytes: Uint8Array, at: number, ...values: readonly number[]): Buffer {
  const copy = Buffer.from(bytes)
  copy.set(values, at < 0 ? copy.length + at : at)
  return copy
}

test('a compressed body is unpacked once, and a plain one stays as it is (GRD-43)', () => {
  for (const plain of [request(text), request(text, 'identity'), request(Buffer.alloc(0), 'gzip')])
    assert.equal(withPlainBody(plain), plain)
  const given = request(packed, 'gzip')
  const { body, headers } = withPlainBody(given)
  assert.deepEqual([Buffer.from(body), headers], [text, given.headers])
  assert.equal(withPlainBody(given), withPlainBody(given))
  // a body may be a part of a longer buffer
  const within = Buffer.concat([text, packed, text]).subarray(text.length, text.length + packed.length)
  assert.deepEqual(Buffer.from(withPlainBody(request(within, 'gzip')).body), text)
})

test('a body in which readers could differ is refused', () => {
  const refuses = (body: Uint8Array, message: string, encoding = 'gzip') =>
    assert.throws(() => withPlainBody(request(body, encoding)), { name: 'Unreadable', message })
  refuses(packed, 'The body is encoded as br', 'br')
  refuses(packed, 'The body is encoded as GZIP', 'GZIP')
  const none = 'The body is no gzip'
  for (const at of [0, 1, 2, 3]) refuses(changed(packed, at, 0xff), none)
  for (const at of [-1, -4, -5, -8]) refuses(changed(packed, at, 0xee), none)
  refuses(packed.subarray(0, 17), none)
  refuses(packed.subarray(0, -9), none)
  refuses(Buffer.concat([packed, packed]), none)
  refuses(Buffer.concat([packed, Buffer.alloc(1)]), none)
  const long = `The body is longer than ${longestUnpacked} bytes`
  refuses(gzipSync(Buffer.alloc(longestUnpacked + 1)), long)
  refuses(Buffer.alloc(longestUnpacked + 1), long)
  assert.equal(
    withPlainBody(request(gzipSync(Buffer.alloc(longestUnpacked)), 'gzip')).body.length,
    longestUnpacked,
  )
})

test('content of the caller keeps its encoding', () => {
  const call = (protocol: string, raw?: true) =>
    ({
      protocol,
      packed: { ...(raw && { raw }) },
      request: request(packed, 'gzip'),
    }) as unknown as IdentifiedCall
  assert.deepEqual(
    [call('awsJson1.0'), call('restJson'), call('restXml'), call('restJson', true)].map(mayBeCompressed),
    [true, true, false, false],
  )
  assert.deepEqual(Buffer.from(unpackedBody(call('awsJson1.0'))!), text)
  assert.equal(unpackedBody(call('restXml')), undefined)
  const plain = { ...call('awsJson1.0'), request: request(text) }
  assert.equal(unpackedBody(plain), undefined)
})
