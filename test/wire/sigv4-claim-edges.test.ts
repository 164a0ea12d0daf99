import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readClaim } from '../../packages/server/src/wire/sigv4/index.ts'
import { accessKeyId, httpRequest, signingDate } from './sigv4-check.ts'
import { signAs } from './sigv4-signers.ts'

const now = signingDate.getTime()

describe('claims in a query string', () => {
  const parameters = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/20240229/us-east-1/s3/aws4_request`,
    'X-Amz-Date': '20240229T235958Z',
    'X-Amz-SignedHeaders': 'host;x-amz-a',
    'X-Amz-Signature': '0'.repeat(64),
  }
  const read = (more: Readonly<Record<string, string>> = {}, headers: Record<string, string> = {}) =>
    readClaim(
      httpRequest({
        rawQuery: new URLSearchParams({ ...parameters, ...more }).toString(),
        headers: { host: 'h', ...headers },
      }),
    )

  it('have what was written', () => {
    assert.deepEqual(read(), {
      form: 'query',
      accessKeyId,
      scopeDate: '20240229',
      region: 'us-east-1',
      service: 's3',
      terminator: 'aws4_request',
      signedHeaders: ['host', 'x-amz-a'],
      signature: '0'.repeat(64),
      date: '20240229T235958Z',
      time: now,
    })
    assert.deepEqual(
      {
        ...read({
          'X-Amz-Security-Token': 't+/=',
          'X-Amz-Expires': '604800',
          'X-Amz-Content-Sha256': 'hash',
        }),
      }.valueOf(),
      { ...read(), sessionToken: 't+/=', expires: 604_800, contentHash: 'hash' },
    )
    assert.deepEqual(read({ 'X-Amz-Security-Token': '' }), read())
    assert.deepEqual(read({}, { 'x-amz-content-sha256': 'ofHeader' }), { ...read(), contentHash: 'ofHeader' })
    assert.deepEqual(read({ 'x-amz-content-sha256': 'ofQuery' }, { 'x-amz-content-sha256': 'ofHeader' }), {
      ...read(),
      contentHash: 'ofQuery',
    })
  })

  it('take the first of a name, and no name in another case', () => {
    const rawQuery = `${new URLSearchParams(parameters)}&X-Amz-Date=20200101T000000Z&x-amz-signature=1`
    const claim = readClaim(httpRequest({ rawQuery }))
    assert.ok(!('kind' in claim))
    assert.equal(claim.date, '20240229T235958Z')
    assert.equal(claim.signature, '0'.repeat(64))
    const open = readClaim(
      httpRequest({ rawQuery: `X-Amz-Expires9&X-Amz-Date&${new URLSearchParams(parameters)}` }),
    )
    assert.ok(!('kind' in open))
    assert.equal(open.expires, undefined)
    const none = readClaim(httpRequest({ rawQuery: 'a=X-Amz-Signature=&x-amz-signature=1' }))
    assert.deepEqual(none, { kind: 'missing' })
  })

  it('say what is wrong', () => {
    const message = (more: Readonly<Record<string, string>>) => {
      const problem = read(more)
      return 'kind' in problem && problem.kind === 'incomplete' ? problem.message : undefined
    }
    assert.equal(
      message({ 'X-Amz-Algorithm': 'AWS4' }),
      "Unsupported AWS 'algorithm': 'AWS4' (only AWS4-HMAC-SHA256 for now). ",
    )
    assert.equal(
      message({ 'X-Amz-Credential': 'a/b' }),
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b'",
    )
    assert.match(
      message({ 'X-Amz-Date': 'today' }) ?? '',
      /^Date must be in ISO-8601 'basic format'\. Got 'today'/,
    )
    assert.equal(message({ 'X-Amz-Expires': '-1' }), 'X-Amz-Expires must be non-negative')
    assert.equal(message({ 'X-Amz-Expires': '1x' }), 'X-Amz-Expires should be a number')
    assert.equal(message({ 'X-Amz-Expires': 'x1' }), 'X-Amz-Expires should be a number')
    assert.equal(message({ 'X-Amz-Expires': 'x-1' }), 'X-Amz-Expires should be a number')
    assert.equal(message({ 'X-Amz-Expires': '' }), 'X-Amz-Expires should be a number')
    assert.equal(
      message({ 'X-Amz-Expires': '604801' }),
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    )
  })
})

describe('claims in a header', () => {
  const read = (authorization: string, more: Record<string, string> = {}) =>
    readClaim(
      httpRequest({ headers: { host: 'h', 'x-amz-date': '20240229T235958Z', authorization, ...more } }),
    )
  const right = signAs('iam', '0'.repeat(64), 'host;x-amz-date')

  it('have what was written, however the parts are divided', () => {
    const claim = read(right)
    assert.ok(!('kind' in claim))
    assert.deepEqual(
      { ...claim, signature: '' },
      {
        form: 'header',
        accessKeyId,
        scopeDate: '20240229',
        region: 'us-east-1',
        service: 'iam',
        terminator: 'aws4_request',
        signedHeaders: ['host', 'x-amz-date'],
        signature: '',
        date: '20240229T235958Z',
        time: now,
      },
    )
    assert.match(claim.signature, /^[0-9a-f]{64}$/)
    assert.deepEqual(read(right.replaceAll(', ', ',')), claim)
    assert.deepEqual(read(right.replaceAll(', ', ' , ,  ')), claim)
    assert.deepEqual(read(`${right}, Other=1,`), claim)
    assert.deepEqual(read(right, { 'x-amz-security-token': 't' }), { ...claim, sessionToken: 't' })
    assert.deepEqual(read(right, { 'x-amz-security-token': '' }), claim)
    assert.deepEqual(read(right, { 'x-amz-content-sha256': 'c' }), { ...claim, contentHash: 'c' })
    const empty = read(right, { 'x-amz-date': '', date: 'Thu, 29 Feb 2024 23:59:58 GMT' })
    assert.equal('kind' in empty && empty.kind, 'incomplete')
  })

  it('say which scheme they are of', () => {
    const kindOf = (authorization: string) => {
      const problem = read(authorization)
      return 'kind' in problem ? [problem.kind, 'old' in problem && problem.old] : undefined
    }
    assert.deepEqual(kindOf('AWS key:signature'), ['otherScheme', true])
    assert.deepEqual(kindOf('AWSX key:signature'), ['otherScheme', false])
    assert.deepEqual(kindOf('Bearer x'), ['otherScheme', false])
    assert.deepEqual(kindOf('Bearer'), ['incomplete', false])
    assert.deepEqual(kindOf('AWS4-HMAC-SHA256 x'), ['incomplete', false])
    assert.deepEqual(kindOf('AWS4=1 Credential=a'), ['incomplete', false])
  })
})
