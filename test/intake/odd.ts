import { type AccountImage, emptyAccount, type Image } from '../../packages/server/src/intake/index.ts'
import { policyText, trustPolicy } from '../kit/index.ts'
import { account, fullAccount, fullOrganization, member } from './full.ts'

const at = { file: 'odd', line: 1, column: 1 }
const arn = (rest: string) => `arn:aws-us-gov:iam::${account}:${rest}`
const day = Date.UTC(2026, 2, 3, 4, 5, 6)
const reading = policyText({
  Effect: 'Allow',
  Action: 's3:Get*',
  Resource: 'arn:aws-us-gov:s3:::${aws:username}/%{x}',
})
const [set] = fullAccount.permissionSets

/** An account of another partition with names, paths, texts and references that each form writes in its own way. */
const oddAccount: AccountImage = {
  ...emptyAccount(account, 'aws-us-gov', at),
  name: 'Odd, and "quoted"',
  alias: null,
  passwordPolicy: {
    at,
    minimumLength: 8,
    symbols: false,
    numbers: false,
    uppercase: true,
    lowercase: false,
    usersMayChange: true,
    hardExpiry: false,
  },
  users: [
    {
      at,
      name: 'a,b',
      inline: [
        { at, name: 'x.y', document: reading },
        { at, name: 'x-y', document: '{"Statement":[]}' },
      ],
      groups: ['all'],
      boundaryArn: null,
      passwordLastUsed: day,
    },
    {
      at,
      name: 'a.b',
      id: 'AIDAODDODDODDODDODDO',
      tags: [{ Key: '${k}', Value: '%{v}' }],
      boundaryArn: arn('policy/p'),
    },
    {
      at,
      name: '1st',
      attached: [arn('policy/p'), arn('policy/other'), 'arn:aws-us-gov:iam::444455556666:policy/p'],
      groups: ['ALL', 'gone'],
    },
    { at, name: '__proto__', groups: [] },
  ],
  groups: [{ at, name: 'All', path: '/x/y/', attached: [arn('policy/q/q')] }],
  roles: [
    {
      at,
      name: 'One',
      trust: trustPolicy({ AWS: [arn('role/Two'), arn('user/a.b'), arn('role/absent')] }),
      description: '',
    },
    { at, name: 'Two', trust: trustPolicy({ AWS: arn('role/x/THREE') }), description: 'to ${two}' },
    {
      at,
      name: 'Three',
      path: '/x/',
      trust: trustPolicy({ AWS: [arn('role/One'), arn('role/x/Three')] }),
      description: null,
      lastUsed: { at: day, region: 'us-gov-west-1', service: 'ec2' },
    },
    {
      at,
      name: 'AWSServiceRoleForAutoScaling',
      path: '/aws-service-role/autoscaling.amazonaws.com/',
      trust: trustPolicy({ Service: 'autoscaling.amazonaws.com' }),
      description: 'of AWS',
    },
    {
      at,
      name: 'AWSServiceRoleForAutoScaling_own',
      path: '/aws-service-role/autoscaling.amazonaws.com/',
      trust: '{"Statement":[]}',
      attached: [arn('policy/p')],
    },
    {
      at,
      name: 'AWSReservedSSO_Admin_0123456789abcdef',
      path: '/aws-reserved/sso.amazonaws.com/',
      trust: trustPolicy({ Federated: arn('saml-provider/s') }),
    },
    { at, name: 'untrusted' },
  ],
  policies: [
    {
      at,
      name: 'p',
      versions: [
        { at, id: 'v3', document: reading, createdAt: day },
        { at, id: 'v1', document: '{}' },
      ],
      defaultVersion: 'v3',
    },
    { at, name: 'P-', versions: [{ at, document: '{"Statement":[]}' }], description: '' },
    { at, name: 'q', path: '/q/', versions: [] },
  ],
  instanceProfiles: [
    { at, name: 'One', role: 'One' },
    { at, name: 'other', path: '/x/', role: 'two', tags: [{ Key: 'a', Value: 'b' }] },
    { at, name: 'lost', role: 'absent' },
  ],
  oidcProviders: [{ at, url: 'o.example.com', tags: [{ Key: 'a', Value: 'b' }] }],
  samlProviders: [{ at, name: 's', metadata: '<x a="${b}"/>', validUntil: day }],
  accessKeys: [
    {
      at,
      id: 'AKIAQEXAMPLEAAAAAAAA',
      user: 'a,b',
      active: true,
      lastUsed: { at: day, region: 'us-gov-west-1' },
    },
    { at, id: 'AKIAQEXAMPLEBBBBBBBB', user: 'a,b', active: false },
    { at, id: 'AKIAQEXAMPLECCCCCCCC', user: 'a,b', active: false },
  ],
  loginProfiles: [{ at, user: 'a,b', passwordSetAt: day }],
  mfaDevices: [
    { at, serial: arn('mfa/x'), user: 'a,b' },
    { at, serial: `arn:aws:iam::${account}:mfa/x`, user: 'a,b', enabledAt: day },
    { at, serial: 'GAHT00000000', user: null },
  ],
  podAssociations: [
    {
      at,
      id: 'a-1',
      region: 'us-gov-west-1',
      cluster: 'c',
      namespace: 'n',
      serviceAccount: 's',
      roleArn: arn('role/One'),
      tags: {},
    },
    {
      at,
      id: 'a-2',
      region: 'eu-west-1',
      cluster: 'c',
      namespace: 'n',
      serviceAccount: 't',
      roleArn: arn('role/absent'),
      policy: reading,
      tags: { a: 'b' },
    },
  ],
  identityPools: [
    {
      at,
      id: 'us-gov-west-1:1',
      name: 'p',
      letsGuests: false,
      roles: { unauthenticated: arn('role/One') },
      tags: {},
    },
    {
      at,
      id: 'eu-west-1:2',
      name: 'q',
      letsClassic: true,
      samlProviders: [arn('saml-provider/s')],
      roles: { authenticated: arn('role/absent') },
      tags: { a: 'b' },
    },
    { at, id: 'eu-west-1:3', name: 'r', mappings: { x: { type: 'Token', ambiguous: 'Deny', rules: [] } } },
  ],
  trustAnchors: [
    {
      at,
      id: '44444444-4444-4444-4444-444444444444',
      region: 'us-gov-west-1',
      name: 'n',
      enabled: true,
      bundle: 'b',
      tags: [],
    },
  ],
  certificateProfiles: [
    {
      at,
      id: '55555555-5555-5555-5555-555555555555',
      region: 'eu-west-1',
      name: 'n',
      durationSeconds: 3_600,
      roleArns: [arn('role/One'), arn('role/absent')],
    },
    {
      at,
      id: '66666666-6666-6666-6666-666666666666',
      region: 'us-gov-west-1',
      name: 'm',
      enabled: false,
      durationSeconds: 900,
    },
  ],
  center: {
    at,
    id: 'ssoins-1234567890abcdef',
    storeId: 'd-1234567890',
    attributes: [],
    entitlements: [
      { id: 'e-1', createdAt: day, type: 'USER', principal: 'u-1', role: arn('role/One') },
      { type: 'GROUP', principal: 'g-1', role: arn('role/Two') },
    ],
  },
  centerUsers: [
    {
      at,
      id: 'u-1',
      name: 'ann',
      given: JSON.stringify({
        Name: { GivenName: 'Ann', FamilyName: 'A' },
        DisplayName: 'Ann A',
        Title: 'T',
        Emails: [{ Value: 'ann@example.com' }],
        Roles: [1],
      }),
      enabled: false,
    },
    { at, id: 'u-2', name: 'bob', given: '{' },
  ],
  centerGroups: [{ at, id: 'g-1', name: 'Team' }],
  centerMemberships: [
    { at, group: 'g-1', user: 'u-1' },
    { at, group: 'g-2', user: 'u-1' },
  ],
  permissionSets: [
    {
      ...set!,
      id: 'ps-1234567890abcdea',
      name: 'A',
      duration: 'PT1H',
      boundary: { arn: arn('policy/p') },
      managed: [],
      referred: [{ name: 'c', path: '/' }],
      tags: [],
    },
  ],
  centerAssignments: [
    { at, account, set: 'ps-1234567890abcdea', type: 'USER', principal: 'u-1' },
    { at, account: member, set: 'ps-1234567890abcdea', type: 'GROUP', principal: 'g-1' },
  ],
}

/** Two accounts, of which the second manages the organization. */
export const oddImage: Image = {
  accounts: [
    oddAccount,
    {
      ...emptyAccount(member, 'aws-us-gov', at),
      users: [{ at, name: 'far', boundaryArn: arn('policy/p') }],
      email: 'far@example.com',
    },
  ],
  organization: {
    at,
    id: 'o-abcdefghij',
    rootId: 'r-abcd',
    managementAccount: member,
    accounts: [
      { at, account },
      { at, account: member, parentId: 'ou-abcd-11111111', name: 'M', administers: [] },
    ],
    units: [
      { at, id: 'ou-abcd-11111111', name: 'Up' },
      { at, id: 'ou-abcd-22222222', name: 'Below', parentId: 'ou-abcd-11111111' },
    ],
    policies: [
      { ...fullOrganization.policies[0]!, id: 'p-11111111' },
      { at, id: 'p-22222222', type: 'RESOURCE_CONTROL_POLICY', name: 'Guard', content: '{"Statement":[]}' },
      {
        at,
        id: 'p-FullAWSAccess',
        type: 'SERVICE_CONTROL_POLICY',
        name: 'FullAWSAccess',
        awsManaged: true,
        content: '{}',
      },
    ],
    attachments: [
      { at, policyId: 'p-11111111', target: 'ou-abcd-11111111' },
      { at, policyId: 'p-22222222', target: 'ou-abcd-22222222' },
      { at, policyId: 'p-FullAWSAccess', target: 'ou-abcd-22222222' },
      { at, policyId: 'p-11111111', target: account },
    ],
  },
  notTaken: [],
  findings: [],
}
