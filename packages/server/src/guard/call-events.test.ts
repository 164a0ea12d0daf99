import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AccessRequest, Call } from '../authorization/index.ts'
import { parseAccountId } from '../base/index.ts'
import { isData, onlyReads, resourceType, trailName, trailSource } from './call-data.ts'
import { otherOwners, resourcesOf } from './event-resources.ts'

const own = parseAccountId('111122223333')!
const other = parseAccountId('444455556666')!
const account = { id: own, partition: 'aws' }

describe('what the trail says of a call', () => {
  test('whether it acts on the content of a resource (GRD-91)', () => {
    const data: Readonly<Record<string, string>> = {
      s3: 'GetObject PutObject HeadObject CopyObject DeleteObject RestoreObject SelectObject RenameObject GetObjectAcl PutObjectTagging DeleteObjectTagging GetObjectRetention PutObjectLegalHold GetObjectTorrent GetObjectAttributes DeleteObjects HeadBucket ListObjects ListObjectsV2 ListObjectVersions ListParts CreateMultipartUpload UploadPart UploadPartCopy CompleteMultipartUpload AbortMultipartUpload PostObject SelectObjectContent UpdateObjectEncryption WriteGetObjectResponse',
      dynamodb:
        'GetItem PutItem UpdateItem DeleteItem BatchGetItem BatchWriteItem BatchExecuteStatement TransactGetItems TransactWriteItems ExecuteStatement ExecuteTransaction Query Scan',
      dynamodbstreams: 'GetRecords GetShardIterator',
      lambda: 'Invoke InvokeAsync InvokeWithResponseStream',
      sqs: 'SendMessage SendMessageBatch DeleteMessage DeleteMessageBatch ChangeMessageVisibility ChangeMessageVisibilityBatch ReceiveMessage GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues ListQueues ListQueueTags',
      logs: 'PutLogEvents',
      sns: 'Publish PublishBatch',
      kinesis: 'PutRecord PutRecords GetRecords GetShardIterator SubscribeToShard',
      'bedrock-runtime': 'Converse ConverseStream InvokeModel',
    }
    for (const [service, names] of Object.entries(data))
      for (const name of names.split(' ')) {
        assert.ok(isData(service, name), `${service} ${name}`)
        assert.ok(!isData(service, `X${name}`) && !isData('ec2', name), `X${name}`)
        if (service !== 'bedrock-runtime') assert.ok(!isData(service, `${name}X`), `${name}X`)
      }
    for (const [service, name] of [
      ['s3', 'ListBuckets'],
      ['s3', 'PutObjectLockConfiguration'],
      ['dynamodb', 'CreateTable'],
      ['sqs', 'CreateQueue'],
      ['sns', 'CreateTopic'],
      ['logs', 'CreateLogStream'],
      ['constructor', 'GetObject'],
    ] as const)
      assert.ok(!isData(service, name), `${service} ${name}`)
  })

  test('whether it changes nothing (GRD-92)', () => {
    const reads =
      'GetX ListX DescribeX HeadX LookupX LookUpX SearchX QueryX ScanX SelectX BatchGetX BatchDescribeX BatchListX BatchCheckX TransactGetX CheckX ValidateX EstimateX PreviewX TestX SimulateX FilterX'
    for (const name of reads.split(' ')) {
      assert.ok(onlyReads('any', name), name)
      assert.ok(!onlyReads('any', `X${name}`), name)
    }
    for (const name of ['BatchWriteX', 'TransactWriteX', 'PutX', 'DeleteX'])
      assert.ok(!onlyReads('any', name), name)
    for (const name of [
      'Decrypt',
      'Encrypt',
      'ReEncrypt',
      'Sign',
      'Verify',
      'VerifyMac',
      'DeriveSharedSecret',
      'GenerateDataKey',
      'GenerateMac',
    ]) {
      assert.ok(onlyReads('kms', name), name)
      assert.ok(!onlyReads('acm', name), name)
    }
    assert.ok(!onlyReads('kms', 'SignX') && !onlyReads('kms', 'XSign') && !onlyReads('kms', 'CreateKey'))
    const exceptions = [
      ['secretsmanager', 'GetRandomPassword'],
      ['sqs', 'ReceiveMessage'],
      ['logs', 'StartQuery'],
      ['logs', 'TestMetricFilter'],
    ] as const
    for (const [service, name] of exceptions) assert.ok(onlyReads(service, name), name)
    const changes = [
      ['ses', 'VerifyEmailIdentity'],
      ['license-manager', 'CheckoutLicense'],
      ['license-manager', 'CheckInLicense'],
      ['lambda', 'CheckpointDurableExecution'],
      ['cognito-identity', 'GetId'],
      ['elasticache', 'TestFailover'],
      ['any', 'Listen'],
    ] as const
    for (const [service, name] of changes) assert.ok(!onlyReads(service, name), name)
    assert.ok(onlyReads('any', 'GetId') && onlyReads('any', 'CheckInvoice'))
    assert.ok(!onlyReads('any', 'ReceiveMessage') && !onlyReads('any', 'StartQuery'))
  })

  test('its name and its service (GRD-93, GRD-103)', () => {
    const names: Readonly<Record<string, string>> = {
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
      's3 GetObject': 'GetObject',
      'sqs ListObjectsV2': 'ListObjectsV2',
    }
    for (const [call, name] of Object.entries(names)) {
      const [service = '', operation = ''] = call.split(' ')
      assert.equal(trailName(service, operation), name)
    }
    const hosts = 'aws-marketplace awsssoportal execute-api IoTSecuredTunneling mgh mobiletargeting sso-oauth'
    for (const signs of hosts.split(' '))
      assert.equal(trailSource('h.amazonaws.com', signs), 'h.amazonaws.com')
    assert.equal(trailSource('email.amazonaws.com', 'ses'), 'ses.amazonaws.com')
  })

  test('the kinds of its resources', () => {
    const kinds: readonly (readonly [service: string, rest: string, type: string | undefined])[] = [
      ['s3', 'b/k', 'AWS::S3::Object'],
      ['s3', 'b', 'AWS::S3::Bucket'],
      ['sqs', 'q', 'AWS::SQS::Queue'],
      ['sqs', '', undefined],
      ['sns', 't', 'AWS::SNS::Topic'],
      ['sns', 't:1', undefined],
      ['dynamodb', 'table/t', 'AWS::DynamoDB::Table'],
      ['dynamodb', 'global-table/t', undefined],
      ['kms', 'key/1', 'AWS::KMS::Key'],
      ['kms', 'alias/a', 'AWS::KMS::Alias'],
      ['kms', 'x-key/1', undefined],
      ['kms', 'x-alias/1', undefined],
      ['secretsmanager', 'secret:s', 'AWS::SecretsManager::Secret'],
      ['secretsmanager', 'x-secret:s', undefined],
      ['ssm', 'parameter/p', 'AWS::SSM::Parameter'],
      ['ssm', 'x-parameter/p', undefined],
      ['lambda', 'function:f', 'AWS::Lambda::Function'],
      ['lambda', 'x-function:f', undefined],
      ['ecs', 'cluster/c', 'AWS::ECS::Cluster'],
      ['ecs', 'service/s', 'AWS::ECS::Service'],
      ['ecs', 'task-definition/f:1', 'AWS::ECS::TaskDefinition'],
      ['ecs', 'x-cluster/c', undefined],
      ['ecs', 'x-service/c', undefined],
      ['ecs', 'x-task-definition/c', undefined],
      ['states', 'stateMachine:m', 'AWS::StepFunctions::StateMachine'],
      ['states', 'x-stateMachine:m', undefined],
      ['events', 'rule/r', 'AWS::Events::Rule'],
      ['events', 'event-bus/b', 'AWS::Events::EventBus'],
      ['events', 'x-rule/r', undefined],
      ['events', 'x-event-bus/r', undefined],
      ['scheduler', 'schedule/g/s', 'AWS::Scheduler::Schedule'],
      ['scheduler', 'x-schedule/g', undefined],
      ['cloudformation', 'stack/s/1', 'AWS::CloudFormation::Stack'],
      ['cloudformation', 'x-stack/s', undefined],
      ['codebuild', 'project/p', 'AWS::CodeBuild::Project'],
      ['codebuild', 'x-project/p', undefined],
      ['glue', 'job/j', 'AWS::Glue::Job'],
      ['glue', 'x-job/j', undefined],
      ['logs', 'log-group:g', 'AWS::Logs::LogGroup'],
      ['logs', 'x-log-group:g', undefined],
      ['ecr', 'repository/r', 'AWS::ECR::Repository'],
      ['ecr', 'x-repository/r', undefined],
      ['apigateway', '/restapis/a', 'AWS::ApiGateway::RestApi'],
      ['kinesis', 'stream/s', 'AWS::Kinesis::Stream'],
      ['kinesis', 'x-stream/s', undefined],
      ['iam', 'role/r', 'AWS::IAM::Role'],
      ['iam', 'x-role/r', undefined],
      ['ec2', 'instance/i', undefined],
    ]
    for (const [service, rest, type] of kinds)
      assert.equal(resourceType(service, rest), type, `${service} ${rest}`)
  })

  const callOf = (id: string, more: object = {}) =>
    ({
      service: { id, signingName: id },
      operation: { name: 'Op' },
      region: 'us-east-1',
      account,
      ...more,
    }) as unknown as Call
  const ask = (resource: string, more: object = {}): AccessRequest => ({ action: 'a:b', resource, ...more })

  test('its resources, each once, and the bucket beside an object (GRD-96, GRD-99)', () => {
    const queue = `arn:aws:sqs:us-east-1:${own}:q`
    const named = { accountId: own, type: 'AWS::SQS::Queue', ARN: queue }
    assert.deepEqual(resourcesOf([ask(queue), ask(queue)], callOf('sqs'), true), [named])
    assert.deepEqual(resourcesOf([ask(`${queue}*`)], callOf('sqs'), false), [])
    assert.deepEqual(resourcesOf([ask('*')], callOf('sqs'), false), [])
    assert.deepEqual(resourcesOf([ask(queue)], callOf('sns'), true), [])
    // ListQueues names no queue, and is chosen by all of them
    assert.deepEqual(resourcesOf([ask('*')], callOf('sqs'), true), [
      { ...named, ARN: `arn:aws:sqs:us-east-1:${own}:*` },
    ])
    const bucket = { accountId: own, type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::b' }
    const object = { type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::b/k' }
    assert.deepEqual(resourcesOf([ask('arn:aws:s3:::b/k')], callOf('s3'), true), [object, bucket])
    assert.deepEqual(resourcesOf([ask('arn:aws:s3:::b/k', { resourceAccount: other })], callOf('s3'), true), [
      object,
      { ...bucket, accountId: other },
    ])
    const prefix = { type: 'AWS::S3::Object', ARNPrefix: 'arn:aws:s3:::b/' }
    assert.deepEqual(resourcesOf([ask('arn:aws:s3:::b')], callOf('s3'), true), [prefix, bucket])
    assert.deepEqual(resourcesOf([ask('arn:aws:s3:::b')], callOf('s3'), false), [bucket])
    assert.deepEqual(resourcesOf([ask('arn:aws:s3:::b/k')], callOf('s3'), false), [object])
    const key = { accountId: other, type: 'AWS::KMS::Key', ARN: `arn:aws:kms:us-east-1:${other}:key/1` }
    assert.deepEqual(resourcesOf([ask(key.ARN)], callOf('kms'), false), [key])
    const marks = { marks: { made: key.ARN } }
    assert.deepEqual(resourcesOf([], callOf('kms', marks), false), [key])
    const many = Array.from({ length: 101 }, (_, n) => ask(`${queue}${n}`))
    assert.equal(resourcesOf(many, callOf('sqs'), false).length, 100)
    // services whose management events list no resources (TRL-99)
    const thing: Readonly<Record<string, string>> = {
      lambda: 'function:f',
      events: 'rule/r',
      ecs: 'cluster/c',
      logs: 'log-group:g',
    }
    for (const [id, rest] of Object.entries(thing)) {
      const asked = [ask(`arn:aws:${id}:us-east-1:${own}:${rest}`)]
      assert.deepEqual(resourcesOf(asked, callOf(id), false), [])
      assert.equal(resourcesOf(asked, callOf(id), true).length, 1)
    }
    const topic = [ask(`arn:aws:sns:us-east-1:${own}:t`)]
    assert.deepEqual(resourcesOf(topic, callOf('sns', { operation: { name: 'CreateTopic' } }), false), [])
    assert.equal(resourcesOf(topic, callOf('sns'), false).length, 1)
  })

  test('the other accounts that own what it is about, if they are here (TRL-8)', () => {
    const deps = { directory: { loaded: (id: string) => (id === '999988887777' ? undefined : {}) } }
    const owners = (resource: string, more: object = {}, id = 'sqs') =>
      otherOwners([ask(resource, more)], callOf(id, { deps }))
    assert.deepEqual(owners(`arn:aws:sqs:us-east-1:${other}:q`), [other])
    assert.deepEqual(owners(`arn:aws:sqs:us-east-1:${own}:q`), [])
    assert.deepEqual(owners('arn:aws:sqs:us-east-1:999988887777:q'), [])
    assert.deepEqual(owners(`arn:aws:sns:us-east-1:${other}:q`), [])
    assert.deepEqual(owners('arn:aws:s3:::b/k', { resourceAccount: other }, 's3'), [other])
    assert.deepEqual(owners('arn:aws:s3:::b/k', {}, 's3'), [])
    assert.deepEqual(owners('*'), [])
  })
})
