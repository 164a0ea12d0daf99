import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicyKind } from '../document/policy.ts'
import { validate } from './validate.ts'

const account = '111122223333'
const tester = { AWS: `arn:aws:iam::${account}:user/test-session-tags` }
const saml = { Federated: `arn:aws:iam::${account}:saml-provider/ExampleCorpProvider` }
const audience = { 'SAML:aud': 'https://signin.aws.amazon.com/saml' }

/** Statements of policies as AWS's guides write them: they must have no finding. */
const examples: readonly (readonly [about: string, kind: PolicyKind, ...statements: object[]])[] = [
  [
    'MFA for all but its own set-up',
    'identity',
    { Effect: 'Allow', Action: 'iam:ChangePassword', Resource: 'arn:aws:iam::*:user/${aws:username}' },
    {
      Effect: 'Deny',
      NotAction: ['iam:CreateVirtualMFADevice', 'sts:GetSessionToken'],
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    },
  ],
  [
    'addresses that may call',
    'identity',
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: {
        NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '2001:DB8:1234:5678::/64'] },
        Bool: { 'aws:ViaAWSService': 'false' },
      },
    },
  ],
  [
    'a folder of one’s own',
    'identity',
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::amzn-s3-demo-bucket',
      Condition: { StringLike: { 's3:prefix': ['', 'home/', 'home/${aws:username}/*'] } },
    },
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: "arn:aws:s3:::amzn-s3-demo-bucket/${aws:PrincipalTag/team, 'company-wide'}/*",
    },
  ],
  [
    'attributes of a table',
    'identity',
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:Query'],
      Resource: 'arn:aws:dynamodb:*:*:table/table-name',
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['column-name-1', 'column-name-2'] },
        StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      },
    },
  ],
  [
    'a role for some instances',
    'identity',
    {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: 'arn:aws:iam::*:role/EC2-roles-for-XYZ-*',
      Condition: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
    },
  ],
  [
    'session tags, in a statement of their own',
    'trust',
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: tester,
      Condition: {
        StringEquals: { 'aws:RequestTag/Project': 'Automation', 'sts:ExternalId': 'Example987' },
      },
    },
    {
      Effect: 'Allow',
      Action: 'sts:TagSession',
      Principal: tester,
      Condition: {
        StringEquals: { 'aws:RequestTag/Department': ['Engineering', 'Marketing'] },
        'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': ['Project', 'Department'] },
      },
    },
  ],
  [
    'a source identity, in a statement of its own',
    'trust',
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: tester,
      Condition: { StringEquals: { 'sts:SourceIdentity': 'test' } },
    },
    { Effect: 'Allow', Action: 'sts:SetSourceIdentity', Principal: tester },
  ],
  [
    'assertions with a source identity',
    'trust',
    {
      Effect: 'Allow',
      Action: ['sts:AssumeRoleWithSAML', 'sts:SetSourceIdentity'],
      Principal: saml,
      Condition: { StringEquals: audience, StringLike: { 'sts:SourceIdentity': ['example*'] } },
    },
  ],
  [
    'callers and tokens together',
    'trust',
    {
      Effect: 'Allow',
      Principal: { AWS: account, Federated: 'cognito-identity.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'],
      Condition: {
        StringEquals: { 'cognito-identity.amazonaws.com:aud': 'us-east-2:12345678-abcd' },
        'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
      },
    },
  ],
  [
    'Roles Anywhere, in statements by action',
    'trust',
    ...['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'].map((Action) => ({
      Effect: 'Allow',
      Principal: { Service: 'rolesanywhere.amazonaws.com' },
      Action,
    })),
  ],
  [
    'a perimeter',
    'rcp',
    {
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:*', 'sqs:*', 'kms:*', 'secretsmanager:*', 'sts:*'],
      Resource: '*',
      Condition: {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: '*',
      Condition: {
        StringNotEqualsIfExists: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' },
        Null: { 'aws:SourceAccount': 'false' },
        Bool: { 'aws:PrincipalIsAWSService': 'true' },
      },
    },
  ],
  [
    'regions for all but some roles',
    'scp',
    {
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*'],
      Resource: '*',
      Condition: {
        StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] },
        ArnNotLike: { 'aws:PrincipalARN': ['arn:aws:iam::*:role/Role1AllowedToBypassThisSCP'] },
      },
    },
  ],
  [
    'a bucket behind endpoints, for roles and users by their ids',
    'resource',
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: ['arn:aws:s3:::amzn-s3-demo-bucket', 'arn:aws:s3:::amzn-s3-demo-bucket/*'],
      Condition: {
        StringNotEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d', 'aws:SourceVpc': 'vpc-111bbb22' },
        StringNotLike: { 'aws:userId': ['AROAEXAMPLEID:*', 'AIDAEXAMPLEID', account] },
      },
    },
  ],
]

describe("Examples of AWS's guides", () => {
  for (const [about, kind, ...statements] of examples) {
    test(`${about} (POL-150)`, () => {
      const found = validate(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind)
      assert.deepEqual(
        found.filter((each) => each.class !== 'suggestion').map(({ code }) => code),
        [],
      )
    })
  }
})

test('a remark names some of many principals: each of many actions could be remarked on (POL-150)', () => {
  const Federated = Array.from(
    { length: 1_000 },
    (_, index) => `arn:aws:iam::${account}:saml-provider/${index}`,
  )
  const Action = Array.from({ length: 1_000 }, () => 'sts:AssumeRole')
  const Statement = { Effect: 'Allow', Principal: { Federated }, Action }
  const found = validate(JSON.stringify({ Version: '2012-10-17', Statement }), 'trust')
  assert.ok(found.some(({ code }) => code === 'MISMATCHED_ACTION_FOR_PRINCIPAL'))
  for (const { message } of found) assert.ok(message.length < 2_000)
})

test('a service whose name is all dots is no principal (POL-150)', () => {
  const Principal = { Service: `${'a.'.repeat(60_000)}!` }
  const Statement = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }
  const found = validate(JSON.stringify({ Version: '2012-10-17', Statement }), 'trust')
  assert.ok(found.some(({ code }) => code === 'INVALID_PRINCIPAL_FORMAT'))
})
