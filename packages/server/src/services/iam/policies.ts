import { managedPolicies } from '../../authorization/catalogue/index.ts'
import { type Call, family } from '../../authorization/index.ts'
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
export const policyFamily = family<Iam.Operations>()({
  CreatePolicy: {
    ...creates(
      thePolicy,
      (input: Iam.CreatePolicyRequest, call) =>
        iamArn(call.account, 'policy', input.Path ?? '/', input.PolicyName),
      undefined,
      ({ PolicyName }) => `policy ${PolicyName}`,
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
      checkQuota(call, 'PolicyVersionsInUse', storedVersions(account) + 1)
      const policy: ManagedPolicy = {
        id: newId('ANPA', account.id, call.deps.random),
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
      const policy = getPolicy(input.PolicyArn, call)
      return {
        Policy: {
          ...policySummary(policy, call),
          ...(policy.policy.description === undefined ? {} : { Description: policy.policy.description }),
          Tags: policy.policy.tags,
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
        if (input.OnlyAttached !== true) return true // without it no use is asked (behaviour IAM-236)
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
})

/** @throws Fault MalformedPolicyDocument, LimitExceeded if the text cannot be a version of a managed policy */
export function checkManagedDocument(document: string, call: Call): void {
  const { version } = checkDocument(document, 'identity', call.account)
  // inline policies may still omit it (behaviour IAM-79)
  if (version !== '2012-10-17') {
    throw fault('MalformedPolicyDocument', 'Policy document must be version 2012-10-17 or greater.', 400)
  }
  checkQuota(call, 'PolicySize', sizeOf([document]))
}

/** Returns the number of versions of all the account's own policies. */
export const storedVersions = ofTable(policies, (table) => {
  let versions = 0
  for (const policy of table.values()) versions += policy.versions.length
  return versions
})

/** Returns the policy of this ARN, the account's own or AWS's. @throws AWS's fault */
export function getPolicy(arn: string, call: Call): AnyPolicy {
  const policy = findPolicy(call.account, checkedPolicyArn(arn, call))
  if (policy === undefined) throw policyNotFound(arn, call)
  return policy
}

/** @throws Fault AccessDenied if the policy is AWS's own, which no one can change (behaviour POL-118) */
export function getOwnPolicy(arn: string, call: Call): ManagedPolicy {
  if (checkedPolicyArn(arn, call).startsWith(`arn:${call.account.partition}:iam::aws:`)) {
    throw fault('AccessDenied', 'Policy is outside your own account.', 403)
  }
  return get(thePolicy, { PolicyArn: arn }, call)
}

const awsPolicies = new Map<Partition, readonly AnyPolicy[]>()

/** AWS's policies by name; they never change while the server runs. */
function ofAwsByName({ partition }: Account): readonly AnyPolicy[] {
  const ofPartition = awsPolicies.get(partition)
  if (ofPartition !== undefined) return ofPartition
  const sorted = sortedBy(managedPolicies(partition).list().map(ofAws), policyKey)
  awsPolicies.set(partition, sorted)
  return sorted
}

/** Returns the account's own policies by name. */
export const ownPolicies = ofTable(policies, (table, account) =>
  table.ordered('name').map((policy) => ofAccount(account, policy)),
)

/** Returns all policies that the account sees, by name. */
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

/** Unique: the names of one account are, and so are AWS's own. */
export function policyKey({ policy, awsManaged }: AnyPolicy): string {
  return `${policy.name.toLowerCase()} ${awsManaged ? 'aws' : 'own'}`
}

const summaries = new WeakMap<ManagedPolicy, Iam.Policy>()

/**
 * Returns a policy as lists show it: without description and tags (behaviour IAM-45). Computed again only if the
 * number of its uses has changed.
 */
export function policySummary({ arn, policy }: AnyPolicy, call: Call): Iam.Policy {
  const { asPermissions, asBoundary } = attachmentsOf(call.account, arn)
  const shownSummary = summaries.get(policy)
  if (
    shownSummary?.AttachmentCount === asPermissions &&
    shownSummary.PermissionsBoundaryUsageCount === asBoundary
  ) {
    return shownSummary
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
