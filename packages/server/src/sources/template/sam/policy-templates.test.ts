import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { JsonNode } from '@omen-iam/policy'
import { resolveTemplates } from '../../index.ts'
import { policyTemplates } from './policy-templates.ts'

function plain(node: JsonNode | undefined): unknown {
  if (node?.type === 'list') return node.items.map(plain)
  if (node?.type === 'object')
    return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plain(value)]))
  return node?.value
}

/** The policy of a role that SAM makes for a function with this policy template. */
function policyOf(name: string, parameters: Readonly<Record<string, string>>): unknown {
  const Properties = {
    Handler: 'a.b',
    Runtime: 'nodejs22.x',
    CodeUri: 's',
    Policies: [{ [name]: parameters }],
  }
  const F = { Type: 'AWS::Serverless::Function', Properties }
  const text = JSON.stringify({ Transform: 'AWS::Serverless-2016-10-31', Resources: { F } })
  const { resources, problems } = resolveTemplates([{ file: 'a.json', text }], { account: '111122223333' })
  assert.deepEqual(problems, [])
  const role = resources.find(({ type }) => type === 'AWS::IAM::Role')
  const { Policies } = plain(role?.properties) as { Policies: { PolicyDocument: { Statement: unknown } }[] }
  return Policies[0]?.PolicyDocument.Statement
}

describe('SAM’s policy templates (GRD-626)', () => {
  test('are all there', () => {
    assert.equal(Object.keys(policyTemplates).length, 81)
  })

  test('that write are there beside those that read', () => {
    const table = 'arn:aws:dynamodb:us-east-1:111122223333:table/t'
    assert.deepEqual(policyOf('DynamoDBWritePolicy', { TableName: 't' }), [
      {
        Effect: 'Allow',
        Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'],
        Resource: [table, `${table}/index/*`],
      },
    ])
    assert.deepEqual(policyOf('S3WritePolicy', { BucketName: 'b' }), [
      {
        Effect: 'Allow',
        Action: ['s3:PutObject', 's3:PutObjectAcl', 's3:PutLifecycleConfiguration'],
        Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
      },
    ])
  })

  test('that have a condition, or no region, have it', () => {
    const efs = 'arn:aws:elasticfilesystem:us-east-1:111122223333'
    assert.deepEqual(policyOf('EFSWriteAccessPolicy', { FileSystem: 'fs-1', AccessPoint: 'fsap-1' }), [
      {
        Effect: 'Allow',
        Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
        Resource: [`${efs}:file-system/fs-1`],
        Condition: { StringEquals: { 'elasticfilesystem:AccessPointArn': `${efs}:access-point/fsap-1` } },
      },
    ])
    const zone = policyOf('Route53ChangeResourceRecordSetsPolicy', { HostedZoneId: 'Z1' })
    assert.match(JSON.stringify(zone), /"arn:aws:route53:::hostedzone\/Z1"/)
  })
})
