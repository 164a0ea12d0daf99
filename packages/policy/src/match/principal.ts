import type { PrincipalElement, PrincipalEntry } from '../document/policy.ts'
import type { GrantedTo } from '../evaluate/decision.ts'
import type { Principal } from '../evaluate/principal.ts'
import { accountIdOf, splitArn } from './arn.ts'
import { spend } from './meter.ts'

/**
 * How strongly an entry names the caller, the weakest first. Numbers make the strongest of many a maximum. The
 * strength decides which layers still limit a resource policy's grant. [POL-021 … POL-026]
 */
export const NOT_NAMED = 0
export const NAMES_ACCOUNT = 1
export const NAMES_ROLE = 2
export const NAMES_CALLER = 3
export type Naming = typeof NOT_NAMED | typeof NAMES_ACCOUNT | typeof NAMES_ROLE | typeof NAMES_CALLER

export const GRANTED_TO: readonly (GrantedTo | undefined)[] = [undefined, 'account', 'role', 'caller']

type Entry =
  | { readonly type: 'everyone' }
  /** `partition` is undefined for a bare account id. */
  | { readonly type: 'account'; readonly account: string; readonly partition: string | undefined }
  /** An ARN or unique id, compared as text. [POL-029, POL-031, POL-043] */
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
  let strongest: Naming = NOT_NAMED
  spend(test.entries.length)
  for (const entry of test.entries) {
    const named = entryNames(entry, principal)
    if (named > strongest) strongest = named
    if (strongest === NAMES_CALLER) break
  }
  return strongest
}

function entryNames(entry: Entry, principal: Principal): Naming {
  switch (entry.type) {
    case 'everyone':
      return NAMES_CALLER
    case 'service':
      return principal.type === 'service' && principal.names.includes(entry.name) ? NAMES_CALLER : NOT_NAMED
    case 'provider':
      return isProvider(principal, entry.name) ? NAMES_CALLER : NOT_NAMED
    case 'account':
      return accountNames(entry.account, entry.partition, principal)
    case 'canonical':
      return 'canonicalId' in principal && principal.canonicalId === entry.name
        ? accountNaming(principal)
        : NOT_NAMED
    case 'name':
      return nameNames(entry.name, principal)
  }
}

/**
 * Whether an entry may name the caller by a canonical id that is not known: a Deny then applies, and an Allow does not.
 * [POL-190]
 */
export function mayBeNamed(test: PrincipalTest, principal: Principal): boolean {
  if (!('account' in principal) || principal.canonicalId !== undefined) return false
  return test.entries.some(({ type }) => type === 'canonical')
}

function isProvider(principal: Principal, name: string): boolean {
  return (principal.type === 'webIdentity' || principal.type === 'saml') && principal.provider === name
}

function accountNames(account: string, partition: string | undefined, principal: Principal): Naming {
  if (!('account' in principal) || principal.account !== account) return NOT_NAMED
  const arn = principal.type === 'roleSession' ? principal.sessionArn : principal.arn
  return partition === undefined || arn.startsWith(partition) ? accountNaming(principal) : NOT_NAMED
}

/**
 * An account as principal names its root user directly, and delegates to the identity policies of everyone else in
 * it. [POL-026]
 */
function accountNaming(principal: Principal): Naming {
  return principal.type === 'root' ? NAMES_CALLER : NAMES_ACCOUNT
}

function nameNames(name: string, principal: Principal): Naming {
  switch (principal.type) {
    case 'user':
      return name === principal.arn || name === principal.id ? NAMES_CALLER : NOT_NAMED
    case 'roleSession':
      if (name === principal.sessionArn) return NAMES_CALLER
      return name === principal.roleArn || name === principal.roleId ? NAMES_ROLE : NOT_NAMED
    case 'federatedUser':
      if (name === principal.arn) return NAMES_CALLER
      return nameNames(name, principal.parent) === NOT_NAMED ? NOT_NAMED : NAMES_ROLE
    case 'root':
    case 'service':
    case 'webIdentity':
    case 'saml':
    case 'anonymous':
      return NOT_NAMED
  }
}

/**
 * Whether a NotPrincipal excludes the caller. It must list the caller and its account, and for a role session the
 * session, its role and the account. A principal with a boundary is never excluded. [POL-034, POL-035]
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
    if (named === NAMES_ACCOUNT) account = true
    if (named === NAMES_ROLE) role = true
    if (named === NAMES_CALLER) caller = true
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
