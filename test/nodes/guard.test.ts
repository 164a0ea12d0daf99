import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { S3 } from '@aws-sdk/client-s3'
import { openGate } from '../../packages/server/src/gate/index.ts'
import { policyText } from '../kit/index.ts'
import { account, openNodes } from './twins.ts'

test('a bucket policy that one guard forwards decides the next call at the other (GRD-81)', async (t) => {
  /** An S3 with one bucket: it has an object and, once it is put, a policy. */
  let policy: string | undefined
  const upstream = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://upstream')
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.method === 'PUT') policy = Buffer.concat(chunks).toString()
      const missing = (code: string) =>
        response
          .writeHead(404, { 'content-type': 'application/xml' })
          .end(`<Error><Code>${code}</Code></Error>`)
      if (request.method === 'PUT') response.writeHead(204).end()
      else if (!searchParams.has('policy') && searchParams.size === 0) response.writeHead(200).end('text')
      else if (searchParams.has('policy') && policy !== undefined) response.writeHead(200).end(policy)
      else if (searchParams.has('policy')) missing('NoSuchBucketPolicy')
      else if (searchParams.has('publicAccessBlock')) missing('NoSuchPublicAccessBlockConfiguration')
      else response.writeHead(200).end('text')
    })
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  t.after(() => upstream.close())
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}` // it listens on a TCP address
  const line = { delay: () => 0 }
  const { nodes, close } = await openNodes([line, line], { upstream: { url, sharedIam: false } })
  t.after(close)
  const clients: S3[] = []
  for (const { omen } of nodes) {
    const gate = await openGate({ host: '127.0.0.1', port: 0 }, omen.answer, {}, omen.passage, omen.bodySizes)
    const credentials = omen.firstKeys.admin
    const client = new S3({
      endpoint: gate.url,
      region: 'us-east-1',
      credentials,
      forcePathStyle: true,
      maxAttempts: 1,
    })
    clients.push(client)
    t.after(async () => {
      client.destroy()
      await gate.close()
    })
  }
  const [one, other] = clients
  const [Bucket, Key] = ['bucket', 'key']
  const statement = (Effect: string) =>
    policyText({
      Effect,
      Principal: { AWS: `arn:aws:iam::${account}:user/admin` },
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    })
  const get = async (client: S3) => (await client.getObject({ Bucket, Key })).Body?.transformToString()
  for (const [here, there] of [
    [one!, other!],
    [other!, one!],
  ] as const) {
    await here.putBucketPolicy({ Bucket, Policy: statement('Allow') })
    for (const client of clients) assert.equal(await get(client), 'text')
    await here.putBucketPolicy({ Bucket, Policy: statement('Deny') })
    await assert.rejects(get(there), { name: 'AccessDenied' })
    await assert.rejects(get(here), { name: 'AccessDenied' })
    await there.putBucketPolicy({ Bucket, Policy: statement('Allow') })
    assert.equal(await get(here), 'text')
  }
  upstream.closeAllConnections()
  await new Promise((resolve) => upstream.close(resolve))
  await assert.rejects(get(one!), (error: Error & { $response?: { headers: Record<string, string> } }) => {
    assert.equal(error.name, 'ServiceUnavailable')
    assert.equal(error.$response?.headers['retry-after'], '1')
    return true
  })
})
