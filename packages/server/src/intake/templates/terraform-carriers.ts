import { identityPool } from './identity-pools.ts'

/**
 * A type of Terraform that has roles, or that techniques ask for: CloudFormation's type, the attributes that name
 * roles, and the ARN by a name.
 */
export interface CarrierType {
  readonly type: string
  /** Attributes with a role, and the properties of CloudFormation that they are. */
  readonly roles: Readonly<Record<string, string>>
  /** The attribute with the name, and the ARN that it makes, if it is not that of `arnsByName`. */
  readonly named?: readonly [attribute: string, arn?: string]
  /** The attribute with the ARN, if it is not `arn`. */
  readonly arn?: string
  /** The attribute that must be true: the resource exists only then. */
  readonly if?: string
}

/** Source: documentation of Terraform's provider for AWS. */
export const carrierTypes: Readonly<Record<string, CarrierType | undefined>> = {
  aws_apprunner_service: {
    type: 'AWS::AppRunner::Service',
    roles: { 'instance_configuration.instance_role_arn': 'InstanceConfiguration.InstanceRoleArn' },
  },
  aws_batch_compute_environment: {
    type: 'AWS::Batch::ComputeEnvironment',
    roles: { service_role: 'ServiceRole' },
  },
  aws_batch_job_definition: {
    type: 'AWS::Batch::JobDefinition',
    roles: {
      'container_properties.jobRoleArn': 'ContainerProperties.JobRoleArn',
      'container_properties.executionRoleArn': 'ContainerProperties.ExecutionRoleArn',
    },
    named: ['name'],
  },
  aws_batch_job_queue: {
    type: 'AWS::Batch::JobQueue',
    roles: {},
    named: ['name'],
  },
  aws_bedrockagentcore_agent_runtime: {
    type: 'AWS::BedrockAgentCore::Runtime',
    roles: { role_arn: 'RoleArn' },
    arn: 'agent_runtime_arn',
  },
  aws_bedrockagentcore_browser: {
    type: 'AWS::BedrockAgentCore::BrowserCustom',
    roles: { execution_role_arn: 'ExecutionRoleArn' },
    arn: 'browser_arn',
  },
  aws_bedrockagentcore_code_interpreter: {
    type: 'AWS::BedrockAgentCore::CodeInterpreterCustom',
    roles: { execution_role_arn: 'ExecutionRoleArn' },
    arn: 'code_interpreter_arn',
  },
  aws_cloudformation_stack: { type: 'AWS::CloudFormation::Stack', roles: { iam_role_arn: 'RoleARN' } },
  aws_cloudformation_stack_set: {
    type: 'AWS::CloudFormation::StackSet',
    roles: { administration_role_arn: 'AdministrationRoleARN' },
  },
  aws_codebuild_project: {
    type: 'AWS::CodeBuild::Project',
    roles: { service_role: 'ServiceRole' },
    named: ['name', 'codebuild:{home}:project/{name}'],
  },
  aws_codepipeline: {
    type: 'AWS::CodePipeline::Pipeline',
    roles: { role_arn: 'RoleArn' },
    named: ['name', 'codepipeline:{home}:{name}'],
  },
  aws_cognito_identity_pool: {
    type: identityPool,
    roles: {},
    // the id of a pool is known only after apply
    named: ['identity_pool_name', 'cognito-identity:{home}:identitypool/*'],
  },
  aws_dynamodb_table: {
    type: 'AWS::DynamoDB::Stream',
    roles: {},
    arn: 'stream_arn',
    // the label of a stream is known only after apply
    named: ['name', 'dynamodb:{home}:table/{name}/stream/*'],
    if: 'stream_enabled',
  },
  aws_ecs_cluster: {
    type: 'AWS::ECS::Cluster',
    roles: {},
    named: ['name', 'ecs:{home}:cluster/{name}'],
  },
  aws_ecs_task_definition: {
    type: 'AWS::ECS::TaskDefinition',
    roles: { task_role_arn: 'TaskRoleArn', execution_role_arn: 'ExecutionRoleArn' },
    named: ['family', 'ecs:{home}:task-definition/{name}:1'],
  },
  aws_eks_cluster: {
    type: 'AWS::EKS::Cluster',
    roles: { role_arn: 'RoleArn' },
    named: ['name', 'eks:{home}:cluster/{name}'],
  },
  aws_eks_node_group: { type: 'AWS::EKS::Nodegroup', roles: { node_role_arn: 'NodeRole' } },
  aws_elastic_beanstalk_application: {
    type: 'AWS::ElasticBeanstalk::Application',
    roles: {},
    named: ['name'],
  },
  aws_glue_dev_endpoint: {
    type: 'AWS::Glue::DevEndpoint',
    roles: { role_arn: 'RoleArn' },
    named: ['name'],
  },
  aws_glue_job: {
    type: 'AWS::Glue::Job',
    roles: { role_arn: 'Role' },
    named: ['name'],
  },
  aws_instance: { type: 'AWS::EC2::Instance', roles: { iam_instance_profile: 'IamInstanceProfile' } },
  aws_kinesis_stream: {
    type: 'AWS::Kinesis::Stream',
    roles: {},
    named: ['name', 'kinesis:{home}:stream/{name}'],
  },
  aws_lambda_function: {
    type: 'AWS::Lambda::Function',
    roles: { role: 'Role' },
    named: ['function_name', 'lambda:{home}:function:{name}'],
  },
  aws_launch_template: {
    type: 'AWS::EC2::LaunchTemplate',
    roles: { iam_instance_profile: 'LaunchTemplateData.IamInstanceProfile.Name' },
  },
  aws_sagemaker_domain: {
    type: 'AWS::SageMaker::Domain',
    roles: { 'default_user_settings.execution_role': 'DefaultUserSettings.ExecutionRole' },
  },
  aws_sagemaker_notebook_instance: {
    type: 'AWS::SageMaker::NotebookInstance',
    roles: { role_arn: 'RoleArn' },
    named: ['name'],
  },
  aws_sagemaker_user_profile: {
    type: 'AWS::SageMaker::UserProfile',
    roles: { 'user_settings.execution_role': 'UserSettings.ExecutionRole' },
  },
  aws_sfn_state_machine: {
    type: 'AWS::StepFunctions::StateMachine',
    roles: { role_arn: 'RoleArn' },
    named: ['name', 'states:{home}:stateMachine:{name}'],
  },
  aws_sqs_queue: { type: 'AWS::SQS::Queue', roles: {}, named: ['name', 'sqs:{home}:{name}'] },
  aws_amplify_app: { type: 'AWS::Amplify::App', roles: { iam_service_role_arn: 'IAMServiceRole' } },
  aws_api_gateway_rest_api: { type: 'AWS::ApiGateway::RestApi', roles: {} },
  aws_appstream_fleet: {
    type: 'AWS::AppStream::Fleet',
    roles: { iam_role_arn: 'IamRoleArn' },
    named: ['name'],
  },
  aws_appstream_image_builder: {
    type: 'AWS::AppStream::ImageBuilder',
    roles: { iam_role_arn: 'IamRoleArn' },
    named: ['name'],
  },
  aws_appsync_graphql_api: { type: 'AWS::AppSync::GraphQLApi', roles: {} },
  aws_athena_workgroup: {
    type: 'AWS::Athena::WorkGroup',
    roles: { 'configuration.execution_role': 'WorkGroupConfiguration.ExecutionRole' },
    named: ['name'],
  },
  aws_autoscaling_group: {
    type: 'AWS::AutoScaling::AutoScalingGroup',
    roles: {},
    named: ['name'],
  },
  aws_bedrockagent_agent_alias: {
    type: 'AWS::Bedrock::AgentAlias',
    roles: {},
    arn: 'agent_alias_arn',
    named: ['agent_alias_name'],
  },
  aws_chatbot_slack_channel_configuration: {
    type: 'AWS::Chatbot::SlackChannelConfiguration',
    roles: { iam_role_arn: 'IamRoleArn' },
    arn: 'chat_configuration_arn',
  },
  aws_cloud9_environment_ec2: {
    type: 'AWS::Cloud9::EnvironmentEC2',
    roles: {},
    named: ['name'],
  },
  aws_codedeploy_deployment_group: {
    type: 'AWS::CodeDeploy::DeploymentGroup',
    roles: {},
    named: ['deployment_group_name'],
  },
  aws_cognito_user_pool: {
    type: 'AWS::Cognito::UserPool',
    roles: {},
    named: ['name'],
  },
  aws_config_config_rule: {
    type: 'AWS::Config::ConfigRule',
    roles: {},
    named: ['name'],
  },
  aws_datazone_domain: {
    type: 'AWS::DataZone::Domain',
    roles: {},
    named: ['name'],
  },
  aws_devicefarm_project: {
    type: 'AWS::DeviceFarm::Project',
    roles: {},
    named: ['name'],
  },
  aws_directory_service_directory: {
    type: 'AWS::DirectoryService::MicrosoftAD',
    roles: {},
    named: ['name'],
  },
  aws_ecr_repository: {
    type: 'AWS::ECR::Repository',
    roles: {},
    named: ['name', 'ecr:{home}:repository/{name}'],
  },
  aws_ecs_service: { type: 'AWS::ECS::Service', roles: {}, named: ['name'] },
  aws_eks_pod_identity_association: {
    type: 'AWS::EKS::PodIdentityAssociation',
    roles: { role_arn: 'RoleArn' },
    arn: 'association_arn',
  },
  aws_elastic_beanstalk_environment: {
    type: 'AWS::ElasticBeanstalk::Environment',
    roles: {},
    named: ['name'],
  },
  aws_emr_cluster: {
    type: 'AWS::EMR::Cluster',
    roles: { 'ec2_attributes.instance_profile': 'JobFlowRole' },
    named: ['name'],
  },
  aws_emr_studio: {
    type: 'AWS::EMR::Studio',
    roles: { service_role: 'ServiceRole' },
    named: ['name'],
  },
  aws_emrcontainers_virtual_cluster: {
    type: 'AWS::EMRContainers::VirtualCluster',
    roles: {},
    named: ['name'],
  },
  aws_emrserverless_application: {
    type: 'AWS::EMRServerless::Application',
    roles: {},
    named: ['name'],
  },
  aws_finspace_kx_environment: {
    type: 'AWS::FinSpace::Environment',
    roles: {},
    named: ['name', 'finspace:{home}:kxEnvironment/*'],
  },
  aws_gamelift_fleet: {
    type: 'AWS::GameLift::Fleet',
    roles: { instance_role_arn: 'InstanceRoleARN' },
    named: ['name'],
  },
  aws_imagebuilder_infrastructure_configuration: {
    type: 'AWS::ImageBuilder::InfrastructureConfiguration',
    roles: { instance_profile_name: 'InstanceProfileName' },
    named: ['name'],
  },
  aws_iot_role_alias: {
    type: 'AWS::IoT::RoleAlias',
    roles: { role_arn: 'RoleArn' },
    named: ['alias'],
  },
  aws_kinesisanalyticsv2_application: {
    type: 'AWS::KinesisAnalyticsV2::Application',
    roles: { service_execution_role: 'ServiceExecutionRole' },
    named: ['name'],
  },
  aws_mskconnect_custom_plugin: {
    type: 'AWS::KafkaConnect::CustomPlugin',
    roles: {},
    named: ['name'],
  },
  aws_mwaa_environment: {
    type: 'AWS::MWAA::Environment',
    roles: { execution_role_arn: 'ExecutionRoleArn' },
    named: ['name'],
  },
  aws_rolesanywhere_trust_anchor: {
    type: 'AWS::RolesAnywhere::TrustAnchor',
    roles: {},
    named: ['name'],
  },
  aws_sagemaker_notebook_instance_lifecycle_configuration: {
    type: 'AWS::SageMaker::NotebookInstanceLifecycleConfig',
    roles: {},
    named: ['name'],
  },
  aws_sagemaker_pipeline: {
    type: 'AWS::SageMaker::Pipeline',
    roles: { role_arn: 'RoleArn' },
    named: ['pipeline_name'],
  },
  aws_sagemaker_space: {
    type: 'AWS::SageMaker::Space',
    roles: {},
    named: ['space_name'],
  },
  aws_scheduler_schedule: {
    type: 'AWS::Scheduler::Schedule',
    roles: { 'target.role_arn': 'Target.RoleArn' },
    named: ['name'],
  },
  aws_servicecatalog_product: {
    type: 'AWS::ServiceCatalog::CloudFormationProduct',
    roles: {},
    named: ['name'],
  },
  aws_ssm_association: {
    type: 'AWS::SSM::Association',
    roles: {},
    named: ['name'],
  },
  aws_ssm_document: { type: 'AWS::SSM::Document', roles: {}, named: ['name'] },
  aws_ssm_maintenance_window: {
    type: 'AWS::SSM::MaintenanceWindow',
    roles: {},
    named: ['name'],
  },
  aws_ssm_maintenance_window_task: {
    type: 'AWS::SSM::MaintenanceWindowTask',
    roles: { service_role_arn: 'ServiceRoleArn' },
    named: ['name'],
  },
  aws_synthetics_canary: {
    type: 'AWS::Synthetics::Canary',
    roles: { execution_role_arn: 'ExecutionRoleArn' },
    named: ['name'],
  },
}

/** Types of techniques that templates of CloudFormation have and plans of Terraform do not, with the reason. */
export const notInPlans: Readonly<Record<string, string | undefined>> = {
  'AWS::Deadline::Queue': 'the provider has no such resource',
  'AWS::Greengrass::Group': 'the provider has no such resource',
  'AWS::PCS::Cluster': 'the provider has no such resource',
}
