import { account, allow, roleArn, type Statement } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, passes, when } from './kinds.ts'

const service = (name: string) => ({ Service: `${name}.amazonaws.com` })
const passing = (name: string, statements: readonly Statement[], role: object = {}) =>
  dev([passes(), ...statements], {}, { roles: adm(service(name), role) })
const profile = { profiles: ['adm'] }

/** What a call names is asked about, also if the reference calls its type optional. [GRD-11] */
const named: readonly Kind[] = [
  {
    name: 'a Spot request, and its image may not be used [GRD-11]',
    file: passing(
      'ec2',
      [allow('ec2:RequestSpotInstances', 'arn:aws:ec2:*:*:spot-instances-request/*')],
      profile,
    ),
    expect: 'no',
  },
  {
    name: 'a Spot request and an image [GRD-11]',
    file: passing(
      'ec2',
      [allow('ec2:RequestSpotInstances', ['arn:aws:ec2:*:*:spot-*', 'arn:aws:ec2:*::image/*'])],
      profile,
    ),
    expect: 'proven',
  },
  {
    name: 'a job queue, and its compute environment may not be used [GRD-11]',
    file: passing('ecs-tasks', [
      allow(['batch:RegisterJobDefinition', 'batch:SubmitJob', 'batch:CreateComputeEnvironment']),
      allow('batch:CreateJobQueue', 'arn:aws:batch:*:*:job-queue/*'),
    ]),
    expect: 'no',
  },
  {
    name: 'a job queue of a compute environment whose name both statements allow [GRD-11]',
    file: passing('ecs-tasks', [
      allow(['batch:RegisterJobDefinition', 'batch:SubmitJob']),
      allow('batch:CreateComputeEnvironment', 'arn:aws:batch:*:*:compute-environment/dev-*'),
      allow('batch:CreateJobQueue', [
        'arn:aws:batch:*:*:job-queue/*',
        'arn:aws:batch:*:*:compute-environment/*-small',
      ]),
    ]),
    expect: 'proven',
  },
  {
    name: 'a run of a workflow that may not be used [GRD-11]',
    file: passing('omics', [
      allow('omics:CreateWorkflow'),
      allow('omics:StartRun', 'arn:aws:omics:*:*:run/*'),
    ]),
    expect: 'no',
  },
  {
    name: 'a session of the interpreter of AWS, which wears no role of the account',
    file: passing('bedrock-agentcore', [
      allow('bedrock-agentcore:CreateCodeInterpreter'),
      allow(
        ['bedrock-agentcore:StartCodeInterpreterSession', 'bedrock-agentcore:InvokeCodeInterpreter'],
        'arn:aws:bedrock-agentcore:*:aws:code-interpreter/*',
      ),
    ]),
    expect: 'no',
  },
]

const template = when('ArnLike', 'ec2:LaunchTemplate', 'arn:aws:ec2:*:*:launch-template/*')
const grouped = (...more: readonly Statement[]) =>
  passing(
    'ec2',
    [allow(['ec2:CreateLaunchTemplate', 'autoscaling:CreateAutoScalingGroup']), ...more],
    profile,
  )

const groups: readonly Kind[] = [
  {
    name: 'an Auto Scaling group of a launch template, and instances may not be run [PSR-13]',
    file: grouped(),
    expect: 'no',
  },
  {
    name: 'instances of a launch template alone [PSR-13]',
    file: grouped(allow('ec2:RunInstances', '*', template)),
    expect: 'proven',
  },
]

const targets = (resources: string | readonly string[]) =>
  administering([
    allow('cloudformation:CreateStackSet'),
    allow('cloudformation:CreateStackInstances', resources),
  ])
const administering = (statements: readonly Statement[]) =>
  dev(
    [passes(undefined, roleArn('administration')), ...statements],
    {},
    {
      roles: {
        administration: {
          trust: service('cloudformation'),
          statements: [allow('sts:AssumeRole', roleArn('adm'))],
        },
        ...adm({ AWS: roleArn('administration') }),
      },
    },
  )
const stackSet = 'arn:aws:cloudformation:*:*:stackset/*'
const anyType = 'arn:aws:cloudformation:*:*:type/resource/*'
const target = (where: string) => `arn:aws:cloudformation:*:*:stackset-target/*/${where}`

const stackSets: readonly Kind[] = [
  { name: 'a stack set without a target [PSR-10]', file: targets(stackSet), expect: 'no' },
  {
    name: 'a stack set with this account as the target [PSR-10]',
    file: targets([stackSet, anyType, target(account)]),
    expect: 'proven',
  },
  {
    name: 'a stack set with another account as the target [PSR-10]',
    file: targets([stackSet, anyType, target('444455556666')]),
    expect: 'no',
  },
  {
    name: 'a stack set of buckets [PSR-10]',
    file: targets([stackSet, target('*'), 'arn:aws:cloudformation:*::type/resource/AWS-S3-*']),
    expect: 'no',
  },
  {
    name: 'a stack set of types of IAM, named without an account [PSR-10]',
    file: targets([stackSet, target('*'), 'arn:aws:cloudformation:*::type/resource/AWS-IAM-*']),
    expect: 'proven',
  },
]

const held = (members: object) => ({
  resources: [
    {
      type: 'AWS::CloudFormation::StackSet',
      arn: `arn:aws:cloudformation:eu-west-1:${account}:stackset/base:0`,
      ...members,
    },
  ],
})
const updates = allow('cloudformation:UpdateStackSet')
const elsewhere = [{ account: '444455556666', region: 'eu-west-1' }]

/** What stacks an existing stack set has. [PSR-26] */
const existing: readonly Kind[] = [
  {
    name: 'a stack set with a stack in the account of the execution role [PSR-26]',
    file: administering([updates]),
    ...held({ permissionModel: 'SELF_MANAGED', instances: [{ account, region: 'eu-west-1' }] }),
    expect: 'proven',
  },
  {
    name: 'a stack set with a stack in another account alone [PSR-26]',
    file: administering([updates]),
    ...held({ instances: elsewhere }),
    expect: 'no',
  },
  {
    name: 'a stack set with a stack in another account, and more may be made [PSR-26]',
    file: administering([updates, allow('cloudformation:CreateStackInstances')]),
    ...held({ instances: elsewhere }),
    expect: 'proven',
  },
  {
    name: 'a stack set without stacks, and more may be made [PSR-26]',
    file: administering([updates, allow('cloudformation:CreateStackInstances')]),
    ...held({ instances: [] }),
    expect: 'proven',
  },
  {
    name: 'a stack set with a stack in an account that the inventory does not say [PSR-26]',
    file: administering([updates]),
    ...held({ instances: [{ region: 'eu-west-1' }] }),
    expect: 'undecided',
  },
  {
    name: 'a stack set with service-managed permissions, to which no role is passed [PSR-26]',
    file: administering([updates]),
    ...held({ permissionModel: 'SERVICE_MANAGED', instances: [{ account, region: 'eu-west-1' }] }),
    expect: 'no',
  },
]

const environments: readonly Kind[] = [
  {
    name: 'an environment of Elastic Beanstalk, which changes with the caller’s permissions [PSR-11]',
    file: dev(
      [allow(['elasticbeanstalk:CreateApplicationVersion', 'elasticbeanstalk:UpdateEnvironment'])],
      {},
      { roles: adm(service('ec2'), profile) },
    ),
    resources: [
      {
        type: 'AWS::ElasticBeanstalk::Environment',
        arn: `arn:aws:elasticbeanstalk:eu-west-1:${account}:environment/shop/live`,
        role: roleArn('adm'),
      },
    ],
    expect: 'undecided',
  },
]

describeKinds({ named, groups, stackSets, existing, environments })
