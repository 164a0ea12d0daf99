import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import { resourcePolicies } from '../../packages/server/src/directory/index.ts'
import { account, policyText, trustPolicy } from '../kit/index.ts'

const omen = await createOmen()
after(() => omen.close())
const iam = omen.client(IAM, 'admin')
const arn = (name: string) => `arn:aws:iam::${account}:${name}`

const allow = (Action: string | readonly string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  Condition,
})
const key = 'arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000001'

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes; a wrong guess fails the test
type Answer = any
type Who = Parameters<typeof omen.as>[0]

async function ask(who: Who, path: string, body?: object): Promise<Answer> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const response = await omen.as(who).fetch(`${omen.endpoint}/_omen/${path}`, { service: 'omen', ...init })
  return { status: response.status, ...((await response.json()) as object) }
}

async function user(
  UserName: string,
  statements: readonly object[],
  Tags: { Key: string; Value: string }[] = [],
) {
  await iam.createUser({ UserName, Tags })
  await iam.putUserPolicy({ UserName, PolicyName: 'p', PolicyDocument: policyText(...statements) })
}

/** What only a caller with further permissions may read: tags of who is asked about, of what is asked for, its boundary and its policy. */
const secrets = /manhattan|only-two-know|"iam:permissionsboundary":"/
/** Conditions whose values are secrets: of the caller, of the resource, and of one filled with the other. */
const conditions: Readonly<Record<string, object>> = {
  principalTag: { StringEquals: { 'aws:PrincipalTag/project': 'other' } },
  resourceTag: { StringEquals: { 'iam:ResourceTag/project': 'other' } },
  filled: { StringEquals: { 'aws:RequestTag/project': '${aws:PrincipalTag/project}' } },
  filledByResource: { StringEquals: { 'aws:RequestTag/project': '${aws:ResourceTag/project}' } },
  denied: { StringNotEquals: { 'aws:PrincipalTag/project': 'other' } },
  boundary: { StringEquals: { 'iam:PermissionsBoundary': arn('policy/other') } },
}

before(async () => {
  const { deps } = omen.omen
  const own = await deps.directory.find(deps.firstAccount)
  assert.ok(own)
  const Condition = { StringEquals: { 'kms:ViaService': 'only-two-know' } }
  own.table(resourcePolicies).put({
    arn: key,
    document: policyText({
      Effect: 'Allow',
      Principal: '*',
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition,
    }),
  })
  await deps.directory.commit([])
  const Tags = [{ Key: 'project', Value: 'manhattan' }]
  const limit = { PolicyName: 'hidden-boundary', PolicyDocument: policyText(allow('*')) }
  const PermissionsBoundary = (await iam.createPolicy(limit)).Policy?.Arn ?? ''
  const statements = Object.values(conditions).map((condition) => allow('iam:TagUser', condition))
  await user('worker', [...statements, allow('s3:*')], Tags)
  const refused = { ...allow('iam:DeleteUser', conditions.denied), Effect: 'Deny' }
  await user('barred', [allow('iam:*'), refused], Tags)
  await iam.createUser({ UserName: 'boxed', Tags, PermissionsBoundary })
  const trust = trustPolicy({ AWS: account }, 'sts:AssumeRole', {
    StringEquals: { 'sts:ExternalId': 'only-two-know' },
  })
  const role = { RoleName: 'vault', AssumeRolePolicyDocument: trust, Tags, PermissionsBoundary }
  await iam.createRole(role)
  await iam.putRolePolicy({ RoleName: 'vault', PolicyName: 'p', PolicyDocument: policyText(...statements) })
  await user('asker', [allow('iam:SimulatePrincipalPolicy')])
  await user('both', [allow(['iam:SimulatePrincipalPolicy', 'sts:DecodeAuthorizationMessage'])])
  await user('watcher', [allow('cloudtrail:LookupEvents')])
  await user('decoder', [allow('sts:DecodeAuthorizationMessage')])
  const get = ['iam:GetUser', 'iam:GetRole', 'kms:GetKeyPolicy', 'tag:GetResources']
  const reads = ['iam:SimulatePrincipalPolicy', 'sts:DecodeAuthorizationMessage', ...get]
  await user('reader', [allow(reads)])
})

describe('RSN-20 who may only simulate learns outcomes', () => {
  const questions = {
    'the tags of who is asked about': { who: 'worker', action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' },
    'the tags of a role that is asked about': { who: 'role/vault', action: 's3:GetObject', resource: '*' },
    'tags that a condition compares': {
      who: 'worker',
      action: 'iam:TagUser',
      resource: arn('user/boxed'),
      context: { 'aws:RequestTag/project': 'x' },
    },
    'tags of a role in a condition': {
      who: 'role/vault',
      action: 'iam:TagUser',
      resource: arn('user/boxed'),
    },
    'tags that a Deny compares': { who: 'barred', action: 'iam:DeleteUser', resource: arn('user/boxed') },
    'the boundary of a role': { who: 'barred', action: 'iam:PutRolePolicy', resource: arn('role/vault') },
    'the policy of a key': { who: 'worker', action: 'kms:Decrypt', resource: key },
  }
  for (const [what, body] of Object.entries(questions))
    test(`and not ${what}`, async () => {
      const hidden = await ask('asker', 'can', body)
      const shown = await ask('reader', 'can', body)
      assert.deepEqual([hidden.status, shown.status], [200, 200])
      assert.equal(hidden.allowed, shown.allowed)
      assert.doesNotMatch(JSON.stringify(hidden), secrets)
      assert.match(JSON.stringify(shown), secrets)
      // what is kept of the question shows no more
      const { id } = await ask('both', 'can', body)
      for (const path of [`decisions/${id}`, `api/decisions/${id}/now`])
        assert.doesNotMatch(JSON.stringify(await ask('both', path)), secrets)
      for (const number of [0, 1, 2]) {
        const edits = await ask('both', `api/decisions/${id}/edits/${number}`)
        assert.doesNotMatch(JSON.stringify(edits), secrets)
      }
      assert.doesNotMatch(JSON.stringify(await ask('both', 'api/cases', { decisions: [id] })), secrets)
    })

  test('and is told that a value is not shown', async () => {
    const body = { who: 'barred', action: 'iam:DeleteUser', resource: arn('user/boxed') }
    const { asked } = await ask('asker', 'can', body)
    const identity = asked[0].layers.find(({ layer }: Answer) => layer === 'identity')
    const deny = identity.policies[0].statements.find(({ effect }: Answer) => effect === 'Deny')
    const [condition] = deny.conditions
    assert.deepEqual([condition.secret, condition.seen, asked[0].story], [true, null, []])
  })

  test('whoever may decode a message sees the keys of a caller that called', async () => {
    const worker = new IAM(omen.as('worker').options)
    await assert.rejects(worker.deleteUser({ UserName: 'boxed' }))
    worker.destroy()
    const last = await ask('decoder', 'decisions/last')
    assert.equal(last.asked[0].context['aws:principaltag/project'], 'manhattan')
    assert.equal(last.asked[0].context['iam:resourcetag/project'], undefined)
    assert.doesNotMatch(JSON.stringify(last), /hidden-boundary/)
  })
})

test('SGN-51 who may look events up is shown no tags by which they were decided', async () => {
  const barred = new IAM(omen.as('barred').options)
  await assert.rejects(barred.deleteUser({ UserName: 'boxed' }))
  barred.destroy()
  const routes = [
    'api/events?name=DeleteUser&who=barred',
    'events?since=2020-01-01T00:00:00Z&action=iam:DeleteUser&who=barred',
    'api/happenings',
    'seen?principal=barred&denied=true',
    'api/sessions',
  ]
  for (const route of routes) {
    const answer = JSON.stringify(await ask('watcher', route))
    assert.match(answer, /"status":200/, route)
    assert.doesNotMatch(answer, secrets, route)
  }
  const { events } = await ask('watcher', 'api/events?name=DeleteUser&who=barred')
  assert.deepEqual(events[0].asked, [{ action: 'iam:DeleteUser', resource: arn('user/boxed') }])
})
