import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import { Lambda } from '@aws-sdk/client-lambda'
import type { ClientCredentials } from 'omen-iam'
import { policyText } from '../kit/index.ts'
import { type RecordedUpstream, rowHeader, startRecordedUpstream } from '../recordings/upstream.ts'
import { startReader, type UpstreamServer, zipOf } from '../support/index.ts'
import { account, allowing, type GuardServer, guardServer, send } from './house.ts'

const key = `arn:aws:kms:us-east-1:${account}:key/1`
const secret = `arn:aws:secretsmanager:us-east-1:${account}:secret:one-AbCdEf`
const keyPolicy = policyText({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
})

/** What the upstream answers to the guard's own questions. */
const told: Readonly<Record<string, object>> = {
  DescribeSecret: { ARN: secret, KmsKeyId: key, Tags: [{ Key: 'env', Value: 'dev' }] },
  ListSecretVersionIds: {
    Versions: [{ VersionId: 'v', VersionStages: ['AWSCURRENT'], KmsKeyIds: [key] }],
  },
  GetResourcePolicy: {},
  GetQueueAttributes: { Attributes: { KmsMasterKeyId: key, ApproximateNumberOfMessages: '1' } },
  DescribeKey: { KeyMetadata: { Arn: key, KeyManager: 'CUSTOMER' } },
  GetKeyPolicy: { Policy: keyPolicy },
  ListTagsOfResource: { Tags: [{ Key: 'env', Value: 'dev' }] },
}

describe('what the guard reads beside a call', () => {
  let upstream: RecordedUpstream
  let server: GuardServer
  let as: ClientCredentials

  before(async () => {
    upstream = await startRecordedUpstream()
    upstream.world = ({ operation = '', forwarded }) => {
      const body = forwarded ? {} : told[operation]
      return body && { body }
    }
    server = await guardServer({ upstream: { url: upstream.url } })
    as = await server.user('user')
  })
  beforeEach(async () => {
    await server.allow('user', allowing({ action: '*' }))
    upstream.reached = []
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  /** Sends a call, which the guard must let through, and returns what the guard asked for it. */
  const asked = async (service: string, target: string, input: object) => {
    upstream.reached = []
    const headers = {
      'x-amz-target': target,
      'content-type': 'application/x-amz-json-1.0',
      [rowHeader]: 'call',
    }
    const sent = { method: 'POST', service, headers, body: JSON.stringify(input), as }
    const { status, body } = await send(server.omen.endpoint, sent)
    assert.equal(status, 200, body)
    assert.equal(upstream.reached.filter(({ forwarded }) => forwarded).length, 1)
    return upstream.reached
      .filter(({ forwarded }) => !forwarded)
      .map(({ operation }) => operation ?? 'none')
      .sort()
  }

  test('is nothing for a call that needs no reading (GRD-228)', async () => {
    for (const [service, target] of [
      ['dynamodb', 'DynamoDB_20120810.ListTables'],
      ['ecs', 'AmazonEC2ContainerServiceV20141113.ListClusters'],
      ['athena', 'AmazonAthena.ListWorkGroups'],
      ['sqs', 'AmazonSQS.ListQueues'],
      ['secretsmanager', 'secretsmanager.ListSecrets'],
    ] as const)
      assert.deepEqual(await asked(service, target, {}), [], target)
  })

  test('is read once for a secret, and remembered (GRD-193, GRD-228)', async () => {
    const read = () => asked('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: secret })
    const first = await read()
    assert.equal(new Set(first).size, first.length, first.join(' '))
    assert(first.includes('ListSecretVersionIds') && first.includes('DescribeKey'), first.join(' '))
    assert.deepEqual(await read(), [])
  })

  test('is one answer for the ARN of a secret and its tags (GRD-228)', async () => {
    const named = (name: string) =>
      asked('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: name })
    await server.allow(
      'user',
      allowing(
        { action: 'kms:*' },
        { action: 'secretsmanager:*', condition: { StringEquals: { 'aws:ResourceTag/env': 'dev' } } },
      ),
    )
    const first = await named('one')
    assert.deepEqual(
      first.filter((operation) => /^(?:DescribeSecret|ListTags|GetResources)/.test(operation)),
      ['DescribeSecret'],
    )
  })

  test('is the keys of a table for its items, and not to describe it (GRD-15, GRD-228)', async () => {
    const table = (operation: string, input: object) =>
      asked('dynamodb', `DynamoDB_20120810.${operation}`, { TableName: 'plain', ...input })
    assert.ok(!(await table('DescribeTable', {})).includes('DescribeTable'))
    assert.deepEqual(
      (await table('GetItem', { Key: { id: { S: '1' } } })).filter((each) => each === 'DescribeTable'),
      ['DescribeTable'],
    )
  })

  test('is the number of messages, each time, before one is received (GRD-191, GRD-228)', async () => {
    const QueueUrl = `http://localhost/${account}/queue`
    const receive = () => asked('sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl })
    await receive()
    assert.deepEqual(await receive(), ['GetQueueAttributes'])
    assert.deepEqual(await receive(), ['GetQueueAttributes'])
  })

  test('is not the policy of a function that Omen’s own Lambda has (GRD-585)', async () => {
    const lambda = server.omen.client(Lambda, 'admin')
    await lambda.createFunction({
      FunctionName: 'own',
      Role: await server.role('function', 'lambda.amazonaws.com'),
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Code: { ZipFile: zipOf({ 'index.mjs': 'export const handler = () => 1' }) },
    })
    await server.allow('user', allowing({ action: 'events:*' }))
    const Arn = `arn:aws:lambda:us-east-1:${account}:function:own`
    const put = () => asked('events', 'AWSEvents.PutTargets', { Rule: 'r', Targets: [{ Id: '1', Arn }] })
    await assert.rejects(put, /lambda:InvokeFunction/)
    const allowed = { FunctionName: 'own', StatementId: 'rule', Action: 'lambda:InvokeFunction' }
    await lambda.addPermission({ ...allowed, Principal: 'events.amazonaws.com' })
    assert.deepEqual(await put(), [])
  })

  test('is asked once of each resource, however often a call names it (GRD-142, GRD-228)', async () => {
    const condition = { StringEquals: { 'aws:ResourceTag/env': 'dev' } }
    await server.allow('user', allowing({ action: 'dynamodb:*', condition }))
    const get = (TableName: string, id: string) => ({ Get: { TableName, Key: { id: { S: id } } } })
    const TransactItems = [get('one', '1'), get('one', '2'), get('two', '1'), get('two', '2')]
    const read = await asked('dynamodb', 'DynamoDB_20120810.TransactGetItems', { TransactItems })
    assert.deepEqual(
      read.filter((operation) => operation === 'ListTagsOfResource'),
      ['ListTagsOfResource', 'ListTagsOfResource'],
    )
  })
})

describe('keys of AWS KMS of objects', () => {
  let upstream: RecordedUpstream
  let server: GuardServer
  let as: ClientCredentials
  /** Whether the bucket encrypts by the key, and its objects are under it. */
  let encrypted = true
  let checksum: Readonly<Record<string, string>> = {}

  const ofObject = {
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': key,
  }
  const ofBucket = `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>${key}</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`

  before(async () => {
    upstream = await startRecordedUpstream()
    upstream.world = ({ operation, path, query, method }) => {
      if (operation !== undefined) return told[operation] && { body: told[operation] }
      if (path === '/')
        return {
          body: '<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name></Bucket></Buckets></ListAllMyBucketsResult>',
        }
      if (query.has('encryption'))
        return encrypted ? { body: ofBucket } : { status: 404, body: '<Error><Code>None</Code></Error>' }
      if (path !== '/b/one' || [...query].length > 0) return undefined
      return {
        headers: { ...(encrypted && ofObject), ...checksum },
        body: method === 'GET' ? 'secret text' : '',
      }
    }
    server = await guardServer({ upstream: { url: upstream.url } })
    as = await server.user('user')
  })
  beforeEach(() => {
    encrypted = true
    upstream.reached = []
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const call = (method: string, headers: Readonly<Record<string, string>> = {}) =>
    send(server.omen.endpoint, {
      method,
      path: '/b/one',
      service: 's3',
      headers: { ...headers, [rowHeader]: 'call' },
      ...(method === 'PUT' && { body: 'x' }),
      as,
    })
  const s3 = { Effect: 'Allow', Action: 's3:*', Resource: '*' }
  const allow = (...statements: readonly object[]) => server.allow('user', policyText(s3, ...statements))
  const allowKey = (action: string, condition: object = {}) =>
    allow({ Effect: 'Allow', Action: action, Resource: key, Condition: condition })

  test('an object is read with kms:Decrypt of the key that its answer names (GRD-308)', async () => {
    await allow()
    const refused = await call('GET')
    assert.equal(refused.status, 403)
    assert.match(
      refused.body,
      /not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:\d+:key\/1/,
    )
    assert.doesNotMatch(refused.body, /secret text/)
    await allowKey('kms:GenerateDataKey')
    assert.equal((await call('GET')).status, 403)
    await allowKey('kms:Decrypt', {
      StringEquals: {
        'kms:ViaService': 's3.us-east-1.amazonaws.com',
        'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::b/one',
        'aws:CalledViaLast': 's3.amazonaws.com',
      },
    })
    const { status, body } = await call('GET')
    assert.deepEqual([status, body], [200, 'secret text'])
    assert.equal((await call('HEAD')).status, 200)
  })

  test('the checksum of an object under a key is read with kms:Decrypt, its other headers without (GRD-474)', async () => {
    await allow()
    assert.equal((await call('HEAD')).status, 200)
    const checked = { 'x-amz-checksum-mode': 'ENABLED' }
    assert.equal((await call('HEAD', checked)).status, 200, 'it has none')
    checksum = { 'x-amz-checksum-crc32': 'AAAAAA==' }
    assert.equal((await call('HEAD')).status, 200)
    assert.equal((await call('HEAD', checked)).status, 403)
    const select = () =>
      send(server.omen.endpoint, {
        method: 'POST',
        path: '/b/one?select=&select-type=2',
        service: 's3',
        headers: { [rowHeader]: 'call' },
        body: '<SelectObjectContentRequest/>',
        as,
      })
    assert.equal((await select()).status, 403)
    await allowKey('kms:Decrypt')
    assert.equal((await call('HEAD', checked)).status, 200)
    assert.notEqual((await select()).status, 403)
  })

  test('an object under no key is read without a question, and goes at once (GRD-228, GRD-308)', async () => {
    encrypted = false
    await allow()
    await call('GET')
    upstream.reached = []
    assert.equal((await call('GET')).body, 'secret text')
    assert.deepEqual(
      upstream.reached.map(({ forwarded }) => forwarded),
      [true],
    )
  })

  test("an object is written with kms:GenerateDataKey of the bucket's key, unless it says otherwise (GRD-156)", async () => {
    await allow()
    const { status, body } = await call('PUT')
    assert.equal(status, 403)
    assert.match(body, /not authorized to perform: kms:GenerateDataKey/)
    assert.equal((await call('PUT', { 'x-amz-server-side-encryption': 'AES256' })).status, 200)
    await allowKey('kms:GenerateDataKey')
    upstream.reached = []
    assert.equal((await call('PUT')).status, 200)
    assert.deepEqual(
      upstream.reached.filter(({ query }) => query.has('encryption')),
      [],
    )
  })

  test("a copy's source is not looked at for a caller who may not make the copy (GRD-308)", async () => {
    await server.allow('user', allowing({ action: 's3:PutObject' }))
    const { status } = await call('PUT', { 'x-amz-copy-source': 'b/two' })
    assert.equal(status, 403)
    assert.deepEqual(
      upstream.reached.filter(({ path }) => path === '/b/two'),
      [],
    )
  })
})

describe('what the guard waits for', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  let as: ClientCredentials
  /** How many questions about tags the upstream must have before it answers them. */
  let awaited = 2
  let held: ServerResponse[] = []
  let forwarded = 0

  before(async () => {
    upstream = await startReader(({ headers }, _, outgoing) => {
      const answer = (one: ServerResponse) => one.end(JSON.stringify(told.ListTagsOfResource))
      if (headers[rowHeader] !== undefined) forwarded++
      if (!/ListTagsOfResource$/.test(String(headers['x-amz-target']))) {
        outgoing.end('{}')
        return
      }
      held.push(outgoing)
      if (held.length >= awaited) held.forEach(answer)
    })
    server = await guardServer({ upstream: { url: upstream.url } })
    const condition = { StringEquals: { 'aws:ResourceTag/env': 'dev' } }
    as = await server.user('user', allowing({ action: 'dynamodb:*', condition }))
  })
  beforeEach(() => {
    held = []
    forwarded = 0
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const get = (...tables: readonly string[]) => {
    const Keys = [{ id: { S: '1' } }]
    const headers = {
      'x-amz-target': 'DynamoDB_20120810.BatchGetItem',
      'content-type': 'application/x-amz-json-1.0',
      [rowHeader]: 'call',
    }
    const body = JSON.stringify({
      RequestItems: Object.fromEntries(tables.map((table) => [table, { Keys }])),
    })
    return send(server.omen.endpoint, { method: 'POST', service: 'dynamodb', headers, body, as })
  }

  test('is asked at the same time (GRD-142, GRD-228)', async () => {
    assert.equal((await get('one', 'two')).status, 200)
    assert.deepEqual([held.length, forwarded], [2, 1])
  })

  test('is not waited for longer than the limit, and then the call is refused (GRD-142, GRD-228)', async () => {
    awaited = Number.POSITIVE_INFINITY
    const { status, body } = await get('three')
    assert.notEqual(status, 200, body)
    assert.equal(forwarded, 0)
  })
})
