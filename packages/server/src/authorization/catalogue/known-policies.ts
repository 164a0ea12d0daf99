/** The facts about a policy that the index of policies lacks. */
export interface KnownPolicy {
  readonly id: string
  readonly description: string
}

/** AWS's best known policies, by the path and name in their ARNs, with AWS's own ids (behaviour CAT-2). */
export const knownPolicies: ReadonlyMap<string, KnownPolicy> = new Map([
  [
    '/AdministratorAccess',
    { id: 'ANPAIWMBCKSKIEE64ZLYK', description: 'Provides full access to AWS services and resources.' },
  ],
  [
    '/AmazonDynamoDBFullAccess',
    {
      id: 'ANPAINUGF2JSOSUY76KYA',
      description: 'Provides full access to Amazon DynamoDB via the AWS Management Console.',
    },
  ],
  [
    '/AmazonEC2FullAccess',
    {
      id: 'ANPAI3VAJF5ZCRZ7MCQE6',
      description: 'Provides full access to Amazon EC2 via the AWS Management Console.',
    },
  ],
  [
    '/AmazonS3FullAccess',
    {
      id: 'ANPAIFIR6V6BVTRAHWINE',
      description: 'Provides full access to all buckets via the AWS Management Console.',
    },
  ],
  [
    '/AmazonS3ReadOnlyAccess',
    {
      id: 'ANPAIZTJ4DXE7G6AGAE6M',
      description: 'Provides read only access to all buckets via the AWS Management Console.',
    },
  ],
  [
    '/IAMFullAccess',
    {
      id: 'ANPAI7XKCFMBPM3QQRRVQ',
      description: 'Provides full access to IAM via the AWS Management Console.',
    },
  ],
  [
    '/IAMReadOnlyAccess',
    {
      id: 'ANPAJKSO7NDY4T57MWDSQ',
      description: 'Provides read only access to IAM via the AWS Management Console.',
    },
  ],
  [
    '/PowerUserAccess',
    {
      id: 'ANPAJYRXTHIB4FOVS3ZXS',
      description:
        'Provides full access to AWS services and resources, but does not allow management of Users and groups.',
    },
  ],
  [
    '/ReadOnlyAccess',
    { id: 'ANPAILL3HVNFSB6DCOWYQ', description: 'Provides read-only access to AWS services and resources.' },
  ],
  [
    '/SecurityAudit',
    {
      id: 'ANPAIX2T3QCXHR2OGGCTO',
      description:
        'The security audit template grants access to read security configuration metadata. It is useful for software that audits the configuration of an AWS account.',
    },
  ],
  [
    '/service-role/AWSLambdaBasicExecutionRole',
    { id: 'ANPAJNCQGXC42545SKXIK', description: 'Provides write permissions to CloudWatch Logs.' },
  ],
])
