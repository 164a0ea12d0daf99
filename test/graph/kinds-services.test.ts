import { account, allow, roleArn, type Statement } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, passes, when } from './kinds.ts'

const service = (name: string) => ({ Service: `${name}.amazonaws.com` })
/** dev who passes the administrator role to a service that its trust policy lets make some calls. */
const passing = (
  name: string,
  trusted: readonly string[],
  statements: readonly Statement[],
  Condition?: object,
) =>
  dev(
    [passes(), ...statements],
    {},
    {
      roles: {
        adm: {
          ...adm({}).adm,
          trust: [
            { Effect: 'Allow', Principal: service(name), Action: trusted, ...(Condition && { Condition }) },
          ],
        },
      },
    },
  )

const all = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']
const anchors = (condition?: object, trusted: readonly string[] = all) =>
  passing(
    'rolesanywhere',
    trusted,
    [allow(['rolesanywhere:CreateTrustAnchor', 'rolesanywhere:CreateProfile'])],
    condition,
  )
const anchor = (name: string) => `arn:aws:rolesanywhere:eu-west-1:${account}:trust-anchor/${name}`
const anywhere: readonly Kind[] = [
  { name: 'a new trust anchor [PSR-15]', file: anchors(), expect: 'proven' },
  {
    name: 'a trust policy without session tags and source identity [PSR-15]',
    file: anchors(undefined, ['sts:AssumeRole']),
    expect: 'no',
  },
  {
    name: 'a certificate of the attacker [PSR-15]',
    file: anchors({
      StringEquals: { 'aws:PrincipalTag/x509Subject/CN': 'host' },
      StringLike: { 'sts:SourceIdentity': 'CN=*' },
    }),
    expect: 'proven',
  },
  {
    name: 'a tag that no certificate gives [PSR-15]',
    file: anchors(when('StringEquals', 'aws:PrincipalTag/team', 'web')),
    expect: 'no',
  },
  {
    name: 'any trust anchor [PSR-15]',
    file: anchors(when('ArnLike', 'aws:SourceArn', anchor('*'))),
    expect: 'proven',
  },
  {
    name: 'a trust anchor that exists [PSR-15]',
    file: anchors(when('ArnLike', 'aws:SourceArn', anchor('11111111-2222-3333-4444-555555555555'))),
    expect: 'no',
  },
  {
    name: 'the service itself, with a certificate of an anchor that exists [PSR-15]',
    file: anchors(when('StringEquals', 'aws:PrincipalTag/x509Subject/CN', 'host')),
    from: 'service:rolesanywhere',
    to: 'role/adm',
    expect: 'conditional',
    keys: ['aws:PrincipalTag/x509Subject/CN'],
  },
]

const pods = (trusted: readonly string[], condition?: object): Pick<Kind, 'file' | 'resources'> => ({
  file: passing('pods.eks', trusted, [allow('eks:CreatePodIdentityAssociation')], condition),
  resources: [{ type: 'AWS::EKS::Cluster', arn: `arn:aws:eks:eu-west-1:${account}:cluster/one` }],
})
const clusters: readonly Kind[] = [
  {
    name: 'a pod of a namespace [PSR-16]',
    ...pods(
      ['sts:AssumeRole', 'sts:TagSession'],
      when('StringEquals', 'aws:RequestTag/kubernetes-namespace', 'web'),
    ),
    expect: 'undecided',
  },
  {
    name: 'a pod whose role asks for a tag, and does not let it be given [GRD-720]',
    ...pods(['sts:AssumeRole'], when('StringEquals', 'aws:RequestTag/kubernetes-namespace', 'web')),
    expect: 'no',
  },
  {
    name: 'a pod to which who makes it gives no tags [GRD-720]',
    ...pods(['sts:AssumeRole']),
    expect: 'undecided',
  },
  {
    name: 'the service itself, which gives tags [GRD-720]',
    ...pods(['sts:AssumeRole', 'sts:TagSession']),
    from: 'service:pods.eks',
    to: 'role/adm',
    expect: 'proven',
  },
  {
    name: 'the service itself, whose tags the trust policy does not let it give [GRD-720]',
    ...pods(['sts:AssumeRole']),
    from: 'service:pods.eks',
    to: 'role/adm',
    expect: 'conditional',
    keys: ['aws:TagKeys'],
  },
  {
    name: 'a service that always gives tags, and may not [GRD-720]',
    file: passing('capabilities.eks', ['sts:AssumeRole'], []),
    from: 'service:capabilities.eks',
    to: 'role/adm',
    expect: 'no',
  },
]

const from = (source: string) => when('ArnLike', 'aws:SourceArn', source)
const schedules = (source: string, resource = '*', action = 'scheduler:CreateSchedule') =>
  passing('scheduler', ['sts:AssumeRole'], [allow(action, resource)], from(source))
const group = (name: string) => `arn:aws:scheduler:eu-west-1:${account}:schedule-group/${name}`
const schedule = (path: string) => `arn:aws:scheduler:eu-west-1:${account}:schedule/${path}`
const runbooks = (source: string) =>
  passing(
    'ssm',
    ['sts:AssumeRole'],
    [allow(['ssm:StartAutomationExecution', 'ssm:CreateDocument'])],
    from(source),
  )
const sources: readonly Kind[] = [
  { name: 'a schedule of a group [PSR-18]', file: schedules(group('default')), expect: 'proven' },
  {
    name: 'a schedule of another group [PSR-18]',
    file: schedules(group('prod'), schedule('dev/*')),
    expect: 'no',
  },
  {
    name: 'a schedule by its own ARN, which is no source [PSR-18]',
    file: schedules(schedule('default/*')),
    expect: 'no',
  },
  {
    name: 'a schedule that exists, in its group [PSR-18]',
    file: schedules(group('dev'), '*', 'scheduler:UpdateSchedule'),
    resources: [{ type: 'AWS::Scheduler::Schedule', arn: schedule('dev/nightly') }],
    expect: 'proven',
  },
  {
    name: 'a schedule that exists, in another group [PSR-18]',
    file: schedules(group('prod'), '*', 'scheduler:UpdateSchedule'),
    resources: [{ type: 'AWS::Scheduler::Schedule', arn: schedule('dev/nightly') }],
    expect: 'no',
  },
  {
    name: 'an execution of a runbook [PSR-18]',
    file: runbooks(`arn:aws:ssm:*:${account}:automation-execution/*`),
    expect: 'proven',
  },
  {
    name: 'a maintenance window, which is no execution [PSR-18]',
    file: runbooks(`arn:aws:ssm:*:${account}:maintenancewindow/*`),
    expect: 'no',
  },
]

const runbook = (name: string, owner = account) => `arn:aws:ssm:*:${owner}:automation-definition/${name}:*`
const runs = (resource: string | readonly string[], ...more: readonly Statement[]) =>
  passing('ssm', ['sts:AssumeRole'], [allow('ssm:StartAutomationExecution', resource), ...more])
const makes = (name: string, condition?: object) =>
  allow('ssm:CreateDocument', `arn:aws:ssm:*:${account}:document/${name}`, condition)
const automations: readonly Kind[] = [
  {
    name: 'any runbook of AWS, and a stack that one of them changes [PSR-19]',
    file: runs(runbook('AWS-*', '')),
    resources: [
      { type: 'AWS::CloudFormation::Stack', arn: `arn:aws:cloudformation:eu-west-1:${account}:stack/one/1` },
    ],
    expect: 'proven',
  },
  {
    name: 'a runbook that restarts instances [PSR-19]',
    file: runs(runbook('AWS-RestartEC2Instance', '*')),
    expect: 'no',
  },
  { name: 'a new runbook [PSR-19]', file: runs(runbook('dev-*'), makes('dev-*')), expect: 'proven' },
  {
    name: 'a new runbook, named as a document [PSR-19]',
    file: runs([`arn:aws:ssm:*:${account}:document/dev-*`], makes('dev-*')),
    expect: 'proven',
  },
  {
    name: 'a new runbook of another name [PSR-19]',
    file: runs(runbook('prod-*'), makes('dev-*')),
    resources: [],
    expect: 'no',
  },
  {
    name: 'a document of another type [PSR-19]',
    file: runs(runbook('dev-*'), makes('dev-*', when('StringEquals', 'ssm:DocumentType', 'Command'))),
    resources: [],
    expect: 'no',
  },
  {
    name: 'a runbook of the account, whose content is in no file [PSR-19]',
    file: runs(runbook('patch')),
    resources: [{ type: 'AWS::SSM::Document', arn: `arn:aws:ssm:eu-west-1:${account}:document/patch` }],
    expect: 'undecided',
  },
]

const definition = {
  type: 'AWS::Batch::JobDefinition',
  arn: `arn:aws:batch:eu-west-1:${account}:job-definition/etl:3`,
  role: roleArn('adm'),
}
const queue = { type: 'AWS::Batch::JobQueue', arn: `arn:aws:batch:eu-west-1:${account}:job-queue/fast` }
const submits = (resources: readonly string[]) =>
  dev(
    [allow('batch:SubmitJob', ['arn:aws:batch:*:*:job-definition/*', ...resources])],
    {},
    { roles: adm(service('ecs-tasks')) },
  )
const jobs: readonly Kind[] = [
  {
    name: 'a job in the queue that exists',
    file: submits(['arn:aws:batch:*:*:job-queue/f*']),
    resources: [definition, queue],
    expect: 'proven',
  },
  {
    name: 'a job in a queue that does not exist',
    file: submits(['arn:aws:batch:*:*:job-queue/slow']),
    resources: [definition, queue],
    expect: 'no',
  },
  {
    name: 'a job where there is no queue',
    file: submits(['arn:aws:batch:*:*:job-queue/*']),
    resources: [definition],
    expect: 'no',
  },
]

describeKinds({ anywhere, clusters, sources, automations, jobs })
