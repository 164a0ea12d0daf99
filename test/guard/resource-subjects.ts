import type { BotoCall } from './boto3.ts'
import { account } from './house.ts'

/** A resource with a policy: how it is put, and a call that it is asked about. */
export interface Subject {
  readonly client: string
  readonly action: string
  readonly resource: string
  /** The code of a denial. */
  readonly denied: string
  put(document: string): Pick<BotoCall, 'client' | 'method' | 'params'>
  readonly call: Pick<BotoCall, 'client' | 'method' | 'params'>
}

/** An ARN of the region and account that the tests are in. */
export const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`

/** One subject a service. */
export function subjectsOf(queueUrl: string, key: string, secret: string): readonly Subject[] {
  const topic = arn('sns', 'policies')
  return [
    {
      client: 's3',
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::policies/key',
      denied: 'AccessDenied',
      put: (Policy) => ({
        client: 's3',
        method: 'put_bucket_policy',
        params: { Bucket: 'policies', Policy },
      }),
      call: { client: 's3', method: 'get_object', params: { Bucket: 'policies', Key: 'key' } },
    },
    {
      client: 'sqs',
      action: 'sqs:SendMessage',
      resource: arn('sqs', 'policies'),
      denied: 'AccessDenied',
      put: (Policy) => ({
        client: 'sqs',
        method: 'set_queue_attributes',
        params: { QueueUrl: queueUrl, Attributes: { Policy } },
      }),
      call: { client: 'sqs', method: 'send_message', params: { QueueUrl: queueUrl, MessageBody: 'm' } },
    },
    {
      client: 'sns',
      action: 'sns:Publish',
      resource: topic,
      denied: 'AuthorizationError',
      put: (AttributeValue) => ({
        client: 'sns',
        method: 'set_topic_attributes',
        params: { TopicArn: topic, AttributeName: 'Policy', AttributeValue },
      }),
      call: { client: 'sns', method: 'publish', params: { TopicArn: topic, Message: 'm' } },
    },
    {
      client: 'kms',
      action: 'kms:Encrypt',
      resource: '*',
      denied: 'AccessDeniedException',
      put: (Policy) => ({
        client: 'kms',
        method: 'put_key_policy',
        params: { KeyId: key, PolicyName: 'default', Policy },
      }),
      call: { client: 'kms', method: 'encrypt', params: { KeyId: key, Plaintext: 'x' } },
    },
    {
      client: 'secretsmanager',
      action: 'secretsmanager:GetSecretValue',
      resource: '*',
      denied: 'AccessDeniedException',
      put: (ResourcePolicy) => ({
        client: 'secretsmanager',
        method: 'put_resource_policy',
        params: { SecretId: 'policies', ResourcePolicy },
      }),
      call: { client: 'secretsmanager', method: 'get_secret_value', params: { SecretId: secret } },
    },
    {
      client: 'ecr',
      action: 'ecr:ListImages',
      resource: arn('ecr', 'repository/policies'),
      denied: 'AccessDeniedException',
      // a repository's policy has no Resource: it is its own
      put: (text) => ({
        client: 'ecr',
        method: 'set_repository_policy',
        params: { repositoryName: 'policies', policyText: withoutResource(text) },
      }),
      call: { client: 'ecr', method: 'list_images', params: { repositoryName: 'policies' } },
    },
    {
      client: 'events',
      action: 'events:DescribeEventBus',
      resource: arn('events', 'event-bus/policies'),
      denied: 'AccessDeniedException',
      put: (Policy) => ({
        client: 'events',
        method: 'put_permission',
        params: { EventBusName: 'policies', Policy },
      }),
      call: { client: 'events', method: 'describe_event_bus', params: { Name: 'policies' } },
    },
  ]
}

function withoutResource(text: string): string {
  const { Statement, ...rest } = JSON.parse(text) as { readonly Statement: readonly object[] }
  return JSON.stringify({ ...rest, Statement: Statement.map((each) => ({ ...each, Resource: undefined })) })
}
