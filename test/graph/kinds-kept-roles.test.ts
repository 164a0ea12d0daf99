import { account, allow, roleArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind } from './kinds.ts'

/** A resource that keeps its role: what its definition runs is changed, and no role is passed. */
const resource = (type: string, end: string, more: object = {}) => ({
  type: `AWS::${type}`,
  arn: `arn:aws:${end.replace('@', `eu-west-1:${account}`)}`,
  role: roleArn('adm'),
  ...more,
})
const may = (service: string, ...actions: readonly string[]): Kind['file'] =>
  dev([allow(actions)], {}, { roles: adm({ Service: `${service}.amazonaws.com` }) })

const project = (more: object = {}) => [resource('CodeBuild::Project', 'codebuild:@:project/one', more)]
const builds = may('codebuild', 'codebuild:UpdateProject')
const projects: readonly Kind[] = [
  {
    name: 'GRD-780 a project that something else builds',
    file: builds,
    resources: project({ invokedBy: 'a webhook' }),
    expect: 'proven',
    requests: ['codebuild:UpdateProject'],
  },
  {
    name: 'GRD-780 a project of which that is not known',
    file: builds,
    resources: project(),
    expect: 'undecided',
  },
  {
    name: 'GRD-780 a project that nothing builds',
    file: builds,
    resources: project({ invokedBy: null }),
    expect: 'no',
  },
]

const config = {
  type: 'AWS::SageMaker::NotebookInstanceLifecycleConfig',
  arn: `arn:aws:sagemaker:eu-west-1:${account}:notebook-instance-lifecycle-config/setup`,
}
const notebook = (more: object) => [
  resource('SageMaker::NotebookInstance', 'sagemaker:@:notebook-instance/one', {
    status: 'InService',
    ...more,
  }),
  config,
]
const scripts = 'sagemaker:UpdateNotebookInstanceLifecycleConfig'
const restarts = ['sagemaker:StopNotebookInstance', 'sagemaker:StartNotebookInstance']
const notebooks: readonly Kind[] = [
  {
    name: 'GRD-781 scripts of a notebook that is started again',
    file: may('sagemaker', scripts, ...restarts),
    resources: notebook({ lifecycleConfig: 'setup' }),
    expect: 'proven',
    requests: [scripts, ...restarts],
  },
  {
    name: 'GRD-781 a notebook that somebody else may start',
    file: may('sagemaker', scripts),
    resources: notebook({ lifecycleConfig: 'setup' }),
    expect: 'undecided',
  },
  {
    name: 'GRD-781 a notebook whose configuration is not known',
    file: may('sagemaker', scripts, ...restarts),
    resources: notebook({}),
    expect: 'undecided',
  },
  {
    name: 'GRD-781 a notebook with another configuration',
    file: may('sagemaker', scripts, ...restarts),
    resources: notebook({ lifecycleConfig: 'set' }),
    expect: 'no',
  },
  {
    name: 'GRD-781 a notebook without one',
    file: may('sagemaker', scripts, ...restarts),
    resources: notebook({ lifecycleConfig: null }),
    expect: 'no',
  },
]

const pipeline = ['sagemaker:UpdatePipeline', 'sagemaker:StartPipelineExecution']
const pipelines = [resource('SageMaker::Pipeline', 'sagemaker:@:pipeline/train')]
const application = (more: object) => [
  resource('KinesisAnalyticsV2::Application', 'kinesisanalytics:@:application/clicks', more),
]
const window = {
  type: 'AWS::SSM::MaintenanceWindow',
  arn: `arn:aws:ssm:eu-west-1:${account}:maintenancewindow/mw-0123456789abcdef0`,
}
const machine = resource('EC2::Instance', 'ec2:@:instance/i-0123456789abcdef0', {
  ssmAgent: 'online',
  state: 'running',
})
const app = [resource('Amplify::App', 'amplify:@:apps/d1')]
const components = [
  'imagebuilder:CreateComponent',
  'imagebuilder:GetComponent',
  'imagebuilder:CreateImageRecipe',
  'imagebuilder:GetImageRecipe',
  'imagebuilder:GetInfrastructureConfiguration',
  'imagebuilder:CreateImage',
  'imagebuilder:GetImage',
]
const infrastructure = [
  resource('ImageBuilder::InfrastructureConfiguration', 'imagebuilder:@:infrastructure-configuration/linux'),
]
const others: readonly Kind[] = [
  {
    name: 'GRD-782 a pipeline of SageMaker: whether its role must be passed again is not settled',
    file: may('sagemaker', ...pipeline),
    resources: pipelines,
    expect: 'undecided',
  },
  {
    name: 'GRD-782 a pipeline of SageMaker and iam:PassRole',
    file: may('sagemaker', ...pipeline, 'iam:PassRole'),
    resources: pipelines,
    expect: 'proven',
  },
  {
    name: 'GRD-783 a task of a window that no file has',
    file: may('ec2', 'ssm:UpdateMaintenanceWindowTask'),
    resources: [window, machine],
    expect: 'undecided',
  },
  {
    name: 'GRD-783 a task with a role',
    file: may('ssm', 'ssm:UpdateMaintenanceWindowTask'),
    resources: [window, resource('SSM::MaintenanceWindowTask', 'ssm:@:windowtask/t-1')],
    expect: 'proven',
  },
  {
    name: 'GRD-784 a build specification of an app, and a job',
    file: may('amplify', 'amplify:UpdateApp', 'amplify:StartJob'),
    resources: app,
    expect: 'proven',
  },
  {
    name: 'GRD-784 that of a branch',
    file: may('amplify', 'amplify:UpdateBranch', 'amplify:StartJob'),
    resources: app,
    expect: 'proven',
  },
  {
    name: 'GRD-784 a branch of another app',
    file: dev(
      [
        allow('amplify:StartJob'),
        allow('amplify:UpdateBranch', `arn:aws:amplify:eu-west-1:${account}:apps/d2/branches/*`),
      ],
      {},
      { roles: adm({ Service: 'amplify.amazonaws.com' }) },
    ),
    resources: app,
    expect: 'no',
  },
  {
    name: 'GRD-784 an app that may be built',
    file: may('amplify', 'amplify:UpdateApp'),
    resources: app,
    expect: 'undecided',
  },
  {
    name: 'GRD-785 components of an image: whether the profile must be passed is not settled',
    file: may('ec2', ...components),
    resources: infrastructure,
    expect: 'undecided',
  },
  {
    name: 'GRD-785 components of an image and iam:PassRole',
    file: may('ec2', ...components, 'iam:PassRole'),
    resources: infrastructure,
    expect: 'proven',
  },
  {
    name: 'GRD-786 a job of AWS Glue with another script',
    file: may('glue', 'glue:StartJobRun'),
    resources: [resource('Glue::Job', 'glue:@:job/etl')],
    expect: 'proven',
  },
  {
    name: 'GRD-786 a trigger with another script',
    file: may('glue', 'glue:CreateTrigger'),
    resources: [resource('Glue::Job', 'glue:@:job/etl')],
    expect: 'proven',
  },
  {
    name: 'GRD-786 a trigger, where no list has the jobs',
    file: may('glue', 'glue:CreateTrigger'),
    resources: [],
    inventory: { listed: ['AWS::Lambda::Function'] },
    expect: 'undecided',
  },
  {
    name: 'GRD-786 a trigger without a job',
    file: may('glue', 'glue:CreateTrigger'),
    resources: [],
    expect: 'no',
  },
  {
    name: 'GRD-786 a job whose definition is written whole, so that the role is passed',
    file: may('glue', 'glue:UpdateJob', 'glue:GetJob'),
    resources: [resource('Glue::Job', 'glue:@:job/etl')],
    expect: 'no',
  },
  {
    name: 'GRD-787 other code of an application that runs',
    file: may('kinesisanalytics', 'kinesisanalytics:UpdateApplication'),
    resources: application({ status: 'RUNNING' }),
    expect: 'proven',
  },
  {
    name: 'GRD-787 other code of an application that does not run',
    file: may('kinesisanalytics', 'kinesisanalytics:UpdateApplication'),
    resources: application({ status: 'READY' }),
    expect: 'no',
  },
  {
    name: 'GRD-787 a Studio notebook',
    file: may('kinesisanalytics', 'kinesisanalytics:CreateApplicationPresignedUrl'),
    resources: application({ status: 'RUNNING', applicationMode: 'INTERACTIVE' }),
    expect: 'proven',
  },
  {
    name: 'GRD-787 the dashboard of an application runs nothing',
    file: may('kinesisanalytics', 'kinesisanalytics:CreateApplicationPresignedUrl'),
    resources: application({ status: 'RUNNING', applicationMode: 'STREAMING' }),
    expect: 'no',
  },
  {
    name: 'GRD-788 an image builder that runs',
    file: may('appstream', 'appstream:CreateImageBuilderStreamingURL'),
    resources: [resource('AppStream::ImageBuilder', 'appstream:@:image-builder/base', { status: 'RUNNING' })],
    expect: 'proven',
  },
  {
    name: 'GRD-788 an image builder that is stopped',
    file: may('appstream', 'appstream:CreateImageBuilderStreamingURL'),
    resources: [resource('AppStream::ImageBuilder', 'appstream:@:image-builder/base', { status: 'STOPPED' })],
    expect: 'no',
  },
  {
    name: 'GRD-788 a machine of a fleet',
    file: may('gamelift', 'gamelift:GetComputeAccess'),
    resources: [resource('GameLift::Fleet', 'gamelift:@:fleet/fleet-1')],
    expect: 'proven',
  },
  {
    name: 'GRD-789 a product that a portfolio may let launch',
    file: may(
      'servicecatalog',
      'servicecatalog:CreateProvisioningArtifact',
      'servicecatalog:ProvisionProduct',
    ),
    resources: [resource('ServiceCatalog::CloudFormationProduct', 'catalog:@:product/prod-1')],
    expect: 'undecided',
  },
  {
    name: 'GRD-789 a product of a portfolio that the attacker joins',
    file: may(
      'servicecatalog',
      'servicecatalog:CreateProvisioningArtifact',
      'servicecatalog:ProvisionProduct',
      'servicecatalog:AssociatePrincipalWithPortfolio',
    ),
    resources: [resource('ServiceCatalog::CloudFormationProduct', 'catalog:@:product/prod-1')],
    expect: 'proven',
  },
  {
    name: 'GRD-792 a certificate with a policy that is written',
    file: may('credentials.iot', 'iot:CreateKeysAndCertificate', 'iot:AttachPolicy', 'iot:CreatePolicy'),
    resources: [resource('IoT::RoleAlias', 'iot:@:rolealias/cars')],
    expect: 'proven',
  },
  {
    name: 'GRD-792 a certificate, where no list has the role aliases',
    file: may('credentials.iot', 'iot:CreateKeysAndCertificate', 'iot:AttachPolicy', 'iot:CreatePolicy'),
    resources: [],
    inventory: { listed: ['AWS::Lambda::Function'] },
    expect: 'undecided',
  },
  {
    name: 'GRD-792 a certificate with a policy that may exist',
    file: may('credentials.iot', 'iot:CreateKeysAndCertificate', 'iot:AttachPolicy'),
    resources: [resource('IoT::RoleAlias', 'iot:@:rolealias/cars')],
    expect: 'undecided',
  },
  {
    name: 'GRD-791 an express workflow',
    file: may('states', 'states:UpdateStateMachine', 'states:StartSyncExecution'),
    resources: [
      resource('StepFunctions::StateMachine', 'states:@:stateMachine:orders', {
        machineType: 'EXPRESS',
        invokedBy: null,
      }),
    ],
    expect: 'proven',
  },
  {
    name: 'GRD-791 a standard workflow has no synchronous execution',
    file: may('states', 'states:UpdateStateMachine', 'states:StartSyncExecution'),
    resources: [
      resource('StepFunctions::StateMachine', 'states:@:stateMachine:orders', {
        machineType: 'STANDARD',
        invokedBy: null,
      }),
    ],
    expect: 'no',
  },
]

describeKinds({
  'projects that something else builds': projects,
  'scripts of notebooks': notebooks,
  'definitions that keep their roles': others,
})
