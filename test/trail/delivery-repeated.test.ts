import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseAccountId } from '../../packages/server/src/base/index.ts'
import {
  Deliverer,
  DeliveryFailure,
  folderTarget,
  type TrailTarget,
} from '../../packages/server/src/delivery/index.ts'
import { Directory } from '../../packages/server/src/directory/index.ts'
import { storeTools } from '../../packages/server/src/gate/index.ts'
import { firstPosition, openSqliteStore } from '../../packages/server/src/store/index.ts'
import { account, minute, openDeliveringServer } from './delivery-house.ts'

const { copyStore } = await storeTools()

/** A server with a trail, and deliverers of it, as nodes have them. */
async function openNodes() {
  const server = await openDeliveringServer()
  await server.trail('all')
  const { directory, clock, random, vault, recorder } = server.omen.omen.deps
  const folder = folderTarget(server.folder)
  const deliverer = (put: TrailTarget['put'] = (file) => folder.put(file), store = directory.store) =>
    new Deliverer({
      store,
      directory,
      clock,
      random,
      vault,
      flush: () => recorder.flush(),
      target: { ...folder, put },
    })
  const users = async (...names: string[]) => {
    for (const UserName of names) await server.iam.createUser({ UserName })
  }
  /** The users whose creation is in the delivered files, once for each file that has it. */
  const delivered = () =>
    server
      .delivered()
      .filter(({ eventName }) => eventName === 'CreateUser')
      .map(({ requestParameters }) => (requestParameters as { userName: string }).userName)
      .sort()
  return {
    server,
    folder,
    deliverer,
    users,
    delivered,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

describe('A delivery of several nodes (TRL-80)', () => {
  it('is repeated in the same files when its node was killed before it kept what it had put', async () => {
    await using nodes = await openNodes()
    await nodes.users('a', 'b')
    const killed = nodes.deliverer(async (file) => {
      await nodes.folder.put(file)
      throw new Error('killed')
    })
    await assert.rejects(killed.deliver(), /killed/)
    await nodes.users('c')
    nodes.server.omen.clock.advance(minute)
    await nodes.deliverer().deliver()
    assert.deepEqual(nodes.delivered(), ['a', 'b', 'c'])
    assert.equal(nodes.server.logKeys().length, 2)
  })

  it('is repeated in the same files from a copy of the store, where the events have other positions', async () => {
    await using nodes = await openNodes()
    const { server } = nodes
    await nodes.users('a')
    await nodes.deliverer().deliver()
    await nodes.users('b', 'c')
    const killed = nodes.deliverer(async (file) => {
      await nodes.folder.put(file)
      throw new Error('killed')
    })
    await assert.rejects(killed.deliver(), /killed/)
    const { directory, clock, random, vault } = server.omen.omen.deps
    // the first event is forgotten, so positions are others in the copy
    const { position } = await directory.store.eventsAfter(firstPosition, 1)
    await directory.store.forgetEvents({ upTo: position })
    const store = await openSqliteStore({ memory: true })
    await copyStore(directory.store, store)
    const copied = new Directory(store, {}, 'aws')
    const parts = { store, directory: copied, clock, random, vault, flush: async () => {} }
    server.omen.clock.advance(minute)
    await new Deliverer({ ...parts, target: nodes.folder }).deliver()
    await store.close()
    assert.deepEqual(nodes.delivered(), ['a', 'b', 'c'])
  })

  it('is repeated where it had begun, though the trail has got another place meanwhile', async () => {
    await using nodes = await openNodes()
    await nodes.users('a')
    const killed = nodes.deliverer(async (file) => {
      await nodes.folder.put(file)
      throw new Error('killed')
    })
    await assert.rejects(killed.deliver(), /killed/)
    await nodes.server.cloudtrail.updateTrail({ Name: 'all', S3KeyPrefix: 'elsewhere' })
    await nodes.users('b')
    await nodes.deliverer().deliver()
    assert.deepEqual(nodes.delivered(), ['a', 'b'])
    assert.deepEqual(
      nodes.server.logKeys().map((key) => key.startsWith('elsewhere/')),
      [false, true],
    )
  })

  it('moves to the new place of the trail if the one where it had begun refuses it', async () => {
    await using nodes = await openNodes()
    await nodes.users('a')
    const refused = nodes.deliverer(async () => {
      throw new DeliveryFailure('NoSuchBucket', 'there is no such bucket')
    })
    await refused.deliver()
    await nodes.server.cloudtrail.updateTrail({ Name: 'all', S3KeyPrefix: 'elsewhere' })
    await refused.deliver()
    await nodes.deliverer().deliver()
    assert.deepEqual(nodes.delivered(), ['a'])
    assert.ok(nodes.server.logKeys().every((key) => key.startsWith('elsewhere/')))
  })

  it('goes on where another node has brought it, and not where a paused node left it', async () => {
    await using nodes = await openNodes()
    await nodes.users('a')
    let resume = () => {}
    const paused = new Promise<void>((resolve) => {
      resume = resolve
    })
    let isPaused = () => {}
    const began = new Promise<void>((resolve) => {
      isPaused = resolve
    })
    const slow = nodes.deliverer(async (file) => {
      isPaused()
      await paused
      await nodes.folder.put(file)
    })
    const waking = slow.deliver()
    await began
    await nodes.deliverer().deliver()
    await nodes.users('b')
    await nodes.deliverer().deliver()
    await nodes.users('c')
    resume()
    await waking
    await nodes.deliverer().deliver()
    assert.deepEqual(nodes.delivered(), ['a', 'b', 'c'])
    assert.equal(nodes.server.logKeys().length, 3)
  })

  it('puts nothing of what was stored after its node had found nothing, and was paused', async () => {
    await using nodes = await openNodes()
    await nodes.deliverer().deliver()
    const { store } = nodes.server.omen.omen.deps.directory
    let looks = 0
    const slow = new Proxy(store, {
      get(of, name) {
        const value = Reflect.get(of, name)
        if (typeof value !== 'function') return value
        if (name !== 'eventsAfter') return value.bind(of)
        return async (...args: Parameters<typeof store.eventsAfter>) => {
          const found = await of.eventsAfter(...args)
          // the node is paused after its first look: meanwhile another one delivers what comes
          if (++looks === 1) {
            await nodes.users('a')
            await nodes.deliverer().deliver()
            await nodes.users('b')
          }
          return found
        }
      },
    })
    await nodes.deliverer(undefined, slow).deliver()
    await nodes.deliverer().deliver()
    assert.deepEqual(nodes.delivered(), ['a', 'b'])
  })

  it('is no change of the account, and begins anew for another trail of the same name', async () => {
    await using nodes = await openNodes()
    const { store } = nodes.server.omen.omen.deps.directory
    const name = { account: parseAccountId(account)!, trail: 'us-east-1/all' }
    const revision = async () => (await store.loadAccount(name.account))?.revision
    await nodes.server.cloudtrail.updateTrail({ Name: 'all', EnableLogFileValidation: true })
    await nodes.users('a')
    const before = await revision()
    await nodes.deliverer().deliver()
    assert.equal(await revision(), before)
    assert.equal((await store.deliveries.files(name)).length, 1)
    assert.ok((await nodes.server.cloudtrail.getTrailStatus({ Name: 'all' })).LatestDeliveryTime)
    await nodes.server.cloudtrail.deleteTrail({ Name: 'all' })
    nodes.server.omen.clock.advance(20 * minute)
    await nodes.deliverer().deliver()
    assert.deepEqual(await store.deliveries.of(name.account), new Map())
    assert.deepEqual(await store.deliveries.files(name), [])
    // what a killed node may leave behind
    const state = { trail: name.trail, of: 1, position: '1', chains: [] }
    const files = [{ chain: 'x', number: 1, value: '{}' }]
    await store.deliveries.keep({ ...name, before: undefined, after: JSON.stringify(state), files })
    await nodes.server.trail('all')
    assert.equal(
      (await nodes.server.cloudtrail.getTrailStatus({ Name: 'all' })).LatestDeliveryTime,
      undefined,
    )
    await nodes.users('b')
    await nodes.deliverer().deliver()
    assert.deepEqual(nodes.delivered(), ['a', 'b'])
  })
})
