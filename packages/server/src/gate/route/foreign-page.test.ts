import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { HttpRequest } from '../../base/index.ts'
import { fromForeignPage, isLoopback, isMisnamed } from './foreign-page.ts'

type Headers = Readonly<Record<string, string>>

const here = '127.0.0.1'
const away = '192.0.2.7'
const to = (host: string, more: Headers = {}): Headers => ({ host, ...more })
const page = (origin: string, host = origin.replace(/^.*\/\//, ''), more: Headers = {}) =>
  to(host, { origin, ...more })
const site = (value: string, host = 'localhost:4566', more: Headers = {}) =>
  to(host, { 'sec-fetch-site': value, ...more })

describe('a page of another site sent it (WIRE-64)', () => {
  const rows: readonly (readonly [
    why: string,
    headers: Headers,
    from: string,
    expected: boolean,
    method?: string,
  ])[] = [
    ['a program', to('localhost:4566'), here, false],
    ['a program elsewhere', to('omen.example.com'), away, false],
    [
      'a program with a name of its own',
      to('localhost', { 'user-agent': 'aws-cli/2 Mozilla/5.0' }),
      here,
      false,
    ],
    ['a browser that hides the page', to('localhost', { 'user-agent': 'Mozilla/5.0' }), here, true, 'GET'],
    ['the same for its head', to('localhost', { 'user-agent': 'Mozilla/5.0' }), here, true, 'HEAD'],
    ['a browser names the page that posts', to('localhost', { 'user-agent': 'Mozilla/5.0' }), here, false],
    ['what speaks a language', to('localhost', { 'accept-language': 'en' }), here, true, 'GET'],
    ['Node', to('localhost', { 'accept-language': '*', 'sec-fetch-mode': 'cors' }), here, false, 'GET'],
    ['a page of the same site', site('same-site'), here, true],
    ['a page of another site', site('cross-site', 'localhost', { origin: 'http://localhost' }), here, true],
    ['its own page', site('same-origin'), here, false],
    ['the address bar', site('none'), here, false],
    ['its own page under a strange name', site('same-origin', 'rebound.example.com'), here, true],
    [
      'its own page behind a proxy',
      site('same-origin', 'omen', { origin: 'http://127.0.0.1:80' }),
      here,
      false,
    ],
    ['a host that is none', site('same-origin', '%'), here, true],
    ['its own origin', page('http://localhost:4566'), here, false],
    ['an origin below localhost', page('http://a.localhost:1'), here, false],
    ['a name that ends alike', page('http://notlocalhost'), here, true],
    ['a name that begins alike', page('http://localhost.example.com'), here, true],
    ['its own address', page('http://127.0.0.1:4566'), here, false],
    ['its own address of version 6', page('http://[::1]:4566'), here, false],
    ['an origin on another port', page('http://localhost:1', 'localhost:2'), here, true],
    ['an origin that is none', page('null', 'localhost'), here, true],
    ['a name of its network', page('http://omen.internal'), here, true],
    ['the same from its network', page('http://omen.internal'), away, false],
    ['a container', page('http://omen:4566'), away, false],
    ['a name of home', page('http://omen.home.arpa'), away, false],
    ['a name of a test', page('http://omen.test'), away, false],
    ['a name of mDNS', page('http://omen.local'), away, false],
    ['a name that only ends alike', page('http://omen.local.example.com'), away, true],
    ['a name without a dot before', page('http://example.xlocal'), away, true],
    ['an address from elsewhere', page('http://10.1.2.3'), away, false],
    ['a name of the internet', page('http://omen.example.com'), away, true],
  ]
  for (const [why, headers, remoteAddress, expected, method = 'POST'] of rows)
    test(`${why}: ${expected ? 'yes' : 'no'}`, () => {
      assert.equal(fromForeignPage({ method, headers, remoteAddress } as HttpRequest), expected)
    })
})

describe('a browser reached the server under a name that a stranger may own (WIRE-71)', () => {
  const browser = { 'user-agent': 'Mozilla/5.0' }
  const rows: readonly (readonly [
    why: string,
    headers: Headers,
    from: string,
    expected: boolean,
    secure?: boolean,
  ])[] = [
    ['a program', to('omen.example.com'), away, false],
    ['a browser', to('omen.example.com', browser), away, true],
    ['with TLS', to('omen.example.com', browser), away, false, true],
    ['a page that posts', page('http://omen.example.com'), away, true],
    ['a page that is named', site('same-origin', 'omen.example.com'), away, true],
    ['its own name', to('localhost:4566', browser), here, false],
    ['its own address', to('127.0.0.1', browser), here, false],
    ['a private name, from this machine', to('omen.internal', browser), here, true],
    ['a private name, from its network', to('omen.internal', browser), away, false],
    ['a host that is none', to('%', browser), away, true],
    ['no host', { ...browser }, here, true],
  ]
  for (const [why, headers, remoteAddress, expected, secure = false] of rows)
    test(`${why}: ${expected ? 'yes' : 'no'}`, () => {
      assert.equal(isMisnamed({ headers, remoteAddress, secure }), expected)
    })
})

test('an address is of this machine', () => {
  const addresses = ['127.0.0.1', '127.9.9.9', '::1', '128.0.0.1', '1.127.0.0', '::2', '']
  assert.deepEqual(addresses.map(isLoopback), [true, true, true, false, false, false, false])
})
