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
function verdictsOf(file: AccountFile, ...names: readonly string[]): readonly string[] {
  const inventory = readInventory(inventoryOf(file))
  const graph = graphOf(readWorld({ details: detailsOf(file), inventory }), techniqueTable())
  return names.map((name) => graph.paths(graph.find(`user/${name}`)!).verdict)
}

describe('principals of one class', () => {
  test('get answers of their own if one of them may not assume the role that it makes', () => {
    const own = { attached: [policyArn('makes')] }
    const file: AccountFile = {
      policies: { makes: [allow(['iam:CreateRole', 'iam:PutRolePolicy'])] },
      users: { a: own, b: { ...own, statements: [deny('sts:AssumeRole')] } },
    }
    assert.deepEqual(verdictsOf(file, 'a', 'b'), ['proven', 'blocked'])
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
    assert.deepEqual(verdictsOf(file, 'a', 'b'), ['proven', 'blocked'])
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
