import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, type TestContext, test } from 'node:test'
import { keyIdOf, peopleBeside, seededRandom, Vault } from '../../packages/server/src/base/index.ts'
import { storeTools } from '../../packages/server/src/gate/index.ts'
import { KeyRing, MasterKeys, nameOf } from '../../packages/server/src/session/index.ts'
import { openSqliteStore, type Store } from '../../packages/server/src/store/index.ts'
import { alpha, beta, commitOf, put, step } from '../store/fixture.ts'

const { rotateMasterKey, storedPurposes } = await storeTools()

const random = seededRandom('rotation')
const [before, after] = [random.bytes(32), random.bytes(32)]
const vaultOf = (key: Uint8Array) => new Vault([{ id: keyIdOf(key), bytes: key }], random)
const [old, next] = [vaultOf(before), vaultOf(after)]
const sealed = (purpose: string, text: string) => old.seal(purpose, Buffer.from(text)).toString('base64url')
/** What the new key opens; undefined if it opens nothing. */
const opened = (purpose: string, text: string): string | undefined => {
  const plain = next.open(purpose, Buffer.from(text, 'base64url'))
  return plain === undefined ? undefined : Buffer.from(plain).toString('utf8')
}

/** A store in memory whose secrets the old key seals. */
async function storeOfOld(t: TestContext): Promise<Store> {
  const store = await openSqliteStore({ memory: true })
  t.after(() => store.close())
  const keys = await MasterKeys.open(store, before, [], random)
  await keys.keepCheck()
  return store
}

const itemsOf = async (store: Store, id = alpha) =>
  Object.fromEntries(
    ((await store.loadAccount(id))?.items ?? []).map(({ id: name, value }) => [name, JSON.parse(value)]),
  )

describe('a rotation of the master key', () => {
  test('seals each stored secret anew, wherever it is in a text, and counts them', async (t) => {
    const store = await storeOfOld(t)
    const things = storedPurposes.map((purpose) =>
      put('thing', purpose, { sealed: sealed(purpose, purpose) }),
    )
    const two = put('thing', 'two', { a: [sealed('password', 'one')], b: `x ${sealed('mfa-seed', 'two')}.` })
    await store.commit(commitOf(alpha, 0, [...things, two, put('thing', 'plain', { text: 'plain' })]))
    await store.commit(commitOf(beta, 0, [put('thing', 'b', { sealed: sealed('access-key', 'b') })]))
    const people = peopleBeside(alpha)
    await store.commit(commitOf(people, 0, [put('thing', 'p', { sealed: sealed('password', 'p') })]))
    await store.swapSetting('ring', undefined, `${sealed('session-key', 's')} ${sealed('session-key', 't')}`)
    await store.swapSetting('other', undefined, 'nothing is sealed here')
    const secrets = storedPurposes.length + 2 + 1 + 1 + 2
    assert.deepEqual(await rotateMasterKey(store, before, after, random), { accounts: 2, secrets })

    const there = await itemsOf(store)
    for (const purpose of storedPurposes) assert.equal(opened(purpose, there[purpose].sealed), purpose)
    assert.equal(opened('password', there.two.a[0]), 'one')
    const [, text = ''] = /^x ([\w-]+)\.$/.exec(there.two.b) ?? []
    assert.equal(opened('mfa-seed', text), 'two')
    assert.deepEqual(there.plain, { text: 'plain' })
    assert.equal(opened('access-key', (await itemsOf(store, beta)).b.sealed), 'b')
    assert.equal(opened('password', (await itemsOf(store, people)).p.sealed), 'p')
    const ring = (await store.readSetting('ring'))?.split(' ') ?? []
    assert.deepEqual(
      ring.map((each) => opened('session-key', each)),
      ['s', 't'],
    )
    assert.equal(await store.readSetting('other'), 'nothing is sealed here')
    // the new key alone counts now, and older sessions go on
    await MasterKeys.open(store, after, [], random)
    await assert.rejects(MasterKeys.open(store, before, [], random), /master key/)
    const token = (await KeyRing.open(await storeOfOld(t), before, old, random, 0)).vault.sealText(
      'p',
      'session',
    )
    const now = await KeyRing.open(store, after, next, random, 0)
    assert.equal(now.vault.openText('p', token), 'session')
    assert.deepEqual(await rotateMasterKey(store, before, after, random), { accounts: 0, secrets: 0 })
  })

  test('leaves what callers hold, what another key sealed, and what only looks sealed', async (t) => {
    const store = await storeOfOld(t)
    const values = {
      token: sealed('token', 'held by a caller'),
      other: vaultOf(random.bytes(32)).seal('password', Buffer.from('x')).toString('base64url'),
      short: sealed('password', 'x').slice(0, 40),
      inside: `a${sealed('password', 'x')}`,
      broken: `${sealed('password', 'x').slice(0, -4)}AAAA`,
    }
    await store.commit(commitOf(alpha, 0, [put('thing', 'a', values)]))
    assert.deepEqual(await rotateMasterKey(store, before, after, random), { accounts: 1, secrets: 0 })
    assert.deepEqual((await itemsOf(store)).a, values)
  })

  test('keeps the blobs of what it changes', async (t) => {
    const store = await storeOfOld(t)
    const zip = Buffer.from('a package')
    const name = createHash('sha256').update(zip).digest('base64')
    const value = { codeSha256: name, environment: sealed('lambda-environment', '{}') }
    const record = { ...put('lambda/function', 'f', value), blob: name }
    const first = { ...step(alpha, 0, [record]), blobs: [{ name, bytes: zip }] }
    await store.commit({ accounts: [first], events: [] })
    assert.equal((await rotateMasterKey(store, before, after, random)).secrets, 1)
    assert.equal(opened('lambda-environment', (await itemsOf(store)).f.environment), '{}')
    assert.deepEqual(Buffer.from((await store.readBlob(name)) ?? ''), zip)
  })

  test('goes through accounts with more secrets than one commit takes', async (t) => {
    const store = await storeOfOld(t)
    const many = Array.from({ length: 1_001 }, (_, n) => put('thing', `t${n}`, [sealed('password', `${n}`)]))
    await store.commit(commitOf(alpha, 0, many))
    let most = 0
    const commit = store.commit.bind(store)
    Object.assign(store, {
      commit: (given: Parameters<typeof commit>[0]) => {
        most = Math.max(most, ...given.accounts.map(({ changes }) => changes.length))
        return commit(given)
      },
    })
    assert.equal((await rotateMasterKey(store, before, after, random)).secrets, 1_001)
    assert.equal(most, 1_000)
    assert.equal(opened('password', (await itemsOf(store)).t1000[0]), '1000')
  })

  test('takes a turn if a node changes the account meanwhile, and repeats what a node swaps', async (t) => {
    const store = await storeOfOld(t)
    await store.commit(commitOf(alpha, 0, [put('thing', 'a', [sealed('password', 'a')])]))
    await store.swapSetting('ring', undefined, sealed('session-key', 's'))
    const [commit, swap, turn] = [
      store.commit.bind(store),
      store.swapSetting.bind(store),
      store.turn.bind(store),
    ]
    let [commits, swaps, turns] = [0, 0, 0]
    Object.assign(store, {
      commit: (given: Parameters<typeof commit>[0]) =>
        commits++ === 0 ? { ok: false, moved: [alpha] } : commit(given),
      swapSetting: (...given: Parameters<typeof swap>) =>
        given[0] === 'ring' && swaps++ === 0 ? false : swap(...given),
      turn: (...given: Parameters<typeof turn>) => {
        turns++
        return turn(...given)
      },
    })
    assert.equal((await rotateMasterKey(store, before, after, random)).secrets, 2)
    assert.deepEqual([commits, swaps, turns], [2, 2, 1])
  })

  test('finds what a node seals with the old key during a pass, and ends where one does not stop', async (t) => {
    for (const times of [10, 100]) {
      const store = await storeOfOld(t)
      await store.commit(commitOf(alpha, 0, [put('thing', 'a', [sealed('password', 'a')])]))
      const kept = store.kept.bind(store)
      let left = times
      Object.assign(store, {
        kept: async () => {
          if (left-- > 0) {
            const base = (await store.loadAccount(alpha))!.lineage
            const changes = [put('thing', 'a', [sealed('password', `${left}`)])]
            const given = { account: alpha, base, next: step(alpha, 100 + left, []).next, changes }
            await store.commit({ accounts: [given], events: [] })
          }
          return kept()
        },
      })
      const rotated = rotateMasterKey(store, before, after, random)
      if (times === 10) {
        assert.equal((await rotated).secrets, 10)
        assert.equal(opened('password', (await itemsOf(store)).a[0]), '0')
      } else {
        await assert.rejects(rotated, { name: 'NodesLackKey', message: /still seals with the old key/ })
        assert.equal(left, 100 - 11)
      }
    }
  })

  test('begins only where every node knows the new key, and waits until each seals with it', async (t) => {
    const [one, two] = [nameOf(before), nameOf(after)]
    const store = await storeOfOld(t)
    const node = (name: string, keys: string) => ({ name, keys })
    const nodes = (...lists: readonly (readonly ReturnType<typeof node>[])[]) => {
      const left = [...lists]
      Object.assign(store, { nodeKeys: async () => (left.length > 1 ? left.shift() : left[0]) })
    }
    nodes([node('b', one), node('a', one), node('a', one), node('c', `${one} ${two}`)])
    await assert.rejects(rotateMasterKey(store, before, after, random), {
      name: 'NodesLackKey',
      message: 'nodes do not know the new key: a, b. Start each node with both keys first',
    })
    // nothing was begun: the old key alone counts
    await MasterKeys.open(store, before, [], random)
    nodes([node('a', `${one} ${two}`)], [node('a', `${one} ${two}`)], [node('a', `${two} ${one}`)])
    await rotateMasterKey(store, before, after, random)
    await MasterKeys.open(store, after, [], random)
  })

  test('goes on where it was interrupted, and refuses keys of another store', async (t) => {
    const store = await storeOfOld(t)
    await store.commit(commitOf(alpha, 0, [put('thing', 'a', [sealed('password', 'a')])]))
    const kept = store.kept.bind(store)
    Object.assign(store, { kept: () => Promise.reject(new Error('killed')) })
    await assert.rejects(rotateMasterKey(store, before, after, random), /killed/)
    await assert.rejects(MasterKeys.open(store, before, [], random), /master key/)
    await MasterKeys.open(store, after, [before], random)
    Object.assign(store, { kept })
    await assert.rejects(rotateMasterKey(store, after, random.bytes(32), random), { name: 'WrongMasterKey' })
    assert.equal((await rotateMasterKey(store, before, after, random)).secrets, 1)
    await MasterKeys.open(store, after, [], random)
  })
})
