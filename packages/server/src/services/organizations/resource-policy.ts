import type { Policy, PrincipalEntry } from '@omen-iam/policy'
import {
  accountsInPrincipals,
  type Call,
  family,
  parsedDocument,
  rewritePrincipals,
  shownPrincipals,
} from '../../authorization/index.ts'
import { fault, parseArn } from '../../base/index.ts'
import { type OrganizationResourcePolicy, organizationArn, organizations } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { isDelegable } from './delegable.ts'
import { invalid, needsAllFeatures, refuse } from './faults.ts'
import { letters } from './ids.ts'
import { within } from './operation.ts'
import { nodeType, type Place } from './place.ts'
import { addTags, requestTags, tagging } from './tag.ts'

/** The policy with which the management account delegates the management of policies to members. */
export const resourcePolicy = family<Organizations.Operations>()({
  PutResourcePolicy: within('management', {
    on: (_input, place) => place.organization.resourcePolicy?.id ?? newArn(place),
    context: (input) => requestTags(input.Tags),
    also: (input, place) => tagging(input.Tags, newArn(place)),
    run(input, place, call) {
      const { management, organization } = place
      if (organization.featureSet !== 'ALL') throw needsAllFeatures()
      const content = checkedPolicy(input.Content, place)
      const before = organization.resourcePolicy
      if (before !== undefined && (input.Tags ?? []).length > 0) {
        throw fault(
          'ConstraintViolationException',
          'Adding tags on updating an existing resource-based policy is not supported.',
          400,
          // the model lists it among the reasons of CreateAccount's failures, where it has no meaning
          { Reason: 'UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED' },
        )
      }
      const policy: OrganizationResourcePolicy = {
        id: before?.id ?? `rp-${letters(8, call.deps.random)}`,
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
 * Returns the policy in stored form: without white space, Version first, accounts by their ARNs (behaviour ORG-109).
 * @throws Fault if it is malformed (behaviour ORG-110), or delegates what cannot be delegated (behaviour ORG-54)
 */
function checkedPolicy(content: string, place: Place): string {
  const parsed = parsedDocument(content, 'resource')
  if (!parsed.ok || !parsed.policy.statements.every((each) => isWellFormed(each, place))) {
    throw invalid('INVALID_RESOURCE_POLICY_JSON', 'This resource-based policy contains invalid JSON.')
  }
  for (const { value: action } of parsed.policy.statements.flatMap(({ action }) => action.values)) {
    if (isDelegable(action)) continue
    throw invalid(
      'UNSUPPORTED_ACTION_IN_RESOURCE_POLICY',
      `${action} is not a supported action for this resource-based policy.`,
    )
  }
  const rewritten = rewritePrincipals(
    content,
    parsed.policy,
    (entry) => principalArn(entry, place) ?? entry.value,
  )
  // well-formed, or it would have been refused
  const { Version: _, Id, Statement } = JSON.parse(rewritten) as Readonly<Record<string, unknown>>
  return JSON.stringify({ Version: parsed.policy.version, Id, Statement: [Statement].flat() })
}

/** Every element is a positive one, and principals are accounts of the organization, services or everyone. */
function isWellFormed(statement: Policy['statements'][number], place: Place): boolean {
  const { principal, action, resource } = statement
  return (
    principal?.negated === false &&
    !action.negated &&
    resource?.negated !== true &&
    principal.entries.every((entry) => principalArn(entry, place) !== undefined)
  )
}

/** Returns a principal as it is stored; undefined if the policy cannot name it. */
function principalArn({ type, value }: PrincipalEntry, place: Place): string | undefined {
  if (value === '*' || type === 'Service') return value
  const id = /^\d{12}$/.test(value) ? value : accountOfRoot(value)
  if (type !== 'AWS' || id === undefined || nodeType(place, id) !== 'ACCOUNT') return undefined
  return `arn:${place.organization.partition ?? 'aws'}:iam::${id}:root`
}

function accountOfRoot(value: string): string | undefined {
  const arn = parseArn(value)
  return arn?.service === 'iam' && arn.resource === 'root' ? arn.account : undefined
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
