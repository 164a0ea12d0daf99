import type { JsonNode } from '@omen-iam/policy'
import { itemsOf, member, type ResolvedResource, textOf } from '../../sources/index.ts'

/** Members of a resource besides its roles that paths depend on. One that is absent is unknown. */
export interface ResourceMembers {
  readonly tags?: Readonly<Record<string, string>>
  /** Of a Lambda function: whether it has a function URL, whose address is known only after deployment. */
  readonly url?: boolean
  /** Of a Lambda function: the ARN, or `false`. */
  readonly codeSigningConfig?: string | false
  /** Of a CodeBuild project. */
  readonly batch?: boolean
  /** Of an identity pool: whether it lets in guests. */
  readonly allowUnauthenticatedIdentities?: boolean
  /** Of an identity pool: whether it has the basic flow. */
  readonly allowClassicFlow?: boolean
  /** Of a notebook instance: the name of its lifecycle configuration; null: none. */
  readonly lifecycleConfig?: string | null
  /** Of a state machine: STANDARD or EXPRESS. */
  readonly machineType?: string | null
  /** Of an application of Managed Service for Apache Flink: STREAMING or INTERACTIVE. */
  readonly applicationMode?: string | null
  /** Of a service of Amazon ECS: the ARN of the task definition. */
  readonly taskDefinition?: string
  /** Of a stack set: the ARN of the role with which it makes its stacks. */
  readonly administrationRole?: string
  /** Of a stack set: SELF_MANAGED or SERVICE_MANAGED. */
  readonly permissionModel?: string
  /** Whether it has a role that is not known. */
  readonly roleUnknown?: true
}

type Unknown = Pick<ReadonlyMap<JsonNode, string>, 'has'>

/** The functions that have a URL, by what the templates name them with: a name or an ARN. */
export function functionsWithUrl(resources: readonly ResolvedResource[]): ReadonlySet<string> {
  return new Set(
    resources.flatMap(({ type, properties }) =>
      type === 'AWS::Lambda::Url' ? (textOf(member(properties, 'TargetFunctionArn')) ?? []) : [],
    ),
  )
}

/** Returns the members of a resource in a template. */
export function membersOfTemplate(
  { type, properties }: ResolvedResource,
  arn: string,
  unknown: Unknown,
  withUrl: ReadonlySet<string>,
): ResourceMembers {
  const tags = listedTags(member(properties, 'Tags'), unknown)
  return {
    ...(tags === undefined ? {} : { tags }),
    ...(type === 'AWS::Lambda::Function'
      ? ofFunction(arn, member(properties, 'CodeSigningConfigArn'), unknown, withUrl)
      : {}),
    ...(type === 'AWS::ECS::Service' ? ofService(member(properties, 'TaskDefinition'), unknown) : {}),
    ...saidBy(type, properties, unknown),
    ...(type === 'AWS::CodeBuild::Project' && !isUnknown(member(properties, 'BuildBatchConfig'), unknown)
      ? { batch: member(properties, 'BuildBatchConfig') !== undefined }
      : {}),
  }
}

/** Returns the members of a resource in a plan or a state of Terraform, by its type there. */
export function membersOfTerraform(
  type: string,
  values: JsonNode,
  arn: string,
  unknown: Unknown,
  withUrl: ReadonlySet<string>,
): ResourceMembers {
  const tags = mappedTags(member(values, 'tags_all') ?? member(values, 'tags'), unknown)
  return {
    ...(tags === undefined ? {} : { tags }),
    ...(type === 'aws_lambda_function'
      ? ofFunction(arn, member(values, 'code_signing_config_arn'), unknown, withUrl)
      : {}),
    ...(type === 'aws_cognito_identity_pool'
      ? flags(
          member(values, 'allow_unauthenticated_identities'),
          member(values, 'allow_classic_flow'),
          unknown,
        )
      : {}),
    ...(type === 'aws_codebuild_project'
      ? { batch: itemsOf(member(values, 'build_batch_config')).length > 0 }
      : {}),
    ...saidBy(type, values, unknown),
    ...(type === 'aws_ecs_service' ? ofService(member(values, 'task_definition'), unknown) : {}),
    ...(type === 'aws_cloudformation_stack_set' ? ofStackSet(values) : {}),
  }
}

/** The flags of users that a pool lets in; a flag that is absent is off, and an unknown one is left out. */
export function flags(
  guests: JsonNode | undefined,
  classic: JsonNode | undefined,
  unknown: Unknown,
): Pick<ResourceMembers, 'allowUnauthenticatedIdentities' | 'allowClassicFlow'> {
  const [isOpen, isClassic] = [guests, classic].map((node) => flagOf(node, unknown))
  return {
    ...(isOpen === undefined ? {} : { allowUnauthenticatedIdentities: isOpen }),
    ...(isClassic === undefined ? {} : { allowClassicFlow: isClassic }),
  }
}

function flagOf(node: JsonNode | undefined, unknown: Unknown): boolean | undefined {
  if (node === undefined) return false
  if (unknown.has(node)) return undefined
  if (node.type === 'scalar') return node.value === true
  const text = textOf(node)?.toLowerCase()
  return text === 'true' ? true : text === 'false' ? false : undefined
}

/** Members that one property says, by type: the property, and what holds without it. */
const ofProperty: Readonly<
  Record<string, readonly [keyof ResourceMembers, property: string, absent: string | null] | undefined>
> = {
  'AWS::SageMaker::NotebookInstance': ['lifecycleConfig', 'LifecycleConfigName', null],
  'AWS::StepFunctions::StateMachine': ['machineType', 'StateMachineType', 'STANDARD'],
  'AWS::KinesisAnalyticsV2::Application': ['applicationMode', 'ApplicationMode', 'STREAMING'],
  aws_sagemaker_notebook_instance: ['lifecycleConfig', 'lifecycle_config_name', null],
  aws_sfn_state_machine: ['machineType', 'type', 'STANDARD'],
  aws_kinesisanalyticsv2_application: ['applicationMode', 'application_mode', 'STREAMING'],
}

function saidBy(type: string, properties: JsonNode | undefined, unknown: Unknown): ResourceMembers {
  const [name, property = '', absent] = ofProperty[type] ?? []
  const node = member(properties, property)
  if (name === undefined || isUnknown(node, unknown)) return {}
  return { [name]: textOf(node) || absent }
}

/** The role of its tasks is that of the task definition. */
function ofService(node: JsonNode | undefined, unknown: Unknown): ResourceMembers {
  const taskDefinition = isUnknown(node, unknown) ? undefined : textOf(node)
  return taskDefinition ? { taskDefinition } : { roleUnknown: true }
}

function ofStackSet(values: JsonNode): ResourceMembers {
  const administrationRole = textOf(member(values, 'administration_role_arn'))
  const permissionModel = textOf(member(values, 'permission_model'))
  return {
    ...(administrationRole ? { administrationRole } : {}),
    ...(permissionModel ? { permissionModel } : {}),
  }
}

function ofFunction(
  arn: string,
  signing: JsonNode | undefined,
  unknown: Unknown,
  withUrl: ReadonlySet<string>,
): ResourceMembers {
  const name = arn.slice(arn.lastIndexOf(':') + 1)
  const config = textOf(signing)
  return {
    url: withUrl.has(arn) || withUrl.has(name),
    ...(isUnknown(signing, unknown)
      ? {}
      : { codeSigningConfig: config === undefined || config === '' ? (false as const) : config }),
  }
}

/** Tags in CloudFormation's list, or as an object; undefined if there are none or one of them is not known. */
function listedTags(node: JsonNode | undefined, unknown: Unknown): ResourceMembers['tags'] {
  if (node?.type === 'object') return mappedTags(node, unknown)
  if (node?.type !== 'list') return undefined
  const tags: Record<string, string> = {}
  for (const item of itemsOf(node)) {
    const [key, value] = [member(item, 'Key'), member(item, 'Value')]
    const [name, text] = [textOf(key), textOf(value)]
    if (isUnknown(key, unknown) || isUnknown(value, unknown) || name === undefined || text === undefined)
      return undefined
    tags[name] = text
  }
  return tags
}

function mappedTags(node: JsonNode | undefined, unknown: Unknown): ResourceMembers['tags'] {
  if (node?.type !== 'object' || unknown.has(node)) return undefined
  const tags: Record<string, string> = {}
  for (const { key, value } of node.members) {
    const text = textOf(value)
    if (text === undefined || unknown.has(value)) return undefined
    tags[key.value] = text
  }
  return tags
}

function isUnknown(node: JsonNode | undefined, unknown: Unknown): boolean {
  return node !== undefined && unknown.has(node)
}
