import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { identifyCall } from '../../packages/server/src/guard/catalogue/index.ts'
import { signedRequest } from './requests.ts'

type Row = readonly [line: string, host: string, operation: string, labels: Readonly<Record<string, string>>]

const rows: readonly Row[] = [
  ['GET /', 'localhost:4566', 'ListBuckets', {}],
  ['GET /', 's3.localhost:4566', 'ListBuckets', {}],
  ['GET /', 's3express-control.us-east-1.amazonaws.com', 'ListDirectoryBuckets', {}],
  ['GET /bucket', '127.0.0.1:4566', 'ListObjects', { Bucket: 'bucket' }],
  ['GET /bucket/', 'localhost:4566', 'ListObjects', { Bucket: 'bucket' }],
  ['GET /', 'bucket.localhost:4566', 'ListObjects', { Bucket: 'bucket' }],
  ['GET /?list-type=2', 'bucket.s3.localhost:4566', 'ListObjectsV2', { Bucket: 'bucket' }],
  ['GET /?list-type=2', 'a.b.s3.eu-west-1.amazonaws.com', 'ListObjectsV2', { Bucket: 'a.b' }],
  ['PUT /a/b', 's3-logs.s3-eu-west-1.amazonaws.com', 'PutObject', { Bucket: 's3-logs', Key: 'a/b' }],
  ['PUT /a%20b//c/', 'x.s3.localhost', 'PutObject', { Bucket: 'x', Key: 'a b//c/' }],
  ['PUT /x//a', 'localhost', 'PutObject', { Bucket: 'x', Key: '/a' }],
  ['PUT /x/a/', 'localhost', 'PutObject', { Bucket: 'x', Key: 'a/' }],
  ['GET /x/a?versionId=1', 'localhost', 'GetObject', { Bucket: 'x', Key: 'a' }],
  ['GET /x/a?acl', 'localhost', 'GetObjectAcl', { Bucket: 'x', Key: 'a' }],
  ['GET /x/a?acl=', 'localhost', 'GetObjectAcl', { Bucket: 'x', Key: 'a' }],
  ['GET /x/a?%61cl', 'localhost', 'GetObjectAcl', { Bucket: 'x', Key: 'a' }],
  ['GET /x?analytics', 'localhost', 'ListBucketAnalyticsConfigurations', { Bucket: 'x' }],
  ['GET /x?analytics&id=1', 'localhost', 'GetBucketAnalyticsConfiguration', { Bucket: 'x' }],
  ['PUT /x/a?partNumber=1&uploadId=u', 'localhost', 'UploadPart', { Bucket: 'x', Key: 'a' }],
  ['POST /x/a?uploads', 'localhost', 'CreateMultipartUpload', { Bucket: 'x', Key: 'a' }],
  ['POST /x/a?uploadId=u', 'localhost', 'CompleteMultipartUpload', { Bucket: 'x', Key: 'a' }],
  ['DELETE /x/a?uploadId=u', 'localhost', 'AbortMultipartUpload', { Bucket: 'x', Key: 'a' }],
  ['DELETE /x/a', 'localhost', 'DeleteObject', { Bucket: 'x', Key: 'a' }],
  ['HEAD /x', 'localhost', 'HeadBucket', { Bucket: 'x' }],
  ['GET /v20180820/configuration/publicAccessBlock', 'localhost', 'GetPublicAccessBlock', {}],
]

describe('S3', () => {
  for (const [line, host, operation, labels] of rows) {
    test(`${line} at ${host} is ${operation} (behaviours GRD-2, GRD-7, GRD-8)`, () => {
      const call = identifyCall(signedRequest(line, 's3', { host }))
      assert.ok(!('problem' in call))
      assert.deepEqual([call.operation, { ...call.labels }], [operation, labels])
    })
  }

  test('a copy is recognized by its source (behaviour GRD-2)', () => {
    const headers = { 'x-amz-copy-source': '/y/b' }
    const name = (line: string) => {
      const call = identifyCall(signedRequest(line, 's3', headers))
      return 'problem' in call ? call.problem : call.operation
    }
    assert.equal(name('PUT /x/a'), 'CopyObject')
    assert.equal(name('PUT /x/a?partNumber=1&uploadId=u'), 'UploadPartCopy')
    const presigned = identifyCall(signedRequest('PUT /x/a?X-Amz-Copy-Source=y%2Fb', 's3'))
    assert.equal('problem' in presigned ? presigned.problem : presigned.operation, 'CopyObject')
  })

  test('a form’s content type makes no form of an upload', () => {
    const call = identifyCall(
      signedRequest('POST /x/a?uploads', 's3', { 'content-type': 'application/x-www-form-urlencoded' }),
    )
    assert.equal('problem' in call ? call.problem : call.operation, 'CreateMultipartUpload')
  })

  for (const [line, why] of [
    ['GET /x/a?acl&tagging', 'ambiguous'],
    ['PUT /x/a?partNumber=1&uploadId=u&acl', 'ambiguous'],
    ['GET /x/../y/a', 'malformed'],
    ['GET /x/%2E%2e/y/a', 'malformed'],
    ['GET /x/a\\b', 'malformed'],
    ['GET /x/%zz', 'malformed'],
    ['GET /x/a?%zz', 'malformed'],
    ['GET /x/a?Action=b', 'ambiguous'],
    ['PATCH /x/a', 'unknownOperation'],
  ] as const) {
    test(`${line} is refused, in the words of S3 (behaviours GRD-5, GRD-6, GRD-71)`, () => {
      const call = identifyCall(signedRequest(line, 's3'))
      assert.deepEqual('problem' in call && [call.problem, call.protocol], [why, 'restXml'])
    })
  }
})

describe('other protocols', () => {
  test('a request that names two operations is refused (behaviour GRD-5)', () => {
    const request = signedRequest('POST /', 'sqs', {
      'x-amz-target': 'AmazonSQS.ReceiveMessage',
      'content-type': 'application/x-www-form-urlencoded',
    })
    const call = identifyCall(request)
    assert.equal('problem' in call && call.problem, 'ambiguous')
  })

  test('SQS is called in its old form at a queue’s URL (behaviour GRD-1)', () => {
    const request = signedRequest(
      'POST /000000000000/q',
      'sqs',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'Action=SendMessage&Version=2012-11-05&MessageBody=m',
    )
    const call = identifyCall(request)
    assert.ok(!('problem' in call))
    assert.deepEqual([call.service.id, call.operation, call.protocol], ['sqs', 'SendMessage', 'awsQuery'])
  })

  test('a path is sought only among the services that the signature names (behaviour GRD-3)', () => {
    const name = (scope: string) => {
      const call = identifyCall(signedRequest('GET /2015-03-31/functions/', scope))
      return 'problem' in call ? call.problem : `${call.service.id}.${call.operation}`
    }
    assert.equal(name('lambda'), 'lambda.ListFunctions')
    assert.equal(name('s3'), 's3.GetObject')
    assert.equal(name('dynamodb'), 'unknownService')
  })

  test('the target decides whatever the scope says (behaviour GRD-3)', () => {
    const headers = { 'x-amz-target': 'DynamoDB_20120810.ListTables' }
    const call = identifyCall(signedRequest('POST /', 's3', headers))
    assert.equal('problem' in call ? call.problem : call.service.signs, 'dynamodb')
  })
})
