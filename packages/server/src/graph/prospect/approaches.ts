import type { Shared } from '../relevance/shared.ts'
import { clusterProviders, isOfCluster } from '../request/pod-trust.ts'
import { listIn } from '../world/lists.ts'
import type { Neighbours } from '../world/neighbours.ts'
import { hasUnknownWorkloads } from '../world/unknown-workload.ts'
import type { Principal, Resource, Role } from '../world/world.ts'
import { Leads } from './leads.ts'
import { anyResource, type Group } from './prospect-group.ts'
import type { WorkloadKind } from './workload-kinds.ts'

/** The principals that may come to hold a principal: by their own Allows, or because a trust policy names them. */
export class Approaches {
  readonly leads = new Leads<Group>()
  readonly #workloadKinds: ReadonlyMap<string, readonly WorkloadKind[]>
  /** Resources by the ARN of the role that they run as. */
  readonly #ofWorkloads = new Map<string, Resource[]>()

  constructor(workloadKinds: ReadonlyMap<string, readonly WorkloadKind[]>) {
    this.#workloadKinds = workloadKinds
  }

  /** The principals that the trust policy of a role names one by one; `anybody` if it names anybody. */
  *callersNamedBy(neighbours: Neighbours<Shared>, role: Role): Generator<Principal | 'anybody'> {
    const own = neighbours.of(role.account)
    for (const key of own?.index.namedBy(role) ?? []) {
      if (key === 'anybody') yield key
      else {
        const principal = neighbours.principal(key)
        if (principal !== undefined) yield principal
        else for (const { index } of neighbours.all) yield* index.named(key)
      }
    }
  }

  /** The groups whose Allows name a principal, or what runs as it. */
  *leadingTo(neighbours: Neighbours<Shared>, principal: Principal): Generator<readonly Group[]> {
    const { leads } = this
    const { arn } = principal
    if (principal.type === 'user') {
      yield* leads.ofUser(arn)
      return
    }
    const shared = neighbours.of(principal.account)
    if (shared === undefined) return
    const { index, world } = shared
    yield* leads.ofRole(arn)
    const { services, accounts, providers } = index.trustedBy(principal)
    if (accounts.length > 0)
      for (const groups of leads.named('assume', arn))
        if (groups.some(({ account }) => accounts.includes(account))) yield groups
    for (const service of services) {
      yield* leads.named(`pass ${service}`, arn)
      yield* leads.named(`given ${service}`, '')
    }
    yield* leads.named('pass', arn)
    for (const provider of providers)
      yield* leads.named(provider.includes(':saml-provider/') ? 'saml' : 'oidc', '')
    if (providers.some(isOfCluster))
      for (const name of clusterProviders) yield* leads.named(`given ${name}`, '')
    yield* leads.named('reserved', '')
    const { resources, listed } = world.inventory
    if (resources === undefined || listed !== undefined || hasUnknownWorkloads(world.inventory)) {
      for (const service of services) yield* leads.named(`runs as ${service}`, '')
      yield* leads.named('runs as', '')
    }
    for (const resource of this.#ofWorkloads.get(principal.arn) ?? [])
      for (const { kind, action } of this.#workloadKinds.get(resource.type) ?? [])
        yield* leads.named(kind, action === '' || shared.takes(action, resource) ? resource.arn : anyResource)
  }

  /** Notes that a resource runs as its role. */
  noteRole({ index }: Shared, resource: Resource): void {
    const role = index.roleOf(resource.role)
    if (role !== undefined) listIn(this.#ofWorkloads, role.arn).push(resource)
  }
}
