import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import { Directory } from '../../packages/server/src/directory/index.ts'
import { bucketOwners } from '../../packages/server/src/gate/index.ts'
import { openSqliteStore } from '../../packages/server/src/store/index.ts'
import { account } from './house.ts'

const other = '210987654321' as AccountId // twelve digits
const creation = (at: number, of = other) => ({ account: of, since: at, now: at })

async function owners(t: { after(work: () => unknown): void }, most?: number) {
  const store = await openSqliteStore({ memory: true })
  t.after(() => store.close())
  const complaints: unknown[] = []
  const open = (origin = 'http://a') => {
    const deps = { directory: new Directory(store), firstAccount: account }
    return bucketOwners(deps, origin, (error) => complaints.push(error), most)
  }
  const directory = new Directory(store)
  directory
    .create(account)
    .table({ kind: 'x', key: () => 'x' })
    .put({})
  await directory.commit([])
  return { open, store, complaints }
}

describe('owners of buckets', () => {
  test('outlive the process, each upstream by itself (GRD-83)', async (t) => {
    const { open } = await owners(t)
    await open().note('b', creation(1))
    assert.equal(await open().find('b'), other)
    assert.equal(await open('http://b').find('b'), undefined)
    await open().forget('b')
    assert.equal(await open().find('b'), undefined)
  })

  test('are so many at most, and the oldest goes first (GRD-83)', async (t) => {
    const { open } = await owners(t, 3)
    const kept = open()
    for (const at of [5, 2, 3, 4]) await kept.note(`b${at}`, creation(at))
    const found = await Promise.all([2, 3, 4, 5].map((at) => kept.find(`b${at}`)))
    assert.deepEqual(found, [undefined, other, other, other])
    // one that is known takes no room
    await kept.note('b3', creation(9))
    assert.equal(await kept.find('b4'), other)
  })

  test('are noted though another node is faster, and a store that fails is complained of', async (t) => {
    const { open, store, complaints } = await owners(t)
    const [one, two] = [open(), open()]
    assert.equal(await one.find('b'), undefined)
    await two.note('c', creation(1))
    await one.note('b', creation(1))
    assert.deepEqual(await Promise.all(['b', 'c'].map((bucket) => open().find(bucket))), [other, other])
    assert.deepEqual(complaints, [])
    await store.close()
    await one.note('d', creation(1))
    assert.equal(complaints.length, 1)
  })
})
