import {
  accountsInPrincipals,
  bindPrincipals,
  type Call,
  family,
  parsedDocument,
  shownPrincipals,
} from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { type OrganizationResourcePolicy, organizationArn, organizations } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { isDelegable } from './delegable.ts'
import { invalid, needsAllFeatures, refuse } from './faults.ts'
import { letters } from './ids.ts'
import { within } from './operation.ts'
import type { Place } from './place.ts'
import { addTags, requestTags, tagging } from './tag.ts'

/** The policy with which the management account delegates the management of policies to members. */
export const resourcePolicy = family<Organizations.Operations>()({
  PutResourcePolicy: within('management', {
    accounts: (input) => accountsInPrincipals(input.Content, 'resource'),
    on: (_input, place) => place.organization.resourcePolicy?.id ?? newArn(place),
    context: (input) => requestTags(input.Tags),
    also: (input, place) => tagging(input.Tags, newArn(place)),
    run(input, place, call) {
      const { management, organization } = place
      if (organization.featureSet !== 'ALL') throw needsAllFeatures()
      const content = checkedPolicy(input.Content, call)
      const before = organization.resourcePolicy
      if (before !== undefined && (input.Tags ?? []).length > 0) {
        throw fault(
          'InvalidInputException',
          'You can add tags to a resource policy only when you create it.',
          400,
          // the model lists it among the reasons of CreateAccount's failures, where it has no meaning
          { Reason: 'UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED' },
        )
      }
      const policy: OrganizationResourcePolicy = {
        id: before?.id ?? `rp-${letters(8, call.house.random)}`,
        content,
        tags: addTags(before?.tags ?? [], input.Tags ?? []),
      }
      management.table(organizations).put({ ...organization, resourcePolicy: policy })
      return { ResourcePolicy: view(place, policy, call) }
    },
  }),

  DescribeResourcePolicy: within('administrators', {
    accounts: (_input, { organization: { resourcePolicy } }) =>
      resourcePolicy === undefined ? [] : accountsInPrincipals(resourcePolicy.content, 'resource'),
    run: (_input, place, call) => ({ ResourcePolicy: view(place, getPolicy(place), call) }),
  }),

  DeleteResourcePolicy: within('management', {
    run(_input, place) {
      getPolicy(place)
      const { resourcePolicy: _, ...organization } = place.organization
      place.management.table(organizations).put(organization)
    },
  }),
})

function getPolicy({ organization }: Place): OrganizationResourcePolicy {
  if (organization.resourcePolicy === undefined) throw refuse('ResourcePolicyNotFoundException')
  return organization.resourcePolicy
}

/**
 * Returns the policy in stored form: users and roles by their ids (behaviour POL-179). @throws Fault if it is
 * malformed, delegates what cannot be delegated (behaviour ORG-54), or names a missing principal
 */
function checkedPolicy(content: string, call: Call): string {
  const parsed = parsedDocument(content, 'resource')
  if (!parsed.ok)
    throw invalid('INVALID_RESOURCE_POLICY_JSON', 'The provided resource policy document is not valid.')
  for (const { action } of parsed.policy.statements) {
    const own = !action.negated && action.values.every(({ value }) => isDelegable(value))
    if (!own) {
      throw invalid(
        'UNSUPPORTED_ACTION_IN_RESOURCE_POLICY',
        'The resource policy names an action that it cannot delegate.',
      )
    }
  }
  const kept = bindPrincipals(content, parsed.policy, call)
  if ('bound' in kept) return kept.bound
  throw invalid('INVALID_PRINCIPAL', 'You specified an invalid principal element in the policy.')
}

function newArn({ organization }: Place): string {
  return organizationArn(organization, 'resourcepolicy', 'rp-*')
}

function view(
  { organization }: Place,
  { id, content }: OrganizationResourcePolicy,
  call: Call,
): Organizations.ResourcePolicy {
  return {
    ResourcePolicySummary: { Id: id, Arn: organizationArn(organization, 'resourcepolicy', id) },
    Content: shownPrincipals(content, 'resource', call),
  }
}
