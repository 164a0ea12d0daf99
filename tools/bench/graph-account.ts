/** What an account for the bench is made of. */
export interface AccountSize {
  readonly account: string
  readonly users: number
  readonly roles: number
  /** Accounts whose principals trust policies name. */
  readonly others?: readonly string[]
}

/** The texts of an account: a dump, and an inventory. */
export interface AccountTexts {
  readonly details: string
  readonly inventory: unknown
}

type Rule = Readonly<Record<string, unknown>>

const services = [
  'lambda.amazonaws.com',
  'ec2.amazonaws.com',
  'ecs-tasks.amazonaws.com',
  'codebuild.amazonaws.com',
  'glue.amazonaws.com',
  'states.amazonaws.com',
  'sagemaker.amazonaws.com',
  'cloudformation.amazonaws.com',
]

/** A generator of numbers from a seed: every run makes the same account. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0
    return Math.floor((state / 4_294_967_296) * below)
  }
}

/**
 * An account as large companies have them: teams with groups and tags, policies that are shared and policies that name one
 * bucket each, boundaries, roles that trust services, users, roles, other accounts and identity providers, and a few
 * grants that lead further than their author thought.
 */
export function accountOf({ account, users, roles, others = [] }: AccountSize, seed = 1): AccountTexts {
  const number = numbers(seed)
  const pick = <Each>(all: readonly Each[]): Each => all[number(all.length)] as Each // no list here is empty
  const chance = (percent: number): boolean => number(100) < percent
  const iam = (rest: string): string => `arn:aws:iam::${account}:${rest}`
  const document = (...Statement: readonly Rule[]): unknown => ({ Version: '2012-10-17', Statement })
  const allow = (Action: string | readonly string[], Resource: unknown = '*', more: Rule = {}): Rule => ({
    Effect: 'Allow',
    Action,
    Resource,
    ...more,
  })
  const teams = Array.from({ length: Math.max(4, Math.ceil(roles / 120)) }, (_, place) => `team-${place}`)
  const mfa = { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } }

  const policies: Rule[] = []
  const managed = (name: string, ...statements: readonly Rule[]): string => {
    const arn = iam(`policy/${name}`)
    policies.push({
      PolicyName: name,
      Arn: arn,
      DefaultVersionId: 'v1',
      PolicyVersionList: [{ VersionId: 'v1', Document: document(...statements) }],
    })
    return arn
  }
  const attached = (arns: readonly string[]): unknown =>
    arns.map((PolicyArn) => ({ PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1), PolicyArn }))

  const boundaries = ['workload', 'developer', 'contractor', 'ci', 'data'].map((name, place) =>
    managed(
      `boundary-${name}`,
      allow([
        's3:*',
        'dynamodb:*',
        'logs:*',
        'lambda:*',
        'ec2:Describe*',
        ...(place > 2 ? ['iam:PassRole'] : []),
      ]),
    ),
  )
  const own = ['${', 'aws:username}'].join('')
  const selfService = managed(
    'self-service',
    allow(
      ['iam:ChangePassword', 'iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:EnableMFADevice'],
      iam(`user/${own}`),
    ),
    { Effect: 'Deny', NotAction: ['iam:*', 'sts:GetSessionToken'], Resource: '*', ...mfa },
  )
  const perTeam = teams.map((team) => ({
    read: managed(
      `${team}-read`,
      allow(['s3:Get*', 's3:List*'], `arn:aws:s3:::${team}-*`),
      allow('ec2:Describe*'),
    ),
    assume: managed(`${team}-assume`, allow('sts:AssumeRole', iam(`role/${team}-*`))),
    deploy: managed(
      `${team}-deploy`,
      allow('iam:PassRole', iam(`role/${team}-*`)),
      allow(['lambda:*'], `arn:aws:lambda:*:${account}:function:${team}-*`),
      allow(['cloudformation:*', 'ecs:*', 'ec2:RunInstances']),
    ),
  }))
  for (let place = 0; place < 60; place++)
    managed(`shared-${place}`, allow([`s3:Get*`, 'kms:Decrypt'], `arn:aws:s3:::shared-${place}/*`))
  const strong = [
    managed('key-desk', allow('iam:CreateAccessKey', iam('user/team-0-*'))),
    managed(
      'attach-desk',
      allow('iam:AttachRolePolicy', iam('role/team-1-*'), {
        Condition: { ArnLike: { 'iam:PolicyARN': iam('policy/shared-*') } },
      }),
    ),
    managed('trust-desk', allow('iam:UpdateAssumeRolePolicy', iam('role/team-2-1*'))),
    managed('group-desk', allow('iam:AddUserToGroup', iam('group/team-*'))),
    managed(
      'put-desk',
      allow('iam:PutRolePolicy', iam('role/team-3-*')),
      allow('sts:AssumeRole', iam('role/team-3-*')),
    ),
    managed('version-desk', allow('iam:CreatePolicyVersion', iam('policy/team-3-read'))),
    managed('login-desk', allow(['iam:CreateLoginProfile', 'iam:UpdateLoginProfile'], iam('user/team-1-*'))),
    managed('tag-desk', allow(['iam:TagRole', 'iam:TagUser'])),
    managed('assume-all', allow('sts:AssumeRole')),
    managed(
      'pass-all',
      allow('iam:PassRole'),
      allow(['lambda:CreateFunction', 'lambda:InvokeFunction', 'ec2:RunInstances']),
    ),
  ]
  const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess'

  const GroupDetailList = teams.flatMap((team, place) => [
    {
      GroupName: team,
      Arn: iam(`group/${team}`),
      Path: '/',
      GroupPolicyList: [],
      AttachedManagedPolicies: attached([perTeam[place]?.read ?? '', selfService]),
    },
    {
      GroupName: `${team}-leads`,
      Arn: iam(`group/${team}-leads`),
      Path: '/',
      GroupPolicyList: [],
      AttachedManagedPolicies: attached([
        perTeam[place]?.assume ?? '',
        ...(place % 5 === 0 ? [perTeam[place]?.deploy ?? ''] : []),
      ]),
    },
  ])
  GroupDetailList.push({
    GroupName: 'administrators',
    Arn: iam('group/administrators'),
    Path: '/',
    GroupPolicyList: [],
    AttachedManagedPolicies: attached([administratorAccess]),
  })

  const accessKeys: Record<string, number> = {}
  const loginProfiles: string[] = []
  const mfaDevices: Record<string, number> = {}
  const UserDetailList = Array.from({ length: users }, (_, place) => {
    const team = pick(teams)
    const name = `${team}-user-${place}`
    const groups = [team]
    if (chance(12)) groups.push(`${team}-leads`)
    if (place % 997 === 5) groups.push('administrators')
    accessKeys[name] = number(3)
    if (chance(60)) {
      loginProfiles.push(name)
      mfaDevices[name] = 1
    }
    const inline = chance(8)
      ? [
          {
            PolicyName: 'own',
            PolicyDocument: document(
              allow('s3:*', `arn:aws:s3:::own-${place}/*`),
              ...(chance(25) ? [allow('sts:AssumeRole', iam(`role/${team}-${number(roles)}`))] : []),
            ),
          },
        ]
      : []
    return {
      UserName: name,
      UserId: `AIDA${String(place).padStart(16, 'A')}`,
      Arn: iam(`user/${name}`),
      Path: '/',
      GroupList: groups,
      UserPolicyList: inline,
      AttachedManagedPolicies: attached(chance(2) ? [pick(strong)] : []),
      Tags: [
        { Key: 'team', Value: team },
        { Key: 'owner', Value: `mail-${place}@example.com` },
      ],
      ...(chance(20)
        ? {
            PermissionsBoundary: {
              PermissionsBoundaryArn: pick(boundaries),
              PermissionsBoundaryType: 'Policy',
            },
          }
        : {}),
    }
  })

  const resources: Rule[] = []
  const trustOf = (team: string, place: number): unknown => {
    const principal = (Principal: Rule, more: Rule = {}, Action = 'sts:AssumeRole'): unknown =>
      document({ Effect: 'Allow', Principal, Action, ...more })
    switch (number(20)) {
      case 0:
        return principal({ AWS: iam('root') })
      case 1:
        return principal(
          { AWS: iam('root') },
          { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
        )
      case 2:
        return principal(
          { AWS: iam('root') },
          { Condition: { StringEquals: { 'aws:PrincipalTag/team': team } } },
        )
      case 3:
        return principal({ AWS: iam(`role/${pick(teams)}-${number(roles)}`) })
      case 4:
        return principal(
          { AWS: `arn:aws:iam::${others.length > 0 ? pick(others) : '999988887777'}:root` },
          { Condition: { StringEquals: { 'sts:ExternalId': `x-${number(200)}` } } },
        )
      case 5:
        return principal(
          { Federated: iam('oidc-provider/token.actions.githubusercontent.com') },
          {
            Condition: {
              StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
              StringLike: { 'token.actions.githubusercontent.com:sub': `repo:example/${team}:*` },
            },
          },
          'sts:AssumeRoleWithWebIdentity',
        )
      case 6:
        return principal({ AWS: [iam(`role/${team}-${place}`), iam('root')] })
      default:
        return principal({ Service: pick(services) })
    }
  }
  const RoleDetailList = Array.from({ length: roles }, (_, place) => {
    const team = teams[place % teams.length] ?? ''
    const name = `${team}-${place}`
    const index = place % teams.length
    const inline = chance(70)
      ? [
          {
            PolicyName: 'resources',
            PolicyDocument: document(
              allow(['s3:GetObject', 's3:PutObject'], `arn:aws:s3:::${name}/*`),
              allow(['dynamodb:*'], `arn:aws:dynamodb:*:${account}:table/${name}`),
              allow('logs:*'),
              ...(chance(6) ? [allow('sts:AssumeRole', iam(`role/${team}-${number(roles)}`))] : []),
            ),
          },
        ]
      : []
    const more = [
      ...(chance(40) ? [perTeam[index]?.read ?? ''] : []),
      ...(chance(4) ? [perTeam[index]?.assume ?? ''] : []),
      ...(chance(3) ? [perTeam[index]?.deploy ?? ''] : []),
      ...(chance(1) ? [pick(strong)] : []),
      ...(place % 499 === 7 ? [administratorAccess] : []),
      ...(chance(20) ? [iam(`policy/shared-${number(60)}`)] : []),
    ]
    const trust = trustOf(team, place)
    const text = JSON.stringify(trust)
    if (text.includes('lambda.amazonaws') && chance(40))
      resources.push({
        type: 'AWS::Lambda::Function',
        arn: `arn:aws:lambda:eu-west-1:${account}:function:${name}`,
        role: iam(`role/${name}`),
        invokedBy: 'a schedule',
      })
    if (text.includes('ec2.amazonaws') && chance(40))
      resources.push({
        type: 'AWS::EC2::Instance',
        arn: `arn:aws:ec2:eu-west-1:${account}:instance/i-${String(place).padStart(17, '0')}`,
        role: iam(`role/${name}`),
        state: 'running',
        ssmAgent: 'online',
        instanceProfile: iam(`instance-profile/${name}`),
      })
    return {
      RoleName: name,
      RoleId: `AROA${String(place).padStart(16, 'A')}`,
      Arn: iam(`role/${name}`),
      Path: '/',
      AssumeRolePolicyDocument: trust,
      RolePolicyList: inline,
      AttachedManagedPolicies: attached([...new Set(more)]),
      InstanceProfileList: text.includes('ec2.amazonaws')
        ? [{ InstanceProfileName: name, Arn: iam(`instance-profile/${name}`) }]
        : [],
      Tags: [{ Key: 'team', Value: team }],
      ...(chance(25)
        ? {
            PermissionsBoundary: {
              PermissionsBoundaryArn: boundaries[index % boundaries.length],
              PermissionsBoundaryType: 'Policy',
            },
          }
        : {}),
    }
  })
  return {
    details: JSON.stringify(
      { UserDetailList, RoleDetailList, GroupDetailList, Policies: policies },
      undefined,
      1,
    ),
    inventory: { resources, accessKeys, loginProfiles, mfaDevices },
  }
}
