import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { policyText } from '../kit/index.ts'
import { type RecordedUpstream, startRecordedUpstream } from '../recordings/upstream.ts'
import { account, allowing, type GuardServer, guardServer, send, visiting } from './house.ts'

const key = `arn:aws:kms:us-east-1:${account}:key/1`
const topic = `arn:aws:sns:us-east-1:${account}:t`

describe('what a call is about beside its input, as the upstream tells it', () => {
  let upstream: RecordedUpstream
  let server: GuardServer
  let user: ClientCredentials
  let visitor: ClientCredentials
  let visitorAccount: string

  before(async () => {
    upstream = await startRecordedUpstream()
    server = await guardServer({ upstream: { url: upstream.url, accountKey: true }, forward: ['lambda'] })
    ;({ visitor, visitorAccount } = await visiting(server))
    user = await server.user('user')
  })
  beforeEach(() => {
    upstream.world = () => undefined
    upstream.reached = []
  })
  after(async () => {
    await server?.close()
    await upstream?.close()
  })

  const ecs = async (operation: string, input: object) => {
    const target = `AmazonEC2ContainerServiceV20141113.${operation}`
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' }
    const sent = { method: 'POST', service: 'ecs', headers, body: JSON.stringify(input), as: user }
    return (await send(server.omen.endpoint, sent)).body
  }
  const sns = async (fields: Readonly<Record<string, string>>, as: ClientCredentials) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams({ Version: '2010-03-31', ...fields }).toString()
    return (await send(server.omen.endpoint, { method: 'POST', service: 'sns', headers, body, as })).status
  }

  test('tasks get the roles of their definition, which are handed on when they start (GRD-580)', async () => {
    const [task, execution] = [
      await server.role('task', 'ecs-tasks.amazonaws.com'),
      await server.role('execution', 'ecs-tasks.amazonaws.com'),
    ]
    const taskDefinition = { taskRoleArn: task, executionRoleArn: execution }
    upstream.world = ({ operation }) =>
      operation === 'DescribeTaskDefinition' ? { body: { taskDefinition } } : { body: '{}' }
    const ask = { action: 'ecs:*' }
    for (const operation of ['RunTask', 'StartTask']) {
      await server.allow('user', allowing(ask, { action: 'iam:PassRole', resource: task }))
      assert.match(
        await ecs(operation, { taskDefinition: 'f' }),
        /iam:PassRole on resource: \S+role\/execution/,
      )
      assert.equal(await ecs(operation, { taskDefinition: 'f', overrides: { executionRoleArn: task } }), '{}')
      await server.allow('user', allowing(ask, { action: 'iam:PassRole' }))
      assert.equal(await ecs(operation, { taskDefinition: 'f' }), '{}')
    }
  })

  test('a task definition is taken with a role that Amazon ECS cannot assume, a task is not (GRD-305)', async () => {
    const taskRoleArn = await server.role('other', 'lambda.amazonaws.com')
    await server.allow('user', allowing({ action: '*' }))
    upstream.world = ({ operation }) =>
      operation === 'DescribeTaskDefinition' ? { body: { taskDefinition: { taskRoleArn } } } : { body: '{}' }
    const definition = { family: 'f', taskRoleArn, containerDefinitions: [] }
    assert.equal(await ecs('RegisterTaskDefinition', definition), '{}')
    assert.match(await ecs('RunTask', { taskDefinition: 'f' }), /ECS was unable to assume the role/)
  })

  test('a new key is in the event of CreateKey, with what the call left out (TRL-112)', async () => {
    upstream.world = () => ({ body: { KeyMetadata: { Arn: key } } })
    const headers = { 'x-amz-target': 'TrentService.CreateKey', 'content-type': 'application/x-amz-json-1.1' }
    const sent = { method: 'POST', service: 'kms', headers, body: '{"KeySpec":"RSA_4096"}', as: server.admin }
    assert.match((await send(server.omen.endpoint, sent)).body, /KeyMetadata/)
    const [event] = await server.events('CreateKey')
    assert.deepEqual(event?.resources, [{ accountId: account, type: 'AWS::KMS::Key', ARN: key }])
    assert.deepEqual(event?.requestParameters, {
      bypassPolicyLockoutSafetyCheck: false,
      customerMasterKeySpec: 'RSA_4096',
      keySpec: 'RSA_4096',
      keyUsage: 'ENCRYPT_DECRYPT',
      origin: 'AWS_KMS',
    })
  })

  test('a subscription is looked for with its subscriber too (GRD-215)', async () => {
    const entry = `<entry><key>Owner</key><value>${visitorAccount}</value></entry>`
    upstream.world = ({ operation, account: asker }) =>
      operation !== 'GetSubscriptionAttributes' || asker === visitorAccount
        ? { body: `<R><Attributes>${entry}</Attributes></R>` }
        : { status: 404, body: '<ErrorResponse><Error><Code>NotFound</Code></Error></ErrorResponse>' }
    const fields = { Action: 'GetSubscriptionAttributes', SubscriptionArn: `${topic}:1` }
    assert.equal(await sns(fields, visitor), 200)
    await server.allow('user', allowing({ action: 'sqs:*' }))
    assert.equal(await sns(fields, user), 403)
  })

  test('the address that a subscriber is sent names no version, and is not signed (GRD-217)', async () => {
    upstream.world = () => ({ body: '<R/>' })
    const open = (query: Readonly<Record<string, string>>) =>
      send(server.omen.endpoint, { path: `/?${new URLSearchParams(query)}`, service: 'sns' })
    const link = { Action: 'ConfirmSubscription', TopicArn: topic, Token: 't' }
    assert.equal((await open(link)).status, 200)
    assert.deepEqual(
      upstream.reached.map(({ query }) => query.get('Action')),
      ['ConfirmSubscription'],
    )
    assert.equal((await open({ ...link, AuthenticateOnUnsubscribe: 'true' })).status, 403)
    assert.equal((await open({ Action: 'Unsubscribe', SubscriptionArn: `${topic}:1` })).status, 403)
    assert.equal((await open({ ...link, Action: 'Publish' })).status, 404)
    assert.equal((await open({ ...link, Message: 'm' })).status, 400)
  })

  /** What the upstream answers about a key of AWS KMS, whose policy leaves it to those of its account. */
  const ofKey = (operation: string | undefined) => {
    const Statement = [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
    ]
    if (operation === 'DescribeKey') return { body: { KeyMetadata: { Arn: key, KeyManager: 'CUSTOMER' } } }
    if (operation === 'GetKeyPolicy') return { body: { Policy: policyText(...Statement) } }
    return undefined
  }
  const allowKey = (action: string, condition: object) => ({ action, resource: key, condition })

  test('the key of a function is used with the permissions of who names it (GRD-584)', async () => {
    await server.role('function', 'lambda.amazonaws.com')
    upstream.world = ({ operation }) => ofKey(operation) ?? { body: '{}' }
    const make = async (line: string) => {
      const [method = '', path = ''] = line.split(' ')
      const Role = `arn:aws:iam::${account}:role/function`
      const body = JSON.stringify({ FunctionName: 'f', Role, Code: {}, KMSKeyArn: key })
      const answer = await send(server.omen.endpoint, { method, path, service: 'lambda', body, as: user })
      return /perform: (\S+)/.exec(answer.body)?.[1] ?? answer.status
    }
    const grant = allowKey('kms:CreateGrant', { Bool: { 'kms:GrantIsForAWSResource': 'true' } })
    const context = {
      'kms:ViaService': 'lambda.us-east-1.amazonaws.com',
      'kms:EncryptionContext:aws:lambda:FunctionArn': `arn:aws:lambda:us-east-1:${account}:function:f`,
    }
    const encrypt = allowKey('kms:Encrypt', { StringEquals: context })
    const base = [{ action: 'lambda:*' }, { action: 'iam:PassRole' }]
    for (const line of ['POST /2015-03-31/functions', 'PUT /2015-03-31/functions/f/configuration']) {
      await server.allow('user', allowing(...base, encrypt))
      assert.equal(await make(line), 'kms:CreateGrant')
      await server.allow('user', allowing(...base, grant))
      assert.equal(await make(line), 'kms:Encrypt')
      await server.allow('user', allowing(...base, grant, encrypt))
      assert.equal(await make(line), 200)
    }
  })

  test('an upload’s key is the one with which it began, if the upstream does not say it later (GRD-583)', async () => {
    upstream.world = ({ operation, path, query }) => {
      if (operation !== undefined) return ofKey(operation)
      if (path === '/')
        return {
          body: '<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name></Bucket></Buckets></ListAllMyBucketsResult>',
        }
      return query.has('uploads') ? { body: '<R><UploadId>u1</UploadId></R>' } : {}
    }
    const call = async (method: string, query: string, headers: Readonly<Record<string, string>> = {}) => {
      const sent = { method, path: `/b/one?${query}`, service: 's3', headers, body: 'x', as: user }
      return (await send(server.omen.endpoint, sent)).status
    }
    const encrypted = {
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': key,
      'x-amz-checksum-algorithm': 'SHA256',
    }
    await server.allow('user', allowing({ action: '*' }))
    assert.equal(await call('POST', 'uploads', encrypted), 200)
    const later = async () => [
      await call('PUT', 'partNumber=1&uploadId=u1'),
      await call('POST', 'uploadId=u1'),
    ]
    assert.deepEqual(await later(), [200, 200])
    await server.allow('user', allowing({ action: 's3:*' }))
    assert.deepEqual(await later(), [403, 403])
    const context = { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::b/one' }
    await server.allow(
      'user',
      allowing({ action: 's3:*' }, allowKey('kms:Decrypt', { StringEquals: context })),
    )
    assert.deepEqual(await later(), [200, 200])
    await server.allow('user', allowing({ action: 's3:*' }))
    assert.equal(await call('PUT', 'partNumber=1&uploadId=another'), 200)
  })
})
