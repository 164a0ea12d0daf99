import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { firstPosition, openSqliteStore, type SqliteLocation } from '../../packages/server/src/store/index.ts'
import { names, text } from './contract-blobs.ts'
import { alpha, beta, commitOf, denial, event, put, step, temporaryDirectory } from './fixture.ts'

describe('snapshots of a store', () => {
  for (const kind of ['memory', 'file']) {
    test(`${kind}: everything goes back, and no sequence number is used again`, async (t) => {
      const location: SqliteLocation =
        kind === 'memory' ? { memory: true } : { file: join(temporaryDirectory(t), 'omen.db') }
      const store = await openSqliteStore(location)
      t.after(() => store.close())
      await store.swapSetting('a', undefined, '1')
      const [old, young] = [text('old'), text('young')]
      const changes = [put('user', 'x', 1), put('user', 'y', 1), names('f', 'f', old.name)]
      await store.commit({
        accounts: [{ ...step(alpha, 0, changes), blobs: [old] }],
        events: [event()],
      })
      const first = await store.snapshot()
      await store.swapSetting('a', '1', '2')
      await store.swapSetting('b', undefined, '1')
      const denied = denial()
      await store.commit(
        commitOf(
          alpha,
          1,
          [put('user', 'x', 2), { kind: 'user', id: 'y', value: null }],
          [event({ denial: denied })],
        ),
      )
      await store.commit(commitOf(beta, 0, [put('user', 'z')]))
      await store.commit({
        accounts: [{ ...step(alpha, 2, [names('f', 'f', young.name)]), blobs: [young] }],
        events: [],
      })
      const second = await store.snapshot()
      const { position } = await store.eventsAfter(firstPosition, 10)

      await store.restore(first)
      assert.equal(await store.readSetting('a'), '1')
      assert.equal(await store.readSetting('b'), undefined)
      assert.deepEqual(await store.readBlob(old.name), old.bytes)
      assert.equal(await store.readBlob(young.name), undefined)
      assert.deepEqual(await store.accounts(), [alpha])
      assert.equal((await store.loadAccount(alpha))?.revision, 1)
      assert.equal(await store.findDenial(denied.id), undefined)
      assert.equal((await store.lookUpEvents({ account: alpha, limit: 9 })).events.length, 1)
      const later = event()
      await store.record([later])
      const after = await store.eventsAfter(position, 10)
      assert.deepEqual(
        after.events.map(({ id }) => id),
        [later.id],
      )
      assert.deepEqual(
        (await store.lookUpEvents({ account: alpha, limit: 9 })).events.map(({ id }) => id)[0],
        later.id,
      )

      await store.restore(second)
      assert.deepEqual(await store.readBlob(young.name), young.bytes)
      assert.equal(await store.readBlob(old.name), undefined)
      assert.deepEqual(await store.accounts(), [alpha, beta])
      assert.equal((await store.findDenial(denied.id))?.id, denied.id)
      assert.equal((await store.lookUpEvents({ account: alpha, limit: 9 })).events.length, 2)
      await assert.rejects(store.restore(7), { name: 'StoreUnavailable', message: /no snapshot 7/ })
      // nothing was lost by the refusal
      assert.deepEqual(await store.accounts(), [alpha, beta])
    })
  }
})
