import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import {
  AssumeRoleCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import { contextOfEvent, organizationRefuses } from '../../packages/server/src/authorization/index.ts'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import { firstPosition, type StoredEvent } from '../../packages/server/src/store/index.ts'
import { policyText } from '../kit/index.ts'
import { callServer } from '../wire/house-call.ts'

const everything = '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
/** Their values are not kept, or they belong to the moment of the decision. */
const nameOnly = new Set(['sts:externalid'])

interface Keys {
  readonly AccessKeyId?: string | undefined
  readonly SecretAccessKey?: string | undefined
  readonly SessionToken?: string | undefined
}

test('TRL-91 the condition keys that a call was decided by can be read from its event', async () => {
  await using omen = await createOmen()
  const credentials = (keys: Keys | undefined) => ({
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    ...(keys?.SessionToken === undefined ? {} : { sessionToken: keys.SessionToken }),
  })
  const clientOf = (keys: Keys | undefined) =>
    new IAMClient({ region: 'us-east-1', endpoint: omen.endpoint, credentials: credentials(keys) })
  const iam = omen.client(IAMClient, 'admin')
  const sts = omen.client(STSClient, 'admin')
  const trust = JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${omen.account}:root` },
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    },
  })
  const Tags = [
    { Key: 'Team', Value: 'pay' },
    { Key: 'long', Value: 'x'.repeat(200) },
  ]
  await iam.send(new CreateUserCommand({ UserName: 'alice', Path: '/people/', Tags }))
  await iam.send(
    new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'all', PolicyDocument: everything }),
  )
  await iam.send(new CreateRoleCommand({ RoleName: 'work', AssumeRolePolicyDocument: trust, Tags }))
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'work', PolicyName: 'all', PolicyDocument: everything }),
  )
  const worn = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${omen.account}:role/work`,
      RoleSessionName: 'work',
      ExternalId: 'only-we-know',
      SourceIdentity: 'admin',
      Tags: [{ Key: 'cost', Value: '7' }],
    }),
  )
  await clientOf(worn.Credentials).send(
    new CreateUserCommand({ UserName: 'bob', Tags: [{ Key: 'of', Value: 'work' }] }),
  )
  const session = await sts.send(new GetSessionTokenCommand({}))
  const federated = await sts.send(new GetFederationTokenCommand({ Name: 'guest', Policy: everything }))
  for (const keys of [session.Credentials, federated.Credentials])
    await assert.rejects(clientOf(keys).send(new GetRoleCommand({ RoleName: 'work' })))
  const chained = await new STSClient({
    region: 'us-east-1',
    endpoint: omen.endpoint,
    credentials: credentials(worn.Credentials),
  }).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${omen.account}:role/work`, RoleSessionName: 'again' }),
  )
  await clientOf(chained.Credentials).send(new TagRoleCommand({ RoleName: 'work', Tags }))

  const { deps } = omen.omen
  await deps.recorder.flush()
  const { events } = await deps.directory.store.eventsAfter(firstPosition, 100)
  let compared = 0
  for (const event of events) {
    const { requestID } = JSON.parse(event.json) as { requestID: string }
    const decision = deps.decisions.find(requestID)
    if (decision === undefined || event.asked === undefined) continue
    const decided = [...decision.judged, ...decision.behind]
    for (const [at, asked] of event.asked.entries()) {
      const { context, isUnknown } = contextOfEvent(event, asked, deps.directory)
      const wanted = new Map(decided[at]?.request.context.entries())
      for (const key of nameOnly) if (wanted.delete(key)) assert.ok(isUnknown(key))
      assert.deepEqual(sorted(context.entries()), sorted(wanted.entries()), `${event.name} ${asked.action}`)
      assert.equal(isUnknown('aws:RequestTag/none'), false)
      compared++
    }
    assert.ok(!JSON.stringify(event.asked).includes('only-we-know'))
  }
  assert.ok(compared >= 9, `${compared} questions`)

  const at = { endpoint: omen.endpoint, now: omen.clock.now() }
  const keys = encodeURIComponent('aws:PrincipalTag/team,sts:ExternalId,aws:RequestTag/of')
  const answer = await callServer(at, 'GET', `/_omen/seen?keys=${keys}`, omen.keys.root)
  const seen = (await answer.json()) as { questions: Record<string, unknown>[] }
  const find = (action: string) => seen.questions.filter((each) => each.action === action)
  assert.deepEqual(
    find('iam:CreateUser').map(({ context }) => context),
    [{}, { 'aws:PrincipalTag/team': 'pay', 'aws:RequestTag/of': 'work' }],
  )
  assert.deepEqual(
    find('sts:AssumeRole').map(({ unknown }) => unknown),
    [['sts:ExternalId'], undefined],
  )
})

test('TRL-91 of an event without kept keys only those of its record are known', async () => {
  await using omen = await createOmen()
  const { directory } = omen.omen.deps
  const asked = { action: 'iam:CreateUser', resource: `arn:aws:iam::${omen.account}:user/a` }
  const event = {
    account: omen.account as AccountId, // the server's own
    region: 'us-east-1',
    id: 'old',
    time: 0,
    name: 'CreateUser',
    source: 'iam.amazonaws.com',
    username: 'a',
    accessKeyId: undefined,
    readOnly: false,
    errorCode: undefined,
    resources: [],
    asked: [asked],
    json: '{"userIdentity":{"type":"IAMUser","accountId":"1","arn":"arn:aws:iam::1:user/a"},"sourceIPAddress":"10.0.0.1"}',
  }
  const { context, isUnknown } = contextOfEvent(event, asked, directory)
  assert.equal(context.get('aws:SourceIp'), '10.0.0.1')
  assert.deepEqual(
    ['aws:sourceip', 'aws:tokenissuetime', 'aws:principaltag/team', 'iam:policyarn'].map(isUnknown),
    [false, false, true, true],
  )

  const forwarded = { ...asked, keys: { 'aws:viaawsservice': 'true' } }
  const by = contextOfEvent({ ...event, callerKeys: {}, asked: [forwarded] }, forwarded, directory)
  assert.equal(by.context.lookup('aws:sourceip'), undefined, 'a service has no network (POL-189)')
  assert.equal(by.isUnknown('aws:sourceip'), false)

  const keys = { 'aws:tagkeys': ['a', 'b'], '*': null }
  const more = { ...event, id: 'new', callerKeys: { 'aws:principaltag/team': 'pay' } }
  const kept = [
    event,
    { ...more, asked: [asked, { ...asked, owner: omen.account as AccountId, keys }] },
    { ...event, id: 'bare', callerKeys: {} },
    { ...more, id: 'cut', askedCut: true as const, decision: 'd-1', data: true as const },
  ]
  const start = await directory.store.newestPosition()
  await directory.store.record(kept)
  assert.deepEqual((await directory.store.eventsAfter(start, 10)).events, kept)
})

test('TRL-91 who called, and when, follows from the record alone', async () => {
  await using omen = await createOmen()
  const asked = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' }
  const keysOf = (userIdentity: object) => {
    const json = JSON.stringify({
      userIdentity,
      awsRegion: 'eu-west-1',
      sourceIPAddress: '10.0.0.1',
      userAgent: 'cli',
    })
    const event = { time: 1_500, json, account: omen.account, callerKeys: {} } as unknown as StoredEvent
    return contextOfEvent(event, asked, omen.omen.deps.directory).context
  }
  const user = keysOf({ type: 'IAMUser', accountId: '1', arn: 'arn:aws:iam::1:user/a' })
  assert.deepEqual(
    ['aws:CurrentTime', 'aws:EpochTime', 'aws:UserAgent', 'aws:ViaAWSService', 'aws:RequestedRegion'].map(
      (key) => String(user.get(key)),
    ),
    ['1970-01-01T00:00:01Z', '1', 'cli', 'false', 'eu-west-1'],
  )
  const service = keysOf({ type: 'AWSService', invokedBy: 'ec2.amazonaws.com' })
  assert.deepEqual(
    ['aws:PrincipalIsAWSService', 'aws:ViaAWSService', 'aws:SourceIp'].map((key) => String(service.get(key))),
    ['true', 'false', 'undefined'],
  )
  const worn = keysOf({
    type: 'AssumedRole',
    accountId: '1',
    arn: 'arn:aws:sts::1:assumed-role/r/s',
    sessionContext: {
      sessionIssuer: { arn: 'arn:aws:iam::1:role/r' },
      attributes: { creationDate: '2026-01-01T00:00:00Z', mfaAuthenticated: 'false' },
    },
  })
  assert.equal(String(worn.get('aws:TokenIssueTime')), '2026-01-01T00:00:00Z')
  assert.equal(String(worn.get('aws:PrincipalArn')), 'arn:aws:iam::1:role/r')
  const forwarded = keysOf({
    type: 'IAMUser',
    accountId: '1',
    arn: 'arn:aws:iam::1:user/a',
    invokedBy: 'cloudformation.amazonaws.com',
  })
  assert.deepEqual(
    ['aws:ViaAWSService', 'aws:CalledVia', 'aws:SourceIp'].map((key) => String(forwarded.get(key))),
    ['true', 'cloudformation.amazonaws.com', 'undefined'],
  )
  const token = keysOf({ type: 'WebIdentityUser', identityProvider: 'accounts.google.com' })
  assert.deepEqual(
    ['aws:PrincipalIsAWSService', 'aws:FederatedProvider'].map((key) => String(token.get(key))),
    ['undefined', 'accounts.google.com'],
  )
  const unnamed = keysOf({ type: 'WebIdentityUser' })
  assert.equal(unnamed.get('aws:FederatedProvider'), '')
  const assertion = keysOf({ type: 'SAMLUser' })
  assert.equal(String(assertion.get('aws:PrincipalIsAWSService')), 'undefined')
})

test('TRL-92 the organization counts in what past calls would be answered now', async () => {
  await using omen = await createOmen()
  const { deps } = omen.omen
  const organizations = omen.client(Organizations, 'admin')
  await organizations.createOrganization({})
  const { CreateAccountStatus } = await organizations.createAccount({
    AccountName: 'pay',
    Email: 'pay@example.com',
  })
  const member = (
    await organizations.describeCreateAccountStatus({ CreateAccountRequestId: CreateAccountStatus?.Id ?? '' })
  ).CreateAccountStatus?.AccountId as AccountId
  const RootId = (await organizations.listRoots({})).Roots?.[0]?.Id ?? ''
  const deny = (Action: string, more: object) =>
    policyText({ Effect: 'Deny', Action, Resource: '*', ...more })
  for (const [Type, Content] of [
    ['RESOURCE_CONTROL_POLICY', deny('s3:PutObject', { Principal: '*' })],
    ['SERVICE_CONTROL_POLICY', deny('s3:DeleteObject', {})],
  ] as const) {
    const { Roots } = await organizations.listRoots({})
    if (!Roots?.[0]?.PolicyTypes?.some((each) => each.Type === Type))
      await organizations.enablePolicyType({ RootId, PolicyType: Type })
    const { Policy } = await organizations.createPolicy({ Name: Type, Description: '', Type, Content })
    await organizations.attachPolicy({ PolicyId: Policy?.PolicySummary?.Id ?? '', TargetId: member })
  }
  await deps.directory.find(member)
  const refused = (action: string, owner: AccountId, caller: AccountId) => {
    const asked = { action, resource: 'arn:aws:s3:::bucket/key', owner }
    const arn = `arn:aws:iam::${caller}:user/a`
    const event = {
      time: 0,
      json: JSON.stringify({ userIdentity: { type: 'IAMUser', arn, accountId: caller } }),
    } as StoredEvent
    const { context } = contextOfEvent(event, asked, deps.directory)
    return organizationRefuses(event, asked, context, deps.directory)
  }
  const own = omen.account as AccountId // the server's own
  assert.deepEqual(
    [
      refused('s3:PutObject', member, own),
      refused('s3:PutObject', own, own),
      refused('s3:DeleteObject', own, own),
      refused('s3:DeleteObject', own, member),
      refused('s3:GetObject', member, member),
    ],
    ['rcp', undefined, undefined, 'scp', undefined],
  )
})

function sorted<T>(entries: Iterable<readonly [string, T]>): readonly (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
}
