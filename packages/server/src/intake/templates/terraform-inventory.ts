import { type JsonNode, parseJson } from '@omen-iam/policy'
import { itemsOf, member, type ResolveOptions, rowOf, textOf } from '../../sources/index.ts'
import { attachedRoles, identityPool } from './identity-pools.ts'
import { membersOfTerraform } from './members.ts'
import { TerraformPlan } from './terraform-plan.ts'
import { askedWithoutRole, type Wearer } from './wearer.ts'

/**
 * A type of Terraform that wears roles, or that techniques ask for: CloudFormation's type, the attributes that name
 * roles, and the ARN by a name.
 */
interface WearerType {
  readonly type: string
  /** Attributes with a role, and the properties of CloudFormation that they are. */
  readonly roles: Readonly<Record<string, string>>
  /** The attribute with the name, and the ARN that it makes. */
  readonly named?: readonly [attribute: string, arn: string]
  /** The attribute with the ARN, if it is not `arn`. */
  readonly arn?: string
  /** The attribute that must be true: the resource exists only then. */
  readonly if?: string
}

/** Source: documentation of Terraform's provider for AWS. */
const types: Readonly<Record<string, WearerType | undefined>> = {
  aws_apprunner_service: {
    type: 'AWS::AppRunner::Service',
    roles: { 'instance_configuration.instance_role_arn': 'InstanceConfiguration.InstanceRoleArn' },
  },
  aws_batch_compute_environment: {
    type: 'AWS::Batch::ComputeEnvironment',
    roles: { service_role: 'ServiceRole' },
  },
  aws_batch_job_definition: {
    type: 'AWS::Batch::JobDefinition',
    roles: {
      'container_properties.jobRoleArn': 'ContainerProperties.JobRoleArn',
      'container_properties.executionRoleArn': 'ContainerProperties.ExecutionRoleArn',
    },
    named: ['name', 'batch:{home}:job-definition/{name}:1'],
  },
  aws_batch_job_queue: {
    type: 'AWS::Batch::JobQueue',
    roles: {},
    named: ['name', 'batch:{home}:job-queue/{name}'],
  },
  aws_bedrockagentcore_agent_runtime: {
    type: 'AWS::BedrockAgentCore::Runtime',
    roles: { role_arn: 'RoleArn' },
    arn: 'agent_runtime_arn',
  },
  aws_bedrockagentcore_browser: {
    type: 'AWS::BedrockAgentCore::Browser',
    roles: { execution_role_arn: 'ExecutionRoleArn' },
    arn: 'browser_arn',
  },
  aws_bedrockagentcore_code_interpreter: {
    type: 'AWS::BedrockAgentCore::CodeInterpreter',
    roles: { execution_role_arn: 'ExecutionRoleArn' },
    arn: 'code_interpreter_arn',
  },
  aws_cloudformation_stack: { type: 'AWS::CloudFormation::Stack', roles: { iam_role_arn: 'RoleARN' } },
  aws_cloudformation_stack_set: {
    type: 'AWS::CloudFormation::StackSet',
    roles: { administration_role_arn: 'AdministrationRoleARN' },
  },
  aws_codebuild_project: {
    type: 'AWS::CodeBuild::Project',
    roles: { service_role: 'ServiceRole' },
    named: ['name', 'codebuild:{home}:project/{name}'],
  },
  aws_codepipeline: {
    type: 'AWS::CodePipeline::Pipeline',
    roles: { role_arn: 'RoleArn' },
    named: ['name', 'codepipeline:{home}:{name}'],
  },
  aws_cognito_identity_pool: {
    type: identityPool,
    roles: {},
    // the id of a pool is known only after apply
    named: ['identity_pool_name', 'cognito-identity:{home}:identitypool/*'],
  },
  aws_dynamodb_table: {
    type: 'AWS::DynamoDB::Stream',
    roles: {},
    arn: 'stream_arn',
    // the label of a stream is known only after apply
    named: ['name', 'dynamodb:{home}:table/{name}/stream/*'],
    if: 'stream_enabled',
  },
  aws_ecs_cluster: {
    type: 'AWS::ECS::Cluster',
    roles: {},
    named: ['name', 'ecs:{home}:cluster/{name}'],
  },
  aws_ecs_task_definition: {
    type: 'AWS::ECS::TaskDefinition',
    roles: { task_role_arn: 'TaskRoleArn', execution_role_arn: 'ExecutionRoleArn' },
    named: ['family', 'ecs:{home}:task-definition/{name}:1'],
  },
  aws_eks_cluster: {
    type: 'AWS::EKS::Cluster',
    roles: { role_arn: 'RoleArn' },
    named: ['name', 'eks:{home}:cluster/{name}'],
  },
  aws_eks_node_group: { type: 'AWS::EKS::Nodegroup', roles: { node_role_arn: 'NodeRole' } },
  aws_elastic_beanstalk_application: {
    type: 'AWS::ElasticBeanstalk::Application',
    roles: {},
    named: ['name', 'elasticbeanstalk:{home}:application/{name}'],
  },
  aws_glue_dev_endpoint: {
    type: 'AWS::Glue::DevEndpoint',
    roles: { role_arn: 'RoleArn' },
    named: ['name', 'glue:{home}:devEndpoint/{name}'],
  },
  aws_glue_job: {
    type: 'AWS::Glue::Job',
    roles: { role_arn: 'Role' },
    named: ['name', 'glue:{home}:job/{name}'],
  },
  aws_instance: { type: 'AWS::EC2::Instance', roles: { iam_instance_profile: 'IamInstanceProfile' } },
  aws_kinesis_stream: {
    type: 'AWS::Kinesis::Stream',
    roles: {},
    named: ['name', 'kinesis:{home}:stream/{name}'],
  },
  aws_lambda_function: {
    type: 'AWS::Lambda::Function',
    roles: { role: 'Role' },
    named: ['function_name', 'lambda:{home}:function:{name}'],
  },
  aws_launch_template: {
    type: 'AWS::EC2::LaunchTemplate',
    roles: { iam_instance_profile: 'LaunchTemplateData.IamInstanceProfile.Name' },
  },
  aws_sagemaker_domain: {
    type: 'AWS::SageMaker::Domain',
    roles: { 'default_user_settings.execution_role': 'DefaultUserSettings.ExecutionRole' },
  },
  aws_sagemaker_notebook_instance: {
    type: 'AWS::SageMaker::NotebookInstance',
    roles: { role_arn: 'RoleArn' },
    named: ['name', 'sagemaker:{home}:notebook-instance/{name}'],
  },
  aws_sagemaker_user_profile: {
    type: 'AWS::SageMaker::UserProfile',
    roles: { 'user_settings.execution_role': 'UserSettings.ExecutionRole' },
  },
  aws_sfn_state_machine: {
    type: 'AWS::StepFunctions::StateMachine',
    roles: { role_arn: 'RoleArn' },
    named: ['name', 'states:{home}:stateMachine:{name}'],
  },
  aws_sqs_queue: { type: 'AWS::SQS::Queue', roles: {}, named: ['name', 'sqs:{home}:{name}'] },
}

/** The resources of a plan or state that wear roles or that techniques ask for, as far as their ARNs are known. */
export function terraformWearers(root: JsonNode, options: ResolveOptions): readonly Wearer[] {
  const plan = new TerraformPlan(root, options)
  const withUrl = new Set(
    plan
      .resources()
      .flatMap(({ type, values }) =>
        type === 'aws_lambda_function_url' ? (textOf(member(values, 'function_name')) ?? []) : [],
      ),
  )
  const rolesOfPool = attachmentsIn(plan)
  return plan.resources().flatMap(({ type, address, values }): readonly Wearer[] => {
    const known = rowOf(types, type)
    if (known === undefined) return []
    const isOn = known.if === undefined ? undefined : member(values, known.if)
    if (known.if !== undefined && !(isOn?.type === 'scalar' && isOn.value === true)) return []
    const knownText = (name: string) => {
      const node = member(values, name)
      return node === undefined || plan.unknown.has(node) ? undefined : textOf(node)
    }
    const own = knownText(known.arn ?? 'arn')
    const [, partition = 'aws', region = '', account = ''] =
      /^arn:([\w-]+):[^:]*:([^:]*):(\d{12}):/.exec(own ?? '') ?? []
    const settled = plan.homes.of(address, values)
    const home = {
      account: account || settled.account,
      region: region || settled.region,
    }
    const [attribute = '', pattern = ''] = known.named ?? []
    const name = knownText(attribute)
    const made =
      name === undefined
        ? undefined
        : `arn:${partition}:${pattern.replace('{home}', `${home.region}:${home.account}`).replace('{name}', () => name)}`
    const arn = own ?? made
    if (arn === undefined) return []
    const worn = Object.entries(known.roles).flatMap(([path, property]) => {
      const node = path.split('.').reduce<JsonNode | undefined>((each, step) => {
        const inner = each?.type === 'list' ? each.items[0] : each
        return member(inner?.type === 'string' ? documentIn(inner.value) : inner, step)
      }, values)
      const block =
        node?.type === 'list' ? (member(node.items[0], 'name') ?? member(node.items[0], 'arn')) : node
      const value = textOf(block)
      return value === undefined || value === '' || (block !== undefined && plan.unknown.has(block))
        ? []
        : [{ property, value }]
    })
    const pool = known.type === identityPool ? rolesOfPool(values) : undefined
    return worn.length === 0 && !askedWithoutRole.has(known.type)
      ? []
      : [
          {
            type: known.type,
            arn,
            account: home.account,
            partition,
            worn: pool?.worn ?? worn,
            members: { ...membersOfTerraform(type, values, arn, plan.unknown, withUrl), ...pool?.members },
          },
        ]
  })
}

/** The roles that attachments give to a pool: by its id, or by its name if its id is known only after apply. */
function attachmentsIn(plan: TerraformPlan): (pool: JsonNode) => Pick<Wearer, 'worn' | 'members'> {
  const attached = plan
    .resources()
    .filter(({ type }) => type === 'aws_cognito_identity_pool_roles_attachment')
    .map(({ values }) => values)
  const poolOf = (values: JsonNode): string | undefined => {
    const node = member(values, 'identity_pool_id')
    return node === undefined || plan.unknown.has(node) ? undefined : textOf(node)
  }
  return (pool) => {
    const names = [member(pool, 'id'), member(pool, 'identity_pool_name')].flatMap(
      (node) => textOf(node) ?? [],
    )
    // an attachment whose pool is not known may be one of this pool
    const given = attached.filter((each) => names.includes(poolOf(each) ?? names[0] ?? ''))
    const isSure = given.every((each) => poolOf(each) !== undefined && hasUserRole(each))
    const { worn, members } = attachedRoles(
      given.map((each) => ({
        roles: member(each, 'roles'),
        mapped: itemsOf(member(each, 'role_mapping')).flatMap((mapping) =>
          itemsOf(member(mapping, 'mapping_rule')).map((rule) => member(rule, 'role_arn')),
        ),
      })),
      plan.unknown,
    )
    return { worn, members: isSure ? members : { ...members, roleUnknown: true } }
  }
}

/** Whether the role of users is known: a plan leaves out what is known only after apply. */
function hasUserRole(values: JsonNode): boolean {
  return textOf(member(member(values, 'roles'), 'authenticated')) !== undefined
}

/** A document that is an attribute's text: the properties of a container. */
function documentIn(text: string): JsonNode | undefined {
  const root = text.startsWith('{') ? parseJson(text, 32) : undefined
  return root?.type === 'problem' ? undefined : root
}
