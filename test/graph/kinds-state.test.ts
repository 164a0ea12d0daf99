import { account, allow, profileArn, roleArn, type Statement } from './account-file.ts'
import { adm, describeKinds, dev, type Kind } from './kinds.ts'

const profile = { profiles: ['adm'] }
const ec2 = { Service: 'ec2.amazonaws.com' }

const ofWorkloads = (
  statements: readonly Statement[],
  members: object,
): Pick<Kind, 'file' | 'resources'> => ({
  file: dev(statements, {}, { roles: adm(ec2, profile) }),
  resources: [
    {
      type: 'AWS::EC2::Instance',
      arn: `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`,
      role: roleArn('adm'),
      ...members,
    },
  ],
})

const rewrites = allow('ec2:ModifyInstanceAttribute')
const starts = allow('ec2:StartInstances')
const stops = allow('ec2:StopInstances')

/** User data is changed while the instance is stopped, and read when it starts. [PSR-27] */
const userData: readonly Kind[] = [
  {
    name: 'user data of a stopped instance, which needs not be stopped [PSR-27]',
    ...ofWorkloads([rewrites, starts], { state: 'stopped' }),
    expect: 'proven',
  },
  {
    name: 'user data of a running instance that may not be stopped [PSR-27]',
    ...ofWorkloads([rewrites, starts], { state: 'running' }),
    expect: 'no',
  },
  {
    name: 'user data of a stopped instance that may not be started [PSR-27]',
    ...ofWorkloads([rewrites, stops], { state: 'stopped' }),
    expect: 'no',
  },
  {
    name: 'user data of a terminated instance',
    ...ofWorkloads([rewrites, starts, stops], { state: 'terminated' }),
    expect: 'no',
  },
]

const connects = allow('ec2-instance-connect:SendSSHPublicKey')

/** Code is run on an instance that runs. */
const running: readonly Kind[] = [
  {
    name: 'a key for a stopped instance',
    ...ofWorkloads([connects], { state: 'stopped', sshReachable: true }),
    expect: 'no',
  },
  {
    name: 'a key for a stopped instance that may be started',
    ...ofWorkloads([connects, starts], { state: 'stopped', sshReachable: true }),
    expect: 'proven',
  },
  {
    name: 'a command for an agent that is online on a stopped instance',
    ...ofWorkloads([allow('ssm:SendCommand')], { state: 'stopped', ssmAgent: 'online' }),
    expect: 'no',
  },
  {
    name: 'a command for a stopped instance that may be started, whose agent is offline',
    ...ofWorkloads([allow('ssm:SendCommand'), starts], { state: 'stopped', ssmAgent: 'offline' }),
    expect: 'undecided',
  },
  {
    name: 'a command for a running instance whose agent is offline',
    ...ofWorkloads([allow('ssm:SendCommand'), starts], { state: 'running', ssmAgent: 'offline' }),
    expect: 'no',
  },
]

/** An instance runs as the role of its instance profile. */
const profiles: readonly Kind[] = [
  {
    name: 'an instance of which the inventory names the instance profile alone',
    ...ofWorkloads([connects], { role: undefined, instanceProfile: profileArn('adm'), sshReachable: true }),
    expect: 'proven',
  },
  {
    name: 'an instance with the instance profile of another account',
    ...ofWorkloads([connects], {
      role: undefined,
      instanceProfile: profileArn('adm').replace(account, '444455556666'),
      sshReachable: true,
    }),
    expect: 'no',
  },
  {
    name: 'an instance without an instance profile',
    ...ofWorkloads([connects], { role: undefined, instanceProfile: null, sshReachable: true }),
    expect: 'no',
  },
]

const notebook = (status: string, ...actions: readonly string[]): Pick<Kind, 'file' | 'resources'> => ({
  file: dev(
    [
      allow([
        'sagemaker:CreateNotebookInstanceLifecycleConfig',
        'sagemaker:UpdateNotebookInstance',
        ...actions,
      ]),
    ],
    {},
    { roles: adm({ Service: 'sagemaker.amazonaws.com' }) },
  ),
  resources: [
    {
      type: 'AWS::SageMaker::NotebookInstance',
      arn: `arn:aws:sagemaker:eu-west-1:${account}:notebook-instance/lab`,
      role: roleArn('adm'),
      status,
    },
  ],
})

/** A notebook is changed while it is stopped. [PSR-27] */
const notebooks: readonly Kind[] = [
  {
    name: 'a lifecycle configuration for a stopped notebook [PSR-27]',
    ...notebook('Stopped', 'sagemaker:StartNotebookInstance'),
    expect: 'proven',
  },
  {
    name: 'a lifecycle configuration for a running notebook that may not be stopped [PSR-27]',
    ...notebook('InService', 'sagemaker:StartNotebookInstance'),
    expect: 'no',
  },
  {
    name: 'a lifecycle configuration for a stopped notebook that may not be started [PSR-27]',
    ...notebook('Stopped', 'sagemaker:StopNotebookInstance'),
    expect: 'no',
  },
]

describeKinds({ userData, running, profiles, notebooks })
