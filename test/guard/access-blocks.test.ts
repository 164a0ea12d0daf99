import assert from 'node:assert/strict'
import { after, afterEach, before, suite, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { account, type GuardHouse, guardHouse, type Sent, send, visiting } from './house.ts'
import { accessBlock, aclOf, bucketList, ownership, type SayingS3, startSayingS3 } from './s3-sayings.ts'

const everyone = 'http://acs.amazonaws.com/groups/global/AllUsers'
const accountBlock = '/v20180820/configuration/publicAccessBlock'

suite('access blocks and ACLs of an upstream that tells accounts apart', () => {
  let upstream: SayingS3
  let house: GuardHouse
  let visitor: ClientCredentials
  let visitorAccount: string
  let buckets = 0

  before(async () => {
    upstream = await startSayingS3()
    house = await guardHouse({ upstream: { url: upstream.url, accountKey: true } })
    ;({ visitor, visitorAccount } = await visiting(house))
  })
  after(async () => {
    await house?.close()
    await upstream?.close()
  })

  /** A bucket of the first account; what the guard remembers is of others. */
  const bucket = (name = `bucket-${++buckets}`) => {
    const all = [...Array(buckets + 1).keys()].map((index) => `bucket-${index}`)
    upstream.says.set(`${account} /`, bucketList('owner', 'first', 'second', ...all))
    return name
  }
  const says = (target: string, text: string) => upstream.says.set(target, text)
  afterEach(() => upstream.says.clear())
  const call = async (as: ClientCredentials, sent: Sent) => {
    const { status, body } = await send(house.omen.endpoint, {
      as,
      payloadHash: 'UNSIGNED-PAYLOAD',
      ...sent,
    })
    return { status, body }
  }
  const isBlocked = async (
    as: ClientCredentials,
    path: string,
    headers: Readonly<Record<string, string>>,
  ) => {
    const { status, body } = await call(as, { method: 'PUT', path, headers })
    assert.ok(status === 200 || /BlockPublicAcls/.test(body), `${status} ${body}`)
    return status === 403
  }
  const publicRead = { 'x-amz-acl': 'public-read' }

  test('of a copy, the block of the bucket that it is written to counts (GRD-86)', async () => {
    bucket()
    says('/first?publicAccessBlock=', accessBlock('BlockPublicAcls'))
    const copy = (source: string) => ({ ...publicRead, 'x-amz-copy-source': source })
    assert.equal(await isBlocked(house.admin, '/first/key', copy('/second/key')), true)
    assert.equal(await isBlocked(house.admin, '/second/key', copy('/first/key')), false)
  })

  test('of a bucket that is made, its account’s block counts (GRD-86)', async () => {
    bucket()
    assert.equal(await isBlocked(visitor, '/new-one', publicRead), false)
    says(`${visitorAccount} ${accountBlock}`, accessBlock('BlockPublicAcls'))
    // what was remembered of the account
    await call(visitor, {
      method: 'PUT',
      path: accountBlock,
      headers: { 'x-amz-account-id': visitorAccount },
    })
    assert.equal(await isBlocked(visitor, '/new-two', publicRead), true)
    assert.equal(await isBlocked(house.admin, '/new-three', publicRead), false)
  })
  test('a closed bucket keeps its denials, and what ACLs grant counts for nothing (GRD-86)', async () => {
    const name = bucket()
    says(`/${name}?ownershipControls=`, ownership('ObjectWriter'))
    says(`/${name}/key?acl=`, aclOf('owner', `<URI>${everyone}</URI>`, 'READ'))
    says(
      `/${name}?policy=`,
      policyOf(
        { Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${name}` },
        { Effect: 'Deny', Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/denied` },
      ),
    )
    const get = async (as: ClientCredentials, path: string) => (await call(as, { path })).status
    says(`/${name}/key`, 'content')
    assert.equal(await get(visitor, `/${name}/key`), 200)
    assert.equal(await get(visitor, `/${name}?list-type=2`), 404)
    // what was remembered of the bucket
    const renew = { method: 'DELETE', path: `/${name}?publicAccessBlock` }
    await call(house.admin, renew)
    says(`/${name}?publicAccessBlock=`, accessBlock('RestrictPublicBuckets'))
    assert.equal(await get(visitor, `/${name}/key`), 403)
    assert.equal(await get(visitor, `/${name}?list-type=2`), 403)
    assert.equal(await get(house.admin, `/${name}/key`), 200)
    assert.equal(await get(house.admin, `/${name}/denied`), 403)
  })
})

function policyOf(...statements: readonly object[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((each) => ({ Principal: '*', ...each })),
  })
}
