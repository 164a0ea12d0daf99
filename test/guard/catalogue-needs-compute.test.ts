import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { requestsOf, type Sent, unknownOf } from './asked.ts'
import { askedTests, type Calls } from './asked-tests.ts'
import {
  build,
  ecr,
  ecs,
  events,
  execution,
  glue,
  key,
  logs,
  machine,
  rest,
  stacks,
  states,
} from './calls.ts'

const rows: Calls = {
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
      [
        'scheduler:DeleteScheduleGroup scheduler:schedule-group/g',
        'scheduler:DeleteSchedule scheduler:schedule/g/*',
      ],
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

askedTests(rows)

describe('a definition of an API', () => {
  const role = 'arn:aws:iam::111122223333:role/r'
  const passed = (sent: Sent) =>
    requestsOf(sent)
      .filter(({ action }) => action === 'iam:PassRole')
      .map(({ resource }) => resource.split(':').at(-1))
  const rest1 = (line: string, body: string) => passed({ ...rest('apigateway', line), body })
  const http = (body: string) =>
    passed({ ...rest('apigateway', 'PUT /v2/apis'), body: JSON.stringify({ body }) })
  const json = (members: object) => JSON.stringify({ paths: { '/x': { get: { integration: members } } } })

  test('hands on the roles of its integrations and authorizers (GRD-586)', () => {
    const both = json({ credentials: role, authorizerCredentials: `${role}2` })
    assert.deepEqual(rest1('POST /restapis?mode=import', both).sort(), ['role/r', 'role/r2'])
    assert.deepEqual(rest1('PUT /restapis/a', json({ credentials: role })), ['role/r'])
    assert.deepEqual(http(json({ credentials: role })), ['role/r'])
    assert.deepEqual(http(json({ credentials: 'arn:aws:iam::*:user/*' })), [])
    assert.deepEqual(http(json({ credentials: 'a text', 'Access-Control-Allow-Credentials': 'arn:x' })), [])
    const twice = `{"credentials":"${role}","credentials":""}`
    assert.match(unknownOf({ ...rest('apigateway', 'PUT /restapis/a'), body: twice }), /names a member twice/)
  })

  test('in YAML hands on any role if it is not read plainly (GRD-586)', () => {
    for (const [yaml, roles] of [
      [`x:\n  credentials: ${role}\n`, ['role/r']],
      [`x: {authorizerCredentials: "${role}"}`, ['role/r']],
      [`x: {'credentials': '${role}'}\nh: {Access-Control-Allow-Credentials: "'true'"}`, ['role/r']],
      ['x: {credentials: "arn:aws:iam::*:user/*"}', []],
      [`r: &r ${role}\nx:\n  credentials: *r\n`, ['role/*']],
      [`? credentials\n: ${role}\n`, ['role/r']],
      [`x: {"\\x63redentials": "${role}"}`, ['role/*']],
      [`k: &k credentials\nx:\n  *k : ${role}\n`, ['role/*']],
      ['openapi: 3.0.1\ninfo: {description: no credentials here}', []],
    ] as const)
      assert.deepEqual(http(yaml), roles, yaml)
  })
})
