import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { policyText } from '../../../../../test/kit/index.ts'
import { parseSource } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource } from './index.ts'

const account = '111122223333'
const region = 'eu-west-1'
const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`
const document = policyText({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' })

/** The account that a state with one resource describes. */
function accountOf(type: string, values: Readonly<Record<string, unknown>>) {
  const state = {
    format_version: '1.0',
    values: { root_module: { resources: [{ address: `${type}.a`, mode: 'managed', type, values }] } },
  }
  const text = JSON.stringify(state)
  const root = parseSource(text, 'state.json')
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  const { accounts, notTaken } = imageOfTemplates([{ file: 'state.json', text, root }], { account, region })
  assert.deepEqual(notTaken, [])
  return accounts[0]
}

/** By type: the attribute with the policy, the one that says of what, its value, and the ARN that the policy is of. */
const policies: readonly (readonly [type: string, policy: string, of: string, value: string, arn: string])[] =
  [
    ['aws_backup_vault_policy', 'policy', 'backup_vault_name', 'v', arn('backup', 'backup-vault:v')],
    ['aws_cloudwatch_event_bus_policy', 'policy', 'event_bus_name', 'b', arn('events', 'event-bus/b')],
    [
      'aws_cloudwatch_log_destination_policy',
      'access_policy',
      'destination_name',
      'd',
      arn('logs', 'destination:d'),
    ],
    ['aws_ecr_repository_policy', 'policy', 'repository', 'a/b', arn('ecr', 'repository/a/b')],
    [
      'aws_efs_file_system_policy',
      'policy',
      'file_system_id',
      'fs-1',
      arn('elasticfilesystem', 'file-system/fs-1'),
    ],
    ['aws_elasticsearch_domain', 'access_policies', 'arn', arn('es', 'domain/d'), arn('es', 'domain/d')],
    ['aws_elasticsearch_domain_policy', 'access_policies', 'domain_name', 'd', arn('es', 'domain/d')],
    ['aws_glacier_vault', 'access_policy', 'arn', arn('glacier', 'vaults/v'), arn('glacier', 'vaults/v')],
    ['aws_kms_key', 'policy', 'arn', arn('kms', 'key/k'), arn('kms', 'key/k')],
    ['aws_kms_external_key', 'policy', 'arn', arn('kms', 'key/k'), arn('kms', 'key/k')],
    ['aws_kms_replica_key', 'policy', 'arn', arn('kms', 'key/k'), arn('kms', 'key/k')],
    ['aws_kms_replica_external_key', 'policy', 'arn', arn('kms', 'key/k'), arn('kms', 'key/k')],
    ['aws_kms_key_policy', 'policy', 'key_id', 'k', arn('kms', 'key/k')],
    ['aws_opensearch_domain', 'access_policies', 'arn', arn('es', 'domain/d'), arn('es', 'domain/d')],
    ['aws_opensearch_domain_policy', 'access_policies', 'domain_name', 'd', arn('es', 'domain/d')],
    ['aws_s3_access_point', 'policy', 'arn', arn('s3', 'accesspoint/p'), arn('s3', 'accesspoint/p')],
    ['aws_s3_bucket', 'policy', 'arn', 'arn:aws:s3:::b', 'arn:aws:s3:::b'],
    ['aws_s3_bucket_policy', 'policy', 'bucket', 'b', 'arn:aws:s3:::b'],
    [
      'aws_s3control_access_point_policy',
      'policy',
      'access_point_arn',
      arn('s3', 'accesspoint/p'),
      arn('s3', 'accesspoint/p'),
    ],
    [
      'aws_secretsmanager_secret',
      'policy',
      'arn',
      arn('secretsmanager', 'secret:s'),
      arn('secretsmanager', 'secret:s'),
    ],
    [
      'aws_secretsmanager_secret_policy',
      'policy',
      'secret_arn',
      arn('secretsmanager', 'secret:s'),
      arn('secretsmanager', 'secret:s'),
    ],
    ['aws_sns_topic', 'policy', 'arn', arn('sns', 't'), arn('sns', 't')],
    ['aws_sns_topic_policy', 'policy', 'arn', arn('sns', 't'), arn('sns', 't')],
    ['aws_sqs_queue', 'policy', 'arn', arn('sqs', 'q'), arn('sqs', 'q')],
    ['aws_sqs_queue_policy', 'policy', 'queue_url', arn('sqs', 'q'), arn('sqs', 'q')],
    [
      'aws_sqs_queue_policy',
      'policy',
      'queue_url',
      'https://sqs.us-east-2.amazonaws.com/444455556666/q',
      'arn:aws:sqs:us-east-2:444455556666:q',
    ],
    [
      'aws_dynamodb_resource_policy',
      'policy',
      'resource_arn',
      arn('dynamodb', 'table/t'),
      arn('dynamodb', 'table/t'),
    ],
    ['aws_msk_cluster_policy', 'policy', 'cluster_arn', arn('kafka', 'cluster/c'), arn('kafka', 'cluster/c')],
  ]

describe('a policy of a resource in a state of Terraform (TPL-182)', () => {
  for (const [type, policy, of, value, expected] of policies)
    test(`${type}, of ${value}`, () => {
      const found = accountOf(type, { [policy]: document, [of]: value })?.resourcePolicies
      assert.deepEqual(
        found?.map((each) => [each.arn, JSON.parse(each.document)]),
        [[expected, JSON.parse(document)]],
      )
    })

  test('is none if its text is empty', () => {
    assert.deepEqual(
      accountOf('aws_sqs_queue', { policy: '', arn: arn('sqs', 'q') })?.resourcePolicies ?? [],
      [],
    )
  })
})

test('the password policy of an account has the flags of the provider, and AWS’s defaults', () => {
  const policyOf = (values: Readonly<Record<string, unknown>>) => {
    const { at: _, ...policy } = accountOf('aws_iam_account_password_policy', values)?.passwordPolicy ?? {}
    return policy
  }
  const off = { symbols: false, numbers: false, uppercase: false, lowercase: false, hardExpiry: false }
  assert.deepEqual(policyOf({}), { minimumLength: 6, ...off, usersMayChange: true })
  assert.deepEqual(policyOf({ max_password_age: 0, password_reuse_prevention: 0 }), {
    minimumLength: 6,
    ...off,
    usersMayChange: true,
  })
  for (const [attribute, member] of [
    ['require_symbols', 'symbols'],
    ['require_numbers', 'numbers'],
    ['require_uppercase_characters', 'uppercase'],
    ['require_lowercase_characters', 'lowercase'],
    ['hard_expiry', 'hardExpiry'],
  ] as const)
    assert.deepEqual(policyOf({ [attribute]: true, allow_users_to_change_password: false }), {
      minimumLength: 6,
      ...off,
      [member]: true,
      usersMayChange: false,
    })
  assert.deepEqual(
    policyOf({ minimum_password_length: 14, max_password_age: 90, password_reuse_prevention: 5 }),
    { minimumLength: 14, ...off, usersMayChange: true, maximumAge: 90, reusePrevention: 5 },
  )
})
