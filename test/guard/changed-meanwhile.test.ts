import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { STS } from '@aws-sdk/client-sts'
import type { ClientCredentials } from 'omen-iam'
import { policyText } from '../kit/index.ts'
import { startSink, type UpstreamServer } from '../support/index.ts'
import { allowing, type GuardServer, guardServer, headersOf, send } from './house.ts'

describe('a caller that changes while its body comes', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  let arrivals: string[] = []
  /** Happens while the guard waits for a bucket's access block. */
  let whileItReads: (() => Promise<unknown>) | undefined

  before(async () => {
    upstream = await startSink(async (incoming, outgoing) => {
      incoming.resume()
      if (incoming.url?.includes('publicAccessBlock')) await whileItReads?.()
      const { method, url } = incoming
      const own = /\?(?:policy|encryption|publicAccessBlock|acl|ownershipControls)=?$/.test(url ?? '')
      if (method !== 'GET' || !own) arrivals.push(`${method} ${url}`)
      outgoing
        .writeHead(own && method === 'GET' ? 404 : 200)
        .end(own ? '<Error><Code>NoSuchBucketPolicy</Code></Error>' : '<a/>')
    })
    server = await guardServer({ upstream })
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  /** Sends half a document, then does something, then sends the rest. */
  async function slowly(as: ClientCredentials, meanwhile: () => Promise<unknown>) {
    arrivals = []
    const body =
      '<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>'
    const path = '/open?tagging='
    const sent = { method: 'PUT', path, as, body, payloadHash: 'UNSIGNED-PAYLOAD' }
    const { hostname, port } = new URL(server.omen.endpoint)
    const headers = { ...headersOf(server.omen.endpoint, sent), 'content-length': String(body.length) }
    const request = httpRequest({ hostname, port, method: 'PUT', path, headers, agent: false })
    const status = new Promise<number | undefined>((resolve, reject) => {
      request.on('error', reject)
      request.on('response', (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode))
      })
    })
    request.write(body.slice(0, 20))
    await sleep(100)
    await meanwhile()
    request.end(body.slice(20))
    return status
  }

  const everything = allowing({ action: '*' })
  const look = async (as: ClientCredentials) =>
    (await send(server.omen.endpoint, { path: '/open/key', as, payloadHash: 'UNSIGNED-PAYLOAD' })).status

  test('nothing between changes nothing', async () => {
    assert.equal(await slowly(await server.user('ann', everything), async () => {}), 200)
    assert.deepEqual(arrivals, ['PUT /open?tagging='])
  })

  test('a policy that was taken away counts no more, neither now nor later (SES-8)', async () => {
    const user = await server.user('ben', everything)
    const taken = () => server.iam.deleteUserPolicy({ UserName: 'ben', PolicyName: 'own' })
    assert.equal(await slowly(user, taken), 403)
    assert.equal(await look(user), 403)
    assert.deepEqual(arrivals, [])
    // both denials are kept with their events
    const kept = await server.omen.omen.deps.directory.store.denials(10)
    assert.deepEqual(
      kept.map(({ action }) => action),
      ['s3:GetObject', 's3:PutBucketTagging'],
    )
  })

  test('a policy that is taken away after it allowed, while something else is read, counts no more (SES-8)', async () => {
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::open/*',
    }
    const body = policyText(statement)
    const as = await server.user('abe', everything)
    const open = (path: string) =>
      send(server.omen.endpoint, { method: 'PUT', path, as, body, payloadHash: 'UNSIGNED-PAYLOAD' })
    assert.equal((await open('/first?policy=')).status, 200)
    let reads = 0
    whileItReads = async () => {
      reads++
      await server.iam.deleteUserPolicy({ UserName: 'abe', PolicyName: 'own' })
    }
    arrivals = []
    const { status } = await open('/second?policy=')
    whileItReads = undefined
    assert.deepEqual([status, reads, arrivals], [403, 1, []])
  })

  test('a policy that was given counts (SES-8)', async () => {
    const user = await server.user('cid')
    assert.equal(await slowly(user, () => server.allow('cid', everything)), 200)
    assert.equal(await look(user), 200)
  })

  test('a key that was switched off and a user that was deleted call nothing (SES-8)', async () => {
    const [dan, eve] = [await server.user('dan', everything), await server.user('eve', everything)]
    const off = { UserName: 'dan', AccessKeyId: dan.accessKeyId, Status: 'Inactive' } as const
    assert.equal(await slowly(dan, () => server.iam.updateAccessKey(off)), 403)
    assert.equal(
      await slowly(eve, async () => {
        await server.iam.deleteUserPolicy({ UserName: 'eve', PolicyName: 'own' })
        await server.iam.deleteAccessKey({ UserName: 'eve', AccessKeyId: eve.accessKeyId })
        await server.iam.deleteUser({ UserName: 'eve' })
      }),
      403,
    )
    assert.deepEqual(arrivals, [])
  })

  test('a session loses what its role loses (SES-8)', async () => {
    const sts = server.omen.client(STS, 'admin')
    const RoleName = 'worn'
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
    }
    const { Role } = await server.iam.createRole({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify(trust),
    })
    await server.iam.putRolePolicy({ RoleName, PolicyName: 'own', PolicyDocument: everything })
    const { Credentials: given } = await sts.assumeRole({ RoleArn: Role!.Arn!, RoleSessionName: 'slow' })
    const session = {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    }
    assert.equal(await look(session), 200)
    const taken = () => server.iam.deleteRolePolicy({ RoleName, PolicyName: 'own' })
    assert.equal(await slowly(session, taken), 403)
    assert.equal(await look(session), 403)
    // S3's own status of a token that is not valid
    assert.equal(await slowly(session, () => server.iam.deleteRole({ RoleName })), 400)
    assert.deepEqual(arrivals, [])
  })
})
