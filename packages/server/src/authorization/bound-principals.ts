import type { Policy, PolicyKind, PrincipalEntry } from '@omen-iam/policy'
import { type AccountId, accountOfId, iamArn, parseAccountId, parseArn } from '../base/index.ts'
import { findByArn, findRole, type Named, roles, users } from '../directory/index.ts'
import { type Call, otherAccount } from './call.ts'
import { parsedDocument, storedDocument } from './documents.ts'

/** The accounts that a document's users and roles are looked up in; they must be loaded to bind or to show them. */
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
 * A document that is to be kept: users and roles of this house stand in it by their unique ids, so that nobody new under
 * an old name gets what was given to another (behaviours POL-043 and POL-179). `missing` is a principal that is not there.
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

/** A document that was kept, as answers show it: ids of living users and roles as ARNs, others as they stand. */
export function shownPrincipals(document: string, kind: PolicyKind, call: Call): string {
  const policy = holdsUniqueId(document) ? storedDocument(document, kind) : undefined
  if (policy === undefined) return document
  return rewritePrincipals(document, policy, ({ type, value }) =>
    type === 'AWS' && isUniqueId(value) ? (arnOfId(value, call) ?? value) : value,
  )
}

/** Every principal that a policy names. */
function* principalsOf(policy: Policy): Generator<PrincipalEntry> {
  for (const statement of policy.statements) yield* statement.principal?.entries ?? []
}

/** The text with each principal's value replaced; everything else stays as it was written. */
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
 * The unique id of the user or role that an ARN or id names; what names no user and no role, or one of an account that
 * is not in this house, as it stands (behaviour IAM-64). Undefined where there is nobody of that name.
 */
export function idOfPrincipal(value: string, call: Call): string | undefined {
  if (isUniqueId(value)) return arnOfId(value, call) === undefined ? undefined : value
  const arn = parseArn(value)
  const id = arn && parseAccountId(arn.account)
  if (id === undefined || arn?.service !== 'iam' || arn.resource === 'root') return value
  const account = otherAccount(call, id)
  if (account === undefined) return value
  const found = findByArn(account, users, 'user', value) ?? findRole(account, value)
  return found?.id
}

/** The ARN of the user or role of a unique id; undefined where it is gone, or its account is not loaded. */
function arnOfId(id: string, call: Call): string | undefined {
  const owner = accountOfId(id)
  const account = owner && otherAccount(call, owner)
  if (account === undefined) return undefined
  const arn = (kind: 'user' | 'role', { path, name }: Named) => iamArn(account, kind, path, name)
  const user = account.table(users).find(id)
  if (user !== undefined) return arn('user', user)
  const role = account.table(roles).find(id)
  return role && arn('role', role)
}

const uniqueId = /^A(?:IDA|ROA)[A-Z2-7]{17}$/
const quotedId = /"A(?:IDA|ROA)[A-Z2-7]{17}"/

/** Whether a principal is the unique id of a user or role. */
export function isUniqueId(value: string): boolean {
  return uniqueId.test(value)
}

/** A principal as people know it: instead of the id that a stored policy has, the ARN of who has the id. */
export function shownPrincipal(value: string, call: Call): string {
  return isUniqueId(value) ? (arnOfId(value, call) ?? value) : value
}

/** Whether a document names somebody by a unique id. */
export function holdsUniqueId(document: string): boolean {
  return quotedId.test(document)
}

/** The account that a user's or role's ARN or id belongs to. */
export function accountOfPrincipal({ type, value }: PrincipalEntry): AccountId | undefined {
  if (type !== 'AWS') return undefined
  if (isUniqueId(value)) return accountOfId(value)
  const arn = parseArn(value)
  return arn?.service === 'iam' && arn.resource !== 'root' ? parseAccountId(arn.account) : undefined
}
