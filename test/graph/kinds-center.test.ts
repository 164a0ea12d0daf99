import { administratorAccess, allow, userArn } from './account-file.ts'
import { describeKinds, dev, type Kind, reserved, ssoName } from './kinds.ts'

const admin = reserved('Admin', [], { attached: [administratorAccess] })
const power = (...actions: readonly string[]) => reserved('Power', [allow(actions)])
const manages = (managesIdentityCenter: boolean | undefined) =>
  managesIdentityCenter === undefined ? {} : { inventory: { managesIdentityCenter } }
const assigns = 'sso:CreateAccountAssignment'

const assignments: readonly Kind[] = [
  {
    name: 'GRD-565 who wears a permission set lends itself another one, in the account that manages them',
    file: { roles: { ...admin, ...power(assigns) } },
    from: ssoName('Power'),
    ...manages(true),
    expect: 'proven',
  },
  {
    name: 'GRD-565 the same in an account that manages none',
    file: { roles: { ...admin, ...power(assigns) } },
    from: ssoName('Power'),
    ...manages(false),
    expect: 'no',
  },
  {
    name: 'GRD-565 the same where no file says it',
    file: { roles: { ...admin, ...power(assigns) } },
    from: ssoName('Power'),
    ...manages(undefined),
    expect: 'undecided',
  },
  {
    name: 'GRD-565 a user of IAM, who may be no user of the directory',
    file: dev([allow(assigns)], {}, { roles: admin }),
    ...manages(true),
    expect: 'undecided',
  },
  {
    name: 'GRD-565 who wears a permission set joins a group',
    file: { roles: { ...admin, ...power('identitystore:CreateGroupMembership') } },
    from: ssoName('Power'),
    ...manages(true),
    expect: 'proven',
  },
  {
    name: 'GRD-565 a permission set gets a policy and is provisioned',
    file: { roles: power('sso:PutInlinePolicyToPermissionSet', 'sso:ProvisionPermissionSet') },
    from: ssoName('Power'),
    ...manages(true),
    expect: 'proven',
  },
  {
    name: 'GRD-565 a permission set gets a policy that is not provisioned now',
    file: { roles: power('sso:PutInlinePolicyToPermissionSet') },
    from: ssoName('Power'),
    ...manages(true),
    expect: 'undecided',
  },
  {
    name: 'GRD-565 IAM does not change the role of a permission set',
    file: dev(
      [allow('iam:PutRolePolicy')],
      {},
      { users: { other: { statements: [allow('s3:*', userArn('x'))] } }, roles: admin },
    ),
    to: ssoName('Admin'),
    ...manages(true),
    expect: 'no',
  },
]

const manager = (actions: readonly string[], condition: object = {}) => ({
  own: {
    attached: [administratorAccess],
    trust: [
      {
        Effect: 'Allow',
        Principal: { Service: 'account-access.amazonaws.com' },
        Action: actions,
        ...condition,
      },
    ],
  },
})
const both = ['sts:AssumeRole', 'sts:SetContext']
const entitles = 'account-access:CreateEntitlement'

const entitlements: readonly Kind[] = [
  {
    name: 'SSO-194 who wears a permission set entitles itself to a role that trusts the account access manager',
    file: { roles: { ...manager(both), ...power(entitles) } },
    from: ssoName('Power'),
    to: 'role/own',
    ...manages(true),
    expect: 'proven',
  },
  {
    name: 'SSO-194 the same with a trust policy that names its context provider',
    file: {
      roles: {
        ...manager(both, {
          Condition: {
            'ForAllValues:ArnEquals': {
              'sts:RequestContextProviders': 'arn:aws:iam::aws:contextProvider/IdentityCenter',
            },
          },
        }),
        ...power(entitles),
      },
    },
    from: ssoName('Power'),
    to: 'role/own',
    ...manages(true),
    expect: 'proven',
  },
  {
    name: 'SSO-194 a role that lets the manager set no context',
    file: { roles: { ...manager(['sts:AssumeRole']), ...power(entitles) } },
    from: ssoName('Power'),
    to: 'role/own',
    ...manages(true),
    expect: 'no',
  },
  {
    name: 'SSO-194 a role that does not trust the manager',
    file: { roles: { ...admin, ...power(entitles) } },
    from: ssoName('Power'),
    to: ssoName('Admin'),
    ...manages(true),
    expect: 'no',
  },
  {
    name: 'SSO-194 a user of IAM, who may be no user of the directory',
    file: dev([allow(entitles)], {}, { roles: manager(both) }),
    to: 'role/own',
    ...manages(true),
    expect: 'undecided',
  },
  {
    name: 'SSO-194 an account that has no instance may be a delegated administrator of the manager',
    file: { roles: { ...manager(both), ...power(entitles) } },
    from: ssoName('Power'),
    to: 'role/own',
    ...manages(false),
    expect: 'undecided',
  },
]

describeKinds({ 'IAM Identity Center': assignments, 'account access manager': entitlements })
