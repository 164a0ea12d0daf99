import type { FactGraph } from '../proof/fact-graph.ts'
import type { Shared } from '../relevance/shared.ts'
import { type Outcome, outcomeName } from '../request/binding.ts'
import type { Carried, Since } from '../request/carried.ts'
import { type Change, changeName, subjectOf, subjectsOf } from '../request/change.ts'
import { callersOf } from '../request/together.ts'
import type { Actor } from '../request/trust-question.ts'
import type { BlockedStep } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import type { Document, Person, World } from '../world/world.ts'
import type { Blocked } from './blocked.ts'
import { mayTake } from './staying.ts'

/**
 * The results of a use, with the changes that it was made with and that are about others as well: a version of a policy, a
 * policy of a group, a tag of the target. They stay so, and may take from others what they could do before.
 */
export function lasting(
  shared: Shared,
  actor: Actor,
  own: OwnUse,
  more: readonly Change[],
  facts: Pick<FactGraph, 'cost'>,
): OwnUse {
  const { outcome } = own.use
  const after = lastingOutcome(shared, actor, outcome, more)
  // what is proven without them needs no change
  if (after === outcome || facts.cost(outcomeName(outcome))?.rank === 0) return own
  return { ...own, use: { ...own.use, outcome: after } }
}

function lastingOutcome(shared: Shared, actor: Actor, outcome: Outcome, more: readonly Change[]): Outcome {
  const isUnchanged = callersOf(actor).every(
    ({ variant: { applied, carried } }) => applied.length === 0 && carried.since === undefined,
  )
  if (isUnchanged && more.length === 0) return outcome
  if (outcome.is === 'held') {
    const { person } = outcome
    return { ...outcome, carried: withSince(outcome.carried, sinceOf(shared, actor, person, more)) }
  }
  const { change } = outcome
  if (change.is !== 'session') return outcome
  const since = sinceOf(shared, actor, undefined, more)
  return { ...outcome, change: { ...change, carried: withSince(change.carried, since) } }
}

/** A set of changes with those that stay, unless one of the set is about the same. */
export function withLasting(set: readonly Change[], { since = [] }: Carried): readonly Change[] {
  if (since.length === 0) return set
  const subjects = new Set(set.flatMap(subjectsOf))
  const stay = since.flatMap((each) => (each instanceof Kept ? each.change : []))
  // what is made later comes later
  return [...stay.filter((change) => !subjectsOf(change).every((each) => subjects.has(each))), ...set]
}

/** A change that stays. */
class Kept implements Since {
  readonly name: string
  readonly change: Change

  constructor(change: Change) {
    this.name = changeName(change)
    this.change = change
  }
}

function withSince({ since: _, ...carried }: Carried, changes: readonly Change[]): Carried {
  if (changes.length === 0) return carried
  return { ...carried, since: changes.map((change) => new Kept(change)) }
}

function sinceOf(
  shared: Shared,
  actor: Actor,
  target: Person | undefined,
  more: readonly Change[],
): readonly Change[] {
  const found = new Map<string, readonly [change: Change, by: Person]>()
  for (const { variant } of callersOf(actor))
    for (const change of [...variant.applied, ...more]) found.set(subjectOf(change), [change, variant.person])
  return [...found.values()]
    .filter(([change, by]) => mayMatter(shared, change, by, target) && !isAsBefore(shared.world, change))
    .map(([change]) => change)
}

/** Whether a change may take something from anybody but the principal that acts. */
function mayMatter(shared: Shared, change: Change, actor: Person, target: Person | undefined): boolean {
  const { world, index, classes } = shared
  const isOfOthers = (arn: string): boolean => index.bearersOf(arn).some((person) => person !== actor)
  switch (change.is) {
    case 'version':
      return change.version !== undefined && isOfOthers(change.arn)
    case 'without':
      return isOfOthers(change.arn) && hasAllow(world, change.arn, change.key)
    case 'attached':
      return isOfOthers(change.arn)
    case 'tag': {
      if (change.arn === actor.arn && actor.arn !== target?.arn) return false
      const keys = [change.key, ...Object.keys(change.also ?? {})]
      return keys.some((key) => classes.tags.keys.has(key))
    }
    default:
      return false
  }
}

/** Whether something is as it was before all changes. */
export function isAsBefore({ policies, users, roles }: World, change: Change): boolean {
  const person = users.get(change.arn) ?? roles.get(change.arn)
  switch (change.is) {
    case 'version':
      return policies.get(change.arn)?.defaultVersion === change.version
    case 'boundary':
      return person?.boundary === change.policy
    case 'tag': {
      const tags = { ...change.also, [change.key]: change.value }
      return Object.entries(tags).every(([key, value]) => person?.tags[key] === value)
    }
    default:
      return false
  }
}

/** Whether a change may take something from whom it is about. */
export function isTaking(world: World, change: Change): boolean {
  return mayTake(world, change) && !isAsBefore(world, change)
}

/** Keeps a step that is stopped, for people: not after what is only given back, because all is as it was then. */
export function noteBlocked(
  all: Blocked,
  world: World,
  { variant: { applied } }: Actor,
  step: BlockedStep,
): void {
  const isGivenBack = applied.length > 0 && applied.every((change) => isAsBefore(world, change))
  if (!isGivenBack) all.add(step)
}

/** Whether a document of a group allows something. */
function hasAllow({ groups, policies }: World, arn: string, key: string): boolean {
  const group = [...groups.values()].find((each) => each.arn === arn)
  const managed = policies.get(key)
  const documents: readonly (Document | undefined)[] = [
    managed?.versions.get(managed.defaultVersion),
    ...(group?.inline.filter((each) => each.key === key) ?? []),
  ]
  return documents.some((each) => each?.policy.statements.some(({ effect }) => effect === 'Allow') === true)
}
