import { account, allow, deny, roleArn, type Statement } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, passes, when } from './kinds.ts'

const by = (service: string) => ({ Service: `${service}.amazonaws.com` })
const to = (service: string) => when('StringEquals', 'iam:PassedToService', `${service}.amazonaws.com`)
const starter = roleArn('starter')
const rule = allow(['events:PutRule', 'events:PutTargets'])
/** dev passes the administrator role to a service, and a further role to one that starts what it made. */
const starting = (
  service: string,
  statements: readonly Statement[],
  may: readonly Statement[],
  starts = 'events',
  trust: unknown = by(starts),
) =>
  dev(
    [passes(to(service)), allow('iam:PassRole', starter, to(starts)), ...statements],
    {},
    { roles: { ...adm(by(service)), starter: { trust: trust as object, statements: may } } },
  )
const machine = allow('states:CreateStateMachine', `arn:aws:states:*:${account}:stateMachine:dev-*`)
const executes = (name: string) =>
  allow('states:StartExecution', `arn:aws:states:*:${account}:stateMachine:${name}`)

const machines: readonly Kind[] = [
  {
    name: 'a rule starts the new state machine',
    expect: 'proven',
    file: starting('states', [machine, rule], [executes('*-a')]),
  },
  {
    name: 'a role that may start others only',
    expect: 'no',
    file: starting('states', [machine, rule], [executes('prod-*')]),
  },
  { name: 'no rule', expect: 'no', file: starting('states', [machine], [executes('*')]) },
  {
    name: 'a rule without targets',
    expect: 'no',
    file: starting('states', [machine, allow('events:PutRule')], [executes('*')]),
  },
  {
    name: 'a role that does not trust EventBridge',
    expect: 'no',
    file: starting('states', [machine, rule], [executes('*')], 'events', by('scheduler')),
  },
  {
    name: 'a role that may not be passed to EventBridge',
    expect: 'no',
    file: starting('states', [machine, rule, deny('iam:PassRole', starter)], [executes('*')]),
  },
  {
    name: 'a role that trusts one rule',
    expect: 'proven',
    file: starting('states', [machine, rule], [executes('*')], 'events', [
      {
        Effect: 'Allow',
        Principal: by('events'),
        Action: 'sts:AssumeRole',
        Condition: when('ArnLike', 'aws:SourceArn', `arn:aws:events:eu-west-1:${account}:rule/nightly`),
      },
    ]),
  },
  {
    name: 'a role that trusts a rule of another name than the new one',
    expect: 'no',
    file: starting(
      'states',
      [machine, allow(['events:PutRule', 'events:PutTargets'], `arn:aws:events:*:${account}:rule/dev-*`)],
      [executes('*')],
      'events',
      [
        {
          Effect: 'Allow',
          Principal: by('events'),
          Action: 'sts:AssumeRole',
          Condition: when('ArnLike', 'aws:SourceArn', `arn:aws:events:eu-west-1:${account}:rule/nightly`),
        },
      ],
    ),
  },
  {
    name: 'a schedule starts the new state machine',
    expect: 'proven',
    file: starting('states', [machine, allow('scheduler:CreateSchedule')], [executes('*')], 'scheduler'),
  },
]

const builds: readonly Kind[] = [
  {
    name: 'a rule starts the new project',
    expect: 'proven',
    file: starting('codebuild', [allow('codebuild:CreateProject'), rule], [allow('codebuild:StartBuild')]),
  },
  {
    name: 'a role that may not start builds',
    expect: 'no',
    file: starting('codebuild', [allow('codebuild:CreateProject'), rule], [allow('codebuild:BatchGet*')]),
  },
]

const cluster = [{ type: 'AWS::ECS::Cluster', arn: `arn:aws:ecs:eu-west-1:${account}:cluster/prod` }]
const registers = allow('ecs:RegisterTaskDefinition')
const tasks: readonly Kind[] = (['events', 'scheduler'] as const).flatMap((service): Kind[] => {
  const makes = service === 'events' ? rule : allow('scheduler:CreateSchedule')
  const kind = (may: readonly Statement[], resources: readonly object[] = cluster) => ({
    file: starting('ecs-tasks', [registers, makes], may, service),
    resources,
  })
  return [
    {
      name: `${service} runs a task`,
      expect: 'proven',
      ...kind([allow('ecs:RunTask'), allow('iam:PassRole', roleArn('adm'), to('ecs-tasks'))]),
    },
    {
      name: `${service} runs a task whose role it may not pass`,
      expect: 'no',
      ...kind([allow('ecs:RunTask')]),
    },
    {
      name: `${service} runs a task, where there is no cluster`,
      expect: 'no',
      ...kind([allow('ecs:RunTask'), allow('iam:PassRole')], []),
    },
  ]
})

const invoked = (more: readonly Statement[], boundary?: object) =>
  dev(
    [
      passes(to('lambda')),
      allow(['lambda:CreateFunction', 'lambda:AddPermission']),
      deny('lambda:InvokeFunction'),
      ...more,
    ],
    boundary,
    { roles: adm(by('lambda')) },
  )
const principal = (value: string) => when('StringNotEquals', 'lambda:Principal', value)
const functions: readonly Kind[] = [
  { name: 'a rule invokes the new function', expect: 'proven', file: invoked([rule]) },
  { name: 'no rule', expect: 'no', file: invoked([allow('events:PutTargets')]) },
  {
    name: 'a policy of the function that may let in no service',
    expect: 'no',
    file: invoked([rule, deny('lambda:AddPermission', '*', principal(account))]),
  },
  {
    name: 'a policy of the function that may let in EventBridge alone',
    expect: 'proven',
    file: invoked([rule, deny('lambda:AddPermission', '*', principal('events.amazonaws.com'))]),
  },
]

const existing = {
  type: 'AWS::Lambda::Function',
  arn: `arn:aws:lambda:eu-west-1:${account}:function:pay`,
  role: roleArn('adm'),
  invokedBy: null,
  url: null,
}
const called = (action: string): Pick<Kind, 'file' | 'resources'> => ({
  file: dev([allow([action, 'lambda:InvokeAsync'])], {}, { roles: adm(by('lambda')) }),
  resources: [existing],
})
const asynchronous: readonly Kind[] = [
  { name: 'new code of a function', expect: 'proven', ...called('lambda:UpdateFunctionCode') },
  { name: 'a layer of a function', expect: 'proven', ...called('lambda:UpdateFunctionConfiguration') },
  { name: 'a function as it is', expect: 'no', ...called('lambda:GetFunction') },
]

describeKinds({
  'a function that is invoked by InvokeAsync [GRD-741]': asynchronous,
  'a function that a rule invokes [PSR-28]': functions,
  'a state machine that a service starts with a further role [PSR-28]': machines,
  'a build that a service starts with a further role [PSR-28]': builds,
  'a task that a service runs with a further role [PSR-29]': tasks,
})
