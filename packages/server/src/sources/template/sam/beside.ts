import type { JsonNode } from '@omen-iam/policy'
import { at, itemsOf, member, membersOf, textOf } from '../../nodes.ts'
import type { Plain } from './build.ts'
import type { Made } from './events.ts'

/** Properties of a function of SAM that other resources get: a version, an alias, a URL, a deployment group. */
export const notOfFunction: ReadonlySet<string> = new Set([
  'AssumeRolePolicyDocument',
  'AutoPublishAlias',
  'AutoPublishAliasAllProperties',
  'AutoPublishCodeSha256',
  'DeploymentPreference',
  'EventInvokeConfig',
  'Events',
  'FunctionUrlConfig',
  'PermissionsBoundary',
  'Policies',
  'PropagateTags',
  'ProvisionedConcurrencyConfig',
  'RolePath',
  'VersionDescription',
])

/** Gives the property of a function, or of Globals. */
type Get = (name: string) => JsonNode | undefined

/** The URL of a function, and the permissions of one that everyone may call (behaviour TPL-156). */
export function functionUrl(id: string, get: Get, condition: JsonNode | undefined): readonly Made[] {
  const config = get('FunctionUrlConfig')
  if (config === undefined) return []
  const url = { id: `${id}Url`, condition, type: 'AWS::Lambda::Url' }
  const made = {
    ...url,
    properties: { TargetFunctionArn: { Ref: id }, AuthType: member(config, 'AuthType') ?? 'NONE' },
  }
  return [made, ...publicPermissions(id, config, condition)]
}

function publicPermissions(id: string, config: JsonNode, condition: JsonNode | undefined): readonly Made[] {
  if (textOf(member(config, 'AuthType')) !== 'NONE') return []
  const common = { FunctionName: { Ref: id }, Principal: '*' }
  const type = 'AWS::Lambda::Permission'
  return [
    {
      id: `${id}UrlPublicPermissions`,
      type,
      condition,
      properties: { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE', ...common },
    },
    {
      id: `${id}URLInvokeAllowPublicAccess`,
      type,
      condition,
      properties: { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true, ...common },
    },
  ]
}

/**
 * The permissions of an API to invoke the functions that authorize its callers (behaviour GRD-628). Those of a REST API
 * may be turned off; those of an HTTP API must be turned on.
 */
export function authorizerPermissions(
  id: string,
  auth: JsonNode | undefined,
  kind: 'Rest' | 'Http',
  condition: JsonNode | undefined,
): readonly Made[] {
  return membersOf(member(auth, 'Authorizers')).flatMap(({ key, value }) => {
    const target = member(value, 'FunctionArn')
    const isOn =
      kind === 'Rest'
        ? !isTrue(member(value, 'DisableFunctionDefaultPermissions'))
        : isTrue(member(value, 'EnableFunctionDefaultPermissions'))
    if (target === undefined || !isOn) return []
    const calls = `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/authorizers/*`
    const properties = {
      Action: 'lambda:InvokeFunction',
      FunctionName: target,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Sub': [calls, { Api: { Ref: id } }] },
    }
    return [
      { id: `${id}${key.value}AuthorizerPermission`, type: 'AWS::Lambda::Permission', condition, properties },
    ]
  })
}

/** The deployment group of a function, if it has one (behaviour TPL-156). */
export function deploymentGroup(id: string, get: Get, condition: JsonNode | undefined): readonly Made[] {
  const preference = get('DeploymentPreference')
  if (preference === undefined || isFalse(member(preference, 'Enabled'))) return []
  const role = member(preference, 'Role') ?? { 'Fn::GetAtt': ['CodeDeployServiceRole', 'Arn'] }
  const properties = { ApplicationName: { Ref: 'ServerlessDeploymentApplication' }, ServiceRoleArn: role }
  return [{ id: `${id}DeploymentGroup`, type: 'AWS::CodeDeploy::DeploymentGroup', condition, properties }]
}

/**
 * The resources that all deployment groups of a template share: an application, and the role of those that have none.
 */
export function sharedByDeployments(groups: readonly Made[], known: ReadonlySet<string>): readonly Made[] {
  if (groups.length === 0) return []
  const [{ condition }, ...more] = groups as readonly [Made, ...Made[]] // it has one
  // with several functions it is made if one of them is
  const shared = more.length === 0 ? condition : undefined
  const found: Made[] = [
    {
      id: 'ServerlessDeploymentApplication',
      type: 'AWS::CodeDeploy::Application',
      condition: shared,
      properties: {},
    },
  ]
  const needsRole = groups.some(({ properties: { ServiceRoleArn } }) => !isNode(ServiceRoleArn))
  if (needsRole)
    found.push({
      id: 'CodeDeployServiceRole',
      type: 'AWS::IAM::Role',
      condition: shared,
      properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['sts:AssumeRole'],
              Principal: { Service: ['codedeploy.amazonaws.com'] },
            },
          ],
        },
        ManagedPolicyArns: [
          { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda' },
        ],
      },
    })
  return found.filter(({ id }) => !known.has(id))
}

function isNode(value: Plain): boolean {
  return typeof value === 'object' && 'start' in value
}

function isFalse(node: JsonNode | undefined): boolean {
  return textOf(node) === 'false' || (node?.type === 'scalar' && node.value === false)
}

/** Actions with which a function sends to a destination, by its type. */
const sending: Readonly<Record<string, readonly [action: string, policy: string] | undefined>> = {
  SQS: ['sqs:SendMessage', 'SQSPolicy'],
  SNS: ['sns:publish', 'SNSPolicy'],
  EventBridge: ['events:PutEvents', 'EventBridgePolicy'],
  Lambda: ['lambda:InvokeFunction', 'LambdaPolicy'],
}

/** Destinations of asynchronous calls that SAM makes itself, by their ids (behaviour TPL-156). */
export function madeDestinations(id: string, config: JsonNode | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { key, value } of membersOf(member(config, 'DestinationConfig'))) {
    if (member(value, 'Destination') !== undefined) continue
    const type = textOf(member(value, 'Type'))
    if (type === 'SQS') found.set(`${id}${key.value}Queue`, 'AWS::SQS::Queue')
    if (type === 'SNS') found.set(`${id}${key.value}Topic`, 'AWS::SNS::Topic')
  }
  return found
}

/** The policies with which a function sends to its destinations, those of its polled events among them. */
export function destinationPolicies(id: string, get: Get): readonly Plain[] {
  const ofCalls = membersOf(member(get('EventInvokeConfig'), 'DestinationConfig')).flatMap(({ key, value }) =>
    sendingPolicy(`${id}EventInvokeConfig${key.value}`, value, {
      SQS: { 'Fn::GetAtt': [`${id}${key.value}Queue`, 'Arn'] },
      SNS: { Ref: `${id}${key.value}Topic` },
    }),
  )
  const ofEvents = membersOf(get('Events')).flatMap(({ key, value }) =>
    sendingPolicy(`${id}${key.value}`, at(value, 'Properties', 'DestinationConfig', 'OnFailure'), {}),
  )
  return [...ofCalls, ...ofEvents]
}

function sendingPolicy(
  prefix: string,
  destination: JsonNode | undefined,
  made: { readonly [type: string]: Plain },
): readonly Plain[] {
  const type = textOf(member(destination, 'Type')) ?? ''
  const row = Object.hasOwn(sending, type) ? sending[type] : undefined
  const resource = member(destination, 'Destination') ?? made[type]
  if (row === undefined || resource === undefined) return []
  const [action, name] = row
  return [policyOf(`${prefix}${name}`, [{ Effect: 'Allow', Action: action, Resource: resource }])]
}

/** The policies with which a function reads queues of Amazon MQ and topics of Kafka (behaviour TPL-156). */
export function brokerPolicies(events: JsonNode | undefined): readonly Plain[] {
  const policies = new Map<string, Plain>()
  for (const { key, value } of membersOf(events)) {
    const type = textOf(member(value, 'Type'))
    if (type !== 'MQ' && type !== 'SelfManagedKafka') continue
    const properties = member(value, 'Properties')
    const access = itemsOf(member(properties, 'SourceAccessConfigurations'))
    const inVpc = access.some((each) => /^VPC_/.test(textOf(member(each, 'Type')) ?? ''))
    const statements: Plain[] = []
    for (const each of access) {
      const uri = member(each, 'URI')
      if (!/^VPC_|^VIRTUAL_HOST$/.test(textOf(member(each, 'Type')) ?? '') && uri !== undefined)
        statements.push({ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: uri })
    }
    if (inVpc) statements.push({ Effect: 'Allow', Action: networkActions, Resource: '*' })
    const broker = member(properties, 'Broker')
    if (broker !== undefined)
      statements.push({ Effect: 'Allow', Action: ['mq:DescribeBroker'], Resource: broker })
    const secretKey = member(properties, 'SecretsManagerKmsKeyId')
    if (secretKey !== undefined)
      statements.push({ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: keyArn(secretKey) })
    const isDynamic = member(properties, 'DynamicPolicyName')
    const name =
      type === 'SelfManagedKafka'
        ? 'SelfManagedKafkaExecutionRolePolicy'
        : `SamAutoGeneratedAMQPolicy${isDynamic === undefined || isFalse(isDynamic) ? '' : key.value}`
    if (statements.length > 0) policies.set(name, policyOf(name, statements))
  }
  return [...policies.values()]
}

const networkActions = [
  'CreateNetworkInterface',
  'DescribeNetworkInterfaces',
  'DeleteNetworkInterface',
  'DescribeVpcs',
  'DescribeSubnets',
  'DescribeSecurityGroups',
].map((name) => `ec2:${name}`)

function keyArn(id: JsonNode): Plain {
  return {
    'Fn::Sub': ['arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${KeyId}', { KeyId: id }],
  }
}

function policyOf(name: string, statements: readonly Plain[]): Plain {
  return { PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement: statements } }
}

function isTrue(node: JsonNode | undefined): boolean {
  return node?.type === 'scalar' ? node.value === true : textOf(node) === 'true'
}
