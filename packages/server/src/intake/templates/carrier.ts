import type { ResourceMembers } from './members.ts'

/** A resource and the values in it that name roles or instance profiles; there may be none (`askedWithoutRole`). */
export interface Carrier {
  readonly type: string
  readonly arn: string
  readonly account: string
  readonly partition: string
  readonly roleNames: readonly { readonly property: string; readonly value: string }[]
  readonly members?: ResourceMembers
}

/**
 * Types that techniques ask for although they wear no role: without them, a complete list would say that there is none.
 * A stream of a table is a type of its own.
 */
export const askedWithoutRole: ReadonlySet<string> = new Set([
  'AWS::Amplify::App',
  'AWS::ApiGateway::RestApi',
  'AWS::AppStream::Fleet',
  'AWS::AppStream::ImageBuilder',
  'AWS::AppSync::GraphQLApi',
  'AWS::Athena::WorkGroup',
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::Batch::JobQueue',
  'AWS::Bedrock::AgentAlias',
  'AWS::Chatbot::SlackChannelConfiguration',
  'AWS::Cloud9::EnvironmentEC2',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::Cognito::IdentityPool',
  'AWS::Cognito::UserPool',
  'AWS::Config::ConfigRule',
  'AWS::DataZone::Domain',
  'AWS::Deadline::Queue',
  'AWS::DeviceFarm::Project',
  'AWS::DirectoryService::MicrosoftAD',
  'AWS::DynamoDB::Stream',
  'AWS::EC2::Instance',
  'AWS::EC2::LaunchTemplate',
  'AWS::ECR::Repository',
  'AWS::ECS::Cluster',
  'AWS::ECS::Service',
  'AWS::EKS::Cluster',
  'AWS::EKS::PodIdentityAssociation',
  'AWS::EMR::Studio',
  'AWS::EMRContainers::VirtualCluster',
  'AWS::EMRServerless::Application',
  'AWS::ElasticBeanstalk::Application',
  'AWS::ElasticBeanstalk::Environment',
  'AWS::GameLift::Fleet',
  'AWS::Greengrass::Group',
  'AWS::IoT::RoleAlias',
  'AWS::KafkaConnect::CustomPlugin',
  'AWS::Kinesis::Stream',
  'AWS::MWAA::Environment',
  'AWS::PCS::Cluster',
  'AWS::RolesAnywhere::TrustAnchor',
  'AWS::SQS::Queue',
  'AWS::SSM::Association',
  'AWS::SSM::Document',
  'AWS::SSM::MaintenanceWindow',
  'AWS::SSM::MaintenanceWindowTask',
  'AWS::SageMaker::Domain',
  'AWS::SageMaker::NotebookInstanceLifecycleConfig',
  'AWS::SageMaker::Pipeline',
  'AWS::SageMaker::Space',
  'AWS::SageMaker::UserProfile',
  'AWS::Scheduler::Schedule',
  'AWS::ServiceCatalog::CloudFormationProduct',
  'AWS::Synthetics::Canary',
])

/**
 * Types whose code runs with a role that neither templates nor lists name: that of the machines a deployment goes to, of
 * an API's integrations, of whom a document is run on, of a user's own settings.
 */
export const hasUnknownRole: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::RestApi',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::ElasticBeanstalk::Environment',
  'AWS::SSM::Document',
  'AWS::SageMaker::Space',
  'AWS::SageMaker::UserProfile',
  'AWS::ServiceCatalog::CloudFormationProduct',
])

/** Types whose roles are those of the service, and not of the code that runs. */
export const roleOfService: ReadonlySet<string> = new Set([
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::ECS::Service',
  'AWS::ElasticBeanstalk::Environment',
])

/** The property that names the role of the code, of types whose other roles are those of the service or of an agent. [GRD-739] */
const roleOfCode: Readonly<Record<string, RegExp | undefined>> = {
  'AWS::AppRunner::Service': /(?:^|\.)InstanceRoleArn$/,
  'AWS::Batch::JobDefinition': /(?:^|\.)(?:Job|Task)RoleArn$/,
  'AWS::ECS::TaskDefinition': /^TaskRoleArn$/,
  'AWS::EMR::Cluster': /^JobFlowRole$/,
}

/** Whether a property names the role with which the code of a resource runs. */
export function isOfCode(type: string, { property }: { readonly property: string }): boolean {
  return roleOfCode[type]?.test(property) ?? true
}

/** Types of techniques that only templates can have, with roles that the reader of roles finds. */
export const rolesInTemplates: readonly string[] = [
  'AWS::AppRunner::Service',
  'AWS::Batch::JobDefinition',
  'AWS::BedrockAgentCore::BrowserCustom',
  'AWS::BedrockAgentCore::CodeInterpreterCustom',
  'AWS::BedrockAgentCore::Runtime',
  'AWS::CloudFormation::StackSet',
  'AWS::CodeBuild::Project',
  'AWS::CodePipeline::Pipeline',
  'AWS::ECS::TaskDefinition',
  'AWS::EMR::Cluster',
  'AWS::Glue::DevEndpoint',
  'AWS::Glue::Job',
  'AWS::ImageBuilder::InfrastructureConfiguration',
  'AWS::KinesisAnalyticsV2::Application',
  'AWS::Lambda::Function',
  'AWS::SageMaker::NotebookInstance',
  'AWS::StepFunctions::StateMachine',
]

const typesWithRole: ReadonlySet<string> = new Set(rolesInTemplates)

/** Whether a technique asks for resources of a type that templates have, with a role or without. */
export function isOfTechniques(type: string): boolean {
  return askedWithoutRole.has(type) || typesWithRole.has(type)
}

/** Types of techniques that templates do not have, with the reason. */
export const notInTemplates: Readonly<Record<string, string | undefined>> = {
  'AWS::CloudFormation::Stack': 'a stack is what a template becomes, with a role that its caller passes',
  'AWS::CodeCatalyst::Connection': 'no template makes it',
  'AWS::CodeCommit::Repository': 'no template says what builds from it',
  'AWS::DataZone::Environment': 'no template names the role of its users',
  'AWS::ECS::Task': 'tasks are started, not deployed',
  'AWS::FinSpace::Environment': 'no template makes one for kdb',
  'AWS::Glue::Blueprint': 'no template makes it',
  'AWS::Glue::Session': 'sessions are started, not deployed',
  'AWS::S3::Object': 'no template says what runs it',
  'AWS::SSM::ManagedInstance': 'machines register themselves',
  'AWS::SSM::Session': 'sessions are started, not deployed',
}

/**
 * ARNs of types whose Ref is not in the table of names: the property with the name, and the ARN after the partition. `*`
 * is what only AWS knows; `{Property}` is a property, or `*`. Source: Service Authorization Reference, resource types.
 */
export const arnsByName: Readonly<Record<string, readonly [property: string, arn: string] | undefined>> = {
  'AWS::Amplify::App': ['Name', 'amplify:{home}:apps/*'],
  'AWS::ApiGateway::RestApi': ['Name', 'apigateway:{region}::/restapis/*'],
  'AWS::AppRunner::Service': ['ServiceName', 'apprunner:{home}:service/{name}/*'],
  'AWS::AppStream::ImageBuilder': ['Name', 'appstream:{home}:image-builder/{name}'],
  'AWS::AppStream::Fleet': ['Name', 'appstream:{home}:fleet/{name}'],
  'AWS::AppSync::GraphQLApi': ['Name', 'appsync:{home}:apis/*'],
  'AWS::Athena::WorkGroup': ['Name', 'athena:{home}:workgroup/{name}'],
  'AWS::AutoScaling::AutoScalingGroup': [
    'AutoScalingGroupName',
    'autoscaling:{home}:autoScalingGroup:*:autoScalingGroupName/{name}',
  ],
  'AWS::Batch::JobDefinition': ['JobDefinitionName', 'batch:{home}:job-definition/{name}:1'],
  'AWS::Batch::JobQueue': ['JobQueueName', 'batch:{home}:job-queue/{name}'],
  'AWS::Bedrock::AgentAlias': ['AgentAliasName', 'bedrock:{home}:agent-alias/{AgentId}/*'],
  'AWS::BedrockAgentCore::BrowserCustom': ['Name', 'bedrock-agentcore:{home}:browser-custom/{name}-*'],
  'AWS::BedrockAgentCore::CodeInterpreterCustom': [
    'Name',
    'bedrock-agentcore:{home}:code-interpreter-custom/{name}-*',
  ],
  'AWS::BedrockAgentCore::Runtime': ['AgentRuntimeName', 'bedrock-agentcore:{home}:runtime/{name}-*'],
  'AWS::Chatbot::SlackChannelConfiguration': [
    'ConfigurationName',
    'chatbot::{account}:chat-configuration/slack-channel/{name}',
  ],
  'AWS::Cloud9::EnvironmentEC2': ['Name', 'cloud9:{home}:environment:*'],
  'AWS::CodeDeploy::DeploymentGroup': [
    'DeploymentGroupName',
    'codedeploy:{home}:deploymentgroup:{ApplicationName}/{name}',
  ],
  'AWS::Cognito::UserPool': ['UserPoolName', 'cognito-idp:{home}:userpool/*'],
  'AWS::Config::ConfigRule': ['ConfigRuleName', 'config:{home}:config-rule/*'],
  'AWS::DataZone::Domain': ['Name', 'datazone:{home}:domain/*'],
  'AWS::Deadline::Queue': ['DisplayName', 'deadline:{home}:farm/*/queue/*'],
  'AWS::DeviceFarm::Project': ['Name', 'devicefarm:{home}:project:*'],
  'AWS::DirectoryService::MicrosoftAD': ['Name', 'ds:{home}:directory/*'],
  'AWS::ECS::Service': ['ServiceName', 'ecs:{home}:service/{Cluster}/{name}'],
  'AWS::EKS::PodIdentityAssociation': ['ServiceAccount', 'eks:{home}:podidentityassociation/{ClusterName}/*'],
  'AWS::EMR::Cluster': ['Name', 'elasticmapreduce:{home}:cluster/*'],
  'AWS::EMR::Studio': ['Name', 'elasticmapreduce:{home}:studio/*'],
  'AWS::EMRContainers::VirtualCluster': ['Name', 'emr-containers:{home}:/virtualclusters/*'],
  'AWS::EMRServerless::Application': ['Name', 'emr-serverless:{home}:/applications/*'],
  'AWS::ElasticBeanstalk::Application': ['ApplicationName', 'elasticbeanstalk:{home}:application/{name}'],
  'AWS::ElasticBeanstalk::Environment': [
    'EnvironmentName',
    'elasticbeanstalk:{home}:environment/{ApplicationName}/{name}',
  ],
  'AWS::GameLift::Fleet': ['Name', 'gamelift:{home}:fleet/*'],
  'AWS::Glue::DevEndpoint': ['EndpointName', 'glue:{home}:devEndpoint/{name}'],
  'AWS::Glue::Job': ['Name', 'glue:{home}:job/{name}'],
  'AWS::Greengrass::Group': ['Name', 'greengrass:{home}:/greengrass/groups/*'],
  'AWS::ImageBuilder::InfrastructureConfiguration': [
    'Name',
    'imagebuilder:{home}:infrastructure-configuration/{name}',
  ],
  'AWS::IoT::RoleAlias': ['RoleAlias', 'iot:{home}:rolealias/{name}'],
  'AWS::KafkaConnect::CustomPlugin': ['Name', 'kafkaconnect:{home}:custom-plugin/{name}/*'],
  'AWS::KinesisAnalyticsV2::Application': ['ApplicationName', 'kinesisanalytics:{home}:application/{name}'],
  'AWS::MWAA::Environment': ['Name', 'airflow:{home}:environment/{name}'],
  'AWS::PCS::Cluster': ['Name', 'pcs:{home}:cluster/*'],
  'AWS::RolesAnywhere::TrustAnchor': ['Name', 'rolesanywhere:{home}:trust-anchor/*'],
  'AWS::SSM::Association': ['Name', 'ssm:{home}:association/*'],
  'AWS::SSM::Document': ['Name', 'ssm:{home}:document/{name}'],
  'AWS::SSM::MaintenanceWindow': ['Name', 'ssm:{home}:maintenancewindow/*'],
  'AWS::SSM::MaintenanceWindowTask': ['Name', 'ssm:{home}:windowtask/*'],
  'AWS::SageMaker::Domain': ['DomainName', 'sagemaker:{home}:domain/*'],
  'AWS::SageMaker::NotebookInstance': ['NotebookInstanceName', 'sagemaker:{home}:notebook-instance/{name}'],
  'AWS::SageMaker::NotebookInstanceLifecycleConfig': [
    'NotebookInstanceLifecycleConfigName',
    'sagemaker:{home}:notebook-instance-lifecycle-config/{name}',
  ],
  'AWS::SageMaker::Pipeline': ['PipelineName', 'sagemaker:{home}:pipeline/{name}'],
  'AWS::SageMaker::Space': ['SpaceName', 'sagemaker:{home}:space/{DomainId}/{name}'],
  'AWS::SageMaker::UserProfile': ['UserProfileName', 'sagemaker:{home}:user-profile/*/{name}'],
  'AWS::Scheduler::Schedule': ['Name', 'scheduler:{home}:schedule/{GroupName}/{name}'],
  'AWS::ServiceCatalog::CloudFormationProduct': ['Name', 'catalog:{home}:product/*'],
  'AWS::Synthetics::Canary': ['Name', 'synthetics:{home}:canary:{name}'],
}

/** The ARN that a pattern of `arnsByName` makes of a name. `other` says the further properties that it names; `*` if it does not. */
export function arnByName(
  pattern: string,
  {
    partition,
    region,
    account,
  }: { readonly partition: string; readonly region: string; readonly account: string },
  name: string,
  other: (property: string) => string | undefined = () => undefined,
): string {
  const of: Readonly<Record<string, string | undefined>> = {
    home: `${region}:${account}`,
    name,
    region,
    account,
  }
  const filled = pattern.replace(
    /\{(\w+)\}/g,
    (_, property: string) => of[property] ?? other(property) ?? '*',
  )
  return `arn:${partition}:${filled}`
}
