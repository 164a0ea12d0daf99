import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { HttpRequest, Partition } from '../../packages/server/src/base/index.ts'
import {
  canonicalRules,
  checkScope,
  parseBasicDate,
  readClaim,
  regionOf,
  signedHeaders,
} from '../../packages/server/src/wire/sigv4/index.ts'
import { accessKeyId, claimOf, httpRequest, problemOf, secret, signingDate, verify } from './sigv4-check.ts'
import { signAs } from './sigv4-signers.ts'

const now = signingDate.getTime()

interface Parts extends Partial<Pick<HttpRequest, 'method' | 'rawPath' | 'rawQuery' | 'body'>> {
  readonly service?: string
  readonly headers?: Record<string, string>
  readonly sessionToken?: string
}

/** A request signed by the server's own signer, which other tests compare with published signatures. */
function signed({ service = 'iam', sessionToken, headers = {}, ...parts }: Parts): HttpRequest {
  const request = httpRequest({ ...parts, headers: { host: 'h', ...headers } })
  const signer = { accessKeyId, secret, region: 'us-east-1', service }
  return {
    ...request,
    headers: signedHeaders(request, { ...signer, ...(sessionToken && { sessionToken }) }, now),
  }
}

/** What is wrong if a signed request arrives with other parts. */
function arriving(parts: Parts, other: Partial<HttpRequest>): string | undefined {
  return problemOf({ ...signed(parts), ...other }, parts.service ?? 'iam', now)?.kind
}

describe('the signer', () => {
  it('signs every header, in order, and the session token', () => {
    const { headers } = signed({ headers: { zeta: '1', alpha: '2' }, sessionToken: 'TOKEN' })
    assert.equal(headers['x-amz-security-token'], 'TOKEN')
    const claim = claimOf(httpRequest({ headers }))
    assert.deepEqual(claim.signedHeaders, ['alpha', 'host', 'x-amz-date', 'x-amz-security-token', 'zeta'])
    assert.equal(claim.sessionToken, 'TOKEN')
    assert.equal(claim.date, '20240229T235958Z')
    assert.equal(claim.scopeDate, '20240229')
  })
})

describe('canonical requests (SIG-20, SIG-21, SIG-22)', () => {
  it('compare query strings as their names and values', () => {
    for (const [one, same] of [
      ['A=b+c', 'A=b%20c'],
      ['A=%7E', 'A=~'],
      ['A=%2d%2E', 'A=-.'],
      ['A=%30%39', 'A=09'],
      ['A=%41%5a%61%7A', 'A=AZaz'],
      ['A=%4F%5F%6f', 'A=O_o'],
      ['A=a%2fb', 'A=a%2Fb'],
      ['A=%zz', 'A=%25zz'],
      ['A=b=c', 'A=b%3Dc'],
      ['A', 'A='],
      ['B=1&A=2', 'A=2&B=1'],
      ['A=2&A=1', 'A=1&A=2'],
      ['A=1&&B=2&', 'A=1&B=2'],
      ['%41=1', 'A=1'],
    ] as const) {
      assert.equal(arriving({ rawQuery: one }, { rawQuery: same }), undefined, `${one} ${same}`)
      assert.equal(arriving({ rawQuery: same }, { rawQuery: one }), undefined, `${same} ${one}`)
    }
    for (const [one, other] of [
      ['A=b=c', 'A=b'],
      ['A=b=c', 'A%3Db=c'],
      ['A=%2B', 'A=+'],
      ['A=1', 'A=1&A=1'],
      ['A=/', 'A=//'],
      ['A=%80', 'A=%81'],
    ] as const)
      assert.equal(arriving({ rawQuery: one }, { rawQuery: other }), 'mismatch', `${one} ${other}`)
  })

  it('resolve paths, but not those of S3', () => {
    for (const [one, same] of [
      ['/', ''],
      ['/', '/.'],
      ['/', '/a/..'],
      ['/', '//'],
      ['/..', '/'],
      ['/a/./b//c', '/a/b/c'],
      ['/a/b/../c/', '/a/c/'],
    ] as const) {
      assert.equal(arriving({ rawPath: one }, { rawPath: same }), undefined, `${one} ${same}`)
      if (same !== '')
        assert.equal(
          arriving(
            { service: 's3', rawPath: one, headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
            { rawPath: same },
          ),
          'mismatch',
          same,
        )
    }
    for (const [one, other] of [
      ['/a', '/a/'],
      ['/a', '/'],
      ['/a/..', '/a'],
      ['/a%20b', '/a b'],
      ['/a/b', '/a%2Fb'],
    ] as const)
      assert.equal(arriving({ rawPath: one }, { rawPath: other }), 'mismatch', `${one} ${other}`)
  })

  it('keep the path encoded twice, as AWS has it', () => {
    const problem = verify(
      claimOf(signed({ rawPath: '/a%20b' })),
      { ...signed({ rawPath: '/a%20b' }), body: Buffer.from('x') },
      'iam',
    )
    assert.ok(problem?.kind === 'mismatch')
    assert.equal(problem.canonicalRequest.split('\n')[1], '/a%2520b')
  })

  it('collapse blanks in headers, and only those', () => {
    for (const blanks of [' a', 'a ', 'a  b', 'a\tb', '\ta', 'a\r\n b', 'a\f', '\va'])
      assert.equal(
        arriving({ headers: { 'x-h': blanks.trim().replace(/\s+/g, ' ') } }, {}) ??
          problemOf(
            withHeader(signed({ headers: { 'x-h': blanks.trim().replace(/\s+/g, ' ') } }), blanks),
            'iam',
            now,
          )?.kind,
        undefined,
        JSON.stringify(blanks),
      )
    assert.equal(
      problemOf(withHeader(signed({ headers: { 'x-h': 'a b' } }), 'ab'), 'iam', now)?.kind,
      'mismatch',
    )
    assert.equal(
      problemOf(withHeader(signed({ headers: { 'x-h': 'a' } }), '\xa0a'), 'iam', now)?.kind,
      'mismatch',
    )
  })
})

function withHeader(request: HttpRequest, value: string): HttpRequest {
  return { ...request, headers: { ...request.headers, 'x-h': value } }
}

describe('signatures are compared as they are', () => {
  it('never with what a buffer still holds from the one before', () => {
    const request = signed({})
    assert.equal(problemOf(request, 'iam', now), undefined)
    const { authorization = '' } = request.headers
    const signature = authorization.slice(-64)
    for (const other of [
      signature.slice(0, -1),
      signature.slice(0, 1),
      `${signature}0`,
      signature.toUpperCase(),
      // its low byte is that of the right character
      String.fromCharCode(signature.charCodeAt(0) + 0x100) + signature.slice(1),
    ]) {
      if (other === signature) continue
      const headers = { ...request.headers, authorization: authorization.slice(0, -64) + other }
      assert.equal(problemOf({ ...request, headers }, 'iam', now)?.kind, 'mismatch', other)
    }
  })

  it('nor with a header that came twice in a query', () => {
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${accessKeyId}%2F20240229%2Fus-east-1%2Fiam%2Faws4_request&X-Amz-Date=20240229T235958Z&X-Amz-SignedHeaders=host&X-Amz-Expires=60`
    const request = httpRequest({
      rawQuery: `${query}&X-Amz-Signature=${'0'.repeat(64)}`,
      headers: { host: 'h' },
    })
    const first = problemOf(request, 'iam', now)
    assert.ok(first?.kind === 'mismatch')
    assert.ok(!first.canonicalRequest.includes('X-Amz-Signature'))
    const twice = problemOf({ ...request, rawQuery: `${request.rawQuery}&X-Amz-Signature=1` }, 'iam', now)
    assert.ok(twice?.kind === 'mismatch')
    assert.match(twice.canonicalRequest, /X-Amz-Signature=1/)
  })
})

describe('dates', () => {
  it('have every digit in its place', () => {
    assert.equal(parseBasicDate('19700101T000000Z'), 0)
    assert.equal(parseBasicDate('20231231T235959Z'), Date.UTC(2023, 11, 31, 23, 59, 59))
    assert.equal(parseBasicDate('20240110T101010Z'), Date.UTC(2024, 0, 10, 10, 10, 10))
    for (const text of [
      '',
      '20240229T235958',
      '20240229T235958Zx',
      'x20240229T235958Z',
      '20240229X235958Z',
      '20240229T235958Q',
      '20240229t235958z',
      '2024-02-29T23:59',
      '19691231T235959Z',
      '20240029T000000Z',
      '20241329T000000Z',
      '20240200T000000Z',
      '20230229T000000Z',
      '20240431T000000Z',
      '20240101T240000Z',
      '20240101T006000Z',
      '20240101T000060Z',
    ])
      assert.equal(parseBasicDate(text), undefined, text)
  })

  it('are read of a Date header in two forms (SIG-3)', () => {
    const canonical = '0'.repeat(64)
    const timeOf = (date: string) => {
      const claim = readClaim(
        httpRequest({ headers: { host: 'h', date, authorization: signAs('iam', canonical, 'date;host') } }),
      )
      return 'kind' in claim ? claim.kind : claim.time
    }
    assert.equal(timeOf('Thu, 29 Feb 2024 23:59:58 GMT'), now)
    assert.equal(timeOf('Thu, 1 Feb 2024 23:59:58 GMT'), Date.UTC(2024, 1, 1, 23, 59, 58))
    assert.equal(timeOf('20240229T235958Z'), now)
    for (const date of [
      'xThu, 29 Feb 2024 23:59:58 GMT',
      'Thu, 29 Feb 2024 23:59:58 GMTx',
      'Thu, 29 Feb 2024 23:59:58 PST',
      '29 Feb 2024 23:59:58 GMT',
      'Thu, 29 Feb 1924 23:59:58 GMT',
      'Thu, 29 Xyz 2024 23:59:58 GMT',
    ])
      assert.equal(timeOf(date), 'incomplete', date)
  })
})

describe('the rules of services', () => {
  it('are S3’s for its relatives', () => {
    const s3 = { s3: true, unsignedPayload: true, wantsHash: true }
    for (const service of ['s3', 's3express', 's3-object-lambda'])
      assert.deepEqual(canonicalRules(service), s3, service)
    assert.deepEqual(canonicalRules('s3-outposts'), { s3: true, unsignedPayload: true })
    assert.deepEqual(canonicalRules('sts'), { s3: false, ignoresExpires: true, asymmetric: true })
    for (const service of ['iam', 's3tables', '', 'toString'])
      assert.deepEqual(canonicalRules(service), { s3: false }, service)
  })
})

describe('scopes (SIG-13, SIG-50)', () => {
  const claim = claimOf(signed({}))
  const named = (region: string, service = 'iam', partition: Partition = 'aws') =>
    checkScope({ ...claim, region, service }, service, partition) === undefined &&
    regionOf({ ...claim, region }, service, partition)
  it('name a region of the partition, or its global endpoint where the service has one (SIG-50)', () => {
    assert.deepEqual(
      ['us-east-1', 'ap-southeast-11', 'aws-global', 'GLOBAL'].map((region) => named(region)),
      ['us-east-1', 'ap-southeast-11', 'us-east-1', 'us-east-1'],
    )
    assert.deepEqual(
      ['sts', 'organizations', 's3', 'networkmanager', 'cloudtrail', 'lambda', 'ec2'].map((service) =>
        named('aws-global', service),
      ),
      ['us-east-1', 'us-east-1', 'us-east-1', 'us-west-2', false, false, false],
    )
    const gov = ['us-gov-east-1', 'aws-us-gov-global', 'GLOBAL', 'aws-global', 'us-east-1']
    assert.deepEqual(
      gov.map((region) => named(region, 'iam', 'aws-us-gov')),
      ['us-gov-east-1', 'us-gov-west-1', 'us-gov-west-1', false, false],
    )
    assert.equal(named('aws-us-gov-global', 'sts', 'aws-us-gov'), false)
    assert.equal(named('aws-cn-global', 'organizations', 'aws-cn'), 'cn-northwest-1')
  })
  it('name no region of another partition, and none of another form', () => {
    for (const region of [
      'us-gov-west-1',
      'cn-north-1',
      'eusc-de-east-1',
      'us-isob-east-1',
      'aws-us-gov-global',
      'aws-Global',
      'global',
      '',
      'us',
      'us-east',
      'x/us-east-1',
      'US-us-east-1',
      'us-east-1x',
      'us-east-111',
      '1us-east-1',
    ])
      assert.deepEqual(
        checkScope({ ...claim, region }, 'iam', 'aws'),
        { kind: 'scope', message: 'Credential should be scoped to a valid region. ' },
        region,
      )
  })
})

describe('hashes of bodies', () => {
  it('of S3 are what was sent, and the body must have it', () => {
    const headers = {
      'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    }
    assert.equal(arriving({ service: 's3', headers }, {}), undefined)
    assert.equal(arriving({ service: 's3', headers }, { body: Buffer.from('x') }), 'bodyHash')
    assert.equal(arriving({ service: 's3-outposts' }, {}), undefined)
    assert.equal(arriving({ service: 's3' }, {}), 'noHash')
  })
})
