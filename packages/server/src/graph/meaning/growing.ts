import { policiesOf } from '../relevance/policies-of.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Change } from '../request/change.ts'
import { accountOfArn, currentOf, type Document, hasDeny, type World } from '../world/world.ts'

/** The number of groups or policies up to which there is room for one more, and for one beside it. */
const roomy = 8

/**
 * Says whether after an edit no request is refused that was allowed before it. Such edits are made at once, in any order.
 * Every other edit leads to another state of the search, and the state before it is kept as well.
 */
export function isGrowing(shared: Shared, change: Change): boolean {
  const account = change.is === 'unbound' ? change.arn : accountOfArn(change.arn)
  const { world } = shared.neighbours.of(account) ?? shared
  switch (change.is) {
    case 'everything':
    case 'trust':
    case 'unbound':
      return true
    case 'version':
      return change.version === undefined
    case 'boundary':
      return change.policy === undefined && !readsBoundaries(shared)
    case 'attached': {
      const owner = world.users.get(change.arn) ?? world.roles.get(change.arn)
      return (owner?.attached.length ?? 0) < roomy && !managed(world, change.policy).some(denies)
    }
    case 'joined': {
      const user = world.users.get(change.arn)
      return (user?.groups.length ?? 0) < roomy && !ofGroup(world, change.group).some(denies)
    }
    case 'left':
      return !ofGroup(world, change.group).some(allows)
    case 'without': {
      const owners = [...world.users.values(), ...world.roles.values(), ...world.groups.values()]
      const owner = owners.find(({ arn }) => arn === change.arn)
      const inline = owner?.inline.filter(({ key }) => key === change.key) ?? []
      return ![...inline, ...managed(world, change.key)].some(allows)
    }
    default:
      return false
  }
}

function managed({ policies }: World, arn: string): readonly Document[] {
  return [currentOf(policies.get(arn)) ?? []].flat()
}

function ofGroup(world: World, name: string): readonly Document[] {
  const group = world.groups.get(name)
  if (group === undefined) return []
  return [...group.inline, ...group.attached.flatMap((arn) => managed(world, arn))]
}

function denies({ policy }: Document): boolean {
  return hasDeny(policy.text)
}

function allows({ policy }: Document): boolean {
  return policy.statements.some(({ effect }) => effect === 'Allow')
}

function readsBoundaries({ neighbours }: Shared): boolean {
  return [...neighbours.all].some(({ world }) =>
    policiesOf(world).some(({ text }) => /iam:PermissionsBoundary/i.test(text)),
  )
}
