import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import { contentSize, openChunk } from './event-chunk.ts'

test('a chunk is opened in a buffer of the size that its frame says', () => {
  for (const size of [1, 255, 256, 300, 65_791, 65_792, 70_000, 3_000_000]) {
    const content = Buffer.alloc(size, 'omen')
    const frame = zstdCompressSync(content)
    assert.equal(contentSize(frame), size)
    assert.deepEqual(openChunk(frame), content)
  }
})

test('a frame that says no size, or a wrong one, is opened or refused', () => {
  const content = Buffer.alloc(70_000, 'omen')
  const frame = zstdCompressSync(content)
  const wrong = Buffer.from(frame)
  wrong.writeUInt32LE(0xffff_ffff, 5)
  assert.throws(() => openChunk(wrong))
  assert.equal(contentSize(frame.subarray(0, 6)), undefined)
})
