import {
  type AccountFile,
  account,
  administratorAccess,
  allow,
  policyArn,
  roleArn,
  type Statement,
  userArn,
} from './account-file.ts'

/** A world of a row that needs an account of its own. Without any of its actions the row does not work. */
export interface Special {
  readonly id: string
  /** The place of the way among those of the row. */
  readonly way?: number
  readonly expect: 'proven' | 'undecided'
  /** What the attacker must be allowed. */
  readonly actions: readonly string[]
  /** The account in which the attacker is allowed some of the actions. */
  readonly file: (given: readonly Statement[]) => AccountFile
  /** Resources of the inventory. */
  readonly resources?: readonly object[]
  readonly organization?: object
  /** Who begins, if not the user dev. */
  readonly start?: string
  /** What holds without an action, if that is not `no`: another way is left, or a condition. */
  readonly without?: Readonly<Record<string, string>>
  /** The row that is found instead, if this one is about a special case of it. */
  readonly by?: string
}

export const red = { StringEquals: { 'aws:PrincipalTag/team': 'red' } }
export const service = (name: string) => ({ Service: `${name}.amazonaws.com` })
export const self = (statements: readonly Statement[], more: object = {}): AccountFile => ({
  users: { dev: { statements, ...more } },
})
export const admin = { attached: [administratorAccess] }

/** dev in a group that denies it everything but the actions. */
export const group = (actions: readonly string[], bearer: object, policies = {}) => ({
  actions,
  file: (given: readonly Statement[]): AccountFile => ({
    users: { dev: { statements: [...given, others(actions)], groups: ['team'] } },
    groups: { team: bearer },
    policies,
  }),
})

/** Everything but some actions: the rest of what makes an administrator. */
export function others(actions: readonly string[]): Statement {
  return { Effect: 'Allow', NotAction: actions, Resource: '*' }
}

/** A role of IAM Identity Center. */
export const reserved = (more: object): NonNullable<AccountFile['roles']> => ({
  AWSReservedSSO_Ops_0123456789abcdef: {
    path: '/aws-reserved/sso.amazonaws.com/',
    trust: [
      {
        Effect: 'Allow',
        Principal: {
          Federated: `arn:aws:iam::${account}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`,
        },
        Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
      },
    ],
    ...more,
  },
})

export const centre = (
  id: string,
  actions: readonly string[],
  way = 0,
  without: Special['without'] = {},
): Special => ({
  id,
  way,
  expect: 'undecided',
  actions,
  without,
  file: (given) => ({ users: { dev: { statements: given } }, roles: reserved(admin) }),
})

export const permissionSet = (
  id: string,
  actions: readonly string[],
  way: number,
  without: Special['without'] = {},
): Special => ({
  id,
  way,
  expect: 'undecided',
  actions,
  without,
  start: 'role/AWSReservedSSO_Ops_0123456789abcdef',
  file: (given) => ({ roles: reserved({ statements: given }) }),
})

/** An instance on which dev can run code, with the role of the profile `app`. */
export const instance = (instanceProfile: string | null, role: string | undefined) => ({
  type: 'AWS::EC2::Instance',
  arn: `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`,
  instanceProfile,
  ...(role === undefined ? {} : { role }),
  state: 'running',
  sshReachable: true,
})
export const connect = allow('ec2-instance-connect:SendSSHPublicKey')

export const instanceRoles = (
  profiles: readonly string[],
  more: readonly string[] = [],
): NonNullable<AccountFile['roles']> => ({
  target: { trust: service('ec2'), profiles: more, ...admin },
  ...(profiles.length === 0 ? {} : { app: { trust: service('ec2'), profiles } }),
})

export const createStackSets: readonly string[] = [
  'cloudformation:CreateStackSet',
  'cloudformation:CreateStackInstances',
]
/** A stack set with a stack in the account. */
export const existingStackSets: readonly object[] = [
  {
    type: 'AWS::CloudFormation::StackSet',
    arn: `arn:aws:cloudformation:eu-west-1:${account}:stackset/base:0`,
    instances: [{ account, region: 'eu-west-1' }],
  },
]
export const defaultAdministration = 'AWSCloudFormationStackSetAdministrationRole'

export const stackSets = (
  id: string,
  actions: readonly string[],
  resources?: readonly object[],
  administration = 'administration',
): Special => ({
  id,
  expect: 'proven',
  actions,
  file: (given) => ({
    users: { dev: { statements: given } },
    roles: {
      [administration]: { trust: service('cloudformation'), statements: [allow('sts:AssumeRole')] },
      execution: { trust: { AWS: roleArn(administration) }, ...admin },
    },
  }),
  ...(resources === undefined ? {} : { resources }),
})

const limited = (action: string, key: string): readonly string[] => [action, 'iam:CreatePolicy', key]
/** Attaching, where the policy must be one whose name dev may create. */
export const created = (id: string, file: Special['file'], action: string): Special => ({
  id,
  expect: 'proven',
  actions: limited(action, '').slice(0, 2),
  file,
})
export const named = (given: readonly Statement[], action: string, key: string): readonly Statement[] =>
  given.map((each) =>
    each.Action === action
      ? { ...each, Condition: { ArnLike: { [key]: policyArn('own-*') } } }
      : { ...each, Resource: policyArn('own-*') },
  )

function doc(statements: readonly Statement[]) {
  return { Version: '2012-10-17', Statement: statements }
}

export const leave = (action: string, way: number): Special => ({
  id: 'lift.scp',
  way,
  expect: 'undecided',
  actions: [action],
  organization: { scps: [[{ name: 'few', document: doc([allow('organizations:*')]) }]] },
  file: (given) => ({
    users: { dev: { statements: [...given, allow('iam:CreateAccessKey', userArn('boss'))] }, boss: admin },
  }),
})

export const tagged = (action: string, way: number, file: Special['file']): Special => ({
  id: 'lift.tags',
  way,
  expect: 'proven',
  actions: [action],
  file,
})
