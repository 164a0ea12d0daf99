import { account, allow, deny, policyArn, roleArn, userArn } from './account-file.ts'
import { describeKinds, dev, type Kind, root, when } from './kinds.ts'

const machine = `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`
const instance = (tags: object) => ({
  type: 'AWS::EC2::Instance',
  arn: machine,
  role: roleArn('strong'),
  tags,
  state: 'running',
  ssmAgent: 'online',
})
const roles = {
  strong: { trust: { Service: 'ec2.amazonaws.com' }, statements: [allow('*')], profiles: ['strong'] },
}
const notProd = when('StringNotEquals', 'aws:ResourceTag/env', 'prod')
const commands = [
  allow('ssm:SendCommand', 'arn:aws:ec2:*:*:instance/*', notProd),
  allow('ssm:SendCommand', 'arn:aws:ssm:*'),
]
const guarded = (...more: readonly object[]) => ({
  file: dev([...commands, ...(more as never[])], {}, { roles }),
  resources: [instance({ env: 'prod', name: 'web' })],
})

const anyProd = deny('ssm:SendCommand', machine, when('StringLike', 'aws:ResourceTag/env', 'pr*'))
const denied = (more: object) => ({
  file: dev([allow('ssm:SendCommand'), anyProd, more as never], {}, { roles }),
  resources: [instance({ env: 'prod' })],
})

const tags: readonly Kind[] = [
  { name: 'GRD-433 an instance of EC2 is not named as a managed instance', expect: 'no', ...guarded() },
  { name: 'GRD-435 a tag that refuses is taken away', expect: 'proven', ...guarded(allow('ec2:DeleteTags')) },
  {
    name: 'GRD-435 a tag that refuses may not be taken away',
    expect: 'no',
    ...guarded(allow('ec2:DeleteTags', '*', when('ForAllValues:StringEquals', 'aws:TagKeys', 'name'))),
  },
  {
    name: 'GRD-435 a tag that refuses is taken away where that key alone may be',
    expect: 'proven',
    ...guarded(allow('ec2:DeleteTags', '*', when('ForAllValues:StringEquals', 'aws:TagKeys', 'env'))),
  },
  {
    name: 'GRD-732 a tag whose value fits the pattern of a Deny is written anew',
    expect: 'proven',
    ...denied(allow('ec2:CreateTags', machine)),
  },
  {
    name: 'GRD-732 a tag is written anew with values alone that are refused',
    expect: 'no',
    ...denied(allow('ec2:CreateTags', machine, when('StringLike', 'aws:RequestTag/env', 'pr*'))),
  },
]

const early = when('DateLessThan', 'aws:TokenIssueTime', '2020-01-01T00:00:00Z')
const late = when('DateGreaterThan', 'aws:TokenIssueTime', '2020-01-01T00:00:00Z')
const own = (condition: object) => ({
  file: {
    roles: {
      dev: { trust: { AWS: root }, statements: [allow('iam:PutRolePolicy', roleArn('dev'), condition)] },
    },
  },
})
const sessions: readonly Kind[] = [
  { name: 'GRD-434 a session that was issued before 2020 is none that lives', expect: 'no', ...own(early) },
  { name: 'GRD-434 a session that was issued after 2020', expect: 'proven', ...own(late) },
]

const boss = (...actions: readonly string[]) => ({
  file: dev([allow(actions, userArn('boss'))], {}, { users: { boss: { statements: [allow('*')] } } }),
  inventory: { loginProfiles: ['boss'] },
})
const passwords: readonly Kind[] = [
  {
    name: 'GRD-436 a password is deleted and made anew',
    expect: 'proven',
    ...boss('iam:DeleteLoginProfile', 'iam:CreateLoginProfile'),
  },
  {
    name: 'GRD-436 a password that is there is not made again',
    expect: 'no',
    ...boss('iam:CreateLoginProfile'),
  },
  { name: 'GRD-436 a password that is deleted alone', expect: 'no', ...boss('iam:DeleteLoginProfile') },
]

const set = `arn:aws:cloudformation:eu-west-1:${account}:stackset/x:12345678-1234-1234-1234-123456789012`
const stackSets = (on: string): Omit<Kind, 'name' | 'expect'> => ({
  file: dev(
    [allow('iam:PassRole', roleArn('administration')), allow('cloudformation:UpdateStackSet', on)],
    {},
    {
      roles: {
        administration: {
          trust: { Service: 'cloudformation.amazonaws.com' },
          statements: [allow('sts:AssumeRole', roleArn('AWSCloudFormationStackSetExecutionRole'))],
        },
        AWSCloudFormationStackSetExecutionRole: {
          trust: { AWS: roleArn('administration') },
          statements: [allow('*')],
        },
      },
      policies: { unused: [allow('s3:GetObject')] },
    },
  ),
  resources: [
    {
      type: 'AWS::CloudFormation::StackSet',
      arn: set,
      instances: [{ account, region: 'eu-west-1' }],
      permissionModel: 'SELF_MANAGED',
      tags: {},
    },
  ],
  to: roleArn('AWSCloudFormationStackSetExecutionRole'),
})
const updates: readonly Kind[] = [
  {
    name: 'GRD-437 a stack set is updated by an Allow on its ARN alone',
    expect: 'proven',
    ...stackSets(set),
  },
  {
    name: 'GRD-437 a stack set is not updated by an Allow on another one',
    expect: 'no',
    ...stackSets(policyArn('unused')),
  },
]

const userData = dev([allow(['ec2:ModifyInstanceAttribute', 'ec2:StartInstances'])], {}, { roles })
const states: readonly Kind[] = [
  {
    name: 'GRD-770 an instance of which there is no list may be stopped',
    expect: 'undecided',
    file: userData,
    inventory: { resources: [], listed: [] },
  },
  { name: 'GRD-770 an instance runs', expect: 'no', file: userData, resources: [instance({})] },
  {
    name: 'GRD-770 an instance is stopped',
    expect: 'proven',
    file: userData,
    resources: [{ ...instance({}), state: 'stopped' }],
  },
]

describeKinds({
  'tags of existing resources': tags,
  'the time of a session': sessions,
  'a password that exists': passwords,
  'an existing stack set': updates,
  'the state of an instance': states,
})
