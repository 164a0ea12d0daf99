import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, readInventory, readWorld } from '../../packages/server/src/graph/index.ts'
import { type AccountFile, account, allow, deny, detailsOf, inventoryOf, policyArn } from './account-file.ts'
import { when } from './kinds.ts'

const iam = (rest: string): string => `arn:aws:iam::${account}:${rest}`

function managed(name: string, Statement: object): object {
  const Document = { Version: '2012-10-17', Statement }
  return {
    PolicyName: name,
    Arn: iam(`policy/${name}`),
    DefaultVersionId: 'v1',
    PolicyVersionList: [{ VersionId: 'v1', Document }],
  }
}

function user(UserName: string, policies: readonly string[]): object {
  return {
    UserName,
    UserId: `AIDA${UserName.replace('-', '').toUpperCase().padStart(16, 'A')}`,
    Arn: iam(`user/${UserName}`),
    Path: '/',
    GroupList: [],
    UserPolicyList: [],
    AttachedManagedPolicies: policies.map((name) => ({ PolicyName: name, PolicyArn: iam(`policy/${name}`) })),
  }
}

/** The verdicts of users that have one policy in common, asked one after another. */
function verdictsOf(
  file: AccountFile,
  resources: readonly object[],
  ...names: readonly string[]
): readonly string[] {
  const inventory = readInventory({ ...(inventoryOf(file) as object), resources })
  const graph = graphOf(readWorld({ details: detailsOf(file), inventory }), techniqueTable())
  return names.map((name) => graph.paths(graph.find(`user/${name}`)!).verdict)
}

describe('principals of one class', () => {
  test('get answers of their own if one of them alone can run code on an instance', () => {
    const swaps = [allow(['ec2:ReplaceIamInstanceProfileAssociation', 'iam:PassRole'])]
    const own = { attached: [policyArn('swaps')] }
    const trust = { Service: 'ec2.amazonaws.com' }
    const file: AccountFile = {
      policies: { swaps },
      users: { a: { ...own, statements: [allow('ssm:StartSession')] }, b: own },
      roles: {
        strong: { trust, statements: [allow('*')], profiles: ['strong'] },
        weak: { trust, statements: [allow('ssmmessages:*')], profiles: ['weak'] },
      },
    }
    const instance = {
      type: 'AWS::EC2::Instance',
      arn: `arn:aws:ec2:eu-west-1:${account}:instance/i-0`,
      role: iam('role/weak'),
      instanceProfile: iam('instance-profile/weak'),
      state: 'running',
      ssmAgent: 'online',
      tags: {},
    }
    assert.deepEqual(verdictsOf(file, [instance], 'a', 'b'), ['proven', 'blocked'])
    assert.deepEqual(verdictsOf(file, [instance], 'b', 'a'), ['blocked', 'proven'])
  })

  test('get answers of their own if one of them may not assume the role that it makes', () => {
    const own = { attached: [policyArn('makes')] }
    const file: AccountFile = {
      policies: { makes: [allow(['iam:CreateRole', 'iam:PutRolePolicy'])] },
      users: { a: own, b: { ...own, statements: [deny('sts:AssumeRole')] } },
    }
    assert.deepEqual(verdictsOf(file, [], 'a', 'b'), ['proven', 'blocked'])
  })

  test('get answers of their own if one of them may not lift the boundary of the user that it makes', () => {
    const own = { attached: [policyArn('makes')] }
    const makes = ['iam:CreateUser', 'iam:PutUserPolicy', 'iam:CreateAccessKey']
    const bound = when('StringEquals', 'iam:PermissionsBoundary', policyArn('limit'))
    const file: AccountFile = {
      policies: {
        makes: [
          allow(makes.slice(0, 2), '*', bound),
          allow([...makes.slice(2), 'iam:DeleteUserPermissionsBoundary'], iam('user/new-*')),
        ],
        limit: [allow('s3:*')],
      },
      users: { a: own, b: { ...own, statements: [deny('iam:DeleteUserPermissionsBoundary')] } },
    }
    assert.deepEqual(verdictsOf(file, [], 'a', 'b'), ['proven', 'blocked'])
  })

  test('get answers of their own if their policies are attached in another order, or twice', () => {
    const key = { Effect: 'Allow', Action: 'iam:CreateAccessKey' }
    const details = JSON.stringify({
      UserDetailList: [
        user('a', ['free', 'bound']),
        user('b', ['bound', 'free']),
        user('c', ['free', 'again', 'bound']),
        user('d', ['free', 'bound', 'again']),
        user('x-1', []),
        user('y-1', []),
      ],
      RoleDetailList: [],
      GroupDetailList: [],
      Policies: [
        managed('free', { ...key, Resource: iam('user/x-*') }),
        managed('again', { ...key, Resource: iam('user/x-*') }),
        managed('bound', {
          ...key,
          Resource: iam('user/y-*'),
          Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
        }),
      ],
    })
    const inventory = readInventory({ resources: [], accessKeys: {}, loginProfiles: [], mfaDevices: {} })
    const graph = graphOf(readWorld({ details, inventory, awsPolicy: () => undefined }), techniqueTable())
    const verdict = (from: string, to: string): string =>
      graph.paths(graph.find(from)!, graph.find(to)!).verdict
    for (const name of ['a', 'b', 'c', 'd']) {
      assert.equal(verdict(name, 'x-1'), 'proven', `${name} → x-1`)
      assert.equal(verdict(name, 'y-1'), 'conditional', `${name} → y-1`)
    }
  })
})

describe('targets of one technique', () => {
  const trust = { Service: 'lambda.amazonaws.com' }
  const verdicts = (file: AccountFile, ...targets: readonly string[]): readonly string[] => {
    const graph = graphOf(
      readWorld({ details: detailsOf(file), inventory: readInventory(inventoryOf(file)) }),
      techniqueTable(),
    )
    return targets.map((target) => graph.paths(graph.find('user/dev')!, graph.find(target)!).verdict)
  }

  test('get answers of their own if a Deny names one of them', () => {
    const statements = [allow('iam:CreateAccessKey'), deny('iam:CreateAccessKey', iam('user/b'))]
    const file: AccountFile = { users: { dev: { statements }, a: {}, b: {} } }
    assert.deepEqual(verdicts(file, 'user/a', 'user/b'), ['proven', 'blocked'])
    assert.deepEqual(verdicts(file, 'user/b', 'user/a'), ['blocked', 'proven'])
  })

  test('get answers of their own if the role of one of them alone may read a queue', () => {
    const statements = [
      allow(['lambda:CreateFunction', 'lambda:CreateEventSourceMapping', 'iam:PassRole']),
      allow(['sqs:CreateQueue', 'sqs:SendMessage']),
    ]
    const reads = allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])
    const file: AccountFile = {
      users: { dev: { statements } },
      roles: { reads: { trust, statements: [reads] }, other: { trust, statements: [allow('s3:GetObject')] } },
    }
    assert.deepEqual(verdicts(file, 'role/reads', 'role/other'), ['proven', 'none'])
    assert.deepEqual(verdicts(file, 'role/other', 'role/reads'), ['none', 'proven'])
  })
})
