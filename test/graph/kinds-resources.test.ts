import { account, allow, profileArn, roleArn, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, lambda, organization, passes, passing, when } from './kinds.ts'

const ec2 = { Service: 'ec2.amazonaws.com' }

const runs = allow('ec2:RunInstances', '*', {
  ArnEqualsIfExists: { 'ec2:InstanceProfile': profileArn('web') },
})
const swaps = allow(['iam:RemoveRoleFromInstanceProfile', 'iam:AddRoleToInstanceProfile'], profileArn('web'))

const passed: readonly Kind[] = [
  {
    name: 'an instance with the second profile of a role',
    expect: 'proven',
    file: dev([passes(), runs], {}, { roles: adm(ec2, { profiles: ['first', 'web'] }) }),
  },
  {
    name: 'an instance that may have the profile of another role alone',
    expect: 'no',
    file: dev(
      [passes(), runs],
      {},
      { roles: { ...adm(ec2, { profiles: ['first'] }), weak: { trust: ec2, profiles: ['web'] } } },
    ),
  },
  {
    name: 'an instance that may have the profile of another role, which is given the role',
    expect: 'proven',
    file: dev(
      [passes(), runs, swaps],
      {},
      { roles: { ...adm(ec2, { profiles: ['first'] }), weak: { trust: ec2, profiles: ['web'] } } },
    ),
  },
  {
    name: 'an instance with a new profile of a name that it may have',
    expect: 'proven',
    file: dev(
      [
        passes(),
        allow('ec2:RunInstances', '*', { ArnLikeIfExists: { 'ec2:InstanceProfile': profileArn('n*') } }),
        allow(['iam:CreateInstanceProfile', 'iam:AddRoleToInstanceProfile'], profileArn('*x')),
      ],
      {},
      { roles: adm(ec2, { profiles: ['first'] }) },
    ),
  },
  ...(['adm', 'weak'] as const).map((name) => ({
    name: `a stack that may have the role ${name} alone`,
    expect: name === 'adm' ? ('proven' as const) : ('no' as const),
    file: dev(
      [
        passes(),
        allow('cloudformation:CreateStack', '*', {
          StringEquals: { 'cloudformation:RoleArn': roleArn(name) },
        }),
      ],
      {},
      { roles: adm({ Service: 'cloudformation.amazonaws.com' }) },
    ),
  })),
  {
    name: 'a new role whose name is too long',
    expect: 'no',
    file: dev([allow(['iam:CreateRole', 'iam:PutRolePolicy'], roleArn('a'.repeat(65)))]),
  },
  {
    name: 'a new role of the path of service-linked roles',
    expect: 'no',
    file: dev([allow(['iam:CreateRole', 'iam:PutRolePolicy'], roleArn('aws-service-role/*'))]),
  },
  ...(['s3.amazonaws.com', userArn('dev')] as const).map((grantee) => ({
    name: `a function whose policy may let in ${grantee} alone`,
    expect: grantee === userArn('dev') ? ('proven' as const) : ('no' as const),
    file: dev(
      [
        passes(),
        allow('lambda:CreateFunction'),
        allow('lambda:AddPermission', '*', when('StringEquals', 'lambda:Principal', grantee)),
      ],
      {},
      { roles: adm(lambda) },
    ),
  })),
  ...(['test', 'prod'] as const).map((cluster) => ({
    name: `a task of another cluster than ${cluster}, or of this one`,
    expect: cluster === 'test' ? ('proven' as const) : ('no' as const),
    resources: [
      {
        type: 'AWS::ECS::Task',
        arn: `arn:aws:ecs:us-east-1:${account}:task/test/0123456789abcdef0123456789abcdef`,
        role: roleArn('adm'),
        enableExecuteCommand: true,
        tags: {},
      },
    ],
    file: dev(
      [
        allow(
          'ecs:ExecuteCommand',
          '*',
          when('ArnEquals', 'ecs:cluster', `arn:aws:ecs:us-east-1:${account}:cluster/${cluster}`),
        ),
      ],
      {},
      { roles: adm({ Service: 'ecs-tasks.amazonaws.com' }) },
    ),
  })),
  {
    name: 'user data of an instance, where only one attribute may be changed',
    expect: 'conditional',
    keys: ['ec2:Attribute'],
    resources: [
      {
        type: 'AWS::EC2::Instance',
        arn: `arn:aws:ec2:us-east-1:${account}:instance/i-0123456789abcdef0`,
        role: roleArn('adm'),
        tags: {},
      },
    ],
    file: dev(
      [
        allow('ec2:ModifyInstanceAttribute', '*', when('StringEquals', 'ec2:Attribute', 'InstanceType')),
        allow(['ec2:StopInstances', 'ec2:StartInstances']),
      ],
      {},
      { roles: adm(ec2, { profiles: ['first'] }) },
    ),
  },
]

const node = `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`
const online = {
  type: 'AWS::EC2::Instance',
  arn: node,
  role: roleArn('adm'),
  state: 'running',
  ssmAgent: 'online',
}
const shells: readonly Kind[] = [
  {
    name: 'a session on an instance',
    expect: 'proven',
    file: dev([allow('ssm:StartSession', node)], {}, { roles: adm(ec2) }),
    resources: [online],
  },
  {
    name: 'a session on an instance, if the session document is allowed as well',
    expect: 'conditional',
    keys: ['ssm:SessionDocumentAccessCheck'],
    file: dev(
      [allow('ssm:StartSession', node, when('BoolIfExists', 'ssm:SessionDocumentAccessCheck', 'true'))],
      {},
      { roles: adm(ec2) },
    ),
    resources: [online],
  },
]

/** An RCP that lets services act for one organization alone. */
const confused = (id: string) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: ['sts:AssumeRole', 's3:*'],
  Resource: '*',
  Condition: {
    StringNotEqualsIfExists: { 'aws:SourceOrgID': id },
    Null: { 'aws:SourceAccount': 'false' },
    Bool: { 'aws:PrincipalIsAWSService': 'true' },
  },
})
const organizations: readonly Kind[] = [
  {
    name: 'ORG-43: a service acts for the organization of the account',
    expect: 'proven',
    file: passing(),
    organization: organization([confused('o-a1b2c3d4e5')]),
  },
  {
    name: 'ORG-43: a service that may act for another organization alone',
    expect: 'no',
    file: passing(),
    organization: organization([confused('o-z9y8x7w6v5')]),
  },
]

describeKinds({
  'what a resource gets, and what of it changes': passed,
  'the document of a session': shells,
  'the organization that a service acts for': organizations,
})
