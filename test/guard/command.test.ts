import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { Secret } from '../../packages/server/src/base/index.ts'
import {
  canonicalRules,
  readClaim,
  SigningKeys,
  verifySignature,
} from '../../packages/server/src/wire/sigv4/index.ts'
import { omen, serve, temporaryHome } from '../cli/process.ts'
import { authority, forger, server as proven } from '../gate/web-certificates.ts'
import { startSink } from '../support/index.ts'
import { glue } from './ambiguous-bodies.ts'
import { send } from './house.ts'

/** An upstream that keeps what came. */
async function keeping(t: TestContext) {
  const arrivals: IncomingMessage[] = []
  const sink = await startSink((incoming, outgoing) => {
    arrivals.push(incoming)
    incoming.resume()
    incoming.on('end', () => outgoing.end('{}'))
  })
  t.after(sink.close)
  return { url: sink.url, arrivals }
}

const job = { method: 'POST', service: 'glue', headers: glue, body: '{"JobName":"a"}' }

/** Whether a request that came is signed with this secret. */
function isSignedWith(
  secret: string,
  { method = '', url = '', headers }: IncomingMessage,
  body: string,
): boolean {
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
  const parts = { method, rawPath: url, rawQuery: '', headers: plain, remoteAddress: '', secure: false }
  const request = { ...parts, body: Buffer.from(body) }
  const claim = readClaim(request)
  assert.ok(!('kind' in claim))
  const rules = canonicalRules('glue')
  return (
    verifySignature(claim, request, new Secret(secret), rules, Date.now(), new SigningKeys()) === undefined
  )
}

describe('omen start --upstream', { concurrency: 2 }, () => {
  test('--upstream-key is what the upstream sees (GRD-60)', async (t) => {
    const { url, arrivals } = await keeping(t)
    const options = [
      '--memory',
      '--no-shared-iam',
      '--upstream',
      url,
      '--upstream-key',
      'AKIAUPSTREAM:a:secret',
    ]
    const server = await serve(temporaryHome(t), options)
    t.after(() => server.stop('SIGKILL'))
    assert.equal((await send(server.url, { ...job, as: server.keys.admin })).status, 200)
    const [arrived] = arrivals
    assert.match(String(arrived?.headers.authorization), /Credential=AKIAUPSTREAM\/\d{8}\/us-east-1\/glue\//)
    assert.ok(isSignedWith('a:secret', arrived!, job.body))
  })

  test('--upstream-account-key names the caller’s account, whatever the caller says (GRD-60, GRD-61)', async (t) => {
    const { url, arrivals } = await keeping(t)
    const server = await serve(temporaryHome(t), [
      '--memory',
      '--no-shared-iam',
      '--upstream',
      url,
      '--upstream-account-key',
    ])
    t.after(() => server.stop('SIGKILL'))
    const headers = { ...glue, 'x-moto-account-id': '999999999999' }
    assert.equal((await send(server.url, { ...job, headers, as: server.keys.admin })).status, 200)
    const [arrived] = arrivals
    assert.match(String(arrived?.headers.authorization), /Credential=123456789012\//)
    assert.equal(arrived?.headers['x-moto-account-id'], '123456789012')
    assert.ok(isSignedWith('test', arrived!, job.body))
  })

  test('options that make no sense are refused', async (t) => {
    const home = temporaryHome(t)
    for (const [args, says] of [
      [['start', '--upstream-key', 'a:b'], /--upstream-key needs --upstream/],
      [['start', '--upstream', 'http://x', '--upstream-key', 'a'], /takes an access key id and its secret/],
      [['start', '--upstream', 'http://x/path'], /it takes no path/],
      [['start', '--upstream', 'ftp://x'], /it takes http/],
      [['start', '--upstream', 'http://x', '--forward', 'sts'], /cannot send sts away/],
      [['guard'], /--upstream is missing/],
    ] as const) {
      const { status, stderr } = await omen([...args, '--home', home])
      assert.notEqual(status, 0)
      assert.match(stderr, says)
    }
  })

  test('doctor says whether the upstream has the IAM of the house (GRD-120, GRD-121)', async (t) => {
    const home = temporaryHome(t)
    const sink = await startSink((incoming, outgoing) => {
      incoming.resume()
      incoming.on('end', () => outgoing.writeHead(503).end())
    })
    t.after(sink.close)
    const server = await serve(home, ['--memory', '--upstream', sink.url])
    t.after(() => server.stop('SIGKILL'))
    const doctor = async () => (await omen(['doctor', '--home', home])).stdout
    assert.match(await doctor(), /^! upstream IAM +it was not reached yet$/m)
    const { url } = await keeping(t)
    const other = temporaryHome(t)
    const second = await serve(other, ['--memory', '--upstream', url])
    t.after(() => second.stop('SIGKILL'))
    assert.match(
      (await omen(['doctor', '--home', other])).stdout,
      /^✓ upstream IAM +the upstream keeps none$/m,
    )
  })

  test('doctor and status report what could not be decided (GRD-68)', async (t) => {
    const home = temporaryHome(t)
    const { url, arrivals } = await keeping(t)
    const server = await serve(home, ['--memory', '--no-shared-iam', '--upstream', url])
    t.after(() => server.stop('SIGKILL'))
    const environment = { AWS_ENDPOINT_URL: server.url }
    const well = await omen(['doctor', '--home', home], environment)
    assert.match(well.stdout, /^✓ guard +every call could be decided on$/m)
    assert.match(well.stdout, new RegExp(`^✓ upstream +${url} answers$`, 'm'))
    const status = async () => (await omen(['status', '--home', home])).stdout
    assert.doesNotMatch(await status(), /guard:/)
    const broken = { ...job, body: '{' }
    for (const each of [broken, broken, { ...job, body: '[]' }])
      assert.equal((await send(server.url, { ...each, as: server.keys.admin })).status, 400)
    const target = 'AmazonEC2ContainerRegistry_V20150921.ListImageReferrers'
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' }
    const strange = { method: 'POST', service: 'ecr', headers, body: '{}' }
    assert.match(
      (await send(server.url, { ...strange, as: server.keys.admin })).body,
      /AccessDeniedException/,
    )
    const ill = await omen(['doctor', '--home', home], environment)
    assert.equal(ill.status, 0)
    assert.match(
      ill.stdout,
      /^! guard +glue GetJob could not be decided on 3 times: A structure is missing$/m,
    )
    assert.match(
      ill.stdout,
      /^! guard +ecr ListImageReferrers could not be decided on once: It is not known/m,
    )
    assert.match(await status(), /^guard: 2 operations could not be decided on: omen doctor$/m)
    assert.deepEqual(
      arrivals.filter(({ method }) => method !== 'HEAD'),
      [],
    ) // which is how doctor asks
    for (const path of ['/_omen/undecidable', '/_omen/upstream'])
      assert.equal((await send(server.url, { path })).status, 403)
  })

  test('doctor reports an upstream that does not answer (GRD-70)', async (t) => {
    const home = temporaryHome(t)
    const server = await serve(home, ['--memory', '--upstream', 'http://127.0.0.1:1'])
    t.after(() => server.stop('SIGKILL'))
    const ill = await omen(['doctor', '--home', home], { AWS_ENDPOINT_URL: server.url })
    assert.equal(ill.status, 1)
    assert.match(ill.stdout, /^✗ upstream +http:\/\/127\.0\.0\.1:1 does not answer: connect ECONNREFUSED/m)
  })
})

describe('an upstream behind TLS (GRD-70)', () => {
  const answer = (_: IncomingMessage, outgoing: ServerResponse) => outgoing.end('{}')
  const listening = async (t: TestContext, identity: { readonly key: string; readonly cert: string }) => {
    const server = createServer(identity, answer)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => {
      server.close()
      server.closeAllConnections()
    })
    return (server.address() as AddressInfo).port
  }

  test('is believed by an authority of NODE_EXTRA_CA_CERTS, and nobody else is', async (t) => {
    const home = temporaryHome(t)
    const extra = join(home, 'authority.pem')
    writeFileSync(extra, authority)
    const trusted = await listening(t, proven)
    const ask = async (url: string) => {
      const own = temporaryHome(t)
      const server = await serve(own, ['--memory', '--no-shared-iam', '--upstream', url], {
        NODE_EXTRA_CA_CERTS: extra,
      })
      t.after(() => server.stop('SIGKILL'))
      const answered = await send(server.url, { ...job, as: server.keys.admin })
      const events = await omen(['events', '--home', own, '--output', 'json'])
      return { ...answered, events: events.stdout }
    }
    const well = await ask(`https://localhost:${trusted}`)
    assert.deepEqual([well.status, well.body], [200, '{}'])
    const others = [`https://localhost:${await listening(t, forger)}`, `https://127.0.0.1:${trusted}`]
    for (const url of others) {
      const { status, body, headers, events } = await ask(url)
      assert.equal(status, 503)
      assert.equal(JSON.parse(body).__type, 'ServiceUnavailable')
      assert.equal(headers['content-type'], 'application/x-amz-json-1.1')
      assert.match(events, /"eventName":\s*"GetJob"/)
      assert.match(events, /"errorCode":\s*"ServiceUnavailable"/)
    }
  })
})
