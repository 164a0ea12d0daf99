import { eventNameOf } from '../trail/index.ts'

/** Operations whose events are data events: they act on the content of a resource (behaviour GRD-91). */
const dataOperations: Readonly<Record<string, RegExp>> = {
  s3: /^(?:(?:Get|Put|Head|Copy|Delete|Restore|Select|Rename)Object|(?:Get|Put|Delete)Object(?:Acl|Tagging|Retention|LegalHold|Torrent|Attributes)|DeleteObjects|HeadBucket|ListObjects|ListObjectsV2|ListObjectVersions|ListParts|CreateMultipartUpload|UploadPart|UploadPartCopy|CompleteMultipartUpload|AbortMultipartUpload|PostObject|SelectObjectContent|UpdateObjectEncryption|WriteGetObjectResponse)$/,
  dynamodb:
    /^(?:(?:Get|Put|Update|Delete)Item|Batch(?:GetItem|WriteItem|ExecuteStatement)|Transact(?:GetItems|WriteItems)|Execute(?:Statement|Transaction)|Query|Scan)$/,
  dynamodbstreams: /^(?:GetRecords|GetShardIterator)$/,
  lambda: /^Invoke(?:Async|WithResponseStream)?$/,
  sqs: /^(?:(?:(?:Send|Delete)Message|ChangeMessageVisibility)(?:Batch)?|ReceiveMessage|GetQueue(?:Attributes|Url)|ListDeadLetterSourceQueues|ListQueues|ListQueueTags)$/,
  // CloudTrail has no events of what is written to a log stream (behaviour TRL-123)
  logs: /^PutLogEvents$/,
  sns: /^Publish(?:Batch)?$/,
  kinesis: /^(?:PutRecords?|GetRecords|GetShardIterator|SubscribeToShard)$/,
  'bedrock-runtime': /^(?:Converse|Invoke)/,
}

/** Returns whether an operation acts on the content of a resource, not on the resource itself. */
export function isData(service: string, operation: string): boolean {
  return Object.hasOwn(dataOperations, service) && dataOperations[service]!.test(operation)
}

/** Whole words: CheckIn and Checkout are other verbs, and Verify makes identities and numbers usable. */
const readVerbs =
  /^(?:Get|List|Describe|Head|Lookup|LookUp|Search|Query|Scan|Select|Batch(?:Get|Describe|List|Check)|TransactGet|Check(?!In[A-Z])|Validate|Estimate|Preview|Test|Simulate|Filter)(?![a-z])/
/** Operations whose verb does not describe what they do. */
const exceptions: Readonly<Record<string, boolean>> = {
  'secretsmanager GetRandomPassword': true,
  'sqs ReceiveMessage': true,
  'logs StartQuery': true,
  'cognito-identity GetId': false,
  'elasticache TestFailover': false,
}

/** Cryptography with the keys of AWS KMS changes nothing. */
const cryptography = /^(?:Decrypt|Encrypt|ReEncrypt|Sign|Verify|VerifyMac|DeriveSharedSecret|Generate.*)$/

/** Returns whether an operation of any service changes nothing, by its verb (behaviour GRD-92). */
export function onlyReads(service: string, operation: string): boolean {
  if (service === 'kms' && cryptography.test(operation)) return true
  return exceptions[`${service} ${operation}`] ?? readVerbs.test(operation)
}

/** CloudTrail's names of S3 operations, if they differ (behaviour GRD-93). */
const otherNames: Readonly<Record<string, string>> = {
  's3 ListObjectsV2': 'ListObjects',
  's3 PutBucketLifecycleConfiguration': 'PutBucketLifecycle',
  's3 GetBucketLifecycleConfiguration': 'GetBucketLifecycle',
  's3 PutBucketNotificationConfiguration': 'PutBucketNotification',
  's3 GetBucketNotificationConfiguration': 'GetBucketNotification',
  's3 PutBucketAccelerateConfiguration': 'PutAccelerateConfiguration',
  's3 GetBucketAccelerateConfiguration': 'GetAccelerateConfiguration',
  's3 PutObjectLockConfiguration': 'PutBucketObjectLockConfiguration',
  's3 GetObjectLockConfiguration': 'GetBucketObjectLockConfiguration',
  's3 PutPublicAccessBlock': 'PutBucketPublicAccessBlock',
  's3 GetPublicAccessBlock': 'GetBucketPublicAccessBlock',
  's3 DeletePublicAccessBlock': 'DeleteBucketPublicAccessBlock',
  's3control PutPublicAccessBlock': 'PutAccountPublicAccessBlock',
  's3control GetPublicAccessBlock': 'GetAccountPublicAccessBlock',
  's3control DeletePublicAccessBlock': 'DeleteAccountPublicAccessBlock',
}

/** Signing names that several services share, or that are no service's name. */
const noSources: ReadonlySet<string> = new Set([
  'aws-marketplace',
  'awsssoportal',
  'execute-api',
  'IoTSecuredTunneling',
  'mgh',
  'mobiletargeting',
  'sso-oauth',
])

/** A service as the trail names it: by its signatures' scope, not by its hosts (behaviour GRD-103). */
export function trailSource(host: string, signingName: string): string {
  return noSources.has(signingName) ? host : `${signingName}.amazonaws.com`
}

/** The operation's name in the trail. */
export function trailName(service: string, operation: string): string {
  return otherNames[`${service} ${operation}`] ?? eventNameOf(service, operation)
}

/** CloudFormation's names of kinds of resources, by the service in the ARN and how the rest of it begins. */
const resourceTypes: readonly (readonly [service: string, rest: RegExp, type: string])[] = [
  ['s3', /\//, 'AWS::S3::Object'],
  ['s3', /^[^/]*$/, 'AWS::S3::Bucket'],
  ['sqs', /./, 'AWS::SQS::Queue'],
  ['sns', /^[^:]+$/, 'AWS::SNS::Topic'],
  ['dynamodb', /^table\//, 'AWS::DynamoDB::Table'],
  ['kms', /^key\//, 'AWS::KMS::Key'],
  ['kms', /^alias\//, 'AWS::KMS::Alias'],
  ['secretsmanager', /^secret:/, 'AWS::SecretsManager::Secret'],
  ['ssm', /^parameter\//, 'AWS::SSM::Parameter'],
  ['lambda', /^function:/, 'AWS::Lambda::Function'],
  ['ecs', /^cluster\//, 'AWS::ECS::Cluster'],
  ['ecs', /^service\//, 'AWS::ECS::Service'],
  ['ecs', /^task-definition\//, 'AWS::ECS::TaskDefinition'],
  ['states', /^stateMachine:/, 'AWS::StepFunctions::StateMachine'],
  ['events', /^rule\//, 'AWS::Events::Rule'],
  ['events', /^event-bus\//, 'AWS::Events::EventBus'],
  ['scheduler', /^schedule\//, 'AWS::Scheduler::Schedule'],
  ['cloudformation', /^stack\//, 'AWS::CloudFormation::Stack'],
  ['codebuild', /^project\//, 'AWS::CodeBuild::Project'],
  ['glue', /^job\//, 'AWS::Glue::Job'],
  ['logs', /^log-group:/, 'AWS::Logs::LogGroup'],
  ['ecr', /^repository\//, 'AWS::ECR::Repository'],
  ['apigateway', /restapis\//, 'AWS::ApiGateway::RestApi'],
  ['kinesis', /^stream\//, 'AWS::Kinesis::Stream'],
  ['iam', /^role\//, 'AWS::IAM::Role'],
]

/** The kind of a resource as events name it; undefined if none is known. */
export function resourceType(service: string, rest: string): string | undefined {
  return resourceTypes.find(([of, form]) => of === service && form.test(rest))?.[2]
}
