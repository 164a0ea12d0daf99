import { type ContextKeys, family } from '../../authorization/index.ts'
import {
  type OrganizationPolicy,
  type OrganizationPolicyType,
  organizationArn,
  organizationPolicies,
} from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { isAttached } from './attachment.ts'
import { invalid, refuse, violates } from './faults.ts'
import { letters } from './ids.ts'
import { within } from './operation.ts'
import { page } from './page.ts'
import type { Place } from './place.ts'
import { checkContent, keptContent } from './policy-content.ts'
import { quotas } from './quotas.ts'
import { addTags, requestTags, tagging } from './tag.ts'
import { policySummary, policyView } from './view.ts'
import { where } from './where.ts'

/** Policies of all types. */
export const policies = family<Organizations.Operations>()({
  CreatePolicy: within('policyAdministrators', {
    on: (input, place) => newPolicyArn(place, input.Type),
    context: (input) => ({ 'organizations:PolicyType': input.Type, ...requestTags(input.Tags) }),
    also: (input, place) => tagging(input.Tags, newPolicyArn(place, input.Type)),
    run(input, place, call) {
      const { Type: type, Name: name, Description: description, Content: content } = input
      checkAvailable(place)
      const table = place.management.table(organizationPolicies)
      checkName(place, type, name)
      let ofType = 0
      for (const policy of table.values()) if (policy.type === type && !policy.awsManaged) ofType++
      const { policies: most } = quotas
      if (ofType >= (type === 'SERVICE_CONTROL_POLICY' ? most.SERVICE_CONTROL_POLICY : most.others)) {
        throw violates(
          'POLICY_NUMBER_LIMIT_EXCEEDED',
          'You have exceeded the number of policies that you can have in an organization.',
        )
      }
      checkContent(content, type)
      const policy: OrganizationPolicy = {
        id: `p-${letters(10, call.deps.random)}`,
        type,
        name,
        description,
        content: keptContent(content, type),
        awsManaged: false,
        tags: addTags([], input.Tags ?? []),
        updatedAt: call.now,
      }
      table.put(policy)
      return { Policy: policyView(place, policy) }
    },
  }),

  UpdatePolicy: within('policyAdministrators', {
    movesPolicies: true,
    on: (input) => input.PolicyId,
    context: (input, place) => policyTypeKey(place, input.PolicyId),
    run(input, place, call) {
      const policy = getPolicy(place, input.PolicyId)
      checkMutable(policy)
      const updated = {
        ...policy,
        name: input.Name ?? policy.name,
        // an empty description changes nothing (behaviour ORG-115)
        description: input.Description || policy.description,
        updatedAt: call.now,
      }
      if (updated.name !== policy.name) checkName(place, policy.type, updated.name)
      if (input.Content !== undefined) {
        checkContent(input.Content, policy.type)
        updated.content = keptContent(input.Content, policy.type)
      }
      place.management.table(organizationPolicies).put(updated)
      return { Policy: updatedView(place, updated, input) }
    },
  }),

  DeletePolicy: within('policyAdministrators', {
    on: (input) => input.PolicyId,
    context: (input, place) => policyTypeKey(place, input.PolicyId),
    run(input, place) {
      const policy = getPolicy(place, input.PolicyId)
      checkMutable(policy)
      if (isAttached(place, policy.id)) throw refuse('PolicyInUseException')
      place.management.table(organizationPolicies).delete(policy.id)
    },
  }),

  DescribePolicy: within('administrators', {
    on: (input) => input.PolicyId,
    context: (input, place) => policyTypeKey(place, input.PolicyId),
    run: (input, place) => ({ Policy: policyView(place, getPolicy(place, input.PolicyId)) }),
  }),

  ListPolicies: within('administrators', {
    context: (input) => ({ 'organizations:PolicyType': input.Filter }),
    run(input, place) {
      const all = place.management.table(organizationPolicies).values()
      const ofType = where(all, (policy) => policy.type === input.Filter)
      const { items, NextToken } = page(ofType, (policy) => policy.id, input)
      return { Policies: items.map((policy) => policySummary(place, policy)), NextToken }
    },
  }),
})

/** Of name and description, the answer to an update has only what was given (behaviour ORG-114). */
function updatedView(
  place: Place,
  policy: OrganizationPolicy,
  { Name, Description }: Organizations.UpdatePolicyRequest,
): Organizations.Policy {
  const { PolicySummary: summary, Content } = policyView(place, policy)
  return { PolicySummary: { ...summary, Name, Description }, Content }
}

/** @throws Fault PolicyNotFoundException */
export function getPolicy({ management }: Place, id: string): OrganizationPolicy {
  const policy = management.table(organizationPolicies).find(id)
  if (policy === undefined) throw refuse('PolicyNotFoundException')
  return policy
}

/** organizations:PolicyType of a call's policy. */
export function policyTypeKey({ management }: Place, id: string): ContextKeys {
  return { 'organizations:PolicyType': management.table(organizationPolicies).find(id)?.type }
}

/** @throws Fault if the organization cannot have policies, because it lacks all features (behaviour ORG-30) */
export function checkAvailable({ organization }: Place): void {
  if (organization.featureSet !== 'ALL') throw refuse('PolicyTypeNotAvailableForOrganizationException')
}

function newPolicyArn({ organization }: Place, type: string): string {
  return organizationArn(organization, 'policy', `${type.toLowerCase()}/p-*`)
}

function checkName({ management }: Place, type: OrganizationPolicyType, name: string): void {
  if (management.table(organizationPolicies).findBy('name', `${type}\n${name}`) !== undefined) {
    throw refuse('DuplicatePolicyException')
  }
}

function checkMutable(policy: OrganizationPolicy): void {
  if (!policy.awsManaged) return
  throw invalid('IMMUTABLE_POLICY', "You specified a policy that is managed by AWS and can't be modified.")
}
