import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import { enforce, refuses } from '../../packages/server/src/authorization/index.ts'
import type { Mode } from '../../packages/server/src/base/index.ts'
import { roles } from '../../packages/server/src/directory/index.ts'

describe('what a mode makes of a denial', () => {
  test('enforce refuses, audit and off let through, and a mode that nobody knows refuses', () => {
    const denied = { denied: true }
    assert.equal(enforce('enforce', denied), 'refuse')
    assert.equal(enforce('audit', denied), 'letThrough')
    assert.equal(enforce('off', denied), 'letThrough')
    assert.equal(enforce('Audit' as Mode, denied), 'refuse')
    assert.equal(enforce('' as Mode, denied), 'refuse')
    for (const mode of ['enforce', 'audit', 'off', 'else'] as Mode[])
      assert.equal(enforce(mode, { denied: false }), 'allow')
    assert.deepEqual(
      ['enforce', 'audit', 'off', 'else'].map((mode) => refuses(mode as Mode)),
      [true, false, false, true],
    )
  })
})

describe('an answer that depends on others', () => {
  test('a call runs again when its account was changed elsewhere meanwhile, and is kept once', async () => {
    await using omen = await createOmen()
    const iam = omen.client(IAM, 'admin')
    const { directory } = omen.omen.deps
    const { store } = directory
    const commit = store.commit.bind(store)
    let refused = 0
    store.commit = (given) => {
      const changes = given.accounts.some(({ changes: of }) => of.some(({ kind }) => kind.endsWith('/user')))
      if (!changes || refused === 2) return commit(given)
      refused++
      return Promise.resolve({ ok: false, moved: [omen.omen.deps.firstAccount] })
    }
    await iam.createUser({ UserName: 'again' })
    assert.equal(refused, 2)
    const { Users = [] } = await iam.listUsers({})
    assert.deepEqual(
      Users.map(({ UserName }) => UserName),
      ['admin', 'again'],
    )
  })

  test('a call that meets only conflicts is told to try again', async () => {
    await using omen = await createOmen({ complain: () => {} })
    const iam = omen.client(IAM, 'admin')
    const { store } = omen.omen.deps.directory
    let tried = 0
    store.commit = () => {
      tried++
      return Promise.resolve({ ok: false, moved: [omen.omen.deps.firstAccount] })
    }
    const client = new IAM({ ...omen.clientConfig('admin'), maxAttempts: 1 })
    await assert.rejects(client.createUser({ UserName: 'never' }), {
      name: /^ServiceUnavailable/,
      message: 'The account was changed too often meanwhile. Try again.',
    })
    assert.ok(tried >= 8)
    client.destroy()
    void iam
  })

  test('an error of Omen itself is InternalFailure with a request id, and is reported to the operator', async () => {
    const told: string[] = []
    await using omen = await createOmen({ complain: (_error, id) => told.push(id) })
    const { deps } = omen.omen
    const client = new IAM({ ...omen.clientConfig('admin'), maxAttempts: 1 })
    deps.directory.commit = () => {
      throw new TypeError('something that nobody expected')
    }
    await assert.rejects(
      client.createUser({ UserName: 'x' }),
      (error: Error & { $metadata?: { requestId?: string } }) => {
        assert.match(error.name, /InternalFailure/)
        assert.doesNotMatch(error.message, /nobody expected/)
        assert.deepEqual(told, [error.$metadata?.requestId])
        return true
      },
    )
    Reflect.deleteProperty(deps.directory, 'commit')
    const { Users = [] } = await client.listUsers({})
    assert.deepEqual(
      Users.map(({ UserName }) => UserName),
      ['admin'],
      'what the failed call changed is undone',
    )
    client.destroy()
  })

  test('an error of our own is no failed call of the caller: no event says so', async () => {
    await using omen = await createOmen({ complain: () => {} })
    const { deps } = omen.omen
    const { directory } = deps
    const account = await directory.find(deps.firstAccount)
    assert.ok(account)
    const table = account.table.bind(account)
    const broken = (kind: Parameters<typeof table>[0]) => {
      if ((kind as unknown) === roles) throw new TypeError('something that nobody expected')
      return table(kind)
    }
    const kept: string[] = []
    const commit = directory.commit.bind(directory)
    directory.commit = (events) => {
      kept.push(...events.map(({ name }) => name))
      return commit(events)
    }
    const client = new IAM({ ...omen.clientConfig('admin'), maxAttempts: 1 })
    account.table = broken as typeof account.table
    await assert.rejects(client.getInstanceProfile({ InstanceProfileName: 'p' }), { name: /InternalFailure/ })
    Reflect.deleteProperty(account, 'table')
    assert.deepEqual(kept, [])
    await assert.rejects(client.getInstanceProfile({ InstanceProfileName: '' }), { name: /ValidationError/ })
    assert.deepEqual(kept, ['GetInstanceProfile'], 'a fault is kept')
    client.destroy()
  })
})
