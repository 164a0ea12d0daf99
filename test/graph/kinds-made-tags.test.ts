import { account, administratorAccess, allow, deny, policyArn, roleArn, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, open, root, team, when } from './kinds.ts'

const user = ['iam:CreateUser', 'iam:CreateAccessKey']
const tagged = [...user, 'iam:TagUser']
const red = when('StringEquals', team, 'red')
const notSelf = deny('sts:AssumeRole')
const ownAccount = when('StringEquals', 'aws:PrincipalAccount', account)

const byTags: readonly Kind[] = [
  {
    name: 'a new user with the tag that a trust policy asks for',
    expect: 'proven',
    file: dev([allow(tagged)], {}, { roles: open(red) }),
    requests: ['iam:CreateUser', 'iam:TagUser', 'iam:CreateAccessKey', 'sts:AssumeRole'],
  },
  {
    name: 'a new user that may not be tagged',
    expect: 'no',
    file: dev([allow(user)], {}, { roles: open(red) }),
  },
  {
    name: 'a new user that may have another tag alone',
    expect: 'no',
    file: dev(
      [
        allow('iam:CreateAccessKey'),
        allow(['iam:CreateUser', 'iam:TagUser'], '*', when('StringEquals', 'aws:RequestTag/team', 'blue')),
      ],
      {},
      { roles: open(red) },
    ),
  },
  {
    name: 'a new user that must have a further tag',
    expect: 'proven',
    file: dev(
      [
        allow('iam:CreateAccessKey'),
        allow(['iam:CreateUser', 'iam:TagUser'], '*', when('StringEquals', 'aws:RequestTag/env', 'dev')),
      ],
      {},
      { roles: open(red) },
    ),
  },
  {
    name: 'a new user that is tagged once it is there',
    expect: 'proven',
    file: dev(
      [
        allow(['iam:CreateAccessKey', 'iam:TagUser']),
        allow('iam:CreateUser', '*', when('Null', 'aws:TagKeys', 'true')),
      ],
      {},
      { roles: open(red) },
    ),
  },
  {
    name: 'a new user with two tags',
    expect: 'proven',
    file: dev(
      [allow(tagged)],
      {},
      { roles: open({ StringEquals: { [team]: 'red', 'aws:PrincipalTag/level': '2' } }) },
    ),
  },
  {
    name: 'a new role with the tag that a trust policy asks for',
    expect: 'proven',
    file: dev([allow(['iam:CreateRole', 'iam:TagRole'])], {}, { roles: open(red) }),
  },
  {
    name: 'a new user with a tag and with a group that lets it assume the role',
    expect: 'proven',
    file: dev(
      [allow([...tagged, 'iam:AddUserToGroup'])],
      {},
      {
        groups: { callers: { statements: [allow('sts:AssumeRole')] } },
        roles: open(red, { AWS: root }),
      },
    ),
  },
  {
    name: 'a new user with a tag and without the group',
    expect: 'no',
    file: dev(
      [allow(tagged)],
      {},
      {
        groups: { callers: { statements: [allow('sts:AssumeRole')] } },
        roles: open(red, { AWS: root }),
      },
    ),
  },
  {
    name: 'a new user with the tag that its own policy asks for',
    expect: 'proven',
    file: dev(
      [
        allow(tagged),
        allow('iam:AttachUserPolicy', '*', when('ArnEquals', 'iam:PolicyARN', policyArn('callers'))),
      ],
      {},
      {
        policies: { callers: [allow('sts:AssumeRole', roleArn('adm'), red)] },
        roles: open({}, { AWS: root }),
      },
    ),
  },
  {
    name: 'a new user with a tag that a Deny asks for',
    expect: 'proven',
    file: dev(
      [allow(tagged), notSelf],
      {},
      {
        roles: {
          adm: {
            trust: [
              { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole', Condition: ownAccount },
              {
                Effect: 'Deny',
                Principal: { AWS: '*' },
                Action: 'sts:AssumeRole',
                Condition: when('StringNotEquals', team, 'red'),
              },
            ],
            attached: [administratorAccess],
          },
        },
      },
    ),
  },
]

const sandbox = allow(
  ['iam:CreateUser', 'iam:TagUser'],
  '*',
  when('StringEquals', 'aws:RequestTag/env', 'sandbox'),
)
const notSandbox = when('StringNotEquals', 'aws:PrincipalTag/env', 'sandbox')
const byForce: readonly Kind[] = [
  {
    name: 'a new user that must have a tag which is let in nowhere',
    expect: 'no',
    file: dev([sandbox, allow('iam:CreateAccessKey'), notSelf], {}, { roles: open(notSandbox) }),
  },
  {
    name: 'a new user that must have another tag',
    expect: 'proven',
    file: dev(
      [sandbox, allow('iam:CreateAccessKey'), notSelf],
      {},
      { roles: open(when('StringNotEquals', 'aws:PrincipalTag/env', 'prod')) },
    ),
  },
  {
    name: 'a new user that must have a tag to get a key, and is let in nowhere with it',
    expect: 'no',
    file: dev(
      [
        allow('iam:CreateUser'),
        allow('iam:TagUser', '*', when('StringEquals', 'aws:RequestTag/env', 'sandbox')),
        allow('iam:CreateAccessKey', '*', when('StringEquals', 'aws:ResourceTag/env', 'sandbox')),
        notSelf,
      ],
      {},
      { roles: open(notSandbox) },
    ),
  },
  {
    name: 'a new user that must have a tag to get a key, and another one afterwards',
    expect: 'proven',
    file: dev(
      [
        allow(['iam:CreateUser', 'iam:TagUser']),
        allow('iam:CreateAccessKey', '*', when('StringEquals', 'aws:ResourceTag/env', 'sandbox')),
        notSelf,
      ],
      {},
      { roles: open(notSandbox) },
    ),
  },
  {
    name: 'a new user that must have a tag with which its own policy refuses everything',
    expect: 'no',
    file: dev(
      [
        sandbox,
        allow('iam:CreateAccessKey'),
        allow('iam:AttachUserPolicy', '*', when('ArnEquals', 'iam:PolicyARN', policyArn('most'))),
        notSelf,
      ],
      {},
      {
        policies: {
          most: [
            allow('sts:AssumeRole'),
            deny('sts:AssumeRole', '*', when('StringEquals', 'aws:PrincipalTag/env', 'sandbox')),
          ],
        },
        roles: open({}, { AWS: root }),
      },
    ),
  },
]

/** A role that lets in everyone who meets a condition. */
const lettingIn = (operator: string, key: string, value: unknown) => [
  {
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 'sts:AssumeRole',
    Condition: when(operator, key, value),
  },
]
const made = when('StringEquals', 'aws:ResourceTag/made', 'x')
const byMany: readonly Kind[] = [
  {
    name: 'a new user with the last of many tags, which it gets as it is made',
    expect: 'proven',
    file: dev(
      [
        allow(['iam:CreateUser', 'iam:TagUser'], userArn('x-*')),
        allow('iam:CreateAccessKey', '*', made),
        deny('iam:TagUser', '*', made),
        notSelf,
      ],
      {},
      {
        roles: {
          many: {
            trust: lettingIn(
              'StringEquals',
              'aws:PrincipalTag/k',
              Array.from({ length: 55 }, (_, place) => `v${place}`),
            ),
          },
          named: { trust: lettingIn('ArnEquals', 'aws:PrincipalArn', [userArn('one'), userArn('two')]) },
          ...adm(lettingIn('StringEquals', 'aws:PrincipalTag/k', 'last')),
        },
      },
    ),
  },
]

describeKinds({
  'new principals by many tags': byMany,
  'new principals by tags': byTags,
  'new principals with tags that they must have': byForce,
})
