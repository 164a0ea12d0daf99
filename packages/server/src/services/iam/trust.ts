import { bareStar, type Policy, type PrincipalEntry } from '@omen-iam/policy'
import {
  accountOfPrincipal,
  accountsInPrincipals,
  type Call,
  holdsUniqueId,
  idOfPrincipal,
  isServicePrincipal,
  isUniqueId,
  rewritePrincipals,
  shownPrincipals,
} from '../../authorization/index.ts'
import { type AccountId, fault, iamArn, isPrincipalIn, parseAccountId, parseArn } from '../../base/index.ts'
import { findOidcProvider, findSamlProvider, type Role } from '../../directory/index.ts'
import { checkDocument, encodeDocument, sizeOf } from './document.ts'
import { checkQuota } from './faults.ts'
import { missingTenancyKey } from './shared-providers.ts'
import { rewrittenTrust } from './shown-trust.ts'

/** A trust policy in the form that a role stores. */
export type Trust = Pick<Role, 'trust' | 'trustAccounts'>

/** The other accounts in which a trust policy's principals are looked up. */
export function accountsInTrust(document: string): readonly AccountId[] {
  return accountsInPrincipals(document, 'trust')
}

/**
 * Checks a trust policy and replaces its users and roles by their unique ids, so that a new entity with an old name is
 * not trusted (behaviours POL-043, IAM-60 to IAM-65 and IAM-300). @throws Fault MalformedPolicyDocument, LimitExceeded
 */
export function bindTrust(document: string, call: Call): Trust {
  const policy = checkDocument(document, 'trust', call.account)
  checkPrincipals(policy)
  const missing = missingTenancyKey(policy)
  if (missing !== undefined) {
    throw malformed(
      `The trust policy must evaluate the condition key ${missing} of a shared identity provider.`,
    )
  }
  checkQuota(call, 'ACLSizePerRole', sizeOf([document]))
  const foreign = new Set<AccountId>()
  const trust = rewritePrincipals(document, policy, (entry) => {
    const value = boundPrincipal(entry, call)
    const account = accountOfPrincipal({ ...entry, value })
    if (isUniqueId(value) && account !== undefined && account !== call.account.id) foreign.add(account)
    return value
  })
  return foreign.size === 0 ? { trust } : { trust, trustAccounts: [...foreign] }
}

const shownTrusts = new WeakMap<Trust, string>()

/** Returns the trust policy as answers show it: in IAM's form, ids of existing entities as ARNs, others unchanged. */
export function trustOut(role: Trust, call: Call): string {
  const shownTrust = shownTrusts.get(role)
  if (shownTrust !== undefined) return shownTrust
  if (!namesIds(role)) {
    const text = encodeDocument(rewrittenTrust(role.trust))
    shownTrusts.set(role, text)
    return text
  }
  // the owner of an id, and its existence, may change
  return encodeDocument(rewrittenTrust(shownPrincipals(role.trust, 'trust', call)))
}

/** Returns whether the trust policy names an entity by a unique id. */
export function namesIds(role: Trust): boolean {
  return holdsUniqueId(role.trust)
}

/**
 * A role must be assumable by someone: `"Principal": "*"` names no one, though `{"AWS": "*"}` is accepted, and an
 * empty list names no one (behaviour IAM-99).
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

/** @throws Fault MalformedPolicyDocument if the principal does not exist */
function boundPrincipal(entry: PrincipalEntry, call: Call): string {
  const { type, value } = entry
  if (type === 'Service') {
    if (!isServicePrincipal(value) || !isPrincipalIn(call.account.partition, value))
      throw invalidPrincipal('SERVICE', value)
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
  // an account's number is stored as its root's ARN (behaviour IAM-62)
  if (parseAccountId(value) !== undefined)
    return iamArn({ id: value, partition: call.account.partition }, 'root', '', '')
  const arn = parseArn(value)
  if (arn !== undefined && arn.partition !== call.account.partition) throw invalidPrincipal('AWS', value)
  const id = idOfPrincipal(value, call)
  if (id === undefined) throw invalidPrincipal('AWS', value)
  return id
}

/**
 * Identity providers are looked up in the account itself; public ones are named by their hosts, without an ARN
 * (behaviour CRED-90).
 */
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
