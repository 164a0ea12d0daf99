import type { Technique } from '../authorization/catalogue/index.ts'
import { requirementsOf, type Use } from './binding.ts'
import type { Finding, Prover } from './prove.ts'
import type { Shared } from './shared.ts'
import { thingSignature } from './signature.ts'
import type { Actor } from './trust-question.ts'
import { isListed, type Person, type Role, type Thing } from './world.ts'

/** A use that is asked in a way of its own. */
export interface OwnUse {
  readonly technique: Technique
  readonly use: Use
  /** Asks for it; with another target, one whose tags the attacker has written. */
  readonly prove: (target?: Person) => Finding
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
}

/** Uses that are proved by their binding. */
export function* plain({ prover, technique, actor }: UseQuestion, uses: Iterable<Use>): Generator<OwnUse> {
  for (const use of uses)
    yield {
      technique,
      use,
      prove: (target) =>
        prover.prove(actor, technique, target === undefined ? use.binding : { ...use.binding, target }),
    }
}

/** The principals that an Allow of the actor for an action names. */
export function namedFor(
  { shared, actor, only, isWanted }: Omit<UseQuestion, 'technique' | 'prover'>,
  action: string,
  type: 'users' | 'roles',
): readonly Person[] {
  const of = type === 'users' ? 'user' : 'role'
  const people =
    only === undefined
      ? shared.index[type].startingWith(shared.heads(actor, action))
      : only.type === of && only.account === shared.world.account
        ? [only]
        : []
  return people.filter(
    (each) => isWanted?.(each) !== false && shared.match(actor, action, each.arn).isAllowed,
  )
}

/** The roles that an actor may pass, and whose trust policy names one of some services. */
export function passable(question: UseQuestion, services: readonly string[] | undefined): readonly Role[] {
  const { shared, actor, only, isWanted } = question
  const { index } = shared
  const trusting = services === undefined ? undefined : index.trustingServices(services)
  const named = index.roles.startingWith(shared.heads(actor, 'iam:PassRole'))
  const people: readonly Person[] =
    only !== undefined
      ? [only]
      : trusting !== undefined && trusting.size < named.length
        ? [...trusting]
        : named
  return people.flatMap((role) =>
    role.type === 'role' &&
    isWanted?.(role) !== false &&
    // a service-linked role belongs to its service, which alone puts it on
    !role.isServiceLinked &&
    trusting?.has(role) !== false &&
    shared.match(actor, 'iam:PassRole', role.arn).isAllowed
      ? role
      : [],
  )
}

/**
 * Without those that no Allow names, and whose own policies allow the actor nothing. A resource whose ARN is of another form than the action takes is kept: it is asked
 * about under another name.
 */
export function allowed(
  { shared, actor }: UseQuestion,
  actions: readonly string[],
  things: readonly Thing[],
): readonly Thing[] {
  if (actions.length === 0) return things
  const { resourcePolicies } = shared.index
  const granted = resourcePolicies.actionsFor(actor.variant.person)
  const isGranted = (thing: Thing): boolean =>
    granted.length > 0 && resourcePolicies.of(thing.arn) !== undefined
  const heads = actions.map((action) => shared.heads(actor, action))
  if (heads.every((each) => each.includes(''))) return things
  return things.filter(
    (thing) =>
      isGranted(thing) ||
      actions.some(
        (action) => shared.match(actor, action, thing.arn).isAllowed || !shared.takes(action, thing),
      ),
  )
}

/** Every choice of existing resources for the `thing` variables; at most some hundred. */
export function thingsOf(question: UseQuestion): readonly ReadonlyMap<string, Thing>[] {
  const { shared, technique } = question
  const needs = requirementsOf(technique)
  const types = [...new Set(needs.flatMap(({ on }) => (on.is === 'thing' ? on.type : [])))]
  let all: ReadonlyMap<string, Thing>[] = [new Map()]
  for (const type of types) {
    const actions = needs.flatMap(({ action, on }) => (on.is === 'thing' && on.type === type ? action : []))
    const things = allowed(question, actions, shared.index.thingsOf(type).all)
    // Ways that need no such thing are still possible.
    const isOpen = things.length === 0 || !isListed(shared.world.inventory, type)
    const choices = [...differing(question, things), ...(isOpen ? [undefined] : [])]
    all = all
      .flatMap((before) =>
        choices.map((thing) => (thing === undefined ? before : new Map([...before, [type, thing]]))),
      )
      .slice(0, 200)
  }
  return all
}

/** One of each kind of resources that are alike for the technique. */
function differing({ shared, technique, actor }: UseQuestion, things: readonly Thing[]): readonly Thing[] {
  const found = new Map<string, Thing>()
  for (const thing of things) {
    const key = thingSignature(shared, actor, technique, thing)
    if (!found.has(key)) found.set(key, thing)
  }
  return [...found.values()]
}
