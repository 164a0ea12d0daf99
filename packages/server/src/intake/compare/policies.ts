import { policySize } from '@omen-iam/policy'
import { newId } from '../../base/index.ts'
import {
  type InstanceProfile,
  instanceProfiles,
  type ManagedPolicy,
  type PolicyVersion,
  policies,
} from '../../directory/index.ts'
import type { InstanceProfileImage, ManagedPolicyImage, PolicyVersionImage } from '../../image/index.ts'
import { refusalOf, sameDocument } from './documents.ts'
import { type AccountPlan, Changes, sameSecond, sameTags } from './plan.ts'

/** AWS keeps so many versions of a policy. */
const versionsMost = 5

/** Compares a managed policy. */
export function comparePolicy(plan: AccountPlan, image: ManagedPolicyImage): void {
  const before = plan.counterpart(policies, image)
  if (before === undefined && (image.versions ?? []).length === 0) {
    plan.notTake(image.at, 'managed policy', image.name, 'the source does not have its document')
    return
  }
  const changes = new Changes()
  const createdAt = image.createdAt ?? plan.now
  const id = image.id ?? before?.id ?? newId('ANPA', plan.id, plan.deps.random)
  const base: ManagedPolicy = before ?? {
    id,
    name: image.name,
    path: '/',
    createdAt,
    updatedAt: image.updatedAt ?? createdAt,
    defaultVersion: 'v1',
    versions: [],
    nextVersion: 1,
    tags: [],
  }
  for (const { document, at } of image.versions ?? []) {
    const refusal = refusalOf(document, 'identity')
    if (refusal !== undefined)
      plan.finding(at, 'invalid-policy', `AWS would not store the managed policy ${image.name}: ${refusal}`)
    plan.checkQuota('PolicySize', policySize(document), at, `managed policy ${image.name}`)
  }
  const description = changes.of('description', base.description, image.description)
  const kept = versionsOf(plan, base, image, changes)
  plan.checkQuota(
    'VersionsPerPolicy',
    kept.versions.length,
    image.at,
    `versions of managed policy ${image.name}`,
  )
  const isNewer = image.updatedAt === undefined && changes.names.length > 0
  const policy: ManagedPolicy = {
    id: changes.of('unique id', base.id, id),
    name: changes.of('name', base.name, image.name),
    path: changes.of('path', base.path, image.path),
    createdAt: changes.instant('creation date', base.createdAt, image.createdAt),
    updatedAt: isNewer
      ? plan.now
      : changes.instant('date of the last update', base.updatedAt, image.updatedAt),
    ...kept,
    tags: changes.of('tags', base.tags, image.tags, sameTags),
    ...(description === undefined ? {} : { description }),
  }
  plan.policyArns.add(plan.arn('policy', policy.path, policy.name))
  if (!plan.recordChange('managed policy', image.name, image.at, before !== undefined, changes)) return
  if (before !== undefined && before.id !== policy.id) plan.remove(policies, before.id)
  plan.put(policies, policy)
}

type Versions = Pick<ManagedPolicy, 'versions' | 'defaultVersion' | 'nextVersion'>

function versionsOf(
  plan: AccountPlan,
  base: ManagedPolicy,
  { versions, defaultVersion }: ManagedPolicyImage,
  changes: Changes,
): Versions {
  const kept = { versions: base.versions, defaultVersion: base.defaultVersion, nextVersion: base.nextVersion }
  if (versions === undefined) {
    const isThere = base.versions.some(({ id }) => id === defaultVersion)
    return isThere
      ? { ...kept, defaultVersion: changes.of('default version', base.defaultVersion, defaultVersion) }
      : kept
  }
  const unnumbered = versions.find(({ id }) => id === undefined)
  return unnumbered === undefined
    ? numbered(plan, base, versions, defaultVersion, changes)
    : withDocument(plan, kept, unnumbered, changes)
}

/** All versions with their numbers, as AWS lists them. */
function numbered(
  plan: AccountPlan,
  base: ManagedPolicy,
  images: readonly PolicyVersionImage[],
  defaultVersion: string | undefined,
  changes: Changes,
): Versions {
  const left = new Map(base.versions.map((version) => [version.id, version]))
  const versions = images.map((image): PolicyVersion => {
    const id = image.id ?? 'v1' // all have one
    const before = left.get(id)
    left.delete(id)
    const createdAt = image.createdAt ?? before?.createdAt ?? plan.now
    if (
      before !== undefined &&
      sameDocument(before.document, image.document) &&
      sameSecond(before.createdAt, image.createdAt)
    )
      return before
    changes.names.push(`version ${id}`)
    const document =
      before !== undefined && sameDocument(before.document, image.document) ? before.document : image.document
    return { id, document, createdAt }
  })
  for (const id of left.keys()) changes.names.push(`version ${id} removed`)
  versions.sort((a, b) => numberOf(a.id) - numberOf(b.id))
  const last = numberOf(versions.at(-1)?.id ?? 'v0')
  return {
    versions,
    defaultVersion: changes.of('default version', base.defaultVersion, defaultVersion ?? `v${last}`),
    nextVersion: Math.max(base.nextVersion, last + 1),
  }
}

/** The versions after a document becomes the default one's, as a template changes a policy. */
function withDocument(
  plan: AccountPlan,
  kept: Versions,
  { document, createdAt = plan.now }: PolicyVersionImage,
  changes: Changes,
): Versions {
  const now = kept.versions.find(({ id }) => id === kept.defaultVersion)
  if (now !== undefined && sameDocument(now.document, document)) return kept
  const same = kept.versions.find((version) => sameDocument(version.document, document))
  if (same !== undefined)
    return { ...kept, defaultVersion: changes.of('default version', kept.defaultVersion, same.id) }
  const id = `v${kept.nextVersion}`
  changes.names.push(`version ${id}`)
  const surplus = kept.versions.length - (versionsMost - 1)
  const versions = surplus > 0 ? kept.versions.slice(surplus) : kept.versions
  return {
    versions: [...versions, { id, document, createdAt }],
    defaultVersion: id,
    nextVersion: kept.nextVersion + 1,
  }
}

function numberOf(id: string): number {
  return Number(id.slice(1))
}

/** Compares an instance profile. */
export function compareProfile(plan: AccountPlan, image: InstanceProfileImage): void {
  const before = plan.counterpart(instanceProfiles, image)
  const changes = new Changes()
  const id = image.id ?? before?.id ?? newId('AIPA', plan.id, plan.deps.random)
  const base: InstanceProfile = before ?? {
    id,
    name: image.name,
    path: '/',
    createdAt: image.createdAt ?? plan.now,
    tags: [],
  }
  const roleOfImage =
    typeof image.role === 'string' ? plan.ids.role.get(image.role.toLowerCase()) : image.role
  if (typeof image.role === 'string' && roleOfImage === undefined)
    plan.finding(
      image.at,
      'unknown-role',
      `instance profile ${image.name} has the role ${image.role}, which is not there`,
    )
  const roleId = changes.of('role', base.roleId ?? null, roleOfImage)
  const profile: InstanceProfile = {
    id: changes.of('unique id', base.id, id),
    name: changes.of('name', base.name, image.name),
    path: changes.of('path', base.path, image.path),
    createdAt: changes.instant('creation date', base.createdAt, image.createdAt),
    tags: changes.of('tags', base.tags, image.tags, sameTags),
    ...(roleId === null ? {} : { roleId }),
  }
  if (!plan.recordChange('instance profile', image.name, image.at, before !== undefined, changes)) return
  if (before !== undefined && before.id !== profile.id) plan.remove(instanceProfiles, before.id)
  plan.put(instanceProfiles, profile)
}
