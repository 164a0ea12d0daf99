import {
  type AnywhereProfile,
  type AnywhereThing,
  anywhereProfiles,
  type IdentityPool,
  identityPools,
  type PodAssociation,
  podAssociations,
  podSubject,
  type TrustAnchor,
  trustAnchors,
  usualMappings,
} from '../../directory/index.ts'
import type { AnchorImage, CertificateProfileImage, PodImage, PoolImage } from '../../image/index.ts'
import { type AccountPlan, Changes } from './plan.ts'

/** Members that differ in how one reads them. */
const words: Readonly<Record<string, string>> = {
  roleArn: 'role',
  roleArns: 'roles',
  disableSessionTags: 'session tags',
  letsGuests: 'guests',
  letsClassic: 'classic flow',
  tagMaps: 'principal tags',
  mappings: 'mappings',
  bundle: 'certificates',
  sessionPolicy: 'session policy',
  managedPolicyArns: 'managed policies',
  durationSeconds: 'session duration',
  acceptsSessionName: 'session names',
}

/** Compares an association of a role with pods (behaviour POD-31). */
export function comparePod(plan: AccountPlan, image: PodImage): void {
  const { region = '', cluster = '', namespace = '', serviceAccount = '' } = image
  const subject = { region, cluster, namespace, serviceAccount }
  const table = plan.before?.table(podAssociations)
  const before = table?.find(image.id) ?? table?.findBy('subject', podSubject(subject))
  const fresh: PodAssociation = {
    id: image.id,
    ...subject,
    roleArn: image.roleArn ?? '',
    disableSessionTags: false,
    tags: {},
    createdAt: plan.now,
    modifiedAt: plan.now,
  }
  const what = `${namespace}/${serviceAccount} in ${cluster}`
  const changed = joined(plan, 'association of pods', what, image, before, fresh)
  if (changed !== undefined) plan.put(podAssociations, changed)
  checkRoles(plan, image, what, [image.roleArn])
}

/** Compares an identity pool. [COG-39] */
export function comparePool(plan: AccountPlan, image: PoolImage): void {
  const before = plan.before?.table(identityPools).find(image.id)
  const name = before?.name ?? image.name
  if (name === undefined) {
    plan.notTake(image.at, 'identity pool', image.id, 'the answer of describe-identity-pool is missing')
    return
  }
  const fresh: IdentityPool = {
    id: image.id,
    name,
    letsGuests: false,
    letsClassic: false,
    supportedLogins: {},
    oidcProviders: [],
    userPools: [],
    samlProviders: [],
    tags: {},
    roles: {},
    mappings: {},
    tagMaps: {},
  }
  const changed = joined(plan, 'identity pool', image.name ?? image.id, image, before, fresh)
  if (changed !== undefined) plan.put(identityPools, changed)
  if (before === undefined) plan.pools.push(image.id)
  const mapped = Object.values(image.mappings ?? {}).flatMap(({ rules }) =>
    rules.map(({ roleArn }) => roleArn),
  )
  checkRoles(plan, image, name, [...Object.values(image.roles ?? {}), ...mapped])
}

/** Compares a trust anchor. [RAN-26] */
export function compareAnchor(plan: AccountPlan, image: AnchorImage): void {
  const before = plan.before?.table(trustAnchors).find(image.id)
  const fresh: TrustAnchor = { ...thing(plan, image), bundle: image.bundle ?? '' }
  if (before === undefined && image.bundle === undefined) {
    plan.notTake(image.at, 'trust anchor', image.id, 'the answer of list-trust-anchors is missing')
    return
  }
  const changed = joined(plan, 'trust anchor', image.name ?? image.id, image, before, fresh)
  if (changed !== undefined) plan.put(trustAnchors, changed)
}

/** Compares a profile of IAM Roles Anywhere. [RAN-26] */
export function compareCertificateProfile(plan: AccountPlan, image: CertificateProfileImage): void {
  const before = plan.before?.table(anywhereProfiles).find(image.id)
  if (before === undefined && image.roleArns === undefined) {
    plan.notTake(image.at, 'profile', image.id, 'the answer of list-profiles is missing')
    return
  }
  const fresh: AnywhereProfile = {
    ...thing(plan, image),
    createdBy: '',
    roleArns: [],
    managedPolicyArns: [],
    durationSeconds: 3_600,
    acceptsSessionName: false,
    mappings: usualMappings,
  }
  const name = image.name ?? image.id
  const changed = joined(plan, 'profile of IAM Roles Anywhere', name, image, before, fresh)
  if (changed !== undefined) plan.put(anywhereProfiles, changed)
  checkRoles(plan, image, name, image.roleArns ?? [])
}

function thing(plan: AccountPlan, { id, region = '', name = '' }: AnchorImage): AnywhereThing {
  return { id, region, name, enabled: false, tags: [], createdAt: plan.now, updatedAt: plan.now }
}

/** The record to store; undefined if there is nothing to write. Dates of what is there already are kept. */
function joined<R extends { readonly id: string }>(
  plan: AccountPlan,
  kind: string,
  name: string,
  image: { readonly at: PodImage['at']; readonly id: string },
  before: R | undefined,
  fresh: R,
): R | undefined {
  const changes = new Changes()
  const record: Record<string, unknown> = { ...(before ?? fresh) }
  for (const [member, value] of Object.entries(image)) {
    const isKept = before !== undefined && /^(?:createdAt|updatedAt|modifiedAt|createdBy)$/.test(member)
    if (member === 'at' || member === 'id' || value === undefined || isKept) continue
    record[member] = changes.of(words[member] ?? member, record[member], value, sameContent)
  }
  const isWritten = plan.recordChange(kind, name, image.at, before !== undefined, changes)
  return isWritten ? (record as unknown as R) : undefined // a record with values of the same members
}

function sameContent(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** A finding for each role of the account that it does not have. */
function checkRoles(
  plan: AccountPlan,
  { at }: Pick<PodImage, 'at'>,
  name: string,
  arns: readonly (string | undefined)[],
): void {
  const prefix = `arn:${plan.partition}:iam::${plan.id}:role/`
  for (const arn of new Set(arns))
    if (arn?.startsWith(prefix) && !plan.ids.role.has(arn.slice(arn.lastIndexOf('/') + 1).toLowerCase()))
      plan.finding(at, 'no-role', `${name}: the account has no role ${arn}, so nobody gets it`)
}
