import assert from 'node:assert/strict'
import { createHmac, hash } from 'node:crypto'
import { describe, test } from 'node:test'
import { Fault, type RequestHead, Secret } from '../base/index.ts'
import { type PayloadProof, SigningKeys } from '../wire/sigv4/index.ts'
import { payloadOf } from './payload.ts'

const chunk = 64 * 1024
const secret = 'wJalrXUtnFEMI'
const scope = {
  date: '20260102T030405Z',
  scopeDate: '20260102',
  region: 'us-east-1',
  service: 's3',
  terminator: 'aws4_request',
}
const scopeText = '20260102/us-east-1/s3/aws4_request'

const head = (headers: Readonly<Record<string, string>>) => ({ headers }) as unknown as RequestHead

function proof(contentHash: string | undefined): PayloadProof {
  // a test: of a claim, chunks need no more than this
  return {
    claim: { ...scope, signature: 'f'.repeat(64), contentHash },
    key: new SigningKeys(1).find(scope as unknown as PayloadProof['claim'], new Secret(secret)),
  } as unknown as PayloadProof
}

const trailing = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
const signed = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'

/** The forwarded part of a body in unsigned chunks, and the headers that go with it. */
function forwarded(
  sizes: readonly number[],
  trailers: readonly string[],
  headers: Readonly<Record<string, string>> = {},
) {
  const length = sizes.reduce((sum, size) => sum + size, 0)
  const payload = payloadOf(
    head({ 'x-amz-decoded-content-length': String(length), ...headers }),
    proof(trailing),
  )
  const body = [
    ...sizes.map((size) => `${size.toString(16)}\r\n${'a'.repeat(size)}\r\n`),
    '0\r\n',
    ...trailers.map((each) => `${each}\r\n`),
    '\r\n',
  ]
  const pieces = body.flatMap((piece) => payload.push(Buffer.from(piece)))
  return {
    text: Buffer.concat([...pieces, ...payload.end()]).toString('latin1'),
    headers: payload.headers,
    hash: payload.hash,
  }
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const key = scopeText.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`)

/** A body in chunks that are signed, as AWS documents it. */
function signedBody(chunks: readonly string[]): readonly string[] {
  let previous = 'f'.repeat(64)
  return [...chunks, ''].map((data) => {
    const text = [
      'AWS4-HMAC-SHA256-PAYLOAD',
      scope.date,
      scopeText,
      previous,
      hash('sha256', ''),
      hash('sha256', data),
    ]
    previous = hmac(key, text.join('\n')).toString('hex')
    return `${data.length.toString(16)};chunk-signature=${previous}\r\n${data}${data === '' ? '' : '\r\n'}`
  })
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
  return 'none'
}

describe('GRD-64 a body in unsigned chunks with a checksum behind them', () => {
  const crc = 'x-amz-checksum-crc32'

  for (const sizes of [[], [1], [chunk], [chunk - 1, 2], [chunk, 1], [chunk, chunk], [10, chunk, 20]])
    test(`${sizes.join(' and ')} bytes go on in chunks of 64 KiB, of the length that was announced`, () => {
      const length = sizes.reduce((sum, size) => sum + size, 0)
      const { text, headers, hash: said } = forwarded(sizes, [`${crc}:AAAAAA==`], { 'x-amz-trailer': crc })
      const whole = '10000\r\n'.concat('a'.repeat(chunk), '\r\n').repeat(Math.floor(length / chunk))
      const rest = length % chunk
      const last = rest === 0 ? '' : `${rest.toString(16)}\r\n${'a'.repeat(rest)}\r\n`
      assert.ok(text === `${whole}${last}0\r\n${crc}:AAAAAA==\r\n\r\n`)
      assert.equal(headers['content-length'], String(text.length))
      assert.equal(said, trailing)
    })

  test('without trailers it ends as a chunked body does', () => {
    const { text, headers } = forwarded([3], [])
    assert.equal(text, '3\r\naaa\r\n0\r\n\r\n')
    assert.equal(headers['content-length'], String(text.length))
  })

  test('the length of an unknown trailer is not announced, and other encodings stay', () => {
    const { headers } = forwarded([1], ['x-own:b'], {
      'x-amz-trailer': ' X-Own ',
      'content-encoding': 'aws-chunked, gzip,br',
    })
    assert.deepEqual(headers, { 'content-encoding': 'aws-chunked,gzip,br', 'content-length': undefined })
    assert.equal(forwarded([1], []).headers['content-encoding'], 'aws-chunked')
  })

  for (const [title, sizes, trailers, said] of [
    ['a trailer that was not announced', [1], [`${crc}:AAAAAA==`], {}],
    ['a trailer that is missing', [1], [], { 'x-amz-trailer': crc }],
    ['another trailer than announced', [1], ['x-amz-checksum-sha1:AAAAAA=='], { 'x-amz-trailer': crc }],
    ['a checksum of another length', [1], [`${crc}:AAAAAAA=`.slice(0, -1)], { 'x-amz-trailer': crc }],
  ] as const)
    test(`${title} is refused`, () => {
      assert.equal(
        codeOf(() => forwarded(sizes, trailers, said)),
        'MalformedTrailerError',
      )
    })

  test('a body that is longer or shorter than announced is refused', () => {
    for (const length of ['2', '4'])
      assert.equal(
        codeOf(() => forwarded([3], [], { 'x-amz-decoded-content-length': length })),
        'IncompleteBody',
      )
  })

  for (const length of ['', '-1', '1.0', ' 1', '1 ', '1'.repeat(16)])
    test(`a length of ${JSON.stringify(length)} is refused`, () => {
      assert.equal(
        codeOf(() => forwarded([1], [], { 'x-amz-decoded-content-length': length })),
        'MissingContentLength',
      )
    })
})

describe('GRD-64 a body in signed chunks', () => {
  const open = (headers: Readonly<Record<string, string>> = {}) =>
    payloadOf(head({ 'x-amz-decoded-content-length': '5', ...headers }), proof(signed))

  test('goes on without its frames, its last piece only at the end', () => {
    const payload = open()
    const [first, second, last] = signedBody(['abc', 'de'])
    const texts = (pieces: readonly Uint8Array[]) => pieces.map((each) => Buffer.from(each).toString())
    assert.deepEqual(texts(payload.push(Buffer.from(first!))), [])
    assert.deepEqual(texts(payload.push(Buffer.from(second!))), ['abc'])
    assert.deepEqual(texts(payload.push(Buffer.from(`${last}\r\n`))), [])
    assert.deepEqual(texts(payload.end()), ['de'])
  })

  test('has the headers of a plain body', () => {
    assert.deepEqual(open().headers, {
      'content-encoding': undefined,
      'content-length': '5',
      'x-amz-decoded-content-length': undefined,
    })
    assert.equal(open().hash, 'UNSIGNED-PAYLOAD')
    assert.equal(open({ 'content-encoding': 'gzip,AWS-Chunked' }).headers['content-encoding'], 'gzip')
  })

  test('shows the bytes that wait for their signature', () => {
    const payload = open()
    payload.push(Buffer.from(signedBody(['abc', 'de'])[0]!.slice(0, -4)))
    assert.equal(payload.waiting, 1)
  })

  test('with another signature is refused, and nothing of the chunk goes on', () => {
    const [first] = signedBody(['abc'])
    assert.equal(
      codeOf(() => open().push(Buffer.from(first!.replace('abc', 'abd')))),
      'SignatureDoesNotMatch',
    )
  })
})

describe('GRD-64 a body of a known hash', () => {
  const open = (said: string) => payloadOf(head({}), proof(said))

  test('is held by one piece until the hash is seen to be right', () => {
    const payload = open(hash('sha256', 'abcd'))
    assert.deepEqual(payload.push(Buffer.from('ab')), [])
    assert.deepEqual(payload.push(Buffer.from('cd')), [Buffer.from('ab')])
    assert.deepEqual(payload.end(), [Buffer.from('cd')])
    assert.deepEqual(open(hash('sha256', '')).end(), [])
  })

  test('that is another is refused at its end', () => {
    const payload = open(hash('sha256', 'abcd'))
    payload.push(Buffer.from('abce'))
    assert.equal(
      codeOf(() => payload.end()),
      'XAmzContentSHA256Mismatch',
    )
  })

  test('without one, or unsigned, it passes as it is', () => {
    for (const payload of [
      open('UNSIGNED-PAYLOAD'),
      payloadOf(head({}), proof(undefined)),
      payloadOf(head({}), undefined),
    ]) {
      assert.deepEqual([payload.hash, payload.headers], ['UNSIGNED-PAYLOAD', {}])
      assert.deepEqual(payload.push(Buffer.from('a')), [Buffer.from('a')])
      assert.deepEqual(payload.end(), [])
    }
    assert.equal(payloadOf(head({ 'x-amz-content-sha256': 'said' }), undefined).hash, 'said')
  })

  test('in an unknown form is refused', () => {
    for (const form of ['STREAMING-OTHER', `x${'a'.repeat(64)}`, `${'a'.repeat(64)}x`, 'A'.repeat(64)])
      assert.equal(
        codeOf(() => open(form)),
        'InvalidRequest',
        form,
      )
  })
})
