import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createOmen } from 'omen-iam'

const omen = await createOmen()
after(() => omen.close())

describe('programs in a page of a browser', () => {
  const from = (origin: string, path: string, init: RequestInit = {}) =>
    fetch(`${omen.endpoint}${path}`, { ...init, headers: { ...init.headers, origin } })
  const preflight = (origin: string, path: string) =>
    from(origin, path, { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } })
  const readers = ['http://localhost:6274', 'http://127.0.0.1:9', 'https://claude.ai']
  const strangers = [
    'https://evil.example',
    'https://claude.ai.evil.example',
    'null',
    'http://localhost.evil.example',
  ]

  test('AGT-26: a site at which a program may be answered reads the description, registers, and gets tokens', async () => {
    for (const origin of readers) {
      for (const path of ['/v1/register', '/v1/token', '/.well-known/oauth-authorization-server']) {
        const { status, headers } = await preflight(origin, path)
        assert.deepEqual([status, headers.get('access-control-allow-origin')], [204, origin])
        assert.equal(headers.get('access-control-allow-credentials'), null)
      }
      const described = await from(origin, '/.well-known/oauth-authorization-server')
      assert.equal(described.headers.get('access-control-allow-origin'), origin)
    }
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ redirect_uris: ['http://localhost:6274/oauth/callback'] })
    const made = await from(readers[0]!, '/v1/register', { method: 'POST', headers, body })
    assert.deepEqual([made.status, made.headers.get('access-control-allow-origin')], [200, readers[0]])
    // errors are read too
    const refused = await from(readers[0]!, '/v1/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=refresh_token&client_id=x&refresh_token=y',
    })
    assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [400, readers[0]])
  })

  test('AGT-26: any other site reads nothing, and nothing else is read', async () => {
    for (const origin of strangers) {
      assert.equal((await preflight(origin, '/v1/register')).headers.get('access-control-allow-origin'), null)
      const described = await from(origin, '/.well-known/oauth-authorization-server')
      assert.equal(described.headers.get('access-control-allow-origin'), null)
    }
    for (const path of ['/', '/v1/introspect', '/v1/authorize', '/signin', '/token', '/client/register'])
      assert.equal((await preflight(readers[0]!, path)).headers.get('access-control-allow-origin'), null)
  })
})
