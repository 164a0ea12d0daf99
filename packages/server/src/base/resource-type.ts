/** CloudFormation's types of resources that have policies, by the service in their ARNs. */
const types: Readonly<Record<string, string | undefined>> = {
  ecr: 'AWS::ECR::Repository',
  kms: 'AWS::KMS::Key',
  lambda: 'AWS::Lambda::Function',
  s3: 'AWS::S3::Bucket',
  secretsmanager: 'AWS::SecretsManager::Secret',
  sns: 'AWS::SNS::Topic',
  sqs: 'AWS::SQS::Queue',
}

/** CloudFormation's type of a resource that has a policy, by its ARN; `AWS::` and the service if it is another one. */
export function policyCarrierType(arn: string): string {
  const service = arn.split(':', 3)[2] ?? ''
  return types[service] ?? `AWS::${service}`
}
