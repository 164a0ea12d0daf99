import {
  attachedPolicies,
  type OrganizationPolicy,
  type OrganizationPolicyType,
  organizationAccounts,
  organizationAttachments,
  organizationalUnits,
} from '../../directory/index.ts'
import { rcpFullAccess, scpFullAccess } from './aws-policies.ts'
import type { Place } from './place.ts'

/** The targets of policies: the root, the units, the accounts. */
export function* targets({ management, organization }: Place): Generator<string> {
  yield organization.rootId
  for (const { id } of management.table(organizationalUnits).values()) yield id
  for (const { id } of management.table(organizationAccounts).values()) yield id
}

/**
 * Returns the policies of one type at a target. RCPFullAWSAccess is included without being stored (behaviour ORG-32).
 */
export function attachedTo(
  { management, organization }: Place,
  target: string,
  type: OrganizationPolicyType,
): readonly OrganizationPolicy[] {
  if (!organization.enabledPolicyTypes.includes(type)) return []
  const attached = attachedPolicies(management, target, type)
  return type === 'RESOURCE_CONTROL_POLICY' ? [rcpFullAccess, ...attached] : attached
}

/** Returns the targets of a policy. */
export function* targetsOf(place: Place, policy: OrganizationPolicy): Generator<string> {
  for (const target of targets(place)) {
    if (attachedTo(place, target, policy.type).some(({ id }) => id === policy.id)) yield target
  }
}

/** Returns whether a policy is attached to any target. */
export function isAttached({ management }: Place, policyId: string): boolean {
  for (const { policies } of management.table(organizationAttachments).values()) {
    if (policies.includes(policyId)) return true
  }
  return false
}

/** Attaches a policy; `managedAt` is the time if it is a management policy. */
export function attach(place: Place, target: string, policyId: string, managedAt?: number): void {
  set(place, target, [...kept(place, target), policyId], managedAt)
}

/** Detaches a policy; `managedAt` as above. */
export function detach(place: Place, target: string, policyId: string, managedAt?: number): void {
  const left = kept(place, target).filter((id) => id !== policyId)
  set(place, target, left, managedAt)
}

/** Removes the attachments of a deleted target. */
export function detachAll({ management }: Place, target: string): void {
  management.table(organizationAttachments).delete(target)
}

/** Returns the policies that a new unit or account has (behaviour ORG-31). */
export function attachDefaults(place: Place, target: string): void {
  const { enabledPolicyTypes } = place.organization
  if (enabledPolicyTypes.includes('SERVICE_CONTROL_POLICY')) attach(place, target, scpFullAccess.id)
}

/** Detaches every policy of a type when the type is disabled. */
export function detachType(place: Place, type: OrganizationPolicyType): void {
  const { management } = place
  for (const { target, policies } of [...management.table(organizationAttachments).values()]) {
    const gone = new Set(attachedPolicies(management, target, type).map(({ id }) => id))
    if (gone.size > 0)
      set(
        place,
        target,
        policies.filter((id) => !gone.has(id)),
      )
  }
}

function kept({ management }: Place, target: string): readonly string[] {
  return management.table(organizationAttachments).find(target)?.policies ?? []
}

function set({ management }: Place, target: string, policies: readonly string[], managed?: number): void {
  const table = management.table(organizationAttachments)
  const managedAt = managed ?? table.find(target)?.managedAt
  if (policies.length === 0 && managedAt === undefined) table.delete(target)
  else table.put({ target, policies, ...(managedAt !== undefined && { managedAt }) })
}
