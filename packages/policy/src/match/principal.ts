import type { PrincipalElement, PrincipalEntry } from '../document/policy.ts'
import type { GrantedTo } from '../request/decision.ts'
import type { Principal } from '../request/principal.ts'
import { accountIdOf, splitArn } from './arn.ts'
import { spend } from './meter.ts'

/**
 * How strongly an entry names the caller, the weakest first. Numbers make the strongest of many a maximum. The
 * strength decides which layers still limit a resource policy's grant (behaviour POL-021 to POL-026).
 */
export const notNamed = 0
export const namesAccount = 1
export const namesRole = 2
export const namesCaller = 3
export type Naming = typeof notNamed | typeof namesAccount | typeof namesRole | typeof namesCaller

export const grantedToNaming: readonly (GrantedTo | undefined)[] = [undefined, 'account', 'role', 'caller']

type Entry =
  | { readonly type: 'everyone' }
  /** `partition` is undefined for a bare account id. */
  | { readonly type: 'account'; readonly account: string; readonly partition: string | undefined }
  /** An ARN or unique id, compared as text (behaviours POL-029, POL-031 and POL-043). */
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'service' | 'provider' | 'canonical'; readonly name: string }

export interface PrincipalTest {
  readonly negated: boolean
  readonly entries: readonly Entry[]
}

export function compilePrincipal(element: PrincipalElement): PrincipalTest {
  return { negated: element.negated, entries: element.entries.map(compileEntry) }
}

function compileEntry(entry: PrincipalEntry): Entry {
  const { type, value } = entry
  if (type === 'Service') return { type: 'service', name: value }
  if (type === 'Federated') return { type: 'provider', name: value }
  if (type === 'CanonicalUser') return { type: 'canonical', name: value }
  if (value === '*') return { type: 'everyone' }
  const account = accountIdOf(value)
  if (account !== undefined) return { type: 'account', account, partition: undefined }
  const arn = splitArn(value)
  if (arn?.service === 'iam' && arn.resource === 'root') {
    return { type: 'account', account: arn.account, partition: `arn:${arn.partition}:` }
  }
  return { type: 'name', name: value }
}

/** The strongest way in which a Principal element names the caller. */
export function naming(test: PrincipalTest, principal: Principal): Naming {
  let strongest: Naming = notNamed
  spend(test.entries.length)
  for (const entry of test.entries) {
    const named = entryNames(entry, principal)
    if (named > strongest) strongest = named
    if (strongest === namesCaller) break
  }
  return strongest
}

function entryNames(entry: Entry, principal: Principal): Naming {
  switch (entry.type) {
    case 'everyone':
      return namesCaller
    case 'service':
      return principal.type === 'service' && principal.names.includes(entry.name) ? namesCaller : notNamed
    case 'provider':
      return isProvider(principal, entry.name) ? namesCaller : notNamed
    case 'account':
      return accountNames(entry.account, entry.partition, principal)
    case 'canonical':
      return 'canonicalId' in principal && principal.canonicalId === entry.name
        ? accountNaming(principal)
        : notNamed
    case 'name':
      return nameNames(entry.name, principal)
  }
}

/**
 * Whether an entry may name the caller by a canonical id that is not known: a Deny then applies, and an Allow does not.
 * (behaviour POL-190)
 */
export function mayBeNamed(test: PrincipalTest, principal: Principal): boolean {
  if (!('account' in principal) || principal.canonicalId !== undefined) return false
  return test.entries.some(({ type }) => type === 'canonical')
}

function isProvider(principal: Principal, name: string): boolean {
  return (principal.type === 'webIdentity' || principal.type === 'saml') && principal.provider === name
}

function accountNames(account: string, partition: string | undefined, principal: Principal): Naming {
  if (!('account' in principal) || principal.account !== account) return notNamed
  const arn = principal.type === 'roleSession' ? principal.sessionArn : principal.arn
  return partition === undefined || arn.startsWith(partition) ? accountNaming(principal) : notNamed
}

/**
 * An account as principal names its root user directly, and delegates to the identity policies of everyone else in
 * it (behaviour POL-026).
 */
function accountNaming(principal: Principal): Naming {
  return principal.type === 'root' ? namesCaller : namesAccount
}

function nameNames(name: string, principal: Principal): Naming {
  switch (principal.type) {
    case 'user':
      return name === principal.arn || name === principal.id ? namesCaller : notNamed
    case 'roleSession':
      if (name === principal.sessionArn) return namesCaller
      return name === principal.roleArn || name === principal.roleId ? namesRole : notNamed
    case 'federatedUser':
      if (name === principal.arn) return namesCaller
      return nameNames(name, principal.parent) === notNamed ? notNamed : namesRole
    case 'root':
    case 'service':
    case 'webIdentity':
    case 'saml':
    case 'anonymous':
      return notNamed
  }
}

/**
 * Whether a NotPrincipal excludes the caller. It must list the caller and its account, and for a role session the
 * session, its role and the account. A principal with a boundary is never excluded (behaviours POL-034 and POL-035).
 */
export function isSpared(test: PrincipalTest, principal: Principal, hasBoundary: boolean): boolean {
  if (hasBoundary && canHaveBoundary(principal)) return false
  let account = false
  let role = false
  let caller = false
  spend(test.entries.length)
  for (const entry of test.entries) {
    if (entry.type === 'everyone') return true
    const named = entryNames(entry, principal)
    if (named === namesAccount) account = true
    if (named === namesRole) role = true
    if (named === namesCaller) caller = true
  }
  switch (principal.type) {
    case 'user':
    case 'federatedUser':
      return caller && account
    case 'roleSession':
      return caller && role && account
    case 'root':
    case 'service':
    case 'webIdentity':
    case 'saml':
    case 'anonymous':
      return caller
  }
}

function canHaveBoundary({ type }: Principal): boolean {
  return type === 'user' || type === 'roleSession' || type === 'federatedUser'
}
