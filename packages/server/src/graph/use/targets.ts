import type { Technique, TechniqueNeed } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import type { Finding } from '../proof/finding.ts'
import type { Prover } from '../proof/prove.ts'
import type { Shared } from '../relevance/shared.ts'
import { resourceSignature } from '../relevance/signature.ts'
import type { Actor } from '../request/actor.ts'
import { requirementsOf, type Use } from '../request/binding.ts'
import { rolesTrusting } from '../request/pod-trust.ts'
import { type Binding, resourceOf } from '../request/request-keys.ts'
import { type Resources, Sorted } from '../world/sorted.ts'
import { isListed, type Principal, type Resource, type Role } from '../world/world.ts'

/** A use that is asked in a way of its own. */
export interface OwnUse {
  readonly technique: Technique
  readonly use: Use
  /** Asks for it; with the target as the attacker has changed it, and by the actor with fewer changes. */
  readonly prove: (target?: Principal, by?: Actor) => Finding
}

/** Where uses are looked for. */
export interface UseQuestion {
  readonly shared: Shared
  readonly prover: Prover
  readonly technique: Technique
  readonly actor: Actor
  /** The one target that is wanted; undefined: any. */
  readonly only: Principal | undefined
  /** Whether a target is worth a look; absent: each is. */
  readonly isWanted?: ((target: Principal) => boolean) | undefined
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
): Generator<Principal> {
  const { shared, actor, only, isWanted } = question
  const of = type === 'users' ? 'user' : 'role'
  const principals =
    only === undefined
      ? shared.index[type].startingWith(shared.heads(actor, action))
      : only.type === of && only.account === shared.world.account
        ? [only]
        : []
  const fits = (each: Principal): each is Principal =>
    isWanted?.(each) !== false && shared.allows(actor, action, each.arn)
  return fitting(question, principals, fits)
}

/** The roles that an actor may pass, if the technique passes one, and whose trust policy names what the technique says. */
export function* passable(question: UseQuestion): Generator<Role> {
  const { shared, actor, only, isWanted, technique } = question
  const heads = technique.passesTo === undefined ? [''] : shared.heads(actor, 'iam:PassRole')
  const { index } = shared
  const trusting = rolesTrusting(index, technique.trusts)
  const roles = trusting === undefined ? index.roles : byArn(trusting)
  const principals: readonly Principal[] = only === undefined ? roles.startingWith(heads) : [only]
  const fits = (role: Principal): role is Role =>
    role.type === 'role' &&
    isWanted?.(role) !== false &&
    // a service-linked role belongs to its service, which alone puts it on
    !role.isServiceLinked &&
    trusting?.has(role) !== false &&
    mayPassRole(question, role)
  yield* fitting(question, principals, fits)
}

const byArn = perObject((roles: ReadonlySet<Role>) => new Sorted([...roles]))

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
  resources: Resources,
): Generator<Resource> {
  const { shared, actor } = question
  const heads = actions.map((action) => shared.heads(actor, action))
  if (heads.every((each) => each.includes(''))) {
    yield* resources.all
    return
  }
  const found = new Set<Resource>()
  const { resourcePolicies } = shared.index
  if (resourcePolicies.actionsFor(actor.variant.principal).length > 0)
    for (const resource of resources.all)
      if (resourcePolicies.of(resource.arn) !== undefined) found.add(resource)
  for (const [place, action] of actions.entries()) {
    const fits = (resource: Resource): resource is Resource => shared.allows(actor, action, resource.arn)
    for (const resource of fitting(question, resources.startingWith(heads[place] ?? []), fits))
      found.add(resource)
    for (const like of resources.byForm.values())
      if (like[0] !== undefined && !shared.takes(action, like[0]))
        for (const resource of like) found.add(resource)
  }
  yield* found
}

/** Whether an Allow of an actor for an action names a resource, or something else may let the actor make the call on it. */
function mayCall(shared: Shared, actor: Actor, action: string, resource: Resource): boolean {
  if (shared.allows(actor, action, resource.arn) || !shared.takes(action, resource)) return true
  const { resourcePolicies } = shared.index
  return (
    resourcePolicies.of(resource.arn) !== undefined &&
    resourcePolicies.actionsFor(actor.variant.principal).length > 0
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
    const resource = resourceOf(need, binding)
    return resource === undefined || mayCall(shared, actor, need.action, resource)
  }
  const { needs, ways } = technique
  return mayPass && needs.every(may) && (ways.length === 0 || ways.some((way) => way.needs.every(may)))
}

/** The most choices of existing resources. */
const mostChoices = 5_000

/** Every choice of existing resources for the `resource` variables. */
export function resourcesOf(question: UseQuestion): readonly ReadonlyMap<string, Resource>[] {
  const { shared, actor, technique } = question
  const needs = requirementsOf(technique)
  const types = [...new Set(needs.flatMap(({ on }) => (on.is === 'resource' ? on.type : [])))]
  if (types.length === 0) return noResources
  return shared.choices(actor, technique, () => choicesOf(question, types))
}

const noResources: readonly ReadonlyMap<string, Resource>[] = [new Map()]

function choicesOf(
  question: UseQuestion,
  types: readonly string[],
): readonly ReadonlyMap<string, Resource>[] {
  const { shared, technique } = question
  const needs = requirementsOf(technique)
  let all: ReadonlyMap<string, Resource>[] = [new Map()]
  for (const type of types) {
    const actions = needs.flatMap(({ action, on }) =>
      on.is === 'resource' && on.type === type ? action : [],
    )
    const resources = differing(question, allowed(question, actions, shared.index.resourcesOf(type)))
    // Ways that need no such thing are still possible.
    const isOpen = resources.length === 0 || !isListed(shared.world.inventory, type)
    const choices = [...resources, ...(isOpen ? [undefined] : [])]
    all = all
      .flatMap((before) =>
        choices.map((resource) => (resource === undefined ? before : new Map([...before, [type, resource]]))),
      )
      .slice(0, mostChoices)
  }
  return all
}

/** One of each kind of resources that are alike for the technique. */
function differing(
  { shared, technique, actor, prover: { budget } }: UseQuestion,
  resources: Iterable<Resource>,
): readonly Resource[] {
  const found = new Map<string, Resource>()
  for (const resource of resources) {
    budget.look()
    const key = resourceSignature(shared, actor, technique, resource)
    if (!found.has(key)) found.set(key, resource)
  }
  return [...found.values()]
}
