import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { allow, faultOf, openServer } from '../iam/house.ts'
import { document, simulator } from './simulator.ts'

const { iam, close } = await openServer()
after(close)

const arn = (resource: string) => `arn:aws:iam::123456789012:${resource}`
const bucket = 'arn:aws:s3:::photos'
const custom = simulator(iam)

describe('SimulateCustomPolicy', () => {
  test('what is allowed names its statement and its position (SIM-1, SIM-2, SIM-7, SIM-9, SIM-50)', async () => {
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
        { EvalResourceName: bucket, EvalResourceDecision: 'allowed', MatchedStatements: matched },
      ],
    })
  })

  test('positions begin behind the bracket, the statement before, or the brace of a lone one (SIM-9)', async () => {
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
        ['PolicyInputList.2', { Line: 6, Column: 6 }, { Line: 7, Column: 57 }],
      ],
    )
    const lone =
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}'
    const { MatchedStatements: alone } = await custom({
      PolicyInputList: [lone],
      ActionNames: ['dynamodb:CreateBackup'],
    })
    assert.deepEqual(
      alone?.map(({ StartPosition, EndPosition }) => [StartPosition?.Column, EndPosition?.Column]),
      [[38, 167]],
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
    assert.equal(result.EvalResourceName, 'arn:aws:s3:::${BucketName}/${KeyName}')
    assert.deepEqual(
      result.MatchedStatements?.map(({ StartPosition }) => StartPosition?.Column),
      [38, 87],
    )
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

  test('resources and owners in another form are refused in AWS’s words (SIM-23)', async () => {
    const PolicyInputList = [allow('*')]
    assert.equal(
      await faultOf(custom({ PolicyInputList, ResourceArns: ['14a050d4'] })),
      'InvalidInput 400: ResourceNames are not in a valid ARN format: 14a050d4.',
    )
    assert.equal(
      await faultOf(custom({ PolicyInputList, ResourceOwner: '123456789012' })),
      "InvalidInput 400: '123456789012' is not a valid as a Resource Owner.",
    )
  })

  test('where a resource’s policy denies, only its statement is shown (SIM-8)', async () => {
    const { EvalDecision, MatchedStatements } = await custom({
      PolicyInputList: [allow('s3:*')],
      ResourceArns: [bucket],
      CallerArn: arn('user/Ann'),
      ResourcePolicy: document({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: bucket }),
    })
    assert.equal(EvalDecision, 'explicitDeny')
    assert.deepEqual(
      MatchedStatements?.map(({ SourcePolicyId, SourcePolicyType }) => [SourcePolicyId, SourcePolicyType]),
      [['ResourcePolicy', 'Resource Policy']],
    )
  })

  test('a boundary limits and is reported (SIM-4, SIM-8)', async () => {
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
      ['Permissions Boundary Policy'],
    )
    assert.match(
      await faultOf(
        custom({ PolicyInputList, PermissionsBoundaryPolicyInputList: [allow('a:b'), allow('a:b')] }),
      ),
      /^InvalidInput/,
    )
  })

  test('SCPs level by level: each must allow, none is shown (SIM-4, SIM-15)', async () => {
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
      ['implicitDeny', { AllowedByOrganizations: false }, [], {}],
    )
    assert.deepEqual(one.ResourceSpecificResults, [
      { EvalResourceName: bucket, EvalResourceDecision: 'implicitDeny' },
    ])
    assert.equal(
      await faultOf(
        custom({
          PolicyInputList,
          OrderedOrganizationPolicyInputList: [...levels(allow('*')), { ServiceControlPolicyInputList: [] }],
        }),
      ),
      'InvalidInput 400: Organization policy at index 2 must contain at least one service control policy',
    )
  })

  test('a variable in an ARN’s account is filled in, though no policy with one is stored (POL-184)', async () => {
    const PolicyInputList = [
      document({
        Effect: 'Allow',
        Action: 'iam:GetRole',
        Resource: 'arn:aws:iam::${aws:PrincipalAccount}:role/x',
      }),
    ]
    const asked = (resource: string) =>
      custom({
        PolicyInputList,
        ActionNames: ['iam:GetRole'],
        ResourceArns: [resource],
        CallerArn: arn('user/Ann'),
      })
    assert.equal((await asked(arn('role/x'))).EvalDecision, 'allowed')
    assert.equal((await asked('arn:aws:iam::210987654321:role/x')).EvalDecision, 'implicitDeny')
  })

  test('lines end with any line end (SIM-49)', async () => {
    const text = JSON.stringify(JSON.parse(allow('*')), undefined, 1)
    for (const end of ['\n', '\r', '\r\n']) {
      const { MatchedStatements } = await custom({ PolicyInputList: [text.replaceAll('\n', end)] })
      assert.deepEqual(
        MatchedStatements?.map(({ StartPosition, EndPosition }) => [StartPosition, EndPosition]),
        [
          [
            { Line: 3, Column: 16 },
            { Line: 8, Column: 4 },
          ],
        ],
        JSON.stringify(end),
      )
    }
  })

  test('no scenario of EC2 asks for resources (SIM-13)', async () => {
    const input = {
      PolicyInputList: [allow('ec2:*')],
      ActionNames: ['ec2:RunInstances'],
      ResourceArns: ['arn:aws:ec2:us-east-1:123456789012:instance/i-1'],
    }
    for (const ResourceHandlingOption of ['EC2-VPC-EBS-Subnet', 'EC2-Classic-EBS', 'anything']) {
      assert.equal((await custom({ ...input, ResourceHandlingOption })).EvalDecision, 'allowed')
    }
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

  test('a marker is a place in any list of actions; another text is none (SIM-54)', async () => {
    const input = { PolicyInputList: [allow('s3:*')], ActionNames: ['s3:A', 's3:B'] }
    const { Marker } = await iam.simulateCustomPolicy({ ...input, MaxItems: 1 })
    const other = { PolicyInputList: [allow('ec2:*')], ActionNames: ['ec2:A', 'ec2:B', 'ec2:C'], Marker }
    const { EvaluationResults = [] } = await iam.simulateCustomPolicy(other)
    assert.deepEqual(
      EvaluationResults.map(({ EvalActionName }) => EvalActionName),
      ['ec2:B', 'ec2:C'],
    )
    assert.equal(
      await faultOf(iam.simulateCustomPolicy({ ...input, Marker: 'none' })),
      'InvalidInput 400: Invalid marker for pagination.',
    )
  })

  test('many resources and statements make pages short, too many are refused (SIM-17)', async () => {
    const many = Array.from({ length: 250 }, () => ({ Effect: 'Allow', Action: 's3:*', Resource: '*' }))
    const input = {
      PolicyInputList: [document(...many)],
      ActionNames: ['s3:A', 's3:B', 's3:C'],
      ResourceArns: Array.from({ length: 100 }, (_, n) => `${bucket}/${n}`),
    }
    const { EvaluationResults, IsTruncated } = await iam.simulateCustomPolicy(input)
    assert.deepEqual([EvaluationResults?.length, IsTruncated], [1, true])
    const huge = { ...input, ResourceArns: Array.from({ length: 1_000 }, (_, n) => `${bucket}/${n}`) }
    assert.match(
      await faultOf(iam.simulateCustomPolicy(huge)),
      /^InvalidInput 400: The simulation is too large/,
    )
  })

  test('what cannot be simulated is InvalidInput (SIM-5, SIM-6)', async () => {
    const PolicyInputList = [allow('*')]
    for (const input of [
      { PolicyInputList: ['{'] },
      { PolicyInputList, ActionNames: ['nothing'] },
      { PolicyInputList, ResourceArns: ['photos'] },
      { PolicyInputList, ResourceOwner: '123456789012' },
      { PolicyInputList, CallerArn: 'arn:aws:sts::123456789012:assumed-role/r/s' },
      { PolicyInputList, CallerArn: arn('user/Ann'), ResourcePolicy: allow('*') },
    ]) {
      assert.match(await faultOf(custom(input)), /^InvalidInput 400: /, JSON.stringify(input))
    }
  })
})
