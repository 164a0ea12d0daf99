import type { JsonNode } from '@omen-iam/policy'
import { actionInfo, passRoleRows } from '../../authorization/catalogue/index.ts'
import type { AccessRequest } from '../../authorization/index.ts'
import { type ArnOwner, iamArn, parseArn, principalIn } from '../../base/index.ts'
import {
  member,
  membersOf,
  oneOrMany,
  type ResolvedResource,
  type ResolvedTemplates,
} from '../../sources/index.ts'
import type { HandedOn } from './messages.ts'
import { taggingRequests, tagsOf, untaggingRequests, withTags } from './tags.ts'

/** Prefixes of actions that are not the type's second word in small letters. */
const prefixes: Readonly<Record<string, string | undefined>> = {
  ApplicationAutoScaling: 'application-autoscaling',
  CertificateManager: 'acm',
  Cognito: 'cognito-idp',
  EFS: 'elasticfilesystem',
  ElasticLoadBalancingV2: 'elasticloadbalancing',
  KinesisFirehose: 'firehose',
  MSK: 'kafka',
  OpenSearchService: 'es',
  StepFunctions: 'states',
}

/** Actions of types whose name differs from the action's. Source: AWS CloudFormation resource reference and service authorization reference. */
const actionsByType: Readonly<
  Record<string, { readonly create: string; readonly delete: string } | undefined>
> = {
  'AWS::ApiGateway::RestApi': { create: 'apigateway:POST', delete: 'apigateway:DELETE' },
  'AWS::CloudWatch::Alarm': { create: 'cloudwatch:PutMetricAlarm', delete: 'cloudwatch:DeleteAlarms' },
  'AWS::EC2::Instance': { create: 'ec2:RunInstances', delete: 'ec2:TerminateInstances' },
  'AWS::ECS::TaskDefinition': {
    create: 'ecs:RegisterTaskDefinition',
    delete: 'ecs:DeregisterTaskDefinition',
  },
  'AWS::Events::Rule': { create: 'events:PutRule', delete: 'events:DeleteRule' },
  'AWS::Lambda::Permission': { create: 'lambda:AddPermission', delete: 'lambda:RemovePermission' },
  'AWS::Lambda::Version': { create: 'lambda:PublishVersion', delete: 'lambda:DeleteFunction' },
  'AWS::S3::BucketPolicy': { create: 's3:PutBucketPolicy', delete: 's3:DeleteBucketPolicy' },
  'AWS::SNS::Subscription': { create: 'sns:Subscribe', delete: 'sns:Unsubscribe' },
  'AWS::SNS::TopicPolicy': { create: 'sns:SetTopicAttributes', delete: 'sns:SetTopicAttributes' },
  'AWS::SQS::QueuePolicy': { create: 'sqs:SetQueueAttributes', delete: 'sqs:SetQueueAttributes' },
  'AWS::SSM::Parameter': { create: 'ssm:PutParameter', delete: 'ssm:DeleteParameter' },
}

const custom = 'AWS::CloudFormation::CustomResource'

/** The property of a type that names another resource, and that resource's ARN by the name. */
interface Subject {
  readonly property: string
  readonly arn: (name: string, at: ResolvedResource) => string
}

const local = (service: string, kind: string): Subject['arn'] => {
  return (name, { partition, region, account }) =>
    name.startsWith('arn:') ? name : `arn:${partition}:${service}:${region}:${account}:${kind}${name}`
}

/** Types that are no resource of their own, but a part of another one (behaviour GRD-403). */
const subjects: Readonly<Record<string, Subject | undefined>> = {
  [custom]: { property: 'ServiceToken', arn: (name) => name },
  'AWS::Lambda::Permission': { property: 'FunctionName', arn: local('lambda', 'function:') },
  'AWS::Lambda::Version': { property: 'FunctionName', arn: local('lambda', 'function:') },
  'AWS::S3::BucketPolicy': {
    property: 'Bucket',
    arn: (name, { partition }) => `arn:${partition}:s3:::${name}`,
  },
  'AWS::SNS::Subscription': { property: 'TopicArn', arn: local('sns', '') },
  'AWS::SNS::TopicPolicy': { property: 'Topics', arn: local('sns', '') },
  'AWS::SQS::QueuePolicy': {
    property: 'Queues',
    arn: (url, at) => local('sqs', '')(url.slice(url.lastIndexOf('/') + 1), at),
  },
  'AWS::SSM::Parameter': {
    property: 'Name',
    arn: (name, at) => local('ssm', 'parameter/')(name.replace(/^\//, ''), at),
  },
}

/** Custom resources have any type behind `Custom::`. */
const plainType = (type: string) => (type.startsWith('Custom::') ? custom : type)

/** The action that CloudFormation uses to reach the provider of a custom resource, a function or a topic. */
function invocationOf(provider: string | undefined): string | undefined {
  return { lambda: 'lambda:InvokeFunction', sns: 'sns:Publish' }[parseArn(provider ?? '')?.service ?? '']
}

/** Returns whether a type is a part of another resource, which it changes whenever it changes. */
export function isAboutAnother(type: string): boolean {
  return subjects[plainType(type)] !== undefined
}

/** Types that are CloudFormation's own, and make nothing. */
const makesNothing = /^AWS::(?:CDK::Metadata|CloudFormation::(?:WaitConditionHandle|WaitCondition))$/

/** The action that a type outside IAM needs, if one is known. */
function actionFor(type: string, doing: 'create' | 'delete'): string | undefined {
  const known = actionsByType[type]
  if (known !== undefined) return known[doing]
  const [, service = '', thing = ''] = type.split('::')
  const prefix = prefixes[service] ?? service.toLowerCase()
  const action = `${prefix}:${doing === 'create' ? 'Create' : 'Delete'}${thing}`
  const info = actionInfo(action)
  return info && `${prefix}:${info.name}`
}

/** The questions about a resource, and the types for which only CloudFormation's own permission is checked. */
export interface OtherQuestions {
  readonly requests: readonly AccessRequest[]
  readonly unasked: readonly string[]
}

/**
 * The actions that create or delete resources outside IAM: those of that name in AWS's service authorization
 * reference. AWS publishes the exact lists in its resource provider schemas, which no package contains.
 */
export function otherQuestions(
  resources: readonly ResolvedResource[],
  resolved: Pick<ResolvedTemplates, 'text'> | undefined,
  doing: 'create' | 'delete',
): OtherQuestions {
  const requests: AccessRequest[] = []
  const unasked = new Set<string>()
  for (const resource of resources) {
    const { type } = resource
    if (type.startsWith('AWS::IAM::') || makesNothing.test(type)) continue
    const about = subjectsOf(resource, resolved)
    const action = plainType(type) === custom ? invocationOf(about[0]) : actionFor(type, doing)
    if (action === undefined) unasked.add(type)
    const tags = doing === 'create' && resolved !== undefined ? tagsOf(resource, resolved) : new Map()
    for (const subject of askedOn(resource, about)) {
      if (action !== undefined) requests.push(withTags({ action, resource: subject }, tags))
      requests.push(...taggingRequests(type, subject, tags, action))
    }
  }
  return { requests, unasked: [...unasked] }
}

/** The resources that are asked about: those that a resource is about, its own ARN, or all if that is not known. */
function askedOn({ arn }: ResolvedResource, about: readonly string[]): readonly string[] {
  if (about.length > 0) return about
  return [arn === undefined || arn.dependsOn !== undefined ? '*' : onlyName(arn.value)]
}

/** The questions about tags that a resource gets and loses while it stays (behaviour GRD-511). */
export function tagChanges(
  before: readonly [ResolvedResource, Pick<ResolvedTemplates, 'text'>],
  after: readonly [ResolvedResource, Pick<ResolvedTemplates, 'text'>],
): readonly AccessRequest[] {
  const [resource, resolved] = after
  const { type } = resource
  if (type.startsWith('AWS::IAM::')) return []
  const [old, now] = [tagsOf(...before), tagsOf(...after)]
  const changed = new Map([...now].filter(([key, value]) => old.get(key) !== value))
  const lost = [...old.keys()].filter((key) => !now.has(key))
  return askedOn(resource, subjectsOf(resource, resolved)).flatMap((subject) => [
    ...taggingRequests(type, subject, changed, undefined),
    ...untaggingRequests(type, subject, lost),
  ])
}

/** ARNs of the resources that a resource is about; none if it is one itself, or if they are not known. */
function subjectsOf(
  resource: ResolvedResource,
  resolved: Pick<ResolvedTemplates, 'text'> | undefined,
): readonly string[] {
  const subject = subjects[plainType(resource.type)]
  if (subject === undefined || resolved === undefined) return []
  const named = oneOrMany(member(resource.properties, subject.property)).map((each) => resolved.text(each))
  if (named.some(({ dependsOn }) => dependsOn !== undefined)) return []
  return named.map(({ value }) => subject.arn(value, resource))
}

/** A log group's ARN ends with `:*`, which no request has. */
function onlyName(arn: string): string {
  return arn.replace(/:\*$/, '')
}

/** Why the role that a resource passes is unknown. */
export class UnknownRole extends Error {
  override readonly name = 'UnknownRole'
}

/**
 * The roles that resources hand on, each with the service that gets it. @param roleInProfile the role of an instance profile
 * of this template; undefined if it has none of this name @throws UnknownRole if a role depends on an unknown value
 */
export function passedRoles(
  resources: readonly ResolvedResource[],
  resolved: Pick<ResolvedTemplates, 'text'>,
  owner: ArnOwner,
  roleInProfile: (name: string) => string | undefined,
): readonly HandedOn[] {
  const found = resources.flatMap((resource) => handedOn(resource, resolved, owner, roleInProfile))
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()]
}

/** Properties that name a role, as the resource reference has them: `Role`, `ExecutionRoleArn`, `ServiceRole`, `RoleARN` … */
const namesRole = /(?:^|[a-z])Role(?:Arn|ARN|Name)?$/

function handedOn(
  resource: ResolvedResource,
  { text }: Pick<ResolvedTemplates, 'text'>,
  owner: ArnOwner,
  roleInProfile: (name: string) => string | undefined,
): readonly HandedOn[] {
  const { type, logicalId, properties } = resource
  if (type.startsWith('AWS::IAM::')) return []
  const [, word = '', thing = ''] = type.split('::')
  const prefix = prefixes[word] ?? word.toLowerCase()
  const [row] = passRoleRows(prefix, `Create${thing}`)
  const service = row?.passedTo[0] ?? principalIn(owner.partition, `${prefix}.amazonaws.com`)
  const found: HandedOn[] = []
  const known = (node: JsonNode, what: string): string => {
    const { value, dependsOn } = text(node)
    if (dependsOn !== undefined)
      throw new UnknownRole(`The ${what} of ${logicalId} depends on ${dependsOn}, which is not known`)
    return value
  }
  const visit = (node: JsonNode): void => {
    if (node.type === 'list') for (const item of node.items) visit(item)
    for (const { key, value } of membersOf(node)) {
      if (value.type !== 'string') {
        visit(value)
        continue
      }
      if (key.value === 'IamInstanceProfile' || isProfilePart(node, key.value, value)) {
        const name = known(value, 'instance profile').replace(/^.*\//, '')
        const role = roleInProfile(name)
        const ec2 = principalIn(owner.partition, 'ec2.amazonaws.com')
        found.push(role === undefined ? { profile: name, service: ec2 } : { role, service: ec2 })
      } else if (namesRole.test(key.value)) {
        const role = known(value, 'role')
        if (role === '') continue
        const isArn = parseArn(role) !== undefined
        found.push({ role: isArn ? role : iamArn(owner, 'role', '/', role.replace(/^\//, '')), service })
      }
    }
  }
  visit(properties)
  return found
}

/** `{Arn}` or `{Name}` of an instance profile. */
function isProfilePart(_: JsonNode, key: string, value: JsonNode): boolean {
  return key === 'Arn' && value.type === 'string' && value.value.includes(':instance-profile/')
}
