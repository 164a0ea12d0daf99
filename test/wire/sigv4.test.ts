import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { type HttpRequest, Secret } from '../../packages/server/src/base/index.ts'
import {
  basicDate,
  type Claim,
  canonicalRules,
  checkScope,
  isProblem,
  readClaim,
  type SignatureProblem,
  SigningKeys,
  verifySignature,
} from '../../packages/server/src/wire/sigv4/index.ts'

const accessKeyId = 'AKIAIOSFODNN7EXAMPLE'
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const secret = new Secret(secretAccessKey)
const signingDate = new Date('2024-02-29T23:59:58Z')
const keys = new SigningKeys(100)

/** What a request is before anybody signed it; `path` is encoded as it goes out, the rest is plain. */
interface Plain {
  readonly service: string
  readonly region: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly sessionToken?: string
}

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
const text = fc.string({ unit: fc.constantFrom(..."aZ09-_.~ /+=&%?:@!*'();,$#[]é水😀"), maxLength: 10 })
const plainRequest: fc.Arbitrary<Plain> = fc.record(
  {
    service: fc.constantFrom('iam', 'sts', 'lambda', 's3'),
    region: fc.constantFrom('us-east-1', 'eu-central-2', 'us-gov-west-1', 'ap-southeast-11'),
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
    path: fc.array(text, { maxLength: 4 }).map((parts) => `/${parts.map(encodeURIComponent).join('/')}`),
    query: fc.dictionary(
      text.filter((name) => name !== ''),
      text,
      { maxKeys: 4, noNullPrototype: true },
    ),
    headers: fc.dictionary(
      word.map((name) => `x-test-${name}`),
      fc.string({ unit: fc.constantFrom(...'abcXYZ01,;:="  '), minLength: 1, maxLength: 16 }),
      { maxKeys: 3, noNullPrototype: true },
    ),
    body: fc.uint8Array({ maxLength: 40 }),
    sessionToken: fc.stringMatching(/^[A-Za-z0-9+/=]{20,60}$/),
  },
  { requiredKeys: ['service', 'region', 'method', 'path', 'query', 'headers', 'body'] },
)

describe('SigV4 against two independent signers', () => {
  it('accepts what @smithy/signature-v4 signs, and nothing that differs by a byte (SIG-20…26)', async () => {
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
  it('accepts what botocore signs, and nothing that differs by a byte (SIG-20…26)', { skip }, () => {
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

  it('tells canonical request and string to sign of a mismatch', async () => {
    const request = await smithySigned(simple('iam'), false)
    const problem = verify(claimOf(request), { ...request, method: 'PUT' }, 'iam')
    assert.equal(problem?.kind, 'mismatch')
    assert.ok(problem.kind === 'mismatch' && problem.canonicalRequest.startsWith('PUT\n/\n'))
    assert.match(
      problem.stringToSign,
      /^AWS4-HMAC-SHA256\n20240229T235958Z\n20240229\/us-east-1\/iam\/aws4_request\n/,
    )
  })

  it('wants the host signed (SIG-14)', async () => {
    const request = await smithySigned(simple('iam'), false)
    const authorization = request.headers.authorization!.replace('host;', '')
    const problem = problemOf({ ...request, headers: { ...request.headers, authorization } }, 'iam')
    assert.deepEqual(problem, {
      kind: 'scope',
      message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    })
  })

  it('believes UNSIGNED-PAYLOAD only where a body may be left open (SIG-25)', async () => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
    const s3 = await smithySigned({ ...simple('s3'), headers }, false)
    assert.equal(problemOf({ ...s3, body: Buffer.from('other') }, 's3'), undefined)
    const iam = await smithySigned({ ...simple('iam'), headers }, false)
    assert.equal(problemOf(iam, 'iam')?.kind, 'mismatch')
    const open = { s3: false, unsignedPayload: true }
    assert.equal(verifySignature(claimOf(iam), iam, secret, open, signingDate.getTime(), keys), undefined)
  })

  it('tells a body that is not the one whose hash was signed from a wrong signature (SIG-25)', async () => {
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
})

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
    assert.equal(checkScope(claim, 'iam'), undefined)
    assert.deepEqual(checkScope(claim, 'sts'), {
      kind: 'scope',
      message: "Credential should be scoped to correct service: 'sts'. ",
    })
  })
  it('has a region, a terminator and the date, all said at once', () => {
    const wrong = { ...claim, region: 'nowhere', service: 'ec2', terminator: 'aws5', scopeDate: '20240228' }
    assert.deepEqual(checkScope(wrong, 'iam'), {
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
  it('stand in one place only (SIG-7)', async () => {
    const request = await smithySigned(simple('iam'), true)
    const both = { ...request, headers: { ...request.headers, authorization: signAs('iam', '') } }
    assert.equal(
      message(readClaim(both)),
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    )
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

// ── helpers ─────────────────────────────────────────────────────────────────────────────────────────────

function httpRequest(parts: Partial<HttpRequest>): HttpRequest {
  return {
    method: 'GET',
    rawPath: '/',
    rawQuery: '',
    headers: {},
    body: new Uint8Array(),
    remoteAddress: '127.0.0.1',
    secure: false,
    ...parts,
  }
}

function simple(service: string): Plain {
  return {
    service,
    region: 'us-east-1',
    method: 'POST',
    path: '/',
    query: {},
    headers: {},
    body: Buffer.from('A=B'),
  }
}

function claimOf(request: HttpRequest): Claim {
  const claim = readClaim(request)
  assert.ok(!isProblem(claim), JSON.stringify(claim))
  return claim
}

function verify(claim: Claim, request: HttpRequest, service: string, now = claim.time) {
  return verifySignature(claim, request, secret, canonicalRules(service), now, keys)
}

/** What is wrong with a request, on the way of the gate: read, key known, scope, signature. */
function problemOf(request: HttpRequest, service: string, now?: number): SignatureProblem | undefined {
  const claim = readClaim(request)
  if (isProblem(claim)) return claim
  if (claim.accessKeyId !== accessKeyId) return { kind: 'unknownKey' }
  return checkScope(claim, service) ?? verify(claim, request, service, now)
}

/**
 * The request with one byte changed, for every byte that a signature covers. Changes that mean the same
 * (case of an escape, blanks at a header's end, dots that resolve alike) are left out.
 */
function* changes(request: HttpRequest): Generator<{ what: string; changed: HttpRequest }> {
  const claim = claimOf(request)
  const s3 = claim.service === 's3'
  for (const method of changedTexts(request.method)) yield { what: 'method', changed: { ...request, method } }
  for (const rawPath of changedTexts(request.rawPath)) {
    if (s3 || resolved(rawPath) !== resolved(request.rawPath))
      yield { what: 'path', changed: { ...request, rawPath } }
  }
  for (const rawQuery of changedTexts(request.rawQuery)) {
    if (decoded(rawQuery) !== decoded(request.rawQuery))
      yield { what: 'query', changed: { ...request, rawQuery } }
  }
  for (const name of [...claim.signedHeaders, 'authorization']) {
    const value = request.headers[name] ?? ''
    for (const changedValue of changedTexts(value)) {
      if (collapsed(changedValue) === collapsed(value)) continue
      yield { what: name, changed: { ...request, headers: { ...request.headers, [name]: changedValue } } }
    }
  }
  if (s3 && claim.form === 'query') return
  for (let i = 0; i < request.body.length; i++) {
    const body = Uint8Array.from(request.body)
    body[i]! ^= 1
    yield { what: 'body', changed: { ...request, body } }
  }
}

function* changedTexts(text: string): Generator<string> {
  for (let i = 0; i < text.length; i++) {
    for (const bit of [1, 32]) {
      const character = String.fromCharCode(text.charCodeAt(i) ^ bit)
      if (character >= '!' && character <= '~') yield text.slice(0, i) + character + text.slice(i + 1)
    }
  }
}

const resolved = (path: string) =>
  new URL(`http://h/${path.replaceAll(/[?#\\%]/g, '!')}`).pathname.replaceAll(/\/+/g, '/')
const decoded = (query: string) =>
  query
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex) =>
      /2[56b]|3[bd]/i.test(hex) ? `%${hex.toLowerCase()}` : String.fromCharCode(Number.parseInt(hex, 16)),
    )
const collapsed = (value: string) => value.trim().replace(/ +/g, ' ')

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** An Authorization header made by hand over a canonical request's hash. */
function signAs(service: string, canonicalHash: string, signedHeaders = 'host;x-amz-date;x-name'): string {
  const scope = `20240229/us-east-1/${service}/aws4_request`
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n20240229T235958Z\n${scope}\n${canonicalHash}`).toString(
    'hex',
  )
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
}

/** The hash as the signer wants it. */
class Sha256 {
  readonly #hash
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    // Signing keys come as bytes, the first as text.
    const secretKey = typeof key === 'string' || key === undefined ? key : Buffer.from(key as Uint8Array)
    this.#hash = secretKey === undefined ? createHash('sha256') : createHmac('sha256', secretKey)
  }
  update(data: Uint8Array) {
    this.#hash.update(data)
  }
  async digest() {
    return new Uint8Array(this.#hash.digest())
  }
  reset() {}
}

async function smithySigned(plain: Plain, presigned: boolean, expiresIn = 900): Promise<HttpRequest> {
  const s3 = plain.service === 's3'
  const signer = new SignatureV4({
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(plain.sessionToken ? { sessionToken: plain.sessionToken } : {}),
    },
    region: plain.region,
    service: plain.service,
    sha256: Sha256,
    uriEscapePath: !s3,
  })
  const open = s3 && presigned ? { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } : {}
  const unsigned = {
    method: plain.method,
    protocol: 'http:',
    hostname: 'localhost',
    path: plain.path,
    query: { ...plain.query },
    headers: { host: 'localhost:4566', ...plain.headers, ...open },
    body: plain.body,
  }
  const signed = presigned
    ? await signer.presign(unsigned, { signingDate, expiresIn })
    : await signer.sign(unsigned, { signingDate })
  const query = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${strict(name)}=${strict(String(value))}`,
  )
  const headers = Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value])
  return httpRequest({
    method: plain.method,
    rawPath: plain.path,
    rawQuery: query.join('&'),
    headers: Object.fromEntries(headers),
    body: plain.body,
  })
}

function strict(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

function findBotocore(): string | undefined {
  const has = (python: string) => spawnSync(python, ['-c', 'import botocore.auth']).status === 0
  return ['python3', '/usr/bin/python3'].find(has)
}

const botocoreSigner = `
import base64, json, sys
from botocore.auth import SigV4Auth, SigV4QueryAuth, S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from urllib.parse import urlsplit
answers = []
for one in json.load(sys.stdin):
    s3 = one['service'] == 's3'
    kind = (S3SigV4QueryAuth if s3 else SigV4QueryAuth) if one['presigned'] else (S3SigV4Auth if s3 else SigV4Auth)
    credentials = Credentials(one['key'], one['secret'], one.get('sessionToken'))
    request = AWSRequest(method=one['method'], url=one['url'], headers=one['headers'], data=base64.b64decode(one['body']))
    kind(credentials, one['service'], one['region']).add_auth(request)
    split = urlsplit(request.url)
    answers.append({'path': split.path, 'query': split.query, 'headers': dict(request.headers.items())})
json.dump(answers, sys.stdout)
`

function botocoreSigned(python: string, requests: readonly [Plain, boolean][]): HttpRequest[] {
  const input = requests.map(([plain, presigned]) => {
    const query = Object.entries(plain.query).map(([name, value]) => `${strict(name)}=${strict(value)}`)
    return {
      ...plain,
      presigned,
      key: accessKeyId,
      secret: secretAccessKey,
      url: `http://localhost:4566${plain.path}${query.length > 0 ? `?${query.join('&')}` : ''}`,
      body: Buffer.from(plain.body).toString('base64'),
    }
  })
  const run = spawnSync(python, ['-c', botocoreSigner], { input: JSON.stringify(input), encoding: 'utf8' })
  assert.equal(run.status, 0, run.stderr)
  const signed: { path: string; query: string; headers: Record<string, string> }[] = JSON.parse(run.stdout)
  return signed.map(({ path, query, headers }, i) => {
    const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
    return httpRequest({
      method: requests[i]![0].method,
      rawPath: path,
      rawQuery: query,
      headers: { host: 'localhost:4566', ...Object.fromEntries(lower) },
      body: requests[i]![0].body,
    })
  })
}
