import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import type { Inventory, Thing } from './world.ts'

/** Whether a resource wears a role that no file names. */
export function isUnknownWearer({ role, type, facts }: Thing): boolean {
  return (
    role === undefined &&
    (techniqueTable().resources[type]?.isAlwaysWearing === true || facts.roleUnknown === true)
  )
}

const someUnknown = perObject((things: readonly Thing[]) => things.some(isUnknownWearer))

/** Whether some resource wears a role that no file names. */
export function hasUnknownWearers({ things }: Inventory): boolean {
  return things !== undefined && someUnknown(things)
}
