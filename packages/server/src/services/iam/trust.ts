import { bareStar, type Policy, type PrincipalEntry } from '@omen-iam/policy'
import { type Call, isServicePrincipal, otherAccount, parsedDocument } from '../../authorization/index.ts'
import { type AccountId, accountOfId, fault, iamArn, parseAccountId, parseArn } from '../../base/index.ts'
import {
  type Account,
  findByArn,
  findOidcProvider,
  findRole,
  findSamlProvider,
  type Named,
  type Role,
  roles,
  users,
} from '../../directory/index.ts'
import { checkDocument, encodeDocument, sizeOf } from './document.ts'
import { checkQuota } from './faults.ts'
import { missingTenancyKey } from './shared-providers.ts'
import { rewrittenTrust } from './shown-trust.ts'

/** A trust policy as a role keeps it. */
export type Trust = Pick<Role, 'trust' | 'trustAccounts'>

/** The other accounts of the house that a trust policy's principals are looked up in. */
export function accountsInTrust(document: string): readonly AccountId[] {
  const parsed = parsedDocument(document, 'trust')
  if (!parsed.ok) return []
  const accounts = new Set<AccountId>()
  for (const entry of principalsOf(parsed.policy)) {
    const account = accountOf(entry)
    if (account !== undefined) accounts.add(account)
  }
  return [...accounts]
}

/**
 * Checks a trust policy and turns the users and roles that it names into their unique ids, so that a new
 * entity of an old name is not trusted (behaviours POL-043 and IAM-60 to IAM-65).
 * @throws Fault MalformedPolicyDocument, LimitExceeded
 */
export function bindTrust(document: string, call: Call): Trust {
  const policy = checkDocument(document, 'trust')
  checkPrincipals(policy)
  const missing = missingTenancyKey(policy)
  if (missing !== undefined) {
    throw malformed(
      `The trust policy must evaluate the condition key ${missing} of a shared identity provider.`,
    )
  }
  checkQuota(call, 'ACLSizePerRole', sizeOf([document]))
  const foreign = new Set<AccountId>()
  const trust = rewrite(document, policy, (entry) => {
    const value = boundPrincipal(entry, call)
    const account = accountOf({ ...entry, value })
    if (isUniqueId(value) && account !== undefined && account !== call.account.id) foreign.add(account)
    return value
  })
  return foreign.size === 0 ? { trust } : { trust, trustAccounts: [...foreign] }
}

const shownTrusts = new WeakMap<Trust, string>()

/** The trust policy as answers show it: as IAM writes it, ids of living entities as ARNs, others as they stand. */
export function trustOut(role: Trust, call: Call): string {
  const known = shownTrusts.get(role)
  if (known !== undefined) return known
  if (!namesIds(role)) {
    const shown = encodeDocument(rewrittenTrust(role.trust))
    shownTrusts.set(role, shown)
    return shown
  }
  const parsed = parsedDocument(role.trust, 'trust')
  if (!parsed.ok) return encodeDocument(role.trust)
  // whom an id is of, and whether anybody, changes
  return encodeDocument(
    rewrittenTrust(
      rewrite(role.trust, parsed.policy, ({ type, value }) =>
        type === 'AWS' && isUniqueId(value) ? (arnOfId(value, call) ?? value) : value,
      ),
    ),
  )
}

/** Whether the trust policy names somebody by a unique id. */
export function namesIds(role: Trust): boolean {
  return holdsId.test(role.trust)
}

function* principalsOf(policy: Policy): Generator<PrincipalEntry> {
  for (const statement of policy.statements) yield* statement.principal?.entries ?? []
}

/**
 * A role is given to somebody: `"Principal": "*"` is nobody's name, though `{"AWS": "*"}` is, and an empty list
 * names nobody (behaviour IAM-99).
 */
function checkPrincipals({ statements }: Policy): void {
  for (const { principal } of statements) {
    if (principal === undefined || principal.entries.length === 0) {
      throw malformed(
        'Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in policy has a statement with no principals!',
      )
    }
    if (bareStar(principal) !== undefined) {
      throw malformed('AssumeRolepolicy contained an invalid principal: "STAR":"*".')
    }
  }
}

/** The text with each principal's value replaced; everything else stays as it was written. */
function rewrite(text: string, policy: Policy, replace: (entry: PrincipalEntry) => string): string {
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

/** @throws Fault MalformedPolicyDocument where the principal does not exist */
function boundPrincipal(entry: PrincipalEntry, call: Call): string {
  const { type, value } = entry
  if (type === 'Service') {
    if (!isServicePrincipal(value)) throw invalidPrincipal('SERVICE', value)
    return value
  }
  if (type === 'Federated') {
    if (!isFederated(value)) {
      throw malformed('Federated principals must be valid domain names or SAML metadata ARNs')
    }
    if (isMissingProvider(value, call)) throw invalidPrincipal('FEDERATED', value)
    return value
  }
  if (type !== 'AWS' || value === '*') return value
  // an account's number is kept as its root's ARN (behaviour IAM-62)
  if (parseAccountId(value) !== undefined) return `arn:aws:iam::${value}:root`
  if (isUniqueId(value)) {
    if (arnOfId(value, call) === undefined) throw invalidPrincipal('AWS', value)
    return value
  }
  const arn = parseArn(value)
  if (arn !== undefined && arn.partition !== 'aws') throw invalidPrincipal('AWS', value)
  if (arn?.service !== 'iam' || arn.resource === 'root') return value
  const account = otherAccount(call, arn.account as AccountId) // the parser takes principals of twelve digits only
  // of an account that is not in this house nothing can be said (behaviour IAM-64)
  if (account === undefined) return value
  const found = principalOfArn(account, value)
  if (found === undefined) throw invalidPrincipal('AWS', value)
  return found.id
}

/** Identity providers are looked for in the account itself; public ones are named by their hosts, without an ARN (behaviour CRED-90). */
function isMissingProvider(value: string, { account }: Call): boolean {
  return (
    parseArn(value)?.account === account.id &&
    findSamlProvider(account, value) === undefined &&
    findOidcProvider(account, value) === undefined
  )
}

function invalidPrincipal(type: string, value: string) {
  return malformed(`Invalid principal in policy: "${type}":"${value}"`)
}

function malformed(message: string) {
  return fault('MalformedPolicyDocument', message, 400)
}

/** A provider's ARN, or the domain of one that needs none (behaviour IAM-66). */
function isFederated(value: string): boolean {
  const arn = parseArn(value)
  if (arn !== undefined) return arn.service === 'iam' && /^(?:saml|oidc)-provider\/./.test(arn.resource)
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(value)
}

function principalOfArn(account: Account, arn: string): Named | undefined {
  return findByArn(account, users, 'user', arn) ?? findRole(account, arn)
}

function arnOfId(id: string, call: Call): string | undefined {
  const owner = accountOfId(id)
  const account = owner && otherAccount(call, owner)
  if (account === undefined) return undefined
  const user = account.table(users).find(id)
  if (user !== undefined) return arnIn(account, 'user', user)
  const role = account.table(roles).find(id)
  return role === undefined ? undefined : arnIn(account, 'role', role)
}

function arnIn(account: Account, kind: 'user' | 'role', { path, name }: Named): string {
  return iamArn(account.id, kind, path, name)
}

const holdsId = /"A(?:IDA|ROA)[A-Z2-7]{17}"/

function isUniqueId(value: string): boolean {
  return /^A(?:IDA|ROA)[A-Z2-7]{17}$/.test(value)
}

/** The account that a user's or role's ARN or id belongs to. */
function accountOf({ type, value }: PrincipalEntry): AccountId | undefined {
  if (type !== 'AWS') return undefined
  if (isUniqueId(value)) return accountOfId(value)
  const arn = parseArn(value)
  return arn?.service === 'iam' && arn.resource !== 'root' ? parseAccountId(arn.account) : undefined
}
