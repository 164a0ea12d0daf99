import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRegistered, type OidcClient } from './client.ts'

test('SGN-92: an answer goes to a registered address, or to another port of this computer that a browser can open', () => {
  const client = { redirects: ['http://127.0.0.1/oauth/callback'] } as unknown as OidcClient
  const isOpen = (redirect: string) => isRegistered(redirect, client)
  const at = (port: string) => `http://127.0.0.1${port}/oauth/callback`
  for (const port of ['', ':1', ':50124', ':65535']) assert.equal(isOpen(at(port)), true, port)
  for (const port of [':0', ':99999', ':65536', ':050124', ':', ':80@evil.example', '.evil.example'])
    assert.equal(isOpen(at(port)), false, port)
})
