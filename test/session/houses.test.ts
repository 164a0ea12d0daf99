import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom } from '../../packages/server/src/base/index.ts'
import { roles } from '../../packages/server/src/directory/index.ts'
import { Omen } from '../../packages/server/src/gate/index.ts'
import { servedApis } from '../../packages/server/src/services/index.ts'
import { mint } from '../../packages/server/src/session/index.ts'
import { openSqliteStore, type Store } from '../../packages/server/src/store/index.ts'
import { account } from '../kit/index.ts'

const masterKey = seededRandom('master').bytes(32)

/** A node: with the settings of another where they share them. */
async function node(key: Uint8Array, shared?: Store): Promise<Omen> {
  const own = await openSqliteStore({ memory: true })
  const store = shared === undefined ? own : withSettingsOf(own, shared)
  return Omen.open({ store, apis: servedApis, masterKey: key, account, mode: 'enforce', version: 'test' })
}

/** The store, with the settings of another. */
function withSettingsOf(own: Store, shared: Store): Store {
  const settings: readonly PropertyKey[] = ['readSetting', 'swapSetting']
  return new Proxy(own, {
    get(_, member) {
      const store = settings.includes(member) ? shared : own
      const value: unknown = Reflect.get(store, member, store)
      return typeof value === 'function' ? value.bind(store) : value
    },
  })
}

/** A token of a role that both nodes have. */
function token(omen: Omen): string {
  const now = omen.deps.clock.now()
  return mint(
    {
      kind: 'role',
      account,
      roleId: 'AROARZPUZDIKE5CMH3JKQ',
      sessionName: 'session',
      origin: 'user',
      issuedAt: now,
      expiresAt: now + 3_600_000,
      chain: [],
    },
    omen.deps.tokens,
    omen.deps.random,
  ).credentials.sessionToken
}

function withRole(omen: Omen): void {
  const table = omen.deps.directory.loaded(account)!.table(roles)
  const named = { id: 'AROARZPUZDIKE5CMH3JKQ', name: 'shared', path: '/', createdAt: 0 }
  table.put({ ...named, inline: {}, attached: [], tags: [], trust: '{}', maxSessionSeconds: 3_600 })
}

/** Whether the node knows who calls with it. */
function knows(omen: Omen, text: string): boolean {
  const claims = omen.deps.tokens.open(text)
  if (claims === undefined) return false
  const { deps } = omen
  const found = deps.credentials.find(
    deps.directory.loaded(account)!,
    claims.accessKeyId,
    text,
    deps.clock.now(),
  )
  return typeof found !== 'string' && found.caller.kind === 'role'
}

describe('houses that share a key ring (SES-6)', () => {
  test('open each other’s tokens, through rotations; another house opens none', async () => {
    const settings = await openSqliteStore({ memory: true })
    const [one, two] = [await node(masterKey, settings), await node(masterKey, settings)]
    const other = await node(seededRandom('other').bytes(32))
    for (const omen of [one, two, other]) withRole(omen)
    const first = token(one)
    assert.ok(knows(two, first) && knows(one, first))
    assert.equal(knows(other, first), false)
    const from = await one.deps.keyRing.rotate(one.deps.clock.now())
    await two.deps.keyRing.refresh(one.deps.clock.now())
    for (const omen of [one, two]) await omen.deps.keyRing.refresh(from)
    const second = token(two)
    assert.ok(knows(one, second) && knows(one, first) && knows(two, first))
    for (const omen of [one, two, other]) {
      omen.deps.directory.rollBack()
      await omen.close()
    }
    await settings.close()
  })
})
