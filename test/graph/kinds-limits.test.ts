import {
  account,
  allow,
  deny,
  denyAllBut,
  policyArn,
  roleArn,
  type Statement,
  userArn,
} from './account-file.ts'
import {
  describeKinds,
  dev,
  foreign,
  goes,
  type Kind,
  lambda,
  makes,
  mfa,
  ofOther,
  organization,
  other,
  reserved,
  root,
  ssoName,
  when,
} from './kinds.ts'

const bounded: readonly Kind[] = [
  {
    name: 'a boundary that another principal lifts, who can do nothing else',
    expect: 'proven',
    file: dev(
      [allow('iam:PutUserPolicy', userArn('dev')), allow('iam:CreateAccessKey', userArn('bob'))],
      { boundary: policyArn('edge') },
      {
        policies: { edge: [allow('iam:CreateAccessKey')] },
        users: { bob: { statements: [allow('iam:DeleteUserPermissionsBoundary', userArn('dev'))] } },
      },
    ),
  },
  {
    name: 'a Deny that another principal takes away, who can do nothing else',
    expect: 'proven',
    file: dev(
      [allow('iam:*')],
      { attached: [policyArn('shut')] },
      {
        policies: { shut: [denyAllBut(['iam:CreateAccessKey'])] },
        users: { bob: { statements: [allow('iam:DetachUserPolicy', userArn('dev'))] } },
      },
    ),
  },
  {
    name: 'a tag that another principal writes, who can do nothing else',
    expect: 'proven',
    file: dev(
      [
        allow('iam:PutUserPolicy', userArn('dev'), when('StringEquals', 'aws:PrincipalTag/team', 'red')),
        allow('iam:CreateAccessKey', userArn('bob')),
      ],
      {},
      { users: { bob: { statements: [allow('iam:TagUser', userArn('dev'))] } } },
    ),
  },

  {
    name: 'a boundary that allows IAM makes a new user without one',
    expect: 'proven',
    file: dev(
      [allow('iam:*')],
      { boundary: policyArn('edge') },
      {
        policies: {
          edge: [
            allow('iam:*'),
            deny([
              'iam:DeleteUserPermissionsBoundary',
              'iam:PutUserPermissionsBoundary',
              'iam:CreatePolicyVersion',
              'iam:SetDefaultPolicyVersion',
            ]),
          ],
        },
      },
    ),
  },
  {
    name: 'a boundary that every new principal must have',
    expect: 'no',
    file: dev(
      [allow('iam:*')],
      { boundary: policyArn('edge') },
      {
        policies: {
          edge: [
            allow('iam:*'),
            deny([
              'iam:DeleteUserPermissionsBoundary',
              'iam:DeleteRolePermissionsBoundary',
              'iam:CreatePolicyVersion',
              'iam:SetDefaultPolicyVersion',
              'iam:DeletePolicy',
            ]),
            deny(
              [
                'iam:CreateUser',
                'iam:CreateRole',
                'iam:PutUserPermissionsBoundary',
                'iam:PutRolePermissionsBoundary',
              ],
              '*',
              when('StringNotEquals', 'iam:PermissionsBoundary', policyArn('edge')),
            ),
          ],
        },
      },
    ),
  },
  {
    name: 'a boundary of the new user that is weaker than the own one',
    expect: 'no',
    file: dev(
      [
        allow(
          ['iam:CreateUser', 'iam:AttachUserPolicy', 'iam:CreateAccessKey'],
          '*',
          when('StringEquals', 'iam:PermissionsBoundary', policyArn('shut')),
        ),
        allow('iam:CreateAccessKey'),
      ],
      {},
      { policies: { shut: [allow('s3:*')] } },
    ),
  },
  {
    name: 'a role of IAM Identity Center that may write its own policy',
    expect: 'no',
    from: ssoName('Dev'),
    file: {
      users: { ann: {} },
      roles: reserved('Dev', [allow('iam:PutRolePolicy', '*:role/aws-reserved/*')]),
    },
  },
  {
    name: 'a role of IAM Identity Center that may make users',
    expect: 'proven',
    from: ssoName('Dev'),
    file: {
      users: { ann: {} },
      roles: reserved('Dev', [allow(['iam:CreateUser', 'iam:AttachUserPolicy', 'iam:CreateAccessKey'])]),
    },
  },
  {
    name: 'the same within a boundary',
    expect: 'no',
    from: ssoName('Dev'),
    file: {
      users: { ann: {} },
      roles: reserved('Dev', [allow('iam:*')], { boundary: policyArn('edge') }),
      policies: { edge: [allow('s3:*')] },
    },
  },
  {
    name: 'the trust of an administrator of IAM Identity Center',
    expect: 'no',
    file: dev(
      [allow('iam:UpdateAssumeRolePolicy'), allow('sts:AssumeRole')],
      {},
      { roles: reserved('Admin', [allow('*')]) },
    ),
  },
  {
    name: 'a service-linked role is not passed',
    expect: 'no',
    file: dev(
      [allow('iam:PassRole'), makes],
      {},
      {
        roles: {
          AWSServiceRoleForX: {
            path: '/aws-service-role/lambda.amazonaws.com/',
            trust: lambda,
            statements: [allow('*')],
          },
        },
      },
    ),
  },
  {
    name: 'a service-linked role is not trusted anew',
    expect: 'no',
    file: dev(
      [allow(['iam:UpdateAssumeRolePolicy', 'iam:PutRolePolicy', 'sts:AssumeRole'])],
      {},
      {
        roles: {
          AWSServiceRoleForX: {
            path: '/aws-service-role/lambda.amazonaws.com/',
            trust: lambda,
            statements: [allow('*')],
          },
        },
      },
    ),
  },
]

const ipRule = when('StringNotEqualsIfExists', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5')
const everyoneDenied = (Condition?: object): Statement => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:AssumeRole',
  Resource: '*',
  ...(Condition && { Condition }),
})
const accounts: readonly Kind[] = [
  {
    name: 'an RCP that lets the organization in',
    expect: 'proven',
    file: goes(),
    beside: foreign(),
    organization: organization([everyoneDenied(ipRule)]),
    to: `${other}/role/adm`,
  },
  {
    name: 'an RCP that lets its own account in alone',
    expect: 'no',
    file: goes(),
    beside: foreign(),
    organization: organization([everyoneDenied(when('StringNotEquals', 'aws:PrincipalAccount', other))]),
    to: `${other}/role/adm`,
  },
  {
    name: 'an RCP that lets one role in, which is assumed first',
    expect: 'proven',
    file: goes({
      roles: {
        ops: { trust: { AWS: userArn('dev') }, statements: [allow('sts:AssumeRole', ofOther('adm'))] },
      },
    }),
    beside: foreign(),
    organization: organization(
      [
        everyoneDenied(when('ArnNotLike', 'aws:PrincipalArn', [roleArn('ops'), userArn('dev')].slice(0, 1))),
      ].map((each) => ({ ...each, Resource: ofOther('*') })),
    ),
    to: `${other}/role/adm`,
  },
  {
    name: 'an RCP keeps an account out that is not in the organization',
    expect: 'no',
    from: '999988887777',
    file: goes(),
    beside: foreign({ AWS: '*' }),
    organization: organization([
      everyoneDenied(when('StringNotEqualsIfExists', 'aws:PrincipalAccount', [account, other])),
    ]),
    to: `${other}/role/adm`,
  },
  {
    name: 'an RCP does not bind the management account',
    expect: 'proven',
    file: goes(),
    beside: foreign(),
    organization: organization([everyoneDenied()], [], other),
    to: `${other}/role/adm`,
  },
  {
    name: 'an SCP that denies all but one role',
    expect: 'no',
    file: dev([allow('iam:*')]),
    organization: organization(
      [],
      [deny('iam:*', '*', when('ArnNotLike', 'aws:PrincipalArn', roleArn('org-admin')))],
    ),
  },
  {
    name: 'an SCP that denies all but one role, which is assumed',
    expect: 'proven',
    file: dev(
      [allow('sts:AssumeRole')],
      {},
      { roles: { 'org-admin': { trust: { AWS: root }, statements: [allow('iam:*')] } } },
    ),
    organization: organization(
      [],
      [deny('iam:*', '*', when('ArnNotLike', 'aws:PrincipalArn', roleArn('org-admin')))],
    ),
  },
  {
    name: 'an SCP that binds a member, not its caller',
    expect: 'proven',
    file: goes(),
    beside: foreign(),
    organization: {
      ...organization(),
      accounts: [account],
      units: [
        {
          id: 'ou-ab12-11112222',
          accounts: [other],
          scps: [
            {
              name: 'no',
              document: { Version: '2012-10-17', Statement: [allow('*'), deny('sts:AssumeRole')] },
            },
          ],
        },
      ],
    },
    to: `${other}/role/adm`,
  },
]

const withMfa = when('Bool', mfa, 'true')
const unlessMfa = (...but: string[]) => denyAllBut(but, when('BoolIfExists', mfa, 'false'))
const strong: readonly Kind[] = [
  {
    name: 'a device is enrolled where all but that is denied without MFA',
    expect: 'proven',
    file: dev([
      allow('iam:*'),
      unlessMfa('iam:CreateVirtualMFADevice', 'iam:EnableMFADevice', 'sts:GetSessionToken'),
    ]),
  },
  {
    name: 'no device can be enrolled without MFA',
    expect: 'conditional',
    keys: [mfa],
    file: dev([allow('iam:*'), unlessMfa('iam:ListMFADevices', 'sts:GetSessionToken')]),
  },
  {
    name: 'the session of a role has no MFA',
    expect: 'no',
    file: dev(
      [allow('sts:AssumeRole')],
      {},
      {
        roles: {
          ops: {
            trust: { AWS: userArn('dev') },
            statements: [allow('iam:PutRolePolicy', roleArn('ops'), withMfa)],
          },
        },
      },
    ),
  },
  {
    name: 'a role that asks for MFA, and then does what it may',
    expect: 'conditional',
    keys: [mfa],
    file: dev(
      [allow('sts:AssumeRole')],
      {},
      {
        roles: {
          ops: {
            trust: [
              { Effect: 'Allow', Principal: { AWS: root }, Action: 'sts:AssumeRole', Condition: withMfa },
            ],
            statements: [allow('iam:PutRolePolicy', roleArn('ops'))],
          },
        },
      },
    ),
  },
]

describeKinds({ bounded, accounts, strong })
