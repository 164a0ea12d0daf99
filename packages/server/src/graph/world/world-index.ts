import type { NamedKind } from '../../authorization/catalogue/index.ts'
import { lastPiece, perObject } from '../../base/index.ts'
import { listIn, setIn, valueIn } from './lists.ts'
import { ResourcePolicies } from './resource-policy.ts'
import { giveTheSame, haveSameNames } from './same-parts.ts'
import { Resources, Sorted } from './sorted.ts'
import type { Group, InstanceProfile, Inventory, ManagedPolicy, Principal, Role, World } from './world.ts'

/** Roles by whom their trust policies name. */
interface Trusts {
  readonly services: ReadonlyMap<string, readonly Role[]>
  /** By ARN, unique id, or name of the role of a session. */
  readonly named: ReadonlyMap<string, readonly Role[]>
  readonly accounts: ReadonlyMap<string, ReadonlySet<Role>>
  readonly providers: ReadonlyMap<string, readonly Role[]>
  /** Anybody, or everybody but some. */
  readonly open: readonly Role[]
  /** Whether a principal is named by its unique id, which does not say its account. */
  readonly hasIds: boolean
}

/** The look-ups of a world: principals by the starts of their ARNs, roles by whom they trust, resources by type. */
export class WorldIndex {
  readonly world: World
  readonly principals: Sorted<Principal>
  readonly users: Sorted<Principal>
  readonly roles: Sorted<Principal>
  readonly groups: Sorted<Group>
  readonly policies: Sorted<ManagedPolicy>
  readonly ownPolicies: Sorted<ManagedPolicy>
  readonly profiles: Sorted<InstanceProfile>
  /** The role that an instance profile holds, by the ARN of the profile. */
  readonly holders: ReadonlyMap<string, Role>
  /** The roles of IAM Identity Center. */
  readonly reserved: readonly Role[]
  /** The roles of service-managed stack sets. */
  readonly stackSetRoles: readonly Role[]
  readonly #byName: ReadonlyMap<string, Role>
  readonly #resources: ReadonlyMap<string, Resources>
  #trusts: Trusts | undefined
  /** The policies of resources. */
  readonly resourcePolicies: ResourcePolicies

  /** With the index before a change that leaves the principals alone. */
  constructor(world: World, before?: WorldIndex) {
    this.world = world
    const isSamePrincipals = before?.world.users === world.users && before.world.roles === world.roles
    const kept = isSamePrincipals ? before : undefined
    const [users, roles] = [[...world.users.values()], [...world.roles.values()]]
    this.principals = kept?.principals ?? new Sorted<Principal>([...users, ...roles])
    this.users = kept?.users ?? new Sorted<Principal>(users)
    this.roles = kept?.roles ?? new Sorted<Principal>(roles)
    this.groups = new Sorted([...world.groups.values()])
    this.policies = new Sorted([...world.policies.values()])
    this.ownPolicies = new Sorted(this.policies.all.filter(({ isCustomerManaged }) => isCustomerManaged))
    this.profiles = kept?.profiles ?? new Sorted(roles.flatMap(({ profiles }) => profiles))
    this.holders =
      kept?.holders ?? new Map(roles.flatMap((role) => role.profiles.map(({ arn }) => [arn, role] as const)))
    this.reserved = kept?.reserved ?? roles.filter(({ isIdentityCenter }) => isIdentityCenter)
    this.stackSetRoles = kept?.stackSetRoles ?? roles.filter(({ name }) => name.startsWith('stacksets-exec-'))
    this.#byName = kept === undefined ? new Map(roles.map((role) => [role.name, role])) : kept.#byName
    this.#resources = kept === undefined ? resourcesByType(world.inventory) : kept.#resources
    this.resourcePolicies = kept?.resourcePolicies ?? new ResourcePolicies(world)
    if (kept === undefined) return
    this.#trusts = kept.#trusts
    this.#ids = kept.#ids
    if (haveSameNames(kept.world, world)) this.#names = kept.#names
    if (giveTheSame(kept.world.groups, world.groups)) this.#bearers = kept.#bearers
  }

  /** The role of an ARN or a name. */
  roleOf(arnOrName: string | undefined): Role | undefined {
    if (arnOrName === undefined) return undefined
    return this.world.roles.get(arnOrName) ?? this.#byName.get(arnOrName)
  }

  /** Whether a user, a role or a policy of the account has the name that an ARN ends in. */
  exists(kind: NamedKind, arn: string): boolean {
    this.#names ??= namesOf(this.world)
    return this.#names.has(nameKey(kind, arn))
  }

  #names: ReadonlySet<string> | undefined

  /** Makes what is looked up most. */
  prepare(): void {
    this.#trusts ??= trustsOf(this.world)
    for (const sorted of [this.users, this.roles, this.groups, this.policies]) sorted.startingWith([':'])
    this.#bearers ??= bearersIn(this.world, this.principals.all)
    this.#ids ??= idsIn(this.principals.all)
  }

  /** The principals with a policy, also as their boundary, or in a group. */
  bearersOf(arn: string): readonly Principal[] {
    this.#bearers ??= bearersIn(this.world, this.principals.all)
    return this.#bearers.get(arn) ?? []
  }

  #bearers: ReadonlyMap<string, readonly Principal[]> | undefined

  /** The resources of a type. */
  resourcesOf(type: string): Resources {
    return this.#resources.get(type) ?? noResources
  }

  /** The roles whose trust policy names a service. */
  trustingService(service: string): readonly Role[] {
    return [...(this.#trust.services.get(service) ?? []), ...this.#trust.open]
  }

  /** The roles whose trust policy names one of some services. */
  trustingServices(services: readonly string[]): ReadonlySet<Role> {
    const name = services.join()
    return valueIn(
      this.#trustingServices,
      name,
      () => new Set(services.flatMap((each) => this.trustingService(each))),
    )
  }

  readonly #trustingServices = new Map<string, ReadonlySet<Role>>()

  /** The roles whose trust policy names an identity provider. */
  trustingProvider(provider: string): readonly Role[] {
    return [...(this.#trust.providers.get(provider) ?? []), ...this.#trust.open]
  }

  /** The identity providers that trust policies name. */
  get providers(): readonly string[] {
    return [...this.#trust.providers.keys()]
  }

  /** The services and accounts that trust policies name. */
  get trusted(): {
    readonly services: readonly string[]
    readonly accounts: readonly string[]
    readonly named: readonly string[]
  } {
    const { services, accounts, named } = this.#trust
    return { services: [...services.keys()], accounts: [...accounts.keys()], named: [...named.keys()] }
  }

  /** The roles whose trust policy names anybody. */
  get anyone(): readonly Role[] {
    return this.#trust.open
  }

  /** The roles whose trust policy names a principal of an account that is not in view. */
  namingForeign(arn: string): readonly Role[] {
    const [, account = '', name] = /^arn:[^:]*:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? []
    return this.#trust.named.get(name === undefined ? arn : sessionKey(account, name)) ?? []
  }

  /** The accounts that trust policies and resource policies name, by themselves or by a principal, and whether one names anybody. */
  get trustedAccounts(): { readonly accounts: ReadonlySet<string>; readonly isOpen: boolean } {
    const { accounts, named, open, hasIds } = this.#trust
    const found = new Set(accounts.keys())
    for (const key of named.keys()) {
      const account = /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(key)?.[1] ?? /^(\d{12}) /.exec(key)?.[1]
      if (account !== undefined) found.add(account)
    }
    const byResources = this.resourcePolicies.allowed
    for (const account of byResources.accounts) found.add(account)
    return { accounts: found, isOpen: open.length > 0 || hasIds || byResources.isOpen }
  }

  /** The roles whose trust policy names a principal itself, a session of it, or anybody. */
  readonly namingPrincipal = perObject(({ arn, id, type, name, account }: Principal): readonly Role[] => {
    const { named, open } = this.#trust
    const found = new Set(open)
    const keys = [arn, id, ...(type === 'role' ? [sessionKey(account, name)] : [])]
    for (const key of keys) for (const role of named.get(key ?? '') ?? []) found.add(role)
    return found.size === 0 ? nobody : [...found]
  })

  /** The roles whose trust policy names a session of a role. */
  namingSessions({ account, name }: Role): readonly Role[] {
    return this.#trust.named.get(sessionKey(account, name)) ?? []
  }

  /** Whom the trust policy of a role lets in: services, identity providers, and whole accounts. */
  trustedBy({ trust }: Role): {
    readonly services: readonly string[]
    readonly providers: readonly string[]
    readonly accounts: readonly string[]
  } {
    const services: string[] = []
    const providers: string[] = []
    const accounts: string[] = []
    for (const { type, value } of allowedBy(trust)) {
      if (type === 'Service') services.push(value)
      else if (type === 'Federated') providers.push(value)
      else {
        const account = /^(\d{12})$|:iam::(\d{12}):root$/.exec(value)
        if (account !== null) accounts.push(account[1] ?? account[2] ?? '')
      }
    }
    return { services, providers, accounts }
  }

  /** The callers that the trust policy of a role names, one by one; `anybody` if it names anybody. */
  *namedBy({ trust }: Role): Generator<string> {
    for (const { type, value } of allowedBy(trust))
      if (type !== 'Service' && type !== 'Federated') yield value.includes('*') ? 'anybody' : value
  }

  /** The principals that a session's ARN or a unique id names. */
  named(key: string): readonly Principal[] {
    const [, account, session] = /:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(key) ?? []
    if (session !== undefined) {
      const role = account === this.world.account ? this.#byName.get(session) : undefined
      return role === undefined ? [] : [role]
    }
    this.#ids ??= idsIn(this.principals.all)
    return key === '' || key.includes(':') ? [] : (this.#ids.get(key) ?? [])
  }

  #ids: ReadonlyMap<string, readonly Principal[]> | undefined

  /** The roles whose trust policy names an account. */
  trustingAccount(account: string): ReadonlySet<Role> {
    return this.#trust.accounts.get(account) ?? noRoles
  }

  get #trust(): Trusts {
    this.#trusts ??= trustsOf(this.world)
    return this.#trusts
  }
}

/** Principals by the ARNs of their policies, boundaries and groups, and of the policies of these. */
function bearersIn(
  { groups }: World,
  principals: readonly Principal[],
): ReadonlyMap<string, readonly Principal[]> {
  const found = new Map<string, Principal[]>()
  for (const principal of principals) {
    for (const arn of principal.attached) push(found, arn, principal)
    if (principal.boundary !== undefined) push(found, principal.boundary, principal)
    for (const name of principal.type === 'user' ? principal.groups : []) {
      const group = groups.get(name)
      if (group === undefined) continue
      push(found, group.arn, principal)
      for (const arn of group.attached) push(found, arn, principal)
    }
  }
  return found
}

function resourcesByType({ resources = [] }: Inventory): ReadonlyMap<string, Resources> {
  const byType = Map.groupBy(resources, ({ type }) => type)
  return new Map([...byType].map(([type, all]) => [type, new Resources(all)]))
}

function idsIn(principals: readonly Principal[]): ReadonlyMap<string, readonly Principal[]> {
  return Map.groupBy(principals, ({ id = '' }) => id)
}

function namesOf({ users, roles, policies, groups }: World): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { arn } of users.values()) names.add(nameKey('user', arn))
  for (const { arn } of roles.values()) names.add(nameKey('role', arn))
  for (const { arn, isCustomerManaged } of policies.values())
    if (isCustomerManaged) names.add(nameKey('policy', arn))
  for (const { arn } of groups.values()) names.add(nameKey('group', arn))
  for (const { profiles } of roles.values())
    for (const { arn } of profiles) names.add(nameKey('instance-profile', arn))
  return names
}

function nameKey(kind: string, arn: string): string {
  return `${kind} ${lastPiece(arn).toLowerCase()}`
}

const noRoles: ReadonlySet<Role> = new Set()
const nobody: readonly Role[] = []
const noResources = new Resources([])

function sessionKey(account: string, name: string): string {
  return `${account} session of ${name}`
}

function trustsOf({ roles }: World): Trusts {
  const services = new Map<string, Role[]>()
  const named = new Map<string, Role[]>()
  const accounts = new Map<string, Set<Role>>()
  const providers = new Map<string, Role[]>()
  const open: Role[] = []
  let hasIds = false
  for (const role of roles.values())
    for (const { type, value } of allowedBy(role.trust)) {
      const [, own, isRoot, session] =
        /^arn:[^:]*:(?:iam|sts)::(\d*):(root$|assumed-role\/([^/]+)\/)?/.exec(value) ?? []
      const account = /^\d{12}$/.test(value) ? value : isRoot === 'root' ? own : undefined
      if (type === 'Service') push(services, value, role)
      else if (type === 'Federated') push(providers, value, role)
      else if (value.includes('*')) open.push(role)
      else if (account !== undefined) setIn(accounts, account).add(role)
      else if (session !== undefined) push(named, sessionKey(own ?? '', session), role)
      else {
        push(named, value, role)
        if (own === undefined) hasIds = true
      }
    }
  return { services, named, accounts, providers, open, hasIds }
}

function push<Entry>(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = listIn(map, key)
  if (list.at(-1) !== entry) list.push(entry)
}

/** The principals that the Allows of a policy name; of NotPrincipal, everybody. */
function* allowedBy(document: Role['trust']): Generator<{ readonly type: string; readonly value: string }> {
  for (const { effect, principal } of document?.policy.statements ?? [])
    if (effect === 'Allow' && principal !== undefined)
      yield* principal.negated ? [{ type: 'AWS', value: '*' }] : principal.entries
}
