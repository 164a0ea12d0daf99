import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Context } from '@omen-iam/policy'
import { allow, policyText } from '../kit/index.ts'
import { startSink, type UpstreamServer } from '../support/index.ts'
import { type Answer, account, allowing, type GuardServer, guardServer, type Sent, send } from './house.ts'

describe('what the guard decides, before an upstream that takes anything', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  let bucketPolicy: string | undefined

  before(async () => {
    upstream = await startSink((incoming, outgoing) => {
      const { url = '', method } = incoming
      const asksPolicy = method === 'GET' && /[?&]policy=?(?:&|$)/.test(url)
      const isQuestion = /[?&](?:encryption|publicAccessBlock|ownershipControls)=?(?:&|$)/.test(url)
      const asksTags = /(?:ListQueueTags|GetResources)$/.test(String(incoming.headers['x-amz-target']))
      const absent = isQuestion || asksTags || (asksPolicy && bucketPolicy === undefined)
      incoming.resume().on('end', () => {
        outgoing.writeHead(absent ? 404 : 200)
        outgoing.end(
          absent ? '<Error><Code>NoSuchBucketPolicy</Code></Error>' : (asksPolicy && bucketPolicy) || '{}',
        )
      })
    })
    server = await guardServer({ upstream })
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const go = (sent: Sent): Promise<Answer> => send(server.omen.endpoint, { as: server.admin, ...sent })
  const json = (service: string, target: string, input: object, more: Partial<Sent> = {}) => {
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' }
    return go({ method: 'POST', path: '/', service, headers, body: JSON.stringify(input), ...more })
  }
  const form = (service: string, fields: Readonly<Record<string, string>>, more: Partial<Sent> = {}) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams(fields).toString()
    return go({ method: 'POST', path: '/', service, headers, body, ...more })
  }

  test('calls to global services are in us-east-1, wherever they were made (GRD-9)', async () => {
    const region = 'eu-west-1'
    await go({ path: '/2013-04-01/hostedzone', service: 'route53', region })
    await go({ path: '/2020-05-31/distribution', service: 'cloudfront', region })
    await json('shield', 'AWSShield_20160616.ListProtections', {}, { region })
    await json('ssm', 'AmazonSSM.ListDocuments', {}, { region })
    const regions: unknown[] = []
    for (const name of ['ListHostedZones', 'ListDistributions', 'ListProtections', 'ListDocuments'])
      regions.push((await server.events(name))[0]?.awsRegion)
    assert.deepEqual(regions, ['us-east-1', 'us-east-1', 'us-east-1', region])
  })

  test('a log group is asked about with what is in it (GRD-19)', async () => {
    const group = `arn:aws:logs:us-east-1:${account}:log-group:/a`
    const reading = { as: await server.user('reader') }
    const read = async () =>
      (await json('logs', 'Logs_20140328.FilterLogEvents', { logGroupName: '/a' }, reading)).status
    await server.allow('reader', allowing({ action: 'logs:FilterLogEvents', resource: group }))
    assert.equal(await read(), 400)
    await server.allow('reader', allowing({ action: 'logs:FilterLogEvents', resource: `${group}:*` }))
    assert.equal(await read(), 200)
  })

  test('denials have the code of their service’s protocol, and SNS its own (GRD-73)', async () => {
    const as = await server.user('nobody')
    const topic = `arn:aws:sns:us-east-1:${account}:t`
    const publish = { Action: 'Publish', Version: '2010-03-31', TopicArn: topic, Message: 'm' }
    const codes = [
      await form('sns', publish, { as }),
      await form('ec2', { Action: 'DescribeInstances', Version: '2016-11-15' }, { as }),
      await form('rds', { Action: 'DescribeDBInstances', Version: '2014-10-31' }, { as }),
      await json('ssm', 'AmazonSSM.ListDocuments', {}, { as }),
      await go({ path: '/bucket/key', payloadHash: 'UNSIGNED-PAYLOAD', as }),
    ].map(({ body }) => /<Code>(\w+)<|"__type":"(?:\S+#)?(\w+)"/.exec(body)?.slice(1).find(Boolean))
    assert.deepEqual(codes, [
      'AuthorizationError',
      'UnauthorizedOperation',
      'AccessDenied',
      'AccessDeniedException',
      'AccessDenied',
    ])
  })

  test('a resource belongs to the account in its ARN: another account needs that one’s consent (GRD-84)', async () => {
    const send = (owner: string) => {
      const QueueUrl = `http://localhost/${owner}/q`
      return json('sqs', 'AmazonSQS.SendMessage', { QueueUrl, MessageBody: 'm' })
    }
    assert.equal((await send(account)).status, 200)
    const { status, body } = await send('444455556666')
    assert.equal(status, 403)
    assert.match(
      body,
      /sqs:sendmessage on resource: arn:aws:sqs:us-east-1:444455556666:q because no resource-based/,
    )
  })

  test('a Deny with a key that only the upstream knows cannot be avoided (GRD-105)', async () => {
    const as = await server.user('tagged')
    const queue = (target: string) =>
      json(
        'sqs',
        `AmazonSQS.${target}`,
        { QueueUrl: `http://localhost/${account}/q`, QueueName: 'q' },
        { as },
      )
    const statement = (condition: object, action = '*') => ({
      Effect: 'Deny',
      Action: action,
      Resource: '*',
      Condition: condition,
    })
    const allowBut = (...denies: readonly object[]) =>
      server.allow('tagged', policyText(allow('*'), ...denies))
    const tagged = { StringEquals: { 'aws:ResourceTag/env': 'prod' } }
    await allowBut(statement(tagged))
    const { status, body } = await queue('DeleteQueue')
    assert.equal(status, 403)
    assert.match(
      body,
      /own denies sqs:DeleteQueue by aws:ResourceTag\/env, which only the upstream knows of arn:aws:sqs:us-east-1:123456789012:q\. Omen refuses/,
    )
    const told = await go({ path: '/_omen/undecidable', service: 'omen' })
    assert.match(told.body, /DeleteQueue.*aws:ResourceTag\/env/s)
    // a new resource has no tags yet, and a Deny that something else stops does not apply
    assert.equal((await queue('CreateQueue')).status, 200)
    await allowBut(statement({ ...tagged, StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } }))
    assert.equal((await queue('DeleteQueue')).status, 200)
    // a key that AWS has of no such action is absent there, too
    await allowBut(statement({ StringEquals: { 's3:ExistingObjectTag/env': 'prod' } }))
    assert.equal((await queue('DeleteQueue')).status, 200)
    const read = () => go({ path: '/bucket/key', payloadHash: 'UNSIGNED-PAYLOAD', as })
    assert.equal((await read()).status, 403)
    // and one that the request would have had is absent because it has none
    await allowBut(statement({ Null: { 's3:VersionId': 'false' } }))
    assert.equal((await read()).status, 200)
  })

  test('S3 and EC2 have keys that no parameter holds (GRD-106)', async () => {
    const as = await server.user('keys')
    const read = () => go({ path: '/bucket/key', payloadHash: 'UNSIGNED-PAYLOAD', as })
    const described = () => form('ec2', { Action: 'DescribeVolumes', Version: '2016-11-15' }, { as })
    const only = (action: string, condition: object) => server.allow('keys', allowing({ action, condition }))
    await only('s3:GetObject', { StringEquals: { 's3:ResourceAccount': account } })
    assert.equal((await read()).status, 200)
    await only('s3:GetObject', { NumericLessThan: { 's3:signatureAge': '600000' } })
    assert.equal((await read()).status, 200)
    await only('s3:GetObject', { NumericLessThan: { 's3:signatureAge': '0' } })
    assert.equal((await read()).status, 403)
    await only('s3:GetObject', { NumericGreaterThan: { 's3:TlsVersion': '1.1' } })
    assert.equal((await read()).status, 403)
    await only('ec2:DescribeVolumes', { StringEquals: { 'ec2:Region': 'us-east-1' } })
    assert.equal((await described()).status, 200)
    await only('ec2:DescribeVolumes', { StringEquals: { 'ec2:Region': 'eu-west-1' } })
    assert.equal((await described()).status, 403)
  })

  test('an allowed call is decided on once, and what is remembered is asked for once', async (t) => {
    const condition = { StringLike: { 'aws:UserAgent': '*' } }
    const as = await server.user('once', allowing({ action: ['dynamodb:*', 'sqs:*', 's3:*'], condition }))
    const lookup = t.mock.method(Context.prototype, 'lookup')
    const queue = { QueueUrl: `http://localhost/${account}/once`, MessageBody: 'm' }
    const calls = [
      () => json('dynamodb', 'DynamoDB_20120810.GetItem', { TableName: 'once', Key: {} }, { as }),
      () => json('sqs', 'AmazonSQS.SendMessage', queue, { as }),
      () => go({ path: '/once/key', payloadHash: 'UNSIGNED-PAYLOAD', as }),
    ]
    for (const call of calls) {
      lookup.mock.resetCalls()
      assert.equal((await call()).status, 200)
      const asked = lookup.mock.calls.filter(({ arguments: [key] }) => key === 'aws:useragent')
      assert.equal(asked.length, 1)
    }
  })

  test('an unreadable policy denies everything on its resource except its replacement (GRD-89)', async () => {
    const s3 = async (method: string, path: string, body = '') =>
      (await go({ method, path, body, payloadHash: 'UNSIGNED-PAYLOAD' })).status
    const whole = policyText()
    bucketPolicy =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps","Action":"s3:*","Resource":"*"}]}'
    assert.equal(await s3('GET', '/odd/key'), 403)
    assert.equal(await s3('PUT', '/odd?policy', whole), 200)
    assert.equal(await s3('DELETE', '/odd?policy'), 200)
    bucketPolicy = undefined
    assert.equal(await s3('GET', '/odd/key'), 200)
  })
})
