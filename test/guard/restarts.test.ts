import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { type GuardServer, guardServer, send } from './house.ts'

describe('an upstream that restarts while the guard runs', () => {
  const names = new Set<string>()
  const reads: string[] = []
  let seen: readonly string[] = []
  let isClosing = false
  let upstream: UpstreamServer
  let server: GuardServer

  before(async () => {
    upstream = await startReader((_, body, outgoing) => {
      const fields = new URLSearchParams(body.toString())
      const action = fields.get('Action') ?? ''
      const kind = /^(?:Create|Get|Delete)(\w+)$/.exec(action)?.[1]
      const name = fields.get(`${kind}Name`) ?? fields.get('PolicyArn') ?? ''
      if (fields.get('Version') !== '2010-05-08') seen = [...names]
      if (action.startsWith('Create')) names.add(name)
      if (action.startsWith('Delete')) names.delete(name)
      if (action.startsWith('Get') && kind !== 'CallerIdentity') {
        reads.push(name)
        if (!names.has(name)) return outgoing.writeHead(404).end('<Code>NoSuchEntity</Code>')
      }
      if (isClosing) outgoing.setHeader('connection', 'close')
      return outgoing.writeHead(200).end(`<${action}Response/>`)
    })
    server = await guardServer({ upstream: { url: upstream.url, sharedIam: true }, forward: ['sqs'] })
    await server.role('worker', 'lambda.amazonaws.com')
    await server.user('dev')
    await server.omen.omen.sharedIam?.settled()
  })
  after(async () => {
    await server?.close()
    await upstream?.close()
  })

  const call = async () => {
    const request = { method: 'POST', service: 'sqs', as: server.admin }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = 'Action=ListQueues&Version=2012-11-05'
    assert.equal((await send(server.omen.endpoint, { ...request, headers, body })).status, 200)
  }
  /** A call at whose answer the upstream ends the connection. */
  const dropped = async () => {
    isClosing = true
    await call()
    isClosing = false
  }

  test('has everything again before the next call arrives (GRD-464)', async () => {
    assert.ok(names.has('worker') && names.has('dev'))
    const had = [...names].sort()
    await dropped()
    names.clear()
    server.omen.clock.advance(2_000)
    await call()
    assert.deepEqual([...seen].sort(), had)
    assert.deepEqual(server.omen.omen.sharedIam?.state.existed, [])
  })

  test('is asked for one or two names, once a second at most, and only after a connection ended (GRD-464)', async () => {
    server.omen.clock.advance(2_000)
    await dropped()
    reads.length = 0
    await call()
    assert.equal(reads.length, 1)
    await dropped()
    await call()
    assert.equal(reads.length, 1)
    server.omen.clock.advance(2_000)
    await call()
    assert.equal(reads.length, 2)
    server.omen.clock.advance(2_000)
    await call()
    assert.equal(reads.length, 2)
  })

  test('is left as it is if it has the rest (GRD-464)', async () => {
    const [first] = reads
    names.delete(first!)
    await dropped()
    server.omen.clock.advance(2_000)
    reads.length = 0
    await call()
    assert.equal(reads.length, 2)
    assert.ok(!names.has(first!))
  })
})
