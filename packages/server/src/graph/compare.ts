import type { Graph, PathOptions, PathsAnswer } from './graph.ts'
import { type Incomplete, StepBudget } from './proof/budget.ts'
import type { Verdict } from './reach.ts'
import { type Principal, principalsIn, type World } from './world/world.ts'

/** A path that a change opens or closes. */
export interface PathChange {
  readonly from: string
  /** `administrator`, or the ARN of a user or role. */
  readonly to: string
  readonly before: Verdict
  readonly after: Verdict
  /** The best path: after the change if it opens, before the change if it closes. */
  readonly answer: PathsAnswer
  /** The world that the answer is about. */
  readonly world: World
}

/** The paths that a change opens and closes. */
export interface PathChanges {
  readonly opened: readonly PathChange[]
  readonly closed: readonly PathChange[]
  /** False: the accounts are so large that only paths to an administrator were compared. */
  readonly isComplete: boolean
  /** If searches ended early: it is not known whether these principals have more paths that open or close. */
  readonly incomplete?: Incomplete
}

/** More users and roles than this are compared by their paths to an administrator only. */
const principalsMost = 300

const ranks: Readonly<Record<Verdict, number>> = {
  none: 0,
  blocked: 0,
  undecided: 1,
  conditional: 2,
  proven: 3,
}

/**
 * Compares the paths of two states of an account, or of several accounts that are in view together. A path opens if its verdict gets surer, and closes if it gets less
 * sure. What an administrator could become is not listed.
 */
export function comparePaths(
  before: Graph | undefined,
  after: Graph | undefined,
  options: PathOptions = {},
): PathChanges {
  const opened: PathChange[] = []
  const closed: PathChange[] = []
  const budget = options.budget ?? new StepBudget()
  const [first, second] = [before, after].map((graph) => new State(graph, { ...options, budget }))
  const [old, now] = [first as State, second as State] // a list of two
  const starts = new Set([...old.principals.keys(), ...now.principals.keys()])
  const isComplete = starts.size <= principalsMost
  const compare = (from: string, to: string | undefined): void => {
    const [was, is] = [old.answer(from, to), now.answer(from, to)]
    const difference = ranks[is?.verdict ?? 'none'] - ranks[was?.verdict ?? 'none']
    const [answer, graph] = difference > 0 ? [is, after] : [was, before]
    if (difference === 0 || answer === undefined || graph === undefined) return
    // A path that was not searched to the end may be surer than it seems.
    const less = difference > 0 ? was : is
    if (less?.incomplete !== undefined || (answer.verdict === 'undecided' && answer.incomplete !== undefined))
      return
    const change: PathChange = {
      from,
      to: answer.to,
      before: was?.verdict ?? 'none',
      after: is?.verdict ?? 'none',
      answer,
      world: graph.world,
    }
    if (difference > 0) opened.push(change)
    else closed.push(change)
  }
  for (const from of starts) compare(from, undefined)
  if (isComplete) {
    for (const from of starts) {
      const [was, is] = [old.reached(from), now.reached(from)]
      // its other paths follow from this
      if (was === 'all' || is === 'all') continue
      for (const to of new Set([...was.verdicts.keys(), ...is.verdicts.keys()])) {
        const [one, other] = [was.verdicts.get(to) ?? was.others, is.verdicts.get(to) ?? is.others]
        if (to !== from && ranks[one] !== ranks[other]) compare(from, to)
      }
    }
  }
  const { incomplete } = budget
  return { opened, closed, isComplete, ...(incomplete === undefined ? {} : { incomplete }) }
}

/** The things that a principal reaches. */
interface Reaching {
  /** By ARN. */
  readonly verdicts: ReadonlyMap<string, Verdict>
  /** The verdict of what is not in `verdicts`. */
  readonly others: Verdict
}

const nothing: Reaching = { verdicts: new Map(), others: 'none' }

/** One of the states that are compared. */
class State {
  readonly principals: ReadonlyMap<string, Principal>
  readonly #graph: Graph | undefined
  readonly #options: PathOptions
  /** The ARNs of those that do nothing surely. */
  readonly #unknown: ReadonlySet<string>
  /** The paths to an administrator, by where they begin; undefined: there is none. */
  readonly #answers = new Map<string, PathsAnswer | undefined>()

  constructor(graph: Graph | undefined, options: PathOptions) {
    this.principals = new Map(
      graph && principalsIn(graph.world).map((principal) => [principal.arn, principal]),
    )
    this.#graph = graph
    this.#options = options
    this.#unknown = new Set(graph?.unknown.map(({ arn }) => arn))
    // All that they do is undecided, so their answers are found together: what leads one of them further is known then.
    for (const arn of this.#unknown) this.#answers.set(arn, undefined)
    if (graph === undefined || this.#unknown.size === 0) return
    for (const answer of graph.comers(undefined, options, this.#unknown))
      this.#answers.set(answer.from, answer)
  }

  /** The best path from a principal to another one, or to an administrator. */
  answer(from: string, to: string | undefined): PathsAnswer | undefined {
    if (to === undefined && this.#answers.has(from)) return this.#answers.get(from)
    const [start, goal] = [this.principals.get(from), to === undefined ? undefined : this.principals.get(to)]
    const isThere = start !== undefined && (to === undefined || goal !== undefined)
    const answer = isThere ? this.#graph?.paths(start, goal, { most: 1, ...this.#options }) : undefined
    if (to === undefined) this.#answers.set(from, answer)
    return answer
  }

  /**
   * Verdicts by what a principal reaches; `all` if it comes to be an administrator. If that is undecided, so is all but
   * what it surely reaches.
   */
  reached(from: string): Reaching | 'all' {
    const start = this.principals.get(from)
    if (start === undefined || this.#graph === undefined) return nothing
    const verdict = this.answer(from, undefined)?.verdict
    if (verdict === 'proven' || verdict === 'conditional') return 'all'
    const others = verdict === 'undecided' ? verdict : 'none'
    if (others === 'undecided' && this.#unknown.has(from)) return { ...nothing, others }
    const reached = this.#graph.reach(start, { ...this.#options, isSure: others === 'undecided' })
    return { verdicts: new Map(reached.map(({ principal, verdict }) => [principal.arn, verdict])), others }
  }
}
