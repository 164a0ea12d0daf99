import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventsBetween } from '../../packages/server/src/delivery/index.ts'
import {
  type Commit,
  firstPosition,
  newLineage,
  openPgStore,
  type Store,
  StoreUnavailable,
} from '../../packages/server/src/store/index.ts'
import {
  type CutProxy,
  needs,
  openCutProxy,
  type Postgres,
  promote,
  startPostgres,
  startStandby,
} from '../support/index.ts'
import { alpha, beta, commitOf, event, lineageAt, put, until } from './fixture.ts'

describe('nodes on one PostgreSQL', needs('postgres'), () => {
  let cluster: Postgres
  let proxy: CutProxy
  /** Two nodes; the first is behind the proxy. */
  let [one, other]: Store[] = []

  before(async () => {
    cluster = await startPostgres({ max_prepared_transactions: '1' })
    proxy = await openCutProxy(`${cluster.socket}/.s.PGSQL.5432`)
    // both start in an empty database at once
    ;[one, other] = await Promise.all([
      openPgStore({ url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`, eventsInBlock: 100 }),
      openPgStore({ url: cluster.url(), eventsInBlock: 100 }),
    ])
  })
  after(async () => {
    proxy.passes = 'all'
    await Promise.all([one?.close(), other?.close()])
    await proxy.close()
    await cluster[Symbol.asyncDispose]()
  })
  const clear = async () => {
    await other!.reset()
    await until(async () =>
      one!.readSetting('x').then(
        () => true,
        () => false,
      ),
    )
  }
  const events = async (store = other!) => (await store.eventsAfter(firstPosition, 1_000)).events

  test('a node whose streams and whose own row were removed begins new ones', async () => {
    await clear()
    // the greatest number stays, so that none is used twice
    for (const removed of ['streams WHERE id < (SELECT max(id) FROM omen.streams)', 'nodes']) {
      cluster.sql(`DELETE FROM omen.${removed}`)
      for (const node of [one!, other!]) await node.record([event({ time: 1 })])
      await until(async () => cluster.sql('SELECT count(*) > 0 FROM omen.nodes') === 't')
    }
    assert.equal((await events()).length, 4)
  })

  test('events up to a position are found behind a thousand others that were stored before them', async () => {
    await clear()
    const [slow, fast] = [event({ time: 1 }), Array.from({ length: 1_100 }, (_, time) => event({ time }))]
    await one!.record([slow])
    const upTo = await one!.newestPosition()
    for (const lot of [fast.slice(0, 550), fast.slice(550)]) await other!.record(lot, 'process')
    // they were on their way when the first was stored
    cluster.sql('UPDATE omen.events SET kept = 1 WHERE events > 1')
    const found = await eventsBetween(other!, firstPosition, upTo)
    assert.deepEqual(
      found.map(({ id }) => id),
      [slow.id],
    )
    assert.equal((await events()).length, 1_000)
    assert.ok((await events()).every(({ id }) => id !== slow.id))
  })

  test('what one node has stored, another confirms, applies or is refused by', async () => {
    await clear()
    await one!.commit(commitOf(alpha, 0, [put('user', 'a'), put('user', 'b')], [event()]))
    const held = { account: alpha, lineage: lineageAt(1), revision: 1 }
    assert.deepEqual((await other!.confirm([held])).moved, new Map())
    const changes = [put('user', 'a', 2), { kind: 'user', id: 'b', value: null }]
    await one!.commit(commitOf(alpha, 1, changes, [event()]))
    assert.deepEqual((await other!.confirm([held])).moved, new Map([[alpha, lineageAt(2)]]))
    assert.deepEqual(await other!.changesSince(held), { revision: 2, lineage: lineageAt(2), changes })
    const late = { account: alpha, base: lineageAt(1), next: newLineage(), changes: [] }
    assert.deepEqual(await other!.commit({ accounts: [late], events: [event()] }), {
      ok: false,
      moved: [alpha],
    })
    assert.equal((await events()).length, 2)
    assert.equal((await events(one)).length, 2)
  })

  test('in a turn of one node no other node changes the account, however it tries', async () => {
    await clear()
    for (const account of [alpha, beta])
      await one!.commit(commitOf(account, 0, [put('user', 'a')], [event()]))
    await one!.turn(alpha, async () => {
      const change = commitOf(alpha, 1, [put('user', 'b')])
      assert.deepEqual(await other!.commit(change), { ok: false, moved: [alpha] })
      assert.deepEqual(await other!.commit(commitOf(beta, 1, [put('user', 'b')])), { ok: true })
      const reads = [{ account: alpha, lineage: lineageAt(1) }]
      assert.deepEqual(await other!.commit({ accounts: [], reads, events: [event()] }), { ok: true })
      assert.deepEqual(await one!.commit(change), { ok: true })
    })
    // the end of the turn is on its way
    await until(async () => (await other!.commit(commitOf(alpha, 2, [put('user', 'c')]))).ok)
  })

  test('the turn of a node that does not go on is over after seconds', async () => {
    await clear()
    await one!.commit(commitOf(alpha, 0, [put('user', 'a')]))
    const { promise, resolve } = Promise.withResolvers<void>()
    const stopped = one!.turn(alpha, () => promise)
    await other!.turn(alpha, async () => {
      assert.deepEqual(await other!.commit(commitOf(alpha, 1, [put('user', 'b')])), { ok: true })
    })
    resolve()
    await stopped
  })

  test('an account is read although commits never cease', async () => {
    await clear()
    await one!.commit(commitOf(alpha, 0, [put('user', 'a')], [event()]))
    let isRead = false
    const lane = async () => {
      while (!isRead) await one!.commit({ accounts: [], events: [event()] })
    }
    const read = async () => {
      const loaded = await one!.loadAccount(alpha).finally(() => (isRead = true))
      assert.equal(loaded?.items.length, 1)
    }
    await Promise.all([lane(), lane(), read()])
  })

  test('writers on one node that try again lose no update, and turns of the other succeed at once', async () => {
    await clear()
    await one!.commit(commitOf(alpha, 0, [put('n', 'n', 0)]))
    const next = async (store: Store, base: Commit['accounts'][number]['base']) => {
      const value = Number((await store.loadAccount(alpha))?.items[0]?.value)
      const step = { account: alpha, base, next: newLineage(), changes: [put('n', 'n', value + 1)] }
      return { accounts: [step], events: [event()] }
    }
    const optimistic = async (store: Store) => {
      for (;;) {
        const { lineage } = (await store.loadAccount(alpha))!
        if ((await store.commit(await next(store, lineage))).ok) return
      }
    }
    const byTurn = (store: Store) =>
      store.turn(alpha, async () => {
        const { lineage } = (await store.loadAccount(alpha))!
        assert.deepEqual(await store.commit(await next(store, lineage)), { ok: true })
      })
    await Promise.all([...Array(8)].flatMap(() => [optimistic(one!), byTurn(other!)]))
    assert.equal((await one!.loadAccount(alpha))?.items[0]?.value, '16')
    assert.equal((await events()).length, 16)
  })

  test('two commits that each read what the other changes are not both stored', async () => {
    for (let round = 0; round < 10; round++) {
      await clear()
      await one!.commit(commitOf(alpha, 0, []))
      await one!.commit(commitOf(beta, 0, []))
      const changing = (account: typeof alpha, read: typeof alpha) => ({
        ...commitOf(account, 1, [put('k', 'x')]),
        reads: [{ account: read, lineage: lineageAt(1) }],
      })
      const outcomes = await Promise.all([
        one!.commit(changing(alpha, beta)),
        other!.commit(changing(beta, alpha)),
      ])
      const stored = outcomes.filter(({ ok }) => ok).length
      assert.ok(stored <= 1)
      // each may have met the lock of the other one: then an attempt of one is stored, once that lock is gone
      const again = async () => (await one!.commit(changing(alpha, beta))).ok
      for (let attempt = 0; stored === 0 && !(await again()); attempt++) {
        assert.ok(attempt < 100)
        await sleep(attempt)
      }
    }
  })

  test('a job has one holder, and what it stores is fenced when another holds it', async () => {
    await clear()
    const lease = await one!.lease('job', 30_000)
    assert.ok(lease)
    assert.equal(await other!.lease('job', 30_000), undefined)
    cluster.sql("UPDATE omen.leases SET until = 0 WHERE job = 'job'")
    const next = await other!.lease('job', 30_000)
    assert.equal(next?.token, lease.token + 1)
    assert.equal(await one!.lease('job', 30_000), undefined)
    const outcome = await one!.commit({ accounts: [], events: [event()], fence: lease })
    assert.deepEqual(outcome, { ok: false, fenced: true })
    assert.deepEqual(await other!.commit({ accounts: [], events: [event()], fence: next! }), { ok: true })
    assert.equal((await events()).length, 1)
    // a holder from before a reset is fenced
    await clear()
    assert.ok((await one!.lease('job', 30_000))!.token > next!.token)
    const late = await other!.commit({ accounts: [], events: [event()], fence: next! })
    assert.deepEqual(late, { ok: false, fenced: true })
  })

  test('two nodes that look at what the other one changes do not wait for each other', async () => {
    await clear()
    for (const each of [alpha, beta]) await one!.commit(commitOf(each, 0, []))
    const reads = [{ account: beta, lineage: lineageAt(1) }]
    const held = `SELECT 1 FROM omen.accounts WHERE id = ${Number(beta)} FOR NO KEY UPDATE`
    cluster.sql(`BEGIN; ${held}; PREPARE TRANSACTION 'held'`)
    const changes = { ...commitOf(alpha, 1, []), reads }
    assert.deepEqual(await other!.commit(changes), { ok: false, moved: [beta] })
    const looks = other!.commit({ accounts: [], reads, events: [event()] })
    assert.equal(await Promise.race([looks, sleep(50, 'waits')]), 'waits')
    cluster.sql("ROLLBACK PREPARED 'held'")
    assert.deepEqual(await looks, { ok: true })
    assert.deepEqual(await other!.commit(changes), { ok: true })
  })

  test('what a dead node had begun is left to the others, and to nobody as long as it lives', async () => {
    await clear()
    const begun = event()
    await one!.begin([begun])
    assert.deepEqual(await other!.begun('left'), [])
    assert.deepEqual(await other!.begun(), [begun])
    cluster.sql('UPDATE omen.nodes SET beat = 0')
    assert.deepEqual(await other!.begun('left'), [begun])
    await other!.record([{ ...begun, begun: true }])
    assert.deepEqual(await one!.begun(), [])
    // it was only paused, and its own end of the call comes late; so does that of another node that took it for dead
    const alone = event()
    await one!.record([{ ...begun, begun: true }, alone], 'process')
    await other!.record([{ ...begun, begun: true }])
    // a beginning that was lost with the machine of PostgreSQL
    const lost = event()
    await one!.record([{ ...lost, begun: true }])
    assert.deepEqual(new Set((await events()).map(({ id }) => id)), new Set([begun.id, alone.id, lost.id]))
    assert.equal((await events()).length, 3)
    cluster.sql('UPDATE omen.nodes SET beat = (extract(epoch FROM clock_timestamp()) * 1000)::bigint')
  })

  test('a node stops when the schema is too new for it, and nothing is stored any more', async () => {
    await clear()
    await until(async () => one!.unready?.() === undefined)
    cluster.sql('UPDATE omen.schema SET least = 99')
    await until(async () => one!.unready?.() !== undefined)
    assert.match(one!.unready?.() ?? '', /changed by a newer Omen/)
    await assert.rejects(one!.commit(commitOf(alpha, 0, [])), StoreUnavailable)
    await assert.rejects(one!.confirm([]), StoreUnavailable)
    cluster.sql('UPDATE omen.schema SET least = 1')
    await until(async () => one!.unready?.() === undefined && other!.unready?.() === undefined)
    assert.deepEqual(await one!.commit(commitOf(alpha, 0, [])), { ok: true })
  })

  test('a follower sees each event once, whichever node stores it and when', async () => {
    await clear()
    const seen: string[] = []
    let position = await other!.newestPosition()
    let isOver = false
    const follow = async () => {
      for (;;) {
        const last = isOver
        const page = await other!.eventsAfter(position, 7)
        seen.push(...page.events.map(({ id }) => id))
        position = page.position
        if (last && page.events.length === 0) return
      }
    }
    const made = Array.from({ length: 120 }, () => event())
    const write = (store: Store, from: number) =>
      Promise.all(
        made
          .filter((_, index) => index % 2 === from)
          .map((each, index) => store.record([each], index % 3 === 0 ? 'process' : 'disk')),
      )
    const following = follow()
    await Promise.all([write(one!, 0), write(other!, 1)])
    isOver = true
    await following
    assert.deepEqual(seen.toSorted(), made.map(({ id }) => id).toSorted())
  })

  for (const passes of ['no answers', 'no questions'] as const)
    test(`a commit is told as it was, and stored once, if its connection is cut: ${passes}`, async () => {
      await clear()
      await one!.commit(commitOf(alpha, 0, []))
      proxy.passes = passes
      const commits = [
        one!.commit(commitOf(alpha, 1, [put('k', 'x')], [event()])),
        one!.record([event()]),
        one!.commit(commitOf(beta, 0, [put('k', 'y')], [event()])),
      ]
      await sleep(50)
      proxy.passes = 'all'
      proxy.cut()
      const [first, , third] = await Promise.all(commits)
      assert.deepEqual([first, third], [{ ok: true }, { ok: true }])
      assert.equal((await other!.loadAccount(alpha))?.lineage, lineageAt(2))
      assert.equal((await events()).length, 3)
    })

  test('events that may be stored are not stored again when they are handed over again', async () => {
    await clear()
    const [before, after] = [event(), event()]
    proxy.passes = 'no answers'
    const recorded = one!.record([before], 'process')
    await sleep(50)
    // the connections that follow say nothing either: it cannot be found out
    proxy.cut()
    await assert.rejects(recorded, StoreUnavailable)
    proxy.passes = 'all'
    proxy.cut()
    await until(async () =>
      one!.record([before, after], 'process').then(
        () => true,
        () => false,
      ),
    )
    assert.deepEqual((await events()).map(({ id }) => id).toSorted(), [before.id, after.id].toSorted())
  })

  test('while PostgreSQL is away calls are refused at once, and then they go on', async () => {
    await clear()
    await cluster.stop('kill')
    await until(async () => one!.unready?.() !== undefined && other!.unready?.() !== undefined)
    const away = [
      one!.commit(commitOf(alpha, 0, [])),
      other!.loadAccount(alpha),
      other!.record([event()], 'process'),
    ]
    for (const each of await Promise.allSettled(away)) {
      assert.equal(each.status, 'rejected')
      assert.ok(each.reason instanceof StoreUnavailable, String(each.reason))
    }
    await cluster.start()
    await until(async () =>
      one!.commit(commitOf(alpha, 0, [])).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    await until(async () =>
      other!.loadAccount(alpha).then(
        (loaded) => loaded !== undefined,
        () => false,
      ),
    )
  })
})

describe('failover to a synchronous standby', needs('postgres'), () => {
  test('nothing acknowledged is gone, and nodes follow to the new primary', async () => {
    await using primary = await startPostgres()
    await using standby = await startStandby(primary)
    primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.sql('SELECT pg_reload_conf()')
    await assert.rejects(openPgStore({ url: standby.url() }), {
      name: 'StoreDamaged',
      message: /is a standby: the store must be a primary$/,
    })
    await until(async () => primary.sql('SELECT sync_state FROM pg_stat_replication') === 'sync')
    const store = await openPgStore({
      url: `postgres://postgres@/postgres?host=${primary.socket},${standby.socket}`,
    })
    try {
      await store.commit(commitOf(alpha, 0, [put('k', 'x')], [event()]))
      assert.deepEqual(store.standbys(), { count: 1, areAwaited: true })
      await primary.stop('kill')
      await assert.rejects(store.confirm([]), StoreUnavailable)
      promote(standby)
      await until(async () =>
        store.confirm([]).then(
          () => true,
          () => false,
        ),
      )
      const held = { account: alpha, lineage: lineageAt(1) }
      assert.deepEqual((await store.confirm([held])).moved, new Map())
      await until(async () =>
        store.commit(commitOf(alpha, 1, [], [event()])).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
      await until(async () => store.unready() === undefined) // each connection is opened again by itself
      assert.equal((await store.eventsAfter(firstPosition, 9)).events.length, 2)
    } finally {
      await store.close()
    }
  })
})
