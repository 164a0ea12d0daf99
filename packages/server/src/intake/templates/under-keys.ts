import type { JsonNode } from '@omen-iam/policy'
import { member, rowOf } from '../../sources/index.ts'
import { type Home, type ImageBuilder, keyAlias } from './builder.ts'
import type { Fields } from './fields.ts'
import { arnFormOf, arnOf } from './terraform-names.ts'

/** Where a resource names its key of AWS KMS: CloudFormation's type, and the place of the key, through first items. */
interface Keyed {
  readonly type: string
  readonly key: string
}

const defaults = 'BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault'

/** By type of CloudFormation. Source: AWS CloudFormation resource reference. */
const ofTemplates: Readonly<Record<string, string | undefined>> = {
  [keyAlias]: 'TargetKeyId',
  'AWS::Events::EventBus': 'KmsKeyIdentifier',
  'AWS::S3::Bucket': `${defaults}.KMSMasterKeyID`,
  'AWS::SNS::Topic': 'KmsMasterKeyId',
  'AWS::SQS::Queue': 'KmsMasterKeyId',
  'AWS::SecretsManager::Secret': 'KmsKeyId',
  'AWS::StepFunctions::Activity': 'EncryptionConfiguration.KmsKeyId',
  'AWS::StepFunctions::StateMachine': 'EncryptionConfiguration.KmsKeyId',
}

/** By type of Terraform. Source: documentation of Terraform's provider for AWS. */
const ofTerraform: Readonly<Record<string, (Keyed & { readonly of?: string }) | undefined>> = {
  aws_cloudwatch_event_bus: { type: 'AWS::Events::EventBus', key: 'kms_key_identifier' },
  aws_kms_alias: { type: keyAlias, key: 'target_key_id' },
  aws_s3_bucket_server_side_encryption_configuration: {
    type: 'AWS::S3::Bucket',
    key: 'rule.apply_server_side_encryption_by_default.kms_master_key_id',
    of: 'bucket',
  },
  aws_secretsmanager_secret: { type: 'AWS::SecretsManager::Secret', key: 'kms_key_id' },
  aws_sfn_state_machine: {
    type: 'AWS::StepFunctions::StateMachine',
    key: 'encryption_configuration.kms_key_id',
  },
  aws_sns_topic: { type: 'AWS::SNS::Topic', key: 'kms_master_key_id' },
  aws_sqs_queue: { type: 'AWS::SQS::Queue', key: 'kms_master_key_id' },
  aws_ssm_parameter: { type: 'AWS::SSM::Parameter', key: 'key_id' },
}

/** Takes the key of AWS KMS under which a resource of a template will be, if both are known. */
export function takeKey(fields: Fields, builder: ImageBuilder, arn: string | undefined): void {
  const { type } = fields.declared
  const key = rowOf(ofTemplates, type)
  const given = type === keyAlias ? aliasArn(fields, 'AliasName') : arn
  if (key !== undefined && given !== undefined) add(fields, builder, { type, key }, given)
}

/** The same of a resource of Terraform. */
export function takeTerraformKey(fields: Fields, builder: ImageBuilder): void {
  const { type, home } = fields.declared
  const keyed = rowOf(ofTerraform, type)
  if (keyed === undefined) return
  const form = arnFormOf(keyed.of === undefined ? type : 'aws_s3_bucket')
  const name = fields.known(keyed.of ?? form?.name ?? 'name')
  const made = form === undefined || name === undefined ? undefined : arnOf(form, name, '/', home)
  const given = keyed.type === keyAlias ? aliasArn(fields, 'name') : fields.known('arn')
  const arn = keyed.of === undefined ? (given ?? made) : made
  if (arn !== undefined) add(fields, builder, keyed, arn)
}

function add(fields: Fields, builder: ImageBuilder, { type, key: path }: Keyed, arn: string): void {
  const { home, properties } = fields.declared
  const node = path
    .split('.')
    .reduce<JsonNode | undefined>((each, name) => member(firstOf(each), name), properties)
  const { value, dependsOn } = fields.declared.text(firstOf(node))
  if (value === '' || dependsOn !== undefined) return
  const key = value.startsWith('arn:')
    ? value
    : keyArn(home, value.startsWith('alias/') ? value : `key/${value}`)
  builder.under({ at: fields.at, type, arn, key })
}

function aliasArn(fields: Fields, property: string): string | undefined {
  const name = fields.known(property)
  return name === undefined ? undefined : keyArn(fields.declared.home, name)
}

function keyArn({ partition, region, account }: Home, rest: string): string {
  return `arn:${partition}:kms:${region}:${account}:${rest}`
}

function firstOf(node: JsonNode | undefined): JsonNode | undefined {
  return node?.type === 'list' ? node.items[0] : node
}
