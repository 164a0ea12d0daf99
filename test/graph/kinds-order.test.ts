import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { account, allow, deny, denyAllBut, policyArn, roleArn, userArn } from './account-file.ts'
import {
  adm,
  answerOf,
  describeKinds,
  dev,
  type Kind,
  lambda,
  makes,
  mfa,
  ofOther,
  passes,
  root,
  when,
} from './kinds.ts'

const group = (name: string) => `arn:aws:iam::${account}:group/${name}`
const ec2 = { Service: 'ec2.amazonaws.com' }
const tasks = { Service: 'ecs-tasks.amazonaws.com' }
const boundary = (name: string) => when('StringEquals', 'iam:PermissionsBoundary', policyArn(name))
const only = (name: string) => when('ArnEquals', 'iam:PolicyARN', policyArn(name))
const writes = (condition?: object) => allow('iam:PutUserPolicy', userArn('dev'), condition)
const marked = when('StringEquals', 'aws:PrincipalTag/x', '1')
const marks = allow('iam:TagUser', userArn('dev'), when('StringEquals', 'aws:RequestTag/x', '1'))

/** A function of a role that trusts Lambda: one half is in a policy that may be attached, the other one may be lost. */
const halves = (more: object, lost: object, statements: Parameters<typeof dev>[0]) =>
  dev([allow('iam:AttachUserPolicy', userArn('dev'), only('made')), ...statements], more, {
    policies: { made: [makes] },
    roles: adm(lambda),
    ...lost,
  })
const passesNotAttaches = [passes(), deny('iam:AttachUserPolicy')]

const staying: readonly Kind[] = [
  {
    name: 'a tag that a policy is written with, and that shuts out everything else',
    expect: 'no',
    file: dev(
      [writes(marked), marks],
      { attached: [policyArn('shut')] },
      { policies: { shut: [denyAllBut('iam:PutUserPolicy', marked)] } },
    ),
  },
  {
    name: 'the same, but the tag may be taken away',
    expect: 'proven',
    file: dev(
      [writes(marked), marks, allow('iam:UntagUser', userArn('dev'))],
      { attached: [policyArn('shut')] },
      { policies: { shut: [denyAllBut(['iam:PutUserPolicy', 'iam:UntagUser'], marked)] } },
    ),
  },
  ...([false, true] as const).map((isLifted) => ({
    name: `a narrow boundary that a policy is written with${isLifted ? ', and that may be removed' : ''}`,
    expect: isLifted ? ('proven' as const) : ('no' as const),
    file: dev(
      [writes(boundary('narrow')), allow('iam:PutUserPermissionsBoundary', '*', boundary('narrow'))],
      { boundary: policyArn('wide') },
      {
        policies: {
          wide: [allow('*')],
          narrow: [writes(), ...(isLifted ? [allow('iam:DeleteUserPermissionsBoundary')] : [])],
        },
      },
    ),
  })),
  ...([false, true] as const).map((isBack) => ({
    name: `a group that is left for a policy${isBack ? ', and joined again' : ''}`,
    expect: isBack ? ('proven' as const) : ('no' as const),
    file: halves({ groups: ['half'] }, { groups: { half: { statements: passesNotAttaches } } }, [
      allow(['iam:RemoveUserFromGroup', ...(isBack ? ['iam:AddUserToGroup'] : [])], group('half')),
    ]),
  })),
  {
    name: 'a group that is left for a tag of a role, which the group lets it assume',
    expect: 'no',
    file: dev(
      [allow('iam:RemoveUserFromGroup', group('half')), allow('iam:TagRole', roleArn('adm'))],
      { groups: ['half'] },
      {
        groups: {
          half: {
            statements: [
              allow('sts:AssumeRole', roleArn('adm'), when('StringEquals', 'aws:ResourceTag/open', 'yes')),
              deny('iam:TagRole'),
            ],
          },
        },
        roles: adm({ AWS: root }),
      },
    ),
  },
  {
    name: 'a group that is left for a role that is assumed before',
    expect: 'proven',
    file: dev(
      [allow('iam:RemoveUserFromGroup', group('half')), allow('iam:PutRolePolicy', roleArn('mid'))],
      { groups: ['half'] },
      {
        groups: {
          half: { statements: [allow('sts:AssumeRole', roleArn('mid')), deny('iam:PutRolePolicy')] },
        },
        roles: { mid: { trust: { AWS: root } } },
      },
    ),
  },
  {
    name: 'a policy that is detached for another one',
    expect: 'no',
    file: halves(
      { attached: [policyArn('half')] },
      { policies: { made: [makes], half: passesNotAttaches } },
      [allow('iam:DetachUserPolicy', userArn('dev'))],
    ),
  },
  {
    name: 'a group whose Deny stays with what it allows',
    expect: 'no',
    file: dev(
      [allow('iam:AddUserToGroup', group('both'))],
      {},
      {
        groups: {
          both: { statements: [allow('iam:AttachUserPolicy', userArn('dev')), denyAllBut('iam:Attach*')] },
        },
      },
    ),
  },
]

const wrote = allow('iam:UpdateAssumeRolePolicy', roleArn('adm'))
const shut = deny('sts:AssumeRole', roleArn('adm'))
const opened: readonly Kind[] = [
  {
    name: 'a trust policy for another role, which can do nothing',
    expect: 'proven',
    file: dev(
      [wrote, shut, allow('sts:AssumeRole', roleArn('mid'))],
      {},
      {
        roles: { ...adm(ec2), mid: { trust: { AWS: root } } },
      },
    ),
  },
  {
    name: 'a trust policy for another role, which may not assume it either',
    expect: 'no',
    file: dev(
      [wrote, shut, allow('sts:AssumeRole', roleArn('mid'))],
      {},
      {
        roles: { ...adm(ec2), mid: { trust: { AWS: root }, statements: [deny('sts:*')] } },
      },
    ),
  },
  {
    name: 'a trust policy for a service to which the role is passed',
    expect: 'proven',
    file: dev([wrote, deny('sts:AssumeRole'), passes(), makes], {}, { roles: adm(tasks) }),
  },
  {
    name: 'a trust policy for a service, where passing the role is lost before',
    expect: 'no',
    file: dev(
      [wrote, deny('sts:AssumeRole'), makes, allow('iam:RemoveUserFromGroup', group('half'))],
      { groups: ['half'] },
      {
        groups: { half: { statements: [passes(), deny('iam:UpdateAssumeRolePolicy')] } },
        roles: adm(tasks),
      },
    ),
  },
  {
    name: 'a trust policy for a principal of another account',
    expect: 'proven',
    to: ofOther('adm'),
    file: dev([allow('sts:AssumeRole', [ofOther('mid'), ofOther('adm')])]),
    beside: {
      roles: {
        ...adm(ec2),
        mid: {
          trust: { AWS: 'arn:aws:iam::OWN:root' },
          statements: [allow('iam:UpdateAssumeRolePolicy', ofOther('adm')), deny('sts:*')],
        },
      },
    },
  },
  {
    name: 'a trust policy for a service to which the role may not be passed',
    expect: 'no',
    file: dev(
      [
        wrote,
        deny('sts:AssumeRole'),
        passes(when('StringEquals', 'iam:PassedToService', 'ec2.amazonaws.com')),
        makes,
      ],
      {},
      { roles: adm(tasks) },
    ),
  },
]

const news = (name: string) => roleArn(`${name}-*`)
const made = (more: Parameters<typeof dev>[0]) =>
  dev(
    [allow(['iam:CreateRole', 'iam:PutRolePolicy'], news('x'), boundary('edge')), ...more],
    {},
    {
      policies: { edge: [allow('s3:*')] },
    },
  )
const lifted: readonly Kind[] = [
  {
    name: 'a new role whose boundary is removed afterwards',
    expect: 'proven',
    requests: ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:DeleteRolePermissionsBoundary', 'sts:AssumeRole'],
    file: made([allow('iam:DeleteRolePermissionsBoundary', news('x'))]),
  },
  {
    name: 'a new role whose boundary is replaced afterwards',
    expect: 'proven',
    file: made([
      allow(
        'iam:PutRolePermissionsBoundary',
        news('x'),
        when('StringEquals', 'iam:PermissionsBoundary', 'arn:aws:iam::aws:policy/AdministratorAccess'),
      ),
    ]),
  },
  {
    name: 'a new role that gets a policy only after its boundary is removed',
    expect: 'proven',
    requests: ['iam:CreateRole', 'iam:DeleteRolePermissionsBoundary', 'iam:PutRolePolicy', 'sts:AssumeRole'],
    file: dev(
      [
        allow('iam:CreateRole', news('x'), boundary('edge')),
        allow('iam:PutRolePolicy', news('x'), when('Null', 'iam:PermissionsBoundary', 'true')),
        allow('iam:DeleteRolePermissionsBoundary', news('x'), boundary('edge')),
      ],
      {},
      { policies: { edge: [allow('s3:*')] } },
    ),
  },
  {
    name: 'a new user that gets a policy only after its boundary is a wide one',
    expect: 'proven',
    requests: [
      'iam:CreateUser',
      'iam:PutUserPermissionsBoundary',
      'iam:AttachUserPolicy',
      'iam:CreateAccessKey',
    ],
    file: dev(
      [
        allow(['iam:CreateUser', 'iam:CreateAccessKey'], userArn('x-*')),
        deny('iam:CreateUser', '*', when('StringNotEquals', 'iam:PermissionsBoundary', policyArn('edge'))),
        allow(['iam:PutUserPermissionsBoundary', 'iam:AttachUserPolicy'], userArn('x-*')),
        deny('iam:AttachUserPolicy', '*', when('StringEquals', 'iam:PermissionsBoundary', policyArn('edge'))),
      ],
      {},
      { policies: { edge: [allow('s3:*')] } },
    ),
  },
  {
    name: 'a new role that gets a policy only without its boundary, which may not be removed',
    expect: 'no',
    file: dev(
      [
        allow(['iam:CreateRole', 'iam:DeleteRolePermissionsBoundary'], news('x'), boundary('edge')),
        allow('iam:PutRolePolicy', news('x'), when('Null', 'iam:PermissionsBoundary', 'true')),
        deny('iam:DeleteRolePermissionsBoundary'),
      ],
      {},
      { policies: { edge: [allow('s3:*')] } },
    ),
  },
  {
    name: 'a new role of a name whose boundary may not be removed',
    expect: 'no',
    file: made([allow('iam:DeleteRolePermissionsBoundary', news('y'))]),
  },
  {
    name: 'an MFA device that another principal enables',
    expect: 'proven',
    file: dev(
      [
        allow(['iam:CreateAccessKey', 'iam:EnableMFADevice'], userArn('bob')),
        allow('iam:CreateVirtualMFADevice'),
      ],
      {},
      {
        users: { bob: { statements: [allow('sts:AssumeRole', roleArn('adm'), when('Bool', mfa, 'true'))] } },
        roles: adm({ AWS: root }),
      },
    ),
  },
  {
    name: 'an MFA device of a user without its key',
    expect: 'no',
    file: dev(
      [allow('iam:EnableMFADevice', userArn('bob')), allow('iam:CreateVirtualMFADevice')],
      {},
      {
        users: { bob: { statements: [allow('sts:AssumeRole', roleArn('adm'), when('Bool', mfa, 'true'))] } },
        roles: adm({ AWS: root }),
      },
    ),
  },
]

const requests: readonly Kind[] = [
  {
    name: 'a policy that is made and attached',
    expect: 'proven',
    requests: ['iam:CreatePolicy', 'iam:AttachUserPolicy'],
    file: dev([
      allow('iam:CreatePolicy', policyArn('x-*')),
      allow('iam:AttachUserPolicy', userArn('dev'), when('ArnLike', 'iam:PolicyARN', policyArn('x-*'))),
    ]),
  },
  {
    name: 'a new role that gets a tag, and then what the tag is asked for',
    expect: 'proven',
    requests: ['iam:CreateRole', 'iam:TagRole', 'iam:PutRolePolicy', 'sts:AssumeRole'],
    file: dev([
      allow(['iam:CreateRole', 'iam:TagRole'], news('x')),
      deny('iam:CreateRole', '*', when('Null', 'aws:RequestTag/team', 'false')),
      allow('iam:PutRolePolicy', news('x'), when('StringEquals', 'aws:ResourceTag/team', 'red')),
    ]),
  },
]

describeKinds({
  'requests in the order of their calls': requests,
  'changes that stay': staying,
  'trust policies that are written for others': opened,
  'limits that are lifted afterwards, or by another principal': lifted,
})

describe('what is only given back', () => {
  test('no refusal is shown for a role with its boundary after a path that has removed it', () => {
    const { verdict, results } = answerOf({
      name: 'a boundary that is removed, a policy that is written, and set back',
      expect: 'no',
      file: dev(
        [
          allow(['sts:AssumeRole', 'iam:DeleteRolePermissionsBoundary'], roleArn('mid')),
          allow('iam:SetDefaultPolicyVersion', policyArn('edge')),
        ],
        { boundary: policyArn('edge') },
        {
          policies: { edge: [allow(['sts:*', 'iam:DeleteRolePermissionsBoundary', 'iam:SetDefault*'])] },
          roles: {
            mid: {
              trust: { AWS: root },
              boundary: policyArn('edge'),
              statements: [allow('iam:CreatePolicyVersion', policyArn('edge'))],
            },
          },
        },
      ),
    })
    assert.equal(verdict, 'no')
    assert.deepEqual(
      results.filter((result) => result.includes('has the version v1')),
      [],
    )
  })
})
