import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import type { PolicySet } from '../document/set.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import {
  allow,
  deny,
  layerOf,
  ownAccount,
  policyOf,
  type RequestInput,
  requestOf,
  sourceOf,
} from '../fixture.ts'
import { changeCall, withChange } from './call-change.ts'
import { callPartOf } from './call-key.ts'

const everything = layerOf('identity', allow())

/** The changes as `key=value`, each confirmed by the engine. */
function changes(set: PolicySet, input?: RequestInput): readonly string[] {
  const request = requestOf(input)
  const compiled = compile(set)
  return changeCall(request, compiled).map((change) => {
    assert.equal(evaluate(withChange(request, change), compiled).outcome, 'allowed')
    return change.map(({ key, value }) => `${key}=${value}`).join(' ')
  })
}

const when = (Condition: object) => layerOf('identity', allow({ Condition }))
const unless = (Condition: object) => [...everything, ...layerOf('identity', deny({ Condition }))]

test('RSN-16 what a caller can change about a call', () => {
  const keys = {
    mfa: 'aws:MultiFactorAuthPresent aws:MultiFactorAuthAge',
    externalId: 'sts:ExternalId',
    tag: 'aws:RequestTag/team',
    tagKeys: 'aws:TagKeys',
    region: 'aws:RequestedRegion',
    session: 'aws:TokenIssueTime',
    https: 'aws:SecureTransport',
    network: 'aws:SourceIp aws:VpcSourceIp aws:SourceVpc aws:SourceVpce',
    time: 'aws:CurrentTime aws:EpochTime',
    sessionName: 'sts:RoleSessionName',
    sourceIdentity: 'sts:SourceIdentity',
    boundary: 'iam:PermissionsBoundary',
    parameter: 's3:x-amz-acl lambda:FunctionUrlAuthType',
  }
  for (const [part, names] of Object.entries(keys))
    for (const key of names.split(' ')) assert.equal(callPartOf(key), part, key)
  const fixed = 'aws:ResourceTag/a s3:ExistingObjectTag/a iam:PassedToService aws:PrincipalArn ec2:Owner'
  for (const key of fixed.split(' ')) assert.equal(callPartOf(key), undefined, key)
})

describe('RSN-16 the call that would be allowed', () => {
  test('has MFA, a tag, an external id', () => {
    assert.deepEqual(changes({ identity: when({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }) }), [
      'aws:MultiFactorAuthPresent=true',
    ])
    assert.deepEqual(
      changes({ identity: when({ StringEquals: { 'aws:RequestTag/team': ['red', 'blue'] } }) }),
      ['aws:RequestTag/team=red'],
    )
    const trust = sourceOf(
      policyOf('trust', {
        Effect: 'Allow',
        Principal: { AWS: ownAccount },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'four' } },
      }),
    )
    const role = { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ownAccount}:role/x` }
    assert.deepEqual(changes({ identity: everything, resource: { source: trust, grant: 'trust' } }, role), [
      'sts:ExternalId=four',
    ])
  })

  test('is one that no Deny applies to', () => {
    assert.deepEqual(
      changes({ identity: unless({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }) }),
      ['aws:MultiFactorAuthPresent=true'],
    )
    assert.deepEqual(
      changes(
        { identity: unless({ Bool: { 'aws:SecureTransport': 'false' } }) },
        {
          context: { 'aws:SecureTransport': 'false' },
        },
      ),
      ['aws:SecureTransport=true'],
    )
    assert.deepEqual(
      changes(
        { identity: unless({ StringEquals: { 'aws:RequestTag/env': 'prod' } }) },
        {
          context: { 'aws:RequestTag/env': 'prod', 'aws:TagKeys': ['env'] },
        },
      ),
      ['aws:RequestTag/env=undefined'],
    )
    assert.deepEqual(
      changes(
        { identity: unless({ StringLike: { 's3:x-amz-acl': '*' } }) },
        { action: 's3:PutObject', context: { 's3:x-amz-acl': 'public-read' } },
      ),
      ['s3:x-amz-acl=undefined'],
    )
  })

  test('is made in another region, unless what it is about exists in one', () => {
    const set = { identity: unless({ StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } }) }
    const context = { 'aws:RequestedRegion': 'us-east-1' }
    assert.deepEqual(changes(set, { context, action: 'ec2:DescribeInstances', resource: '*' }), [
      'aws:RequestedRegion=eu-west-1',
    ])
    const there = `arn:aws:ec2:us-east-1:${ownAccount}:instance/i-1`
    assert.deepEqual(changes(set, { context, action: 'ec2:StopInstances', resource: there }), [])
  })

  test('comes from a fresh session where older ones are revoked', () => {
    const set = (before: string) => ({ identity: unless({ DateLessThan: { 'aws:TokenIssueTime': before } }) })
    const context = {
      'aws:TokenIssueTime': '2027-01-01T10:00:00Z',
      'aws:CurrentTime': '2027-01-01T12:00:00Z',
    }
    assert.deepEqual(changes(set('2027-01-01T11:00:00Z'), { context }), [
      'aws:TokenIssueTime=2027-01-01T12:00:00Z',
    ])
    assert.deepEqual(changes(set('2027-01-01T13:00:00Z'), { context }), [])
  })

  test('has another value of a key that it has, and no key that it cannot get', () => {
    const type = { identity: when({ StringEquals: { 'ec2:InstanceType': 'm1.small' } }) }
    const input = { action: 'ec2:RunInstances', resource: '*' }
    assert.deepEqual(changes(type, { ...input, context: { 'ec2:InstanceType': 't3.micro' } }), [
      'ec2:InstanceType=m1.small',
    ])
    assert.deepEqual(changes(type, input), [])
    assert.deepEqual(changes({ identity: when({ StringEquals: { 's3:x-amz-acl': 'private' } }) }), [
      's3:x-amz-acl=private',
    ])
  })

  test('may need several keys', () => {
    const set = {
      identity: when({
        StringEquals: { 'aws:RequestTag/team': 'red', 'aws:RequestTag/env': 'dev' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'env'] },
      }),
    }
    assert.deepEqual(changes(set), ['aws:RequestTag/team=red aws:RequestTag/env=dev'])
  })

  test('is absent if the caller decides nothing in question', () => {
    const team = { StringEquals: { 'aws:PrincipalTag/team': 'red' } }
    assert.deepEqual(changes({ identity: when(team) }), [])
    assert.deepEqual(changes({ identity: when({ StringEquals: { 'aws:ResourceTag/team': 'red' } }) }), [])
    assert.deepEqual(changes({ identity: layerOf('identity', allow({ Action: 'ec2:*' })) }), [])
    const own = { StringEquals: { 'aws:RequestTag/owner': '${aws:username}' } }
    assert.deepEqual(changes({ identity: when(own) }), [])
    assert.deepEqual(changes({ identity: everything }), [])
    const mfa = { identity: when({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }) }
    const lambda = { type: 'service', names: ['lambda.amazonaws.com'] } as const
    assert.deepEqual(changes(mfa, { principal: lambda }), [])
  })

  test('costs no more than its bounds, whatever the policies', () => {
    const statements = Array.from({ length: 300 }, (_, n) =>
      allow({
        Condition: { StringEquals: { 'aws:RequestTag/team': 'red', 'aws:PrincipalTag/n': String(n) } },
      }),
    )
    const set = { identity: layerOf('identity', ...statements) }
    assert.deepEqual(changes(set), [])
  })
})
