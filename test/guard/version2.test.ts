import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { allow, policyText } from '../kit/index.ts'
import { needs, python, startReader, type UpstreamServer } from '../support/index.ts'
import { allowing, type GuardServer, guardServer, type Sent, send } from './house.ts'

/** What S3's documentation of Signature Version 2 has signed, written out by hand. */
interface Signed {
  readonly method?: string
  readonly path: string
  /** The resource in the string to sign; if absent, the path. */
  readonly resource?: string
  readonly expires?: number
  readonly headers?: Readonly<Record<string, string>>
}

const sha1 = (secret: string, text: string) => createHmac('sha1', secret).update(text).digest('base64')
const amazons = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers)
    .filter(([name]) => name.startsWith('x-amz-'))
    .map(([name, value]) => `${name}:${value}\n`)
    .sort()
    .join('')

/** A URL that is signed in version 2. */
function presigned(as: ClientCredentials, { method = 'GET', path, resource, expires, headers = {} }: Signed) {
  const until = expires ?? Math.floor(Date.now() / 1000) + 60
  const text = `${method}\n\n${headers['content-type'] ?? ''}\n${until}\n${amazons(headers)}${resource ?? path}`
  const own = {
    AWSAccessKeyId: as.accessKeyId,
    Expires: String(until),
    Signature: sha1(as.secretAccessKey, text),
  }
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams({ ...own, ...headers })}`
}

/** The headers of a request that is signed in version 2. */
function signedHeaders(as: ClientCredentials, { method = 'GET', path, resource, headers = {} }: Signed) {
  const date = new Date().toUTCString()
  const text = `${method}\n\n${headers['content-type'] ?? ''}\n${date}\n${amazons(headers)}${resource ?? path}`
  return { ...headers, date, authorization: `AWS ${as.accessKeyId}:${sha1(as.secretAccessKey, text)}` }
}

describe('signatures of version 2 for S3 (SIG-40)', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials
  let arrived: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = []

  before(async () => {
    upstream = await startReader((incoming, _, outgoing) => {
      const { url = '', headers } = incoming
      if (/[?&](?:policy|encryption|publicAccessBlock|ownershipControls)=$/.test(url)) {
        outgoing.writeHead(404).end('<Error><Code>NoSuchBucketPolicy</Code></Error>')
        return
      }
      arrived.push({ url, headers })
      outgoing.end('content')
    })
    server = await guardServer({ upstream: { url: upstream.url } })
    user = await server.user('user', allowing({ action: 's3:*', resource: 'arn:aws:s3:::own/*' }))
  })
  beforeEach(() => {
    arrived = []
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const go = (sent: Sent) => send(server.omen.endpoint, sent)
  const codeOf = async (sent: Sent) => {
    const { status, body } = await go(sent)
    return status === 200 ? 200 : /<Code>(\w+)<\/Code><Message>([^<]*)/.exec(body)?.slice(1).join(': ')
  }

  test('a URL is its signer’s, and is signed again on its way', async () => {
    assert.equal(await codeOf({ path: presigned(user, { path: '/own/a%20b' }) }), 200)
    const [{ url, headers } = { url: '', headers: {} }] = arrived
    assert.equal(url, '/own/a%20b')
    assert.match(String(headers.authorization), /^AWS4-HMAC-SHA256 Credential=test\//)
    assert.match(
      String(await codeOf({ path: presigned(user, { path: '/others/a' }) })),
      /^AccessDenied: User: .*user\/user/,
    )
  })

  test('what a URL carries for headers counts, and nothing else does', async () => {
    const put = {
      method: 'PUT',
      path: '/own/k',
      headers: { 'content-type': 'text/plain', 'x-amz-acl': 'private' },
    }
    const path = presigned(user, put)
    assert.equal(await codeOf({ method: 'PUT', path, body: 'x' }), 200)
    assert.equal(arrived[0]?.headers['x-amz-acl'], 'private')
    assert.equal(arrived[0]?.headers['content-type'], 'text/plain')
    const more: readonly Sent[] = [
      { method: 'PUT', path, headers: { 'x-amz-meta-a': '1' } },
      { method: 'PUT', path: `${path}&x-amz-meta-a=1` },
      { method: 'PUT', path: path.replace('private', 'public-read') },
      { method: 'PUT', path, headers: { 'content-type': 'text/html' } },
      { method: 'DELETE', path },
      { method: 'PUT', path: `${path}&acl` },
      { method: 'PUT', path: path.replace('/own/k', '/own/l') },
    ]
    for (const sent of more)
      assert.match(String(await codeOf(sent)), /^(?:SignatureDoesNotMatch|AccessDenied): /, sent.path)
    // what names an operation that version 2 does not sign
    for (const [object, name] of [
      ['/own', 'publicAccessBlock'],
      ['/own', 'ownershipControls'],
      ['/own/k', 'legal-hold'],
      ['/own/k', 'retention'],
    ] as const)
      assert.match(
        String(await codeOf({ path: `${presigned(user, { path: object })}&${name}` })),
        /^AccessDenied: There were headers/,
      )
    assert.equal(arrived.length, 1)
  })

  test('parts of what is asked for are signed, in their order and without escapes', async () => {
    const path = '/own/k?versionId=a%2Bb&response-content-type=text%2Fplain'
    const resource = '/own/k?response-content-type=text/plain&versionId=a+b'
    assert.equal(await codeOf({ path: presigned(user, { path, resource }) }), 200)
    assert.equal(arrived[0]?.url, path)
  })

  test('a bucket in the host precedes the path', async () => {
    const host = 'own.localhost'
    const right = presigned(user, { path: '/own/k', resource: '/own/own/k' })
    assert.equal(await codeOf({ path: right, headers: { host } }), 200)
    const other = presigned(user, { path: '/own/k' })
    assert.match(String(await codeOf({ path: other, headers: { host } })), /^SignatureDoesNotMatch/)
  })

  test('a header is taken as well, and not what a query string adds to it', async () => {
    const headers = signedHeaders(user, { path: '/own/k', headers: { 'x-amz-request-payer': 'requester' } })
    assert.equal(await codeOf({ path: '/own/k', headers }), 200)
    assert.match(
      String(await codeOf({ path: '/own/k?x-amz-acl=public-read', headers })),
      /^AccessDenied: There were headers/,
    )
    assert.match(String(await codeOf({ path: '/own/l', headers })), /^SignatureDoesNotMatch/)
    const late = { ...headers, date: new Date(Date.now() - 16 * 60_000).toUTCString() }
    assert.match(String(await codeOf({ path: '/own/k', headers: late })), /^RequestTimeTooSkewed/)
  })

  test('refusals are S3’s', async () => {
    const path = '/own/k'
    const of = (as: ClientCredentials, expires?: number) =>
      codeOf({ path: presigned(as, { path, ...(expires !== undefined && { expires }) }) })
    assert.equal(await of(user, 1_000_000_000), 'AccessDenied: Request has expired')
    assert.match(String(await of({ ...user, secretAccessKey: 'other' })), /^SignatureDoesNotMatch/)
    assert.match(String(await of({ ...user, accessKeyId: 'AKIANOBODYATALL00000' })), /^InvalidAccessKeyId/)
    assert.match(
      String(await codeOf({ path: '/own/k?AWSAccessKeyId=AKIA&Expires=1' })),
      /^AccessDenied: Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters/,
    )
    assert.match(
      String(await codeOf({ path: presigned(user, { path }), as: user })),
      /^InvalidArgument: Only one auth/,
    )
  })

  test('only regions that had version 2 take it, and nobody where it is turned off (GRD-26)', async () => {
    const host = (region: string) => `own.s3.${region}.amazonaws.com`
    const path = presigned(user, { path: '/k', resource: '/own/k' })
    assert.equal(await codeOf({ path, headers: { host: host('eu-west-1') } }), 200)
    assert.match(
      String(await codeOf({ path, headers: { host: host('eu-central-1') } })),
      /^InvalidRequest: .*AWS4-HMAC-SHA256/,
    )
    const strict = await guardServer({ upstream: { url: upstream.url, sigv2: false } })
    try {
      const sent = { path: presigned(strict.admin, { path: '/own/k' }) }
      assert.match((await send(strict.omen.endpoint, sent)).body, /<Code>InvalidRequest</)
    } finally {
      await strict.close()
    }
  })

  test('policies see s3:signatureversion and s3:authType (GRD-14)', async () => {
    const deny = (key: string, value: string) =>
      policyText(allow('s3:*'), {
        Effect: 'Deny',
        Action: 's3:*',
        Resource: '*',
        Condition: { StringEquals: { [key]: value } },
      })
    const careful = await server.user('careful')
    const url = () => codeOf({ path: presigned(careful, { path: '/own/k' }) })
    const header = () => codeOf({ path: '/own/k', headers: signedHeaders(careful, { path: '/own/k' }) })
    await server.allow('careful', deny('s3:signatureversion', 'AWS'))
    assert.match(String(await url()), /explicit deny/)
    assert.match(String(await header()), /explicit deny/)
    assert.equal(await codeOf({ path: '/own/k', as: careful }), 200)
    await server.allow('careful', deny('s3:authType', 'REST-QUERY-STRING'))
    assert.match(String(await url()), /explicit deny/)
    assert.equal(await header(), 200)
  })

  test('as boto3 makes them by default', needs('boto3'), async () => {
    const program = `
import json, boto3
s3 = boto3.client('s3')
url = s3.generate_presigned_url('put_object', Params={'Bucket': 'own', 'Key': 'a b', 'ContentType': 'text/plain'})
post = s3.generate_presigned_post('own', 'in/boto')
print(json.dumps({'url': url, 'post': post['fields']}))`
    const run = await python({ endpoint: server.omen.endpoint, credentials: user }, program)
    assert.equal(run.status, 0, run.stderr)
    const { url, post } = JSON.parse(run.stdout) as { url: string; post: Record<string, string> }
    assert.match(url, /AWSAccessKeyId=/)
    const { pathname, search } = new URL(url)
    const headers = { 'content-type': 'text/plain' }
    assert.equal(await codeOf({ method: 'PUT', path: pathname + search, headers, body: 'x' }), 200)
    assert.ok('AWSAccessKeyId' in post)
    const form = (fields: Readonly<Record<string, string>>): Sent => ({
      method: 'POST',
      path: '/own',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: [
        ...Object.entries(fields).map(
          ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
        ),
        '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nx\r\n--b--\r\n',
      ].join(''),
    })
    assert.equal(await codeOf(form(post)), 200)
    assert.match(String(await codeOf(form({ ...post, signature: 'AAAA' }))), /^SignatureDoesNotMatch/)
    assert.match(
      String(await codeOf(form({ ...post, key: 'in/other' }))),
      /^AccessDenied: Invalid according to Policy/,
    )
  })
})
