import { managedPolicies } from '../../authorization/catalogue/index.ts'
import type { Call, Family } from '../../authorization/index.ts'
import { fault, iamArn, lasting, newId, type Partition } from '../../base/index.ts'
import { type Account, type ManagedPolicy, policies } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { type AnyPolicy, findPolicy, ofAccount, ofAws } from './any-policy.ts'
import { attachmentsOf } from './attachment-counts.ts'
import { ofTable } from './derived.ts'
import { checkDocument, sizeOf } from './document.ts'
import { alreadyExists, checkQuota, deleteConflict } from './faults.ts'
import { page, sortedBy } from './page.ts'
import { asks, creates, get, lists } from './target.ts'
import { checkedPolicyArn, findNamed, policyNotFound, thePolicy } from './targets.ts'
import { newTags, tagsOut } from './traits/tags.ts'

/** Managed policies themselves. */
export const policyFamily: Family<
  Iam.Operations,
  'CreatePolicy' | 'GetPolicy' | 'ListPolicies' | 'DeletePolicy'
> = {
  CreatePolicy: {
    ...creates(thePolicy, (input: Iam.CreatePolicyRequest, call) =>
      iamArn(call.account, 'policy', input.Path ?? '/', input.PolicyName),
    ),
    run(input, call) {
      const { account } = call
      if (findNamed(policies, account, input.PolicyName) !== undefined) {
        throw alreadyExists(
          `A policy called ${input.PolicyName} already exists. Duplicate names are not allowed.`,
        )
      }
      checkManagedDocument(input.PolicyDocument, call)
      checkQuota(call, 'PoliciesPerAccount', account.table(policies).size + 1)
      checkQuota(call, 'PolicyVersionsInUse', versionsInUse(account) + 1)
      const policy: ManagedPolicy = {
        id: newId('ANPA', account.id, call.house.random),
        name: input.PolicyName,
        path: input.Path ?? '/',
        createdAt: call.now,
        updatedAt: call.now,
        defaultVersion: 'v1',
        versions: [{ id: 'v1', document: input.PolicyDocument, createdAt: call.now }],
        nextVersion: 2,
        tags: newTags(thePolicy, input.Tags, call),
        ...(input.Description === undefined || input.Description === ''
          ? {}
          : { description: input.Description }),
      }
      account.table(policies).put(policy)
      return { Policy: { ...policySummary(ofAccount(account, policy), call), ...tagsOut(policy.tags) } }
    },
  },
  GetPolicy: {
    ...asks(thePolicy),
    run(input, call) {
      const found = getPolicy(input.PolicyArn, call)
      return {
        Policy: {
          ...policySummary(found, call),
          ...(found.policy.description === undefined ? {} : { Description: found.policy.description }),
          Tags: found.policy.tags,
        },
      }
    },
  },
  ListPolicies: {
    ...lists('policy'),
    run(input, call) {
      const prefix = input.PathPrefix ?? '/'
      const { items, rest } = page(listed(input.Scope ?? 'All', call.account), policyKey, input, (found) => {
        if (!found.policy.path.startsWith(prefix)) return false
        if (input.OnlyAttached !== true && input.PolicyUsageFilter === undefined) return true
        const { asPermissions, asBoundary } = attachmentsOf(call.account, found.arn)
        switch (input.PolicyUsageFilter) {
          case undefined:
            return asPermissions + asBoundary > 0
          case 'PermissionsPolicy':
            return asPermissions > 0
          case 'PermissionsBoundary':
            return asBoundary > 0
        }
      })
      return { Policies: items.map((found) => policySummary(found, call)), ...rest }
    },
  },
  DeletePolicy: {
    ...asks(thePolicy),
    run(input, call) {
      const policy = getOwnPolicy(input.PolicyArn, call)
      const { asPermissions, asBoundary } = attachmentsOf(call.account, input.PolicyArn)
      if (asPermissions + asBoundary > 0) throw deleteConflict('Cannot delete a policy attached to entities.')
      if (policy.versions.length > 1) {
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        )
      }
      call.account.table(policies).delete(policy.id)
    },
  },
}

/** @throws Fault MalformedPolicyDocument, LimitExceeded where the text cannot be a managed policy's version */
export function checkManagedDocument(document: string, call: Call): void {
  const { version } = checkDocument(document, 'identity', call.account)
  // inline policies may still leave it out (behaviour IAM-79)
  if (version !== '2012-10-17') {
    throw fault('MalformedPolicyDocument', 'Policy document must be version 2012-10-17 or greater.', 400)
  }
  checkQuota(call, 'PolicySize', sizeOf([document]))
}

/** How many versions the account's own policies have together. */
export const versionsInUse = ofTable(policies, (table) => {
  let versions = 0
  for (const policy of table.values()) versions += policy.versions.length
  return versions
})

/** The policy of this ARN, the account's own or AWS's, or AWS's fault. */
export function getPolicy(arn: string, call: Call): AnyPolicy {
  const found = findPolicy(call.account, checkedPolicyArn(arn, call))
  if (found === undefined) throw policyNotFound(arn, call)
  return found
}

/** @throws Fault AccessDenied where the policy is one of AWS's own: nobody changes these (behaviour POL-118) */
export function getOwnPolicy(arn: string, call: Call): ManagedPolicy {
  if (checkedPolicyArn(arn, call).startsWith(`arn:${call.account.partition}:iam::aws:`)) {
    throw fault('AccessDenied', 'Policy is outside your own account.', 403)
  }
  return get(thePolicy, { PolicyArn: arn }, call)
}

const awsPolicies = new Map<Partition, readonly AnyPolicy[]>()

/** AWS's policies by name; they never change while the house runs. */
function ofAwsByName({ partition }: Account): readonly AnyPolicy[] {
  const known = awsPolicies.get(partition)
  if (known !== undefined) return known
  const sorted = sortedBy(managedPolicies(partition).list().map(ofAws), policyKey)
  awsPolicies.set(partition, sorted)
  return sorted
}

/** The account's own policies by name. */
export const ownPolicies = ofTable(policies, (table, account) =>
  table.ordered('name').map((policy) => ofAccount(account, policy)),
)

/** All policies that the account sees, by name. */
const allPolicies = ofTable(policies, (_table, account) =>
  sortedBy([...ownPolicies(account), ...ofAwsByName(account)], policyKey),
)

function listed(scope: Iam.PolicyScopeType, account: Account): readonly AnyPolicy[] {
  switch (scope) {
    case 'AWS':
      return ofAwsByName(account)
    case 'Local':
      return ownPolicies(account)
    default:
      return allPolicies(account)
  }
}

/** Unique: one account's names are, and AWS's own are among themselves. */
export function policyKey({ policy, awsManaged }: AnyPolicy): string {
  return `${policy.name.toLowerCase()} ${awsManaged ? 'aws' : 'own'}`
}

const summaries = new WeakMap<ManagedPolicy, Iam.Policy>()

/**
 * A policy as lists show it: without description and tags (behaviour IAM-45). Made anew only where the policy is
 * used more, or less, than when it was shown last.
 */
export function policySummary({ arn, policy }: AnyPolicy, call: Call): Iam.Policy {
  const { asPermissions, asBoundary } = attachmentsOf(call.account, arn)
  const known = summaries.get(policy)
  if (known?.AttachmentCount === asPermissions && known.PermissionsBoundaryUsageCount === asBoundary) {
    return known
  }
  const summary = lasting<Iam.Policy>({
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: asPermissions,
    PermissionsBoundaryUsageCount: asBoundary,
    IsAttachable: true,
    CreateDate: policy.createdAt,
    UpdateDate: policy.updatedAt,
  })
  summaries.set(policy, summary)
  return summary
}
