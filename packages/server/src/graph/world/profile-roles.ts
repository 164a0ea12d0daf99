import type { Inventory, Role } from './world.ts'

/**
 * The inventory, in which a resource with an instance profile and without a role wears the role of the profile.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
 */
export function withProfileRoles(inventory: Inventory, roles: readonly Role[]): Inventory {
  const { things } = inventory
  if (
    things === undefined ||
    !things.some(({ role, facts }) => role === undefined && isName(facts.instanceProfile))
  )
    return inventory
  const holders = new Map<string, string>()
  for (const { arn, profiles } of roles)
    for (const profile of profiles) {
      holders.set(profile.arn, arn)
      holders.set(profile.name, arn)
    }
  return {
    ...inventory,
    things: things.map((thing) => {
      const { instanceProfile } = thing.facts
      if (thing.role !== undefined || !isName(instanceProfile)) return thing
      return { ...thing, role: holders.get(instanceProfile) }
    }),
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
