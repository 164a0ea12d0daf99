import { account, administratorAccess, allow, roleArn } from './account-file.ts'
import { describeKinds, dev, type Kind } from './kinds.ts'

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${account}:${rest}`
const strong = (service: string, more: object = {}) => ({
  adm: { trust: { Service: service }, attached: [administratorAccess], ...more },
})

const template = arn('ec2', 'launch-template/lt-0123456789abcdef0')
const launches = (version: string, scalesOut: boolean | undefined = true) => [
  {
    type: 'AWS::EC2::LaunchTemplate',
    arn: template,
    instanceProfile: null,
    launchedBy: [{ type: 'AWS::AutoScaling::AutoScalingGroup', version, scalesOut }],
  },
]
const makes = (...more: readonly string[]) => allow(['ec2:CreateLaunchTemplateVersion', ...more])
const ofEc2 = (more: object = { profiles: ['adm'] }, statements = [makes()]) =>
  dev(statements, {}, { roles: strong('ec2.amazonaws.com', more) })
const templates: readonly Kind[] = [
  {
    name: 'GRD-566 a version with another profile, which a group launches by $Latest',
    file: ofEc2(),
    resources: launches('$Latest'),
    expect: 'proven',
    requests: ['ec2:CreateLaunchTemplateVersion', 'sts:AssumeRole'],
  },
  {
    name: 'GRD-566 a version that a group launches by its number',
    file: ofEc2(),
    resources: launches('3'),
    expect: 'no',
  },
  {
    name: 'GRD-566 a version that must become the default first',
    file: ofEc2({ profiles: ['adm'] }, [makes('ec2:ModifyLaunchTemplate')]),
    resources: launches('$Default'),
    expect: 'proven',
  },
  {
    name: 'GRD-566 a version that may not become the default',
    file: ofEc2(),
    resources: launches('$Default'),
    expect: 'no',
  },
  { name: 'GRD-566 a role without a profile', file: ofEc2({}), resources: launches('$Latest'), expect: 'no' },
  {
    name: 'GRD-566 a role that does not trust EC2',
    file: dev([makes()], {}, { roles: strong('lambda.amazonaws.com', { profiles: ['adm'] }) }),
    resources: launches('$Latest'),
    expect: 'no',
  },
  {
    name: 'GRD-566 a template of which nobody knows whether something launches it',
    file: ofEc2(),
    resources: launches('$Latest', undefined as never).map((each) => ({ ...each, launchedBy: undefined })),
    expect: 'undecided',
  },
]

const task = {
  type: 'AWS::ECS::Task',
  arn: arn('ecs', 'task/prod/0123456789abcdef0123456789abcdef'),
  role: roleArn('adm'),
  enableExecuteCommand: false,
  group: 'service:web',
}
const service = { type: 'AWS::ECS::Service', arn: arn('ecs', 'service/prod/web') }
const cluster = { type: 'AWS::ECS::Cluster', arn: arn('ecs', 'cluster/prod') }
const tasks = (actions: readonly string[], role: object = {}) =>
  dev([allow(actions)], {}, { roles: strong('ecs-tasks.amazonaws.com', role) })
const exec = ['ecs:ExecuteCommand', 'ecs:UpdateService']
const weak = { attached: [], statements: [allow('iam:*')] }
const containers: readonly Kind[] = [
  {
    name: 'GRD-567 a service is updated so that its tasks can be entered',
    file: tasks(exec),
    resources: [task, service, cluster],
    expect: 'proven',
  },
  {
    name: 'GRD-567 a task that cannot be entered, of a service that may not be updated',
    file: tasks(['ecs:ExecuteCommand']),
    resources: [task, service, cluster],
    expect: 'no',
  },
  {
    name: 'GRD-567 a task of no service',
    file: tasks(exec),
    resources: [{ ...task, group: 'family:web' }, service, cluster],
    expect: 'no',
  },
  {
    name: 'GRD-567 a task of a service in another cluster',
    file: tasks(exec),
    resources: [task, { ...service, arn: arn('ecs', 'service/lab/web') }, cluster],
    expect: 'no',
  },
  {
    name: 'GRD-567 a task whose service is in no file',
    file: tasks(exec),
    resources: [{ ...task, group: undefined }, service, cluster],
    expect: 'undecided',
  },
  {
    name: 'GRD-567 an update that may not turn it on',
    file: dev(
      [
        allow('ecs:ExecuteCommand'),
        allow('ecs:UpdateService', '*', { Bool: { 'ecs:enable-execute-command': 'false' } }),
      ],
      {},
      { roles: strong('ecs-tasks.amazonaws.com') },
    ),
    resources: [task, service, cluster],
    expect: 'no',
  },
  {
    name: 'GRD-567 a task whose role may not open channels',
    file: tasks(exec, weak),
    resources: [{ ...task, enableExecuteCommand: true }, service, cluster],
    expect: 'no',
  },
]

const runtime = { type: 'AWS::BedrockAgentCore::Runtime', arn: arn('bedrock-agentcore', 'runtime/r1') }
const agents = (actions: readonly string[], passes = true) =>
  dev(
    [allow(actions.map((name) => `bedrock-agentcore:${name}`)), ...(passes ? [allow('iam:PassRole')] : [])],
    {},
    { roles: strong('bedrock-agentcore.amazonaws.com') },
  )
const runtimes: readonly Kind[] = [
  {
    name: 'GRD-568 a new runtime that is invoked',
    file: agents([
      'CreateAgentRuntime',
      'CreateAgentRuntimeEndpoint',
      'CreateWorkloadIdentity',
      'InvokeAgentRuntime',
    ]),
    expect: 'proven',
  },
  {
    name: 'GRD-568 a runtime that exists gets another image and the role',
    file: agents(['UpdateAgentRuntime', 'InvokeAgentRuntime']),
    resources: [runtime],
    expect: 'proven',
  },
  {
    name: 'GRD-568 a runtime that is updated needs its role passed',
    file: agents(['UpdateAgentRuntime', 'InvokeAgentRuntime'], false),
    resources: [{ ...runtime, role: roleArn('none') }],
    expect: 'no',
  },
  {
    name: 'GRD-568 what an agent does with its input is in no file',
    file: agents(['InvokeAgentRuntime'], false),
    resources: [{ ...runtime, role: roleArn('adm') }],
    expect: 'undecided',
  },
  {
    name: 'GRD-568 a command in a runtime',
    file: agents(['InvokeAgentRuntimeCommand'], false),
    resources: [{ ...runtime, role: roleArn('adm') }],
    expect: 'proven',
  },
  {
    name: 'GRD-568 a terminal in a runtime',
    file: agents(['InvokeAgentRuntimeCommandShell'], false),
    resources: [{ ...runtime, role: roleArn('adm') }],
    expect: 'proven',
  },
  {
    name: 'GRD-568 a terminal in a new runtime',
    file: agents([
      'CreateAgentRuntime',
      'CreateAgentRuntimeEndpoint',
      'CreateWorkloadIdentity',
      'InvokeAgentRuntimeCommandShell',
    ]),
    expect: 'proven',
  },
  {
    name: 'an inventory with the earlier name of a type',
    file: agents(['StartCodeInterpreterSession', 'InvokeCodeInterpreter'], false),
    resources: [
      {
        type: 'AWS::BedrockAgentCore::CodeInterpreter',
        arn: arn('bedrock-agentcore', 'code-interpreter-custom/ci1'),
        role: roleArn('adm'),
      },
    ],
    expect: 'proven',
  },
]

const project = {
  type: 'AWS::CodeBuild::Project',
  arn: arn('codebuild', 'project/one'),
  role: roleArn('adm'),
}
const sandboxes = (actions: readonly string[], role: object = {}) => ({
  file: dev(
    [allow(actions.map((name) => `codebuild:${name}`))],
    {},
    { roles: strong('codebuild.amazonaws.com', role) },
  ),
  resources: [project],
})
const builds: readonly Kind[] = [
  {
    name: 'GRD-729 a sandbox that runs a command',
    ...sandboxes(['StartSandbox', 'StartCommandExecution']),
    expect: 'proven',
  },
  {
    name: 'GRD-729 a sandbox that is connected to',
    ...sandboxes(['StartSandbox', 'StartSandboxConnection']),
    expect: 'proven',
  },
  {
    name: 'GRD-729 a sandbox alone',
    ...sandboxes(['StartSandbox']),
    expect: 'no',
  },
  {
    name: 'GRD-729 a sandbox of a role that may not open channels',
    ...sandboxes(['StartSandbox', 'StartCommandExecution'], weak),
    expect: 'no',
  },
]

describeKinds({
  'versions of launch templates': templates,
  'tasks that are entered': containers,
  runtimes,
  builds,
})
