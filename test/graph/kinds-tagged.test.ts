import { account, allow, deny, roleArn, type Statement, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, organization, root, when } from './kinds.ts'

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${account}:${rest}`
const tags = { team: 'web' }
const tagged = (key = 'aws:ResourceTag/team') => when('StringEquals', key, 'web')
const left = ['aws:ResourceTag/team']
const wearing = (service: string, ...statements: readonly Statement[]) =>
  dev(statements, {}, { roles: adm({ Service: `${service}.amazonaws.com` }) })
const ofWorkloads = { role: roleArn('adm'), tags }

const instance = {
  type: 'AWS::EC2::Instance',
  arn: arn('ec2', 'instance/i-0123456789abcdef0'),
  ...ofWorkloads,
}
const online = [{ ...instance, ssmAgent: 'online' }]
const offline = [{ ...instance, ssmAgent: 'offline' }]
const commands: readonly Kind[] = [
  {
    name: 'a command on tagged resources alone, and the document of AWS has no tags [PSR-17]',
    file: wearing('ec2', allow('ssm:SendCommand', '*', tagged())),
    resources: online,
    expect: 'no',
  },
  {
    name: 'the same with the key of Systems Manager [PSR-17]',
    file: wearing('ec2', allow('ssm:SendCommand', '*', tagged('ssm:resourceTag/team'))),
    resources: online,
    expect: 'no',
  },
  {
    name: 'a command on a tagged instance by any document [PSR-17]',
    file: wearing(
      'ec2',
      allow('ssm:SendCommand', 'arn:aws:ssm:*::document/*'),
      allow('ssm:SendCommand', 'arn:aws:ec2:*:*:instance/*', tagged()),
    ),
    resources: online,
    expect: 'proven',
  },
  {
    name: 'a Deny of commands on what has not the tag [PSR-17]',
    file: wearing(
      'ec2',
      allow('ssm:SendCommand'),
      deny('ssm:SendCommand', '*', when('StringNotEquals', 'aws:ResourceTag/team', 'web')),
    ),
    resources: online,
    expect: 'no',
  },
  {
    name: 'volumes, whose tags are in no file [PSR-17]',
    file: wearing(
      'ec2',
      allow(
        ['ec2:StopInstances', 'ec2:StartInstances', 'ec2:DetachVolume', 'ec2:AttachVolume'],
        '*',
        tagged(),
      ),
    ),
    resources: offline,
    expect: 'conditional',
    keys: left,
  },
]

const definition = {
  type: 'AWS::Batch::JobDefinition',
  arn: arn('batch', 'job-definition/etl:3'),
  ...ofWorkloads,
}
const queue = { type: 'AWS::Batch::JobQueue', arn: arn('batch', 'job-queue/fast') }
const submits = wearing('ecs-tasks', allow('batch:SubmitJob', '*', tagged()))
const task = {
  type: 'AWS::ECS::Task',
  arn: arn('ecs', 'task/prod/0123456789abcdef0123456789abcdef'),
  enableExecuteCommand: true,
  ...ofWorkloads,
}
const cluster = { type: 'AWS::ECS::Cluster', arn: arn('ecs', 'cluster/prod') }
const executes = wearing('ecs-tasks', allow('ecs:ExecuteCommand', '*', tagged()))
const others: readonly Kind[] = [
  {
    name: 'a queue without the tag [PSR-17]',
    file: submits,
    resources: [definition, { ...queue, tags: {} }],
    expect: 'no',
  },
  {
    name: 'a queue with the tag [PSR-17]',
    file: submits,
    resources: [definition, { ...queue, tags }],
    expect: 'proven',
  },
  {
    name: 'a queue whose tags are in no file [PSR-17]',
    file: submits,
    resources: [definition, queue],
    expect: 'conditional',
    keys: left,
  },
  {
    name: 'a cluster without the tag [PSR-17]',
    file: executes,
    resources: [task, { ...cluster, tags: {} }],
    expect: 'no',
  },
  {
    name: 'a cluster with the tag [PSR-17]',
    file: executes,
    resources: [task, { ...cluster, tags }],
    expect: 'proven',
  },
  {
    name: 'two tasks that are alike, in clusters with different tags [PSR-17]',
    file: executes,
    resources: [
      { ...task, arn: task.arn.replace('prod', 'lab') },
      { ...cluster, arn: arn('ecs', 'cluster/lab'), tags: {} },
      task,
      { ...cluster, tags },
    ],
    expect: 'proven',
  },
  {
    name: 'two tasks that are alike, of which one may be entered [PSR-14]',
    file: wearing(
      'ecs-tasks',
      allow('ecs:ExecuteCommand', '*', when('ArnLike', 'ecs:task', 'arn:aws:ecs:*:*:task/prod/*')),
    ),
    resources: [{ ...task, arn: task.arn.replace('prod', 'lab') }, task],
    expect: 'proven',
  },
  {
    name: 'an application whose tags are in no file [PSR-17]',
    file: wearing(
      'codedeploy',
      allow(['codedeploy:CreateDeployment', 'codedeploy:RegisterApplicationRevision'], '*', tagged()),
      allow('codedeploy:GetDeploymentConfig'),
    ),
    resources: [
      {
        type: 'AWS::CodeDeploy::DeploymentGroup',
        arn: arn('codedeploy', 'deploymentgroup:web/prod'),
        ...ofWorkloads,
      },
    ],
    expect: 'conditional',
    keys: left,
  },
]

const trusted = organization([
  {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole',
    Resource: roleArn('adm'),
    Condition: { StringNotEquals: { 'aws:PrincipalTag/trusted': 'yes' } },
  },
])
const assuming = (statements: readonly Statement[], roles: object) =>
  dev([allow('sts:AssumeRole'), ...statements], {}, { roles: roles as Record<string, never> })
const middle = {
  trust: [
    { Effect: 'Allow' as const, Principal: { AWS: root }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
  ],
  statements: [allow('sts:AssumeRole')],
}
const spared: readonly Kind[] = [
  {
    name: 'an RCP that spares callers with a tag, which dev may write',
    file: assuming([allow('iam:TagUser', userArn('dev'))], adm({ AWS: root })),
    organization: trusted,
    expect: 'proven',
  },
  {
    name: 'an RCP that spares callers with a tag, which dev may not write',
    file: assuming([allow('iam:TagRole')], adm({ AWS: root })),
    organization: trusted,
    expect: 'no',
  },
  {
    name: 'an RCP that spares sessions with a tag, which dev gives to one',
    file: assuming([allow('sts:TagSession')], { middle, ...adm({ AWS: roleArn('middle') }) }),
    organization: trusted,
    expect: 'proven',
  },
]

describeKinds({ commands, others, spared })
