import { family } from '../../authorization/index.ts'
import { type ManagedPolicy, type PolicyVersion, policies } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { encodeDocument } from './document.ts'
import { checkQuota, deleteConflict, limitExceeded, noSuchEntity, quotaOf } from './faults.ts'
import { page } from './page.ts'
import { checkManagedDocument, getOwnPolicy, getPolicy, storedVersions } from './policies.ts'
import { asks } from './target.ts'
import { thePolicy } from './targets.ts'

/** Versions of managed policies. */
export const policyVersionFamily = family<Iam.Operations>()({
  CreatePolicyVersion: {
    ...asks(thePolicy),
    run(input, call) {
      const policy = getOwnPolicy(input.PolicyArn, call)
      checkManagedDocument(input.PolicyDocument, call)
      const most = quotaOf(call, 'VersionsPerPolicy')
      if (policy.versions.length >= most) {
        throw limitExceeded(
          `A managed policy can have up to ${most} versions. Before you create a new version, you must delete an existing version.`,
        )
      }
      checkQuota(call, 'PolicyVersionsInUse', storedVersions(call.account) + 1)
      const version: PolicyVersion = {
        id: `v${policy.nextVersion}`,
        document: input.PolicyDocument,
        createdAt: call.now,
      }
      const changed: ManagedPolicy = {
        ...policy,
        versions: [...policy.versions, version],
        nextVersion: policy.nextVersion + 1,
        updatedAt: call.now,
        defaultVersion: input.SetAsDefault === true ? version.id : policy.defaultVersion,
      }
      call.account.table(policies).put(changed)
      return { PolicyVersion: versionOut(version, changed) }
    },
  },
  GetPolicyVersion: {
    ...asks(thePolicy),
    run(input, call) {
      const { policy } = getPolicy(input.PolicyArn, call)
      const version = getVersion(policy, input)
      return {
        PolicyVersion: { Document: encodeDocument(version.document), ...versionOut(version, policy) },
      }
    },
  },
  ListPolicyVersions: {
    ...asks(thePolicy),
    run(input, call) {
      const { policy } = getPolicy(input.PolicyArn, call)
      // newest first (behaviour IAM-43)
      const { items, rest } = page(policy.versions.toReversed(), newestFirst, input)
      return { Versions: items.map((version) => versionOut(version, policy)), ...rest }
    },
  },
  SetDefaultPolicyVersion: {
    ...asks(thePolicy),
    run(input, call) {
      const policy = getOwnPolicy(input.PolicyArn, call)
      const version = getVersion(policy, input)
      // a policy's update time is the creation time of its newest version (behaviour IAM-73)
      call.account.table(policies).put({ ...policy, defaultVersion: version.id })
    },
  },
  DeletePolicyVersion: {
    ...asks(thePolicy),
    run(input, call) {
      const policy = getOwnPolicy(input.PolicyArn, call)
      const version = getVersion(policy, input)
      if (version.id === policy.defaultVersion) {
        throw deleteConflict('Cannot delete the default version of a policy.')
      }
      const versions = policy.versions.filter(({ id }) => id !== version.id)
      call.account.table(policies).put({ ...policy, versions })
    },
  },
})

function getVersion(
  policy: ManagedPolicy,
  { PolicyArn, VersionId }: { readonly PolicyArn: string; readonly VersionId: string },
): PolicyVersion {
  const version = policy.versions.find(({ id }) => id === VersionId)
  if (version === undefined) {
    throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`)
  }
  return version
}

/** Returns a key that sorts versions from the newest to the oldest. */
function newestFirst({ id }: PolicyVersion): string {
  return String(1e9 - Number(id.slice(1))).padStart(10, '0')
}

/** Returns a version without its document. */
export function versionOut(version: PolicyVersion, policy: ManagedPolicy): Iam.PolicyVersion {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: version.createdAt,
  }
}
