import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConsolePages } from './console-pages.ts'

test('SGN-49: a browser that opens the root is led to the sign-in if there is no console, and a client nowhere', () => {
  const pages = new ConsolePages([])
  const led = (rawPath: string, headers: Record<string, string> = { 'sec-fetch-dest': 'document' }) =>
    pages.lead({
      method: 'GET',
      rawPath,
      rawQuery: '',
      headers,
      body: Buffer.alloc(0),
      remoteAddress: '127.0.0.1',
      secure: false,
    })?.headers.location
  assert.equal(led('/'), '/signin')
  assert.equal(led('/', {}), undefined)
  assert.equal(led('/signin'), undefined)
  assert.equal(led('/switchrole'), undefined)
})
