import type { AccountId } from '../../../packages/server/src/base/index.ts'
import type {
  Seed,
  SeedDocument,
  SeedGroup,
  SeedOtherAccount,
  SeedRole,
  SeedUser,
} from '../../../packages/server/src/seed/index.ts'

/** The account that is walked through: a member of the organization, so that SCPs bind it. */
export const account = '222222222222' as AccountId

/** Where the world's conditions on aws:SourceIp are met, and where they are not. */
export const network = { range: '203.0.113.0/24', inside: '203.0.113.9', outside: '198.51.100.7' } as const

/** The external id of trust policies that ask for one. */
export const externalId = 'blue-41'

/** A generator of numbers from a seed: below a limit. */
export type Numbers = (below: number) => number

/** Numbers from a seed. */
export function numbersFrom(seed: number): Numbers {
  let state = (Math.imul(seed, 2_654_435_761) ^ 0x9e37_79b9) >>> 0
  return (below) => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource?: string
  readonly Principal?: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** An account at random, and what its server begins with. */
export interface RandomAccount {
  readonly seed: Seed
  readonly users: readonly string[]
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  readonly policies: readonly string[]
  /** SCPs by name. */
  readonly scps: Readonly<Record<string, object>>
  /** RCPs by name. */
  readonly rcps?: Readonly<Record<string, object>>
  /** Further versions, which are not the default one, by the name of the policy. */
  readonly versions: Readonly<Record<string, object>>
  /** Users with a password. */
  readonly loginProfiles: readonly string[]
  /** Users with two access keys; all others have one. */
  readonly twoKeys?: readonly string[]
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
    'iam:CreateLoginProfile',
    'iam:UpdateLoginProfile',
    'iam:TagUser',
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
    'iam:CreateRole',
    'sts:AssumeRole',
    'sts:AssumeRole',
    'sts:SetSourceIdentity',
  ],
  group: ['iam:PutGroupPolicy', 'iam:AttachGroupPolicy', 'iam:AddUserToGroup'],
  policy: ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'],
} as const

const kinds = ['user', 'user', 'role', 'role', 'role', 'group', 'policy'] as const
const wide = ['iam:*', 'iam:Create*', 'iam:Put*', 'iam:*Policy', 'iam:*Role*', 's3:*', 'sts:*'] as const
const everything: Statement = { Effect: 'Allow', Action: '*', Resource: '*' }

/** Makes an account of a few users, roles, groups and policies from a seed. */
export function randomAccount(seed: number): RandomAccount {
  const number = numbersFrom(seed)
  const pick = <Each>(all: readonly Each[]): Each => all[number(all.length)]!
  const isOne = (of: number): boolean => number(of) === 0
  const users = ['u0', 'u1', 'u2'].slice(0, 2 + number(2))
  const roles = ['r0', 'r1', 'r2'].slice(0, 2 + number(2))
  const groups = ['g0', 'g1'].slice(0, 1 + number(2))
  const policies = ['p0', 'p1', 'p2'].slice(0, 2 + number(2))
  const arn = (type: string, name: string): string => `arn:aws:iam::${account}:${type}/${name}`
  const named = { user: users, role: roles, group: groups, policy: policies }

  const condition = (): Statement['Condition'] => {
    switch (number(9)) {
      case 0:
        return { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
      case 1:
        return { IpAddress: { 'aws:SourceIp': network.range } }
      case 2:
        return { StringEquals: { 'aws:PrincipalTag/team': pick(['blue', 'red']) } }
      case 3:
        return { StringEquals: { 'iam:ResourceTag/team': pick(['blue', 'red']) } }
      case 4:
        return { DateGreaterThan: { 'aws:CurrentTime': '2031-01-01T00:00:00Z' } }
      case 5:
        return { ArnLike: { 'iam:PolicyARN': `arn:aws:iam::*:policy/${pick([...policies, 'Adm*', '*'])}` } }
      case 6:
        return { StringLike: { 'aws:PrincipalArn': arn(pick(['user', 'role']), pick(['*0', '*1', '*2'])) } }
      case 7:
        return { StringNotEquals: { 'aws:PrincipalTag/team': 'red' } }
      default:
        return { ArnLike: { 'iam:PermissionsBoundary': arn('policy', pick([...policies, '*'])) } }
    }
  }
  const allow = (): Statement => {
    const kind = pick(kinds)
    const action = isOne(9) ? pick(wide) : pick(actions[kind])
    const resource = isOne(3) ? '*' : isOne(4) ? arn(kind, '*') : arn(kind, pick(named[kind]))
    const used = isOne(4) ? condition() : undefined
    return {
      Effect: 'Allow',
      Action: action,
      Resource: resource,
      ...(used === undefined ? {} : { Condition: used }),
    }
  }
  const deny = (): Statement => {
    const kind = pick(kinds)
    const conditions: readonly Statement['Condition'][] = [
      undefined,
      { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
      { NotIpAddress: { 'aws:SourceIp': network.range } },
      { StringEquals: { 'aws:PrincipalTag/team': 'red' } },
      { StringNotEquals: { 'iam:ResourceTag/team': 'blue' } },
    ]
    const used = pick(conditions)
    return {
      Effect: 'Deny',
      Action: isOne(6) ? pick(wide) : pick(actions[kind]),
      Resource: isOne(2) ? '*' : arn(kind, pick(named[kind])),
      ...(used === undefined ? {} : { Condition: used }),
    }
  }
  const statements = (least: number, most: number): readonly Statement[] =>
    Array.from({ length: least + number(most - least + 1) }, () => (isOne(6) ? deny() : allow()))
  const document = (all: readonly Statement[]): SeedDocument => ({ Version: '2012-10-17', Statement: all })
  const boundary = (): Statement[] => [
    isOne(3) ? everything : { Effect: 'Allow', Action: pick([...wide, '*']), Resource: '*' },
    ...(isOne(2) ? [allow()] : []),
  ]
  const inline = (name: string, most: number, least = 0): NonNullable<SeedUser['policies']> => {
    const all = statements(least, most)
    return all.length === 0 ? [] : [{ name, document: document(all) }]
  }
  const ofWorkloads = (least: number): Pick<SeedUser, 'policies' | 'tags' | 'boundary'> => ({
    policies: [...inline('own', 4, least), ...(isOne(3) ? [pick(policies)] : [])],
    ...(isOne(3) ? { tags: { team: pick(['blue', 'red', 'green']) } } : {}),
    ...(isOne(4) ? { boundary: 'limit' } : {}),
  })
  const trust = (): SeedRole['trust'] => {
    const principals = [...users.map((name) => arn('user', name)), ...roles.map((name) => arn('role', name))]
    const named = isOne(2) ? `arn:aws:iam::${account}:root` : pick(principals)
    const conditions: readonly Statement['Condition'][] = [
      undefined,
      undefined,
      undefined,
      { StringEquals: { 'sts:ExternalId': externalId } },
      { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      { StringEquals: { 'aws:PrincipalTag/team': 'blue' } },
      { StringEquals: { 'sts:RoleSessionName': 'night' } },
      { StringLike: { 'sts:SourceIdentity': 'a*' } },
    ]
    const used = pick(conditions)
    const needsIdentity = JSON.stringify(used ?? '').includes('SourceIdentity')
    return document([
      {
        Effect: 'Allow',
        Principal: { AWS: named },
        Action: needsIdentity ? ['sts:AssumeRole', 'sts:SetSourceIdentity'] : 'sts:AssumeRole',
        ...(used === undefined ? {} : { Condition: used }),
      },
    ])
  }
  const scps: Record<string, SeedDocument & object> = {}
  if (isOne(2)) {
    const refused = deny()
    // The account is read by its own API, which an SCP must not refuse.
    const Action = refused.Action === 'iam:*' ? 'iam:Put*' : refused.Action
    scps.guard = document([{ ...refused, Action, Resource: '*' }]) as SeedDocument & object // no text
  }
  const managed = Object.fromEntries(policies.map((name) => [name, document(statements(1, 3))]))
  const versions: Record<string, object> = {}
  for (const name of policies)
    if (isOne(3))
      versions[name] = document(isOne(3) ? [everything] : statements(1, 2)) as SeedDocument & object // no text
  const loginProfiles = users.filter(() => isOne(3))
  const groupsMade: Record<string, SeedGroup> = {}
  for (const name of groups)
    groupsMade[name] = { policies: [...inline('own', 2), ...(isOne(3) ? [pick(policies)] : [])] }
  const made: SeedOtherAccount = {
    policies: { ...managed, limit: document(boundary()) },
    groups: groupsMade,
    users: Object.fromEntries(
      users.map((name, place): [string, SeedUser] => [
        name,
        {
          ...ofWorkloads(place === 0 ? 2 : 0),
          ...(isOne(3) ? { groups: [pick(groups)] } : {}),
          ...(loginProfiles.includes(name) ? { password: 'Correct-Horse-7!' } : {}),
        },
      ]),
    ),
    roles: Object.fromEntries(
      roles.map((name, place): [string, SeedRole] => {
        const role = ofWorkloads(1)
        const isStrong = place === roles.length - 1 && !isOne(3)
        return [name, { ...role, trust: trust(), ...(isStrong ? { policies: ['AdministratorAccess'] } : {}) }]
      }),
    ),
  }
  return {
    seed: { accounts: { [account]: made }, organization: { accounts: [account], scp: scps } },
    users,
    roles,
    groups,
    policies,
    scps,
    versions,
    loginProfiles,
  }
}
