import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { firstPosition, type Store, type StoredEvent } from '../../packages/server/src/store/index.ts'
import type { Subject } from './contract.ts'
import { alpha, beta, event } from './fixture.ts'

/** What every store promises of events that are to be forgotten. */
export function forgetting<S extends Store>({ open }: Subject<S>): void {
  test('TRL-52 forgetting deletes what is older than an instant, from every look-up', async (t) => {
    const store = await open(t)
    const resources = [{ type: 'AWS::IAM::Role', name: 'web' }]
    const made = Array.from({ length: 2500 }, (_, time) =>
      event({ time, resources, account: time % 2 ? alpha : beta }),
    )
    await store.record(made)
    assert.equal(await store.forgetEvents({ before: 2498 }), 2498)
    assert.equal(await store.forgetEvents({ before: 2498 }), 0)
    const attribute = { key: 'ResourceName', value: 'web' } as const
    assert.deepEqual(ids((await store.lookUpEvents({ account: alpha, attribute, limit: 50 })).events), [
      made[2499]!.id,
    ])
    assert.deepEqual(ids((await store.eventsAfter(firstPosition, 50)).events), ids(made.slice(2498)))
  })

  test('TRL-52 forgetting up to a position deletes those that were kept first, and positions go on', async (t) => {
    const store = await open(t)
    const made = Array.from({ length: 300 }, (_, n) => event({ time: 1000 - n }))
    await store.record(made)
    const { position: upTo } = await store.eventsAfter(firstPosition, 101)
    assert.equal(await store.forgetEvents({ upTo }), 101)
    assert.deepEqual(ids((await store.eventsAfter(firstPosition, 500)).events), ids(made.slice(101)))
    const page = await store.lookUpEvents({ account: alpha, from: 900, limit: 50 })
    assert.deepEqual(page.events, [])
    assert.equal(await store.forgetEvents({ upTo }), 0)
    const newest = await store.newestPosition()
    const next = event()
    await store.record([next])
    assert.deepEqual(ids((await store.eventsAfter(newest, 5)).events), [next.id])
    const { position: later } = await store.eventsAfter(upTo, 150)
    assert.equal(await store.forgetEvents({ before: 900, upTo: later }), 199)
    assert.deepEqual(ids((await store.eventsAfter(firstPosition, 500)).events), [next.id])
  })

  test('TRL-53 events that take too much are told by a position, the oldest first', async (t) => {
    const store = await open(t)
    // what chance makes cannot be pressed
    const made = Array.from({ length: 200 }, () => event({ json: randomBytes(5_000).toString('base64') }))
    for (let at = 0; at < made.length; at += 10) await store.record(made.slice(at, at + 10))
    assert.equal(await store.eventsBeyond(100_000_000), undefined)
    const upTo = await store.eventsBeyond(600_000)
    assert.ok(upTo)
    const gone = await store.forgetEvents({ upTo })
    const left = (await store.eventsAfter(firstPosition, 500)).events
    assert.deepEqual(ids(left), ids(made.slice(gone)))
    assert.ok(left.length >= 60 && left.length <= 130, String(left.length))
    assert.equal(await store.eventsBeyond(700_000), undefined)
    // nothing fits into nothing
    const all = await store.eventsBeyond(0)
    assert.ok(all)
    assert.equal(await store.forgetEvents({ upTo: all }), left.length)
    assert.deepEqual(await store.eventsAfter(upTo, 5), { events: [], position: upTo })
  })

  test('TRL-54 look-ups of management events pass over data events, and the other way round', async (t) => {
    const store = await open(t)
    const made = Array.from({ length: 40 }, (_, n) => event({ time: n, ...(n % 4 !== 0 && { data: true }) }))
    await store.record(made)
    const found = async (data: boolean | undefined, limit: number) => {
      const query = { account: alpha, limit, ...(data !== undefined && { data }) }
      return ids((await store.lookUpEvents(query)).events)
    }
    const plain = ids(made.filter(({ data }) => data === undefined).reverse())
    assert.deepEqual(await found(undefined, 50), plain)
    assert.deepEqual(await found(false, 5), plain.slice(0, 5))
    assert.deepEqual(await found(true, 50), ids(made.filter(({ data }) => data === true).reverse()))
    const attribute = { key: 'EventId', value: made[1]!.id } as const
    assert.deepEqual((await store.lookUpEvents({ account: alpha, attribute, limit: 5 })).events, [])
    const query = { account: alpha, attribute, data: true, limit: 5 }
    assert.deepEqual((await store.lookUpEvents(query)).events, [made[1]])
    assert.deepEqual((await store.eventsAfter(firstPosition, 50)).events, made)
  })
}

function ids(events: readonly StoredEvent[]): string[] {
  return events.map(({ id }) => id)
}
