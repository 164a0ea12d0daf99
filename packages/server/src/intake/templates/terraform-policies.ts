import { rowOf, textOf } from '../../sources/index.ts'
import type { ImageBuilder } from './builder.ts'
import type { Fields } from './fields.ts'
import { queueArn } from './resource-policies.ts'

const domainArn = 'arn:{partition}:es:{region}:{account}:domain/{name}'

/** Attributes that name the resource that a policy of any other type is of (behaviour TPL-182). */
const owners = ['resource_arn', 'cluster_arn']

/**
 * Attributes that hold the policy of a resource, and the ARN that it is of; `{name}` is the value of the attribute. An ARN that is
 * known only after apply is made of the last one, the name [TPL-212].
 */
const policies: Readonly<
  Record<string, readonly [document: string, of: string, arn?: string, name?: string] | undefined>
> = {
  aws_backup_vault_policy: [
    'policy',
    'backup_vault_name',
    'arn:{partition}:backup:{region}:{account}:backup-vault:{name}',
  ],
  aws_cloudwatch_event_bus_policy: [
    'policy',
    'event_bus_name',
    'arn:{partition}:events:{region}:{account}:event-bus/{name}',
  ],
  aws_cloudwatch_log_destination_policy: [
    'access_policy',
    'destination_name',
    'arn:{partition}:logs:{region}:{account}:destination:{name}',
  ],
  aws_ecr_repository_policy: [
    'policy',
    'repository',
    'arn:{partition}:ecr:{region}:{account}:repository/{name}',
  ],
  aws_efs_file_system_policy: [
    'policy',
    'file_system_id',
    'arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{name}',
  ],
  aws_elasticsearch_domain: ['access_policies', 'arn'],
  aws_elasticsearch_domain_policy: ['access_policies', 'domain_name', domainArn],
  aws_glacier_vault: ['access_policy', 'arn'],
  aws_kms_external_key: ['policy', 'arn'],
  aws_kms_key: ['policy', 'arn'],
  aws_kms_key_policy: ['policy', 'key_id', 'arn:{partition}:kms:{region}:{account}:key/{name}'],
  aws_kms_replica_external_key: ['policy', 'arn'],
  aws_kms_replica_key: ['policy', 'arn'],
  aws_opensearch_domain: ['access_policies', 'arn'],
  aws_opensearch_domain_policy: ['access_policies', 'domain_name', domainArn],
  aws_s3_access_point: ['policy', 'arn'],
  aws_s3_bucket: ['policy', 'arn', 'arn:{partition}:s3:::{name}', 'bucket'],
  aws_s3_bucket_policy: ['policy', 'bucket', 'arn:{partition}:s3:::{name}'],
  aws_s3control_access_point_policy: ['policy', 'access_point_arn'],
  aws_secretsmanager_secret: ['policy', 'arn'],
  aws_secretsmanager_secret_policy: ['policy', 'secret_arn'],
  aws_sns_topic: ['policy', 'arn', 'arn:{partition}:sns:{region}:{account}:{name}', 'name'],
  aws_sns_topic_policy: ['policy', 'arn'],
  aws_sqs_queue: ['policy', 'arn', 'arn:{partition}:sqs:{region}:{account}:{name}', 'name'],
  aws_sqs_queue_policy: ['policy', 'queue_url'],
}

/** Takes the policy that a resource of a plan or state has, or is. Returns whether there is one. */
export function takeTerraformPolicy(fields: Fields, builder: ImageBuilder): boolean {
  const { home, type } = fields.declared
  const [attribute, of, pattern = '{name}', name] = rowOf(policies, type) ?? separateIn(fields)
  const node = attribute === undefined ? undefined : fields.node(attribute)
  if (attribute === undefined || of === undefined || node === undefined || textOf(node) === '') return false
  const document = fields.document(node, attribute)
  const isMade = name !== undefined && fields.known(of) === undefined
  for (const named of isMade ? [fields.text(name)] : fields.each(of)) {
    const arn = named.startsWith('arn:')
      ? named
      : of === 'queue_url'
        ? queueArn(named, fields)
        : pattern
            .replace('{partition}', home.partition)
            .replace('{region}', home.region)
            .replace('{account}', home.account)
            .replace('{name}', () => named)
    builder.lists(home, fields.at).resourcePolicies.push({ at: fields.declared.at(node), arn, document })
  }
  return true
}

/** The document of a resource that is the policy of another one, and the attribute that says of which. */
function separateIn(fields: Fields): readonly [] | readonly [document: string, of: string] {
  const of = owners.find((name) => fields.node(name) !== undefined)
  return of !== undefined && /_policy$/.test(fields.declared.type) ? ['policy', of] : []
}
