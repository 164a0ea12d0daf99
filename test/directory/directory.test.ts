import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type AccountId, parseAccountId } from '../../packages/server/src/base/index.ts'
import {
  AccountNotLoaded,
  Directory,
  type DirectoryLimits,
  settings,
} from '../../packages/server/src/directory/index.ts'
import { openSqliteStore } from '../../packages/server/src/store/index.ts'

const ids = Array.from({ length: 8 }, (_, n) => parseAccountId(String(111111111111 + n))!)
const text = 'x'.repeat(10_000)

/** A directory over eight accounts of some 15,000 characters each. */
async function directoryOf(limits: Partial<DirectoryLimits> = {}) {
  const store = await openSqliteStore({ memory: true })
  const making = new Directory(store)
  for (const id of ids) {
    making.create(id).table(settings).put({ id: 'settings', name: text, email: 'a@b.c', createdAt: 0 })
    await making.commit([])
  }
  return { store, directory: new Directory(store, limits) }
}

const isLoaded = (directory: Directory) => (id: AccountId) => {
  try {
    return directory.known(id) !== undefined
  } catch (error) {
    assert.ok(error instanceof AccountNotLoaded)
    return false
  }
}

describe('a directory', () => {
  test('keeps as many accounts as its size allows, the last used ones', async () => {
    let full = 0
    const onFull = () => full++
    const { directory } = await directoryOf({ size: 50_000, onFull })
    for (const id of ids) await directory.find(id)
    assert.equal(full, 1)
    // what nobody holds is collected at some time; until then it is found
    const kept = ids.filter(isLoaded(directory))
    assert.ok(kept.includes(ids[7]!) && kept.includes(ids[6]!))
    const { store, directory: wide } = await directoryOf({ onFull })
    for (const id of ids) await wide.find(id)
    assert.equal(full, 1)
    assert.equal(ids.filter(isLoaded(wide)).length, ids.length)
    await store.close()
  })

  test('counts what an account grows and shrinks by', async () => {
    const { directory } = await directoryOf()
    const account = (await directory.find(ids[0]!))!
    const before = account.size
    const record = account.settings
    account.table(settings).put({ ...record, name: `${text}${text}` })
    await directory.commit([])
    assert.equal(account.size - before, text.length)
    account.table(settings).put(record)
    await directory.commit([])
    assert.equal(account.size, before)
  })

  test('makes room when an account grows, not only when another is read', async () => {
    const { directory } = await directoryOf({ size: 50_000 })
    for (const id of ids.slice(0, 3)) await directory.find(id)
    const before = directory.size
    const account = (await directory.find(ids[2]!))!
    account.table(settings).put({ ...account.settings, name: text.repeat(2) })
    await directory.commit([])
    assert.ok(before <= 50_000 && directory.size <= 50_000, `${before} ${directory.size}`)
  })

  test('an account that was called a moment ago may leave; its last uses are stored all the same', async () => {
    const { store, directory } = await directoryOf({ size: 20_000 })
    for (const id of ids) (await directory.find(id))!.usage.note('AKIA', 'iam', 'us-east-1', 7)
    assert.ok(directory.size <= 20_000, String(directory.size))
    // read again before they are stored
    assert.equal((await directory.find(ids[0]!))!.usage.find('AKIA')?.at, 7)
    await directory.keepUsage()
    const stored = await Promise.all(ids.map((id) => store.lastUses(id)))
    assert.deepEqual(
      stored.map(([use]) => use?.at),
      ids.map(() => 7),
    )
  })

  test('never gives a second object of an account that a call still holds', async (t) => {
    const { store, directory } = await directoryOf({ size: 20_000 })
    const held = await directory.find(ids[0]!)
    for (const id of ids.slice(1)) await directory.find(id)
    const asked = t.mock.method(store, 'loadAccount')
    assert.equal(await directory.find(ids[0]!), held)
    assert.equal(asked.mock.callCount(), 0)
  })

  test('asks once for a number that is no account, and forgets the oldest of many such', async (t) => {
    const { store, directory } = await directoryOf({ absent: 2 })
    const asked = t.mock.method(store, 'loadAccount')
    const [a, b, c] = ['999999999991', '999999999992', '999999999993'].map((id) => parseAccountId(id)!)
    for (const id of [a!, a!, b!, b!, a!]) assert.equal(await directory.find(id), undefined)
    assert.equal(asked.mock.callCount(), 2)
    assert.equal(directory.known(a!), undefined)
    await directory.find(c!)
    assert.throws(() => directory.known(a!), AccountNotLoaded)
    directory.create(b!).table(settings).put({ id: 'settings', name: 'b', email: 'a@b.c', createdAt: 0 })
    await directory.commit([])
    assert.equal(directory.known(b!)?.settings.name, 'b')
  })

  test('undoes a commit that was refused, with those based on it, in the same object', async (t) => {
    const { store, directory } = await directoryOf()
    const account = (await directory.find(ids[0]!))!
    const { lineage, revision, size } = account
    const refused = Promise.withResolvers<never>()
    const commit = t.mock.method(store, 'commit', () => refused.promise)
    const change = (name: string) => {
      account.table(settings).put({ ...account.settings, name })
      return directory.commit([])
    }
    const both = [assert.rejects(change('never')), assert.rejects(change('never either'))]
    assert.equal(account.settings.name, 'never either')
    refused.reject(new Error('no'))
    await both[0]
    assert.equal(account.settings.name, text)
    await both[1]
    assert.equal(await directory.find(ids[0]!), account)
    assert.deepEqual([account.lineage, account.revision, account.size], [lineage, revision, size])
    commit.mock.restore()
    await change('kept')
    assert.equal((await new Directory(store).find(ids[0]!))?.settings.name, 'kept')
  })
})
