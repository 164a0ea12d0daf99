import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { allow, faultOf, openServer, trust } from '../iam/house.ts'
import { document, simulator } from './simulator.ts'

const { iam, close } = await openServer()
after(close)

const arn = (resource: string) => `arn:aws:iam::123456789012:${resource}`
const bucket = 'arn:aws:s3:::photos'
const custom = simulator(iam)

describe('resources of simulations and their policies', () => {
  test('a KMS key consents by its policy: without it identity policies allow nothing (SIM-32)', async () => {
    const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'
    const asked = (AWS: string, ResourceArns: string[]) =>
      custom({
        PolicyInputList: [allow('kms:*')],
        ActionNames: ['kms:Decrypt'],
        ResourceArns,
        CallerArn: arn('user/Ann'),
        ResourcePolicy: document({ Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: key }),
      })
    assert.equal((await asked(arn('user/Ben'), [key])).EvalDecision, 'implicitDeny')
    assert.equal((await asked(arn('root'), [key])).EvalDecision, 'allowed')
    assert.equal((await asked(arn('user/Ann'), [key])).EvalDecision, 'allowed')
    const alias = key.replace('key/', 'alias/')
    assert.equal((await asked(arn('user/Ben'), [alias])).EvalDecision, 'implicitDeny')
  })

  test('a resource policy: within one account, and across accounts with its details (SIM-4, SIM-6)', async () => {
    const ResourcePolicy = document({
      Effect: 'Allow',
      Principal: { AWS: arn('user/Ann') },
      Action: 's3:*',
      Resource: `${bucket}/*`,
    })
    const shared = { PolicyInputList: [allow('ec2:*')], ResourceArns: [`${bucket}/a`], ResourcePolicy }
    assert.match(
      await faultOf(custom(shared)),
      /^InvalidInput 400: Invalid caller - Caller cannot be null or empty\.$/,
    )
    const same = await custom({ ...shared, CallerArn: arn('user/Ann') })
    assert.deepEqual([same.EvalDecision, same.EvalDecisionDetails], ['allowed', {}])
    assert.deepEqual(
      same.MatchedStatements?.map(({ SourcePolicyId, SourcePolicyType }) => [
        SourcePolicyId,
        SourcePolicyType,
      ]),
      [['ResourcePolicy', 'Resource Policy']],
    )
    const cross = await custom({
      ...shared,
      CallerArn: arn('user/Ann'),
      ResourceOwner: 'arn:aws:iam::210987654321:root',
    })
    assert.deepEqual(
      [cross.EvalDecision, cross.EvalDecisionDetails],
      ['implicitDeny', { 'IAM Policy': 'implicitDeny', 'Resource Policy': 'allowed' }],
    )
    assert.deepEqual(cross.ResourceSpecificResults?.[0]?.EvalDecisionDetails, cross.EvalDecisionDetails)
    assert.equal((await custom({ ...shared, CallerArn: arn('role/any') })).EvalDecision, 'implicitDeny')
    assert.equal(
      await faultOf(custom({ ...shared, CallerArn: arn('root') })),
      'InvalidInput 400: Invalid caller - Caller must be an IAM user, role or group in this context.',
    )
  })

  test('a resource policy needs resources, and names them (SIM-51)', async () => {
    const input = { PolicyInputList: [allow('*')], CallerArn: arn('user/Ann') }
    const of = (Resource: string) => document({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource })
    const noEntity = 'InvalidInput 400: Invalid Entity Arn: * does not clearly define entity type and name.'
    assert.equal(await faultOf(custom({ ...input, ResourcePolicy: of(bucket) })), noEntity)
    const named = { ...input, ResourceArns: [bucket] }
    assert.equal(
      await faultOf(custom({ ...named, ResourcePolicy: of('*') })),
      'InvalidInput 400: ResourceNames are not in a valid ARN format: *.',
    )
    assert.equal((await custom({ ...named, ResourcePolicy: of(bucket) })).EvalDecision, 'allowed')
  })

  test('a grant to the account is one to its users, and no boundary limits it (SIM-53)', async () => {
    const asked = (ResourceOwner: string, PolicyInputList: string[]) =>
      custom({
        PolicyInputList,
        PermissionsBoundaryPolicyInputList: [allow('ec2:*')],
        ResourceArns: [bucket],
        CallerArn: arn('role/any'),
        ResourceOwner,
        ResourcePolicy: document({
          Effect: 'Allow',
          Principal: { AWS: arn('root') },
          Action: 's3:*',
          Resource: bucket,
        }),
      })
    const within = await asked(arn('root'), [allow('ec2:*')])
    assert.deepEqual(
      [within.EvalDecision, within.PermissionsBoundaryDecisionDetail],
      ['allowed', { AllowedByPermissionsBoundary: false }],
    )
    const across = await asked('arn:aws:iam::210987654321:user/x', [allow('*')])
    assert.deepEqual(
      [across.EvalDecision, across.EvalDecisionDetails],
      [
        'implicitDeny',
        {
          'IAM Policy': 'allowed',
          'Resource Policy': 'allowed',
          'Permissions Boundary Policy': 'implicitDeny',
        },
      ],
    )
  })

  test('a resource of no type that an action has is denied, whatever the policies say (SIM-47)', async () => {
    const ec2 = (resource: string) => `arn:aws:ec2:us-east-1:123456789012:${resource}`
    const asked = async (action: string, resource: string, Effect = 'Allow') =>
      (
        await custom({
          PolicyInputList: [document({ Effect, Action: '*', Resource: '*' })],
          ActionNames: [action],
          ResourceArns: [resource],
        })
      ).EvalDecision
    for (const [action, resource] of [
      ['s3:GetObject', bucket],
      ['s3:ListBucket', `${bucket}/a`],
      ['s3:MadeUp', ec2('vpc/vpc-1')],
      ['S3:getobject', `${bucket}/a`],
      ['ec2:RunInstances', ec2('subnet/*')],
      ['ec2:RunInstances', 'arn:aws:ec2:*:*:*'],
      ['iam:GetUser', arn('user/a/b')],
      ['iam:ListUsers', '*'],
    ] as const) {
      assert.equal(await asked(action, resource), 'allowed', `${action} ${resource}`)
    }
    for (const [action, resource] of [
      ['s3:ListAllMyBuckets', bucket],
      ['s3:GetObject', 'arn:aws:s3:us-east-1:123456789012:job/1'],
      ['ec2:DescribeInstances', ec2('instance/i-1')],
      ['iam:PassRole', arn('user/a')],
      ['iam:GetUser', arn('*').replace('iam', 'sts')],
    ] as const) {
      assert.equal(await asked(action, resource), 'implicitDeny', `${action} ${resource}`)
      assert.equal(await asked(action, resource, 'Deny'), 'implicitDeny', `${action} ${resource}`)
    }
  })

  test('actions that AWS knows and others, with resources (SIM-52)', async () => {
    const ActionNames = ['s3:MadeUp', 's3:GetObject', 's3:*']
    const input = { PolicyInputList: [allow('*')], ActionNames }
    assert.equal((await iam.simulateCustomPolicy(input)).EvaluationResults?.length, 3)
    assert.equal(
      await faultOf(iam.simulateCustomPolicy({ ...input, ResourceArns: [bucket] })),
      'InvalidInput 400: Invalid Input Actions: [s3:GetObject] and [s3:MadeUp,s3:*] require different authorization information. ',
    )
  })

  test("trust policies are evaluated, which AWS's own simulator does not do (SIM-6, SIM-30)", async () => {
    const assume = (ResourcePolicy: string, CallerArn: string, PolicyInputList = [allow('sts:AssumeRole')]) =>
      custom({
        PolicyInputList,
        ActionNames: ['sts:AssumeRole'],
        ResourceArns: [arn('role/target')],
        ResourcePolicy,
        CallerArn,
      })
    assert.equal((await assume(trust({ AWS: arn('user/Ann') }), arn('user/Ann'))).EvalDecision, 'allowed')
    assert.equal(
      (await assume(trust({ AWS: arn('user/Ann') }), arn('user/Bob'))).EvalDecision,
      'implicitDeny',
    )
    assert.equal(
      (await assume(trust({ AWS: arn('role/chained') }), arn('role/chained'))).EvalDecision,
      'allowed',
    )
    // the account as principal leaves it to the identity policies
    assert.equal(
      (await assume(trust({ AWS: '123456789012' }), arn('user/Ann'), [allow('s3:*')])).EvalDecision,
      'implicitDeny',
    )
  })
})
