import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import type { SimulateCustomPolicyCommandInput } from '@aws-sdk/client-iam'
import { allow, bare, faultOf, openHouse, trust } from '../iam/house.ts'

const { iam, close } = await openHouse()
after(close)

const arn = (resource: string) => `arn:aws:iam::123456789012:${resource}`
const bucket = 'arn:aws:s3:::photos'
const document = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })

await iam.createUser({ UserName: 'Ann', Tags: [{ Key: 'team', Value: 'red' }] })
await iam.createGroup({ GroupName: 'readers' })
await iam.addUserToGroup({ GroupName: 'readers', UserName: 'Ann' })
await iam.putGroupPolicy({ GroupName: 'readers', PolicyName: 'read', PolicyDocument: allow('s3:Get*') })
await iam.putUserPolicy({ UserName: 'Ann', PolicyName: 'write', PolicyDocument: allow('s3:Put*') })
await iam.attachUserPolicy({ UserName: 'Ann', PolicyArn: 'arn:aws:iam::aws:policy/AmazonSQSFullAccess' })

async function custom(
  input: Omit<SimulateCustomPolicyCommandInput, 'ActionNames'> & { ActionNames?: string[] },
) {
  const { EvaluationResults: [result, ...more] = [] } = await iam.simulateCustomPolicy({
    ActionNames: ['s3:GetObject'],
    ...input,
  })
  assert.equal(more.length, 0)
  assert(result !== undefined)
  return result
}

suite('SimulateCustomPolicy', () => {
  test('what is allowed names its statement and where it stands (SIM-1, SIM-7, SIM-9)', async () => {
    const PolicyInputList = [
      '{"Version": "2012-10-17", "Statement": [{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    ]
    const matched = [
      {
        SourcePolicyId: 'PolicyInputList.1',
        SourcePolicyType: 'IAM Policy',
        StartPosition: { Line: 1, Column: 41 },
        EndPosition: { Line: 1, Column: 90 },
      },
    ]
    assert.deepEqual(await custom({ PolicyInputList }), {
      EvalActionName: 's3:GetObject',
      EvalResourceName: '*',
      EvalDecision: 'allowed',
      MatchedStatements: matched,
      MissingContextValues: [],
    })
    assert.deepEqual(await custom({ PolicyInputList, ResourceArns: [bucket] }), {
      EvalActionName: 's3:GetObject',
      EvalResourceName: bucket,
      EvalDecision: 'allowed',
      MatchedStatements: matched,
      MissingContextValues: [],
      EvalDecisionDetails: {},
      ResourceSpecificResults: [
        {
          EvalResourceName: bucket,
          EvalResourceDecision: 'allowed',
          MatchedStatements: matched,
          MissingContextValues: [],
        },
      ],
    })
  })

  test('positions count lines from the bracket or comma before a statement (SIM-9)', async () => {
    const text =
      '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Deny", "Action": "s3:*", "Resource": "*"\n    },\n    { "Effect": "Deny", "Action": "*", "Resource": "*" }\n  ]\n}'
    const { EvalDecision, MatchedStatements } = await custom({ PolicyInputList: [allow('*'), text] })
    assert.equal(EvalDecision, 'explicitDeny')
    assert.deepEqual(
      MatchedStatements?.map(({ SourcePolicyId, StartPosition, EndPosition }) => [
        SourcePolicyId,
        StartPosition,
        EndPosition,
      ]),
      [
        ['PolicyInputList.2', { Line: 3, Column: 17 }, { Line: 6, Column: 6 }],
        ['PolicyInputList.2', { Line: 6, Column: 7 }, { Line: 7, Column: 57 }],
      ],
    )
  })

  test('several resources: the strictest decision, and each by itself (SIM-2, SIM-3)', async () => {
    const result = await custom({
      PolicyInputList: [
        document(
          { Effect: 'Allow', Action: 's3:*', Resource: '*' },
          { Effect: 'Deny', Action: 's3:*', Resource: `${bucket}/secret` },
        ),
      ],
      ResourceArns: [`${bucket}/a`, `${bucket}/secret`],
    })
    assert.equal(result.EvalDecision, 'explicitDeny')
    assert.match(result.EvalResourceName ?? '', /^arn:aws:s3:::\$\{BucketName\}/)
    assert.deepEqual(
      result.ResourceSpecificResults?.map(({ EvalResourceName, EvalResourceDecision }) => [
        EvalResourceName,
        EvalResourceDecision,
      ]),
      [
        [`${bucket}/a`, 'allowed'],
        [`${bucket}/secret`, 'explicitDeny'],
      ],
    )
  })

  test('keys that are asked for and missing, and keys given by type (SIM-10, SIM-12)', async () => {
    const PolicyInputList = [
      document({
        Effect: 'Allow',
        Action: 's3:*',
        Resource: '*',
        Condition: {
          IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
          NumericLessThan: { 's3:max-keys': '10' },
          'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] },
        },
      }),
    ]
    const missing = await custom({ PolicyInputList })
    assert.equal(missing.EvalDecision, 'implicitDeny')
    assert.deepEqual(missing.MissingContextValues, ['aws:SourceIp', 's3:max-keys', 'aws:TagKeys'])
    const ContextEntries: SimulateCustomPolicyCommandInput['ContextEntries'] = [
      { ContextKeyName: 'AWS:sourceip', ContextKeyType: 'ip', ContextKeyValues: ['10.1.2.3'] },
      { ContextKeyName: 's3:max-keys', ContextKeyType: 'numeric', ContextKeyValues: ['5'] },
      { ContextKeyName: 'aws:TagKeys', ContextKeyType: 'stringList', ContextKeyValues: ['b', 'a'] },
    ]
    const given = await custom({ PolicyInputList, ContextEntries })
    assert.equal(given.EvalDecision, 'allowed')
    assert.deepEqual(given.MissingContextValues, [])
    for (const entry of [
      { ContextKeyName: 's3:max-keys', ContextKeyType: 'numeric', ContextKeyValues: ['many'] },
      { ContextKeyName: 'aws:SourceIp', ContextKeyType: 'ip', ContextKeyValues: ['here'] },
      { ContextKeyName: 'abc:def', ContextKeyType: 'string', ContextKeyValues: ['x', 'y'] },
      { ContextKeyName: 'nothing', ContextKeyType: 'string', ContextKeyValues: ['x'] },
    ] as const) {
      assert.match(
        await faultOf(
          custom({
            PolicyInputList,
            ContextEntries: [{ ...entry, ContextKeyValues: [...entry.ContextKeyValues] }],
          }),
        ),
        /^InvalidInput 400/,
      )
    }
  })

  test('a boundary limits and is told (SIM-4, SIM-8)', async () => {
    const PolicyInputList = [allow('*')]
    const inside = await custom({ PolicyInputList, PermissionsBoundaryPolicyInputList: [allow('s3:*')] })
    assert.deepEqual(
      [inside.EvalDecision, inside.PermissionsBoundaryDecisionDetail],
      ['allowed', { AllowedByPermissionsBoundary: true }],
    )
    const outside = await custom({ PolicyInputList, PermissionsBoundaryPolicyInputList: [allow('ec2:*')] })
    assert.deepEqual(
      [outside.EvalDecision, outside.MatchedStatements, outside.PermissionsBoundaryDecisionDetail],
      ['implicitDeny', [], { AllowedByPermissionsBoundary: false }],
    )
    const denied = await custom({
      PolicyInputList,
      PermissionsBoundaryPolicyInputList: [document({ Effect: 'Deny', Action: 's3:*', Resource: '*' })],
    })
    assert.deepEqual(
      denied.MatchedStatements?.map(({ SourcePolicyType }) => SourcePolicyType),
      ['IAM Policy', 'Permissions Boundary Policy'],
    )
    assert.match(
      await faultOf(
        custom({ PolicyInputList, PermissionsBoundaryPolicyInputList: [allow('a:b'), allow('a:b')] }),
      ),
      /^InvalidInput/,
    )
  })

  test('SCPs level by level: each must allow, none is shown (SIM-15)', async () => {
    const PolicyInputList = [allow('*')]
    const levels = (...texts: string[]) => texts.map((text) => ({ ServiceControlPolicyInputList: [text] }))
    const both = await custom({
      PolicyInputList,
      OrderedOrganizationPolicyInputList: levels(allow('*'), allow('s3:*')),
    })
    assert.deepEqual(
      [both.EvalDecision, both.OrganizationsDecisionDetail],
      ['allowed', { AllowedByOrganizations: true }],
    )
    const one = await custom({
      PolicyInputList,
      OrderedOrganizationPolicyInputList: levels(allow('*'), allow('ec2:*')),
      ResourceArns: [bucket],
    })
    assert.deepEqual(
      [one.EvalDecision, one.OrganizationsDecisionDetail, one.MatchedStatements, one.EvalDecisionDetails],
      ['implicitDeny', { AllowedByOrganizations: false }, [], undefined],
    )
  })

  test('a resource policy: within one account, and across accounts with its details (SIM-4, SIM-6)', async () => {
    const ResourcePolicy = document({
      Effect: 'Allow',
      Principal: { AWS: arn('user/Ann') },
      Action: 's3:*',
      Resource: '*',
    })
    const shared = { PolicyInputList: [allow('ec2:*')], ResourceArns: [`${bucket}/a`], ResourcePolicy }
    assert.match(await faultOf(custom(shared)), /^InvalidInput 400: A caller ARN is required/)
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
    assert.equal(
      await faultOf(custom({ ...shared, CallerArn: arn('role/any') })),
      'InvalidInput 400: Invalid caller - Caller must be an IAM user in this context.',
    )
  })

  test("trust policies are evaluated, which AWS's own simulator does not do (SIM-30, SIM-31)", async () => {
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

  test('scenarios of EC2 want their resources (SIM-13)', async () => {
    const ec2 = (resource: string) => `arn:aws:ec2:us-east-1:123456789012:${resource}`
    const resources = ['instance/*', 'security-group/sg-1', 'network-interface/*', 'subnet/subnet-1'].map(ec2)
    const input = {
      PolicyInputList: [allow('ec2:*')],
      ActionNames: ['ec2:RunInstances'],
      ResourceHandlingOption: 'EC2-VPC-InstanceStore-Subnet',
    }
    assert.match(
      await faultOf(custom({ ...input, ResourceArns: resources })),
      /^InvalidInput 400: .* requires: image$/,
    )
    const whole = await custom({
      ...input,
      ResourceArns: [...resources, 'arn:aws:ec2:us-east-1::image/ami-1'],
    })
    assert.equal(whole.EvalDecision, 'allowed')
    assert.match(
      await faultOf(custom({ ...input, ResourceHandlingOption: 'EC2-Classic-EBS' })),
      /^InvalidInput/,
    )
  })

  test('pages of actions (IAM-42)', async () => {
    const ActionNames = ['s3:A', 's3:B', 's3:A', 'ec2:C']
    const first = await iam.simulateCustomPolicy({
      PolicyInputList: [allow('s3:*')],
      ActionNames,
      MaxItems: 3,
    })
    assert.equal(first.IsTruncated, true)
    const { EvaluationResults: rest, IsTruncated } = await iam.simulateCustomPolicy({
      PolicyInputList: [allow('s3:*')],
      ActionNames,
      Marker: first.Marker,
    })
    assert.equal(IsTruncated, false)
    assert.deepEqual(
      [...(first.EvaluationResults ?? []), ...(rest ?? [])].map(
        (result) => `${result.EvalActionName} ${result.EvalDecision}`,
      ),
      ['s3:A allowed', 's3:B allowed', 's3:A allowed', 'ec2:C implicitDeny'],
    )
  })

  test('what cannot be simulated is InvalidInput (SIM-5, SIM-6)', async () => {
    const PolicyInputList = [allow('*')]
    for (const input of [
      { PolicyInputList: ['{'] },
      { PolicyInputList, ActionNames: ['s3:*'] },
      { PolicyInputList, ActionNames: ['nothing'] },
      { PolicyInputList, ResourceArns: ['photos'] },
      { PolicyInputList, ResourceOwner: '123456789012' },
      { PolicyInputList, CallerArn: 'arn:aws:sts::123456789012:assumed-role/r/s' },
      { PolicyInputList, CallerArn: arn('user/Ann'), ResourcePolicy: allow('*') },
    ]) {
      assert.match(await faultOf(custom(input)), /^InvalidInput 400: Invalid /, JSON.stringify(input))
    }
  })
})

suite('SimulatePrincipalPolicy', () => {
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

  test('policies left out (SIM-14)', async () => {
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
    assert.deepEqual(await without({ PolicyType: 'rcp' }, { PolicyArn: arn('policy/none') }), [
      'allowed',
      'allowed',
      'allowed',
      'implicitDeny',
    ])
    assert.match(await faultOf(without({ PolicyType: 'none' })), /^InvalidInput/)
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

  test('whom it cannot ask about (SIM-20)', async () => {
    assert.equal(
      await faultOf(ask({ PolicySourceArn: arn('role/nobody') })),
      'NoSuchEntity 404: The role with name nobody cannot be found.',
    )
    assert.equal(
      await faultOf(ask({ PolicySourceArn: arn('root') })),
      'InvalidInput 400: Invalid Entity Arn: arn:aws:iam::123456789012:root does not clearly define entity type and name.',
    )
  })
})

suite('context keys', () => {
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
