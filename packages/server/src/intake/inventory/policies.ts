import { arn, entryOf, type InventoryAnswer, type InventoryReader, resource, text } from './found.ts'

/** Answers with the policy of one resource. Source: AWS CLI Command Reference. */
export const policyReaders: Readonly<Record<string, InventoryReader | undefined>> = {
  's3api get-bucket-policy': policyOf('AWS::S3::Bucket', ({ partition, input, answer }) => {
    const bucket = text(input.Bucket)
    return [bucket === undefined ? undefined : `arn:${partition}:s3:::${bucket}`, answer.Policy]
  }),
  'kms get-key-policy': policyOf('AWS::KMS::Key', ({ input, answer }) => [input.ResourceArn, answer.Policy]),
  'secretsmanager get-resource-policy': policyOf('AWS::SecretsManager::Secret', ({ input, answer }) => [
    answer.ARN ?? input.ResourceArn,
    answer.ResourcePolicy,
  ]),
  'sqs get-queue-attributes': policyOf('AWS::SQS::Queue', ({ answer }) => {
    const attributes = entryOf(answer.Attributes)
    return [attributes?.QueueArn, attributes?.Policy]
  }),
  'sns get-topic-attributes': policyOf('AWS::SNS::Topic', ({ answer }) => {
    const attributes = entryOf(answer.Attributes)
    return [attributes?.TopicArn, attributes?.Policy]
  }),
  'ecr get-repository-policy': policyOf('AWS::ECR::Repository', (given) => {
    const { registryId, repositoryName, policyText } = given.answer
    const account = text(registryId) ?? given.account
    return [arn({ ...given, account }, 'ecr', `repository/${repositoryName}`), policyText]
  }),
}

/** A reader of the ARN and the policy of a resource. A resource without a policy is left out. */
function policyOf(
  type: string,
  read: (given: InventoryAnswer) => readonly [arn: unknown, policy: unknown],
): InventoryReader {
  return {
    read: (given) => {
      const [own, policy] = read(given)
      const written = text(policy)
      const made =
        written === undefined || written === '' ? undefined : resource(type, own, { policy: written })
      return made === undefined ? [] : [made]
    },
  }
}
