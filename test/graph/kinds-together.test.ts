import { account, allow, deny, policyArn, roleArn, type Statement, userArn } from './account-file.ts'
import { adm, describeKinds, type Kind, organization, passes, root, when } from './kinds.ts'

const service = (name: string) => ({ Service: `${name}.amazonaws.com` })
/** dev, and a role that it may assume, each with some calls; an administrator role that a service runs as. */
const two = (
  own: readonly Statement[],
  others: readonly Statement[],
  name = 'lambda',
  more: object = {},
): Kind['file'] => ({
  users: { dev: { statements: [allow('sts:AssumeRole', roleArn('helper')), ...own] } },
  roles: { helper: { trust: { AWS: root }, statements: others, ...more }, ...adm(service(name)) },
})
const functionOne = `arn:aws:lambda:eu-west-1:${account}:function:one`
const creates = [passes(), allow('lambda:CreateFunction')]
const invokes = [allow('lambda:InvokeFunction')]

const passing: readonly Kind[] = [
  {
    name: 'a user invokes the function that its role makes',
    file: two(invokes, creates),
    expect: 'proven',
    requests: [
      'sts:AssumeRole',
      'iam:PassRole',
      'lambda:CreateFunction',
      'lambda:InvokeFunction',
      'sts:AssumeRole',
    ],
  },
  { name: 'a role invokes the function that its user makes', file: two(creates, invokes), expect: 'proven' },
  {
    name: 'the role is passed by who makes no function',
    file: two([passes(), ...invokes], [allow('lambda:CreateFunction')]),
    expect: 'no',
  },
  {
    name: 'the function that may be invoked has another name than the one that may be made',
    file: two(
      [passes(), allow('lambda:CreateFunction', `${functionOne}*`)],
      [allow('lambda:InvokeFunction', `arn:aws:lambda:eu-west-1:${account}:function:two`)],
    ),
    expect: 'no',
  },
  {
    name: 'the function that may be invoked is one that may be made',
    file: two(
      [passes(), allow('lambda:CreateFunction', `${functionOne}*`)],
      [allow('lambda:InvokeFunction', `arn:aws:lambda:eu-west-1:${account}:function:*-by-ci`)],
    ),
    expect: 'proven',
  },
  {
    name: 'the call that follows has a condition',
    file: two(creates, [
      allow('lambda:InvokeFunction', '*', when('IpAddress', 'aws:SourceIp', '10.0.0.0/8')),
    ]),
    expect: 'conditional',
    keys: ['aws:SourceIp'],
  },
  {
    name: 'the call that follows has a condition that a user alone can meet',
    file: two(
      [allow('lambda:InvokeFunction', '*', when('Bool', 'aws:MultiFactorAuthPresent', 'true'))],
      creates,
    ),
    expect: 'conditional',
    keys: ['aws:MultiFactorAuthPresent'],
  },
  {
    name: 'a Deny refuses the call that follows to who makes the function',
    file: two([...creates, ...invokes, deny('lambda:InvokeFunction')], invokes),
    expect: 'proven',
  },
  {
    name: 'who makes the function lacks the tag for the call that follows',
    file: two(
      [...creates, allow('lambda:InvokeFunction', '*', when('StringEquals', 'aws:PrincipalTag/k', '2'))],
      invokes,
    ),
    expect: 'proven',
  },
  {
    name: 'two sessions of a role, with one tag each',
    file: two(
      [allow('sts:TagSession', roleArn('helper'))],
      [
        passes(),
        allow('lambda:CreateFunction', '*', when('StringEquals', 'aws:PrincipalTag/k', '1')),
        allow('lambda:InvokeFunction', '*', when('StringEquals', 'aws:PrincipalTag/k', '2')),
      ],
      'lambda',
      {
        trust: [{ Effect: 'Allow', Principal: { AWS: root }, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
      },
    ),
    expect: 'proven',
  },
  {
    name: 'a role passes with MFA alone, which no session of a role has',
    file: two(
      [allow('lambda:InvokeFunction', '*', when('Bool', 'aws:MultiFactorAuthPresent', 'true'))],
      [
        allow('iam:PassRole', '*', when('Bool', 'aws:MultiFactorAuthPresent', 'true')),
        allow('lambda:CreateFunction'),
      ],
    ),
    expect: 'no',
  },
  {
    name: 'a role lets its user invoke the function',
    file: two(creates, [allow('lambda:AddPermission')]),
    expect: 'proven',
  },
  {
    name: 'a role lets only the account invoke the function, which leaves it to the policies of the user',
    file: two(creates, [
      allow('lambda:AddPermission', '*', when('StringEquals', 'lambda:Principal', account)),
    ]),
    expect: 'no',
  },
  {
    name: 'a Deny of the role refuses the call that follows',
    file: two(creates, [...invokes, deny('lambda:*')]),
    expect: 'no',
  },
  {
    name: 'a call that passes a role as well is not made by another principal',
    file: two([passes(), allow('ec2:CreateLaunchTemplate')], [allow('ec2:CreateFleet')], 'ec2'),
    expect: 'no',
  },
]

const project = {
  type: 'AWS::CodeBuild::Project',
  arn: `arn:aws:codebuild:eu-west-1:${account}:project/one`,
  role: roleArn('adm'),
}
const theFunction = { type: 'AWS::Lambda::Function', arn: functionOne, role: roleArn('adm') }

const instance = {
  type: 'AWS::EC2::Instance',
  arn: `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`,
  role: roleArn('adm'),
  state: 'running',
}
/** dev, who may change the data of an instance, and two roles with calls of their own. */
const three = (one: Statement, other: Statement): Kind['file'] => ({
  users: {
    dev: {
      statements: [
        allow('sts:AssumeRole', [roleArn('helper'), roleArn('second')]),
        allow('ec2:ModifyInstanceAttribute'),
      ],
    },
  },
  roles: {
    helper: { trust: { AWS: root }, statements: [one] },
    second: { trust: { AWS: root }, statements: [other] },
    ...adm(service('ec2')),
  },
})

const existing: readonly Kind[] = [
  {
    name: 'two other principals make the calls that follow',
    file: three(allow('ec2:StopInstances'), allow('ec2:StartInstances')),
    resources: [instance],
    expect: 'proven',
  },
  {
    name: 'one of the calls that follow is allowed to nobody',
    file: three(allow('ec2:StopInstances'), allow('ec2:RebootInstances')),
    resources: [instance],
    expect: 'no',
  },
  {
    name: 'code of a function is written by one, and the function invoked by the other',
    file: two([allow('lambda:UpdateFunctionCode')], invokes),
    resources: [theFunction],
    expect: 'proven',
  },
  {
    name: 'the other one may also make a call that does not help',
    file: two(
      [allow('lambda:UpdateFunctionCode')],
      [allow('lambda:Update*', `${functionOne}-more`), ...invokes],
    ),
    resources: [{ ...theFunction, url: '', invokedBy: '' }],
    expect: 'proven',
  },
  {
    name: 'the function that may be invoked is another one',
    file: two([allow('lambda:UpdateFunctionCode')], [allow('lambda:InvokeFunction', `${functionOne}-more`)]),
    resources: [theFunction],
    // Nobody knows whether it runs by itself.
    expect: 'undecided',
  },
  {
    name: 'a project is changed by one, and built by the other',
    file: two([allow('codebuild:UpdateProject')], [allow('codebuild:StartBuild')], 'codebuild'),
    resources: [project],
    expect: 'proven',
  },
  {
    name: 'the policy of the function lets the user change it, and the role may invoke it',
    file: two([], invokes),
    resources: [
      {
        ...theFunction,
        url: '',
        invokedBy: '',
        policy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: userArn('dev') },
              Action: 'lambda:UpdateFunctionCode',
              Resource: functionOne,
            },
          ],
        },
      },
    ],
    expect: 'proven',
  },
  {
    name: 'the policy of the function lets in the role alone',
    file: two([allow('lambda:UpdateFunctionCode')], []),
    resources: [
      {
        ...theFunction,
        policy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: roleArn('helper') },
              Action: 'lambda:InvokeFunction',
              Resource: functionOne,
            },
          ],
        },
      },
    ],
    expect: 'proven',
  },
]

const ops = (one: readonly Statement[], other: readonly Statement[]): Kind['file'] => ({
  users: {
    dev: { statements: [allow('sts:AssumeRole', roleArn('helper')), ...one] },
    ops: { attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
  },
  roles: { helper: { trust: { AWS: root }, statements: other } },
})
const keys: readonly Kind[] = [
  {
    name: 'a key is deleted by one, and made by the other',
    file: ops([allow('iam:DeleteAccessKey')], [allow('iam:CreateAccessKey')]),
    inventory: { accessKeys: { ops: 2 } },
    expect: 'proven',
  },
  {
    name: 'who makes keys of everyone needs another one where there is no room',
    file: ops([allow('iam:CreateAccessKey')], [allow('iam:DeleteAccessKey', userArn('ops'))]),
    inventory: { accessKeys: { ops: 2 } },
    to: 'user/ops',
    expect: 'proven',
  },
  {
    name: 'keys are deleted and made of different users',
    file: ops(
      [allow('iam:DeleteAccessKey', `arn:aws:iam::${account}:user/dev`)],
      [allow('iam:CreateAccessKey', `arn:aws:iam::${account}:user/ops`)],
    ),
    inventory: { accessKeys: { ops: 2 } },
    expect: 'no',
  },
]

/** dev, who can do nothing but assume two roles: one that makes something, and one that uses it. */
const apart = (
  maker: readonly Statement[],
  user: readonly Statement[],
  more: object = {},
  policies: Kind['file']['policies'] = {},
): Kind['file'] => ({
  users: { dev: { statements: [allow('sts:AssumeRole', [roleArn('maker'), roleArn('user')])] } },
  policies: policies ?? {},
  roles: {
    maker: { trust: { AWS: root }, statements: maker, ...more },
    user: { trust: { AWS: root }, statements: user },
    ...adm(service('lambda')),
  },
})
const makesAndInvokes = [...creates, ...invokes]
const within = { boundary: policyArn('limit') }
const isMaker = when('ArnLike', 'aws:PrincipalArn', roleArn('maker'))
const withoutMfa = when('BoolIfExists', 'aws:MultiFactorAuthPresent', 'false')
const elsewhere = when('NotIpAddress', 'aws:SourceIp', '10.0.0.0/8')

const limited: readonly Kind[] = [
  {
    name: 'the boundary of who makes the function refuses the call that follows',
    file: apart(makesAndInvokes, invokes, within, {
      limit: [allow(['iam:PassRole', 'lambda:Create*', 'lambda:Get*'])],
    }),
    expect: 'proven',
  },
  {
    name: 'a boundary refuses the call that follows, and nobody else is allowed it',
    file: apart(makesAndInvokes, [allow('lambda:GetFunction')], within, {
      limit: [allow(['iam:PassRole', 'lambda:Create*', 'lambda:Get*'])],
    }),
    expect: 'no',
  },
  {
    name: 'a boundary refuses the role to be passed as well',
    file: apart(makesAndInvokes, invokes, within, { limit: [allow('lambda:Create*')] }),
    expect: 'no',
  },
  {
    name: 'a boundary allows the call that follows on functions of another name',
    file: apart([passes(), allow('lambda:CreateFunction', functionOne), ...invokes], invokes, within, {
      limit: [
        allow(['iam:PassRole', 'lambda:Create*']),
        allow('lambda:Invoke*', `arn:aws:lambda:*:${account}:function:app-*`),
      ],
    }),
    expect: 'proven',
  },
  {
    name: 'a boundary denies the call that follows',
    file: apart(makesAndInvokes, invokes, within, { limit: [allow('*'), deny('lambda:Invoke*')] }),
    expect: 'proven',
  },
  {
    name: 'an SCP refuses the call that follows to who makes the function',
    file: apart(makesAndInvokes, invokes),
    organization: organization([], [deny('lambda:InvokeFunction', '*', isMaker)]),
    expect: 'proven',
  },
  {
    name: 'an SCP refuses the call that follows to everyone',
    file: apart(makesAndInvokes, invokes),
    organization: organization([], [deny('lambda:InvokeFunction')]),
    expect: 'no',
  },
  {
    name: 'a Deny without MFA refuses the call that follows to a role',
    file: apart([...makesAndInvokes, deny('lambda:InvokeFunction', '*', withoutMfa)], invokes),
    expect: 'proven',
  },
  {
    name: 'a Deny without MFA refuses the call that follows to both roles',
    file: apart(
      [...makesAndInvokes, deny('lambda:InvokeFunction', '*', withoutMfa)],
      [...invokes, deny('lambda:InvokeFunction', '*', withoutMfa)],
    ),
    expect: 'no',
  },
  {
    name: 'a Deny refuses the call that follows from other networks',
    file: apart([...makesAndInvokes, deny('lambda:InvokeFunction', '*', elsewhere)], invokes),
    expect: 'proven',
  },
  {
    name: 'a Deny refuses all calls from other networks',
    file: apart([...makesAndInvokes, deny('*', '*', elsewhere)], invokes),
    expect: 'conditional',
    keys: ['aws:SourceIp'],
  },
  {
    name: 'a Deny refuses the call that follows after a day',
    file: apart(
      [
        ...makesAndInvokes,
        deny(
          'lambda:InvokeFunction',
          '*',
          when('DateGreaterThan', 'aws:CurrentTime', '2026-01-01T00:00:00Z'),
        ),
      ],
      invokes,
    ),
    expect: 'proven',
  },
]

describeKinds({
  'passing a role together': passing,
  'changing what wears a role together': existing,
  'access keys of others together': keys,
  'calls that limits of one refuse': limited,
})
