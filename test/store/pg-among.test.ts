import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPgStore, type PgStore, StoreUnavailable } from '../../packages/server/src/store/index.ts'
import { type CutProxy, needs, openCutProxy, type Postgres, startPostgres } from '../support/index.ts'
import { alpha, beta, commitOf, denial, event, until } from './fixture.ts'

describe('a node among others that change the database', needs('postgres'), () => {
  let cluster: Postgres
  let proxy: CutProxy
  let [one, other]: PgStore[] = []

  before(async () => {
    cluster = await startPostgres()
    proxy = await openCutProxy(`${cluster.socket}/.s.PGSQL.${cluster.port}`)
    one = await openPgStore({ url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres` })
    other = await openPgStore({ url: cluster.url() })
  })
  after(async () => {
    await Promise.all([one?.close(), other?.close()])
    await proxy?.close()
    await cluster?.[Symbol.asyncDispose]()
  })
  test('a stream whose number a failover has given to another node is left to that', async () => {
    await one!.record([event()])
    const id = cluster.sql('SELECT stream FROM omen.events ORDER BY kept DESC LIMIT 1')
    cluster.sql(`UPDATE omen.streams SET node = gen_random_uuid() WHERE id = ${id}`)
    proxy.cut()
    await until(async () => one!.unready() === undefined)
    await one!.record([event()])
    assert.equal(cluster.sql(`SELECT closed FROM omen.streams WHERE id = ${id}`), 'f')
    assert.notEqual(cluster.sql('SELECT stream FROM omen.events ORDER BY kept DESC LIMIT 1'), id)
  })

  test('a denial has its documents after another node has emptied the database', async () => {
    await one!.record([event({ denial: denial() })])
    await other!.reset()
    // a node hears of it with its next beat
    let documents = 0
    for (let tries = 0; documents === 0 && tries < 20; tries++) {
      await sleep(200)
      const after = denial()
      await one!.record([event({ denial: after })])
      documents = (await other!.findDenial(after.id))?.documents.size ?? 0
    }
    assert.equal(documents, 1)
  })
})

describe('a database that gives a node its connections and no more', needs('postgres'), () => {
  test('turns wait for each other, idle connections stay, and one that is lost is no reason to stop', async () => {
    await using cluster = await startPostgres()
    cluster.sql('CREATE ROLE limited LOGIN CONNECTION LIMIT 6')
    cluster.sql("ALTER ROLE limited SET idle_session_timeout = '300ms'")
    cluster.create('small OWNER limited')
    const store = await openPgStore({ url: cluster.url('small').replace('postgres@', 'limited@') })
    try {
      for (const account of [alpha, beta]) await store.commit(commitOf(account, 0, []))
      const order: string[] = []
      const turn = (account: typeof alpha, name: string) =>
        store.turn(account, async () => {
          order.push(name)
          await sleep(50)
          order.push(name)
        })
      await Promise.all([turn(alpha, 'a'), turn(beta, 'b')])
      assert.deepEqual(order, ['a', 'a', 'b', 'b'])
      const backends = () =>
        cluster.sql(
          "SELECT string_agg(pid::text, ' ' ORDER BY pid) FROM pg_stat_activity WHERE usename = 'limited'",
        )
      const first = backends()
      await sleep(700)
      assert.equal(backends(), first)
      // more of them while there is room
      cluster.sql('ALTER ROLE limited CONNECTION LIMIT 7')
      order.length = 0
      await Promise.all([turn(alpha, 'a'), turn(beta, 'b')])
      assert.deepEqual(order, ['a', 'b', 'a', 'b'])
      cluster.sql('ALTER ROLE limited CONNECTION LIMIT 6')
      cluster.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE usename = 'limited' AND application_name = 'omen turns' AND pid > ${first.split(' ').at(-1)}`)
      await sleep(100)
      assert.equal(store.unready(), undefined)
      order.length = 0
      await Promise.all([turn(alpha, 'a'), turn(beta, 'b')])
      assert.deepEqual(order, ['a', 'a', 'b', 'b'])
    } finally {
      await store.close()
    }
    await assert.rejects(store.confirm([]), StoreUnavailable)
  })
})
