import type { JsonNode } from '@omen-iam/policy'
import { member } from './nodes.ts'

/** How a type of resource is named, and what Ref and the attribute Arn return. */
interface Naming {
  /** The property that holds the name. */
  readonly property?: string
  /** The ARN; `{name}` is the name. */
  readonly arn?: string
  /** Whether Ref returns the ARN; otherwise it returns the name. */
  readonly refIsArn?: true
  /** An attribute whose name is not Arn. */
  readonly attribute?: string
}

const here = '{region}:{account}'

/** Types that policies refer to most. Source: AWS CloudFormation resource reference, "Return values". */
const namings: Readonly<Record<string, Naming | undefined>> = {
  'AWS::S3::Bucket': { property: 'BucketName', arn: 'arn:aws:s3:::{name}' },
  'AWS::SQS::Queue': { property: 'QueueName', arn: `arn:aws:sqs:${here}:{name}` },
  'AWS::SNS::Topic': {
    property: 'TopicName',
    arn: `arn:aws:sns:${here}:{name}`,
    refIsArn: true,
    attribute: 'TopicArn',
  },
  'AWS::DynamoDB::Table': { property: 'TableName', arn: `arn:aws:dynamodb:${here}:table/{name}` },
  'AWS::DynamoDB::GlobalTable': { property: 'TableName', arn: `arn:aws:dynamodb:${here}:table/{name}` },
  'AWS::Serverless::SimpleTable': { property: 'TableName', arn: `arn:aws:dynamodb:${here}:table/{name}` },
  'AWS::Lambda::Function': { property: 'FunctionName', arn: `arn:aws:lambda:${here}:function:{name}` },
  'AWS::Serverless::Function': { property: 'FunctionName', arn: `arn:aws:lambda:${here}:function:{name}` },
  'AWS::IAM::Role': { property: 'RoleName', arn: 'arn:aws:iam::{account}:role/{name}' },
  'AWS::IAM::User': { property: 'UserName', arn: 'arn:aws:iam::{account}:user/{name}' },
  'AWS::IAM::Group': { property: 'GroupName', arn: 'arn:aws:iam::{account}:group/{name}' },
  'AWS::IAM::ManagedPolicy': {
    property: 'ManagedPolicyName',
    arn: 'arn:aws:iam::{account}:policy/{name}',
    refIsArn: true,
    attribute: 'PolicyArn',
  },
  'AWS::KMS::Key': { arn: `arn:aws:kms:${here}:key/{name}` },
  'AWS::SecretsManager::Secret': {
    property: 'Name',
    arn: `arn:aws:secretsmanager:${here}:secret:{name}`,
    refIsArn: true,
  },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', arn: `arn:aws:logs:${here}:log-group:{name}:*` },
  'AWS::Kinesis::Stream': { property: 'Name', arn: `arn:aws:kinesis:${here}:stream/{name}` },
  'AWS::KinesisFirehose::DeliveryStream': {
    property: 'DeliveryStreamName',
    arn: `arn:aws:firehose:${here}:deliverystream/{name}`,
  },
  'AWS::Events::EventBus': { property: 'Name', arn: `arn:aws:events:${here}:event-bus/{name}` },
  'AWS::ECR::Repository': { property: 'RepositoryName', arn: `arn:aws:ecr:${here}:repository/{name}` },
  'AWS::ECS::Cluster': { property: 'ClusterName', arn: `arn:aws:ecs:${here}:cluster/{name}` },
  'AWS::StepFunctions::StateMachine': {
    property: 'StateMachineName',
    arn: `arn:aws:states:${here}:stateMachine:{name}`,
    refIsArn: true,
  },
  'AWS::Serverless::StateMachine': {
    property: 'Name',
    arn: `arn:aws:states:${here}:stateMachine:{name}`,
    refIsArn: true,
  },
  'AWS::CodeBuild::Project': { property: 'Name', arn: `arn:aws:codebuild:${here}:project/{name}` },
  'AWS::EFS::FileSystem': { arn: `arn:aws:elasticfilesystem:${here}:file-system/{name}` },
}

/** The value of the property that names a resource, where its type has one and it is given. */
export function nameOf(type: string, properties: JsonNode | undefined): JsonNode | undefined {
  const property = namings[type]?.property
  return property === undefined ? undefined : member(properties, property)
}

/** What Ref returns of a resource of this name; undefined where the type is not known. */
export function refOf(type: string, name: string): string | undefined {
  const naming = namings[type]
  if (naming === undefined) return undefined
  return naming.refIsArn ? naming.arn?.replaceAll('{name}', () => name) : name
}

/** The ARN of a resource of this name, where the attribute is the one that holds it. */
export function arnOf(type: string, name: string, attribute: string): string | undefined {
  const naming = namings[type]
  if (attribute !== 'Arn' && attribute !== naming?.attribute) return undefined
  return naming?.arn?.replaceAll('{name}', () => name)
}
