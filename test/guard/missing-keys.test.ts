import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { allowing, type GuardServer, guardServer, send } from './house.ts'

describe('an object that is not there (GRD-109)', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  const open = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::open/*' }],
  }

  before(async () => {
    upstream = await startReader(({ method, url = '' }, _, outgoing) => {
      if (url === '/open?policy=') return outgoing.end(JSON.stringify(open))
      if (/[?&](?:policy|encryption|publicAccessBlock|ownershipControls)=$/.test(url))
        return outgoing
          .writeHead(404)
          .end(`<Error><Code>NoSuch${url.startsWith('/gone') ? 'Bucket' : 'BucketPolicy'}</Code></Error>`)
      if (url.startsWith('/v2018')) return outgoing.writeHead(404).end('<Error><Code>None</Code></Error>')
      if (url.endsWith('/there')) return outgoing.end('content')
      outgoing.writeHead(404, { 'content-type': 'application/xml' })
      if (method === 'HEAD') return outgoing.end()
      // in two pieces, as some write it
      outgoing.write('<Error><Code>NoSuch')
      setTimeout(() => outgoing.end(`${url.startsWith('/gone') ? 'Bucket' : 'Key'}</Code></Error>`), 5)
    })
    server = await guardServer({ upstream: { url: upstream.url } })
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  test('is reported to callers that may list its bucket, and denied to others', async () => {
    const reads = { action: 's3:GetObject' }
    const reader = await server.user('reader', allowing(reads))
    const lister = await server.user(
      'lister',
      allowing(reads, { action: 's3:ListBucket', resource: 'arn:aws:s3:::own' }),
    )
    const get = async (path: string, as?: typeof reader, method = 'GET') => {
      const { status, body } = await send(server.omen.endpoint, { path, method, ...(as && { as }) })
      return `${status} ${/<Code>(\w+)/.exec(body)?.[1] ?? ''}`
    }
    assert.equal(await get('/own/there', reader), '200 ')
    assert.equal(await get('/own/missing', reader), '403 AccessDenied')
    assert.equal(await get('/own/missing', reader, 'HEAD'), '403 ')
    assert.equal(await get('/own/missing', lister), '404 NoSuchKey')
    assert.equal(await get('/own/missing', lister, 'HEAD'), '404 ')
    assert.equal(await get('/others/missing', lister), '403 AccessDenied')
    assert.equal(await get('/gone/missing', reader), '404 NoSuchBucket')
    assert.equal(await get('/open/missing'), '403 AccessDenied')
    assert.equal(await get('/own/missing', server.admin), '404 NoSuchKey')
    const { body } = await send(server.omen.endpoint, { path: '/own/missing', as: reader })
    assert.match(
      body,
      /not authorized to perform: s3:ListBucket on resource: (?:"|&quot;)arn:aws:s3:::own(?:"|&quot;) because no/,
    )
    const [event] = await server.events('GetObject')
    assert.equal(event?.errorCode, 'AccessDenied')
  })
})
