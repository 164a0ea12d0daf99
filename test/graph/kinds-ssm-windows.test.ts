import { account, administratorAccess, allow, roleArn } from './account-file.ts'
import { describeKinds, dev, type Kind } from './kinds.ts'

const ssm = (rest: string) => `arn:aws:ssm:eu-west-1:${account}:${rest}`
const window = { type: 'AWS::SSM::MaintenanceWindow', arn: ssm('maintenancewindow/mw-0123456789abcdef0') }
const machine = {
  type: 'AWS::EC2::Instance',
  arn: `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`,
  role: roleArn('adm'),
  state: 'running',
  ssmAgent: 'online',
}
const registering = (actions: readonly string[], resources: readonly object[], Resource = '*') => ({
  file: dev(
    [allow(actions, Resource)],
    {},
    { roles: { adm: { trust: { Service: 'ec2.amazonaws.com' }, attached: [administratorAccess] } } },
  ),
  resources,
})
const registers = ['ssm:RegisterTaskWithMaintenanceWindow']
const makes = ['ssm:CreateMaintenanceWindow', ...registers]

const windows: readonly Kind[] = [
  {
    name: 'GRD-740 a task of a window that exists',
    ...registering(registers, [window, machine]),
    expect: 'proven',
    requests: registers,
  },
  {
    name: 'GRD-740 a task of another window',
    ...registering(registers, [window, machine], ssm('maintenancewindow/mw-0123456789abcdef1')),
    expect: 'no',
  },
  { name: 'GRD-740 a task without a window', ...registering(registers, [machine]), expect: 'no' },
  { name: 'GRD-740 a new window', ...registering(makes, [machine]), expect: 'proven', requests: makes },
  {
    name: 'GRD-740 a machine whose agent is offline',
    ...registering(makes, [{ ...machine, ssmAgent: 'offline' }]),
    expect: 'no',
  },
  {
    name: 'GRD-740 a window alone runs nothing',
    ...registering(makes.slice(0, 1), [window, machine]),
    expect: 'no',
  },
]

describeKinds({ 'tasks of maintenance windows': windows })
