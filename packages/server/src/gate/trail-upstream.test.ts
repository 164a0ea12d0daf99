import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { account, policyText } from '../../../../test/kit/index.ts'
import { startReader, type UpstreamServer } from '../../../../test/support/index.ts'
import type { TrailTarget } from '../delivery/index.ts'
import type { LogsCall, TrailUpstream } from '../directory/index.ts'
import { type Guard, NoReply } from '../guard/index.ts'
import { type OpenedServer, openServer } from './fixture.ts'
import { trailFacts } from './trail-upstream.ts'

const trailArn = `arn:aws:cloudtrail:us-east-1:${account}:trail/all`
const keyArn = `arn:aws:kms:us-east-1:${account}:key/1`
const cloudtrail = { Service: 'cloudtrail.amazonaws.com' }

const callOf = (given: Partial<LogsCall> = {}): LogsCall => ({
  account,
  roleArn: `arn:aws:iam::${account}:role/Logs`,
  trailArn,
  region: 'eu-west-1',
  operation: 'PutLogEvents',
  input: { logGroupName: 'g' },
  ...given,
})

describe('the calls of CloudTrail itself', () => {
  let omen: OpenedServer
  const ends: (() => Promise<void>)[] = []
  let server: UpstreamServer
  let answer: readonly [status: number, body: string] = [200, '{}']
  const calls: { method?: string | undefined; headers: Readonly<Record<string, unknown>>; body: string }[] =
    []
  before(async () => {
    server = await startReader(({ method, headers }, body, outgoing) => {
      calls.push({ method, headers, body: body.toString('utf8') })
      outgoing.writeHead(answer[0]).end(answer[1])
    })
    const trust = (service: string, Condition?: object) => ({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: service },
          Action: 'sts:AssumeRole',
          ...(Condition && { Condition }),
        },
      ],
    })
    const ofTrail = { StringEquals: { 'aws:SourceArn': trailArn, 'aws:SourceAccount': account } }
    omen = await openServer({ after: (end) => ends.push(end) }, account)
    for (const [RoleName, document] of [
      ['Logs', trust('cloudtrail.amazonaws.com', ofTrail)],
      ['Other', trust('ec2.amazonaws.com')],
    ] as const)
      await omen.call('iam:CreateRole', { RoleName, AssumeRolePolicyDocument: JSON.stringify(document) })
  })
  after(async () => {
    for (const end of ends) await end()
    await server.close()
  })

  const upstreamOf = (
    guard?: (body: string, target: string) => { status: number; text: string },
    url?: string,
  ) => {
    const ask = async ({ body, headers, ...rest }: Parameters<Guard['ask']>[0]) => {
      asked.push({ ...rest, ...JSON.parse(String(body)), ...headers })
      return guard!(String(body), String(headers?.['x-amz-target']))
    }
    const { trailUpstream } = trailFacts({ upstream: { url: server.url } }, () => ({
      deps: omen.deps,
      guard: guard && ({ ask } as unknown as Guard),
      url,
    }))
    assert.ok(trailUpstream !== undefined)
    return trailUpstream
  }
  const asked: object[] = []
  const call = (upstream: TrailUpstream, given?: Partial<LogsCall>) => upstream.callLogs(callOf(given))

  test('are there where a guard has an upstream, and trails where they have a place', () => {
    const reach = () => assert.fail()
    assert.deepEqual(trailFacts({}, reach), { deliversTrails: false, encryptsTrails: false })
    const target = (encrypts: boolean) => ({ encrypts }) as TrailTarget
    assert.deepEqual(trailFacts({ trailTarget: target(false) }, reach), {
      deliversTrails: true,
      encryptsTrails: false,
    })
    assert.deepEqual(trailFacts({ trailTarget: target(true) }, reach), {
      deliversTrails: true,
      encryptsTrails: true,
    })
  })

  test('to log groups are signed as the role of the trail', async () => {
    const upstream = upstreamOf(undefined, server.url)
    assert.equal(await call(upstream), undefined)
    const { method, headers, body } = calls.at(-1)!
    assert.deepEqual([method, body], ['POST', '{"logGroupName":"g"}'])
    assert.equal(headers['content-type'], 'application/x-amz-json-1.1')
    assert.equal(headers['x-amz-target'], 'Logs_20140328.PutLogEvents')
    assert.match(String(headers.authorization), /Credential=ASIA\w+\/\d+\/eu-west-1\/logs\/aws4_request/)
    // the next call uses the same session, one of another trail does not
    const keyIn = (at: number) => /Credential=(\w+)/.exec(String(calls.at(at)!.headers.authorization))?.[1]
    await call(upstream, { operation: 'CreateLogStream', region: 'us-east-1' })
    assert.equal(keyIn(-1), keyIn(-2))
    assert.equal(calls.at(-1)!.headers['x-amz-target'], 'Logs_20140328.CreateLogStream')
  })

  test('to log groups end in the code of their error, and where it is of', async () => {
    const upstream = upstreamOf(undefined, server.url)
    const refused = async (status: number, body: string, given?: Partial<LogsCall>) => {
      answer = [status, body]
      return call(upstream, given)
    }
    const type = (code: string) => JSON.stringify({ __type: code })
    const table: readonly (readonly [status: number, body: string, result: object])[] = [
      [400, type('ResourceNotFoundException'), { code: 'ResourceNotFoundException', at: 'group' }],
      [
        400,
        type('com.amazonaws#ResourceNotFoundException'),
        { code: 'ResourceNotFoundException', at: 'group' },
      ],
      [400, type('AccessDeniedException'), { code: 'AccessDeniedException', at: 'permission' }],
      [400, type('AccessDenied'), { code: 'AccessDenied', at: 'permission' }],
      [400, type('NoAccessDenied'), { code: 'NoAccessDenied', at: 'answer' }],
      [400, '{ "code" : "ThrottlingException" }', { code: 'ThrottlingException', at: 'answer' }],
      [500, 'no JSON', { code: '500', at: 'answer' }],
      [400, type('ResourceAlreadyExistsException'), { code: 'ResourceAlreadyExistsException', at: 'answer' }],
      [302, '', { code: '302', at: 'answer' }],
      [400, `${' '.repeat(16_384)}${type('AccessDenied')}`, { code: '400', at: 'answer' }],
    ]
    for (const [status, body, result] of table)
      assert.deepEqual(await refused(status, body), result, `${status} ${body.trim()}`)
    const creates = { operation: 'CreateLogStream' } as const
    assert.equal(await refused(400, type('ResourceAlreadyExistsException'), creates), undefined)
    assert.deepEqual(await refused(400, type('AccessDenied'), creates), {
      code: 'AccessDenied',
      at: 'permission',
    })
    answer = [200, '{}']
    assert.deepEqual(await call(upstreamOf(undefined, 'http://127.0.0.1:9')), {
      code: 'ServiceUnavailable',
      at: 'answer',
    })
    assert.deepEqual(await call(upstreamOf(undefined, undefined)), {
      code: 'ServiceUnavailable',
      at: 'answer',
    })
  })

  test('are refused without a role that trusts CloudTrail for this trail', async () => {
    const upstream = upstreamOf(undefined, server.url)
    const no = { code: 'AccessDenied', at: 'trust' }
    for (const given of [
      { roleArn: `arn:aws:iam::${account}:role/None` },
      { roleArn: `arn:aws:iam::${account}:role/Other` },
      { trailArn: `${trailArn}-two` },
      { account: '999988887777' as LogsCall['account'] },
    ])
      assert.deepEqual(await call(upstream, given), no, JSON.stringify(given))
  })

  test('as a role need the trust of now, and a session with time left', async ({ mock }) => {
    const upstream = upstreamOf(undefined, server.url)
    const keyNow = () => /Credential=(\w+)/.exec(String(calls.at(-1)!.headers.authorization))?.[1]
    mock.timers.enable({ apis: ['Date'], now: Date.now() })
    await call(upstream)
    const first = keyNow()
    omen.clock.advance(3_600_000 - 300_000 - 1)
    await call(upstream)
    assert.equal(keyNow(), first)
    omen.clock.advance(1)
    await call(upstream)
    const second = keyNow()
    assert.notEqual(second, first)
    const document = policyText({ Effect: 'Allow', Principal: cloudtrail, Action: 'sts:AssumeRole' })
    await omen.call('iam:UpdateAssumeRolePolicy', {
      RoleName: 'Logs',
      PolicyDocument: document,
    })
    await call(upstream)
    assert.notEqual(keyNow(), second)
    const closed = policyText({ Effect: 'Deny', Principal: cloudtrail, Action: 'sts:AssumeRole' })
    await omen.call('iam:UpdateAssumeRolePolicy', {
      RoleName: 'Logs',
      PolicyDocument: closed,
    })
    assert.deepEqual(await call(upstream), { code: 'AccessDenied', at: 'trust' })
  })

  test('ask KMS for the key and its policy, which must let CloudTrail encrypt (CTR-27)', async () => {
    const where = { account, region: 'us-east-1', trailArn }
    const policy = (Condition?: object, Effect = 'Allow', Action = 'kms:GenerateDataKey*') =>
      policyText({ Effect, Principal: cloudtrail, Action, Resource: '*', ...(Condition && { Condition }) })
    const usable = (described: readonly [number, string], policyAnswer: readonly [number, string]) =>
      upstreamOf((_body, target) => {
        const [status, text] = target.endsWith('DescribeKey') ? described : policyAnswer
        return { status, text }
      }).usableKey('alias/one', where)
    const metadata = (more: object = {}) => JSON.stringify({ KeyMetadata: { Arn: keyArn, ...more } })
    const whole = (Policy?: string) => JSON.stringify({ Policy })
    const equals = (key: string, value: string) => ({ StringEquals: { [key]: value } })
    const table: readonly (readonly [readonly [number, string], readonly [number, string], object])[] = [
      [[200, metadata()], [200, whole(policy())], { arn: keyArn }],
      [[200, metadata({ Enabled: true })], [200, whole(policy())], { arn: keyArn }],
      [[200, metadata({ Enabled: false })], [200, whole(policy())], { problem: 'disabled' }],
      [[400, metadata()], [200, whole(policy())], { problem: 'missing' }],
      [[200, '{}'], [200, whole(policy())], { problem: 'missing' }],
      [[200, '{"KeyMetadata":{}}'], [200, whole(policy())], { problem: 'missing' }],
      [[200, 'no JSON'], [200, whole(policy())], { problem: 'silent' }],
      [[200, metadata()], [400, whole(policy())], { problem: 'denied' }],
      [[200, metadata()], [200, whole()], { problem: 'denied' }],
      [[200, metadata()], [200, 'no JSON'], { problem: 'silent' }],
      [[200, metadata()], [200, whole(policy(undefined, 'Deny'))], { problem: 'denied' }],
      [[200, metadata()], [200, whole(policy(undefined, 'Allow', 'kms:Encrypt'))], { problem: 'denied' }],
      ...(
        [
          ['aws:SourceArn', trailArn],
          ['aws:SourceAccount', account],
          ['kms:EncryptionContext:aws:cloudtrail:arn', trailArn],
        ] as const
      ).flatMap(
        ([key, value]): readonly (readonly [
          readonly [number, string],
          readonly [number, string],
          object,
        ])[] => [
          [[200, metadata()], [200, whole(policy(equals(key, value)))], { arn: keyArn }],
          [[200, metadata()], [200, whole(policy(equals(key, `${value}x`)))], { problem: 'denied' }],
        ],
      ),
      ...(['aws:cloudtrail:arn', 'aws:s3:arn'] as const).map(
        (value): readonly [readonly [number, string], readonly [number, string], object] => [
          [200, metadata()],
          [200, whole(policy({ 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': value } }))],
          { arn: keyArn },
        ],
      ),
    ]
    for (const [described, answered, result] of table)
      assert.deepEqual(await usable(described, answered), result, `${described} ${answered}`)
    asked.length = 0
    await usable([200, metadata()], [200, whole(policy())])
    const head = { account, region: 'us-east-1', service: 'kms', method: 'POST', path: '/' }
    const type = 'application/x-amz-json-1.1'
    assert.deepEqual(asked, [
      { ...head, KeyId: 'alias/one', 'content-type': type, 'x-amz-target': 'TrentService.DescribeKey' },
      {
        ...head,
        KeyId: keyArn,
        PolicyName: 'default',
        'content-type': type,
        'x-amz-target': 'TrentService.GetKeyPolicy',
      },
    ])
  })

  test('say that KMS is silent without an answer, and hide no mistake of ours', async () => {
    const where = { account, region: 'us-east-1', trailArn }
    const failing = (error: Error) =>
      upstreamOf(() => {
        throw error
      }).usableKey('1', where)
    assert.deepEqual(await failing(new NoReply('none')), { problem: 'silent' })
    assert.deepEqual(await upstreamOf().usableKey('1', where), { problem: 'silent' })
    await assert.rejects(failing(new TypeError('ours')), /ours/)
    const elsewhere = { ...where, account: '999988887777' as LogsCall['account'] }
    const found = upstreamOf((_body, target) => ({
      status: 200,
      text: target.endsWith('DescribeKey')
        ? JSON.stringify({ KeyMetadata: { Arn: keyArn } })
        : JSON.stringify({
            Policy: policyText({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }),
          }),
    }))
    assert.deepEqual(await found.usableKey('1', elsewhere), { problem: 'denied' })
  })
})
