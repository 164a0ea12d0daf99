import { account, allow, deny, policyArn, roleArn, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, root, team, trusted, when } from './kinds.ts'

const group = (name: string) => `arn:aws:iam::${account}:group/${name}`
const _ec2 = { Service: 'ec2.amazonaws.com' }
const mayAssume = (condition?: object) => allow('sts:AssumeRole', roleArn('*'), condition)
const likeMe = mayAssume(when('StringEquals', 'aws:ResourceTag/team', '${aws:PrincipalTag/team}'))
const tags = (condition?: object) => allow('iam:TagUser', userArn('dev'), condition)
const writes = (condition?: object) => allow('iam:PutUserPolicy', userArn('dev'), condition)
const ops = { roles: adm({ AWS: root }, { tags: { team: 'ops' } }) }
const blue = { tags: { team: 'blue' } }

const groups: readonly Kind[] = [
  ...(['iam:PutGroupPolicy', 'iam:AttachGroupPolicy'] as const).map((action) => ({
    name: `a new group and ${action}`,
    expect: 'proven' as const,
    file: dev([allow(['iam:CreateGroup', action, 'iam:AddUserToGroup'], group('new-*'))]),
  })),
  {
    name: 'a new group of a name that cannot be joined',
    expect: 'no',
    file: dev([
      allow(['iam:CreateGroup', 'iam:PutGroupPolicy'], group('new-*')),
      allow('iam:AddUserToGroup', group('old-*')),
    ]),
  },
  {
    name: 'a new group of a name that exists',
    expect: 'no',
    file: dev(
      [
        allow(['iam:CreateGroup', 'iam:AddUserToGroup'], group('team')),
        allow('iam:PutGroupPolicy', group('te*')),
        deny('iam:AddUserToGroup', group('team'), when('StringEquals', 'aws:username', 'dev')),
      ],
      {},
      { groups: { Team: {} } },
    ),
  },
  {
    name: 'a new group for a user that is reached, whose boundary is none',
    expect: 'proven',
    file: dev(
      [
        allow(['iam:CreateGroup', 'iam:PutGroupPolicy', 'iam:AddUserToGroup'], group('new')),
        allow('iam:CreateAccessKey', userArn('bob')),
      ],
      { boundary: policyArn('edge') },
      { policies: { edge: [allow('iam:*Group*'), allow('iam:CreateAccessKey')] }, users: { bob: {} } },
    ),
  },
  {
    name: 'ten groups, of which one in the middle may be left',
    expect: 'proven',
    file: dev(
      [allow('iam:AddUserToGroup', group('admins')), allow('iam:RemoveUserFromGroup', group('g7'))],
      { groups: Array.from({ length: 10 }, (_, place) => `g${place}`) },
      {
        groups: {
          ...Object.fromEntries(Array.from({ length: 10 }, (_, place) => [`g${place}`, {}])),
          admins: { statements: [allow('*')] },
        },
      },
    ),
  },
]

const tagged: readonly Kind[] = [
  { name: 'the tag of a role, on oneself', expect: 'proven', file: dev([likeMe, tags()], blue, ops) },
  {
    name: 'the tag of a role, on oneself, where another value alone may be written',
    expect: 'no',
    file: dev([likeMe, tags(when('StringEquals', 'aws:RequestTag/team', 'qa'))], blue, ops),
  },
  {
    name: 'a tag in the Resource of an Allow',
    expect: 'proven',
    file: dev([allow('sts:AssumeRole', roleArn('${aws:PrincipalTag/team}m')), tags()], blue, ops),
  },
  {
    name: 'a tag in the NotResource of a Deny',
    expect: 'proven',
    file: dev(
      [
        mayAssume(),
        { Effect: 'Deny', Action: 'sts:AssumeRole', NotResource: roleArn('${aws:PrincipalTag/team}') },
        tags(),
      ],
      blue,
      ops,
    ),
  },
  {
    name: 'a tag that must be absent',
    expect: 'proven',
    file: dev([mayAssume(when('Null', team, 'true')), allow('iam:UntagUser', userArn('dev'))], blue, ops),
  },
  {
    name: 'a tag beside another one that the request must have',
    expect: 'proven',
    file: dev([likeMe, tags(when('StringEquals', 'aws:RequestTag/owner', '${aws:username}'))], blue, ops),
  },
  {
    name: 'a tag beside another key that must be among those of the request',
    expect: 'proven',
    file: dev([likeMe, tags(when('ForAnyValue:StringEquals', 'aws:TagKeys', ['cost']))], blue, ops),
  },
  {
    name: 'a tag of which the request may have no other key',
    expect: 'no',
    file: dev([likeMe, tags(when('ForAllValues:StringEquals', 'aws:TagKeys', ['cost']))], blue, ops),
  },
  {
    name: 'the tag that the request must have undoes the other one',
    expect: 'no',
    file: dev(
      [
        writes({ StringEquals: { [team]: 'red', 'aws:PrincipalTag/owner': 'ops' } }),
        tags(when('StringEquals', 'aws:RequestTag/owner', 'dev')),
      ],
      { tags: { owner: 'ops' } },
    ),
  },
  {
    name: 'a tag of oneself as the resource',
    expect: 'proven',
    file: dev([writes(when('StringEquals', 'iam:ResourceTag/self', 'yes')), tags()]),
  },
  {
    name: 'a tag of oneself that the tag itself guards',
    expect: 'no',
    file: dev([
      writes(when('StringEquals', 'iam:ResourceTag/self', 'yes')),
      tags(when('StringEquals', 'aws:ResourceTag/self', 'yes')),
    ]),
  },
  {
    name: 'a tag of a policy, which nobody knows',
    expect: 'conditional',
    keys: ['aws:ResourceTag/x'],
    file: dev(
      [],
      { attached: [policyArn('own')] },
      {
        policies: {
          own: [
            allow(
              'iam:CreatePolicyVersion',
              policyArn('own'),
              when('StringEquals', 'aws:ResourceTag/x', 'y'),
            ),
          ],
        },
      },
    ),
  },
  {
    name: 'a tag of a policy, which the attacker writes',
    expect: 'proven',
    file: dev(
      [allow('iam:TagPolicy', policyArn('own'))],
      { attached: [policyArn('own')] },
      {
        policies: {
          own: [
            allow(
              'iam:CreatePolicyVersion',
              policyArn('own'),
              when('StringEquals', 'aws:ResourceTag/x', 'y'),
            ),
          ],
        },
      },
    ),
  },
]

const session = `arn:aws:sts::${account}:assumed-role/mid/job`
const named = (condition?: object) => [
  {
    Effect: 'Allow',
    Principal: { AWS: userArn('dev') },
    Action: 'sts:AssumeRole',
    ...(condition === undefined ? {} : { Condition: condition }),
  },
]

const sessions: readonly Kind[] = [
  {
    name: 'a session that a trust policy names',
    expect: 'proven',
    file: dev([], {}, { roles: { mid: { trust: named() }, ...adm({ AWS: session }) } }),
  },
  {
    name: 'a session that a trust policy names, and that cannot be named so',
    expect: 'no',
    file: dev(
      [],
      {},
      {
        roles: {
          mid: { trust: named(when('StringEquals', 'sts:RoleSessionName', 'web')) },
          ...adm({ AWS: session }),
        },
      },
    ),
  },
  {
    name: 'a session that a trust policy names, whose name fits what its role asks for',
    expect: 'proven',
    file: dev(
      [],
      {},
      {
        roles: {
          mid: { trust: named(when('StringLike', 'sts:RoleSessionName', 'j*')) },
          ...adm({ AWS: session }),
        },
      },
    ),
  },
  {
    name: 'a session of a token that a trust policy names, and that cannot be named so',
    expect: 'no',
    from: `arn:aws:iam::${account}:oidc-provider/login.example.com`,
    file: {
      roles: {
        mid: {
          trust: [
            {
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/login.example.com` },
              Action: 'sts:AssumeRoleWithWebIdentity',
              Condition: when('StringEquals', 'sts:RoleSessionName', 'web'),
            },
          ],
        },
        ...adm({ AWS: session }),
      },
    },
  },
  {
    name: 'an id with the name of the user as the name of the session',
    expect: 'proven',
    file: dev(
      [],
      {},
      {
        roles: {
          mid: {
            trust: named(when('StringEquals', 'sts:RoleSessionName', '${aws:username}')),
            statements: [mayAssume()],
          },
          adm: {
            ...adm({}).adm,
            trust: [
              {
                Effect: 'Allow',
                Principal: { AWS: root },
                Action: 'sts:AssumeRole',
                Condition: when('StringLike', 'aws:userid', 'AROAMIDAAAAAAAAAAAAAA:dev'),
              },
            ],
          },
        },
      },
    ),
  },
  {
    name: 'an external id that is not wanted',
    expect: 'proven',
    file: trusted(when('StringNotEquals', 'sts:ExternalId', 'x1')),
  },
  {
    name: 'an external id of any text',
    expect: 'proven',
    file: trusted(when('Null', 'sts:ExternalId', 'false')),
  },
  {
    name: 'an external id of a pattern',
    expect: 'conditional',
    keys: ['sts:ExternalId'],
    file: trusted(when('StringLike', 'sts:ExternalId', 'a-*')),
  },
]

const systemTag = 'aws:PrincipalTag/aws:cloudformation:stack-name'
const system: readonly Kind[] = [
  {
    name: 'a tag that only AWS writes',
    expect: 'no',
    file: dev([tags(), mayAssume(when('StringEquals', systemTag, 'web'))], {}, ops),
  },
  {
    name: 'a session tag of a key that only AWS writes',
    expect: 'no',
    file: dev(
      [allow(['sts:AssumeRole', 'sts:TagSession'], roleArn('hub'))],
      {},
      {
        roles: {
          ...adm({ AWS: root }),
          hub: {
            trust: [
              { Effect: 'Allow', Principal: { AWS: root }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
            ],
            statements: [mayAssume(when('StringEquals', systemTag, 'web'))],
          },
        },
      },
    ),
  },
]

describeKinds({
  'tags that only AWS writes': system,
  'new groups, and quotas of groups': groups,
  'tags that are written and taken away': tagged,
  'names of sessions, and external ids': sessions,
})
