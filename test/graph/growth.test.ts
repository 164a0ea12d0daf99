import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, StepBudget } from '../../packages/server/src/graph/index.ts'
import {
  account,
  allow,
  common,
  document,
  iam,
  inline,
  role,
  stepsOf,
  user,
  worldOf,
} from './growth-account.ts'

/** A desk makes keys of users that may all do the same, and puts any of them into groups; the last group leads further. */
function deskWorld(users: number, groups: number) {
  const names = Array.from({ length: users }, (_, place) => `u-${place}`)
  const details = {
    UserDetailList: names.map((name) => user(name, allow('s3:GetObject', `arn:aws:s3:::${name}/*`))),
    RoleDetailList: [
      role(
        'desk',
        { Service: 'lambda.amazonaws.com' },
        allow('iam:CreateAccessKey', iam('user/u-*')),
        allow('iam:AddUserToGroup', iam('group/g-*')),
      ),
      ...Array.from({ length: groups }, (_, place) =>
        role(
          `r-${place}`,
          { AWS: iam('root') },
          allow(
            place === groups - 1 ? 'iam:UpdateAssumeRolePolicy' : 'iam:CreateAccessKey',
            iam('role/goal'),
          ),
        ),
      ),
      role('goal', { Service: 'lambda.amazonaws.com' }, allow('s3:GetObject', '*')),
    ],
    GroupDetailList: Array.from({ length: groups }, (_, place) => ({
      ...common(`g-${place}`, 'group'),
      GroupName: `g-${place}`,
      GroupPolicyList: inline(allow('sts:AssumeRole', iam(`role/r-${place}`))),
      AttachedManagedPolicies: [],
    })),
    Policies: [],
  }
  const accessKeys = Object.fromEntries(names.map((name) => [name, 0]))
  return worldOf(details, { resources: [], accessKeys, loginProfiles: [], mfaDevices: {} })
}

/** Someone joins any of many groups. Only two of them together lead further: one passes a role, one makes functions. */
function joinWorld(groups: number, passing: number, making: number) {
  const statementsOf = (place: number): readonly unknown[] =>
    place === passing
      ? [allow('iam:PassRole', iam('role/goal'))]
      : place === making
        ? [allow(['lambda:CreateFunction', 'lambda:InvokeFunction'], '*')]
        : [allow('sts:AssumeRole', iam(`role/r-${place}`))]
  const details = {
    UserDetailList: [user('clerk', allow('iam:AddUserToGroup', iam('group/g-*')))],
    RoleDetailList: [
      ...Array.from({ length: groups }, (_, place) =>
        role(`r-${place}`, { AWS: iam('root') }, allow('iam:CreateAccessKey', iam(`user/u-${place}`))),
      ),
      role('goal', { Service: 'lambda.amazonaws.com' }, allow('s3:GetObject', '*')),
    ],
    GroupDetailList: Array.from({ length: groups }, (_, place) => ({
      ...common(`g-${place}`, 'group'),
      GroupName: `g-${place}`,
      GroupPolicyList: inline(...statementsOf(place)),
      AttachedManagedPolicies: [],
    })),
    Policies: [],
  }
  return worldOf(details, { resources: [], accessKeys: {}, loginProfiles: [], mfaDevices: {} })
}

/** Someone who may do everything, within a boundary that allows nothing of it, beside instances that differ. */
function boundWorld(instances: number) {
  const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess'
  const boundary = iam('policy/limit')
  const names = Array.from({ length: instances }, (_, place) => `machine-${place}`)
  const details = {
    UserDetailList: [
      {
        ...user('bound', allow('s3:GetObject', '*')),
        AttachedManagedPolicies: [{ PolicyName: 'AdministratorAccess', PolicyArn: administratorAccess }],
        PermissionsBoundary: { PermissionsBoundaryArn: boundary, PermissionsBoundaryType: 'Policy' },
      },
    ],
    RoleDetailList: names.map((name, place) => ({
      ...role(
        name,
        { Service: 'ec2.amazonaws.com' },
        ...(place === 0 ? [allow('*', '*')] : [allow('sts:AssumeRole', iam(`role/${name}`))]),
      ),
      InstanceProfileList: [{ InstanceProfileName: name, Arn: iam(`instance-profile/${name}`) }],
    })),
    GroupDetailList: [],
    Policies: [
      {
        PolicyName: 'limit',
        Arn: boundary,
        DefaultVersionId: 'v1',
        PolicyVersionList: [{ VersionId: 'v1', Document: document(allow('s3:*', '*')) }],
      },
    ],
  }
  const resources = names.map((name, place) => ({
    type: 'AWS::EC2::Instance',
    arn: `arn:aws:ec2:eu-west-1:${account}:instance/i-${String(place).padStart(17, '0')}`,
    role: iam(`role/${name}`),
    tags: { place: String(place) },
    state: 'running',
    ssmAgent: 'online',
    instanceProfile: iam(`instance-profile/${name}`),
  }))
  return worldOf(details, { resources, accessKeys: {}, loginProfiles: [], mfaDevices: {} })
}

/** Someone joins a group that lets it assume a role which may do nothing, until another role writes a policy for it. */
function writtenWorld() {
  const details = {
    UserDetailList: [
      user('clerk', allow('iam:AddUserToGroup', iam('group/g')), allow('sts:AssumeRole', iam('role/writer'))),
    ],
    RoleDetailList: [
      role('written', { AWS: iam('root') }, allow('s3:GetObject', '*')),
      role('writer', { AWS: iam('root') }, allow('iam:PutRolePolicy', iam('role/written'))),
    ],
    GroupDetailList: [
      {
        ...common('g', 'group'),
        GroupName: 'g',
        GroupPolicyList: inline(allow('sts:AssumeRole', iam('role/written'))),
        AttachedManagedPolicies: [],
      },
    ],
    Policies: [],
  }
  return worldOf(details, { resources: [], accessKeys: {}, loginProfiles: [], mfaDevices: {} })
}

/** Someone who needs MFA for everything may have any of many functions run as a role; each function has tags of its own. */
function functionsWorld(functions: number) {
  const mfa = { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } }
  const details = {
    UserDetailList: [
      user(
        'clerk',
        allow(['iam:PassRole', 'lambda:UpdateFunctionConfiguration', 'lambda:UpdateFunctionCode'], '*'),
        allow('lambda:InvokeFunction', '*', {
          Condition: { StringNotEquals: { 'aws:ResourceTag/place': 'none' } },
        }),
        { Effect: 'Deny', Action: '*', Resource: '*', ...mfa },
      ),
    ],
    RoleDetailList: [
      role('strong', { Service: 'lambda.amazonaws.com' }, allow('*', '*')),
      role('weak', { Service: 'lambda.amazonaws.com' }, allow('s3:GetObject', '*')),
    ],
    GroupDetailList: [],
    Policies: [],
  }
  const resources = Array.from({ length: functions }, (_, place) => ({
    type: 'AWS::Lambda::Function',
    arn: `arn:aws:lambda:eu-west-1:${account}:function:f-${place}`,
    role: iam('role/weak'),
    tags: { place: String(place) },
    url: '',
    invokedBy: '',
    codeSigningConfig: '',
  }))
  return worldOf(details, { resources, accessKeys: {}, loginProfiles: [], mfaDevices: {} })
}

/** Someone who needs MFA assumes roles, and opens others to everyone. None of them may assume the last one. */
function openedWorld(roles: number) {
  const mfa = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }
  const never = { Condition: { StringEquals: { 'aws:PrincipalArn': iam('role/none') } } }
  const numbered = (name: string) => Array.from({ length: roles }, (_, place) => `${name}-${place}`)
  const to = (name: string) =>
    role(name, { Service: 'lambda.amazonaws.com' }, allow('sts:AssumeRole', iam('role/goal'), never))
  const details = {
    UserDetailList: [
      user(
        'clerk',
        allow('sts:AssumeRole', iam('role/own-*'), mfa),
        allow('iam:UpdateAssumeRolePolicy', iam('role/opened-*'), mfa),
      ),
    ],
    RoleDetailList: [
      ...numbered('own').map((name) => ({
        ...to(name),
        AssumeRolePolicyDocument: role(name, { AWS: iam('root') }).AssumeRolePolicyDocument,
        RolePolicyList: inline(
          allow('sts:AssumeRole', iam('role/goal'), never),
          allow('iam:CreateAccessKey', iam(`user/${name}`)),
        ),
      })),
      ...numbered('opened').map(to),
      role('goal', { AWS: iam('root') }, allow('s3:GetObject', '*')),
    ],
    GroupDetailList: [],
    Policies: [],
  }
  return worldOf(details, { resources: [], accessKeys: {}, loginProfiles: [], mfaDevices: {} })
}

describe('a search', () => {
  test('comes to a role that everyone may assume by one of those who are held under one condition', () => {
    const stepsWith = (roles: number): number => {
      const graph = graphOf(openedWorld(roles), techniqueTable())
      const budget = new StepBudget()
      const start = graph.find('clerk')
      assert.ok(start)
      assert.notEqual(graph.paths(start, graph.find('role/goal'), { most: 1, budget }).verdict, 'proven')
      return budget.taken
    }
    const few = stepsWith(10)
    const many = stepsWith(40)
    assert.ok(many < few * 5, `${few} steps with 10 roles of each kind, ${many} with 40`)
  })

  test('looks again at a group that leads nowhere, once a policy is written for the role that it lets assume', () => {
    stepsOf(writtenWorld(), 'clerk', undefined, 'proven')
  })

  test('asks of one function where each leaves the condition on MFA, and no other', () => {
    const askedWith = (functions: number): number => {
      const graph = graphOf(functionsWorld(functions), techniqueTable())
      const start = graph.find('clerk')
      assert.ok(start)
      const { verdict, residual } = graph.paths(start)
      assert.deepEqual(
        [verdict, residual.map(({ key }) => key)],
        ['conditional', ['aws:MultiFactorAuthPresent']],
      )
      return graph.asked
    }
    assert.equal(askedWith(40), askedWith(5))
  })

  test('tries what groups give to one of the users that may do the same', () => {
    const few = stepsOf(deskWorld(10, 20), 'role/desk', 'role/goal', 'proven')
    const many = stepsOf(deskWorld(40, 20), 'role/desk', 'role/goal', 'proven')
    assert.ok(many < few * 2.5, `${few} steps with 10 users, ${many} with 40`)
  })

  test('asks nothing of each instance for who may run code on none', () => {
    const few = stepsOf(boundWorld(20), 'bound', undefined, 'blocked')
    const many = stepsOf(boundWorld(60), 'bound', undefined, 'blocked')
    assert.ok(many - few < 2 * 40, `${few} steps with 20 instances, ${many} with 60`)
  })

  test('tries groups together where one gives what another one needs, however many there are', () => {
    const few = stepsOf(joinWorld(30, 20, 28), 'clerk', 'role/goal', 'proven')
    const many = stepsOf(joinWorld(120, 90, 110), 'clerk', 'role/goal', 'proven')
    assert.ok(many < few * 4.5, `${few} steps with 30 groups, ${many} with 120`)
  })
})

/** A user whose own tags let it write the next one: every order and every part of them is a state of its own. */
function tagChain(length: number) {
  const own = iam('user/dev')
  const steps = Array.from({ length }, (_, place) =>
    allow('iam:TagUser', own, {
      Condition: {
        StringEquals: {
          ...(place > 0 ? { [`aws:PrincipalTag/k${place - 1}`]: 'v' } : {}),
          [`aws:RequestTag/k${place}`]: 'v',
        },
        'ForAllValues:StringEquals': { 'aws:TagKeys': [`k${place}`] },
      },
    }),
  )
  const last = allow('*', '*', { Condition: { StringEquals: { [`aws:PrincipalTag/k${length - 1}`]: 'v' } } })
  return worldOf(
    { UserDetailList: [user('dev', ...steps, last)], RoleDetailList: [], GroupDetailList: [], Policies: [] },
    { resources: [] },
  )
}

/** Policies of which each one's older versions let the next one's be set. */
function versionChain(length: number) {
  const arn = (place: number) => iam(`policy/p${place}`)
  const set = (...places: readonly number[]) =>
    document(allow('iam:SetDefaultPolicyVersion', places.map(arn) as never))
  const version = (VersionId: string, Document: unknown) => ({
    VersionId,
    IsDefaultVersion: VersionId === 'v1',
    Document,
  })
  const places = Array.from({ length }, (_, place) => place)
  return worldOf(
    {
      UserDetailList: [
        {
          ...user('dev'),
          AttachedManagedPolicies: places.map((place) => ({
            PolicyName: `p${place}`,
            PolicyArn: arn(place),
          })),
        },
      ],
      RoleDetailList: [],
      GroupDetailList: [],
      Policies: places.map((place) => ({
        ...common(`p${place}`, 'user'),
        Arn: arn(place),
        PolicyName: `p${place}`,
        PolicyId: `ANPA${String(place).padStart(17, 'A')}`,
        DefaultVersionId: 'v1',
        PolicyVersionList: [
          version('v1', place === 0 ? set(0) : document(allow('s3:GetObject', '*'))),
          version('v2', set(place + 1)),
          version('v3', set(place, place + 1)),
        ],
      })),
    },
    { resources: [] },
  )
}

describe('states that double with each further change', () => {
  test('end a search by what it keeps, and the answer says so', () => {
    const graph = graphOf(versionChain(15), techniqueTable())
    const budget = new StepBudget(undefined, 2_000)
    const answer = graph.paths(graph.find('dev')!, undefined, { most: 1, budget })
    assert.equal(answer.verdict, 'undecided')
    assert.deepEqual(answer.incomplete, { maxSteps: 2_000_000, maxEntries: 2_000, principals: 1 })
    assert.ok(budget.taken < 7_000, `${budget.taken} steps`)
  })

  test('are searched to the end where they are few', () => {
    const graph = graphOf(tagChain(4), techniqueTable())
    assert.equal(graph.paths(graph.find('dev')!, undefined, { most: 1 }).verdict, 'proven')
  })

  test('take a part of all steps for each principal of a list', () => {
    const graph = graphOf(tagChain(25), techniqueTable())
    const budget = new StepBudget(400_000)
    assert.deepEqual(graph.comers(undefined, { budget }), [])
    assert.deepEqual(budget.incomplete, { maxSteps: 10_000, principals: 1 })
    assert.ok(!budget.isSpent)
  })
})
