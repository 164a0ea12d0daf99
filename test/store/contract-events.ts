import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type EventPosition,
  type EventQuery,
  type Forgetting,
  firstPosition,
  isEventCursor,
  type Store,
  type StoredEvent,
} from '../../packages/server/src/store/index.ts'
import type { Subject } from './contract.ts'
import { alpha, beta, event } from './fixture.ts'

/** What every store promises of events. */
export function events<S extends Store>({ open }: Subject<S>): void {
  test('events come back as they were recorded', async (t) => {
    const store = await open(t)
    const full = event({
      username: '面 admin',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      readOnly: true,
      errorCode: 'AccessDenied',
      resources: [{ type: 'AWS::IAM::Role', name: 'arn:aws:iam::111111111111:role/"quoted" \\ 🎭' }],
      asked: [
        { action: 'ec2:RunInstances', resource: '*' },
        {
          action: 'iam:PassRole',
          resource: 'arn:aws:iam::111111111111:role/r',
          passedTo: 'ec2.amazonaws.com',
        },
      ],
    })
    const [bare, cut] = [event(), event({ askedCut: true })]
    const data = event({ asked: [{ action: 'a', resource: 'r' }], askedCut: true, data: true })
    await store.record([full, bare, cut, data])
    const kept = await store.eventsAfter(firstPosition, 10)
    assert.deepEqual(kept.events, [full, bare, cut, data])
    const { events } = await store.lookUpEvents({ account: alpha, limit: 10 })
    assert.deepEqual(events, [cut, bare, full])
  })

  test('each attribute finds its events and no other, case and all', async (t) => {
    const store = await open(t)
    const role = { type: 'AWS::IAM::Role', name: 'web' }
    const policy = { type: 'AWS::IAM::Policy', name: 'web' }
    const one = event({ name: 'AssumeRole', source: 'sts.amazonaws.com', username: 'dev', readOnly: true })
    const two = event({ accessKeyId: 'ASIAEXAMPLE', resources: [role, { ...role, name: 'Web' }] })
    const three = event({ username: 'Dev', resources: [policy] })
    await store.record([one, two, three, event({ account: beta, username: 'dev', resources: [role] })])
    const table: [NonNullable<EventQuery['attribute']>, StoredEvent[]][] = [
      [{ key: 'EventId', value: two.id }, [two]],
      [{ key: 'EventId', value: two.id.toUpperCase() }, []],
      [{ key: 'EventName', value: 'CreateRole' }, [three, two]],
      [{ key: 'EventName', value: 'createrole' }, []],
      [{ key: 'EventSource', value: 'sts.amazonaws.com' }, [one]],
      [{ key: 'ReadOnly', value: 'true' }, [one]],
      [{ key: 'ReadOnly', value: 'false' }, [three, two]],
      [{ key: 'ReadOnly', value: 'True' }, []],
      [{ key: 'Username', value: 'dev' }, [one]],
      [{ key: 'Username', value: 'Dev' }, [three]],
      [{ key: 'Username', value: '' }, []],
      [{ key: 'AccessKeyId', value: 'ASIAEXAMPLE' }, [two]],
      [{ key: 'ResourceType', value: 'AWS::IAM::Role' }, [two]],
      [{ key: 'ResourceName', value: 'web' }, [three, two]],
      [{ key: 'ResourceName', value: 'Web' }, [two]],
      [{ key: 'ResourceName', value: 'w%' }, []],
    ]
    for (const [attribute, expected] of table) {
      const { events, next } = await store.lookUpEvents({ account: alpha, attribute, limit: 50 })
      assert.deepEqual(ids(events), ids(expected), JSON.stringify(attribute))
      assert.equal(next, undefined)
    }
  })

  test('both ends of the time asked for belong to it', async (t) => {
    const store = await open(t)
    const [a, b, c] = [1000, 2000, 3000].map((time) => event({ time }))
    await store.record([c!, a!, b!])
    const found = async (times: { from?: number; to?: number }) =>
      ids((await store.lookUpEvents({ account: alpha, limit: 50, ...times })).events)
    assert.deepEqual(await found({}), ids([c!, b!, a!]))
    assert.deepEqual(await found({ from: 2000 }), ids([c!, b!]))
    assert.deepEqual(await found({ to: 2000 }), ids([b!, a!]))
    assert.deepEqual(await found({ from: 2000, to: 2000 }), ids([b!]))
    assert.deepEqual(await found({ from: 2001, to: 2000 }), [])
  })

  test('a region sees its own events, an account those of all regions in one order', async (t) => {
    const store = await open(t)
    const made = [1, 2, 3, 4].map((time) => event({ time, region: time % 2 ? 'us-east-1' : 'eu-west-1' }))
    await store.record(made)
    const found = async (query: Partial<EventQuery>) => ids(await pages(store, { limit: 1, ...query }))
    assert.deepEqual(await found({ region: 'eu-west-1' }), ids([made[3]!, made[1]!]))
    assert.deepEqual(await found({ region: 'ap-northeast-1' }), [])
    assert.deepEqual(await found({}), ids(made.toReversed()))
  })

  test('pages follow each other without gap or double, though events keep coming', async (t) => {
    const store = await open(t)
    // Many share an instant: a page may end among them.
    const made = Array.from({ length: 40 }, (_, n) => event({ time: 1000 + Math.floor(n / 15) }))
    await store.record(made)
    const seen: StoredEvent[] = []
    for await (const page of eachPage(store, { limit: 7 })) {
      seen.push(...page)
      await store.record([event({ time: 5000 })])
    }
    assert.deepEqual(ids(seen), ids(made.toReversed()))
  })

  test('a page that ends with the last event names no next', async (t) => {
    const store = await open(t)
    await store.record([event(), event()])
    const page = await store.lookUpEvents({ account: alpha, limit: 2 })
    assert.equal(page.events.length, 2)
    assert.equal(page.next, undefined)
  })

  test('what is no cursor is refused', async (t) => {
    const store = await open(t)
    for (const after of ['', 'x', '1', '1.', '1.2.3', '1e3.1', '99999999999999999.1', '1.1; --']) {
      assert.equal(isEventCursor(after), false)
      await assert.rejects(store.lookUpEvents({ account: alpha, limit: 5, after }), RangeError)
    }
  })

  test('a store knows its own positions and places, and refuses every other one', async (t) => {
    const store = await open(t)
    await store.record([event(), event()])
    const { position } = await store.eventsAfter(firstPosition, 1)
    const step = await store.searchEvents({ account: alpha, texts: [], limit: 1 })
    const place = step.events[0]?.place ?? ''
    assert.ok(
      [firstPosition, position, await store.newestPosition()].every((known) => store.isPosition(known)),
    )
    assert.ok(store.isSearchPlace(place) && store.isSearchPlace(step.before ?? place))
    await store.searchEvents({ account: alpha, texts: [], limit: 1, before: place })
    const big = '9'.repeat(19)
    for (const text of ['x', '-1', '1.', '1.2.3', `${big}.1.1.1`, big, '1.2-', '1;', '1.1.1.1.1', '١']) {
      assert.equal(store.isSearchPlace(text), false, text)
      assert.equal(store.isPosition(text), false, text)
      await assert.rejects(
        store.searchEvents({ account: alpha, texts: [], limit: 1, before: text }),
        RangeError,
      )
      await assert.rejects(store.eventsAfter(text as EventPosition, 1), RangeError)
    }
    // what the other kind of store gives is either unknown or harmless
    for (const text of ['1', '1.1', '1.1.1.1'])
      if (store.isSearchPlace(text))
        await store.searchEvents({ account: alpha, texts: [], limit: 1, before: text })
  })

  test('a follower gets every event once, in the order kept', async (t) => {
    const store = await open(t)
    const made = [5, 3, 9, 1, 7].map((time) => event({ time, account: time > 4 ? alpha : beta }))
    for (const each of made) await store.record([each])
    const followed: StoredEvent[] = []
    let position = firstPosition
    for (let page = await store.eventsAfter(firstPosition, 2); page.events.length > 0; ) {
      followed.push(...page.events)
      position = page.position
      page = await store.eventsAfter(position, 2)
    }
    assert.deepEqual(ids(followed), ids(made))
    assert.deepEqual(await store.eventsAfter(position, 2), { events: [], position })
    assert.equal(position, await store.newestPosition())
    assert.deepEqual(ids(await within(store, { before: 5 })), ids([made[1]!, made[3]!]))
    const { position: upTo } = await store.eventsAfter(firstPosition, 2)
    assert.deepEqual(ids(await within(store, { before: 5, upTo })), ids([made[0]!, made[1]!, made[3]!]))
  })

  test('events up to a position are read to their end, however many others there are', async (t) => {
    const store = await open(t)
    const made = Array.from({ length: 30 }, (_, time) => event({ time }))
    await store.record(made.slice(0, 3))
    const upTo = await store.newestPosition()
    for (const each of made.slice(3)) await store.record([each])
    assert.deepEqual(ids(await within(store, { upTo })), ids(made.slice(0, 3)))
    const end = await store.eventsAfter(upTo, 2, { upTo })
    assert.deepEqual(end, { events: [], position: upTo }, 'those beyond are not read')
  })
}

/** All events that `forgetEvents` would delete. */
async function within(store: Store, only: Forgetting): Promise<readonly StoredEvent[]> {
  const found: StoredEvent[] = []
  for (let position = firstPosition; ; ) {
    const page = await store.eventsAfter(position, 2, only)
    found.push(...page.events)
    if (page.position === position) return found
    position = page.position
  }
}

function ids(events: readonly StoredEvent[]): string[] {
  return events.map(({ id }) => id)
}

async function* eachPage(
  store: Store,
  query: Omit<EventQuery, 'account'>,
): AsyncGenerator<readonly StoredEvent[]> {
  let after: string | undefined
  do {
    const page = await store.lookUpEvents({ account: alpha, ...query, ...(after !== undefined && { after }) })
    yield page.events
    after = page.next
  } while (after !== undefined)
}

async function pages(store: Store, query: Omit<EventQuery, 'account'>): Promise<StoredEvent[]> {
  const found: StoredEvent[] = []
  for await (const page of eachPage(store, query)) found.push(...page)
  return found
}
