import { account, administratorAccess, allow, roleArn } from './account-file.ts'
import { describeKinds, dev, type Kind } from './kinds.ts'

const ecs = (rest: string) => `arn:aws:ecs:eu-west-1:${account}:${rest}`
const tasks = { Service: 'ecs-tasks.amazonaws.com' }
const definition = ecs('task-definition/web:3')
const execs = [
  allow('ecs:UpdateService', ecs('service/prod/web')),
  allow('ecs:ExecuteCommand', [ecs('cluster/prod'), ecs('task/prod/*')]),
]
/** A service that runs no task that is listed, with its task definition. */
const running = (
  service: object,
  statements = execs,
  role: object = { attached: [administratorAccess] },
) => ({
  file: dev(statements, {}, { roles: { adm: { trust: tasks, ...role } } }),
  resources: [
    { type: 'AWS::ECS::Cluster', arn: ecs('cluster/prod') },
    { type: 'AWS::ECS::Service', arn: ecs('service/prod/web'), ...service },
    { type: 'AWS::ECS::TaskDefinition', arn: definition, role: roleArn('adm') },
    { type: 'AWS::ECS::TaskDefinition', arn: ecs('task-definition/bare:1') },
  ],
})

const services: readonly Kind[] = [
  {
    name: 'GRD-738 a service that starts tasks with ECS Exec',
    ...running({ taskDefinition: definition }),
    expect: 'proven',
    requests: [
      'ecs:UpdateService',
      'ecs:ExecuteCommand',
      'ecs:ExecuteCommand',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ],
  },
  { name: 'GRD-738 a service whose role is named', ...running({ role: roleArn('adm') }), expect: 'proven' },
  {
    name: 'GRD-738 a service that may not be updated',
    ...running({ taskDefinition: definition }, execs.slice(1)),
    expect: 'no',
  },
  {
    name: 'GRD-738 tasks of another cluster',
    ...running({ taskDefinition: definition }, [
      ...execs.slice(0, 1),
      allow('ecs:ExecuteCommand', [ecs('cluster/lab'), ecs('task/lab/*')]),
    ]),
    expect: 'no',
  },
  {
    name: 'GRD-738 an update that may not turn it on',
    ...running({ taskDefinition: definition }, [
      allow('ecs:UpdateService', '*', { Bool: { 'ecs:enable-execute-command': 'false' } }),
      ...execs.slice(1),
    ]),
    expect: 'no',
  },
  {
    name: 'GRD-738 a role that may not open channels',
    ...running({ taskDefinition: definition }, execs, { statements: [allow('iam:*')] }),
    expect: 'no',
  },
  {
    name: 'GRD-738 a task definition without a role',
    ...running({ taskDefinition: ecs('task-definition/bare:1') }),
    expect: 'no',
  },
  {
    name: 'GRD-738 a task definition that is in no file',
    ...running({ taskDefinition: ecs('task-definition/web:2') }),
    expect: 'undecided',
  },
]

describeKinds({ 'services that run tasks': services })
