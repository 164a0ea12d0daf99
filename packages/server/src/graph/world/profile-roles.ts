import type { Inventory, Resource, Role } from './world.ts'

/**
 * The inventory, in which a resource with an instance profile and without a role runs as the role of the profile.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
 */
export function withProfileRoles(inventory: Inventory, roles: readonly Role[]): Inventory {
  const { resources } = inventory
  const isBare = ({ role, facts }: Resource): boolean => role === undefined && isName(facts.instanceProfile)
  if (resources === undefined || !resources.some(isBare)) return inventory
  const holders = new Map<unknown, string>(
    roles.flatMap(({ arn, profiles }) =>
      profiles.flatMap((each) => [each.arn, each.name].map((key) => [key, arn] as const)),
    ),
  )
  return {
    ...inventory,
    resources: resources.map((resource) =>
      isBare(resource) ? { ...resource, role: holders.get(resource.facts.instanceProfile) } : resource,
    ),
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
