import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import { valueIn } from './lists.ts'
import { serviceOfArn, type World } from './world.ts'

/** The actions that change tags of policies and of resources of the inventory, in lower case. [GRD-560] */
export function taggersIn({ inventory }: World, { taggers }: TechniqueTable): ReadonlySet<string> {
  return valueIn(known, inventory, () => {
    const services = new Set(inventory.resources?.map(({ arn }) => serviceOfArn(arn)))
    const own = [ofPolicies, ...[...services].flatMap((service) => taggers[service] ?? [])]
    return new Set(own.flatMap((each) => Object.values(each).flat()).map((action) => action.toLowerCase()))
  })
}

/** The actions that change tags of customer managed policies. */
export const ofPolicies = { write: ['iam:TagPolicy'], remove: ['iam:UntagPolicy'] }

const known = new WeakMap<World['inventory'], ReadonlySet<string>>()
