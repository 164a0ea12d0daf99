import { type PolicyKind, type PrincipalEntry, parsePolicy } from '@omen-iam/policy'
import { isUniqueId, rewritePrincipals } from '../../authorization/index.ts'
import { iamArn, type Partition, parseAccountId } from '../../base/index.ts'

/** Returns whether two documents are the same but for white space. */
export function sameDocument(one: string, other: string): boolean {
  if (one === other) return true
  return one !== '' && other !== '' && compact(one) === compact(other)
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}

/**
 * Why AWS would not store a document; undefined if it would. Parsed documents are not kept: an import has very many,
 * and few of them are needed soon.
 */
export function refusalOf(text: string, kind: PolicyKind): string | undefined {
  const parsed = parsePolicy(text, kind)
  return parsed.ok ? undefined : parsed.message
}

/** The stored form of a trust policy's principal, and whether it names a missing one. */
export interface BoundTrust {
  readonly trust: string
  /** ARNs of users and roles that do not exist in accounts that do. */
  readonly missing: readonly string[]
}

/**
 * A trust policy as a role stores it: users and roles by their unique ids (behaviour POL-043). Those whose account is
 * not in the server, or whose id does not contain their account (ids that AWS gave before 2019), stay as ARNs. @param
 * idOf the id of an ARN's user or role; undefined if it does not exist, null if its account is unknown
 */
export function boundTrust(
  text: string,
  partition: Partition,
  idOf: (arn: string) => string | null | undefined,
): BoundTrust {
  if (!text.includes('"AWS"')) return { trust: text, missing: [] }
  const parsed = parsePolicy(text, 'trust', { lenient: true })
  if (!parsed.ok) return { trust: text, missing: [] }
  const missing: string[] = []
  const bind = ({ type, value }: PrincipalEntry): string => {
    if (type !== 'AWS' || value === '*' || isUniqueId(value)) return value
    if (parseAccountId(value) !== undefined) return iamArn({ id: value, partition }, 'root', '', '')
    if (!/^arn:[a-z-]+:iam::\d{12}:(?:user|role)\//.test(value)) return value
    const id = idOf(value)
    if (id === undefined) missing.push(value)
    return id ?? value
  }
  return { trust: rewritePrincipals(text, parsed.policy, bind), missing }
}

/** Accounts whose users and roles a document names. */
export function accountsNamed(text: string): readonly string[] {
  return [...text.matchAll(/:iam::(\d{12}):(?:user|role)\//g)].map(([, account = '']) => account)
}
