import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { account } from '../../../../test/kit/index.ts'
import { type AccountId, peopleBeside } from '../base/index.ts'
import { centerUsers, endedSignIns, users } from '../directory/index.ts'
import { newLineage, type Store } from '../store/index.ts'
import { openServer } from './fixture.ts'
import type { Refusal } from './route/admin-route.ts'
import { blobOf, hasBlobs, memoryShelf, Snapshots } from './snapshots.ts'

const other = '210987654321' as AccountId

async function refusal(of: Promise<unknown>): Promise<readonly [number, string]> {
  try {
    await of
  } catch (error) {
    const { status, error: why } = error as Refusal
    return [status, why]
  }
  assert.fail('it was not refused')
}

const put = (kind: string, id: string, value: object) => ({ kind, id, value: JSON.stringify(value) })

/** Keeps changes of an account, whatever it has. */
async function keep(store: Store, id: AccountId, changes: readonly object[], blobs: readonly object[] = []) {
  const base = (await store.loadAccount(id))?.lineage
  const given = { account: id, base, next: newLineage(), changes, ...(blobs.length > 0 && { blobs }) }
  assert.ok((await store.commit({ accounts: [given as never], events: [] })).ok)
}

describe('a saved state of a server', () => {
  test('has the accounts as they are, and a load puts them back in one step', async (t) => {
    const { omen, deps, account: first, call, clock } = await openServer(t, account)
    const shelf = memoryShelf()
    const snapshots = new Snapshots(deps, shelf)
    const { store } = deps.directory
    const names = async () => [...(await first()).table(users).values()].map(({ name }) => name).sort()
    await call('iam:CreateUser', { UserName: 'ann' })
    t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 2) })
    clock.set(Date.UTC(2026, 0, 2))
    const items = (await store.loadAccount(account))!.items.length
    const head = { name: 'one', savedAt: '2026-01-02T00:00:00.000Z', accounts: 1, items }
    assert.deepEqual(await snapshots.save('one'), head)
    await call('iam:DeleteUser', { UserName: 'ann' })
    await call('iam:CreateUser', { UserName: 'bob' })
    await snapshots.save('two')
    assert.deepEqual(
      (await snapshots.list()).map(({ name }) => name),
      ['one', 'two'],
    )
    assert.deepEqual((await snapshots.list())[0], head)
    deps.decisions.failed.note({
      time: 1,
      service: 'iam',
      operation: 'x',
      fault: {},
      problem: 'p',
      sourceIp: '',
    } as never)
    assert.deepEqual(await snapshots.load('one'), head)
    assert.deepEqual(await names(), ['admin', 'ann'])
    // what was decided before was decided on other policies
    assert.equal(deps.decisions.failed.last(undefined), undefined)
    await snapshots.load('two')
    assert.deepEqual(await names(), ['admin', 'bob'])
    const before = (await store.loadAccount(account))!.lineage
    await snapshots.load('two')
    assert.equal((await store.loadAccount(account))!.lineage, before)
    await snapshots.save('two')
    await snapshots.remove('two')
    assert.deepEqual(await shelf.list(), ['one'])
    const accounts = await snapshots.accounts('one')
    assert.deepEqual([...accounts.keys()], [account])
    assert.ok(accounts.get(account)?.table(users).findBy('name', 'ann') !== undefined)
    assert.ok(omen.firstKeys.root.accessKeyId !== '')
  })

  test('closes and empties accounts that came later, and opens them with what they had', async (t) => {
    const { deps, clock } = await openServer(t, account)
    const snapshots = new Snapshots(deps, memoryShelf())
    const { store } = deps.directory
    await snapshots.save('before')
    const settings = { id: 'settings', name: 'later', alias: 'later', managementAccount: account, email: 'e' }
    await keep(store, other, [put('account/settings', 'settings', settings), put('user', 'u', { name: 'u' })])
    await snapshots.save('after')
    t.mock.timers.enable({ apis: ['Date'], now: 5_000 })
    clock.set(5_000)
    await snapshots.load('before')
    const now = async () =>
      Object.fromEntries(
        (await store.loadAccount(other))!.items.map(({ kind, value }) => [kind, JSON.parse(value)]),
      )
    const { alias: _, managementAccount: __, ...rest } = settings
    assert.deepEqual(await now(), { 'account/settings': { ...rest, closedAt: 5_000 } })
    clock.set(9_000)
    await snapshots.load('before')
    // it was closed before
    assert.deepEqual(await now(), { 'account/settings': { ...rest, closedAt: 5_000 } })
    await snapshots.load('after')
    assert.deepEqual(await now(), { 'account/settings': settings, user: { name: 'u' } })
  })

  test('has the packages of functions once, and gives them back', async (t) => {
    const { deps } = await openServer(t, account)
    const shelf = memoryShelf()
    const snapshots = new Snapshots(deps, shelf)
    const { store } = deps.directory
    const bytes = Buffer.from('a package')
    const codeSha256 = createHash('sha256').update(bytes).digest('base64')
    const record = (id: string) => ({ ...put('lambda/function', id, { codeSha256 }), blob: codeSha256 })
    await keep(store, other, [record('f'), record('g')], [{ name: codeSha256, bytes }])
    await snapshots.save('one')
    const { blobs } = JSON.parse(gunzipSync((await shelf.read('one'))!).toString('utf8'))
    assert.deepEqual(blobs, { [codeSha256]: bytes.toString('base64') })
    const gone = (id: string) => ({ kind: 'lambda/function', id, value: null, blob: null })
    await keep(store, other, [gone('f'), gone('g')])
    assert.equal(await store.readBlob(codeSha256), undefined)
    await snapshots.load('one')
    assert.deepEqual(Buffer.from((await store.readBlob(codeSha256))!), bytes)
    assert.equal((await store.loadAccount(other))!.items.length, 2)
    assert.ok(hasBlobs('lambda/function') && !hasBlobs('user'))
    assert.equal(blobOf('lambda/function', JSON.stringify({ codeSha256 })), codeSha256)
    assert.equal(blobOf('user', '{}'), undefined)
  })

  test('leaves ended sign-ins ended (SGN-47)', async (t) => {
    const { deps, account: first } = await openServer(t, account)
    const snapshots = new Snapshots(deps, memoryShelf())
    const end = async (signIn: string) => {
      ;(await first()).table(endedSignIns).put({ signIn, expiresAt: 5 })
      await deps.directory.commit([])
    }
    await end('one')
    await snapshots.save('one')
    await end('two')
    await snapshots.load('one')
    assert.deepEqual(
      [...(await first()).table(endedSignIns).values()].map(({ signIn }) => signIn),
      ['one', 'two'],
    )
  })

  test('of an earlier version has the people in the account: they are beside it now', async (t) => {
    const { deps } = await openServer(t, account)
    const shelf = memoryShelf()
    const snapshots = new Snapshots(deps, shelf)
    await snapshots.save('one')
    const saved = JSON.parse(gunzipSync((await shelf.read('one'))!).toString('utf8'))
    const ann = put(centerUsers.kind, 'ann', { id: 'ann', userName: 'ann', emails: [], store: 'd-1' })
    saved.accounts = saved.accounts.map(({ id, items }: { id: string; items: object[] }) => ({
      id,
      items: [...items, ann],
    }))
    await shelf.write('old', gzipSync(JSON.stringify(saved)))
    assert.deepEqual([...(await snapshots.accounts('old')).keys()], [account, peopleBeside(account)])
    const [head] = (await snapshots.list()).filter(({ name }) => name === 'old')
    assert.equal(head?.accounts, 1)
    await snapshots.load('old')
    const people = (await deps.directory.store.loadAccount(peopleBeside(account)))!.items
    assert.deepEqual(
      people.map(({ kind, id }) => [kind, id]),
      [[centerUsers.kind, 'ann']],
    )
  })

  test('is refused where it is none, is damaged, or is of another server', async (t) => {
    const { deps } = await openServer(t, account)
    const shelf = memoryShelf()
    const snapshots = new Snapshots(deps, shelf)
    for (const name of ['none', '-x', 'a b', '../one', 'x'.repeat(65), ''])
      assert.deepEqual(await refusal(snapshots.load(name)), [404, `There is no snapshot ${name}.`])
    assert.deepEqual(await refusal(snapshots.remove('none')), [404, 'There is no snapshot none.'])
    await snapshots.save('x'.repeat(64))
    await snapshots.save('one')
    const saved = JSON.parse(gunzipSync((await shelf.read('one'))!).toString('utf8'))
    const write = (name: string, value: object) => shelf.write(name, gzipSync(JSON.stringify(value)))
    await write('version', { ...saved, omenSnapshot: 2 })
    await write('number', { ...saved, accounts: [{ id: '12', items: [] }] })
    await shelf.write('bytes', Buffer.from('none'))
    for (const name of ['version', 'number', 'bytes'])
      assert.deepEqual(await refusal(snapshots.load(name)), [
        400,
        `The snapshot ${name} is damaged, or of another version of Omen.`,
      ])
    await write('partition', { ...saved, partition: 'aws-cn' })
    await write('first', { ...saved, firstAccount: other })
    assert.deepEqual(await refusal(snapshots.load('partition')), [
      400,
      `The snapshot is of a server of account ${account} in aws-cn.`,
    ])
    assert.deepEqual(await refusal(snapshots.load('first')), [
      400,
      `The snapshot is of a server of account ${other} in aws.`,
    ])
  })

  test('is one of a thousand; one more is refused, unless it replaces another', async (t) => {
    const { deps } = await openServer(t, account)
    const names = Array.from({ length: 1_000 }, (_, n) => `s${n}`)
    const shelf = { ...memoryShelf(), list: async () => names }
    const snapshots = new Snapshots(deps, shelf)
    assert.deepEqual(await refusal(snapshots.save('more')), [400, 'There are 1000 snapshots: remove some.'])
    await snapshots.save('s7')
    names.pop()
    await snapshots.save('more')
  })

  test('is not loaded over what changed meanwhile', async (t) => {
    const { deps } = await openServer(t, account)
    const snapshots = new Snapshots(deps, memoryShelf())
    await keep(deps.directory.store, other, [put('user', 'u', {})])
    await snapshots.save('one')
    await keep(deps.directory.store, other, [put('user', 'v', {})])
    const { store } = deps.directory
    const stale = Object.create(store, {
      commit: { value: async () => ({ ok: false, moved: [other, account] }) },
    })
    const directory = {
      store: stale,
      loaded: (id: AccountId) => deps.directory.loaded(id),
      async keepUsage() {},
      forget: () => assert.fail('nothing was kept'),
    } as unknown as typeof deps.directory
    const there = new Snapshots({ ...deps, directory }, memoryShelf())
    await there.save('two')
    await keep(store, other, [put('user', 'w', {})])
    assert.deepEqual(await refusal(there.load('two')), [
      409,
      `Account ${other}, ${account} changed meanwhile: try again.`,
    ])
  })
})
