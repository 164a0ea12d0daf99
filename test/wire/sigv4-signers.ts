import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import type { HttpRequest } from '../../packages/server/src/base/index.ts'
import { accessKeyId, httpRequest, secretAccessKey, signingDate } from './sigv4-check.ts'

/** What a request is before anybody signed it; `path` is encoded as it goes out, the rest is plain. */
export interface Plain {
  readonly service: string
  readonly region: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly sessionToken?: string
}

export const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
export const text = fc.string({
  unit: fc.constantFrom(..."aZ09-_.~ /+=&%?:@!*'();,$#[]é水😀"),
  maxLength: 10,
})
export const plainRequest: fc.Arbitrary<Plain> = fc.record(
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

export function simple(service: string): Plain {
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

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** An Authorization header made by hand over a canonical request's hash. */
export function signAs(
  service: string,
  canonicalHash: string,
  signedHeaders = 'host;x-amz-date;x-name',
): string {
  const scope = `20240229/us-east-1/${service}/aws4_request`
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n20240229T235958Z\n${scope}\n${canonicalHash}`).toString(
    'hex',
  )
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
}

/** The hash as the signer wants it. */
export class Sha256 {
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

export async function smithySigned(plain: Plain, presigned: boolean, expiresIn = 900): Promise<HttpRequest> {
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

export function strict(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

export function findBotocore(): string | undefined {
  const has = (python: string) => spawnSync(python, ['-c', 'import botocore.auth']).status === 0
  return ['python3', '/usr/bin/python3'].find(has)
}

export const botocoreSigner = `
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

export function botocoreSigned(python: string, requests: readonly [Plain, boolean][]): HttpRequest[] {
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
