import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { IAM } from '@aws-sdk/client-iam'
import { policyText } from '../../kit/index.ts'
import { allow, faultOf, newKey, openServer, trustEc2 } from './house.ts'

const { iam, as, close } = await openServer()
after(close)

const boundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const other = 'arn:aws:iam::aws:policy/PowerUserAccess'
const PolicyArn = 'arn:aws:iam::123456789012:policy/tagged'
const tagged = { Tags: [{ Key: 'team', Value: 'red' }] }
const PolicyDocument = allow('s3:*')
const inline = { PolicyName: 'p', PolicyDocument }

await iam.createUser({ UserName: 'probe' })
await iam.createUser({ UserName: 'bound', PermissionsBoundary: boundary, ...tagged })
await iam.createRole({
  RoleName: 'bound',
  AssumeRolePolicyDocument: trustEc2,
  PermissionsBoundary: boundary,
  ...tagged,
})
await iam.createPolicy({ PolicyName: 'tagged', PolicyDocument, ...tagged })
await iam.createInstanceProfile({ InstanceProfileName: 'tagged', ...tagged })
const probe = as(await newKey(iam, 'probe'))

interface Row {
  readonly name: string
  readonly call: (client: IAM) => Promise<unknown>
  /** A condition that the call fulfils, and one that it does not. */
  readonly holds: object
  readonly fails: object
}

const bounds = (arn: string) => ({ StringEquals: { 'iam:PermissionsBoundary': arn } })
const givenBound = { holds: bounds(boundary), fails: bounds(other) }
const attaches = {
  holds: { ArnEquals: { 'iam:PolicyARN': other } },
  fails: { ArnEquals: { 'iam:PolicyARN': boundary } },
}
const equals = (key: string, holds: string) => ({
  holds: { StringEquals: { [key]: holds } },
  fails: { StringEquals: { [key]: `not-${holds}` } },
})
const trusting = { AssumeRolePolicyDocument: trustEc2 }
let made = 0
const fresh = () => `fresh${made++}`

const rows: readonly Row[] = [
  {
    name: 'CreateUser with a boundary',
    call: (c) => c.createUser({ UserName: fresh(), PermissionsBoundary: boundary }),
    ...givenBound,
  },
  {
    name: 'CreateRole with a boundary',
    call: (c) => c.createRole({ RoleName: fresh(), PermissionsBoundary: boundary, ...trusting }),
    ...givenBound,
  },
  {
    name: 'CreateUser without one',
    call: (c) => c.createUser({ UserName: fresh() }),
    holds: { Null: { 'iam:PermissionsBoundary': 'true' } },
    fails: { Null: { 'iam:PermissionsBoundary': 'false' } },
  },
  {
    name: 'PutUserPermissionsBoundary: the new one',
    call: (c) => c.putUserPermissionsBoundary({ UserName: 'probe', PermissionsBoundary: boundary }),
    ...givenBound,
  },
  {
    name: 'PutRolePermissionsBoundary: the new one',
    call: (c) => c.putRolePermissionsBoundary({ RoleName: 'bound', PermissionsBoundary: boundary }),
    ...givenBound,
  },
  { name: 'PutUserPolicy', call: (c) => c.putUserPolicy({ UserName: 'bound', ...inline }), ...givenBound },
  { name: 'PutRolePolicy', call: (c) => c.putRolePolicy({ RoleName: 'bound', ...inline }), ...givenBound },
  { name: 'GetRole', call: (c) => c.getRole({ RoleName: 'bound' }), ...givenBound },
  { name: 'UpdateRole', call: (c) => c.updateRole({ RoleName: 'bound' }), ...givenBound },
  {
    name: 'UpdateAssumeRolePolicy',
    call: (c) => c.updateAssumeRolePolicy({ RoleName: 'bound', PolicyDocument: trustEc2 }),
    ...givenBound,
  },
  {
    name: 'AttachUserPolicy to the bounded',
    call: (c) => c.attachUserPolicy({ UserName: 'bound', PolicyArn: other }),
    ...givenBound,
  },
  {
    name: 'AttachUserPolicy',
    call: (c) => c.attachUserPolicy({ UserName: 'bound', PolicyArn: other }),
    ...attaches,
  },
  {
    name: 'DetachUserPolicy',
    call: (c) => c.detachUserPolicy({ UserName: 'bound', PolicyArn: other }),
    ...attaches,
  },
  {
    name: 'AttachRolePolicy',
    call: (c) => c.attachRolePolicy({ RoleName: 'bound', PolicyArn: other }),
    ...attaches,
  },
  {
    name: 'DetachRolePolicy',
    call: (c) => c.detachRolePolicy({ RoleName: 'bound', PolicyArn: other }),
    ...attaches,
  },
  {
    name: 'aws:ResourceTag of a user',
    call: (c) => c.getUser({ UserName: 'bound' }),
    ...equals('aws:ResourceTag/team', 'red'),
  },
  {
    name: 'iam:ResourceTag of a user',
    call: (c) => c.createAccessKey({ UserName: 'bound' }),
    ...equals('iam:ResourceTag/Team', 'red'),
  },
  {
    name: 'aws:ResourceTag of a role',
    call: (c) => c.getRole({ RoleName: 'bound' }),
    ...equals('aws:ResourceTag/team', 'red'),
  },
  {
    name: 'iam:ResourceTag of a role',
    call: (c) => c.listRoleTags({ RoleName: 'bound' }),
    ...equals('iam:ResourceTag/team', 'red'),
  },
  {
    name: 'aws:ResourceTag of a policy',
    call: (c) => c.getPolicy({ PolicyArn }),
    ...equals('aws:ResourceTag/team', 'red'),
  },
  {
    name: 'aws:ResourceTag of an instance profile',
    call: (c) => c.getInstanceProfile({ InstanceProfileName: 'tagged' }),
    ...equals('aws:ResourceTag/team', 'red'),
  },
  {
    name: 'aws:RequestTag of CreateUser',
    call: (c) => c.createUser({ UserName: fresh(), ...tagged }),
    ...equals('aws:RequestTag/team', 'red'),
  },
  {
    name: 'aws:RequestTag of TagRole',
    call: (c) => c.tagRole({ RoleName: 'bound', ...tagged }),
    ...equals('aws:RequestTag/team', 'red'),
  },
  {
    name: 'aws:TagKeys of TagUser',
    call: (c) => c.tagUser({ UserName: 'bound', ...tagged }),
    holds: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost'] } },
    fails: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['cost'] } },
  },
  {
    name: 'aws:TagKeys of UntagPolicy',
    call: (c) => c.untagPolicy({ PolicyArn, TagKeys: ['team'] }),
    holds: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team'] } },
    fails: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['cost'] } },
  },
  {
    name: 'iam:AWSServiceName',
    call: (c) => c.createServiceLinkedRole({ AWSServiceName: 'batch.amazonaws.com' }),
    ...equals('iam:AWSServiceName', 'batch.amazonaws.com'),
  },
  {
    name: 'DeleteUserPermissionsBoundary: the old one',
    call: (c) => c.deleteUserPermissionsBoundary({ UserName: 'bound' }),
    ...givenBound,
  },
]

async function may(condition: object): Promise<void> {
  await iam.putUserPolicy({
    UserName: 'probe',
    PolicyName: 'may',
    PolicyDocument: allow('iam:*', '*', condition),
  })
}

describe('condition keys of requests (IAM-56, POL-111)', () => {
  for (const { name, call, holds, fails } of rows) {
    test(name, async () => {
      await may(fails)
      assert.match(await faultOf(call(probe)), /^AccessDenied 403/)
      await may(holds)
      await call(probe)
      await iam.deleteUserPermissionsBoundary({ UserName: 'probe' }).catch(() => {})
    })
  }

  test('iam:PassedToService of AddRoleToInstanceProfile (POL-079)', async () => {
    const pass = (service: string) =>
      iam.putUserPolicy({
        UserName: 'probe',
        PolicyName: 'may',
        PolicyDocument: policyText(
          { Effect: 'Allow', Action: 'iam:AddRoleToInstanceProfile', Resource: '*' },
          {
            Effect: 'Allow',
            Action: 'iam:PassRole',
            Resource: 'arn:aws:iam::123456789012:role/bound',
            Condition: { StringEquals: { 'iam:PassedToService': service } },
          },
        ),
      })
    const add = () => probe.addRoleToInstanceProfile({ InstanceProfileName: 'tagged', RoleName: 'bound' })
    await pass('lambda.amazonaws.com')
    assert.match(
      await faultOf(add()),
      /not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role\/bound because/,
    )
    await pass('ec2.amazonaws.com')
    await add()
  })
})
