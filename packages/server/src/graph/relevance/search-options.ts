import {
  kindOfEffect,
  type Technique,
  type TechniqueNeed,
  type TechniqueTable,
} from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import type { StepBudget } from '../proof/budget.ts'
import type { Step } from '../proof/fact-graph.ts'
import { type Actor, followingCalls } from '../request/actor.ts'
import { valueIn } from '../world/lists.ts'
import type { Principal } from '../world/world.ts'
import type { Administrator } from './power-found.ts'

/** The ends of paths that are no principals, such as a call that someone may make. */
export interface Ends {
  /** Equal for equal ends. */
  readonly name: string
  /** Whether a principal may be an end as it is, whatever conditions say. */
  mayBe(principal: Principal): boolean
  /** Whether an actor is one. */
  of(actor: Actor): Administrator
  /** Whether a fact is missing on which every end depends: then one path is as good as another. */
  readonly isUndecidedAtBest: boolean
}

/** The options of a search. */
export interface SearchOptions {
  /** Rows that follow from documentation and were not tried: off for verdicts. */
  readonly derived: boolean
  /** Rows of services that are closed. */
  readonly retired: boolean
  /** Whether the first path that is proven is enough. */
  readonly isFirst?: boolean
  /** Whether undecided steps are left out. */
  readonly isSure?: boolean
  /** Proofs of the goal that were found before, by what is held where they begin. */
  readonly known?: ReadonlyMap<string, readonly Step[]>
  /** The account of which an administrator is looked for; any that is in view if absent. */
  readonly account?: string | undefined
  /** The ends that are searched for in place of an administrator. */
  readonly ends?: Ends | undefined
  /** Each decision that is asked for takes a step of it. */
  readonly budget?: StepBudget | undefined
  /** Whether it is kept what the answer rests on, so that few are asked again after a change. */
  readonly isWatched?: boolean
}

/** The techniques that a search uses. */
export function techniquesFor(
  { techniques }: TechniqueTable,
  { derived, retired }: SearchOptions,
): readonly Technique[] {
  return techniques.filter(
    ({ basis, status, effect, composedOf }) =>
      effect !== 'none' &&
      composedOf === undefined &&
      (derived || basis !== 'derived') &&
      (retired || status !== 'retired'),
  )
}

/** Whether a technique is a call of AssumeRole. */
export function isAssuming({ effect }: Technique): boolean {
  return effect === 'assumes' || effect === 'sessionTags'
}

/** Whether there is an Allow for every need of a technique. The actions are in lower case. */
export function isUsable(technique: Technique, allowed: ReadonlySet<string>): boolean {
  const { needs, ways } = technique
  if (isAssuming(technique)) return true
  const mayMeet = (all: Technique['needs']): boolean =>
    all.every(({ action, ownGrant }) => ownGrant === true || allowed.has(lowered(action)))
  return mayMeet(needs) && (ways.length === 0 || ways.some((way) => mayMeet(way.needs)))
}

const passing = 'iam:passrole'

/** The ways to use a technique, each with all that it needs. */
export const plansOf = perObject(({ needs, ways }: Technique): Technique['ways'] => {
  const whole = ways.map((way) => ({ ...way, needs: [...needs, ...way.needs] }))
  return whole.length === 0 ? [{ needs, facts: [] }] : whole
})

/** Whether several principals can make the calls of a technique. */
export function isShared({ effect }: Technique): boolean {
  return kindOfEffect(effect).isShared === true
}

/** Whether a technique may change any user: none of its calls names one that must be allowed. */
export function isOfAnyUser({ effect, needs }: Technique): boolean {
  return effect === 'joinsGroup' || needs[0]?.action === 'iam:CreateGroup'
}

/** Whether a technique makes a principal. */
export function isMaking({ effect }: Technique): boolean {
  return effect === 'makesUser' || effect === 'makesRole'
}

/** The statements of some documents about the calls of a principal, in lower case. */
export interface CallsSaid {
  readonly allowed: ReadonlySet<string>
  /** The actions that are allowed on other principals. */
  readonly onOthers: ReadonlySet<string>
  /** The actions that are allowed on some names only. */
  readonly onSome: ReadonlySet<string>
  /** The actions that are not allowed in every case. */
  readonly doubted: ReadonlySet<string>
}

/** Whether several principals can make the calls of a technique, and who is allowed these may pass the role, if one is passed. */
export function mayPass(technique: Technique, allowed: ReadonlySet<string>): boolean {
  return isShared(technique) && (technique.passesTo === undefined || allowed.has(passing))
}

/** Whether who is allowed these calls may begin a technique that others end. */
export function mayBegin(technique: Technique, { allowed, doubted }: CallsSaid): boolean {
  if (!mayPass(technique, allowed)) return false
  const [first] = technique.needs
  // An actor that may attach any policy needs none that another one makes.
  const isOfNew = first?.with?.['iam:PolicyARN']?.startsWith('new ') === true
  return !isOfNew || doubted.has(lowered(first.action))
}

/**
 * The calls of a technique that others must make for who is allowed the first one and all that pass a role: a list for each
 * way. Empty if it is allowed every call of a way that rests on no fact, or none in this manner. Some calls are allowed on
 * others than the caller itself: only those are allowed on something new.
 */
export function missingCalls(technique: Technique, said: CallsSaid): readonly (readonly string[])[] {
  if (!mayBegin(technique, said)) return []
  const { allowed, onOthers, onSome, doubted } = said
  const may = ({ action, on }: TechniqueNeed): boolean =>
    (on.is === 'new' ? onOthers : allowed).has(lowered(action))
  const found = new Map<string, readonly string[]>()
  for (const { needs, facts } of plansOf(technique)) {
    const [first, ...later] = needs
    if (first === undefined || !may(first)) continue
    const own = later.filter((need) => need.ownGrant !== true && !may(need))
    const missing = [...new Set(own.map(({ action }) => lowered(action)))].sort()
    // Policies that others give to something new may allow more.
    if (missing.length === 0 && facts.length === 0 && !isMaking(technique)) return []
    if (missing.length === 0 || !missing.every((action) => followingCalls().has(action))) continue
    const others = later.map(({ action }) => lowered(action)).filter((action) => !missing.includes(action))
    // A call that it is allowed in some cases only may be needed of another one as well.
    const open = others.filter(
      (each) => followingCalls().has(each) && (onSome.has(each) || doubted.has(each)),
    )
    for (const more of [[], ...open.map((each) => [each]), open]) {
      const all = [...new Set([...missing, ...more])].sort()
      found.set(all.join(), all)
    }
  }
  return [...found.values()]
}

/** The statements of grants about the calls of a principal; grants of others are those of resources. */
export function callsSaid(
  grants: readonly ReadonlyMap<string, readonly string[]>[],
  allowed: ReadonlySet<string>,
  doubted: ReadonlySet<string>,
): CallsSaid {
  const onOthers = new Set<string>()
  const everywhere = new Set<string>()
  for (const each of grants)
    for (const [action, heads] of each) {
      if (heads.length > 0) onOthers.add(action)
      if (heads.includes('')) everywhere.add(action)
    }
  const onSome = new Set([...allowed].filter((action) => !everywhere.has(action)))
  return { allowed, onOthers, onSome, doubted }
}

const lower = new Map<string, string>()

/** The name of an action of a technique in lower case. */
export function lowered(action: string): string {
  return valueIn(lower, action, () => action.toLowerCase())
}

/** The calls of a technique that come first or pass a role, and those after them that others may make. */
export interface Calls {
  readonly first: readonly string[]
  readonly following: ReadonlySet<string>
}

/** The calls of a technique. */
export const callsOf = perObject((technique: Technique): Calls => {
  const names = plansOf(technique).map(({ needs }) => needs.map(({ action }) => lowered(action)))
  const passed = technique.passesTo === undefined ? [] : [passing]
  return {
    first: [...new Set([...names.flatMap((plan) => plan.slice(0, 1)), ...passed])],
    following: new Set(names.flatMap((plan) => plan.slice(1)).filter((each) => followingCalls().has(each))),
  }
})

/** Whether the trust policy of the target counts for a technique. */
export function countsTrust({ effect, passesTo, trusts }: Technique): boolean {
  return kindOfEffect(effect).isByTrust === true || trusts !== undefined || passesTo !== undefined
}
