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
  return { reached: reached.promise, end }
}

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
    username: undefined,
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
    one = await openPgStore({ url: cluster.url(), eventsInBlock: 100 })
    other = await openPgStore({ url: cluster.url(), eventsInBlock: 1_000 })
  })
  afterEach(() => held?.end())
  after(async () => {
    await Promise.all([one?.close(), other?.close()])
    await cluster?.[Symbol.asyncDispose]()
  })
  const found = async () => (await other!.eventsAfter(firstPosition, 1_000)).events.map(({ time }) => time)

  test('a block of the index is not stored under a lease that has passed on', async () => {
    held = hold('put-block')
    for (let at = 0; at < 120; at += 30)
      await other!.record(Array.from({ length: 30 }, (_, index) => event(at + index)))
    const indexed = one!.tidyUp()
    await held.reached
    cluster.sql("UPDATE omen.leases SET until = 0 WHERE job = 'blocks'")
    assert.ok(await other!.lease('blocks', 60_000))
    assert.equal(await other!.forgetEvents({ before: 1_000 }), 120)
    held.end()
    await indexed
    assert.equal(cluster.sql('SELECT count(*) FROM omen.event_blocks'), '0')
    assert.equal(cluster.sql('SELECT count(*) FROM omen.event_terms'), '0')
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
    held = hold('rewrite-events')
    const cut = one!.forgetEvents({ upTo: position })
    await held.reached
    assert.equal(await other!.forgetEvents({ before: 5 }), 1)
    assert.deepEqual(await found(), [9, 9, 9, 9])
    held.end()
    assert.equal(await cut, 0)
    assert.deepEqual(await found(), [9, 9, 9, 9])
    assert.equal(await one!.forgetEvents({ upTo: position }), 2)
    assert.deepEqual(await found(), [9, 9])
  })
})
