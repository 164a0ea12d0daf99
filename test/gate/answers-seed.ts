import type { Seed } from '../../packages/server/src/seed/index.ts'
import { account, allow, deny } from '../kit/index.ts'

/** Another account of the organization. */
export const member = '210987654321'

const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
const trusts = (Principal: unknown, more: object = {}) =>
  policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more })

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
    eve: { boundary: 'Read', policies: [policy(allow('*'))], password: 'Eve-has-a-password-1' },
  },
  roles: {
    Web: { trust: ['ec2.amazonaws.com', 'lambda.amazonaws.com'], policies: ['Read'], instanceProfile: true },
    Power: {
      trust: `arn:aws:iam::${account}:root`,
      policies: ['AdministratorAccess'],
      tags: { team: 'red' },
    },
    Strong: {
      path: '/ops/',
      trust: trusts(
        { AWS: `arn:aws:iam::${account}:root` },
        { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
      ),
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
    'arn:aws:s3:::letters': policy({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:role/Partner` },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::letters/*',
    }),
  },
  accounts: {
    [member]: {
      name: 'Member',
      users: { mia: { policies: [policy(allow('*'))] } },
      roles: { Shared: { trust: `arn:aws:iam::${account}:root`, policies: ['Read'] } },
      policies: { Read: policy(allow('s3:GetObject')) },
    },
  },
  organization: {
    units: {
      Work: { accounts: [member], scp: { NoOrders: policy(allow('*'), deny('sqs:*')) } },
    },
  },
}
