import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { account } from '../../../../test/kit/index.ts'
import { type AccountId, keyIdOf, seededRandom, TestClock, Vault } from '../base/index.ts'
import { accessKeys, endedSignIns, users } from '../directory/index.ts'
import { accessKeyPurpose, MasterKeys } from '../session/index.ts'
import { openSqliteStore, type Store } from '../store/index.ts'
import { chosenIds, endedIn, establish, firstOf, markOfFirst } from './first.ts'
import { openServer } from './fixture.ts'
import { keepPartition, partitionOf } from './partition.ts'
import type { Refusal } from './route/admin-route.ts'
import { checkMasterKey, keepFixedKeys } from './route/bootstrap.ts'
import { clockRoutes } from './route/clock-routes.ts'
import { aheadIn } from './test-clock.ts'

const random = seededRandom('first')
const bytes = random.bytes(32)
const vault = new Vault([{ id: keyIdOf(bytes), bytes }], random)
const other = '210987654321' as AccountId

async function memory(t: TestContext, shared = false): Promise<Store> {
  const store = await openSqliteStore({ memory: true })
  t.after(() => store.close())
  return shared ? Object.assign(store, { shared: true }) : store
}

describe('the first account and its keys', () => {
  test('are those of the home, and of a shared store those of the first node', async (t) => {
    const own = await firstOf({ store: await memory(t), account }, vault, random)
    assert.equal(own.account, account)
    assert.match(own.keys.root.accessKeyId, /^AKIA/)
    assert.notEqual(own.keys.root.accessKeyId, own.keys.admin.accessKeyId)
    assert.notEqual(own.keys.root.secretAccessKey, own.keys.admin.secretAccessKey)
    const given = await firstOf({ store: await memory(t), account, firstKeys: own.keys }, vault, random)
    assert.deepEqual(given, { account, keys: own.keys, fixedKeys: [] })

    const store = await memory(t, true)
    assert.equal(await markOfFirst(store, vault), undefined)
    const first = await firstOf({ store, account }, vault, random)
    const mark = await markOfFirst(store, vault)
    assert.match(mark ?? '', /./)
    const fixedKeys = [own.keys.root]
    const second = await firstOf({ store, account: other, fixedKeys }, vault, random)
    assert.deepEqual([second.account, second.keys, second.fixedKeys], [account, first.keys, fixedKeys])
    assert.equal(await markOfFirst(store, vault), mark)
    await firstOf({ store, account, isAccountChosen: true }, vault, random)
    await assert.rejects(firstOf({ store, account: other, isAccountChosen: true }, vault, random), {
      name: 'WrongFirstAccount',
      message: `the first account of this store is ${account}, not ${other}`,
    })
    // nothing that another key sealed is read
    const strange = new Vault([{ id: 1, bytes: random.bytes(32) }], random)
    assert.equal(await markOfFirst(store, strange), undefined)
    const ids = chosenIds({ ...first, fixedKeys })
    const named = [first.keys.root, first.keys.admin, own.keys.root].map(({ accessKeyId }) => accessKeyId)
    assert.deepEqual(
      [...ids],
      named.map((id) => [id, account]),
    )
    assert.equal(chosenIds(first).size, 2)
  })

  test('of two nodes that start at once are those of the one whose setting is kept', async (t) => {
    const store = await memory(t, true)
    const proposed = await Promise.all(
      [account, other].map((each) => firstOf({ store, account: each }, vault, random)),
    )
    assert.deepEqual(proposed[0]?.keys, proposed[1]?.keys)
    assert.equal(proposed[0]?.account, proposed[1]?.account)
  })

  test('get the keys that were chosen for programs, once', async (t) => {
    const { deps } = await openServer(t, account)
    const { directory, vault: own } = deps
    const key = { accessKeyId: 'AKIAFIXEDFIXEDFIXED1', secretAccessKey: 'fixed' }
    const keep = (keys: readonly (typeof key)[], id = account, now = 1_000) =>
      keepFixedKeys(id, keys, now, { directory, vault: own })
    await keep([])
    assert.equal((await directory.find(account))!.table(accessKeys).find(key.accessKeyId), undefined)
    await keep([key], other)
    assert.equal(await directory.find(other), undefined)
    await keep([key])
    const kept = async () => (await directory.find(account))!.table(accessKeys).find(key.accessKeyId)!
    const first = await kept()
    const admin = [...(await directory.find(account))!.table(users).values()].find(
      ({ name }) => name === 'admin',
    )
    assert.deepEqual([first.owner, first.active, first.createdAt], [admin?.id, true, 1_000])
    assert.equal(own.openText(accessKeyPurpose, first.sealedSecret), 'fixed')
    await keep([key], account, 2_000)
    assert.deepEqual(await kept(), first)
    await keep([{ ...key, secretAccessKey: 'another' }], account, 3_000)
    assert.equal(own.openText(accessKeyPurpose, (await kept()).sealedSecret), 'another')
    assert.equal((await kept()).createdAt, 3_000)
    // without the user there is nobody whose keys they are
    const here = (await directory.find(account))!
    here.table(users).delete(admin!.id)
    await directory.commit([])
    await keep([{ ...key, accessKeyId: 'AKIAFIXEDFIXEDFIXED2' }])
    assert.equal((await directory.find(account))!.table(accessKeys).find('AKIAFIXEDFIXEDFIXED2'), undefined)
  })

  test('are made once, and by another node at the same time', async (t) => {
    const { omen, deps } = await openServer(t, account)
    const { directory, vault: own } = deps
    const before = omen.firstKeys.root.accessKeyId
    const first = await firstOf({ store: directory.store, account }, own, random)
    await establish(first, 1_000, { directory, vault: own, random })
    const keys = () => [...directory.loaded(account)!.table(accessKeys).values()].map(({ id }) => id)
    assert.ok(keys().includes(before) && !keys().includes(first.keys.root.accessKeyId))
    const more = await firstOf({ store: directory.store, account: other }, own, random)
    await establish({ ...more, account: other }, 1_000, { directory, vault: own, random })
    const made = directory.loaded(other)!
    assert.deepEqual(
      [...made.table(users).values()].map(({ name, path, createdAt, attached }) => ({
        name,
        path,
        createdAt,
        attached,
      })),
      [
        {
          name: 'admin',
          path: '/',
          createdAt: 1_000,
          attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
        },
      ],
    )
    assert.deepEqual(
      [made.settings.name, made.settings.email, made.settings.createdAt],
      ['omen', `root@${other}.example.com`, 1_000],
    )
    const owners = [...made.table(accessKeys).values()].map(({ owner, active }) => [owner === 'root', active])
    assert.deepEqual(owners.toSorted(), [
      [false, true],
      [true, true],
    ])
  })

  test('are checked with the master key that sealed them', async (t) => {
    const { deps } = await openServer(t, account)
    const { directory, vault: own } = deps
    const settings = new Map<string, string>()
    const store = {
      accounts: () => directory.store.accounts(),
      readSetting: async (name: string) => settings.get(name),
      async swapSetting(name: string, before: string | undefined, value: string | undefined) {
        if (settings.get(name) !== before) return false
        if (value === undefined) settings.delete(name)
        else settings.set(name, value)
        return true
      },
    } as unknown as Store
    const wrong = await MasterKeys.open(store, bytes, [], random)
    await assert.rejects(checkMasterKey(store, wrong, directory), { name: 'WrongMasterKey' })
    assert.equal(settings.size, 0)
    // an old store whose secrets open remembers its key, a new one without keys as well
    const right = await MasterKeys.open(store, bytes, [], random)
    Object.assign(right, { vault: own })
    await checkMasterKey(store, right, directory)
    assert.equal(settings.size, 1)
    await checkMasterKey(store, await MasterKeys.open(store, bytes, [], random), directory)
    const later = await MasterKeys.open(store, bytes, [], random)
    settings.set([...settings.keys()][0]!, 'of another key')
    await assert.rejects(checkMasterKey(store, later, directory), { name: 'WrongMasterKey' })
    settings.clear()
    const empty = { ...store, accounts: async () => [] } as unknown as Store
    await checkMasterKey(empty, await MasterKeys.open(store, bytes, [], random), directory)
    assert.equal(settings.size, 1)
  })

  test('keep the sign-ins that were ended over a reset', async (t) => {
    const { omen, deps } = await openServer(t, account)
    const { directory } = deps
    await (await endedIn(deps))()
    directory.loaded(account)!.table(endedSignIns).put({ signIn: 'one', expiresAt: 5 })
    await directory.commit([])
    const back = await endedIn(deps)
    const [kept] = [...directory.loaded(account)!.table(endedSignIns).values()]
    await omen.reset()
    const now = async () => [...(await directory.find(account))!.table(endedSignIns).values()]
    await back()
    assert.deepEqual(await now(), [kept])
  })
})

describe('the partition of a store', () => {
  test('is the one that it was made with (behaviour of --partition)', async (t) => {
    const store = await memory(t)
    assert.equal(await partitionOf(store, undefined), 'aws')
    assert.equal(await partitionOf(store, 'aws-cn'), 'aws-cn')
    await keepPartition(store, 'aws-cn')
    await keepPartition(store, 'aws-cn')
    assert.equal(await partitionOf(store, undefined), 'aws-cn')
    const wrong = { name: 'WrongPartition', kept: 'aws-cn' }
    await assert.rejects(partitionOf(store, 'aws'), {
      ...wrong,
      message: 'the accounts of this database are of partition aws-cn, not aws',
    })
    await assert.rejects(keepPartition(store, 'aws'), wrong)
    // an older store with accounts is of the one partition that there was
    const older = { readSetting: async () => undefined, accounts: async () => [account] } as unknown as Store
    assert.equal(await partitionOf(older, undefined), 'aws')
    await assert.rejects(partitionOf(older, 'aws-cn'), { kept: 'aws' })
  })
})

describe('a clock for tests', () => {
  test('moves between the present and ten years from it, and the next start knows (SSO-102)', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) })
    const store = await memory(t)
    const clock = new TestClock()
    const deps = { clock, directory: { store } } as unknown as Parameters<typeof clockRoutes>[0]
    const [shown, moved] = clockRoutes(deps)
    const ask = async (body: object) => {
      try {
        return await moved!.answer(
          [],
          body as never,
          undefined,
          new URLSearchParams(),
          undefined,
          {} as never,
        )
      } catch (error) {
        const { status, error: message } = error as Refusal
        return [status, message]
      }
    }
    const at = (clockAhead: number) => ({
      time: new Date(Date.UTC(2026, 0, 1) + clockAhead).toISOString(),
      clockAhead,
    })
    assert.deepEqual(shown!.answer([], {}, undefined, new URLSearchParams(), undefined, {} as never), at(0))
    assert.deepEqual(await ask({ ahead: 10 }), at(10_000))
    assert.equal(await aheadIn(store), 10_000)
    assert.deepEqual(await ask({ advance: 5 }), at(15_000))
    assert.deepEqual(await ask({ advance: -15 }), at(0))
    assert.equal(await store.readSetting('test-clock'), undefined)
    const bounds = [400, 'The clock moves between the present and ten years from it.']
    assert.deepEqual(await ask({ advance: -1 }), bounds)
    assert.deepEqual(await ask({ ahead: -1 }), bounds)
    assert.deepEqual(await ask({ ahead: 315_576_001 }), bounds)
    assert.deepEqual(await ask({ ahead: 315_576_000 }), at(315_576_000_000))
    assert.deepEqual(await ask({ ahead: 0 }), at(0))
    const wrong = [400, 'Give ahead or advance, in seconds.']
    for (const body of [{}, { ahead: 1, advance: 1 }, { ahead: 1.5 }, { ahead: '1' }, { advance: null }])
      assert.deepEqual(await ask(body), wrong, JSON.stringify(body))
    Object.assign(store, { swapSetting: async () => false })
    assert.deepEqual(await ask({ ahead: 1 }), bounds)
    assert.equal(clock.shift, 0)
    const [, still] = clockRoutes({ ...deps, clock: { now: () => 0 } } as never)
    await assert.rejects(
      async () => still!.answer([], { ahead: 1 }, undefined, new URLSearchParams(), undefined, {} as never),
      { status: 409 },
    )
  })
})
