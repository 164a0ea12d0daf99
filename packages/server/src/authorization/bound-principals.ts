import type { Policy, PolicyKind, PrincipalEntry } from '@omen-iam/policy'
import {
  type AccountId,
  type ArnParts,
  accountOfId,
  iamArn,
  parseAccountId,
  parseArn,
} from '../base/index.ts'
import {
  type Account,
  findByArn,
  findRole,
  findRoleNamed,
  type Named,
  roles,
  users,
} from '../directory/index.ts'
import { type Call, type Knowing, otherAccount } from './call.ts'
import { parsedDocument, storedDocument } from './documents.ts'

/** The accounts in which a document's users and roles are looked up; they must be loaded to bind or to show them. */
export function accountsInPrincipals(document: string, kind: PolicyKind): readonly AccountId[] {
  const parsed = parsedDocument(document, kind)
  if (!parsed.ok) return []
  const accounts = new Set<AccountId>()
  for (const entry of principalsOf(parsed.policy)) {
    const account = accountOfPrincipal(entry)
    if (account !== undefined) accounts.add(account)
  }
  return [...accounts]
}

/**
 * Returns the stored form of a document: it names users and roles of this installation by their unique ids, so that a
 * new entity with an old name does not get another's permissions (behaviours POL-043 and POL-179). `missing` is a
 * principal that does not exist.
 */
export function bindPrincipals(
  document: string,
  policy: Policy,
  call: Call,
): { readonly bound: string } | { readonly missing: string } {
  let missing: string | undefined
  const bound = rewritePrincipals(document, policy, ({ type, value }) => {
    const id = type === 'AWS' ? idOfPrincipal(value, call) : value
    if (id === undefined) missing ??= value
    return id ?? value
  })
  return missing === undefined ? { bound } : { missing }
}

/**
 * Returns the form in which answers show a stored document: ids of existing users and roles as ARNs, others unchanged.
 */
export function shownPrincipals(document: string, kind: PolicyKind, call: Knowing): string {
  const policy = holdsUniqueId(document) ? storedDocument(document, kind) : undefined
  if (policy === undefined) return document
  return rewritePrincipals(document, policy, ({ type, value }) =>
    type === 'AWS' && isUniqueId(value) ? (arnOfId(value, call) ?? value) : value,
  )
}

/** Returns every principal that a policy names. */
function* principalsOf(policy: Policy): Generator<PrincipalEntry> {
  for (const statement of policy.statements) yield* statement.principal?.entries ?? []
}

/** Returns the text with each principal's value replaced; everything else is unchanged. */
export function rewritePrincipals(
  text: string,
  policy: Policy,
  replace: (entry: PrincipalEntry) => string,
): string {
  let written = ''
  let from = 0
  for (const entry of principalsOf(policy)) {
    const value = replace(entry)
    if (value === entry.value) continue
    written += text.slice(from, entry.span.start.offset) + JSON.stringify(value)
    from = entry.span.end.offset
  }
  return written + text.slice(from)
}

/**
 * Returns the unique id of the user or role of an ARN or id. Returns the text itself if it names neither, or one of an
 * account outside this installation (behaviour IAM-64); undefined if no such entity exists, or if it is a session of a
 * role that does not exist (behaviour IAM-300).
 */
export function idOfPrincipal(value: string, call: Call): string | undefined {
  if (isUniqueId(value)) return arnOfId(value, call) === undefined ? undefined : value
  const arn = parseArn(value)
  const id = arn && parseAccountId(arn.account)
  if (arn === undefined || id === undefined || !namesEntity(arn)) return value
  const account = otherAccount(call, id)
  if (account === undefined) return value
  if (arn.service === 'sts') return hasRoleOfSession(account, arn) ? value : undefined
  const identity = findByArn(account, users, 'user', value) ?? findRole(account, value)
  return identity?.id
}

/** Returns whether an ARN names a user, a role or a session of a role. A session of a federated user needs nothing. */
function namesEntity({ service, resource }: ArnParts): boolean {
  return service === 'iam' ? resource !== 'root' : service === 'sts' && resource.startsWith('assumed-role/')
}

/** A session's ARN has the role's name as it is written, without its path. */
function hasRoleOfSession(account: Account, { resource }: ArnParts): boolean {
  const [, name = ''] = resource.split('/', 2)
  return findRoleNamed(account, name)?.name === name
}

/** Returns the ARN of the user or role of a unique id, or undefined if it is gone or its account is not loaded. */
function arnOfId(id: string, call: Knowing): string | undefined {
  // ids that AWS gave before 2019 do not contain their account: they are bound in that account alone
  const boundArn = arnIn(call.account, id)
  if (boundArn !== undefined) return boundArn
  const owner = accountOfId(id)
  const account = owner && otherAccount(call, owner)
  return account && arnIn(account, id)
}

function arnIn(account: Account, id: string): string | undefined {
  const arn = (kind: 'user' | 'role', { path, name }: Named) => iamArn(account, kind, path, name)
  const user = account.table(users).find(id)
  if (user !== undefined) return arn('user', user)
  const role = account.table(roles).find(id)
  return role && arn('role', role)
}

const uniqueId = /^A(?:IDA|ROA)[A-Z2-7]{17}$/
const quotedId = /"A(?:IDA|ROA)[A-Z2-7]{17}"/

/** Returns whether a principal is the unique id of a user or role. */
export function isUniqueId(value: string): boolean {
  return uniqueId.test(value)
}

/** Returns a principal in readable form: the ARN instead of the unique id of a stored policy. */
export function shownPrincipal(value: string, call: Call): string {
  return isUniqueId(value) ? (arnOfId(value, call) ?? value) : value
}

/** Returns whether a document names an entity by a unique id. */
export function holdsUniqueId(document: string): boolean {
  return quotedId.test(document)
}

/** Returns the account of a user's, a role's or a session's ARN or id. */
export function accountOfPrincipal({ type, value }: PrincipalEntry): AccountId | undefined {
  if (type !== 'AWS') return undefined
  if (isUniqueId(value)) return accountOfId(value)
  const arn = parseArn(value)
  return arn !== undefined && namesEntity(arn) ? parseAccountId(arn.account) : undefined
}
