import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAllowedRedirect } from './redirects.ts'

test('SGN-61: what a browser reads as another address is none of the list', () => {
  for (const wrong of [
    'http://127.0.0.1.evil.example/',
    'http://127.0.0.1@evil.example/',
    'http://127.0.0.1:80@evil.example/',
    'http://@127.0.0.1/',
    'http://localhost.evil.example/',
    'http://127.1/',
    'http://[::1]/',
    'https://claude.ai.evil.example/',
    'https://claude.ai@evil.example/',
    'https://claude.ai:8443/',
    'https://claude.ai\\@evil.example/',
    'https://CLAUDE.ai/',
    'https://claude.ai/a/../b',
    'https://claude.ai/#x',
    'https://сlaude.ai/',
    'http://claude.ai/',
    'http://localhost/\r\nx',
    'https://replit.com/else',
    'cursor://anysphere.cursor-mcp/oauth/callback/more',
    'javascript:alert(1)',
    'data:text/html,x',
    'vscode:x',
    '',
  ])
    assert.equal(isAllowedRedirect(wrong), false, wrong)
  for (const right of [
    'http://127.0.0.1:1234/cb?x=y',
    'http://localhost',
    'https://claude.ai/api/mcp/auth_callback',
    'cursor://anysphere.cursor-mcp/oauth/callback',
    'vscode://vscode.github-authentication/did-authenticate',
    'https://replit.com',
  ])
    assert.equal(isAllowedRedirect(right), true, right)
})
