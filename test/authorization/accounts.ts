import { DecisionLog, type Dependencies } from '../../packages/server/src/authorization/index.ts'
import {
  type AccountId,
  ManualClock,
  type Mode,
  seededRandom,
  Vault,
} from '../../packages/server/src/base/index.ts'
import {
  Account,
  accessKeys,
  type Directory,
  groups,
  instanceProfiles,
  type ManagedPolicy,
  organizationAccounts,
  organizationAttachments,
  organizationalUnits,
  organizationPolicies,
  organizations,
  policies,
  roles,
  settings,
  type TableDefinition,
  users,
} from '../../packages/server/src/directory/index.ts'
import { policyText } from '../kit/index.ts'

// Four small accounts: the management account 1…, the members 2… (in the unit Pay) and 3… (closed), and 4…, which is in no
// organization.

export const management = '111111111111' as AccountId
export const pay = '222222222222' as AccountId
export const closed = '333333333333' as AccountId
export const outside = '444444444444' as AccountId

type Statement = Readonly<Record<string, unknown>>
export const document = (...Statement: readonly Statement[]) => policyText(...Statement)
export const allow = (Action: string | readonly string[], more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
})
const deny = (Action: string | readonly string[], more: Statement = {}): Statement => ({
  ...allow(Action, more),
  Effect: 'Deny',
})

/** Ids end with the given letters. */
const id = (prefix: string, end: string) => `${prefix}${'A'.repeat(17 - end.length)}${end}`
const named = (prefix: string, name: string, path = '/') => ({
  id: id(
    prefix,
    name
      .toUpperCase()
      .replaceAll(/[^A-Z]/g, '')
      .slice(0, 16),
  ),
  name,
  path,
  createdAt: 0,
  inline: {},
  attached: [],
})
export const tag = (Key: string, Value: string) => ({ Key, Value })

function policy(name: string, path: string, ...texts: readonly string[]): ManagedPolicy {
  return {
    ...named('ANPA', name, path),
    updatedAt: 0,
    defaultVersion: `v${texts.length}`,
    versions: texts.map((text, index) => ({ id: `v${index + 1}`, document: text, createdAt: 0 })),
    nextVersion: texts.length + 1,
    tags: [tag('of', name)],
  }
}

export const arnOf = (account: AccountId, rest: string) => `arn:aws:iam::${account}:${rest}`
const trustOfRoot = document({
  Effect: 'Allow',
  Principal: { AWS: arnOf(pay, 'root') },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
})

/** The records of each account, by table. */
type Rows = readonly (readonly [TableDefinition<never, never>, readonly unknown[]])[]
const rows = (table: unknown, ...records: readonly unknown[]) => [table, records] as unknown as Rows[number]

const accountSettings = (name: string, more: object = {}) =>
  rows(settings, { id: 'settings', name, email: `${name}@example.com`, createdAt: 0, ...more })

const organizationRows: Rows = [
  rows(organizations, {
    id: 'o-pay0000000',
    rootId: 'r-root',
    rootTags: [],
    managementAccount: management,
    managementEmail: 'boss@example.com',
    featureSet: 'ALL',
    enabledPolicyTypes: ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'],
    trustedServices: [],
    createdAt: 0,
  }),
  rows(organizationalUnits, { id: 'ou-root-pay00000', name: 'Pay', parentId: 'r-root', tags: [] }),
  rows(
    organizationAccounts,
    ...[
      { id: management, parentId: 'r-root' },
      { id: pay, parentId: 'ou-root-pay00000' },
      { id: closed, parentId: 'r-root' },
    ].map((account) => ({
      ...account,
      status: 'ACTIVE',
      joinedMethod: 'CREATED',
      administers: [],
      tags: [],
    })),
  ),
  rows(
    organizationPolicies,
    ...[
      {
        id: 'p-FullAWSAccess',
        type: 'SERVICE_CONTROL_POLICY',
        name: 'FullAWSAccess',
        content: document(allow('*')),
        awsManaged: true,
      },
      {
        id: 'p-nobuckets',
        type: 'SERVICE_CONTROL_POLICY',
        name: 'NoBuckets',
        content: document(deny('s3:DeleteBucket', { Sid: 'NoBuckets' })),
        awsManaged: false,
      },
      {
        id: 'p-ourown00',
        type: 'RESOURCE_CONTROL_POLICY',
        name: 'OurOwn',
        content: document(
          deny(['s3:*', 'sts:AssumeRole'], {
            Sid: 'OurOwn',
            Principal: '*',
            Condition: {
              StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-pay0000000' },
              BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
            },
          }),
          deny('sts:AssumeRole', {
            Sid: 'NoSupport',
            Principal: '*',
            Resource: `arn:aws:iam::${pay}:role/*`,
            Condition: { StringEquals: { 'aws:PrincipalServiceName': 'support.amazonaws.com' } },
          }),
        ),
        awsManaged: false,
      },
      { id: 'p-tags0000', type: 'TAG_POLICY', name: 'Tags', content: '{}', awsManaged: false },
    ].map((each) => ({ description: '', tags: [], ...each })),
  ),
  rows(
    organizationAttachments,
    { target: 'r-root', policies: ['p-FullAWSAccess'] },
    { target: 'ou-root-pay00000', policies: ['p-FullAWSAccess', 'p-nobuckets', 'p-ourown00', 'p-tags0000'] },
    { target: pay, policies: ['p-FullAWSAccess', 'p-gone0000'] },
    { target: closed, policies: ['p-FullAWSAccess'] },
  ),
]

const contents: Readonly<Record<string, Rows>> = {
  [management]: [
    accountSettings('boss', { managementAccount: management }),
    rows(users, { ...named('AIDA', 'chief'), tags: [], groups: [], inline: { all: document(allow('*')) } }),
    ...organizationRows,
  ],
  [pay]: [
    accountSettings('pay', { managementAccount: management }),
    rows(groups, {
      ...named('AGPA', 'devs', '/g/'),
      inline: { logs: document(allow('logs:*', { Sid: 'Logs' })) },
      attached: [arnOf(pay, 'policy/p/read')],
    }),
    rows(
      policies,
      policy(
        'read',
        '/p/',
        document(allow('s3:Get*', { Sid: 'Old' })),
        document(allow('s3:GetObject', { Sid: 'Read' })),
      ),
      policy('onlyS3', '/', document(allow('s3:*', { Sid: 'OnlyS3' }))),
      policy('broken', '/', '{'),
    ),
    rows(
      users,
      {
        ...named('AIDA', 'Alice', '/people/'),
        tags: [tag('team', 'pay'), tag('Level', '3')],
        groups: ['AGPAAAAAAAAAAAAAADEVS', 'AGPAGONE'],
        inline: {
          own: document(
            allow('iam:*', { Sid: 'Own', Resource: `arn:aws:iam::${pay}:user/people/\${aws:username}` }),
            deny('iam:DeleteUser', {
              Sid: 'NotAway',
              Condition: { Bool: { 'aws:MultiFactorAuthPresent': ['false'] } },
            }),
          ),
        },
        attached: ['arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess'],
      },
      {
        ...named('AIDA', 'bob'),
        tags: [],
        groups: [],
        inline: { all: document(allow('*', { Sid: 'All' })) },
        boundaryArn: arnOf(pay, 'policy/onlyS3'),
      },
      {
        ...named('AIDA', 'carol'),
        tags: [],
        groups: [],
        inline: { broken: '{' },
        attached: [arnOf(pay, 'policy/gone'), arnOf(pay, 'policy/broken')],
        boundaryArn: arnOf(pay, 'policy/gone'),
      },
    ),
    rows(
      roles,
      {
        ...named('AROA', 'work', '/r/'),
        tags: [tag('team', 'work'), tag('cost', '7')],
        trust: trustOfRoot,
        maxSessionSeconds: 3600,
        inline: { all: document(allow('*', { Sid: 'All' })) },
      },
      {
        ...named('AROA', 'small'),
        tags: [],
        trust: document({
          Effect: 'Allow',
          Principal: { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] },
          Action: 'sts:AssumeRole',
          Condition: { StringEqualsIfExists: { 'aws:SourceAccount': pay } },
        }),
        maxSessionSeconds: 3600,
        attached: [arnOf(pay, 'policy/p/read')],
        boundaryArn: arnOf(pay, 'policy/onlyS3'),
      },
      {
        ...named('AROA', 'AWSServiceRoleForSupport', '/aws-service-role/support.amazonaws.com/'),
        tags: [],
        trust: document({
          Effect: 'Allow',
          Principal: { Service: 'support.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
        maxSessionSeconds: 3600,
        inline: { all: document(allow('*', { Sid: 'Linked' })) },
        linkedService: 'support.amazonaws.com',
      },
      {
        ...named('AROA', 'ours'),
        tags: [],
        trust: document({
          Effect: 'Allow',
          Principal: { Service: 'ec2.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'aws:ResourceOrgID': 'o-pay0000000', 'aws:SourceOrgID': 'o-pay0000000' },
          },
        }),
        maxSessionSeconds: 3600,
      },
      {
        // an earlier version let it be stored
        ...named('AROA', 'early'),
        tags: [],
        inline: { early: document(deny(['iam:GetUser', 'iam:iam:GetUser'], { Sid: 'Early' })) },
        trust: document({
          Effect: 'Allow',
          Principal: { Service: 'ec2.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:sts:AssumeRole'],
        }),
        maxSessionSeconds: 3600,
      },
      {
        ...named('AROA', 'helped'),
        tags: [],
        trust: document({
          Effect: 'Allow',
          Principal: { Service: 'support.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
        maxSessionSeconds: 3600,
      },
      {
        ...named('AROA', 'alices'),
        tags: [],
        trust: document({
          Effect: 'Allow',
          Principal: { AWS: 'AIDAAAAAAAAAAAAAALICE' },
          Action: 'sts:AssumeRole',
        }),
        maxSessionSeconds: 3600,
      },
    ),
    rows(
      accessKeys,
      ...['Alice', 'bob'].map((name) => ({
        id: `AKIA${name.toUpperCase()}`,
        owner: named('AIDA', name).id,
        active: true,
        createdAt: 0,
        sealedSecret: '',
      })),
    ),
    rows(instanceProfiles, { ...named('AIPA', 'web', '/i/'), tags: [tag('of', 'web')] }),
  ],
  [closed]: [
    accountSettings('closed', { managementAccount: management, closedAt: 1 }),
    rows(users, { ...named('AIDA', 'zoe'), tags: [], groups: [], inline: { all: document(allow('*')) } }),
  ],
  [outside]: [
    accountSettings('outside'),
    rows(users, {
      ...named('AIDA', 'stranger'),
      // contains its account
      id: 'AIDAGO6XUA4OAASTRANGE',
      tags: [],
      groups: [],
      inline: { all: document(allow('*')) },
    }),
  ],
}

/** 2026-01-02T03:04:05Z */
export const now = Date.UTC(2026, 0, 2, 3, 4, 5)
const vaultKey = { id: 7, bytes: new Uint8Array(32).fill(9) }

export interface World {
  readonly deps: Dependencies
  readonly account: (id: string) => Account
  /** The accounts that are in memory; the others are only known. */
  readonly away: Set<string>
}

/** The accounts, and a server that knows them and nothing else. */
export function world(mode: Mode = 'enforce'): World {
  const accounts = new Map(
    Object.entries(contents).map(([id, tables]) => {
      const items = tables.flatMap(([table, records]) =>
        records.map((record) => ({
          kind: table.kind,
          id: (table as unknown as TableDefinition<unknown>).key(record),
          value: JSON.stringify(record),
        })),
      )
      const account = new Account(
        { id: id as AccountId },
        { revision: 1, lineage: undefined, items },
        () => {},
      )
      return [id, account] as const
    }),
  )
  const away = new Set<string>()
  const known = (id: string) => accounts.get(id)
  const directory = {
    partition: 'aws',
    known,
    loaded: (id: string) => (away.has(id) ? undefined : known(id)),
    find: async (id: string) => known(id),
  } as unknown as Directory
  const random = seededRandom('authorization')
  const deps = {
    clock: new ManualClock(now),
    random,
    vault: new Vault([vaultKey], random),
    directory,
    partition: 'aws',
    firstAccount: pay,
    mode,
    decisions: new DecisionLog(random),
  } as unknown as Dependencies // no question needs the other parts
  return { deps, account: (id) => known(id)!, away }
}
