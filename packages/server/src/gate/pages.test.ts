import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { HttpRequest } from '../base/index.ts'
import { ConsolePages, isConsoles } from './console-pages.ts'
import { bringsOwnProof, isSignedByAws, sendsCredentials } from './sent-credentials.ts'

const folder = mkdtempSync(join(tmpdir(), 'omen-pages-'))
after(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'assets'))
const files: Readonly<Record<string, string>> = {
  'index.html': '<!doctype html>',
  'index.html.br': 'packed page',
  'assets/a.js': 'script',
  'assets/a.js.br': 'packed script',
  'assets/b.css': 'style',
  'assets/c.svg': '<svg/>',
  'assets/d.woff2': 'font',
  'assets/e.json': '{}',
  'assets/f.bin': 'bytes',
  'secret.txt': 'none of the bundle',
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)

const url = pathToFileURL(`${folder}/`)
const missing = new URL('none/', url)
const request = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): HttpRequest => {
  const [rawPath = '', rawQuery = ''] = path.split('?')
  return {
    method,
    rawPath,
    rawQuery,
    headers,
    body: Buffer.alloc(0),
    remoteAddress: '127.0.0.1',
    secure: false,
  }
}
const etag = (name: string) =>
  `"${createHash('sha256').update(files[name]!).digest('base64url').slice(0, 22)}"`
const guarded = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}
const textOf = (body: Uint8Array | string | undefined) =>
  body === undefined ? undefined : Buffer.from(body).toString('utf8')

describe('the files of the console', () => {
  const pages = new ConsolePages([missing, url])
  const answer = (path: string, headers?: Record<string, string>, method = 'GET') =>
    pages.answer(request(method, path, headers))

  test('are served with their type, and none but those of the bundle', () => {
    const types: Readonly<Record<string, string>> = {
      'assets/a.js': 'text/javascript; charset=utf-8',
      'assets/b.css': 'text/css; charset=utf-8',
      'assets/c.svg': 'image/svg+xml',
      'assets/d.woff2': 'font/woff2',
      'assets/e.json': 'application/json',
      'assets/f.bin': 'application/octet-stream',
    }
    for (const [name, type] of Object.entries(types)) {
      const file = answer(`/_omen/${name}`)!
      assert.deepEqual([file.status, textOf(file.body)], [200, files[name]])
      assert.deepEqual(file.headers, {
        ...guarded,
        'content-type': type,
        etag: etag(name),
        vary: 'accept-encoding',
        'cache-control': 'public, max-age=31536000, immutable',
      })
    }
    const none = [
      'assets/a.js.br',
      'assets/none.js',
      'assets/../secret.txt',
      'assets/',
      'assets/../index.html',
    ]
    for (const name of none) assert.equal(answer(`/_omen/${name}`), undefined, name)
    assert.equal(answer('/_omen/assets/a.js', {}, 'POST'), undefined)
    // a script is public: a browser may send whatever it likes with it
    assert.equal(answer('/_omen/assets/a.js', { authorization: 'AWS4-HMAC-SHA256 …' })?.status, 200)
  })

  test('are packed where the browser reads it, and not sent again', () => {
    const packed = answer('/_omen/assets/a.js', { 'accept-encoding': 'gzip, br' })!
    assert.deepEqual([packed.headers['content-encoding'], textOf(packed.body)], ['br', 'packed script'])
    for (const [name, encodings] of [
      ['assets/a.js', 'gzip, brx'],
      ['assets/b.css', 'br'],
    ]) {
      const plain = answer(`/_omen/${name}`, { 'accept-encoding': encodings! })!
      assert.deepEqual([plain.headers['content-encoding'], textOf(plain.body)], [undefined, files[name!]])
    }
    const same = answer('/_omen/assets/a.js', { 'if-none-match': etag('assets/a.js') })!
    assert.deepEqual([same.status, same.body], [304, ''])
    assert.equal(answer('/_omen/assets/a.js', { 'if-none-match': '"other"' })?.status, 200)
  })

  test('have one page for all addresses of the console, for browsers alone', () => {
    const names =
      'signin switchrole roles users groups policies providers mfa profiles pass paths sessions events d try learn stream organization workloads trails settings'
    const paths = ['/_omen/', ...names.split(' ').flatMap((name) => [`/_omen/${name}`, `/_omen/${name}/a/b`])]
    for (const path of paths) {
      const page = answer(path)!
      assert.deepEqual([page.status, textOf(page.body)], [200, files['index.html']], path)
      assert.equal(page.headers['content-type'], 'text/html; charset=utf-8')
      assert.equal(page.headers['cache-control'], 'no-cache')
      assert.equal(answer(path, {}, 'HEAD')?.status, 200)
      assert.equal(answer(path, {}, 'PUT'), undefined)
      assert.equal(answer(path, { authorization: 'AWS4-HMAC-SHA256 …' }), undefined)
      assert.equal(answer(`${path}?X-Amz-Algorithm=AWS4-HMAC-SHA256`), undefined)
    }
    for (const path of [
      '/_omen/none',
      '/_omen/rolesx',
      '/x/_omen/roles',
      '/_omen/api/server',
      '/',
      '/_omenx',
    ])
      assert.equal(answer(path), undefined, path)
    const led = answer('/_omen')!
    assert.deepEqual(
      [led.status, led.headers, led.body],
      [302, { ...guarded, location: '/_omen/', 'cache-control': 'no-store' }, ''],
    )
  })

  test('are said to be absent where set-up did not build them', () => {
    const none = new ConsolePages([missing])
    assert.deepEqual([pages.isBuilt, none.isBuilt], [true, false])
    assert.deepEqual(none.answer(request('GET', '/_omen/roles')), {
      status: 503,
      headers: { ...guarded, 'content-type': 'text/plain; charset=utf-8' },
      body: 'The console is not built. In a checkout, npm start builds it.\n',
    })
    assert.equal(none.answer(request('GET', '/_omen/assets/a.js')), undefined)
  })

  test('lead a browser from the root and the sign-in into the console', () => {
    const document = { 'sec-fetch-dest': 'document' }
    const led = (path: string, headers: Record<string, string> = document, method = 'GET', of = pages) =>
      of.lead(request(method, path, headers))?.headers.location
    assert.equal(led('/'), '/_omen/')
    assert.equal(led('/signin?a=1&b=2'), '/_omen/signin?a=1&b=2')
    assert.equal(led('/switchrole'), '/_omen/switchrole')
    assert.equal(led('/x/signin'), undefined)
    assert.equal(led('/signin/login'), undefined)
    assert.equal(led('/roles'), undefined)
    assert.equal(led('/', document, 'HEAD'), undefined)
    assert.equal(led('/', { ...document, authorization: 'Bearer x' }), undefined)
    assert.equal(led('/', { 'sec-fetch-dest': 'image', accept: 'text/html' }), undefined)
    // a browser by http to another machine says only what it accepts
    assert.equal(led('/', { accept: 'text/html,*/*' }), '/_omen/')
    assert.equal(led('/', { accept: 'text/htmlx' }), undefined)
    assert.equal(led('/', {}), undefined)
    assert.equal(led('/signin', { accept: 'text/html' }), undefined)
    const none = new ConsolePages([missing])
    assert.equal(led('/', document, 'GET', none), '/signin')
    assert.equal(led('/signin', document, 'GET', none), undefined)
  })

  test('say to a browser that opens nothing that there is nothing, and to no other client', async () => {
    const answered = { status: 404, headers: {}, body: '{}' }
    const or = (headers: Record<string, string>, method = 'GET', answer = answered, of = pages) =>
      of.orPage(request(method, '/none', headers), Promise.resolve(answer))
    const document = { 'sec-fetch-dest': 'document' }
    const page = await or({ ...document, 'if-none-match': etag('index.html') })
    assert.deepEqual([page.status, textOf(page.body)], [404, files['index.html']])
    assert.equal(await or({}), answered)
    assert.equal(await or({ 'sec-fetch-dest': 'image' }), answered)
    assert.equal(await or({ ...document, authorization: 'Bearer x' }), answered)
    assert.equal(await or(document, 'POST'), answered)
    const found = { ...answered, status: 200 }
    assert.equal(await or(document, 'GET', found), found)
    assert.equal(await or(document, 'GET', answered, new ConsolePages([missing])), answered)
  })

  test('are of the console, as its API and the sign-in', () => {
    for (const path of ['/_omen', '/_omen/api/x', '/signin'])
      assert.ok(isConsoles(request('GET', path)), path)
    for (const path of ['/', '/x/_omen', '/bucket/signin']) assert.ok(!isConsoles(request('GET', path)), path)
  })
})

test('what a request proves its sender with', () => {
  const aws = { authorization: 'AWS4-HMAC-SHA256 Credential=…' }
  const bearer = { authorization: 'Bearer token' }
  const presigned = '?a=b&X-Amz-Algorithm=AWS4-HMAC-SHA256'
  const portal = { 'x-amz-sso_bearer_token': 'token' }
  const table: readonly (readonly [HttpRequest, sends: boolean, signed: boolean, own: boolean])[] = [
    [request('GET', '/', aws), true, true, false],
    [request('GET', `/${presigned}`), true, true, false],
    [request('GET', '/', bearer), true, false, false],
    [request('GET', '/'), false, false, false],
    [request('POST', '/v1/register'), false, false, true],
    [request('POST', '/v1/token'), false, false, true],
    [request('POST', '/token'), false, false, true],
    [request('POST', '/client/register'), false, false, true],
    [request('POST', '/device_authorization'), false, false, true],
    [request('GET', '/token'), false, false, false],
    [request('POST', '/token/x'), false, false, false],
    [request('POST', '/x/token'), false, false, false],
    [request('POST', '/token', aws), true, true, false],
    [request('POST', `/token${presigned}`), true, true, false],
    [request('GET', '/assignment/accounts', portal), false, false, true],
    [request('GET', '/assignment/roles', portal), false, false, true],
    [request('GET', '/federation/credentials', portal), false, false, true],
    [request('POST', '/logout', portal), false, false, true],
    [request('GET', '/assignment/accounts'), false, false, false],
    [request('GET', '/assignment/accounts/x', portal), false, false, false],
    [request('GET', '/x/logout', portal), false, false, false],
    [request('POST', '/sessions', { authorization: 'AWS4-X509-RSA-SHA256 …' }), true, true, true],
  ]
  for (const [given, sends, signed, own] of table) {
    const told = [sendsCredentials(given), isSignedByAws(given), bringsOwnProof(given)]
    assert.deepEqual(
      told,
      [sends, signed, own],
      `${given.method} ${given.rawPath} ${JSON.stringify(given.headers)}`,
    )
  }
})
