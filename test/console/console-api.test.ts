import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { EC2 } from '@aws-sdk/client-ec2'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { type AssumeRoleCommandOutput, STS } from '@aws-sdk/client-sts'
import { runCase } from '@omen-iam/policy'
import { createOmen } from 'omen-iam'
import { account, policyText } from '../kit/index.ts'

const omen = await createOmen()
after(() => omen.close())
const iam = omen.client(IAM, 'admin')

const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*') =>
  policyText({ Effect: 'Allow', Action, Resource })
const trusting = (Principal: object, Condition?: object) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition }] })

async function user(UserName: string, actions: readonly string[]): Promise<void> {
  await iam.createUser({ UserName })
  await iam.putUserPolicy({ UserName, PolicyName: 'p', PolicyDocument: allow(actions) })
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes; a wrong guess fails the test
type Answer = any

async function ask(who: Parameters<typeof omen.as>[0], path: string, body?: object): Promise<Answer> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const response = await omen.as(who).fetch(`${omen.endpoint}${path}`, { service: 'omen', ...init })
  return { status: response.status, ...((await response.json()) as object) }
}

describe('what other accounts have written', () => {
  let other = ''
  before(async () => {
    const organizations = omen.client(Organizations, 'admin')
    await organizations.createOrganization({})
    const made = await organizations.createAccount({ AccountName: 'other', Email: 'other@example.com' })
    const CreateAccountRequestId = made.CreateAccountStatus?.Id
    other = (await organizations.describeCreateAccountStatus({ CreateAccountRequestId })).CreateAccountStatus!
      .AccountId!
    const { Credentials } = await omen.client(STS, 'admin').assumeRole({
      RoleArn: `arn:aws:iam::${other}:role/OrganizationAccountAccessRole`,
      RoleSessionName: 'set-up',
    })
    const there = omen.client(IAM, {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    })
    const Condition = { StringEquals: { 'sts:ExternalId': 'very-secret-4711' } }
    await there.createRole({
      RoleName: 'vault',
      AssumeRolePolicyDocument: trusting({ AWS: account }, Condition),
      Tags: [{ Key: 'project', Value: 'manhattan' }],
    })
    await there.createUser({ UserName: 'member' })
    await there.putUserPolicy({
      UserName: 'member',
      PolicyName: 'p',
      PolicyDocument: allow(['sts:DecodeAuthorizationMessage', 's3:*', 'iam:SimulatePrincipalPolicy']),
    })
    const scp = await organizations.createPolicy({
      Type: 'SERVICE_CONTROL_POLICY',
      Name: 'no-users',
      Description: 'd',
      Content:
        '{"Version":"2012-10-17","Statement":[{"Sid":"HushHush","Effect":"Deny","Action":"s3:*","Resource":"*"}]}',
    })
    await organizations.enablePolicyType({
      RootId: (await organizations.listRoots({})).Roots![0]!.Id,
      PolicyType: 'SERVICE_CONTROL_POLICY',
    })
    await organizations.attachPolicy({ PolicyId: scp.Policy!.PolicySummary!.Id, TargetId: other })
    await user('auditor', ['sts:DecodeAuthorizationMessage', 'iam:SimulatePrincipalPolicy', 'sts:AssumeRole'])
  })

  test('RSN-19 a reader of one account learns that they refuse, not what they say', async () => {
    const RoleArn = `arn:aws:iam::${other}:role/vault`
    const sts = new STS(omen.as('user/auditor').options)
    await assert.rejects(sts.assumeRole({ RoleArn, RoleSessionName: 'try' }), /not authorized/)
    sts.destroy()
    const seen = await ask('user/auditor', '/_omen/decisions/last')
    const text = JSON.stringify(seen)
    assert.equal(seen.allowed, false)
    assert.doesNotMatch(text, /very-secret-4711|manhattan/)
    const trust = seen.asked[0].layers.find(({ layer }: { layer: string }) => layer === 'resource')
    assert.deepEqual(trust, { layer: 'resource', verdict: 'noAllow', policies: [], hidden: true })
    assert.deepEqual(seen.asked[0].story, [])
    const whole = JSON.stringify(await ask('root', `/_omen/decisions/${seen.id}`))
    assert.match(whole, /very-secret-4711/, 'the owner of the house sees all')
    const again = await ask('user/auditor', `/_omen/api/decisions/${seen.id}/now`)
    assert.equal(again.allowed, false)
    assert.doesNotMatch(JSON.stringify(again), /very-secret-4711|manhattan/)
    const changed = await ask('user/auditor', `/_omen/api/decisions/${seen.id}/edits/0`)
    assert.equal(changed.status, 404)
  })

  test('a hypothetical question reveals no more', async () => {
    const question = {
      who: 'auditor',
      action: 'sts:AssumeRole',
      resource: `arn:aws:iam::${other}:role/vault`,
    }
    const { status, ...rest } = await ask('user/auditor', '/_omen/can', question)
    assert.equal(status, 403)
    assert.doesNotMatch(JSON.stringify(rest), /very-secret-4711|manhattan/)
    const chained = { who: 'auditor', chain: [question.resource], action: 's3:GetObject', resource: '*' }
    assert.equal((await ask('user/auditor', '/_omen/can', chained)).status, 403)
  })

  test('the member of an organization does not see its SCPs, their account does', async () => {
    const { denied } = {
      denied: await ask(`arn:aws:iam::${other}:user/member`, '/_omen/can', {
        who: 'member',
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::b/x',
      }),
    }
    assert.equal(denied.allowed, false)
    assert.doesNotMatch(JSON.stringify(denied), /HushHush/)
    assert.match(JSON.stringify(denied), /"verdict":"explicitDeny"/)
  })
})

describe('events for the console', () => {
  let alice: STS
  before(async () => {
    await user('alice', ['sts:AssumeRole', 'iam:ListUsers'])
    for (const name of ['deployer', 'second'])
      await iam.createRole({ RoleName: name, AssumeRolePolicyDocument: trusting({ AWS: account }) })
    const onRole = { RoleName: 'deployer', PolicyName: 'p', PolicyDocument: allow('sts:AssumeRole') }
    await iam.putRolePolicy(onRole)
    alice = new STS(omen.as('user/alice').options)
    const one = await alice.assumeRole({ RoleArn: role('deployer'), RoleSessionName: 'work' })
    const two = await stsOf(one).assumeRole({ RoleArn: role('second'), RoleSessionName: 'more' })
    const wearing = new IAM({ ...omen.clientConfig(), credentials: keysOf(two) })
    await assert.rejects(wearing.listRoles({}), /not authorized/)
    wearing.destroy()
    await user('tail', ['cloudtrail:LookupEvents'])
  })
  after(() => alice.destroy())

  const role = (name: string) => `arn:aws:iam::${account}:role/${name}`
  const keysOf = ({ Credentials: c }: AssumeRoleCommandOutput) => ({
    accessKeyId: c!.AccessKeyId!,
    secretAccessKey: c!.SecretAccessKey!,
    sessionToken: c!.SessionToken!,
  })
  const stsOf = (answer: AssumeRoleCommandOutput) =>
    new STS({ ...omen.clientConfig(), credentials: keysOf(answer) })
  const find = async (query: string) =>
    (await ask('user/tail', `/_omen/api/events?${query}`)).events as Answer[]

  test('filters count together, each record as LookupEvents gives it, byte for byte', async () => {
    const found = await find('name=ListRoles&errors=1&text=SECOND&role=second')
    assert.equal(found.length, 1)
    const [event] = found
    assert.equal(event.errorCode, 'AccessDenied')
    assert.match(event.decision, /^d-/)
    const trail = omen.client(CloudTrail, 'admin')
    const LookupAttributes = [{ AttributeKey: 'EventId' as const, AttributeValue: event.id }]
    const { Events } = await trail.lookupEvents({ LookupAttributes })
    assert.equal(event.json, Events?.[0]?.CloudTrailEvent)
    assert.deepEqual(await find('name=ListRoles&text=nobody-said-this'), [])
    assert.equal((await find(`text=${event.decision}`)).length, 1, 'a decision’s id is found as text')
    assert.ok(
      (await find('name=CreateUser&name=CreateRole')).length >= 4,
      'values of one filter: any of them',
    )
    const shown = await find('writes=1')
    assert.ok(shown.some(({ name, readOnly }) => name === 'AssumeRole' && readOnly))
    assert.ok(
      shown.every(
        ({ readOnly, errorCode, name }) => !readOnly || errorCode !== undefined || name === 'AssumeRole',
      ),
      'reads that changed nothing are left out',
    )
  })

  test('one person’s calls are those of all sessions that go back to them', async () => {
    const hers = await find('person=alice')
    assert.deepEqual(new Set(hers.map(({ name }) => name)), new Set(['AssumeRole', 'ListRoles']))
    assert.equal(hers.length, 3)
    assert.equal((await find('who=alice')).length, 1)
    const { chain } = await ask('user/tail', `/_omen/api/events/${hers[0].id}/chain`)
    assert.deepEqual(
      chain.map((link: Answer) => [link.who.split(':').at(-1), link.operation]),
      [
        ['user/alice', undefined],
        ['assumed-role/deployer/work', 'AssumeRole'],
        ['assumed-role/second/more', 'AssumeRole'],
      ],
    )
  })

  test('pages go on where the one before ended, and who follows sees what comes', async () => {
    const { newest } = await ask('user/tail', '/_omen/api/events?name=none')
    await alice.getCallerIdentity({})
    const { events, position } = await ask(
      'user/tail',
      `/_omen/api/events?after=${newest}&wait=500&who=alice`,
    )
    assert.equal(events[0].name, 'GetCallerIdentity')
    assert.notEqual(position, newest)
    const all = await find('')
    const rest = await find(`before=${all[4].place}`)
    assert.equal(rest[0].id, all[5].id)
  })

  test('SGN-50: a forged end of a page is refused as the caller’s error', async () => {
    for (const query of [
      'before=1.1.1.1',
      'before=1.2',
      `before=${'9'.repeat(19)}`,
      'after=1.1',
      'after=x',
    ]) {
      const { error } = await ask('user/tail', `/_omen/api/events?${query}`)
      assert.match(error, /must be (?:that|the position) of an earlier answer/, query)
    }
    for (const path of ['/_omen/events', '/_omen/seen', '/_omen/api/happenings'])
      assert.match((await ask('user/tail', `${path}?after=1.1`)).error, /must be the position/, path)
  })

  test('are of the reader’s account alone, and asked for by cloudtrail:LookupEvents', async () => {
    const refused = await ask('user/alice', '/_omen/api/events')
    assert.match(refused.error, /not authorized to perform: cloudtrail:LookupEvents/)
    assert.ok((await find('')).every(({ json }) => JSON.parse(json).recipientAccountId === account))
    const before = JSON.stringify(await ask('root', '/_omen/decisions'))
    for (let i = 0; i < 3; i++) await find('name=none')
    assert.equal(JSON.stringify(await ask('root', '/_omen/decisions')), before)
  })
})

describe('the picture of the account', () => {
  const at = (who: Parameters<typeof omen.as>[0], path: string) => ask(who, `/_omen/api/${path}`)

  test('what happened since, and what it may have changed', async () => {
    const start = await at('admin', 'happenings')
    assert.equal(start.status, 200)
    await iam.createRole({ RoleName: 'pictured', AssumeRolePolicyDocument: trusting({ AWS: account }) })
    await user('painter', ['sts:AssumeRole'])
    const as = omen.as('user/painter')
    const denied = new IAM(as.options)
    await assert.rejects(denied.deleteRole({ RoleName: 'pictured' }))
    await assert.rejects(denied.listRoles({}))
    const then = await at('admin', `happenings?after=${start.position}`)
    assert.deepEqual(
      then.refusals.map(({ who, action }: Answer) => `${who} ${action}`),
      ['painter iam:ListRoles', 'painter iam:DeleteRole'],
    )
    assert.deepEqual(
      [then.latest.kind, then.latest.who, then.latest.what],
      ['refusal', 'painter', 'iam:DeleteRole'],
      'a read that was refused is not shown as it happens',
    )
    assert.deepEqual(then.changed, ['roles'])
    const sts = new STS(as.options)
    await sts.assumeRole({ RoleArn: `arn:aws:iam::${account}:role/pictured`, RoleSessionName: 'brush' })
    const after = await at('admin', `happenings?after=${then.position}`)
    assert.deepEqual([after.latest.kind, after.latest.what], ['assume', 'pictured'])
    assert.deepEqual(after.changed, ['sessions'])
    const anew = await at('admin', 'happenings')
    assert.equal(anew.refusals[0].action, 'iam:ListRoles', 'the newest first')
    assert.ok(anew.refusals.length <= 5)
    const quiet = await at('admin', `happenings?after=${anew.position}`)
    assert.deepEqual([quiet.refusals, quiet.latest, quiet.changed], [[], undefined, []])
    denied.destroy()
    sts.destroy()
  })

  test('machines are those who may be described, and no event says that the picture asked', async () => {
    await user('porter', ['ec2:DescribeInstances'])
    const before = await at('admin', 'happenings')
    const instances = await at('user/porter', 'machines/instances')
    assert.deepEqual([instances.status, instances.machines], [200, []])
    const functions = await at('user/porter', 'machines/functions')
    assert.deepEqual([functions.status, functions.code], [403, 'AccessDenied'])
    assert.match(functions.error, /not authorized to perform: lambda:ListFunctions/)
    assert.equal((await at('admin', 'happenings')).position, before.position)
    // SGN-51: the role of an instance is what iam:GetInstanceProfile answers
    const [RoleName, InstanceProfileName] = ['worn', 'wearing']
    const AssumeRolePolicyDocument =
      '{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    await iam.createRole({ RoleName, AssumeRolePolicyDocument })
    await iam.createInstanceProfile({ InstanceProfileName })
    await iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName })
    const ec2 = new EC2(omen.as('admin').options)
    await ec2.runInstances({
      ImageId: 'ami-12345678',
      MinCount: 1,
      MaxCount: 1,
      IamInstanceProfile: { Name: InstanceProfileName },
    })
    ec2.destroy()
    assert.deepEqual((await at('user/porter', 'machines/instances')).machines, [])
    await user('warden', ['ec2:DescribeInstances', 'iam:GetInstanceProfile', 'cloudtrail:LookupEvents'])
    assert.equal((await at('user/warden', 'machines/instances')).machines[0].roleName, RoleName)
    assert.equal((await ask('user/warden', '/_omen/seen')).status, 200)
    const keys = await ask('user/warden', '/_omen/seen?keys=aws:PrincipalTag/team')
    assert.match(keys.error, /iam:GetAccountAuthorizationDetails/)
    assert.equal((await at('user/porter', 'happenings')).status, 403)
  })
})

describe('decisions for the console', () => {
  test('a refusal as it would be now, and what its changes would do', async () => {
    await user('carol', ['s3:GetObject'])
    const carol = new IAM(omen.as('user/carol').options)
    await assert.rejects(carol.listUsers({}), /not authorized/)
    carol.destroy()
    const { id, ways } = await ask('root', '/_omen/decisions/last')
    const at = ways
      .filter(({ kind }: Answer) => kind === 'widen')
      .findIndex(({ edits }: Answer) => edits.length > 0)
    const { policies } = await ask('root', `/_omen/api/decisions/${id}/edits/${at}`)
    assert.equal(policies.length, 1)
    assert.match(policies[0].after, /iam:ListUsers/)
    assert.equal((await ask('root', `/_omen/api/decisions/${id}/now`)).allowed, false)
    const { cases, unknown } = await ask('root', '/_omen/api/cases', { decisions: [id, 'd-none'] })
    assert.equal(unknown, 1)
    assert.deepEqual(
      cases.map((one: Answer) => [one.request.action, one.expect, runCase(one).status]),
      [['iam:ListUsers', 'implicitDeny', 'passed']],
    )
    await iam.putUserPolicy({ UserName: 'carol', PolicyName: 'q', PolicyDocument: allow('iam:ListUsers') })
    const now = await ask('root', `/_omen/api/decisions/${id}/now`)
    assert.equal(now.allowed, true)
    assert.equal((await ask('root', `/_omen/decisions/${id}`)).allowed, false, 'what was stays')
    for (const PolicyName of ['p', 'q']) await iam.deleteUserPolicy({ UserName: 'carol', PolicyName })
    for (const { AccessKeyId } of (await iam.listAccessKeys({ UserName: 'carol' })).AccessKeyMetadata ?? [])
      await iam.deleteAccessKey({ UserName: 'carol', AccessKeyId })
    await iam.deleteUser({ UserName: 'carol' })
    assert.equal((await ask('root', `/_omen/api/decisions/${id}/now`)).gone, true)
  })

  test('a hypothetical session may be limited by a session policy', async () => {
    await iam.createRole({ RoleName: 'wide', AssumeRolePolicyDocument: trusting({ AWS: account }) })
    await iam.putRolePolicy({ RoleName: 'wide', PolicyName: 'p', PolicyDocument: allow('*') })
    const question = { who: 'role/wide', action: 's3:PutObject', resource: 'arn:aws:s3:::b/x' }
    const can = async (more: object) => ask('root', '/_omen/can', { ...question, ...more })
    assert.equal((await can({})).allowed, true)
    const limited = await can({ sessionPolicy: allow('s3:GetObject') })
    assert.equal(limited.allowed, false)
    assert.equal(limited.asked.at(-1).because, 'session')
    assert.equal((await can({ sessionPolicy: '{' })).status, 400)
    assert.equal((await can({ who: 'admin', sessionPolicy: allow('*') })).status, 400)
  })

  test('both halves of handing roles over, and what could be gained', async () => {
    await iam.createRole({
      RoleName: 'lambda-exec',
      AssumeRolePolicyDocument: trusting({ Service: 'lambda.amazonaws.com' }),
    })
    await user('hander', ['iam:PassRole', 'lambda:CreateFunction'])
    const services = ['lambda.amazonaws.com', 'ec2.amazonaws.com']
    const { roles } = await ask('root', '/_omen/api/pass', { who: 'hander', services, find: 'lambda-' })
    assert.deepEqual(roles[0].cells, [
      { mayPass: true, trusts: true },
      { mayPass: true, trusts: false },
    ])
    const asked = { who: 'hander', role: 'lambda-exec', service: services[0] }
    const { calls, administrator } = await ask('root', '/_omen/api/pass/gain', asked)
    assert.equal(administrator, false)
    assert.ok(calls.some(({ action, allowed }: Answer) => action === 'lambda:CreateFunction' && allowed))
    const refused = await ask('user/hander', '/_omen/api/pass', { who: 'hander' })
    assert.match(refused.error, /iam:SimulatePrincipalPolicy/)
  })
})
