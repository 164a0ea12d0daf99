import { type Call, family } from '../../authorization/index.ts'
import {
  type OrganizationPolicyType,
  organizationAccounts,
  organizationalUnits,
} from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { attach, attachedTo, detach, targetsOf } from './attachment.ts'
import { rcpFullAccess } from './aws-policies.ts'
import { isManagementType, managementTypes } from './effective/types.ts'
import { invalid, refuse, violates } from './faults.ts'
import { within } from './operation.ts'
import { page } from './page.ts'
import { nodeType, type Place } from './place.ts'
import { getPolicy, policyTypeKey } from './policies.ts'
import { quotas } from './quotas.ts'
import { arnOf } from './resource.ts'
import { policySummary, rootName } from './view.ts'

/** Attachments of policies. They apply from the moment when the answer leaves. */
export const policyAttachments = family<Organizations.Operations>()({
  AttachPolicy: within('policyAdministrators', {
    movesPolicies: true,
    on: (input) => [input.PolicyId, input.TargetId],
    context: (input, place) => policyTypeKey(place, input.PolicyId),
    run(input, place, call) {
      const policy = getPolicy(place, input.PolicyId)
      const attached = enabledAt(place, input.TargetId, policy.type)
      if (attached.some(({ id }) => id === policy.id)) throw refuse('DuplicatePolicyAttachmentException')
      if (attached.length >= mostAttached(policy.type)) {
        throw violates(
          'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
          'You have attached the maximum number of policies to the specified target.',
        )
      }
      attach(place, input.TargetId, policy.id, managedAt(policy.type, call))
    },
  }),

  DetachPolicy: within('policyAdministrators', {
    movesPolicies: true,
    on: (input) => [input.PolicyId, input.TargetId],
    context: (input, place) => policyTypeKey(place, input.PolicyId),
    run(input, place, call) {
      const policy = getPolicy(place, input.PolicyId)
      if (nodeType(place, input.TargetId) === undefined) throw refuse('TargetNotFoundException')
      const attached = attachedTo(place, input.TargetId, policy.type)
      if (policy.id === rcpFullAccess.id) {
        throw invalid('NON_DETACHABLE_POLICY', "You can't detach this AWS managed policy.")
      }
      if (!attached.some(({ id }) => id === policy.id)) throw refuse('PolicyNotAttachedException')
      if (policy.type === 'SERVICE_CONTROL_POLICY' && attached.length === 1) {
        throw violates(
          'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
          'You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.',
        )
      }
      detach(place, input.TargetId, policy.id, managedAt(policy.type, call))
    },
  }),

  ListPoliciesForTarget: within('administrators', {
    on: (input) => input.TargetId,
    context: (input) => ({ 'organizations:PolicyType': input.Filter }),
    run(input, place) {
      if (nodeType(place, input.TargetId) === undefined) throw refuse('TargetNotFoundException')
      const attached = attachedTo(place, input.TargetId, input.Filter)
      const { items, NextToken } = page(attached, (policy) => policy.id, input)
      return { Policies: items.map((policy) => policySummary(place, policy)), NextToken }
    },
  }),

  ListTargetsForPolicy: within('administrators', {
    on: (input) => input.PolicyId,
    context: (input, place) => policyTypeKey(place, input.PolicyId),
    run(input, place) {
      const policy = getPolicy(place, input.PolicyId)
      const { items, NextToken } = page(targetsOf(place, policy), (target) => target, input)
      return { Targets: items.map((target) => targetView(place, target)), NextToken }
    },
  }),
})

/**
 * Returns the policies of a type at a target. @throws Fault if there is no such target, or the type is not enabled
 */
function enabledAt(place: Place, target: string, type: OrganizationPolicyType) {
  if (nodeType(place, target) === undefined) throw refuse('TargetNotFoundException')
  if (!place.organization.enabledPolicyTypes.includes(type)) throw refuse('PolicyTypeNotEnabledException')
  return attachedTo(place, target, type)
}

function mostAttached(type: OrganizationPolicyType): number {
  return isManagementType(type) ? managementTypes[type].attachments : quotas.attachments[type]
}

function managedAt(type: OrganizationPolicyType, { now }: Call): number | undefined {
  return isManagementType(type) ? now : undefined
}

function targetView(place: Place, target: string): Organizations.PolicyTargetSummary {
  const { management } = place
  const targetRecord =
    management.table(organizationAccounts).find(target) ?? management.table(organizationalUnits).find(target)
  return {
    TargetId: target,
    Arn: arnOf(place, target),
    Name: targetRecord?.name ?? rootName,
    Type: nodeType(place, target),
  }
}
