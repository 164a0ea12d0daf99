import { parsePolicy } from '@omen-iam/policy'
import { type Change, tagsAfter } from '../request/change.ts'
import {
  accountOfArn,
  accountsIn,
  type Document,
  type Group,
  type Principal,
  type Role,
  type World,
} from '../world/world.ts'

/** The policies that an attacker writes. */
export interface Written {
  /** A policy that allows everything. */
  readonly everything: Document
  /** A trust policy that lets in everyone. */
  readonly trust: Document
}

/** Returns the account of an edit. */
function accountOf(change: Change): string {
  return change.is === 'unbound' ? change.arn : accountOfArn(change.arn)
}

/** Returns the accounts after an edit: every question after it is asked of them. */
export function edited(world: World, change: Change, written: Written): World {
  const account = accountOf(change)
  if (world.account === account) return editedOwn(world, change, written)
  const others = world.others?.map((each) =>
    each.account === account ? editedOwn(each, change, written) : each,
  )
  return others === undefined ? world : { ...world, others }
}

function editedOwn(world: World, change: Change, written: Written): World {
  if (change.is === 'unbound') return { ...world, organization: { ...world.organization, scps: undefined } }
  if (change.is === 'version') {
    const policy = world.policies.get(change.arn)
    if (policy === undefined) return world
    const defaultVersion = change.version ?? ownVersion
    const versions = new Map(policy.versions)
    if (change.version === undefined) versions.set(ownVersion, { ...written.everything, key: change.arn })
    const policies = new Map(world.policies).set(change.arn, { ...policy, defaultVersion, versions })
    return { ...world, policies }
  }
  const principal = world.users.get(change.arn) ?? world.roles.get(change.arn)
  const now = principal && editedPrincipal(principal, change, written)
  if (now?.type === 'user') return { ...world, users: new Map(world.users).set(now.arn, now) }
  if (now?.type === 'role') return { ...world, roles: new Map(world.roles).set(now.arn, now) }
  const group = [...world.groups.values()].find(({ arn }) => arn === change.arn)
  if (group === undefined) return world
  return { ...world, groups: new Map(world.groups).set(group.name, editedOwner(group, change, written)) }
}

const ownVersion = 'of the attacker'

/** Returns a principal after an edit; also one that the attacker has made, which is in no account. */
export function editedPrincipal(principal: Principal, change: Change, written: Written): Principal {
  switch (change.is) {
    case 'joined':
      return principal.type === 'user'
        ? { ...principal, groups: [...principal.groups, change.group] }
        : principal
    case 'left':
      return principal.type === 'user'
        ? { ...principal, groups: principal.groups.filter((name) => name !== change.group) }
        : principal
    case 'boundary':
      return { ...principal, boundary: change.policy }
    case 'tag':
      return { ...principal, tags: tagsAfter(principal.tags, change) }
    case 'trust':
      return principal.type === 'role' ? ({ ...principal, trust: written.trust } satisfies Role) : principal
    default:
      return editedOwner(principal, change, written)
  }
}

function editedOwner<Owner extends Principal | Group>(owner: Owner, change: Change, written: Written): Owner {
  if (change.is === 'everything') return { ...owner, inline: [...owner.inline, written.everything] }
  if (change.is === 'attached') return { ...owner, attached: [...owner.attached, change.policy] }
  if (change.is !== 'without') return owner
  return {
    ...owner,
    inline: owner.inline.filter(({ key }) => key !== change.key),
    attached: owner.attached.filter((arn) => arn !== change.key),
  }
}

/** Says whether accounts, and the principals that the attacker has made, are as an edit leaves them. */
export function isInEffect(
  world: World,
  made: Iterable<Principal>,
  change: Change,
  written: Written,
): boolean {
  const all = accountsIn(world)
  if (change.is === 'unbound')
    return all.find(({ account }) => account === change.arn)?.organization.scps === undefined
  if (change.is === 'version') {
    const policy = all.flatMap(({ policies }) => policies.get(change.arn) ?? [])[0]
    return policy?.defaultVersion === (change.version ?? ownVersion)
  }
  const principal =
    all.flatMap(({ users, roles }) => users.get(change.arn) ?? roles.get(change.arn) ?? [])[0] ??
    [...made].find(({ arn }) => arn === change.arn)
  const group = all.flatMap(({ groups }) => [...groups.values()]).find(({ arn }) => arn === change.arn)
  const owner = principal ?? group
  const groups = principal?.type === 'user' ? principal.groups : []
  if (owner === undefined) return true
  switch (change.is) {
    case 'everything':
      return owner.inline.includes(written.everything)
    case 'attached':
      return owner.attached.includes(change.policy)
    case 'without':
      return !owner.attached.includes(change.key) && !owner.inline.some(({ key }) => key === change.key)
    case 'joined':
      return groups.includes(change.group)
    case 'left':
      return !groups.includes(change.group)
    case 'boundary':
      return principal?.boundary === change.policy
    case 'trust':
      return principal?.type === 'role' && principal.trust === written.trust
    case 'tag': {
      const { tags = {} } = principal ?? {}
      return nameOfTags(tagsAfter(tags, change)) === nameOfTags(tags)
    }
    default:
      return true
  }
}

function nameOfTags(tags: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(tags).sort())
}

/** Returns a trust policy that lets in every principal and some services. */
export function openTrust(services: readonly string[]): Document {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: '*', Service: services },
    Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
  }
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const parsed = parsePolicy(text, 'trust', { lenient: true })
  if (!parsed.ok) throw new Error(parsed.message)
  const name = 'a policy of the attacker'
  return { policy: parsed.policy, source: { type: 'resource', name }, key: name }
}
