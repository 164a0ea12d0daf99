import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { needs, startMoto, type UpstreamServer } from '../support/index.ts'
import { answerOf, type BotoCall, type BotoResult, boto } from './boto3.ts'
import { type Allowed, account, allowing, type GuardHouse, guardHouse } from './house.ts'

/** A call, and all that it needs, as AWS's service authorization reference has it. */
interface Case {
  readonly client: string
  readonly method: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly needs: readonly (Allowed & { readonly resource: string })[]
  /** The code of a denial; left out, AccessDeniedException. */
  readonly denied?: string
}

const denials = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'UnauthorizedOperation',
])
const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`

/** The role handed over, to one service only. */
const passing = (role: string, service: string) => ({
  action: 'iam:PassRole',
  resource: `arn:aws:iam::${account}:role/${role}`,
  condition: { StringEquals: { 'iam:PassedToService': service } },
})
const roleArn = (role: string) => `arn:aws:iam::${account}:role/${role}`

suite('services behind the guard', needs('moto', 'boto3'), () => {
  let moto: UpstreamServer
  let house: GuardHouse
  let cases: readonly Case[]

  before(async () => {
    moto = await startMoto()
    house = await guardHouse({ upstream: moto, forward: ['lambda'] })
    for (const service of [
      'lambda',
      'ecs-tasks',
      'states',
      'events',
      'scheduler',
      'cloudformation',
      'glue',
      'codebuild',
    ])
      await house.role(`for-${service}`, `${service}.amazonaws.com`)
    const as = house.admin
    const table = (TableName: string) => ({
      client: 'dynamodb',
      method: 'create_table',
      params: {
        TableName,
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
      as,
    })
    const results = await boto(house.omen.endpoint, [
      { client: 's3', method: 'create_bucket', params: { Bucket: 'cases' }, as },
      { client: 's3', method: 'put_object', params: { Bucket: 'cases', Key: 'from', Body: 'b' }, as },
      { client: 'sqs', method: 'create_queue', params: { QueueName: 'cases' }, as },
      { client: 'sns', method: 'create_topic', params: { Name: 'cases' }, as },
      table('cases'),
      table('others'),
      { client: 'kms', method: 'create_key', as },
      { client: 'secretsmanager', method: 'create_secret', params: { Name: 'cases', SecretString: 'x' }, as },
      {
        client: 'ssm',
        method: 'put_parameter',
        params: { Name: '/cases/a', Value: 'v', Type: 'String' },
        as,
      },
      { client: 'logs', method: 'create_log_group', params: { logGroupName: 'cases' }, as },
      {
        client: 'events',
        method: 'put_rule',
        params: { Name: 'cases', ScheduleExpression: 'rate(1 day)' },
        as,
      },
      { client: 'apigateway', method: 'create_rest_api', params: { name: 'cases' }, as },
      { client: 'ecs', method: 'create_cluster', params: { clusterName: 'cases' }, as },
    ])
    const made = results.map(answerOf)
    const key = made[6]!.KeyMetadata as { KeyId: string }
    const aliased = { AliasName: 'alias/cases', TargetKeyId: key.KeyId }
    answerOf(
      (await boto(house.omen.endpoint, [{ client: 'kms', method: 'create_alias', params: aliased, as }]))[0],
    )
    cases = casesOf({
      queueUrl: String(made[2]!.QueueUrl),
      topic: String(made[3]!.TopicArn),
      keyId: key.KeyId,
      secret: String(made[7]!.ARN),
      api: String(made[11]!.id),
    })
  })
  after(async () => {
    await house?.close()
    await moto?.close()
  })

  test('each call is allowed by exactly what it needs, and denied without any of it', {
    timeout: 120_000,
  }, async () => {
    const calls: { readonly call: BotoCall; readonly case: Case; readonly without: string | undefined }[] = []
    for (const [number, each] of cases.entries()) {
      const ask = (as: ClientCredentials, without: string | undefined) => {
        const { client, method, params = {} } = each
        calls.push({ call: { client, method, params, as }, case: each, without })
      }
      for (const [part, missing] of each.needs.entries()) {
        const others = each.needs.map((need) => (need === missing ? elsewhere(need) : need))
        ask(await house.user(`case-${number}-${part}`, allowing(...others)), missing.action as string)
      }
      ask(await house.user(`case-${number}`, allowing(...each.needs)), undefined)
    }
    const results = await boto(
      house.omen.endpoint,
      calls.map(({ call }) => call),
    )
    const wrong = calls.flatMap(({ case: each, without }, index) => {
      const complaint = complain(each, without, results[index]!)
      return complaint === undefined
        ? []
        : [`${each.client}.${each.method}${without ? ` without ${without}` : ''}: ${complaint}`]
    })
    assert.deepEqual(wrong, [])
  })

  test('a role that does not trust the service cannot be handed to it (GRD-88)', async () => {
    const [result] = await boto(house.omen.endpoint, [
      {
        client: 'stepfunctions',
        method: 'create_state_machine',
        params: { name: 'untrusted', definition: '{}', roleArn: roleArn('for-glue') },
        as: house.admin,
      },
    ])
    assert.equal(result?.code, 'AccessDeniedException')
    assert.match(String(result?.message), /role\/for-glue cannot be assumed by states\.amazonaws\.com/)
  })

  test('events tell of the calls, in CloudTrail’s form (GRD-90 to GRD-96)', async () => {
    const [put] = await house.events('PutItem')
    assert.deepEqual(
      [put?.eventSource, put?.eventCategory, put?.managementEvent, put?.readOnly],
      ['dynamodb.amazonaws.com', 'Data', false, false],
    )
    const [get] = await house.events('GetSecretValue')
    assert.deepEqual(
      [get?.eventSource, get?.eventCategory, get?.readOnly],
      ['secretsmanager.amazonaws.com', 'Management', true],
    )
    assert.equal(JSON.stringify(await house.events('CreateSecret')).includes('"x"'), false)
    const [queue] = await house.events('CreateQueue')
    assert.deepEqual(queue?.requestParameters, { queueName: 'cases' })
    assert.deepEqual(queue?.resources, [
      { accountId: account, type: 'AWS::SQS::Queue', ARN: arn('sqs', 'cases') },
    ])
  })
})

/** The same permission on another resource. */
function elsewhere(need: Allowed & { readonly resource: string }): Allowed {
  return { ...need, resource: need.resource === '*' ? arn('none', 'none') : `${need.resource}-not` }
}

function complain(each: Case, without: string | undefined, result: BotoResult): string | undefined {
  const isDenied = result.code !== undefined && denials.has(result.code)
  if (without === undefined) return isDenied ? `${result.code} ${result.message}` : undefined
  if (!isDenied) return `was not denied: ${JSON.stringify(result)}`
  const expected = each.denied ?? 'AccessDeniedException'
  if (result.code !== expected) return `${result.code} rather than ${expected}`
  const says = result.message
    ?.toLowerCase()
    .includes(`is not authorized to perform: ${without.toLowerCase()} on resource`)
  return says ? undefined : result.message
}

interface Made {
  readonly queueUrl: string
  readonly topic: string
  readonly keyId: string
  readonly secret: string
  readonly api: string
}

function casesOf({ queueUrl, topic, keyId, secret, api }: Made): readonly Case[] {
  const s3 = 'arn:aws:s3:::cases'
  return [
    {
      client: 's3',
      method: 'put_object',
      params: { Bucket: 'cases', Key: 'a/b', Body: 'x' },
      needs: [{ action: 's3:PutObject', resource: `${s3}/a/b` }],
      denied: 'AccessDenied',
    },
    {
      client: 's3',
      method: 'list_objects_v2',
      params: { Bucket: 'cases', Prefix: 'a/' },
      needs: [{ action: 's3:ListBucket', resource: s3, condition: { StringLike: { 's3:prefix': 'a/*' } } }],
      denied: 'AccessDenied',
    },
    {
      client: 's3',
      method: 'copy_object',
      params: { Bucket: 'cases', Key: 'to', CopySource: { Bucket: 'cases', Key: 'from' } },
      needs: [
        { action: 's3:GetObject', resource: `${s3}/from` },
        { action: 's3:PutObject', resource: `${s3}/to` },
      ],
      denied: 'AccessDenied',
    },
    {
      client: 's3',
      method: 'delete_objects',
      params: { Bucket: 'cases', Delete: { Objects: [{ Key: 'x' }, { Key: 'y' }] } },
      needs: [
        { action: 's3:DeleteObject', resource: `${s3}/x` },
        { action: 's3:DeleteObject', resource: `${s3}/y` },
      ],
      denied: 'AccessDenied',
    },
    {
      client: 'sqs',
      method: 'send_message',
      params: { QueueUrl: queueUrl, MessageBody: 'm' },
      needs: [{ action: 'sqs:SendMessage', resource: arn('sqs', 'cases') }],
      denied: 'AccessDenied',
    },
    {
      client: 'sns',
      method: 'publish',
      params: { TopicArn: topic, Message: 'm' },
      needs: [{ action: 'sns:Publish', resource: topic }],
      denied: 'AuthorizationError',
    },
    {
      client: 'dynamodb',
      method: 'put_item',
      params: { TableName: 'cases', Item: { pk: { S: 'a' } } },
      needs: [
        {
          action: 'dynamodb:PutItem',
          resource: arn('dynamodb', 'table/cases'),
          condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } },
        },
      ],
    },
    {
      client: 'dynamodb',
      method: 'batch_get_item',
      params: {
        RequestItems: { cases: { Keys: [{ pk: { S: 'a' } }] }, others: { Keys: [{ pk: { S: 'a' } }] } },
      },
      needs: ['cases', 'others'].map((table) => ({
        action: 'dynamodb:BatchGetItem',
        resource: arn('dynamodb', `table/${table}`),
      })),
    },
    {
      client: 'kms',
      method: 'encrypt',
      params: { KeyId: 'alias/cases', Plaintext: 'x' },
      needs: [{ action: 'kms:Encrypt', resource: arn('kms', `key/${keyId}`) }],
    },
    {
      client: 'secretsmanager',
      method: 'get_secret_value',
      params: { SecretId: 'cases' },
      needs: [{ action: 'secretsmanager:GetSecretValue', resource: secret }],
    },
    {
      client: 'ssm',
      method: 'get_parameter',
      params: { Name: '/cases/a' },
      needs: [{ action: 'ssm:GetParameter', resource: arn('ssm', 'parameter/cases/a') }],
    },
    {
      client: 'lambda',
      method: 'create_function',
      params: {
        FunctionName: 'cases',
        Runtime: 'python3.12',
        Handler: 'a.b',
        Role: roleArn('for-lambda'),
        Code: { ZipFile: 'not a zip' },
      },
      needs: [
        { action: 'lambda:CreateFunction', resource: arn('lambda', 'function:cases') },
        passing('for-lambda', 'lambda.amazonaws.com'),
      ],
    },
    {
      client: 'lambda',
      method: 'invoke',
      params: { FunctionName: 'cases', Payload: '{}' },
      needs: [{ action: 'lambda:InvokeFunction', resource: arn('lambda', 'function:cases') }],
    },
    {
      client: 'ecs',
      method: 'register_task_definition',
      params: {
        family: 'cases',
        taskRoleArn: roleArn('for-ecs-tasks'),
        containerDefinitions: [{ name: 'a', image: 'b', memory: 64 }],
      },
      needs: [
        { action: 'ecs:RegisterTaskDefinition', resource: arn('ecs', 'task-definition/cases:*') },
        passing('for-ecs-tasks', 'ecs-tasks.amazonaws.com'),
      ],
    },
    {
      client: 'stepfunctions',
      method: 'create_state_machine',
      params: { name: 'cases', definition: '{}', roleArn: roleArn('for-states') },
      needs: [
        { action: 'states:CreateStateMachine', resource: arn('states', 'stateMachine:cases') },
        passing('for-states', 'states.amazonaws.com'),
      ],
    },
    {
      client: 'events',
      method: 'put_targets',
      params: { Rule: 'cases', Targets: [{ Id: 'a', Arn: topic, RoleArn: roleArn('for-events') }] },
      needs: [
        { action: 'events:PutTargets', resource: arn('events', 'rule/cases') },
        passing('for-events', 'events.amazonaws.com'),
      ],
    },
    {
      client: 'scheduler',
      method: 'create_schedule',
      params: {
        Name: 'cases',
        ScheduleExpression: 'rate(1 day)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: topic, RoleArn: roleArn('for-scheduler') },
      },
      needs: [
        { action: 'scheduler:CreateSchedule', resource: arn('scheduler', 'schedule/default/cases') },
        passing('for-scheduler', 'scheduler.amazonaws.com'),
      ],
    },
    {
      client: 'cloudformation',
      method: 'create_stack',
      params: {
        StackName: 'cases',
        TemplateBody: '{"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}',
        RoleARN: roleArn('for-cloudformation'),
      },
      needs: [
        { action: 'cloudformation:CreateStack', resource: arn('cloudformation', 'stack/cases/*') },
        passing('for-cloudformation', 'cloudformation.amazonaws.com'),
      ],
      denied: 'AccessDenied',
    },
    {
      client: 'glue',
      method: 'create_job',
      params: { Name: 'cases', Role: roleArn('for-glue'), Command: { Name: 'glueetl' } },
      needs: [
        { action: 'glue:CreateJob', resource: arn('glue', 'job/cases') },
        passing('for-glue', 'glue.amazonaws.com'),
      ],
    },
    {
      client: 'codebuild',
      method: 'create_project',
      params: {
        name: 'cases',
        source: { type: 'NO_SOURCE', buildspec: 'version: 0.2' },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: { type: 'LINUX_CONTAINER', image: 'i', computeType: 'BUILD_GENERAL1_SMALL' },
        serviceRole: roleArn('for-codebuild'),
      },
      needs: [
        { action: 'codebuild:CreateProject', resource: arn('codebuild', 'project/cases') },
        passing('for-codebuild', 'codebuild.amazonaws.com'),
      ],
    },
    {
      client: 'logs',
      method: 'create_log_stream',
      params: { logGroupName: 'cases', logStreamName: 's' },
      needs: [{ action: 'logs:CreateLogStream', resource: arn('logs', 'log-group:cases:log-stream:s') }],
    },
    {
      client: 'ecr',
      method: 'create_repository',
      params: { repositoryName: 'cases' },
      needs: [{ action: 'ecr:CreateRepository', resource: arn('ecr', 'repository/cases') }],
    },
    {
      client: 'apigateway',
      method: 'get_rest_api',
      params: { restApiId: api },
      needs: [{ action: 'apigateway:GET', resource: `arn:aws:apigateway:us-east-1::/restapis/${api}` }],
    },
  ]
}
