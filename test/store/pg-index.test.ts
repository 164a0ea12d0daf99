import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openPgStore, type PgStore, type Store } from '../../packages/server/src/store/index.ts'
import { needs, type Postgres, startPostgres } from '../support/index.ts'
import { alpha, commitOf, event, put, until } from './fixture.ts'

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
    assert.equal(cluster.sql('SELECT count(*) FROM omen.event_terms'), '0')
  })

  test('events of an earlier schema, without terms, are found and indexed', async () => {
    await other!.reset()
    const made = Array.from({ length: 120 }, (_, time) => event({ time, username: time % 50 ? 'a' : 'b' }))
    await one!.record(made.slice(0, 60))
    cluster.sql('UPDATE omen.events SET terms = NULL')
    const attribute = { key: 'Username', value: 'b' } as const
    const find = async () =>
      (await other!.lookUpEvents({ account: alpha, attribute, limit: 9 })).events.map(({ time }) => time)
    assert.deepEqual(await find(), [50, 0])
    await one!.record(made.slice(60))
    await until(async () => cluster.sql('SELECT count(*) FROM omen.event_blocks') !== '0')
    assert.deepEqual(await find(), [100, 50, 0])
  })

  test('pages follow each other without gap or double, in many blocks of two nodes and of one instant', async () => {
    await other!.reset()
    const made = Array.from({ length: 900 }, (_, n) =>
      event({ time: n < 500 ? 7 : 500 + (n % 300), username: n % 3 ? 'a' : 'b', region: n % 5 ? 'r' : 's' }),
    )
    for (let at = 0; at < made.length; at += 10)
      await [one!, other!][(at / 10) % 2]!.record(made.slice(at, at + 10))
    await until(async () => {
      await one!.tidyUp()
      await other!.tidyUp()
      return Number(cluster.sql('SELECT count(*) FROM omen.event_blocks')) >= 8
    })
    const attribute = { key: 'Username', value: 'b' } as const
    for (const query of [{}, { attribute }, { attribute, region: 's' }, { region: 's', from: 7, to: 600 }]) {
      const found: string[] = []
      let next: string | undefined
      do {
        const page = await one!.lookUpEvents({
          account: alpha,
          limit: 40,
          ...query,
          ...(next && { after: next }),
        })
        assert.ok(page.events.every((one, at) => at === 0 || one.time <= page.events[at - 1]!.time))
        found.push(...page.events.map(({ id }) => id))
        next = page.next
      } while (next !== undefined)
      const { region, from = 0, to = 1_000 } = query as { region?: string; from?: number; to?: number }
      const expected = made.filter(
        (one) =>
          (!('attribute' in query) || one.username === 'b') &&
          (region === undefined || one.region === region) &&
          one.time >= from &&
          one.time <= to,
      )
      assert.deepEqual(found.toSorted(), expected.map(({ id }) => id).toSorted())
    }
  })
})
