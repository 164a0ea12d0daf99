/** The account of minimal worlds. */
export const account = '111122223333'

/** ARNs of existing resources by type, as the service authorization reference forms them. */
const arns: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'lambda:eu-west-1:@:function:pay',
  'AWS::EC2::Instance': 'ec2:eu-west-1:@:instance/i-0123456789abcdef0',
  'AWS::EC2::LaunchTemplate': 'ec2:eu-west-1:@:launch-template/lt-0123456789abcdef0',
  'AWS::AutoScaling::AutoScalingGroup':
    'autoscaling:eu-west-1:@:autoScalingGroup:0123:autoScalingGroupName/workers',
  'AWS::ECS::Service': 'ecs:eu-west-1:@:service/main/web',
  'AWS::ECS::Cluster': 'ecs:eu-west-1:@:cluster/main',
  'AWS::ECS::TaskDefinition': 'ecs:eu-west-1:@:task-definition/web:1',
  'AWS::ECS::Task': 'ecs:eu-west-1:@:task/main/0123456789abcdef',
  'AWS::CodeBuild::Project': 'codebuild:eu-west-1:@:project/build',
  'AWS::CloudFormation::Stack':
    'cloudformation:eu-west-1:@:stack/network/01234567-0000-0000-0000-000000000000',
  'AWS::CloudFormation::StackSet':
    'cloudformation:eu-west-1:@:stackset/base:01234567-0000-0000-0000-000000000000',
  'AWS::Glue::Job': 'glue:eu-west-1:@:job/etl',
  'AWS::Glue::DevEndpoint': 'glue:eu-west-1:@:devEndpoint/notebook',
  'AWS::SageMaker::NotebookInstance': 'sagemaker:eu-west-1:@:notebook-instance/notes',
  'AWS::SageMaker::UserProfile': 'sagemaker:eu-west-1:@:user-profile/d-1/ann',
  'AWS::SageMaker::Space': 'sagemaker:eu-west-1:@:space/d-1/lab',
  'AWS::SageMaker::Domain': 'sagemaker:eu-west-1:@:domain/d-1',
  'AWS::AppRunner::Service': 'apprunner:eu-west-1:@:service/web/0123456789abcdef',
  'AWS::EMR::Studio': 'elasticmapreduce:eu-west-1:@:editor/e-1',
  'AWS::EMRServerless::Application': 'emr-serverless:eu-west-1:@:/applications/00f1',
  'AWS::Amplify::App': 'amplify:eu-west-1:@:apps/d1',
  'AWS::SSM::Document': 'ssm:eu-west-1:@:document/patch',
  'AWS::SSM::MaintenanceWindow': 'ssm:eu-west-1:@:maintenancewindow/mw-1',
  'AWS::SSM::Session': 'ssm:eu-west-1:@:session/ann-1',
  'AWS::SSM::Association': 'ssm:eu-west-1:@:association/a-1',
  'AWS::StepFunctions::StateMachine': 'states:eu-west-1:@:stateMachine:orders',
  'AWS::Scheduler::Schedule': 'scheduler:eu-west-1:@:schedule/default/nightly',
  'AWS::ApiGateway::RestApi': 'apigateway:eu-west-1::/restapis/a1',
  'AWS::Cognito::IdentityPool': 'cognito-identity:eu-west-1:@:identitypool/eu-west-1:pool',
  'AWS::Cognito::UserPool': 'cognito-idp:eu-west-1:@:userpool/eu-west-1_p',
  'AWS::CodePipeline::Pipeline': 'codepipeline:eu-west-1:@:release',
  'AWS::CodeDeploy::DeploymentGroup': 'codedeploy:eu-west-1:@:deploymentgroup:shop/live',
  'AWS::CodeCommit::Repository': 'codecommit:eu-west-1:@:shop',
  'AWS::S3::Object': 's3:::bundles/app.zip',
  'AWS::ECR::Repository': 'ecr:eu-west-1:@:repository/shop',
  'AWS::BedrockAgentCore::CodeInterpreter': 'bedrock-agentcore:eu-west-1:@:code-interpreter-custom/ci1',
  'AWS::BedrockAgentCore::Runtime': 'bedrock-agentcore:eu-west-1:@:runtime/r1',
  'AWS::BedrockAgentCore::Browser': 'bedrock-agentcore:eu-west-1:@:browser-custom/b1',
  'AWS::Batch::JobDefinition': 'batch:eu-west-1:@:job-definition/crunch',
  'AWS::Batch::JobQueue': 'batch:eu-west-1:@:job-queue/main',
  'AWS::ElasticBeanstalk::Environment': 'elasticbeanstalk:eu-west-1:@:environment/shop/live',
  'AWS::DataZone::Environment': 'datazone:eu-west-1:@:environment/e1',
  'AWS::DynamoDB::Stream': 'dynamodb:eu-west-1:@:table/t/stream/2026',
  'AWS::EKS::Cluster': 'eks:eu-west-1:@:cluster/main',
}

/** The ARN of an existing resource of a type. */
export function arnOf(type: string): string {
  return `arn:aws:${(arns[type] ?? `unknown:eu-west-1:@:${type.toLowerCase()}/x`).replace('@', account)}`
}

/** Members of a resource that make each fact hold. */
export const membersOfFact: Readonly<Record<string, Record<string, unknown>>> = {
  invoked: { invokedBy: 'a schedule, every five minutes' },
  scheduled: { invokedBy: 'a schedule' },
  functionUrl: { url: 'https://x.lambda-url.eu-west-1.on.aws/' },
  batch: { batch: true },
  agentOnline: { ssmAgent: 'online', state: 'running' },
  sshReachable: { sshReachable: true, state: 'running' },
  executeCommandEnabled: { enableExecuteCommand: true },
  notebookInService: { status: 'InService' },
  stackUpdatable: { status: 'CREATE_COMPLETE' },
  inboundAuthIsIam: { inboundAuth: 'IAM' },
  devEndpointReady: { status: 'READY', sshReachable: true },
  launchedByDefault: {
    launchedBy: [{ type: 'AWS::AutoScaling::AutoScalingGroup', version: '$Default', scalesOut: true }],
  },
  launchedByLatest: {
    launchedBy: [{ type: 'AWS::AutoScaling::AutoScalingGroup', version: '$Latest', scalesOut: true }],
  },
  instanceWithProfile: { instanceProfile: `arn:aws:iam::${account}:instance-profile/other` },
  instanceWithoutProfile: { instanceProfile: null },
}
