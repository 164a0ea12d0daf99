import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs, startPostgres } from '../support/index.ts'
import { centerServer } from '../wire/center-house.ts'
import { RealNode } from './real-node.ts'

const password = 'Correct-Horse-7'

test(
  'SSO-130: users made at one node sign in at another, whichever is killed, and a disabled one at none',
  needs('postgres'),
  async () => {
    await using cluster = await startPostgres()
    const [one, two] = ['one', 'two'].map(
      (name) => new RealNode({ name, store: cluster.url(), args: [], modules: [] }),
    ) as [RealNode, RealNode]
    await one.start()
    await two.start()
    const clock = { now: () => Date.now() }
    const serverOf = (node: RealNode, account = '') =>
      centerServer({ endpoint: node.url, keys: node.keys, account, clock })
    try {
      const { shown } = await serverOf(one)
      const account = /::(\d{12}):/.exec(shown.identityStoreArn)?.[1] ?? ''
      const [here, there] = [await serverOf(one, account), await serverOf(two, account)]
      const { user, set } = await here.lent('alice', 'Reader', '{"Version":"2012-10-17","Statement":[]}')
      const first = await there.tokens('alice', password)
      // the group is made at one node, its member at the other, and the assignment at the first
      const { GroupId } = await here.store('CreateGroup', { DisplayName: 'all' })
      const bob = await there.user('bob')
      await there.own('POST', '/_omen/identity-center/password', { userName: 'bob', password })
      await here.store('CreateGroupMembership', { GroupId, MemberId: { UserId: bob } })
      await here.assign(set, 'GROUP', GroupId)
      await one.stop('SIGKILL')

      const lent = async (server: typeof there, token: string) =>
        (await server.portal('/assignment/accounts', token)).accountList?.length
      assert.equal(await lent(there, first.accessToken), 1)
      const { accessToken } = await there.tokens('bob', password)
      assert.equal(await lent(there, accessToken), 1)
      const carol = await there.user('carol')
      await there.own('POST', '/_omen/identity-center/password', { userName: 'carol', password })

      await one.start()
      const again = await serverOf(one, account)
      assert.equal((await again.store('DescribeUser', { UserId: carol })).UserName, 'carol')
      await again.tokens('carol', password)
      assert.equal(await lent(again, accessToken), 1)
      // both change the directory at once: no change is lost
      const names = Array.from({ length: 20 }, (_, n) => `both${n}`)
      await Promise.all(names.map((name, n) => (n % 2 === 0 ? again : there).user(name)))
      for (const server of [again, there])
        assert.equal((await server.store('ListUsers', { MaxResults: 100 })).Users.length, names.length + 3)
      await again.own('POST', '/_omen/identity-center/status', { userName: 'bob', enabled: false })
      assert.equal((await there.portal('/assignment/accounts', accessToken)).status, 401)
      await there.store('DeleteUser', { UserId: user })
      assert.equal((await again.portal('/assignment/accounts', first.accessToken)).status, 401)
    } finally {
      for (const node of [one, two]) if (node.isUp) await node.stop('SIGTERM')
    }
  },
)
