import { given, iamArn } from '../../base/index.ts'
import type { AccountImage, IdentityImage, Image, NamedImage } from '../../image/index.ts'
import { centerAnswers } from './dump-center.ts'
import { lenderAnswers } from './dump-lenders.ts'
import { organizationAnswers } from './dump-organization.ts'
import { iso } from './instant.ts'
import { parsed } from './losses.ts'

/** A file of a dump. */
export interface DumpFile {
  readonly name: string
  /** The output of JSON.stringify; a string is written as it is. */
  readonly content: unknown
}

/**
 * Answers of AWS from which an account and its organization can be imported again. The first is the one that most
 * tools read.
 */
export function dumpFiles(image: Image): readonly DumpFile[] {
  const files = image.accounts.flatMap((account) =>
    accountFiles(account).map(({ name, content }) => ({ name: `${account.account}/${name}`, content })),
  )
  const { organization } = image
  if (organization === undefined) return files
  const { managementAccount } = organization
  return [
    ...files,
    { name: `${managementAccount}/organization.json`, content: organizationAnswers(organization, image) },
  ]
}

function accountFiles(account: AccountImage): readonly DumpFile[] {
  const files: DumpFile[] = [
    { name: 'account-authorization-details.json', content: authorizationDetails(account) },
    { name: 'credential-report.csv', content: credentialReport(account) },
  ]
  const add = (name: string, answers: readonly unknown[]) => {
    if (answers.length > 0) files.push({ name: `${name}.json`, content: answers })
  }
  const { account: id, partition } = account
  const arn = (kind: string, path: string, name: string) => iamArn({ id, partition }, kind, path, name)
  const asked = (answer: unknown, input: Readonly<Record<string, string>> = {}) => ({
    request: { account: id, partition, input },
    answer,
  })
  add('identity-center', centerAnswers(account))
  add('lenders', lenderAnswers(account))
  add('account', [
    // get-account-information names the account: an answer without its name is none
    ...(account.name === undefined
      ? []
      : [given({ AccountId: id, AccountName: account.name, AccountCreatedDate: iso(account.createdAt) })]),
    ...(account.alias === undefined ? [] : [asked({ AccountAliases: [account.alias ?? []].flat() })]),
    ...(account.passwordPolicy ? [asked({ PasswordPolicy: passwordPolicy(account.passwordPolicy) })] : []),
  ])
  add('users', [
    {
      Users: account.users.map((user) => ({
        ...named(user, 'User', 'user', arn),
        ...given({ PasswordLastUsed: iso(user.passwordLastUsed) }),
      })),
    },
  ])
  add('roles', [
    {
      Roles: account.roles.map((role) => ({
        ...named(role, 'Role', 'role', arn),
        ...given({
          AssumeRolePolicyDocument: role.trust === undefined ? undefined : parsed(role.trust),
          Description: role.description ?? undefined,
          MaxSessionDuration: role.maxSessionSeconds,
        }),
      })),
    },
  ])
  add(
    'policies',
    account.policies.map((policy) => ({
      Policy: {
        ...named(policy, 'Policy', 'policy', arn),
        ...given({
          Description: policy.description,
          UpdateDate: iso(policy.updatedAt),
          DefaultVersionId: policy.defaultVersion,
          Tags: policy.tags,
        }),
      },
    })),
  )
  add(
    'instance-profiles',
    account.instanceProfiles.map((profile) => ({
      InstanceProfile: {
        ...named(profile, 'InstanceProfile', 'instance-profile', arn),
        Roles: typeof profile.role === 'string' ? [{ RoleName: profile.role }] : [],
        ...given({ Tags: profile.tags }),
      },
    })),
  )
  add('access-keys', [
    ...(account.accessKeys.length === 0
      ? []
      : [
          asked({
            AccessKeyMetadata: account.accessKeys.map(({ user, id: key, active, createdAt }) =>
              given({
                UserName: user ?? undefined,
                AccessKeyId: key,
                Status: active ? 'Active' : 'Inactive',
                CreateDate: iso(createdAt),
              }),
            ),
          }),
        ]),
    ...account.accessKeys.flatMap(({ id: AccessKeyId, lastUsed }) =>
      lastUsed === undefined
        ? []
        : asked(
            {
              AccessKeyLastUsed: given({
                LastUsedDate: iso(lastUsed.at),
                Region: lastUsed.region,
                ServiceName: lastUsed.service,
              }),
            },
            { AccessKeyId },
          ),
    ),
  ])
  add(
    'login-profiles',
    account.loginProfiles.map(({ user, createdAt, resetRequired }) =>
      asked({
        LoginProfile: given({
          UserName: user,
          CreateDate: iso(createdAt),
          PasswordResetRequired: resetRequired,
        }),
      }),
    ),
  )
  add('mfa-devices', mfaAnswers(account, arn, asked))
  add(
    'oidc-providers',
    account.oidcProviders.map(({ url, createdAt, clientIds, thumbprints, tags }) =>
      asked(
        given({
          Url: url,
          CreateDate: iso(createdAt),
          ClientIDList: clientIds,
          ThumbprintList: thumbprints,
          Tags: tags,
        }),
      ),
    ),
  )
  add(
    'saml-providers',
    account.samlProviders.map(({ name, id, createdAt, metadata, validUntil, tags }) =>
      asked(
        given({
          SAMLProviderUUID: id,
          SAMLMetadataDocument: metadata,
          CreateDate: iso(createdAt),
          ValidUntil: iso(validUntil),
          Tags: tags,
        }),
        { SAMLProviderArn: arn('saml-provider', '/', name) },
      ),
    ),
  )
  add(
    'resource-policies',
    account.resourcePolicies.map(({ arn: ResourceArn, document }) => ({
      ResourceArn,
      ResourcePolicy: document,
    })),
  )
  return files
}

type ArnOf = (kind: string, path: string, name: string) => string
type Asked = (answer: unknown, input?: Readonly<Record<string, string>>) => unknown

function named(thing: NamedImage, kind: string, prefix: string, arn: ArnOf) {
  const { name, id, path = '/', createdAt } = thing
  return given({
    Path: path,
    [`${kind}Name`]: name,
    [`${kind}Id`]: id,
    Arn: arn(prefix, path, name),
    CreateDate: iso(createdAt),
  })
}

function mfaAnswers(
  { mfaDevices, partition, account: id, users }: AccountImage,
  arn: ArnOf,
  asked: Asked,
): readonly unknown[] {
  const isVirtual = ({ serial }: { readonly serial: string }) =>
    serial.startsWith(`arn:${partition}:iam::${id}:mfa/`)
  const paths = new Map(users.map(({ name, path = '/' }) => [name.toLowerCase(), path]))
  const virtual = mfaDevices.filter(isVirtual).map(({ serial, user, enabledAt, tags }) =>
    given({
      SerialNumber: serial,
      EnableDate: user === undefined ? undefined : iso(enabledAt),
      User:
        user === undefined
          ? undefined
          : user === null
            ? { Arn: arn('root', '', '') }
            : { UserName: user, Arn: arn('user', paths.get(user.toLowerCase()) ?? '/', user) },
      Tags: tags,
    }),
  )
  const others = mfaDevices.filter((each) => !isVirtual(each))
  return [
    ...(virtual.length === 0 ? [] : [{ VirtualMFADevices: virtual }]),
    ...others.map(({ serial, user, enabledAt }) =>
      asked({
        MFADevices: [
          given({ UserName: user ?? undefined, SerialNumber: serial, EnableDate: iso(enabledAt) }),
        ],
      }),
    ),
  ]
}

function passwordPolicy(policy: NonNullable<AccountImage['passwordPolicy']>) {
  return given({
    MinimumPasswordLength: policy.minimumLength,
    RequireSymbols: policy.symbols,
    RequireNumbers: policy.numbers,
    RequireUppercaseCharacters: policy.uppercase,
    RequireLowercaseCharacters: policy.lowercase,
    AllowUsersToChangePassword: policy.usersMayChange,
    MaxPasswordAge: policy.maximumAge,
    PasswordReusePrevention: policy.reusePrevention,
    HardExpiry: policy.hardExpiry,
  })
}

/** The answer of get-account-authorization-details for an account. */
export function authorizationDetails(account: AccountImage) {
  const { account: id, partition } = account
  const arn: ArnOf = (kind, path, name) => iamArn({ id, partition }, kind, path, name)
  const inline = ({ inline: policies = [] }: IdentityImage) =>
    policies.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: parsed(document) }))
  const attached = ({ attached: arns = [] }: IdentityImage) =>
    arns.map((each) => ({ PolicyName: each.slice(each.lastIndexOf('/') + 1), PolicyArn: each }))
  const boundary = (arnOf: string | null | undefined) =>
    typeof arnOf === 'string'
      ? { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arnOf } }
      : {}
  const uses = usesOf(account)
  return {
    UserDetailList: account.users.map((user) => ({
      ...named(user, 'User', 'user', arn),
      ...((user.inline ?? []).length === 0 ? {} : { UserPolicyList: inline(user) }),
      GroupList: user.groups ?? [],
      AttachedManagedPolicies: attached(user),
      ...boundary(user.boundaryArn),
      Tags: user.tags ?? [],
    })),
    GroupDetailList: account.groups.map((group) => ({
      ...named(group, 'Group', 'group', arn),
      GroupPolicyList: inline(group),
      AttachedManagedPolicies: attached(group),
    })),
    RoleDetailList: account.roles.map((role) => ({
      ...named(role, 'Role', 'role', arn),
      // a trust policy that is not known is not one that trusts nobody (behaviour TPL-183)
      ...given({ AssumeRolePolicyDocument: role.trust === undefined ? undefined : parsed(role.trust) }),
      InstanceProfileList: account.instanceProfiles
        .filter((profile) => profile.role === role.name)
        .map((profile) => ({
          ...named(profile, 'InstanceProfile', 'instance-profile', arn),
          Roles: [{ RoleName: role.name }],
        })),
      RolePolicyList: inline(role),
      AttachedManagedPolicies: attached(role),
      ...boundary(role.boundaryArn),
      Tags: role.tags ?? [],
      RoleLastUsed:
        role.lastUsed === undefined
          ? {}
          : { LastUsedDate: iso(role.lastUsed.at), Region: role.lastUsed.region },
    })),
    Policies: account.policies.map((policy) => {
      const policyArn = arn('policy', policy.path ?? '/', policy.name)
      const { versions = [], defaultVersion } = policy
      return {
        ...named(policy, 'Policy', 'policy', arn),
        ...given({ DefaultVersionId: defaultVersion }),
        AttachmentCount: uses.attached.get(policyArn) ?? 0,
        PermissionsBoundaryUsageCount: uses.boundaries.get(policyArn) ?? 0,
        IsAttachable: true,
        ...given({ UpdateDate: iso(policy.updatedAt) }),
        PolicyVersionList: versions.toReversed().map((version) =>
          given({
            Document: parsed(version.document),
            VersionId: version.id ?? 'v1',
            IsDefaultVersion: (version.id ?? 'v1') === (defaultVersion ?? 'v1'),
            CreateDate: iso(version.createdAt),
          }),
        ),
      }
    }),
  }
}

/** How often each managed policy is attached, and is a boundary. */
function usesOf({ users, groups, roles }: AccountImage) {
  const attached = new Map<string, number>()
  const boundaries = new Map<string, number>()
  const count = (counts: Map<string, number>, arn: string) => counts.set(arn, (counts.get(arn) ?? 0) + 1)
  for (const identity of [...users, ...groups, ...roles])
    for (const arn of identity.attached ?? []) count(attached, arn)
  for (const { boundaryArn } of [...users, ...roles])
    if (typeof boundaryArn === 'string') count(boundaries, boundaryArn)
  return { attached, boundaries }
}

const keyColumns = ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service']
const columns = [
  ...['user', 'arn', 'user_creation_time', 'password_enabled', 'password_last_used', 'password_last_changed'],
  ...['password_next_rotation', 'mfa_active'],
  ...[1, 2].flatMap((number) => keyColumns.map((name) => `access_key_${number}_${name}`)),
  ...['cert_1_active', 'cert_1_last_rotated', 'cert_2_active', 'cert_2_last_rotated'],
]

function credentialReport(account: AccountImage): string {
  const { account: id, partition, users, loginProfiles, accessKeys, mfaDevices, createdAt } = account
  const profiles = new Map(loginProfiles.map((profile) => [profile.user.toLowerCase(), profile]))
  const keysOf = Map.groupBy(accessKeys, ({ user }) => user?.toLowerCase() ?? '')
  const withMfa = new Set(mfaDevices.map(({ user }) => (user === null ? '' : user?.toLowerCase())))
  const keyCells = (owner: string, index: number): readonly string[] => {
    const key = keysOf.get(owner)?.[index]
    if (key === undefined) return ['false', 'N/A', 'N/A', 'N/A', 'N/A']
    const { active, lastUsed } = key
    const used =
      lastUsed === undefined
        ? ['N/A', 'N/A', 'N/A']
        : [iso(lastUsed.at) ?? '', lastUsed.region, lastUsed.service ?? 'N/A']
    return [String(active), iso(key.createdAt) ?? 'N/A', ...used]
  }
  const rest = (owner: string) => [
    String(withMfa.has(owner)),
    ...keyCells(owner, 0),
    ...keyCells(owner, 1),
    ...['false', 'N/A', 'false', 'N/A'],
  ]
  const root = ['<root_account>', iamArn({ id, partition }, 'root', '', ''), iso(createdAt) ?? 'N/A']
  const rows = users.map((user) => {
    const owner = user.name.toLowerCase()
    const profile = profiles.get(owner)
    const password =
      profile === undefined
        ? ['false', iso(user.passwordLastUsed) ?? 'N/A', 'N/A', 'N/A']
        : ['true', iso(user.passwordLastUsed) ?? 'no_information', iso(profile.passwordSetAt) ?? 'N/A', 'N/A']
    const arn = iamArn({ id, partition }, 'user', user.path ?? '/', user.name)
    return [user.name, arn, iso(user.createdAt) ?? 'N/A', ...password, ...rest(owner)]
  })
  const all = [
    columns,
    [...root, 'not_supported', 'no_information', 'not_supported', 'not_supported', ...rest('')],
    ...rows,
  ]
  return all
    .map((cells) => cells.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(','))
    .join('\n')
}
