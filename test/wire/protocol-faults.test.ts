import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Fault, fault } from '../../packages/server/src/base/index.ts'
import { errorShapeName, findError, loadModel } from '../../packages/server/src/model/index.ts'
import {
  commonFault,
  type Dialect,
  notImplemented,
  signatureFault,
} from '../../packages/server/src/wire/index.ts'
import { form, json, request, routeOf, wire } from './protocol-requests.ts'
import { clientOf, commandOf, type Id, ids } from './protocol-sdk.ts'
import { inputsOf } from './protocol-values.ts'

const iamRoute = routeOf(form('Action=GetRole&Version=2010-05-08'))
const stsRoute = routeOf(form('Action=GetCallerIdentity&Version=2011-06-15'))
const ec2Route = routeOf(form('Action=RunInstances&Version=2016-11-15'))
const organizationsRoute = routeOf(json('AWSOrganizationsV20161128.ListAccounts', '{}'))
const lambdaRoute = routeOf(request({ method: 'GET', rawPath: '/2015-03-31/functions' }))

/** How the SDK sees an error. */
interface Seen {
  readonly name: string
  readonly message: string
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId: string }
}

/** What the SDK's client throws when this fault is the answer. */
async function seenBySdk(id: Id, operation: string, thrown: Fault): Promise<Seen> {
  const service = loadModel(id)
  const model = service.operations[operation]!
  const client = clientOf(id, () =>
    wire.serializeFault({ service, operation: model, labels: {} }, thrown, 'request-1'),
  )
  const [input] = fc.sample(inputsOf(service, model)!, { seed: 1, numRuns: 1 })
  return client.send(commandOf(id, operation, input)).then(
    () => assert.fail('no error'),
    (error: Seen) => error,
  )
}

describe('faults', () => {
  test('the SDK knows every declared error of every operation (WIRE-10)', async () => {
    for (const id of ids) {
      const service = loadModel(id)
      const seen = new Set<string>()
      for (const operation of Object.values(service.operations)) {
        for (const shape of operation.errors) {
          if (seen.has(shape)) continue
          seen.add(shape)
          const error = findError(service, shape)!
          const message = `It was ${shape} & <so> on`
          const got = await seenBySdk(id, operation.name, fault(error.code, message))
          assert.equal(got.name, shape)
          assert.equal(got.message, message)
          assert.equal(got.$metadata.httpStatusCode, error.status, shape)
          assert.equal(got.$metadata.requestId, 'request-1')
        }
      }
    }
  })

  test('codes and shapes have each other (WIRE-10)', () => {
    const iam = loadModel('iam')
    assert.equal(errorShapeName(iam, 'NoSuchEntity'), 'NoSuchEntityException')
    assert.equal(errorShapeName(iam, 'AccessDenied'), 'AccessDenied')
    assert.equal(findError(iam, 'NoSuchEntityException')?.status, 404)
    assert.equal(findError(iam, 'DeleteConflict')?.status, 409)
  })

  test('awsQuery (WIRE-11)', () => {
    const { status, headers, body } = wire.serializeFault(
      iamRoute,
      fault('NoSuchEntity', 'No <role> & "co"'),
      'id-1',
    )
    assert.equal(status, 404)
    assert.equal(headers['content-type'], 'text/xml')
    assert.equal(headers['x-amzn-requestid'], 'id-1')
    assert.equal(
      body,
      '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>' +
        '<Code>NoSuchEntity</Code><Message>No &lt;role&gt; &amp; &quot;co&quot;</Message></Error>' +
        '<RequestId>id-1</RequestId></ErrorResponse>',
    )
    const receiver = wire.serializeFault(iamRoute, fault('ServiceFailure', 'x'), 'id-1')
    assert.equal(receiver.status, 500)
    assert.match(String(receiver.body), /<Type>Receiver<\/Type>/)
  })

  test('ec2Query (WIRE-12)', async () => {
    const refusal = fault('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403)
    const { status, body } = wire.serializeFault(ec2Route, refusal, 'id-1')
    assert.equal(status, 403)
    assert.equal(
      body,
      '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>UnauthorizedOperation</Code>' +
        '<Message>You are not authorized to perform this operation.</Message></Error></Errors>' +
        '<RequestID>id-1</RequestID></Response>',
    )
    const seen = await seenBySdk('ec2', 'DescribeRegions', refusal)
    assert.deepEqual([seen.name, seen.message], ['UnauthorizedOperation', refusal.message])
  })

  test('awsJson and restJson (WIRE-13, WIRE-14)', () => {
    const missing = wire.serializeFault(organizationsRoute, fault('AccountNotFoundException', 'Who?'), 'id-1')
    assert.deepEqual(JSON.parse(String(missing.body)), {
      __type: 'AccountNotFoundException',
      Message: 'Who?',
    })
    const more = fault('ConstraintViolationException', 'Too many', undefined, {
      Reason: 'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
    })
    assert.deepEqual(JSON.parse(String(wire.serializeFault(organizationsRoute, more, 'id-1').body)), {
      __type: 'ConstraintViolationException',
      Reason: 'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
      Message: 'Too many',
    })
    const denied = wire.serializeFault(organizationsRoute, fault('AccessDeniedException', 'No', 400), 'id-1')
    assert.deepEqual(JSON.parse(String(denied.body)), { __type: 'AccessDeniedException', Message: 'No' })
    assert.equal(denied.status, 400)
    const unfound = wire.serializeFault(
      lambdaRoute,
      fault('ResourceNotFoundException', 'No function'),
      'id-1',
    )
    assert.equal(unfound.status, 404)
    assert.equal(unfound.headers['x-amzn-errortype'], 'ResourceNotFoundException')
    assert.deepEqual(JSON.parse(String(unfound.body)), { Type: 'User', Message: 'No function' })
  })

  test('restXml', () => {
    const body = wire.serializeFault(
      'restXml',
      fault('NoSuchBucket', 'None', 404, { BucketName: 'a<b' }),
      'id-1',
    ).body
    assert.match(
      String(body),
      /<Error><Code>NoSuchBucket<\/Code><Message>None<\/Message><BucketName>a&lt;b<\/BucketName><RequestId>id-1<\/RequestId><\/Error>$/,
    )
  })

  test('what XML cannot hold becomes U+FFFD (WIRE-7)', () => {
    const body = String(
      wire.serializeFault(iamRoute, fault('InvalidInput', 'a\u0000\u001b\ud800\uffffb\r\n\t'), 'id-1').body,
    )
    assert.match(body, /<Message>a\ufffd\ufffd\ufffd\ufffdb&#xD;\n\t<\/Message>/)
    assert.match(String(wire.serialize(stsRoute, { Arn: '\u0007' }, 'id-1').body), /<Arn>\ufffd<\/Arn>/)
  })

  test('an operation without output (WIRE-1, WIRE-2, WIRE-3)', () => {
    const deleteRole = routeOf(form('Action=DeleteRole&Version=2010-05-08'))
    assert.equal(
      wire.serialize(deleteRole, undefined, 'id-1').body,
      '<DeleteRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">' +
        '<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></DeleteRoleResponse>',
    )
    const createTags = routeOf(form('Action=CreateTags&Version=2016-11-15'))
    assert.match(
      String(wire.serialize(createTags, undefined, 'id-1').body),
      /<CreateTagsResponse xmlns="http:\/\/ec2\.amazonaws\.com\/doc\/2016-11-15\/"><requestId>id-1<\/requestId><return>true<\/return><\/CreateTagsResponse>$/,
    )
    const attach = routeOf(json('AWSOrganizationsV20161128.AttachPolicy', '{}'))
    assert.equal(wire.serialize(attach, undefined, 'id-1').body, '')
  })

  test('instants (WIRE-5)', () => {
    const user = routeOf(form('Action=GetUser&Version=2010-05-08'))
    assert.match(
      String(wire.serialize(user, { User: { CreateDate: 1_767_225_600_123 } }, 'i').body),
      /<CreateDate>2026-01-01T00:00:00Z</,
    )
    const instances = routeOf(form('Action=DescribeInstances&Version=2016-11-15'))
    assert.match(
      String(
        wire.serialize(instances, { Reservations: [{ Instances: [{ LaunchTime: 1_767_225_600_000 }] }] }, 'i')
          .body,
      ),
      /<launchTime>2026-01-01T00:00:00\.000Z</,
    )
    const events = routeOf(json('CloudTrail_20131101.LookupEvents', '{}'))
    assert.equal(
      wire.serialize(events, { Events: [{ EventTime: 1_767_225_600_500 }] }, 'i').body,
      '{"Events":[{"EventTime":1767225600.5}]}',
    )
  })

  test('common faults and what is not built, in each family (WIRE-20, WIRE-24)', () => {
    assert.deepEqual(names(commonFault('ec2', 'internalFailure', '')), ['InternalError', 500])
    assert.deepEqual(names(commonFault('json11', 'internalFailure', '')), ['InternalFailure', 500])
    assert.deepEqual(names(notImplemented(iamRoute, 'iam', 'AcquireRole')), ['NotImplemented', 501])
  })

  test('what S3 says of other schemes, and of two at once (WIRE-65)', () => {
    const said = (problem: Parameters<typeof signatureFault>[1]) => {
      const { code, message, status, members } = signatureFault('restXml', problem)
      return [code, message, status, members]
    }
    const at = { ArgumentName: 'Authorization' }
    assert.deepEqual(said({ kind: 'otherScheme', message: 'x', old: true }), [
      'InvalidRequest',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
      400,
      {},
    ])
    assert.deepEqual(said({ kind: 'otherScheme', message: 'x', old: false }), [
      'InvalidArgument',
      'Unsupported Authorization Type',
      400,
      at,
    ])
    assert.deepEqual(said({ kind: 'twice', message: 'x' }), [
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter ' +
        'or the Authorization header should be specified',
      400,
      at,
    ])
  })

  test('signatures that are not accepted (WIRE-60, WIRE-61, WIRE-62, WIRE-63)', () => {
    const rows: readonly (readonly [Dialect, Parameters<typeof signatureFault>[1], string, number])[] = [
      ['query', { kind: 'missing' }, 'MissingAuthenticationToken', 403],
      ['query', { kind: 'incomplete', message: 'x' }, 'IncompleteSignature', 400],
      ['query', { kind: 'scope', message: 'x' }, 'SignatureDoesNotMatch', 403],
      ['query', { kind: 'expired', message: 'x' }, 'SignatureDoesNotMatch', 403],
      ['query', { kind: 'unknownKey' }, 'InvalidClientTokenId', 403],
      ['query', { kind: 'expiredToken' }, 'ExpiredToken', 403],
      ['ec2', { kind: 'unknownKey' }, 'AuthFailure', 401],
      ['ec2', { kind: 'expiredToken' }, 'RequestExpired', 400],
      [
        'json11',
        { kind: 'mismatch', canonicalRequest: 'c', stringToSign: 's' },
        'InvalidSignatureException',
        400,
      ],
      [
        'restJson',
        { kind: 'mismatch', canonicalRequest: 'c', stringToSign: 's' },
        'InvalidSignatureException',
        403,
      ],
      ['json10', { kind: 'unknownKey' }, 'UnrecognizedClientException', 400],
      ['restXml', { kind: 'unknownKey' }, 'InvalidAccessKeyId', 403],
      ['restXml', { kind: 'expired', message: 'x' }, 'RequestTimeTooSkewed', 403],
      ['query', { kind: 'twice', message: 'x' }, 'SignatureDoesNotMatch', 403],
      ['ec2', { kind: 'otherScheme', message: 'x', old: true }, 'IncompleteSignature', 400],
      ['json11', { kind: 'otherScheme', message: 'x', old: true }, 'IncompleteSignatureException', 400],
    ]
    for (const [dialect, problem, code, status] of rows) {
      assert.deepEqual(names(signatureFault(dialect, problem)), [code, status])
    }
    const { message } = signatureFault(iamRoute, {
      kind: 'mismatch',
      canonicalRequest: 'c',
      stringToSign: 's',
    })
    assert.equal(
      message,
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
        'and signing method. Consult the service documentation for details.',
    )
    assert.equal(
      signatureFault(stsRoute, { kind: 'unknownKey' }).message,
      'The security token included in the request is invalid.',
    )
  })
})

function names({ code, status }: Fault): readonly [string, number | undefined] {
  return [code, status]
}
