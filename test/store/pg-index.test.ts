import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openPgStore, type PgStore, type Store } from '../../packages/server/src/store/index.ts'
import { needs, type Postgres, startPostgres } from '../support/index.ts'
import { alpha, commitOf, event, put, until } from './fixture.ts'

/** The hash by which the index finds a value: FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193)
  return hash >>> 0
}

describe('the index of events that two nodes record', needs('postgres'), () => {
  let cluster: Postgres
  let [one, other]: PgStore[] = []

  before(async () => {
    cluster = await startPostgres()
    const open = () => openPgStore({ url: cluster.url(), eventsInBlock: 100 })
    ;[one, other] = await Promise.all([open(), open()])
  })
  after(async () => {
    await Promise.all([one?.close(), other?.close()])
    await cluster[Symbol.asyncDispose]()
  })

  test('index blocks are made by one node, and found by all, and what nobody needs is removed', async () => {
    await other!.reset()
    const attribute = { key: 'Username', value: 'b' } as const
    const found = async (store: Store) =>
      (await store.lookUpEvents({ account: alpha, attribute, limit: 9 })).events.map(({ time }) => time)
    // while blocks are made, no event is found twice or missed: in the index of the newest events, and in its block
    let isMade = false
    const looking = (async () => {
      for (const seen = ['', '0', '100,0', '200,100,0']; !isMade; )
        for (const times of await Promise.all([1, 2, 3, 4].map(() => found(one!)))) {
          assert.ok(seen.includes(times.join()), `found ${times}, and before ${seen[0]}`)
          while (times.join() !== seen[0]) seen.shift()
        }
    })()
    const made = Array.from({ length: 300 }, (_, time) => event({ time, username: time % 100 ? 'a' : 'b' }))
    for (let at = 0; at < made.length; at += 30)
      await [one!, other!][(at / 30) % 2]!.record(made.slice(at, at + 30))
    // the nodes do so when they have recorded enough, without being asked
    await until(
      async () => cluster.sql('SELECT count(DISTINCT stream) FROM omen.event_blocks') === '2',
    ).finally(() => {
      isMade = true
    })
    await looking
    await one!.commit(commitOf(alpha, 0, [put('k', 'x')]))
    await one!.commit(commitOf(alpha, 1, [{ kind: 'k', id: 'x', value: null }]))
    await one!.tidyUp()
    await other!.tidyUp()
    assert.equal(cluster.sql('SELECT count(*) FROM omen.items'), '0')
    for (const store of [one!, other!]) assert.deepEqual(await found(store), [200, 100, 0])
    assert.equal(await one!.forgetEvents({ before: 250 }), 250)
    for (const store of [one!, other!]) assert.deepEqual(await found(store), [])
    assert.equal(cluster.sql('SELECT count(*) FROM omen.event_columns'), '0')
  })

  test('events of a release that kept no columns are found and indexed', async () => {
    await other!.reset()
    const made = Array.from({ length: 120 }, (_, time) => event({ time, username: time % 50 ? 'a' : 'b' }))
    await one!.record(made.slice(0, 60))
    cluster.sql('UPDATE omen.events SET columns = NULL')
    const attribute = { key: 'Username', value: 'b' } as const
    const find = async () =>
      (await other!.lookUpEvents({ account: alpha, attribute, limit: 9 })).events.map(({ time }) => time)
    assert.deepEqual(await find(), [50, 0])
    await one!.record(made.slice(60))
    await until(async () => cluster.sql('SELECT count(*) FROM omen.event_blocks') !== '0')
    assert.deepEqual(await find(), [100, 50, 0])
  })

  test('a value is found in its block, also where the hashes of a column are crowded', async () => {
    cluster.create('crowded')
    // hashes in the lowest sixteenth of the range, and some in the highest: few are near their expected place
    const ids: string[] = []
    for (let n = 0; ids.length < 400; n++) {
      const id = `crowded-${n}`
      if (hashOf(id) >>> 28 === (ids.length % 10 === 0 ? 15 : 0)) ids.push(id)
    }
    const made = ids.map((id, time) => event({ id, time, json: JSON.stringify({ eventID: id }) }))
    const store = await openPgStore({ url: cluster.url('crowded'), eventsInBlock: 400 })
    try {
      await store.record(made)
      await until(async () => cluster.sql('SELECT sum(events) FROM omen.event_blocks', 'crowded') === '400')
      const find = async (value: string) =>
        (await store.lookUpEvents({ account: alpha, attribute: { key: 'EventId', value }, limit: 1 }))
          .events[0]?.id
      for (const id of ids.filter((_, index) => index % 3 === 0)) assert.equal(await find(id), id)
      assert.equal(await find('nowhere'), undefined)
    } finally {
      await store.close()
    }
  })
})
