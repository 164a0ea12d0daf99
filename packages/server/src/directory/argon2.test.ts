import assert from 'node:assert/strict'
import { test } from 'node:test'
import { argon2id, argon2idInThread } from './argon2.ts'

test('the thread makes the same hash as Node, so that a home can move between versions of Node', async () => {
  const order = {
    message: 'correct horse',
    nonce: new Uint8Array(16).fill(7),
    memory: 19_456,
    passes: 2,
    parallelism: 1,
    tagLength: 32,
  }
  const hash = Buffer.from(await argon2idInThread(order)).toString('hex')
  assert.equal(hash, Buffer.from(await argon2id(order)).toString('hex'))
  assert.equal(hash, '7132e6a6028b7abb94eb36beb767146777cd7c75426211a827c8a7a5c50d7307')
})

test('a hash that cannot be made is an error', async () => {
  const order = { message: '', nonce: new Uint8Array(0), memory: 1, passes: 0, parallelism: 1, tagLength: 32 }
  await assert.rejects(argon2idInThread(order))
})
