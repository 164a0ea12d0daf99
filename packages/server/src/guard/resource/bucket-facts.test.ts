import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'
import { parseAccountId } from '../../base/index.ts'
import { Upstream } from '../upstream.ts'
import { BucketFacts } from './bucket-facts.ts'

const owner = parseAccountId('111122223333')!
const asker = { owner, now: 0 }
const tagged = '<Tagging><TagSet><Tag><Key>team</Key><Value>red</Value></Tag></TagSet></Tagging>'

describe('settings of buckets and objects, as the upstream gives them', () => {
  let server: Server
  let upstream: Upstream
  let facts: BucketFacts
  /** By method, path and query: what the upstream answers; 404 to all else. */
  let answers: Record<string, string | number>
  let asked: string[]

  before(async () => {
    server = createServer((incoming, outgoing) => {
      const line = `${incoming.method} ${incoming.url}`
      asked.push(line)
      const answer = answers[line] ?? 404
      if (typeof answer === 'string') outgoing.writeHead(200).end(answer)
      else outgoing.writeHead(answer, answer === 405 ? { 'x-amz-delete-marker': 'true' } : {}).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    upstream = new Upstream({ url: `http://127.0.0.1:${port}` })
  })
  after(async () => {
    await upstream.close()
    await new Promise((resolve) => server.close(resolve))
  })
  beforeEach(() => {
    facts = new BucketFacts(upstream, 'us-east-1')
    answers = {}
    asked = []
  })

  const enabled = '<AbacStatus><Status>Enabled</Status></AbacStatus>'
  for (const [abac, expected] of [
    [enabled, { team: 'red' }],
    [enabled.replace('Enabled', 'Disabled'), {}],
    ['<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>', {}],
    [404, {}],
    [403, undefined],
  ] as const)
    test(`a bucket's tags count if its setting says so: ${abac} (GRD-143)`, async () => {
      answers = { 'GET /b?abac=': abac, 'GET /b?tagging=': tagged }
      const tags = await facts.tags('b', asker)
      assert.deepEqual(tags && Object.fromEntries(tags), expected)
    })

  test('an object’s tags are remembered until it changes, those of a version are not', async () => {
    answers = { 'GET /b/a/%20c?tagging=': tagged, 'GET /b/a/%20c?tagging=&versionId=v%2F1': tagged }
    const object = { bucket: 'b', key: 'a/ c' }
    const team = async (version?: string) =>
      (await facts.objectTags({ ...object, version }, asker))?.get('team')
    assert.deepEqual([await team(), await team()], ['red', 'red'])
    assert.equal(asked.length, 1)
    facts.forgetObject('arn:aws:s3:::b/a/other')
    await team()
    assert.equal(asked.length, 1)
    facts.forgetObject('arn:aws:s3:::b/a/ c')
    await team()
    assert.equal(asked.length, 2)
    facts.forget()
    await team()
    assert.equal(asked.length, 3)
    assert.deepEqual([await team('v/1'), await team('v/1')], ['red', 'red'])
    assert.equal(asked.length, 5)
  })

  test('the bucket of an access point, none if there is no such point, and unknown otherwise', async () => {
    const arn = 'arn:aws:s3:us-east-1:111122223333:accesspoint/p'
    const line = 'GET /v20180820/accesspoint/p'
    for (const [answer, expected] of [
      ['<R><Bucket>b</Bucket></R>', { bucket: 'b' }],
      ['<R></R>', 'unknown'],
      ['<Error><Code>NoSuchAccessPoint</Code></Error>', undefined],
      [500, 'unknown'],
    ] as const) {
      facts.forget()
      answers = { [line]: answer }
      assert.deepEqual(await facts.bucketOf(arn, asker).catch(() => 'unknown'), expected, String(answer))
    }
  })

  test('default encryption and locks, and who pays, are what an answer of 200 says', async () => {
    const payer = (name: string) => `<R><Payer>${name}</Payer></R>`
    answers = {
      'GET /b?encryption=':
        '<R><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID><BucketKeyEnabled>true</BucketKeyEnabled></R>',
      'GET /b?object-lock=': '<R>lock</R>',
      'GET /b?requestPayment=': payer('Requester'),
      'GET /c?requestPayment=': payer('BucketOwner'),
    }
    assert.deepEqual(await facts.encryption('b', asker), {
      algorithm: 'aws:kms',
      key: 'k',
      bucketKey: 'true',
    })
    assert.equal(await facts.lock('b', asker), '<R>lock</R>')
    assert.deepEqual(
      [await facts.requesterPays('b', asker), await facts.requesterPays('c', asker)],
      [true, false],
    )
    assert.deepEqual(await facts.encryption('none', asker), {})
    assert.equal(await facts.lock('none', asker), undefined)
    assert.equal(await facts.requesterPays('none', asker), false)
  })

  test('the owner of an object, and the head of a version', async () => {
    answers = {
      'GET /b/k?acl=': '<R><Owner><ID> id-1 </ID></Owner></R>',
      'GET /b/k?acl=&versionId=2': '<R><Owner><DisplayName>n</DisplayName></Owner></R>',
      'HEAD /b/k?versionId=2': 405,
      'HEAD /b/k': 'here',
    }
    const object = { bucket: 'b', key: 'k' }
    assert.equal(await facts.objectOwner(object, asker), 'id-1')
    assert.equal(await facts.objectOwner({ ...object, version: '2' }, asker), undefined)
    assert.equal(await facts.objectOwner({ ...object, key: 'none' }, asker), undefined)
    assert.equal((await facts.head(object, asker)).status, 200)
    const { status, headers } = await facts.head({ ...object, version: '2' }, asker)
    assert.deepEqual([status, headers['x-amz-delete-marker']], [405, 'true'])
  })
})
