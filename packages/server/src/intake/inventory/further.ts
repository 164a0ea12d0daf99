import {
  arn,
  entriesOf,
  type InventoryReader,
  itemsOf,
  list,
  names,
  one,
  resource,
  role,
  tagsOf,
  text,
} from './found.ts'

/** Whether a resource has a role that no list names. */
const unknownRole = { roleUnknown: true }

/** Answers of services of which the lists name no role of the code that runs. Source: AWS CLI Command Reference. */
export const furtherReaders: Readonly<Record<string, InventoryReader | undefined>> = {
  'apigateway get-rest-apis': list('AWS::ApiGateway::RestApi', 'items', (each, given) =>
    resource(
      'AWS::ApiGateway::RestApi',
      arn({ ...given, account: '' }, 'apigateway', '/restapis/', each.id),
      {
        tags: tagsOf(each.tags) ?? {},
        ...unknownRole,
      },
    ),
  ),
  'appsync list-graphql-apis': list('AWS::AppSync::GraphQLApi', 'graphqlApis', (each) =>
    resource('AWS::AppSync::GraphQLApi', each.arn, { tags: tagsOf(each.tags) ?? {} }),
  ),
  'bedrock-agent list-agents': {
    count: (answer) => itemsOf(answer, 'agentSummaries').length,
    read: () => [],
  },
  'bedrock-agent list-agent-aliases': {
    lists: ['AWS::Bedrock::AgentAlias'],
    each: 'bedrock-agent list-agents',
    read: (given) =>
      entriesOf(given.answer, 'agentAliasSummaries').flatMap(
        (each) =>
          resource(
            'AWS::Bedrock::AgentAlias',
            arn(given, 'bedrock', 'agent-alias/', given.input.agentId, '/', each.agentAliasId),
          ) ?? [],
      ),
  },
  'chatbot describe-slack-channel-configurations': list(
    'AWS::Chatbot::SlackChannelConfiguration',
    'SlackChannelConfigurations',
    (each) =>
      resource('AWS::Chatbot::SlackChannelConfiguration', each.ChatConfigurationArn, {
        role: text(each.IamRoleArn),
      }),
  ),
  'cloud9 list-environments': {
    lists: ['AWS::Cloud9::EnvironmentEC2'],
    read: (given) =>
      itemsOf(given.answer, 'environmentIds').flatMap(
        (id) =>
          resource('AWS::Cloud9::EnvironmentEC2', arn(given, 'cloud9', 'environment:', id), unknownRole) ??
          [],
      ),
  },
  'deploy list-applications': { count: (answer) => itemsOf(answer, 'applications').length, read: () => [] },
  'deploy list-deployment-groups': {
    lists: ['AWS::CodeDeploy::DeploymentGroup'],
    each: 'deploy list-applications',
    read: (given) =>
      itemsOf(given.answer, 'deploymentGroups').flatMap(
        (name) =>
          resource(
            'AWS::CodeDeploy::DeploymentGroup',
            arn(given, 'codedeploy', 'deploymentgroup:', given.answer.applicationName, '/', name),
            unknownRole,
          ) ?? [],
      ),
  },
  'configservice describe-config-rules': list('AWS::Config::ConfigRule', 'ConfigRules', (each) =>
    resource('AWS::Config::ConfigRule', each.ConfigRuleArn),
  ),
  'datazone list-domains': list('AWS::DataZone::Domain', 'items', (each) =>
    resource('AWS::DataZone::Domain', each.arn),
  ),
  'devicefarm list-projects': list('AWS::DeviceFarm::Project', 'projects', (each) =>
    resource('AWS::DeviceFarm::Project', each.arn),
  ),
  'ds describe-directories': list(
    'AWS::DirectoryService::MicrosoftAD',
    'DirectoryDescriptions',
    (each, given) =>
      resource('AWS::DirectoryService::MicrosoftAD', arn(given, 'ds', 'directory/', each.DirectoryId)),
  ),
  'ecr describe-repositories': list('AWS::ECR::Repository', 'repositories', (each) =>
    resource('AWS::ECR::Repository', each.repositoryArn),
  ),
  'eks list-pod-identity-associations': {
    lists: ['AWS::EKS::PodIdentityAssociation'],
    each: 'eks list-clusters',
    read: (given) =>
      entriesOf(given.answer, 'associations').flatMap(
        (each) => resource('AWS::EKS::PodIdentityAssociation', each.associationArn) ?? [],
      ),
  },
  'emr list-studios': names('AWS::EMR::Studio', 'Studios'),
  'emr describe-studio': one('emr list-studios', 'Studio', (each, given) =>
    resource('AWS::EMR::Studio', each.StudioArn, {
      role: role(each.ServiceRole, given),
      tags: tagsOf(each.Tags),
    }),
  ),
  'elasticbeanstalk describe-environments': list(
    'AWS::ElasticBeanstalk::Environment',
    'Environments',
    (each) => resource('AWS::ElasticBeanstalk::Environment', each.EnvironmentArn, unknownRole),
  ),
  'finspace list-kx-environments': list('AWS::FinSpace::Environment', 'environments', (each) =>
    resource('AWS::FinSpace::Environment', each.environmentArn),
  ),
  'greengrass list-groups': list('AWS::Greengrass::Group', 'Groups', (each) =>
    resource('AWS::Greengrass::Group', each.Arn),
  ),
  'pcs list-clusters': list('AWS::PCS::Cluster', 'clusters', (each) =>
    resource('AWS::PCS::Cluster', each.arn),
  ),
  'sagemaker list-user-profiles': list('AWS::SageMaker::UserProfile', 'UserProfiles', (each, given) =>
    resource(
      'AWS::SageMaker::UserProfile',
      arn(given, 'sagemaker', 'user-profile/', each.DomainId, '/', each.UserProfileName),
      unknownRole,
    ),
  ),
  'sagemaker list-spaces': list('AWS::SageMaker::Space', 'Spaces', (each, given) =>
    resource(
      'AWS::SageMaker::Space',
      arn(given, 'sagemaker', 'space/', each.DomainId, '/', each.SpaceName),
      unknownRole,
    ),
  ),
  'servicecatalog search-products-as-admin': list(
    'AWS::ServiceCatalog::CloudFormationProduct',
    'ProductViewDetails',
    (each) => resource('AWS::ServiceCatalog::CloudFormationProduct', each.ProductARN, unknownRole),
  ),
  'ssm list-documents': list('AWS::SSM::Document', 'DocumentIdentifiers', (each, given) =>
    resource('AWS::SSM::Document', arn(given, 'ssm', 'document/', each.Name), {
      tags: tagsOf(each.Tags) ?? {},
      ...unknownRole,
    }),
  ),
}

/** Types of techniques that no list of an account has, with the reason. */
export const notInLists: Readonly<Record<string, string | undefined>> = {
  'AWS::CodeCatalyst::Connection': 'CodeCatalyst is asked with credentials of its own',
  'AWS::CodeCommit::Repository': 'no list says what builds from it',
  'AWS::DataZone::Environment': 'environments are listed by project',
  'AWS::Deadline::Queue': 'queues are listed by farm',
  'AWS::S3::Object': 'no list says what runs it',
}
