import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AccessRequest, Call } from '../authorization/index.ts'
import { Fault, type HttpRequest, parseAccountId } from '../base/index.ts'
import { withCallKeys } from './call-keys.ts'
import type { IdentifiedCall } from './catalogue/index.ts'
import { oldTermsOf, refuseOldSignature } from './old-signature.ts'
import { isOk, notDone, type Outcome, upstreamError } from './outcome.ts'
import { untrusting } from './trust-sources.ts'

const own = parseAccountId('111122223333')!
const other = parseAccountId('444455556666')!
const account = { id: own, partition: 'aws' }

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
