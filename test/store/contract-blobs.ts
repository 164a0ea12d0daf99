import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  type Blob,
  blobLengthMost,
  type Change,
  type Store,
  StoreUnavailable,
} from '../../packages/server/src/store/index.ts'
import type { Subject } from './contract.ts'
import { alpha, beta, commitOf, put, step } from './fixture.ts'

/** What every store promises of the bytes that items name. */
export function blobs<S extends Store>({ open }: Subject<S>): void {
  test('a blob comes back as it was, however long, and is no part of the account', async (t) => {
    const store = await open(t)
    const lengths = [0, 1, 4 * 1024 * 1024, 20_000_001]
    const pattern = Uint8Array.from({ length: 251 }, (_, n) => n) // no page and no chunk is as long
    for (const [index, length] of lengths.entries()) {
      const blob = blobOf(new Uint8Array(Buffer.alloc(length, pattern)))
      assert.deepEqual(await keep(store, index, [names('f', `f${index}`, blob.name)], [blob]), { ok: true })
      const read = await store.readBlob(blob.name)
      assert.ok(read instanceof Uint8Array)
      assert.ok(Buffer.from(blob.bytes).equals(read), `${length} bytes`)
    }
    const items = (await store.loadAccount(alpha))?.items
    assert.deepEqual(new Set(items?.map(({ value }) => value)), new Set(['{}']))
  })

  test('a blob goes with the last item that names it, of whatever account', async (t) => {
    const store = await open(t)
    const [one, other] = [text('one'), text('other')]
    await keep(store, 0, [names('f', 'a', one.name), names('f', 'b', one.name)], [one])
    await store.commit({
      accounts: [{ ...step(beta, 0, [names('f', 'a', one.name)]), blobs: [one] }],
      events: [],
    })
    await keep(store, 1, [names('f', 'a', other.name)], [other])
    await keep(store, 2, [gone('f', 'b')])
    assert.ok(await store.readBlob(one.name))
    await store.commit(commitOf(beta, 1, [gone('f', 'a')]))
    assert.equal(await store.readBlob(one.name), undefined)
    // the same name again, and to and fro within one commit
    await keep(store, 3, [gone('f', 'a'), names('g', 'a', other.name)])
    assert.ok(await store.readBlob(other.name))
    await keep(store, 4, [names('g', 'a', other.name), { kind: 'g', id: 'x', value: null, blob: null }])
    assert.ok(await store.readBlob(other.name))
    await keep(store, 5, [{ ...put('g', 'a'), blob: null }])
    assert.equal(await store.readBlob(other.name), undefined)
  })

  test('a blob that no item names is not kept', async (t) => {
    const store = await open(t)
    const blob = text('nobody')
    assert.deepEqual(await keep(store, 0, [put('f', 'a')], [blob]), { ok: true })
    assert.equal(await store.readBlob(blob.name), undefined)
  })

  test('a commit is refused whole if a blob is missing or too long, and a stale one keeps none', async (t) => {
    const store = await open(t)
    const blob = text('kept')
    await assert.rejects(keep(store, 0, [names('f', 'a', blob.name)]), StoreUnavailable)
    assert.equal(await store.loadAccount(alpha), undefined)
    await keep(store, 0, [names('f', 'a', blob.name)], [blob])
    const late = text('late')
    assert.equal((await keep(store, 0, [names('f', 'b', late.name)], [late])).ok, false)
    assert.equal(await store.readBlob(late.name), undefined)
    const long = { name: 'long', bytes: new Uint8Array(blobLengthMost + 1) }
    await assert.rejects(keep(store, 1, [names('f', 'a', 'long')], [long]), StoreUnavailable)
    assert.ok(await store.readBlob(blob.name))
    // what was refused is not on anybody's mind
    assert.deepEqual(await keep(store, 1, [put('k', 'x')]), { ok: true })
  })

  test('a reset takes blobs along', async (t) => {
    const store = await open(t)
    const blob = text('kept')
    await keep(store, 0, [names('f', 'a', blob.name)], [blob])
    await store.reset()
    assert.equal(await store.readBlob(blob.name), undefined)
    await keep(store, 0, [names('f', 'a', blob.name)], [blob])
    await keep(store, 1, [gone('f', 'a')])
    assert.equal(await store.readBlob(blob.name), undefined)
  })
}

function keep(store: Store, revision: number, changes: readonly Change[], brought: readonly Blob[] = []) {
  return store.commit({ accounts: [{ ...step(alpha, revision, changes), blobs: brought }], events: [] })
}

export function names(kind: string, id: string, blob: string): Change {
  return { ...put(kind, id), blob }
}

function gone(kind: string, id: string): Change {
  return { kind, id, value: null, blob: null }
}

export function blobOf(bytes: Uint8Array): Blob {
  return { name: createHash('sha256').update(bytes).digest('base64'), bytes }
}

export function text(content: string): Blob {
  return blobOf(new TextEncoder().encode(content))
}
