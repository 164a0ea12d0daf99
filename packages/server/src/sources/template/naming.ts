import type { JsonNode } from '@omen-iam/policy'
import { member, rowOf } from '../nodes.ts'

/** How a type of resource is named, and its results of Ref and Fn::GetAtt. */
export interface Naming {
  /** The property that holds the name. */
  readonly property?: string
  /** Characters of the longest name that CloudFormation makes. */
  readonly longest?: number
  /** Whether a name that CloudFormation makes has no capitals. */
  readonly lower?: true
  /** The id that the service makes instead of a name: `vpc-{hex17}`. `{hexN}`, `{lowerN}`, `{digitsN}` and `{idN}` are N random characters. */
  readonly id?: string
  /** The result of Ref if it is not the name: one of the attributes. */
  readonly ref?: string
  /** Attributes by name. `{name}` is the name, `{path}` the property Path. */
  readonly attributes: Readonly<Record<string, string | undefined>>
}

const here = '{region}:{account}'
const iam = 'arn:{partition}:iam::{account}'
const arn = (resource: string) => ({ Arn: `arn:{partition}:${resource}` })
const ec2 = (prefix: string, attributes: Naming['attributes'] = {}): Naming => ({
  id: `${prefix}-{hex17}`,
  attributes,
})

const lambdaFunction: Naming = {
  property: 'FunctionName',
  longest: 64,
  attributes: arn(`lambda:${here}:function:{name}`),
}
const table: Naming = {
  property: 'TableName',
  longest: 255,
  attributes: {
    ...arn(`dynamodb:${here}:table/{name}`),
    StreamArn: `arn:{partition}:dynamodb:${here}:table/{name}/stream/{id4}`,
  },
}
const loadBalancer: Naming = {
  property: 'Name',
  longest: 32,
  ref: 'Arn',
  attributes: arn(`elasticloadbalancing:${here}:loadbalancer/app/{name}/{hex16}`),
}
const stateMachine = (property: string): Naming => ({
  property,
  longest: 80,
  ref: 'Arn',
  attributes: { ...arn(`states:${here}:stateMachine:{name}`), Name: '{name}' },
})

/** Types that templates refer to most. Source: AWS CloudFormation resource reference, "Return values". */
const namings: Readonly<Record<string, Naming | undefined>> = {
  'AWS::ApiGateway::Deployment': { id: '{lower6}', attributes: { DeploymentId: '{name}' } },
  'AWS::ApiGateway::Resource': { id: '{lower6}', attributes: { ResourceId: '{name}' } },
  'AWS::ApiGateway::RestApi': {
    id: '{lower10}',
    attributes: { RestApiId: '{name}', RootResourceId: '{lower10}' },
  },
  'AWS::ApiGateway::Stage': { property: 'StageName', attributes: {} },
  'AWS::ApiGatewayV2::Api': { id: '{lower10}', attributes: { ApiId: '{name}' } },
  'AWS::ApiGatewayV2::Stage': { property: 'StageName', attributes: {} },
  'AWS::Athena::WorkGroup': { property: 'Name', longest: 128, attributes: {} },
  'AWS::AutoScaling::AutoScalingGroup': { property: 'AutoScalingGroupName', longest: 255, attributes: {} },
  'AWS::AutoScaling::LaunchConfiguration': {
    property: 'LaunchConfigurationName',
    longest: 255,
    attributes: {},
  },
  'AWS::CloudFront::Distribution': { id: 'E{id13}', attributes: { Id: '{name}' } },
  'AWS::CloudTrail::Trail': {
    property: 'TrailName',
    longest: 128,
    attributes: arn(`cloudtrail:${here}:trail/{name}`),
  },
  'AWS::CloudWatch::Alarm': {
    property: 'AlarmName',
    longest: 255,
    attributes: arn(`cloudwatch:${here}:alarm:{name}`),
  },
  'AWS::CodeBuild::Project': {
    property: 'Name',
    longest: 255,
    attributes: arn(`codebuild:${here}:project/{name}`),
  },
  'AWS::CodeCommit::Repository': {
    property: 'RepositoryName',
    longest: 100,
    attributes: { ...arn(`codecommit:${here}:{name}`), Name: '{name}' },
  },
  'AWS::CodePipeline::Pipeline': { property: 'Name', longest: 100, attributes: {} },
  'AWS::Cognito::UserPool': {
    id: '{region}_{id9}',
    attributes: {
      ...arn(`cognito-idp:${here}:userpool/{name}`),
      UserPoolId: '{name}',
      ProviderName: 'cognito-idp.{region}.{suffix}/{name}',
    },
  },
  'AWS::Cognito::UserPoolClient': { id: '{id26}', attributes: { ClientId: '{name}' } },
  'AWS::Cognito::IdentityPool': { id: '{region}:{uuid}', attributes: { Id: '{name}' } },
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::EC2::EIP': { id: '{address}', attributes: { AllocationId: 'eipalloc-{hex17}' } },
  'AWS::EC2::Instance': ec2('i', { InstanceId: '{name}' }),
  'AWS::EC2::InternetGateway': ec2('igw', { InternetGatewayId: '{name}' }),
  'AWS::EC2::LaunchTemplate': ec2('lt', {
    LaunchTemplateId: '{name}',
    LatestVersionNumber: '1',
    DefaultVersionNumber: '1',
  }),
  'AWS::EC2::NatGateway': ec2('nat', { NatGatewayId: '{name}' }),
  'AWS::EC2::RouteTable': ec2('rtb', { RouteTableId: '{name}' }),
  'AWS::EC2::SecurityGroup': ec2('sg', { GroupId: '{name}', Id: '{name}' }),
  'AWS::EC2::Subnet': ec2('subnet', { SubnetId: '{name}' }),
  'AWS::EC2::VPC': ec2('vpc', { VpcId: '{name}' }),
  'AWS::EC2::VPCEndpoint': ec2('vpce', { Id: '{name}' }),
  'AWS::EC2::Volume': ec2('vol', { VolumeId: '{name}' }),
  'AWS::ECR::Repository': {
    property: 'RepositoryName',
    longest: 256,
    lower: true,
    attributes: {
      ...arn(`ecr:${here}:repository/{name}`),
      RepositoryUri: '{account}.dkr.ecr.{region}.{suffix}/{name}',
    },
  },
  'AWS::ECS::Cluster': {
    property: 'ClusterName',
    longest: 255,
    attributes: arn(`ecs:${here}:cluster/{name}`),
  },
  'AWS::ECS::Service': { property: 'ServiceName', longest: 255, attributes: { Name: '{name}' } },
  'AWS::ECS::TaskDefinition': {
    property: 'Family',
    longest: 255,
    ref: 'TaskDefinitionArn',
    attributes: { TaskDefinitionArn: `arn:{partition}:ecs:${here}:task-definition/{name}:1` },
  },
  'AWS::EFS::AccessPoint': {
    id: 'fsap-{hex17}',
    attributes: { ...arn(`elasticfilesystem:${here}:access-point/{name}`), AccessPointId: '{name}' },
  },
  'AWS::EFS::FileSystem': {
    id: 'fs-{hex17}',
    attributes: { ...arn(`elasticfilesystem:${here}:file-system/{name}`), FileSystemId: '{name}' },
  },
  'AWS::EKS::Cluster': { property: 'Name', longest: 100, attributes: arn(`eks:${here}:cluster/{name}`) },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
  'AWS::Elasticsearch::Domain': {
    property: 'DomainName',
    longest: 28,
    lower: true,
    attributes: arn(`es:${here}:domain/{name}`),
  },
  'AWS::Events::EventBus': {
    property: 'Name',
    longest: 256,
    attributes: { ...arn(`events:${here}:event-bus/{name}`), Name: '{name}' },
  },
  'AWS::Events::Rule': { property: 'Name', longest: 64, attributes: arn(`events:${here}:rule/{name}`) },
  'AWS::IAM::AccessKey': { id: 'AKIA{id16}', attributes: {} },
  'AWS::IAM::Group': { property: 'GroupName', longest: 128, attributes: { Arn: `${iam}:group{path}{name}` } },
  'AWS::IAM::InstanceProfile': {
    property: 'InstanceProfileName',
    longest: 128,
    attributes: { Arn: `${iam}:instance-profile{path}{name}` },
  },
  'AWS::IAM::ManagedPolicy': {
    property: 'ManagedPolicyName',
    longest: 128,
    ref: 'PolicyArn',
    attributes: {
      PolicyArn: `${iam}:policy{path}{name}`,
      Arn: `${iam}:policy{path}{name}`,
      PolicyId: 'ANPA{id17}',
    },
  },
  'AWS::IAM::OIDCProvider': { ref: 'Arn', attributes: { Arn: `${iam}:oidc-provider/{name}` } },
  'AWS::IAM::Policy': { longest: 128, attributes: {} },
  'AWS::IAM::Role': {
    property: 'RoleName',
    longest: 64,
    attributes: { Arn: `${iam}:role{path}{name}`, RoleId: 'AROA{id17}' },
  },
  'AWS::IAM::SAMLProvider': {
    property: 'Name',
    longest: 128,
    ref: 'Arn',
    attributes: { Arn: `${iam}:saml-provider/{name}` },
  },
  'AWS::IAM::ServerCertificate': {
    property: 'ServerCertificateName',
    longest: 128,
    attributes: { Arn: `${iam}:server-certificate{path}{name}` },
  },
  'AWS::IAM::User': { property: 'UserName', longest: 64, attributes: { Arn: `${iam}:user{path}{name}` } },
  'AWS::IAM::VirtualMFADevice': {
    property: 'VirtualMfaDeviceName',
    longest: 128,
    ref: 'SerialNumber',
    attributes: { SerialNumber: `${iam}:mfa{path}{name}` },
  },
  'AWS::IdentityStore::Group': { id: '{uuid}', attributes: { GroupId: '{name}' } },
  'AWS::KMS::Alias': { property: 'AliasName', attributes: {} },
  'AWS::KMS::Key': { id: '{uuid}', attributes: { ...arn(`kms:${here}:key/{name}`), KeyId: '{name}' } },
  'AWS::Kinesis::Stream': {
    property: 'Name',
    longest: 128,
    attributes: arn(`kinesis:${here}:stream/{name}`),
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    property: 'DeliveryStreamName',
    longest: 64,
    attributes: arn(`firehose:${here}:deliverystream/{name}`),
  },
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::LayerVersion': {
    property: 'LayerName',
    longest: 64,
    ref: 'LayerVersionArn',
    attributes: { LayerVersionArn: `arn:{partition}:lambda:${here}:layer:{name}:1` },
  },
  'AWS::Logs::LogGroup': {
    property: 'LogGroupName',
    longest: 512,
    attributes: arn(`logs:${here}:log-group:{name}:*`),
  },
  'AWS::OpenSearchService::Domain': {
    property: 'DomainName',
    longest: 28,
    lower: true,
    attributes: { ...arn(`es:${here}:domain/{name}`), DomainArn: `arn:{partition}:es:${here}:domain/{name}` },
  },
  'AWS::Organizations::Account': { id: '{digits12}', attributes: { AccountId: '{name}' } },
  'AWS::Organizations::Organization': {
    id: 'o-{hex10}',
    attributes: { Id: '{name}', RootId: 'r-{hex4}', ManagementAccountId: '{account}' },
  },
  'AWS::Organizations::OrganizationalUnit': { id: 'ou-{hex4}-{hex8}', attributes: { Id: '{name}' } },
  'AWS::Organizations::Policy': { id: 'p-{hex8}', attributes: { Id: '{name}' } },
  'AWS::RDS::DBCluster': {
    property: 'DBClusterIdentifier',
    longest: 63,
    lower: true,
    attributes: { DBClusterArn: `arn:{partition}:rds:${here}:cluster:{name}` },
  },
  'AWS::RDS::DBInstance': {
    property: 'DBInstanceIdentifier',
    longest: 63,
    lower: true,
    attributes: { DBInstanceArn: `arn:{partition}:rds:${here}:db:{name}` },
  },
  'AWS::Route53::HostedZone': { id: 'Z{id20}', attributes: { Id: '{name}' } },
  'AWS::S3::Bucket': {
    property: 'BucketName',
    longest: 63,
    lower: true,
    attributes: {
      ...arn('s3:::{name}'),
      DomainName: '{name}.s3.{suffix}',
      RegionalDomainName: '{name}.s3.{region}.{suffix}',
      WebsiteURL: 'http://{name}.s3-website-{region}.{suffix}',
    },
  },
  'AWS::SNS::Topic': {
    property: 'TopicName',
    longest: 256,
    ref: 'TopicArn',
    attributes: {
      TopicArn: `arn:{partition}:sns:${here}:{name}`,
      Arn: `arn:{partition}:sns:${here}:{name}`,
      TopicName: '{name}',
    },
  },
  'AWS::SQS::Queue': {
    property: 'QueueName',
    longest: 80,
    ref: 'QueueUrl',
    attributes: {
      ...arn(`sqs:${here}:{name}`),
      QueueName: '{name}',
      QueueUrl: 'https://sqs.{region}.{suffix}/{account}/{name}',
    },
  },
  'AWS::SSM::Parameter': { property: 'Name', longest: 2048, attributes: {} },
  'AWS::SSO::PermissionSet': {
    id: 'arn:{partition}:sso:::permissionSet/ssoins-{hex17}/ps-{hex17}',
    attributes: { PermissionSetArn: '{name}' },
  },
  'AWS::SecretsManager::Secret': {
    property: 'Name',
    longest: 512,
    ref: 'Id',
    attributes: {
      Id: `arn:{partition}:secretsmanager:${here}:secret:{name}-{id6}`,
      Arn: `arn:{partition}:secretsmanager:${here}:secret:{name}-{id6}`,
    },
  },
  'AWS::Serverless::Api': { id: '{lower10}', attributes: {} },
  'AWS::Serverless::Function': lambdaFunction,
  'AWS::Serverless::HttpApi': { id: '{lower10}', attributes: {} },
  'AWS::Serverless::SimpleTable': table,
  'AWS::Serverless::StateMachine': stateMachine('Name'),
  'AWS::StepFunctions::Activity': {
    property: 'Name',
    longest: 80,
    ref: 'Arn',
    attributes: { ...arn(`states:${here}:activity:{name}`), Name: '{name}' },
  },
  'AWS::StepFunctions::StateMachine': stateMachine('StateMachineName'),
}

/** How a type is named; undefined if the type is unknown. */
export function namingOf(type: string): Naming | undefined {
  return rowOf(namings, type)
}

/** The value of the property that names a resource, if its type has one and it is given. */
export function nameOf(type: string, properties: JsonNode | undefined): JsonNode | undefined {
  const property = rowOf(namings, type)?.property
  return property === undefined ? undefined : member(properties, property)
}
