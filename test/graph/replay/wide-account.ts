import type {
  Seed,
  SeedDocument,
  SeedGroup,
  SeedRole,
  SeedUser,
} from '../../../packages/server/src/seed/index.ts'
import { account, externalId, network, numbersFrom, type RandomAccount } from './random-account.ts'

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

interface Statement {
  readonly [element: string]: unknown
  readonly Effect: 'Allow' | 'Deny'
}

/** Actions by the kind of resource that they are asked on. */
const actions = {
  user: [
    'iam:PutUserPolicy',
    'iam:AttachUserPolicy',
    'iam:DeleteUserPermissionsBoundary',
    'iam:PutUserPermissionsBoundary',
    'iam:DetachUserPolicy',
    'iam:DeleteUserPolicy',
    'iam:CreateAccessKey',
    'iam:DeleteAccessKey',
    'iam:CreateLoginProfile',
    'iam:UpdateLoginProfile',
    'iam:DeleteLoginProfile',
    'iam:TagUser',
    'iam:UntagUser',
    'iam:CreateUser',
    'iam:EnableMFADevice',
  ],
  role: [
    'iam:PutRolePolicy',
    'iam:AttachRolePolicy',
    'iam:DeleteRolePermissionsBoundary',
    'iam:PutRolePermissionsBoundary',
    'iam:DetachRolePolicy',
    'iam:DeleteRolePolicy',
    'iam:UpdateAssumeRolePolicy',
    'iam:TagRole',
    'iam:UntagRole',
    'iam:CreateRole',
    'sts:AssumeRole',
    'sts:AssumeRole',
    'sts:AssumeRole',
    'sts:TagSession',
    'sts:TagSession',
    'sts:SetSourceIdentity',
  ],
  group: [
    'iam:PutGroupPolicy',
    'iam:AttachGroupPolicy',
    'iam:AddUserToGroup',
    'iam:RemoveUserFromGroup',
    'iam:DetachGroupPolicy',
    'iam:DeleteGroupPolicy',
    'iam:CreateGroup',
  ],
  policy: ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:CreatePolicy'],
} as const

const kinds = ['user', 'user', 'role', 'role', 'role', 'role', 'group', 'policy'] as const
const wide = ['iam:*', 'iam:Create*', 'iam:Put*', 'iam:*Policy', 'iam:*Role*', 'iam:*Tag*', 'sts:*'] as const
const teams = ['blue', 'red', 'green'] as const
const patterns = ['*0', '*1', '*2'] as const
const everything: Statement = { Effect: 'Allow', Action: '*', Resource: '*' }

/**
 * Makes an account with more of IAM's language than `randomAccount`: session tags, tags of requests, variables, `NotAction`,
 * `NotResource`, several SCPs, RCPs, groups that deny, and users with two access keys.
 */
export function wideAccount(seed: number): RandomAccount {
  const number = numbersFrom(seed)
  const pick = <Each>(all: readonly Each[]): Each => all[number(all.length)]!
  const isOne = (of: number): boolean => number(of) === 0
  const users = ['u0', 'u1', 'u2'].slice(0, 2 + number(2))
  const roles = ['r0', 'r1', 'r2'].slice(0, 2 + number(2))
  const groups = ['g0', 'g1'].slice(0, 1 + number(2))
  const policies = ['p0', 'p1', 'p2'].slice(0, 2 + number(2))
  const named = { user: users, role: roles, group: groups, policy: policies }
  const arn = (type: string, name: string): string => `arn:aws:iam::${account}:${type}/${name}`
  const policyArn = (): string => `arn:aws:iam::*:policy/${pick([...policies, 'Adm*', '*'])}`

  const conditions: readonly (() => Condition)[] = [
    () => ({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    () => ({ NumericLessThan: { 'aws:MultiFactorAuthAge': '600' } }),
    () => ({ IpAddress: { 'aws:SourceIp': network.range } }),
    () => ({ DateGreaterThan: { 'aws:CurrentTime': '2031-01-01T00:00:00Z' } }),
    () => ({ StringEquals: { 'aws:PrincipalTag/team': pick(teams) } }),
    () => ({ StringLike: { 'aws:PrincipalTag/team': 'b*' } }),
    () => ({ StringEqualsIfExists: { 'aws:PrincipalTag/team': pick(teams) } }),
    () => ({ StringEquals: { 'aws:PrincipalTag/dept': 'pay' } }),
    () => ({ StringNotEquals: { 'aws:PrincipalTag/dept': 'pay' } }),
    () => ({ StringEquals: { 'aws:ResourceTag/team': pick(teams) } }),
    () => ({ StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } }),
    () => ({ StringEquals: { 'iam:ResourceTag/dept': 'pay' } }),
    () => ({ StringEquals: { 'aws:RequestTag/team': pick(teams) } }),
    () => ({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }),
    () => ({ Null: { 'aws:RequestTag/dept': pick(['true', 'false']) } }),
    () => ({ ArnLike: { 'iam:PolicyARN': policyArn() } }),
    () => ({ ArnNotLike: { 'iam:PolicyARN': policyArn() } }),
    () => ({ StringLike: { 'aws:PrincipalArn': arn(pick(['user', 'role']), pick(patterns)) } }),
    () => ({ ArnNotLike: { 'aws:PrincipalArn': arn(pick(['user', 'role']), pick(patterns)) } }),
    () => ({ StringLike: { 'aws:userid': '*:night' } }),
    () => ({ StringEquals: { 'aws:username': pick(users) } }),
    () => ({ StringEquals: { 'aws:SourceIdentity': 'ab' } }),
    () => ({ ArnLike: { 'iam:PermissionsBoundary': arn('policy', pick([...policies, '*'])) } }),
    () => ({ Null: { 'iam:PermissionsBoundary': pick(['true', 'false']) } }),
  ]
  const condition = (): Condition => pick(conditions)()
  const maybe = (of: number): { readonly Condition?: Condition } =>
    isOne(of) ? { Condition: isOne(4) ? { ...condition(), ...condition() } : condition() } : {}
  const resourceOf = (kind: keyof typeof named): string => {
    if (isOne(8)) return arn(kind, kind === 'user' ? '${aws:username}' : '*')
    return isOne(4) ? arn(kind, '*') : arn(kind, pick(named[kind]))
  }
  const allow = (): Statement => {
    const kind = pick(kinds)
    const Action = isOne(9)
      ? pick(wide)
      : isOne(5)
        ? [pick(actions[kind]), pick(actions[kind])]
        : pick(actions[kind])
    if (isOne(24))
      return { Effect: 'Allow', NotAction: [pick(wide), pick(actions[kind])], Resource: '*', ...maybe(2) }
    if (isOne(20)) return { Effect: 'Allow', Action, NotResource: arn(kind, pick(named[kind])), ...maybe(3) }
    return { Effect: 'Allow', Action, Resource: isOne(3) ? '*' : resourceOf(kind), ...maybe(3) }
  }
  const deny = (): Statement => {
    const kind = pick(kinds)
    const Action = isOne(6) ? pick(wide) : pick(actions[kind])
    if (isOne(8))
      return { Effect: 'Deny', NotAction: [pick(wide), Action, 'iam:Get*'], Resource: '*', ...maybe(1) }
    return { Effect: 'Deny', Action, Resource: isOne(2) ? '*' : resourceOf(kind), ...maybe(2) }
  }
  const statements = (least: number, most: number): readonly Statement[] =>
    Array.from({ length: least + number(most - least + 1) }, () => (isOne(6) ? deny() : allow()))
  const document = (Statement: readonly Statement[]): SeedDocument & object => ({
    Version: '2012-10-17',
    Statement,
  })
  const inline = (most: number, least = 0): NonNullable<SeedUser['policies']> => {
    const all = statements(least, most)
    return all.length === 0 ? [] : [{ name: 'own', document: document(all) }]
  }
  const tags = (): Pick<SeedUser, 'tags'> =>
    isOne(2) ? { tags: { team: pick(teams), ...(isOne(3) ? { dept: pick(['pay', 'ops']) } : {}) } } : {}
  const ofWorkloads = (least: number): Pick<SeedUser, 'policies' | 'tags' | 'boundary'> => ({
    policies: [...inline(4, least), ...(isOne(3) ? [pick(policies)] : [])],
    ...tags(),
    ...(isOne(4) ? { boundary: 'limit' } : {}),
  })
  const trustConditions: readonly (() => Condition | undefined)[] = [
    () => undefined,
    () => undefined,
    () => undefined,
    () => ({ StringEquals: { 'sts:ExternalId': externalId } }),
    () => ({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    () => ({ StringEquals: { 'aws:PrincipalTag/team': pick(teams) } }),
    () => ({ StringEquals: { 'sts:RoleSessionName': pick(['night', '${aws:username}']) } }),
    () => ({ StringLike: { 'sts:SourceIdentity': 'a*' } }),
    () => ({ StringEquals: { 'aws:RequestTag/dept': 'pay' } }),
    () => ({ 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'dept' } }),
    () => ({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['dept'] } }),
    () => ({ Null: { 'sts:SourceIdentity': 'true' } }),
    () => ({ ArnLike: { 'aws:PrincipalArn': arn(pick(['user', 'role']), pick(patterns)) } }),
  ]
  const trustStatement = (Effect: 'Allow' | 'Deny'): Statement => {
    const principals = [...users.map((name) => arn('user', name)), ...roles.map((name) => arn('role', name))]
    const named = isOne(6) ? '*' : isOne(2) ? `arn:aws:iam::${account}:root` : pick(principals)
    const used = pick(trustConditions)()
    const text = JSON.stringify(used ?? '')
    const more = [
      ...(text.includes('SourceIdentity') || isOne(3) ? ['sts:SetSourceIdentity'] : []),
      ...(/RequestTag|TagKeys/.test(text) || isOne(3) ? ['sts:TagSession'] : []),
    ]
    return {
      Effect,
      Principal: { AWS: named },
      Action: more.length === 0 ? 'sts:AssumeRole' : ['sts:AssumeRole', ...more],
      ...(used === undefined ? {} : { Condition: used }),
    }
  }
  const trust = (): SeedDocument =>
    document([
      trustStatement('Allow'),
      ...(isOne(4) ? [trustStatement('Allow')] : []),
      ...(isOne(8) ? [trustStatement('Deny')] : []),
    ])
  // The account is read by its own API, which an SCP must not refuse.
  const guard = (): Statement => {
    const kind = pick(kinds)
    return {
      Effect: 'Deny',
      Action: pick(actions[kind]),
      Resource: isOne(2) ? '*' : arn(kind, pick(named[kind])),
      ...maybe(2),
    }
  }
  const scps: Record<string, object> = {}
  if (isOne(2)) scps.guard = document([guard(), ...(isOne(3) ? [guard()] : [])])
  const rcps: Record<string, object> = {}
  if (isOne(4))
    rcps.fence = document([
      {
        Effect: 'Deny',
        Principal: '*',
        Action: pick(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']),
        Resource: isOne(2) ? '*' : arn('role', pick(roles)),
        ...maybe(2),
      },
    ])
  const managed = Object.fromEntries(policies.map((name) => [name, document(statements(1, 3))]))
  const versions: Record<string, object> = {}
  for (const name of policies)
    if (isOne(3)) versions[name] = document(isOne(3) ? [everything] : statements(1, 2))
  const loginProfiles = users.filter(() => isOne(3))
  const twoKeys = users.filter(() => isOne(4))
  const groupsMade = Object.fromEntries(
    groups.map((name): [string, SeedGroup] => [
      name,
      { policies: [...inline(3), ...(isOne(2) ? [pick(policies)] : [])] },
    ]),
  )
  const limit = [
    isOne(3) ? everything : { Effect: 'Allow' as const, Action: pick([...wide, '*']), Resource: '*' },
    ...(isOne(2) ? [allow()] : []),
    ...(isOne(4) ? [deny()] : []),
  ]
  const made = {
    policies: { ...managed, limit: document(limit) },
    groups: groupsMade,
    users: Object.fromEntries(
      users.map((name, place): [string, SeedUser] => [
        name,
        {
          ...ofWorkloads(place === 0 ? 2 : 0),
          ...(isOne(2) ? { groups: isOne(3) ? groups : [pick(groups)] } : {}),
          ...(loginProfiles.includes(name) ? { password: 'Correct-Horse-7!' } : {}),
        },
      ]),
    ),
    roles: Object.fromEntries(
      roles.map((name, place): [string, SeedRole] => {
        const isStrong = place === roles.length - 1 && !isOne(3)
        return [
          name,
          { ...ofWorkloads(1), trust: trust(), ...(isStrong ? { policies: ['AdministratorAccess'] } : {}) },
        ]
      }),
    ),
  }
  const organization = {
    accounts: [account],
    scp: scps as Record<string, SeedDocument>,
    rcp: rcps as Record<string, SeedDocument>,
  }
  const whole: Seed = { accounts: { [account]: made }, organization }
  return { seed: whole, users, roles, groups, policies, scps, rcps, versions, loginProfiles, twoKeys }
}
