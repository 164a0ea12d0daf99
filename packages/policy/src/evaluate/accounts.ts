import { isDigits } from '../match/arn.ts'
import type { Principal } from '../request/principal.ts'
import type { Request } from '../request/request.ts'

/**
 * How the caller's account relates to the resource's: the same, another in the partition, one in another partition
 * (never allowed, POL-120), or none, for callers without an account.
 */
export type Relation = 'same' | 'cross' | 'otherPartition' | 'outsider'

const colon = 58
/** The start of the partition, after `arn:`. */
const partition = 4

export function relationOf({ principal, resource, resourceAccount }: Request): Relation {
  if (!('account' in principal)) return 'outsider'
  const isArn = resource.startsWith('arn:')
  if (isArn && !samePartition(arnOf(principal), resource)) return 'otherPartition'
  if (resourceAccount !== undefined) return resourceAccount === principal.account ? 'same' : 'cross'
  return isArn && namesOther(resource, principal.account) ? 'cross' : 'same'
}

function arnOf(principal: Extract<Principal, { account: string }>): string {
  return principal.type === 'roleSession' ? principal.sessionArn : principal.arn
}

function samePartition(one: string, other: string): boolean {
  for (let at = partition; at < one.length; at++) {
    const code = one.charCodeAt(at)
    if (code !== other.charCodeAt(at)) return false
    if (code === colon) return true
  }
  return false
}

/** Whether an ARN names another account. An ARN without an account counts as the caller's. */
function namesOther(arn: string, account: string): boolean {
  let colons = 1
  let at = partition
  for (; at < arn.length && colons < 4; at++) if (arn.charCodeAt(at) === colon) colons++
  return arn.charCodeAt(at + 12) === colon && isDigits(arn, at, at + 12) && !arn.startsWith(account, at)
}
