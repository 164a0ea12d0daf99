import type { Shared } from '../relevance/shared.ts'
import { clusterProviders, isOfCluster } from '../request/pod-trust.ts'
import { listIn } from '../world/lists.ts'
import type { Neighbours } from '../world/neighbours.ts'
import { hasUnknownWearers } from '../world/unknown-wearer.ts'
import type { Person, Role, Thing } from '../world/world.ts'
import { Leads } from './leads.ts'
import { anyThing, type Group } from './prospect-group.ts'
import type { WornKind } from './worn-kinds.ts'

/** The principals that may come to hold a principal: by their own Allows, or because a trust policy names them. */
export class Approaches {
  readonly leads = new Leads<Group>()
  readonly #wornKinds: ReadonlyMap<string, readonly WornKind[]>
  /** Resources by the ARN of the role that they wear. */
  readonly #worn = new Map<string, Thing[]>()

  constructor(wornKinds: ReadonlyMap<string, readonly WornKind[]>) {
    this.#wornKinds = wornKinds
  }

  /** The principals that the trust policy of a role names one by one; `anybody` if it names anybody. */
  *callersNamedBy(neighbours: Neighbours<Shared>, role: Role): Generator<Person | 'anybody'> {
    const own = neighbours.of(role.account)
    for (const key of own?.index.namedBy(role) ?? []) {
      if (key === 'anybody') yield key
      else {
        const person = neighbours.person(key)
        if (person !== undefined) yield person
        else for (const { index } of neighbours.all) yield* index.named(key)
      }
    }
  }

  /** The groups whose Allows name a principal, or what wears it. */
  *leadingTo(neighbours: Neighbours<Shared>, person: Person): Generator<readonly Group[]> {
    const { leads } = this
    const { arn } = person
    if (person.type === 'user') {
      yield* leads.ofUser(arn)
      return
    }
    const shared = neighbours.of(person.account)
    if (shared === undefined) return
    const { index, world } = shared
    yield* leads.ofRole(arn)
    const { services, accounts, providers } = index.trustedBy(person)
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
    const { things, listed } = world.inventory
    if (things === undefined || listed !== undefined || hasUnknownWearers(world.inventory)) {
      for (const service of services) yield* leads.named(`wears ${service}`, '')
      yield* leads.named('wears', '')
    }
    for (const thing of this.#worn.get(person.arn) ?? [])
      for (const { kind, action } of this.#wornKinds.get(thing.type) ?? [])
        yield* leads.named(kind, action === '' || shared.takes(action, thing) ? thing.arn : anyThing)
  }

  /** Notes that a resource wears its role. */
  wear({ index }: Shared, thing: Thing): void {
    const role = index.roleOf(thing.role)
    if (role !== undefined) listIn(this.#worn, role.arn).push(thing)
  }
}
