import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { startSink, type UpstreamServer } from '../support/index.ts'
import { account, type GuardServer, guardServer, type Sent, send } from './house.ts'

describe('events of calls that the guard took', () => {
  let upstream: UpstreamServer
  let server: GuardServer

  before(async () => {
    upstream = await startSink((incoming, outgoing) => {
      // there is no policy on anything
      const isQuestion = /[?&](?:policy|encryption|publicAccessBlock|ownershipControls)=?(?:&|$)/.test(
        incoming.url ?? '',
      )
      incoming.resume().on('end', () => outgoing.writeHead(isQuestion ? 404 : 200).end('{}'))
    })
    server = await guardServer({ upstream })
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const go = (sent: Sent) => send(server.omen.endpoint, { as: server.admin, ...sent })
  const s3 = (method: string, path: string, body = '') =>
    go({ method, path, body, payloadHash: 'UNSIGNED-PAYLOAD' })
  const json = (service: string, target: string, input: object) => {
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' }
    return go({ method: 'POST', path: '/', service, headers, body: JSON.stringify(input) })
  }
  const sqs = (operation: string, input: object = {}) => json('sqs', `AmazonSQS.${operation}`, input)
  const queue = { QueueUrl: `http://localhost/${account}/jobs` }
  const event = async (name: string) => (await server.events(name))[0]!

  test('content is distinguished from its resource, and is in no look-up (GRD-91)', async () => {
    for (const [method, path] of [
      ['PUT', '/bucket/key'],
      ['HEAD', '/bucket'],
      ['PUT', '/bucket?acl'],
    ] as const)
      await s3(method, path)
    await sqs('SendMessage', { ...queue, MessageBody: 'b' })
    await sqs('GetQueueAttributes', queue)
    await sqs('PurgeQueue', queue)
    const kinds: Record<string, unknown> = {}
    for (const name of [
      'PutObject',
      'HeadBucket',
      'PutBucketAcl',
      'SendMessage',
      'GetQueueAttributes',
      'PurgeQueue',
    ]) {
      const { eventCategory, managementEvent } = await event(name)
      assert.equal(managementEvent, eventCategory === 'Management')
      kinds[name] = eventCategory
    }
    assert.deepEqual(kinds, {
      PutObject: 'Data',
      HeadBucket: 'Data',
      PutBucketAcl: 'Management',
      SendMessage: 'Data',
      GetQueueAttributes: 'Data',
      PurgeQueue: 'Management',
    })
    const { Events = [] } = await server.omen.client(CloudTrailClient).send(new LookupEventsCommand({}))
    const found = Events.map(({ EventName }) => EventName!)
    for (const [name, kind] of Object.entries(kinds))
      assert.equal(found.includes(name), kind === 'Management')
  })

  test('who only reads is known by the verb, and where it misleads (GRD-92)', async () => {
    await s3('GET', '/bucket/key')
    await sqs('ReceiveMessage', queue)
    await sqs('DeleteMessage', { ...queue, ReceiptHandle: 'r' })
    await json('kms', 'TrentService.Decrypt', { CiphertextBlob: 'AAAA', KeyId: 'alias/a' })
    await json('kms', 'TrentService.CreateKey', {})
    const reads: Record<string, unknown> = {}
    for (const name of ['GetObject', 'ReceiveMessage', 'DeleteMessage', 'Decrypt', 'CreateKey'])
      reads[name] = (await event(name)).readOnly
    assert.deepEqual(reads, {
      GetObject: true,
      ReceiveMessage: true,
      DeleteMessage: false,
      Decrypt: true,
      CreateKey: false,
    })
  })

  test('S3’s operations have the trail’s names (GRD-93)', async () => {
    await s3('GET', '/bucket?list-type=2')
    await s3('GET', '/bucket?lifecycle')
    await s3('GET', '/bucket?accelerate')
    await s3('GET', '/bucket?object-lock')
    await s3('GET', '/bucket?publicAccessBlock')
    const headers = { host: `${account}.s3-control.localhost`, 'x-amz-account-id': account }
    await go({ path: '/v20180820/configuration/publicAccessBlock', headers, payloadHash: 'UNSIGNED-PAYLOAD' })
    for (const name of [
      'ListObjects',
      'GetBucketLifecycle',
      'GetAccelerateConfiguration',
      'GetBucketObjectLockConfiguration',
      'GetBucketPublicAccessBlock',
      'GetAccountPublicAccessBlock',
    ])
      assert.equal((await event(name))?.eventSource, 's3.amazonaws.com', name)
  })

  test('they are of the service that signatures name, whatever its hosts are called (GRD-103)', async () => {
    await json('ecr', 'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories', {})
    await json('sagemaker', 'SageMaker.ListModels', {})
    await json('dynamodb', 'DynamoDBStreams_20120810.ListStreams', {})
    await go({ path: '/v2/email/account', service: 'ses' })
    await go({ method: 'POST', path: '/model/m/converse', service: 'bedrock', body: '{}' })
    const sources: unknown[] = []
    for (const name of ['DescribeRepositories', 'ListModels', 'ListStreams', 'GetAccount', 'Converse'])
      sources.push((await event(name))?.eventSource)
    assert.deepEqual(
      sources,
      ['ecr', 'sagemaker', 'dynamodb', 'ses', 'bedrock'].map((name) => `${name}.amazonaws.com`),
    )
  })

  test('they have no contents (GRD-94)', async () => {
    await s3('PUT', '/bucket/told', 'hidden-object')
    await sqs('SendMessage', { ...queue, MessageBody: 'hidden-message' })
    await json('dynamodb', 'DynamoDB_20120810.PutItem', {
      TableName: 'told',
      Item: { pk: { S: 'hidden-item' } },
    })
    await json('secretsmanager', 'secretsmanager.CreateSecret', {
      Name: 'told',
      SecretString: 'hidden-secret',
    })
    const events = await Promise.all(['PutObject', 'SendMessage', 'PutItem', 'CreateSecret'].map(event))
    assert.ok(!JSON.stringify(events).includes('hidden-'))
    assert.deepEqual(
      events.map(({ requestParameters }) => requestParameters),
      [
        { bucketName: 'bucket', key: 'told' },
        { queueUrl: queue.QueueUrl },
        { tableName: 'told' },
        { name: 'told' },
      ],
    )
    for (const { responseElements } of events) assert.equal(responseElements, null)
  })

  test('some services write the version of their API (TRL-111), and no pattern is a resource (TRL-113)', async () => {
    await json('dynamodb', 'DynamoDB_20120810.DescribeTable', { TableName: 'versioned' })
    await json('logs', 'Logs_20140328.CreateLogGroup', { logGroupName: 'versioned' })
    await json('secretsmanager', 'secretsmanager.CreateSecret', { Name: 'versioned' })
    const events = await Promise.all(['DescribeTable', 'CreateLogGroup', 'CreateSecret'].map(event))
    assert.deepEqual(
      events.map(({ apiVersion }) => apiVersion),
      ['2012-08-10', '20140328', undefined],
    )
    assert.deepEqual(
      events.map(({ resources }) => (resources as readonly unknown[] | undefined)?.length ?? 0),
      [1, 0, 0],
    )
  })

  test('data events of S3 name the bucket, too, and those of SQS always a queue (GRD-99)', async () => {
    const bucket = { accountId: account, type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::bucket' }
    await s3('GET', '/bucket/some/key')
    assert.deepEqual((await event('GetObject')).resources, [
      { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::bucket/some/key' },
      bucket,
    ])
    await s3('GET', '/bucket')
    assert.deepEqual((await event('ListObjects')).resources, [
      { type: 'AWS::S3::Object', ARNPrefix: 'arn:aws:s3:::bucket/' },
      bucket,
    ])
    await s3('GET', '/bucket?acl')
    assert.deepEqual((await event('GetBucketAcl')).resources, [bucket])
    await sqs('ListQueues')
    assert.deepEqual((await event('ListQueues')).resources, [
      { accountId: account, type: 'AWS::SQS::Queue', ARN: `arn:aws:sqs:us-east-1:${account}:*` },
    ])
  })
})
