import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { AccountNotLoaded } from '../../packages/server/src/directory/index.ts'
import { startSink, type UpstreamServer } from '../support/index.ts'
import { account, type GuardServer, guardServer, send, visiting } from './house.ts'

describe('whose a bucket is, by what the upstream said to its creation', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  let visitor: ClientCredentials
  const buckets = new Set<string>()
  /** What the upstream answers to the creation and deletion of buckets, where it is not 200 at once. */
  let create: ((outgoing: ServerResponse) => void) | undefined
  let remove: number | undefined
  /** Called when the upstream is asked for an access block. */
  let onBlock: (() => void) | undefined

  before(async () => {
    upstream = await startSink((incoming, outgoing) => {
      incoming.resume()
      const [path = '', query = ''] = (incoming.url ?? '').split('?')
      const [, bucket = '', key] = path.split('/')
      const say = (status: number, code?: string) =>
        outgoing.writeHead(status).end(code === undefined ? '' : `<Error><Code>${code}</Code></Error>`)
      if (query.startsWith('publicAccessBlock') || path.includes('publicAccessBlock')) onBlock?.()
      if (incoming.method === 'PUT' && query.startsWith('policy')) say(200)
      else if (query !== '') say(404, buckets.has(bucket) ? 'NoSuchBucketPolicy' : 'NoSuchBucket')
      else if (key !== undefined) say(200)
      else if (incoming.method === 'PUT' && create !== undefined) create(outgoing)
      else if (incoming.method === 'PUT') {
        buckets.add(bucket)
        say(200)
      } else if (incoming.method === 'DELETE' && remove !== undefined) say(remove, 'BucketNotEmpty')
      else say(200)
    })
    server = await guardServer({ upstream })
    ;({ visitor } = await visiting(server))
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const status = async (as: ClientCredentials, method: string, path: string) =>
    (await send(server.omen.endpoint, { as, method, path, payloadHash: 'UNSIGNED-PAYLOAD' })).status

  test('who was refused a bucket does not own it once it is there (GRD-83)', async () => {
    create = (outgoing) => outgoing.writeHead(400).end('<Error><Code>InvalidArgument</Code></Error>')
    assert.equal(await status(visitor, 'PUT', '/claimed'), 400)
    create = undefined
    buckets.add('claimed') // made by the first account, at the upstream itself
    assert.equal(await status(server.admin, 'GET', '/claimed/key'), 200)
    assert.equal(await status(visitor, 'GET', '/claimed/key'), 403)
  })

  test('of two that create it at once, the first keeps it, whatever the second is answered (GRD-83)', async () => {
    let late: ServerResponse | undefined
    const waiting = Promise.withResolvers<void>()
    create = (outgoing) => {
      late = outgoing
      waiting.resolve()
    }
    const second = status(visitor, 'PUT', '/contended')
    await waiting.promise
    create = undefined
    assert.equal(await status(server.admin, 'PUT', '/contended'), 200)
    late?.writeHead(200).end() // of its own account's, an upstream says so
    assert.equal(await second, 200)
    assert.equal(await status(visitor, 'GET', '/contended/key'), 403)
    assert.equal(await status(server.admin, 'GET', '/contended/key'), 200)
  })

  test('a bucket that could not be deleted is still its owner’s (GRD-83)', async () => {
    assert.equal(await status(visitor, 'PUT', '/theirs'), 200)
    remove = 409
    assert.equal(await status(visitor, 'DELETE', '/theirs'), 409)
    assert.equal(await status(visitor, 'GET', '/theirs/key'), 200)
    assert.equal(await status(server.admin, 'GET', '/theirs/key'), 403)
  })

  test('owners are kept with the state of the house (GRD-83)', async () => {
    const before = await server.omen.snapshot()
    assert.equal(await status(visitor, 'PUT', '/lasting'), 200)
    server.omen.omen.deps.directory.forgetAll() // what was not kept is gone
    assert.equal(await status(visitor, 'GET', '/lasting/key'), 200)
    assert.equal(await status(server.admin, 'GET', '/lasting/key'), 403)
    await server.omen.restore(before)
    assert.equal(await status(server.admin, 'GET', '/lasting/key'), 200)
    assert.equal(await status(visitor, 'GET', '/lasting/key'), 403)
  })

  test('a decision is made again if its account leaves memory while the upstream is asked (GRD-111)', async (t) => {
    const { directory } = server.omen.omen.deps
    const policy = async () =>
      (
        await send(server.omen.endpoint, {
          as: server.admin,
          method: 'PUT',
          path: '/claimed?policy=',
          body: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::claimed/*"}]}',
        })
      ).status
    let drops = 1
    onBlock = () => {
      if (drops-- > 0) directory.forget(account)
    }
    assert.equal(await policy(), 200)
    assert.ok(drops <= 0)
    // an account that never stays is reported as such
    const known = t.mock.method(directory, 'known', () => {
      throw new AccountNotLoaded(account)
    })
    assert.equal(await policy(), 503)
    known.mock.restore()
    onBlock = undefined
  })
})
