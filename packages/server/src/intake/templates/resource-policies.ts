import type { JsonNode } from '@omen-iam/policy'
import { member, oneOrMany, policyProperties, type ResolvedResource, rowOf } from '../../sources/index.ts'
import type { ImageBuilder } from './builder.ts'
import { type Fields, NotTakeable } from './fields.ts'

/** A policy that says in a property whose it is: the property with the document, and the ARNs of the resources. */
interface Separate {
  readonly document: string
  readonly of: string
  /** The ARN of what the property names, by a name, an ARN or a URL. */
  arn(named: string, fields: Fields): string
}

const asIs = (named: string) => named
const prefix = ({ declared: { home } }: Fields, service: string) =>
  `arn:${home.partition}:${service}:${home.region}:${home.account}`
const bucketArn = (named: string, { declared }: Fields) =>
  named.startsWith('arn:') ? named : `arn:${declared.home.partition}:s3:::${named}`

/** The ARN of a queue by its URL, at AWS or elsewhere. @throws NotTakeable if it is no URL of a queue */
export function queueArn(url: string, { declared: { home } }: Fields): string {
  if (url.startsWith('arn:')) return url
  const [, region = home.region, account, name] =
    /^https?:\/\/(?:sqs\.([a-z\d-]+)\.)?[\w.:-]+\/(\d{12})\/([\w.-]+)$/.exec(url) ?? []
  if (account === undefined) throw new NotTakeable(`${url} is no queue's URL`)
  return `arn:${home.partition}:sqs:${region}:${account}:${name}`
}

/** Types that are nothing but the policy of another resource. Source: AWS CloudFormation resource reference. */
const separate: Readonly<Record<string, Separate | undefined>> = {
  'AWS::Kinesis::ResourcePolicy': { document: 'ResourcePolicy', of: 'ResourceArn', arn: asIs },
  'AWS::S3::BucketPolicy': { document: 'PolicyDocument', of: 'Bucket', arn: bucketArn },
  'AWS::S3Express::BucketPolicy': {
    document: 'PolicyDocument',
    of: 'Bucket',
    arn: (named, fields) =>
      named.startsWith('arn:') ? named : `${prefix(fields, 's3express')}:bucket/${named}`,
  },
  'AWS::SNS::TopicInlinePolicy': { document: 'PolicyDocument', of: 'TopicArn', arn: asIs },
  'AWS::SNS::TopicPolicy': { document: 'PolicyDocument', of: 'Topics', arn: asIs },
  'AWS::SQS::QueueInlinePolicy': { document: 'PolicyDocument', of: 'Queue', arn: queueArn },
  'AWS::SQS::QueuePolicy': { document: 'PolicyDocument', of: 'Queues', arn: queueArn },
  'AWS::SecretsManager::ResourcePolicy': { document: 'ResourcePolicy', of: 'SecretId', arn: asIs },
  'AWS::VpcLattice::AuthPolicy': { document: 'Policy', of: 'ResourceIdentifier', arn: asIs },
  'AWS::VpcLattice::ResourcePolicy': { document: 'Policy', of: 'ResourceArn', arn: asIs },
}

/** A statement that AddPermission adds to the policy of a function, and where it is written. */
export interface Permission {
  readonly arn: string
  readonly statement: Readonly<Record<string, unknown>>
}

/** Takes the policies of a resource that is not IAM's. Returns whether it has any. */
export function takeResourcePolicies(
  fields: Fields,
  builder: ImageBuilder,
  resource: ResolvedResource,
): boolean {
  const { home } = fields.declared
  const add = (arn: string, node: JsonNode, name: string) => {
    const document = fields.document(node, name)
    builder.lists(home, fields.at).resourcePolicies.push({ at: fields.declared.at(node), arn, document })
  }
  const alone = rowOf(separate, resource.type)
  if (alone !== undefined) {
    const node = fields.node(alone.document)
    if (node === undefined) throw new NotTakeable(`it has no ${alone.document}`)
    for (const named of fields.textsOf(oneOrMany(fields.node(alone.of)), alone.of))
      add(alone.arn(named, fields), node, alone.document)
    return true
  }
  const properties = rowOf(policyProperties, resource.type) ?? []
  let isTaken = false
  for (const [path, kind] of properties) {
    if ((kind !== 'resource' && kind !== 'key') || path.includes('[]')) continue
    const node = path.split('.').reduce<JsonNode | undefined>(member, fields.declared.properties)
    // a stream has an ARN of its own
    if (node === undefined || path.startsWith('StreamSpecification')) continue
    if (resource.arn === undefined) throw new NotTakeable(`whose policy ${path} is, is not known`)
    if (resource.arn.dependsOn !== undefined)
      throw new NotTakeable(`its ARN depends on ${resource.arn.dependsOn}`)
    add(resource.arn.value, node, path)
    isTaken = true
  }
  return isTaken
}

/** The parameters of AddPermission, as a template names them. */
export function permissionOf(fields: Fields): Permission {
  return addedPermission(fields, {
    Sid: fields.declared.id,
    named: fields.text('FunctionName'),
    Principal: fields.text('Principal'),
    Action: fields.text('Action'),
    sourceArn: fields.optional('SourceArn'),
    viaUrl: fields.optional('InvokedViaFunctionUrl'),
    equal: {
      'AWS:SourceAccount': fields.optional('SourceAccount'),
      'aws:PrincipalOrgID': fields.optional('PrincipalOrgID'),
      'lambda:FunctionUrlAuthType': fields.optional('FunctionUrlAuthType'),
      'lambda:EventSourceToken': fields.optional('EventSourceToken'),
    },
  })
}

/** The parameters of AddPermission: a function by its name or ARN, also one of a version or an alias. */
interface Added {
  readonly Sid: string
  readonly named: string
  readonly Principal: string
  readonly Action: string
  readonly sourceArn: string | undefined
  /** Whether the function may be invoked through its URL alone. */
  readonly viaUrl: string | undefined
  /** Condition keys that must have a value, if it is given. */
  readonly equal: Readonly<Record<string, string | undefined>>
}

/**
 * The statement that a permission of a function is, as AddPermission writes it. Source: AWS Lambda Developer Guide,
 * "Resource-based policies".
 */
export function addedPermission(
  fields: Fields,
  { Sid, named, Principal, Action, sourceArn, viaUrl, equal }: Added,
): Permission {
  const arn = named.startsWith('arn:') ? named : `${prefix(fields, 'lambda')}:function:${named}`
  const given = Object.entries(equal).filter(([, value]) => value !== undefined && value !== '')
  const condition = {
    ...(given.length === 0 ? {} : { StringEquals: Object.fromEntries(given) }),
    ...(sourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': sourceArn } }),
    ...(viaUrl === undefined || viaUrl === '' ? {} : { Bool: { 'lambda:InvokedViaFunctionUrl': viaUrl } }),
  }
  const statement = {
    Sid,
    Effect: 'Allow',
    Principal: principalOf(Principal, fields.declared.home.partition),
    Action,
    Resource: arn,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  }
  return { arn: arn.replace(/^((?:[^:]*:){6}[^:]+):.*$/, '$1'), statement }
}

/** The principal of a statement that grants to an account, an ARN or a service. */
export function principalOf(principal: string, partition: string): unknown {
  if (principal === '*') return '*'
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${partition}:iam::${principal}:root` }
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal }
}

/** The statement of an AWS::Events::EventBusPolicy, and the ARN of its bus. */
export function busStatementOf(fields: Fields): Permission {
  const arn = `${prefix(fields, 'events')}:event-bus/${fields.optional('EventBusName') ?? 'default'}`
  const written = fields.node('Statement')
  const Sid = fields.text('StatementId')
  if (written !== undefined) {
    const text = fields.document(
      { ...written, type: 'object', members: [{ key: keyOf('Statement', written), value: written }] },
      'the statement',
    )
    const { Statement } = JSON.parse(text) as { Statement: Record<string, unknown> } // made one line above
    return { arn, statement: { Sid, ...Statement } }
  }
  const principal = fields.text('Principal')
  return {
    arn,
    statement: {
      Sid,
      Effect: 'Allow',
      Principal: principalOf(principal, fields.declared.home.partition),
      Action: fields.text('Action'),
      Resource: arn,
    },
  }
}

function keyOf(value: string, { start, end }: JsonNode) {
  return { type: 'string' as const, value, start, end }
}
