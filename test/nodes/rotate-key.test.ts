import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { keyIdOf, seededRandom, systemRandom } from '../../packages/server/src/base/index.ts'
import { storeTools } from '../../packages/server/src/gate/index.ts'
import { WrongMasterKey } from '../../packages/server/src/session/index.ts'
import { openPgStore, openSqliteStore, type Store } from '../../packages/server/src/store/index.ts'
import { needs, startPostgres } from '../support/index.ts'
import { openServers } from './twins.ts'
import { policy } from './wire-calls.ts'

const { rotateMasterKey, storedPurposes } = await storeTools()

const [before, after] = ['before', 'after'].map((seed) => seededRandom(seed).bytes(32)) as [
  Uint8Array,
  Uint8Array,
]

/** Everything that a store has, as text. */
async function textOf(store: Store): Promise<string> {
  const texts = [...(await store.settings()).values()]
  for (const id of await store.accounts())
    texts.push(...((await store.loadAccount(id))?.items ?? []).map(({ value }) => value))
  return texts.join('\n')
}

/** What a value begins with that a key seals. */
function beginOf(key: Uint8Array): string {
  const head = Buffer.alloc(5)
  head[0] = 1
  head.writeUInt32BE(keyIdOf(key), 1)
  return head.toString('base64url').slice(0, 6)
}

describe('the rotation of the master key', () => {
  test('seals everything anew while nodes serve calls', needs('postgres'), async () => {
    await using cluster = await startPostgres()
    const open = (nodeName: string) => openPgStore({ url: cluster.url(), nodeName })
    const server = async (nodeName: string, masterKey: Uint8Array, ...otherMasterKeys: Uint8Array[]) => {
      const opened = await open(nodeName)
      try {
        return await openServers([opened], { masterKey, otherMasterKeys })
      } catch (error) {
        await opened.close()
        throw error
      }
    }
    const old = await server('old', before)
    const one = await server('one', before, after)
    const two = await server('two', after, before)
    const store = await open('tool')
    try {
      const iam = one.nodes[0]!.iam()
      await iam.createUser({ UserName: 'user' })
      await iam.attachUserPolicy({
        UserName: 'user',
        PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      })
      await iam.createLoginProfile({ UserName: 'user', Password: 'Correct-Horse-9' })
      await iam.createVirtualMFADevice({ VirtualMFADeviceName: 'phone' })
      await iam.createServiceSpecificCredential({ UserName: 'user', ServiceName: 'codecommit.amazonaws.com' })
      const { AccessKey } = await iam.createAccessKey({ UserName: 'user' })
      const own = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
      const { Credentials } = await two.nodes[0]!.sts(own).getSessionToken({})
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials!
      const session = {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      }
      await assert.rejects(
        rotateMasterKey(store, seededRandom('other').bytes(32), after, systemRandom),
        WrongMasterKey,
      )
      await assert.rejects(rotateMasterKey(store, before, after, systemRandom), {
        name: 'NodesLackKey',
        message: 'nodes do not know the new key: old. Start each node with both keys first',
      })
      await old.close()
      let isOver = false
      const calls = [one, two].map(async ({ nodes }, index) => {
        for (let n = 0; !isOver && n < 20; n++) {
          const UserName = `load-${index}-${n}`
          await nodes[0]!.iam().createUser({ UserName })
          const made = await nodes[0]!.iam().createAccessKey({ UserName })
          assert.ok(made.AccessKey?.SecretAccessKey)
        }
      })
      const rotated = await rotateMasterKey(store, before, after, systemRandom)
      isOver = true
      await Promise.all(calls)
      assert.ok(rotated.secrets >= 8, `${rotated.secrets}`)
      const text = await textOf(store)
      assert.ok(!text.includes(beginOf(before)), 'something is sealed by the old key')
      assert.ok(text.includes(beginOf(after)))
      assert.deepEqual(await rotateMasterKey(store, before, after, systemRandom), { accounts: 0, secrets: 0 })
      const only = await server('only', after)
      for (const { nodes } of [one, two, only]) {
        assert.match((await nodes[0]!.sts(own).getCallerIdentity({})).Arn!, /user$/)
        assert.match((await nodes[0]!.sts(session).getCallerIdentity({})).Arn!, /user$/)
        const made = await nodes[0]!.sts(own).getFederationToken({
          Name: 'partner',
          Policy: policy({ Effect: 'Allow', Action: '*', Resource: '*' }),
        })
        const {
          AccessKeyId: id = '',
          SecretAccessKey: secret = '',
          SessionToken: token = '',
        } = made.Credentials!
        const made2 = { accessKeyId: id, secretAccessKey: secret, sessionToken: token }
        for (const other of [one, two, only]) await other.nodes[0]!.sts(made2).getCallerIdentity({})
      }
      assert.deepEqual(only.nodes[0]!.omen.firstKeys, one.nodes[0]!.omen.firstKeys)
      await only.close()
      await assert.rejects(server('late', before), WrongMasterKey)
    } finally {
      await store.close()
      await Promise.allSettled([one.close(), two.close(), old.close()])
    }
  })

  test('goes on where it was interrupted', async () => {
    const store = await openSqliteStore({ memory: true })
    const { close } = await openServers([store], { masterKey: before })
    const commit = store.commit.bind(store)
    store.commit = () => Promise.reject(new Error('interrupted'))
    await assert.rejects(rotateMasterKey(store, before, after, systemRandom), /interrupted/)
    store.commit = commit
    assert.ok((await textOf(store)).includes(beginOf(before)))
    const { secrets } = await rotateMasterKey(store, before, after, systemRandom)
    assert.equal(secrets, 2)
    assert.ok(!(await textOf(store)).includes(beginOf(before)))
    await close()
  })

  test('knows every purpose of sealing', () => {
    const root = fileURLToPath(new URL('../../packages/server/src/', import.meta.url))
    // what callers hold for a while, or the session keys seal
    const passing = [
      'authorization-message',
      'center-request',
      'center-ticket',
      'console-cookie',
      'console-session',
      'lambda-invocation',
      'metadata-token',
      'oauth-request',
      'oidc-client',
      'oidc-secret',
      'session',
      'signin-token',
    ]
    const found = new Set<string>()
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.ts'))
        for (const [, purpose = ''] of readFileSync(join(root, file), 'utf8').matchAll(
          /[pP]urpose = '([\w-]+)'/g,
        ))
          found.add(purpose)
    assert.deepEqual([...found].sort(), [...storedPurposes, ...passing].sort())
  })
})
