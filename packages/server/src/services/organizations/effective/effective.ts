import { assert, perObject } from '../../../base/index.ts'
import {
  type ManagementPolicyType,
  type OrganizationAccount,
  type OrganizationPolicy,
  organizationAttachments,
  pathToRoot,
} from '../../../directory/index.ts'
import { attachedTo } from '../attachment.ts'
import type { Place } from '../place.ts'
import { readDocument, type Setting } from './document.ts'
import { type Merged, merge } from './merge.ts'

/** The effective policy of one type in an account. */
export interface Effective {
  readonly merged: Merged
  /** The time of its last change. */
  readonly updatedAt: number
}

/** Returns an account's effective policy; undefined if no policy of the type is attached to it or above it. */
export function effectivePolicy(
  place: Place,
  account: OrganizationAccount,
  type: ManagementPolicyType,
): Effective | undefined {
  const { management } = place
  let updatedAt = account.movedAt ?? account.joinedAt
  let attached = 0
  const levels = pathToRoot(management, account.id).map((target) => {
    const policies = attachedTo(place, target, type)
    const { managedAt = 0 } = management.table(organizationAttachments).find(target) ?? {}
    updatedAt = Math.max(updatedAt, managedAt, ...policies.map((policy) => policy.updatedAt ?? 0))
    attached += policies.length
    return policies.map((policy) => ({ id: policy.id, document: documentOf(policy) }))
  })
  return attached === 0 ? undefined : { merged: merge(levels), updatedAt }
}

/**
 * Returns whether a test holds for accounts' effective policies. Accounts without a policy of their own share their
 * parent's result, so a whole organization takes little time.
 */
export function effectiveTest(
  place: Place,
  type: ManagementPolicyType,
  test: (effective: Merged) => boolean,
): (account: OrganizationAccount) => boolean {
  const byParent = new Map<string, boolean>()
  return (account) => {
    const shared = attachedTo(place, account.id, type).length === 0
    const known = shared ? byParent.get(account.parentId) : undefined
    if (known !== undefined) return known
    const effective = effectivePolicy(place, account, type)
    const holds = effective !== undefined && test(effective.merged)
    if (shared) byParent.set(account.parentId, holds)
    return holds
  }
}

/** Records never change; a new text makes a new record. */
const documentOf = perObject((policy: OrganizationPolicy): Setting => {
  const document = readDocument(policy.content)
  // only readable policies are ever stored
  assert(document !== undefined, `the stored policy ${policy.id} cannot be read`)
  return document
})
