import { type AccountId, parseAccountId } from '../../packages/server/src/base/index.ts'
import {
  type AccountImage,
  emptyAccount,
  type Image,
  type OrganizationImage,
} from '../../packages/server/src/intake/index.ts'
import { policyText, trustPolicy } from '../kit/index.ts'
import { metadata } from '../wire/saml-identity-provider.ts'

const at = { file: 'full', line: 1, column: 1 }
export const account = accountId('111122223333')
export const member = accountId('444455556666')
const early = Date.UTC(2026, 0, 2, 3, 4, 5)
const late = Date.UTC(2026, 5, 7, 8, 9, 10)
const tags = [{ Key: 'team', Value: 'a b' }]
const other = [{ Key: 'stage', Value: '' }]
const reading = policyText({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' })
const listing = policyText({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' })
const arn = (rest: string) => `arn:aws:iam::${account}:${rest}`
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const id = (prefix: string, letter: string) => `${prefix}${letter.repeat(17)}`
const uuid = (digit: string) => '00000000-0000-0000-0000-000000000000'.replaceAll('0', digit)

/** An account with a value in each member that an image may have, and beside it things without any. */
export const fullAccount: AccountImage = {
  ...emptyAccount(account, 'aws', at),
  name: 'Main',
  email: 'main@example.com',
  createdAt: early,
  alias: 'main-alias',
  passwordPolicy: {
    at,
    minimumLength: 14,
    symbols: true,
    numbers: true,
    uppercase: false,
    lowercase: true,
    usersMayChange: false,
    maximumAge: 90,
    reusePrevention: 5,
    hardExpiry: true,
  },
  users: [
    {
      at,
      name: 'Ann',
      id: id('AIDA', 'A'),
      path: '/team/',
      createdAt: early,
      inline: [{ at, name: 'own', document: reading }],
      attached: [arn('policy/team/Read'), readOnly],
      groups: ['Staff'],
      tags,
      boundaryArn: arn('policy/team/Read'),
      passwordLastUsed: late,
    },
    {
      at,
      name: 'bob',
      id: id('AIDA', 'B'),
      path: '/',
      createdAt: late,
      inline: [],
      attached: [],
      groups: [],
      tags: [],
    },
    {
      at,
      name: 'cyd',
      id: id('AIDA', 'C'),
      path: '/',
      createdAt: late,
      inline: [],
      attached: [],
      groups: [],
      tags: [],
    },
  ],
  groups: [
    {
      at,
      name: 'Staff',
      id: id('AGPA', 'A'),
      path: '/team/',
      createdAt: early,
      inline: [{ at, name: 'shared', document: listing }],
      attached: [arn('policy/team/Read')],
    },
  ],
  roles: [
    {
      at,
      name: 'Web',
      id: id('AROA', 'A'),
      path: '/app/',
      createdAt: early,
      inline: [{ at, name: 'web', document: reading }],
      attached: [readOnly, arn('policy/team/Read')],
      trust: trustPolicy({ Service: 'ec2.amazonaws.com', AWS: arn('user/team/Ann') }),
      tags: other,
      boundaryArn: readOnly,
      description: 'Runs the web',
      maxSessionSeconds: 7_200,
      lastUsed: { at: late, region: 'eu-west-1' },
    },
    {
      at,
      name: 'Pods',
      id: id('AROA', 'B'),
      path: '/',
      createdAt: late,
      inline: [],
      attached: [],
      trust: trustPolicy({ Service: 'pods.eks.amazonaws.com' }),
      tags: [],
      maxSessionSeconds: 3_600,
    },
  ],
  policies: [
    {
      at,
      name: 'Read',
      id: id('ANPA', 'A'),
      path: '/team/',
      createdAt: early,
      description: 'Reads',
      updatedAt: late,
      defaultVersion: 'v2',
      versions: [
        { at, id: 'v1', document: listing, createdAt: early },
        { at, id: 'v2', document: reading, createdAt: late },
      ],
      tags,
    },
  ],
  instanceProfiles: [
    { at, name: 'Web', id: id('AIPA', 'A'), path: '/app/', createdAt: early, role: 'Web', tags },
    { at, name: 'Empty', id: id('AIPA', 'B'), path: '/', createdAt: late, role: null, tags: [] },
  ],
  oidcProviders: [
    {
      at,
      url: 'token.example.com/a',
      createdAt: early,
      clientIds: ['sts.amazonaws.com', 'other'],
      thumbprints: ['a'.repeat(40)],
      tags,
    },
    { at, url: 'plain.example.com', createdAt: late, clientIds: [], thumbprints: [], tags: [] },
  ],
  samlProviders: [
    {
      at,
      name: 'Corp',
      id: `ASPA${'A'.repeat(17)}`,
      createdAt: early,
      metadata,
      validUntil: late,
      tags: other,
    },
  ],
  accessKeys: [
    {
      at,
      id: 'AKIAAAAAAAAAAAAAAAAA',
      user: 'Ann',
      active: true,
      createdAt: early,
      lastUsed: { at: late, region: 'eu-west-1', service: 's3' },
    },
    { at, id: 'AKIABBBBBBBBBBBBBBBB', user: 'Ann', active: false, createdAt: late },
    { at, id: 'AKIACCCCCCCCCCCCCCCC', user: null, active: true, createdAt: early },
  ],
  loginProfiles: [
    { at, user: 'Ann', createdAt: early, resetRequired: true, passwordSetAt: late },
    { at, user: 'bob', createdAt: late, resetRequired: false },
  ],
  mfaDevices: [
    { at, serial: arn('mfa/ann'), user: 'Ann', enabledAt: early, tags },
    { at, serial: arn('mfa/root-account-mfa-device'), user: null, enabledAt: late, tags: [] },
    { at, serial: arn('mfa/spare'), tags: [] },
    { at, serial: 'GAHT12345678', user: 'bob', enabledAt: late, tags: [] },
  ],
  resourcePolicies: [{ at, arn: 'arn:aws:s3:::b', document: policyText({ ...allowAll(), Principal: '*' }) }],
  podAssociations: [
    {
      at,
      id: 'a-1234567890',
      region: 'eu-west-1',
      cluster: 'main',
      namespace: 'default',
      serviceAccount: 'web',
      roleArn: arn('role/Pods'),
      target: { roleArn: `arn:aws:iam::${member}:role/Far`, externalId: 'outside' },
      policy: reading,
      disableSessionTags: true,
      tags: { team: 'a b' },
      createdAt: early,
      modifiedAt: late,
    },
  ],
  identityPools: [
    {
      at,
      id: `eu-west-1:${uuid('1')}`,
      name: 'pool',
      letsGuests: true,
      letsClassic: true,
      supportedLogins: { 'accounts.example.com': 'client' },
      developerProvider: 'login.example',
      oidcProviders: [arn('oidc-provider/token.example.com/a')],
      samlProviders: [arn('saml-provider/Corp')],
      userPools: [
        { provider: 'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a', clientId: 'c', checksToken: true },
      ],
      tags: { stage: '' },
      roles: { authenticated: arn('role/app/Web'), unauthenticated: arn('role/Pods') },
      mappings: {
        'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a:c': {
          type: 'Rules',
          ambiguous: 'Deny',
          rules: [{ claim: 'team', match: 'Contains', value: 'a', roleArn: arn('role/app/Web') }],
        },
        'accounts.example.com': { type: 'Token', ambiguous: 'AuthenticatedRole', rules: [] },
      },
      tagMaps: { 'accounts.example.com': { useDefaults: false, tags: { team: 'claim' } } },
    },
  ],
  trustAnchors: [
    {
      at,
      id: uuid('2'),
      region: 'eu-west-1',
      name: 'anchor',
      enabled: false,
      tags,
      createdAt: early,
      updatedAt: late,
      bundle: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
    },
  ],
  certificateProfiles: [
    {
      at,
      id: uuid('3'),
      region: 'eu-west-1',
      name: 'profile',
      enabled: true,
      tags: other,
      createdAt: early,
      updatedAt: late,
      createdBy: arn('user/team/Ann'),
      roleArns: [arn('role/app/Web')],
      managedPolicyArns: [readOnly],
      sessionPolicy: reading,
      durationSeconds: 1_800,
      acceptsSessionName: true,
      mappings: [{ field: 'x509Subject', specifiers: ['CN', 'OU'] }],
    },
  ],
  center: {
    at,
    id: 'ssoins-1234567890abcdef',
    storeId: 'd-1234567890',
    region: 'eu-west-1',
    createdAt: early,
    attributes: [{ key: 'team', sources: ['${path:enterprise.department}'] }],
  },
  centerUsers: [{ at, id: 'u-1', name: 'dora', given: '{"UserName":"dora"}', enabled: true }],
  centerGroups: [{ at, id: 'g-1', name: 'admins', description: 'All of them' }],
  centerMemberships: [{ at, id: 'm-1', group: 'g-1', user: 'u-1' }],
  permissionSets: [
    {
      at,
      id: 'ps-1234567890abcdef',
      name: 'Admin',
      description: 'All',
      duration: 'PT8H',
      relayState: 'https://example.com/',
      createdAt: early,
      inline: reading,
      managed: [readOnly],
      referred: [{ name: 'Read', path: '/team/' }],
      boundary: { reference: { name: 'Edge', path: '/' } },
      tags,
    },
  ],
  centerAssignments: [
    { at, account: member, set: 'ps-1234567890abcdef', type: 'GROUP', principal: 'g-1' },
    { at, account: member, set: 'ps-1234567890abcdef', type: 'USER', principal: 'u-1' },
  ],
}

/** An organization with a value in each member that an image may have. */
export const fullOrganization: OrganizationImage = {
  at,
  id: 'o-abcdefghij',
  managementAccount: account,
  managementEmail: 'main@example.com',
  featureSet: 'ALL',
  rootId: 'r-abcd',
  enabledPolicyTypes: ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'],
  trustedServices: [{ service: 'sso.amazonaws.com', since: early }],
  accounts: [
    {
      at,
      account: member,
      name: 'Member',
      email: 'member@example.com',
      parentId: 'ou-abcd-12345678',
      status: 'SUSPENDED',
      joinedMethod: 'CREATED',
      joinedAt: late,
      administers: [{ service: 'sso.amazonaws.com', since: late }],
      tags,
    },
  ],
  units: [{ at, id: 'ou-abcd-12345678', name: 'Prod', parentId: 'r-abcd', tags: other }],
  policies: [
    {
      at,
      id: 'p-12345678',
      type: 'SERVICE_CONTROL_POLICY',
      name: 'Guard',
      description: 'Denies',
      content: policyText({ Effect: 'Deny', Action: 's3:*', Resource: '*' }),
      awsManaged: false,
      tags,
    },
  ],
  attachments: [{ at, policyId: 'p-12345678', target: 'ou-abcd-12345678' }],
}

export const fullImage: Image = {
  accounts: [fullAccount],
  organization: fullOrganization,
  notTaken: [],
  findings: [],
}

function accountId(text: string): AccountId {
  const parsed = parseAccountId(text)
  if (parsed === undefined) throw new Error(`${text} is no account`)
  return parsed
}

function allowAll() {
  return { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::b' }
}
