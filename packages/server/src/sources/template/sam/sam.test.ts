import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonNode } from '@omen-iam/policy'
import { resolveTemplates } from '../../index.ts'

const text = `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Tracing: Active, PermissionsBoundary: 'arn:aws:iam::111122223333:policy/limits' } }
Parameters: { On: { Type: String, Default: 'no' } }
Conditions: { IsOn: !Equals [!Ref On, 'yes'] }
Resources:
  Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: jobs } }
  Orders: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: orders } }
  Work:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: work
      VpcConfig: { SubnetIds: [s] }
      Policies:
        - AWSLambdaExecute
        - arn:aws:iam::111122223333:policy/own
        - SQSPollerPolicy: { QueueName: !GetAtt Jobs.QueueName }
        - DynamoDBCrudPolicy: { TableName: !Ref Orders }
        - !If [IsOn, { S3ReadPolicy: { BucketName: b } }, !Ref 'AWS::NoValue']
        - Statement: [{ Effect: Allow, Action: 'ses:*', Resource: '*' }]
      Events:
        Jobs: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } }
        Web: { Type: Api, Properties: { Path: /, Method: get } }
        Nightly: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day) } }
  Own: { Type: AWS::Serverless::Function, Properties: { Role: !GetAtt WorkRole.Arn } }
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties: { Policies: [LambdaInvokePolicy: { FunctionName: !Ref Work }] }
Outputs: { Api: { Value: !Ref ServerlessRestApi } }
`

function plain(node: JsonNode | undefined): unknown {
  if (node?.type === 'list') return node.items.map(plain)
  if (node?.type === 'object')
    return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plain(value)]))
  return node?.value
}

test('TPL-6 functions and state machines get roles with the policies that their templates name', () => {
  const { resources, problems } = resolveTemplates([{ file: 'sam.yaml', text }], { account: '111122223333' })
  assert.deepEqual(problems, [])
  const properties = (id: string) =>
    plain(resources.find(({ logicalId }) => logicalId === id)?.properties) as Record<string, unknown>
  assert.deepEqual(
    resources.map(({ logicalId, type }) => `${logicalId} ${type.replace('AWS::', '')}`),
    [
      'Jobs SQS::Queue',
      'Orders DynamoDB::Table',
      'Work Lambda::Function',
      'WorkRole IAM::Role',
      'WorkWebPermission Lambda::Permission',
      'WorkNightlyRole IAM::Role',
      'Own Lambda::Function',
      'Flow StepFunctions::StateMachine',
      'FlowRole IAM::Role',
      'ServerlessRestApi ApiGateway::RestApi',
    ],
  )
  const role = properties('WorkRole')
  assert.deepEqual(role.ManagedPolicyArns, [
    'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess',
    'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole',
    'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole',
    'arn:aws:iam::aws:policy/AWSLambdaExecute',
    'arn:aws:iam::111122223333:policy/own',
  ])
  assert.equal(role.PermissionsBoundary, 'arn:aws:iam::111122223333:policy/limits')
  const policies = role.Policies as {
    PolicyName: string
    PolicyDocument: { Statement: { Action: string[]; Resource: string[] }[] }
  }[]
  assert.deepEqual(
    policies.map(({ PolicyName, PolicyDocument: { Statement } }) => [
      PolicyName,
      Statement[0]?.Action.length,
      Statement[0]?.Resource,
    ]),
    [
      ['WorkRolePolicy2', 6, ['arn:aws:sqs:us-east-1:111122223333:jobs']],
      [
        'WorkRolePolicy3',
        10,
        [
          'arn:aws:dynamodb:us-east-1:111122223333:table/orders',
          'arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/*',
        ],
      ],
      ['WorkRolePolicy5', 5, '*'],
    ],
  )
  assert.equal(properties('Own').Role, properties('Work').Role)
  const flow = properties('FlowRole').Policies as typeof policies
  assert.deepEqual(flow[0]?.PolicyDocument.Statement[0], {
    Effect: 'Allow',
    Action: ['lambda:InvokeFunction'],
    Resource: ['arn:aws:lambda:us-east-1:111122223333:function:work*'],
  })
  const { place, node } = resources.find(({ logicalId }) => logicalId === 'WorkRole') ?? assert.fail()
  assert.equal(place(node).line, 10, 'what SAM makes is at the place of what it is made of')
})

test('a state machine without Role and Policies gets a role (TPL-6)', () => {
  const machine = { Type: 'AWS::Serverless::StateMachine', Properties: { Definition: {} } }
  const template = { Transform: 'AWS::Serverless-2016-10-31', Resources: { Flow: machine } }
  const { resources, problems } = resolveTemplates([{ file: 't.json', text: JSON.stringify(template) }], {})
  assert.deepEqual(problems, [])
  assert.deepEqual(
    resources.map(({ logicalId, type }) => `${logicalId} ${type}`),
    ['Flow AWS::StepFunctions::StateMachine', 'FlowRole AWS::IAM::Role'],
  )
})

test('ids that SAM generates are known, as far as the template refers to them (TPL-42)', () => {
  const code = { Handler: 'a.b', Runtime: 'nodejs20.x', CodeUri: '.' }
  const types = (more: object, resources: object, refers: string) => {
    const F = { Type: 'AWS::Serverless::Function', Properties: { ...code, ...more } }
    const Q = { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: refers } } }
    const template = { Transform: 'AWS::Serverless-2016-10-31', Resources: { F, ...resources, Q } }
    const { problems, resources: made } = resolveTemplates([
      { file: 't.json', text: JSON.stringify(template) },
    ])
    assert.deepEqual(problems, [], refers)
    return made.find(({ logicalId }) => logicalId === refers)?.type
  }
  const api = (StageName?: string) => ({ A: { Type: 'AWS::Serverless::Api', Properties: { StageName } } })
  const http = (StageName?: string) => ({
    H: { Type: 'AWS::Serverless::HttpApi', Properties: { StageName } },
  })
  const event = (Type: string) => ({ Events: { E: { Type } } })
  assert.equal(types({ AutoPublishAlias: 'live' }, {}, 'FAliaslive'), 'AWS::Lambda::Alias')
  assert.equal(types({ FunctionUrlConfig: { AuthType: 'NONE' } }, {}, 'FUrl'), 'AWS::Lambda::Url')
  assert.equal(types({ FunctionUrlConfig: { AuthType: 'AWS_IAM' } }, {}, 'FUrl'), 'AWS::Lambda::Url')
  assert.equal(types({}, api('Prod'), 'AProdStage'), 'AWS::ApiGateway::Stage')
  assert.equal(types({}, http('v1'), 'Hv1Stage'), 'AWS::ApiGatewayV2::Stage')
  assert.equal(types({}, http(), 'HApiGatewayDefaultStage'), 'AWS::ApiGatewayV2::Stage')
  assert.equal(types(event('Api'), {}, 'ServerlessRestApiProdStage'), 'AWS::ApiGateway::Stage')
  assert.equal(types(event('Schedule'), {}, 'FE'), 'AWS::Events::Rule')
  assert.equal(types(event('SQS'), {}, 'FE'), 'AWS::Lambda::EventSourceMapping')
  const text = JSON.stringify({
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'FAliaslive' } } } },
  })
  assert.match(resolveTemplates([{ file: 't.json', text }]).problems[0]!.message, /FAliaslive/)
})

test('what SAM makes has its tag, beside those of the template (TPL-155)', () => {
  const written = `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Tags: { team: a, cost: '1' } } }
Resources:
  F: { Type: AWS::Serverless::Function, Properties: { Tags: { team: b } } }
  S: { Type: AWS::Serverless::StateMachine, Properties: {} }
`
  const { resources } = resolveTemplates([{ file: 'sam.yaml', text: written }])
  const tags = (id: string) =>
    (plain(resources.find(({ logicalId }) => logicalId === id)?.properties) as { Tags?: object }).Tags
  const ofFunction = [
    { Key: 'lambda:createdBy', Value: 'SAM' },
    { Key: 'cost', Value: '1' },
    { Key: 'team', Value: 'b' },
  ]
  assert.deepEqual(tags('F'), ofFunction)
  assert.deepEqual(tags('FRole'), ofFunction)
  assert.deepEqual(tags('S'), [{ Key: 'stateMachine:createdBy', Value: 'SAM' }])
  assert.deepEqual(tags('SRole'), tags('S'))
})

test('what a function has beside it is no part of it, and gets its own role and permissions (TPL-156)', () => {
  const written = `
Transform: AWS::Serverless-2016-10-31
Globals: { Api: { Auth: { UsagePlan: { CreateUsagePlan: PER_API } } } }
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: live
      DeploymentPreference: { Type: AllAtOnce, Alarms: [!Ref Alarm], Hooks: { PreTraffic: !Ref Hook } }
      FunctionUrlConfig: { AuthType: NONE }
      EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: SQS } } }
      Events:
        Mq: { Type: MQ, Properties: { Broker: b, SourceAccessConfigurations: [{ Type: BASIC_AUTH, URI: s }] } }
        At: { Type: ScheduleV2, Properties: { PermissionsBoundary: limit } }
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      DeploymentPreference: { Enabled: false, Role: !GetAtt F.Arn }
      Environment: { Variables: { NEXT: !Ref F.Version } }
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Name: !Sub '\${F}:live', Key: !Ref AApiKey } }
  A: { Type: AWS::Serverless::Api, Properties: { StageName: s, Auth: { ApiKeyRequired: true } } }
`
  const { resources, problems } = resolveTemplates([{ file: 'sam.yaml', text: written }])
  assert.deepEqual(problems, [])
  const made = new Map(
    resources.map(({ logicalId, properties }) => [logicalId, plain(properties) as Record<string, unknown>]),
  )
  for (const id of [
    'FUrlPublicPermissions',
    'FURLInvokeAllowPublicAccess',
    'ServerlessDeploymentApplication',
  ])
    assert.ok(made.has(id), id)
  assert.deepEqual(made.get('CodeDeployServiceRole')?.ManagedPolicyArns, [
    'arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda',
  ])
  assert.match(String(made.get('FDeploymentGroup')?.ServiceRoleArn), /CodeDeployServiceRole/)
  assert.ok(!made.has('HookDeploymentGroup'))
  const names = (made.get('FRole')!.Policies as { PolicyName: string }[]).map(({ PolicyName }) => PolicyName)
  assert.deepEqual(names, ['FEventInvokeConfigOnFailureSQSPolicy', 'SamAutoGeneratedAMQPolicy'])
  assert.equal(made.get('FAtRole')?.PermissionsBoundary, 'limit')
})

test('an API may invoke the functions that authorize its callers (GRD-628)', () => {
  const written = `
Transform: AWS::Serverless-2016-10-31
Resources:
  F: { Type: AWS::Serverless::Function, Properties: { FunctionName: f } }
  A:
    Type: AWS::Serverless::Api
    Properties:
      Auth:
        Authorizers:
          L: { FunctionArn: !GetAtt F.Arn }
          Off: { FunctionArn: !GetAtt F.Arn, DisableFunctionDefaultPermissions: true }
          C: { UserPoolArn: p }
  H:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        Authorizers:
          L: { FunctionArn: !GetAtt F.Arn }
          On: { FunctionArn: !GetAtt F.Arn, EnableFunctionDefaultPermissions: true }
`
  const { resources, problems } = resolveTemplates([{ file: 'a.yaml', text: written }], {
    account: '111122223333',
  })
  assert.deepEqual(problems, [])
  const permissions = resources.filter(({ type }) => type === 'AWS::Lambda::Permission')
  assert.deepEqual(
    permissions.map(({ logicalId }) => logicalId),
    ['ALAuthorizerPermission', 'HOnAuthorizerPermission'],
  )
  const implicit = `
Transform: AWS::Serverless-2016-10-31
Globals: { Api: { Auth: { Authorizers: { L: { FunctionArn: !GetAtt F.Arn } } } } }
Resources:
  F: { Type: AWS::Serverless::Function, Properties: { FunctionName: f, Events: { E: { Type: Api } } } }
`
  assert.deepEqual(
    resolveTemplates([{ file: 'a.yaml', text: implicit }])
      .resources.filter(({ type }) => type === 'AWS::Lambda::Permission')
      .map(({ logicalId }) => logicalId),
    ['FEPermission', 'ServerlessRestApiLAuthorizerPermission'],
  )
  const { Principal, SourceArn } = plain(permissions[0]?.properties) as Record<string, string>
  assert.equal(Principal, 'apigateway.amazonaws.com')
  assert.match(SourceArn ?? '', /^arn:aws:execute-api:us-east-1:111122223333:[^:]+\/authorizers\/\*$/)
})
