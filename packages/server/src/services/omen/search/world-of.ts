import { attachablePolicies, managedPolicies } from '../../../authorization/catalogue/index.ts'
import { readInventory, readOrganization, readWorld, type World } from '../../../graph/index.ts'
import type { WorldParts } from '../index.ts'

/** The world of these parts. */
export function worldOf({ details, inventory, organization }: WorldParts): World {
  return readWorld({
    details,
    inventory: readInventory(inventory),
    organization: readOrganization(organization),
    awsPolicy: (arn) => managedPolicies(arn.split(':')[1]).find(arn)?.document,
    awsPolicies: attachablePolicies,
  })
}
