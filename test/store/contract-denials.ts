import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  denialLimits,
  firstPosition,
  type Store,
  type StoredDenial,
} from '../../packages/server/src/store/index.ts'
import type { Subject } from './contract.ts'
import { alpha, commitOf, denial, event, put, until } from './fixture.ts'

const hour = 3_600_000

/** What every store promises of denials. */
export function denials<S extends Store>({ open, syncs }: Subject<S>): void {
  test('RSN-10 a denial is found by its decision and by its request, as it was handed over', async (t) => {
    const store = await open(t)
    const texts = ['{"Version":"2012-10-17"}', '面 🎭 "\\ \r\n', '']
    const documents = new Map(texts.map((text, n) => [`hash-${n}`, text]))
    const one = denial({ documents, json: '{"名":"\\"🎭"}' })
    const other = denial({ documents: new Map() })
    await store.record([event({ denial: one }), event({ denial: other })])
    assert.deepEqual(await store.findDenial(one.id), one)
    assert.deepEqual(await store.findDenial(one.requestId), one)
    assert.deepEqual(await store.findDenial(other.id), other)
    assert.equal(await store.findDenial('d-nobody'), undefined)
    assert.equal(await store.findDenial(''), undefined)
  })

  test('RSN-10 an event tells the id of its decision, and not the record', async (t) => {
    const store = await open(t)
    const one = event({ decision: 'd-1', denial: denial({ id: 'd-1' }) })
    await store.record([one, event()])
    const { denial: _, ...told } = one
    assert.deepEqual((await store.eventsAfter(firstPosition, 1)).events, [told])
  })

  test('RSN-10 a denial is kept with its commit, in one write, or not at all', async (t) => {
    const store = await open(t)
    const before = syncs(store)
    const kept = denial()
    await store.commit(commitOf(alpha, 0, [put('user', 'a')], [event({ denial: kept })]))
    assert.equal(syncs(store), before + 1)
    const stale = denial()
    await store.commit(commitOf(alpha, 0, [put('user', 'b')], [event({ denial: stale })]))
    assert.deepEqual(await store.findDenial(kept.id), kept)
    assert.equal(await store.findDenial(stale.id), undefined)
  })

  test('denials are listed newest first', async (t) => {
    const store = await open(t)
    const made = Array.from({ length: 5 }, () => denial())
    for (const one of made) await store.record([event({ denial: one })])
    const heads = made.map(({ id, requestId, time, account, action, resource }) => ({
      id,
      requestId,
      time,
      account,
      action,
      resource,
    }))
    assert.deepEqual(await store.denials(10), heads.toReversed())
    assert.deepEqual(await store.denials(2), heads.toReversed().slice(0, 2))
  })

  test('RSN-11 documents that many denials share are there for each, however long ago they came', async (t) => {
    const store = await open(t)
    const documents = new Map([['shared', 'the text']])
    const made = Array.from({ length: 40 }, (_, n) => denial({ documents, time: (n * hour) / 4 }))
    for (const [n, one] of made.entries()) {
      await store.record([event({ denial: one })])
      await store.forgetDenials(one.time - 3 * hour)
      assert.deepEqual(await store.findDenial(one.id), one)
      const oldest = made[Math.max(0, n - 12)]!
      assert.deepEqual(await store.findDenial(oldest.id), oldest)
    }
  })

  test('RSN-11 what is older than an instant is forgotten, with documents that no other needs', async (t) => {
    const store = await open(t)
    const old = denial({ time: 0, documents: new Map([['a', 'A']]) })
    const young = denial({ time: 10 * hour, documents: new Map([['b', 'B']]) })
    await store.record([event({ denial: old }), event({ denial: young })])
    await store.forgetDenials(5 * hour)
    assert.equal(await store.findDenial(old.id), undefined)
    assert.deepEqual(await store.findDenial(young.id), young)
    assert.equal((await store.denials(10)).length, 1)
    // one that names it again brings it again
    const late = denial({ time: 11 * hour, documents: new Map([['a', 'A']]) })
    await store.record([event({ denial: late })])
    assert.deepEqual(await store.findDenial(late.id), late)
  })

  test('RSN-11 denials of a clock that goes back keep their documents', async (t) => {
    const store = await open(t)
    const documents = new Map([['a', 'A']])
    const made = [100 * hour, 90 * hour, 99 * hour].map((time) => denial({ time, documents }))
    for (const one of made) await store.record([event({ denial: one })])
    await store.forgetDenials(80 * hour)
    for (const one of made) assert.deepEqual(await store.findDenial(one.id), one)
  })

  test('RSN-11 of too many, and of too large ones, the oldest go; a document that many name is there for each that stays', async (t) => {
    const store = await open(t)
    const documents = new Map([['shared', 'the text']])
    const gone = 3_000
    const made = Array.from({ length: denialLimits.denials + gone }, () => denial({ documents }))
    // some at a time, so that they know what those before them brought
    for (let at = 0; at < made.length; at += 100)
      await store.record(made.slice(at, at + 100).map((one) => event({ denial: one })))
    // a store of several nodes may keep a few more than it must
    await until(async () => (await store.findDenial(made[gone - 191]!.id)) === undefined)
    for (let at = gone; at < made.length; at += 500)
      assert.deepEqual(await store.findDenial(made[at]!.id), made[at])
    const large: StoredDenial[] = []
    for (let n = 0; n < 10; n++) {
      large.push(denial({ documents: new Map(), json: 'x'.repeat(denialLimits.characters / 8) }))
      await store.record([event({ denial: large[n]! })])
    }
    const kept = large
      .slice(2)
      .map(({ id }) => id)
      .reverse()
    const listed = async () => (await store.denials(100)).map(({ id }) => id)
    await until(async () => (await listed()).length === kept.length)
    assert.deepEqual(await listed(), kept)
  })

  test('denials that are handed over while the store is emptied keep their documents', async (t) => {
    const store = await open(t)
    const documents = new Map([['a', 'A']])
    await store.record([event({ denial: denial({ documents }) })])
    const reset = store.reset()
    const after = denial({ documents })
    await store.record([event({ denial: after })])
    await reset
    assert.deepEqual(await store.findDenial(after.id), after)
  })

  test('reset empties denials and their documents', async (t) => {
    const store = await open(t)
    const documents = new Map([['a', 'A']])
    const before = denial({ documents })
    await store.record([event({ denial: before })])
    await store.reset()
    assert.equal(await store.findDenial(before.id), undefined)
    assert.deepEqual(await store.denials(10), [])
    const after = denial({ documents })
    await store.record([event({ denial: after })])
    assert.deepEqual(await store.findDenial(after.id), after)
  })
}
