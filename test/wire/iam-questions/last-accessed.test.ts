import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { EC2 } from '@aws-sdk/client-ec2'
import type { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { policyText } from '../../kit/index.ts'
import { allow, faultOf, newKey, openServer, trust } from '../iam/house.ts'
import { advance } from './time.ts'

const { omen, iam, as, close } = await openServer()
after(close)

const arn = (resource: string) => `arn:aws:iam::123456789012:${resource}`

await iam.createUser({ UserName: 'ann' })
await iam.createUser({ UserName: 'ben' })
await iam.createGroup({ GroupName: 'team' })
for (const UserName of ['ann', 'ben']) await iam.addUserToGroup({ GroupName: 'team', UserName })
await iam.putUserPolicy({
  UserName: 'ann',
  PolicyName: 'own',
  PolicyDocument: allow(['ec2:Describe*', 'iam:Get*', 'sts:AssumeRole', 'sqs:*']),
})
await iam.putGroupPolicy({ GroupName: 'team', PolicyName: 'shared', PolicyDocument: allow('ec2:*') })
const { Policy: managed } = await iam.createPolicy({
  PolicyName: 'Managed',
  PolicyDocument: allow(['ec2:*', 's3:*']),
})
const PolicyArn = managed?.Arn ?? ''
await iam.createRole({ RoleName: 'worker', AssumeRolePolicyDocument: trust({ AWS: arn('user/ann') }) })
await iam.attachRolePolicy({ RoleName: 'worker', PolicyArn })
await iam.attachGroupPolicy({ GroupName: 'team', PolicyArn })
const key = await newKey(iam, 'ann')
const ann = as(key)
const sts = new STS(omen.clientConfig(key))
const { Credentials: session } = await sts.assumeRole({
  RoleArn: arn('role/worker'),
  RoleSessionName: 'shift',
})
sts.destroy()
await ann.getUser({ UserName: 'ann' })
const ec2 = new EC2({
  ...omen.clientConfig({
    accessKeyId: session?.AccessKeyId ?? '',
    secretAccessKey: session?.SecretAccessKey ?? '',
    ...(session?.SessionToken && { sessionToken: session.SessionToken }),
  }),
  region: 'eu-west-1',
})
await ec2.describeInstances({})
ec2.destroy()

async function job(
  Arn: string,
  Granularity: 'SERVICE_LEVEL' | 'ACTION_LEVEL' = 'SERVICE_LEVEL',
  client: IAM = iam,
): Promise<string> {
  const { JobId } = await client.generateServiceLastAccessedDetails({ Arn, Granularity })
  assert.match(JobId ?? '', /^[\da-f-]{36}$/)
  advance(omen, 1_000, iam)
  return JobId ?? ''
}

async function services(Arn: string) {
  const { ServicesLastAccessed = [] } = await iam.getServiceLastAccessedDetails({ JobId: await job(Arn) })
  return ServicesLastAccessed.map(
    ({ ServiceNamespace, LastAuthenticatedEntity, LastAuthenticatedRegion, TotalAuthenticatedEntities }) => [
      ServiceNamespace,
      LastAuthenticatedEntity,
      LastAuthenticatedRegion,
      TotalAuthenticatedEntities,
    ],
  )
}

describe('service last accessed', () => {
  test('a job is under way, then complete (RPT-10, RPT-12, RPT-13)', async () => {
    const before = omen.clock.now()
    const { JobId = '' } = await iam.generateServiceLastAccessedDetails({ Arn: arn('user/ann') })
    const then = omen.clock.now()
    const first = await iam.getServiceLastAccessedDetails({ JobId })
    assert.deepEqual(
      [
        first.JobStatus,
        first.JobCompletionDate,
        first.ServicesLastAccessed,
        first.JobType,
        first.IsTruncated,
      ],
      ['IN_PROGRESS', undefined, undefined, undefined, false],
    )
    advance(omen, 1_000, iam)
    const second = await iam.getServiceLastAccessedDetails({ JobId })
    assert.deepEqual(
      [second.JobStatus, second.JobType, second.IsTruncated],
      ['COMPLETED', 'SERVICE_LEVEL', false],
    )
    const asked = second.JobCreationDate?.getTime() ?? 0
    assert(before <= asked && asked <= then, 'to the millisecond')
    assert.equal(second.JobCompletionDate?.getTime(), asked + 1_000)
  })

  test('a marker is of one job (RPT-52)', async () => {
    const [one, other] = [await job(PolicyArn), await job(PolicyArn)]
    const first = await iam.getServiceLastAccessedDetails({ JobId: one, MaxItems: 1 })
    assert.equal(first.IsTruncated, true)
    const next = { MaxItems: 1, Marker: first.Marker }
    assert.equal(
      await faultOf(iam.getServiceLastAccessedDetails({ JobId: other, ...next })),
      'InvalidInput 400: The marker passed in the request was invalid.',
    )
    const second = await iam.getServiceLastAccessedDetails({ JobId: one, ...next })
    assert.deepEqual(
      [first, second].map(({ ServicesLastAccessed: [found] = [] }) => found?.ServiceNamespace),
      ['ec2', 's3'],
    )
  })

  test('resources count, and actions that AWS does not list (RPT-20, RPT-58)', async () => {
    const UserName = 'rae'
    await iam.createUser({ UserName })
    const of = async (...statements: readonly object[]) => {
      const PolicyDocument = policyText(...statements)
      await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument })
      return (await services(arn('user/rae'))).map(([name]) => name)
    }
    const on = (Resource: string, Action = 's3:GetObject', Effect = 'Allow') => ({ Effect, Action, Resource })
    const deny = (Resource: string) => on(Resource, 's3:*', 'Deny')
    assert.deepEqual(await of(on('arn:aws:s3:::b')), [], 'a bucket is no object')
    assert.deepEqual(await of(on('arn:aws:sqs:us-east-1:123456789012:q')), [])
    assert.deepEqual(await of(on('arn:aws:s3:::b/*')), ['s3'])
    assert.deepEqual(await of(on('arn:aws:s3:::b/*'), deny('arn:aws:s3:::b/*')), [])
    assert.deepEqual(await of(on('arn:aws:s3:::b/*'), deny('arn:aws:s3:::b*')), [])
    assert.deepEqual(await of(on('arn:aws:s3:::b/*'), deny('arn:aws:s3:::c/*')), ['s3'])
    assert.deepEqual(await of(on('arn:aws:s3:::b/*'), deny('arn:aws:s3:::b/?')), ['s3'])
    const Condition = { StringEquals: { 'aws:username': 'nobody' } }
    assert.deepEqual(await of(on('arn:aws:s3:::b/*'), { ...deny('*'), Condition }), ['s3'])
    assert.deepEqual(await of({ ...on('arn:aws:s3:::b/*'), Condition }), ['s3'])
    assert.deepEqual(await of(on('arn:aws:iam::123456789012:user/rae', '*')), ['iam'])
    assert.deepEqual(await of({ Effect: 'Allow', Action: 's3:*', NotResource: '*' }), [])
    const granting = async () => {
      const asked = { Arn: arn('user/rae'), ServiceNamespaces: ['s3'] }
      const { PoliciesGrantingServiceAccess: found } = await iam.listPoliciesGrantingServiceAccess(asked)
      return found?.[0]?.Policies?.length
    }
    assert.deepEqual([await of(on('*', 's3:Imagined')), await granting()], [[], 1])
    assert.deepEqual([await of(on('*', 's3:Imagined*')), await granting()], [[], 0])
  })

  test('services that the policies allow, and who called them last (RPT-20, RPT-21)', async () => {
    assert.deepEqual(await services(arn('user/ann')), [
      ['ec2', undefined, undefined, 0],
      ['iam', arn('user/ann'), 'us-east-1', 1],
      ['s3', undefined, undefined, 0],
      ['sqs', undefined, undefined, 0],
      ['sts', arn('user/ann'), 'us-east-1', 1],
    ])
    assert.deepEqual(await services(arn('role/worker')), [
      ['ec2', arn('role/worker'), 'eu-west-1', 1],
      ['s3', undefined, undefined, 0],
    ])
    assert.deepEqual(await services(arn('group/team')), [
      ['ec2', undefined, undefined, 0],
      ['s3', undefined, undefined, 0],
    ])
    assert.deepEqual(await services(PolicyArn), [
      ['ec2', arn('role/worker'), 'eu-west-1', 1],
      ['s3', undefined, undefined, 0],
    ])
  })

  test('a denied call counts as an attempt (RPT-21)', async () => {
    assert.match(await faultOf(ann.listUsers({})), /^AccessDenied/)
    const { ServicesLastAccessed = [] } = await iam.getServiceLastAccessedDetails({
      JobId: await job(arn('user/ann'), 'ACTION_LEVEL'),
    })
    const known = ServicesLastAccessed.find(({ ServiceNamespace }) => ServiceNamespace === 'iam')
    assert.match(known?.ServiceName ?? '', /^AWS Identity and Access Management/)
    assert.equal(known?.TotalAuthenticatedEntities, 1)
  })

  test('by action: of services that can be called here (RPT-24)', async () => {
    const details = await iam.getServiceLastAccessedDetails({
      JobId: await job(arn('user/ann'), 'ACTION_LEVEL'),
    })
    assert.equal(details.JobType, 'ACTION_LEVEL')
    const actionsOf = (service: string) =>
      details.ServicesLastAccessed?.find(({ ServiceNamespace }) => ServiceNamespace === service)
        ?.TrackedActionsLastAccessed
    assert.equal(actionsOf('sqs'), undefined)
    const got = actionsOf('iam')?.find(({ ActionName }) => ActionName === 'GetUser')
    assert.deepEqual([got?.LastAccessedEntity, got?.LastAccessedRegion], [arn('user/ann'), 'us-east-1'])
    const never = actionsOf('iam')?.find(({ ActionName }) => ActionName === 'GetRole')
    assert.deepEqual(never, { ActionName: 'GetRole' })
    assert.equal(
      actionsOf('iam')?.some(({ ActionName }) => ActionName === 'CreateRole'),
      false,
    )
  })

  test('with entities: who could, the last caller first (RPT-23)', async () => {
    const JobId = await job(PolicyArn)
    const { EntityDetailsList: [first, ...others] = [] } =
      await iam.getServiceLastAccessedDetailsWithEntities({ JobId, ServiceNamespace: 'ec2' })
    assert.deepEqual(
      [first?.EntityInfo?.Type, first?.EntityInfo?.Name, first?.LastAuthenticated instanceof Date],
      ['ROLE', 'worker', true],
    )
    assert.deepEqual(
      others.map(({ EntityInfo, LastAuthenticated }) => [EntityInfo?.Name, LastAuthenticated]),
      [
        ['ann', undefined],
        ['ben', undefined],
      ],
    )
    const page = await iam.getServiceLastAccessedDetailsWithEntities({
      JobId,
      ServiceNamespace: 'ec2',
      MaxItems: 2,
    })
    assert.equal(page.IsTruncated, true)
    const next = await iam.getServiceLastAccessedDetailsWithEntities({
      JobId,
      ServiceNamespace: 'ec2',
      Marker: page.Marker,
    })
    assert.deepEqual(
      next.EntityDetailsList?.map(({ EntityInfo }) => EntityInfo?.Name),
      ['ben'],
    )
  })

  test('a job is for whom asked for it, and for a week (RPT-11)', async () => {
    await iam.putUserPolicy({ UserName: 'ben', PolicyName: 'asks', PolicyDocument: allow('iam:*') })
    const ben = as(await newKey(iam, 'ben'))
    const JobId = await job(arn('user/ben'), 'SERVICE_LEVEL', ben)
    assert.match(await faultOf(iam.getServiceLastAccessedDetails({ JobId })), /^NoSuchEntity 404/)
    await ben.getServiceLastAccessedDetails({ JobId })
    advance(omen, 7 * 86_400_000, iam, ben)
    assert.match(await faultOf(ben.getServiceLastAccessedDetails({ JobId })), /^NoSuchEntity 404/)
  })

  test('what a user did under its present name, and within 400 days (RPT-22)', async () => {
    const day = 86_400_000
    await iam.createUser({ UserName: 'cat' })
    await iam.putUserPolicy({ UserName: 'cat', PolicyName: 'own', PolicyDocument: allow('iam:Get*') })
    const cat = as(await newKey(iam, 'cat'))
    cat.config.systemClockOffset = omen.clock.now() - Date.now()
    await cat.getUser({ UserName: 'cat' })
    const callers = async (name: string) =>
      (await services(arn(`user/${name}`))).map(([service, , , count]) => [service, count])
    assert.deepEqual(await callers('cat'), [['iam', 1]])
    advance(omen, 399 * day, iam)
    assert.deepEqual(await callers('cat'), [['iam', 1]])
    await iam.updateUser({ UserName: 'cat', NewUserName: 'tom' })
    assert.deepEqual(await callers('tom'), [['iam', 0]])
    await iam.updateUser({ UserName: 'tom', NewUserName: 'cat' })
    assert.deepEqual(await callers('cat'), [['iam', 1]])
    advance(omen, 2 * day, iam)
    assert.deepEqual(await callers('cat'), [['iam', 0]])
  })

  test('for which it has no report', async () => {
    assert.match(
      await faultOf(iam.generateServiceLastAccessedDetails({ Arn: arn('user/nobody') })),
      /^NoSuchEntity 404/,
    )
    assert.match(
      await faultOf(iam.generateServiceLastAccessedDetails({ Arn: arn('policy/none') })),
      /^NoSuchEntity 404/,
    )
    assert.match(
      await faultOf(iam.generateServiceLastAccessedDetails({ Arn: `${arn('root')}/none` })),
      /^InvalidInput 400/,
    )
  })
})

describe('ListPoliciesGrantingServiceAccess', () => {
  test("a user's own and its groups', managed and inline (RPT-26)", async () => {
    const { PoliciesGrantingServiceAccess: granted, IsTruncated } =
      await iam.listPoliciesGrantingServiceAccess({
        Arn: arn('user/ann'),
        ServiceNamespaces: ['ec2', 'iam', 'lambda'],
      })
    assert.equal(IsTruncated, false)
    assert.deepEqual(granted, [
      {
        ServiceNamespace: 'ec2',
        Policies: [
          { PolicyName: 'Managed', PolicyType: 'MANAGED', PolicyArn },
          { PolicyName: 'own', PolicyType: 'INLINE', EntityType: 'USER', EntityName: 'ann' },
          { PolicyName: 'shared', PolicyType: 'INLINE', EntityType: 'GROUP', EntityName: 'team' },
        ],
      },
      {
        ServiceNamespace: 'iam',
        Policies: [{ PolicyName: 'own', PolicyType: 'INLINE', EntityType: 'USER', EntityName: 'ann' }],
      },
      { ServiceNamespace: 'lambda', Policies: [] },
    ])
  })
})
