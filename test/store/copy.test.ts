import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { trailDeliveries } from '../../packages/server/src/directory/index.ts'
import { CopyInterrupted, storeTools } from '../../packages/server/src/gate/index.ts'
import {
  firstPosition,
  openPgStore,
  openSqliteStore,
  type Store,
} from '../../packages/server/src/store/index.ts'
import { needs, startPostgres } from '../support/index.ts'
import { alpha, beta, commitOf, denial, event, put, step } from './fixture.ts'

const { copyStore, StoreNotEmpty } = await storeTools()

describe('a copy of a store', needs('postgres'), () => {
  test('has everything that the store had, and trails go on where they were', async () => {
    await using cluster = await startPostgres()
    const [from, back] = await Promise.all([1, 2].map(() => openSqliteStore({ memory: true })))
    const to = await openPgStore({ url: cluster.url() })
    try {
      const zip = new TextEncoder().encode('a package')
      const name = createHash('sha256').update(zip).digest('base64')
      const denied = denial({ id: 'd-1' })
      const history = Array.from({ length: 1_500 }, (_, n) =>
        event({ time: n, ...(n === 7 && { decision: denied.id, denial: denied }) }),
      )
      await from!.record(history)
      const { position } = await from!.eventsAfter(firstPosition, 600)
      // files that were under way when the server was killed: they may be there
      const planEnd = (await from!.eventsAfter(firstPosition, 650)).position
      const plan = { to: planEnd, at: 5_000, place: { bucket: 'b' } }
      const delivery = { trail: 'us-east-1/all', position, plan, chains: [] }
      const kept = { account: alpha, trail: delivery.trail }
      const files = [{ chain: 'x', number: 1, value: 'a file' }]
      const after = JSON.stringify(delivery)
      await from!.deliveries.keep({ ...kept, before: undefined, after, files })
      const earlier = { ...delivery, trail: 'us-east-1/earlier', position: undefined, sequence: 1_400 }
      const read = (await from!.eventsAfter(firstPosition, 700)).position
      const lake = {
        position: read,
        plan: { to: (await from!.eventsAfter(read, 1_000)).position, at: 6_000 },
      }
      await from!.swapSetting('lake b/p', undefined, JSON.stringify(lake))
      const record = { ...put('lambda/function', 'f', { codeSha256: name }), blob: name }
      await from!.commit(commitOf(beta, 0, [put('user', 'a', '面')]))
      const changes = [put('user', 'a'), put(trailDeliveries.kind, earlier.trail, earlier), record]
      const blobs = [{ name, bytes: zip }]
      await from!.commit({ accounts: [{ ...step(alpha, 0, changes), blobs }], events: [] })
      await from!.swapSetting('ring', undefined, 'one')
      const use = { account: beta, id: 'AKIA', service: 'iam', region: 'us-east-1', at: 1 }
      await from!.keepUses([use], [])
      const begun = event({ time: 9_000 })
      await from!.begin([begun])
      await from!.works.add({ id: 'w-1', value: 'an event for a function' }, 0)
      // a copy that the process does not survive
      const { works } = from!
      Object.assign(from!, { works: { ...works, all: () => Promise.reject(new Error('killed')) } })
      await assert.rejects(copyStore(from!, to), /killed/)
      Object.assign(from!, { works })
      await assert.rejects(copyStore(to, back!), CopyInterrupted)
      const there = await copyStore(from!, to)
      const returned = await copyStore(to, back!)
      assert.deepEqual(there, { accounts: 2, items: 3, events: 1_500 })
      assert.deepEqual(returned, there)
      for (const copy of [to, back!] as Store[]) {
        assert.deepEqual(await copy.accounts(), [beta, alpha])
        assert.deepEqual((await copy.loadAccount(beta))?.items, (await from!.loadAccount(beta))?.items)
        assert.deepEqual(await copy.lastUses(beta), [use])
        assert.deepEqual([...(await copy.settings()).keys()].sort(), ['lake b/p', 'ring'])
        assert.deepEqual(await copy.findDenial(denied.id), denied)
        assert.deepEqual(await copy.begun(), [begun])
        assert.deepEqual(await copy.works.all(), [{ id: 'w-1', value: 'an event for a function' }])
        assert.deepEqual(await copy.readBlob(name), zip)
        const kinds = (await copy.loadAccount(alpha))?.items.map(({ kind }) => kind).sort()
        assert.deepEqual(kinds, ['lambda/function', 'user'])
        const nextOf = async (text: string | undefined) =>
          (await copy.eventsAfter(JSON.parse(text ?? '{}').position, 1)).events[0]?.id
        assert.equal(await nextOf(await copy.deliveries.read(kept)), history[600]!.id)
        const { plan: planned } = JSON.parse((await copy.deliveries.read(kept)) ?? '{}')
        assert.equal((await copy.eventsAfter(planned.to, 1)).events[0]?.id, history[650]!.id)
        assert.deepEqual({ ...planned, to: planEnd }, { ...plan, named: `${position} ${planEnd}` })
        const { plan: ofLake } = JSON.parse((await copy.readSetting('lake b/p')) ?? '{}')
        assert.deepEqual((await copy.eventsAfter(ofLake.to, 1)).events, [])
        assert.deepEqual([ofLake.at, ofLake.named], [6_000, `${read} ${lake.plan.to}`])
        assert.deepEqual(await copy.deliveries.files(kept), files)
        const was = await copy.deliveries.read({ account: alpha, trail: earlier.trail })
        assert.equal(await nextOf(was), history[1_400]!.id)
        assert.equal(await nextOf(await copy.readSetting('lake b/p')), history[700]!.id)
      }
      await assert.rejects(copyStore(from!, to), StoreNotEmpty)
    } finally {
      await Promise.all([from, to, back].map((store) => store?.close()))
    }
  })
})
