import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, readInventory, readWorld } from '../../packages/server/src/graph/index.ts'
import { account } from './account-file.ts'

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

describe('principals of one class', () => {
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
