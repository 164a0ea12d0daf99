import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { policyText } from '../kit/index.ts'
import { account, type GuardServer, guardServer, type Sent, send, visiting } from './house.ts'
import { accessBlock, aclOf, bucketList, ownership, type SayingS3, startSayingS3 } from './s3-sayings.ts'

const everyone = 'http://acs.amazonaws.com/groups/global/AllUsers'
const accountBlock = '/v20180820/configuration/publicAccessBlock'

describe('access blocks and ACLs of an upstream that separates accounts', () => {
  let upstream: SayingS3
  let server: GuardServer
  let visitor: ClientCredentials
  let visitorAccount: string
  let buckets = 0

  before(async () => {
    upstream = await startSayingS3()
    server = await guardServer({ upstream: { url: upstream.url, accountKey: true } })
    ;({ visitor, visitorAccount } = await visiting(server))
  })
  after(async () => {
    await server?.close()
    await upstream?.close()
  })

  /** A bucket of the first account that nothing is remembered of. */
  const bucket = () => `bucket-${++buckets}`
  const says = (target: string, text: string) => upstream.says.set(target, text)
  beforeEach(() => {
    upstream.says.clear()
    const names = [...Array(20).keys()].map((index) => `bucket-${index}`)
    says(`${account} /`, bucketList('owner', ...names))
  })
  const call = async (as: ClientCredentials, sent: Sent) => {
    const { status, body } = await send(server.omen.endpoint, {
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
    const [first, second] = [bucket(), bucket()]
    says(`/${first}?publicAccessBlock=`, accessBlock('BlockPublicAcls'))
    const copyOf = (name: string) => ({ ...publicRead, 'x-amz-copy-source': `/${name}/key` })
    assert.equal(await isBlocked(server.admin, `/${first}/key`, copyOf(second)), true)
    assert.equal(await isBlocked(server.admin, `/${second}/key`, copyOf(first)), false)
  })

  test('of a bucket that is made, its account’s block counts (GRD-86)', async () => {
    assert.equal(await isBlocked(visitor, '/new-one', publicRead), false)
    says(`${visitorAccount} ${accountBlock}`, accessBlock('BlockPublicAcls'))
    // what was remembered of the account
    await call(visitor, {
      method: 'PUT',
      path: accountBlock,
      headers: { 'x-amz-account-id': visitorAccount },
    })
    assert.equal(await isBlocked(visitor, '/new-two', publicRead), true)
    assert.equal(await isBlocked(server.admin, '/new-three', publicRead), false)
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
    await call(server.admin, renew)
    says(`/${name}?publicAccessBlock=`, accessBlock('RestrictPublicBuckets'))
    assert.equal(await get(visitor, `/${name}/key`), 403)
    assert.equal(await get(visitor, `/${name}?list-type=2`), 403)
    assert.equal(await get(server.admin, `/${name}/key`), 200)
    assert.equal(await get(server.admin, `/${name}/denied`), 403)
  })
  test('a canonical id counts where it is not the owner’s too (GRD-31)', async () => {
    const name = bucket()
    const other = bucket()
    for (const each of [name, other]) {
      says(`/${each}?ownershipControls=`, ownership('ObjectWriter'))
      says(`/${each}/key`, 'content')
    }
    says(`/${name}/key?acl=`, aclOf('owner', '<ID>owner</ID>', 'FULL_CONTROL'))
    says(`/${other}/key?acl=`, aclOf('owner', '<ID>visitor</ID>', 'READ'))
    const get = async (path: string) => (await call(visitor, { path })).status
    const isVisitors = async (id: string) => {
      says(`${visitorAccount} /`, bucketList(id))
      // what was remembered of the account
      await call(visitor, { method: 'PUT', path: `/made-${id}` })
    }
    await isVisitors('owner')
    assert.equal(await get(`/${name}/key`), 403)
    await isVisitors('visitor')
    assert.equal(await get(`/${name}/key`), 403)
    assert.equal(await get(`/${other}/key`), 200)
  })
  test('an object is its bucket’s where the ACLs of both name one owner, whatever id lists have (GRD-581)', async () => {
    const name = bucket()
    says(`/${name}/key`, 'content')
    says(`/${name}/key?acl=`, aclOf('of-acls', '<ID>of-acls</ID>', 'FULL_CONTROL'))
    says(`/${name}/foreign?acl=`, aclOf('of-another', '<ID>of-another</ID>', 'FULL_CONTROL'))
    says(`/${name}/foreign`, 'content')
    says(`/${name}?acl=`, aclOf('of-acls', '<ID>of-acls</ID>', 'FULL_CONTROL'))
    const get = async (key: string) => (await call(server.admin, { path: `/${name}/${key}` })).status
    assert.equal(await get('key'), 200)
    assert.equal(await get('foreign'), 403)
  })
  test('a copy whose source belongs to another account than it says is denied (GRD-582)', async () => {
    const [from, to] = [bucket(), bucket()]
    const copy = async (owner: string) => {
      const headers = { 'x-amz-copy-source': `/${from}/key`, 'x-amz-source-expected-bucket-owner': owner }
      return (await call(server.admin, { method: 'PUT', path: `/${to}/key`, headers })).status
    }
    assert.deepEqual(await Promise.all([account, '111111111111', 'me'].map(copy)), [200, 403, 400])
  })
  test('an ACL that reaches beyond the owners is not supported where none counts (GRD-582)', async () => {
    const name = bucket()
    says(`/${name}?ownershipControls=`, ownership('BucketOwnerEnforced'))
    const Resource = `arn:aws:s3:::${name}/*`
    says(`/${name}?policy=`, policyOf({ Effect: 'Allow', Action: 's3:*', Resource }))
    const put = async (as: ClientCredentials, headers: Readonly<Record<string, string>>) => {
      const { status, body } = await call(as, { method: 'PUT', path: `/${name}/key`, headers })
      return /<Code>(\w+)/.exec(body)?.[1] ?? status
    }
    const notSupported = 'AccessControlListNotSupported'
    assert.equal(await put(server.admin, { 'x-amz-grant-read': `uri="${everyone}"` }), notSupported)
    assert.equal(await put(server.admin, { 'x-amz-grant-full-control': 'id="owner"' }), 200)
    const putAcl = async (id: string) => {
      const acl = aclOf('owner', `<ID>${id}</ID>`, 'FULL_CONTROL')
      const { status, body } = await call(server.admin, {
        method: 'PUT',
        path: `/${name}/key?acl`,
        body: acl,
      })
      return /<Code>(\w+)/.exec(body)?.[1] ?? status
    }
    assert.deepEqual([await putAcl('owner'), await putAcl('visitor')], [200, notSupported])
    assert.equal(await put(server.admin, { 'x-amz-acl': 'private' }), 200)
    assert.equal(await put(visitor, { 'x-amz-acl': 'private' }), notSupported)
    assert.equal(await put(visitor, { 'x-amz-acl': 'bucket-owner-full-control' }), 200)
  })
  test('a bucket policy names an account by its canonical id (POL-190)', async () => {
    const name = bucket()
    const statement = (Effect: string, id: string, Action: string) => {
      const Resource = [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`]
      return { Effect, Action, Resource, Principal: { CanonicalUser: id } }
    }
    says(`${visitorAccount} /`, bucketList('the-visitor'))
    await call(visitor, { method: 'PUT', path: '/made-for-its-id' }) // what was remembered of the account
    says(`/${name}/key`, 'content')
    const get = async (...statements: object[]) => {
      says(`/${name}?policy=`, policyText(...statements))
      // what was remembered of the bucket
      await call(server.admin, { method: 'PUT', path: `/${name}?policy`, body: '{}' })
      return (await call(visitor, { path: `/${name}/key` })).status
    }
    assert.equal(await get(statement('Allow', 'the-visitor', 's3:GetObject')), 200)
    assert.equal(await get(statement('Allow', 'another', 's3:GetObject')), 403)
    const both = statement('Allow', 'the-visitor', 's3:*')
    assert.equal(await get(both, statement('Deny', 'another', 's3:GetObject')), 200)
    assert.equal(await get(both, statement('Deny', 'the-visitor', 's3:GetObject')), 403)
  })
  test('WRITE lets new objects be made, and none be written over or deleted (GRD-31)', async () => {
    const name = bucket()
    says(`/${name}?ownershipControls=`, ownership('ObjectWriter'))
    says(`/${name}?acl=`, aclOf('owner', `<URI>${everyone}</URI>`, 'FULL_CONTROL'))
    says(`/${name}/old%2Bkey?acl=`, aclOf('owner', '<ID>owner</ID>', 'FULL_CONTROL'))
    const does = async (method: string, path: string) =>
      (await call(visitor, { method, path: `/${name}${path}` })).status
    assert.equal(await does('PUT', '/new%2Bkey'), 200)
    assert.equal(await does('PUT', '/old%2Bkey'), 403)
    assert.equal(await does('DELETE', '/old%2Bkey'), 403)
    assert.equal(await does('DELETE', '/new%2Bkey'), 403)
    assert.equal(await does('DELETE', '/old%2Bkey?versionId=1'), 403)
    assert.equal(await does('PUT', '/new%2Bkey?partNumber=1&uploadId=a'), 200)
    assert.equal(await does('PUT', '/old%2Bkey?partNumber=1&uploadId=a'), 403)
  })
  test('what was heard in the name of one account is not remembered for another (GRD-81)', async () => {
    const name = `visitors-${bucket()}`
    const denied = { Effect: 'Deny', Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` }
    says(`${visitorAccount} /`, bucketList('visitor', name))
    says(`${visitorAccount} /${name}?policy=`, policyOf(denied))
    await call(visitor, { method: 'PUT', path: '/made-for-its-list' })
    assert.equal((await call(server.admin, { path: `/${name}/key` })).status, 404)
    assert.equal((await call(visitor, { path: `/${name}/key` })).status, 403)
  })
})

function policyOf(...statements: readonly object[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((each) => ({ Principal: '*', ...each })),
  })
}
