/** The part that a step belongs to: each part can be left out. */
export const fetchParts = ['iam', 'organization', 'policies', 'inventory'] as const
export type FetchPart = (typeof fetchParts)[number]

/** One read-only call of the AWS CLI, or one for each entry of another call's list. */
export interface FetchStep {
  readonly part: FetchPart
  /** The file without its ending; a step with `each` writes a list of answers. */
  readonly file: string
  /** Service, operation and options. */
  readonly call: readonly string[]
  /** The answer does not contain its request, so the request is stored with it. */
  readonly withRequest?: true
  readonly each?: {
    /** The call that lists the entries, and the JMESPath of their names. */
    readonly of: readonly string[]
    readonly query: string
    /** The option of `call` that takes a name, and the parameter of the API. */
    readonly option: string
    readonly input: string
  }
  /** Once for each region, in a folder of the region. */
  readonly regional?: true
}

const users = {
  of: ['iam', 'list-users'],
  query: 'Users[].UserName',
  option: '--user-name',
  input: 'UserName',
}

/** Everything that `omen import` reads. Operations are read-only. Source: AWS CLI Command Reference. */
export const fetchSteps: readonly FetchStep[] = [
  { part: 'iam', file: 'caller', call: ['sts', 'get-caller-identity'] },
  { part: 'iam', file: 'account-authorization-details', call: ['iam', 'get-account-authorization-details'] },
  { part: 'iam', file: 'users', call: ['iam', 'list-users'] },
  { part: 'iam', file: 'roles', call: ['iam', 'list-roles'] },
  { part: 'iam', file: 'policies', call: ['iam', 'list-policies', '--scope', 'Local'] },
  { part: 'iam', file: 'instance-profiles', call: ['iam', 'list-instance-profiles'] },
  { part: 'iam', file: 'aliases', call: ['iam', 'list-account-aliases'], withRequest: true },
  { part: 'iam', file: 'password-policy', call: ['iam', 'get-account-password-policy'], withRequest: true },
  { part: 'iam', file: 'credential-report', call: ['iam', 'get-credential-report'] },
  { part: 'iam', file: 'virtual-mfa-devices', call: ['iam', 'list-virtual-mfa-devices'] },
  { part: 'iam', file: 'access-keys', call: ['iam', 'list-access-keys'], withRequest: true, each: users },
  { part: 'iam', file: 'mfa-devices', call: ['iam', 'list-mfa-devices'], withRequest: true, each: users },
  { part: 'iam', file: 'login-profiles', call: ['iam', 'get-login-profile'], withRequest: true, each: users },
  {
    part: 'iam',
    file: 'policy-tags',
    call: ['iam', 'get-policy'],
    each: {
      of: ['iam', 'list-policies', '--scope', 'Local'],
      query: 'Policies[].Arn',
      option: '--policy-arn',
      input: 'PolicyArn',
    },
  },
  {
    part: 'iam',
    file: 'oidc-providers',
    call: ['iam', 'get-open-id-connect-provider'],
    withRequest: true,
    each: {
      of: ['iam', 'list-open-id-connect-providers'],
      query: 'OpenIDConnectProviderList[].Arn',
      option: '--open-id-connect-provider-arn',
      input: 'OpenIDConnectProviderArn',
    },
  },
  {
    part: 'iam',
    file: 'saml-providers',
    call: ['iam', 'get-saml-provider'],
    withRequest: true,
    each: {
      of: ['iam', 'list-saml-providers'],
      query: 'SAMLProviderList[].Arn',
      option: '--saml-provider-arn',
      input: 'SAMLProviderArn',
    },
  },
  { part: 'organization', file: 'organization', call: ['organizations', 'describe-organization'] },
  { part: 'organization', file: 'roots', call: ['organizations', 'list-roots'] },
  { part: 'organization', file: 'organization-accounts', call: ['organizations', 'list-accounts'] },
  {
    part: 'organization',
    file: 'trusted-services',
    call: ['organizations', 'list-aws-service-access-for-organization'],
    withRequest: true,
  },
  {
    part: 'organization',
    file: 'delegated-services',
    call: ['organizations', 'list-delegated-services-for-account'],
    withRequest: true,
    each: {
      of: ['organizations', 'list-delegated-administrators'],
      query: 'DelegatedAdministrators[].Id',
      option: '--account-id',
      input: 'AccountId',
    },
  },
  ...(['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] as const).flatMap(
    (type): readonly FetchStep[] => {
      const each = {
        of: ['organizations', 'list-policies', '--filter', type],
        query: 'Policies[].Id',
        option: '--policy-id',
        input: 'PolicyId',
      }
      const word = type === 'SERVICE_CONTROL_POLICY' ? 'scp' : 'rcp'
      return [
        { part: 'organization', file: `${word}s`, call: ['organizations', 'describe-policy'], each },
        {
          part: 'organization',
          file: `${word}-targets`,
          call: ['organizations', 'list-targets-for-policy'],
          withRequest: true,
          each,
        },
      ]
    },
  ),
  policyOf(
    's3api',
    'get-bucket-policy',
    ['s3api', 'list-buckets'],
    'Buckets[].Name',
    '--bucket',
    'Bucket',
    'bucket-policies',
  ),
  regional(
    policyOf(
      'kms',
      'get-key-policy',
      ['kms', 'list-keys'],
      'Keys[].KeyArn',
      '--key-id',
      'ResourceArn',
      'key-policies',
    ),
  ),
  regional(
    policyOf(
      'lambda',
      'get-policy',
      ['lambda', 'list-functions'],
      'Functions[].FunctionArn',
      '--function-name',
      'ResourceArn',
      'function-policies',
    ),
  ),
  regional(
    policyOf(
      'secretsmanager',
      'get-resource-policy',
      ['secretsmanager', 'list-secrets'],
      'SecretList[].ARN',
      '--secret-id',
      'ResourceArn',
      'secret-policies',
    ),
  ),
  regional({
    part: 'policies',
    file: 'queue-policies',
    call: ['sqs', 'get-queue-attributes', '--attribute-names', 'Policy', 'QueueArn'],
    each: { of: ['sqs', 'list-queues'], query: 'QueueUrls[]', option: '--queue-url', input: 'QueueUrl' },
  }),
  regional({
    part: 'policies',
    file: 'topic-policies',
    call: ['sns', 'get-topic-attributes'],
    each: {
      of: ['sns', 'list-topics'],
      query: 'Topics[].TopicArn',
      option: '--topic-arn',
      input: 'TopicArn',
    },
  }),
  ...(
    [
      ['functions', 'lambda', 'list-functions'],
      ['instances', 'ec2', 'describe-instances'],
      ['instance-profile-associations', 'ec2', 'describe-iam-instance-profile-associations'],
      ['launch-templates', 'ec2', 'describe-launch-templates'],
      ['auto-scaling-groups', 'autoscaling', 'describe-auto-scaling-groups'],
      ['managed-instances', 'ssm', 'describe-instance-information'],
      ['stacks', 'cloudformation', 'describe-stacks'],
      ['stack-sets', 'cloudformation', 'list-stack-sets'],
      ['codebuild-projects', 'codebuild', 'list-projects'],
      ['notebook-instances', 'sagemaker', 'list-notebook-instances'],
      ['dev-endpoints', 'glue', 'get-dev-endpoints'],
      ['clusters', 'ecs', 'list-clusters'],
      ['streams', 'dynamodbstreams', 'list-streams'],
    ] as const
  ).map(([file, service, operation]) =>
    regional({ part: 'inventory', file: `inventory-${file}`, call: [service, operation] }),
  ),
]

function policyOf(
  service: string,
  operation: string,
  of: readonly string[],
  query: string,
  option: string,
  input: string,
  file: string,
): FetchStep {
  const extra = operation === 'get-key-policy' ? ['--policy-name', 'default'] : []
  return {
    part: 'policies',
    file,
    call: [service, operation, ...extra],
    withRequest: true,
    each: { of, query, option, input },
  }
}

function regional(step: FetchStep): FetchStep {
  return { ...step, regional: true }
}
