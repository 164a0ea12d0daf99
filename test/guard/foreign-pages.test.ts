import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { account, type GuardServer, guardServer, type Sent, send } from './house.ts'
import { presignedPath } from './presigned.ts'

const openPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::public/*' }],
}
const cors =
  '<CORSConfiguration><CORSRule><AllowedOrigin>https://*.app.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod>' +
  '<AllowedMethod>PUT</AllowedMethod><AllowedHeader>content-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>' +
  '<MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>'
const app = 'https://one.app.example'

/** Requests as browsers send them for pages of other sites. */
const foreign: readonly Readonly<Record<string, string>>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { host: 'evil.example', origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' },
]

for (const mode of ['off', 'audit', 'enforce'] as const)
  describe(`pages of other sites in mode ${mode}`, () => {
    let upstream: UpstreamServer
    let server: GuardServer
    let arrived: { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string }[] = []

    before(async () => {
      upstream = await startReader((incoming, body, outgoing) => {
        const { url = '', headers } = incoming
        const own =
          /[?&](policy|cors|encryption|publicAccessBlock|ownershipControls|acl|requestPayment)=$/.exec(
            url,
          )?.[1]
        if (own !== undefined) {
          const told = url.startsWith('/public?')
            ? { policy: JSON.stringify(openPolicy), cors }[own]
            : undefined
          outgoing.writeHead(told === undefined ? 404 : 200).end(told ?? '<Error><Code>None</Code></Error>')
          return
        }
        const isQuestion =
          url === '/v20180820/configuration/publicAccessBlock' ||
          headers['x-amz-target'] === 'AmazonSQS.GetQueueAttributes'
        if (!isQuestion) arrived.push({ url, headers, body: body.toString() })
        outgoing.writeHead(200, {
          'access-control-allow-origin': '*',
          'access-control-allow-methods': '*',
          'content-type': 'text/plain',
        })
        outgoing.end('content')
      })
      server = await guardServer({ upstream: { url: upstream.url }, mode })
    })
    beforeEach(() => {
      arrived = []
    })
    after(async () => {
      await server.close()
      await upstream.close()
    })

    const go = (sent: Sent) => send(server.omen.endpoint, sent)
    const form = (fields: Readonly<Record<string, string>>) => {
      const parts = Object.entries(fields).map(
        ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      const file = '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nx\r\n--b--\r\n'
      return { body: parts.join('') + file, headers: { 'content-type': 'multipart/form-data; boundary=b' } }
    }

    test('do nothing unsigned that enforce mode would not let them do (GRD-107)', async () => {
      const upload = form({ key: 'k' })
      for (const headers of foreign) {
        for (const sent of [
          { path: '/private/key' },
          { path: '/private', method: 'PUT' },
          { path: '/private/key', method: 'DELETE' },
          { path: '/private', method: 'POST', ...upload },
          {
            path: `/${account}/queue`,
            method: 'POST',
            service: 'sqs',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: `Action=DeleteQueue&Version=2012-11-05&QueueUrl=http://localhost/${account}/queue`,
          },
        ]) {
          const { status } = await go({ ...sent, headers: { ...sent.headers, ...headers } })
          assert.equal(status, 403, `${sent.method} ${sent.path} ${JSON.stringify(headers)}`)
        }
      }
      assert.deepEqual(arrived, [])
      assert.equal(
        (await go({ path: '/public/key', headers: { origin: 'https://evil.example' } })).status,
        200,
      )
    })

    test('go on unsigned where nobody decided on them, and signed in enforce mode (GRD-108)', async () => {
      const unsigned = mode !== 'enforce'
      await go({ path: '/public/key' })
      assert.equal(arrived[0]?.headers.authorization === undefined, unsigned)
      assert.equal((await go({ path: '/private/key' })).status, unsigned ? 200 : 403)
      assert.equal(arrived[1]?.headers.authorization, undefined)
      const upload = form({ key: 'k' })
      assert.equal((await go({ path: '/private', method: 'POST', ...upload })).status, unsigned ? 200 : 403)
      assert.equal(arrived[2]?.headers.authorization, undefined)
      await go({ path: '/private/key', as: server.admin })
      assert.match(String(arrived.at(-1)?.headers.authorization), /^AWS4-HMAC-SHA256 Credential=test\//)
    })

    test('read answers as the bucket’s own CORS rules say, whatever the upstream does (GRD-107)', async () => {
      const corsOf = async (path: string, origin: string, method = 'GET') => {
        const { headers } = await go({ path, method, headers: { origin }, as: server.admin })
        return Object.fromEntries(Object.entries(headers).filter(([name]) => /^access-control-/.test(name)))
      }
      assert.deepEqual(await corsOf('/public/key', 'https://evil.example'), {})
      assert.deepEqual(await corsOf('/private/key', app), {})
      assert.deepEqual(await corsOf('/public/key', app, 'DELETE'), {})
      assert.deepEqual(await corsOf('/public/key', app), {
        'access-control-allow-origin': app,
        'access-control-allow-methods': 'GET, PUT',
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'ETag',
        'access-control-max-age': '60',
      })
      // a refusal can be read by whom the rules name
      const { status, headers } = await go({ path: '/public/key', method: 'PUT', headers: { origin: app } })
      assert.equal(status, 403)
      assert.equal(headers['access-control-allow-origin'], app)
    })

    test('learn beforehand what they may send (GRD-107)', async () => {
      const ask = (path: string, origin: string, method: string, names = 'content-type') =>
        go({
          path,
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': method,
            'access-control-request-headers': names,
          },
        })
      const yes = await ask('/public/key', app, 'PUT', 'Content-Type, content-md5')
      assert.equal(yes.status, 200)
      assert.equal(yes.headers['access-control-allow-headers'], 'content-type, content-md5')
      for (const [path, origin, method, names, message] of [
        ['/public/key', 'https://evil.example', 'PUT', 'content-type', /is not allowed/],
        ['/public/key', app, 'DELETE', 'content-type', /is not allowed/],
        ['/public/key', app, 'PUT', 'authorization', /is not allowed/],
        ['/private/key', app, 'PUT', 'content-type', /CORS is not enabled for this bucket/],
      ] as const) {
        const no = await ask(path, origin, method, names)
        assert.equal(no.status, 403)
        assert.match(no.body, message)
        assert.equal(no.headers['access-control-allow-origin'], undefined)
      }
      const url = presignedPath(server.omen.endpoint, {
        method: 'PUT',
        path: '/public/key',
        as: server.admin,
      })
      assert.equal((await ask(url, app, 'PUT')).status, 200)
      assert.deepEqual(arrived, [])
    })

    test('a presigned URL does not cover a header that was not signed (SIG-15)', async () => {
      for (const as of [server.admin, { accessKeyId: 'AKIAANYBODYATALL0000', secretAccessKey: 'any' }]) {
        const path = presignedPath(server.omen.endpoint, { method: 'PUT', path: '/private/key', as })
        const { status } = await go({ path, method: 'PUT', headers: { 'x-amz-acl': 'public-read' } })
        assert.equal(status, 403)
      }
      assert.deepEqual(arrived, [])
    })
  })
