import { rowOf } from '../../sources/index.ts'

/** How the ARN of a resource follows from its attributes. */
interface ArnForm {
  /** The attribute with the name; that with its beginning, if the provider may make the rest. */
  readonly name: string
  readonly prefix?: string
  /** `{name}`, `{path}`, `{home}` (region and account), `{account}`. */
  readonly arn: string
  /** The text behind the ARN where statements name things inside the resource. */
  readonly inside?: string
}

const iam = (kind: string): ArnForm => ({
  name: 'name',
  prefix: 'name_prefix',
  arn: `iam::{account}:${kind}{path}{name}`,
})
const plain = (arn: string, inside?: string): ArnForm => ({
  name: 'name',
  prefix: 'name_prefix',
  arn,
  ...(inside === undefined ? {} : { inside }),
})

/** Source: documentation of Terraform's provider for AWS; Service Authorization Reference, resource types. */
const forms: Readonly<Record<string, ArnForm | undefined>> = {
  aws_cloudwatch_event_bus: plain('events:{home}:event-bus/{name}'),
  aws_cloudwatch_event_rule: plain('events:{home}:rule/{name}'),
  aws_cloudwatch_log_group: plain('logs:{home}:log-group:{name}', ':*'),
  aws_codebuild_project: plain('codebuild:{home}:project/{name}'),
  aws_dynamodb_table: plain('dynamodb:{home}:table/{name}', '/*'),
  aws_ecr_repository: plain('ecr:{home}:repository/{name}'),
  aws_ecs_cluster: plain('ecs:{home}:cluster/{name}'),
  aws_iam_group: iam('group'),
  aws_iam_instance_profile: iam('instance-profile'),
  aws_iam_openid_connect_provider: { name: 'url', arn: 'iam::{account}:oidc-provider/{name}' },
  aws_iam_policy: iam('policy'),
  aws_iam_role: iam('role'),
  aws_iam_saml_provider: plain('iam::{account}:saml-provider/{name}'),
  aws_iam_user: iam('user'),
  aws_identitystore_group: { name: 'display_name', arn: 'identitystore:::group/{name}' },
  aws_identitystore_user: { name: 'user_name', arn: 'identitystore:::user/{name}' },
  aws_kinesis_firehose_delivery_stream: plain('firehose:{home}:deliverystream/{name}'),
  aws_kinesis_stream: plain('kinesis:{home}:stream/{name}'),
  aws_kms_key: { name: 'key_id', arn: 'kms:{home}:key/{name}' },
  aws_lambda_function: { name: 'function_name', arn: 'lambda:{home}:function:{name}', inside: ':*' },
  aws_s3_bucket: { name: 'bucket', prefix: 'bucket_prefix', arn: 's3:::{name}', inside: '/*' },
  aws_secretsmanager_secret: plain('secretsmanager:{home}:secret:{name}-??????'),
  aws_sfn_state_machine: plain('states:{home}:stateMachine:{name}'),
  aws_sns_topic: plain('sns:{home}:{name}'),
  aws_ssoadmin_permission_set: { name: 'name', arn: 'sso:::permissionSet/{name}' },
  aws_sqs_queue: plain('sqs:{home}:{name}'),
  aws_ssm_parameter: plain('ssm:{home}:parameter/{name}'),
}

/** How the ARN of a type is written; undefined for other types. */
export function arnFormOf(type: string): ArnForm | undefined {
  return rowOf(forms, type)
}

/** The account and region of a plan. */
export interface PlanHome {
  readonly account: string
  readonly partition: string
  readonly region: string
}

/** The ARN of a resource by its name and path. */
export function arnOf({ arn }: ArnForm, name: string, path: string, home: PlanHome): string {
  const resource = arn
    .replace('{home}', `${home.region}:${home.account}`)
    .replace('{account}', home.account)
    .replace('{path}', () => path)
    .replace('{name}', () => name.replace(/^https:\/\//, ''))
    .replace('parameter//', 'parameter/')
  return `arn:${home.partition}:${resource}`
}

/** Attributes whose value is the name of the resource, or its ARN. */
const ofName: readonly string[] = [
  '',
  'id',
  'name',
  'bucket',
  'function_name',
  'key_id',
  'group_id',
  'user_id',
]

/** Whether an attribute has the name rather than the ARN; `id` of a policy, a provider, a topic, queue or secret is an ARN. */
export function isName(type: string, attribute: string): boolean {
  if (attribute === 'id')
    return !/^aws_(?:iam_policy|iam_openid_connect_provider|iam_saml_provider|sns_topic|sqs_queue|secretsmanager_secret|sfn_state_machine|kms_key|ssoadmin_permission_set)$/.test(
      type,
    )
  return ofName.includes(attribute)
}
