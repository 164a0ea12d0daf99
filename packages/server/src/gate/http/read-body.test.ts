import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RequestHead } from '../../base/index.ts'
import { announcedBytes } from './read-body.ts'

describe('the announced length of a body', () => {
  const of = (headers: Record<string, string>) => announcedBytes({ headers } as unknown as RequestHead)

  it('is what the header says, nothing without one, and unknown in chunks', () => {
    assert.equal(of({ 'content-length': '5' }), 5)
    assert.equal(of({ 'content-length': '0' }), 0)
    assert.equal(of({}), 0)
    assert.equal(of({ 'transfer-encoding': 'chunked' }), undefined)
  })
})
