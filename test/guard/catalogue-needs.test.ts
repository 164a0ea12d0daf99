import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { asked, form, json, type Sent } from './asked.ts'

const ddb = (name: string, input: object) => json('dynamodb', `DynamoDB_20120810.${name}`, input)
const kms = (name: string, input: object) => json('kms', `TrentService.${name}`, input)
const secrets = (name: string, input: object) => json('secretsmanager', `secretsmanager.${name}`, input)
const ssm = (name: string, input: object) => json('ssm', `AmazonSSM.${name}`, input)
const sqs = (name: string, input: object) => json('sqs', `AmazonSQS.${name}`, input)
const ecs = (name: string, input: object) => json('ecs', `AmazonEC2ContainerServiceV20141113.${name}`, input)
const events = (name: string, input: object) => json('events', `AWSEvents.${name}`, input)
const logs = (name: string, input: object) => json('logs', `Logs_20140328.${name}`, input)
const states = (name: string, input: object) => json('states', `AWSStepFunctions.${name}`, input)
const glue = (name: string, input: object) => json('glue', `AWSGlue.${name}`, input)
const build = (name: string, input: object) => json('codebuild', `CodeBuild_20161006.${name}`, input)
const ecr = (name: string, input: object) =>
  json('ecr', `AmazonEC2ContainerRegistry_V20150921.${name}`, input)
const sns = (fields: Readonly<Record<string, string>>) => form('sns', { Version: '2010-03-31', ...fields })
const stacks = (fields: Readonly<Record<string, string>>) =>
  form('cloudformation', { Version: '2010-05-15', ...fields })
const rest = (scope: string, line: string, body: object = {}): Sent => ({
  scope,
  line,
  body: JSON.stringify(body),
})

const queue = 'http://localhost:4566/444455556666/q'
const key = '1234abcd-12ab-34cd-56ef-1234567890ab'
const topic = 'arn:aws:sns:eu-west-1:111122223333:t'
const machine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:m'
const execution = 'arn:aws:states:eu-west-1:111122223333:execution:m:e'

const rows: Readonly<Record<string, readonly (readonly [name: string, Sent, readonly string[]])[]>> = {
  SQS: [
    [
      'SendMessage',
      sqs('SendMessage', { QueueUrl: queue }),
      ['sqs:SendMessage arn:aws:sqs:eu-west-1:444455556666:q'],
    ],
    ['SendMessageBatch', sqs('SendMessageBatch', { QueueUrl: '/111122223333/q' }), ['sqs:SendMessage sqs:q']],
    ['ReceiveMessage', sqs('ReceiveMessage', { QueueUrl: '/111122223333/q/' }), ['sqs:ReceiveMessage sqs:q']],
    ['CreateQueue', sqs('CreateQueue', { QueueName: 'q' }), ['sqs:CreateQueue sqs:q']],
    [
      'CreateQueue with tags',
      sqs('CreateQueue', { QueueName: 'q', tags: { a: '1' } }),
      ['sqs:CreateQueue sqs:q', 'sqs:TagQueue sqs:q'],
    ],
    ['GetQueueUrl', sqs('GetQueueUrl', { QueueName: 'q' }), ['sqs:GetQueueUrl sqs:q']],
    ['ListQueues', sqs('ListQueues', {}), ['sqs:ListQueues *']],
    [
      'SendMessage in its old form',
      { ...form('sqs', { Action: 'SendMessage', Version: '2012-11-05' }), line: 'POST /111122223333/q' },
      ['sqs:SendMessage sqs:q'],
    ],
  ],
  SNS: [
    ['Publish', sns({ Action: 'Publish', TopicArn: topic }), ['sns:Publish sns:t']],
    ['Publish to a telephone', sns({ Action: 'Publish', PhoneNumber: '+1' }), ['sns:Publish *']],
    ['PublishBatch', sns({ Action: 'PublishBatch', TopicArn: topic }), ['sns:Publish sns:t']],
    ['CreateTopic', sns({ Action: 'CreateTopic', Name: 't' }), ['sns:CreateTopic sns:t']],
    ['Subscribe', sns({ Action: 'Subscribe', TopicArn: topic }), ['sns:Subscribe sns:t']],
    [
      'Unsubscribe',
      sns({ Action: 'Unsubscribe', SubscriptionArn: `${topic}:${key}` }),
      ['sns:Unsubscribe sns:t'],
    ],
  ],
  DynamoDB: [
    ['GetItem', ddb('GetItem', { TableName: 't' }), ['dynamodb:GetItem dynamodb:table/t']],
    [
      'GetItem by ARN',
      ddb('GetItem', { TableName: 'arn:aws:dynamodb:eu-west-1:444455556666:table/t' }),
      ['dynamodb:GetItem arn:aws:dynamodb:eu-west-1:444455556666:table/t'],
    ],
    ['Query', ddb('Query', { TableName: 't' }), ['dynamodb:Query dynamodb:table/t']],
    [
      'Query an index',
      ddb('Query', { TableName: 't', IndexName: 'i' }),
      ['dynamodb:Query dynamodb:table/t/index/i'],
    ],
    ['CreateTable', ddb('CreateTable', { TableName: 't' }), ['dynamodb:CreateTable dynamodb:table/t']],
    ['ListTables', ddb('ListTables', {}), ['dynamodb:ListTables *']],
    [
      'BatchGetItem',
      ddb('BatchGetItem', { RequestItems: { t: { Keys: [] }, u: { Keys: [] } } }),
      ['dynamodb:BatchGetItem dynamodb:table/t', 'dynamodb:BatchGetItem dynamodb:table/u'],
    ],
    [
      'BatchWriteItem',
      ddb('BatchWriteItem', { RequestItems: { t: [{ PutRequest: { Item: {} } }] } }),
      ['dynamodb:BatchWriteItem dynamodb:table/t'],
    ],
    [
      'TransactWriteItems',
      ddb('TransactWriteItems', {
        TransactItems: [
          { Put: { TableName: 't' } },
          { Put: { TableName: 't' } },
          { ConditionCheck: { TableName: 'u' } },
        ],
      }),
      ['dynamodb:PutItem dynamodb:table/t', 'dynamodb:ConditionCheckItem dynamodb:table/u'],
    ],
    [
      'TransactGetItems',
      ddb('TransactGetItems', { TransactItems: [{ Get: { TableName: 't' } }] }),
      ['dynamodb:GetItem dynamodb:table/t'],
    ],
    [
      'ExecuteStatement',
      ddb('ExecuteStatement', { Statement: `SELECT 'x FROM "a"', "b FROM c" FROM "t"."i" WHERE a = 1` }),
      ['dynamodb:PartiQLSelect dynamodb:table/t/index/i'],
    ],
    [
      'BatchExecuteStatement',
      ddb('BatchExecuteStatement', {
        Statements: [{ Statement: 'delete from t where a=1' }, { Statement: "INSERT INTO u VALUE {'a':1}" }],
      }),
      ['dynamodb:PartiQLInsert dynamodb:table/u', 'dynamodb:PartiQLDelete dynamodb:table/t'],
    ],
  ],
  KMS: [
    ['Encrypt', kms('Encrypt', { KeyId: key }), [`kms:Encrypt kms:key/${key}`]],
    ['Encrypt by alias', kms('Encrypt', { KeyId: 'alias/a' }), ['kms:Encrypt kms:alias/a']],
    [
      'Encrypt by ARN',
      kms('Encrypt', { KeyId: `arn:aws:kms:eu-west-1:444455556666:key/${key}` }),
      [`kms:Encrypt arn:aws:kms:eu-west-1:444455556666:key/${key}`],
    ],
    [
      'Decrypt',
      kms('Decrypt', { CiphertextBlob: Buffer.from(`${key}rest`).toString('base64') }),
      [`kms:Decrypt kms:key/${key}`],
    ],
    ['Decrypt anything', kms('Decrypt', { CiphertextBlob: 'AQIC' }), ['kms:Decrypt kms:key/*']],
    [
      'ReEncrypt',
      kms('ReEncrypt', { SourceKeyId: key, DestinationKeyId: 'alias/b' }),
      [`kms:ReEncryptFrom kms:key/${key}`, 'kms:ReEncryptTo kms:alias/b'],
    ],
    [
      'CreateAlias',
      kms('CreateAlias', { AliasName: 'alias/a', TargetKeyId: key }),
      ['kms:CreateAlias kms:alias/a', `kms:CreateAlias kms:key/${key}`],
    ],
    ['CreateKey', kms('CreateKey', {}), ['kms:CreateKey *']],
    [
      'ScheduleKeyDeletion',
      kms('ScheduleKeyDeletion', { KeyId: key }),
      [`kms:ScheduleKeyDeletion kms:key/${key}`],
    ],
  ],
  'Secrets Manager': [
    [
      'GetSecretValue',
      secrets('GetSecretValue', { SecretId: 'a/b' }),
      ['secretsmanager:GetSecretValue secretsmanager:secret:a/b-??????'],
    ],
    [
      'GetSecretValue by ARN',
      secrets('GetSecretValue', {
        SecretId: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf',
      }),
      ['secretsmanager:GetSecretValue secretsmanager:secret:a-AbCdEf'],
    ],
    [
      'CreateSecret',
      secrets('CreateSecret', { Name: 'a' }),
      ['secretsmanager:CreateSecret secretsmanager:secret:a-??????'],
    ],
    ['ListSecrets', secrets('ListSecrets', {}), ['secretsmanager:ListSecrets *']],
  ],
  SSM: [
    ['GetParameter', ssm('GetParameter', { Name: '/a/b:3' }), ['ssm:GetParameter ssm:parameter/a/b']],
    [
      'GetParameters',
      ssm('GetParameters', { Names: ['a', '/b'] }),
      ['ssm:GetParameters ssm:parameter/a', 'ssm:GetParameters ssm:parameter/b'],
    ],
    [
      'GetParametersByPath',
      ssm('GetParametersByPath', { Path: '/a/b/' }),
      ['ssm:GetParametersByPath ssm:parameter/a/b'],
    ],
    ['PutParameter', ssm('PutParameter', { Name: '/a' }), ['ssm:PutParameter ssm:parameter/a']],
    ['DeleteParameter', ssm('DeleteParameter', { Name: 'a' }), ['ssm:DeleteParameter ssm:parameter/a']],
    ['DescribeParameters', ssm('DescribeParameters', {}), ['ssm:DescribeParameters *']],
    ['GetDocument', ssm('GetDocument', { Name: 'd' }), ['ssm:GetDocument ssm:document/d']],
    [
      'AddTagsToResource',
      ssm('AddTagsToResource', { ResourceType: 'Parameter', ResourceId: '/a', Tags: [] }),
      ['ssm:AddTagsToResource ssm:parameter/a'],
    ],
  ],
  Lambda: [
    [
      'Invoke',
      rest('lambda', 'POST /2015-03-31/functions/f/invocations'),
      ['lambda:InvokeFunction lambda:function:f'],
    ],
    [
      'Invoke an alias',
      rest('lambda', 'POST /2015-03-31/functions/f/invocations?Qualifier=v'),
      ['lambda:InvokeFunction lambda:function:f:v'],
    ],
    [
      'Invoke by ARN',
      rest(
        'lambda',
        `POST /2015-03-31/functions/${encodeURIComponent('arn:aws:lambda:eu-west-1:444455556666:function:f:v')}/invocations`,
      ),
      ['lambda:InvokeFunction arn:aws:lambda:eu-west-1:444455556666:function:f:v'],
    ],
    [
      'CreateFunction',
      rest('lambda', 'POST /2015-03-31/functions', {
        FunctionName: 'f',
        Role: 'arn:aws:iam::111122223333:role/r',
      }),
      ['lambda:CreateFunction lambda:function:f', 'iam:PassRole iam:role/r'],
    ],
    ['GetFunction', rest('lambda', 'GET /2015-03-31/functions/f'), ['lambda:GetFunction lambda:function:f']],
    [
      'DeleteFunction',
      rest('lambda', 'DELETE /2015-03-31/functions/f'),
      ['lambda:DeleteFunction lambda:function:f'],
    ],
    ['ListFunctions', rest('lambda', 'GET /2015-03-31/functions'), ['lambda:ListFunctions *']],
  ],
  ECS: [
    [
      'CreateService',
      ecs('CreateService', { serviceName: 's' }),
      ['ecs:CreateService ecs:service/default/s'],
    ],
    [
      'UpdateService',
      ecs('UpdateService', { cluster: 'arn:aws:ecs:eu-west-1:111122223333:cluster/c', service: 's' }),
      ['ecs:UpdateService ecs:service/c/s'],
    ],
    ['RunTask', ecs('RunTask', { taskDefinition: 'f' }), ['ecs:RunTask ecs:task-definition/f:*']],
    [
      'RunTask of a revision',
      ecs('RunTask', { taskDefinition: 'f:3' }),
      ['ecs:RunTask ecs:task-definition/f:3'],
    ],
    [
      'RegisterTaskDefinition',
      ecs('RegisterTaskDefinition', { family: 'f', executionRoleArn: 'arn:aws:iam::111122223333:role/r' }),
      ['ecs:RegisterTaskDefinition ecs:task-definition/f:*', 'iam:PassRole iam:role/r'],
    ],
    ['StopTask', ecs('StopTask', { cluster: 'c', task: 't' }), ['ecs:StopTask ecs:task/c/t']],
    [
      'DescribeClusters',
      ecs('DescribeClusters', { clusters: ['c'] }),
      ['ecs:DescribeClusters ecs:cluster/c'],
    ],
    ['ListClusters', ecs('ListClusters', {}), ['ecs:ListClusters *']],
  ],
  'Step Functions': [
    [
      'StartExecution',
      states('StartExecution', { stateMachineArn: machine }),
      ['states:StartExecution states:stateMachine:m'],
    ],
    [
      'DescribeExecution',
      states('DescribeExecution', { executionArn: execution }),
      ['states:DescribeExecution states:execution:m:e'],
    ],
    [
      'StopExecution',
      states('StopExecution', { executionArn: execution }),
      ['states:StopExecution states:execution:m:e'],
    ],
    [
      'ListExecutions',
      states('ListExecutions', { stateMachineArn: machine }),
      ['states:ListExecutions states:stateMachine:m'],
    ],
    [
      'CreateStateMachine',
      states('CreateStateMachine', { name: 'm', roleArn: 'arn:aws:iam::111122223333:role/r' }),
      ['states:CreateStateMachine states:stateMachine:m', 'iam:PassRole iam:role/r'],
    ],
    ['ListStateMachines', states('ListStateMachines', {}), ['states:ListStateMachines *']],
  ],
  EventBridge: [
    [
      'PutEvents',
      events('PutEvents', { Entries: [{ Source: 'a' }, { Source: 'b', EventBusName: 'x' }] }),
      ['events:PutEvents events:event-bus/default', 'events:PutEvents events:event-bus/x'],
    ],
    ['PutRule', events('PutRule', { Name: 'r' }), ['events:PutRule events:rule/r']],
    [
      'PutRule of a bus',
      events('PutRule', { Name: 'r', EventBusName: 'x' }),
      ['events:PutRule events:rule/x/r'],
    ],
    ['PutTargets', events('PutTargets', { Rule: 'r', Targets: [] }), ['events:PutTargets events:rule/r']],
    ['CreateEventBus', events('CreateEventBus', { Name: 'x' }), ['events:CreateEventBus events:event-bus/x']],
  ],
  Scheduler: [
    [
      'CreateSchedule',
      rest('scheduler', 'POST /schedules/s', { Target: { RoleArn: 'arn:aws:iam::111122223333:role/r' } }),
      ['scheduler:CreateSchedule scheduler:schedule/default/s', 'iam:PassRole iam:role/r'],
    ],
    [
      'GetSchedule',
      rest('scheduler', 'GET /schedules/s?groupName=g'),
      ['scheduler:GetSchedule scheduler:schedule/g/s'],
    ],
    [
      'DeleteScheduleGroup',
      rest('scheduler', 'DELETE /schedule-groups/g'),
      ['scheduler:DeleteScheduleGroup scheduler:schedule-group/g'],
    ],
  ],
  CloudFormation: [
    [
      'CreateStack',
      stacks({ Action: 'CreateStack', StackName: 's' }),
      ['cloudformation:CreateStack cloudformation:stack/s/*'],
    ],
    [
      'DeleteStack by ARN',
      stacks({
        Action: 'DeleteStack',
        StackName: `arn:aws:cloudformation:eu-west-1:111122223333:stack/s/${key}`,
      }),
      [`cloudformation:DeleteStack cloudformation:stack/s/${key}`],
    ],
    ['DescribeStacks', stacks({ Action: 'DescribeStacks' }), ['cloudformation:DescribeStacks *']],
    ['ValidateTemplate', stacks({ Action: 'ValidateTemplate' }), ['cloudformation:ValidateTemplate *']],
    [
      'UpdateStack with a role',
      stacks({ Action: 'UpdateStack', StackName: 's', RoleARN: 'arn:aws:iam::111122223333:role/r' }),
      ['cloudformation:UpdateStack cloudformation:stack/s/*', 'iam:PassRole iam:role/r'],
    ],
  ],
  Glue: [
    [
      'GetTable',
      glue('GetTable', { DatabaseName: 'd', Name: 't' }),
      ['glue:GetTable glue:database/d', 'glue:GetTable glue:catalog', 'glue:GetTable glue:table/d/t'],
    ],
    [
      'GetDatabase of another catalog',
      glue('GetDatabase', { CatalogId: '444455556666', Name: 'd' }),
      [
        'glue:GetDatabase arn:aws:glue:eu-west-1:444455556666:database/d',
        'glue:GetDatabase arn:aws:glue:eu-west-1:444455556666:catalog',
      ],
    ],
    [
      'CreateJob',
      glue('CreateJob', { Name: 'j', Role: 'r' }),
      ['glue:CreateJob glue:job/j', 'iam:PassRole iam:role/r'],
    ],
    ['StartJobRun', glue('StartJobRun', { JobName: 'j' }), ['glue:StartJobRun glue:job/j']],
  ],
  CodeBuild: [
    ['StartBuild', build('StartBuild', { projectName: 'p' }), ['codebuild:StartBuild codebuild:project/p']],
    [
      'BatchGetBuilds',
      build('BatchGetBuilds', { ids: [`p:${key}`] }),
      ['codebuild:BatchGetBuilds codebuild:project/p'],
    ],
    [
      'CreateProject',
      build('CreateProject', { name: 'p', serviceRole: 'arn:aws:iam::111122223333:role/r' }),
      ['codebuild:CreateProject codebuild:project/p', 'iam:PassRole iam:role/r'],
    ],
    ['ListProjects', build('ListProjects', {}), ['codebuild:ListProjects *']],
  ],
  'CloudWatch Logs': [
    [
      'CreateLogGroup',
      logs('CreateLogGroup', { logGroupName: '/a' }),
      ['logs:CreateLogGroup logs:log-group:/a:log-stream:'],
    ],
    [
      'PutLogEvents',
      logs('PutLogEvents', { logGroupName: '/a', logStreamName: 's' }),
      ['logs:PutLogEvents logs:log-group:/a:log-stream:s'],
    ],
    [
      'FilterLogEvents by ARN',
      logs('FilterLogEvents', { logGroupIdentifier: 'arn:aws:logs:eu-west-1:111122223333:log-group:/a' }),
      ['logs:FilterLogEvents logs:log-group:/a:log-stream:'],
    ],
    [
      'DescribeLogGroups',
      logs('DescribeLogGroups', {}),
      ['logs:DescribeLogGroups logs:log-group::log-stream:'],
    ],
  ],
  ECR: [
    [
      'CreateRepository',
      ecr('CreateRepository', { repositoryName: 'a/b' }),
      ['ecr:CreateRepository ecr:repository/a/b'],
    ],
    [
      'BatchGetImage of another registry',
      ecr('BatchGetImage', { repositoryName: 'a', registryId: '444455556666' }),
      ['ecr:BatchGetImage arn:aws:ecr:eu-west-1:444455556666:repository/a'],
    ],
    ['GetAuthorizationToken', ecr('GetAuthorizationToken', {}), ['ecr:GetAuthorizationToken *']],
  ],
  'API Gateway': [
    ['GetRestApi', rest('apigateway', 'GET /restapis/a'), ['apigateway:GET apigateway:/restapis/a']],
    [
      'CreateStage',
      rest('apigateway', 'POST /restapis/a/stages'),
      ['apigateway:POST apigateway:/restapis/a/stages'],
    ],
    [
      'PutMethod',
      rest('apigateway', 'PUT /restapis/a/resources/r/methods/GET'),
      ['apigateway:PUT apigateway:/restapis/a/resources/r/methods/GET'],
    ],
    ['GetApi', rest('apigateway', 'GET /v2/apis/a'), ['apigateway:GET apigateway:/apis/a']],
  ],
}

for (const [service, calls] of Object.entries(rows)) {
  suite(`what ${service} asks (behaviours GRD-10 to GRD-12)`, () => {
    for (const [name, sent, expected] of calls) {
      test(name, () => assert.deepEqual(asked(sent), expected))
    }
  })
}
