import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { account } from '../../../../test/kit/index.ts'
import type { ServiceAssumption } from '../authorization/index.ts'
import { roles } from '../directory/index.ts'
import { callOf } from './assume-for-service.ts'
import { openServer } from './fixture.ts'

const lambda = 'lambda.amazonaws.com'
const trusts = (
  Action: unknown,
  Condition?: object,
  Principal: unknown = { Service: [lambda, 'glue.amazonaws.com'] },
) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal, Action, ...(Condition && { Condition }) },
  })

describe('a service that puts a role on (POL-078, TRL-40)', () => {
  const open = async (t: Parameters<typeof openServer>[0], trust: string) => {
    const server = await openServer(t, account)
    await server.call('iam:CreateRole', { RoleName: 'Web', Path: '/a/', AssumeRolePolicyDocument: trust })
    const owner = await server.account()
    const role = owner.table(roles).findBy('name', 'web')!
    const assume = (more: Partial<ServiceAssumption> = {}) =>
      server.deps.assumeForService({
        account: owner,
        role,
        service: lambda,
        sessionName: 'f',
        lifetimeSeconds: 900,
        ...more,
      })
    const last = async () => {
      await server.deps.recorder.flush()
      const { events } = await server.deps.recorder.lookUp({ account, limit: 1 })
      return JSON.parse(events[0]!.json)
    }
    return { ...server, assume, last, role }
  }

  test('gets credentials for so long, and the trail says who, as what and for how long (TRL-43)', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 2) })
    const { assume, last, role, deps } = await open(t, trusts('sts:AssumeRole'))
    const credentials = await assume({ service: 'glue.amazonaws.com', serviceKeys: { 'aws:x': 'y' } })
    assert.match(credentials!.accessKeyId, /^ASIA/)
    assert.equal(credentials!.expiresAt, Date.UTC(2026, 0, 2, 0, 15))
    const event = await last()
    const roleArn = `arn:aws:iam::${account}:role/a/Web`
    assert.deepEqual(
      [
        event.eventName,
        event.eventSource,
        event.sourceIPAddress,
        event.userAgent,
        event.readOnly,
        event.awsRegion,
        event.errorCode,
      ],
      [
        'AssumeRole',
        'sts.amazonaws.com',
        'glue.amazonaws.com',
        'glue.amazonaws.com',
        true,
        'us-east-1',
        undefined,
      ],
    )
    assert.deepEqual(event.resources, [{ accountId: account, type: 'AWS::IAM::Role', ARN: roleArn }])
    assert.deepEqual(event.requestParameters, { roleArn, roleSessionName: 'f', durationSeconds: 900 })
    const { credentials: told, ...rest } = event.responseElements
    assert.deepEqual(
      [told.accessKeyId, told.sessionToken],
      [credentials!.accessKeyId, credentials!.sessionToken],
    )
    assert.match(told.expiration, /2026/)
    const size = credentials!.sessionToken.length
    const share = rest.packedPolicySize
    assert.deepEqual(rest, {
      assumedRoleUser: { assumedRoleId: `${role.id}:f`, arn: `arn:aws:sts::${account}:assumed-role/Web/f` },
      packedPolicySize: share,
      sessionTokenUtilization: share,
      sessionTokenSize: size,
    })
    assert.ok(share > 0 && share <= 100)
    const { caller } = deps.credentials.find(
      (await deps.directory.find(account))!,
      credentials!.accessKeyId,
      credentials!.sessionToken,
      deps.clock.now(),
    ) as never as { caller: { session: object; kind: string } }
    assert.equal(caller.kind, 'role')
    const { service, chain } = caller.session as { service: string; chain: readonly string[] }
    assert.deepEqual([service, chain], ['glue.amazonaws.com', ['glue.amazonaws.com']])
    // machines name neither the session nor how long it is
    await assume({ region: 'eu-west-1' })
    const machine = await last()
    assert.deepEqual(machine.requestParameters, { roleArn, roleSessionName: 'f' })
    assert.ok(!('assumedRoleUser' in machine.responseElements))
    assert.equal(machine.awsRegion, 'eu-west-1')
  })

  test('is refused without the trust, in the trail as well, and where the role is gone', async (t) => {
    const {
      assume,
      last,
      role,
      deps,
      account: owner,
    } = await open(t, trusts('sts:AssumeRole', { StringEquals: { 'aws:SourceArn': 'a' } }))
    assert.equal(await assume(), undefined)
    const event = await last()
    assert.equal(event.errorCode, 'AccessDenied')
    assert.match(event.errorMessage, /lambda.amazonaws.com is not authorized to perform: sts:AssumeRole/)
    assert.equal(event.responseElements, null)
    assert.ok((await assume({ context: { 'aws:SourceArn': 'a' } })) !== undefined)
    assert.equal(await assume({ context: { 'aws:SourceArn': 'b' } }), undefined)
    assert.equal(await assume({ service: 'ec2.amazonaws.com', context: { 'aws:SourceArn': 'a' } }), undefined)
    ;(await owner()).table(roles).delete(role.id)
    await deps.directory.commit([])
    assert.equal(await assume({ context: { 'aws:SourceArn': 'a' } }), undefined)
  })

  test('asks for tags, a source identity and a context where it sets them', async (t) => {
    const { assume, last, call } = await open(t, trusts('sts:AssumeRole'))
    const tags = [{ Key: 'team', Value: 'red' }]
    assert.equal(await assume({ tags }), undefined)
    assert.equal(await assume({ sourceIdentity: 'ann' }), undefined)
    assert.equal(await assume({ setsContext: true }), undefined)
    assert.ok((await assume({ tags: [] })) !== undefined)
    // tags that are wanted, and not needed, are left away
    assert.ok((await assume({ optionalTags: tags })) !== undefined)
    assert.ok(!('tags' in (await last()).requestParameters))
    const allow = (...actions: string[]) =>
      call('iam:UpdateAssumeRolePolicy', {
        RoleName: 'Web',
        PolicyDocument: trusts(['sts:AssumeRole', ...actions]),
      })
    await allow('sts:TagSession')
    assert.ok((await assume({ tags, transitive: true })) !== undefined)
    const { requestParameters } = await last()
    assert.deepEqual(requestParameters.tags, [{ key: 'team', value: 'red' }])
    assert.deepEqual(requestParameters.transitiveTagKeys, ['team'])
    assert.ok((await assume({ optionalTags: tags })) !== undefined)
    assert.deepEqual((await last()).requestParameters.tags, [{ key: 'team', value: 'red' }])
    assert.ok(!('transitiveTagKeys' in (await last()).requestParameters))
    assert.equal(await assume({ sourceIdentity: 'ann' }), undefined)
    await allow('sts:SetSourceIdentity')
    assert.ok((await assume({ sourceIdentity: 'ann' })) !== undefined)
    const event = await last()
    assert.deepEqual(
      [event.requestParameters.sourceIdentity, event.responseElements.sourceIdentity],
      ['ann', 'ann'],
    )
    await allow('sts:SetContext')
    assert.ok((await assume({ setsContext: true })) !== undefined)
  })

  test('is judged by the keys of what it sets', async (t) => {
    const keyed = (Condition: object) =>
      trusts(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], Condition)
    const { assume, call } = await open(t, trusts('sts:SetSourceIdentity'))
    const tags = [{ Key: 'team', Value: 'red' }]
    const whole = { tags, transitive: true, sourceIdentity: 'ann' }
    for (const [condition, isFilled] of [
      [{ StringEquals: { 'aws:RequestTag/team': 'red' } }, true],
      [{ StringEquals: { 'aws:RequestTag/team': 'blue' } }, false],
      [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] }, Null: { 'aws:TagKeys': 'false' } }, true],
      [{ 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' } }, true],
      [{ StringEquals: { 'sts:SourceIdentity': 'ann' } }, true],
      [{ StringEquals: { 'sts:SourceIdentity': 'bob' } }, false],
    ] as const) {
      await call('iam:UpdateAssumeRolePolicy', { RoleName: 'Web', PolicyDocument: keyed(condition) })
      assert.equal((await assume(whole)) !== undefined, isFilled, JSON.stringify(condition))
      if (isFilled) assert.equal(await assume({}), undefined, JSON.stringify(condition))
    }
  })
})

test('a call of a service has the service as its caller and its source', async (t) => {
  const { deps, account: owner } = await openServer(t, account)
  const call = callOf({ account: await owner(), service: lambda }, deps)
  assert.deepEqual(
    [call.service.id, call.operation.name, call.region, call.mode, call.caller],
    ['sts', 'AssumeRole', 'us-east-1', 'enforce', { kind: 'service', account, name: lambda }],
  )
  assert.deepEqual([call.origin.sourceIp, call.origin.userAgent, call.origin.secure], [lambda, lambda, true])
})
