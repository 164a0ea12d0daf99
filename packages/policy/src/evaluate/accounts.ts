import { accountOf } from '../match/arn.ts'
import type { Principal } from './principal.ts'
import type { Request } from './request.ts'

/**
 * How the caller's account stands to the resource's: the same, another one of the partition, one of another
 * partition (never allowed, POL-120), or none, for callers that belong to no account.
 */
export type Relation = 'same' | 'cross' | 'otherPartition' | 'outsider'

export function relationOf(request: Request): Relation {
  const { principal, resource } = request
  if (!('account' in principal)) return 'outsider'
  if (!sharesPartition(arnOf(principal), resource)) return 'otherPartition'
  const account = request.resourceAccount ?? accountOf(resource)
  return account === undefined || account === principal.account ? 'same' : 'cross'
}

function arnOf(principal: Extract<Principal, { account: string }>): string {
  return principal.type === 'roleSession' ? principal.sessionArn : principal.arn
}

/** Compares what stands between the first two colons, where both are ARNs. */
function sharesPartition(one: string, other: string): boolean {
  if (!other.startsWith('arn:') || !one.startsWith('arn:')) return true
  for (let at = 4; at < one.length; at++) {
    const code = one.charCodeAt(at)
    if (code !== other.charCodeAt(at)) return false
    if (code === 58) return true
  }
  return true
}
