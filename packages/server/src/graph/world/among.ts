import { Sorted, Things } from './sorted.ts'
import type { Targets } from './target-places.ts'
import { isUnknownWearer } from './unknown-wearer.ts'
import type { Person, Role } from './world.ts'
import type { WorldIndex } from './world-index.ts'

/** The things of an account that are in a set of principals. Lists are made when they are first asked for. */
export class Among implements Targets {
  readonly users: Sorted<Person>
  readonly roles: Sorted<Person>
  readonly reserved: readonly Role[]
  readonly stackSetRoles: readonly Role[]
  readonly #index: WorldIndex
  readonly #people: ReadonlySet<Person>
  readonly #services = new Map<string, ReadonlySet<Role>>()
  readonly #accounts = new Map<string, ReadonlySet<Role>>()
  readonly #providers = new Map<string, readonly Role[]>()
  readonly #wearers = new Map<string, Things>()

  constructor(index: WorldIndex, people: Iterable<Person>) {
    this.#index = index
    this.#people = new Set(people)
    const all = [...this.#people]
    this.users = new Sorted(all.filter(({ type }) => type === 'user'))
    this.roles = new Sorted(all.filter(({ type }) => type === 'role'))
    this.reserved = index.reserved.filter((role) => this.#people.has(role))
    this.stackSetRoles = index.stackSetRoles.filter((role) => this.#people.has(role))
  }

  trustingServices(services: readonly string[]): ReadonlySet<Role> {
    const find = () => this.#in(this.#index.trustingServices(services))
    return kept(this.#services, services.join(), find)
  }

  trustingProvider(provider: string): readonly Role[] {
    return kept(this.#providers, provider, () => [...this.#in(this.#index.trustingProvider(provider))])
  }

  trustingAccount(account: string): ReadonlySet<Role> {
    return kept(this.#accounts, account, () => this.#in(this.#index.trustingAccount(account)))
  }

  wearersOf(type: string): Things {
    const isWorn = (name: string | undefined): boolean => {
      const role = this.#index.roleOf(name)
      return role !== undefined && this.#people.has(role)
    }
    const all = this.#index.thingsOf(type).all
    const find = () => new Things(all.filter((thing) => isUnknownWearer(thing) || isWorn(thing.role)))
    return kept(this.#wearers, type, find)
  }

  #in(roles: Iterable<Role>): ReadonlySet<Role> {
    const found = new Set<Role>()
    for (const role of roles) if (this.#people.has(role)) found.add(role)
    return found
  }
}

function kept<Value>(known: Map<string, Value>, name: string, find: () => Value): Value {
  let value = known.get(name)
  if (value === undefined) {
    value = find()
    known.set(name, value)
  }
  return value
}
