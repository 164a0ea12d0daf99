import type { Sorted, Things } from './sorted.ts'
import type { Person, Role } from './world.ts'

/** Where the targets of uses are looked up: everything in an account, or what may lead to a goal. */
export interface Targets {
  readonly users: Sorted<Person>
  readonly roles: Sorted<Person>
  /** The roles of IAM Identity Center. */
  readonly reserved: readonly Role[]
  /** The roles of service-managed stack sets. */
  readonly stackSetRoles: readonly Role[]
  /** The roles whose trust policy names one of some services. */
  trustingServices(services: readonly string[]): ReadonlySet<Role>
  /** The roles whose trust policy names an identity provider. */
  trustingProvider(provider: string): readonly Role[]
  /** The roles whose trust policy names an account. */
  trustingAccount(account: string): ReadonlySet<Role>
  /** The resources of a type that wear a role. */
  wearersOf(type: string): Things
}
