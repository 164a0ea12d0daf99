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
  denyAllBut,
  roleArn,
  type Statement,
  userArn,
  worldOf,
} from './account-file.ts'
import { adm, describeKinds, dev, type Kind, lambda, passes, root, self, when } from './kinds.ts'

const trusts = (Condition?: object, Principal: unknown = { AWS: root }): Statement => ({
  Effect: 'Allow',
  Principal,
  Action: 'sts:AssumeRole',
  ...(Condition === undefined ? {} : { Condition }),
})
const userId = (operator: string, value: unknown) => when(operator, 'aws:userid', value)
const called = (value: string) => when('StringLike', 'sts:RoleSessionName', value)
const named = called('${aws:username}')
const instance = `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`
const goesOn = [allow(['ssmmessages:*', 'sts:AssumeRole'])]

/** dev, a role between on a condition, and the administrator role by a trust policy. */
const chain = (
  between: object | undefined,
  last: readonly Statement[],
  statements: readonly Statement[] = goesOn,
): AccountFile =>
  dev(
    [allow('sts:AssumeRole', roleArn('hub'))],
    {},
    { roles: { ...adm(last), hub: { trust: [trusts(between)], statements } } },
  )
/** dev writes the trust policy of a role between; how its session is called counts for the administrator role. */
const opening = (ids: object, name?: string): AccountFile =>
  dev(
    [
      allow('iam:UpdateAssumeRolePolicy', roleArn('hub')),
      ...(name === undefined
        ? []
        : [deny('sts:AssumeRole', '*', when('StringNotEquals', 'sts:RoleSessionName', name))]),
    ],
    {},
    {
      roles: {
        ...adm({ AWS: root }),
        hub: { trust: lambda, statements: [allow('sts:AssumeRole', roleArn('adm'), ids)] },
      },
    },
  )
/** The same for bob: dev itself may assume nothing. */
const openingFor = (ids: object, name?: string): AccountFile => {
  const { users, ...file } = opening(ids, name)
  const named = deny('sts:AssumeRole', '*', when('StringNotEquals', 'sts:RoleSessionName', name ?? ''))
  return {
    ...file,
    users: {
      dev: {
        statements: [
          ...(users?.dev?.statements ?? []),
          deny('sts:AssumeRole'),
          allow('iam:CreateAccessKey', userArn('bob')),
        ],
      },
      bob: { statements: name === undefined ? [] : [named] },
    },
  }
}
const openings: readonly Kind[] = [
  {
    name: 'a role whose trust policy is written, in a session of any name',
    expect: 'proven',
    file: opening(userId('StringLike', '*:special')),
  },
  {
    name: 'the same, where the session must have that name',
    expect: 'proven',
    file: opening(userId('StringLike', '*:dev'), 'dev'),
  },
  {
    name: 'the same, where the session must have another name',
    expect: 'no',
    file: opening(userId('StringLike', '*:omen'), 'dev'),
  },
  {
    name: 'a role whose trust policy is written for a user that one comes to, in a session of any name',
    expect: 'proven',
    file: openingFor(userId('StringLike', '*:special')),
  },
  {
    name: 'the same, where the session must have another name',
    expect: 'no',
    file: openingFor(userId('StringLike', '*:omen'), 'dev'),
  },
  {
    name: 'the same, where the session must have that name',
    expect: 'proven',
    file: openingFor(userId('StringLike', '*:dev'), 'dev'),
  },
  {
    name: 'the same, where that name is refused',
    expect: 'no',
    file: opening(userId('StringNotLike', '*:dev'), 'dev'),
  },
]

/** A function with the administrator role whose policy is about sessions. */
const guarded = (statement: object) => ({
  file: dev(
    [allow('sts:AssumeRole', roleArn('hub'))],
    {},
    {
      roles: {
        ...adm(lambda),
        hub: { trust: [trusts()], statements: [allow('lambda:UpdateFunctionCode')] },
      },
    },
  ),
  resources: [
    {
      type: 'AWS::Lambda::Function',
      arn: `arn:aws:lambda:eu-west-1:${account}:function:app`,
      role: roleArn('adm'),
      invokedBy: 'a schedule',
      policy: {
        Version: '2012-10-17',
        Statement: [{ Resource: `arn:aws:lambda:eu-west-1:${account}:function:app`, ...statement }],
      },
    },
  ],
})
/** A role of EC2 that goes on to the administrator role. */
const onInstance = (condition: object, statements: readonly Statement[]): AccountFile =>
  dev(
    statements,
    {},
    {
      roles: {
        ...adm([trusts(condition, { AWS: roleArn('hub') })]),
        hub: { trust: { Service: 'ec2.amazonaws.com' }, profiles: ['hub'], statements: goesOn },
      },
    },
  )
const runs = [passes(undefined, roleArn('hub')), allow('ec2:RunInstances')]

const names: readonly Kind[] = [
  {
    name: 'a session that must be named as the user, and such a name is denied',
    expect: 'no',
    file: chain(named, [trusts(), { ...trusts(userId('StringLike', '*:dev'), '*'), Effect: 'Deny' }]),
  },
  {
    name: 'the same by a negated condition',
    expect: 'no',
    file: chain(named, [trusts(userId('StringNotLike', '*:dev*'))]),
  },
  {
    name: 'the same by a policy of the role',
    expect: 'no',
    file: chain(named, [trusts()], [...goesOn, denyAllBut('s3:*', userId('StringLike', '*:dev'))]),
  },
  {
    name: 'a session that must be named as the user, and such a name is asked for',
    expect: 'proven',
    file: chain(named, [trusts(userId('StringLike', '*:dev'))]),
  },
  {
    name: 'two names of sessions, one of which is denied',
    expect: 'proven',
    file: chain(when('StringEquals', 'sts:RoleSessionName', ['alpha', 'beta']), [
      trusts(userId('StringNotLike', '*:alpha')),
    ]),
  },
  {
    name: 'two names of sessions, both of which are denied',
    expect: 'no',
    file: chain(when('StringEquals', 'sts:RoleSessionName', ['alpha', 'beta']), [
      trusts(userId('StringNotLike', ['*:alpha', '*:be*'])),
    ]),
  },
  {
    name: 'a session that begins with one word and does not have another',
    expect: 'proven',
    file: chain(called('ci-*'), [trusts(userId('StringNotLike', '*:*omen*'))]),
  },
  {
    name: 'a pattern of user ids without a colon',
    expect: 'proven',
    file: chain(undefined, [trusts(userId('StringLike', '*deploy*'))]),
  },
  {
    name: 'a session of a service, which names it',
    expect: 'conditional',
    keys: ['aws:userid'],
    file: dev(
      [passes(undefined, roleArn('hub')), allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])],
      {},
      {
        roles: {
          ...adm([trusts(userId('StringLike', '*:ops-*'))]),
          hub: { trust: lambda, statements: goesOn },
        },
      },
    ),
  },
  {
    name: 'the session of a role that the path begins with',
    expect: 'conditional',
    keys: ['aws:userid'],
    from: 'role/hub',
    file: chain(undefined, [trusts(userId('StringLike', '*:ops-*'))]),
  },
  {
    name: 'POL-102: an instance where only an instance is let in',
    expect: 'proven',
    file: onInstance(userId('StringLike', '*:i-*'), runs),
  },
  {
    name: 'POL-102: an instance where no instance is let in',
    expect: 'no',
    file: onInstance(userId('StringNotLike', '*:i-*'), runs),
  },
  {
    name: 'POL-102: a new instance where another one is let in',
    expect: 'no',
    file: onInstance(userId('StringLike', '*:i-0123456789abcdef0'), runs),
  },
  {
    name: 'POL-102: the instance that is let in',
    expect: 'proven',
    file: onInstance(userId('StringLike', '*:i-0123456789abcdef0'), [allow('ssm:StartSession', instance)]),
    resources: [
      {
        type: 'AWS::EC2::Instance',
        arn: instance,
        role: roleArn('hub'),
        state: 'running',
        ssmAgent: 'online',
      },
    ],
  },
  {
    name: 'a function whose policy names a session',
    expect: 'proven',
    ...guarded({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:sts::${account}:assumed-role/hub/boss` },
      Action: 'lambda:*',
    }),
  },
  {
    name: 'a function whose policy denies all other sessions',
    expect: 'proven',
    ...guarded({
      Effect: 'Deny',
      Principal: '*',
      Action: 'lambda:*',
      Condition: userId('StringNotLike', '*:release-*'),
    }),
  },
]

const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`
const byToken = (condition: object, last: Statement): AccountFile => ({
  roles: {
    ...adm([last]),
    ci: {
      trust: [
        {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: condition,
        },
      ],
      statements: goesOn,
    },
  },
})
const session = (name: string) => ({ AWS: `arn:aws:sts::${account}:assumed-role/ci/${name}` })
const claims = ['token.actions.githubusercontent.com:sub']

const tokens: readonly Kind[] = [
  {
    name: 'the session of a token, of a name that is denied',
    expect: 'no',
    from: provider,
    file: byToken(called('gh-*'), trusts(userId('StringNotLike', '*:gh-*'))),
  },
  {
    name: 'the session of a token, of a name that is asked for',
    expect: 'conditional',
    keys: claims,
    from: provider,
    file: byToken(called('gh-*'), trusts(userId('StringLike', '*:gh-deploy*'))),
  },
  {
    name: 'the session of a token, of any name',
    expect: 'conditional',
    keys: claims,
    from: provider,
    file: byToken({}, trusts(userId('StringLike', '*:gh-deploy*'))),
  },
  {
    name: 'the session of a token that a trust policy names',
    expect: 'conditional',
    keys: claims,
    from: provider,
    file: byToken(called('gh-*'), trusts(undefined, session('gh-boss'))),
  },
  {
    name: 'a session that the token cannot have',
    expect: 'no',
    from: provider,
    file: byToken(called('gh-*'), trusts(undefined, session('boss'))),
  },
]

/** dev writes the trust policy of the administrator role, which it may not assume itself. */
const opens = (statements: readonly Statement[], roles: object): AccountFile =>
  dev(
    [
      allow('iam:UpdateAssumeRolePolicy', roleArn('adm')),
      { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: roleArn('adm') },
      ...statements,
    ],
    {},
    { roles: { ...adm({ Service: 'ec2.amazonaws.com' }), ...roles } },
  )
const app = { app: { trust: lambda } }
const opened: readonly Kind[] = [
  {
    name: 'a role whose trust policy is written as well is let in',
    expect: 'proven',
    file: opens(
      [allow('iam:UpdateAssumeRolePolicy', roleArn('app')), allow('sts:AssumeRole', roleArn('app'))],
      app,
    ),
  },
  {
    name: 'a role that is passed to a function is let in',
    expect: 'proven',
    file: opens(
      [passes(undefined, roleArn('app')), allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])],
      app,
    ),
  },
  { name: 'nobody else can be let in', expect: 'no', file: opens([], app) },
]

describeKinds({
  'trust policies that are written for whom one comes to': opened,
  'names of sessions': names,
  'names of sessions of roles whose trust policies are written': openings,
  'names of sessions of tokens': tokens,
})

describe('lists agree with paths', () => {
  test('a session of a name that its user cannot give it is in no list', () => {
    const file = chain(named, [trusts(undefined, { AWS: `arn:aws:sts::${account}:assumed-role/hub/deploy` })])
    const comers = graphOf(worldOf(file), techniqueTable()).comers(undefined)
    assert.deepEqual(
      comers.map(({ from }) => from).filter((arn) => arn !== roleArn('adm')),
      [roleArn('hub')],
    )
  })

  test('an administrator on some conditions is one on these conditions in the list of what it can become', () => {
    for (const [condition, expected] of [
      [when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'), 'conditional'],
      [{}, 'proven'],
    ] as const) {
      const graph = graphOf(worldOf(self(condition)), techniqueTable())
      const found = graph.reach(graph.find(userArn('dev'))!)
      assert.deepEqual(
        found.map(({ verdict, isAdministrator }) => [verdict, isAdministrator]),
        [[expected, true]],
      )
    }
    const shut = denyAllBut('s3:*', when('BoolIfExists', 'aws:MultiFactorAuthPresent', 'false'))
    const file = dev([allow('iam:PutUserPolicy', userArn('dev')), shut], { attached: [administratorAccess] })
    const graph = graphOf(worldOf(file), techniqueTable())
    const [own] = graph.reach(graph.find(userArn('dev'))!)
    assert.deepEqual([own?.verdict, own?.isAdministrator], ['conditional', true])
  })
})
