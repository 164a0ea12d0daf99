import { inventorySteps } from './inventory-steps.ts'
import type { FetchStep } from './step.ts'

export { type FetchPart, type FetchStep, fetchParts } from './step.ts'

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
  {
    part: 'iam',
    file: 'oidc-provider-list',
    call: ['iam', 'list-open-id-connect-providers'],
    withRequest: true,
  },
  { part: 'iam', file: 'saml-provider-list', call: ['iam', 'list-saml-providers'], withRequest: true },
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
  {
    part: 'identity-center',
    file: 'center-instances',
    call: ['sso-admin', 'list-instances'],
    withRequest: true,
  },
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
    call: ['sqs', 'get-queue-attributes', '--attribute-names', 'Policy', 'QueueArn', 'KmsMasterKeyId'],
    withRequest: true,
    each: { of: ['sqs', 'list-queues'], query: 'QueueUrls[]', option: '--queue-url', input: 'QueueUrl' },
  }),
  regional({
    part: 'policies',
    file: 'topic-policies',
    call: ['sns', 'get-topic-attributes'],
    withRequest: true,
    each: {
      of: ['sns', 'list-topics'],
      query: 'Topics[].TopicArn',
      option: '--topic-arn',
      input: 'TopicArn',
    },
  }),
  ...inventorySteps,
]

/** The calls about each permission set, by the files of their answers. */
export const setCalls: readonly (readonly [file: string, call: string])[] = [
  ['sets', 'describe-permission-set'],
  ['inline', 'get-inline-policy-for-permission-set'],
  ['managed', 'list-managed-policies-in-permission-set'],
  ['customer-managed', 'list-customer-managed-policy-references-in-permission-set'],
  ['boundaries', 'get-permissions-boundary-for-permission-set'],
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
