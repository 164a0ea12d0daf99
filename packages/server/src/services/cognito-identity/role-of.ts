import type { IdentityPool, PoolRoleMapping, PoolRule } from '../../directory/index.ts'
import { misconfigured, notAuthorized } from './faults.ts'
import { type Login, ownProvider } from './logins.ts'

/**
 * Returns the role of an identity: that of guests, that of a mapping, or that of everybody who signed in (behaviours COG-20
 * and COG-21). @throws Fault if there is none, or the mapping denies it
 */
export function roleOf(pool: IdentityPool, logins: readonly Login[], custom: string | undefined): string {
  if (logins.length === 0) return pool.roles.unauthenticated ?? fail()
  // a token of a developer's user has no provider that could be mapped
  const login = logins.find(({ provider }) => provider !== ownProvider) ?? logins[0]!
  const mapping = pool.mappings[login.mappedAs] ?? pool.mappings[login.provider]
  const mapped = mapping && mappedRole(mapping, login, custom)
  if (mapped !== undefined) return mapped
  if (mapping?.ambiguous === 'Deny') throw notAuthorized('Access is denied by the role mapping.')
  return pool.roles.authenticated ?? fail()
}

function fail(): never {
  throw misconfigured()
}

function mappedRole(mapping: PoolRoleMapping, login: Login, custom: string | undefined): string | undefined {
  if (mapping.type === 'Rules') return mapping.rules.find((rule) => fits(rule, login))?.roleArn
  const preferred = login.claims['cognito:preferred_role']
  const listed = login.claims['cognito:roles']
  const roles = Array.isArray(listed)
    ? listed.filter((each): each is string => typeof each === 'string')
    : typeof listed === 'string'
      ? [listed]
      : []
  if (custom !== undefined) {
    if (roles.includes(custom)) return custom
    throw notAuthorized('The custom role is not among the roles of the token.')
  }
  if (typeof preferred === 'string') return preferred
  return roles.length === 1 ? roles[0] : undefined
}

function fits({ claim, match, value }: PoolRule, { claims }: Login): boolean {
  const claimValue = claims[claim]
  if (claimValue === undefined) return false
  const texts = (Array.isArray(claimValue) ? claimValue : [claimValue]).map(String)
  switch (match) {
    case 'Equals':
      return texts.length === 1 && texts[0] === value
    case 'NotEqual':
      return !texts.includes(value)
    case 'StartsWith':
      return texts.some((text) => text.startsWith(value))
    case 'Contains':
      return texts.some((text) => text.includes(value))
  }
}
