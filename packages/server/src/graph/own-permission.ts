import { carrierOf, isKey } from './world/resource-policy.ts'

/** A call on a resource. */
interface Call {
  readonly action: string
  readonly resource: string
}

/** A call by which a caller lets itself make another one. */
export interface OwnPermission {
  readonly action: string
  readonly resource: string
  /**
   * The policy of the resource after it: with a statement that allows the call, `only` that statement, or `none`. A grant
   * of AWS KMS counts as a statement.
   */
  readonly policy: 'with' | 'only' | 'none'
  /** Whether the caller may be of another account than the resource. */
  readonly isAcrossAccounts?: true
  /** Condition keys of a grant. */
  readonly isGrant?: true
}

/**
 * The calls that change the policies of resources, by the ARNs of those. Sources: the Service Authorization Reference and the API
 * references of the services. [GRD-812]
 */
const writers: readonly {
  readonly arn: RegExp
  readonly only?: string
  readonly with?: string
  readonly none?: string
}[] = [
  { arn: /^arn:[^:]*:s3:::[^/]+$/, only: 's3:PutBucketPolicy', none: 's3:DeleteBucketPolicy' },
  { arn: /^arn:[^:]*:kms:.*:key\//, only: 'kms:PutKeyPolicy' },
  {
    arn: /^arn:[^:]*:secretsmanager:.*:secret:/,
    only: 'secretsmanager:PutResourcePolicy',
    none: 'secretsmanager:DeleteResourcePolicy',
  },
  { arn: /^arn:[^:]*:sqs:/, only: 'sqs:SetQueueAttributes', with: 'sqs:AddPermission' },
  { arn: /^arn:[^:]*:sns:/, only: 'sns:SetTopicAttributes', with: 'sns:AddPermission' },
  { arn: /^arn:[^:]*:lambda:.*:function:/, with: 'lambda:AddPermission' },
  {
    arn: /^arn:[^:]*:dynamodb:.*:table\/[^/]+$/,
    only: 'dynamodb:PutResourcePolicy',
    none: 'dynamodb:DeleteResourcePolicy',
  },
  {
    arn: /^arn:[^:]*:ecr:.*:repository\//,
    only: 'ecr:SetRepositoryPolicy',
    none: 'ecr:DeleteRepositoryPolicy',
  },
  {
    arn: /^arn:[^:]*:elasticfilesystem:.*:file-system\//,
    only: 'elasticfilesystem:PutFileSystemPolicy',
    none: 'elasticfilesystem:DeleteFileSystemPolicy',
  },
]

/** The operations that a grant of AWS KMS can give. */
const grantable =
  /^kms:(?:Decrypt|Encrypt|GenerateDataKey(?:WithoutPlaintext|Pair|PairWithoutPlaintext)?|ReEncrypt(?:From|To)|Sign|Verify|GenerateMac|VerifyMac|GetPublicKey|DeriveSharedSecret|DescribeKey|RetireGrant)$/i

/** The calls by which a caller lets itself make a call: grants of a key [GRD-793], and changes of the resource's policy [GRD-812]. */
export function ownPermissions({ action, resource }: Call): readonly OwnPermission[] {
  const carrier = carrierOf(resource)
  const writer = writers.find(({ arn }) => arn.test(carrier))
  const changes = (['with', 'only', 'none'] as const).flatMap((policy) => {
    const call = writer?.[policy]
    return call === undefined ? [] : [{ action: call, resource: carrier, policy }]
  })
  return isKey(resource) && grantable.test(action)
    ? [
        { action: 'kms:CreateGrant', resource, policy: 'with', isAcrossAccounts: true, isGrant: true },
        ...changes,
      ]
    : changes
}
