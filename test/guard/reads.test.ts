import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { type RecordedUpstream, rowHeader, startRecordedUpstream } from '../recordings/upstream.ts'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { account, allowing, type GuardHouse, guardHouse, send } from './house.ts'

const key = `arn:aws:kms:us-east-1:${account}:key/1`
const secret = `arn:aws:secretsmanager:us-east-1:${account}:secret:one-AbCdEf`
const keyPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
})

/** What the upstream answers to the guard's own questions. */
const told: Readonly<Record<string, object>> = {
  DescribeSecret: { ARN: secret, KmsKeyId: key },
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
  let house: GuardHouse
  let as: ClientCredentials

  before(async () => {
    upstream = await startRecordedUpstream()
    upstream.world = ({ operation = '', forwarded }) => {
      const body = forwarded ? {} : told[operation]
      return body && { body }
    }
    house = await guardHouse({ upstream: { url: upstream.url } })
    as = await house.user('user')
  })
  beforeEach(async () => {
    await house.allow('user', allowing({ action: '*' }))
    upstream.reached = []
  })
  after(async () => {
    await house.close()
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
    const { status, body } = await send(house.omen.endpoint, sent)
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

  test('is the number of messages, each time, before one is received (GRD-191, GRD-228)', async () => {
    const QueueUrl = `http://localhost/${account}/queue`
    const receive = () => asked('sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl })
    await receive()
    assert.deepEqual(await receive(), ['GetQueueAttributes'])
    assert.deepEqual(await receive(), ['GetQueueAttributes'])
  })

  test('is asked once of each resource, however often a call names it (GRD-142, GRD-228)', async () => {
    const condition = { StringEquals: { 'aws:ResourceTag/env': 'dev' } }
    await house.allow('user', allowing({ action: 'dynamodb:*', condition }))
    const get = (TableName: string, id: string) => ({ Get: { TableName, Key: { id: { S: id } } } })
    const TransactItems = [get('one', '1'), get('one', '2'), get('two', '1'), get('two', '2')]
    const read = await asked('dynamodb', 'DynamoDB_20120810.TransactGetItems', { TransactItems })
    assert.deepEqual(
      read.filter((operation) => operation === 'ListTagsOfResource'),
      ['ListTagsOfResource', 'ListTagsOfResource'],
    )
  })
})

describe('what the guard waits for', () => {
  let upstream: UpstreamServer
  let house: GuardHouse
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
    house = await guardHouse({ upstream: { url: upstream.url } })
    const condition = { StringEquals: { 'aws:ResourceTag/env': 'dev' } }
    as = await house.user('user', allowing({ action: 'dynamodb:*', condition }))
  })
  beforeEach(() => {
    held = []
    forwarded = 0
  })
  after(async () => {
    await house.close()
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
    return send(house.omen.endpoint, { method: 'POST', service: 'dynamodb', headers, body, as })
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
