import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSource } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource } from './index.ts'
import { inventoryOfTemplates } from './inventory.ts'

const account = '210987654321'
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${account}:${rest}`
const role = `arn:aws:iam::${account}:role/worker`

/** The resources of a file: type, ARN and role. */
function resourcesOf(content: unknown) {
  return inventoryOf(content)
    .map((each) => [each.type, each.arn, each.role])
    .toSorted()
}

test('a template: what techniques ask for is there without a role too', () => {
  const streams = { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }
  const types = {
    'AWS::Batch::JobQueue': { JobQueueName: 'n' },
    'AWS::ECS::Cluster': { ClusterName: 'n' },
    'AWS::ElasticBeanstalk::Application': { ApplicationName: 'n' },
    'AWS::Kinesis::Stream': { Name: 'n' },
    'AWS::SQS::Queue': { QueueName: 'n' },
    'AWS::SNS::Topic': { TopicName: 'n' },
    'AWS::DynamoDB::Table': { TableName: 'n', ...streams },
  }
  const template = {
    Resources: {
      ...Object.fromEntries(
        Object.entries(types).map(([Type, Properties], index) => [`R${index}`, { Type, Properties }]),
      ),
      Quiet: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'quiet' } },
      Bare: { Type: 'AWS::EC2::Instance', Properties: {} },
    },
  }
  const found = resourcesOf(template)
  const [machine, table] = ['AWS::EC2::Instance', 'AWS::DynamoDB::Stream'].map((type) =>
    found.find((each) => each[0] === type),
  )
  assert.match(machine?.[1] ?? '', /:instance\/i-/)
  assert.match(table?.[1] ?? '', /:table\/n\/stream\/./)
  assert.deepEqual(
    found.filter((each) => each !== machine && each !== table),
    [
      ['AWS::Batch::JobQueue', arn('batch', 'job-queue/n'), undefined],
      ['AWS::ECS::Cluster', arn('ecs', 'cluster/n'), undefined],
      ['AWS::ElasticBeanstalk::Application', arn('elasticbeanstalk', 'application/n'), undefined],
      ['AWS::Kinesis::Stream', arn('kinesis', 'stream/n'), undefined],
      ['AWS::SQS::Queue', arn('sqs', 'n'), undefined],
    ],
  )
})

/** The resources of a file, with all members. */
function inventoryOf(content: unknown) {
  const text = JSON.stringify(content, null, 1)
  const root = parseSource(text, 'app.json')
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  const sources = [{ file: 'app.json', text, root }]
  const given = { account, region: 'eu-west-1', stack: 'app' }
  return inventoryOfTemplates(sources, imageOfTemplates(sources, given), given).resources
}

/** The members of the resources of a file that are neither their type nor their role. */
function membersOf(content: unknown) {
  return Object.fromEntries(
    inventoryOf(content).map(({ type: _, arn: own, role: __, ...more }) => [own.split(':').at(-1), more]),
  )
}

test('a template: tags, function URLs, code signing and batch builds', () => {
  const fn = (FunctionName: string, more: object = {}) => ({
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName, Role: role, ...more },
  })
  const Resources = {
    Pay: fn('pay', { Tags: [{ Key: 'team', Value: 'pay' }], CodeSigningConfigArn: 'arn:aws:lambda:x' }),
    Web: fn('web', { Tags: [{ Key: 'stage', Value: { 'Fn::ImportValue': 'elsewhere' } }] }),
    Url: {
      Type: 'AWS::Lambda::Url',
      Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['Web', 'Arn'] }, AuthType: 'AWS_IAM' },
    },
    Build: {
      Type: 'AWS::CodeBuild::Project',
      Properties: { Name: 'build', ServiceRole: role, BuildBatchConfig: { ServiceRole: role } },
    },
  }
  assert.deepEqual(membersOf({ Resources }), {
    pay: { tags: { team: 'pay' }, url: false, codeSigningConfig: 'arn:aws:lambda:x' },
    // a tag that nobody knows leaves all of them out
    web: { url: true, codeSigningConfig: false },
    'project/build': { batch: true, otherRoles: { 'BuildBatchConfig.ServiceRole': role } },
  })
})

test('the policies of resources', () => {
  const PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 's3:GetObject', Resource: '*' }],
  }
  const Resources = {
    Pay: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'pay', Role: role } },
    Open: {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: 'pay', Action: 'lambda:InvokeFunction', Principal: account },
    },
    Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Data' }, PolicyDocument } },
  }
  const statement = {
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    Principal: { AWS: account },
  }
  const { pay, data } = membersOf({ Resources })
  const [written] = JSON.parse(pay?.policy ?? '{}').Statement
  assert.deepEqual({ ...statement, ...written }, written)
  assert.deepEqual(JSON.parse(data?.policy ?? '{}'), PolicyDocument)
  const resources = [
    ['aws_lambda_function', { function_name: 'pay', role }],
    ['aws_s3_bucket_policy', { bucket: 'data', policy: JSON.stringify(PolicyDocument) }],
  ].map(([type, values], index) => ({ address: `${type}.r${index}`, mode: 'managed', type, values }))
  const plan = membersOf({ format_version: '1.2', planned_values: { root_module: { resources } } })
  assert.deepEqual([plan.pay?.policy, JSON.parse(plan.data?.policy ?? '{}')], [undefined, PolicyDocument])
})

test('a plan of Terraform: tags with those of the provider, function URLs and code signing', () => {
  const resources = [
    [
      'aws_lambda_function',
      { function_name: 'pay', role, tags: { team: 'x' }, tags_all: { team: 'x', by: 'tf' } },
    ],
    ['aws_lambda_function_url', { function_name: 'pay' }],
    ['aws_lambda_function', { function_name: 'web', role, code_signing_config_arn: 'arn:aws:lambda:x' }],
  ].map(([type, values], index) => ({ address: `${type}.r${index}`, mode: 'managed', type, values }))
  const plan = { format_version: '1.2', planned_values: { root_module: { resources } } }
  assert.deepEqual(membersOf(plan), {
    pay: { tags: { team: 'x', by: 'tf' }, url: true, codeSigningConfig: false },
    web: { url: false, codeSigningConfig: 'arn:aws:lambda:x' },
  })
})

test('a template: types that wear a role and whose Ref does not say their ARN', () => {
  const types = {
    'AWS::AppRunner::Service': { ServiceName: 'n', InstanceConfiguration: { InstanceRoleArn: role } },
    'AWS::Batch::JobDefinition': { JobDefinitionName: 'n', ContainerProperties: { JobRoleArn: role } },
    'AWS::BedrockAgentCore::BrowserCustom': { Name: 'n', ExecutionRoleArn: role },
    'AWS::BedrockAgentCore::CodeInterpreterCustom': { Name: 'n', ExecutionRoleArn: role },
    'AWS::BedrockAgentCore::Runtime': { AgentRuntimeName: 'n', RoleArn: role },
    'AWS::Glue::DevEndpoint': { EndpointName: 'n', RoleArn: role },
    'AWS::Glue::Job': { Name: 'n', Role: role },
    'AWS::SageMaker::Domain': { DefaultUserSettings: { ExecutionRole: role } },
    'AWS::SageMaker::NotebookInstance': { NotebookInstanceName: 'n', RoleArn: role },
    'AWS::SageMaker::UserProfile': { UserProfileName: 'n', UserSettings: { ExecutionRole: role } },
  }
  const Resources = Object.fromEntries(
    Object.entries(types).map(([Type, Properties], index) => [`R${index}`, { Type, Properties }]),
  )
  assert.deepEqual(resourcesOf({ Resources }), [
    ['AWS::AppRunner::Service', arn('apprunner', 'service/n/*'), role],
    ['AWS::Batch::JobDefinition', arn('batch', 'job-definition/n:1'), role],
    ['AWS::BedrockAgentCore::BrowserCustom', arn('bedrock-agentcore', 'browser-custom/n-*'), role],
    [
      'AWS::BedrockAgentCore::CodeInterpreterCustom',
      arn('bedrock-agentcore', 'code-interpreter-custom/n-*'),
      role,
    ],
    ['AWS::BedrockAgentCore::Runtime', arn('bedrock-agentcore', 'runtime/n-*'), role],
    ['AWS::Glue::DevEndpoint', arn('glue', 'devEndpoint/n'), role],
    ['AWS::Glue::Job', arn('glue', 'job/n'), role],
    ['AWS::SageMaker::Domain', arn('sagemaker', 'domain/*'), role],
    ['AWS::SageMaker::NotebookInstance', arn('sagemaker', 'notebook-instance/n'), role],
    ['AWS::SageMaker::UserProfile', arn('sagemaker', 'user-profile/*/n'), role],
  ])
})

test('a plan of Terraform: the same, and types that wear a role', () => {
  const core = (kind: string) => arn('bedrock-agentcore', `${kind}/x`)
  const studio = (kind: string) => arn('sagemaker', `${kind}/x`)
  const values = {
    aws_batch_job_definition: { name: 'n', container_properties: JSON.stringify({ jobRoleArn: role }) },
    aws_batch_job_queue: { name: 'n' },
    aws_bedrockagentcore_agent_runtime: { agent_runtime_arn: core('runtime'), role_arn: role },
    aws_bedrockagentcore_browser: { browser_arn: core('browser'), execution_role_arn: role },
    aws_bedrockagentcore_code_interpreter: { code_interpreter_arn: core('code'), execution_role_arn: role },
    aws_dynamodb_table: { name: 'n', stream_enabled: true },
    aws_ecs_cluster: { name: 'n' },
    aws_elastic_beanstalk_application: { name: 'n' },
    aws_kinesis_stream: { name: 'n' },
    aws_sagemaker_domain: { arn: studio('domain'), default_user_settings: [{ execution_role: role }] },
    aws_sagemaker_user_profile: { arn: studio('user'), user_settings: [{ execution_role: role }] },
    aws_sns_topic: { name: 'n' },
    aws_sqs_queue: { name: 'n' },
  }
  const resources = Object.entries(values).map(([type, each]) => ({
    address: `${type}.x`,
    mode: 'managed',
    type,
    values: each,
  }))
  const changes = resources.map(({ address }) => ({
    address,
    change: {
      actions: ['create'],
      after_unknown: address.startsWith('aws_dynamodb') ? { stream_arn: true } : {},
    },
  }))
  const quiet = { type: 'aws_dynamodb_table', values: { name: 'quiet', stream_enabled: false } }
  const machine = { type: 'aws_instance', values: { arn: arn('ec2', 'instance/i-1') } }
  const more = [quiet, machine].map((each) => ({ address: `${each.type}.y`, mode: 'managed', ...each }))
  const plan = {
    format_version: '1.2',
    planned_values: { root_module: { resources: [...resources, ...more] } },
    resource_changes: changes,
  }
  assert.deepEqual(resourcesOf(plan), [
    ['AWS::Batch::JobDefinition', arn('batch', 'job-definition/n:1'), role],
    ['AWS::Batch::JobQueue', arn('batch', 'job-queue/n'), undefined],
    ['AWS::BedrockAgentCore::BrowserCustom', core('browser'), role],
    ['AWS::BedrockAgentCore::CodeInterpreterCustom', core('code'), role],
    ['AWS::BedrockAgentCore::Runtime', core('runtime'), role],
    ['AWS::DynamoDB::Stream', arn('dynamodb', 'table/n/stream/*'), undefined],
    ['AWS::EC2::Instance', arn('ec2', 'instance/i-1'), undefined],
    ['AWS::ECS::Cluster', arn('ecs', 'cluster/n'), undefined],
    ['AWS::ElasticBeanstalk::Application', arn('elasticbeanstalk', 'application/n'), undefined],
    ['AWS::Kinesis::Stream', arn('kinesis', 'stream/n'), undefined],
    ['AWS::SQS::Queue', arn('sqs', 'n'), undefined],
    ['AWS::SageMaker::Domain', studio('domain'), role],
    ['AWS::SageMaker::UserProfile', studio('user'), role],
  ])
})

test('identity pools of a template, with the roles that are attached and who may log in', () => {
  const guest = `arn:aws:iam::${account}:role/guest`
  const pool = (Properties: object) => ({ Type: 'AWS::Cognito::IdentityPool', Properties })
  const attached = (Properties: object) => ({ Type: 'AWS::Cognito::IdentityPoolRoleAttachment', Properties })
  const Rules = [{ Claim: 'team', MatchType: 'Equals', Value: 'x', RoleARN: guest }]
  const Resources = {
    Open: pool({ AllowUnauthenticatedIdentities: true, AllowClassicFlow: 'true' }),
    Roles: attached({
      IdentityPoolId: { Ref: 'Open' },
      Roles: { unauthenticated: guest, authenticated: role },
      RoleMappings: { x: { Type: 'Rules', RulesConfiguration: { Rules } } },
    }),
    Shut: pool({ AllowUnauthenticatedIdentities: false }),
    Asked: pool({ AllowUnauthenticatedIdentities: { 'Fn::ImportValue': 'elsewhere' } }),
    Some: attached({
      IdentityPoolId: { Ref: 'Asked' },
      Roles: { authenticated: { 'Fn::ImportValue': 'elsewhere' } },
    }),
    Other: attached({ IdentityPoolId: { 'Fn::ImportValue': 'elsewhere' }, Roles: { authenticated: role } }),
  }
  const found = inventoryOf({ Resources }).map(({ type, arn: own, ...more }) => {
    assert.equal(type, 'AWS::Cognito::IdentityPool')
    assert.match(
      own,
      /^arn:aws:cognito-identity:eu-west-1:210987654321:identitypool\/(?:eu-west-1:[\w-]+|\*)$/,
    )
    return more
  })
  assert.equal(new Set(inventoryOf({ Resources }).map(({ arn: own }) => own)).size, 4)
  assert.deepEqual(found, [
    {
      role,
      otherRoles: { 'Roles.unauthenticated': guest, 'RoleMappings.0': guest },
      allowUnauthenticatedIdentities: true,
      allowClassicFlow: true,
    },
    { allowUnauthenticatedIdentities: false, allowClassicFlow: false },
    // whom it lets in, and whom it gives a role, is said elsewhere
    { allowClassicFlow: false, roleUnknown: true },
    { role },
  ])
})

test('identity pools of a plan of Terraform', () => {
  const resource = (type: string, name: string, values: object) => ({
    address: `${type}.${name}`,
    mode: 'managed',
    type,
    name,
    values,
  })
  const pool = (name: string, values: object) =>
    resource('aws_cognito_identity_pool', name, { identity_pool_name: name, ...values })
  const attached = (name: string, values: object) =>
    resource('aws_cognito_identity_pool_roles_attachment', name, values)
  const id = 'eu-west-1:00000000-1111-2222-3333-444444444444'
  const plan = (
    resources: readonly { readonly address: string }[],
    unknown: Record<string, object> = {},
  ) => ({
    format_version: '1.2',
    planned_values: { root_module: { resources } },
    resource_changes: resources.map(({ address }) => ({
      address,
      change: { actions: ['create'], after_unknown: unknown[address] ?? {} },
    })),
    configuration: {
      root_module: {
        resources: resources.map(({ address }) => ({
          address,
          expressions: {
            identity_pool_id: {
              references: ['aws_cognito_identity_pool.new.id', 'aws_cognito_identity_pool.new'],
            },
          },
        })),
      },
    },
  })
  const known = [
    pool('open', {
      id,
      arn: arn('cognito-identity', `identitypool/${id}`),
      allow_unauthenticated_identities: true,
      allow_classic_flow: true,
    }),
    attached('roles', { identity_pool_id: id, roles: { authenticated: role } }),
  ]
  assert.deepEqual(inventoryOf(plan(known)), [
    {
      type: 'AWS::Cognito::IdentityPool',
      arn: arn('cognito-identity', `identitypool/${id}`),
      role,
      allowUnauthenticatedIdentities: true,
      allowClassicFlow: true,
    },
  ])
  // a new pool is found by what the attachment refers to; a new role is not known before it is made
  const fresh = [pool('new', { allow_classic_flow: false }), attached('roles', { roles: {} })]
  const made = plan(fresh, {
    'aws_cognito_identity_pool.new': { id: true, arn: true, allow_unauthenticated_identities: true },
    'aws_cognito_identity_pool_roles_attachment.roles': {
      identity_pool_id: true,
      roles: { authenticated: true },
    },
  })
  assert.deepEqual(inventoryOf(made), [
    {
      type: 'AWS::Cognito::IdentityPool',
      arn: arn('cognito-identity', 'identitypool/*'),
      allowClassicFlow: false,
      roleUnknown: true,
    },
  ])
})

test('a template says under which key of AWS KMS a resource is, also by an alias (GRD-471)', () => {
  const content = {
    Resources: {
      Key: { Type: 'AWS::KMS::Key', Properties: {} },
      Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/pay', TargetKeyId: { Ref: 'Key' } } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q', KmsMasterKeyId: { Ref: 'Alias' } } },
      Open: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'open' } },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't', KmsMasterKeyId: 'alias/aws/sns' } },
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketName: 'b',
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              {
                ServerSideEncryptionByDefault: {
                  SSEAlgorithm: 'aws:kms',
                  KMSMasterKeyID: { 'Fn::GetAtt': 'Key.Arn' },
                },
              },
            ],
          },
        },
      },
    },
  }
  const keys = Object.fromEntries(
    inventoryOf(content).map((each) => [
      each.arn.split(':').at(-1),
      each.kmsKey?.replace(/[0-9a-f-]{36}$/, '~'),
    ]),
  )
  assert.deepEqual(keys, {
    q: arn('kms', 'key/~'),
    open: undefined,
    t: arn('kms', 'alias/aws/sns'),
    b: arn('kms', 'key/~'),
  })
})
