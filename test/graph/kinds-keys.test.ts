import { account, allow, deny, roleArn, type Statement } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, passes, when } from './kinds.ts'

const service = (name: string) => ({ Service: `${name}.amazonaws.com` })
const passing = (name: string, ...statements: readonly Statement[]) =>
  dev([passes(), ...statements], {}, { roles: adm(service(name)) })
const wearing = (name: string, ...statements: readonly Statement[]) =>
  dev(statements, {}, { roles: adm(service(name)) })

const isolation = (operator: string, value: string) => when(operator, 'sagemaker:NetworkIsolation', value)
const isolated: readonly Kind[] = [
  {
    name: 'a training job that must be isolated [PSR-12]',
    file: passing('sagemaker', allow('sagemaker:CreateTrainingJob', '*', isolation('Bool', 'true'))),
    expect: 'no',
  },
  {
    name: 'a processing job that must not say that it is not isolated [PSR-12]',
    file: passing(
      'sagemaker',
      allow('sagemaker:CreateProcessingJob'),
      deny('sagemaker:Create*Job', '*', isolation('Bool', 'false')),
    ),
    expect: 'proven',
  },
  {
    name: 'a processing job that must say that it is isolated [PSR-12]',
    file: passing(
      'sagemaker',
      allow('sagemaker:CreateProcessingJob'),
      deny('sagemaker:Create*Job', '*', isolation('BoolIfExists', 'false')),
    ),
    expect: 'no',
  },
]

const instance = `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`
const instances = [
  { type: 'AWS::EC2::Instance', arn: instance, role: roleArn('adm'), ssmAgent: 'online', tags: {} },
]
const documents = (type: string) => [
  allow('ssm:SendCommand', [instance, `arn:aws:ssm:*:${account}:document/*`]),
  allow('ssm:CreateDocument', '*', when('StringEquals', 'ssm:DocumentType', type)),
]
const changed: readonly Kind[] = [
  {
    name: 'documents that are packages, which run no command',
    file: wearing('ec2', ...documents('Package')),
    resources: instances,
    expect: 'no',
  },
  {
    name: 'documents that are commands',
    file: wearing('ec2', ...documents('Command')),
    resources: instances,
    expect: 'proven',
  },
]

const delivered = (...statements: readonly Statement[]) =>
  dev([allow('ssm:SendCommand')], {}, { roles: { adm: { trust: service('ec2'), statements } } })
const delivery = (operator: string) => when(operator, 'ec2:RoleDelivery', '2.0')
const deliveries: readonly Kind[] = [
  {
    name: 'a role that the first version of the metadata service may not deliver [POL-175]',
    file: delivered(allow('iam:PutUserPolicy'), deny('*', '*', delivery('NumericLessThan'))),
    resources: instances,
    expect: 'proven',
  },
  {
    name: 'a role that the second version alone delivers [POL-175]',
    file: delivered(allow('iam:PutUserPolicy', '*', delivery('NumericGreaterThanEquals'))),
    resources: instances,
    expect: 'conditional',
    keys: ['ec2:RoleDelivery'],
  },
]

const cluster = (name: string) => `arn:aws:ecs:eu-west-1:${account}:cluster/${name}`
const clusters = [{ type: 'AWS::ECS::Cluster', arn: cluster('prod') }]
const family = (name: string) => `arn:aws:ecs:*:*:task-definition/${name}:*`
const services = (key: string, value: string) =>
  passing(
    'ecs-tasks',
    allow('ecs:RegisterTaskDefinition', family('dev-*')),
    allow('ecs:CreateService', '*', when('ArnLike', key, value)),
  )
const tasks = [
  {
    type: 'AWS::ECS::Task',
    arn: `arn:aws:ecs:eu-west-1:${account}:task/prod/0123456789abcdef0123456789abcdef`,
    role: roleArn('adm'),
    enableExecuteCommand: true,
  },
]
const executes = (where: string) =>
  wearing(
    'ecs-tasks',
    allow('ecs:ExecuteCommand', '*', when('ArnLike', 'ecs:task', `arn:aws:ecs:*:*:task/${where}/*`)),
  )
const named: readonly Kind[] = [
  {
    name: 'a service in a cluster that does not exist [PSR-14]',
    file: services('ecs:cluster', cluster('dev')),
    resources: clusters,
    expect: 'no',
  },
  {
    name: 'a service in the cluster that exists [PSR-14]',
    file: services('ecs:cluster', cluster('prod')),
    resources: clusters,
    expect: 'proven',
  },
  {
    name: 'a service of another task definition than the new one [PSR-14]',
    file: services('ecs:task-definition', family('web')),
    resources: clusters,
    expect: 'no',
  },
  {
    name: 'a service of the new task definition [PSR-14]',
    file: services('ecs:task-definition', family('*-web')),
    resources: clusters,
    expect: 'proven',
  },
  { name: 'a command in the task [PSR-14]', file: executes('prod'), resources: tasks, expect: 'proven' },
  { name: 'a command in another task [PSR-14]', file: executes('dev'), resources: tasks, expect: 'no' },
  {
    name: 'a group of a launch configuration of another name than the new one',
    file: dev(
      [
        passes(),
        allow('autoscaling:CreateLaunchConfiguration', '*:launchConfigurationName/dev-*'),
        allow(
          'autoscaling:CreateAutoScalingGroup',
          '*',
          when('StringLike', 'autoscaling:LaunchConfigurationName', 'prod-*'),
        ),
      ],
      {},
      { roles: adm(service('ec2'), { profiles: ['adm'] }) },
    ),
    expect: 'no',
  },
  {
    name: 'a branch that is not main, and which one is built is in no file',
    file: wearing(
      'codebuild',
      allow('codecommit:GitPush'),
      deny('codecommit:GitPush', '*', when('StringEquals', 'codecommit:References', 'refs/heads/main')),
    ),
    resources: [
      {
        type: 'AWS::CodeCommit::Repository',
        arn: `arn:aws:codecommit:eu-west-1:${account}:infra`,
        role: roleArn('adm'),
      },
    ],
    expect: 'conditional',
    keys: ['codecommit:References'],
  },
]

describeKinds({ isolated, changed, deliveries, named })
