import { type Dependencies, shownPrincipals } from '../authorization/index.ts'
import {
  type Account,
  groups,
  instanceProfiles,
  oidcProviders,
  policies,
  roles,
  samlProviders,
  users,
} from '../directory/index.ts'
import type { Thing, ThingKind } from './thing.ts'

/** The tables of an account whose records the upstream gets. */
const tables = {
  policy: policies,
  group: groups,
  role: roles,
  user: users,
  profile: instanceProfiles,
  oidc: oidcProviders,
  saml: samlProviders,
} as const

const kindsByTable: ReadonlyMap<string, ThingKind> = new Map(
  Object.entries(tables).map(([kind, { kind: table }]) => [table, kind as ThingKind]), // its own keys
)

/** The kind of entity in a table of the store; undefined for tables that the upstream gets nothing of. */
export function kindOfTable(table: string): ThingKind | undefined {
  return kindsByTable.get(table)
}

/** Every record of an account that the upstream gets: its kind and its key in the table. */
export function* allOf(account: Account): Generator<{ readonly kind: ThingKind; readonly id: string }> {
  for (const { id } of account.table(policies).values()) yield { kind: 'policy', id }
  for (const { id } of account.table(groups).values()) yield { kind: 'group', id }
  for (const { id } of account.table(roles).values()) yield { kind: 'role', id }
  for (const { id } of account.table(users).values()) yield { kind: 'user', id }
  for (const { id } of account.table(instanceProfiles).values()) yield { kind: 'profile', id }
  for (const { url } of account.table(oidcProviders).values()) yield { kind: 'oidc', id: url }
  for (const { id } of account.table(samlProviders).values()) yield { kind: 'saml', id }
}

/**
 * A record in the form that the upstream gets; undefined if there is none of that key. @throws AccountNotLoaded if a
 * trust policy names a principal of an account that is not in memory
 */
export function thingOf(
  kind: ThingKind,
  id: string,
  account: Account,
  deps: Pick<Dependencies, 'directory'>,
): Thing | undefined {
  switch (kind) {
    case 'policy': {
      const found = account.table(policies).find(id)
      const version = found?.versions.find((each) => each.id === found.defaultVersion)
      if (found === undefined || version === undefined) return undefined
      const { name, path, description, tags } = found
      return { kind, name, path, description, document: version.document, tags }
    }
    case 'group': {
      const found = account.table(groups).find(id)
      return (
        found && { kind, name: found.name, path: found.path, inline: found.inline, attached: found.attached }
      )
    }
    case 'role': {
      const found = account.table(roles).find(id)
      if (found === undefined) return undefined
      const { name, path, inline, attached, tags, description, maxSessionSeconds, linkedService } = found
      const trust = shownPrincipals(found.trust, 'trust', { account, deps })
      const own = { trust, description, maxSessionSeconds, linkedService }
      return { kind, name, path, inline, attached, tags, boundary: found.boundaryArn, ...own }
    }
    case 'user': {
      const found = account.table(users).find(id)
      if (found === undefined) return undefined
      const { name, path, inline, attached, tags } = found
      const names = found.groups.flatMap((group) => account.table(groups).find(group)?.name ?? [])
      return { kind, name, path, inline, attached, tags, boundary: found.boundaryArn, groups: names }
    }
    case 'profile': {
      const found = account.table(instanceProfiles).find(id)
      const role = found?.roleId === undefined ? undefined : account.table(roles).find(found.roleId)?.name
      return found && { kind, name: found.name, path: found.path, role }
    }
    case 'oidc': {
      const found = account.table(oidcProviders).find(id)
      return found && { kind, name: found.url, clientIds: found.clientIds, thumbprints: found.thumbprints }
    }
    case 'saml': {
      const found = account.table(samlProviders).find(id)
      return found && { kind, name: found.name, metadata: found.metadata }
    }
  }
}
