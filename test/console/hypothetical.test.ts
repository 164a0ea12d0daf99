import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { EC2 } from '@aws-sdk/client-ec2'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import { masksOf } from '../../packages/server/src/gate/index.ts'
import { firstPosition } from '../../packages/server/src/store/index.ts'
import { account, policyText } from '../kit/index.ts'

const omen = await createOmen()
after(() => omen.close())
const iam = omen.client(IAM, 'admin')

const allow = (Action: string | readonly string[]) => policyText({ Effect: 'Allow', Action, Resource: '*' })
const condition = { StringEquals: { 'sts:ExternalId': 'only-two-know' } }
const trust = (Principal: object, Condition?: object) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition }] })

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes; a wrong guess fails the test
type Answer = any

async function ask(who: Parameters<typeof omen.as>[0], path: string, body: object): Promise<Answer> {
  const init = { method: 'POST', body: JSON.stringify(body) }
  const response = await omen.as(who).fetch(`${omen.endpoint}${path}`, { service: 'omen', ...init })
  return { status: response.status, ...((await response.json()) as object) }
}

async function user(UserName: string, actions: readonly string[]): Promise<void> {
  await iam.createUser({ UserName })
  await iam.putUserPolicy({ UserName, PolicyName: 'p', PolicyDocument: allow(actions) })
}

before(async () => {
  await user('asker', ['iam:SimulatePrincipalPolicy'])
  await user('lister', ['iam:SimulatePrincipalPolicy', 'iam:ListRoles'])
  await user('reader', ['iam:SimulatePrincipalPolicy', 'iam:GetRole', 'iam:ListRoles'])
  await iam.createRole({
    RoleName: 'vault',
    AssumeRolePolicyDocument: trust({ AWS: account }, condition),
    Tags: [{ Key: 'project', Value: 'manhattan' }],
  })
  await iam.createRole({
    RoleName: 'machine',
    AssumeRolePolicyDocument: trust({ Service: 'states.amazonaws.com' }),
  })
})

test('RSN-20 who may not get a role is not shown its trust policy by hypothetical questions', async () => {
  const chain = { who: 'asker', chain: ['vault'], action: 's3:GetObject', resource: '*' }
  const direct = { who: 'asker', action: 'sts:AssumeRole', resource: `arn:aws:iam::${account}:role/vault` }
  for (const body of [chain, direct]) {
    const hidden = await ask('asker', '/_omen/can', body)
    assert.equal(hidden.allowed, false)
    for (const secret of ['only-two-know', 'manhattan', 'ExternalId'])
      assert.ok(!JSON.stringify(hidden).includes(secret), secret)
    const layer = hidden.asked[0].layers.find((each: Answer) => each.layer === 'resource')
    assert.deepEqual([layer.hidden, layer.policies], [true, []])
    const shown = await ask('reader', '/_omen/can', body)
    assert.ok(JSON.stringify(shown).includes('only-two-know'))
  }
  const pass = { who: 'asker', role: 'machine', service: 'lambda.amazonaws.com' }
  const hidden = await ask('asker', '/_omen/pass', pass)
  assert.equal(hidden.roleHalf.trusts, undefined)
  assert.ok(!JSON.stringify(hidden).includes('states.amazonaws.com'))
  assert.deepEqual((await ask('reader', '/_omen/pass', pass)).roleHalf.trusts, ['states.amazonaws.com'])
  const matrix = { who: 'asker' }
  const services = async (who: 'lister' | 'reader') =>
    (await ask(who, '/_omen/api/pass', matrix)).services as readonly string[]
  assert.equal((await services('reader'))[0], 'states.amazonaws.com')
  assert.equal((await ask('asker', '/_omen/api/pass', matrix)).status, 403)
  assert.notEqual((await services('lister'))[0], 'states.amazonaws.com')
  const gain = { who: 'asker', role: 'machine', service: 'lambda.amazonaws.com' }
  assert.equal((await ask('asker', '/_omen/api/pass/gain', gain)).status, 403)
  assert.equal((await ask('reader', '/_omen/api/pass/gain', gain)).status, 200)
})

test('RSN-20 who may not get a role is not shown its trust policy by decisions that are kept', async () => {
  await user('decoder', ['sts:DecodeAuthorizationMessage', 'sts:AssumeRole'])
  await user('getter', ['sts:DecodeAuthorizationMessage', 'iam:GetRole'])
  const sts = new STS(omen.as('user/decoder').options)
  const RoleArn = `arn:aws:iam::${account}:role/vault`
  await assert.rejects(
    sts.assumeRole({ RoleArn, RoleSessionName: 'guessing', ExternalId: 'guess' }),
    /not authorized/,
  )
  sts.destroy()
  const get = async (who: Parameters<typeof omen.as>[0], path: string): Promise<Answer> => {
    const response = await omen.as(who).fetch(`${omen.endpoint}${path}`, { service: 'omen' })
    return response.json()
  }
  const { id } = await get('decoder', '/_omen/decisions/last')
  const paths = [
    'decisions/last',
    `decisions/${id}`,
    `api/decisions/${id}/now`,
    `api/decisions/${id}/edits/0`,
  ]
  const secrets = /only-two-know|manhattan/
  for (const path of paths)
    assert.doesNotMatch(JSON.stringify(await get('decoder', `/_omen/${path}`)), secrets)
  for (const path of paths) assert.match(JSON.stringify(await get('getter', `/_omen/${path}`)), secrets)
  const cases = (who: Parameters<typeof omen.as>[0]) => ask(who, '/_omen/api/cases', { decisions: [id] })
  assert.deepEqual(await cases('decoder'), { status: 200, cases: [], unknown: 1 })
  assert.match(JSON.stringify(await cases('getter')), secrets)
})

test('RSN-20 who may not simulate a role does not learn that it may do everything', async () => {
  await iam.createRole({ RoleName: 'mighty', AssumeRolePolicyDocument: trust({ AWS: account }) })
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  await iam.attachRolePolicy({ RoleName: 'mighty', PolicyArn })
  await user('looker', ['iam:ListRoles', 'iam:GetRole'])
  const mask = async (who: 'looker' | 'admin') => {
    const response = await omen.as(who).fetch(`${omen.endpoint}/_omen/api/masks`, { service: 'omen' })
    const { masks } = (await response.json()) as Answer
    return masks.find(({ name }: Answer) => name === 'mighty')
  }
  const { family, administrator } = await mask('looker')
  assert.deepEqual([family, administrator], ['kitsune', false])
  assert.equal((await mask('admin')).family, 'hannya')
  const drawing = async (who: 'looker' | 'admin') =>
    (await omen.as(who).fetch(`${omen.endpoint}/_omen/mask/mighty.svg`, { service: 'omen' })).text()
  assert.notEqual(await drawing('looker'), await drawing('admin'))
})

test('RSN-12 a statement is shown as it was written, with ARNs in place of the ids that are stored', async () => {
  const reader = `arn:aws:iam::${account}:user/reader`
  await iam.createRole({
    RoleName: 'named',
    AssumeRolePolicyDocument: trust({ AWS: reader }, { Bool: { 'aws:SecureTransport': true } }),
  })
  const body = { who: 'asker', action: 'sts:AssumeRole', resource: `arn:aws:iam::${account}:role/named` }
  const shown = await ask('reader', '/_omen/can', body)
  const layer = shown.asked[0].layers.find((each: Answer) => each.layer === 'resource')
  const { Principal, Condition } = layer.policies[0].statements[0].document
  assert.deepEqual([Principal.AWS, Condition.Bool['aws:SecureTransport']], [reader, true])
})

test('a chain is checked before it is begun, in the words of AssumeRole', async () => {
  await iam.createRole({ RoleName: 'open', AssumeRolePolicyDocument: trust({ AWS: account }) })
  const check = (who: string, roleName: string) => ask(who, '/_omen/api/may-wear', { account, roleName })
  const refused = await check('asker', 'open')
  assert.deepEqual([refused.status, refused.allowed], [200, false])
  assert.match(refused.why, /asker is not authorized to perform: sts:AssumeRole on resource: .*role\/open/)
  assert.deepEqual(await check('admin', 'open'), { status: 200, allowed: true, account })
  assert.match((await check('admin', 'nobodys')).why, /sts:AssumeRole on resource: .*role\/nobodys/)
  assert.equal((await ask('admin', '/_omen/api/may-wear', { account: 'none', roleName: 'open' })).status, 404)
})

test('RSN-21 RCPs of the account that owns a resource count in hypothetical questions', async () => {
  const organizations = omen.client(Organizations, 'admin')
  await organizations.createOrganization({})
  const made = await organizations.createAccount({ AccountName: 'store', Email: 'store@example.com' })
  const CreateAccountRequestId = made.CreateAccountStatus?.Id
  const { CreateAccountStatus } = await organizations.describeCreateAccountStatus({ CreateAccountRequestId })
  const owner = CreateAccountStatus?.AccountId ?? ''
  const RootId = (await organizations.listRoots({})).Roots?.[0]?.Id ?? ''
  await organizations.enablePolicyType({ RootId, PolicyType: 'RESOURCE_CONTROL_POLICY' })
  const { Policy } = await organizations.createPolicy({
    Type: 'RESOURCE_CONTROL_POLICY',
    Name: 'no-writes',
    Description: '',
    Content:
      '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"*"}]}',
  })
  await organizations.attachPolicy({ PolicyId: Policy?.PolicySummary?.Id ?? '', TargetId: owner })
  const body = { who: 'admin', action: 's3:PutObject', resource: 'arn:aws:s3:::bucket/key' }
  const mine = await ask('admin', '/_omen/can', body)
  const theirs = await ask('admin', '/_omen/can', { ...body, owner })
  assert.deepEqual([mine.allowed, theirs.allowed], [true, false])
  const denies = ({ layer, verdict }: Answer) => layer === 'rcp' && verdict === 'explicitDeny'
  const denying = theirs.asked[0].layers.find(denies)
  const titles = denying.policies.map(({ title }: Answer) => title)
  assert.ok(titles.includes('RCP no-writes'), titles.join())
  assert.equal((await ask('admin', '/_omen/can', { ...body, owner: 'nobody' })).status, 400)
})

test('masks are computed once for a revision of the policies', async () => {
  const { deps } = omen.omen
  const own = await deps.directory.find(deps.firstAccount)
  assert.ok(own)
  const first = await masksOf(own, deps)
  assert.equal(await masksOf(own, deps), first)
  const id = (await iam.getRole({ RoleName: 'vault' })).Role?.RoleId ?? ''
  assert.equal(first.get(id)?.family, 'kitsune')
  await iam.attachRolePolicy({
    RoleName: 'vault',
    PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  })
  assert.equal((await masksOf(own, deps)).get(id)?.family, 'hannya')
})

test('TRL-93 a call whose decision is forgotten is decided by the policies of now, with the keys of then', async () => {
  const { deps } = omen.omen
  const mine = async (path: string): Promise<Answer> => {
    const response = await omen.as('admin').fetch(`${omen.endpoint}${path}`, { service: 'omen' })
    return { status: response.status, ...((await response.json()) as object) }
  }
  await iam.putUserPolicy({
    UserName: 'reader',
    PolicyName: 'tagging',
    PolicyDocument: policyText({
      Effect: 'Allow',
      Action: ['iam:CreateUser', 'iam:TagUser'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestTag/team': 'pay' } },
    }),
  })
  const reader = new IAM(omen.as('reader').options)
  const Tags = [{ Key: 'team', Value: 'pay' }]
  const { $metadata } = await reader.createUser({ UserName: 'bob', Tags })
  deps.decisions.forgetAll()
  const id = $metadata.requestId ?? ''
  assert.equal((await mine(`/_omen/decisions/${id}`)).status, 404)
  const now = await mine(`/_omen/api/decisions/${id}/now`)
  assert.deepEqual([now.status, now.allowed, now.event.name, now.unknown], [200, true, 'CreateUser', []])
  assert.equal(now.asked[0].context['aws:requesttag/team'], 'pay')
  assert.deepEqual(
    now.asked.map(({ action }: Answer) => action),
    ['iam:CreateUser', 'iam:TagUser'],
  )
  await iam.deleteUserPolicy({ UserName: 'reader', PolicyName: 'tagging' })
  const later = await mine(`/_omen/api/decisions/${now.event.id}/now`)
  assert.deepEqual([later.allowed, typeof later.decision, later.ways.length > 0], [false, 'string', true])
  // what would be asked after a denial is not asked
  assert.deepEqual(
    later.asked.map(({ action }: Answer) => action),
    ['iam:CreateUser'],
  )
  await iam.deleteUserPolicy({ UserName: 'reader', PolicyName: 'p' })
  const AccessKeyId = omen.as('reader').credentials.accessKeyId
  await iam.deleteAccessKey({ UserName: 'reader', AccessKeyId })
  await iam.deleteUser({ UserName: 'reader' })
  assert.equal((await mine(`/_omen/api/decisions/${id}/now`)).gone, true)
})

test('MSG-3 an encoded message opens with its decision, and not when it is altered', async () => {
  const { message } = await new EC2(omen.as('asker').options)
    .runInstances({ ImageId: 'ami-12345678', MinCount: 1, MaxCount: 1 })
    .then(
      () => assert.fail('it was allowed'),
      (error: Error) => error,
    )
  const sealed = message.split('Encoded authorization failure message: ')[1] ?? ''
  const opened = await ask('admin', '/_omen/decisions/decode', { message: sealed })
  assert.deepEqual(
    [opened.status, opened.message.allowed, opened.message.context.action, opened.decision.allowed],
    [200, false, 'ec2:RunInstances', false],
  )
  const altered = await ask('admin', '/_omen/decisions/decode', {
    message: `${sealed.slice(0, -9)}AAAAAAAAA`,
  })
  assert.deepEqual([altered.status, altered.message], [400, undefined])
})

test('what was seen of a principal has no call that was denied, in EC2’s code either, unless it is asked for', async () => {
  const actions = async (query: string) => {
    const response = await omen
      .as('admin')
      .fetch(`${omen.endpoint}/_omen/seen?principal=asker${query}`, { service: 'omen' })
    const { questions }: Answer = await response.json()
    return [...new Set(questions.map(({ action }: Answer) => action))]
  }
  assert.deepEqual(await actions(''), [])
  assert.deepEqual(await actions('&denied=true'), ['ec2:RunInstances'])
})

test('TRL-11 the record of a call that reads has no answer, that of a call that changes something has', async () => {
  await iam.listUsers({})
  const { recorder, directory } = omen.omen.deps
  await recorder.flush()
  const { events } = await directory.store.eventsAfter(firstPosition, 1_000)
  const records: Answer[] = events.map(({ json }) => JSON.parse(json))
  const of = (name: string) => records.find(({ eventName, errorCode }) => eventName === name && !errorCode)
  assert.deepEqual([of('ListUsers').readOnly, of('ListUsers').responseElements], [true, null])
  assert.equal(of('CreateUser').responseElements.user.userName, 'asker')
})
