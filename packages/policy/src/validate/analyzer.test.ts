import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicyKind } from '../document/policy.ts'
import { validate } from './validate.ts'

const account = '123456789012'
const provider = `arn:aws:iam::${account}:oidc-provider/`
const github = 'token.actions.githubusercontent.com'

/** The findings of a policy with one statement; `undefined` members are left out. */
function codes(kind: PolicyKind, statement: object): readonly string[] {
  const named = kind === 'trust' || kind === 'rcp' || kind === 'resource' || kind === 'key'
  const document = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        ...(named ? { Principal: kind === 'rcp' ? '*' : { AWS: account } } : {}),
        Action: kind === 'trust' ? 'sts:AssumeRole' : 's3:GetObject',
        ...(kind === 'trust' ? {} : { Resource: '*' }),
        ...statement,
      },
    ],
  }
  return validate(JSON.stringify(document), kind).map((finding) => {
    assert.notEqual(memberAt(document, finding.path), undefined, `${finding.code} names no member`)
    return `${finding.class} ${finding.code}`
  })
}

/** What a path of names and indexes leads to in a document. */
function memberAt(document: object, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, name) => Object(value)[name], document)
}

const when = (operator: string, key: string, value: unknown) => ({
  Condition: { [operator]: { [key]: value } },
})
const web = 'sts:AssumeRoleWithWebIdentity'
const rows: readonly (readonly [code: string, kind: PolicyKind, bad: object, good: object])[] = [
  [
    'warning TYPE_MISMATCH',
    'identity',
    when('StringEquals', 'aws:SecureTransport', 'true'),
    when('Bool', 'aws:SecureTransport', 'true'),
  ],
  [
    'warning TYPE_MISMATCH',
    'identity',
    when('StringEquals', 'aws:MultiFactorAuthAge', '1'),
    when('NumericLessThanIfExists', 'aws:MultiFactorAuthAge', '1'),
  ],
  [
    'securityWarning STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS',
    'identity',
    when('StringLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/a*'),
    when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/a*'),
  ],
  [
    'error INVALID_VPC_FORMAT',
    'identity',
    when('StringEquals', 'aws:SourceVpc', 'vpc-1'),
    when('StringEquals', 'aws:SourceVpc', 'vpc-12345678'),
  ],
  [
    'error INVALID_VPCE_FORMAT',
    'identity',
    when('StringEquals', 'aws:SourceVpce', 'vpc-12345678'),
    when('StringEquals', 'aws:SourceVpce', 'vpce-11223344556677889'),
  ],
  [
    'error INVALID_KMS_KEY_VALUE',
    'identity',
    when('StringEquals', 's3:x-amz-server-side-encryption-aws-kms-key-id', 'k'),
    when(
      'StringEquals',
      's3:x-amz-server-side-encryption-aws-kms-key-id',
      `arn:aws:kms:eu-west-1:${account}:key/k`,
    ),
  ],
  [
    'securityWarning UNTRUSTWORTHY_CONDITION_KEY',
    'identity',
    when('StringEquals', 'aws:UserAgent', 'me'),
    {},
  ],
  [
    'error WILDCARD_USAGE_TOO_PERMISSIVE',
    'identity',
    when('StringLike', 'aws:PrincipalOrgID', 'o-*'),
    when('StringEquals', 'aws:PrincipalOrgID', 'o-aaaaaaaaaa'),
  ],
  [
    'error WILDCARD_USAGE_TOO_PERMISSIVE',
    'identity',
    when('StringLike', 'aws:userid', 'AROA*'),
    when('StringLike', 'aws:userid', 'AROACKCEVSQ6C2EXAMPLE:*'),
  ],
  [
    'error VARIABLE_USAGE_TOO_PERMISSIVE',
    'identity',
    when('StringLike', 'aws:SourceAccount', '${aws:PrincipalAccount}'),
    when('StringEquals', 'aws:SourceAccount', '${aws:PrincipalAccount}'),
  ],
  [
    'suggestion EQUIVALENT_TO_NULL_FALSE',
    'identity',
    when('StringLike', 'aws:RequestTag/a', '*'),
    when('Null', 'aws:RequestTag/a', 'false'),
  ],
  ['suggestion EQUIVALENT_TO_NULL_TRUE', 'identity', when('StringNotLike', 'aws:RequestTag/a', '*'), {}],
  [
    'suggestion REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION',
    'identity',
    when('StringLikeIfExists', 'aws:RequestTag/a', '*'),
    {},
  ],
  [
    'suggestion REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION',
    'identity',
    when('ForAnyValue:StringNotLike', 'aws:TagKeys', '*'),
    {},
  ],
  [
    'suggestion REDUNDANT_CONDITION_VALUE_NUM',
    'identity',
    when('NumericLessThan', 's3:max-keys', ['1', '2']),
    when('NumericLessThan', 's3:max-keys', '2'),
  ],
  [
    'securityWarning S3_PREFIX_IN_NEGATIVE_CONTEXT',
    'identity',
    when('StringNotLike', 's3:prefix', 'a/*'),
    when('StringLike', 's3:prefix', 'a/*'),
  ],
  [
    'securityWarning DYNAMODB_ATTRIBUTES_WITHOUT_SELECT',
    'identity',
    when('ForAllValues:StringEquals', 'dynamodb:Attributes', ['a']),
    {
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['a'] },
        StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      },
    },
  ],
  [
    'error INVALID_SERVICE_PRINCIPAL_FORMAT',
    'identity',
    when('StringEquals', 'iam:PassedToService', 'ec2'),
    when('StringEquals', 'iam:PassedToService', 'ec2.amazonaws.com'),
  ],
  [
    'suggestion WILDCARD_IN_SERVICE_NAME',
    'identity',
    { Resource: 'arn:aws:*code*::123456789012:*' },
    { Resource: 'arn:aws:*:*:*:*' },
  ],
  [
    'error INVALID_ARN_SERVICE_CASE',
    'identity',
    { Resource: `arn:aws:SQS:eu-west-1:${account}:q` },
    { Resource: `arn:aws:sqs:eu-west-1:${account}:q` },
  ],
  [
    'error INVALID_ARN_ACCOUNT',
    'identity',
    { Resource: 'arn:aws:sqs:eu-west-1:1234:q' },
    { Resource: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
  ],
  [
    'error ARN_ACCOUNT_NOT_ALLOWED',
    'identity',
    { Resource: `arn:aws:s3::${account}:pay` },
    { Resource: 'arn:aws:s3:::pay' },
  ],
  [
    'error FEDERATED_PRINCIPAL_NOT_SUPPORTED',
    'resource',
    { Principal: { Federated: `${provider}x.com` } },
    {},
  ],
  [
    'securityWarning RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL',
    'resource',
    { Principal: { Service: 'sns.amazonaws.com' } },
    { Principal: { Service: 'sns.amazonaws.com' }, ...when('StringEquals', 'aws:SourceAccount', account) },
  ],
  [
    'suggestion RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL',
    'resource',
    { Principal: { Service: 'ses.amazonaws.com' }, ...when('StringEquals', 'aws:Referer', account) },
    {},
  ],
  ['suggestion EMPTY_ARRAY_PRINCIPAL', 'resource', { Principal: { AWS: [] } }, {}],
  [
    'error ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
    'trust',
    { Principal: '*', ...when('StringEquals', 'aws:PrincipalOrgID', 'o-aaaaaaaaaa') },
    { Principal: { AWS: '*' }, ...when('StringEquals', 'aws:PrincipalOrgID', 'o-aaaaaaaaaa') },
  ],
  [
    'error INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY',
    'trust',
    { Principal: { Federated: 'idp' }, Action: web, ...when('StringEquals', 'idp.com:aud', 'a') },
    {},
  ],
  [
    'error MISMATCHED_ACTION_FOR_PRINCIPAL',
    'trust',
    { Principal: { Federated: `arn:aws:iam::${account}:saml-provider/idp` }, Action: web },
    {
      Principal: { Federated: `arn:aws:iam::${account}:saml-provider/idp` },
      Action: 'sts:AssumeRoleWithSAML',
    },
  ],
  [
    'error MISSING_ACTION_FOR_CONDITION_KEY',
    'trust',
    when('StringEquals', 'sts:SourceIdentity', 'a'),
    {
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
      ...when('StringEquals', 'sts:SourceIdentity', 'a'),
    },
  ],
  [
    'error MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY',
    'trust',
    { Principal: { Service: 'rolesanywhere.amazonaws.com' } },
    {
      Principal: { Service: 'rolesanywhere.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
    },
  ],
  [
    'suggestion REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY',
    'trust',
    { Principal: { AWS: [`arn:aws:iam::${account}:role/a`, `arn:aws:sts::${account}:assumed-role/a/s`] } },
    { Principal: { AWS: [`arn:aws:iam::${account}:role/b`, `arn:aws:sts::${account}:assumed-role/a/s`] } },
  ],
  [
    'securityWarning MISSING_GITHUB_REPO_CONDITION_KEY',
    'trust',
    {
      Principal: { Federated: provider + github },
      Action: web,
      ...when('StringEquals', `${github}:aud`, 'sts.amazonaws.com'),
    },
    {},
  ],
  [
    'warning SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED',
    'trust',
    {
      Principal: { Federated: provider + github },
      Action: web,
      ...when('StringLike', `${github}:sub`, 'repo:us/*'),
    },
    {
      Principal: { Federated: provider + github },
      Action: web,
      ...when('StringLike', `${github}:sub`, 'repo:us/one:ref:refs/heads/main'),
    },
  ],
  [
    'securityWarning FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE',
    'trust',
    {
      Principal: { Federated: `${provider}x.com` },
      Action: web,
      ...when('ForAnyValue:StringEquals', 'x.com:aud', 'a'),
    },
    {},
  ],
  [
    'error ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL',
    'trust',
    { Principal: undefined, NotPrincipal: { AWS: account }, Effect: 'Deny' },
    {},
  ],
  ['error ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE', 'trust', { Resource: '*' }, {}],
  [
    'error UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
    'trust',
    { Principal: { AWS: `arn:aws:iam::${account}:role/*` } },
    {},
  ],
  ['error UNSUPPORTED_PRINCIPAL', 'identity', { Principal: { AWS: account } }, {}],
  ['error SCP_SYNTAX_ERROR_PRINCIPAL', 'scp', { Principal: { AWS: account } }, {}],
  ['error NULL_WITH_IF_EXISTS', 'identity', when('NullIfExists', 'aws:TagKeys', 'true'), {}],
  ['error INVALID_CONDITION_KEY_FORMAT', 'identity', when('StringEquals', 'team', 'a'), {}],
  [
    'error RCP_SYNTAX_ERROR_PRINCIPAL',
    'rcp',
    { Principal: { AWS: account }, Effect: 'Deny' },
    { Effect: 'Deny' },
  ],
  [
    'error RCP_SYNTAX_ERROR_NOTACTION',
    'rcp',
    { Action: undefined, NotAction: 's3:*', Effect: 'Deny' },
    { Effect: 'Deny' },
  ],
  ['error RCP_SYNTAX_ERROR_ALLOW', 'rcp', { Resource: 'arn:aws:s3:::a' }, {}],
  [
    'warning RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY',
    'rcp',
    { Effect: 'Deny', ...when('StringNotEquals', 'aws:PrincipalOrgID', 'o-a') },
    {
      Effect: 'Deny',
      Condition: {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
  ],
  [
    'warning RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY',
    'rcp',
    {
      Effect: 'Deny',
      Condition: {
        StringNotEquals: { 'aws:SourceAccount': account },
        Null: { 'aws:SourceAccount': 'false' },
      },
    },
    {
      Effect: 'Deny',
      Condition: {
        StringNotEquals: { 'aws:SourceAccount': account },
        Null: { 'aws:SourceAccount': 'false' },
        Bool: { 'aws:PrincipalIsAWSService': 'true' },
      },
    },
  ],
  [
    'warning RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK',
    'rcp',
    {
      Effect: 'Deny',
      Condition: {
        StringNotEquals: { 'aws:SourceOrgID': 'o-a' },
        Bool: { 'aws:PrincipalIsAWSService': 'true' },
      },
    },
    {},
  ],
]

describe("Access Analyzer's checks (POL-150)", () => {
  for (const [index, [code, kind, bad, good]] of rows.entries()) {
    test(`${code}, ${index + 1}`, () => {
      const found = codes(kind, bad)
      assert.equal(found.filter((each) => each === code).length, 1, found.join(', '))
      assert.equal(codes(kind, good).includes(code), false)
    })
  }

  test('a list that is empty says what it is under each operator', () => {
    for (const [operator, code] of [
      ['ForAllValues:StringEquals', 'FORALLVALUES'],
      ['ForAnyValue:StringEquals', 'FORANYVALUE'],
      ['StringEqualsIfExists', 'IFEXISTS'],
    ] as const)
      assert.ok(
        codes('identity', when(operator, 'aws:TagKeys', [])).includes(
          `suggestion EMPTY_ARRAY_CONDITION_${code}`,
        ),
      )
  })

  test('texts are those of the reference', () => {
    const text = (statement: object) =>
      validate(
        JSON.stringify({
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Action: '*', Resource: '*', ...statement },
        }),
        'identity',
      ).map(({ message }) => message)
    assert.deepEqual(text({}), [
      'Using wildcards (*) in the action and the resource can be overly permissive because it allows iam:PassRole permissions on all resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement.',
      'Using wildcards (*) in the action and the resource can allow creation of unintended service-linked roles because it allows iam:CreateServiceLinkedRole permissions on all resources. We recommend that you specify resource ARNs instead.',
    ])
    assert.deepEqual(
      text({ Action: 's3:GetObject', ...when('IpAddress', 'aws:SourceIp', '203.0.113.7/24') }),
      [
        'The non-zero bits in the IP address after the masked bits are ignored. Replace address with 203.0.113.0/24.',
      ],
    )
  })
})
