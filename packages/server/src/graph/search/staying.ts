import type { FactGraph } from '../proof/fact-graph.ts'
import { heldAs, outcomeName } from '../request/binding.ts'
import { type Change, changeName, subjectOf } from '../request/change.ts'
import { callersOf } from '../request/together.ts'
import type { Actor } from '../request/trust-question.ts'
import type { OwnUse } from '../use/targets.ts'
import { hasDeny, type World } from '../world/world.ts'

/**
 * The same use; if it changes something of its actor, with what the actor has changed of itself before: that stays so,
 * and may take away what the change gives. Undefined if the actor has what comes of it, or if that is proven without.
 */
export function staying(
  world: World,
  actor: Actor,
  own: OwnUse,
  facts: Pick<FactGraph, 'cost'>,
): OwnUse | undefined {
  if (actor.helpers === undefined) return stayingOf(world, actor, own, facts)
  let found: OwnUse | undefined = own
  for (const each of callersOf(actor)) found = found && stayingOf(world, each, found, facts)
  return found
}

function stayingOf(
  world: World,
  actor: Actor,
  own: OwnUse,
  facts: Pick<FactGraph, 'cost'>,
): OwnUse | undefined {
  const { outcome } = own.use
  const { applied } = actor.variant
  if (outcomeName(outcome) === heldAs(actor)) return undefined
  if (outcome.is !== 'change' || applied.length === 0) return own
  const { change } = outcome
  const name = changeName(change)
  if (applied.some(({ within: _, ...each }) => changeName(each) === name)) return undefined
  const lasting = within(world, actor, change)
  if (lasting === change) return own
  if (facts.cost(name)?.rank === 0) return undefined
  return { ...own, use: { ...own.use, outcome: { is: 'change', change: lasting } } }
}

/** A change with what its actor has changed of itself before. */
export function within(world: World, { variant: { applied, person } }: Actor, change: Change): Change {
  const isOfOther = change.arn !== person.arn && /:(?:user|role)\//.test(change.arn)
  // Of another principal, only what lets the actor in counts: its order with what the actor can do otherwise is free.
  if (isOfOther && change.is !== 'tag' && change.is !== 'trust') return change
  const stays = applied.filter(
    (each) =>
      mayTake(world, each) &&
      subjectOf(each) !== subjectOf(change) &&
      (!isOfOther || each.arn === person.arn),
  )
  return stays.length === 0 ? change : { ...change, within: [...(change.within ?? []), ...stays] }
}

/** Whether an actor may use a change of another principal: it still is, or is again, as it was when it made the change. */
export function mayUse({ variant: { applied, person } }: Actor, { within: stays = [] }: Change): boolean {
  return stays.every(
    (each) => each.arn !== person.arn || applied.some((other) => subjectOf(other) === subjectOf(each)),
  )
}

/** Whether something may be refused because of a change that was allowed before it. */
export function mayTake({ groups, policies }: World, change: Change): boolean {
  switch (change.is) {
    case 'everything':
    case 'session':
    case 'trust':
    case 'unbound':
      return false
    case 'joined': {
      const group = groups.get(change.group)
      const managed = group?.attached.map((arn) => policies.get(arn)) ?? []
      return (
        group?.inline.some(({ policy }) => hasDeny(policy.text)) === true ||
        managed.some((policy) =>
          [...(policy?.versions.values() ?? [])].some((each) => hasDeny(each.policy.text)),
        )
      )
    }
    case 'attached':
      return [...(policies.get(change.policy)?.versions.values() ?? [])].some(({ policy }) =>
        hasDeny(policy.text),
      )
    // What allows everything, and the absence of a boundary, refuse nothing.
    case 'version':
      return change.version !== undefined
    case 'boundary':
      return change.policy !== undefined
    default:
      return true
  }
}
