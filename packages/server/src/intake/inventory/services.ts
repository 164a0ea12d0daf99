import {
  arn,
  entriesOf,
  entryOf,
  type InventoryReader,
  itemsOf,
  keyArn,
  list,
  names,
  one,
  profileArn,
  resource,
  role,
  tagsOf,
  text,
  within,
} from './found.ts'

/** Answers of the other services. Source: AWS CLI Command Reference. */
export const serviceReaders: Readonly<Record<string, InventoryReader | undefined>> = {
  'codebuild list-projects': names('AWS::CodeBuild::Project', 'projects'),
  'codebuild batch-get-projects': {
    of: 'codebuild list-projects',
    read: (given) =>
      entriesOf(given.answer, 'projects').flatMap(
        (each) =>
          resource('AWS::CodeBuild::Project', each.arn, {
            role: role(each.serviceRole, given),
            batch: entryOf(each.buildBatchConfig) !== undefined,
            invokedBy: entryOf(each.webhook) === undefined ? undefined : 'a webhook',
            tags: tagsOf(each.tags),
          }) ?? [],
      ),
  },
  'codepipeline list-pipelines': names('AWS::CodePipeline::Pipeline', 'pipelines'),
  'codepipeline get-pipeline': one('codepipeline list-pipelines', undefined, (each) =>
    resource('AWS::CodePipeline::Pipeline', within(each, 'metadata', 'pipelineArn'), {
      role: text(within(each, 'pipeline', 'roleArn')),
    }),
  ),
  'sagemaker list-notebook-instances': names('AWS::SageMaker::NotebookInstance', 'NotebookInstances'),
  'sagemaker describe-notebook-instance': one('sagemaker list-notebook-instances', undefined, (each) =>
    resource('AWS::SageMaker::NotebookInstance', each.NotebookInstanceArn, {
      status: text(each.NotebookInstanceStatus),
      role: text(each.RoleArn),
      lifecycleConfig: text(each.NotebookInstanceLifecycleConfigName) ?? null,
    }),
  ),
  'sagemaker list-notebook-instance-lifecycle-configs': list(
    'AWS::SageMaker::NotebookInstanceLifecycleConfig',
    'NotebookInstanceLifecycleConfigs',
    (each) =>
      resource('AWS::SageMaker::NotebookInstanceLifecycleConfig', each.NotebookInstanceLifecycleConfigArn),
  ),
  'sagemaker list-domains': names('AWS::SageMaker::Domain', 'Domains'),
  'sagemaker describe-domain': one('sagemaker list-domains', undefined, (each) =>
    resource('AWS::SageMaker::Domain', each.DomainArn, {
      role: text(within(each, 'DefaultUserSettings', 'ExecutionRole')),
    }),
  ),
  'sagemaker list-pipelines': list('AWS::SageMaker::Pipeline', 'PipelineSummaries', (each) =>
    resource('AWS::SageMaker::Pipeline', each.PipelineArn, { role: text(each.RoleArn) }),
  ),
  'ecs list-clusters': names('AWS::ECS::Cluster', 'clusterArns'),
  'ecs describe-clusters': {
    of: 'ecs list-clusters',
    read: ({ answer }) =>
      entriesOf(answer, 'clusters').flatMap(
        (each) =>
          resource('AWS::ECS::Cluster', each.clusterArn, {
            containerInstances: each.registeredContainerInstancesCount,
          }) ?? [],
      ),
  },
  'ecs list-services': {
    read: ({ answer }) =>
      itemsOf(answer, 'serviceArns').flatMap(
        (each) => resource('AWS::ECS::Service', each, { roleUnknown: true }) ?? [],
      ),
  },
  'ecs describe-services': {
    read: ({ answer }) =>
      entriesOf(answer, 'services').flatMap(
        (each) =>
          resource('AWS::ECS::Service', each.serviceArn, {
            taskDefinition: text(each.taskDefinition),
          }) ?? [],
      ),
  },
  'ecs list-tasks': { count: (answer) => itemsOf(answer, 'taskArns').length, read: () => [] },
  'ecs describe-tasks': {
    of: 'ecs list-tasks',
    read: ({ answer }) =>
      entriesOf(answer, 'tasks').flatMap(
        (each) =>
          resource('AWS::ECS::Task', each.taskArn, {
            role: text(within(each, 'overrides', 'taskRoleArn')),
            taskDefinition: text(each.taskDefinitionArn),
            enableExecuteCommand: each.enableExecuteCommand === true,
            group: text(each.group),
            status: text(each.lastStatus),
          }) ?? [],
      ),
  },
  'ecs list-task-definition-families': names('AWS::ECS::TaskDefinition', 'families'),
  'ecs describe-task-definition': one('ecs list-task-definition-families', 'taskDefinition', (each) =>
    resource('AWS::ECS::TaskDefinition', each.taskDefinitionArn, { role: text(each.taskRoleArn) }),
  ),
  'glue get-jobs': list('AWS::Glue::Job', 'Jobs', (each, given) =>
    resource('AWS::Glue::Job', arn(given, 'glue', 'job/', each.Name), { role: role(each.Role, given) }),
  ),
  'glue get-triggers': {
    read: (given) =>
      entriesOf(given.answer, 'Triggers').flatMap((each) =>
        /^(?:SCHEDULED|EVENT)$/.test(text(each.Type) ?? '') && each.State === 'ACTIVATED'
          ? entriesOf(each, 'Actions').flatMap(
              ({ JobName }) =>
                resource('AWS::Glue::Job', arn(given, 'glue', 'job/', JobName), {
                  invokedBy: `the trigger ${each.Name}`,
                }) ?? [],
            )
          : [],
      ),
  },
  'glue get-dev-endpoints': list('AWS::Glue::DevEndpoint', 'DevEndpoints', (each, given) =>
    resource('AWS::Glue::DevEndpoint', arn(given, 'glue', 'devEndpoint/', each.EndpointName), {
      role: role(each.RoleArn, given),
      status: text(each.Status),
    }),
  ),
  'glue list-sessions': list('AWS::Glue::Session', 'Sessions', (each, given) =>
    resource('AWS::Glue::Session', arn(given, 'glue', 'session/', each.Id), {
      role: role(each.Role, given),
    }),
  ),
  'glue list-blueprints': {
    lists: ['AWS::Glue::Blueprint'],
    read: (given) =>
      itemsOf(given.answer, 'Blueprints').flatMap(
        (each) => resource('AWS::Glue::Blueprint', arn(given, 'glue', 'blueprint/', each)) ?? [],
      ),
  },
  'apprunner list-services': names('AWS::AppRunner::Service', 'ServiceSummaryList'),
  'apprunner describe-service': one('apprunner list-services', 'Service', (each) =>
    resource('AWS::AppRunner::Service', each.ServiceArn, {
      role: text(within(each, 'InstanceConfiguration', 'InstanceRoleArn')),
      status: text(each.Status),
    }),
  ),
  'stepfunctions list-state-machines': names('AWS::StepFunctions::StateMachine', 'stateMachines'),
  'stepfunctions describe-state-machine': one('stepfunctions list-state-machines', undefined, (each, given) =>
    resource('AWS::StepFunctions::StateMachine', each.stateMachineArn, {
      role: text(each.roleArn),
      machineType: text(each.type),
      kmsKey: keyArn(within(each, 'encryptionConfiguration', 'kmsKeyId'), given),
    }),
  ),
  'batch describe-job-definitions': list('AWS::Batch::JobDefinition', 'jobDefinitions', (each) =>
    resource('AWS::Batch::JobDefinition', each.jobDefinitionArn, {
      role: text(within(each, 'containerProperties', 'jobRoleArn')),
      tags: tagsOf(each.tags),
    }),
  ),
  'batch describe-job-queues': list('AWS::Batch::JobQueue', 'jobQueues', (each) =>
    resource('AWS::Batch::JobQueue', each.jobQueueArn, { tags: tagsOf(each.tags) }),
  ),
  'emr list-clusters': names('AWS::EMR::Cluster', 'Clusters'),
  'emr describe-cluster': one('emr list-clusters', 'Cluster', (each, given) =>
    resource('AWS::EMR::Cluster', each.ClusterArn, {
      instanceProfile: profileArn(within(each, 'Ec2InstanceAttributes', 'IamInstanceProfile'), given),
      tags: tagsOf(each.Tags),
    }),
  ),
  'emr-serverless list-applications': list('AWS::EMRServerless::Application', 'applications', (each) =>
    resource('AWS::EMRServerless::Application', each.arn),
  ),
  'emr-containers list-virtual-clusters': list(
    'AWS::EMRContainers::VirtualCluster',
    'virtualClusters',
    (each) => resource('AWS::EMRContainers::VirtualCluster', each.arn),
  ),
  'bedrock-agentcore-control list-code-interpreters': names(
    'AWS::BedrockAgentCore::CodeInterpreterCustom',
    'codeInterpreterSummaries',
  ),
  'bedrock-agentcore-control get-code-interpreter': one(
    'bedrock-agentcore-control list-code-interpreters',
    undefined,
    (each) =>
      resource('AWS::BedrockAgentCore::CodeInterpreterCustom', each.codeInterpreterArn, {
        role: text(each.executionRoleArn),
      }),
  ),
  'bedrock-agentcore-control list-agent-runtimes': names('AWS::BedrockAgentCore::Runtime', 'agentRuntimes'),
  'bedrock-agentcore-control get-agent-runtime': one(
    'bedrock-agentcore-control list-agent-runtimes',
    undefined,
    (each) =>
      resource('AWS::BedrockAgentCore::Runtime', each.agentRuntimeArn, {
        role: text(each.roleArn),
        inboundAuth: entryOf(each.authorizerConfiguration) === undefined ? 'IAM' : 'JWT',
      }),
  ),
  'bedrock-agentcore-control list-browsers': names(
    'AWS::BedrockAgentCore::BrowserCustom',
    'browserSummaries',
  ),
  'bedrock-agentcore-control get-browser': one('bedrock-agentcore-control list-browsers', undefined, (each) =>
    resource('AWS::BedrockAgentCore::BrowserCustom', each.browserArn, { role: text(each.executionRoleArn) }),
  ),
  'cognito-identity list-identity-pools': names('AWS::Cognito::IdentityPool', 'IdentityPools'),
  'cognito-identity get-identity-pool-roles': one(
    'cognito-identity list-identity-pools',
    undefined,
    (each, given) =>
      resource(
        'AWS::Cognito::IdentityPool',
        arn(given, 'cognito-identity', 'identitypool/', each.IdentityPoolId),
        {
          role: text(within(each, 'Roles', 'authenticated')),
        },
      ),
  ),
  'cognito-idp list-user-pools': list('AWS::Cognito::UserPool', 'UserPools', (each, given) =>
    resource('AWS::Cognito::UserPool', arn(given, 'cognito-idp', 'userpool/', each.Id)),
  ),
  'dynamodbstreams list-streams': list('AWS::DynamoDB::Stream', 'Streams', (each) =>
    resource('AWS::DynamoDB::Stream', each.StreamArn),
  ),
  'kinesis list-streams': list('AWS::Kinesis::Stream', 'StreamSummaries', (each) =>
    resource('AWS::Kinesis::Stream', each.StreamARN),
  ),
  'sqs list-queues': {
    lists: ['AWS::SQS::Queue'],
    read: (given) =>
      itemsOf(given.answer, 'QueueUrls').flatMap((url) => {
        const [account = given.account, name = ''] = String(url).split('/').slice(-2)
        return resource('AWS::SQS::Queue', arn({ ...given, account }, 'sqs', name)) ?? []
      }),
  },
  'eks list-clusters': names('AWS::EKS::Cluster', 'clusters'),
  'eks describe-cluster': one('eks list-clusters', 'cluster', (each) =>
    resource('AWS::EKS::Cluster', each.arn, { tags: tagsOf(each.tags) }),
  ),
  'elasticbeanstalk describe-applications': list(
    'AWS::ElasticBeanstalk::Application',
    'Applications',
    (each) => resource('AWS::ElasticBeanstalk::Application', each.ApplicationArn),
  ),
  'amplify list-apps': list('AWS::Amplify::App', 'apps', (each) =>
    resource('AWS::Amplify::App', each.appArn, {
      role: text(each.iamServiceRoleArn),
      tags: tagsOf(each.tags),
    }),
  ),
  'imagebuilder list-infrastructure-configurations': list(
    'AWS::ImageBuilder::InfrastructureConfiguration',
    'infrastructureConfigurationSummaryList',
    (each, given) =>
      resource('AWS::ImageBuilder::InfrastructureConfiguration', each.arn, {
        instanceProfile: profileArn({ Name: each.instanceProfileName }, given),
        tags: tagsOf(each.tags),
      }),
  ),
  'kinesisanalyticsv2 list-applications': list(
    'AWS::KinesisAnalyticsV2::Application',
    'ApplicationSummaries',
    (each) =>
      resource('AWS::KinesisAnalyticsV2::Application', each.ApplicationARN, {
        status: text(each.ApplicationStatus),
        applicationMode: text(each.ApplicationMode),
      }),
  ),
  'kinesisanalyticsv2 describe-application': one(
    'kinesisanalyticsv2 list-applications',
    'ApplicationDetail',
    (each) =>
      resource('AWS::KinesisAnalyticsV2::Application', each.ApplicationARN, {
        role: text(each.ServiceExecutionRole),
      }),
  ),
  'gamelift describe-fleet-attributes': list('AWS::GameLift::Fleet', 'FleetAttributes', (each) =>
    resource('AWS::GameLift::Fleet', each.FleetArn, { role: text(each.InstanceRoleArn) }),
  ),
  'scheduler list-schedules': list('AWS::Scheduler::Schedule', 'Schedules', (each) =>
    resource('AWS::Scheduler::Schedule', each.Arn),
  ),
  'mwaa list-environments': names('AWS::MWAA::Environment', 'Environments'),
  'mwaa get-environment': one('mwaa list-environments', 'Environment', (each) =>
    resource('AWS::MWAA::Environment', each.Arn, {
      role: text(each.ExecutionRoleArn),
      tags: tagsOf(each.Tags),
    }),
  ),
  'athena list-work-groups': names('AWS::Athena::WorkGroup', 'WorkGroups'),
  'athena get-work-group': one('athena list-work-groups', 'WorkGroup', (each, given) =>
    resource('AWS::Athena::WorkGroup', arn(given, 'athena', 'workgroup/', each.Name), {
      role: text(within(each, 'Configuration', 'ExecutionRole')),
    }),
  ),
  'synthetics describe-canaries': list('AWS::Synthetics::Canary', 'Canaries', (each, given) =>
    resource('AWS::Synthetics::Canary', arn(given, 'synthetics', 'canary:', each.Name), {
      role: text(each.ExecutionRoleArn),
      tags: tagsOf(each.Tags),
    }),
  ),
  'iot list-role-aliases': names('AWS::IoT::RoleAlias', 'roleAliases'),
  'iot describe-role-alias': one('iot list-role-aliases', 'roleAliasDescription', (each) =>
    resource('AWS::IoT::RoleAlias', each.roleAliasArn, { role: text(each.roleArn) }),
  ),
  'rolesanywhere list-trust-anchors': list('AWS::RolesAnywhere::TrustAnchor', 'trustAnchors', (each) =>
    resource('AWS::RolesAnywhere::TrustAnchor', each.trustAnchorArn),
  ),
  'appstream describe-image-builders': list('AWS::AppStream::ImageBuilder', 'ImageBuilders', (each) =>
    resource('AWS::AppStream::ImageBuilder', each.Arn, {
      role: text(each.IamRoleArn),
      status: text(each.State),
    }),
  ),
  'appstream describe-fleets': list('AWS::AppStream::Fleet', 'Fleets', (each) =>
    resource('AWS::AppStream::Fleet', each.Arn, { role: text(each.IamRoleArn) }),
  ),
  'kafkaconnect list-custom-plugins': list('AWS::KafkaConnect::CustomPlugin', 'customPlugins', (each) =>
    resource('AWS::KafkaConnect::CustomPlugin', each.customPluginArn),
  ),
}
