import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { type ClientCredentials, createOmen, type RunningOmen } from 'omen-iam'
import { recallDecision, recallLastDenial } from '../../packages/server/src/authorization/index.ts'
import { StoreUnavailable } from '../../packages/server/src/store/index.ts'
import { callServer } from './house-call.ts'

/** The status with which the server's own API answers a key: the rotation of the keys that seal sessions. */
async function rotating(
  omen: RunningOmen,
  credentials: ClientCredentials,
  region = 'us-east-1',
): Promise<number> {
  const server = { endpoint: omen.endpoint, now: omen.clock.now() }
  return (await callServer(server, 'POST', '/_omen/keys/rotate', credentials, region)).status
}

describe('the house’s own API', () => {
  test('is for root and the admin of the first start, not for a later user of that name', async () => {
    await using omen = await createOmen()
    const iam = omen.client(IAM, 'admin')
    omen.clock.advance(1_000)
    await iam.createUser({ UserName: 'eve' })
    const { AccessKey: key } = await iam.createAccessKey({ UserName: 'eve' })
    const eve = { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }
    assert.equal(await rotating(omen, omen.keys.admin), 200)
    assert.equal(await rotating(omen, eve), 403)
    assert.equal(await rotating(omen, omen.keys.admin, 'nowhere'), 403)
    await iam.updateUser({ UserName: 'admin', NewUserName: 'first' })
    await iam.updateUser({ UserName: 'eve', NewUserName: 'admin' })
    assert.equal(await rotating(omen, eve), 403)
    assert.equal(await rotating(omen, omen.keys.root), 200)
  })

  test('reports only whether all is well to anyone, and the rest to root and admin', async () => {
    await using omen = await createOmen()
    const server = { endpoint: omen.endpoint, now: omen.clock.now() }
    const health = await fetch(new URL('/_omen/health', omen.endpoint))
    assert.deepEqual(await health.json(), { status: 'ok' })
    assert.equal((await fetch(new URL('/_omen/status', omen.endpoint))).status, 403)
    const status = await callServer(server, 'GET', '/_omen/status', omen.keys.admin)
    const told = (await status.json()) as Record<string, unknown>
    assert.deepEqual([told.status, told.mode, told.account], ['ok', 'enforce', omen.account])
  })

  test('reports by its health that changes are refused, also while reads succeed', async () => {
    await using omen = await createOmen({ complain: () => {} })
    const { store } = omen.omen.deps.directory
    const iam = omen.client(IAM, 'admin')
    const status = async () => {
      const health = await fetch(new URL('/_omen/health', omen.endpoint))
      const { status } = (await health.json()) as { status: string }
      assert.equal(health.status, status === 'ok' ? 200 : 503)
      return status
    }
    await iam.createUser({ UserName: 'before' })
    assert.equal(await status(), 'ok')
    const full = async () => Promise.reject(new StoreUnavailable('disk full'))
    const commits = mock.method(store, 'commit', full)
    await assert.rejects(iam.createUser({ UserName: 'during' }))
    await iam.listUsers({})
    await omen.omen.deps.recorder.flush()
    // a full disk may take an event that an answer waits for
    await omen.client(STS, 'admin').getSessionToken({})
    assert.equal(await status(), 'changes cannot be kept')
    commits.mock.restore()
    await iam.createUser({ UserName: 'after' })
    assert.equal(await status(), 'ok')
    // and that the events which answers wait for are
    const begins = mock.method(store, 'begin', full)
    const { events } = await store.lookUpEvents({ account: omen.omen.deps.firstAccount, limit: 1 })
    await assert.rejects(omen.omen.deps.recorder.begin(events[0]!))
    assert.equal(await status(), 'the trail cannot be kept')
    begins.mock.restore()
    await omen.omen.deps.recorder.keep(events[0]!)
    assert.equal(await status(), 'ok')
  })

  test('RSN-10 decisions are found after a reset, too: by decision, by request, and not earlier ones', async () => {
    await using omen = await createOmen()
    const { deps } = omen.omen
    const denied = async () => {
      const iam = omen.client(IAM, 'admin')
      await iam.createUser({ UserName: 'eve' })
      const { AccessKey: key } = await iam.createAccessKey({ UserName: 'eve' })
      const eve = { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }
      await assert.rejects(omen.client(IAM, eve).listRoles({}), { name: 'AccessDenied' })
      return (await recallLastDenial(deps))!
    }
    const before = await denied()
    await omen.reset()
    assert.equal(await recallDecision(before.id, deps), undefined)
    const after = await denied()
    assert.notEqual(after.id, before.id)
    assert.equal((await recallDecision(after.call.id, deps))?.id, after.id)
    assert.equal(await recallDecision('d-none', deps), undefined)
  })
})
