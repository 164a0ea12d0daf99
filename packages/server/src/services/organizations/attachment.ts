import {
  type OrganizationPolicyType,
  organizationAccounts,
  organizationAttachments,
  organizationalUnits,
} from '../../directory/index.ts'
import { scpFullAccess } from './aws-policies.ts'
import type { Place } from './place.ts'

/** What everything has attached from the start, for a new unit or account (behaviour ORG-31). */
export function attachDefaults({ management, organization }: Place, target: string): void {
  if (organization.enabledPolicyTypes.includes('SERVICE_CONTROL_POLICY')) {
    attach({ management, organization }, target, scpFullAccess.id)
  }
}

/** The same for all there is: a policy type was enabled. */
export function attachDefaultsEverywhere(place: Place, type: OrganizationPolicyType): void {
  if (type !== 'SERVICE_CONTROL_POLICY') return
  for (const target of targets(place)) attach(place, target, scpFullAccess.id)
}

/** Ids of all that policies can be attached to. */
export function* targets({ management, organization }: Place): Generator<string> {
  yield organization.rootId
  for (const { id } of management.table(organizationalUnits).values()) yield id
  for (const { id } of management.table(organizationAccounts).values()) yield id
}

export function attachedIds({ management }: Place, target: string): readonly string[] {
  return management.table(organizationAttachments).find(target)?.policies ?? []
}

export function attach(place: Place, target: string, policyId: string): void {
  set(place, target, [...attachedIds(place, target), policyId])
}

export function detach(place: Place, target: string, policyId: string): void {
  set(
    place,
    target,
    attachedIds(place, target).filter((id) => id !== policyId),
  )
}

/** Forgets what is attached to something that is gone. */
export function detachAll({ management }: Place, target: string): void {
  management.table(organizationAttachments).delete(target)
}

function set({ management }: Place, target: string, policies: readonly string[]): void {
  const table = management.table(organizationAttachments)
  if (policies.length === 0) table.delete(target)
  else table.put({ target, policies })
}
