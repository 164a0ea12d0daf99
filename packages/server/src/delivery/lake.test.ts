import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { type AccountId, ManualClock, parseAccountId } from '../base/index.ts'
import { openSqliteStore, type StoredEvent } from '../store/index.ts'
import { Lake, parseLake } from './lake.ts'
import { DeliveryFailure } from './target.ts'

const noon = Date.UTC(2026, 2, 4, 12)
const [first, second] = ['111111111111', '222222222222'].map((id) => parseAccountId(id)) as [
  AccountId,
  AccountId,
]

function event(index: number, account: AccountId): StoredEvent {
  return {
    id: `e${index}`,
    time: noon,
    account,
    region: 'us-east-1',
    source: 'iam.amazonaws.com',
    name: 'ListUsers',
    username: undefined,
    accessKeyId: undefined,
    readOnly: true,
    errorCode: undefined,
    resources: [],
    json: JSON.stringify({ eventID: `e${index}` }),
  }
}

test('a lake has each event of all accounts in exactly one file, also after a failure', async () => {
  const store = await openSqliteStore({ memory: true })
  const clock = new ManualClock(noon)
  const put = new Map<string, Uint8Array>()
  let refusals = 0
  const target = {
    description: 'memory',
    async put({ bucket, key, bytes }: { bucket: string; key: string; bytes: Uint8Array }) {
      put.set(`${bucket}/${key}`, bytes)
      if (refusals-- > 0) throw new DeliveryFailure('SlowDown', 'after the file was kept')
    },
  }
  const lake = () => new Lake({ bucket: 'lake', prefix: 'omen', target, store, clock, flush: async () => {} })
  const idsIn = () =>
    [...put.values()].flatMap((bytes) =>
      (JSON.parse(gunzipSync(bytes).toString()) as { Records: { eventID: string }[] }).Records.map(
        ({ eventID }) => eventID,
      ),
    )
  await store.record([event(1, first), event(2, second), event(3, first)])
  await lake().deliver()
  assert.deepEqual(
    [...put.keys()].map((key) => key.replace(/_\w{16}\./, '_X.')).sort(),
    [first, second].map(
      (id) =>
        `lake/omen/AWSLogs/${id}/CloudTrail/us-east-1/2026/03/04/${id}_CloudTrail_us-east-1_20260304T1200Z_X.json.gz`,
    ),
  )
  refusals = 1
  await store.record([event(4, second), event(5, first)])
  await assert.rejects(lake().deliver(), DeliveryFailure)
  // what was planned is put again under the same names; what came meanwhile follows in another file
  clock.advance(600_000)
  await store.record([event(6, second)])
  assert.equal(await lake().undelivered({ before: noon + 1 }), 3)
  await lake().deliver()
  assert.deepEqual(idsIn().sort(), ['e1', 'e2', 'e3', 'e4', 'e5', 'e6'])
  assert.equal(await lake().undelivered({ before: noon + 1 }), 0)
  const files = put.size
  await lake().deliver()
  assert.equal(put.size, files)
  await store.close()
})

test('the address of a lake is a bucket with or without a prefix', () => {
  assert.deepEqual(parseLake('s3://lake'), { bucket: 'lake' })
  assert.deepEqual(parseLake('s3://lake/'), { bucket: 'lake' })
  assert.deepEqual(parseLake('s3://lake/a/b/'), { bucket: 'lake', prefix: 'a/b' })
  for (const wrong of [
    'lake',
    's3://',
    's3://La',
    's3://lake/../x',
    's3://lake/a//b',
    's3://lake/a b',
    'https://lake',
  ])
    assert.equal(parseLake(wrong), undefined, wrong)
})
