import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Secret } from '../../packages/server/src/base/index.ts'
import { signatureFault } from '../../packages/server/src/wire/index.ts'
import { canonicalRules, signedHeaders, verifySignature } from '../../packages/server/src/wire/sigv4/index.ts'
import { changes } from './sigv4-changes.ts'
import {
  accessKeyId,
  claimOf,
  httpRequest,
  keys,
  problemOf,
  secret,
  signingDate,
  verify,
} from './sigv4-check.ts'
import {
  botocoreSigned,
  findBotocore,
  plainRequest,
  sha256,
  signAs,
  simple,
  smithySigned,
} from './sigv4-signers.ts'

describe('SigV4 against two independent signers', () => {
  it('accepts what @smithy/signature-v4 signs, and nothing that differs by a byte (SIG-20 to SIG-26)', async () => {
    const property = fc.asyncProperty(plainRequest, fc.boolean(), async (plain, presigned) => {
      const request = await smithySigned(plain, presigned)
      assert.equal(problemOf(request, plain.service), undefined)
      for (const { what, changed } of changes(request)) {
        assert.notEqual(problemOf(changed, plain.service), undefined, `a changed ${what} is accepted`)
      }
    })
    await fc.assert(property, { numRuns: 80 })
  })

  const python = findBotocore()
  const skip = python === undefined && 'no Python with botocore here'
  it('accepts what botocore signs, and nothing that differs by a byte (SIG-20 to SIG-26)', { skip }, () => {
    // botocore's presigner moves the body into the query.
    const presignable = plainRequest.map((plain) => ({ ...plain, body: new Uint8Array() }))
    const request = fc.oneof(
      fc.tuple(plainRequest, fc.constant(false)),
      fc.tuple(presignable, fc.constant(true)),
    )
    const plain = fc.sample(request, 80)
    const signed = botocoreSigned(python!, plain)
    for (const [i, request] of signed.entries()) {
      const { service } = plain[i]![0]
      assert.equal(problemOf(request, service), undefined, JSON.stringify([plain[i], request]))
      for (const { what, changed } of changes(request)) {
        assert.notEqual(problemOf(changed, service), undefined, `a changed ${what} is accepted`)
      }
    }
  })

  it('makes the signature of the published test suite', () => {
    const headers = {
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    }
    const claim = claimOf(httpRequest({ headers }))
    const problem = verify(claim, httpRequest({ headers }), 'service')
    assert.equal(problem, undefined)
  })
})

describe('what a signature covers', () => {
  it('refuses another secret, whatever was cached for the right one', async () => {
    const request = await smithySigned(simple('iam'), false)
    const claim = claimOf(request)
    assert.equal(verify(claim, request, 'iam'), undefined)
    const other = verifySignature(
      claim,
      request,
      new Secret('other'),
      canonicalRules('iam'),
      claim.time,
      keys,
    )
    assert.equal(other?.kind, 'mismatch')
    assert.equal(verify(claim, request, 'iam'), undefined)
  })

  it('reports canonical request and string to sign of a mismatch', async () => {
    const request = await smithySigned(simple('iam'), false)
    const problem = verify(claimOf(request), { ...request, method: 'PUT' }, 'iam')
    assert.equal(problem?.kind, 'mismatch')
    assert.ok(problem.kind === 'mismatch' && problem.canonicalRequest.startsWith('PUT\n/\n'))
    assert.match(
      problem.stringToSign,
      /^AWS4-HMAC-SHA256\n20240229T235958Z\n20240229\/us-east-1\/iam\/aws4_request\n/,
    )
  })

  it('requires the host to be signed (SIG-14)', async () => {
    const request = await smithySigned(simple('iam'), false)
    const authorization = request.headers.authorization!.replace('host;', '')
    const problem = problemOf({ ...request, headers: { ...request.headers, authorization } }, 'iam')
    assert.deepEqual(problem, {
      kind: 'scope',
      message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    })
  })

  it('requires signed headers if they decide what a request does (SIG-15)', async () => {
    const iam = await smithySigned(simple('iam'), false)
    const aimed = { ...iam, headers: { ...iam.headers, 'x-amz-target': 'Other.Operation' } }
    assert.deepEqual(problemOf(aimed, 'iam'), { kind: 'unsignedHeaders', names: ['x-amz-target'] })
    const harmless = { ...iam, headers: { ...iam.headers, 'x-amz-meta': 'x' } }
    assert.equal(problemOf(harmless, 'iam'), undefined)
    for (const presigned of [false, true]) {
      const s3 = await smithySigned(simple('s3'), presigned)
      const copying = { ...s3, headers: { ...s3.headers, 'x-amz-copy-source': '/other/key' } }
      assert.deepEqual(problemOf(copying, 's3'), { kind: 'unsignedHeaders', names: ['x-amz-copy-source'] })
    }
  })

  it('requires x-amz-content-sha256 for S3 (SIG-16)', () => {
    const signer = { accessKeyId, secret, region: 'us-east-1' }
    const signs = (service: string) => {
      const request = httpRequest({ method: 'PUT', rawPath: '/bucket/key', headers: { host: 'localhost' } })
      const headers = signedHeaders(request, { ...signer, service }, signingDate.getTime())
      return { ...request, headers }
    }
    assert.deepEqual(problemOf(signs('s3'), 's3'), { kind: 'noHash' })
    const told = signatureFault('restXml', { kind: 'noHash' })
    assert.deepEqual(
      [told.code, told.message, told.status],
      ['InvalidRequest', 'Missing required header for this request: x-amz-content-sha256', 400],
    )
    assert.equal(problemOf(signs('s3-outposts'), 's3-outposts'), undefined)
  })

  it('believes UNSIGNED-PAYLOAD only where a body may be left open (SIG-25)', async () => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
    const s3 = await smithySigned({ ...simple('s3'), headers }, false)
    assert.equal(problemOf({ ...s3, body: Buffer.from('other') }, 's3'), undefined)
    const iam = await smithySigned({ ...simple('iam'), headers }, false)
    assert.equal(problemOf(iam, 'iam')?.kind, 'mismatch')
    const open = { s3: false, unsignedPayload: true }
    const check = async (contentHash: string, body?: Uint8Array) => {
      const signed = await smithySigned(
        { ...simple('iam'), headers: { 'x-amz-content-sha256': contentHash } },
        false,
      )
      const request = body === undefined ? signed : { ...signed, body }
      return verifySignature(claimOf(request), request, secret, open, signingDate.getTime(), keys)?.kind
    }
    const other = Buffer.from('other')
    for (const left of [
      'UNSIGNED-PAYLOAD',
      'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    ])
      assert.deepEqual([await check(left), await check(left, other)], [undefined, undefined], left)
    for (const text of ['unsigned-payload', 'UNSIGNED-PAYLOAD-', 'x-STREAMING-', 'STREAMING', sha256('x')])
      assert.deepEqual([await check(text), await check(text, other)], ['mismatch', 'mismatch'], text)
  })

  it('of S3 covers the hash without its header, and no other header of Amazon’s (SIG-15, SIG-25)', () => {
    const canonical = 'GET\n/\n\nhost:h\nx-amz-date:20240229T235958Z\n\nhost;x-amz-date\nUNSIGNED-PAYLOAD'
    const headers = {
      host: 'h',
      'x-amz-date': '20240229T235958Z',
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      authorization: signAs('s3', sha256(canonical), 'host;x-amz-date'),
    }
    assert.equal(problemOf(httpRequest({ headers }), 's3'), undefined)
    const more = { ...headers, 'x-amz-acl': 'public-read' }
    assert.deepEqual(problemOf(httpRequest({ headers: more }), 's3'), {
      kind: 'unsignedHeaders',
      names: ['x-amz-acl'],
    })
  })

  it('distinguishes a wrong body from a wrong signature (SIG-25)', async () => {
    const request = await smithySigned(simple('s3'), false)
    assert.equal(problemOf({ ...request, body: Buffer.from('other') }, 's3')?.kind, 'bodyHash')
  })

  it('resolves dots for all but S3 (SIG-21)', async () => {
    const path = '/a/./b//../c%2Fd/'
    for (const service of ['iam', 's3']) {
      const request = await smithySigned({ ...simple(service), path }, false)
      assert.equal(problemOf(request, service), undefined)
      const other = problemOf({ ...request, rawPath: '/a/c%2Fd/' }, service)
      assert.equal(other?.kind, service === 'iam' ? undefined : 'mismatch')
    }
  })

  it('takes bytes above ASCII for what they are, and never two texts for one', () => {
    const sign = (value: string) => {
      const canonical = `GET\n/\n\nhost:h\nx-amz-date:20240229T235958Z\nx-name:${value}\n\nhost;x-amz-date;x-name\n${sha256('')}`
      return signAs('iam', sha256(canonical))
    }
    const headers = { host: 'h', 'x-amz-date': '20240229T235958Z', authorization: sign('水') }
    const asBytes = Buffer.from('水').toString('latin1')
    const check = (name: string) => problemOf(httpRequest({ headers: { ...headers, 'x-name': name } }), 'iam')
    assert.equal(check(asBytes), undefined)
    assert.equal(check('水'), undefined)
    assert.equal(check(`${asBytes} `), undefined)
    assert.equal(check('4')?.kind, 'mismatch') // the low byte of 水
  })

  it('accepts a Date header in place of X-Amz-Date (SIG-3)', () => {
    const date = 'Thu, 29 Feb 2024 23:59:58 GMT'
    const canonical = `GET\n/\n\ndate:${date}\nhost:h\n\ndate;host\n${sha256('')}`
    const authorization = signAs('iam', sha256(canonical), 'date;host')
    assert.equal(problemOf(httpRequest({ headers: { host: 'h', date, authorization } }), 'iam'), undefined)
  })
})

describe('when a signature counts', () => {
  const minutes = 60_000
  it('is fifteen minutes around its date, with AWS’s sentences (SIG-10)', async () => {
    const request = await smithySigned(simple('iam'), false)
    const at = (offset: number) => problemOf(request, 'iam', signingDate.getTime() + offset)
    assert.equal(at(15 * minutes), undefined)
    assert.equal(at(-15 * minutes), undefined)
    assert.deepEqual(at(15 * minutes + 1000), {
      kind: 'expired',
      message:
        'Signature expired: 20240229T235958Z is now earlier than 20240229T235959Z (20240301T001459Z - 15 min.)',
    })
    assert.deepEqual(at(-15 * minutes - 1000), {
      kind: 'notYetValid',
      message:
        'Signature not yet current: 20240229T235958Z is still later than 20240229T235957Z (20240229T234457Z + 15 min.)',
    })
  })

  it('takes a week at most, and no less than nothing (SIG-8)', async () => {
    const of = async (expires: string) => {
      const request = await smithySigned(simple('s3'), true, 60)
      const rawQuery = request.rawQuery.replace('X-Amz-Expires=60', `X-Amz-Expires=${expires}`)
      const problem = problemOf({ ...request, rawQuery }, 's3')
      return problem !== undefined && 'message' in problem ? problem.message : problem?.kind
    }
    assert.equal(await of('60'), undefined)
    assert.match((await of('604801')) ?? '', /X-Amz-Expires must be less than a week \(in seconds\)/)
    assert.match((await of('-1')) ?? '', /X-Amz-Expires must be non-negative/)
    for (const none of ['', 'ten', '6e1', '1.5'])
      assert.match((await of(none)) ?? '', /X-Amz-Expires should be a number/, none)
  })

  it('is written in lower case (SIG-26)', async () => {
    const request = await smithySigned(simple('iam'), false)
    const authorization = request.headers.authorization!.replace(
      /Signature=(\w+)/,
      (_, hex: string) => `Signature=${hex.toUpperCase()}`,
    )
    assert.notEqual(authorization, request.headers.authorization)
    const shouted = { ...request, headers: { ...request.headers, authorization } }
    assert.notEqual(problemOf(shouted, 'iam'), undefined)
  })

  it('ends with X-Amz-Expires, which STS does not read (SIG-11, SIG-12)', async () => {
    for (const service of ['s3', 'iam', 'sts']) {
      const request = await smithySigned(simple(service), true, 60)
      const at = (offset: number) => problemOf(request, service, signingDate.getTime() + offset)?.kind
      assert.equal(at(60_000), undefined)
      assert.equal(at(61_000), service === 'sts' ? undefined : 'expired')
      assert.equal(at(15 * minutes + 1000), 'expired')
    }
    const long = await smithySigned(simple('s3'), true, 604_800)
    assert.equal(problemOf(long, 's3', signingDate.getTime() + 604_800_000), undefined)
    assert.equal(problemOf(long, 's3', signingDate.getTime() + 604_801_000)?.kind, 'expired')
  })
})
