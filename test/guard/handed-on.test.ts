import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { type RecordedUpstream, startRecordedUpstream } from '../recordings/upstream.ts'
import { account, allowing, type GuardHouse, guardHouse, send, visiting } from './house.ts'

const topic = `arn:aws:sns:us-east-1:${account}:t`

describe('what a call is about beside its input, as the upstream tells it', () => {
  let upstream: RecordedUpstream
  let house: GuardHouse
  let user: ClientCredentials
  let visitor: ClientCredentials
  let visitorAccount: string

  before(async () => {
    upstream = await startRecordedUpstream()
    house = await guardHouse({ upstream: { url: upstream.url, accountKey: true } })
    ;({ visitor, visitorAccount } = await visiting(house))
    user = await house.user('user')
  })
  beforeEach(() => {
    upstream.world = () => undefined
    upstream.reached = []
  })
  after(async () => {
    await house?.close()
    await upstream?.close()
  })

  const ecs = async (operation: string, input: object) => {
    const target = `AmazonEC2ContainerServiceV20141113.${operation}`
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' }
    const sent = { method: 'POST', service: 'ecs', headers, body: JSON.stringify(input), as: user }
    return (await send(house.omen.endpoint, sent)).body
  }
  const sns = async (fields: Readonly<Record<string, string>>, as: ClientCredentials) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams({ Version: '2010-03-31', ...fields }).toString()
    return (await send(house.omen.endpoint, { method: 'POST', service: 'sns', headers, body, as })).status
  }

  test('tasks get the roles of their definition, which are handed on when they start (GRD-580)', async () => {
    const [task, execution] = [
      await house.role('task', 'ecs-tasks.amazonaws.com'),
      await house.role('execution', 'ecs-tasks.amazonaws.com'),
    ]
    const taskDefinition = { taskRoleArn: task, executionRoleArn: execution }
    upstream.world = ({ operation }) =>
      operation === 'DescribeTaskDefinition' ? { body: { taskDefinition } } : { body: '{}' }
    const ask = { action: 'ecs:*' }
    for (const operation of ['RunTask', 'StartTask']) {
      await house.allow('user', allowing(ask, { action: 'iam:PassRole', resource: task }))
      assert.match(
        await ecs(operation, { taskDefinition: 'f' }),
        /iam:PassRole on resource: \S+role\/execution/,
      )
      assert.equal(await ecs(operation, { taskDefinition: 'f', overrides: { executionRoleArn: task } }), '{}')
      await house.allow('user', allowing(ask, { action: 'iam:PassRole' }))
      assert.equal(await ecs(operation, { taskDefinition: 'f' }), '{}')
    }
  })

  test('a task definition is taken with a role that Amazon ECS cannot assume, a task is not (GRD-305)', async () => {
    const taskRoleArn = await house.role('other', 'lambda.amazonaws.com')
    await house.allow('user', allowing({ action: '*' }))
    upstream.world = ({ operation }) =>
      operation === 'DescribeTaskDefinition' ? { body: { taskDefinition: { taskRoleArn } } } : { body: '{}' }
    const definition = { family: 'f', taskRoleArn, containerDefinitions: [] }
    assert.equal(await ecs('RegisterTaskDefinition', definition), '{}')
    assert.match(await ecs('RunTask', { taskDefinition: 'f' }), /ECS was unable to assume the role/)
  })

  test('a new key is in the event of CreateKey, with what the call left out (TRL-112)', async () => {
    const Arn = `arn:aws:kms:us-east-1:${account}:key/1`
    upstream.world = () => ({ body: { KeyMetadata: { Arn } } })
    const headers = { 'x-amz-target': 'TrentService.CreateKey', 'content-type': 'application/x-amz-json-1.1' }
    const sent = { method: 'POST', service: 'kms', headers, body: '{"KeySpec":"RSA_4096"}', as: house.admin }
    assert.match((await send(house.omen.endpoint, sent)).body, /KeyMetadata/)
    const [event] = await house.events('CreateKey')
    assert.deepEqual(event?.resources, [{ accountId: account, type: 'AWS::KMS::Key', ARN: Arn }])
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
    await house.allow('user', allowing({ action: 'sqs:*' }))
    assert.equal(await sns(fields, user), 403)
  })

  test('the address that a subscriber is sent names no version, and is not signed (GRD-217)', async () => {
    upstream.world = () => ({ body: '<R/>' })
    const open = (query: Readonly<Record<string, string>>) =>
      send(house.omen.endpoint, { path: `/?${new URLSearchParams(query)}`, service: 'sns' })
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
})
