import { account, administratorAccess, allow, deny, policyArn, roleArn } from './account-file.ts'
import {
  adm,
  describeKinds,
  dev,
  type Kind,
  lambda,
  makes,
  many,
  passes,
  passing,
  root,
  when,
} from './kinds.ts'

const service = 'iam:PassedToService'
const near = 'iam:AssociatedResourceArn'
const functionArn = (name: string, region = '*') => `arn:aws:lambda:${region}:${account}:function:${name}`
const passed: readonly Kind[] = [
  {
    name: 'a tag of the role, which iam:PassRole may not see (POL-076)',
    expect: 'undecided',
    file: passing(when('StringEquals', 'iam:ResourceTag/env', 'dev'), [makes], { tags: { env: 'dev' } }),
  },
  {
    name: 'a tag of the role that refuses to pass it, if iam:PassRole sees it (POL-076)',
    expect: 'undecided',
    file: passing(
      undefined,
      [makes, deny('iam:PassRole', '*', when('StringEquals', 'iam:ResourceTag/env', 'prod'))],
      { tags: { env: 'prod' } },
    ),
  },
  {
    name: 'a tag of the role that refuses nothing',
    expect: 'proven',
    file: passing(
      undefined,
      [makes, deny('iam:PassRole', '*', when('StringEquals', 'iam:ResourceTag/env', 'prod'))],
      { tags: { env: 'dev' } },
    ),
  },
  {
    name: 'another tag of the role',
    expect: 'no',
    file: passing(when('StringEquals', 'iam:ResourceTag/env', 'dev'), [makes], { tags: { env: 'prod' } }),
  },
  {
    name: 'another tag of the role, which is written',
    expect: 'undecided',
    file: passing(when('StringEquals', 'iam:ResourceTag/env', 'dev'), [makes, allow('iam:TagRole')], {
      tags: { env: 'prod' },
    }),
  },
  {
    name: 'the same tag as a key of every service',
    expect: 'undecided',
    file: passing(when('StringEquals', 'aws:ResourceTag/env', 'dev'), [makes], { tags: { env: 'dev' } }),
  },
  {
    name: 'a tag of the caller that must be that of the role',
    expect: 'undecided',
    file: dev(
      [passes(when('StringEquals', 'iam:ResourceTag/env', '${aws:PrincipalTag/env}')), makes],
      { tags: { env: 'dev' } },
      { roles: adm(lambda, { tags: { env: 'dev' } }) },
    ),
  },
  {
    name: 'a tag of the role, and another one of a function whose tags are not known (POL-076)',
    expect: 'undecided',
    file: dev(
      [
        passes(when('StringEquals', 'aws:ResourceTag/env', 'adm')),
        allow(
          ['lambda:UpdateFunctionConfiguration', 'lambda:UpdateFunctionCode', 'lambda:InvokeFunction'],
          '*',
          when('StringEquals', 'aws:ResourceTag/env', 'dev'),
        ),
      ],
      {},
      { roles: { ...adm(lambda, { tags: { env: 'adm' } }), plain: { trust: lambda } } },
    ),
    resources: [
      { type: 'AWS::Lambda::Function', arn: functionArn('pay', 'eu-west-1'), role: roleArn('plain') },
    ],
  },
  {
    name: 'a service, if the key exists',
    expect: 'proven',
    file: passing(when('StringEqualsIfExists', service, 'lambda.amazonaws.com')),
  },
  {
    name: 'another service',
    expect: 'no',
    file: passing(when('StringEquals', service, 'ec2.amazonaws.com')),
  },
  {
    name: 'a pattern of services',
    expect: 'proven',
    file: passing(when('StringLike', service, 'l*.amazonaws.com')),
  },
  {
    name: 'a service, and a resource that may be made',
    expect: 'proven',
    file: passing({
      ...when('StringEquals', service, 'lambda.amazonaws.com'),
      ...when('ArnLike', near, functionArn('app-*')),
    }),
  },
  {
    name: 'a resource that may not be made',
    expect: 'no',
    file: passing(when('ArnLike', near, functionArn('app-*')), [
      allow(['lambda:CreateFunction', 'lambda:InvokeFunction'], functionArn('web-*')),
    ]),
  },
  {
    name: 'a resource in another region',
    expect: 'no',
    file: passing(when('ArnLike', near, functionArn('*', 'eu-west-1')), [
      allow(
        ['lambda:CreateFunction', 'lambda:InvokeFunction'],
        '*',
        when('StringEquals', 'aws:RequestedRegion', 'us-east-1'),
      ),
    ]),
  },
  {
    name: 'a path of roles',
    expect: 'proven',
    file: dev(
      [passes(undefined, roleArn('service/*')), makes],
      {},
      { roles: adm(lambda, { path: '/service/' }) },
    ),
  },
  {
    name: 'another path of roles',
    expect: 'no',
    file: dev([passes(undefined, roleArn('service/*')), makes], {}, { roles: adm(lambda) }),
  },
  {
    name: 'a function that must have a tag to be run, and gets it',
    expect: 'proven',
    file: passing(undefined, [
      allow(
        ['lambda:CreateFunction', 'lambda:TagResource'],
        '*',
        when('StringEquals', 'aws:RequestTag/owner', 'dev'),
      ),
      allow('lambda:InvokeFunction', '*', when('StringEquals', 'aws:ResourceTag/owner', 'dev')),
    ]),
  },
  {
    name: 'a function that gets another tag than it must have',
    expect: 'no',
    file: passing(undefined, [
      allow(
        ['lambda:CreateFunction', 'lambda:TagResource'],
        '*',
        when('StringEquals', 'aws:RequestTag/owner', 'dev'),
      ),
      allow('lambda:InvokeFunction', '*', when('StringEquals', 'aws:ResourceTag/owner', 'ops')),
    ]),
  },
  {
    name: 'a function that must have a tag, and may not get it',
    expect: 'no',
    file: passing(undefined, [
      allow('lambda:CreateFunction'),
      allow('lambda:InvokeFunction', '*', when('StringEquals', 'aws:ResourceTag/owner', 'ops')),
    ]),
  },
  {
    name: 'a function that is tagged after it is made',
    expect: 'proven',
    file: passing(undefined, [
      allow('lambda:CreateFunction', '*', when('Null', 'aws:RequestTag/owner', 'true')),
      allow('lambda:TagResource'),
      allow('lambda:InvokeFunction', '*', when('StringEquals', 'aws:ResourceTag/owner', 'ops')),
    ]),
  },
  {
    name: 'a user that must have a tag to get a key, and gets it',
    expect: 'proven',
    file: dev([
      allow(['iam:CreateUser', 'iam:TagUser'], '*', when('StringEquals', 'aws:RequestTag/team', 'red')),
      allow(
        ['iam:AttachUserPolicy', 'iam:CreateAccessKey'],
        '*',
        when('StringEquals', 'iam:ResourceTag/team', 'red'),
      ),
    ]),
  },
  {
    name: 'a new role that may not be assumed, and that Lambda wears',
    expect: 'proven',
    file: dev([
      allow(['iam:CreateRole', 'iam:AttachRolePolicy', 'iam:PassRole'], roleArn('ci/*')),
      makes,
      deny('sts:AssumeRole'),
    ]),
  },
  {
    name: 'a new role that may not be assumed, and of which none may be passed',
    expect: 'no',
    file: dev([
      allow(['iam:CreateRole', 'iam:AttachRolePolicy'], roleArn('ci/*')),
      passes(undefined, roleArn('app/*')),
      makes,
      deny('sts:AssumeRole'),
    ]),
  },
  {
    name: 'a new role that may not be assumed, and that may be passed to another service',
    expect: 'no',
    file: dev([
      allow(['iam:CreateRole', 'iam:AttachRolePolicy'], roleArn('ci/*')),
      passes(when('StringEquals', service, 'ec2.amazonaws.com'), roleArn('ci/*')),
      makes,
      deny('sts:AssumeRole'),
    ]),
  },
]

const admins = { admins: { attached: [administratorAccess] } }
const groups = Object.fromEntries(many(10, (place) => `g${place}`).map((name) => [name, {}]))
const policies = Object.fromEntries(
  many(10, (place) => `p${place}`).map((name) => [name, [allow('s3:Get*')]]),
)
/** dev may attach policies to its group, which has some already. */
const attachesTo = (count: number) =>
  dev(
    [allow('iam:AttachGroupPolicy')],
    { groups: ['own'] },
    { groups: { own: { attached: Object.keys(policies).slice(0, count).map(policyArn) } }, policies },
  )
const quotas: readonly Kind[] = [
  {
    name: 'ten groups are the most',
    expect: 'no',
    file: dev(
      [allow('iam:AddUserToGroup')],
      { groups: Object.keys(groups) },
      { groups: { ...groups, ...admins } },
    ),
  },
  {
    name: 'ten groups, one of which is left',
    expect: 'proven',
    file: dev(
      [allow(['iam:AddUserToGroup', 'iam:RemoveUserFromGroup'])],
      { groups: Object.keys(groups) },
      { groups: { ...groups, ...admins } },
    ),
  },
  {
    name: 'ten attached policies, one of which is detached',
    expect: 'proven',
    file: dev(
      [allow(['iam:AttachUserPolicy', 'iam:DetachUserPolicy'])],
      { attached: Object.keys(policies).map(policyArn) },
      { policies },
    ),
  },
  {
    name: 'ten attached policies may be the most',
    expect: 'undecided',
    file: dev(
      [allow('iam:AttachUserPolicy')],
      { attached: Object.keys(policies).map(policyArn) },
      { policies },
    ),
  },
  {
    name: 'ten policies are the most of a group [IAM-30]',
    expect: 'no',
    file: attachesTo(10),
  },
  {
    name: 'nine policies of a group leave room for one [IAM-30]',
    expect: 'proven',
    file: attachesTo(9),
  },
  {
    name: 'ten attached policies of a role may be the most [IAM-30]',
    expect: 'undecided',
    file: dev(
      [allow(['iam:AttachRolePolicy', 'sts:AssumeRole'], roleArn('app'))],
      {},
      { roles: { app: { trust: { AWS: root }, attached: Object.keys(policies).map(policyArn) } }, policies },
    ),
  },
  {
    name: 'a Deny of a group that is left',
    expect: 'proven',
    file: dev(
      [allow('iam:*')],
      { groups: ['shut'] },
      { groups: { shut: { statements: [deny('iam:Put*'), deny('iam:Attach*'), deny('iam:Create*')] } } },
    ),
  },
]

const shut = when('StringEquals', 'aws:PrincipalTag/team', 'none')
/** A stack whose role must be the one of a name; another role of CloudFormation only seems to lead on. */
const stacks = (name: string) =>
  dev(
    [
      passes(undefined, '*'),
      allow('cloudformation:CreateStack', '*', when('ArnLike', 'cloudformation:RoleArn', roleArn(name))),
    ],
    {},
    {
      roles: {
        aaa: {
          trust: { Service: 'cloudformation.amazonaws.com' },
          statements: [allow('sts:AssumeRole', roleArn('shut'))],
        },
        ...adm({ Service: 'cloudformation.amazonaws.com' }),
        shut: {
          trust: [{ Effect: 'Allow', Principal: { AWS: root }, Action: 'sts:AssumeRole', Condition: shut }],
          attached: [administratorAccess],
        },
      },
    },
  )
const ecs = (kind: string) => `arn:aws:ecs:eu-west-1:${account}:${kind}`
const task = (cluster: string) => ({
  type: 'AWS::ECS::Task',
  arn: ecs(`task/${cluster}/0123456789abcdef0123456789abcdef`),
  role: roleArn('adm'),
  enableExecuteCommand: true,
})
/** Tasks of two clusters that are alike otherwise, of which those of one may be entered. */
const enters = (cluster: string): Kind => ({
  name: `a task of the cluster ${cluster}`,
  expect: cluster === 'none' ? 'no' : 'proven',
  file: dev(
    [allow('ecs:ExecuteCommand', '*', when('ArnEquals', 'ecs:cluster', ecs(`cluster/${cluster}`)))],
    {},
    { roles: adm({ Service: 'ecs-tasks.amazonaws.com' }) },
  ),
  resources: [
    task('one'),
    task('two'),
    { type: 'AWS::ECS::Cluster', arn: ecs('cluster/one') },
    { type: 'AWS::ECS::Cluster', arn: ecs('cluster/two') },
  ],
})
/** Keys that hold what a request does not name. */
const bound: readonly Kind[] = [
  {
    name: 'a stack of an administrator role, where another role is asked for',
    expect: 'no',
    file: stacks('aaa'),
  },
  { name: 'a stack of the role that is asked for', expect: 'proven', file: stacks('adm') },
  ...['one', 'two', 'none'].map(enters),
]

describeKinds({
  'keys that hold what a request does not name': bound,
  passed,
  quotas,
})
