import type { ResidualCondition } from '@omen-iam/policy'
import type { Incomplete, StepBudget } from './proof/budget.ts'
import type { FactUsed } from './proof/fact.ts'
import { exactStep, inOrder, rankOfProof, residualOf, type Step } from './proof/fact-graph.ts'
import { administrator } from './proof/goal.ts'
import { areInTime } from './proof/times.ts'
import { ranks, type Verdict, verdicts } from './reach.ts'
import type { SearchOptions } from './relevance/search-options.ts'
import type { Outsider } from './request/outside.ts'
import type { Search } from './search/search.ts'
import type { Principal } from './world/world.ts'

/** A path: steps in the order in which they are taken. */
export interface Path {
  readonly verdict: Verdict
  readonly steps: readonly Step[]
  readonly residual: readonly ResidualCondition[]
  /** The ARNs of those that make calls of its steps, and that none of its steps leads to: they must be held as well. */
  readonly alsoHeld?: readonly string[]
  /** Of a part of a longer path: the steps before it. */
  readonly before?: readonly Step[]
}

/** The answer to whether one principal comes to another, or to an administrator. */
export interface PathsAnswer {
  readonly from: string
  readonly to: string
  readonly verdict: Verdict
  /** The conditions that are left of the best path. */
  readonly residual: readonly ResidualCondition[]
  /** The best first. Those that are blocked only if there is no other. */
  readonly paths: readonly Path[]
  /**
   * If the search ended early: there may be more paths, and better ones. The verdict is then `undecided` unless a path was
   * found.
   */
  readonly incomplete?: Incomplete
}

/** Options of a question. */
export interface PathOptions extends Partial<SearchOptions> {
  /** The most paths of an answer, 20 if absent. */
  readonly most?: number
  /** Only an administrator of this account is the goal; of any account in view if absent. */
  readonly account?: string | undefined
  /** The steps that the question may take; `searchSteps` if absent. Several questions may share them. */
  readonly budget?: StepBudget | undefined
}

/** Where an attacker begins. */
export type Start = Principal | Outsider

/** A search, and whether it ended early. */
export interface Searched {
  readonly search: Search
  readonly incomplete?: Incomplete
}

/** That no path is looked for, because none can be there. */
export function nothingFrom(from: Principal, to: Principal | undefined, options: PathOptions): PathsAnswer {
  return { from: from.arn, to: to?.arn ?? goalName(options), verdict: 'none', residual: [], paths: [] }
}

/** The name of the goal: an administrator, of one account or of any. */
function goalName({ account }: PathOptions): string {
  return account === undefined ? administrator : `${administrator} of ${account}`
}

/** The facts that are asked for. */
export function goalsOf(search: Search, to: Principal | undefined): readonly string[] {
  return to === undefined ? [administrator] : search.target.facts()
}

/** The result of a search: paths, or else the steps that are stopped. */
export function answerOf(
  { search, incomplete }: Searched,
  from: Start,
  to: Principal | undefined,
  options: PathOptions,
): PathsAnswer {
  const { most = 20 } = options
  const { graph } = search
  const found = goalsOf(search, to)
    .flatMap((goal) => graph.proofs(goal, most))
    .map(pathOf)
    .sort((one, other) => order(one) - order(other))
  const inTime = found.filter(({ steps }) => areInTime(steps))
  const proofs = withoutMore(inTime.length > 0 ? inTime : found).slice(0, most)
  const best = proofs[0]
  const ends = { from: from.arn, to: to?.arn ?? goalName(options) }
  const common = incomplete === undefined ? ends : { ...ends, incomplete }
  if (best !== undefined) return { ...common, verdict: best.verdict, residual: best.residual, paths: proofs }
  if (incomplete !== undefined) return { ...common, verdict: 'undecided', residual: [], paths: [] }
  const blocked = blockedOf(search, to, most)
  return { ...common, verdict: blocked.length > 0 ? 'blocked' : 'none', residual: [], paths: blocked }
}

/** Paths without those that make all requests of another one of the same steps, and further ones, for the same. [GRD-728] */
function withoutMore(paths: readonly Path[]): readonly Path[] {
  const left = new Set(paths)
  for (const alike of paths.length < 2 ? [] : Map.groupBy(paths, pathName).values()) {
    const requests = alike.length < 2 ? [] : alike.map(requestsIn)
    const isPart = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
      one.size < other.size && [...one].every((request) => other.has(request))
    for (const [place, path] of alike.entries())
      if (requests.some((other) => isPart(other, requests[place] ?? other))) left.delete(path)
  }
  return [...left]
}

/** Equal for paths of the same steps, under the same conditions, that rest on the same facts. */
function pathName({ verdict, steps, residual }: Path): string {
  const of = ({ technique, from, form, to, helpers = [], proof }: Step): unknown => [
    technique,
    from,
    form,
    to,
    helpers.map((helper) => [helper.from, helper.actions]),
    proof !== undefined && 'facts' in proof ? proof.facts : [],
  ]
  const left = residual.map(({ operator, key, values, mustHold }) => [operator, key, values, mustHold])
  return JSON.stringify([verdict, steps.map(of), left])
}

/** The requests of a path: each with its step, its action and its resource. */
function requestsIn({ steps }: Path): ReadonlySet<string> {
  const all = steps.flatMap(({ proof }, place) =>
    proof !== undefined && 'witness' in proof
      ? proof.witness.requests.map(({ action, resource }) => `${place} ${action} ${resource}`)
      : [],
  )
  return new Set(all)
}

/** The path of steps that are proved as those of principals that are alike. */
export function pathOf(like: readonly Step[]): Path {
  const steps = like.map(exactStep)
  return { verdict: verdicts[rankOfProof(steps)], steps, residual: residualOf(steps) }
}

/** The facts that no file has and that undecided answers wait for, each once. */
export function missingOf(
  answers: readonly Pick<PathsAnswer, 'paths'>[],
  known: readonly FactUsed[] = [],
): readonly FactUsed[] {
  const nameOf = ({ fact, says, of }: FactUsed): string => JSON.stringify([fact, says, of])
  const found = new Map(known.map((fact) => [nameOf(fact), fact]))
  for (const { proof } of answers.flatMap(({ paths }) =>
    paths.flatMap(({ verdict, steps }) => (verdict === 'undecided' ? steps : [])),
  ))
    for (const fact of proof !== undefined && 'facts' in proof ? proof.facts : [])
      if (fact.known === 'unknown') found.set(nameOf(fact), fact)
  return [...found.values()]
}

/** Surer paths come first, then those with fewer conditions, then shorter ones. */
export function order({ verdict, residual, steps }: Path): number {
  return ranks[verdict] * 1e6 + residual.length * 1e3 + steps.length
}

/** Whether a principal needs no path, because it is an administrator already. */
export function isThere({ paths: [best] }: PathsAnswer): boolean {
  return best?.steps.every(({ technique }) => technique === administrator) === true
}

/** Answers in the order of their best paths. */
export function byCost({ paths: [one] }: PathsAnswer, { paths: [other] }: PathsAnswer): number {
  return (one === undefined ? 0 : order(one)) - (other === undefined ? 0 : order(other))
}

/** Steps that are stopped, and that would lead to the goal. */
export function blockedOf(search: Search, to: Principal | undefined, most: number): readonly Path[] {
  const found: Path[] = []
  for (const { fact, before, step } of search.blocked) {
    if (found.length >= most) break
    if (!search.leadsTo(step, fact, to)) continue
    const proof = new Set(before.flatMap((each) => search.graph.proofs(each, 1)[0] ?? []))
    found.push({ verdict: 'blocked', steps: [...inOrder([...proof]), step].map(exactStep), residual: [] })
  }
  return found
}

/** The most steps between two principals that are shown. */
export const mostSteps = 40

/** The steps of a principal that lead to another one by themselves; blocked ones only if there are no others. */
export function stepsOf(
  search: Search,
  from: Start,
  to: Principal,
  { budget }: PathOptions,
): readonly Path[] {
  const isOwn = ({ steps }: Path): boolean => steps.every((step) => step.from === from.arn)
  const proofs = goalsOf(search, to).flatMap((goal) => search.graph.proofs(goal, mostSteps))
  const ways = proofs.map(pathOf).filter(isOwn)
  return ways.length > 0 || budget?.isShort === true ? ways : blockedOf(search, to, mostSteps).filter(isOwn)
}

/** So many ways with others are enough. */
const enoughHelped = 8

/**
 * The paths that need others to be held as well, which do not lead there as surely by themselves. `search` finds paths
 * without the help of some, and `waysOf` how one of the others gets there by itself.
 */
export function withPartners(
  search: (without: ReadonlySet<string>) => readonly Path[],
  waysOf: (arn: string) => readonly Path[],
): readonly Path[] {
  const without = new Set<string>()
  const found: Path[] = []
  const leads = (arn: string, { verdict }: Path): boolean =>
    waysOf(arn).some((way) => way.verdict !== 'blocked' && ranks[way.verdict] <= ranks[verdict])
  while (found.length < enoughHelped) {
    const before = without.size
    for (const path of search(without)) {
      const alsoHeld = alsoHeldIn(path.steps)
      if (alsoHeld.length > 0 && !alsoHeld.some((arn) => leads(arn, path))) found.push({ ...path, alsoHeld })
      for (const arn of alsoHeld) without.add(arn)
    }
    if (without.size === before) break
  }
  // A blocked path counts only if none is open.
  const open = found.filter(({ verdict }) => verdict !== 'blocked')
  return open.length > 0 ? open : found
}

/** The ARNs of those that make calls of steps, and that none of these steps leads to. */
export function alsoHeldIn(steps: readonly Step[]): readonly string[] {
  const helpers = steps.flatMap(({ from, helpers = [] }) =>
    helpers.map((helper) => helper.from).filter((arn) => arn !== from),
  )
  const starts = new Set(steps.slice(0, 1).map(({ from }) => from))
  return [...new Set(helpers)].filter(
    (arn) => !starts.has(arn) && !steps.some(({ result }) => result.startsWith(`holds ${arn} `)),
  )
}
