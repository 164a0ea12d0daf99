import type { Inventory, Role, Thing } from './world.ts'

/**
 * The inventory, in which a resource with an instance profile and without a role wears the role of the profile.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
 */
export function withProfileRoles(inventory: Inventory, roles: readonly Role[]): Inventory {
  const { things } = inventory
  const isBare = ({ role, facts }: Thing): boolean => role === undefined && isName(facts.instanceProfile)
  if (things === undefined || !things.some(isBare)) return inventory
  const holders = new Map<unknown, string>(
    roles.flatMap(({ arn, profiles }) =>
      profiles.flatMap((each) => [each.arn, each.name].map((key) => [key, arn] as const)),
    ),
  )
  return {
    ...inventory,
    things: things.map((thing) =>
      isBare(thing) ? { ...thing, role: holders.get(thing.facts.instanceProfile) } : thing,
    ),
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
