import type { Technique, TechniqueTable } from '../../authorization/catalogue/index.ts'
import type { StepBudget } from '../proof/budget.ts'
import type { Step } from '../proof/fact-graph.ts'
import { followingCalls } from '../request/together.ts'

/** What a search takes into account. */
export interface SearchOptions {
  /** Rows that follow from documentation and were not tried: off for verdicts. */
  readonly derived: boolean
  /** Rows of services that are closed. */
  readonly retired: boolean
  /** Whether the first path that is proven is enough. */
  readonly isFirst?: boolean
  /** Proofs of the goal that were found before, by what is held where they begin. */
  readonly known?: ReadonlyMap<string, readonly Step[]>
  /** The account of which an administrator is looked for; any that is in view if absent. */
  readonly account?: string | undefined
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
export function plansOf(technique: Technique): Technique['ways'] {
  let found = plans.get(technique)
  if (found === undefined) {
    const { needs, ways } = technique
    const whole = ways.map((way) => ({ ...way, needs: [...needs, ...way.needs] }))
    found = whole.length === 0 ? [{ needs, facts: [] }] : whole
    plans.set(technique, found)
  }
  return found
}

const plans = new WeakMap<Technique, Technique['ways']>()

/** Whether who is allowed these actions may begin a technique that others end: it gives a principal, and may pass its role. */
export function mayBegin({ effect, passesTo }: Technique, allowed: ReadonlySet<string>): boolean {
  return effect === 'becomes' && (passesTo === undefined || allowed.has(passing))
}

/**
 * The calls of a technique that others must make for who is allowed the first one and all that pass a role: a list for each
 * way. Empty if it is allowed every call of a way that rests on no fact, or none in this manner.
 */
export function missingCalls(
  technique: Technique,
  allowed: ReadonlySet<string>,
): readonly (readonly string[])[] {
  if (!mayBegin(technique, allowed)) return []
  const found = new Map<string, readonly string[]>()
  for (const { needs, facts } of plansOf(technique)) {
    const [first, ...others] = needs
    if (first === undefined || !allowed.has(lowered(first.action))) continue
    const own = others.filter(({ ownGrant }) => ownGrant !== true).map(({ action }) => lowered(action))
    const missing = [...new Set(own.filter((action) => !allowed.has(action)))].sort()
    if (missing.length === 0 && facts.length === 0) return []
    if (missing.length > 0 && missing.every((action) => followingCalls.has(action)))
      found.set(missing.join(), missing)
  }
  return [...found.values()]
}

const lower = new Map<string, string>()

/** The name of an action of a technique in lower case. */
export function lowered(action: string): string {
  let name = lower.get(action)
  if (name === undefined) {
    name = action.toLowerCase()
    lower.set(action, name)
  }
  return name
}

/** The calls of a technique that come first or pass a role, and those after them that others may make. */
export interface Calls {
  readonly first: readonly string[]
  readonly following: ReadonlySet<string>
}

/** The calls of a technique. */
export function callsOf(technique: Technique): Calls {
  let found = calls.get(technique)
  if (found === undefined) {
    const names = plansOf(technique).map(({ needs }) => needs.map(({ action }) => lowered(action)))
    const passed = technique.passesTo === undefined ? [] : [passing]
    found = {
      first: [...new Set([...names.flatMap((plan) => plan.slice(0, 1)), ...passed])],
      following: new Set(names.flatMap((plan) => plan.slice(1)).filter((each) => followingCalls.has(each))),
    }
    calls.set(technique, found)
  }
  return found
}

const calls = new WeakMap<Technique, Calls>()
