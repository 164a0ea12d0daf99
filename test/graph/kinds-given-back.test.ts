import { account, allow, deny, policyArn, roleArn, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, root, when } from './kinds.ts'

const group = (name: string) => `arn:aws:iam::${account}:group/${name}`
const equals = (key: string, value: string) => when('StringEquals', key, value)
const keys = (...names: readonly string[]) => when('ForAllValues:StringEquals', 'aws:TagKeys', names)
const ops = equals('aws:ResourceTag/team', 'ops')
const toAdm = allow('sts:AssumeRole', roleArn('adm'), ops)
const tagsAdm = allow('iam:TagRole', roleArn('adm'))
const notTags = deny('iam:TagRole', '*')

/** What forbids to write a tag is taken away, and gives what the tag is for. */
const givenBack: readonly Kind[] = [
  ...(['no', 'proven'] as const).map((expect) => ({
    name: `a group that is left for a tag${expect === 'no' ? '' : ' and joined again'}`,
    expect,
    file: dev(
      [
        allow(['iam:RemoveUserFromGroup', ...(expect === 'no' ? [] : ['iam:AddUserToGroup'])], group('team')),
        tagsAdm,
      ],
      { groups: ['team'] },
      { groups: { team: { statements: [notTags, toAdm] } }, roles: adm({ AWS: root }) },
    ),
  })),
  {
    name: 'a policy that is detached for a tag and attached again',
    expect: 'proven',
    file: dev(
      [allow(['iam:DetachUserPolicy', 'iam:AttachUserPolicy'], userArn('dev')), tagsAdm],
      { attached: [policyArn('both')] },
      { policies: { both: [notTags, toAdm] }, roles: adm({ AWS: root }) },
    ),
  },
  {
    name: 'a boundary that is replaced for a tag and set again',
    expect: 'proven',
    file: dev(
      [
        allow(
          'iam:PutUserPermissionsBoundary',
          userArn('dev'),
          when('StringEquals', 'iam:PermissionsBoundary', [policyArn('one'), policyArn('two')]),
        ),
        tagsAdm,
        toAdm,
      ],
      { boundary: policyArn('one') },
      {
        policies: {
          one: [allow(['sts:AssumeRole', 'iam:PutUserPermissionsBoundary'])],
          two: [allow(['iam:TagRole', 'iam:PutUserPermissionsBoundary'])],
        },
        roles: adm({ AWS: root }),
      },
    ),
  },
]

/** Tags of one role that no call can write together. */
const severalTags: readonly Kind[] = [
  ...(['no', 'proven'] as const).map((expect) => ({
    name: `tags of a role by dev and by a role${expect === 'no' ? ' that may write another one' : ''}`,
    expect,
    file: dev(
      [
        allow('iam:TagRole', roleArn('adm'), keys('team')),
        allow('sts:AssumeRole', roleArn('hub')),
        allow('sts:AssumeRole', roleArn('adm'), {
          StringEquals: { 'aws:ResourceTag/team': 'ops', 'aws:ResourceTag/env': 'prod' },
        }),
      ],
      {},
      {
        roles: {
          ...adm({ AWS: root }),
          hub: {
            trust: { AWS: root },
            statements: [allow('iam:TagRole', roleArn('adm'), keys(expect === 'no' ? 'stage' : 'env'))],
          },
        },
      },
    ),
  })),
  {
    name: 'a tag of oneself for one role, and a tag of another role for this one',
    expect: 'proven',
    file: dev(
      [
        allow('iam:TagUser', userArn('dev'), keys('team')),
        allow('sts:AssumeRole', roleArn('hub'), equals('aws:PrincipalTag/team', 'ops')),
        toAdm,
      ],
      {},
      {
        roles: {
          ...adm({ AWS: root }),
          hub: { trust: { AWS: root }, statements: [allow('iam:TagRole', roleArn('adm'), keys('team'))] },
        },
      },
    ),
  },
  {
    name: 'a role that may be written once it has a tag by which it is assumed',
    expect: 'proven',
    file: dev(
      [
        allow('iam:TagRole', roleArn('hub'), keys('team')),
        allow('sts:AssumeRole', roleArn('hub'), ops),
        allow('iam:PutRolePolicy', roleArn('hub'), ops),
      ],
      {},
      { roles: { hub: { trust: { AWS: root } } } },
    ),
  },
]

describeKinds({
  'what changes take and give back': givenBack,
  'tags that several calls write': severalTags,
})
