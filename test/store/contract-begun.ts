import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstPosition, type Store, type StoredEvent } from '../../packages/server/src/store/index.ts'
import type { Subject } from './contract.ts'
import { alpha, event } from './fixture.ts'

/** What every store promises of what is begun elsewhere. */
export function begun<S extends Store>({ open, syncs }: Subject<S>): void {
  test('what has to outlive the process alone waits for no disk (TRL-51, GRD-90)', async (t) => {
    const store = await open(t)
    const before = syncs(store)
    await store.begin([event()])
    await store.record([event()], 'process')
    assert.equal(syncs(store), before)
    await Promise.all([store.begin([event()]), store.record([event()])])
    assert.equal(syncs(store), before + 1)
    await store.record([event()], 'process')
    assert.equal(syncs(store), before + 1)
    assert.equal((await store.begun()).length, 2)
    assert.equal((await store.eventsAfter(firstPosition, 10)).events.length, 3)
  })

  test('GRD-97 what is begun is kept apart until its end is recorded, under the same id', async (t) => {
    const store = await open(t)
    const [one, other] = [
      event({ errorCode: 'OutcomeUnknown' }),
      event({ resources: [{ type: 'T', name: 'n' }] }),
    ]
    await store.begin([one, other])
    assert.deepEqual(ids(await store.begun()), ids([one, other]))
    assert.deepEqual(
      (await store.begun()).find(({ id }) => id === one.id),
      one,
    )
    assert.deepEqual((await store.lookUpEvents({ account: alpha, limit: 10 })).events, [])

    const ended = { ...one, errorCode: undefined }
    await store.record([{ ...ended, begun: true }, event({ name: 'Another' })])
    assert.deepEqual(ids(await store.begun()), [other.id])
    const attribute = { key: 'EventId', value: one.id } as const
    assert.deepEqual((await store.lookUpEvents({ account: alpha, attribute, limit: 10 })).events, [ended])
    await store.record([event()])
    assert.deepEqual(ids(await store.begun()), [other.id])
    await store.reset()
    assert.deepEqual(await store.begun(), [])
  })
}

function ids(events: readonly StoredEvent[]): readonly string[] {
  return events.map(({ id }) => id).sort()
}
