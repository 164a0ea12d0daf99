import type { JsonNode } from '@omen-iam/policy'
import { member, type ResolveOptions, rowOf, textOf } from '../../sources/index.ts'
import { TerraformPlan } from './terraform-plan.ts'
import type { Wearer } from './wearer.ts'

/** A type of Terraform that wears roles: CloudFormation's type, the attributes that name roles, and the ARN by a name. */
interface WearerType {
  readonly type: string
  /** Attributes with a role, and the properties of CloudFormation that they are. */
  readonly roles: Readonly<Record<string, string>>
  /** The attribute with the name, and the ARN that it makes. */
  readonly named?: readonly [attribute: string, arn: string]
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
  aws_batch_job_definition: { type: 'AWS::Batch::JobDefinition', roles: {} },
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
  aws_lambda_function: {
    type: 'AWS::Lambda::Function',
    roles: { role: 'Role' },
    named: ['function_name', 'lambda:{home}:function:{name}'],
  },
  aws_launch_template: {
    type: 'AWS::EC2::LaunchTemplate',
    roles: { iam_instance_profile: 'LaunchTemplateData.IamInstanceProfile.Name' },
  },
  aws_sagemaker_notebook_instance: {
    type: 'AWS::SageMaker::NotebookInstance',
    roles: { role_arn: 'RoleArn' },
    named: ['name', 'sagemaker:{home}:notebook-instance/{name}'],
  },
  aws_sfn_state_machine: {
    type: 'AWS::StepFunctions::StateMachine',
    roles: { role_arn: 'RoleArn' },
    named: ['name', 'states:{home}:stateMachine:{name}'],
  },
}

/** The resources of a plan or state that wear roles, as far as their ARNs are known. */
export function terraformWearers(root: JsonNode, options: ResolveOptions): readonly Wearer[] {
  const plan = new TerraformPlan(root)
  return plan.resources().flatMap(({ type, values }): readonly Wearer[] => {
    const known = rowOf(types, type)
    if (known === undefined) return []
    const own = textOf(member(values, 'arn'))
    const [, partition = 'aws', region = '', account = ''] =
      /^arn:([\w-]+):[^:]*:([^:]*):(\d{12}):/.exec(own ?? '') ?? []
    const home = {
      account:
        account || (options.account ?? plan.read('aws_caller_identity', 'account_id') ?? '123456789012'),
      region:
        region ||
        (options.region ?? plan.read('aws_region', 'name') ?? plan.providerSetting('region') ?? 'us-east-1'),
    }
    const [attribute = '', pattern = ''] = known.named ?? []
    const name = textOf(member(values, attribute))
    const made =
      name === undefined
        ? undefined
        : `arn:${partition}:${pattern.replace('{home}', `${home.region}:${home.account}`).replace('{name}', () => name)}`
    const arn = own ?? made
    if (arn === undefined) return []
    const worn = Object.entries(known.roles).flatMap(([path, property]) => {
      const node = path
        .split('.')
        .reduce<JsonNode | undefined>(
          (each, step) => member(each?.type === 'list' ? each.items[0] : each, step),
          values,
        )
      const block =
        node?.type === 'list' ? (member(node.items[0], 'name') ?? member(node.items[0], 'arn')) : node
      const value = textOf(block)
      return value === undefined || value === '' || (block !== undefined && plan.unknown.has(block))
        ? []
        : [{ property, value }]
    })
    return worn.length === 0 ? [] : [{ type: known.type, arn, account: home.account, partition, worn }]
  })
}
