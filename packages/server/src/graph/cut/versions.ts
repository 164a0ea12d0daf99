import { parsePolicy } from '@omen-iam/policy'
import { currentOf, type Document, type ManagedPolicy, type World } from '../world/world.ts'

/** A policy that allows nothing, for a managed policy of which nothing is left: a document cannot be empty. */
export const allowsNothing = JSON.stringify(
  { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'none:null', Resource: '*' }] },
  undefined,
  2,
)

/** The inline and the attached policies of a user, role or group. */
export function documentsOf(
  { policies }: World,
  { inline, attached }: { readonly inline: readonly Document[]; readonly attached: readonly string[] },
): readonly Document[] {
  return [...inline, ...attached.flatMap((arn) => currentOf(policies.get(arn)) ?? [])]
}

const mostVersions = 5

/** The version that goes before a policy gets a new one: the oldest that is not the default, if there is no room. */
export function outdatedVersion({ versions, defaultVersion }: ManagedPolicy): string | undefined {
  if (versions.size < mostVersions) return undefined
  return [...versions.keys()]
    .filter((version) => version !== defaultVersion)
    .sort((one, other) => numberOf(one) - numberOf(other))[0]
}

/**
 * A policy after iam:CreatePolicyVersion with a new default version. The version before stays, and who may set the
 * default version can bring it back.
 */
export function withNewVersion(policy: ManagedPolicy, left: Document | undefined): ManagedPolicy {
  const before = currentOf(policy)
  if (before === undefined) return policy
  const versions = new Map(policy.versions)
  const outdated = outdatedVersion(policy)
  if (outdated !== undefined) versions.delete(outdated)
  const defaultVersion = `v${Math.max(...[...policy.versions.keys()].map(numberOf)) + 1}`
  versions.set(defaultVersion, left ?? { ...before, policy: nothing() })
  return { ...policy, versions, defaultVersion }
}

function numberOf(version: string): number {
  return Number(version.slice(1))
}

function nothing(): Document['policy'] {
  const found = parsePolicy(allowsNothing, 'identity')
  if (!found.ok) throw new Error(found.message)
  return found.policy
}
