import { membersFor } from './fact-worlds.ts'

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
  'AWS::BedrockAgentCore::CodeInterpreterCustom': 'bedrock-agentcore:eu-west-1:@:code-interpreter-custom/ci1',
  'AWS::BedrockAgentCore::Runtime': 'bedrock-agentcore:eu-west-1:@:runtime/r1',
  'AWS::BedrockAgentCore::BrowserCustom': 'bedrock-agentcore:eu-west-1:@:browser-custom/b1',
  'AWS::Batch::JobDefinition': 'batch:eu-west-1:@:job-definition/crunch',
  'AWS::Batch::JobQueue': 'batch:eu-west-1:@:job-queue/main',
  'AWS::ElasticBeanstalk::Environment': 'elasticbeanstalk:eu-west-1:@:environment/shop/live',
  'AWS::DataZone::Environment': 'datazone:eu-west-1:@:environment/e1',
  'AWS::DynamoDB::Stream': 'dynamodb:eu-west-1:@:table/t/stream/2026',
  'AWS::EKS::Cluster': 'eks:eu-west-1:@:cluster/main',
  'AWS::EKS::PodIdentityAssociation': 'eks:eu-west-1:@:podidentityassociation/main/a-1',
  'AWS::AppStream::Fleet': 'appstream:eu-west-1:@:fleet/desks',
  'AWS::AppSync::GraphQLApi': 'appsync:eu-west-1:@:apis/a1',
  'AWS::Athena::WorkGroup': 'athena:eu-west-1:@:workgroup/spark',
  'AWS::Bedrock::AgentAlias': 'bedrock:eu-west-1:@:agent-alias/A1/B1',
  'AWS::Chatbot::SlackChannelConfiguration': 'chatbot::@:chat-configuration/slack-channel/ops',
  'AWS::Cloud9::EnvironmentEC2': 'cloud9:eu-west-1:@:environment:e1',
  'AWS::CodeCatalyst::Connection': 'codecatalyst:eu-west-1:@:/connections/c1',
  'AWS::Config::ConfigRule': 'config:eu-west-1:@:config-rule/config-rule-1',
  'AWS::DataZone::Domain': 'datazone:eu-west-1:@:domain/d1',
  'AWS::Deadline::Queue': 'deadline:eu-west-1:@:farm/f1/queue/q1',
  'AWS::DeviceFarm::Project': 'devicefarm:us-west-2:@:project:p1',
  'AWS::DirectoryService::MicrosoftAD': 'ds:eu-west-1:@:directory/d-1',
  'AWS::ElasticBeanstalk::Application': 'elasticbeanstalk:eu-west-1:@:application/shop',
  'AWS::EMR::Cluster': 'elasticmapreduce:eu-west-1:@:cluster/j-1',
  'AWS::EMRContainers::VirtualCluster': 'emr-containers:eu-west-1:@:/virtualclusters/vc1',
  'AWS::FinSpace::Environment': 'finspace:eu-west-1:@:kxEnvironment/e1',
  'AWS::Glue::Blueprint': 'glue:eu-west-1:@:blueprint/layout',
  'AWS::Glue::Session': 'glue:eu-west-1:@:session/s1',
  'AWS::Greengrass::Group': 'greengrass:eu-west-1:@:/greengrass/groups/g1',
  'AWS::IoT::RoleAlias': 'iot:eu-west-1:@:rolealias/cars',
  'AWS::KafkaConnect::CustomPlugin': 'kafkaconnect:eu-west-1:@:custom-plugin/p/1',
  'AWS::MWAA::Environment': 'airflow:eu-west-1:@:environment/dags',
  'AWS::PCS::Cluster': 'pcs:eu-west-1:@:cluster/c1',
  'AWS::RolesAnywhere::TrustAnchor': 'rolesanywhere:eu-west-1:@:trust-anchor/t1',
  'AWS::SageMaker::Pipeline': 'sagemaker:eu-west-1:@:pipeline/train',
  'AWS::ServiceCatalog::CloudFormationProduct': 'catalog:eu-west-1:@:product/prod-1',
  'AWS::SSM::ManagedInstance': 'ssm:eu-west-1:@:managed-instance/mi-0123456789abcdef0',
  'AWS::ImageBuilder::InfrastructureConfiguration':
    'imagebuilder:eu-west-1:@:infrastructure-configuration/linux',
  'AWS::KinesisAnalyticsV2::Application': 'kinesisanalytics:eu-west-1:@:application/clicks',
  'AWS::SageMaker::NotebookInstanceLifecycleConfig':
    'sagemaker:eu-west-1:@:notebook-instance-lifecycle-config/setup',
  'AWS::AppStream::ImageBuilder': 'appstream:eu-west-1:@:image-builder/base',
  'AWS::GameLift::Fleet': 'gamelift:eu-west-1:@:fleet/fleet-1',
  'AWS::SSM::MaintenanceWindowTask': 'ssm:eu-west-1:@:windowtask/wt-1',
  'AWS::Synthetics::Canary': 'synthetics:eu-west-1:@:canary:check',
}

/** The ARN of an existing resource of a type. */
export function arnOf(type: string): string {
  return `arn:aws:${(arns[type] ?? `unknown:eu-west-1:@:${type.toLowerCase()}/x`).replace('@', account)}`
}

/** Members of a resource that make facts hold which code decides, or that need more than one member. */
const membersOfCode: Readonly<Record<string, Record<string, unknown>>> = {
  publicUrl: {
    url: 'https://x.lambda-url.eu-west-1.on.aws/',
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'],
          Resource: '*',
        },
      ],
    },
  },
  agentOnline: { state: 'running' },
  sshReachable: { state: 'running' },
  lifecycleOfNotebook: { lifecycleConfig: 'setup' },
  serviceOfTask: { group: 'service:web', enableExecuteCommand: false },
  // otherwise the function's own trigger would do
  agentTool: { invokedBy: null },
  stackInstances: { instances: [{ account, region: 'eu-west-1' }] },
  launchedByDefault: {
    launchedBy: [{ type: 'AWS::AutoScaling::AutoScalingGroup', version: '$Default', scalesOut: true }],
  },
  launchedByLatest: {
    launchedBy: [{ type: 'AWS::AutoScaling::AutoScalingGroup', version: '$Latest', scalesOut: true }],
  },
  instanceWithProfile: { instanceProfile: `arn:aws:iam::${account}:instance-profile/other` },
}

/** Members of a resource that make a fact hold. */
export function membersOfFact(fact: string): Readonly<Record<string, unknown>> {
  return { ...membersFor(fact), ...membersOfCode[fact] }
}
