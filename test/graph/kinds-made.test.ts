import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf } from '../../packages/server/src/graph/index.ts'
import {
  type AccountFile,
  account,
  administratorAccess,
  allow,
  deny,
  policyArn,
  roleArn,
  userArn,
  worldOf,
} from './account-file.ts'
import { describeKinds, dev, type Kind, lambda, open, root, when } from './kinds.ts'

const like = (arn: string) => when('ArnLike', 'aws:PrincipalArn', arn)
const user = ['iam:CreateUser', 'iam:CreateAccessKey']
const notSelf = deny('sts:AssumeRole')
const ownAccount = when('StringEquals', 'aws:PrincipalAccount', account)

const named: readonly Kind[] = [
  {
    name: 'a new user of the name that a trust policy lets in',
    expect: 'proven',
    file: dev([allow(user, userArn('ci-*'))], {}, { roles: open(like(userArn('ci-*'))) }),
    requests: ['iam:CreateUser', 'iam:CreateAccessKey', 'sts:AssumeRole'],
  },
  {
    name: 'a new user with a password',
    expect: 'proven',
    file: dev(
      [allow(['iam:CreateUser', 'iam:CreateLoginProfile'], userArn('ci-*'))],
      {},
      { roles: open(like(userArn('ci-*'))) },
    ),
  },
  {
    name: 'a new user without credentials',
    expect: 'no',
    file: dev([allow('iam:CreateUser', userArn('ci-*'))], {}, { roles: open(like(userArn('ci-*'))) }),
  },
  {
    name: 'a new user of another name',
    expect: 'no',
    file: dev([allow(user, userArn('app-*'))], {}, { roles: open(like(userArn('ci-*'))) }),
  },
  {
    name: 'a new user where the account is trusted, so that a policy of the user must allow it',
    expect: 'no',
    file: dev([allow(user)], {}, { roles: open(like(userArn('ci-*')), { AWS: root }) }),
  },
  {
    name: 'a new role of the name that a trust policy lets in',
    expect: 'proven',
    file: dev([allow('iam:CreateRole', roleArn('ci-*'))], {}, { roles: open(like(roleArn('ci-*'))) }),
  },
  {
    name: 'a new role where a user is let in',
    expect: 'no',
    file: dev([allow('iam:CreateRole')], {}, { roles: open(like(userArn('ci-*'))) }),
  },
  {
    name: 'a new user of the name that the policy of a function lets in',
    expect: 'proven',
    file: dev(
      [allow(user, userArn('ci-*'))],
      {},
      { roles: { adm: { trust: lambda, attached: [administratorAccess] } } },
    ),
    resources: [
      {
        type: 'AWS::Lambda::Function',
        arn: `arn:aws:lambda:eu-west-1:${account}:function:pay`,
        role: roleArn('adm'),
        policy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: ['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'],
              Resource: `arn:aws:lambda:eu-west-1:${account}:function:pay`,
              Condition: like(userArn('ci-*')),
            },
          ],
        },
      },
    ],
  },
  {
    name: 'a new user that no Deny of the attacker stops',
    expect: 'proven',
    file: dev([allow(user), notSelf], {}, { roles: open(ownAccount) }),
  },
  {
    name: 'nobody that no Deny of the attacker stops',
    expect: 'no',
    file: dev([allow('iam:CreateUser'), notSelf], {}, { roles: open(ownAccount) }),
  },
  {
    name: 'a new user that a trust policy of the attacker lets in',
    expect: 'proven',
    file: dev(
      [allow(user), allow('iam:UpdateAssumeRolePolicy'), notSelf],
      {},
      { roles: { adm: { trust: lambda, attached: [administratorAccess] } } },
    ),
  },
]

const keyless = when('Null', 'aws:MultiFactorAuthPresent', 'true')
const userId = (operator: string, value: string) => when(operator, 'aws:userid', value)
const namedDev = deny('sts:AssumeRole', '*', when('StringNotEquals', 'sts:RoleSessionName', 'dev'))
const bySessions: readonly Kind[] = [
  {
    name: 'a new user with an access key, where no session is let in',
    expect: 'proven',
    file: dev([allow(user), notSelf], {}, { roles: open(keyless) }),
  },
  {
    name: 'a new user with a password, where no session is let in',
    expect: 'no',
    file: dev([allow(['iam:CreateUser', 'iam:CreateLoginProfile']), notSelf], {}, { roles: open(keyless) }),
  },
  {
    name: 'a new user with a password, where sessions are let in',
    expect: 'proven',
    file: dev(
      [allow(['iam:CreateUser', 'iam:CreateLoginProfile']), notSelf],
      {},
      { roles: open(when('Bool', 'aws:MultiFactorAuthPresent', 'false')) },
    ),
  },
  {
    name: 'a new role in a session of the name that a trust policy asks for',
    expect: 'proven',
    file: dev([allow('iam:CreateRole')], {}, { roles: open(userId('StringLike', 'AROA*:special')) }),
  },
  {
    name: 'a new role, and a session of it must have that name',
    expect: 'proven',
    file: dev([allow('iam:CreateRole'), namedDev], {}, { roles: open(userId('StringLike', 'AROA*:dev')) }),
  },
  {
    name: 'a new role, and a session of it must have another name',
    expect: 'no',
    file: dev([allow('iam:CreateRole'), namedDev], {}, { roles: open(userId('StringLike', 'AROA*:omen')) }),
  },
  {
    name: 'a new role, and the name that a session of it must have is refused',
    expect: 'no',
    file: dev(
      [allow('iam:CreateRole'), namedDev],
      {},
      { roles: open({ ...userId('StringNotLike', '*:dev'), ...userId('StringLike', 'AROA*') }) },
    ),
  },
]

describeKinds({
  'new principals by name': named,
  'new principals and how they are held': bySessions,
})

/** The new principals in the list of what dev can become. */
function madeIn(file: AccountFile): readonly (readonly [string, string, boolean])[] {
  const graph = graphOf(worldOf(file), techniqueTable())
  const found = graph.reach(graph.find(userArn('dev'))!, { hasNew: true })
  return found.flatMap(({ principal: { type }, verdict, isAdministrator, isNew }) =>
    isNew === true ? [[type, verdict, isAdministrator] as const] : [],
  )
}

describe('the list of what one can become', () => {
  test('has the surest new principal of each kind, and the surest administrator', () => {
    const gives = allow('iam:AttachUserPolicy', '*', when('ArnEquals', 'iam:PolicyARN', policyArn('lists')))
    const writes = allow('iam:PutUserPolicy', '*', when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'))
    const policies = { lists: [allow('iam:CreateAccessKey')] }
    assert.deepEqual(madeIn(dev([allow('s3:*')])), [])
    assert.deepEqual(madeIn(dev([allow(user), gives], {}, { policies })), [['user', 'proven', false]])
    assert.deepEqual(madeIn(dev([allow(user), gives, writes], {}, { policies })), [
      ['user', 'proven', false],
      ['user', 'conditional', true],
    ])
    const makesRoles = allow(['iam:CreateRole', 'iam:AttachRolePolicy'])
    assert.deepEqual(madeIn(dev([allow(user), gives, makesRoles], {}, { policies })), [
      ['user', 'proven', false],
      ['role', 'proven', true],
    ])
  })
})
