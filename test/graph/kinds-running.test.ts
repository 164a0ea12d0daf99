import { account, allow, deny, roleArn, type Statement } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, lambda, passes, when } from './kinds.ts'

const service = (name: string) => ({ Service: `${name}.amazonaws.com` })
const passing = (name: string, statements: readonly Statement[], role: object = {}) =>
  dev([passes(), ...statements], {}, { roles: adm(service(name), role) })
const wearing = (name: string, ...statements: readonly Statement[]) =>
  dev(statements, {}, { roles: adm(service(name)) })
const given = (key: string) => when('Null', key, 'false')
const types = when('ForAllValues:StringLike', 'cloudformation:ResourceTypes', ['AWS::SQS::*'])

const stacks: readonly Kind[] = [
  {
    name: 'a template of a bucket, whose content nobody knows',
    file: passing('cloudformation', [
      allow(
        'cloudformation:CreateStack',
        '*',
        when('StringLike', 'cloudformation:TemplateUrl', 'https://corp.s3.amazonaws.com/*'),
      ),
    ]),
    expect: 'undecided',
  },
  {
    name: 'no template of a bucket',
    file: passing('cloudformation', [
      allow('cloudformation:CreateStack'),
      deny('cloudformation:CreateStack', '*', given('cloudformation:TemplateUrl')),
    ]),
    expect: 'proven',
  },
  {
    name: 'a stack of some types alone',
    file: passing('cloudformation', [
      allow('cloudformation:CreateStack', '*', { ...types, ...given('cloudformation:ResourceTypes') }),
    ]),
    expect: 'undecided',
  },
  {
    name: 'a stack whose types are limited only if they are named',
    file: passing('cloudformation', [allow('cloudformation:CreateStack', '*', types)]),
    expect: 'proven',
  },
]

const project = [
  {
    type: 'AWS::CodeBuild::Project',
    arn: `arn:aws:codebuild:eu-west-1:${account}:project/one`,
    role: roleArn('adm'),
  },
]
const builds = (...keys: readonly string[]): Kind['file'] =>
  wearing(
    'codebuild',
    allow('codebuild:StartBuild'),
    ...keys.map((key) => deny('codebuild:StartBuild', '*', given(`codebuild:source.${key}`))),
  )
const buildKinds: readonly Kind[] = [
  {
    name: 'a build with a repository of the attacker',
    file: builds('buildspec'),
    resources: project,
    expect: 'proven',
  },
  {
    name: 'a build with commands of the attacker',
    file: builds('location'),
    resources: project,
    expect: 'proven',
  },
  {
    name: 'a build with neither',
    file: builds('buildspec', 'location'),
    resources: project,
    expect: 'undecided',
  },
]

const instance = {
  type: 'AWS::EC2::Instance',
  arn: `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`,
  role: roleArn('adm'),
  ssmAgent: 'online',
}
const instances = 'arn:aws:ec2:*:*:instance/*'
const own = `arn:aws:ssm:*:${account}:document/*`
const commands: readonly Kind[] = [
  {
    name: 'an instance of one launch template',
    file: passing(
      'ec2',
      [
        allow(
          'ec2:RunInstances',
          '*',
          when('ArnLike', 'ec2:LaunchTemplate', `arn:aws:ec2:*:${account}:launch-template/lt-0a1b2c3d`),
        ),
      ],
      { profiles: ['adm'] },
    ),
    expect: 'undecided',
  },
  {
    name: 'a command by a document of AWS',
    file: wearing('ec2', allow('ssm:SendCommand', ['arn:aws:ssm:*::document/AWS-Run*', instances])),
    resources: [instance],
    expect: 'proven',
  },
  {
    name: 'a command by documents of the account, of which there are none',
    file: wearing('ec2', allow('ssm:SendCommand', [own, instances])),
    resources: [instance],
    expect: 'no',
  },
  {
    name: 'a command by documents of the account, which nobody knows',
    file: wearing('ec2', allow('ssm:SendCommand', [own, instances])),
    resources: [
      instance,
      { type: 'AWS::SSM::Document', arn: `arn:aws:ssm:eu-west-1:${account}:document/one` },
    ],
    expect: 'undecided',
  },
  {
    name: 'a command by a document that the attacker makes',
    file: wearing('ec2', allow(['ssm:SendCommand', 'ssm:CreateDocument'], [own, instances])),
    resources: [instance],
    expect: 'proven',
  },
  {
    name: 'a command by a document that the attacker makes under another name',
    file: wearing(
      'ec2',
      allow('ssm:CreateDocument', `arn:aws:ssm:*:${account}:document/dev-*`),
      allow('ssm:SendCommand', [`arn:aws:ssm:*:${account}:document/ops-*`, instances]),
    ),
    resources: [instance],
    expect: 'no',
  },
]

const signed = (codeSigningConfig: unknown) => [
  {
    type: 'AWS::Lambda::Function',
    arn: `arn:aws:lambda:eu-west-1:${account}:function:pay`,
    role: roleArn('adm'),
    codeSigningConfig,
  },
]
const config = `arn:aws:lambda:eu-west-1:${account}:code-signing-config:csc-0d4518bd353a0a7c6`
const changes = (name: string, ...more: readonly Statement[]) =>
  dev([allow([`lambda:${name}`, 'lambda:InvokeFunction']), ...more], {}, { roles: adm(lambda) })
const functions: readonly Kind[] = [
  {
    name: 'code of a function with a code signing configuration',
    file: changes('UpdateFunctionCode'),
    resources: signed(config),
    expect: 'undecided',
  },
  {
    name: 'code of a function that refuses unsigned code',
    file: changes('UpdateFunctionCode'),
    resources: signed(true),
    expect: 'no',
  },
  {
    name: 'a layer of a function with a code signing configuration',
    file: changes('UpdateFunctionConfiguration'),
    resources: signed(config),
    expect: 'undecided',
  },
  {
    name: 'a layer of a function, where layers are limited to those of the account',
    file: changes(
      'UpdateFunctionConfiguration',
      deny(
        'lambda:UpdateFunctionConfiguration',
        '*',
        when('ForAnyValue:StringNotLike', 'lambda:Layer', [`arn:aws:lambda:*:${account}:layer:*`]),
      ),
    ),
    resources: signed(false),
    expect: 'undecided',
  },
  {
    name: 'another role for a function, where layers are limited',
    file: dev(
      [
        passes(),
        allow('lambda:*'),
        deny('lambda:UpdateFunctionConfiguration', '*', given('lambda:Layer')),
        deny('lambda:CreateFunction'),
      ],
      {},
      { roles: { ...adm(lambda), web: { trust: lambda } } },
    ),
    resources: signed(false).map((each) => ({ ...each, role: roleArn('web') })),
    expect: 'proven',
  },
]

/** dev makes a function that must be in a network. The role may make interfaces there, or only what is given. */
const networked = (
  statements: readonly Statement[],
  own: readonly Statement[] = interfaces,
  condition = 'VpcIds',
) =>
  dev(
    [passes(undefined, roleArn('ops')), allow('lambda:*'), mustBeIn(condition), ...statements],
    {},
    { roles: { ops: { trust: lambda, statements: own } } },
  )
const mustBeIn = (key: string) =>
  deny(
    ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration'],
    '*',
    when('Null', `lambda:${key}`, 'true'),
  )
const lookups = [allow(['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'])]
const interfaces = [
  allow(['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface']),
]

// [LAM-83]
const networks: readonly Kind[] = [
  { name: 'a function that must be in a network', to: 'ops', expect: 'proven', file: networked(lookups) },
  { name: 'a caller that may not look at networks', to: 'ops', expect: 'no', file: networked([]) },
  {
    name: 'a role that may make no interface',
    to: 'ops',
    expect: 'no',
    file: networked(lookups, [allow('s3:*')]),
  },
  {
    name: 'a role that may make no interface, subnets asked for',
    to: 'ops',
    expect: 'no',
    file: networked(lookups, [allow('s3:*')], 'SubnetIds'),
  },
  {
    name: 'a function that must be in no network',
    expect: 'proven',
    file: dev(
      [passes(), allow('lambda:*'), deny('lambda:*', '*', given('lambda:VpcIds'))],
      {},
      { roles: adm(lambda) },
    ),
  },
]

/** dev passes ops to a service, and what it makes must be in a network. [PSR-30] */
const inNetwork = (
  name: string,
  calls: readonly string[],
  key: string,
  own: readonly Statement[],
): Omit<Kind, 'name' | 'expect'> => ({
  to: 'ops',
  file: dev(
    [passes(undefined, roleArn('ops')), allow(calls), deny(calls[0] ?? '', '*', when('Null', key, 'true'))],
    {},
    { roles: { ops: { trust: service(name), statements: own } } },
  ),
})
const training = (own: readonly Statement[]) =>
  inNetwork('sagemaker', ['sagemaker:CreateTrainingJob'], 'sagemaker:VpcSubnets', own)
const building = (own: readonly Statement[]) =>
  inNetwork(
    'codebuild',
    ['codebuild:CreateProject', 'codebuild:StartBuild'],
    'codebuild:vpcConfig.vpcId',
    own,
  )
const roleMay = [...interfaces, ...lookups, allow('ec2:DescribeDhcpOptions')]
const others: readonly Kind[] = [
  { name: 'a training job in a network', expect: 'proven', ...training(roleMay) },
  {
    name: 'a training job in a network that its role may not use',
    expect: 'no',
    ...training([allow('s3:*')]),
  },
  { name: 'a project in a network', expect: 'proven', ...building(roleMay) },
  { name: 'a project in a network that its role may not use', expect: 'no', ...building(interfaces) },
]

/** dev may write the code that a project of the administrator runs, in buckets of an account. [GRD-106] */
const objects = (owner: string): Omit<Kind, 'name' | 'expect'> => ({
  file: wearing('codebuild', allow('s3:PutObject', '*', when('StringEquals', 's3:ResourceAccount', owner))),
  resources: [{ type: 'AWS::S3::Object', arn: 'arn:aws:s3:::deploy/app.zip', role: roleArn('adm') }],
})
const code: readonly Kind[] = [
  { name: 'an object in buckets of the account', expect: 'proven', ...objects(account) },
  { name: 'an object in buckets of another account', expect: 'no', ...objects('444455556666') },
]

describeKinds({
  'the network of a function': networks,
  'the network of jobs and builds': others,
  'objects of an account': code,
  'what a stack makes': stacks,
  'what a build runs': buildKinds,
  'what an instance runs': commands,
  'what a function runs': functions,
})
