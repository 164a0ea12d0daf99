import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AccessRequest, Call } from '../authorization/index.ts'
import { Fault, type HttpRequest, parseAccountId } from '../base/index.ts'
import { isData, onlyReads, resourceType, trailName, trailSource } from './call-data.ts'
import { withCallKeys } from './call-keys.ts'
import type { IdentifiedCall } from './catalogue/index.ts'
import { otherOwners, resourcesOf } from './event-resources.ts'
import { oldTermsOf, refuseOldSignature } from './old-signature.ts'
import { isOk, notDone, type Outcome, upstreamError } from './outcome.ts'
import { untrusting } from './trust-sources.ts'

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
      'GetX ListX DescribeX HeadX LookupX LookUpX SearchX QueryX ScanX SelectX BatchGetX BatchDescribeX BatchListX BatchCheckX TransactGetX CheckX ValidateX VerifyX EstimateX PreviewX TestX SimulateX FilterX'
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

describe('signatures of version 2 (GRD-26)', () => {
  const terms = (host: string | undefined, { id = 's3', sigv2 = true, region = 'us-east-1' } = {}) =>
    oldTermsOf(
      {
        service: { id },
        request: { headers: host === undefined ? {} : { host } },
        bucketInHost: 'b',
      } as unknown as IdentifiedCall,
      sigv2,
      region,
    )

  test('are taken in the regions that were there in 2014', () => {
    const old =
      'us-east-1 us-west-1 us-west-2 eu-west-1 ap-southeast-1 ap-southeast-2 ap-northeast-1 sa-east-1 us-gov-west-1'
    for (const region of old.split(' ')) {
      assert.deepEqual(terms('localhost', { region }), { region, bucketInHost: 'b' })
      for (const host of [
        `s3.${region}.amazonaws.com`,
        `b.s3-${region}.amazonaws.com`,
        `b.s3.dualstack.${region}.amazonaws.com`,
      ])
        assert.deepEqual(terms(host, { region: 'eu-central-1' }), { region, bucketInHost: 'b' }, host)
    }
    for (const region of ['eu-central-1', 'cn-north-1', ''])
      assert.equal(terms('localhost', { region }), undefined)
    assert.equal(terms('b.s3.eu-central-1.amazonaws.com'), undefined)
    assert.equal(terms('xs3.eu-central-1.amazonaws.com')?.region, 'us-east-1')
    assert.equal(terms(undefined)?.region, 'us-east-1')
    assert.equal(terms('localhost', { sigv2: false }), undefined)
    assert.equal(terms('localhost', { id: 's3control' }), undefined)
  })

  test('are refused in an address where they are not taken', () => {
    const refused = (rawQuery: string, signs = 's3') => {
      try {
        refuseOldSignature({ rawQuery } as HttpRequest, signs)
        return undefined
      } catch (error) {
        return (error as Fault).code
      }
    }
    const code = refused('AWSAccessKeyId=a&Signature=b&Expires=1')
    assert.ok(code !== undefined)
    for (const query of ['awsaccesskeyid=a', 'x=1&SIGNATURE=b', 'Signature=b'])
      assert.equal(refused(query), code, query)
    assert.equal(refused('signature=b', 's3express'), code)
    for (const query of ['', 'XSignature=b', 'Signatures=b', 'a=Signature'])
      assert.equal(refused(query), undefined, query)
    assert.equal(refused('Signature=b', 'sqs'), undefined)
  })
})

describe('what an upstream answered', () => {
  test('is done, refused, or unknown', () => {
    const answered = (status: number): Outcome => ({ kind: 'answered', status })
    assert.deepEqual(
      [200, 201, 204, 404, 500].map((status) => isOk(answered(status))),
      [true, false, false, false, false],
    )
    assert.deepEqual(
      [301, 404, 499, 500, 503].map((status) => notDone(answered(status))),
      [false, false, false, undefined, undefined],
    )
    for (const outcome of [{ kind: 'unknown' }, { kind: 'brokenOff', status: 200, by: 'upstream' }] as const)
      assert.deepEqual([isOk(outcome), notDone(outcome)], [false, undefined])
  })

  test('has its error in a header or in the beginning of the body', () => {
    const table: readonly (readonly [
      status: number,
      type: string | undefined,
      body: string,
      code: string,
      message?: string,
    ])[] = [
      [
        400,
        undefined,
        '<Error><Code>NoSuchKey</Code><Message>No &quot;key&quot; &amp; &lt;no&gt; &apos;x&apos;</Message></Error>',
        'NoSuchKey',
        `No "key" & <no> 'x'`,
      ],
      [400, undefined, '<Code>a b</Code>', '400'],
      [
        400,
        undefined,
        '{"__type":"com.amazonaws#NotFound","message":"it is\\ngone"}',
        'NotFound',
        'it is\ngone',
      ],
      [400, undefined, '{"code" : "A", "Message" : "m"}', 'A', 'm'],
      [400, undefined, '{"Code":"B","errorMessage":"\\u0041"}', 'B', 'A'],
      [400, 'FromHeader:http://x', '{"__type":"Other"}', 'FromHeader'],
      [500, undefined, '', '500'],
      [403, undefined, '<message>small</message>', '403', 'small'],
      [400, undefined, '{"__type":"A","message":7}', 'A'],
      [400, undefined, '{"__type":"A","message":"\\x"}', 'A'],
    ]
    for (const [status, type, body, errorCode, errorMessage] of table)
      assert.deepEqual(
        upstreamError(status, type === undefined ? {} : { 'x-amzn-errortype': type }, Buffer.from(body)),
        { errorCode, ...(errorMessage !== undefined && { errorMessage }) },
        body,
      )
    assert.equal(upstreamError(399, { 'x-amzn-errortype': 'A' }, Buffer.from('<Code>B</Code>')), undefined)
    assert.deepEqual(upstreamError(400, {}, undefined), { errorCode: '400' })
    assert.deepEqual(upstreamError(400, { 'x-amzn-errortype': ['A'] }, undefined), { errorCode: '400' })
  })
})

test('a service tries a role that it is handed, as what it is made for (GRD-207, GRD-208)', () => {
  const role = `arn:aws:iam::${own}:role/r`
  const tried = (service: string, resource: string, operation = 'Op', id = 'any') => {
    const asked = [
      { action: 'any:Op', resource },
      { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': service } },
    ]
    const call = {
      service: { id },
      operation: { name: operation },
      account,
      region: 'us-east-1',
    } as unknown as Call
    let sources: unknown = 'untried'
    const refused = untrusting(asked, call, (_role, _service, _call, given) => {
      sources = given
      return false
    })
    return [sources, refused instanceof Fault ? refused.code : refused?.replace(role, 'R')]
  }
  const plain = (service: string) =>
    `The role R cannot be assumed by ${service}: its trust policy does not allow it.`
  const from = (arn?: string, owner = own) => ({
    'aws:SourceAccount': owner,
    ...(arn && { 'aws:SourceArn': arn }),
  })
  const arn = (service: string, rest: string, owner = own) => `arn:aws:${service}:us-east-1:${owner}:${rest}`
  const table: readonly (readonly [
    given: readonly [service: string, resource: string, operation?: string],
    sources: unknown,
    refused: string | undefined,
  ])[] = [
    [
      ['ecs-tasks.amazonaws.com', arn('ecs', 'task-definition/f')],
      from(arn('ecs', 'task/*')),
      'ClientException',
    ],
    [['ecs.amazonaws.com', '*'], from(arn('ecs', 'task/*')), plain('ecs.amazonaws.com')],
    [
      ['codepipeline.amazonaws.com', arn('codepipeline', 'p')],
      from(arn('codepipeline', 'p')),
      'InvalidStructureException',
    ],
    [
      ['scheduler.amazonaws.com', arn('scheduler', 'schedule/g/s')],
      from(arn('scheduler', 'schedule-group/g')),
      plain('scheduler.amazonaws.com'),
    ],
    [['scheduler.amazonaws.com', arn('scheduler', 'x/g/s')], from(), plain('scheduler.amazonaws.com')],
    [['ec2.amazonaws.com', arn('ec2', 'instance/*')], from(), plain('ec2.amazonaws.com')],
    [['lambda.amazonaws.com', '*'], from(), plain('lambda.amazonaws.com')],
    [['lambda.amazonaws.com', arn('sqs', 'q')], from(), plain('lambda.amazonaws.com')],
    [
      ['sns.amazonaws.com', arn('sns', 't', other), 'Subscribe'],
      from(arn('sns', 't', other), other),
      'InvalidParameter',
    ],
    [
      ['sns.amazonaws.com', arn('sns', 't'), 'SetSubscriptionAttributes'],
      from(arn('sns', 't')),
      'InvalidParameter',
    ],
    [['sns.amazonaws.com', arn('sns', 't'), 'SubscribeX'], from(arn('sns', 't')), plain('sns.amazonaws.com')],
    [['apigateway.amazonaws.com', arn('apigateway', 'a')], 'untried', undefined],
    [['events.amazonaws.com', arn('events', 'rule/r')], 'untried', undefined],
    ...['codebuild', 'lambda', 'pipes', 'states'].map(
      (name) =>
        [
          [`${name}.amazonaws.com`, arn(name, 'x')],
          from(arn(name, 'x')),
          plain(`${name}.amazonaws.com`),
        ] as const,
    ),
  ]
  for (const [given, sources, refused] of table)
    assert.deepEqual(tried(...given), [sources, refused], given.join(' '))
})

test('keys that follow from the call itself (GRD-106)', () => {
  const call = (tls?: string) =>
    ({
      region: 'eu-west-1',
      now: Date.UTC(2026, 0, 2, 3, 4, 6),
      origin: tls === undefined ? {} : { tls: { version: tls } },
    }) as unknown as Call
  const request = (date?: string) =>
    ({ headers: date === undefined ? {} : { 'x-amz-date': date }, rawQuery: '' }) as unknown as HttpRequest
  const keys = (access: Partial<AccessRequest>, tls?: string, date?: string) =>
    withCallKeys({ action: 's3:GetObject', resource: '*', ...access }, request(date), call(tls)).context
  const context = { a: 'b' }
  assert.deepEqual(keys({ action: 'ec2:RunInstances', context }), { a: 'b', 'ec2:Region': 'eu-west-1' })
  assert.deepEqual(keys({ action: 'sqs:SendMessage', context }, 'TLSv1.3'), context)
  assert.deepEqual(keys({ context }), context)
  assert.deepEqual(keys({ context, resourceAccount: own }, 'TLSv1.2', '20260102T030405Z'), {
    a: 'b',
    's3:ResourceAccount': own,
    's3:signatureAge': '1000',
    's3:TlsVersion': '1.2',
  })
  assert.deepEqual(keys({}, 'SSLv3', '20260102T030506Z'), { 's3:signatureAge': '0' })
  assert.deepEqual(keys({}, undefined, 'none'), {})
})
