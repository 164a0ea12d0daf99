import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import { valueIn } from './lists.ts'
import { serviceOfArn, type World } from './world.ts'

/** The actions that change tags of policies and of resources of the inventory whose tags are known, in lower case. [GRD-560] */
export function taggersIn({ inventory }: World, { taggers }: TechniqueTable): ReadonlySet<string> {
  return valueIn(known, inventory, () => {
    const tagged = inventory.things?.filter(({ tags }) => tags !== undefined) ?? []
    const services = new Set(tagged.map(({ arn }) => serviceOfArn(arn)))
    const actions = [...services].flatMap((service) => Object.values(taggers[service] ?? {}).flat())
    return new Set(['iam:tagpolicy', ...actions.map((action) => action.toLowerCase())])
  })
}

const known = new WeakMap<World['inventory'], ReadonlySet<string>>()
