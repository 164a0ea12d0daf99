import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSource } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource } from './index.ts'
import { inventoryOfTemplates } from './inventory.ts'

const account = '210987654321'
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${account}:${rest}`
const role = `arn:aws:iam::${account}:role/worker`

const given = (content: unknown, isWhole = false) => {
  const text = JSON.stringify(content, null, 1)
  const root = parseSource(text, 'app.json')
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  const options = { account, region: 'eu-west-1', stack: 'app' }
  const sources = [{ file: 'app.json', text, root }]
  return inventoryOfTemplates(sources, imageOfTemplates(sources, options), { ...options, isWhole })
}
const templateOf = (resources: object, more: object = {}) => ({ ...more, Resources: resources })

test('a list of one queue is complete for queues alone, and for what templates can have if it is all (GRD-564)', () => {
  const one = templateOf({ Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'n' } } })
  assert.deepEqual(given(one).listed, ['AWS::SQS::Queue'])
  // nothing is said of the keys and passwords of users
  assert.deepEqual(Object.keys(given(one)), ['resources', 'listed'])
  assert.deepEqual(given(one, true).accessKeys, {})
  const { listed } = given(one, true)
  assert.ok(listed.includes('AWS::Lambda::Function') && listed.includes('AWS::SSM::Document'))
  for (const type of ['AWS::ECS::Task', 'AWS::SSM::ManagedInstance', 'AWS::CloudFormation::Stack'])
    assert.ok(!listed.includes(type), type)
})

test('a type is not complete if the ARN of one resource is not known (GRD-564)', () => {
  const parameters = { Parameters: { Name: { Type: 'String' } } }
  const two = templateOf(
    {
      A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'n' } },
      B: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Name' } } },
    },
    parameters,
  )
  const { resources, listed } = given(two, true)
  assert.equal(resources.length, 1)
  assert.ok(!listed.includes('AWS::SQS::Queue'))
})

test('what wears a role that no file names is there, with a role that is not known (GRD-564)', () => {
  const parameters = { Parameters: { Worker: { Type: 'String' } } }
  const found = given(
    templateOf(
      {
        F: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'n', Role: { Ref: 'Worker' } } },
        I: { Type: 'AWS::EC2::Instance', Properties: { IamInstanceProfile: 'elsewhere' } },
        D: {
          Type: 'AWS::CodeDeploy::DeploymentGroup',
          Properties: { ApplicationName: 'web', DeploymentGroupName: 'prod', ServiceRoleArn: role },
        },
        C: {
          Type: 'AWS::BedrockAgentCore::CodeInterpreterCustom',
          Properties: { Name: 'n', ExecutionRoleArn: role },
        },
      },
      parameters,
    ),
  )
  assert.deepEqual(
    found.resources.map(({ type, role, roleUnknown }) => [type, role, roleUnknown]).toSorted(),
    [
      ['AWS::BedrockAgentCore::CodeInterpreterCustom', role, undefined],
      ['AWS::CodeDeploy::DeploymentGroup', undefined, true],
      ['AWS::EC2::Instance', undefined, true],
      ['AWS::Lambda::Function', undefined, true],
    ],
  )
  assert.equal(
    found.resources.find(({ type }) => type === 'AWS::CodeDeploy::DeploymentGroup')?.arn,
    arn('codedeploy', 'deploymentgroup:web/prod'),
  )
})

test('files that make something of IAM Identity Center are those of the account that manages it (GRD-565)', () => {
  const Type = 'AWS::SSO::PermissionSet'
  const instance = 'arn:aws:sso:::instance/ssoins-1234567890abcdef'
  const set = templateOf({ P: { Type, Properties: { Name: 'Dev', InstanceArn: instance } } })
  assert.equal(given(set).managesIdentityCenter, true)
  const queue = templateOf({ Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'n' } } })
  assert.equal(given(queue).managesIdentityCenter, undefined)
  const planned = (type: string) =>
    given({
      format_version: '1.2',
      terraform_version: '1.9.0',
      planned_values: {
        root_module: {
          resources: [
            {
              address: `${type}.x`,
              mode: 'managed',
              type,
              name: 'x',
              values: { name: 'Dev', instance_arn: instance },
            },
          ],
        },
      },
    }).managesIdentityCenter
  assert.equal(planned('aws_ssoadmin_permission_set'), true)
  assert.equal(planned('aws_sqs_queue'), undefined)
})
