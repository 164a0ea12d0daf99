import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { needs, type Postgres, startPostgres } from '../support/index.ts'
import { omen, serve, temporaryHome } from './process.ts'

const key = 'ab'.repeat(32)

describe('a store of many nodes', { ...needs('postgres'), concurrency: 2 }, () => {
  let cluster: Postgres
  before(async () => {
    cluster = await startPostgres()
  })
  after(() => cluster[Symbol.asyncDispose]())

  test('init prints the first keys once, and what cannot be opened is one line', async (t) => {
    cluster.create('made')
    const store = ['--store', cluster.url('made')]
    const made = await omen(['store', 'init', ...store, '--account', '111111111111'], {
      OMEN_MASTER_KEY: key,
    })
    assert.equal(made.status, 0, made.stderr)
    const first = JSON.parse(made.stdout) as { account: string; keys: { root: { accessKeyId: string } } }
    assert.equal(first.account, '111111111111')
    const again = await omen(['store', 'init', ...store], { OMEN_MASTER_KEY: key })
    assert.deepEqual([again.status, again.stdout], [0, ''])
    const found = await omen(['store', 'check', ...store], { OMEN_MASTER_KEY: key })
    const { accounts, masterKey, schema, newestSchema } = JSON.parse(found.stdout)
    assert.deepEqual([accounts, masterKey, schema], [1, true, newestSchema])
    assert.ok(!`${again.stderr}${found.stdout}`.includes(first.keys.root.accessKeyId))

    const start = ['start', '--home', temporaryHome(t), '--port', '0']
    const wrong = await omen([...start, ...store], { OMEN_MASTER_KEY: 'cd'.repeat(32) })
    assert.equal(wrong.status, 253)
    assert.equal(wrong.stderr, 'omen: the master key is not the one of this database: nothing was changed\n')
    const other = await omen([...start, ...store, '--account', '222222222222'], { OMEN_MASTER_KEY: key })
    assert.equal(other.stderr, 'omen: the first account of this store is 111111111111, not 222222222222\n')
    cluster.sql('UPDATE omen.schema SET version = 99, least = 99', 'made')
    const newer = await omen([...start, ...store], { OMEN_MASTER_KEY: key })
    assert.match(
      newer.stderr,
      /^omen: .* was changed by a newer Omen \(schema 99; this one knows \d+\): .*\n$/,
    )
    const bare = await omen([...start, ...store])
    assert.match(bare.stderr, /^omen: a shared store needs OMEN_MASTER_KEY or OMEN_MASTER_KEY_FILE: .*\n$/)
  })

  test('copy carries a home over and back, and overwrites nothing', async (t) => {
    cluster.create('copied')
    const [home, back] = [temporaryHome(t), join(temporaryHome(t), 'back')]
    const url = cluster.url('copied')
    const served = await serve(home)
    const client = clientOf(served)
    await client.createUser({ UserName: 'carried' })
    client.destroy()
    await served.stop('SIGTERM')
    const over = await omen(['store', 'copy', '--from', home, '--to', url])
    assert.equal(over.status, 0, over.stderr)
    const refused = await omen(['store', 'copy', '--from', home, '--to', url])
    assert.match(refused.stderr, /copied is not empty: nothing was changed\n$/)
    const OMEN_MASTER_KEY = readFileSync(join(home, 'master.key'), 'utf8').trim()
    const returned = await omen(['store', 'copy', '--from', url, '--to', back], { OMEN_MASTER_KEY })
    assert.equal(returned.status, 0, returned.stderr)
    assert.deepEqual(JSON.parse(returned.stdout), JSON.parse(over.stdout))
    for (const file of ['omen.db', 'master.key', 'credentials.json'])
      assert.ok(existsSync(join(back, file)), file)
    const last = await serve(back)
    t.after(() => last.stop('SIGTERM'))
    assert.deepEqual(last.keys, served.keys)
    const reader = clientOf(last)
    assert.equal((await reader.getUser({ UserName: 'carried' })).User?.UserName, 'carried')
    reader.destroy()
  })
})

function clientOf({ url, keys }: Awaited<ReturnType<typeof serve>>): IAM {
  return new IAM({ endpoint: url, region: 'us-east-1', credentials: { ...keys.admin } })
}
