// Synthesises the templates in test/intake/templates/cdk from constructs of the AWS CDK that make roles.
// Run it where aws-cdk-lib and constructs are installed: npm install --no-save aws-cdk-lib constructs && node tools/cdk-templates.mjs
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const require = createRequire(pathToFileURL(join(process.cwd(), 'package.json')))
// no dependency of the project: it is larger than all others together
const library = 'aws-cdk-lib'
const cdk = require(library)
const at = (name) => require(`${library}/aws-${name}`)
const [iam, lambda, s3, sqs, sns, dynamodb, ec2, ecs, sfn, tasks, codebuild, events, targets, apigateway] = [
  'iam',
  'lambda',
  's3',
  'sqs',
  'sns',
  'dynamodb',
  'ec2',
  'ecs',
  'stepfunctions',
  'stepfunctions-tasks',
  'codebuild',
  'events',
  'events-targets',
  'apigateway',
].map(at)
const [
  sources,
  subscriptions,
  kms,
  secretsmanager,
  logs,
  ecr,
  cognito,
  kinesis,
  scheduler,
  schedulerTargets,
] = [
  'lambda-event-sources',
  'sns-subscriptions',
  'kms',
  'secretsmanager',
  'logs',
  'ecr',
  'cognito',
  'kinesis',
  'scheduler',
  'scheduler-targets',
].map(at)

const target = fileURLToPath(new URL('../test/intake/templates/cdk/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'cdk-templates-'))
const app = new cdk.App({
  outdir: folder,
  analyticsReporting: false,
  context: { '@aws-cdk/core:newStyleStackSynthesis': true },
})
const env = { account: '111122223333', region: 'eu-central-1' }
const stack = (id) =>
  new cdk.Stack(app, id, {
    env,
    synthesizer: new cdk.DefaultStackSynthesizer({ generateBootstrapVersionRule: true }),
  })
const functionIn = (scope, id, more = {}) =>
  new lambda.Function(scope, id, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
    ...more,
  })

// storage, queues and the functions that read them
const shop = stack('Shop')
const bucket = new s3.Bucket(shop, 'Orders', { encryption: s3.BucketEncryption.KMS, enforceSSL: true })
const table = new dynamodb.Table(shop, 'Table', {
  partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
  stream: dynamodb.StreamViewType.NEW_IMAGE,
})
const queue = new sqs.Queue(shop, 'Jobs', {
  enforceSSL: true,
  deadLetterQueue: { queue: new sqs.Queue(shop, 'Dead'), maxReceiveCount: 3 },
})
const topic = new sns.Topic(shop, 'Topic', { enforceSSL: true })
const worker = functionIn(shop, 'Worker', { tracing: lambda.Tracing.ACTIVE, reservedConcurrentExecutions: 1 })
bucket.grantReadWrite(worker)
table.grantReadWriteData(worker)
topic.grantPublish(worker)
worker.addEventSource(new sources.SqsEventSource(queue))
worker.addEventSource(
  new sources.DynamoEventSource(table, { startingPosition: lambda.StartingPosition.LATEST }),
)
topic.addSubscription(new subscriptions.LambdaSubscription(worker))
new secretsmanager.Secret(shop, 'Secret').grantRead(worker)
new cdk.CfnOutput(shop, 'QueueArn', { value: queue.queueArn, exportName: 'shop-queue' })

// a web interface
const web = stack('Web')
const handler = functionIn(web, 'Handler')
new apigateway.LambdaRestApi(web, 'Api', { handler, cloudWatchRole: true })
handler.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM })
handler.addToRolePolicy(
  new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [cdk.Fn.importValue('shop-queue')] }),
)
const stream = new kinesis.Stream(web, 'Stream')
stream.grantWrite(handler)

// containers and machines
const compute = stack('Compute')
const vpc = new ec2.Vpc(compute, 'Vpc', { maxAzs: 1, natGateways: 0, flowLogs: { logs: {} } })
const repository = new ecr.Repository(compute, 'Repository')
const task = new ecs.FargateTaskDefinition(compute, 'Task')
task.addContainer('app', {
  image: ecs.ContainerImage.fromEcrRepository(repository),
  logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'app' }),
})
task.addToTaskRolePolicy(new iam.PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] }))
new ecs.FargateService(compute, 'Service', {
  cluster: new ecs.Cluster(compute, 'Cluster', { vpc }),
  taskDefinition: task,
  assignPublicIp: true,
  enableExecuteCommand: true,
})
new ec2.Instance(compute, 'Machine', {
  vpc,
  instanceType: new ec2.InstanceType('t3.micro'),
  machineImage: ec2.MachineImage.genericLinux({ 'eu-central-1': 'ami-12345678' }),
  ssmSessionPermissions: true,
  vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
})

// workflows, builds and schedules
const flow = stack('Flow')
const step = functionIn(flow, 'Step')
const machine = new sfn.StateMachine(flow, 'Machine', {
  definitionBody: sfn.DefinitionBody.fromChainable(
    new tasks.LambdaInvoke(flow, 'Invoke', { lambdaFunction: step }),
  ),
  tracingEnabled: true,
})
new events.Rule(flow, 'Nightly', {
  schedule: events.Schedule.rate(cdk.Duration.days(1)),
  targets: [new targets.SfnStateMachine(machine)],
})
new scheduler.Schedule(flow, 'Hourly', {
  schedule: scheduler.ScheduleExpression.rate(cdk.Duration.hours(1)),
  target: new schedulerTargets.LambdaInvoke(step),
})
new codebuild.Project(flow, 'Build', {
  buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
  environment: { privileged: true },
})
new logs.LogGroup(flow, 'Logs').grantWrite(new iam.ServicePrincipal('events.amazonaws.com'))

// people and trust
const people = stack('People')
const limits = new iam.ManagedPolicy(people, 'Limits', {
  statements: [new iam.PolicyStatement({ actions: ['s3:*', 'sqs:*'], resources: ['*'] })],
})
const team = new iam.Group(people, 'Team', {
  managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')],
})
const ann = new iam.User(people, 'Ann', { groups: [team], permissionsBoundary: limits })
new iam.AccessKey(people, 'Key', { user: ann })
const issuer = new iam.CfnOIDCProvider(people, 'Issuer', {
  url: 'https://token.actions.githubusercontent.com',
  clientIdList: ['sts.amazonaws.com'],
})
const deployer = new iam.Role(people, 'Deployer', {
  assumedBy: new iam.FederatedPrincipal(
    issuer.ref,
    { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example/*' } },
    'sts:AssumeRoleWithWebIdentity',
  ),
  maxSessionDuration: cdk.Duration.hours(2),
})
const auditor = new iam.Role(people, 'Auditor', {
  assumedBy: new iam.CompositePrincipal(
    new iam.AccountPrincipal('444455556666'),
    new iam.ArnPrincipal(ann.userArn),
  ),
  externalIds: ['a-secret-name'],
  path: '/audit/',
  permissionsBoundary: limits,
})
auditor.grantAssumeRole(deployer)
const key = new kms.Key(people, 'Master')
key.grantDecrypt(auditor)
const pool = new cognito.CfnIdentityPool(people, 'Pool', { allowUnauthenticatedIdentities: false })
new iam.Role(people, 'Visitor', {
  assumedBy: new iam.WebIdentityPrincipal('cognito-identity.amazonaws.com', {
    StringEquals: { 'cognito-identity.amazonaws.com:aud': pool.ref },
  }),
})
new iam.InstanceProfile(people, 'Profile', { role: auditor })

// a stack within a stack, and one whose account is given when it is deployed
const parent = stack('Parent')
const nested = new cdk.NestedStack(parent, 'Inner')
const inner = new iam.Role(nested, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') })
new iam.User(parent, 'Outer').addToPolicy(
  new iam.PolicyStatement({ actions: ['iam:PassRole'], resources: [inner.roleArn] }),
)
const anywhere = new cdk.Stack(app, 'Anywhere')
const name = new cdk.CfnParameter(anywhere, 'BucketName', { type: 'String' })
functionIn(anywhere, 'Reader').addToRolePolicy(
  new iam.PolicyStatement({
    actions: ['s3:GetObject'],
    resources: [`arn:${cdk.Aws.PARTITION}:s3:::${name.valueAsString}/*`],
  }),
)

app.synth()
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
for (const file of readdirSync(folder)) {
  if (!/(?:template|manifest|assets)\.json$/.test(file)) continue
  const content = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  if (file === 'manifest.json') {
    const stacks = Object.entries(content.artifacts).filter(
      ([, { type }]) => type === 'aws:cloudformation:stack',
    )
    content.artifacts = Object.fromEntries(
      stacks.map(
        ([
          id,
          {
            type,
            environment,
            properties: { templateFile, stackName },
          },
        ]) => [
          id,
          {
            type,
            environment,
            properties: { templateFile, ...(stackName === undefined ? {} : { stackName }) },
          },
        ],
      ),
    )
  }
  if (/\.assets\.json$/.test(file)) {
    const nested = Object.entries(content.files ?? {}).filter(([, { source }]) =>
      /\.nested\.template\.json$/.test(source.path ?? ''),
    )
    if (nested.length === 0) continue
    content.files = Object.fromEntries(nested.map(([hash, { source }]) => [hash, { source }]))
  }
  writeFileSync(join(target, file), `${JSON.stringify(content, null, 1)}\n`)
}
rmSync(folder, { recursive: true })
