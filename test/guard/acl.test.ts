import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { policyText } from '../kit/index.ts'
import { needs, startMoto, type UpstreamServer } from '../support/index.ts'
import { account, allowing, type GuardServer, guardServer, type Sent, send } from './house.ts'

const putBlock = (settings: string) =>
  `<PublicAccessBlockConfiguration>${settings
    .split(' ')
    .map((name) => `<${name}>true</${name}>`)
    .join('')}</PublicAccessBlockConfiguration>`
const ownership = (value: string) =>
  `<OwnershipControls><Rule><ObjectOwnership>${value}</ObjectOwnership></Rule></OwnershipControls>`

describe('ACLs and access blocks of S3 behind the guard', needs('moto'), () => {
  let moto: UpstreamServer
  let server: GuardServer
  let nobody: ClientCredentials

  before(async () => {
    moto = await startMoto()
    server = await guardServer({ upstream: moto })
    nobody = await server.user('nobody')
    await owner({ method: 'PUT', path: '/acls', headers: { 'x-amz-object-ownership': 'ObjectWriter' } })
    await owner({ method: 'PUT', path: '/enforced' })
  })
  after(async () => {
    await server?.close()
    await moto?.close()
  })

  const owner = async (sent: Sent) => {
    const answer = await send(server.omen.endpoint, {
      as: server.admin,
      payloadHash: 'UNSIGNED-PAYLOAD',
      ...sent,
    })
    return answer
  }
  const works = async (sent: Sent) => {
    const { status, body } = await owner(sent)
    assert.ok(status < 300, `${status} ${body}`)
  }
  const anybody = async (path: string, method = 'GET', body?: string) =>
    (await send(server.omen.endpoint, { path, method, ...(body === undefined ? {} : { body }) })).status
  const signed = async (path: string) =>
    (await send(server.omen.endpoint, { path, as: nobody, payloadHash: 'UNSIGNED-PAYLOAD' })).status
  const put = (path: string, acl: string) =>
    works({ method: 'PUT', path, headers: { 'x-amz-acl': acl }, body: 'content' })

  test('count only where Object Ownership lets them (GRD-30)', async () => {
    await put('/enforced/open', 'public-read')
    assert.equal(await anybody('/enforced/open'), 403)
    await put('/acls/open', 'public-read')
    assert.equal(await anybody('/acls/open'), 200)
    assert.equal(await signed('/acls/open'), 200)
    await works({ method: 'PUT', path: '/acls?ownershipControls', body: ownership('BucketOwnerEnforced') })
    assert.equal(await anybody('/acls/open'), 403)
    await works({ method: 'PUT', path: '/acls?ownershipControls', body: ownership('BucketOwnerPreferred') })
    assert.equal(await anybody('/acls/open'), 200)
  })

  test('each permission grants its actions, and no more (GRD-31)', async () => {
    await put('/acls/open', 'public-read')
    await put('/acls/closed', 'private')
    assert.equal(await anybody('/acls/closed'), 403)
    assert.equal(await anybody('/acls/open', 'DELETE'), 403)
    assert.equal(await anybody('/acls/open?acl'), 403)
    assert.equal(await anybody('/acls?list-type=2'), 403)
    const all = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
    const headers = { 'x-amz-grant-read': all, 'x-amz-grant-write': all }
    await works({ method: 'PUT', path: '/acls?acl', headers })
    assert.equal(await anybody('/acls?list-type=2'), 200)
    assert.equal(await anybody('/acls/new', 'PUT', 'x'), 200)
    assert.equal(await anybody('/acls?acl'), 403)
    await works({ method: 'PUT', path: '/acls?acl', headers: { 'x-amz-acl': 'private' } })
    assert.equal(await anybody('/acls/new', 'PUT', 'x'), 403)
  })

  test('who signs is more than nobody, and a Deny is more than both (GRD-31)', async () => {
    await put('/acls/members', 'authenticated-read')
    assert.equal(await anybody('/acls/members'), 403)
    assert.equal(await signed('/acls/members'), 200)
    const statement = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::acls/members',
    }
    const policy = policyText(statement)
    await works({ method: 'PUT', path: '/acls?policy', body: policy })
    assert.equal(await signed('/acls/members'), 403)
    await works({ method: 'DELETE', path: '/acls?policy' })
    assert.equal(await signed('/acls/members'), 200)
    await put('/acls/members', 'private')
    assert.equal(await signed('/acls/members'), 403)
  })

  test('IgnorePublicAcls takes them away, BlockPublicAcls keeps new ones out (GRD-86)', async () => {
    await put('/acls/open', 'public-read')
    await works({ method: 'PUT', path: '/acls?publicAccessBlock', body: putBlock('IgnorePublicAcls') })
    assert.equal(await anybody('/acls/open'), 403)
    await works({ method: 'PUT', path: '/acls?publicAccessBlock', body: putBlock('BlockPublicAcls') })
    assert.equal(await anybody('/acls/open'), 200)
    const everyone = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
    for (const sent of [
      { path: '/acls/other', headers: { 'x-amz-acl': 'public-read' } },
      { path: '/acls/other', headers: { 'x-amz-grant-read': everyone } },
      { path: '/acls/open?acl', headers: { 'x-amz-acl': 'authenticated-read' } },
      { path: '/acls?acl', headers: {}, body: everyone.slice(4) },
    ]) {
      const { status, body } = await owner({ method: 'PUT', ...sent })
      assert.equal(status, 403)
      assert.match(body, /BlockPublicAcls/)
    }
    await works({ method: 'PUT', path: '/acls/other', headers: { 'x-amz-acl': 'private' } })
    await works({ method: 'DELETE', path: '/acls?publicAccessBlock' })
    await put('/acls/other', 'public-read')
  })

  test('an account’s access block counts beside the bucket’s (GRD-86)', async () => {
    await put('/acls/open', 'public-read')
    assert.equal(await anybody('/acls/open'), 200)
    const headers = { 'x-amz-account-id': account }
    const path = '/v20180820/configuration/publicAccessBlock'
    await works({ method: 'PUT', path, headers, body: putBlock('IgnorePublicAcls BlockPublicPolicy') })
    assert.equal(await anybody('/acls/open'), 403)
    const open = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acls/*' }
    const policy = policyText(open)
    const refused = await owner({ method: 'PUT', path: '/acls?policy', body: policy })
    assert.match(refused.body, /BlockPublicPolicy/)
    await works({ method: 'DELETE', path, headers })
    await works({ method: 'PUT', path: '/acls?policy', body: policy })
    await works({ method: 'PUT', path, headers, body: putBlock('RestrictPublicBuckets IgnorePublicAcls') })
    assert.equal(await anybody('/acls/closed'), 403)
    await works({ method: 'DELETE', path, headers })
    assert.equal(await anybody('/acls/closed'), 200)
    await works({ method: 'DELETE', path: '/acls?policy' })
  })

  test('a bucket of old, with capitals in its name, has a policy that is weighed (GRD-80)', async () => {
    const all = await server.user('all', allowing({ action: 's3:*' }))
    const get = async () =>
      (
        await send(server.omen.endpoint, {
          path: '/Old_Bucket/key',
          as: all,
          payloadHash: 'UNSIGNED-PAYLOAD',
        })
      ).status
    await works({ method: 'PUT', path: '/Old_Bucket' })
    await works({ method: 'PUT', path: '/Old_Bucket/key', body: 'x' })
    assert.equal(await get(), 200)
    const statement = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::Old_Bucket/*',
    }
    const body = policyText(statement)
    await works({ method: 'PUT', path: '/Old_Bucket?policy', body })
    assert.equal(await get(), 403)
  })

  test('a canned ACL, or its equivalent, is authorized by name (GRD-14)', async () => {
    const writer = await server.user('writer', allowing({ action: 's3:PutObject' }))
    const grants = { 'x-amz-grant-read': 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' }
    const write = async (headers: Readonly<Record<string, string>>) => {
      const sent = {
        method: 'PUT',
        path: '/acls/written',
        headers,
        as: writer,
        payloadHash: 'UNSIGNED-PAYLOAD',
      }
      return (await send(server.omen.endpoint, { ...sent, body: 'x' })).status
    }
    assert.equal(await write({}), 200)
    assert.equal(await write({ 'x-amz-acl': 'public-read' }), 403)
    assert.equal(await write(grants), 403)
    const condition = { StringEquals: { 's3:x-amz-acl': 'private' } }
    await server.allow('writer', allowing({ action: ['s3:PutObject', 's3:PutObjectAcl'], condition }))
    assert.equal(await write({ 'x-amz-acl': 'private' }), 200)
    assert.equal(await write({ 'x-amz-acl': 'public-read' }), 403)
    assert.equal(await write({}), 403)
  })
})
