import type { PolicyKind } from '@omen-iam/policy'

/** A property that holds a policy document; `[]` is each item of a list. */
export type PolicyProperty = readonly [path: string, kind: PolicyKind]

/** A property with policy documents of every type that has one. Source: AWS CloudFormation resource reference, SAM specification. */
export const policyProperties: Readonly<Record<string, readonly PolicyProperty[] | undefined>> = {
  'AWS::ApiGateway::DomainNameV2': [['Policy', 'resource']],
  'AWS::ApiGateway::RestApi': [['Policy', 'resource']],
  'AWS::Backup::BackupVault': [['AccessPolicy', 'resource']],
  'AWS::CodeArtifact::Domain': [['PermissionsPolicyDocument', 'resource']],
  'AWS::CodeArtifact::Repository': [['PermissionsPolicyDocument', 'resource']],
  'AWS::DynamoDB::GlobalTable': [['Replicas[].ResourcePolicy.PolicyDocument', 'resource']],
  'AWS::DynamoDB::Table': [
    ['ResourcePolicy.PolicyDocument', 'resource'],
    ['StreamSpecification.ResourcePolicy.PolicyDocument', 'resource'],
  ],
  'AWS::EC2::VPCEndpoint': [['PolicyDocument', 'endpoint']],
  'AWS::ECR::PublicRepository': [['RepositoryPolicyText', 'resource']],
  'AWS::ECR::RegistryPolicy': [['PolicyText', 'resource']],
  'AWS::ECR::Repository': [['RepositoryPolicyText', 'resource']],
  'AWS::ECR::RepositoryCreationTemplate': [['RepositoryPolicy', 'resource']],
  'AWS::EFS::FileSystem': [['FileSystemPolicy', 'resource']],
  'AWS::Elasticsearch::Domain': [['AccessPolicies', 'resource']],
  'AWS::Events::EventBus': [['Policy', 'resource']],
  'AWS::IAM::Group': [['Policies[].PolicyDocument', 'identity']],
  'AWS::IAM::GroupPolicy': [['PolicyDocument', 'identity']],
  'AWS::IAM::ManagedPolicy': [['PolicyDocument', 'identity']],
  'AWS::IAM::Policy': [['PolicyDocument', 'identity']],
  'AWS::IAM::Role': [
    ['AssumeRolePolicyDocument', 'trust'],
    ['Policies[].PolicyDocument', 'identity'],
  ],
  'AWS::IAM::RolePolicy': [['PolicyDocument', 'identity']],
  'AWS::IAM::User': [['Policies[].PolicyDocument', 'identity']],
  'AWS::IAM::UserPolicy': [['PolicyDocument', 'identity']],
  'AWS::Kinesis::ResourcePolicy': [['ResourcePolicy', 'resource']],
  'AWS::KMS::Key': [['KeyPolicy', 'key']],
  'AWS::KMS::ReplicaKey': [['KeyPolicy', 'key']],
  'AWS::Logs::LogGroup': [['ResourcePolicyDocument', 'resource']],
  'AWS::Logs::ResourcePolicy': [['PolicyDocument', 'resource']],
  'AWS::MediaStore::Container': [['Policy', 'resource']],
  'AWS::OpenSearchService::Domain': [['AccessPolicies', 'resource']],
  'AWS::Organizations::ResourcePolicy': [['Content', 'resource']],
  'AWS::Redshift::Cluster': [['NamespaceResourcePolicy', 'resource']],
  'AWS::RolesAnywhere::Profile': [['SessionPolicy', 'session']],
  'AWS::S3::AccessPoint': [['Policy', 'resource']],
  'AWS::S3::BucketPolicy': [['PolicyDocument', 'resource']],
  'AWS::S3::MultiRegionAccessPointPolicy': [['Policy', 'resource']],
  'AWS::S3Express::AccessPoint': [['Policy', 'resource']],
  'AWS::S3Express::BucketPolicy': [['PolicyDocument', 'resource']],
  'AWS::S3ObjectLambda::AccessPointPolicy': [['PolicyDocument', 'resource']],
  'AWS::S3Outposts::AccessPoint': [['Policy', 'resource']],
  'AWS::S3Outposts::BucketPolicy': [['PolicyDocument', 'resource']],
  'AWS::S3Tables::TableBucketPolicy': [['ResourcePolicy', 'resource']],
  'AWS::S3Tables::TablePolicy': [['ResourcePolicy', 'resource']],
  'AWS::SecretsManager::ResourcePolicy': [['ResourcePolicy', 'resource']],
  'AWS::Serverless::Function': [
    ['AssumeRolePolicyDocument', 'trust'],
    ['Policies', 'identity'],
    ['Policies[]', 'identity'],
  ],
  'AWS::Serverless::StateMachine': [
    ['Policies', 'identity'],
    ['Policies[]', 'identity'],
  ],
  'AWS::SNS::TopicInlinePolicy': [['PolicyDocument', 'resource']],
  'AWS::SNS::TopicPolicy': [['PolicyDocument', 'resource']],
  'AWS::SQS::QueueInlinePolicy': [['PolicyDocument', 'resource']],
  'AWS::SQS::QueuePolicy': [['PolicyDocument', 'resource']],
  'AWS::SSO::PermissionSet': [['InlinePolicy', 'identity']],
  'AWS::Transfer::User': [['Policy', 'session']],
  'AWS::VpcLattice::AuthPolicy': [['Policy', 'resource']],
  'AWS::VpcLattice::ResourcePolicy': [['Policy', 'resource']],
  'AWS::XRay::ResourcePolicy': [['PolicyDocument', 'resource']],
}

/** Documents that look like policies of IAM, in a language of their own. */
export const otherLanguages: ReadonlySet<string> = new Set(['AWS::IoT::Policy', 'AWS::Lex::ResourcePolicy'])

/** The kinds of an organization's policies by their type; other types are not permissions. */
export const organizationKinds: Readonly<Record<string, PolicyKind | undefined>> = {
  SERVICE_CONTROL_POLICY: 'scp',
  RESOURCE_CONTROL_POLICY: 'rcp',
}
