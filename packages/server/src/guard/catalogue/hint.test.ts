import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpRequest } from '../../base/index.ts'
import { scopeOf } from './hint.ts'
import { identifyCall } from './identify.ts'
import { signatureKeys } from './s3.ts'
import { isUnpacked, repeatsHeaders } from './s3-parameters.ts'

const credential = 'AKIAIOSFODNN7EXAMPLE/20260102'

/** The service that an Authorization header or a query string means. */
function scope(authorization: string | undefined, rawQuery = '') {
  const headers = authorization === undefined ? {} : { authorization }
  return scopeOf({ headers, rawQuery, path: '/', method: 'GET' } as unknown as HttpRequest)
}

const whole = (scoped: string) =>
  `AWS4-HMAC-SHA256 Credential=${scoped}, SignedHeaders=host, Signature=${'a'.repeat(64)}`

test('GRD-3 the service of a signature, though the signature cannot be read', () => {
  for (const [authorization, query, service] of [
    [whole(`${credential}/us-east-1/sqs/aws4_request`), '', 'sqs'],
    [`AWS4-HMAC-SHA256 Credential=${credential}/us-east-1/sns/aws4_request`, '', 'sns'],
    [`AWS4-ECDSA-P256-SHA256 Credential=${credential}/kms/aws4_request`, '', 'kms'],
    [undefined, `a=b&X-Amz-Credential=${credential}/us-east-1/lambda/aws4_request`, 'lambda'],
    [
      undefined,
      `x-amz-credential=${credential.replace('/', '%2f')}%2Fus-east-1%2Fevents%2Faws4_request&c=d`,
      'events',
    ],
    [undefined, `X-Amz-Credential=${credential}/kms/aws4_request`, 'kms'],
    ['AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=', '', 's3'],
    [undefined, 'AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=x&Expires=1', 's3'],
    [undefined, 'a=b&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE', 's3'],
  ] as const)
    assert.equal(scope(authorization, query), service, `${authorization} ${query}`)
})

test('GRD-3 a text that only looks like a signature means no service', () => {
  for (const [authorization, query] of [
    [undefined, ''],
    ['Bearer AWS AKIA:x', ''],
    ['AWS AKIA', ''],
    [undefined, 'NotAWSAccessKeyId=AKIA'],
    [undefined, `XX-Amz-Credential=${credential}/us-east-1/sqs/aws4_request`],
    [`AWS4-HMAC-SHA256 Credential=${credential}/a/b/c/aws4_request`, ''],
  ] as const)
    assert.equal(scope(authorization, query), undefined, `${authorization} ${query}`)
})

test('GRD-5 a header that is there twice makes a request ambiguous, one of the signature does not', () => {
  for (const [query, headers, repeats] of [
    [[['x-amz-acl', ['private']]], {}, false],
    [[['x-amz-acl', ['private', 'public-read']]], {}, true],
    [[['X-Amz-Acl', ['private']]], { 'x-amz-acl': 'public-read' }, true],
    [
      [
        ['X-Amz-Acl', ['private']],
        ['x-amz-acl', ['private']],
      ],
      {},
      true,
    ],
    [[['X-Amz-Date', ['1', '2']]], { 'x-amz-date': '3' }, false],
    [[['X-Amz-Content-Sha256', ['1']]], { 'x-amz-content-sha256': '3' }, false],
    [[['X-Amz-Dates', ['1', '2']]], {}, true],
    [[['acl', ['1', '2']]], { acl: '3' }, false],
  ] as const)
    assert.equal(
      repeatsHeaders(new Map(query.map(([name, values]) => [name, [...values]])), headers),
      repeats,
    )
})

test('GRD-41 an archive that is unpacked is known by its header, wherever that stands', () => {
  const unpacking = 'x-amz-meta-snowball-auto-extract'
  assert.equal(isUnpacked(new Map(), { [unpacking]: 'true' }), true)
  assert.equal(isUnpacked(new Map([['X-Amz-Meta-Snowball-Auto-Extract', ['true']]]), {}), true)
  assert.equal(isUnpacked(new Map([['x-amz-meta-snowball', ['true']]]), { 'x-amz-meta-a': 'b' }), false)
})

/** The meaning of a GET request that is signed for a service, or by nobody. */
function identified(rawPath: string, service?: string) {
  const authorization = service && whole(`${credential}/us-east-1/${service}/aws4_request`)
  const headers = { host: 'localhost', ...(authorization !== undefined && { authorization }) }
  const request = { method: 'GET', rawPath, path: rawPath, rawQuery: '', headers, body: Buffer.of() }
  const found = identifyCall(request as unknown as HttpRequest) // a test: no more is looked at
  return 'operation' in found ? [found.service.id, found.operation, found.open] : 'refused'
}

test('GRD-3 a path that signatures for S3 Express name is one of S3', () => {
  assert.deepEqual(identified('/b--use1-az4--x-s3/k', 's3express'), ['s3', 'GetObject', false])
})

test('an operation that AWS offers without a signature is open, however it is asked', () => {
  for (const scope of [undefined, 'awsssoportal'])
    assert.deepEqual(identified('/federation/credentials', scope), ['sso', 'GetRoleCredentials', true])
  assert.deepEqual(identified('/b/k', 's3'), ['s3', 'GetObject', false])
})

test('GRD-14 the condition keys of a signature: its form, its version and the hash that it names', () => {
  const keys = (headers: object, rawQuery = '') =>
    signatureKeys({ headers, rawQuery } as unknown as HttpRequest) // a test: no more is looked at
  const signed = whole(`${credential}/us-east-1/s3/aws4_request`)
  const four = { 's3:authType': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256' }
  assert.deepEqual(keys({}), {})
  assert.deepEqual(keys({ authorization: signed }), four)
  assert.deepEqual(keys({ authorization: signed, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }), {
    ...four,
    's3:x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
  })
  assert.deepEqual(keys({ authorization: 'AWS AKIA:x=' }), { ...four, 's3:signatureversion': 'AWS' })
  assert.deepEqual(keys({}, 'a=b&X-Amz-Signature=f'), { ...four, 's3:authType': 'REST-QUERY-STRING' })
  assert.deepEqual(keys({}, 'X-Amz-SignatureX=f'), {})
})
