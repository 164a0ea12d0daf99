import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import type { World } from './world.ts'

/** The actions that change tags of policies and of resources of the inventory whose tags are known, in lower case. [GRD-560] */
export function taggersIn({ inventory }: World, { taggers }: TechniqueTable): ReadonlySet<string> {
  const { things } = inventory
  let found = known.get(inventory)
  if (found === undefined) {
    const services = new Set<string>()
    for (const { arn, tags } of things ?? []) if (tags !== undefined) services.add(arn.split(':', 3)[2] ?? '')
    found = new Set([
      'iam:tagpolicy',
      ...[...services].flatMap((service) => {
        const { write = [], remove = [] } = taggers[service] ?? {}
        return [...write, ...remove].map((action) => action.toLowerCase())
      }),
    ])
    known.set(inventory, found)
  }
  return found
}

const known = new WeakMap<World['inventory'], ReadonlySet<string>>()
