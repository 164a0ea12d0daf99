import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../packages/server/src/store/index.ts'
import { chance } from './chance.ts'
import { nodeStore, SharedStore } from './node-store.ts'
import { openServers } from './twins.ts'

/** A store that counts refused commits, and turns. */
function counting(store: Store) {
  const counts = { refused: 0, turns: 0 }
  const counted: Partial<Store> = {
    async commit(commit) {
      const outcome = await store.commit(commit)
      if (!outcome.ok) counts.refused++
      return outcome
    },
    turn(account, work) {
      counts.turns++
      return store.turn(account, work)
    },
  }
  return {
    counts,
    store: new Proxy(store, { get: (_, name) => Reflect.get(counted, name) ?? bound(store, name) }),
  }
}

function bound(store: Store, name: string | symbol): unknown {
  const value = Reflect.get(store, name)
  return typeof value === 'function' ? value.bind(store) : value
}

test('nodes that change one account take turns, and few changes are refused', async () => {
  const shared = await SharedStore.open()
  const random = chance(5)
  const delay = () => Math.floor(random() * 3)
  const stores = [1, 2].map(() => counting(nodeStore(shared, { delay })))
  const { nodes, close } = await openServers(stores.map(({ store }) => store))
  const [clients, calls] = [4, 25]
  try {
    const client = async (name: string, iam: ReturnType<(typeof nodes)[0]['iam']>) => {
      for (let n = 0; n < calls; n++) await iam.createUser({ UserName: `${name}-${n}` })
    }
    await Promise.all(
      nodes.flatMap((node, index) =>
        Array.from({ length: clients }, (_, n) => client(`u${index}-${n}`, node.iam())),
      ),
    )
    for (const node of nodes) {
      const { Users = [] } = await node.iam().listUsers({ MaxItems: 1000 })
      assert.equal(Users.filter(({ UserName }) => /^u\d-/.test(UserName!)).length, 2 * clients * calls)
    }
    const refused = stores.reduce((sum, { counts }) => sum + counts.refused, 0)
    const turns = stores.map(({ counts }) => counts.turns)
    assert.ok(Math.min(...turns) > 3, `turns: ${turns}`)
    assert.ok(refused < (clients * calls) / 2, `${refused} of ${2 * clients * calls} changes were refused`)
  } finally {
    await close()
    await shared.store.close()
  }
})
