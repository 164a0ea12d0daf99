import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policyText } from '../../../../../test/kit/index.ts'
import { parseSource } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource } from './index.ts'

const document = policyText({
  Effect: 'Allow',
  Principal: { AWS: '444455556666' },
  Action: 'x:Get',
  Resource: '*',
})
const role = 'arn:aws:iam::123456789012:role/r'

/** What is read of one new resource: the owners of policies, and what is named as not taken. */
function read(type: string, after: object, unknown: object = {}, expressions: object = {}) {
  const address = `${type}.x`
  const resource = { address, mode: 'managed', type, name: 'x' }
  const text = JSON.stringify({
    format_version: '1.2',
    planned_values: { root_module: { resources: [{ ...resource, values: after }] } },
    resource_changes: [
      { ...resource, change: { actions: ['create'], before: null, after, after_unknown: unknown } },
    ],
    configuration: { root_module: { resources: [{ ...resource, expressions }] } },
  })
  const root = parseSource(text, 'plan.json')
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  const { accounts, notTaken } = imageOfTemplates([{ file: 'plan.json', text, root }], {
    account: '123456789012',
  })
  return {
    owners: accounts.flatMap(({ resourcePolicies }) => resourcePolicies.map(({ arn }) => arn)),
    notTaken: notTaken.map(({ kind }) => kind),
  }
}

test('TPL-181 what names to whom it gives something is named as not taken, whatever its type', () => {
  const giving: readonly (readonly [string, object])[] = [
    ['aws_kms_grant', { grantee_principal: role, operations: ['Decrypt'] }],
    ['aws_eks_access_entry', { principal_arn: role, kubernetes_groups: ['admins'] }],
    ['aws_eks_access_policy_association', { principal_arn: role }],
    ['aws_ssoadmin_account_assignment', { principal_id: 'u', principal_type: 'USER' }],
    ['aws_servicecatalog_principal_portfolio_association', { principal_arn: role }],
    ['aws_ram_principal_association', { principal: '444455556666' }],
    ['aws_identitystore_group_membership', { group_id: 'g', member_id: 'm' }],
    ['aws_lakeformation_data_lake_settings', { admins: [role] }],
    ['aws_opensearchserverless_access_policy', { policy: '[{"Rules":[],"Principal":["x"]}]' }],
    ['aws_s3control_multi_region_access_point_policy', { details: [{ name: 'm', policy: document }] }],
    ['aws_something_of_tomorrow', { principals: [role] }],
    ['aws_s3_bucket_acl', { bucket: 'b', acl: 'public-read' }],
  ]
  for (const [type, after] of giving) assert.deepEqual(read(type, after), { owners: [], notTaken: [type] })
  const harmless: readonly (readonly [string, object])[] = [
    ['aws_s3_bucket_acl', { bucket: 'b', acl: 'private' }],
    ['aws_eks_pod_identity_association', { role_arn: role }],
    ['aws_instance', { iam_instance_profile: 'p' }],
  ]
  for (const [type, after] of harmless) assert.deepEqual(read(type, after), { owners: [], notTaken: [] })
})

test('TPL-181 a policy that nothing sets is the one that the owner has anyway', () => {
  for (const [type, name] of [
    ['aws_sqs_queue', 'policy'],
    ['aws_opensearch_domain', 'access_policies'],
  ] as const) {
    const set = { [name]: { references: ['local.document'] } }
    assert.deepEqual(read(type, { name: 'q' }, { [name]: true }), { owners: [], notTaken: [] })
    assert.deepEqual(read(type, { name: 'q' }, { [name]: true }, set).notTaken, [type])
  }
})

test('TPL-182 the policy of another resource is read by the attribute that names the owner', () => {
  const table = 'arn:aws:dynamodb:eu-west-1:123456789012:table/t'
  const owner = (type: string, after: object) => read(type, { ...after, policy: document }).owners
  assert.deepEqual(owner('aws_dynamodb_resource_policy', { resource_arn: table }), [table])
  assert.deepEqual(owner('aws_kinesis_resource_policy', { resource_arn: table }), [table])
  assert.deepEqual(owner('aws_policy_of_tomorrow_policy', { resource_arn: table }), [table])
  assert.deepEqual(owner('aws_msk_cluster_policy', { cluster_arn: table }), [table])
  const point = 'arn:aws:s3:eu-west-1:123456789012:accesspoint/p'
  assert.deepEqual(owner('aws_s3_access_point', { arn: point, bucket: 'b' }), [point])
  assert.deepEqual(owner('aws_s3control_access_point_policy', { access_point_arn: point }), [point])
  assert.deepEqual(owner('aws_efs_file_system_policy', { file_system_id: 'fs-1' }), [
    'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1',
  ])
  assert.deepEqual(read('aws_dynamodb_resource_policy', { policy: document }, { resource_arn: true }), {
    owners: [],
    notTaken: ['aws_dynamodb_resource_policy'],
  })
})
