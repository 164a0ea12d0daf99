import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, type TestContext, test } from 'node:test'
import { parseKeptId, peopleBeside } from '../../packages/server/src/base/index.ts'
import { trailDeliveries } from '../../packages/server/src/directory/index.ts'
import { CopyInterrupted, storeTools } from '../../packages/server/src/gate/index.ts'
import {
  type EventPosition,
  firstPosition,
  openSqliteStore,
  type Store,
} from '../../packages/server/src/store/index.ts'
import { alpha, beta, commitOf, denial, event, put, step } from '../store/fixture.ts'

const { copyStore, StoreNotEmpty } = await storeTools()

async function memory(t: TestContext): Promise<Store> {
  const store = await openSqliteStore({ memory: true })
  t.after(() => store.close())
  return store
}

/** The id of the event behind a position. */
async function nextOf(store: Store, position: EventPosition): Promise<string | undefined> {
  return (await store.eventsAfter(position, 1)).events[0]?.id
}

describe('a copy of a store in the process', () => {
  test('has the accounts with all of their items, the people beside them, and each blob once', async (t) => {
    const from = await memory(t)
    const to = await memory(t)
    const zip = Buffer.from('a package')
    const name = createHash('sha256').update(zip).digest('base64')
    const users = Array.from({ length: 5_001 }, (_, n) => put('user', `u${n}`, { n }))
    const record = (id: string, more = {}) => ({
      ...put('lambda/function', id, { codeSha256: name, ...more }),
      blob: name,
    })
    const bare = { ...put('lambda/function', 'bare', {}), blob: null }
    const blobs = [{ name, bytes: zip }]
    await from.commit({
      accounts: [{ ...step(alpha, 0, [...users, record('f'), record('g', { n: 1 }), bare]), blobs }],
      events: [],
    })
    const people = parseKeptId(peopleBeside(alpha))!
    await from.commit(commitOf(people, 0, [put('center/user', 'ann', { name: '面' })]))
    await from.commit(commitOf(beta, 0, []))
    const use = { account: beta, id: 'AKIA', service: 'iam', region: 'us-east-1', at: 1 }
    await from.keepUses([use], [])
    assert.deepEqual(await copyStore(from, to), { accounts: 2, items: 5_005, events: 0 })
    assert.deepEqual(await to.kept(), await from.kept())
    for (const id of await from.kept()) {
      const items = async (store: Store) =>
        ((await store.loadAccount(id))?.items ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1))
      assert.deepEqual(await items(to), await items(from))
      assert.deepEqual(await to.lastUses(id), await from.lastUses(id))
    }
    assert.deepEqual(Buffer.from((await to.readBlob(name))!), zip)
    // a function that goes takes only its own hold of the package along
    const base = (await to.loadAccount(alpha))!.lineage
    const gone = (id: string) => ({ kind: 'lambda/function', id, value: null, blob: null })
    const first = { account: alpha, base, next: step(alpha, 1, []).next, changes: [gone('f')] }
    assert.ok((await to.commit({ accounts: [first], events: [] })).ok)
    assert.ok((await to.readBlob(name)) !== undefined)
  })

  test('has the history in its order with its denials, what was begun, what waits, and the settings', async (t) => {
    const from = await memory(t)
    const to = await memory(t)
    const denied = denial({ id: 'd-1' })
    const history = Array.from({ length: 1_001 }, (_, n) =>
      event({ time: n, ...(n === 1_000 && { decision: denied.id, denial: denied }) }),
    )
    await from.record(history)
    await from.swapSetting('ring', undefined, 'one')
    await from.swapSetting('first', undefined, 'keys of a shared store')
    const begun = event({ time: 9_000 })
    await from.begin([begun])
    await from.works.add({ id: 'w-1', value: 'an event for a function' }, 60_000)
    assert.deepEqual(await copyStore(from, to), { accounts: 0, items: 0, events: 1_001 })
    const ids = async (store: Store) =>
      (await store.eventsAfter(firstPosition, 2_000)).events.map(({ id }) => id)
    assert.deepEqual(await ids(to), await ids(from))
    assert.deepEqual(await to.findDenial('d-1'), denied)
    assert.deepEqual(await to.begun(), [begun])
    // nobody claims it yet: the copy is free for the first node
    assert.deepEqual(await to.works.claim(1, 1_000), [{ id: 'w-1', value: 'an event for a function' }])
    // the first keys of several nodes are none of a home
    assert.deepEqual([...(await to.settings())], [['ring', 'one']])
  })

  test('lets each trail and each lake go on behind the event that it had read last', async (t) => {
    const from = await memory(t)
    const to = await memory(t)
    const history = Array.from({ length: 30 }, (_, n) => event({ time: n }))
    for (const each of history) await from.record([each])
    const after = async (n: number) => (await from.eventsAfter(firstPosition, n)).position
    const plan = { to: await after(12), at: 5_000, place: { bucket: 'b' } }
    const states = {
      'us-east-1/planned': { trail: 'us-east-1/planned', position: await after(10), plan, chains: [] },
      'us-east-1/named': {
        trail: 'us-east-1/named',
        position: await after(10),
        plan: { ...plan, named: 'as before' },
        chains: [],
      },
      'us-east-1/plain': { trail: 'us-east-1/plain', position: await after(20), chains: [] },
      'us-east-1/whole': { trail: 'us-east-1/whole', position: await after(30), chains: [] },
      'us-east-1/new': { trail: 'us-east-1/new', chains: [] },
    }
    const earlier = { trail: 'us-east-1/item', sequence: 25, chains: [] }
    await from.commit(commitOf(alpha, 0, [put(trailDeliveries.kind, earlier.trail, earlier)]))
    const files = [{ chain: 'x', number: 1, value: 'a file' }]
    for (const [trail, state] of Object.entries(states))
      await from.deliveries.keep({
        account: alpha,
        trail,
        before: undefined,
        after: JSON.stringify(state),
        files,
      })
    await from.swapSetting('lake b/p', undefined, JSON.stringify({ position: await after(5) }))
    await copyStore(from, to)
    const kept = async (trail: string) =>
      JSON.parse((await to.deliveries.read({ account: alpha, trail })) ?? '{}')
    const next: Record<string, string | undefined> = {}
    for (const trail of [...Object.keys(states), earlier.trail]) {
      const { position } = await kept(trail)
      next[trail] = position === undefined ? 'from the beginning' : await nextOf(to, position)
    }
    assert.deepEqual(next, {
      'us-east-1/planned': history[10]!.id,
      'us-east-1/named': history[10]!.id,
      'us-east-1/plain': history[20]!.id,
      'us-east-1/whole': undefined,
      'us-east-1/new': 'from the beginning',
      'us-east-1/item': history[25]!.id,
    })
    const planned = await kept('us-east-1/planned')
    assert.equal(await nextOf(to, planned.plan.to), history[12]!.id)
    assert.deepEqual([planned.plan.at, planned.plan.place], [5_000, { bucket: 'b' }])
    assert.equal(planned.plan.named, `${states['us-east-1/planned'].position} ${plan.to}`)
    assert.equal((await kept('us-east-1/named')).plan.named, 'as before')
    assert.ok(!('plan' in (await kept('us-east-1/plain'))) && !('plan' in (await kept('us-east-1/new'))))
    // the sequence of earlier versions says nothing in another store
    assert.ok(!('sequence' in (await kept(earlier.trail))))
    assert.deepEqual((await to.loadAccount(alpha))?.items, [])
    assert.deepEqual(await to.deliveries.files({ account: alpha, trail: 'us-east-1/plain' }), files)
    const lake = JSON.parse((await to.readSetting('lake b/p')) ?? '{}')
    assert.equal(await nextOf(to, lake.position), history[5]!.id)
    assert.ok(!('plan' in lake))
  })

  test('is made only in an empty store, of a whole one, and again after it was interrupted', async (t) => {
    const from = await memory(t)
    await from.commit(commitOf(alpha, 0, [put('user', 'a')]))
    const full: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
      'an account': (store) => store.commit(commitOf(beta, 0, [])),
      'a setting': (store) => store.swapSetting('ring', undefined, 'one'),
      'an event': (store) => store.record([event()]),
    }
    for (const [what, fill] of Object.entries(full)) {
      const to = await memory(t)
      await fill(to)
      await assert.rejects(copyStore(from, to), StoreNotEmpty, what)
      assert.deepEqual((await to.kept()).includes(alpha), false, what)
    }
    const to = await memory(t)
    const { works } = from
    Object.assign(from, { works: { ...works, all: () => Promise.reject(new Error('killed')) } })
    await assert.rejects(copyStore(from, to), /killed/)
    Object.assign(from, { works })
    const third = await memory(t)
    await assert.rejects(copyStore(to, third), CopyInterrupted)
    assert.deepEqual(await third.settings(), new Map())
    assert.deepEqual(await copyStore(from, to), { accounts: 1, items: 1, events: 0 })
    assert.deepEqual(await copyStore(to, third), { accounts: 1, items: 1, events: 0 })
  })

  test('says when something else changes the target meanwhile', async (t) => {
    // what the target answers: another process has swapped the setting, or has made a commit
    const refusing = (to: Store, isIt: (name: string, value: string | undefined) => boolean) => {
      const swap = to.swapSetting.bind(to)
      return {
        swapSetting: async (...given: Parameters<typeof swap>) =>
          !isIt(given[0], given[2]) && (await swap(...given)),
      }
    }
    const changes: Readonly<Record<string, (to: Store) => object>> = {
      'the mark': (to) => refusing(to, (name, value) => name === 'copying' && value !== undefined),
      'a setting': (to) => refusing(to, (name) => name === 'ring'),
      'an account': () => ({ commit: async () => ({ ok: false, moved: [] }) }),
      'the end': (to) => refusing(to, (name, value) => name === 'copying' && value === undefined),
    }
    for (const [what, change] of Object.entries(changes)) {
      const from = await memory(t)
      const to = await memory(t)
      await from.commit(commitOf(alpha, 0, [put('user', 'a')]))
      await from.swapSetting('ring', undefined, 'one')
      Object.assign(to, change(to))
      await assert.rejects(copyStore(from, to), /was changed by something else meanwhile/, what)
    }
  })
})
