import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { carrierOf } from './sources.ts'

/** The kind of a resource, the carrier of its policy, and the call that reads the policy. */
function written(arn: string): string {
  const found = carrierOf(arn)
  if (found === undefined) return 'none'
  const { row, service, carrier } = found
  const { headers = {}, ...call } = row.ask(carrier)
  const { 'content-type': type = '', 'x-amz-content-sha256': _, ...others } = headers
  const path = call.query === undefined ? call.path : `${call.path}?${call.query}`
  const question = [call.service, call.method, path, ...Object.values(others), type, call.body ?? '']
  return [service.replaceAll(' ', '-'), carrier.arn, row.grant, ...question]
    .filter((part) => part !== '')
    .join(' ')
}

describe('the policy of a resource is read by (GRD-80)', () => {
  for (const line of readFileSync(join(import.meta.dirname, 'sources.txt'), 'utf8')
    .trimEnd()
    .split('\n')) {
    const [arn = '', expected] = line.split(': ', 2)
    test(arn, () => assert.equal(written(arn), expected))
  }

  test('names that are too long have none', () => {
    const found = (arn: string) => carrierOf(arn) !== undefined
    const at = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111122223333:${resource}`
    for (const [most, arnOf] of [
      [255, (name: string) => `arn:aws:s3:::${name}`],
      [50, (name: string) => at('s3', `accesspoint/${name}`)],
      [80, (name: string) => at('sqs', name)],
      [140, (name: string) => at('lambda', `function:${name}`)],
      [256, (name: string) => at('kms', `key/${name}`)],
      [512, (name: string) => at('secretsmanager', `secret:${name}`)],
      [255, (name: string) => at('dynamodb', `table/${name}`)],
      [256, (name: string) => at('ecr', `repository/${name}`)],
      [256, (name: string) => at('events', `event-bus/${name}`)],
      [512, (name: string) => at('logs', `destination:${name}`)],
    ] as const) {
      const [last, over] = [most, most + 1].map((length) => arnOf('a'.repeat(length)))
      assert.deepEqual([found(last!), found(over!)], [true, false], `${most} ${arnOf('a')}`)
    }
  })
})

const at = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111122223333:${resource}`
const logs = at('logs', 'destination:d')
const absent = { exists: false }
const bare = { exists: true }
const has = (document: string) => ({ exists: true, document })

describe('what an answer says of a policy', () => {
  for (const [arn, status, text, expected] of [
    ['arn:aws:s3:::b', 200, '{"a":1}', has('{"a":1}')],
    ['arn:aws:s3:::b', 404, '<Error><Code>NoSuchBucketPolicy</Code></Error>', bare],
    ['arn:aws:s3:::b', 404, '<Error><Code>NoSuchBucket</Code></Error>', absent],
    [at('s3', 'accesspoint/point'), 200, '<R><Policy>{}</Policy></R>', has('{}')],
    [at('s3', 'accesspoint/point'), 200, '<R><Policy> </Policy></R>', bare],
    [at('s3', 'accesspoint/point'), 404, '<R><Policy>{}</Policy></R>', bare],
    [at('s3', 'accesspoint/point'), 404, '<E><Code>NoSuchAccessPoint</Code></E>', absent],
    [at('sqs', 'q'), 200, '{"Attributes":{"Policy":"{}"}}', has('{}')],
    [at('sqs', 'q'), 200, '{"Attributes":{"Policy":""}}', bare],
    [at('sqs', 'q'), 200, '{}', bare],
    [at('sqs', 'q'), 200, 'no JSON', bare],
    [at('sqs', 'q'), 400, '{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}', absent],
    [at('sqs', 'q'), 400, '{"__type":"AWS.SimpleQueueService.NonExistentQueue"}', absent],
    [at('sqs', 'q'), 403, '{"__type":"AccessDenied"}', bare],
    [at('kms', 'key/k'), 200, '{"Policy":"{}"}', has('{}')],
    [at('kms', 'key/k'), 400, '{"__type":"NotFoundException"}', absent],
    [at('secretsmanager', 'secret:s'), 200, '{"ResourcePolicy":"{}"}', has('{}')],
    [at('secretsmanager', 'secret:s'), 200, '{"Policy":"{}"}', bare],
    [at('secretsmanager', 'secret:s'), 400, '{"__type":"ResourceNotFoundException"}', absent],
    [at('dynamodb', 'table/music'), 400, '{"__type":"PolicyNotFoundException"}', bare],
    [at('dynamodb', 'table/music'), 200, '{"Policy":"{}"}', has('{}')],
    [at('ecr', 'repository/ab'), 200, '{"policyText":"{}"}', has('{}')],
    [at('ecr', 'repository/ab'), 400, '{"__type":"RepositoryNotFoundException"}', absent],
    [at('ecr', 'repository/ab'), 400, '{"__type":"RepositoryPolicyNotFoundException"}', bare],
    [at('events', 'rule/r'), 200, '{"Policy":"{}"}', has('{}')],
    [at('sns', 't'), 200, '<A><entry><key>Policy</key><value>{}</value></entry></A>', has('{}')],
    [at('sns', 't'), 200, '<A><entry><key>Owner</key><value>1</value></entry></A>', bare],
    [at('sns', 't'), 404, '<E><Code>NotFound</Code></E>', absent],
    [at('sns', 't'), 403, '<E><Code>AuthorizationError</Code></E>', bare],
    [logs, 200, JSON.stringify({ destinations: [{ arn: logs, accessPolicy: '{}' }] }), has('{}')],
    [logs, 200, JSON.stringify({ destinations: [{ arn: logs }] }), bare],
    [logs, 200, JSON.stringify({ destinations: [{ arn: `${logs}2`, accessPolicy: '{}' }] }), absent],
    [logs, 200, '{}', absent],
    [logs, 400, JSON.stringify({ destinations: [{ arn: logs }] }), absent],
  ] as const)
    test(`${arn}: ${status} ${text}`, () => {
      const { row, carrier } = carrierOf(arn)!
      assert.deepEqual(row.read({ status, text, headers: {} }, carrier), expected)
    })

  test('a bare principal of Lambda is a service or an identity', () => {
    const { row, carrier } = carrierOf(at('lambda', 'function:f'))!
    const principals = ['s3.amazonaws.com', 'ec2.amazonaws.com.cn', '111122223333', '*', { AWS: '1' }]
    const document = JSON.stringify({ Id: 'i', Statement: principals.map((Principal) => ({ Principal })) })
    const read = (Policy: string) => {
      const carried = row.read({ status: 200, text: JSON.stringify({ Policy }), headers: {} }, carrier)
      return carried.exists ? carried.document : undefined
    }
    assert.deepEqual(JSON.parse(read(document) ?? ''), {
      Id: 'i',
      Statement: [
        { Service: 's3.amazonaws.com' },
        { Service: 'ec2.amazonaws.com.cn' },
        { AWS: '111122223333' },
        '*',
        { AWS: '1' },
      ].map((Principal) => ({ Principal })),
    })
    assert.equal(read('{"Statement":{}}'), '{"Statement":{}}')
    assert.equal(read('{'), '{')
  })
})

test('a policy is read again after the operations that can change it or its carrier', () => {
  const changedBy = (arn: string) => carrierOf(arn)?.row.changedBy.join(' ')
  assert.deepEqual(
    Object.fromEntries(
      [
        'arn:aws:s3:::b',
        at('s3', 'accesspoint/point'),
        at('sqs', 'q'),
        at('sns', 't'),
        at('lambda', 'function:f'),
        at('kms', 'key/k'),
        at('secretsmanager', 'secret:s'),
        at('dynamodb', 'table/music'),
        at('ecr', 'repository/ab'),
        at('events', 'rule/r'),
        logs,
      ].map((arn) => [carrierOf(arn)?.service, changedBy(arn)]),
    ),
    {
      s3: 'CreateBucket DeleteBucket DeleteBucketPolicy PutBucketPolicy',
      's3 access point': 'CreateAccessPoint DeleteAccessPoint DeleteAccessPointPolicy PutAccessPointPolicy',
      sqs: 'AddPermission CreateQueue DeleteQueue RemovePermission SetQueueAttributes',
      sns: 'AddPermission CreateTopic DeleteTopic RemovePermission SetTopicAttributes',
      lambda: 'AddPermission CreateFunction DeleteFunction RemovePermission',
      kms: 'CreateKey PutKeyPolicy ReplicateKey ScheduleKeyDeletion',
      secretsmanager: 'CreateSecret DeleteResourcePolicy DeleteSecret PutResourcePolicy',
      dynamodb: 'CreateTable DeleteResourcePolicy DeleteTable PutResourcePolicy',
      ecr: 'CreateRepository DeleteRepository DeleteRepositoryPolicy SetRepositoryPolicy',
      events: 'CreateEventBus DeleteEventBus PutPermission RemovePermission',
      logs: 'DeleteDestination PutDestination PutDestinationPolicy',
    },
  )
})
