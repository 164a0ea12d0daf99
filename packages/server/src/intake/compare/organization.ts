import type { AccountId } from '../../base/index.ts'
import {
  type Organization,
  type OrganizationAccount,
  type OrganizationalUnit,
  type OrganizationPolicy,
  type OrganizationPolicyType,
  organizationAccounts,
  organizationAttachments,
  organizationalUnits,
  organizationOf,
  organizationPolicies,
  organizations,
  type ServiceSince,
} from '../../directory/index.ts'
import type { OrganizationImage, ServiceImage } from '../../image/index.ts'
import { awsOrganizationPolicies, organizationLetters } from '../../services/organizations/index.ts'
import { IntakeProblem } from '../problem.ts'
import { refusalOf, sameDocument } from './documents.ts'
import { type AccountPlan, Changes, sameSet, sameTags } from './plan.ts'

/** Units may nest so deep; the rest is damage or malice. */
const deepest = 16

/** Compares an organization; `plan` is that of its management account. */
export function compareOrganization(plan: AccountPlan, image: OrganizationImage): void {
  const { before: account, deps, now } = plan
  const before = account && organizationOf(account)
  if (before !== undefined && image.id !== undefined && before.id !== image.id)
    throw new IntakeProblem(
      image.at,
      `account ${plan.id} manages the organization ${before.id} in this server, not ${image.id}`,
    )
  if (before === undefined && account?.settings.managementAccount !== undefined)
    throw new IntakeProblem(image.at, `account ${plan.id} belongs to another organization in this server`)
  const changes = new Changes()
  const base: Organization = before ?? {
    id: image.id ?? `o-${organizationLetters(10, deps.random)}`,
    rootId: image.rootId ?? `r-${organizationLetters(4, deps.random)}`,
    rootTags: [],
    managementAccount: plan.id,
    ...(plan.partition !== 'aws' && { partition: plan.partition }),
    managementEmail: image.managementEmail ?? account?.settings.email ?? `root@${plan.id}.example.com`,
    featureSet: image.featureSet ?? 'ALL',
    enabledPolicyTypes: [],
    trustedServices: [],
    createdAt: now,
  }
  const organization: Organization = {
    ...base,
    managementEmail: changes.of('e-mail address', base.managementEmail, image.managementEmail),
    featureSet: changes.of('feature set', base.featureSet, image.featureSet),
    rootId: changes.of('root', base.rootId, image.rootId),
    enabledPolicyTypes: changes.of(
      'policy types',
      base.enabledPolicyTypes,
      image.enabledPolicyTypes as readonly OrganizationPolicyType[] | undefined, // further types decide nothing
      sameSet,
    ),
    trustedServices: changes.of(
      'trusted services',
      base.trustedServices,
      servicesSince(image.trustedServices, now),
      sameServices,
    ),
  }
  if (plan.recordChange('organization', organization.id, image.at, before !== undefined, changes))
    plan.put(organizations, organization)
  const isNew = before === undefined
  if (isNew && organization.featureSet === 'ALL')
    for (const policy of awsOrganizationPolicies) plan.put(organizationPolicies, policy)
  checkTree(image, organization.rootId)
  for (const each of image.units) unit(plan, each, organization)
  for (const each of image.accounts) member(plan, each, organization)
  if (isNew && !image.accounts.some(({ account: id }) => id === plan.id))
    member(plan, { at: image.at, account: plan.id }, organization)
  for (const each of image.policies) policy(plan, each)
  attachments(plan, image)
}

function servicesSince(
  given: readonly ServiceImage[] | undefined,
  now: number,
): readonly ServiceSince[] | undefined {
  return given?.map(({ service, since = now }) => ({ service, since }))
}

function sameServices(one: readonly ServiceSince[], other: readonly ServiceSince[]): boolean {
  return sameSet(
    one.map(({ service }) => service),
    other.map(({ service }) => service),
  )
}

/** @throws IntakeProblem if a unit is below itself, or its parent does not exist */
function checkTree({ units, accounts }: OrganizationImage, rootId: string): void {
  const parents = new Map(units.map(({ id, parentId }) => [id, parentId]))
  for (const { at, id, parentId } of [...units, ...accounts.map((each) => ({ ...each, id: each.account }))]) {
    let above = parentId
    for (let depth = 0; above !== undefined && above !== rootId; depth++) {
      if (depth >= deepest || above === id)
        throw new IntakeProblem(at, `${id} is beneath itself, or more than ${deepest} units deep`)
      if (!parents.has(above)) break // a unit that the server may have
      above = parents.get(above)
    }
  }
}

function unit(plan: AccountPlan, image: OrganizationImage['units'][number], { rootId }: Organization): void {
  const before = plan.before?.table(organizationalUnits).find(image.id)
  const changes = new Changes()
  const base: OrganizationalUnit = before ?? {
    id: image.id,
    name: image.name,
    parentId: image.parentId ?? rootId,
    tags: [],
  }
  if (before === undefined && image.parentId === undefined)
    plan.finding(
      image.at,
      'unknown-parent',
      `the source does not say where the unit ${image.name} is: it is put under the root`,
    )
  const record: OrganizationalUnit = {
    id: image.id,
    name: changes.of('name', base.name, image.name),
    parentId: changes.of('parent', base.parentId, image.parentId),
    tags: changes.of('tags', base.tags, image.tags, sameTags),
  }
  if (plan.recordChange('organizational unit', image.name, image.at, before !== undefined, changes))
    plan.put(organizationalUnits, record)
}

function member(
  plan: AccountPlan,
  image: OrganizationImage['accounts'][number],
  { rootId }: Organization,
): void {
  const id: AccountId = image.account
  const before = plan.before?.table(organizationAccounts).find(id)
  const changes = new Changes()
  const base: OrganizationAccount = before ?? {
    id,
    name: image.name ?? `account-${id}`,
    email: image.email ?? `root@${id}.example.com`,
    parentId: image.parentId ?? rootId,
    status: 'ACTIVE',
    joinedMethod: 'INVITED',
    joinedAt: image.joinedAt ?? plan.now,
    administers: [],
    tags: [],
  }
  if (before === undefined && image.parentId === undefined && id !== plan.id)
    plan.finding(
      image.at,
      'unknown-parent',
      `the source does not say in which unit account ${id} is: it is put under the root`,
    )
  const record: OrganizationAccount = {
    ...base,
    name: changes.of('name', base.name, image.name),
    email: changes.of('e-mail address', base.email, image.email),
    parentId: changes.of('parent', base.parentId, image.parentId),
    status: changes.of('status', base.status, image.status),
    joinedMethod: changes.of('how it joined', base.joinedMethod, image.joinedMethod),
    joinedAt: changes.instant('when it joined', base.joinedAt, image.joinedAt),
    administers: changes.of(
      'delegated services',
      base.administers,
      servicesSince(image.administers, plan.now),
      sameServices,
    ),
    tags: changes.of('tags', base.tags, image.tags, sameTags),
  }
  if (plan.recordChange('member account', id, image.at, before !== undefined, changes))
    plan.put(organizationAccounts, record)
}

function policy(plan: AccountPlan, image: OrganizationImage['policies'][number]): void {
  if (image.awsManaged === true || awsOrganizationPolicies.some(({ id }) => id === image.id)) return
  const before = plan.before?.table(organizationPolicies).find(image.id)
  if (before === undefined && image.content === undefined) {
    const reason = 'the source does not have its document: add the answer of describe-policy'
    plan.notTake(image.at, 'organization policy', image.name, reason)
    return
  }
  const kind =
    image.type === 'RESOURCE_CONTROL_POLICY'
      ? 'rcp'
      : image.type === 'SERVICE_CONTROL_POLICY'
        ? 'scp'
        : undefined
  const refusal = kind && image.content !== undefined ? refusalOf(image.content, kind) : undefined
  if (refusal !== undefined)
    plan.finding(
      image.at,
      'invalid-policy',
      `AWS would not store the organization policy ${image.name}: ${refusal}`,
    )
  const changes = new Changes()
  const base: OrganizationPolicy = before ?? {
    id: image.id,
    type: image.type as OrganizationPolicyType, // further types decide nothing
    name: image.name,
    description: image.description ?? '',
    content: image.content ?? '',
    awsManaged: false,
    tags: [],
    updatedAt: plan.now,
  }
  const record: OrganizationPolicy = {
    ...base,
    name: changes.of('name', base.name, image.name),
    description: changes.of('description', base.description, image.description),
    content: changes.of('document', base.content, image.content, sameDocument),
    tags: changes.of('tags', base.tags, image.tags, sameTags),
  }
  if (plan.recordChange('organization policy', image.name, image.at, before !== undefined, changes))
    plan.put(organizationPolicies, record)
}

/** The attachments of each target. A source that has targets of a policy has all of them for it. */
function attachments(plan: AccountPlan, { attachments: images }: OrganizationImage): void {
  for (const [target, group] of Map.groupBy(images, (each) => each.target)) {
    const table = plan.before?.table(organizationAttachments)
    const before = table?.find(target)
    const kept = before?.policies ?? []
    const given = group.map(({ policyId }) => policyId).filter((id) => id !== 'p-RCPFullAWSAccess')
    const added = given.filter((id) => !kept.includes(id))
    const [first] = group
    if (first === undefined) continue
    const changes = new Changes()
    changes.names.push(...added.map((id) => `policy ${id} attached`))
    if (plan.recordChange('attachments', target, first.at, before !== undefined, changes))
      plan.put(organizationAttachments, { ...before, target, policies: [...kept, ...added] })
  }
}
