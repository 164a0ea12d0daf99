import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf } from '../../packages/server/src/graph/index.ts'
import { allow, document, iam, role, stepsOf, user, worldOf } from './growth-account.ts'

/** An account in which `dev` may do anything with IAM within a boundary that each new principal must have. */
function delegatedWorld(more: readonly unknown[] = [], limits: readonly unknown[] = []) {
  const edge = iam('policy/edge')
  const created = ['iam:CreateUser', 'iam:CreateRole']
  const bounded = ['iam:PutUserPermissionsBoundary', 'iam:PutRolePermissionsBoundary']
  const lifting = ['iam:DeleteUserPermissionsBoundary', 'iam:DeleteRolePermissionsBoundary']
  const limit = document(
    allow('iam:*', '*'),
    {
      Effect: 'Deny',
      Action: [...lifting, 'iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:DeletePolicy'],
      Resource: '*',
    },
    {
      Effect: 'Deny',
      Action: [...created, ...bounded],
      Resource: '*',
      Condition: { StringNotEquals: { 'iam:PermissionsBoundary': edge } },
    },
    ...limits,
  )
  return worldOf(
    {
      UserDetailList: [
        {
          ...user('dev', allow('iam:*', '*'), ...more),
          PermissionsBoundary: { PermissionsBoundaryArn: edge, PermissionsBoundaryType: 'Policy' },
        },
      ],
      RoleDetailList: [],
      GroupDetailList: [],
      Policies: [
        {
          PolicyName: 'edge',
          Arn: edge,
          DefaultVersionId: 'v1',
          PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: limit }],
        },
      ],
    },
    { resources: [], accessKeys: { dev: 1 }, loginProfiles: [], mfaDevices: {} },
  )
}

describe('a new principal', () => {
  test('that may do anything within its boundary is the only one of that boundary that is searched', () => {
    const steps = stepsOf(delegatedWorld(), 'dev', undefined, 'blocked')
    assert.ok(steps < 1_500, `${steps} steps`)
  })

  test('is asked about with each thing that it can be given only if it can be made', () => {
    const refused = { Effect: 'Deny', Action: ['iam:CreateUser', 'iam:CreateRole'], Resource: '*' }
    const world = delegatedWorld([], [refused])
    const steps = stepsOf(world, 'dev', undefined, 'blocked')
    assert.ok(steps < 400, `${steps} steps`)
  })

  test('is held by its key alone, unless a policy has a condition on how a user is signed in', () => {
    const held = (...more: readonly unknown[]): number => {
      const graph = graphOf(delegatedWorld(more), techniqueTable())
      graph.paths(graph.find('dev')!)
      return graph.asked
    }
    const mfa = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }
    assert.ok(held() * 4 < held(allow('s3:GetObject', '*', mfa)) * 3)
  })
})

/** A team that may do anything with its roles under /dev/, if they have the boundary, which each of them has. */
function teamWorld(roles: number) {
  const edge = iam('policy/edge')
  const own = iam('role/dev/*')
  const bound = { PermissionsBoundary: { PermissionsBoundaryArn: edge, PermissionsBoundaryType: 'Policy' } }
  const guard = [
    {
      Effect: 'Deny',
      Action: [
        'iam:CreateRole',
        'iam:PutRolePolicy',
        'iam:AttachRolePolicy',
        'iam:PutRolePermissionsBoundary',
      ],
      Resource: '*',
      Condition: { StringNotEquals: { 'iam:PermissionsBoundary': edge } },
    },
    {
      Effect: 'Deny',
      Action: ['iam:DeleteRolePermissionsBoundary', 'iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'],
      Resource: '*',
    },
  ]
  const services = ['s3:*', 'lambda:*', 'ec2:*', 'sts:*', 'logs:*']
  return worldOf(
    {
      UserDetailList: [
        {
          ...user('dev', allow('iam:*', own), allow([...services, 'iam:ListRoles'], '*'), ...guard),
          ...bound,
        },
      ],
      RoleDetailList: [
        ...Array.from({ length: roles }, (_, place) => ({
          ...role(
            `r-${place}`,
            { Service: 'lambda.amazonaws.com' },
            allow('s3:GetObject', `arn:aws:s3:::b-${place}/*`),
          ),
          Arn: iam(`role/dev/r-${place}`),
          Path: '/dev/',
          ...bound,
        })),
        role('boss', { Service: 'ec2.amazonaws.com' }, allow('*', '*')),
      ],
      GroupDetailList: [],
      Policies: [
        {
          PolicyName: 'edge',
          Arn: edge,
          DefaultVersionId: 'v1',
          PolicyVersionList: [
            {
              VersionId: 'v1',
              IsDefaultVersion: true,
              Document: document(allow(services, '*'), allow('iam:*', own), ...guard),
            },
          ],
        },
      ],
    },
    { resources: [], accessKeys: { dev: 1 }, loginProfiles: [], mfaDevices: {} },
  )
}

describe('roles that a team may change within a boundary', () => {
  test('are alike once they may do everything within it: one of them is searched', () => {
    const few = stepsOf(teamWorld(8), 'dev', undefined, 'blocked')
    const many = stepsOf(teamWorld(33), 'dev', undefined, 'blocked')
    assert.ok(many < few * 4 && many < 5_500, `${few} steps with 8 roles, ${many} with 33`)
  })
})

test('a policy that no file has is not taken for one that allows everything', () => {
  const attached = (name: string, ...statements: readonly unknown[]) => ({
    ...user(name, ...statements),
    AttachedManagedPolicies: [{ PolicyName: 'lost', PolicyArn: iam('policy/lost') }],
  })
  const world = worldOf(
    {
      UserDetailList: [user('boss', allow('*', '*')), attached('dev'), attached('ops', allow('*', '*'))],
      RoleDetailList: [],
      GroupDetailList: [],
      Policies: [],
    },
    { resources: [], accessKeys: {}, loginProfiles: [], mfaDevices: {} },
  )
  const graph = graphOf(world, techniqueTable())
  const verdicts = ['boss', 'dev', 'ops'].map((name) => graph.paths(graph.find(name)!).verdict)
  assert.deepEqual(verdicts, ['proven', 'undecided', 'undecided'])
})
