import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { allow, bare, faultOf, openServer, trust } from '../iam/house.ts'
import { document } from './simulator.ts'

const { iam, as, close } = await openServer()
after(close)

const arn = (resource: string) => `arn:aws:iam::123456789012:${resource}`

await iam.createUser({ UserName: 'Ann', Tags: [{ Key: 'team', Value: 'red' }] })
await iam.createGroup({ GroupName: 'readers' })
await iam.addUserToGroup({ GroupName: 'readers', UserName: 'Ann' })
await iam.putGroupPolicy({ GroupName: 'readers', PolicyName: 'read', PolicyDocument: allow('s3:Get*') })
await iam.putUserPolicy({ UserName: 'Ann', PolicyName: 'write', PolicyDocument: allow('s3:Put*') })
await iam.attachUserPolicy({ UserName: 'Ann', PolicyArn: 'arn:aws:iam::aws:policy/AmazonSQSFullAccess' })

describe('SimulatePrincipalPolicy', () => {
  const ask = async (input: object) => {
    const { EvaluationResults: results = [] } = await iam.simulatePrincipalPolicy({
      PolicySourceArn: arn('user/Ann'),
      ActionNames: ['s3:GetObject', 's3:PutObject', 'sqs:SendMessage', 'ec2:RunInstances'],
      ...input,
    })
    return results
  }
  const decisions = async (input: object) => (await ask(input)).map(({ EvalDecision }) => EvalDecision)

  test("a user's own policies and its groups', named as AWS names them (SIM-7)", async () => {
    const results = await ask({})
    assert.deepEqual(
      results.map(({ EvalDecision, MatchedStatements }) => [
        EvalDecision,
        MatchedStatements?.[0]?.SourcePolicyId,
      ]),
      [
        ['allowed', 'group_readers_read'],
        ['allowed', 'user_Ann_write'],
        ['allowed', 'AmazonSQSFullAccess'],
        ['implicitDeny', undefined],
      ],
    )
    assert.deepEqual(await decisions({ PolicyInputList: [allow('ec2:*')] }), [
      'allowed',
      'allowed',
      'allowed',
      'allowed',
    ])
    assert.deepEqual(await decisions({ PolicySourceArn: arn('group/readers') }), [
      'allowed',
      'implicitDeny',
      'implicitDeny',
      'implicitDeny',
    ])
  })

  test('a managed policy of a user and its group is listed once (SIM-42)', async () => {
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess'
    await iam.attachGroupPolicy({ GroupName: 'readers', PolicyArn })
    const results = await ask({})
    assert.equal(results[2]?.MatchedStatements?.length, 1)
    await iam.detachGroupPolicy({ GroupName: 'readers', PolicyArn })
  })

  test('policies left out (SIM-14, SIM-45, SIM-46)', async () => {
    const without = (...PolicyExclusionList: object[]) => decisions({ PolicyExclusionList })
    assert.deepEqual(await without({ PolicyType: 'inline' }), [
      'implicitDeny',
      'implicitDeny',
      'allowed',
      'implicitDeny',
    ])
    assert.deepEqual(await without({ PolicyArn: 'arn:aws:iam::aws:policy/AmazonSQS*' }), [
      'allowed',
      'allowed',
      'implicitDeny',
      'implicitDeny',
    ])
    assert.deepEqual(
      await without({
        InlinePolicyIdentifier: { PolicyName: 'write', AttachmentType: 'user', AttachmentName: 'A?*' },
      }),
      ['allowed', 'implicitDeny', 'allowed', 'implicitDeny'],
    )
    const named = { AttachmentType: 'user', AttachmentName: 'Ann' }
    assert.equal(
      await faultOf(without({ InlinePolicyIdentifier: { ...named, PolicyName: 'wri*' } })),
      'InvalidInput 400: Invalid inline policy exclusion: policyName, attachmentType, and attachmentName are required',
    )
    assert.deepEqual(await without({ PolicyType: 'rcp' }, { PolicyArn: arn('policy/none') }), [
      'allowed',
      'allowed',
      'allowed',
      'implicitDeny',
    ])
    assert.deepEqual(await without({ PolicyArn: 'arn:aws:iam::aws:policy/x/AmazonSQSFullAccess' }), [
      'allowed',
      'allowed',
      'allowed',
      'implicitDeny',
    ])
    assert.match(await faultOf(without({ PolicyType: 'none' })), /^ValidationError 400: 1 validation error/)
    assert.match(await faultOf(without({ PolicyArn: 'arn:aws:iam::*:policy/a' })), /^InvalidInput/)
  })

  test("the caller's keys are known, and what the request says wins (SIM-11)", async () => {
    const PolicyInputList = [
      document({
        Effect: 'Allow',
        Action: 'ec2:*',
        Resource: '*',
        Condition: {
          StringEquals: {
            'aws:username': 'Ann',
            'aws:PrincipalTag/team': 'red',
            'aws:PrincipalAccount': '123456789012',
          },
        },
      }),
    ]
    assert.equal((await decisions({ PolicyInputList }))[3], 'allowed')
    const ContextEntries = [
      { ContextKeyName: 'aws:username', ContextKeyType: 'string', ContextKeyValues: ['Bob'] },
    ]
    assert.equal((await decisions({ PolicyInputList, ContextEntries }))[3], 'implicitDeny')
    assert.equal((await decisions({ PolicyInputList, CallerArn: arn('user/Bob') }))[3], 'implicitDeny')
  })

  test('of another caller than the entity no tags are known, and aws:userid is its ARN (SIM-11, SIM-48)', async () => {
    const decided = async (key: string, value: string, input: object = {}) => {
      const Condition = { StringLike: { [key]: value } }
      const own = document({ Effect: 'Allow', Action: 'ec2:*', Resource: '*', Condition })
      return (await decisions({ PolicyInputList: [own], ...input }))[3]
    }
    assert.equal(await decided('aws:PrincipalTag/team', 'red'), 'allowed')
    assert.equal(await decided('aws:userid', arn('user/Ann')), 'allowed')
    await iam.createUser({ UserName: 'Eve', Tags: [{ Key: 'team', Value: 'red' }] })
    const CallerArn = arn('user/Eve')
    assert.equal(await decided('aws:PrincipalTag/team', 'red', { CallerArn }), 'implicitDeny')
    assert.equal(await decided('aws:userid', CallerArn, { CallerArn }), 'allowed')
    await iam.deleteUser({ UserName: 'Eve' })
  })

  test('the boundary that the entity has, or the one given instead (SIM-16)', async () => {
    await iam.putUserPermissionsBoundary({
      UserName: 'Ann',
      PermissionsBoundary: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
    })
    assert.deepEqual(await decisions({}), ['allowed', 'implicitDeny', 'implicitDeny', 'implicitDeny'])
    assert.deepEqual(await decisions({ PermissionsBoundaryPolicyInputList: [allow('sqs:*')] }), [
      'implicitDeny',
      'implicitDeny',
      'allowed',
      'implicitDeny',
    ])
    assert.deepEqual(await decisions({ PolicyExclusionList: [{ PolicyType: 'permission-boundary' }] }), [
      'allowed',
      'allowed',
      'allowed',
      'implicitDeny',
    ])
    await iam.deleteUserPermissionsBoundary({ UserName: 'Ann' })
  })

  test("whether a user may assume a role asks the role's own trust policy (SIM-30)", async () => {
    await iam.createRole({ RoleName: 'open', AssumeRolePolicyDocument: trust({ AWS: arn('user/Ann') }) })
    await iam.createRole({
      RoleName: 'shut',
      AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }),
    })
    const assume = async (role: string) =>
      (
        await decisions({
          ActionNames: ['sts:AssumeRole'],
          ResourceArns: [arn(`role/${role}`)],
          PolicyInputList: [allow('sts:*')],
        })
      )[0]
    assert.equal(await assume('open'), 'allowed')
    assert.equal(await assume('shut'), 'implicitDeny')
    assert.equal(await assume('none'), 'allowed')
  })

  test('a statement of AWS’s own policy is where AWS says (SIM-9, CAT-1)', async () => {
    await iam.createGroup({ GroupName: 'all' })
    await iam.attachGroupPolicy({
      GroupName: 'all',
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    })
    const [result] = await ask({ PolicySourceArn: arn('group/all') })
    assert.deepEqual(result?.MatchedStatements, [
      {
        SourcePolicyId: 'AdministratorAccess',
        SourcePolicyType: 'IAM Policy',
        StartPosition: { Line: 3, Column: 17 },
        EndPosition: { Line: 8, Column: 6 },
      },
    ])
  })

  test('whom it cannot ask about (SIM-20)', async () => {
    assert.equal(
      await faultOf(ask({ PolicySourceArn: arn('role/nobody') })),
      'NoSuchEntity 404: Unable to retrieve specified IAM entity.',
    )
    assert.equal(
      await faultOf(ask({ PolicySourceArn: arn('root') })),
      'InvalidInput 400: Invalid ARN provided in the request: arn:aws:iam::123456789012:root',
    )
    assert.match(
      await faultOf(ask({ PolicySourceArn: 'arn:aws:sts::123456789012:assumed-role/r/s' })),
      /^InvalidInput 400: Invalid Entity Arn: .*s does not clearly define entity type and name\.$/,
    )
  })

  test('a wrong path finds the entity, and permission is asked on its own ARN (SIM-41)', async () => {
    const wrong = arn('user/elsewhere/Ann')
    assert.equal((await decisions({ PolicySourceArn: wrong }))[0], 'allowed')
    await iam.createUser({ UserName: 'Sam' })
    await iam.putUserPolicy({
      UserName: 'Sam',
      PolicyName: 'ask',
      PolicyDocument: allow('iam:GetContextKeysForPrincipalPolicy', arn('user/Ann')),
    })
    const { AccessKey } = await iam.createAccessKey({ UserName: 'Sam' })
    const sam = as({
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    })
    const asked = (PolicySourceArn: string) => sam.getContextKeysForPrincipalPolicy({ PolicySourceArn })
    assert.deepEqual((await asked(wrong)).ContextKeyNames, [])
    assert.match(
      await faultOf(asked(arn('user/elsewhere/Eve'))),
      /^AccessDenied 403: .*:user\/elsewhere\/Eve /,
    )
  })

  test('another account’s entities are out of reach, whoever the caller is (SIM-22)', async () => {
    const theirs = 'arn:aws:iam::999999999999:role/theirs'
    const words =
      "InvalidInput 400: Invalid Policy Source Arn: caller's account 123456789012 does not have access to policies in account 999999999999"
    assert.equal(await faultOf(ask({ PolicySourceArn: theirs })), words)
    assert.equal(await faultOf(iam.getContextKeysForPrincipalPolicy({ PolicySourceArn: theirs })), words)
  })
})

describe('context keys', () => {
  test('of conditions and variables, as first written (SIM-40)', async () => {
    const first = document({
      Effect: 'Allow',
      Action: 'dynamodb:*',
      Resource: 'arn:aws:dynamodb:us-west-2:123456789012:table/${aws:username}',
      Condition: { DateGreaterThan: { 'aws:CurrentTime': '2015-08-16T12:00:00Z' } },
    })
    assert.deepEqual(bare(await iam.getContextKeysForCustomPolicy({ PolicyInputList: [first] })), {
      ContextKeyNames: ['aws:username', 'aws:CurrentTime'],
    })
    await iam.putUserPolicy({
      UserName: 'Ann',
      PolicyName: 'keys',
      PolicyDocument: allow('s3:*', '*', { Bool: { 'aws:SecureTransport': 'true' } }),
    })
    const { ContextKeyNames } = await iam.getContextKeysForPrincipalPolicy({
      PolicySourceArn: arn('user/Ann'),
      PolicyInputList: [first],
    })
    assert.deepEqual(ContextKeyNames, ['aws:SecureTransport', 'aws:username', 'aws:CurrentTime'])
  })
})
