import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { allowing, type GuardServer, guardServer, send } from './house.ts'

describe('S3 answers for each object that is to be deleted (GRD-110)', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials
  let arrived: { readonly body: string; readonly headers: IncomingHttpHeaders }[] = []

  before(async () => {
    upstream = await startReader(({ url = '', headers }, bytes, outgoing) => {
      if (url !== '/own?delete') {
        outgoing.writeHead(404).end('<Error><Code>NoSuchBucketPolicy</Code></Error>')
        return
      }
      const body = bytes.toString()
      arrived.push({ body, headers })
      const keys = [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key)
      const isQuiet = body.includes('<Quiet>true')
      const proofs = { 'x-amz-crc32': '1', 'x-amz-checksum-crc32': 'AAAAAA==', 'content-md5': 'AAAA' }
      outgoing.writeHead(200, { 'content-type': 'application/xml', ...proofs })
      outgoing.write('<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">')
      setTimeout(() => {
        outgoing.end(
          `${keys.map((key) => (isQuiet ? '' : `<Deleted><Key>${key}</Key></Deleted>`)).join('')}</DeleteResult>`,
        )
      }, 5)
    })
    server = await guardServer({ upstream: { url: upstream.url } })
    user = await server.user(
      'user',
      allowing({ action: 's3:DeleteObject', resource: 'arn:aws:s3:::own/mine/*' }),
    )
  })
  beforeEach(() => {
    arrived = []
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const remove = async (keys: readonly string[], { as = user, quiet = false, version = '' } = {}) => {
    const versioned = version === '' ? '' : `<VersionId>${version}</VersionId>`
    const objects = keys.map((key) => `<Object><Key>${key}</Key>${versioned}</Object>`).join('')
    const body = `<Delete>${objects}${quiet ? '<Quiet>true</Quiet>' : ''}</Delete>`
    const md5 = createHash('md5').update(body).digest('base64')
    const headers = {
      'content-md5': md5,
      'x-amz-checksum-crc32': 'AAAAAA==',
      'x-amz-sdk-checksum-algorithm': 'CRC32',
    }
    const answer = await send(server.omen.endpoint, {
      path: '/own?delete',
      method: 'POST',
      headers,
      body,
      as,
    })
    const named = (element: string) =>
      [...answer.body.matchAll(new RegExp(`<${element}><Key>([^<]*)</Key>`, 'g'))].map(([, key]) => key)
    return { ...answer, deleted: named('Deleted'), refused: named('Error') }
  }

  test('those that may be are, the others are refused by name', async () => {
    const { status, body, deleted, refused, headers } = await remove(['mine/a', 'theirs', 'mine/b &amp; c'])
    assert.equal(status, 200)
    assert.deepEqual(deleted, ['mine/a', 'mine/b &amp; c'])
    assert.deepEqual(refused, ['theirs'])
    assert.match(
      body,
      /<Code>AccessDenied<\/Code><Message>User: .*s3:DeleteObject on resource: .*own\/theirs/,
    )
    assert.match(String(headers['x-omen-decision-id']), /^d-/)
    const [{ body: sent, headers: own } = { body: '', headers: {} }] = arrived
    assert.doesNotMatch(sent, /theirs/)
    assert.equal(own['content-md5'], createHash('md5').update(sent).digest('base64'))
    assert.equal(own['x-amz-checksum-crc32'], undefined)
  })

  test('an answer with refusals in it has none of the checksums of the upstream’s (GRD-476)', async () => {
    const proofs = (headers: Readonly<Record<string, unknown>>) =>
      Object.keys(headers).filter((name) => /crc32|checksum|md5/.test(name))
    assert.deepEqual(proofs((await remove(['mine/a', 'theirs'])).headers), [])
    assert.equal(proofs((await remove(['mine/a'])).headers).length, 3)
  })

  test('errors name the version that was asked for', async () => {
    const { body } = await remove(['theirs'], { version: 'v.1' })
    assert.match(body, /<Error><Key>theirs<\/Key><VersionId>v\.1<\/VersionId><Code>AccessDenied<\/Code>/)
    assert.equal(arrived.length, 0)
    const { deleted } = await remove(['mine/a'], { as: server.admin, version: 'v.1' })
    assert.deepEqual(deleted, ['mine/a'])
    assert.match(arrived[0]?.body ?? '', /<Key>mine\/a<\/Key><VersionId>v\.1<\/VersionId>/)
  })

  test('errors are returned although the caller asks for nothing else', async () => {
    const { deleted, refused } = await remove(['mine/a', 'theirs'], { quiet: true })
    assert.deepEqual([deleted, refused], [[], ['theirs']])
    assert.match(arrived[0]?.body ?? '', /<Quiet>true<\/Quiet>/)
  })

  test('where none may be, nothing goes on', async () => {
    const { status, deleted, refused } = await remove(['theirs', 'others'])
    assert.deepEqual([status, deleted, refused], [200, [], ['theirs', 'others']])
    assert.deepEqual(arrived, [])
    const [event] = await server.events('DeleteObjects')
    assert.equal(event?.errorCode, undefined)
  })

  test('GRD-730 an object without a key makes the call malformed, and nothing goes on', async () => {
    const key = '<Object><Key>mine/a</Key></Object>'
    for (const objects of [
      '<Object></Object>',
      `${key}<Object><VersionId>v</VersionId></Object>`,
      `${key}<Object><Key/></Object>`,
    ])
      for (const as of [server.admin, user]) {
        const body = `<Delete>${objects}</Delete>`
        const answer = await send(server.omen.endpoint, { path: '/own?delete', method: 'POST', body, as })
        assert.equal(answer.status, 400, `${objects} ${answer.body}`)
        assert.match(answer.body, /<Code>MalformedXML<\/Code>/)
      }
    assert.deepEqual(arrived, [])
  })

  test('where all may be, the call goes on as it came', async () => {
    const { deleted } = await remove(['mine/a', 'theirs'], { as: server.admin })
    assert.deepEqual(deleted, ['mine/a', 'theirs'])
    assert.equal(arrived[0]?.headers['x-amz-checksum-crc32'], 'AAAAAA==')
    assert.match(arrived[0]?.body ?? '', /^<Delete><Object>/)
  })
})
