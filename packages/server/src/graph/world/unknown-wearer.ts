import { techniqueTable } from '../../authorization/catalogue/index.ts'
import type { Inventory, Thing } from './world.ts'

/** Whether a resource wears a role that no file names. */
export function isUnknownWearer({ role, type, facts }: Thing): boolean {
  return role === undefined && (isAlwaysWearing(type) || facts.roleUnknown === true)
}

function isAlwaysWearing(type: string): boolean {
  return techniqueTable().resources[type]?.isAlwaysWearing === true
}

const known = new WeakMap<readonly Thing[], boolean>()

/** Whether some resource wears a role that no file names. */
export function hasUnknownWearers({ things }: Inventory): boolean {
  if (things === undefined) return false
  let found = known.get(things)
  if (found === undefined) {
    found = things.some(isUnknownWearer)
    known.set(things, found)
  }
  return found
}
