import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { ClientCredentials } from 'omen-iam'
import type { HttpRequest } from '../../packages/server/src/base/index.ts'
import { identifyCall } from '../../packages/server/src/guard/catalogue/index.ts'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { type Allowed, account, allowing, type GuardServer, guardServer, send } from './house.ts'

/** What came to the upstream that the guard did not ask itself. */
type Arrival = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { readonly body: Buffer }

const word = fc.constantFrom(
  'a',
  'bucket',
  'key',
  'queue',
  'table',
  '..',
  '.',
  '%2e%2e',
  'x%2fy',
  'bucket%2Fkey',
  'key;x',
  'key#x',
  'other%2f..',
  '%2e',
  'a+b',
  '',
  'é',
  '2015-03-31',
  'functions',
)
const path = fc
  .array(word, { maxLength: 5 })
  .map((words) => `/${words.map((each) => (each === 'é' ? '%C3%A9' : each)).join('/')}`)
const query = fc.subarray(
  [
    'policy',
    'acl',
    'uploads',
    'uploadId=1',
    'partNumber=1',
    'list-type=2',
    'prefix=a',
    'versionId=3',
    'Action=ListQueues',
    'Version=2012-11-05',
    'Action=DeleteTopic',
    'X-Amz-Expires=10',
  ],
  { maxLength: 4 },
)
const target = fc.constantFrom(
  'AmazonSQS.SendMessage',
  'DynamoDB_20120810.PutItem',
  'TrentService.Encrypt',
  'Nobody.Nothing',
  'AmazonSQS.ListQueues',
)
const host = fc.constantFrom(
  'bucket.localhost',
  'bucket.s3.amazonaws.com',
  'victim.example',
  'sqs.us-east-1.amazonaws.com',
)

interface Plausible {
  readonly service: string
  readonly method: string
  readonly path: string
  readonly query?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const jsonCall = (service: string, name: string, body: object): Plausible => ({
  service,
  method: 'POST',
  path: '/',
  headers: { 'x-amz-target': name, 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
})
const form = (service: string, body: string): Plausible => ({
  service,
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body,
})
const queue = `http://q/${account}/queue`

/** Calls as clients make them; what is random is done to one of them. */
const plausible = fc.constantFrom<Plausible>(
  { service: 's3', method: 'GET', path: '/bucket/key' },
  { service: 's3', method: 'PUT', path: '/bucket/key', body: 'x' },
  { service: 's3', method: 'GET', path: '/bucket', query: ['list-type=2', 'prefix=a'] },
  { service: 's3', method: 'PUT', path: '/bucket/key', headers: { 'x-amz-copy-source': '/bucket/from' } },
  { service: 's3', method: 'DELETE', path: '/other/key' },
  { service: 's3', method: 'GET', path: '/key', headers: { host: 'bucket.localhost' } },
  jsonCall('sqs', 'AmazonSQS.SendMessage', { QueueUrl: queue, MessageBody: 'm' }),
  jsonCall('sqs', 'AmazonSQS.DeleteQueue', { QueueUrl: queue }),
  jsonCall('dynamodb', 'DynamoDB_20120810.PutItem', { TableName: 'table', Item: { pk: { S: 'a' } } }),
  jsonCall('dynamodb', 'DynamoDB_20120810.ListTables', {}),
  form('sns', `Action=Publish&Version=2010-03-31&Message=m&TopicArn=arn:aws:sns:us-east-1:${account}:a`),
  form('sqs', `Action=SendMessage&Version=2012-11-05&MessageBody=m&QueueUrl=${queue}`),
  { service: 'glue', method: 'POST', path: '/', headers: { 'x-amz-target': 'AWSGlue.GetJobs' }, body: '{}' },
)
const changes = fc.record(
  {
    method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'),
    path,
    query,
    target,
    host,
    type: fc.constantFrom(
      'application/x-www-form-urlencoded',
      'application/x-amz-json-1.0',
      'application/xml',
    ),
    copy: fc.constantFrom('/bucket/secret', 'other/key', '?', 'bucket/../other/key'),
    body: fc.constantFrom('{}', '{"TableName":["table"]}', 'Action=ListQueues&Version=2012-11-05', 'no json'),
    service: fc.constantFrom('s3', 'sqs', 'dynamodb', 'sns', 'kms', 'lambda', 'glue'),
  },
  { requiredKeys: [] },
)
/** Most are changed in one or two places, a few all over. */
const request = fc
  .record({
    plausible,
    changes,
    kept: fc.array(fc.nat({ max: 8 }), { maxLength: 2 }),
    all: fc.nat({ max: 9 }).map((one) => one === 0),
    signed: fc.constantFrom('rightly', 'rightly', 'rightly', 'rightly', 'wrongly', 'not', 'otherwise'),
    who: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ plausible: base, changes: given, kept, all, ...more }) => {
    const entries = Object.entries(given).filter((_, index) => all || kept.includes(index))
    const {
      target: name,
      host: other,
      type,
      copy,
      ...rest
    } = Object.fromEntries(entries) as Partial<typeof given>
    const headers = {
      ...base.headers,
      ...(other && { host: other }),
      ...(type && { 'content-type': type }),
      ...(name && { 'x-amz-target': name }),
      ...(copy && { 'x-amz-copy-source': copy }),
    }
    return { query: [], body: '', ...base, ...rest, headers, ...more }
  })

const policies: readonly (readonly Allowed[])[] = [
  [],
  [{ action: 's3:*', resource: ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*'] }],
  [{ action: ['sqs:*', 'sns:Publish', 'dynamodb:PutItem'] }],
  [{ action: '*' }],
]

describe('the guard under random requests', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  let users: ClientCredentials[]
  const arrivals: Arrival[] = []

  before(async () => {
    upstream = await startReader(({ method, url, headers }, body, outgoing) => {
      const own = headers['x-test'] === undefined
      if (!own) arrivals.push({ method, url, headers, body })
      outgoing
        .writeHead(own ? 404 : 200)
        .end(own ? '<Error><Code>NoSuchBucketPolicy</Code></Error>' : undefined)
    })
    server = await guardServer({ upstream })
    users = await Promise.all(
      policies.map((each, number) =>
        server.user(`user-${number}`, each.length > 0 ? allowing(...each) : undefined),
      ),
    )
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  test('nothing reaches the upstream without an allowed decision, and nothing but what was decided on', {
    timeout: 60_000,
  }, async () => {
    const { decisions } = server.omen.omen.deps
    let passed = 0
    const property = fc.asyncProperty(request, async (each) => {
      arrivals.length = 0
      const as = users[each.who]!
      const payloadHash = each.service === 's3' ? { payloadHash: 'UNSIGNED-PAYLOAD' } : {}
      const answer = await send(server.omen.endpoint, {
        method: each.method,
        path: each.query.length === 0 ? each.path : `${each.path}?${each.query.join('&')}`,
        service: each.service,
        headers: { ...each.headers, 'x-test': '1' },
        ...(each.method === 'GET' || each.method === 'HEAD' ? {} : { body: each.body }),
        ...(each.signed === 'not'
          ? {}
          : { as: each.signed === 'wrongly' ? { ...as, secretAccessKey: 'guess' } : as }),
        ...(each.signed === 'otherwise' ? { payloadHash: '0'.repeat(64) } : payloadHash),
      })
      const id = answer.headers['x-omen-decision-id']
      const decision = typeof id === 'string' ? decisions.find(id) : undefined
      if (arrivals.length === 0) return
      passed++
      assert.equal(arrivals.length, 1)
      assert.equal(decision?.allowed, true, JSON.stringify(answer))
      assert.equal(each.signed, 'rightly')
      assert.ok(decision.judged.every(({ decision: { outcome } }) => outcome === 'allowed'))
      // what the upstream makes of it is what was decided on
      const seen = identifyCall(requestOf(arrivals[0]!))
      assert.ok(!('problem' in seen), JSON.stringify(seen))
      assert.deepEqual(
        [seen.service.id, seen.operation],
        [decision.call.service.id, decision.call.operation.name],
      )
      if (seen.service.id === 's3') {
        const told = decision.judged.map(({ request }) => request.resource)
        const reading = carelessly(String(arrivals[0]!.url))
        assert.ok(told.includes(reading), `${reading} is none of ${told.join()}`)
      }
    })
    await fc.assert(property, { numRuns: 800 })
    // some 110, give or take 15
    assert.ok(passed > 20, `only ${passed} passed: the requests are too wild`)
  })
})

/** The bucket or object at a path, to a server that decodes first, and drops fragments and path parameters. */
function carelessly(url: string): string {
  const { pathname } = new URL(url.split('?', 1)[0]!.replace(/;[^/]*/g, ''), 'http://upstream')
  const [, bucket = '', ...key] = new URL(decodeURIComponent(pathname), 'http://upstream').pathname.split('/')
  if (bucket === '') return 'arn:aws:s3:::*'
  const name = decodeURIComponent(key.join('/'))
  return name === '' ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${name}`
}

function requestOf({ method = 'GET', url = '/', headers, body }: Arrival): HttpRequest {
  const [rawPath = '/', rawQuery = ''] = url.split('?', 2)
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
  return { method, rawPath, rawQuery, headers: plain, body, remoteAddress: '', secure: false }
}
