import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Secret } from '../../packages/server/src/base/index.ts'
import {
  ChunkedPayload,
  type ChunkProblem,
  type Claim,
  chunkForm,
  SigningKeys,
} from '../../packages/server/src/wire/sigv4/index.ts'

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const signed = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'

describe('aws-chunked bodies (SIG-30)', () => {
  it('are read as in the published example', () => {
    const body = [
      '10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      'a'.repeat(65536),
      '400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'a'.repeat(1024),
      '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
    ].join('\r\n')
    const claim = claimWith(signed, '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9')
    const { payload, problem } = read(claim, Buffer.from(body))
    assert.equal(problem, undefined)
    assert.equal(payload.toString(), 'a'.repeat(66560))
  })

  it('end with signed trailers as in the published example', () => {
    const body = [
      '10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      'a'.repeat(65536),
      '400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      'a'.repeat(1024),
      '0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
      'x-amz-checksum-crc32c:sOO8/Q==',
      'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
    ].join('\r\n')
    const claim = claimWith(
      `${signed}-TRAILER`,
      '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    )
    const { payload, problem, trailers } = read(claim, Buffer.from(body))
    assert.equal(problem, undefined)
    assert.equal(payload.length, 66560)
    assert.deepEqual([...trailers], [['x-amz-checksum-crc32c', 'sOO8/Q==']])
  })

  it('may carry no signatures, but trailers', () => {
    const claim = claimWith('STREAMING-UNSIGNED-PAYLOAD-TRAILER', '')
    const { payload, problem, trailers } = read(
      claim,
      Buffer.from('5\r\nhello\r\n0\r\nX-Amz-Checksum-Crc32: NhCmhg==\r\n\r\n'),
    )
    assert.equal(problem, undefined)
    assert.equal(payload.toString(), 'hello')
    assert.deepEqual([...trailers], [['x-amz-checksum-crc32', 'NhCmhg==']])
  })

  it('mean the same however they are cut, and nothing when a byte is changed', () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 4 })
    const property = fc.property(
      chunks,
      fc.boolean(),
      fc.integer({ min: 1, max: 50 }),
      (parts, trailer, cut) => {
        const { claim, body } = encode(parts, trailer)
        const whole = read(claim, body, cut)
        assert.equal(whole.problem, undefined)
        assert.deepEqual(whole.payload, Buffer.concat(parts))
        for (let i = 0; i < body.length; i++) {
          const changed = Buffer.from(body)
          changed[i]! ^= 1
          const other = read(claim, changed, cut)
          if (other.problem === undefined)
            assert.fail(`byte ${i} of ${JSON.stringify(body.toString('latin1'))}`)
          assert.ok(Buffer.concat(parts).subarray(0, other.payload.length).equals(other.payload))
        }
        for (let length = 0; length < body.length; length++) {
          assert.notEqual(read(claim, body.subarray(0, length), cut).problem, undefined)
        }
      },
    )
    fc.assert(property, { numRuns: 40 })
  })

  it('have limits', () => {
    const claim = claimWith(signed, '0'.repeat(64))
    const problem = (body: string) => read(claim, Buffer.from(body)).problem?.kind
    assert.equal(problem(`ffffffff;chunk-signature=${'0'.repeat(64)}\r\n`), 'tooLarge')
    assert.equal(problem('a'.repeat(5000)), 'malformed')
    assert.equal(problem(`5;chunk-signature=${'0'.repeat(64)}\r\nhello\r\n`), 'mismatch')
    const open = claimWith('STREAMING-UNSIGNED-PAYLOAD-TRAILER', '')
    assert.equal(read(open, Buffer.from(`0\r\n${'a:b\r\n'.repeat(10_000)}`)).problem?.kind, 'malformed')
    assert.equal(chunkForm(claimWith('UNSIGNED-PAYLOAD', '')), undefined)
    assert.equal(problem(`1000001;chunk-signature=${'0'.repeat(64)}\r\n`), 'tooLarge')
    assert.equal(problem(`1000000;chunk-signature=${'0'.repeat(64)}\r\n`), 'malformed') // it ends too early
    assert.equal(problem(`000000001;chunk-signature=${'0'.repeat(64)}\r\n`), 'malformed')
    const line = (length: number) =>
      read(open, Buffer.from(`1\r\na\r\n0\r\na:${'b'.repeat(length - 2)}\r\n\r\n`), 5000)
    assert.equal(line(4095).problem, undefined)
    assert.equal(line(4096).problem?.kind, 'malformed') // with its carriage return
    const long = `a:${'b'.repeat(2046)}\r\n`
    assert.equal(read(open, Buffer.from(`0\r\n${long.repeat(8)}\r\n`), 500).problem, undefined)
    assert.equal(read(open, Buffer.from(`0\r\n${long.repeat(8)}c:\r\n\r\n`), 500).problem?.kind, 'malformed')
  })

  it('say what is malformed', () => {
    const open = claimWith('STREAMING-UNSIGNED-PAYLOAD-TRAILER', '')
    const messageOf = (body: string, claim = open) => {
      const { problem } = read(claim, Buffer.from(body), 7)
      return problem !== undefined && 'message' in problem ? problem.message : problem?.kind
    }
    const malformed = (what: string) => `The chunked body is malformed: ${what}.`
    const begins = malformed('a chunk begins with its size and signature')
    for (const body of ['x\r\n', '5x\r\n', 'x5\r\n', '-5\r\n', ' 5\r\n', '5;chunk-signature=0\r\n', '\r\n'])
      assert.equal(messageOf(body), begins, body)
    const strict = claimWith(signed, '0'.repeat(64))
    for (const body of [
      '5\r\n',
      `5;chunk-signature=${'0'.repeat(63)}\r\n`,
      `5;chunk-signature=${'0'.repeat(65)}\r\n`,
      `x5;chunk-signature=${'0'.repeat(64)}\r\n`,
    ])
      assert.equal(messageOf(body, strict), begins, body)
    assert.equal(messageOf('2\r\nabc\r\n'), malformed('a chunk is longer than it says'))
    assert.equal(messageOf('0\r\na:b\r\n\r\nmore'), malformed('there is more after the last chunk'))
    assert.equal(messageOf('0\r\n:b\r\n\r\n'), malformed('a trailer is a name and a value'))
    assert.equal(messageOf('0\r\nnothing\r\n\r\n'), malformed('a trailer is a name and a value'))
    assert.equal(messageOf('0\r\n  \t:b\r\n\r\n'), malformed('a trailer is a name and a value'))
    for (const body of ['', '1\r\na', '1\r\na\r\n', '0\r\n', '0\r\na:b', '0\r\na:b\r\n'])
      assert.equal(messageOf(body), malformed('the body ends too early'), body)
    assert.equal(messageOf('a'.repeat(5000)), malformed('a line is too long'))
    const { claim, body } = encode([Buffer.from('x')], false)
    assert.equal(
      messageOf(`${body.toString('latin1')}x`, claim),
      malformed('there is more after the last chunk'),
    )
    const ends = Buffer.concat([body.subarray(0, -2), Buffer.from('x\r\n')])
    assert.equal(messageOf(ends.toString('latin1'), claim), malformed('there is more after the last chunk'))
  })

  it('are final in their problem, and take lines without a carriage return', () => {
    const open = claimWith('STREAMING-UNSIGNED-PAYLOAD-TRAILER', '')
    assert.equal(read(open, Buffer.from('2\nab\n0\na : \tb\t \n\n')).payload.toString(), 'ab')
    assert.deepEqual([...read(open, Buffer.from('0\nA : \tb c\t \n\n')).trailers], [['a', 'b c']])
    const form = chunkForm(open)
    assert.ok(form)
    const reader = new ChunkedPayload(open, form, new SigningKeys().find(open, new Secret(secretAccessKey)))
    const problem = reader.push(Buffer.from('x\r\n'))
    assert.ok('kind' in problem)
    assert.equal(reader.push(Buffer.from('0\r\n\r\n')), problem)
    assert.equal(reader.end(), problem)
  })

  it('hand on an unsigned chunk as it comes, however long, and hold a signed one back (GRD-622)', () => {
    const reading = (claim: Claim) => {
      const form = chunkForm(claim)
      assert.ok(form)
      return new ChunkedPayload(claim, form, new SigningKeys().find(claim, new Secret(secretAccessKey)))
    }
    const open = reading(claimWith('STREAMING-UNSIGNED-PAYLOAD-TRAILER', ''))
    assert.deepEqual(open.push(Buffer.from('1fffffffff\r\nabc')), [Buffer.from('abc')])
    assert.equal(open.waiting, 0)
    const { claim, body } = encode([Buffer.from('abc')], false)
    const closed = reading(claim)
    const end = body.indexOf('abc') + 3
    assert.deepEqual([closed.push(body.subarray(0, end)), closed.waiting], [[], 3])
    assert.deepEqual([closed.push(body.subarray(end)), closed.waiting], [[Buffer.from('abc')], 0])
  })

  it('let a signed trailer have blank lines, and no other line after its signature', () => {
    const { claim, body } = encode([Buffer.from('x')], true)
    const text = body.toString('latin1')
    const blank = text.replace('x-amz-trailer-signature', '\r\nX-Amz-Trailer-Signature')
    assert.equal(read(claim, Buffer.from(blank)).problem, undefined)
    assert.equal(read(claim, Buffer.from(text.slice(0, -2))).problem?.kind, 'malformed')
    const other = text.replace('crc32:AAAA', 'crc32:AAAB')
    const { problem } = read(claim, Buffer.from(other))
    assert.ok(problem?.kind === 'mismatch')
    assert.match(
      problem.stringToSign,
      /^AWS4-HMAC-SHA256-TRAILER\n20130524T000000Z\n20130524\/us-east-1\/s3\/aws4_request\n/,
    )
  })
})

function claimWith(contentHash: string, signature: string): Claim {
  return {
    form: 'header',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    scopeDate: '20130524',
    region: 'us-east-1',
    service: 's3',
    terminator: 'aws4_request',
    signedHeaders: ['host'],
    signature,
    date: '20130524T000000Z',
    time: Date.UTC(2013, 4, 24),
    contentHash,
  }
}

interface Read {
  readonly payload: Buffer
  readonly problem: ChunkProblem | undefined
  readonly trailers: ReadonlyMap<string, string>
}

function read(claim: Claim, body: Buffer, cut = 1000): Read {
  const form = chunkForm(claim)
  assert.ok(form)
  const reader = new ChunkedPayload(claim, form, new SigningKeys().find(claim, new Secret(secretAccessKey)))
  const proven: Uint8Array[] = []
  for (let at = 0; at < body.length; at += cut) {
    const answer = reader.push(body.subarray(at, at + cut))
    if ('kind' in answer)
      return { payload: Buffer.concat(proven), problem: answer, trailers: reader.trailers }
    proven.push(...answer)
  }
  return { payload: Buffer.concat(proven), problem: reader.end(), trailers: reader.trailers }
}

/** Chunks and signs as the documentation says, plainly. */
function encode(parts: readonly Uint8Array[], trailer: boolean): { claim: Claim; body: Buffer } {
  const claim = claimWith(trailer ? `${signed}-TRAILER` : signed, 'f'.repeat(64))
  const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()
  const scope = '20130524/us-east-1/s3/aws4_request'
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  let previous = claim.signature
  const sign = (kind: string, rest: string) => {
    previous = hmac(key, `AWS4-HMAC-SHA256-${kind}\n${claim.date}\n${scope}\n${previous}\n${rest}`).toString(
      'hex',
    )
    return previous
  }
  const lines: Uint8Array[] = []
  for (const part of [...parts, new Uint8Array()]) {
    const signature = sign('PAYLOAD', `${sha256('')}\n${sha256(part)}`)
    lines.push(Buffer.from(`${part.length.toString(16)};chunk-signature=${signature}\r\n`), part)
    if (part.length > 0) lines.push(Buffer.from('\r\n'))
  }
  if (trailer) {
    const signature = sign('TRAILER', sha256('x-amz-checksum-crc32:AAAA\n'))
    lines.push(Buffer.from(`x-amz-checksum-crc32:AAAA\r\nx-amz-trailer-signature:${signature}\r\n`))
  }
  return { claim, body: Buffer.concat([...lines, Buffer.from('\r\n')]) }
}
