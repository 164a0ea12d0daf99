import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type AccountDelta,
  type Commit,
  newLineage,
  type Store,
} from '../../packages/server/src/store/index.ts'
import type { Subject } from './contract.ts'
import { alpha, beta, commitOf, event, lineageAt, put, step } from './fixture.ts'

/** What a store promises to several nodes. */
export function nodes<S extends Store>({ open }: Subject<S>): void {
  const made = async (store: S) => {
    await store.commit(commitOf(alpha, 0, [put('user', 'a'), put('user', 'b')]))
    await store.commit(commitOf(beta, 0, [put('user', 'a')]))
  }

  test('a commit is refused with the one that it was based on, whatever the revision is', async (t) => {
    const store = await open(t)
    await made(store)
    const other = { account: alpha, base: lineageAt(1), next: newLineage(), changes: [put('user', 'other')] }
    const [lost, phantom] = [newLineage(), newLineage()]
    const chain: readonly Commit[] = [
      { accounts: [{ account: alpha, base: lineageAt(1), next: lost, changes: [] }], events: [event()] },
      { accounts: [{ account: alpha, base: lost, next: phantom, changes: [] }], events: [event()] },
    ]
    const outcomes = await Promise.all([
      store.commit({ accounts: [other], events: [] }),
      ...chain.map((commit) => store.commit(commit)),
    ])
    const refused = { ok: false, moved: [alpha] }
    assert.deepEqual(outcomes, [{ ok: true }, refused, refused])
    assert.equal((await store.loadAccount(alpha))?.lineage, other.next)
    assert.deepEqual((await store.lookUpEvents({ account: alpha, limit: 5 })).events, [])
  })

  test('a commit is refused if an account that its call read has moved, appeared or gone', async (t) => {
    const store = await open(t)
    await made(store)
    const reading = (lineage: Parameters<typeof store.confirm>[0][number]['lineage']) => ({
      ...commitOf(alpha, 1, [put('user', 'c')], [event()]),
      reads: [{ account: beta, lineage }],
    })
    const refused = { ok: false, moved: [beta] }
    for (const lineage of [lineageAt(2), undefined])
      assert.deepEqual(await store.commit(reading(lineage)), refused)
    const event1 = { accounts: [], reads: [{ account: beta, lineage: lineageAt(2) }], events: [event()] }
    assert.deepEqual(await store.commit(event1), refused)
    assert.deepEqual((await store.lookUpEvents({ account: alpha, limit: 5 })).events, [])
    assert.deepEqual(await store.commit(reading(lineageAt(1))), { ok: true })
  })

  test('confirm names exactly the states that are not the newest', async (t) => {
    const store = await open(t)
    await made(store)
    const gamma = { account: '333333333333' as typeof alpha, lineage: undefined }
    const held = [{ account: alpha, lineage: lineageAt(1) }, { account: beta, lineage: lineageAt(1) }, gamma]
    assert.deepEqual((await store.confirm(held)).moved, new Map())
    await store.commit(commitOf(beta, 1, []))
    await store.commit({ accounts: [step(gamma.account, 0, [])], events: [] })
    const { moved, now } = await store.confirm(held)
    assert.deepEqual(
      moved,
      new Map([
        [beta, lineageAt(2)],
        [gamma.account, lineageAt(1)],
      ]),
    )
    assert.ok(Number.isFinite(now))
    const never = { account: '444444444444' as typeof alpha, lineage: lineageAt(1) }
    assert.deepEqual((await store.confirm([never])).moved, new Map([[never.account, undefined]]))
  })

  test('a setting is replaced only where it still has the value that was read', async (t) => {
    const store = await open(t)
    const swap = (before: string | undefined, after?: string) => store.swapSetting('ring', before, after)
    const swaps: [string | undefined, string][] = [
      ['none', 'x'],
      [undefined, 'one'],
      [undefined, 'x'],
      ['one', 'two'],
    ]
    const outcomes = await Promise.all(swaps.map((each) => swap(...each)))
    assert.deepEqual(outcomes, [false, true, false, true])
    assert.equal(await store.readSetting('ring'), 'two')
    assert.deepEqual([await swap('one'), await swap('two')], [false, true])
    assert.equal(await store.readSetting('ring'), undefined)
  })

  test('last uses are kept beside the account, the latest of each', async (t) => {
    const store = await open(t)
    await made(store)
    const use = (id: string, at: number) => ({ account: alpha, id, service: 'iam', region: `r${at}`, at })
    await store.keepUses([use('a', 2), use('b', 1), { ...use('a', 9), account: beta }], [])
    await store.keepUses([use('a', 1), use('b', 3)], [])
    const uses = async () => [...(await store.lastUses(alpha))].sort((x, y) => (x.id < y.id ? -1 : 1))
    assert.deepEqual(await uses(), [use('a', 2), use('b', 3)])
    await store.keepUses([use('c', 1)], [{ account: alpha, id: 'a' }])
    assert.deepEqual(await uses(), [use('b', 3), use('c', 1)])
    assert.equal((await store.loadAccount(alpha))?.lineage, lineageAt(1), 'it is no change of the account')
    await store.reset()
    assert.deepEqual(await store.lastUses(beta), [])
  })

  test('failures are counted by name, within a window, and never below none', async (t) => {
    const store = await open(t)
    const count = (by: number, name = 'a', window = 60_000) => store.countFailures(name, by, window)
    assert.deepEqual(await Promise.all([count(1), count(1), count(1, 'b')]), [1, 2, 1])
    assert.deepEqual([await count(0), await count(-1), await count(-9), await count(0)], [2, 1, 0, 0])
    await count(3)
    assert.equal(await count(1, 'a', 0), 1, 'a window that is over')
  })

  test('changesSince returns what a state lacks, or `anew`; of an unknown state always `anew`', async (t) => {
    const store = await open(t)
    await made(store)
    await store.commit(commitOf(alpha, 1, [put('user', 'a', 2), { kind: 'user', id: 'b', value: null }]))
    await store.commit(commitOf(alpha, 2, [put('user', 'a', 3)]))
    const since = (revision: number, lineage = lineageAt(revision)) =>
      store.changesSince({ account: alpha, revision, lineage })
    assert.deepEqual(await since(3), { revision: 3, lineage: lineageAt(3), changes: [] })
    assert.equal(await since(3, newLineage()), 'anew')
    const delta = await since(1)
    if (delta === 'anew') return
    const { changes, ...state }: AccountDelta = delta
    assert.deepEqual(state, { revision: 3, lineage: lineageAt(3) })
    assert.deepEqual(
      new Map(changes.map(({ id, value }) => [id, value])),
      new Map([
        ['a', '3'],
        ['b', null],
      ]),
    )
  })

  test('turns of an account run one after the other, and their commits are stored', async (t) => {
    const store = await open(t)
    await made(store)
    let inside = 0
    const increment = () =>
      store.turn(alpha, async () => {
        assert.equal(++inside, 1)
        const { items = [], lineage } = (await store.loadAccount(alpha)) ?? {}
        const count = Number(items.find(({ kind }) => kind === 'n')?.value ?? 0)
        const [first, second] = [newLineage(), newLineage()]
        const changed = (base: typeof lineage, next: typeof first, more: number) =>
          store.commit({
            accounts: [{ account: alpha, base, next, changes: [put('n', 'n', count + more)] }],
            events: [event()],
          })
        const outcomes = await Promise.all([changed(lineage, first, 1), changed(first, second, 2)])
        inside--
        return outcomes
      })
    const outcomes = await Promise.all([1, 2, 3, 4].map(increment))
    assert.deepEqual(outcomes.flat(), Array(8).fill({ ok: true }))
    const loaded = await store.loadAccount(alpha)
    assert.equal(loaded?.items.find(({ kind }) => kind === 'n')?.value, '8')
    assert.equal((await store.lookUpEvents({ account: alpha, limit: 50 })).events.length, 8)
  })

  test('a turn whose work fails holds up nobody', async (t) => {
    const store = await open(t)
    await made(store)
    await assert.rejects(
      store.turn(alpha, () => Promise.reject(new Error('no'))),
      /no/,
    )
    assert.equal(await store.turn(alpha, async () => 'yes'), 'yes')
    assert.deepEqual(await store.commit(commitOf(alpha, 1, [put('user', 'c')])), { ok: true })
  })

  test('a commit is fenced when its lease has passed to another holder', async (t) => {
    const store = await open(t)
    const lease = await store.lease('job', 30_000)
    assert.ok(lease)
    assert.deepEqual(await store.lease('job', 30_000), lease, 'the holder renews it')
    const under = (token: number) => ({
      ...commitOf(alpha, 0, [put('user', 'a')], [event()]),
      fence: { job: 'job', token },
    })
    assert.deepEqual(await store.commit(under(lease.token - 1)), { ok: false, fenced: true })
    await store.release({ job: 'job', token: lease.token - 1 })
    assert.deepEqual(await store.commit(under(lease.token)), { ok: true })
    await store.release(lease)
    const next = await store.lease('job', 30_000)
    assert.ok(next && next.token > lease.token)
    assert.deepEqual(await store.commit({ ...commitOf(alpha, 1, []), fence: lease }), {
      ok: false,
      fenced: true,
    })
  })
}
