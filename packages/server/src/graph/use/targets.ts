import type { Technique, TechniqueNeed } from '../../authorization/catalogue/index.ts'
import type { Finding } from '../proof/finding.ts'
import type { Prover } from '../proof/prove.ts'
import type { Shared } from '../relevance/shared.ts'
import { thingSignature } from '../relevance/signature.ts'
import type { Actor } from '../request/actor.ts'
import { requirementsOf, type Use } from '../request/binding.ts'
import { rolesTrusting } from '../request/pod-trust.ts'
import { type Binding, thingOf } from '../request/request-keys.ts'
import type { Things } from '../world/sorted.ts'
import { isListed, type Person, type Role, type Thing } from '../world/world.ts'

/** A use that is asked in a way of its own. */
export interface OwnUse {
  readonly technique: Technique
  readonly use: Use
  /** Asks for it; with the target as the attacker has changed it, and by the actor with fewer changes. */
  readonly prove: (target?: Person, by?: Actor) => Finding
}

/** Where uses are looked for. */
export interface UseQuestion {
  readonly shared: Shared
  readonly prover: Prover
  readonly technique: Technique
  readonly actor: Actor
  /** The one target that is wanted; undefined: any. */
  readonly only: Person | undefined
  /** Whether a target is worth a look; absent: each is. */
  readonly isWanted?: ((target: Person) => boolean) | undefined
  /** Whether a technique gives nothing that is as good as what there is; absent: none is known to. */
  readonly isOutdone?: ((technique: Technique) => boolean) | undefined
  /** Whether a use that depends on a missing fact may be better than what there is; absent: it may. */
  readonly wantsUndecided?: (() => boolean) | undefined
  /** Whether only roles that name the actor itself are assumed, or only others; absent: all are. */
  readonly names?: boolean | undefined
  /** Whether a new principal needs no policy, because the attacker lets it in somewhere. */
  readonly isLetIn?: boolean
  /** Whether a new principal is made with tags that policies ask for, or without; absent: both. */
  readonly isTagged?: boolean | undefined
}

/** Uses that are proved by their binding. */
export function* plain({ prover, technique, actor }: UseQuestion, uses: Iterable<Use>): Generator<OwnUse> {
  for (const use of uses)
    yield {
      technique,
      use,
      prove: (target, by = actor) =>
        prover.prove(by, technique, target === undefined ? use.binding : { ...use.binding, target }),
    }
}

/** The entries that fit. Each that is looked at counts. */
function* fitting<Entry, Fitting extends Entry>(
  { prover: { budget } }: Pick<UseQuestion, 'prover'>,
  entries: Iterable<Entry>,
  fits: (entry: Entry) => entry is Fitting,
): Generator<Fitting> {
  for (const entry of entries) {
    budget.look()
    if (fits(entry)) yield entry
  }
}

/** The principals that an Allow of the actor for an action names. */
export function namedFor(
  question: Omit<UseQuestion, 'technique'>,
  action: string,
  type: 'users' | 'roles',
): Generator<Person> {
  const { shared, actor, only, isWanted } = question
  const of = type === 'users' ? 'user' : 'role'
  const people =
    only === undefined
      ? shared.index[type].startingWith(shared.heads(actor, action))
      : only.type === of && only.account === shared.world.account
        ? [only]
        : []
  const fits = (each: Person): each is Person =>
    isWanted?.(each) !== false && shared.allows(actor, action, each.arn)
  return fitting(question, people, fits)
}

/** The roles that an actor may pass, if the technique passes one, and whose trust policy names what the technique says. */
export function* passable(question: UseQuestion): Generator<Role> {
  const { shared, actor, only, isWanted, technique } = question
  const heads = technique.passesTo === undefined ? [''] : shared.heads(actor, 'iam:PassRole')
  const { index } = shared
  const trusting = rolesTrusting(index, technique.trusts)
  const named = only === undefined ? index.roles.startingWith(heads) : [only]
  const people: readonly Person[] =
    trusting !== undefined && trusting.size < named.length ? [...trusting] : named
  const fits = (role: Person): role is Role =>
    role.type === 'role' &&
    isWanted?.(role) !== false &&
    // a service-linked role belongs to its service, which alone puts it on
    !role.isServiceLinked &&
    trusting?.has(role) !== false &&
    mayPassRole(question, role)
  yield* fitting(question, people, fits)
}

/** Whether an actor may pass a role, if the technique passes one. */
function mayPassRole(
  { shared, actor, technique }: Pick<UseQuestion, 'shared' | 'actor' | 'technique'>,
  { arn }: Role,
): boolean {
  return technique.passesTo === undefined || shared.allows(actor, 'iam:PassRole', arn)
}

/**
 * Without those that no Allow names, and whose own policies allow the actor nothing. A resource whose ARN is of another form than the action takes is kept: it is asked
 * about under another name.
 */
export function* allowed(
  question: UseQuestion,
  actions: readonly string[],
  things: Things,
): Generator<Thing> {
  const { shared, actor } = question
  const heads = actions.map((action) => shared.heads(actor, action))
  if (heads.every((each) => each.includes(''))) {
    yield* things.all
    return
  }
  const found = new Set<Thing>()
  const { resourcePolicies } = shared.index
  if (resourcePolicies.actionsFor(actor.variant.person).length > 0)
    for (const thing of things.all) if (resourcePolicies.of(thing.arn) !== undefined) found.add(thing)
  for (const [place, action] of actions.entries()) {
    const fits = (thing: Thing): thing is Thing => shared.allows(actor, action, thing.arn)
    for (const thing of fitting(question, things.startingWith(heads[place] ?? []), fits)) found.add(thing)
    for (const like of things.byForm.values())
      if (like[0] !== undefined && !shared.takes(action, like[0])) for (const thing of like) found.add(thing)
  }
  yield* found
}

/** Whether an Allow of an actor for an action names a resource, or something else may let the actor make the call on it. */
function mayCall(shared: Shared, actor: Actor, action: string, thing: Thing): boolean {
  if (shared.allows(actor, action, thing.arn) || !shared.takes(action, thing)) return true
  const { resourcePolicies } = shared.index
  return (
    resourcePolicies.of(thing.arn) !== undefined &&
    resourcePolicies.actionsFor(actor.variant.person).length > 0
  )
}

/**
 * Whether an actor may pass the role that a technique passes, and make the calls on the resources that it is bound to: without
 * that, whatever else it may do gives nothing.
 */
export function mayUseParts(shared: Shared, actor: Actor, technique: Technique, binding: Binding): boolean {
  const { target } = binding
  const mayPass = target?.type !== 'role' || mayPassRole({ shared, actor, technique }, target)
  const may = (need: TechniqueNeed): boolean => {
    const thing = thingOf(need, binding)
    return thing === undefined || mayCall(shared, actor, need.action, thing)
  }
  const { needs, ways } = technique
  return mayPass && needs.every(may) && (ways.length === 0 || ways.some((way) => way.needs.every(may)))
}

/** The most choices of existing resources. */
const mostChoices = 5_000

/** Every choice of existing resources for the `thing` variables. */
export function thingsOf(question: UseQuestion): readonly ReadonlyMap<string, Thing>[] {
  const { shared, actor, technique } = question
  const needs = requirementsOf(technique)
  const types = [...new Set(needs.flatMap(({ on }) => (on.is === 'thing' ? on.type : [])))]
  if (types.length === 0) return noThings
  return shared.choices(actor, technique, () => choicesOf(question, types))
}

const noThings: readonly ReadonlyMap<string, Thing>[] = [new Map()]

function choicesOf(question: UseQuestion, types: readonly string[]): readonly ReadonlyMap<string, Thing>[] {
  const { shared, technique } = question
  const needs = requirementsOf(technique)
  let all: ReadonlyMap<string, Thing>[] = [new Map()]
  for (const type of types) {
    const actions = needs.flatMap(({ action, on }) => (on.is === 'thing' && on.type === type ? action : []))
    const things = differing(question, allowed(question, actions, shared.index.thingsOf(type)))
    // Ways that need no such thing are still possible.
    const isOpen = things.length === 0 || !isListed(shared.world.inventory, type)
    const choices = [...things, ...(isOpen ? [undefined] : [])]
    all = all
      .flatMap((before) =>
        choices.map((thing) => (thing === undefined ? before : new Map([...before, [type, thing]]))),
      )
      .slice(0, mostChoices)
  }
  return all
}

/** One of each kind of resources that are alike for the technique. */
function differing(
  { shared, technique, actor, prover: { budget } }: UseQuestion,
  things: Iterable<Thing>,
): readonly Thing[] {
  const found = new Map<string, Thing>()
  for (const thing of things) {
    budget.look()
    const key = thingSignature(shared, actor, technique, thing)
    if (!found.has(key)) found.set(key, thing)
  }
  return [...found.values()]
}
