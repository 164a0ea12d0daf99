import type { TechniqueTable } from '../authorization/catalogue/index.ts'
import {
  answerOf,
  byCost,
  goalsOf,
  isThere,
  mostSteps,
  nothingFrom,
  type Path,
  type PathOptions,
  type PathsAnswer,
  type Searched,
  type Start,
  stepsOf,
  withPartners,
} from './answer.ts'
import { type OutsidePower, outsidePowersOf } from './outside-powers.ts'
import { actionsAsked, type Call, CallEnds, callOf, type Power, powersOf } from './power.ts'
import { expectComplete, type Limited, StepBudget, withinBudget } from './proof/budget.ts'
import { administrator } from './proof/goal.ts'
import { prospectsOf } from './prospect/known-prospects.ts'
import { madeOf, type Reached, reachOf } from './reach.ts'
import type { SearchOptions } from './relevance/search-options.ts'
import type { Shared } from './relevance/shared.ts'
import type { LeftOut } from './relevance/shortcut.ts'
import { type Form, forms } from './request/form.ts'
import { findOutsider, type Outsider, outsidersOf, strangerOf } from './request/outside.ts'
import { concernedBy, Footprints } from './search/footprint.ts'
import { Search } from './search/search.ts'
import { changedShared, sharedOf } from './search/view.ts'
import { sweep } from './sweep.ts'
import { findPrincipal } from './world/find-principal.ts'
import {
  accountsIn,
  isOfService,
  type Principal,
  principalOf,
  principalsIn,
  type World,
} from './world/world.ts'

export { isThere, type Path, type PathOptions, type PathsAnswer, type Start } from './answer.ts'

/** Whether a start is not a principal of an account in view. */
export function isOutsider(start: Start): start is Outsider {
  return 'is' in start
}

/**
 * Answers questions about a world. Each start is searched once. A list that is not complete because the steps are spent
 * is noted in `options.budget`; without one, `BudgetSpent` is thrown.
 */
export interface Graph {
  readonly world: World
  /** The number of different questions that the policies were asked so far. */
  readonly asked: number
  /** Makes what every question needs, which is otherwise made with the first one. */
  prepare(): void
  /** The principal of an ARN, `user/NAME`, `role/NAME` or a name. */
  find(name: string): Principal | undefined
  /** The principals whose permissions nobody can know: one of their policies or groups is in no file. */
  readonly unknown: readonly Principal[]
  /** The outsiders that trust policies name: other accounts, providers, anyone; and services. */
  readonly outsiders: readonly Outsider[]
  /** The outsider of a name: an ARN, an account's number, `anyone`, `federated:…`, `service:…`. */
  findOutsider(name: string): Outsider | undefined
  /** The principal of a name as `find` takes it, or the outsider. */
  findStart(name: string): Start | undefined
  /** The outsiders that can become a principal, or an administrator if that is undefined; services only directly. */
  outsideComers(to: Principal | undefined, options?: PathOptions): readonly PathsAnswer[]
  /** The paths from a principal to another one, or to an administrator if `to` is absent. */
  paths(from: Start, to?: Principal, options?: PathOptions): PathsAnswer
  /** Everything that a principal comes to hold; also the best new user and role that it can make, if these are wanted. */
  reach(from: Start, options?: PathOptions & { readonly hasNew?: boolean }): readonly Reached[]
  /** Every principal that can become another one, or an administrator if that is undefined; the best first. */
  comers(
    to: Principal | undefined,
    options?: PathOptions,
    /** The ARNs of the principals that are asked; absent: all are. */
    among?: ReadonlySet<string>,
  ): readonly PathsAnswer[]
  /** The same, one principal after the other: how many are done, and at the end the answers. */
  comersOneByOne(
    to: Principal | undefined,
    options?: PathOptions,
    among?: ReadonlySet<string>,
  ): Generator<number, readonly PathsAnswer[]>
  /** Every principal that may make a call, by its own policies or through what it can become. */
  powers(action: string, resource: string, options?: PathOptions, context?: Call['context']): readonly Power[]
  /** Every principal outside of the accounts that the policy of a resource lets make a call. */
  outsidePowers(action: string, resource: string, context?: Call['context']): readonly OutsidePower[]
  /** The steps that lead from one principal to another by themselves; blocked ones only if there are no others. */
  edge(from: Start, to: Principal, options?: PathOptions): readonly Path[]
  /**
   * The steps that lead from one principal to another if further principals of the account are held as well, which make
   * some of their calls. Those who lead there by themselves do not count.
   */
  together(from: Principal, to: Principal, options?: PathOptions): readonly Path[]
  /**
   * The ARNs of the principals whose paths to an administrator the change which led to this graph may concern. Undefined if that may be anyone, or if those of the graph before it were not asked for to be watched.
   */
  concerned(): ReadonlySet<string> | undefined
  /**
   * The graph of the world after a change of it. What the change does not touch is not asked again, if the inventory and
   * the organization are the same objects.
   */
  changed(world: World): Graph
}

/** The graph of a world. `onProgress` is called now and then while something is searched. */
export function graphOf(
  world: World,
  table: TechniqueTable,
  onProgress?: OnProgress,
  /** Shortcuts that are not taken, for tests: the verdicts are the same. */
  leftOut?: LeftOut,
): Graph {
  return graphWith(sharedOf(world, table, [], leftOut), onProgress)
}

/** Called with the number of principals that a search has come to; with undefined when it ends. */
export type OnProgress = (held: number | undefined) => void

/** The state before a change. */
interface Before {
  readonly shared: Shared
  readonly footprints: () => Footprints
}

function graphWith(shared: Shared, onProgress: OnProgress | undefined, before?: Before): Graph {
  const { world, table } = shared
  let footprints = new Footprints()
  let concerned: ReadonlySet<string> | undefined
  const searches = new Map<string, Search>()
  /** A search to its end, or until the budget is spent. */
  function searching(
    from: Start,
    goal: string | undefined,
    options: PathOptions,
    /** The principals that do not help, if all others of the account are held as well. */
    without?: ReadonlySet<string>,
    /** Whether the question is about others as well, for which steps must be left. */
    isOfMany = false,
  ): Searched {
    const { known, budget = new StepBudget(), isWatched = false } = options
    const settings = settingsOf(options)
    const isFirst = options.most === 1
    const key = JSON.stringify([
      from.arn,
      'named' in from,
      'says' in from && from.says,
      goal,
      settings,
      isFirst,
      known !== undefined,
      isWatched,
      without && [...without],
    ])
    const made = searches.get(key)
    if (made !== undefined) return { search: made }
    const search = new Search(
      shared,
      { ...settings, isFirst, budget, isWatched, ...(known === undefined ? {} : { known }) },
      goal,
    )
    const limits = {
      ...limitsOf(search, isOfMany),
      isDone: () => search.target.isEnough,
      onStep: () => onProgress?.(search.holdings.size),
    }
    const isComplete = budget.within(from.arn, limits, () => {
      if (isOutsider(from)) search.walkFrom(from)
      else if (without === undefined) search.walk(from)
      else search.walkTogether(from, without)
    })
    onProgress?.(undefined)
    if (isWatched) footprints.note(from.arn, isComplete ? search.footprint : undefined)
    if (!isComplete) return { search, incomplete: budget.incompleteOne }
    if (searches.size >= mostSearches) searches.clear()
    searches.set(key, search)
    return { search }
  }
  /** A search with steps that are stopped, as many as are shown. */
  function stopping(
    search: Search,
    from: Start,
    to: Principal | undefined,
    { budget = new StepBudget(), most = 20 }: PathOptions,
    isOfMany = false,
  ): Searched {
    if (budget.within(from.arn, limitsOf(search, isOfMany), () => search.stopped(to, most))) return { search }
    for (const [key, each] of searches) if (each === search) searches.delete(key)
    return { search, incomplete: budget.incompleteOne }
  }
  /** The paths of one principal: the question itself, or one of many that share its steps. */
  function pathsOf(
    from: Start,
    to: Principal | undefined,
    options: PathOptions,
    isOfMany: boolean,
  ): PathsAnswer {
    if (!isOutsider(from)) {
      const own = shared.neighbours.of(from.account) ?? shared
      if (!isWorthAsking(own, from, to, options)) return nothingFrom(from, to, options)
    }
    const asked = { ...options, budget: options.budget ?? new StepBudget() }
    const goal = to === undefined ? administrator : to.arn
    const searched = searching(from, goal, asked, undefined, isOfMany)
    const { search } = searched
    if (searched.incomplete !== undefined || goalsOf(search, to).some((each) => search.graph.has(each)))
      return answerOf(searched, from, to, options)
    return answerOf(stopping(search, from, to, asked, isOfMany), from, to, options)
  }
  const searchFrom = (from: Start, goal: string | undefined, options: PathOptions): Search =>
    searching(from, goal, options).search
  let outsiders: readonly Outsider[] | undefined
  return {
    world,
    get outsiders() {
      outsiders ??= outsidersOf(accountsIn(world))
      return outsiders
    },
    findOutsider(name) {
      return findOutsider(this.outsiders, name) ?? strangerOf(name, accountsIn(world), this.outsiders)
    },
    findStart(name) {
      return findPrincipal(world, name) ?? this.findOutsider(name)
    },
    outsideComers(to, options = {}) {
      // Of a known directory the people come, not anybody of whom it might speak.
      const isKnown = this.outsiders.some(({ is, arn }) => is === 'lent' && arn.startsWith('center/'))
      const starts = this.outsiders.filter(
        (each) =>
          (each.is !== 'service' || to !== undefined) &&
          !(isKnown && each.is === 'federated' && each.kind === 'identity-center'),
      )
      return withinBudget(options, (budget) =>
        starts.map((from) => pathsOf(from, to, { ...options, most: 1, budget }, true)),
      )
        .filter(({ from, verdict, paths: [best] }) => {
          const isDirect = best !== undefined && best.steps.length === 1
          const isService = this.findOutsider(from)?.is === 'service'
          return best !== undefined && verdict !== 'blocked' && (!isService || isDirect)
        })
        .sort(byCost)
    },
    get asked() {
      return [...shared.neighbours.all].reduce((sum, { asked }) => sum + asked, 0)
    },
    prepare() {
      for (const each of shared.neighbours.all) each.prepare()
      prospectsOf(shared, settingsOf({})).towards(undefined)
    },
    find: (name) => findPrincipal(world, name),
    get unknown() {
      return principalsIn(world).filter((principal) =>
        (shared.neighbours.of(principal.account) ?? shared).isUnknown(principal),
      )
    },
    concerned() {
      if (before === undefined) return concerned
      const known = before.footprints()
      concerned = concernedBy(before.shared, shared, known)
      if (concerned !== undefined) footprints = known.without(concerned)
      // what was before is not held on to
      before = undefined
      return concerned
    },
    changed: (after) =>
      graphWith(
        changedShared(shared, after),
        onProgress,
        footprints.isEmpty ? undefined : { shared, footprints: () => footprints },
      ),
    paths: (from, to, options = {}) => pathsOf(from, to, options, false),
    reach: (from, options = {}) =>
      withinBudget(options, (budget) => {
        const search = searchFrom(from, undefined, { ...options, budget })
        return [...reachOf(search, from), ...(options.hasNew === true ? madeOf(search, from) : [])]
      }),
    comers(to, options = {}, among) {
      return withinBudget(options, (budget) => {
        const list = this.comersOneByOne(to, { ...options, budget }, among)
        for (;;) {
          const { done, value } = list.next()
          if (done === true) return value
        }
      })
    },
    *comersOneByOne(to, options = {}, among) {
      const all =
        among === undefined ? principalsIn(world) : [...among].flatMap((arn) => principalOf(world, arn) ?? [])
      const principals = options.ends === undefined ? all.filter((principal) => !isOfService(principal)) : all
      const budget = options.budget ?? new StepBudget()
      const leading = leadingTo(shared, to, options)
      const formsOf = ({ type, account }: Principal): readonly Form[] => {
        const own = shared.neighbours.of(account) ?? shared
        const plain = type === 'user' ? 'key' : 'assumed'
        return forms.filter((form) => own.formKey(form) === plain)
      }
      const ask = (from: Principal, known: NonNullable<PathOptions['known']>) =>
        pathsOf(from, to, { ...options, most: 1, budget, known }, true)
      const found = yield* sweep(principals, leading, to, ask, formsOf)
      if (options.budget === undefined) expectComplete(budget)
      found.sort(byCost)
      // A principal that is there already is no finding. [GRD-562]
      return options.ends === undefined ? found.sort((one, other) => thereOf(one) - thereOf(other)) : found
    },
    powers(action, resource, options = {}, context) {
      const call = callOf(world, action, resource, context)
      const of = sharedOf(world, table, actionsAsked(call), shared.leftOut)
      const ends = new CallEnds(of, call)
      return withinBudget(options, (budget) =>
        powersOf(
          graphWith(of, onProgress).comers(undefined, { ...options, budget, ends }),
          (arn) => principalOf(world, arn),
          call,
        ),
      )
    },
    outsidePowers: (action, resource, context) =>
      outsidePowersOf(shared, callOf(world, action, resource, context)),
    edge(from, to, options = {}) {
      const search = withinBudget(options, (budget) => {
        const found = searchFrom(from, to.arn, { ...options, budget })
        return stopping(found, from, to, { ...options, budget, most: mostSteps }).search
      })
      return stepsOf(search, from, to, options)
    },
    together(from, to, options = {}) {
      const search = (without: ReadonlySet<string>): readonly Path[] => {
        const found = withinBudget(options, (budget) => {
          const searched = searching(from, to.arn, { ...options, budget }, without).search
          return stopping(searched, from, to, { ...options, budget, most: mostSteps }).search
        })
        return stepsOf(found, from, to, options)
      }
      return withPartners(search, (arn) => {
        const other = principalOf(world, arn)
        return other === undefined ? [] : this.edge(other, to, options)
      })
    },
  }
}

/** 1 of a principal that is an administrator already, otherwise 0. */
function thereOf(answer: PathsAnswer): number {
  return isThere(answer) ? 1 : 0
}

/** Whether a principal can do anything with which it gets further. */
function isWorthAsking(
  shared: Shared,
  from: Principal,
  to: Principal | undefined,
  options: PathOptions,
): boolean {
  if (from === to || shared.neighbours.principal(from.arn) === undefined) return true
  return leadingTo(shared, to, options).has(from)
}

/** The principals that may lead to another one, or to an administrator, as far as their Allows say. */
function leadingTo(shared: Shared, to: Principal | undefined, options: PathOptions): ReadonlySet<Principal> {
  const prospects = prospectsOf(shared, settingsOf(options))
  return options.ends === undefined
    ? prospects.towards(to, options.account)
    : prospects.towardsEnds(options.ends)
}

/** The limits that a budget sets to a search. */
function limitsOf(search: Search, isOfMany: boolean): Limited {
  return { entries: () => search.entries, isOfMany }
}

/** The most searches that are kept for the next question. */
const mostSearches = 8

function settingsOf(options: PathOptions): SearchOptions {
  const { derived = false, retired = false, account, ends, isSure } = options
  return {
    derived,
    retired,
    ...(account === undefined ? {} : { account }),
    ...(ends && { ends }),
    ...(isSure && { isSure }),
  }
}
