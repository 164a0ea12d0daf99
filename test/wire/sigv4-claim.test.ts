import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  basicDate,
  type Claim,
  checkScope,
  readClaim,
  type SignatureProblem,
} from '../../packages/server/src/wire/sigv4/index.ts'
import { accessKeyId, httpRequest, problemOf, signingDate } from './sigv4-check.ts'
import { signAs, simple, smithySigned } from './sigv4-signers.ts'

describe('what a credential is scoped to (SIG-13)', () => {
  const claim: Claim = {
    form: 'header',
    accessKeyId,
    scopeDate: '20240229',
    region: 'us-east-1',
    service: 'iam',
    terminator: 'aws4_request',
    signedHeaders: ['host'],
    signature: '',
    date: '20240229T235958Z',
    time: signingDate.getTime(),
  }
  it('is the API that the request names', () => {
    assert.equal(checkScope(claim, 'iam', 'aws'), undefined)
    assert.deepEqual(checkScope(claim, 'sts', 'aws'), {
      kind: 'scope',
      message: "Credential should be scoped to correct service: 'sts'. ",
    })
  })
  it('has a region, a terminator and the date, all said at once', () => {
    const wrong = { ...claim, region: 'nowhere', service: 'ec2', terminator: 'aws5', scopeDate: '20240228' }
    assert.deepEqual(checkScope(wrong, 'iam', 'aws'), {
      kind: 'scope',
      message:
        "Credential should be scoped to a valid region. Credential should be scoped to correct service: 'iam'. Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20240228' != '20240229', from '20240229T235958Z'.",
    })
  })
})

describe('signatures that cannot be read', () => {
  const read = (authorization: string, more = {}) =>
    readClaim(httpRequest({ headers: { 'x-amz-date': '20240229T235958Z', ...more, authorization } }))
  const message = (problem: Claim | SignatureProblem) => ('message' in problem ? problem.message : undefined)
  const fingerprint = (header: string) => createHash('sha256').update(header).digest('base64')

  it('are missing where nothing was sent', () => {
    assert.deepEqual(readClaim(httpRequest({})), { kind: 'missing' })
    assert.deepEqual(readClaim(httpRequest({ rawQuery: 'Action=X-Amz-Signature' })), { kind: 'missing' })
  })
  it('name every part that is missing from the header (SIG-1)', () => {
    const header = 'Basic dXNlcjpwYXNz='
    assert.equal(
      message(readClaim(httpRequest({ headers: { authorization: header } }))),
      `Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=${fingerprint(header)}`,
    )
  })
  it('hide what stood in the header (SIG-2)', () => {
    const header = 'Bearer abc'
    assert.equal(
      message(read(header)),
      `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${fingerprint(header)}'.`,
    )
  })
  it('name the algorithm, the credential (SIG-4, SIG-5)', () => {
    const parts = 'SignedHeaders=host, Signature=0'
    assert.equal(
      message(read(`AWS4-HMAC-SHA1 Credential=a/b/c/d/e, ${parts}`)),
      "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only AWS4-HMAC-SHA256 for now). ",
    )
    for (const credential of ['a/b/c/d', 'a/b/c/d/e/f', '/b/c/d/e', 'a/b/ü/d/e']) {
      assert.equal(
        message(read(`AWS4-HMAC-SHA256 Credential=${credential}, ${parts}`)),
        `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      )
    }
  })
  it('name every part that is missing from the query (SIG-6)', () => {
    const problem = readClaim(httpRequest({ rawQuery: 'X-Amz-Signature=00&Action=GetCallerIdentity' }))
    assert.equal(
      message(problem),
      "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
    )
  })
  it('rejects dates that are none', () => {
    for (const date of [
      '20240230T000000Z',
      '20240229T240000Z',
      '20240229T006000Z',
      '20241301T000000Z',
      '1442252505',
    ]) {
      const problem = readClaim(
        httpRequest({ headers: { 'x-amz-date': date, authorization: signAs('iam', '') } }),
      )
      assert.deepEqual(problem, {
        kind: 'incomplete',
        message: `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
      })
    }
    assert.equal(basicDate(signingDate.getTime()), '20240229T235958Z')
  })
  it('are in one place only (SIG-7)', async () => {
    const request = await smithySigned(simple('iam'), true)
    const both = { ...request, headers: { ...request.headers, authorization: signAs('iam', '') } }
    assert.equal(
      message(readClaim(both)),
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    )
  })
  it('are distinguished from other schemes (WIRE-65)', () => {
    const kindOf = (authorization: string) => {
      const read = readClaim(httpRequest({ headers: { authorization } }))
      return 'kind' in read && (read.kind === 'otherScheme' ? { old: read.old } : read.kind)
    }
    assert.deepEqual(kindOf('AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg='), { old: true })
    assert.deepEqual(kindOf('AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg'), { old: true })
    for (const other of ['Bearer abc', 'Basic YTpi', 'Bearer Credential=a, SignedHeaders=b, Signature=c'])
      assert.deepEqual(kindOf(other), { old: false })
    for (const form of ['AWS4-ECDSA-P256-SHA256 Credential=a', 'AWS4-HMAC-SHA256 x', 'AWS', 'abc'])
      assert.equal(kindOf(form), 'incomplete')
  })
  it('never throw, whatever is sent', () => {
    const part = fc.constantFrom(
      ...'AWS4-HMAC-SHA256|Credential=|a/b/c/d/e|, |Signature=|SignedHeaders=|host|;|%|%zz|é|='.split('|'),
    )
    const noise = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''))
    const property = fc.property(noise, noise, noise, (authorization, rawQuery, rawPath) => {
      for (const headers of [{ authorization, 'x-amz-date': '20240229T235958Z' }, { host: 'h' }]) {
        const request = httpRequest({ headers, rawPath, rawQuery: `X-Amz-Signature=&${rawQuery}` })
        for (const sent of [request, { ...request, rawQuery: '' }])
          assert.notEqual(problemOf(sent, 'iam'), undefined)
      }
    })
    fc.assert(property, { numRuns: 300 })
  })
})
