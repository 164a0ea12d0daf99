import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Store, workMost } from '../../packages/server/src/store/index.ts'
import type { Subject } from './contract.ts'
import { alpha, beta, until } from './fixture.ts'

/** What every store promises of deliveries, and of work that outlives its node. */
export function works<S extends Store>({ open }: Subject<S>): void {
  test('a delivery is kept step by step, each on the state before it, with its files', async (t) => {
    const { deliveries } = await open(t)
    const name = { account: alpha, trail: 'us-east-1/面' }
    const file = (number: number, chain = 'a') => ({ chain, number, value: `file ${number}` })
    assert.equal(await deliveries.read(name), undefined)
    assert.equal(await deliveries.keep({ ...name, before: 'x', after: 'one' }), false)
    assert.ok(await deliveries.keep({ ...name, before: undefined, after: 'one', files: [file(1)] }))
    assert.equal(await deliveries.keep({ ...name, before: undefined, after: 'two', files: [file(9)] }), false)
    const files = [file(2, 'b'), file(3), file(10)]
    assert.ok(await deliveries.keep({ ...name, before: 'one', after: 'two', files }))
    assert.equal(await deliveries.keep({ ...name, before: 'one', after: 'three', files: [file(11)] }), false)
    assert.equal(await deliveries.read(name), 'two')
    assert.deepEqual(await deliveries.files(name), [file(1), file(2, 'b'), file(3), file(10)])
    assert.deepEqual(await deliveries.files(name, 'a'), [file(1), file(3), file(10)])
    const later = { before: 'two', after: 'three', listed: ['a'], files: [file(12)] }
    assert.ok(await deliveries.keep({ ...name, ...later }))
    assert.deepEqual(await deliveries.files(name), [file(2, 'b'), file(12)])
    assert.ok(await deliveries.keep({ account: beta, trail: name.trail, before: undefined, after: 'other' }))
    assert.deepEqual(await deliveries.of(alpha), new Map([[name.trail, 'three']]))
    assert.equal(await deliveries.keep({ ...name, before: 'two', after: undefined }), false)
    assert.ok(await deliveries.keep({ ...name, before: 'three', after: undefined }))
    assert.deepEqual(await deliveries.files(name), [])
    assert.deepEqual(await deliveries.of(alpha), new Map())
    assert.equal(await deliveries.read({ account: beta, trail: name.trail }), 'other')
  })

  test('work is claimed by one, and again when its claim has ended', async (t) => {
    const { works } = await open(t)
    assert.ok(await works.isEmpty())
    assert.ok(await works.add({ id: 'b', value: '面' }, 0))
    assert.ok(await works.add({ id: 'own', value: 'x' }, 60_000))
    assert.deepEqual(await works.claim(5, 50), [{ id: 'b', value: '面' }])
    const again: string[] = []
    await until(async () => {
      again.push(...(await works.claim(5, 60_000)).map(({ id }) => id))
      return again.length > 0
    })
    assert.deepEqual(again, ['b'])
    assert.deepEqual(await works.claim(5, 60_000), [])
    assert.deepEqual([...(await works.hold(['own', 'b', 'none'], 60_000))].sort(), ['b', 'own'])
    await works.end('own')
    await works.end('b', { value: 'again', after: 20 })
    assert.deepEqual(await works.hold(['b', 'own'], 60_000), [])
    const due: unknown[] = []
    await until(async () => {
      due.push(...(await works.claim(5, 60_000)))
      return due.length > 0
    })
    assert.deepEqual(due, [{ id: 'b', value: 'again' }])
    assert.equal(await works.isEmpty(), false)
    await works.end('b')
    assert.ok(await works.isEmpty())
  })

  test('work that would be too much is refused, and a reset forgets all of it', async (t) => {
    const store = await open(t)
    const value = 'x'.repeat(workMost.characters / 8)
    const added: boolean[] = []
    for (let n = 0; n < 9; n++) added.push(await store.works.add({ id: `work ${n}`, value }, 0))
    assert.deepEqual(added, [...Array(8).fill(true), false])
    await store.deliveries.keep({ account: alpha, trail: 'x', before: undefined, after: 'one' })
    await store.reset()
    assert.ok(await store.works.isEmpty())
    assert.deepEqual(await store.deliveries.of(alpha), new Map())
  })
}
