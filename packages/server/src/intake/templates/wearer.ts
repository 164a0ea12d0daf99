import type { ResourceMembers } from './members.ts'

/** A resource and the values in it that name roles or instance profiles; there may be none (`askedWithoutRole`). */
export interface Wearer {
  readonly type: string
  readonly arn: string
  readonly account: string
  readonly partition: string
  readonly worn: readonly { readonly property: string; readonly value: string }[]
  readonly members?: ResourceMembers
}

/**
 * Types that techniques ask for although they wear no role: without them, a complete list would say that there is none.
 * A stream of a table is a type of its own.
 */
export const askedWithoutRole: ReadonlySet<string> = new Set([
  'AWS::Batch::JobQueue',
  'AWS::Cognito::IdentityPool',
  'AWS::DynamoDB::Stream',
  'AWS::EC2::Instance',
  'AWS::EC2::LaunchTemplate',
  'AWS::ECS::Cluster',
  'AWS::ElasticBeanstalk::Application',
  'AWS::Kinesis::Stream',
  'AWS::SQS::Queue',
])

/**
 * ARNs of types whose Ref is not in the table of names: the property with the name, and the ARN after the partition. `*`
 * is what only AWS knows. Source: Service Authorization Reference, resource types.
 */
export const arnsByName: Readonly<Record<string, readonly [property: string, arn: string] | undefined>> = {
  'AWS::AppRunner::Service': ['ServiceName', 'apprunner:{home}:service/{name}/*'],
  'AWS::Batch::JobDefinition': ['JobDefinitionName', 'batch:{home}:job-definition/{name}:1'],
  'AWS::Batch::JobQueue': ['JobQueueName', 'batch:{home}:job-queue/{name}'],
  'AWS::BedrockAgentCore::Browser': ['Name', 'bedrock-agentcore:{home}:browser-custom/{name}-*'],
  'AWS::BedrockAgentCore::CodeInterpreter': [
    'Name',
    'bedrock-agentcore:{home}:code-interpreter-custom/{name}-*',
  ],
  'AWS::BedrockAgentCore::Runtime': ['AgentRuntimeName', 'bedrock-agentcore:{home}:runtime/{name}-*'],
  'AWS::ElasticBeanstalk::Application': ['ApplicationName', 'elasticbeanstalk:{home}:application/{name}'],
  'AWS::Glue::DevEndpoint': ['EndpointName', 'glue:{home}:devEndpoint/{name}'],
  'AWS::Glue::Job': ['Name', 'glue:{home}:job/{name}'],
  'AWS::SageMaker::Domain': ['DomainName', 'sagemaker:{home}:domain/*'],
  'AWS::SageMaker::NotebookInstance': ['NotebookInstanceName', 'sagemaker:{home}:notebook-instance/{name}'],
  'AWS::SageMaker::UserProfile': ['UserProfileName', 'sagemaker:{home}:user-profile/*/{name}'],
}
