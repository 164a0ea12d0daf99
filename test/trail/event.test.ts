import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { oneLine } from '../../packages/server/src/base/index.ts'
import { loadModel } from '../../packages/server/src/model/index.ts'
import {
  type EventFacts,
  eventNameOf,
  isReadOnly,
  lookUpResources,
  makeEvent,
  shapeForEvent,
} from '../../packages/server/src/trail/index.ts'
import { account } from '../kit/index.ts'

function facts(given: Partial<EventFacts> = {}): EventFacts {
  return {
    account,
    id: '0f7f4a4b-6f3e-4c3e-9d52-2f3f7d1a0001',
    time: Date.UTC(2026, 6, 10, 12, 9, 47, 512),
    identity: { type: 'Root', principalId: account, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    username: 'root',
    source: 'iam.amazonaws.com',
    name: 'CreateRole',
    region: 'us-east-1',
    sourceIp: '192.0.2.1',
    userAgent: 'test',
    requestParameters: { roleName: 'r' },
    responseElements: {},
    requestId: '0f7f4a4b-6f3e-4c3e-9d52-2f3f7d1a0002',
    readOnly: false,
    type: 'AwsApiCall',
    ...given,
  }
}

function record(given: Partial<EventFacts> = {}): Record<string, unknown> {
  return JSON.parse(makeEvent(facts(given)).json) as Record<string, unknown>
}

describe('The record of an event', () => {
  it('has its members in the order of delivered files, and only those that say something (TRL-1 to TRL-4)', () => {
    const whole = record({
      error: { code: 'AccessDenied', message: 'no' },
      additionalEventData: { a: 1 },
      resources: [{ accountId: account, type: 'AWS::IAM::Role', ARN: 'arn' }],
      sharedEventId: 's',
      tlsDetails: { tlsVersion: 'TLSv1.3' },
      fromConsole: true,
    })
    assert.deepEqual(Object.keys(whole), [
      'eventVersion',
      'userIdentity',
      'eventTime',
      'eventSource',
      'eventName',
      'awsRegion',
      'sourceIPAddress',
      'userAgent',
      'errorCode',
      'errorMessage',
      'requestParameters',
      'responseElements',
      'additionalEventData',
      'requestID',
      'eventID',
      'readOnly',
      'resources',
      'eventType',
      'managementEvent',
      'recipientAccountId',
      'sharedEventID',
      'eventCategory',
      'tlsDetails',
      'sessionCredentialFromConsole',
    ])
    const plain = record()
    assert.equal(plain.eventVersion, '1.11')
    assert.equal(plain.eventTime, '2026-07-10T12:09:47Z')
    assert.equal(plain.responseElements, null)
    for (const absent of [
      'errorCode',
      'errorMessage',
      'resources',
      'sharedEventID',
      'tlsDetails',
      'additionalEventData',
      'sessionCredentialFromConsole',
    ])
      assert.ok(!(absent in plain), absent)
  })

  it('cuts texts at 1,024 characters, never within one (TRL-5)', () => {
    const { userAgent } = record({ userAgent: 'u'.repeat(5_000) })
    assert.equal(userAgent, `${'u'.repeat(1_021)}...`)
    assert.equal(record({ userAgent: 'u'.repeat(1_024) }).userAgent, 'u'.repeat(1_024))
    const halved = record({ error: { code: 'X', message: `${'m'.repeat(1_020)}😀${'m'.repeat(100)}` } })
    assert.equal(halved.errorMessage, `${'m'.repeat(1_020)}...`)
  })

  it('leaves out what is larger than 100 KB, and says so (TRL-6)', () => {
    const policyDocument = 'p'.repeat(150_000)
    const large = record({ requestParameters: { policyDocument }, responseElements: { ok: true } })
    assert.deepEqual(large.requestParameters, {
      reason: 'requestParameters too large',
      omitted: true,
      originalSize: JSON.stringify({ policyDocument }).length,
    })
    assert.deepEqual(large.responseElements, { ok: true })
    const kept = { policyDocument: 'p'.repeat(100_000) }
    assert.deepEqual(record({ requestParameters: kept }).requestParameters, kept)
    // what is escaped counts as it is written
    const escaped = makeEvent(facts({ requestParameters: { policyDocument: '\u0085'.repeat(100_000) } })).json
    assert.ok(escaped.length < 2_000)
    assert.ok(makeEvent(facts({ additionalEventData: { a: 'a'.repeat(40_000) } })).json.length < 2_000)
  })

  it('is one line whatever the texts hold, and reads back as it was (TRL-7)', () => {
    const nasty = 'a\n{"eventName":"Forged"}\r\u2028\u2029\u0085\u009b31m\u001b[2K\u202e\u0000\u007f'
    const { json } = makeEvent(facts({ userAgent: nasty, requestParameters: { [nasty]: nasty } }))
    assert.ok(!/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/.test(json))
    const back = JSON.parse(json) as Record<string, unknown>
    assert.equal(back.userAgent, nasty)
    assert.deepEqual(back.requestParameters, { [nasty]: nasty })
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (text, value) => {
        const broken = `${text}\ud800${text}\\ud800`
        const line = oneLine({ broken, value })
        assert.ok(line.isWellFormed())
        assert.ok(!/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(line))
        const back = JSON.parse(line) as { broken: string; value: unknown }
        assert.equal(back.broken, broken.toWellFormed())
        assert.equal(JSON.stringify(back.value), JSON.stringify(value))
      }),
    )
  })

  it('finds by what is in it and by what it names (TRL-57, TRL-66, TRL-67)', () => {
    const event = makeEvent(
      facts({
        resources: [{ accountId: account, type: 'AWS::IAM::Role', ARN: 'arn:aws:iam::123456789012:role/r' }],
        named: [{ type: 'AWS::IAM::User', name: 'bob' }],
      }),
    )
    assert.deepEqual(event.resources, [
      { type: 'AWS::IAM::User', name: 'bob' },
      { type: 'AWS::IAM::Role', name: 'arn:aws:iam::123456789012:role/r' },
    ])
    assert.equal(event.accessKeyId, 'AKIAIOSFODNN7EXAMPLE')
  })
})

describe('What an event says of its operation', () => {
  it('reads where CloudTrail says that it reads (TRL-11, TRL-15)', () => {
    const reads = ['sts AssumeRole', 'sts AssumeRoleWithSAML', 'sts GetCallerIdentity']
    const writes = [
      'sts GetFederationToken',
      'sts GetSessionToken',
      'iam CreateRole',
      'cloudtrail StopLogging',
      'ec2 RunInstances',
    ]
    const ask = (text: string) => isReadOnly(...(text.split(' ') as [string, string]))
    for (const each of [...reads, 'iam GetRole', 'cloudtrail LookupEvents', 'ec2 DescribeInstances'])
      assert.ok(ask(each), each)
    for (const each of writes) assert.ok(!ask(each), each)
  })

  it('dates in whole seconds, whatever the service (TRL-13)', () => {
    const shaped = shapeForEvent(loadModel('cloudtrail'), 'LookupEventsRequest', {
      StartTime: Date.UTC(2026, 8, 13, 17, 13, 9, 125),
    })
    assert.deepEqual(shaped, { startTime: '2026-09-13T17:13:09Z' })
  })

  it('dates the names of Lambda only (TRL-16)', () => {
    assert.equal(eventNameOf('lambda', 'CreateFunction'), 'CreateFunction20150331')
    assert.equal(eventNameOf('lambda', 'GetEventSourceMapping'), 'GetEventSourceMapping')
    assert.equal(eventNameOf('iam', 'CreateRole'), 'CreateRole')
  })

  it('names things by kind, within limits (TRL-67)', () => {
    const named = lookUpResources(
      'iam',
      { userName: 'bob' },
      { accessKey: { accessKeyId: 'AKIA', userName: 'bob' } },
    )
    assert.deepEqual(named, [
      { type: 'AWS::IAM::User', name: 'bob' },
      { type: 'AWS::IAM::AccessKey', name: 'AKIA' },
    ])
    const many = { items: Array.from({ length: 100_000 }, (_, i) => ({ instanceId: `i-${i}` })) }
    assert.equal(lookUpResources('ec2', many).length, 50)
    assert.deepEqual(lookUpResources('constructor', { toString: 'x' }), [])
  })
})
