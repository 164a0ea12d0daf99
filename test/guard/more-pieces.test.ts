import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { asked, json, requestsOf, unknownOf } from './asked.ts'
import { account, allowing, type GuardServer, guardServer, send } from './house.ts'

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111122223333:${resource}`
const ecs = (operation: string, input: object) =>
  json('ecs', `AmazonEC2ContainerServiceV20141113.${operation}`, input)
const events = (operation: string, input: object) => json('events', `AWSEvents.${operation}`, input)
const logs = (operation: string, input: object) => json('logs', `Logs_20140328.${operation}`, input)

describe('an ARN or a name with more pieces than its kind has is asked about in each reading (GRD-51)', () => {
  const both = (action: string, service: string, kind: string, given: string, last: string) => [
    `${action} ${service}:${kind}${given}`,
    `${action} ${service}:${kind}${last}`,
  ]
  for (const [title, call, expected] of [
    [
      'a cluster by its ARN',
      ecs('DeleteCluster', { cluster: arn('ecs', 'cluster/dev-x/secret') }),
      both('ecs:DeleteCluster', 'ecs', 'cluster/', 'dev-x/secret', 'secret'),
    ],
    [
      'a cluster by the ARN of a service',
      ecs('DeleteCluster', { cluster: arn('ecs', 'service/ok/secret') }),
      ['ecs:DeleteCluster ecs:service/ok/secret', 'ecs:DeleteCluster ecs:cluster/secret'],
    ],
    [
      'what is tagged, of any kind',
      ecs('TagResource', { resourceArn: arn('ecs', 'cluster/dev-x/secret'), tags: [] }),
      both('ecs:TagResource', 'ecs', 'cluster/', 'dev-x/secret', 'secret'),
    ],
    [
      'an event bus by its name',
      events('DeleteEventBus', { Name: 'dev-x/secret' }),
      both('events:DeleteEventBus', 'events', 'event-bus/', 'dev-x/secret', 'secret'),
    ],
    [
      'an event bus by its ARN',
      events('DeleteEventBus', { Name: arn('events', 'event-bus/dev-x/secret') }),
      both('events:DeleteEventBus', 'events', 'event-bus/', 'dev-x/secret', 'secret'),
    ],
    [
      'the event bus of a rule',
      events('DeleteRule', { Name: 'r', EventBusName: 'dev-x/secret' }),
      both('events:DeleteRule', 'events', 'rule/', 'dev-x/secret/r', 'secret/r'),
    ],
    [
      'a service in another cluster than the call names',
      ecs('DescribeServices', { cluster: 'secret', services: [arn('ecs', 'service/ok/s')] }),
      both('ecs:DescribeServices', 'ecs', 'service/', 'ok/s', 'secret/s'),
    ],
    [
      'a stream by its name',
      json('kinesis', 'Kinesis_20131202.DeleteStream', { StreamName: 'dev:x/secret' }),
      [
        'kinesis:DeleteStream kinesis:stream/dev:x/secret',
        'kinesis:DeleteStream kinesis:stream/secret',
        'kinesis:DeleteStream kinesis:stream/x/secret',
      ],
    ],
  ] as const)
    test(title, () => {
      assert.deepEqual([...asked(call)].sort(), [...expected].sort())
    })

  test('so are condition keys about it', () => {
    const [request] = requestsOf(
      ecs('DescribeServices', { cluster: arn('ecs', 'cluster/dev-x/secret'), services: ['s'] }),
    )
    assert.deepEqual(request?.context?.['ecs:cluster'], [
      arn('ecs', 'cluster/dev-x/secret'),
      arn('ecs', 'cluster/secret'),
    ])
  })

  test('what has the form of its kind is that alone', () => {
    for (const [call, expected] of [
      [
        ecs('DescribeServices', { cluster: 'ok', services: [arn('ecs', 'service/ok/s')] }),
        'ecs:DescribeServices ecs:service/ok/s',
      ],
      [ecs('DeleteCluster', { cluster: arn('ecs', 'cluster/own') }), 'ecs:DeleteCluster ecs:cluster/own'],
      [
        json('ssm', 'AmazonSSM.DeleteParameter', { Name: '/dev/db/password' }),
        'ssm:DeleteParameter ssm:parameter/dev/db/password',
      ],
      [
        json('secretsmanager', 'secretsmanager.DeleteSecret', { SecretId: 'dev/db' }),
        'secretsmanager:DeleteSecret secretsmanager:secret:dev/db-??????',
      ],
      [
        json('ecr', 'AmazonEC2ContainerRegistry_V20150921.DeleteRepository', { repositoryName: 'dev/app' }),
        'ecr:DeleteRepository ecr:repository/dev/app',
      ],
      [
        logs('DeleteLogGroup', { logGroupName: '/aws/lambda/own' }),
        'logs:DeleteLogGroup logs:log-group:/aws/lambda/own:log-stream:',
      ],
      [
        json('states', 'AWSStepFunctions.DeleteStateMachine', {
          stateMachineArn: arn('states', 'stateMachine:own'),
        }),
        'states:DeleteStateMachine states:stateMachine:own',
      ],
    ] as const)
      assert.deepEqual(asked(call), [expected])
  })

  test('functions and log groups are not decided on', () => {
    const invoke = (name: string) => ({
      scope: 'lambda',
      line: `DELETE /2015-03-31/functions/${encodeURIComponent(name)}`,
    })
    for (const name of [arn('lambda', 'function:ok:function:secret'), 'ok:1:secret', 'ok/secret'])
      assert.match(unknownOf(invoke(name)), /name a function cannot be read/)
    assert.deepEqual(asked(invoke('own:1')), ['lambda:DeleteFunction lambda:function:own:1'])
    for (const logGroupIdentifier of ['ok:secret', arn('logs', 'log-group:ok:secret')])
      assert.match(unknownOf(logs('GetLogEvents', { logGroupIdentifier, logStreamName: 's' })), /log group/)
  })
})

describe('a log group goes on by the name that was asked about (GRD-52)', () => {
  const bodies: string[] = []
  let upstream: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials
  const group = `arn:aws:logs:us-east-1:${account}:log-group:/own/a`

  before(async () => {
    upstream = await startReader((_, body, outgoing) => {
      bodies.push(body.toString())
      outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{}')
    })
    server = await guardServer({ upstream })
    user = await server.user('own', allowing({ action: 'logs:*', resource: `${group}:*` }))
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  test('and not by its identifier', async () => {
    const read = async (input: object) => {
      bodies.length = 0
      const { scope, ...sent } = logs('GetLogEvents', { ...input, logStreamName: 's', startTime: 1 })
      const { status } = await send(server.omen.endpoint, {
        ...sent,
        method: 'POST',
        service: scope,
        as: user,
      })
      assert.equal(status, 200)
      return JSON.parse(bodies[0]!) as unknown
    }
    const expected = { logStreamName: 's', startTime: 1, logGroupName: '/own/a' }
    for (const logGroupIdentifier of ['/own/a', group, `${group}:*`])
      assert.deepEqual(await read({ logGroupIdentifier }), expected)
    assert.deepEqual(await read({ logGroupName: '/own/a' }), expected)
  })
})
