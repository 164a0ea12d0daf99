import {
  account,
  administratorAccess,
  allow,
  deny,
  denyAllBut,
  policyArn,
  roleArn,
  type Statement,
  userArn,
} from './account-file.ts'
import { adm, describeKinds, dev, type Kind, lambda, many, passes, passing, root, when } from './kinds.ts'

const group = (name: string) => `arn:aws:iam::${account}:group/${name}`
const equals = (key: string, value: string) => when('StringEquals', key, value)
const is = (name: string) => equals('aws:username', name)
const tagged = (value: string) => equals('aws:PrincipalTag/team', value)
const resource = (value: string) => equals('aws:ResourceTag/team', value)
const writing = (value: string) => equals('aws:RequestTag/team', value)
const assumes = allow('sts:AssumeRole', roleArn('adm'), is('bob'))
const key = (condition?: object) => allow('iam:CreateAccessKey', userArn('bob'), condition)
const sets = (condition?: object) => allow('iam:SetDefaultPolicyVersion', policyArn('both'), condition)

/** A policy of dev and bob, of which another version lets dev come to bob. */
const versions = (second: readonly Statement[]) => ({
  users: { dev: { attached: [policyArn('both')] }, bob: { attached: [policyArn('both')] } },
  policies: { both: { versions: { v1: [sets(), assumes], v2: [key(is('dev')), ...second] }, default: 'v1' } },
  roles: adm({ AWS: root }),
})
/** A policy of a group of dev and bob that keeps dev from bob. */
const detaches = (statements: readonly Statement[]) => ({
  users: { dev: { groups: ['team'], statements: [key(), ...statements] }, bob: { groups: ['team'] } },
  groups: { team: { attached: [policyArn('both')] } },
  policies: { both: [deny('iam:CreateAccessKey', '*', is('dev')), assumes] },
  roles: adm({ AWS: root }),
})
/** A role that lets dev in with one tag, and has its power with another. */
const role = (own: readonly Statement[], more: readonly Statement[] = []) =>
  dev(
    [allow('sts:AssumeRole', roleArn('hub'), resource('a')), ...own],
    {},
    {
      roles: {
        hub: {
          trust: { AWS: root },
          tags: { team: 'b' },
          statements: [allow('iam:PutRolePolicy', roleArn('hub'), tagged('b')), ...more],
        },
      },
    },
  )
const toA = allow('iam:TagRole', roleArn('hub'), writing('a'))
/** A user who lets dev in with a tag that no other policy reads. */
const opened = (statements: readonly Statement[], more: object = {}) =>
  dev(
    [allow('iam:TagUser', userArn('bob'), writing('a')), key(resource('a'))],
    {},
    {
      users: { bob: { tags: { team: 'b' }, statements } },
      ...more,
    },
  )

const ofOthers: readonly Kind[] = [
  {
    name: 'a tag that lets one in, of a user who changes itself',
    expect: 'proven',
    file: opened([allow('iam:PutUserPolicy', userArn('bob'))]),
  },
  {
    name: 'a tag that lets one in, of a user who assumes a role',
    expect: 'proven',
    file: opened([allow('sts:AssumeRole', roleArn('adm'))], { roles: adm({ AWS: root }) }),
  },
  {
    name: 'a tag that lets one in, of a user who passes a role',
    expect: 'proven',
    file: opened([passes(), allow('lambda:*')], { roles: adm(lambda) }),
  },
  {
    name: 'a tag that lets one in, of a user whose role asks for the tag before',
    expect: 'no',
    file: opened([allow('sts:AssumeRole', roleArn('adm'))], {
      roles: {
        adm: {
          trust: [
            { Effect: 'Allow', Principal: { AWS: root }, Action: 'sts:AssumeRole', Condition: tagged('b') },
          ],
          attached: [administratorAccess],
        },
      },
    }),
  },
  { name: 'a version in which bob may do nothing', expect: 'no', file: versions([]) },
  { name: 'a version that dev may replace again', expect: 'proven', file: versions([sets(is('dev'))]) },
  { name: 'a version that bob may replace again', expect: 'proven', file: versions([sets(is('bob'))]) },
  {
    name: 'a version in which bob may do nothing, and a role on the way to bob',
    expect: 'no',
    file: {
      users: { dev: { attached: [policyArn('both')] }, bob: { attached: [policyArn('both')] } },
      policies: {
        both: {
          versions: { v1: [sets(), assumes], v2: [allow('sts:AssumeRole', roleArn('hub'), is('dev'))] },
          default: 'v1',
        },
      },
      roles: { ...adm({ AWS: root }), hub: { trust: { AWS: root }, statements: [key()] } },
    },
  },
  {
    name: 'a policy of a group that dev and bob are in, detached',
    expect: 'no',
    file: detaches([allow('iam:DetachGroupPolicy', group('team'))]),
  },
  {
    name: 'a policy of a group, detached and attached again',
    expect: 'proven',
    file: detaches([
      allow(
        ['iam:DetachGroupPolicy', 'iam:AttachGroupPolicy'],
        group('team'),
        when('ArnEquals', 'iam:PolicyARN', policyArn('both')),
      ),
    ]),
  },
  { name: 'a tag of a role that takes its power', expect: 'no', file: role([toA]) },
  {
    name: 'a tag of a role that the role takes back',
    expect: 'proven',
    file: role([toA], [allow('iam:TagRole', roleArn('hub'))]),
  },
  {
    name: 'a tag of a role that dev takes back',
    expect: 'proven',
    file: role([allow('iam:TagRole', roleArn('hub'))]),
  },
  ...(['no', 'proven'] as const).map((expect) => ({
    name: `a tag of a user that takes its power, which dev ${expect === 'no' ? 'cannot' : 'can'} take back`,
    expect,
    file: dev(
      [key(resource('a')), allow('iam:TagUser', userArn('bob'), expect === 'no' ? writing('a') : undefined)],
      {},
      {
        users: {
          bob: { tags: { team: 'b' }, statements: [allow('sts:AssumeRole', roleArn('adm'), tagged('b'))] },
        },
        roles: adm({ AWS: root }),
      },
    ),
  })),
]

/** dev comes to a role with a tag of its own, and the role gives something to dev. */
const returns = (
  own: readonly Statement[],
  hub: readonly Statement[],
  trust: object = { AWS: root },
  attached: readonly Statement[] = [],
) =>
  dev(
    [
      allow('iam:TagUser', userArn('dev'), writing('a')),
      allow('sts:AssumeRole', roleArn('hub'), tagged('a')),
      ...own,
    ],
    { tags: { team: 'b' }, attached: [policyArn('own')] },
    { roles: { ...adm(trust), hub: { trust: { AWS: root }, statements: hub } }, policies: { own: attached } },
  )
const put = [allow('iam:PutUserPolicy', userArn('dev'))]
const opens = [allow('iam:UpdateAssumeRolePolicy', roleArn('adm')), deny('sts:AssumeRole', roleArn('adm'))]
const shut = deny('sts:AssumeRole', roleArn('adm'), tagged('a'))
const ec2 = { Service: 'ec2.amazonaws.com' }
/** dev must leave a group to come to bob, who gives dev a policy. */
const leaves = (more: readonly string[]) =>
  dev(
    [allow(['iam:RemoveUserFromGroup', ...more], group('team')), key()],
    { groups: ['team'] },
    {
      users: {
        bob: {
          statements: [
            allow(
              'iam:AttachUserPolicy',
              userArn('dev'),
              when('ArnEquals', 'iam:PolicyARN', policyArn('made')),
            ),
          ],
        },
      },
      groups: { team: { statements: [deny('iam:CreateAccessKey'), passes()] } },
      policies: { made: [allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])] },
      roles: adm(lambda),
    },
  )

const ofOneself: readonly Kind[] = [
  {
    name: 'a policy that a role writes for dev, whom the tag that led to it shuts out',
    expect: 'no',
    file: returns([], put, ec2, [denyAllBut('sts:AssumeRole', tagged('a'))]),
  },
  {
    name: 'the same, and the policy that shuts it out is one that the role replaces [GRD-810]',
    expect: 'proven',
    file: returns([denyAllBut('sts:AssumeRole', tagged('a'))], put, ec2),
  },
  {
    name: 'a policy that a role writes for dev, who can write another tag with it',
    expect: 'proven',
    file: returns([denyAllBut(['sts:AssumeRole', 'iam:TagUser'], tagged('a'))], put),
  },
  {
    name: 'a trust policy that a role writes for dev, whom the tag that led to it shuts out',
    expect: 'no',
    file: returns([shut], opens, ec2),
  },
  {
    name: 'a trust policy that a role writes for dev, who can take the tag away',
    expect: 'proven',
    file: returns([shut, allow('iam:UntagUser', userArn('dev'))], opens, ec2),
  },
  ...(['no', 'proven'] as const).map((expect) => ({
    name: `a key that dev makes after a role, ${expect === 'no' ? 'without' : 'with'} its own tag again`,
    expect,
    file: dev(
      [
        allow('iam:TagUser', userArn('dev'), writing('a')),
        allow('sts:AssumeRole', roleArn('hub'), tagged('a')),
        key({ StringEquals: { 'aws:PrincipalTag/team': 'b', 'aws:ResourceTag/open': 'yes' } }),
      ],
      { tags: { team: 'b' } },
      {
        users: { bob: { attached: [administratorAccess] } },
        roles: {
          hub: {
            trust: { AWS: root },
            statements: [
              allow('iam:TagUser', expect === 'no' ? userArn('bob') : [userArn('bob'), userArn('dev')]),
            ],
          },
        },
      },
    ),
  })),
  {
    name: 'a boundary that leads to a role, and is in the way of what the role gives',
    expect: 'no',
    file: dev(
      [
        allow(
          'iam:PutUserPermissionsBoundary',
          userArn('dev'),
          equals('iam:PermissionsBoundary', policyArn('narrow')),
        ),
        allow('sts:AssumeRole', roleArn('hub')),
      ],
      { boundary: policyArn('wide') },
      {
        policies: { wide: [allow('iam:Put*')], narrow: [allow('sts:*')] },
        roles: { hub: { trust: { AWS: root }, statements: put } },
      },
    ),
  },
  { name: 'a group that is left, and needed later', expect: 'no', file: leaves([]) },
  {
    name: 'a group that is left, joined again and needed later',
    expect: 'proven',
    file: leaves(['iam:AddUserToGroup']),
  },
]

const many12 = many(12, (place) => `made${place}`)
const issued = (earliest: string) => when('DateLessThan', 'aws:TokenIssueTime', earliest)

/** A session of hub has the tag that dev has. */
const passesOn = (statements: readonly Statement[]) =>
  dev(
    [allow(['sts:AssumeRole', 'sts:TagSession'], roleArn('hub')), ...statements],
    { tags: { cost: '7' } },
    {
      roles: {
        ...adm([
          {
            Effect: 'Allow',
            Principal: { AWS: roleArn('hub') },
            Action: 'sts:AssumeRole',
            Condition: equals('aws:PrincipalTag/cost', '8'),
          },
        ]),
        hub: {
          trust: [
            {
              Effect: 'Allow',
              Principal: { AWS: root },
              Action: ['sts:AssumeRole', 'sts:TagSession'],
              Condition: equals('aws:RequestTag/cost', '${aws:PrincipalTag/cost}'),
            },
          ],
        },
      },
    },
  )

const together: readonly Kind[] = [
  ...(['no', 'proven'] as const).map((expect) => ({
    name: `a function whose policy lets in a tag, which dev ${expect === 'no' ? 'cannot' : 'can'} write`,
    expect,
    file: dev([allow('iam:TagUser', userArn(expect === 'no' ? 'bob' : 'dev'))], {}, { roles: adm(lambda) }),
    resources: [
      {
        type: 'AWS::Lambda::Function',
        arn: `arn:aws:lambda:eu-west-1:${account}:function:app`,
        role: roleArn('adm'),
        invokedBy: 'a schedule',
        policy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 'lambda:UpdateFunctionCode',
              Resource: `arn:aws:lambda:eu-west-1:${account}:function:app`,
              Condition: { StringEquals: { 'aws:PrincipalAccount': account, 'aws:PrincipalTag/app': 'yes' } },
            },
          ],
        },
      },
    ],
  })),
  { name: 'a session tag that is a tag of the user', expect: 'no', file: passesOn([]) },
  {
    name: 'a session tag that is a tag of the user, which the user may change',
    expect: 'proven',
    file: passesOn([allow('iam:TagUser', userArn('dev'))]),
  },
  {
    name: 'two policies of twelve that may be attached',
    expect: 'proven',
    file: dev(
      [allow('iam:AttachUserPolicy', userArn('dev'), when('ArnLike', 'iam:PolicyARN', policyArn('made*')))],
      {},
      {
        policies: Object.fromEntries(
          many12.map((name, place) => [
            name,
            [
              place === 2
                ? passes()
                : place === 11
                  ? allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])
                  : allow('iam:CreateRole', roleArn(name)),
            ],
          ]),
        ),
        roles: adm(lambda),
      },
    ),
  },
  {
    name: 'a session that is begun now, where those of long ago are revoked',
    expect: 'proven',
    file: passing(undefined, undefined, { statements: [deny('*', '*', issued('2025-06-01T00:00:00Z'))] }),
  },
  {
    name: 'a session that is begun now, where those of long ago alone are let in',
    expect: 'no',
    file: dev(
      [allow('sts:AssumeRole', roleArn('hub'))],
      {},
      {
        roles: {
          hub: {
            trust: { AWS: root },
            statements: [allow('iam:PutRolePolicy', roleArn('hub'), issued('2025-06-01T00:00:00Z'))],
          },
        },
      },
    ),
  },
]

describeKinds({
  'what changes take from others': ofOthers,
  'what changes take from oneself, after another has given something': ofOneself,
  'what can be had together': together,
})
