import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { HttpRequest } from '../../base/index.ts'
import { readClaim } from './claim.ts'

type Headers = Readonly<Partial<Record<'authorization' | 'date', string>> & Record<string, string>>

/** What a claim says, written plainly from AWS's sentences (behaviours SIG-1 to SIG-7). */
function plainly(headers: Headers): unknown {
  const text = headers.authorization ?? ''
  const wrong = (message: string) => ({ kind: 'incomplete', message })
  const fingerprint = createHash('sha256').update(Buffer.from(text, 'latin1')).digest('base64')
  const [algorithm = '', ...others] = text.split(' ')
  const outcome = (): unknown => {
    if (algorithm.includes('='))
      return wrong(
        'Authorization header must begin with the algorithm name, which cannot include an equal-sign.',
      )
    const parts = others
      .join(' ')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
    if (parts.some((part) => !part.includes('=')))
      return wrong(
        `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${fingerprint}'.`,
      )
    const pairs = new Map(parts.map((part) => [part.split('=')[0], part.split('=').slice(1).join('=')]))
    const missing = ['Credential', 'Signature', 'SignedHeaders']
      .filter((name) => !pairs.get(name))
      .map((name) => `Authorization header requires '${name}' parameter. `)
    const sent = headers['x-amz-date'] ?? headers.date
    if (!sent)
      missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
    if (missing.length > 0)
      return wrong(
        `${missing.join('')}(Hashed with SHA-256 and encoded with Base64) Authorization=${fingerprint}`,
      )
    if (algorithm !== 'AWS4-HMAC-SHA256')
      return wrong(`Unsupported AWS 'algorithm': '${algorithm}' (only AWS4-HMAC-SHA256 for now). `)
    const credential = pairs.get('Credential') ?? ''
    const [accessKeyId, scopeDate, region, service, terminator, ...more] = credential.split('/')
    if (!accessKeyId || terminator === undefined || more.length > 0 || /[^\x21-\x7e]/.test(credential))
      return wrong(
        `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      )
    const time = headers['x-amz-date'] ? basic(sent ?? '') : (basic(sent ?? '') ?? httpDate(sent ?? ''))
    if (time === undefined)
      return wrong(
        `Date must be in ISO-8601 'basic format'. Got '${sent}'. See http://en.wikipedia.org/wiki/ISO_8601`,
      )
    const token = headers['x-amz-security-token']
    const contentHash = headers['x-amz-content-sha256']
    return {
      form: 'header',
      accessKeyId,
      scopeDate,
      region,
      service,
      terminator,
      signedHeaders: (pairs.get('SignedHeaders') ?? '').split(';'),
      signature: pairs.get('Signature'),
      date: new Date(time).toISOString().replace(/[-:]|\.000/g, ''),
      time,
      ...(token ? { sessionToken: token } : {}),
      ...(contentHash === undefined ? {} : { contentHash }),
    }
  }
  if (text === '') return { kind: 'missing' }
  const read = outcome() as { kind?: string }
  return read.kind !== undefined && !text.startsWith('AWS4') && others.length > 0
    ? { ...read, kind: 'otherScheme', old: algorithm === 'AWS' }
    : read
}

/** The time of `YYYYMMDDTHHMMSSZ`, if the text is what that time is written as. */
function basic(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return time >= 0 && new Date(time).toISOString().replace(/[-:]|\.000/g, '') === text ? time : undefined
}

function httpDate(text: string): number | undefined {
  const time = Date.parse(text)
  return time >= 0 && new Date(time).toUTCString() === text ? time : undefined
}

function requestWith(headers: Headers, rawQuery = ''): HttpRequest {
  const body = new Uint8Array()
  return { method: 'GET', rawPath: '/', rawQuery, headers, body, remoteAddress: '::1', secure: false }
}

const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts)
/** Mostly what is right, so that what comes after it is reached. */
const mostly = (right: string, ...wrong: readonly string[]) =>
  fc.oneof({ arbitrary: fc.constant(right), weight: 6 }, { arbitrary: oneOf(...wrong), weight: 1 })

const authorizations = fc
  .tuple(
    mostly(
      'AWS4-HMAC-SHA256 ',
      'AWS4-HMAC-SHA256',
      'AWS4-HMAC-SHA1 ',
      'AWS4=HMAC ',
      'AWS ',
      'AWSX ',
      'Bearer ',
      ' ',
    ),
    fc.shuffledSubarray(
      [
        'Credential=AKID/20240229/eu-west-1/iam/aws4_request',
        'SignedHeaders=host;x-amz-date',
        'Signature=00ff',
      ],
      { minLength: 2 },
    ),
    fc.array(
      oneOf(
        'Credential=a=b/1/2/3/4',
        'Credential=/1/2/3/4',
        'Credential=a/1/2/3',
        'Credential=a/1/2/3/4/5',
        'Credential=a/1/é/3/4',
        'Credential=a/1/ /3/4',
        'Credential=a////',
        'Credential=',
        'Signature=ab=cd==',
        'Signature=',
        'SignedHeaders=',
        'SignedHeaders=a',
        'Other=1',
        'signature=1',
        'Signature',
        '=',
        '',
      ),
      { maxLength: 2 },
    ),
    oneOf(', ', ',', ' , ', ',,', ',\t'),
    oneOf('', '', ',', ' '),
  )
  .map(([algorithm, parts, more, between, end]) => `${algorithm}${[...parts, ...more].join(between)}${end}`)

const dates = mostly(
  '20240229T235958Z',
  '20230229T235958Z',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'Wed, 31 Dec 1969 23:59:59 GMT',
  '19700101T000000Z',
  '20240431T000000Z',
  '20240229T245958Z',
  '20240229T235958',
  'x20240229T235958Z',
  'Thu, 29 Feb 2024 23:59:58 GMT',
  'Thu, 1 Feb 2024 23:59:58',
  'today',
  '',
)

describe('claims in an Authorization header', () => {
  it('are what a plain reading of the header says (SIG-1 to SIG-7)', () => {
    const headers = fc.record(
      {
        authorization: authorizations,
        'x-amz-date': dates,
        date: dates,
        'x-amz-security-token': oneOf('', 'token'),
        'x-amz-content-sha256': oneOf('', 'hash'),
      },
      { requiredKeys: ['authorization'] },
    )
    let claims = 0
    const problems = new Set<string>()
    fc.assert(
      fc.property(headers, (given) => {
        const expected = plainly(given) as { form?: string; message?: string }
        if (expected.form === undefined) problems.add((expected.message ?? '').slice(0, 40))
        else claims++
        assert.deepEqual({ ...readClaim(requestWith(given)) }, expected)
      }),
      { numRuns: 3_000 },
    )
    assert.ok(claims > 100 && problems.size > 10, `${claims} claims, ${problems.size} problems`)
  })

  it('are not read where the query string has a signature, too (SIG-7)', () => {
    const headers = { authorization: 'AWS4-HMAC-SHA256 x' }
    for (const name of ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature'])
      assert.deepEqual(readClaim(requestWith(headers, `a=b&${name}=1`)), {
        kind: 'twice',
        message: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
      })
  })
})
