import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { needs, type Postgres, startPostgres } from '../../../../../test/support/index.ts'
import type { AccountId } from '../../base/index.ts'
import { firstPosition, type StoredEvent } from '../types.ts'
import { Link } from './link.ts'
import { openPgStore } from './open.ts'
import type { PgStore } from './store.ts'
import { EventStream } from './stream.ts'

/** Holds the next statement of a name until it is let go, as if its node were paused before it. */
function hold(name: string) {
  const { query } = Link.prototype
  const reached = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  let isHeld = false
  Link.prototype.query = async function (this: Link, ...given: Parameters<typeof query>) {
    const [statement] = given
    if (!isHeld && typeof statement === 'object' && statement.name === name) {
      isHeld = true
      reached.resolve()
      await release.promise
    }
    return Reflect.apply(query, this, given)
  } as typeof query
  const end = () => {
    Link.prototype.query = query
    release.resolve()
  }
  /** Waits until the statement comes. Rejects if the job that must send it ends without it. */
  const reachedBy = (job: Promise<unknown>) => {
    const ended = job.then(() => assert.fail(`the job ended without its statement ${name}`))
    return Promise.race([reached.promise, ended])
  }
  return { reachedBy, end }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)
const timesOf = (events: readonly StoredEvent[]) => events.map(({ time }) => time)

let made = 0

function event(time: number): StoredEvent {
  const id = `event-${made++}`
  return {
    account: '111111111111' as AccountId, // twelve digits
    region: 'us-east-1',
    id,
    time,
    name: 'CreateRole',
    source: 'iam.amazonaws.com',
    username: time % 2 === 0 ? 'even' : undefined,
    accessKeyId: undefined,
    readOnly: false,
    errorCode: undefined,
    resources: [],
    json: '{}',
  }
}

describe('a node that is paused in a job, and another one meanwhile', needs('postgres'), () => {
  let cluster: Postgres
  let [one, other]: PgStore[] = []
  let held: ReturnType<typeof hold> | undefined

  before(async () => {
    cluster = await startPostgres()
    one = await openPgStore({ url: cluster.url(), eventsInBlock: 100, isTidiedByTimer: false })
    other = await openPgStore({ url: cluster.url(), eventsInBlock: 1_000, isTidiedByTimer: false })
  })
  afterEach(() => held?.end())
  after(async () => {
    await Promise.all([one?.close(), other?.close()])
    await cluster?.[Symbol.asyncDispose]()
  })
  // a test may have passed it to the other node
  const freeLease = () => cluster.sql("UPDATE omen.leases SET until = 0 WHERE job = 'blocks'")
  const found = async () => timesOf((await other!.eventsAfter(firstPosition, 1_000)).events)

  test('a block of the index is not stored under a lease that has passed on', async () => {
    held = hold('put-block')
    for (let at = 0; at < 120; at += 30)
      await other!.record(Array.from({ length: 30 }, (_, index) => event(at + index)))
    freeLease()
    const indexed = one!.tidyUp()
    await held.reachedBy(indexed)
    freeLease()
    assert.ok(await other!.lease('blocks', 60_000))
    assert.equal(await other!.forgetEvents({ before: 1_000 }), 120)
    held.end()
    await indexed
    assert.equal(cluster.sql('SELECT count(*) FROM omen.event_blocks'), '0')
    assert.equal(cluster.sql('SELECT count(*) FROM omen.event_terms'), '0')
  })

  const account = '111111111111' as AccountId // twelve digits
  const alone = async (store: PgStore | undefined, from: number, to: number) => {
    for (let time = from; time < to; time++) await store!.record([event(time)])
  }
  const rows = () => Number(cluster.sql('SELECT count(*) FROM omen.events'))
  const blocks = () => Number(cluster.sql('SELECT count(*) FROM omen.event_blocks'))

  test('events that were recorded alone become rows of many, except what another node has cut or deleted meanwhile', async () => {
    await other!.record([5, 0, 1].map(event))
    await alone(other, 3, 100)
    assert.equal(rows(), 98)
    held = hold('rewrite-rows')
    freeLease()
    const indexed = one!.tidyUp()
    await held.reachedBy(indexed)
    assert.equal(await other!.forgetEvents({ before: 3 }), 2)
    held.end()
    await indexed
    // the first 48 positions are left, the next 52 are two rows
    assert.equal(rows(), 46 + 2)
    assert.deepEqual(await found(), [5, ...numbers(3, 100)])
    assert.equal(await other!.forgetEvents({ before: 60 }), 58)
    assert.deepEqual([rows(), await found()], [2, numbers(60, 100)])
    assert.equal(await one!.forgetEvents({ before: 1_000 }), 40)
  })

  test('a page and a search whose rows are merged meanwhile miss no event and show none twice', async () => {
    await alone(other, 0, 110)
    const search = { account, texts: [], limit: 30 }
    const step = await other!.searchEvents(search)
    // the end of a step before a row, which is then the first of those that are merged
    const place = cluster.sql(
      "SELECT kept || '.' || stream || '.' || last || '.' || last + 1 FROM omen.events ORDER BY last OFFSET 96 LIMIT 1",
    )
    held = hold('bodies-of')
    // no row of the page is the last one of those that are merged
    const attribute = { key: 'Username', value: 'even' } as const
    const page = other!.lookUpEvents({ account, limit: 50, attribute })
    await held.reachedBy(page)
    const { events, position } = await other!.eventsAfter(firstPosition, 7)
    freeLease()
    await one!.tidyUp()
    assert.equal(rows(), 3 + 10)
    held.end()
    const even = numbers(10, 110).filter((time) => time % 2 === 0)
    assert.deepEqual(timesOf((await page).events), even.reverse())
    const rest = await other!.searchEvents({ ...search, limit: 200, before: step.before! })
    const searched = [...step.events, ...rest.events].map(({ event }) => event)
    assert.deepEqual(timesOf(searched), numbers(0, 110).reverse())
    const after = await other!.searchEvents({ ...search, limit: 200, before: place })
    assert.deepEqual(
      after.events.map(({ event }) => event.time),
      numbers(0, 97).reverse(),
    )
    const followed = (await other!.eventsAfter(position, 1_000)).events
    assert.deepEqual(timesOf([...events, ...followed]), numbers(0, 110))
    assert.equal(await other!.forgetEvents({ before: 1_000 }), 110)
  })

  test('a node that is lost before it has merged rows, or then, leaves them to the next one', async () => {
    const pass = () => {
      freeLease()
      return other!.lease('blocks', 60_000)
    }
    await alone(other, 0, 100)
    for (const [name, left] of [
      ['rewrite-rows', 100],
      ['put-block', 3],
    ] as const) {
      freeLease()
      held = hold(name)
      const indexed = one!.tidyUp()
      await held.reachedBy(indexed)
      assert.ok(await pass())
      held.end()
      await indexed
      assert.deepEqual([rows(), blocks(), await found()], [left, 0, numbers(0, 100)])
    }
    freeLease()
    await one!.tidyUp()
    assert.deepEqual([rows(), blocks(), await found()], [3, 1, numbers(0, 100)])
    assert.equal(await other!.forgetEvents({ before: 1_000 }), 100)
  })

  test('a stream whose positions come to an end is followed by another', async (t) => {
    await one!.record([event(1)])
    const closed = () => Number(cluster.sql('SELECT count(*) FROM omen.streams WHERE closed'))
    const before = closed()
    t.mock.getter(EventStream.prototype, 'isLong', () => true)
    await one!.tidyUp()
    t.mock.restoreAll()
    // a busy machine may take seconds to open two connections
    for (let tries = 0; one!.unready() !== undefined && tries < 1_000; tries++) await sleep(20)
    assert.equal(closed(), before + 2)
    await one!.record([event(2)])
    assert.deepEqual(await found(), [1, 2])
    await other!.forgetEvents({ before: 3 })
  })

  test('a cut does not bring back what another node has cut', async () => {
    await other!.record([9, 9, 9, 1, 9].map(event))
    const { position } = await other!.eventsAfter(firstPosition, 2)
    held = hold('rewrite-rows')
    const cut = one!.forgetEvents({ upTo: position })
    await held.reachedBy(cut)
    assert.equal(await other!.forgetEvents({ before: 5 }), 1)
    assert.deepEqual(await found(), [9, 9, 9, 9])
    held.end()
    assert.equal(await cut, 0)
    assert.deepEqual(await found(), [9, 9, 9, 9])
    assert.equal(await one!.forgetEvents({ upTo: position }), 2)
    assert.deepEqual(await found(), [9, 9])
  })
})
