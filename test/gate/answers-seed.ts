import type { Seed } from '../../packages/server/src/seed/index.ts'
import { account, allow, deny } from '../kit/index.ts'

/** Another account of the organization. */
export const member = '210987654321'

const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
const trusts = (Principal: unknown, more: object = {}) =>
  policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more })

/** The policy of a thing that lets a role of the account do something. */
const lets = (role: string, Action: string, Resource = '*') =>
  policy({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:role/${role}` }, Action, Resource })

/** The whole account as a principal: its administrators say who may. */
const ownRoot = `arn:aws:iam::${account}:root`

/** Things of services that Omen does not keep, whose policies it was given: an action on each, and what reads its policy. */
export const things = [
  ['kms:Decrypt', 'kms:us-east-1', 'key/1', 'kms:GetKeyPolicy'],
  ['sqs:SendMessage', 'sqs:us-east-1', 'orders', 'sqs:GetQueueAttributes'],
  ['sns:Publish', 'sns:us-east-1', 'news', 'sns:GetTopicAttributes'],
  [
    'secretsmanager:GetSecretValue',
    'secretsmanager:us-east-1',
    'secret:one',
    'secretsmanager:GetResourcePolicy',
  ],
  ['dynamodb:GetItem', 'dynamodb:us-east-1', 'table/one', 'dynamodb:GetResourcePolicy'],
  ['ecr:BatchGetImage', 'ecr:us-east-1', 'repository/one', 'ecr:GetRepositoryPolicy'],
  ['events:PutEvents', 'events:us-east-1', 'event-bus/one', 'events:DescribeEventBus'],
  ['logs:PutSubscriptionFilter', 'logs:us-east-1', 'destination:one', 'logs:DescribeDestinations'],
  [
    'backup:CopyIntoBackupVault',
    'backup:us-east-1',
    'backup-vault:one',
    'iam:GetAccountAuthorizationDetails',
  ],
].map(([action = '', place = '', name = '', reader = '']) => ({
  action,
  arn: `arn:aws:${place}:${account}:${name}`,
  reader,
}))

/** The accounts that the corpora of answers ask about: people with a few permissions each, and roles of each kind. */
export const seed: Seed = {
  alias: 'answers',
  policies: { Read: policy(allow('s3:GetObject', 'arn:aws:s3:::photos/*')) },
  groups: { Staff: { policies: ['Read'] } },
  users: {
    ann: {
      path: '/team/',
      tags: { team: 'red' },
      groups: ['Staff'],
      policies: [
        policy(
          allow(['sts:AssumeRole', 'iam:GetRole', 'iam:GetUser', 'iam:CreateUser']),
          deny('s3:GetObject', 'arn:aws:s3:::photos/secret/*'),
        ),
      ],
    },
    // reads what a security team reads, and sees the policies of few
    sam: {
      policies: [
        policy(
          allow(['cloudtrail:LookupEvents', 'sts:DecodeAuthorizationMessage', 'iam:SimulatePrincipalPolicy']),
          allow(['iam:ListRoles', 'iam:GetAccountAuthorizationDetails', 'omen:*', 'ec2:DescribeInstances']),
          allow(['lambda:ListFunctions', 'signin:RevokeOAuth2Token']),
          allow('iam:GetRole', `arn:aws:iam::${account}:role/Web`),
        ),
      ],
    },
    // reads the policies of things, each by its own permission
    rex: {
      policies: [
        policy(
          allow(['iam:SimulatePrincipalPolicy', 'tag:GetResources']),
          ...things.map(({ reader, arn }) => allow(reader, arn)),
        ),
      ],
    },
    eve: { boundary: 'Read', policies: [policy(allow('*'))], password: 'Eve-has-a-password-1' },
  },
  roles: {
    Web: { trust: ['ec2.amazonaws.com', 'lambda.amazonaws.com'], policies: ['Read'], instanceProfile: true },
    Power: {
      trust: ownRoot,
      policies: ['AdministratorAccess'],
      tags: { team: 'red' },
    },
    Strong: {
      path: '/ops/',
      trust: trusts({ AWS: ownRoot }, { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      boundary: 'Read',
    },
    Partner: { trust: trusts({ AWS: 'arn:aws:iam::999988887777:root' }) },
    Login: { trust: trusts({ Federated: `arn:aws:iam::${account}:oidc-provider/token.example.com` }) },
    Anyone: {
      trust: trusts({ AWS: '*' }, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-none' } } }),
    },
    Ann: {
      trust: `arn:aws:iam::${account}:user/team/ann`,
      policies: [policy(allow('s3:*'))],
      maxSessionSeconds: 7_200,
    },
  },
  oidcProviders: { 'token.example.com': { clientIds: ['omen'] } },
  resources: {
    ...Object.fromEntries(things.map(({ action, arn }) => [arn, lets('Web', action)])),
    'arn:aws:s3:::letters': lets('Partner', 's3:GetObject', 'arn:aws:s3:::letters/*'),
  },
  accounts: {
    [member]: {
      name: 'Member',
      users: { mia: { policies: [policy(allow('*'))] } },
      roles: { Shared: { trust: ownRoot, policies: ['Read'] } },
      policies: { Read: policy(allow('s3:GetObject')) },
    },
  },
  organization: {
    units: {
      Work: { accounts: [member], scp: { NoOrders: policy(allow('*'), deny('sqs:*')) } },
    },
  },
}
