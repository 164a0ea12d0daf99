import { attachablePolicies, managedPolicies } from '../../../authorization/catalogue/index.ts'
import { readInventory, readOrganization, type World, worldOfImage } from '../../../graph/index.ts'
import type { WorldParts } from '../index.ts'

/** The world of these parts. */
export function worldOf({ image, inventory, organization }: WorldParts): World {
  return worldOfImage(image, {
    inventory: readInventory(inventory),
    organization: readOrganization(organization),
    awsPolicy: (arn) => managedPolicies(arn.split(':')[1]).find(arn)?.document,
    awsPolicies: attachablePolicies,
  })
}
