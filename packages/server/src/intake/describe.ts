import { isUniqueId, rewritePrincipals, storedDocument } from '../authorization/index.ts'
import { type AccountId, accountOfId, given, iamArn, peopleBeside } from '../base/index.ts'
import {
  type Account,
  accessKeys,
  type Directory,
  loginProfiles,
  mfaDevices,
  oidcProviders,
  organizationAccounts,
  organizationAttachments,
  organizationalUnits,
  organizationOf,
  organizationPolicies,
  passwordPolicyOf,
  resourcePolicies,
  roles,
  samlProviders,
  users,
} from '../directory/index.ts'
import {
  type AccountImage,
  describeIdentities,
  type OrganizationImage,
  type SourcePlace,
} from '../image/index.ts'
import { rewrittenTrust } from '../services/iam/index.ts'
import { imageOfCenter, type PeopleImage } from './describe-center.ts'
import { imageOfLenders } from './describe-lenders.ts'

/**
 * The image of an account as it is, for export. It contains no secrets: neither of keys, nor passwords, nor MFA seeds.
 * @param people the people beside it, if they are described already
 */
export function imageOfAccount(
  account: Account,
  directory: Pick<Directory, 'loaded'>,
  people?: PeopleImage,
): AccountImage {
  const identities = describeIdentities(account, (trust) =>
    rewrittenTrust(shownTrust(trust, account, directory)),
  )
  const { at } = identities
  const { name, email, createdAt, alias } = account.settings
  const passwordPolicy = passwordPolicyOf(account)
  const nameOf = (id: string) => (id === 'root' ? null : (account.table(users).find(id)?.name ?? undefined))
  return {
    ...identities,
    name,
    email,
    createdAt,
    alias: alias ?? null,
    passwordPolicy: passwordPolicy === undefined ? null : withoutId({ ...passwordPolicy, at }),
    oidcProviders: [...account.table(oidcProviders).values()].map((provider) => ({ at, ...provider })),
    samlProviders: account
      .table(samlProviders)
      .ordered('name')
      .map(({ id, name, createdAt, metadata, validUntil, tags }) => ({
        at,
        id,
        name,
        createdAt,
        metadata,
        validUntil,
        tags,
      })),
    accessKeys: [...account.table(accessKeys).values()].flatMap(({ id, owner, active, createdAt }) => {
      const user = nameOf(owner)
      const use = account.usage.find(id)
      if (user === undefined) return []
      const lastUsed = use && { at: use.at, region: use.region, service: use.service }
      return { at, id, user, active, createdAt, ...(lastUsed === undefined ? {} : { lastUsed }) }
    }),
    loginProfiles: [...account.table(loginProfiles).values()].flatMap((profile) => {
      const { owner, createdAt, resetRequired, passwordSetAt } = profile
      const user = nameOf(owner)
      return typeof user === 'string' ? { at, user, createdAt, resetRequired, passwordSetAt } : []
    }),
    mfaDevices: [...account.table(mfaDevices).values()].map(({ serial, use, tags }) => {
      const user = use && nameOf(use.owner)
      return given({ at, serial, user, enabledAt: use?.enabledAt, tags })
    }),
    resourcePolicies: [...account.table(resourcePolicies).values()].map((policy) => ({ at, ...policy })),
    ...imageOfLenders(account, at),
    ...imageOfCenter(account, people ?? directory.loaded(peopleBeside(account.id)), at),
  }
}

/** The image of the organization that an account manages; undefined if it manages none. */
export function imageOfOrganization(management: Account): OrganizationImage | undefined {
  const organization = organizationOf(management)
  if (organization === undefined) return undefined
  const at: SourcePlace = { file: `organization ${organization.id}`, line: 1, column: 1 }
  return {
    at,
    id: organization.id,
    managementAccount: organization.managementAccount,
    managementEmail: organization.managementEmail,
    featureSet: organization.featureSet,
    rootId: organization.rootId,
    enabledPolicyTypes: organization.enabledPolicyTypes,
    trustedServices: organization.trustedServices,
    accounts: [...management.table(organizationAccounts).values()].map(
      ({ id, name, email, parentId, status, joinedMethod, joinedAt, administers, tags }) => ({
        at,
        account: id,
        name,
        email,
        parentId,
        status,
        joinedMethod,
        joinedAt,
        administers,
        tags,
      }),
    ),
    units: [...management.table(organizationalUnits).values()].map(({ id, name, parentId, tags }) => ({
      at,
      id,
      name,
      parentId,
      tags,
    })),
    policies: [...management.table(organizationPolicies).values()].map(
      ({ id, type, name, description, content, awsManaged, tags }) => ({
        at,
        id,
        type,
        name,
        description,
        content,
        awsManaged,
        tags,
      }),
    ),
    attachments: [...management.table(organizationAttachments).values()].flatMap(
      ({ target, policies: attached }) => attached.map((policyId) => ({ at, policyId, target })),
    ),
  }
}

/** Accounts that must be in memory to show trust policies: those of the named users and roles. */
export function trustedBy(account: Account): readonly AccountId[] {
  const trusted = new Set<AccountId>()
  for (const { trustAccounts } of account.table(roles).values())
    for (const id of trustAccounts ?? []) trusted.add(id)
  return [...trusted]
}

/** A trust policy with ARNs instead of the ids of users and roles that exist. */
function shownTrust(trust: string, account: Account, directory: Pick<Directory, 'loaded'>): string {
  const policy = /"A(?:IDA|ROA)/.test(trust) ? storedDocument(trust, 'trust') : undefined
  if (policy === undefined) return trust
  return rewritePrincipals(trust, policy, ({ type, value }) => {
    if (type !== 'AWS' || !isUniqueId(value)) return value
    const owner = accountOfId(value)
    return arnIn(account, value) ?? (owner && arnIn(directory.loaded(owner), value)) ?? value
  })
}

function arnIn(account: Account | undefined, id: string): string | undefined {
  const user = account?.table(users).find(id)
  if (account === undefined) return undefined
  if (user !== undefined) return iamArn(account, 'user', user.path, user.name)
  const role = account.table(roles).find(id)
  return role && iamArn(account, 'role', role.path, role.name)
}

function withoutId<T extends { readonly id: unknown }>({ id: _, ...rest }: T): Omit<T, 'id'> {
  return rest
}
