import { arn, entryOf, type InventoryAnswer, type InventoryReader, keyArn, resource, text } from './found.ts'

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
  'sqs get-queue-attributes': policyOf('AWS::SQS::Queue', (given) => {
    const attributes = entryOf(given.answer.Attributes)
    return [attributes?.QueueArn, attributes?.Policy, keyArn(attributes?.KmsMasterKeyId, given)]
  }),
  'sns get-topic-attributes': policyOf('AWS::SNS::Topic', (given) => {
    const attributes = entryOf(given.answer.Attributes)
    return [attributes?.TopicArn, attributes?.Policy, keyArn(attributes?.KmsMasterKeyId, given)]
  }),
  'ecr get-repository-policy': policyOf('AWS::ECR::Repository', (given) => {
    const { registryId, repositoryName, policyText } = given.answer
    const account = text(registryId) ?? given.account
    return [arn({ ...given, account }, 'ecr', 'repository/', repositoryName), policyText]
  }),
}

/** A reader of the ARN of a resource, its policy, and its key of AWS KMS. A resource without either is left out. */
function policyOf(
  type: string,
  read: (given: InventoryAnswer) => readonly [arn: unknown, policy: unknown, kmsKey?: string | undefined],
): InventoryReader {
  return {
    read: (given) => {
      const [arn, policy, kmsKey] = read(given)
      const written = text(policy) || undefined
      if (written === undefined && kmsKey === undefined) return []
      const made = resource(type, arn, { policy: written, kmsKey })
      return made === undefined ? [] : [made]
    },
  }
}
