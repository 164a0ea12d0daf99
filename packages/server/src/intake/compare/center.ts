import { type AccountId, accountInArn, factsOf, uuid } from '../../base/index.ts'
import {
  accountDigits,
  centerService,
  hashOfSet,
  hex,
  isTrustedIn,
  storeEntityId,
} from '../../center/index.ts'
import {
  accessApplicationOf,
  accessApplications,
  accessEntitlements,
  accessQuotas,
  type Center,
  type CenterGroup,
  type CenterUser,
  centerAssignments,
  centerGroups,
  centerMemberships,
  centerOf,
  centers,
  centerUsers,
  entitlementByPrincipal,
  organizationOf,
  type PermissionSet,
  permissionSets,
  provisionings,
  roles,
} from '../../directory/index.ts'
import type {
  AccountImage,
  CenterAssignmentImage,
  CenterGroupImage,
  CenterMembershipImage,
  CenterUserImage,
  PermissionSetImage,
  RoleImage,
  SourcePlace,
} from '../../image/index.ts'
import { refusalOf, sameDocument } from './documents.ts'
import { type AccountPlan, Changes, sameSet, sameTags } from './plan.ts'

type EntitlementImage = NonNullable<NonNullable<AccountImage['center']>['entitlements']>[number]

const reservedName = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/

/** The roles that permission sets are in the accounts of an import, by account and set. */
export class ReservedRoles {
  readonly #ids = new Map<string, string>()
  readonly #regions = new Set<string>()

  /** Notes those of an account whose ids are assigned. */
  note({ id, ids, partition }: AccountPlan, given: readonly RoleImage[]): void {
    for (const { name, path = '' } of given) {
      if (!path.startsWith(`/aws-reserved/${centerService}/`)) continue
      const set = reservedName.exec(name)?.[1]
      const role = ids.role.get(name.toLowerCase())
      if (set === undefined || role === undefined) continue
      this.#ids.set(`${id} ${set}`, role)
      this.#regions.add(path.split('/')[3] || factsOf(partition).globalRegion)
    }
  }

  /** The id of the role; undefined if the account has none. */
  find(account: AccountId, set: string, { deps }: AccountPlan): string | undefined {
    const setId = this.#ids.get(`${account} ${set}`)
    if (setId !== undefined) return setId
    for (const { id, name, reservedBy } of deps.directory.loaded(account)?.table(roles).values() ?? [])
      if (reservedBy === centerService && reservedName.exec(name)?.[1] === set) return id
    return undefined
  }

  /** The home region of the instance, as paths of roles say it. */
  get region(): string | undefined {
    return this.#regions.size === 1 ? [...this.#regions][0] : undefined
  }
}

/** Whether an image has something of IAM Identity Center. */
export function hasCenter(image: AccountImage): boolean {
  const lists = [image.centerUsers, image.centerGroups, image.permissionSets, image.centerAssignments]
  return image.center !== undefined || lists.some(({ length }) => length > 0)
}

/**
 * Compares the instance of IAM Identity Center that an account owns, its directory and its assignments (behaviour SSO-110). It
 * yields after each entity, so that others have their turn.
 */
export function* compareCenter(
  plan: AccountPlan,
  image: AccountImage,
  reserved: ReservedRoles,
  managesOrganization: boolean,
  people: AccountPlan,
): Generator<undefined> {
  const center = instance(plan, image, reserved, managesOrganization)
  if (center === undefined) return
  yield* new CenterComparison(plan, people, center, reserved).compare(image)
}

/** The instance; undefined if nothing says which one it is. */
function instance(
  plan: AccountPlan,
  { at, center: given, permissionSets: sets }: AccountImage,
  reserved: ReservedRoles,
  managesOrganization: boolean,
): Center | undefined {
  const before = plan.before && centerOf(plan.before)
  const organization = plan.before && organizationOf(plan.before)
  if (before === undefined && given?.id === undefined) {
    plan.notTake(given?.at ?? at, 'IAM Identity Center', plan.id, 'the answer of list-instances is missing')
    return undefined
  }
  if (before !== undefined && given?.id !== undefined && before.id !== given.id)
    plan.finding(
      given.at,
      'other-instance',
      `the account has the instance ${before.id} in this server: what is of ${given.id} becomes part of it`,
    )
  if (!managesOrganization && organization === undefined)
    plan.finding(
      given?.at ?? at,
      'no-organization',
      `account ${plan.id} manages no organization: nobody gets a role from IAM Identity Center until it does`,
    )
  else if (organization !== undefined && !managesOrganization && !isTrustedIn(organization))
    plan.finding(given?.at ?? at, 'not-trusted', `the organization does not trust ${centerService}`)
  const { deps, id } = plan
  const base: Center = before ?? {
    id: given?.id ?? `ssoins-${accountDigits(id)}${hex(6, deps.random)}`,
    storeId: given?.storeId ?? `d-${accountDigits(id)}`,
    owner: id,
    kind: managesOrganization || organization !== undefined || sets.length > 0 ? 'organization' : 'account',
    region: given?.region ?? reserved.region ?? factsOf(plan.partition).globalRegion,
    createdAt: given?.createdAt ?? plan.now,
    tags: [],
  }
  const changes = new Changes()
  const attributes = changes.of('attributes', base.attributes, given?.attributes, same)
  const center: Center = { ...base, ...(attributes === undefined ? {} : { attributes }) }
  const place = given?.at ?? at
  if (plan.recordChange('instance of IAM Identity Center', center.id, place, before !== undefined, changes))
    plan.put(centers, center)
  return center
}

/** One comparison: what it makes is known by the ids of the image. */
class CenterComparison {
  readonly #plan: AccountPlan
  /** That of the people beside the account: users, groups and memberships. */
  readonly #people: AccountPlan
  readonly #center: Center
  readonly #reserved: ReservedRoles
  /** By type and the image's id: the id here. */
  readonly #principals = new Map<string, string>()
  /** By type and the image's id, for people. */
  readonly #names = new Map<string, string>()
  readonly #sets = new Map<string, PermissionSet>()
  /** Entitlements that are compared, as their index names them. */
  readonly #entitled = new Set<string>()

  constructor(plan: AccountPlan, people: AccountPlan, center: Center, reserved: ReservedRoles) {
    this.#plan = plan
    this.#people = people
    this.#center = center
    this.#reserved = reserved
  }

  *compare(image: AccountImage): Generator<undefined> {
    yield* eachOf(image.centerGroups, (each) => this.#group(each))
    yield* eachOf(image.centerUsers, (each) => this.#user(each))
    yield* eachOf(image.centerMemberships, (each) => this.#membership(each))
    yield* eachOf(image.permissionSets, (each) => this.#set(each))
    yield* eachOf(image.centerAssignments, (each) => this.#assignment(each))
    const { center } = image
    if (center?.entitlements === undefined) return
    if (this.#center.kind !== 'organization') {
      this.#plan.notTake(
        center.at,
        'entitlements',
        this.#plan.id,
        'the instance is not one of an organization',
      )
      return
    }
    this.#application()
    yield* eachOf(center.entitlements, (each) => this.#entitlement(each, center.at))
  }

  #group(image: CenterGroupImage): void {
    const table = this.#people.before?.table(centerGroups)
    const before = table?.find(image.id) ?? table?.findBy('name', image.name.toLowerCase())
    const changes = new Changes()
    const { now } = this.#plan
    const base: CenterGroup = before ?? {
      id: image.id,
      displayName: image.name,
      createdAt: now,
      updatedAt: now,
      ...(image.description === undefined ? {} : { description: image.description }),
    }
    const description = changes.of('description', base.description, image.description)
    const group: CenterGroup = {
      ...base,
      displayName: changes.of('name', base.displayName, image.name),
      ...(description === undefined ? {} : { description }),
    }
    this.#principals.set(`GROUP ${image.id}`, group.id)
    this.#names.set(`GROUP ${image.id}`, image.name)
    if (this.#plan.recordChange('group of a directory', image.name, image.at, before !== undefined, changes))
      this.#people.put(centerGroups, group)
  }

  #user(image: CenterUserImage): void {
    const table = this.#people.before?.table(centerUsers)
    const before = table?.find(image.id) ?? table?.findBy('name', image.name.toLowerCase())
    const changes = new Changes()
    const { now } = this.#plan
    const members = JSON.parse(image.given) as CenterUser['given'] // an object: the reader writes it, and its shape is checked
    const base: CenterUser = before ?? {
      id: image.id,
      userName: image.name,
      given: members,
      enabled: image.enabled ?? true,
      createdAt: now,
      updatedAt: now,
    }
    const user: CenterUser = {
      ...base,
      userName: changes.of('name', base.userName, image.name),
      given: changes.of('attributes', base.given, members, same),
      enabled: changes.of('status', base.enabled, image.enabled),
    }
    this.#principals.set(`USER ${image.id}`, user.id)
    this.#names.set(`USER ${image.id}`, image.name)
    if (this.#plan.recordChange('user of a directory', image.name, image.at, before !== undefined, changes))
      this.#people.put(centerUsers, user)
  }

  #membership({ at, id, group, user }: CenterMembershipImage): void {
    const ids = { group: this.#idOf('GROUP', group, at), user: this.#idOf('USER', user, at) }
    if (ids.group === undefined || ids.user === undefined) return
    const before = this.#people.before?.table(centerMemberships).findBy('pair', `${ids.group} ${ids.user}`)
    const names = [`USER ${user}`, `GROUP ${group}`].map((each) => this.#names.get(each) ?? each)
    this.#plan.recordChange('membership', names.join(' in '), at, before !== undefined, new Changes())
    if (before === undefined)
      this.#people.put(centerMemberships, {
        id: id ?? storeEntityId(this.#center.storeId, this.#plan.deps.random),
        group: ids.group,
        user: ids.user,
        createdAt: this.#plan.now,
      })
  }

  #set(image: PermissionSetImage): void {
    const plan = this.#plan
    const { id, name, at } = image
    if (name === undefined) {
      plan.notTake(at, 'permission set', id, 'the answer of describe-permission-set is missing')
      return
    }
    const table = plan.before?.table(permissionSets)
    const before = table?.find(id) ?? table?.findBy('name', name.toLowerCase())
    const changes = new Changes()
    const base: PermissionSet = before ?? {
      id,
      name,
      duration: 'PT1H',
      createdAt: image.createdAt ?? plan.now,
      managed: [],
      referred: [],
      tags: [],
    }
    const refusal = image.inline === undefined ? undefined : refusalOf(image.inline, 'identity')
    if (refusal !== undefined)
      plan.finding(at, 'invalid-policy', `permission set ${name}: AWS would not store its policy: ${refusal}`)
    const inline = changes.of('inline policy', base.inline, image.inline, sameText)
    const description = changes.of('description', base.description, image.description)
    const relayState = changes.of('relay state', base.relayState, image.relayState)
    const boundary = changes.of('permissions boundary', base.boundary, image.boundary, same)
    const set: PermissionSet = {
      ...base,
      name: changes.of('name', base.name, name),
      duration: changes.of('session duration', base.duration, image.duration),
      managed: changes.of('managed policies', base.managed, image.managed, sameSet),
      referred: changes.of('customer managed policies', base.referred, image.referred, same),
      tags: changes.of('tags', base.tags, image.tags, sameTags),
      ...(inline === undefined ? {} : { inline }),
      ...(description === undefined ? {} : { description }),
      ...(relayState === undefined ? {} : { relayState }),
      ...(boundary === undefined ? {} : { boundary }),
    }
    this.#sets.set(id, set)
    if (plan.recordChange('permission set', name, at, before !== undefined, changes))
      plan.put(permissionSets, set)
  }

  #assignment({ at, account, set: setId, type, principal }: CenterAssignmentImage): void {
    const plan = this.#plan
    const set = this.#sets.get(setId) ?? plan.before?.table(permissionSets).find(setId)
    const id = this.#idOf(type, principal, at)
    if (id === undefined) return
    if (set === undefined) {
      plan.notTake(at, 'account assignment', setId, 'the answer of describe-permission-set is missing')
      return
    }
    const assignment = { account, set: set.id, type, principal: id }
    const before = plan.before?.table(centerAssignments).find(`${account} ${set.id} ${type} ${id}`)
    plan.recordChange(
      'account assignment',
      `${set.name} in ${account}`,
      at,
      before !== undefined,
      new Changes(),
    )
    if (before === undefined) plan.put(centerAssignments, assignment)
    this.#provisioning(set, account, at)
  }

  /** The account access manager, if there is none yet. */
  #application(): void {
    const plan = this.#plan
    if (plan.before !== undefined && accessApplicationOf(plan.before) !== undefined) return
    plan.put(accessApplications, {
      id: hex(16, plan.deps.random),
      region: this.#center.region,
      tenant: `aa-${accountDigits(plan.id)}`,
      center: this.#center.id,
      centerApplication: `apl-${hex(16, plan.deps.random)}`,
      tags: [],
      createdAt: plan.now,
      updatedAt: plan.now,
    })
  }

  #entitlement({ id, createdAt, type, principal, role }: EntitlementImage, at: SourcePlace): void {
    const plan = this.#plan
    const principalId = this.#idOf(type, principal, at)
    if (principalId === undefined) return
    const account = accountInArn(role)
    if (account === undefined) plan.notTake(at, 'entitlement', role, 'it is not the ARN of a role')
    if (account === undefined) return
    const given = { type, principal: principalId, account, roleArn: role }
    const key = entitlementByPrincipal(given)
    if (this.#entitled.has(key)) return
    const isFull = this.#entitled.size >= accessQuotas.entitlements
    if (isFull) plan.notTake(at, 'entitlement', role, `the most are ${accessQuotas.entitlements}`)
    if (isFull) return
    this.#entitled.add(key)
    const before = plan.before?.table(accessEntitlements).findBy('thing', key)
    const name = `${role} for ${this.#names.get(`${type} ${principal}`) ?? principal}`
    if (plan.recordChange('entitlement', name, at, before !== undefined, new Changes()))
      plan.put(accessEntitlements, {
        id: id ?? uuid(plan.deps.random),
        ...given,
        createdAt: createdAt ?? plan.now,
      })
  }

  /** The role that the set is in the account; without one nobody gets it until it is provisioned. */
  #provisioning(set: PermissionSet, account: AccountId, at: SourcePlace): void {
    const roleId = this.#reserved.find(account, set.name, this.#plan)
    if (roleId === undefined) {
      const message = `account ${account} has no role of the permission set ${set.name} here: aws sso-admin provision-permission-set makes it`
      this.#plan.finding(at, 'not-provisioned', message)
      return
    }
    const before = this.#plan.before?.table(provisionings).find(`${account} ${set.id}`)
    if (before?.roleId === roleId) return
    this.#plan.put(provisionings, { account, set: set.id, roleId, hash: hashOfSet(set) })
  }

  /** The id here of a user or a group; undefined, and named, if there is none (behaviour SSO-111). */
  #idOf(type: 'USER' | 'GROUP', id: string, at: SourcePlace): string | undefined {
    const { before } = this.#people
    const table = type === 'USER' ? before?.table(centerUsers) : before?.table(centerGroups)
    const principalId = this.#principals.get(`${type} ${id}`) ?? table?.find(id)?.id
    const kind = type === 'USER' ? 'user of a directory' : 'group of a directory'
    if (principalId === undefined)
      this.#plan.notTake(at, kind, id, 'no answer has it: add the lists of identitystore')
    return principalId
  }
}

function* eachOf<Thing>(things: readonly Thing[], compare: (thing: Thing) => void): Generator<undefined> {
  for (const each of things) {
    compare(each)
    yield
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function sameText(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && sameDocument(one, other)
}
