import { type Allowed, account } from './house.ts'

/** A call, and all that it needs, as AWS's service authorization reference has it. */
export interface Case {
  readonly client: string
  readonly method: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly needs: readonly (Allowed & { readonly resource: string })[]
  /** The code of a denial; left out, AccessDeniedException. */
  readonly denied?: string
}

/** An ARN of the region and account that the tests are in. */
export const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`

/** The role handed over, to one service only. */
export const passing = (role: string, service: string) => ({
  action: 'iam:PassRole',
  resource: `arn:aws:iam::${account}:role/${role}`,
  condition: { StringEquals: { 'iam:PassedToService': service } },
})
export const roleArn = (role: string) => `arn:aws:iam::${account}:role/${role}`

/** What was made before, by name. */
export interface Made {
  readonly queueUrl: string
  readonly topic: string
  readonly keyId: string
  readonly secret: string
  readonly api: string
}

/** Every call that is tried. */
export function casesOf({ queueUrl, topic, keyId, secret, api }: Made): readonly Case[] {
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
