import { assert, perObject } from '../../../base/index.ts'
import {
  type Account,
  type ManagementPolicyType,
  type OrganizationAccount,
  type OrganizationPolicy,
  organizationAttachments,
  pathToRoot,
} from '../../../directory/index.ts'
import { attachedTo } from '../attachment.ts'
import type { Place } from '../place.ts'
import { readDocument, type Setting } from './document.ts'
import { contentOf, type Merged, merge } from './merge.ts'
import { tagContentOf, withTexts } from './tags.ts'

/** The effective policy of one type in an account. */
export interface Effective {
  readonly merged: Merged
  /** The time of its last change. */
  readonly updatedAt: number
}

/** Returns an account's effective policy; undefined if the type is not enabled (behaviour ORG-95). */
export function effectivePolicy(
  place: Place,
  account: OrganizationAccount,
  type: ManagementPolicyType,
): Effective | undefined {
  const { management, organization } = place
  if (!organization.enabledPolicyTypes.includes(type)) return undefined
  let updatedAt = account.movedAt ?? account.joinedAt
  for (const target of pathToRoot(management, account.id)) {
    const { managedAt = 0 } = management.table(organizationAttachments).find(target) ?? {}
    const changes = attachedTo(place, target, type).map((policy) => policy.updatedAt ?? 0)
    updatedAt = Math.max(updatedAt, managedAt, ...changes)
  }
  return { merged: mergedAt(place, account, type), updatedAt }
}

/** Returns the document of an effective policy. */
export function effectiveContent(merged: Merged, type: ManagementPolicyType): string {
  return type === 'TAG_POLICY' ? tagContentOf(merged) : contentOf(merged)
}

/**
 * Returns what accounts' policies come to. Accounts without a policy of their own share their parent's result, so a whole
 * organization takes little time.
 */
export function effectivePolicies(
  place: Place,
  type: ManagementPolicyType,
): (account: OrganizationAccount) => Merged {
  const byParent = new Map<string, Merged>()
  return (account) => {
    if (attachedTo(place, account.id, type).length > 0) return mergedAt(place, account, type)
    let shared = byParent.get(account.parentId)
    if (shared === undefined) {
      shared = mergedAt(place, account, type)
      byParent.set(account.parentId, shared)
    }
    return shared
  }
}

function mergedAt(place: Place, { id }: Pick<Account, 'id'>, type: ManagementPolicyType): Merged {
  const levels = pathToRoot(place.management, id).map((target) =>
    attachedTo(place, target, type).map((policy) => ({ id: policy.id, document: documentOf(policy) })),
  )
  return merge(levels)
}

/** Records never change; a new text makes a new record. */
const documentOf = perObject((policy: OrganizationPolicy): Setting => {
  const document = readDocument(policy.content)
  // only readable policies are ever stored
  assert(document !== undefined, `the stored policy ${policy.id} cannot be read`)
  return policy.type === 'TAG_POLICY' ? withTexts(document) : document
})
