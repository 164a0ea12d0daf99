import { policySize } from '@omen-iam/policy'
import { managedPolicies } from '../../authorization/catalogue/index.ts'
import { type AccountId, accountInArn, newId } from '../../base/index.ts'
import { centerService } from '../../center/index.ts'
import {
  type Group,
  groups,
  type IamIdentity,
  type LastUse,
  lastUses,
  policies,
  type Role,
  roles,
  type TableDefinition,
  type User,
  users,
} from '../../directory/index.ts'
import type {
  AccountImage,
  GroupImage,
  IdentityImage,
  LastUseImage,
  RoleImage,
  UserImage,
} from '../../image/index.ts'
import { rewrittenTrust } from '../../services/iam/index.ts'
import { boundTrust, refusalOf, sameDocument } from './documents.ts'
import { replaceOwner } from './owners.ts'
import { type AccountPlan, Changes, sameSet, sameTags } from './plan.ts'

const adminName = 'admin'

/** Gives every user, group and role of the image its unique id, before anything refers to it. */
export function assignIds(plan: AccountPlan, image: AccountImage): void {
  const { deps, before } = plan
  const assign = <R extends IamIdentity>(
    kind: 'user' | 'group' | 'role',
    prefix: 'AIDA' | 'AGPA' | 'AROA',
    table: TableDefinition<R, 'name'>,
    images: readonly IdentityImage[],
  ) => {
    for (const { name, path, id } of before?.table(table).values() ?? []) {
      plan.ids[kind].set(name.toLowerCase(), id)
      if (kind !== 'group') plan.principals.set(plan.arn(kind, path, name), id)
    }
    for (const each of images) {
      const key = each.name.toLowerCase()
      const givenId = plan.ids[kind].get(key)
      const keepsOwn = kind === 'user' && isOwnAdmin(plan, each)
      const id = keepsOwn ? givenId! : (each.id ?? givenId ?? newId(prefix, plan.id, deps.random)) // the admin is there
      plan.ids[kind].set(key, id)
      const path = each.path ?? plan.find(table, each.name)?.path ?? '/'
      if (kind !== 'group') plan.principals.set(plan.arn(kind, path, each.name), id)
    }
  }
  assign<User>('user', 'AIDA', users, image.users)
  assign<Group>('group', 'AGPA', groups, image.groups)
  assign<Role>('role', 'AROA', roles, image.roles)
}

/**
 * Returns whether a user of the image has the name of the server's administrator and is another one. The ownership of
 * the server depends on the administrator, so an image does not replace it.
 */
export function isOwnAdmin(
  plan: AccountPlan,
  { name, id }: { readonly name: string; readonly id?: string },
): boolean {
  if (plan.id !== plan.deps.firstAccount || name.toLowerCase() !== adminName || plan.before === undefined)
    return false
  const admin = plan.find(users, adminName)
  return (
    admin !== undefined && admin.createdAt === plan.before.settings.createdAt && admin.id !== (id ?? admin.id)
  )
}

/** Compares a user. */
export function compareUser(plan: AccountPlan, image: UserImage): void {
  if (isOwnAdmin(plan, image)) {
    plan.notTake(
      image.at,
      'user',
      image.name,
      'it has the name of the server’s own administrator, which stays unchanged',
    )
    return
  }
  const before = plan.counterpart(users, image)
  const changes = new Changes()
  const id = plan.ids.user.get(image.name.toLowerCase()) ?? '' // assigned above
  const base = before ?? emptyUser(id, image.name, image.createdAt ?? plan.now)
  const groupIds = image.groups?.flatMap((name) => {
    const group = plan.ids.group.get(name.toLowerCase())
    if (group === undefined)
      plan.finding(image.at, 'unknown-group', `user ${image.name} is in group ${name}, which is not there`)
    return group ?? []
  })
  const boundaryArn = changes.of('permissions boundary', base.boundaryArn ?? null, image.boundaryArn)
  const passwordLastUsed = laterOf(base.passwordLastUsed, image.passwordLastUsed, changes)
  const user: User = {
    ...named(base, image, id, changes),
    ...identity(plan, base, image, 'user', changes),
    tags: changes.of('tags', base.tags, image.tags, sameTags),
    groups: changes.of('groups', base.groups, groupIds, sameSet),
    ...(boundaryArn === null ? {} : { boundaryArn }),
    ...(passwordLastUsed === undefined ? {} : { passwordLastUsed }),
  }
  checkBoundary(plan, boundaryArn, `user ${image.name}`, image)
  checkBearer(plan, user, image, 'User')
  finish(plan, users, 'user', before, user, image, changes)
}

/** Compares a group. */
export function compareGroup(plan: AccountPlan, image: GroupImage): void {
  const before = plan.counterpart(groups, image)
  const changes = new Changes()
  const id = plan.ids.group.get(image.name.toLowerCase()) ?? '' // assigned above
  const base: Group = before ?? emptyIdentity(id, image.name, image.createdAt ?? plan.now)
  const group: Group = {
    ...named(base, image, id, changes),
    ...identity(plan, base, image, 'group', changes),
  }
  checkBearer(plan, group, image, 'Group')
  finish(plan, groups, 'group', before, group, image, changes)
}

/** Compares a role. `idOf` finds the principals of a trust policy. */
export function compareRole(
  plan: AccountPlan,
  image: RoleImage,
  idOf: (arn: string) => string | null | undefined,
): void {
  const before = plan.counterpart(roles, image)
  if (before === undefined && image.trust === undefined) {
    plan.notTake(image.at, 'role', image.name, 'the source does not have its trust policy')
    return
  }
  const changes = new Changes()
  const id = plan.ids.role.get(image.name.toLowerCase()) ?? '' // assigned above
  const base = before ?? emptyRole(id, image.name, image.createdAt ?? plan.now)
  const description = changes.of('description', base.description ?? null, image.description)
  const boundaryArn = changes.of('permissions boundary', base.boundaryArn ?? null, image.boundaryArn)
  const path = image.path ?? base.path
  const linked = /^\/aws-service-role\/([^/]+)\/$/.exec(path)?.[1]
  const role: Role = {
    ...named(base, image, id, changes),
    ...identity(plan, base, image, 'role', changes),
    tags: changes.of('tags', base.tags, image.tags, sameTags),
    ...trustOf(plan, base, image, changes, idOf),
    maxSessionSeconds: changes.of(
      'maximum session duration',
      base.maxSessionSeconds,
      image.maxSessionSeconds,
    ),
    ...(description === null ? {} : { description }),
    ...(boundaryArn === null ? {} : { boundaryArn }),
    ...(linked === undefined ? {} : { linkedService: linked }),
    ...(path.startsWith(`/aws-reserved/${centerService}/`) ? { reservedBy: centerService } : {}),
  }
  checkBoundary(plan, boundaryArn, `role ${image.name}`, image)
  checkBearer(plan, role, image, 'Role')
  lastUse(plan, id, image.lastUsed, changes)
  finish(plan, roles, 'role', before, role, image, changes)
}

function trustOf(
  plan: AccountPlan,
  base: Role,
  image: RoleImage,
  changes: Changes,
  idOf: (arn: string) => string | null | undefined,
): Pick<Role, 'trust' | 'trustAccounts'> {
  const kept = {
    trust: base.trust,
    ...(base.trustAccounts === undefined ? {} : { trustAccounts: base.trustAccounts }),
  }
  if (image.trust === undefined) return kept
  const refusal = refusalOf(image.trust, 'trust')
  if (refusal !== undefined)
    plan.finding(
      image.at,
      'invalid-policy',
      `role ${image.name}: AWS would not store the trust policy: ${refusal}`,
    )
  plan.checkQuota('ACLSizePerRole', policySize(image.trust), image.at, `trust policy of role ${image.name}`)
  const foreign = new Set<AccountId>()
  const { trust, missing } = boundTrust(image.trust, plan.partition, (arn) => {
    const id = idOf(arn)
    const account = accountInArn(arn)
    if (typeof id === 'string' && account !== undefined && account !== plan.id) foreign.add(account)
    return id
  })
  for (const arn of missing)
    plan.finding(image.at, 'unknown-principal', `role ${image.name} trusts ${arn}, who does not exist`)
  // IAM shows a trust policy in a form of its own, in which a list of one is a single value
  if (base.trust !== '' && sameDocument(rewrittenTrust(base.trust), rewrittenTrust(trust))) return kept
  changes.names.push('trust policy')
  return foreign.size === 0 ? { trust } : { trust, trustAccounts: [...foreign] }
}

/** Notes the last use of a role or key, if it is later than the known one. */
export function lastUse(
  plan: AccountPlan,
  id: string,
  image: LastUseImage | undefined,
  changes: Changes,
): void {
  if (image === undefined) return
  const before = plan.before?.usage.find(id)
  if (before !== undefined && Math.floor(before.at / 1000) >= Math.floor(image.at / 1000)) return
  changes.names.push('last use')
  const use: LastUse = {
    id,
    service: image.service ?? before?.service ?? '',
    region: image.region,
    at: image.at,
  }
  plan.put(lastUses, use)
}

function emptyIdentity(id: string, name: string, createdAt: number): IamIdentity {
  return { id, name, path: '/', createdAt, inline: {}, attached: [] }
}

function emptyUser(id: string, name: string, createdAt: number): User {
  return { ...emptyIdentity(id, name, createdAt), tags: [], groups: [] }
}

function emptyRole(id: string, name: string, createdAt: number): Role {
  return { ...emptyIdentity(id, name, createdAt), tags: [], trust: '', maxSessionSeconds: 3_600 }
}

function named(base: IamIdentity, image: IdentityImage, id: string, changes: Changes) {
  return {
    id: changes.of('unique id', base.id, id),
    name: changes.of('name', base.name, image.name),
    path: changes.of('path', base.path, image.path),
    createdAt: changes.instant('creation date', base.createdAt, image.createdAt),
  }
}

function identity(
  plan: AccountPlan,
  base: IamIdentity,
  image: IdentityImage,
  type: 'user' | 'group' | 'role',
  changes: Changes,
): Pick<IamIdentity, 'inline' | 'attached'> {
  return {
    inline: inlineOf(plan, base, image, type, changes),
    attached: changes.of('attached policies', base.attached, image.attached, sameSet),
  }
}

function inlineOf(
  plan: AccountPlan,
  base: IamIdentity,
  image: IdentityImage,
  type: string,
  changes: Changes,
): IamIdentity['inline'] {
  if (image.inline === undefined) return base.inline
  const entries: [string, string][] = []
  let isSame = image.inline.length === Object.keys(base.inline).length
  for (const { name, document, at } of image.inline) {
    const refusal = refusalOf(document, 'identity')
    if (refusal !== undefined)
      plan.finding(
        at,
        'invalid-policy',
        `${type} ${image.name}: AWS would not store the inline policy ${name}: ${refusal}`,
      )
    const kept = Object.hasOwn(base.inline, name) ? base.inline[name] : undefined
    const same = kept !== undefined && sameDocument(kept, document)
    entries.push([name, same ? kept : document])
    if (same) continue
    isSame = false
    changes.names.push(`inline policy ${name}`)
  }
  const inline = Object.fromEntries(entries)
  for (const name of Object.keys(base.inline))
    if (!Object.hasOwn(inline, name)) changes.names.push(`inline policy ${name} removed`)
  return isSame ? base.inline : inline
}

function laterOf(kept: number | undefined, given: number | undefined, changes: Changes): number | undefined {
  if (given === undefined || (kept !== undefined && Math.floor(kept / 1000) >= Math.floor(given / 1000)))
    return kept
  changes.names.push('last sign-in')
  return given
}

/** Findings for what AWS's rules or quotas would refuse, or what grants nothing here. */
function checkBearer(
  plan: AccountPlan,
  identity: IamIdentity,
  image: IdentityImage,
  kind: 'User' | 'Group' | 'Role',
): void {
  const of = `${kind.toLowerCase()} ${image.name}`
  for (const arn of image.attached ?? []) checkPolicy(plan, arn, of, image)
  plan.checkQuota(`PoliciesPer${kind}`, identity.attached.length, image.at, `attached policies of ${of}`)
  let size = 0
  for (const document of Object.values(identity.inline)) size += policySize(document)
  plan.checkQuota(`${kind}PolicySize`, size, image.at, `inline policies of ${of}`)
}

function checkBoundary(plan: AccountPlan, arn: string | null, of: string, image: IdentityImage): void {
  if (arn !== null) checkPolicy(plan, arn, `the permissions boundary of ${of}`, image)
}

function checkPolicy(plan: AccountPlan, arn: string, of: string, { at }: IdentityImage): void {
  if (plan.policyArns.has(arn)) return
  const isAws = /^arn:[a-z-]+:iam::aws:policy\//.test(arn)
  const isThere = isAws
    ? managedPolicies(plan.partition).find(arn) !== undefined
    : plan.find(policies, arn.slice(arn.lastIndexOf('/') + 1)) !== undefined
  if (isThere) plan.policyArns.add(arn)
  else
    plan.finding(
      at,
      'unknown-policy',
      `${of} has ${arn}, which ${isAws ? 'Omen’s catalogue does not have' : 'is not there'}: it grants nothing here`,
    )
}

function finish<R extends IamIdentity>(
  plan: AccountPlan,
  table: TableDefinition<R, 'name'>,
  kind: 'user' | 'group' | 'role',
  before: R | undefined,
  record: R,
  image: IdentityImage,
  changes: Changes,
): void {
  if (!plan.recordChange(kind, image.name, image.at, before !== undefined, changes)) return
  if (before !== undefined && before.id !== record.id) {
    plan.remove(table, before.id)
    replaceOwner(plan, kind, before.id, record.id)
  }
  plan.put(table, record)
}
