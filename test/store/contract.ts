import assert from 'node:assert/strict'
import { describe, type TestContext, type TestOptions, test } from 'node:test'
import {
  changesOf,
  firstPosition,
  newLineage,
  packChanges,
  type Store,
  StoreUnavailable,
} from '../../packages/server/src/store/index.ts'
import { begun } from './contract-begun.ts'
import { blobs } from './contract-blobs.ts'
import { denials } from './contract-denials.ts'
import { events } from './contract-events.ts'
import { forgetting } from './contract-forgetting.ts'
import { nodes } from './contract-nodes.ts'
import { works } from './contract-works.ts'
import { account, alpha, beta, commitOf, event, lineageAt, put, step } from './fixture.ts'

/** What the suite needs of an implementation. */
export interface Subject<S extends Store> {
  /** An empty store, closed when the test ends. */
  open(t: TestContext): Promise<S>
  /** How many times the store has written to its disk so far. */
  syncs(store: S): number
}

/** What every store promises, whatever it is made of. */
export function storeContract<S extends Store>(
  name: string,
  subject: Subject<S>,
  options: Pick<TestOptions, 'skip'> = {},
): void {
  describe(`the store's contract: ${name}`, options, () => {
    accounts(subject)
    commits(subject)
    nodes(subject)
    blobs(subject)
    events(subject)
    begun(subject)
    forgetting(subject)
    denials(subject)
    works(subject)
    server(subject)
  })
}

function accounts<S extends Store>({ open }: Subject<S>): void {
  test('an account that nobody made is none', async (t) => {
    const store = await open(t)
    assert.equal(await store.loadAccount(alpha), undefined)
    assert.deepEqual(await store.accounts(), [])
  })

  test('items come back as they were put, replaced and deleted', async (t) => {
    const store = await open(t)
    await store.commit(commitOf(alpha, 0, [put('user', 'a', { n: 1 }), put('user', 'b'), put('role', 'a')]))
    await store.commit(
      commitOf(alpha, 1, [put('user', 'a', { n: 2 }), { kind: 'user', id: 'b', value: null }]),
    )
    assert.deepEqual(await items(store), { 'role a': '{}', 'user a': '{"n":2}' })
    assert.equal((await store.loadAccount(alpha))?.revision, 2)
  })

  test('deleting what is not there is no mistake', async (t) => {
    const store = await open(t)
    const outcome = await store.commit(commitOf(alpha, 0, [{ kind: 'user', id: 'nobody', value: null }]))
    assert.deepEqual(outcome, { ok: true })
    assert.deepEqual(await store.loadAccount(alpha), { revision: 1, lineage: lineageAt(1), items: [] })
  })

  test('of several changes of one item in a commit the last stands', async (t) => {
    const store = await open(t)
    await store.commit(
      commitOf(alpha, 0, [put('k', 'x', 1), { kind: 'k', id: 'x', value: null }, put('k', 'x', 2)]),
    )
    assert.deepEqual(await items(store), { 'k x': '2' })
  })

  test('packed changes apply after the others of their account', async (t) => {
    const store = await open(t)
    const packs = [
      [put('role', 'a', { text: 'ä\n"' }), put('user', 'b', { n: 2 })],
      [{ kind: 'role', id: 'gone', value: null }],
    ]
    const changes = [put('user', 'b', { n: 1 }), put('role', 'gone')]
    const first = { ...step(alpha, 0, changes), packed: packs.map(packChanges) }
    assert.deepEqual(await store.commit({ accounts: [first, step(beta, 0, [])], events: [] }), { ok: true })
    assert.deepEqual(await items(store), { 'role a': '{"text":"ä\\n\\""}', 'user b': '{"n":2}' })
    assert.deepEqual(
      [...changesOf(first)].map(({ id }) => id),
      ['b', 'gone', 'a', 'b', 'gone'],
    )
    // many changes are nothing to apply in place
    const many = { ...step(alpha, 1, []), packed: [packChanges([put('role', 'new')])] }
    await store.commit({ accounts: [many], events: [] })
    const held = { account: alpha, lineage: lineageAt(1), revision: 1 }
    assert.equal(await store.changesSince(held), 'anew')
    assert.equal((await items(store))['role new'], '{}')
    // refused as a whole
    const late = { ...many, next: newLineage(), packed: [packChanges([put('role', 'late')])] }
    assert.equal((await store.commit({ accounts: [late], events: [] })).ok, false)
    assert.equal((await items(store))['role late'], undefined)
  })

  test('many packed changes of many accounts are stored', async (t) => {
    const store = await open(t)
    const changes = Array.from({ length: 2_500 }, (_, n) => put('role', `r${n % 2_000}`, n))
    const packed = [packChanges(changes.slice(0, 1_200)), packChanges(changes.slice(1_200))]
    const accounts = [alpha, beta].map((account) => ({ ...step(account, 0, []), packed }))
    assert.deepEqual(await store.commit({ accounts, events: [event()] }), { ok: true })
    for (const account of [alpha, beta]) {
      const kept = new Map((await store.loadAccount(account))?.items.map(({ id, value }) => [id, value]))
      assert.deepEqual([kept.size, kept.get('r1'), kept.get('r1999')], [2_000, '2001', '1999'])
    }
  })

  test('accounts are listed oldest first and know nothing of each other', async (t) => {
    const store = await open(t)
    await store.commit(commitOf(beta, 0, [put('user', 'a', 'beta')]))
    await store.commit(commitOf(alpha, 0, [put('user', 'a', 'alpha')]))
    assert.deepEqual(await store.accounts(), [beta, alpha])
    assert.deepEqual(await items(store), { 'user a': '"alpha"' })
  })

  test('names that differ only by case, by trailing spaces or by composition stay distinct', async (t) => {
    const store = await open(t)
    const ids = ['Admin', 'admin', 'ADMIN', 'admin ', 'é', 'e\u0301', 'ß', 'SS', 'ı', 'I', '', '0', '00']
    await store.commit(
      commitOf(
        alpha,
        0,
        ids.map((id) => put('user', id, id)),
      ),
    )
    const loaded = await store.loadAccount(alpha)
    assert.deepEqual(new Set(loaded?.items.map(({ id }) => id)), new Set(ids))
    for (const { id, value } of loaded?.items ?? []) assert.equal(JSON.parse(value), id)
  })

  test('any text comes back as it was', async (t) => {
    const store = await open(t)
    const texts = [
      '面',
      '🎭',
      '\u{10ffff}',
      '\u0001',
      "'; DROP TABLE items; --",
      '%_*?',
      '"\\',
      '\ufeff',
      '\r\n',
    ]
    const changes = texts.map((text) => ({ kind: text, id: text, value: JSON.stringify(text) }))
    await store.commit(commitOf(alpha, 0, changes))
    const expected = Object.fromEntries(changes.map(({ kind, id, value }) => [`${kind} ${id}`, value]))
    assert.deepEqual(await items(store), expected)
  })

  test('a text with a NUL is refused, and nothing of its commit is kept', async (t) => {
    const store = await open(t)
    for (const change of [
      { kind: 'raw', id: 'nul', value: 'a\0b' },
      { kind: 'raw', id: 'a\0b', value: '' },
    ])
      await assert.rejects(store.commit(commitOf(alpha, 0, [put('user', 'a'), change])), StoreUnavailable)
    assert.deepEqual(await store.accounts(), [])
  })
}

function commits<S extends Store>({ open, syncs }: Subject<S>): void {
  test('a stale revision is refused by name, and nothing of the commit is kept', async (t) => {
    const store = await open(t)
    await store.commit(commitOf(alpha, 0, [put('user', 'first')]))
    const stale = [0, 2, -1].map((revision) => commitOf(alpha, revision, [put('user', 'second')], [event()]))
    for (const commit of stale) assert.deepEqual(await store.commit(commit), { ok: false, moved: [alpha] })
    assert.deepEqual(await items(store), { 'user first': '{}' })
    assert.deepEqual((await store.lookUpEvents({ account: alpha, limit: 50 })).events, [])
  })

  test('a commit of several accounts is kept whole or not at all', async (t) => {
    const store = await open(t)
    await store.commit(commitOf(beta, 0, [put('user', 'old')]))
    const both = (revision: number) => ({
      accounts: [step(alpha, 0, [put('user', 'new')]), step(beta, revision, [put('user', 'new')])],
      events: [event({ account: alpha }), event({ account: beta })],
    })
    assert.deepEqual(await store.commit(both(0)), { ok: false, moved: [beta] })
    assert.equal(await store.loadAccount(alpha), undefined)
    assert.deepEqual(await store.commit(both(1)), { ok: true })
    assert.equal((await store.loadAccount(alpha))?.revision, 1)
    assert.equal((await store.loadAccount(beta))?.revision, 2)
    assert.equal((await store.eventsAfter(firstPosition, 10)).events.length, 2)
  })

  test('of commits that read the same revision in one tick, exactly the first is kept', async (t) => {
    const store = await open(t)
    const outcomes = await Promise.all(
      [1, 2, 3].map((n) => store.commit(commitOf(alpha, 0, [put('user', `u${n}`)], [event()]))),
    )
    const conflict = { ok: false, moved: [alpha] }
    assert.deepEqual(outcomes, [{ ok: true }, conflict, conflict])
    assert.deepEqual(await items(store), { 'user u1': '{}' })
    assert.equal((await store.eventsAfter(firstPosition, 10)).events.length, 1)
  })

  test('a request sees what those before it in the same tick did', async (t) => {
    const store = await open(t)
    const [, second, loaded] = await Promise.all([
      store.commit(commitOf(alpha, 0, [put('user', 'a')])),
      store.commit(commitOf(alpha, 1, [put('user', 'b')])),
      store.loadAccount(alpha),
    ])
    assert.deepEqual(second, { ok: true })
    assert.equal(loaded?.revision, 2)
  })

  test('commits of one tick share one sync', async (t) => {
    const store = await open(t)
    const before = syncs(store)
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        store.commit(commitOf(account(n), 0, [put('user', 'a')], [event({ account: account(n) })])),
      ),
    )
    assert.ok(outcomes.every(({ ok }) => ok))
    assert.equal(syncs(store) - before, 1)
  })

  test('what only reads, or meets a conflict, costs no sync', async (t) => {
    const store = await open(t)
    await store.commit(commitOf(alpha, 0, [put('user', 'a')]))
    const before = syncs(store)
    await Promise.all([store.loadAccount(alpha), store.accounts(), store.commit(commitOf(alpha, 0, []))])
    await store.record([])
    assert.equal(syncs(store), before)
  })

  test('writers that retry after a conflict lose no update', async (t) => {
    const store = await open(t)
    const increment = async () => {
      for (;;) {
        const loaded = await store.loadAccount(alpha)
        const count = Number(loaded?.items[0]?.value ?? 0)
        const outcome = await store.commit(commitOf(alpha, loaded?.revision ?? 0, [put('n', 'n', count + 1)]))
        if (outcome.ok) return
      }
    }
    await Promise.all(Array.from({ length: 20 }, increment))
    assert.deepEqual(await items(store), { 'n n': '20' })
  })

  test('close keeps what was handed over and refuses what comes after', async (t) => {
    const store = await open(t)
    const handedOver = [0, 1, 2].map((n) => store.commit(commitOf(account(n), 0, [put('user', 'a')])))
    const closed = store.close()
    assert.deepEqual(await Promise.all(handedOver), [{ ok: true }, { ok: true }, { ok: true }])
    await closed
    await assert.rejects(store.accounts(), StoreUnavailable)
    await store.close()
  })
}

function server<S extends Store>({ open }: Subject<S>): void {
  test('settings are read as they were written last', async (t) => {
    const store = await open(t)
    assert.equal(await store.readSetting('ring'), undefined)
    await store.swapSetting('ring', undefined, 'two')
    await store.swapSetting('Ring', undefined, '')
    assert.equal(await store.readSetting('ring'), 'two')
    assert.equal(await store.readSetting('Ring'), '')
    assert.deepEqual(
      await store.settings(),
      new Map([
        ['ring', 'two'],
        ['Ring', ''],
      ]),
    )
  })

  test('reset empties everything, and life goes on', async (t) => {
    const store = await open(t)
    await store.commit(commitOf(alpha, 0, [put('user', 'a')], [event()]))
    await store.swapSetting('ring', undefined, 'one')
    const { position } = await store.eventsAfter(firstPosition, 10)
    await store.reset()
    assert.deepEqual(await store.accounts(), [])
    assert.equal(await store.loadAccount(alpha), undefined)
    assert.equal(await store.readSetting('ring'), undefined)
    assert.deepEqual(await store.lookUpEvents({ account: alpha, limit: 10 }), { events: [] })
    assert.deepEqual(await store.commit(commitOf(alpha, 0, [], [event()])), { ok: true })
    assert.deepEqual(await store.loadAccount(alpha), { revision: 1, lineage: lineageAt(1), items: [] })
    // A follower from before the reset misses nothing of what came after.
    assert.equal((await store.eventsAfter(position, 10)).events.length, 1)
  })
}

async function items(store: Store): Promise<Record<string, string>> {
  const loaded = await store.loadAccount(alpha)
  return Object.fromEntries(loaded?.items.map(({ kind, id, value }) => [`${kind} ${id}`, value]) ?? [])
}
