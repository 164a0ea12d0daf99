import { type ArnParts, parseArn } from '../../base/index.ts'
import type { Question, Reply } from '../ask.ts'
import { elementsIn, isObject, objectIn } from './answers.ts'
import { entryOf } from './keyed-things.ts'

/** A resource with a policy: a bucket, a queue, a key … */
export interface Carrier {
  readonly arn: string
  /** Region and account as the ARN has them; a bucket's has none. */
  readonly region: string
  readonly account: string
  readonly name: string
}

/** The upstream's answer about a carrier: it does not exist, it has this policy, or it has none. */
export type Carried = { readonly exists: false } | { readonly exists: true; readonly document?: string }

type Asked = Omit<Question, 'account' | 'region'>

/** The way to read the policies of one kind of resource from the upstream. */
export interface PolicySourceRow {
  /** The carrier of a resource's policy; undefined if resources of that form have none. */
  carrier(parts: ArnParts): Carrier | undefined
  /** Which policies must allow (behaviours POL-004 and POL-119). */
  readonly grant: 'either' | 'explicit'
  ask(carrier: Carrier): Asked
  read(reply: Reply, carrier: Carrier): Carried
  /** Operations of the service after which it is read again. */
  readonly changedBy: readonly string[]
}

/** The kinds of resources whose policies count, by the service in their ARNs (behaviour GRD-80). */
const policySources: Readonly<Record<string, PolicySourceRow>> = {
  s3: {
    // access points have an account in their ARNs; buckets of old may have capitals and underscores in their names
    carrier: ({ partition, resource, account }) => {
      const name = resource.split('/', 1)[0] ?? ''
      return account === '' && /^[A-Za-z0-9][\w.-]{0,254}$/.test(name)
        ? { arn: `arn:${partition}:s3:::${name}`, region: '', account: '', name }
        : undefined
    },
    grant: 'either',
    ask: ({ name }) => ({
      service: 's3',
      method: 'GET',
      path: `/${name}`,
      query: 'policy=',
      headers: s3Headers,
    }),
    read({ status, text }) {
      if (status === 200) return { exists: true, document: text }
      return text.includes('<Code>NoSuchBucket</Code>') ? { exists: false } : { exists: true }
    },
    changedBy: ['CreateBucket', 'DeleteBucket', 'DeleteBucketPolicy', 'PutBucketPolicy'],
  },
  's3 access point': {
    carrier: (parts) => {
      const match = /^(accesspoint\/[a-z0-9][a-z0-9-]{1,49})(?:\/object\/.*)?$/.exec(parts.resource)
      return match === null ? undefined : named(parts, match[1]!, 'accesspoint/')
    },
    grant: 'either',
    ask: ({ account, name }) => ({
      service: 's3',
      method: 'GET',
      path: `/v20180820/accesspoint/${name}/policy`,
      headers: { ...s3Headers, 'x-amz-account-id': account },
    }),
    read({ status, text }) {
      const document = status === 200 ? textOf(text, 'Policy') : undefined
      if (document !== undefined) return { exists: true, document }
      return text.includes('<Code>NoSuchAccessPoint</Code>') ? { exists: false } : { exists: true }
    },
    changedBy: ['CreateAccessPoint', 'DeleteAccessPoint', 'DeleteAccessPointPolicy', 'PutAccessPointPolicy'],
  },
  sqs: {
    carrier: whole(/^[\w.-]{1,80}$/),
    grant: 'either',
    ask: ({ account, name }) =>
      json('sqs', '1.0', 'AmazonSQS.GetQueueAttributes', {
        QueueUrl: `http://localhost/${account}/${name}`,
        AttributeNames: ['Policy'],
      }),
    read: jsonPolicy((answer) => textIn(answer.Attributes, 'Policy')),
    changedBy: ['AddPermission', 'CreateQueue', 'DeleteQueue', 'RemovePermission', 'SetQueueAttributes'],
  },
  sns: {
    // a subscription's ARN continues after its topic's
    carrier: (parts) => named(parts, parts.resource.split(':', 1)[0] ?? '', ''),
    grant: 'either',
    ask: ({ arn }) => ({
      service: 'sns',
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        Action: 'GetTopicAttributes',
        Version: '2010-03-31',
        TopicArn: arn,
      }).toString(),
    }),
    read({ status, text }) {
      if (status !== 200) return text.includes('NotFound') ? { exists: false } : { exists: true }
      const document = entryOf(text, 'Policy')
      return document === undefined ? { exists: true } : { exists: true, document }
    },
    changedBy: ['AddPermission', 'CreateTopic', 'DeleteTopic', 'RemovePermission', 'SetTopicAttributes'],
  },
  lambda: {
    carrier: (parts) => {
      const match = /^(function:[\w-]{1,140})(?::.*)?$/.exec(parts.resource)
      return match === null ? undefined : named(parts, match[1]!, 'function:')
    },
    grant: 'either',
    ask: ({ name }) => ({ service: 'lambda', method: 'GET', path: `/2015-03-31/functions/${name}/policy` }),
    read: jsonPolicy((answer) => withPrincipals(textIn(answer, 'Policy'))),
    changedBy: ['AddPermission', 'CreateFunction', 'DeleteFunction', 'RemovePermission'],
  },
  kms: {
    carrier: (parts) =>
      /^key\/[\w-]{1,256}$/.test(parts.resource) ? named(parts, parts.resource, 'key/') : undefined,
    grant: 'explicit',
    ask: ({ name }) =>
      json('kms', '1.1', 'TrentService.GetKeyPolicy', { KeyId: name, PolicyName: 'default' }),
    read: jsonPolicy((answer) => textIn(answer, 'Policy')),
    changedBy: ['CreateKey', 'PutKeyPolicy', 'ReplicateKey', 'ScheduleKeyDeletion'],
  },
  secretsmanager: {
    carrier: (parts) =>
      /^secret:[\w/+=.@?*-]{1,512}$/.test(parts.resource)
        ? named(parts, parts.resource, 'secret:')
        : undefined,
    grant: 'either',
    // an ARN made from a name ends in six question marks if its end is unknown
    ask: ({ arn, name }) => {
      const SecretId = name.endsWith('-??????') ? name.slice(0, -7) : arn
      return json('secretsmanager', '1.1', 'secretsmanager.GetResourcePolicy', { SecretId })
    },
    read: jsonPolicy((answer) => textIn(answer, 'ResourcePolicy')),
    changedBy: ['CreateSecret', 'DeleteResourcePolicy', 'DeleteSecret', 'PutResourcePolicy'],
  },
  dynamodb: {
    carrier: (parts) => {
      const match = /^(table\/[\w.-]{3,255})(?:\/.*)?$/.exec(parts.resource)
      return match === null ? undefined : named(parts, match[1]!, 'table/')
    },
    grant: 'either',
    ask: ({ arn }) => json('dynamodb', '1.0', 'DynamoDB_20120810.GetResourcePolicy', { ResourceArn: arn }),
    read: jsonPolicy((answer) => textIn(answer, 'Policy')),
    changedBy: ['CreateTable', 'DeleteResourcePolicy', 'DeleteTable', 'PutResourcePolicy'],
  },
  ecr: {
    carrier: (parts) =>
      /^repository\/[a-z0-9._/-]{2,256}$/.test(parts.resource)
        ? named(parts, parts.resource, 'repository/')
        : undefined,
    grant: 'either',
    ask: ({ account, name }) =>
      json('ecr', '1.1', 'AmazonEC2ContainerRegistry_V20150921.GetRepositoryPolicy', {
        registryId: account,
        repositoryName: name,
      }),
    read: jsonPolicy((answer) => textIn(answer, 'policyText')),
    changedBy: ['CreateRepository', 'DeleteRepository', 'DeleteRepositoryPolicy', 'SetRepositoryPolicy'],
  },
  events: {
    // a rule is governed by its bus (behaviour GRD-210)
    carrier: (parts) => {
      const [, rule] = /^rule\/(.+)$/.exec(parts.resource) ?? []
      const bus = rule === undefined ? parts.resource : `event-bus/${busOf(rule)}`
      return /^event-bus\/[\w./-]{1,256}$/.test(bus) ? named(parts, bus, 'event-bus/') : undefined
    },
    grant: 'either',
    ask: ({ name }) => json('events', '1.1', 'AWSEvents.DescribeEventBus', { Name: name }),
    read: jsonPolicy((answer) => textIn(answer, 'Policy')),
    changedBy: ['CreateEventBus', 'DeleteEventBus', 'PutPermission', 'RemovePermission'],
  },
  logs: {
    carrier: (parts) =>
      /^destination:[^:*]{1,512}$/.test(parts.resource)
        ? named(parts, parts.resource, 'destination:')
        : undefined,
    grant: 'either',
    ask: ({ name }) =>
      json('logs', '1.1', 'Logs_20140328.DescribeDestinations', { DestinationNamePrefix: name }),
    read({ status, text }, { arn }) {
      const { destinations } = (status === 200 ? objectIn(text) : undefined) ?? {}
      const found = (Array.isArray(destinations) ? destinations : []).find(
        (one: unknown) => isObject(one) && one.arn === arn,
      )
      const document = textIn(found, 'accessPolicy')
      if (found === undefined) return { exists: false }
      return document === undefined ? { exists: true } : { exists: true, document }
    },
    changedBy: ['DeleteDestination', 'PutDestination', 'PutDestinationPolicy'],
  },
}

/** The kind of a resource and the carrier of its policy; undefined if it can have none. */
export function carrierOf(
  arn: string,
): { readonly row: PolicySourceRow; readonly service: string; readonly carrier: Carrier } | undefined {
  const parts = parseArn(arn)
  if (parts === undefined) return undefined
  const service = parts.service === 's3' && parts.account !== '' ? 's3 access point' : parts.service
  if (!Object.hasOwn(policySources, service)) return undefined
  const row = policySources[service]!
  const carrier = row.carrier(parts)
  return carrier === undefined ? undefined : { row, service, carrier }
}

/** The bus in a rule's name: all but its last piece, and of a rule without one the default bus. */
function busOf(rule: string): string {
  const slash = rule.lastIndexOf('/')
  return slash < 0 ? 'default' : rule.slice(0, slash)
}

const s3Headers = {
  'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
}

function whole(pattern: RegExp): (parts: ArnParts) => Carrier | undefined {
  return (parts) => (pattern.test(parts.resource) ? named(parts, parts.resource, '') : undefined)
}

function named(
  { partition, service, region, account }: ArnParts,
  resource: string,
  prefix: string,
): Carrier | undefined {
  if (account === '' || region === '' || resource === prefix) return undefined
  return {
    arn: `arn:${partition}:${service}:${region}:${account}:${resource}`,
    region,
    account,
    name: resource.slice(prefix.length),
  }
}

function json(service: string, version: '1.0' | '1.1', target: string, body: unknown): Asked {
  return {
    service,
    method: 'POST',
    path: '/',
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
    body: JSON.stringify(body),
  }
}

/** Codes for a missing carrier, where a missing policy has another code. */
const missing =
  /(?:NonExistentQueue|QueueDoesNotExist|NotFoundException|ResourceNotFoundException|RepositoryNotFoundException)/
const policyMissing = /(?:PolicyNotFoundException|No policy|no policy|policy)/

function jsonPolicy(find: (answer: Readonly<Record<string, unknown>>) => string | undefined) {
  return ({ status, text }: Reply): Carried => {
    if (status === 200) {
      const answer = objectIn(text)
      const document = answer && find(answer)
      return document === undefined ? { exists: true } : { exists: true, document }
    }
    return missing.test(text) && !policyMissing.test(text) ? { exists: false } : { exists: true }
  }
}

/**
 * Emulators keep the Principal of AddPermission as it was given, a bare text; Lambda itself makes a service or an
 * identity of it.
 */
function withPrincipals(document: string | undefined): string | undefined {
  const { Statement, ...rest } = (document === undefined ? undefined : objectIn(document)) ?? {}
  if (!Array.isArray(Statement)) return document
  const statements = Statement.map((each: unknown) => {
    if (!isObject(each) || typeof each.Principal !== 'string' || each.Principal === '*') return each
    const type = /\.amazonaws\.com(?:\.cn)?$/.test(each.Principal) ? 'Service' : 'AWS'
    return { ...each, Principal: { [type]: each.Principal } }
  })
  return JSON.stringify({ ...rest, Statement: statements })
}

function textIn(value: unknown, name: string): string | undefined {
  const found = isObject(value) ? value[name] : undefined
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The text of an element of that name; undefined if there is none, or it is empty. */
function textOf(text: string, name: string): string | undefined {
  const found = [...elementsIn(text)].find((element) => element.name === name)?.text.trim()
  return found === '' ? undefined : found
}
