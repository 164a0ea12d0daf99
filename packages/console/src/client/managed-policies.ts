import { query } from './aws.ts'
import { everyPage } from './iam.ts'
import { decoded } from './policies.ts'
import type { Tag } from './query-protocol.ts'

/** One managed policy with its versions. */
export interface PolicyDetails {
  readonly name: string
  readonly arn: string
  readonly id: string
  readonly path: string
  readonly description: string
  readonly created: string
  readonly updated: string
  readonly attachments: number
  readonly boundaries: number
  readonly defaultVersion: string
  readonly tags: readonly Tag[]
  /** Newest first. */
  readonly versions: readonly PolicyVersion[]
}

export interface PolicyVersion {
  readonly id: string
  readonly created: string
  readonly isDefault: boolean
}

/** A managed policy, with the list of its versions. */
export async function policyDetails(arn: string, signal?: AbortSignal): Promise<PolicyDetails> {
  const [answer, versions] = await Promise.all([
    query('iam', 'GetPolicy', { PolicyArn: arn }, { signal }),
    everyPage('ListPolicyVersions', 'Versions', { PolicyArn: arn }, signal),
  ])
  const policy = answer.child('Policy')
  return {
    name: policy.text('PolicyName'),
    arn,
    id: policy.text('PolicyId'),
    path: policy.text('Path'),
    description: policy.text('Description'),
    created: policy.text('CreateDate'),
    updated: policy.text('UpdateDate'),
    attachments: Number(policy.text('AttachmentCount')),
    boundaries: Number(policy.text('PermissionsBoundaryUsageCount')),
    defaultVersion: policy.text('DefaultVersionId'),
    tags: policy.tags(),
    versions: versions.map((version) => ({
      id: version.text('VersionId'),
      created: version.text('CreateDate'),
      isDefault: version.text('IsDefaultVersion') === 'true',
    })),
  }
}

/** The document of one version. */
export async function versionDocument(arn: string, version: string, signal?: AbortSignal): Promise<string> {
  const found = await query('iam', 'GetPolicyVersion', { PolicyArn: arn, VersionId: version }, { signal })
  return decoded(found.child('PolicyVersion').text('Document'))
}

/** A policy keeps five versions at most. */
const mostVersions = 5

/** Saves a text as the new default version; of five versions the oldest that is not the default one gives way. */
export async function saveVersion(policy: PolicyDetails, document: string): Promise<void> {
  const oldest = policy.versions.filter(({ isDefault }) => !isDefault).at(-1)
  if (policy.versions.length >= mostVersions && oldest !== undefined)
    await query('iam', 'DeletePolicyVersion', { PolicyArn: policy.arn, VersionId: oldest.id })
  await query('iam', 'CreatePolicyVersion', {
    PolicyArn: policy.arn,
    PolicyDocument: document,
    SetAsDefault: true,
  })
}

/** A principal that has a policy, or is limited by it. */
export interface PolicyHolder {
  readonly kind: 'role' | 'user' | 'group'
  readonly name: string
  readonly id: string
  readonly asBoundary: boolean
}

const lists = [
  ['role', 'PolicyRoles', 'Role'],
  ['user', 'PolicyUsers', 'User'],
  ['group', 'PolicyGroups', 'Group'],
] as const

/** Every role, user and group that has the policy attached, and everybody whom it limits. */
export async function policyHolders(arn: string, signal?: AbortSignal): Promise<readonly PolicyHolder[]> {
  const ask = async (asBoundary: boolean) => {
    const PolicyUsageFilter = asBoundary ? 'PermissionsBoundary' : 'PermissionsPolicy'
    const each = await Promise.all(
      lists.map(async ([kind, list, prefix]) =>
        (
          await everyPage(
            'ListEntitiesForPolicy',
            list,
            { PolicyArn: arn, PolicyUsageFilter, EntityFilter: prefix },
            signal,
          )
        ).map(
          (entity): PolicyHolder => ({
            kind,
            name: entity.text(`${prefix}Name`),
            id: entity.text(`${prefix}Id`),
            asBoundary,
          }),
        ),
      ),
    )
    return each.flat()
  }
  return [...(await ask(false)), ...(await ask(true))]
}

/** Detaches a policy, or removes it as a boundary. */
export async function releaseHolder(arn: string, { kind, name, asBoundary }: PolicyHolder): Promise<void> {
  const prefix = { role: 'Role', user: 'User', group: 'Group' }[kind]
  const who = { [`${prefix}Name`]: name }
  if (asBoundary) await query('iam', `Delete${prefix}PermissionsBoundary`, who)
  else await query('iam', `Detach${prefix}Policy`, { ...who, PolicyArn: arn })
}

/** Deletes a policy with its versions; it must not be attached. */
export async function deletePolicy(policy: PolicyDetails): Promise<void> {
  const PolicyArn = policy.arn
  for (const { id, isDefault } of policy.versions)
    if (!isDefault) await query('iam', 'DeletePolicyVersion', { PolicyArn, VersionId: id })
  await query('iam', 'DeletePolicy', { PolicyArn })
}
