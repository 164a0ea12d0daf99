import { allow, deny, policyArn, roleArn, userArn } from './account-file.ts'
import { adm, assumes, describeKinds, dev, type Kind, lambda, makes, passes, root, when } from './kinds.ts'

const writes = allow('iam:PutUserPolicy', userArn('dev'))
const gone = policyArn('gone')
const instance = {
  type: 'AWS::EC2::Instance',
  arn: 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0',
  role: roleArn('web'),
  ssmAgent: 'online',
}

const inNoFile: readonly Kind[] = [
  { name: 'a boundary that is in no file', file: dev([writes], { boundary: gone }), expect: 'undecided' },
  { name: 'a policy that is in no file, alone', file: dev([], { attached: [gone] }), expect: 'undecided' },
  {
    name: 'a policy that is in no file, and that may refuse what another one allows',
    file: dev([writes], { attached: [gone] }),
    expect: 'undecided',
  },
  {
    name: 'a policy of AWS that is not known',
    file: dev([], { attached: ['arn:aws:iam::aws:policy/NewFullAccess'] }),
    expect: 'undecided',
  },
  { name: 'a group that is in no file, alone', file: dev([], { groups: ['gone'] }), expect: 'undecided' },
  {
    name: 'a group that is in no file, and that may refuse what another policy allows',
    file: dev([writes], { groups: ['gone'] }),
    expect: 'undecided',
  },
  {
    name: 'a group that is in no file, and that is left',
    file: dev([writes, allow('iam:RemoveUserFromGroup')], { groups: ['gone'] }),
    expect: 'undecided',
  },
  {
    name: 'a group in no file that another user is in, and that can be joined',
    file: dev([allow('iam:AddUserToGroup')], {}, { users: { eve: { groups: ['gone'] } } }),
    expect: 'undecided',
  },
  {
    name: 'a group in no file of another user, which cannot be become',
    file: dev([allow('s3:*')], {}, { users: { eve: { groups: ['gone'] } } }),
    expect: 'no',
  },
  {
    name: 'a group in no file of another user, whose keys can be made',
    file: dev([allow('iam:CreateAccessKey')], {}, { users: { eve: { groups: ['gone'] } } }),
    expect: 'undecided',
  },
  {
    name: 'a policy in no file that another principal has, and that can be attached',
    file: dev(
      [allow('iam:AttachUserPolicy', userArn('dev'), when('ArnEquals', 'iam:PolicyARN', gone))],
      {},
      { users: { eve: { attached: [gone] } } },
    ),
    expect: 'undecided',
  },
  {
    name: 'a policy in no file of another principal, which cannot be become',
    file: dev([allow('s3:*')], {}, { users: { eve: { attached: [gone] } } }),
    expect: 'no',
  },
  {
    name: 'a policy in no file of a role that is not in the way',
    file: assumes({}),
    to: 'role/adm',
    expect: 'proven',
  },
  {
    name: 'a role whose policy in no file must let its agent speak',
    file: dev(
      [allow('ssm:StartSession')],
      {},
      { roles: { web: { trust: { Service: 'ec2.amazonaws.com' }, attached: [gone] } } },
    ),
    resources: [instance],
    to: 'role/web',
    expect: 'undecided',
  },
]

const code = (more: object, trusting = 'lambda') => ({
  file: dev(
    [allow(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'])],
    {},
    { roles: adm({ Service: `${trusting}.amazonaws.com` }) },
  ),
  resources: [
    {
      type: 'AWS::Lambda::Function',
      arn: 'arn:aws:lambda:eu-west-1:123456789012:function:pay',
      ...more,
    },
  ],
})
const workloads: readonly Kind[] = [
  { name: 'a function whose role is in no file', ...code({}), expect: 'undecided' },
  { name: 'a function whose role is known', ...code({ role: roleArn('adm') }), expect: 'proven' },
  { name: 'a function with another role', ...code({ role: roleArn('web') }), expect: 'no' },
  {
    name: 'a function whose role is in no file, where no role trusts Lambda',
    ...code({}, 'glue'),
    expect: 'no',
  },
]

const lacks = (key: string) => when('Null', key, 'true')
const mfa = 'aws:MultiFactorAuthPresent'
const issued = 'aws:TokenIssueTime'
const sessions: readonly Kind[] = [
  {
    name: 'calls of STS without the key of MFA',
    file: dev([allow('sts:AssumeRole'), deny('sts:*', '*', lacks(mfa))], {}, { roles: adm({ AWS: root }) }),
    expect: 'proven',
  },
  {
    name: 'calls of IAM without the key of MFA',
    file: dev([writes, deny('iam:*', '*', lacks(mfa))]),
    expect: 'conditional',
    keys: [mfa],
  },
  {
    name: 'a role for temporary credentials',
    file: assumes(when('Null', issued, 'false')),
    expect: 'proven',
  },
  {
    name: 'a function made by temporary credentials',
    file: dev([passes(), makes, deny('lambda:*', '*', lacks(issued))], {}, { roles: adm(lambda) }),
    expect: 'proven',
  },
]

const forwarded = when('ForAnyValue:StringEquals', 'aws:CalledVia', ['cloudformation.amazonaws.com'])
const through: readonly Kind[] = [
  {
    name: 'a call that CloudFormation may make for the caller',
    file: dev([allow('iam:PutUserPolicy', userArn('dev'), forwarded), allow('cloudformation:*')]),
    expect: 'conditional',
    keys: ['aws:CalledVia'],
  },
  {
    name: 'a call that CloudFormation may make, which the caller may not call',
    file: dev([allow('iam:PutUserPolicy', userArn('dev'), forwarded), allow('cloudformation:Describe*')]),
    expect: 'no',
  },
  {
    name: 'a call that may not be made directly',
    file: dev([
      writes,
      allow('cloudformation:CreateStack'),
      deny('iam:*', '*', when('Bool', 'aws:ViaAWSService', 'false')),
    ]),
    expect: 'conditional',
    keys: ['aws:ViaAWSService'],
  },
  {
    name: 'services that a call came through, for all values',
    file: assumes(when('ForAllValues:StringEquals', 'aws:CalledVia', ['cloudformation.amazonaws.com'])),
    expect: 'proven',
  },
]

describeKinds({
  'policies in no file': inNoFile,
  'resources whose role is in no file': workloads,
  'sessions that a user begins itself': sessions,
  'calls that a service makes': through,
})
