import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import type { Inventory, Resource } from './world.ts'

/** Whether a resource runs as a role that no file names. */
export function isUnknownWorkload({ role, type, facts }: Resource): boolean {
  return (
    role === undefined &&
    (techniqueTable().resources[type]?.isAlwaysWearing === true || facts.roleUnknown === true)
  )
}

const someUnknown = perObject((resources: readonly Resource[]) => resources.some(isUnknownWorkload))

/** Whether some resource runs as a role that no file names. */
export function hasUnknownWorkloads({ resources }: Inventory): boolean {
  return resources !== undefined && someUnknown(resources)
}
