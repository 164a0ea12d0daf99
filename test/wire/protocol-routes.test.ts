import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertLinear } from '../support/cost.ts'
import { form, json, refusalOf, request, routeOf, wire } from './protocol-requests.ts'

describe('time', () => {
  test('a header that repeats itself does not hold the house up', () => {
    assertLinear(737, (length) => {
      const authorization = 'Credential='.repeat(length)
      return () => wire.identify(request({ method: 'GET', rawPath: '/nowhere', headers: { authorization } }))
    })
  })
})

describe('which operation', () => {
  test('an unknown action, a wrong version, none (WIRE-21)', () => {
    for (const [parameters, code, message] of [
      [
        'Action=Fly&Version=2010-05-08',
        'InvalidAction',
        'Could not find operation Fly for version 2010-05-08',
      ],
      [
        'Action=GetRole&Version=2010-05-09',
        'InvalidAction',
        'Could not find operation GetRole for version 2010-05-09',
      ],
      [
        'Action=GetRole',
        'InvalidAction',
        'Could not find operation GetRole for version NO_VERSION_SPECIFIED',
      ],
      ['Version=2010-05-08', 'MissingAction', 'The request is missing an action or a required parameter.'],
      ['', 'MissingAction', 'The request is missing an action or a required parameter.'],
    ] as const) {
      const refusal = refusalOf(form(parameters))
      assert.deepEqual([refusal.code, refusal.message, refusal.status], [code, message, 400])
      assert.ok(
        refusal.body.startsWith('<ErrorResponse xmlns="http://webservices.amazon.com/AWSFault/2005-15-09">'),
      )
    }
  })

  test('EC2 (WIRE-22)', () => {
    const refusal = refusalOf(form('Action=Fly&Version=2016-11-15'))
    assert.equal(refusal.message, 'The action Fly is not valid for this web service.')
    assert.match(refusal.body, /<Response><Errors><Error><Code>InvalidAction<\/Code>/)
  })

  test('older versions of EC2 mean the one that is served (WIRE-26)', () => {
    for (const version of ['2014-10-01', '2016-09-15', '2016-11-15']) {
      const { service, operation } = routeOf(form(`Action=DescribeInstances&Version=${version}`))
      assert.deepEqual([service.id, operation.name], ['ec2', 'DescribeInstances'])
    }
    assert.match(refusalOf(form('Action=Fly&Version=2014-10-01')).body, /<Response><Errors>.*InvalidAction/)
    for (const version of ['2014-10-02', '2017-01-01', '2010-05-09'])
      assert.equal(refusalOf(form(`Action=DescribeInstances&Version=${version}`)).code, 'InvalidAction')
  })

  test('both targets of CloudTrail (WIRE-23)', () => {
    for (const prefix of ['CloudTrail_20131101', 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101']) {
      assert.equal(routeOf(json(`${prefix}.LookupEvents`, '{}')).operation.name, 'LookupEvents')
    }
  })

  const scope = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
  })

  test('what AWS has and Omen has not is named (WIRE-24)', () => {
    for (const [received, message] of [
      [form('Action=CreateNatGateway&Version=2016-11-15'), 'Omen does not implement ec2:CreateNatGateway'],
      [
        form('Action=ListTopics&Version=2010-03-31'),
        'Omen does not serve Amazon Simple Notification Service (sns:ListTopics)',
      ],
      [
        form('Action=ListQueues&Version=2012-11-05'),
        'Omen does not serve Amazon Simple Queue Service (sqs:ListQueues)',
      ],
      [
        json('DynamoDB_20120810.ListTables', '{}'),
        'Omen does not serve Amazon DynamoDB (dynamodb:ListTables)',
      ],
      [
        request({ method: 'GET', rawPath: '/2018-10-31/layers' }),
        'Omen does not implement lambda:ListLayers',
      ],
      [
        request({ method: 'GET', rawPath: '/bucket/key', headers: scope('s3') }),
        'Omen does not serve Amazon Simple Storage Service (s3)',
      ],
      [
        request({ method: 'GET', rawPath: '/key', headers: { host: 'bucket.s3.us-east-1.amazonaws.com' } }),
        'Omen does not serve Amazon Simple Storage Service (s3)',
      ],
      [
        request({ rawPath: '/service/GraniteServiceVersion20100801/operation/ListMetrics' }),
        'Omen does not serve Amazon CloudWatch (monitoring)',
      ],
    ] as const) {
      const refusal = refusalOf(received)
      const expected = message.replace(
        /^Omen does not serve .*$/,
        '$&; omen guard --upstream URL puts it in front of an endpoint that does',
      )
      assert.deepEqual([refusal.code, refusal.status, refusal.message], ['NotImplemented', 501, expected])
    }
  })

  test('what nobody has is unknown', () => {
    for (const [service, title, code, status] of [
      ['iam', 'AWS Identity and Access Management', 'InvalidAction', 400],
      ['lambda', 'AWS Lambda', 'UnknownOperationException', 404],
    ] as const) {
      const refusal = refusalOf(request({ rawPath: '/no/such/path', headers: scope(service) }))
      const message = `No operation of ${title} is called by POST /no/such/path`
      assert.deepEqual([refusal.code, refusal.status, refusal.message], [code, status, message])
    }
    assert.equal(refusalOf(json('AWSOrganizationsV20161128.Fly', '{}')).code, 'UnknownOperationException')
    assert.equal(refusalOf(json('Fly', '{}')).code, 'UnknownOperationException')
    assert.equal(refusalOf(request({ method: 'GET', rawPath: '/no/such/path' })).status, 404)
    assert.equal(refusalOf(request({ method: 'PUT', rawPath: '/2015-03-31/functions' })).status, 404)
  })

  test('paths: labels are decoded, a last slash says nothing, bad encoding is refused (WIRE-4)', () => {
    const path = '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aweb/policy'
    const route = routeOf(request({ method: 'GET', rawPath: path }))
    assert.equal(route.operation.name, 'GetPolicy')
    assert.equal(route.labels.FunctionName, 'arn:aws:lambda:us-east-1:123456789012:function:web')
    assert.equal(
      routeOf(request({ method: 'GET', rawPath: '/2015-03-31/functions/' })).operation.name,
      'ListFunctions',
    )
    assert.equal(
      refusalOf(request({ method: 'GET', rawPath: '/2015-03-31/functions/%ff' })).code,
      'SerializationException',
    )
  })
})
