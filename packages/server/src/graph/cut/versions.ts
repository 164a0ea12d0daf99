import { currentOf, type Document, type ManagedPolicy, type World } from '../world/world.ts'

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
export function withNewVersion(policy: ManagedPolicy, left: Document): ManagedPolicy {
  const versions = new Map(policy.versions)
  const outdated = outdatedVersion(policy)
  if (outdated !== undefined) versions.delete(outdated)
  const defaultVersion = `v${Math.max(...[...policy.versions.keys()].map(numberOf)) + 1}`
  versions.set(defaultVersion, left)
  return { ...policy, versions, defaultVersion }
}

function numberOf(version: string): number {
  return Number(version.slice(1))
}
