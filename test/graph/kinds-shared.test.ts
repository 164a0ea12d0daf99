import { account, allow, deny, policyArn, roleArn, type Statement, userArn } from './account-file.ts'
import { describeKinds, type Kind, root, when } from './kinds.ts'

/** dev, who can do nothing but assume three roles, each with a call of its own. */
const three = (
  one: readonly Statement[],
  two: readonly Statement[],
  three: readonly Statement[] = [],
  rest: Kind['file'] = {},
): Kind['file'] => ({
  ...rest,
  users: {
    dev: { statements: [allow('sts:AssumeRole', ['one', 'two', 'three'].map(roleArn))] },
    ...rest.users,
  },
  roles: {
    one: { trust: { AWS: root }, statements: one },
    two: { trust: { AWS: root }, statements: two },
    three: { trust: { AWS: root }, statements: three },
    ...rest.roles,
  },
})
const group = (name: string) => `arn:aws:iam::${account}:group/${name}`

const users: readonly Kind[] = [
  {
    name: 'three make a user: one creates it, one writes its policy, one makes its key',
    file: three(
      [allow('iam:CreateUser')],
      [allow('iam:PutUserPolicy', userArn('app-*'))],
      [allow('iam:CreateAccessKey')],
    ),
    expect: 'proven',
    requests: [
      'sts:AssumeRole',
      'sts:AssumeRole',
      'sts:AssumeRole',
      'iam:CreateUser',
      'iam:PutUserPolicy',
      'iam:CreateAccessKey',
    ],
  },
  {
    name: 'the policy of a new user is attached by who makes its password',
    file: three(
      [allow('iam:CreateUser')],
      [allow(['iam:AttachUserPolicy', 'iam:CreateLoginProfile'], userArn('app-*'))],
    ),
    expect: 'proven',
  },
  {
    name: 'nobody makes a key of a new user',
    file: three(
      [allow('iam:CreateUser')],
      [allow('iam:PutUserPolicy', userArn('app-*'))],
      [allow('iam:ListAccessKeys')],
    ),
    expect: 'no',
  },
  {
    name: 'who makes keys of a new user makes them of users of another name',
    file: three(
      [allow('iam:CreateUser', userArn('app-*'))],
      [allow('iam:PutUserPolicy', userArn('app-*'))],
      [allow('iam:CreateAccessKey', userArn('web-*'))],
    ),
    expect: 'no',
  },
  {
    name: 'one name of a new user fits what three are allowed',
    file: three(
      [allow('iam:CreateUser', userArn('app-*'))],
      [allow('iam:PutUserPolicy', userArn('*-ci'))],
      [allow('iam:CreateAccessKey', userArn('*-of-*'))],
    ),
    expect: 'proven',
  },
  {
    name: 'everyone makes their own key, and another one that of a new user',
    file: three(
      [
        allow(['iam:CreateUser', 'iam:PutUserPolicy'], userArn('app-*')),
        allow('iam:CreateAccessKey', userArn('${aws:username}')),
      ],
      [allow('iam:CreateAccessKey', userArn('*'))],
    ),
    expect: 'proven',
  },
  {
    name: 'a new user joins a group by another one',
    file: three([allow('iam:CreateUser')], [allow('iam:AddUserToGroup')], [allow('iam:CreateAccessKey')], {
      groups: { admins: { attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] } },
    }),
    expect: 'proven',
  },
  {
    name: 'a new user joins a group of another name',
    file: three(
      [allow('iam:CreateUser')],
      [allow('iam:AddUserToGroup', group('readers'))],
      [allow('iam:CreateAccessKey')],
      { groups: { admins: { attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] }, readers: {} } },
    ),
    expect: 'no',
  },
  {
    name: 'who makes a user must give it a boundary, inside of which all stays',
    file: three(
      [allow('iam:CreateUser', '*', when('StringEquals', 'iam:PermissionsBoundary', policyArn('limit')))],
      [allow('iam:PutUserPolicy', userArn('app-*'))],
      [allow('iam:CreateAccessKey')],
      { policies: { limit: [allow('s3:*')] } },
    ),
    expect: 'no',
  },
  {
    name: 'the key of a new user is made from a network',
    file: three(
      [allow('iam:CreateUser')],
      [allow('iam:PutUserPolicy', userArn('app-*'))],
      [allow('iam:CreateAccessKey', '*', when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'))],
    ),
    expect: 'conditional',
    keys: ['aws:SourceIp'],
  },
  {
    name: 'who makes users alone is refused the key',
    file: three(
      [
        allow(['iam:CreateUser', 'iam:PutUserPolicy', 'iam:CreateAccessKey'], userArn('new-*')),
        deny('iam:CreateAccessKey'),
      ],
      [allow('iam:CreateAccessKey', userArn('new-*'))],
    ),
    expect: 'proven',
  },
]

const roles: readonly Kind[] = [
  {
    name: 'two make a role',
    file: three([allow('iam:CreateRole')], [allow('iam:PutRolePolicy', roleArn('app-*'))]),
    expect: 'proven',
  },
  {
    name: 'two make a role, and one attaches only what a condition names',
    file: three(
      [allow('iam:CreateRole')],
      [allow('iam:AttachRolePolicy', '*', when('ArnLike', 'iam:PolicyARN', policyArn('app-*')))],
      [],
      { policies: { 'app-read': [allow('s3:*')] } },
    ),
    expect: 'no',
  },
  {
    name: 'who makes a role may not assume it, and another one does',
    file: three([allow(['iam:CreateRole', 'iam:PutRolePolicy']), deny('sts:AssumeRole')], [allow('s3:*')]),
    expect: 'proven',
  },
  {
    name: 'who makes a role may not assume it, nor who writes its policy, but dev does',
    file: three(
      [allow('iam:CreateRole'), deny('sts:AssumeRole')],
      [allow('iam:PutRolePolicy'), deny('sts:AssumeRole')],
    ),
    expect: 'proven',
  },
  {
    name: 'nobody may assume a new role',
    file: {
      users: {
        dev: { statements: [allow(['iam:CreateRole', 'iam:PutRolePolicy']), deny('sts:AssumeRole')] },
      },
    },
    expect: 'no',
  },
]

const adminGroup = { groups: { ops: {} } }
const changes: readonly Kind[] = [
  {
    name: 'three make a group, write its policy and put a user into it',
    file: three(
      [allow('iam:CreateGroup')],
      [allow('iam:PutGroupPolicy', group('x-*'))],
      [allow('iam:AddUserToGroup', group('*-y'))],
    ),
    expect: 'proven',
  },
  {
    name: 'the groups of three have names that do not fit',
    file: three(
      [allow('iam:CreateGroup', group('y-*'))],
      [allow('iam:PutGroupPolicy', group('x-*'))],
      [allow('iam:AddUserToGroup', group('*-y'))],
    ),
    expect: 'no',
  },
  {
    name: 'a policy is attached by one that another one makes',
    file: three(
      [allow('iam:AttachUserPolicy', userArn('dev'), when('ArnLike', 'iam:PolicyARN', policyArn('app-*')))],
      [allow('iam:CreatePolicy', policyArn('app-*'))],
    ),
    expect: 'proven',
  },
  {
    name: 'a policy that another one makes has another name than may be attached',
    file: three(
      [allow('iam:AttachUserPolicy', userArn('dev'), when('ArnLike', 'iam:PolicyARN', policyArn('app-*')))],
      [allow('iam:CreatePolicy', policyArn('web-*'))],
    ),
    expect: 'no',
  },
  {
    name: 'a policy that another one makes is attached to a group of dev',
    file: {
      ...three(
        [allow('iam:AttachGroupPolicy', group('ops'), when('ArnLike', 'iam:PolicyARN', policyArn('app-*')))],
        [allow('iam:CreatePolicy', policyArn('*-x'))],
        [],
        adminGroup,
      ),
      users: {
        dev: {
          groups: ['ops'],
          statements: [allow('sts:AssumeRole', ['one', 'two', 'three'].map(roleArn))],
        },
      },
    },
    expect: 'proven',
  },
  {
    name: 'a user gets an MFA device by two, and may do anything then',
    file: {
      ...three([allow('iam:CreateVirtualMFADevice')], [allow('iam:EnableMFADevice', userArn('dev'))]),
      users: {
        dev: {
          statements: [
            allow('sts:AssumeRole', ['one', 'two', 'three'].map(roleArn)),
            allow('*', '*', when('Bool', 'aws:MultiFactorAuthPresent', 'true')),
          ],
        },
      },
    },
    expect: 'proven',
  },
]

describeKinds({
  'new users that several make': users,
  'new roles that several make': roles,
  'changes that several make': changes,
})
