import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { actionInfo, guardDependents } from '../../packages/server/src/authorization/catalogue/index.ts'
import { guardCatalogue } from '../../packages/server/src/guard/catalogue/index.ts'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { asked, form, json, requestsOf } from './asked.ts'
import { account, allowing, type GuardServer, guardServer, send } from './house.ts'

const sns = (fields: Readonly<Record<string, string>>) => form('sns', { Version: '2010-03-31', ...fields })
const stacks = (fields: Readonly<Record<string, string>>) =>
  form('cloudformation', { Version: '2010-05-15', ...fields })
const rest = (scope: string, line: string, body: object) => ({
  scope,
  line,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`

describe('what AWS does with the caller’s permissions is asked for (GRD-53)', () => {
  const secretsArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-aBcDeF'
  for (const [title, call, expected] of [
    [
      'a secret as a parameter',
      json('ssm', 'AmazonSSM.GetParameters', { Names: ['/a', '/aws/reference/secretsmanager/dev/db'] }),
      ['secretsmanager:GetSecretValue secretsmanager:secret:dev/db-??????'],
    ],
    [
      'the import of a table',
      json('dynamodb', 'DynamoDB_20120810.ImportTable', {
        S3BucketSource: { S3Bucket: 'b', S3KeyPrefix: 'in/' },
        TableCreationParameters: { TableName: 't' },
      }),
      ['s3:ListBucket s3:b', 's3:GetObject s3:b/in/*'],
    ],
    [
      'the export of a table',
      json('dynamodb', 'DynamoDB_20120810.ExportTableToPointInTime', {
        TableArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t',
        S3Bucket: 'b',
      }),
      ['s3:PutObject s3:b/*', 's3:AbortMultipartUpload s3:b/*'],
    ],
    [
      'the export of a log group',
      json('logs', 'Logs_20140328.CreateExportTask', {
        logGroupName: 'g',
        destination: 'b',
        destinationPrefix: 'p',
      }),
      ['s3:PutObject s3:b/p/*'],
    ],
    [
      'a function’s code',
      rest('lambda', 'POST /2015-03-31/functions', {
        FunctionName: 'f',
        Code: { S3Bucket: 'b', S3Key: 'k', S3ObjectVersion: '1' },
      }),
      ['s3:GetObjectVersion s3:b/k'],
    ],
    [
      'new code of a function',
      rest('lambda', 'PUT /2015-03-31/functions/f/code', { S3Bucket: 'b', S3Key: 'k' }),
      ['s3:GetObject s3:b/k'],
    ],
    [
      'a template',
      stacks({ Action: 'ValidateTemplate', TemplateURL: 'https://b.s3.eu-west-1.amazonaws.com/a/t.json' }),
      ['s3:GetObject s3:b/a/t.json'],
    ],
    [
      'a template at an endpoint',
      stacks({ Action: 'ValidateTemplate', TemplateURL: 'http://localhost:6636/b/t.json' }),
      ['s3:GetObject s3:b/t.json'],
    ],
    [
      'a queue that a topic delivers to',
      sns({
        Action: 'Subscribe',
        TopicArn: 'arn:aws:sns:eu-west-1:111122223333:t',
        Protocol: 'sqs',
        Endpoint: 'arn:aws:sqs:eu-west-1:111122223333:q',
      }),
      ['sqs:SendMessage sqs:q'],
    ],
    [
      'a target of a rule without a role',
      json('events', 'AWSEvents.PutTargets', {
        Rule: 'r',
        Targets: [{ Id: '1', Arn: 'arn:aws:lambda:eu-west-1:111122223333:function:f' }],
      }),
      ['lambda:InvokeFunction lambda:function:f'],
    ],
    [
      'what a bucket notifies',
      {
        scope: 's3',
        line: 'PUT /b?notification',
        body:
          '<NotificationConfiguration><QueueConfiguration><Queue>arn:aws:sqs:eu-west-1:111122223333:q</Queue>' +
          '</QueueConfiguration></NotificationConfiguration>',
      },
      ['sqs:SendMessage sqs:q'],
    ],
    [
      'the secret of a database',
      rest('rds-data', 'POST /Execute', {
        resourceArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:c',
        secretArn: secretsArn,
      }),
      ['secretsmanager:GetSecretValue secretsmanager:secret:db-aBcDeF'],
    ],
    [
      'a password that is kept as a secret',
      form('rds', {
        Action: 'CreateDBInstance',
        Version: '2014-10-31',
        DBInstanceIdentifier: 'd',
        ManageMasterUserPassword: 'true',
      }),
      [
        'secretsmanager:CreateSecret secretsmanager:secret:*',
        'secretsmanager:TagResource secretsmanager:secret:*',
      ],
    ],
    [
      'what the reference lists',
      json('cloudtrail', 'CloudTrail_20131101.EnableFederation', {
        EventDataStore: 'arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/1',
      }),
      [
        'glue:CreateDatabase *',
        'glue:CreateTable *',
        'lakeformation:DeregisterResource *',
        'lakeformation:RegisterResource *',
      ],
    ],
  ] as const)
    test(title, () => {
      const all = asked(call)
      for (const one of expected) assert.ok(all.includes(one), `${one} in ${all.join('; ')}`)
      assert.ok(!all.some((one) => one.startsWith('lambda:InvokeFunction *')))
    })

  test('the list of dependent actions is the reference’s (GRD-54)', () => {
    const { asked: byHand, acting, listed } = guardDependents()
    const missing: string[] = []
    for (const { id, operations } of guardCatalogue().all)
      for (const [name, { asks = [] }] of Object.entries(operations)) {
        if (acting[id]?.operations.split(' ').includes(name)) continue
        const own = new Set(asks.map(({ action }) => action))
        for (const { action } of asks.filter(({ beside }) => beside !== true))
          for (const dependent of actionInfo(action)?.dependentActions ?? [])
            if (counts(dependent, action) && !own.has(dependent) && !conditional(id, dependent))
              missing.push(`${id} ${name} ${dependent}`)
      }
    assert.deepEqual(missing, [])
    for (const [id, rows] of [
      ...Object.entries(listed),
      ...Object.entries(byHand).map(([service, { operations }]) => [service, operations] as const),
    ])
      for (const name of Object.keys(rows).flatMap((names) => names.split(' ')))
        assert.ok(guardCatalogue().byId.get(id)?.operation(name) !== undefined, `${id} ${name}`)
  })
})

/** Whether a dependent action changes something in, or reads contents of, another service whose things the upstream has. */
function counts(dependent: string, action: string): boolean {
  const [service] = dependent.split(':')
  if (action.startsWith(`${service}:`) || ['kms', 'iam', 'organizations'].includes(service!)) return false
  if (/^ec2:\w*(?:NetworkInterface\w*|VpcEndpoints?)$/.test(dependent)) return false
  const level = actionInfo(dependent)?.accessLevel
  if (level === undefined || level === 'List') return false
  return level !== 'Read' || /GetSecretValue|GetParameter|s3:GetObject|GetItem|Select/.test(dependent)
}

/** Asked for where the input calls for it, or a part of networks that the upstream keeps to itself. */
function conditional(id: string, dependent: string): boolean {
  if (/^(?:rds|docdb|neptune|redshift)$/.test(id)) return dependent.startsWith('secretsmanager:')
  if (/^(?:elasticache|memorydb)$/.test(id)) return dependent.startsWith('s3:')
  return id === 'ec2' && /^(?:ssm:GetParameters|route53:AssociateVPCWithHostedZone)$/.test(dependent)
}

describe('what the upstream must be asked for that', () => {
  let upstream: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials
  let forwarded: string[] = []
  const key = arn('kms', 'key/11111111-2222-3333-4444-555555555555')
  const queuePolicy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn('sqs', 'open'),
        Condition: { ArnEquals: { 'aws:SourceArn': arn('sns', 't') } },
      },
    ],
  }
  const accountsPolicy = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
    ],
  }
  const told: Readonly<Record<string, (body: string) => unknown>> = {
    'secretsmanager.DescribeSecret': (body) => ({
      ARN: arn('secretsmanager', `secret:${body.includes('locked') ? 'locked' : 'plain'}-aBcDeF`),
      ...(body.includes('locked') && { KmsKeyId: key }),
    }),
    'AmazonSSM.DescribeParameters': (body) => ({
      Parameters: body.includes('locked')
        ? [{ Name: '/locked', Type: 'SecureString', KeyId: 'alias/mine' }]
        : [{ Name: '/plain', Type: 'SecureString', KeyId: 'alias/aws/ssm' }],
    }),
    'TrentService.GetKeyPolicy': () => ({ Policy: JSON.stringify(accountsPolicy) }),
    'TrentService.DescribeKey': () => ({ KeyMetadata: { Arn: key } }),
    'AmazonSQS.GetQueueAttributes': (body) => ({
      Attributes: body.includes('/open') ? { Policy: JSON.stringify(queuePolicy) } : {},
    }),
  }

  before(async () => {
    upstream = await startReader(({ headers }, bytes, outgoing) => {
      const target = String(headers['x-amz-target'])
      const body = bytes.toString()
      const answer = told[target]?.(body)
      if (answer === undefined && !/GetKeyPolicy|GetResourcePolicy|GetTopicAttributes/.test(target + body))
        forwarded.push(`${target} ${body}`)
      outgoing.writeHead(answer === undefined && /Get\w*Policy/.test(target) ? 400 : 200, {
        'content-type': 'application/x-amz-json-1.1',
      })
      outgoing.end(JSON.stringify(answer ?? {}))
    })
    server = await guardServer({ upstream: { url: upstream.url } })
    user = await server.user('user')
  })
  beforeEach(() => {
    forwarded = []
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const go = ({ scope, ...sent }: { readonly scope: string }, as = user) =>
    send(server.omen.endpoint, { ...sent, method: 'POST', service: scope, as })

  test('a key of the customer’s must be allowed, AWS’s own needs nothing (GRD-190, GRD-197)', async () => {
    const reads = { action: ['secretsmanager:GetSecretValue', 'ssm:GetParameter'] }
    const secret = (SecretId: string) => json('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId })
    const parameter = (Name: string, WithDecryption = true) =>
      json('ssm', 'AmazonSSM.GetParameter', { Name, WithDecryption })
    await server.allow('user', allowing(reads))
    for (const call of [secret('plain'), parameter('/plain'), parameter('/locked', false)])
      assert.equal((await go(call)).status, 200)
    const locked = secret('locked')
    for (const call of [locked, parameter('/locked')]) {
      const { status, body } = await go(call)
      assert.equal(status, 400)
      assert.match(body, call === locked ? /Access to KMS is not allowed/ : /kms:Decrypt on resource: /)
    }
    const via = {
      StringEquals: {
        'kms:ViaService': ['ssm.us-east-1.amazonaws.com', 'secretsmanager.us-east-1.amazonaws.com'],
      },
    }
    await server.allow('user', allowing(reads, { action: 'kms:Decrypt', resource: key, condition: via }))
    for (const call of [secret('locked'), parameter('/locked')]) {
      const { status, body } = await go(call)
      assert.equal(status, 200, body)
    }
    // the service asks AWS KMS with the caller's credentials, from a network of its own (GRD-140)
    const decrypt = (condition: object) =>
      allowing(reads, { action: 'kms:Decrypt', resource: key, condition })
    for (const [condition, expected] of [
      [{ Bool: { 'aws:ViaAWSService': 'true' } }, 200],
      [{ Bool: { 'aws:ViaAWSService': 'false' } }, 400],
      [{ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, 400],
      [{ Null: { 'aws:CalledVia': 'true' } }, 400],
      [{ StringEquals: { 'aws:CalledViaLast': 'secretsmanager.amazonaws.com' } }, 200],
    ] as const) {
      await server.allow('user', decrypt(condition))
      assert.equal((await go(secret('locked'))).status, expected, JSON.stringify(condition))
    }
  })

  test('the question of a service names it (GRD-140, POL-189)', () => {
    const by = (sent: Parameters<typeof requestsOf>[0]) =>
      requestsOf(sent).map(({ action, forwardedBy }) => [action, forwardedBy])
    const table = { S3BucketSource: { S3Bucket: 'b' }, TableCreationParameters: { TableName: 't' } }
    assert.deepEqual(by(json('dynamodb', 'DynamoDB_20120810.ImportTable', table)), [
      ['dynamodb:ImportTable', undefined],
      ['s3:ListBucket', 'dynamodb.amazonaws.com'],
      ['s3:GetObject', 'dynamodb.amazonaws.com'],
    ])
  })

  test('a queue that lets the topic in needs nothing of the caller (GRD-53)', async () => {
    const subscribe = (queue: string) =>
      go(
        sns({ Action: 'Subscribe', TopicArn: arn('sns', 't'), Protocol: 'sqs', Endpoint: arn('sqs', queue) }),
      )
    await server.allow('user', allowing({ action: 'sns:Subscribe' }))
    assert.equal((await subscribe('open')).status, 200)
    const { status, body } = await subscribe('closed')
    assert.equal(status, 403)
    assert.match(body, /sqs:SendMessage on resource/i)
    await server.allow(
      'user',
      allowing({ action: 'sns:Subscribe' }, { action: 'sqs:SendMessage', resource: arn('sqs', 'closed') }),
    )
    assert.equal((await subscribe('closed')).status, 200)
  })

  test('what acts on other services is refused, unless who starts the guard says otherwise (GRD-55)', async () => {
    const make = stacks({ Action: 'CreateStack', StackName: 's' })
    const { status, body } = await go(make, server.admin)
    assert.equal(status, 403)
    assert.match(body, /The template of the call cannot be read. Omen refuses what it cannot decide on/)
    const others = await go(stacks({ Action: 'CreateStackSet', StackSetName: 's' }), server.admin)
    assert.match(
      others.body,
      /AWS CloudFormation acts on other services here, with permissions that are not asked for/,
    )
    assert.deepEqual(forwarded, [])
    const [undecided] = server.omen.omen.passage === undefined ? [] : await undecidables(server)
    assert.match(undecided?.because ?? '', /--allow-unchecked cloudformation lets it$/)
    const open = await guardServer({ upstream: { url: upstream.url, unchecked: ['cloudformation'] } })
    try {
      const { scope, ...sent } = make
      assert.equal(
        (await send(open.omen.endpoint, { ...sent, method: 'POST', service: scope, as: open.admin })).status,
        200,
      )
    } finally {
      await open.close()
    }
  })
})

async function undecidables({ omen, admin }: GuardServer) {
  const { body } = await send(omen.endpoint, { path: '/_omen/undecidable', service: 'omen', as: admin })
  return (JSON.parse(body) as { readonly operations: readonly { readonly because: string }[] }).operations
}
