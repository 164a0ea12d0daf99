import type { ArnParts } from '../../../base/index.ts'
import { type Asked, inForm, inJson } from '../answers.ts'

/** The way to read the tags of one kind of resource: a call that changes nothing, and their place in its answer. */
export interface TagRow {
  /** The service in the ARN. */
  readonly service: string
  /** The resource in the ARN. */
  readonly form: RegExp
  ask(parts: ArnParts & { readonly arn: string }): Asked
  /**
   * Members of a JSON answer that lead to the tags; of an XML answer they are found by their form. `=NAME` is the element of a
   * list whose member of that name is the ARN.
   */
  readonly at: readonly string[]
}

/** The kinds of resources whose tags can be read (behaviour GRD-142). Those of S3 are read by their bucket. */
export const tagRows: readonly TagRow[] = [
  {
    service: 'sqs',
    form: /^[\w.-]{1,80}$/,
    ask: ({ account, resource }) =>
      inJson('sqs', '1.0', 'AmazonSQS.ListQueueTags', {
        QueueUrl: `http://localhost/${account}/${resource}`,
      }),
    at: ['Tags'],
  },
  {
    service: 'sns',
    form: /^[^:]{1,256}$/,
    ask: ({ arn }) =>
      inForm('sns', { Action: 'ListTagsForResource', Version: '2010-03-31', ResourceArn: arn }),
    at: [],
  },
  {
    service: 'dynamodb',
    form: /^table\/[\w.-]{3,255}$/,
    ask: ({ arn }) => inJson('dynamodb', '1.0', 'DynamoDB_20120810.ListTagsOfResource', { ResourceArn: arn }),
    at: ['Tags'],
  },
  {
    service: 'kms',
    form: /^key\/[\w-]{1,256}$/,
    ask: ({ arn }) => inJson('kms', '1.1', 'TrentService.ListResourceTags', { KeyId: arn }),
    at: ['Tags'],
  },
  {
    service: 'secretsmanager',
    form: /^secret:.+$/,
    ask: ({ arn }) => inJson('secretsmanager', '1.1', 'secretsmanager.DescribeSecret', { SecretId: arn }),
    at: ['Tags'],
  },
  {
    service: 'ssm',
    form: /^parameter\/.+$/,
    ask: ({ resource }) => {
      const name = resource.slice('parameter'.length)
      const ResourceId = name.indexOf('/', 1) < 0 ? name.slice(1) : name
      return inJson('ssm', '1.1', 'AmazonSSM.ListTagsForResource', { ResourceType: 'Parameter', ResourceId })
    },
    at: ['TagList'],
  },
  {
    service: 'lambda',
    form: /^(?:function:[\w-]{1,140}|(?:event-source-mapping|code-signing-config):[\w-]+)$/,
    ask: byPath('/2017-03-31/tags'),
    at: ['Tags'],
  },
  {
    service: 'ecs',
    form: /^[a-z-]+\/.+$/,
    ask: ({ arn }) =>
      inJson('ecs', '1.1', 'AmazonEC2ContainerServiceV20141113.ListTagsForResource', { resourceArn: arn }),
    at: ['tags'],
  },
  {
    service: 'ecr',
    form: /^repository\/.+$/,
    ask: ({ arn }) =>
      inJson('ecr', '1.1', 'AmazonEC2ContainerRegistry_V20150921.ListTagsForResource', { resourceArn: arn }),
    at: ['tags'],
  },
  {
    service: 'logs',
    form: /^log-group:[\w./#-]+$/,
    ask: ({ arn }) => inJson('logs', '1.1', 'Logs_20140328.ListTagsForResource', { resourceArn: arn }),
    at: ['tags'],
  },
  {
    service: 'events',
    form: /^(?:rule|event-bus|archive|connection|endpoint)\/.+$/,
    ask: ({ arn }) => inJson('events', '1.1', 'AWSEvents.ListTagsForResource', { ResourceARN: arn }),
    at: ['Tags'],
  },
  {
    service: 'states',
    form: /^(?:stateMachine|activity):[^:]+$/,
    ask: ({ arn }) => inJson('states', '1.0', 'AWSStepFunctions.ListTagsForResource', { resourceArn: arn }),
    at: ['tags'],
  },
  {
    service: 'ec2',
    form: /^[a-z-]+\/[\w-]+$/,
    ask: ({ resource }) =>
      inForm('ec2', {
        Action: 'DescribeTags',
        Version: '2016-11-15',
        'Filter.1.Name': 'resource-id',
        'Filter.1.Value.1': resource.slice(resource.indexOf('/') + 1),
      }),
    at: [],
  },
  {
    service: 'apigateway',
    form: /^\/(?:restapis|apis|domainnames|vpclinks|apikeys|usageplans)\/[^/]+/,
    // what the service says of each thing has its tags
    ask: ({ resource }) => {
      const path = /^\/(?:apis|domainnames)\//.test(resource) ? `/v2${resource}` : resource
      return { service: 'apigateway', method: 'GET', path }
    },
    at: ['tags'],
  },
  {
    service: 'kinesis',
    form: /^stream\/[\w.-]+$/,
    ask: ({ resource }) =>
      inJson('kinesis', '1.1', 'Kinesis_20131202.ListTagsForStream', {
        StreamName: resource.slice('stream/'.length),
      }),
    at: ['Tags'],
  },
  {
    service: 'rds',
    form: /^[a-z-]+:.+$/,
    ask: ({ arn }) =>
      inForm('rds', { Action: 'ListTagsForResource', Version: '2014-10-31', ResourceName: arn }),
    at: [],
  },
  {
    service: 'elasticloadbalancing',
    form: /^(?:loadbalancer|targetgroup|listener|listener-rule)\/.+$/,
    ask: ({ arn }) =>
      inForm('elasticloadbalancing', {
        Action: 'DescribeTags',
        Version: '2015-12-01',
        'ResourceArns.member.1': arn,
      }),
    at: [],
  },
  {
    service: 'cloudwatch',
    form: /^(?:alarm:.+|dashboard\/.+)$/,
    ask: ({ arn }) =>
      inForm('monitoring', { Action: 'ListTagsForResource', Version: '2010-08-01', ResourceARN: arn }),
    at: [],
  },
  {
    service: 'scheduler',
    form: /^schedule-group\/.+$/,
    ask: byPath('/tags'),
    at: ['Tags'],
  },
  { service: 'eks', form: /^.+$/, ask: byPath('/tags'), at: ['tags'] },
  { service: 'batch', form: /^.+$/, ask: byPath('/v1/tags'), at: ['tags'] },
]

/** Every resource that the tagging API knows; what it does not list may still have tags. */
export const taggingApi: TagRow = {
  service: '',
  form: /^.+$/,
  ask: ({ arn }) =>
    inJson('tagging', '1.1', 'ResourceGroupsTaggingAPI_20170126.GetResources', { ResourceARNList: [arn] }),
  at: ['ResourceTagMappingList', '=ResourceARN', 'Tags'],
}

function byPath(path: string): (parts: { readonly arn: string }) => Asked {
  return ({ arn }) => {
    const service = arn.split(':', 3)[2]!
    return { service, method: 'GET', path: `${path}/${encodeURIComponent(arn)}` }
  }
}
