import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import type { Operation } from '../../packages/server/src/authorization/index.ts'
import { servedApis } from '../../packages/server/src/services/index.ts'
import { StoreUnavailable } from '../../packages/server/src/store/index.ts'

describe('what becomes of a call when another one fails', () => {
  const complaints: unknown[] = []
  let omen: Awaited<ReturnType<typeof createOmen>>
  let iam: IAM
  before(async () => {
    omen = await createOmen({ complain: (error) => complaints.push(error) })
    iam = new IAM({ ...omen.clientConfig('admin'), maxAttempts: 1 })
  })
  after(() => omen.close())

  const names = async () => (await iam.listUsers({})).Users?.map(({ UserName }) => UserName)

  test('a change that was kept is answered as kept, though the next one is not', async (t) => {
    const { store } = omen.omen.deps.directory
    const keep = store.commit.bind(store)
    const both = Promise.withResolvers<void>()
    let commits = 0
    t.mock.method(store, 'commit', async (commit: Parameters<typeof keep>[0]) => {
      const isFirst = ++commits === 1
      if (!isFirst) both.resolve()
      await both.promise
      if (isFirst) return keep(commit)
      // the first has been answered by then, unless it waits for this one
      await new Promise((resolve) => setTimeout(resolve, 20))
      throw new StoreUnavailable('the disk is full')
    })
    const first = iam.createUser({ UserName: 'kept' })
    const second = iam.createUser({ UserName: 'not-kept' })
    await assert.rejects(second, { name: 'ServiceUnavailable' })
    assert.equal((await first).User?.UserName, 'kept')
    t.mock.restoreAll()
    assert.deepEqual(await names(), ['admin', 'kept'])
    complaints.length = 0
  })

  test('a call whose event cannot be made changes nothing, neither then nor with the next commit', async () => {
    const { operations } = await servedApis.find(({ id }) => id === 'iam')!.load()
    const createUser = operations.CreateUser as { event?: Operation<never, unknown>['event'] }
    createUser.event = () => {
      throw new TypeError('a mistake of ours')
    }
    try {
      await assert.rejects(iam.createUser({ UserName: 'phantom' }), { name: 'InternalFailure' })
    } finally {
      delete createUser.event
    }
    assert.equal(omen.omen.deps.directory.hasChanges, false)
    await iam.createUser({ UserName: 'next' })
    omen.omen.deps.directory.forgetAll()
    assert.deepEqual(await names(), ['admin', 'kept', 'next'])
    assert.match(String(complaints), /a mistake of ours/)
  })
})
