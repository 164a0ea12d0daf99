import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { IAM } from '@aws-sdk/client-iam'
import type { CreateOmenOptions } from 'omen-iam'
import { DeliveryFailure } from '../../packages/server/src/delivery/index.ts'
import { firstPosition, type StoredEvent } from '../../packages/server/src/store/index.ts'
import { event } from '../store/fixture.ts'
import { openTrailServer } from '../wire/cloudtrail-house.ts'
import { callServer } from '../wire/house-call.ts'
import { bucket, hour, minute, noon } from './delivery-house.ts'

const day = 24 * hour
const patience = 2_000

/** A server whose minutes go by when the test says so. */
async function openServer(t: TestContext, options: CreateOmenOptions) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const server = await openTrailServer({ now: noon, ...options })
  const { store } = server.omen.omen.deps.directory
  const kept = async () => (await store.eventsAfter(firstPosition, 1_000)).events
  return {
    ...server,
    store,
    kept,
    async health() {
      const { endpoint, clock, keys } = server.omen
      const response = await callServer({ endpoint, now: clock.now() }, 'GET', '/_omen/status', keys.admin)
      return (await response.json()) as { eventsUndelivered: number }
    },
    /** A trail that logs. */
    async trail(Name: string) {
      await server.cloudtrail.createTrail({ Name, S3BucketName: bucket })
      await server.cloudtrail.startLogging({ Name })
    },
    deliver: () => server.omen.omen.deliverTrails(),
    /** Lets a minute go by, and waits until what it begins holds. */
    async minute(holds: () => Promise<boolean>) {
      server.omen.clock.advance(minute)
      t.mock.timers.tick(minute)
      for (const until = performance.now() + patience; performance.now() < until; await turn())
        if (await holds()) return
      assert.fail(`it does not come to hold`)
    },
    /** Lets a minute go by in which nothing happens to events. */
    async idleMinute() {
      const before = (await kept()).length
      server.omen.clock.advance(minute)
      t.mock.timers.tick(minute)
      for (let turns = 0; turns < 50; turns++) await turn()
      assert.equal((await kept()).length, before)
    },
  }
}

/** A caller without permissions. */
async function stranger({ iam }: { readonly iam: IAM }) {
  await iam.createUser({ UserName: 'stranger' })
  const { AccessKey: key } = await iam.createAccessKey({ UserName: 'stranger' })
  return { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! }
}

/** Events of other hours; what chance makes cannot be pressed. */
function made(count: number, time: (n: number) => number, bytes = 10): StoredEvent[] {
  return Array.from({ length: count }, (_, n) => {
    const json = JSON.stringify({ eventID: String(n), padding: randomBytes(bytes).toString('base64') })
    return event({ time: time(n), json, account: '123456789012' as StoredEvent['account'] }) // twelve digits
  })
}

describe('Retention', () => {
  test('TRL-52 every hour events of too many days ago are forgotten', async (t) => {
    await using server = await openServer(t, { retentionDays: 7 })
    await server.store.record(made(100, (n) => noon - 10 * day + n * 4 * hour))
    const old = async (days: number) =>
      (await server.kept()).filter(({ time }) => time < server.omen.clock.now() - days * day).length
    assert.ok((await old(7)) > 10)
    await server.minute(async () => (await old(7)) === 0)
    // not before an hour has gone by
    server.omen.clock.advance(hour / 2)
    await server.store.record(made(1, () => noon - 30 * day))
    await server.idleMinute()
    server.omen.clock.advance(hour / 2)
    await server.minute(async () => (await old(7)) === 0)
    server.omen.clock.advance(20 * day)
    await server.minute(async () => (await old(0)) === 0)
    assert.equal((await server.health()).eventsUndelivered, 0)
  })

  test('TRL-53 every hour what is too much is forgotten, the oldest first', async (t) => {
    const retentionBytes = 3_000_000
    await using server = await openServer(t, { retentionBytes })
    const all = made(400, (n) => noon + n, 15_000)
    await server.store.record(all)
    assert.ok(await server.store.eventsBeyond(retentionBytes))
    await server.minute(async () => (await server.store.eventsBeyond(retentionBytes)) === undefined)
    const ids = (await server.kept()).map(({ id }) => id)
    assert.ok(ids.length >= 100 && ids.length <= 200, String(ids.length))
    assert.deepEqual(
      ids,
      all.slice(-ids.length).map(({ id }) => id),
    )
    server.omen.clock.advance(hour)
    const more = made(50, (n) => noon + 1_000 + n, 15_000)
    await server.store.record(more)
    await server.minute(async () => (await server.store.eventsBeyond(retentionBytes)) === undefined)
    const left = (await server.kept()).map(({ id }) => id)
    assert.equal(left.at(-1), more.at(-1)!.id)
  })

  test('RSN-11 denials of the day before are forgotten with it', async (t) => {
    await using server = await openServer(t, {})
    const { decisions } = server.omen.omen.deps
    const { iam } = server.as(await stranger(server))
    await assert.rejects(iam.listUsers({}), { name: 'AccessDenied' })
    const [head] = await server.store.denials(5)
    assert.ok(head)
    decisions.forgetAll()
    server.omen.clock.advance(23 * hour)
    await server.idleMinute()
    assert.ok(await server.store.findDenial(head.id))
    server.omen.clock.advance(2 * hour)
    await server.minute(async () => (await server.store.findDenial(head.id)) === undefined)
  })

  test('TRL-55 what trails have not delivered is counted and reported', async (t) => {
    const complaints: string[] = []
    let works = true
    await using server = await openServer(t, {
      retentionDays: 7,
      complain: (error) => complaints.push(String(error)),
      trailTarget: {
        description: 'a bucket that is full at times',
        async put() {
          if (!works) throw new DeliveryFailure('SlowDown', 'not now')
        },
      },
    })
    await server.trail('all')
    await server.trail('writes')
    await server.cloudtrail.putEventSelectors({
      TrailName: 'writes',
      EventSelectors: [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }],
    })
    await server.deliver()
    works = false
    // they are followed by the trails' own events, which are younger
    server.omen.clock.advance(hour)
    const now = server.omen.clock.now()
    await server.store.record([
      ...made(7, () => now).map((one) => ({ ...one, readOnly: true })),
      ...made(5, () => now),
      ...made(3, () => now).map((one) => ({ ...one, account: '210987654321' as StoredEvent['account'] })), // twelve digits
    ])
    server.omen.clock.advance(6 * day)
    await server.idleMinute()
    assert.equal((await server.health()).eventsUndelivered, 0)
    server.omen.clock.advance(2 * day)
    await server.minute(async () => (await server.health()).eventsUndelivered > 0)
    const lost = (await server.health()).eventsUndelivered
    // seven and five of the one, five of the other, and what the server itself recorded meanwhile
    assert.ok(lost >= 17 && lost <= 25, String(lost))
    assert.deepEqual(complaints, [`Notice: ${lost} events were forgotten before trails had delivered them`])
    const { LatestDeliveryError } = await server.cloudtrail.getTrailStatus({ Name: 'all' })
    assert.equal(LatestDeliveryError, 'SlowDown')
    works = true
    await server.deliver()
    assert.equal((await server.cloudtrail.getTrailStatus({ Name: 'all' })).LatestDeliveryError, undefined)
  })

  test('TRL-52 what could not be forgotten is forgotten a minute later, also while trails cannot deliver', async (t) => {
    const complaints: string[] = []
    await using server = await openServer(t, {
      retentionDays: 7,
      complain: (error) => complaints.push(String(error)),
      trailTarget: {
        description: 'a bucket behind which there is a mistake',
        async put() {
          throw new Error('not thought of')
        },
      },
    })
    await server.trail('all')
    await server.store.record(made(3, () => noon - 10 * day))
    const forget = t.mock.method(server.store, 'forgetEvents', () => Promise.reject(new Error('no room')))
    await server.minute(async () => complaints.includes('Error: no room'))
    forget.mock.restore()
    await server.minute(async () => (await server.kept()).every(({ time }) => time > noon - 7 * day))
    assert.ok(complaints.includes('Error: not thought of'))
  })
})
