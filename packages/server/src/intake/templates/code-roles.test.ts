import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSource } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource } from './index.ts'
import { inventoryOfTemplates } from './inventory.ts'

const account = '210987654321'
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`

function resourcesOf(template: object) {
  const text = JSON.stringify(template)
  const root = parseSource(text, 'app.json')
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  const sources = [{ file: 'app.json', text, root }]
  const given = { account, region: 'eu-west-1', stack: 'app' }
  return inventoryOfTemplates(sources, imageOfTemplates(sources, given), given).resources
}

/** The roles of the resources of a template, and whether one is not known. */
function rolesOf(Resources: Record<string, { Type: string; Properties: object }>) {
  return resourcesOf({ Resources }).map(({ role: own, roleUnknown }) =>
    roleUnknown === true ? 'unknown' : own?.slice(own.lastIndexOf('/') + 1),
  )
}

const profile = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: 'nodes', AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } },
  },
  Profile: {
    Type: 'AWS::IAM::InstanceProfile',
    Properties: { InstanceProfileName: 'nodes', Roles: [{ Ref: 'Role' }] },
  },
}
const job = (ContainerProperties: object) => ({
  Job: { Type: 'AWS::Batch::JobDefinition', Properties: { JobDefinitionName: 'job', ContainerProperties } },
})
const elsewhere = { 'Fn::ImportValue': 'elsewhere' }

test('GRD-739 the role of the code comes before those of the service and of agents, in any order', () => {
  assert.deepEqual(rolesOf(job({ ExecutionRoleArn: role('pull'), JobRoleArn: role('job') })), ['job'])
  const service = {
    SourceConfiguration: { AuthenticationConfiguration: { AccessRoleArn: role('pull') } },
    InstanceConfiguration: { InstanceRoleArn: role('web') },
  }
  assert.deepEqual(rolesOf({ Web: { Type: 'AWS::AppRunner::Service', Properties: service } }), ['web'])
  const cluster = { Name: 'data', ServiceRole: role('emr'), JobFlowRole: { Ref: 'Profile' } }
  assert.deepEqual(rolesOf({ ...profile, Data: { Type: 'AWS::EMR::Cluster', Properties: cluster } }), [
    'nodes',
  ])
})

test('GRD-739 code without a role has none, whatever role its agent has', () => {
  assert.deepEqual(rolesOf(job({ ExecutionRoleArn: role('pull') })), [undefined])
  const task = { Family: 'web', ExecutionRoleArn: role('pull') }
  assert.deepEqual(rolesOf({ Web: { Type: 'AWS::ECS::TaskDefinition', Properties: task } }), [undefined])
})

test('GRD-739 a role of the code that no file names is unknown', () => {
  assert.deepEqual(rolesOf(job({ ExecutionRoleArn: role('pull'), JobRoleArn: elsewhere })), ['unknown'])
})

test('TPL-214 a function of SAM with a URL: everyone may invoke it through the URL alone', () => {
  const Site = {
    Type: 'AWS::Serverless::Function',
    Properties: { FunctionName: 'site', Role: role('site'), FunctionUrlConfig: { AuthType: 'NONE' } },
  }
  const [site] = resourcesOf({ Transform: 'AWS::Serverless-2016-10-31', Resources: { Site } })
  assert.equal(site?.url, true)
  assert.deepEqual(
    JSON.parse(site?.policy ?? '').Statement.map((each: Record<string, unknown>) => each.Condition),
    [
      { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
      { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
    ],
  )
})
