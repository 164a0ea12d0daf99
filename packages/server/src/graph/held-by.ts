import { perObject } from '../base/index.ts'
import type { Lent } from './world/lent.ts'
import { accountsIn, type World } from './world/world.ts'

/** The first part of the name of a principal or group of IAM Identity Center in an inventory. */
const ofDirectory = 'center/'

/**
 * The people and groups of IAM Identity Center that have a role, by its ARN: first those to whom it is assigned, then the
 * members of these groups. Each is the name of a start. [GRD-727]
 */
export function heldBy(world: World, role: string): readonly string[] {
  return [...(holdersByRole(world).get(role) ?? [])]
}

const holdersByRole = perObject((world: World): ReadonlyMap<string, ReadonlySet<string>> => {
  const lent = accountsIn(world)
    .flatMap(({ inventory }) => inventory.lent ?? [])
    .filter(({ to }) => to.startsWith(ofDirectory))
  const found = new Map<string, Set<string>>()
  const add = (roles: readonly string[], { to }: Lent): void => {
    for (const role of roles) found.set(role, (found.get(role) ?? new Set()).add(to))
  }
  const ofGroup = Map.groupBy(lent, ({ to }) => to)
  for (const each of lent) add(each.roles, each)
  for (const each of lent)
    for (const group of each.groups)
      for (const { roles } of ofGroup.get(`${ofDirectory}group/${group}`) ?? []) add(roles, each)
  return found
})

/** The most holders that a line names; the rest is counted. */
const mostNamed = 4

/** Holders in words, without the sign of their directory: `group/ops, alice and 3 more`. */
export function heldByText(holders: readonly string[]): string {
  const names = holders.slice(0, mostNamed).map((each) => each.slice(ofDirectory.length))
  const more = holders.length - names.length
  return `${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}`
}
