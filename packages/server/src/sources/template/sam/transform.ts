import type { JsonMember, JsonNode } from '@omen-iam/policy'
import { at, member, membersOf, oneOrMany, textOf } from '../../nodes.ts'
import {
  authorizerPermissions,
  brokerPolicies,
  deploymentGroup,
  destinationPolicies,
  functionUrl,
  madeDestinations,
  notOfFunction,
  sharedByDeployments,
} from './beside.ts'
import { objectAt, type Plain } from './build.ts'
import { type Made, madeByEvents } from './events.ts'
import { bare, generatedIds, implicitStages, joined, namesIn, propertyOf } from './generated.ts'
import { rolePolicies } from './policies.ts'

/** Returns whether a template uses the transform of the AWS Serverless Application Model. */
export function isServerless(root: JsonNode): boolean {
  return oneOrMany(member(root, 'Transform')).some((each) => textOf(each) === 'AWS::Serverless-2016-10-31')
}

const managed = (name: string): Plain => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${name}` })

/**
 * The template that SAM makes, as far as identities and policies are concerned: functions and state machines with
 * their roles, the permissions and roles of their events, tables, and nested applications. Every part has the place of
 * its source. Source: SAM specification, and "Generated CloudFormation resources" in the AWS SAM Developer Guide.
 */
export function samTransformed(root: JsonNode): JsonNode {
  const resources: JsonMember[] = []
  const implicits = new Set<'Rest' | 'Http'>()
  const groups: Made[] = []
  for (const { key, value } of membersOf(member(root, 'Resources'))) {
    for (const { id, ...made } of resourcesOf(root, key.value, value)) {
      resources.push({ key: { ...key, value: id }, value: resourceAt(made, value) })
      if (made.type === 'AWS::CodeDeploy::DeploymentGroup') groups.push({ id, ...made })
    }
    for (const { value: event } of membersOf(at(value, 'Properties', 'Events'))) {
      const type = textOf(member(event, 'Type'))
      const implicit = type === 'Api' ? 'Rest' : type === 'HttpApi' ? 'Http' : undefined
      const named = at(event, 'Properties', 'RestApiId') ?? at(event, 'Properties', 'ApiId')
      if (implicit !== undefined && named === undefined) implicits.add(implicit)
    }
  }
  const section = member(root, 'Resources') ?? root
  const written = new Set(resources.map(({ key }) => key.value))
  for (const made of sharedByDeployments(groups, written))
    resources.push({
      key: { type: 'string', value: made.id, start: section.start, end: section.start },
      value: resourceAt(made, section),
    })
  const known = new Set(resources.map(({ key }) => key.value))
  for (const each of referredTo(root, implicits, known))
    resources.push({ key: { ...each.place, value: each.made.id }, value: resourceAt(each.made, each.place) })
  for (const each of implicits) {
    const id = `Serverless${each}Api`
    const type = each === 'Rest' ? 'AWS::ApiGateway::RestApi' : 'AWS::ApiGatewayV2::Api'
    if (known.has(id)) continue
    const auth = at(root, 'Globals', each === 'Rest' ? 'Api' : 'HttpApi', 'Auth')
    const api = { id, type, properties: {}, condition: undefined }
    for (const made of [api, ...authorizerPermissions(id, auth, each, undefined)])
      resources.push({
        key: { type: 'string', value: made.id, start: section.start, end: section.start },
        value: resourceAt(made, section),
      })
  }
  return {
    type: 'object',
    members: membersOf(root).map((each) =>
      each.key.value === 'Resources'
        ? {
            key: each.key,
            value: { type: 'object', members: resources, start: each.value.start, end: each.value.end },
          }
        : each,
    ),
    start: root.start,
    end: root.end,
  }
}

/** Resources that SAM makes beside those, as far as the template refers to them (behaviour TPL-42). */
function referredTo(root: JsonNode, implicits: ReadonlySet<'Rest' | 'Http'>, known: ReadonlySet<string>) {
  const names = namesIn(root)
  const found: { readonly made: Made; readonly place: JsonMember['key'] }[] = []
  const add = (id: string, type: string, place: JsonMember['key'], condition?: JsonNode) => {
    if (names.has(id) && !known.has(id)) found.push({ made: bare(id, type, condition), place })
  }
  for (const { key, value } of membersOf(member(root, 'Resources')))
    for (const [id, type] of generatedIds(
      key.value,
      textOf(member(value, 'Type')) ?? '',
      propertyOf(root, value),
    ))
      add(id, type, key, member(value, 'Condition'))
  const [first] = membersOf(member(root, 'Resources'))
  for (const kind of ['Rest', 'Http'] as const)
    if (implicits.has(kind) && first !== undefined) add(...implicitStages[kind], first.key)
  return found
}

function resourceAt(
  { type, properties, condition, attributes }: Omit<Made, 'id'>,
  place: JsonNode,
): JsonNode {
  if (type === '') return place
  return objectAt({ Type: type, Condition: condition, ...attributes, Properties: properties }, place)
}

/** The results of one resource. */
function resourcesOf(root: JsonNode, id: string, resource: JsonNode): readonly Made[] {
  const type = textOf(member(resource, 'Type')) ?? ''
  const condition = member(resource, 'Condition')
  const given = (kind: string): Properties =>
    new Properties(at(root, 'Globals', kind), member(resource, 'Properties'))
  const common = { condition, attributes: attributesOf(resource) }
  switch (type) {
    case 'AWS::Serverless::Function':
      return functionOf(id, given('Function'), common)
    case 'AWS::Serverless::StateMachine':
      return stateMachineOf(id, given('StateMachine'), common)
    case 'AWS::Serverless::SimpleTable':
      return [{ id, type: 'AWS::DynamoDB::Table', properties: given('SimpleTable').all(), ...common }]
    case 'AWS::Serverless::Api':
      return apiOf(id, 'Rest', given('Api').get('Auth'), common)
    case 'AWS::Serverless::HttpApi':
      return apiOf(id, 'Http', given('HttpApi').get('Auth'), common)
    case 'AWS::Serverless::LayerVersion':
      return [{ id, type: 'AWS::Lambda::LayerVersion', properties: given('LayerVersion').all(), ...common }]
    case 'AWS::Serverless::Application': {
      const properties = given('Application')
      const url = properties.get('Location')
      return [
        {
          id,
          type: 'AWS::CloudFormation::Stack',
          properties: { TemplateURL: url, Parameters: properties.get('Parameters') },
          ...common,
        },
      ]
    }
    default:
      return [{ id, type: '', properties: {}, ...common }]
  }
}

/** Attributes of a resource that SAM passes on. */
function attributesOf(resource: JsonNode): { readonly [name: string]: Plain } {
  return { DependsOn: member(resource, 'DependsOn'), DeletionPolicy: member(resource, 'DeletionPolicy') }
}

/** The properties of a resource over those of Globals. */
class Properties {
  readonly #globals: JsonNode | undefined
  readonly #own: JsonNode | undefined

  constructor(globals: JsonNode | undefined, own: JsonNode | undefined) {
    this.#globals = globals
    this.#own = own
  }

  get(name: string): JsonNode | undefined {
    return joined(member(this.#globals, name), member(this.#own, name))
  }

  /** Its tags as a list, with the one that SAM adds to what it makes. */
  tags(kind: 'lambda' | 'stateMachine'): Plain {
    const given = membersOf(this.get('Tags')).map(({ key, value }): [string, Plain] => [key.value, value])
    return [...new Map<string, Plain>([[`${kind}:createdBy`, 'SAM'], ...given])].map(([Key, Value]) => ({
      Key,
      Value,
    }))
  }

  all(): { readonly [name: string]: Plain } {
    return Object.fromEntries(
      [...membersOf(this.#globals), ...membersOf(this.#own)].map(({ key, value }) => [key.value, value]),
    )
  }
}

type Common = Pick<Made, 'condition' | 'attributes'>

function apiOf(
  id: string,
  kind: 'Rest' | 'Http',
  auth: JsonNode | undefined,
  common: Common,
): readonly Made[] {
  const type = kind === 'Rest' ? 'AWS::ApiGateway::RestApi' : 'AWS::ApiGatewayV2::Api'
  return [{ id, type, properties: {}, ...common }, ...authorizerPermissions(id, auth, kind, common.condition)]
}

function functionOf(id: string, properties: Properties, common: Common): readonly Made[] {
  const role = properties.get('Role')
  const kept = Object.fromEntries(
    Object.entries(properties.all()).filter(([name]) => !notOfFunction.has(name)),
  )
  const get = (name: string) => properties.get(name)
  const made = {
    id,
    type: 'AWS::Lambda::Function',
    properties: { ...kept, Role: role ?? roleArn(id), Tags: properties.tags('lambda') },
    ...common,
  }
  const { condition } = common
  const events = properties.get('Events')
  const { resources: called, policies: polled } = madeByEvents(id, 'function', events, condition)
  const destinations = [...madeDestinations(id, get('EventInvokeConfig'))]
  const resources = [
    ...called,
    ...functionUrl(id, get, condition),
    ...deploymentGroup(id, get, condition),
    ...destinations.map(([made, type]) => bare(made, type, condition)),
  ]
  if (role !== undefined) return [made, ...resources]
  const { inline, managed: attached } = rolePolicies(id, properties.get('Policies'))
  const target = at(properties.get('DeadLetterQueue'), 'TargetArn')
  const action =
    textOf(at(properties.get('DeadLetterQueue'), 'Type')) === 'SNS' ? 'sns:Publish' : 'sqs:SendMessage'
  const letters: readonly Plain[] =
    target === undefined
      ? []
      : [
          {
            PolicyName: 'DeadLetterQueuePolicy',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: [action], Resource: target }],
            },
          },
        ]
  const basic = [
    managed('service-role/AWSLambdaBasicExecutionRole'),
    ...(textOf(properties.get('Tracing')) === 'Active' ? [managed('AWSXRayDaemonWriteAccess')] : []),
    ...(properties.get('VpcConfig') === undefined
      ? []
      : [managed('service-role/AWSLambdaVPCAccessExecutionRole')]),
    ...polled.map(managed),
  ]
  return [
    made,
    roleOf(
      id,
      'lambda',
      properties,
      [...basic, ...attached],
      [...inline, ...letters, ...destinationPolicies(id, get), ...brokerPolicies(events)],
      common,
    ),
    ...resources,
  ]
}

function stateMachineOf(id: string, properties: Properties, common: Common): readonly Made[] {
  const role = properties.get('Role')
  const name = properties.get('Name')
  const made = {
    id,
    type: 'AWS::StepFunctions::StateMachine',
    properties: {
      StateMachineName: name,
      RoleArn: role ?? roleArn(id),
      Tags: properties.tags('stateMachine'),
    },
    ...common,
  }
  const boundary = properties.get('PermissionsBoundary')
  const { resources } = madeByEvents(id, 'stateMachine', properties.get('Events'), common.condition, boundary)
  const policies = properties.get('Policies')
  if (role !== undefined) return [made, ...resources]
  const { inline, managed: attached } = rolePolicies(id, policies)
  const traced =
    textOf(at(properties.get('Tracing'), 'Enabled')) === 'true' ||
    isTrue(at(properties.get('Tracing'), 'Enabled'))
  const all = [...attached, ...(traced ? [managed('AWSXRayDaemonWriteAccess')] : [])]
  return [made, roleOf(id, 'stateMachine', properties, all, inline, common), ...resources]
}

function isTrue(node: JsonNode | undefined): boolean {
  return node?.type === 'scalar' && node.value === true
}

function roleArn(id: string): Plain {
  return { 'Fn::GetAtt': [`${id}Role`, 'Arn'] }
}

function roleOf(
  id: string,
  kind: 'lambda' | 'stateMachine',
  properties: Properties,
  attached: readonly Plain[],
  inline: readonly Plain[],
  { condition }: Common,
): Made {
  const service = kind === 'lambda' ? 'lambda.amazonaws.com' : 'states.amazonaws.com'
  return {
    id: `${id}Role`,
    type: 'AWS::IAM::Role',
    condition,
    properties: {
      AssumeRolePolicyDocument: properties.get('AssumeRolePolicyDocument') ?? {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: { Service: [service] } }],
      },
      ManagedPolicyArns: attached,
      Policies: inline.length === 0 ? undefined : inline,
      Path: properties.get('RolePath'),
      PermissionsBoundary: properties.get('PermissionsBoundary'),
      Tags: properties.tags(kind),
    },
  }
}
