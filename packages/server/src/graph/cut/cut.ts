import { missingOf } from '../answer.ts'
import type { Graph, Path, PathOptions, PathsAnswer, Start } from '../graph.ts'
import { StepBudget } from '../proof/budget.ts'
import type { FactUsed } from '../proof/fact.ts'
import { isOpen, type Verdict } from '../reach.ts'
import { applyEdits, type EditedWorld } from './apply.ts'
import { type CandidateFacts, candidatesOf } from './candidates.ts'
import type { Cut, CutAnswer, CutQuestion, LeftOut, PricedEdit } from './cut-types.ts'
import { Documents } from './documents.ts'
import { type Edit, editName } from './edit.ts'
import { isPlain, rankOf, subjectOfEdit } from './edit-kinds.ts'
import { KnownSets } from './known-sets.ts'
import { likenessOf } from './likeness.ts'
import { SeenCalls } from './seen.ts'
import { solve } from './solve.ts'
import { isProven, startsOf } from './starts.ts'

const defaults = { searches: 600, asked: 20_000, nodes: 200_000, pathsEach: 8 } as const

/** So often are all edits made together to see which starts they stop: each time more of them may be known. */
const mostRounds = 8

/** Costs are whole numbers: small parts order edits of the same cost, by their kinds and by what they take away. */
const unit = 100_000
const seenCost = 10

/** A set of edits of which one is needed, and a set of edits that do not end every path together. */
interface Clause {
  names: Set<string>
  kept: Set<string>
}

/** Proposes the smallest sets of edits that end the paths of a question. */
export function proposeCuts(graph: Graph, question: CutQuestion = {}): CutAnswer {
  const budget = question.budget ?? new StepBudget()
  const answer = new Cutter(graph, { ...question, budget }).answer()
  const { incomplete } = budget
  return incomplete === undefined ? answer : { ...answer, isMinimal: false, incomplete }
}

class Cutter {
  readonly #graph: Graph
  readonly #question: CutQuestion
  readonly #documents: Documents
  readonly #facts: CandidateFacts
  readonly #seen: SeenCalls
  #starts: readonly Start[]
  /** Starts that are asked in each edited world: one of those that are alike, and those that turn out to differ. */
  #active: Start[]
  readonly #leftOut: LeftOut[] = []
  readonly #edits = new Map<string, PricedEdit>()
  #clauses: Clause[] = []
  readonly #options: PathOptions
  /** The verdicts on users and roles, without those on other starts, and what the undecided ones wait for. */
  readonly #verdicts = new Set<Verdict>()
  #missing: readonly FactUsed[] = []
  /** Answers about sets of edits, for the active starts. */
  #known = new KnownSets()
  /** Edited worlds that were searched, and starts that were asked in them. */
  #searches = 0
  #asked = 0
  /** Whether a clause was not checked, so that nothing is proven of what a cut costs. */
  #isGuessed = false

  constructor(graph: Graph, question: CutQuestion) {
    const { derived, retired, account, budget } = question
    this.#graph = graph
    this.#question = question
    this.#options = {
      ...(derived === undefined ? {} : { derived }),
      ...(retired === undefined ? {} : { retired }),
      ...(account === undefined ? {} : { account }),
      budget,
    }
    this.#documents = new Documents(graph.world)
    this.#seen = new SeenCalls(question.seen ?? [], graph.world)
    this.#facts = { world: graph.world, documents: this.#documents, passedTo: this.#seen.services }
    this.#starts =
      question.starts ?? startsOf(graph, question.to, this.#options, (answer) => this.#note(answer))
    this.#active = oneOfEach(this.#starts)
  }

  answer(): CutAnswer {
    for (;;) {
      const answer = this.#attempt()
      if (answer.unbreakable === undefined || !this.#leaveOut()) return { ...answer, leftOut: this.#leftOut }
    }
  }

  /** Leaves out the starts that all edits together do not stop. Says whether there are others. */
  #leaveOut(): boolean {
    const stuck = this.#stuck()
    const others = this.#starts.filter((start) => !stuck.has(start))
    if (stuck.size === 0 || others.length === 0) return false
    for (const [start, path] of stuck) this.#leftOut.push({ start, path })
    this.#starts = others
    this.#active = oneOfEach(others)
    this.#clauses = []
    this.#isGuessed = false
    this.#known = new KnownSets()
    return true
  }

  /** The starts with a path where all edits are made; also those edits that are found meanwhile. */
  #stuck(): ReadonlyMap<Start, Path> {
    const stuck = new Map<Start, Path>()
    for (let round = 0; round < mostRounds; round++) {
      const before = this.#edits.size
      const edited = this.#apply([...this.#edits.keys()])
      const graph = this.#graph.changed(edited.world)
      stuck.clear()
      for (const start of this.#starts) {
        const paths = this.#pathsOf(graph, start)
        for (const path of paths) this.#touching(path, edited)
        if (paths[0] !== undefined) stuck.set(start, paths[0])
      }
      if (this.#edits.size === before) break
    }
    return stuck
  }

  #attempt(): Omit<CutAnswer, 'leftOut'> {
    const first = applyEdits(this.#graph.world, this.#documents, [])
    const found = new Map(this.#starts.map((principal) => [principal, this.#pathsOf(this.#graph, principal)]))
    const before = this.#active.flatMap((principal) => found.get(principal) ?? [])
    const paths = [...found.values()].flat().length
    const blank = { starts: this.#starts, paths, considered: [] }
    if (paths === 0) {
      const none = { cuts: [], isMinimal: true, lowerBound: 0, unbreakable: undefined }
      return { ...blank, ...none, verdict: this.#verdictBefore(), missing: this.#missing }
    }
    const unbreakable = this.#learn(before, first, [])
    if (unbreakable !== undefined)
      return { ...blank, cuts: [], isMinimal: true, lowerBound: Number.POSITIVE_INFINITY, unbreakable }
    const cuts: Cut[] = []
    let isMinimal = false
    let lowerBound = 0
    while (cuts.length < (this.#question.most ?? 1)) {
      const found = this.#next(cuts)
      if (found.cut === undefined) {
        if (cuts.length > 0) break
        return {
          ...blank,
          considered: [...this.#edits.values()],
          cuts,
          isMinimal: found.isExact,
          lowerBound: Number.POSITIVE_INFINITY,
          unbreakable: found.unbreakable,
        }
      }
      if (cuts.length === 0) {
        isMinimal = found.isExact
        lowerBound = found.lowerBound
      } else if (found.cut.cost > Math.max(2 * (cuts[0]?.cost ?? 0), 2)) break
      cuts.push(found.cut)
      // Of further cuts nothing could be said.
      if (this.#isOut) break
    }
    const considered = [...this.#edits.values()]
    return { ...blank, considered, cuts, isMinimal, lowerBound, unbreakable: undefined }
  }

  /** Returns the verdict where there is no path to cut. */
  #verdictBefore(): Verdict {
    for (const start of this.#question.starts ?? []) {
      const answer = this.#ask(this.#graph, start)
      if (answer !== undefined) this.#note(answer)
    }
    const order = ['undecided', 'conditional', 'blocked'] as const
    return order.find((verdict) => this.#verdicts.has(verdict)) ?? 'none'
  }

  #note(answer: PathsAnswer): void {
    this.#verdicts.add(answer.verdict)
    if (answer.verdict === 'undecided') this.#missing = missingOf([answer], this.#missing)
  }

  /** The cheapest cut that contains none of those that are known. */
  #next(known: readonly Cut[]) {
    const not = known.map(({ edits }) => edits.map(({ edit }) => editName(edit)))
    let lowerBound = 0
    for (;;) {
      const { choice, isExact } = solve({
        clauses: this.#clauses.map(({ names }) => names),
        cost: (name) => this.#price(name),
        not,
        most: defaults.nodes,
      })
      if (choice === undefined) return { cut: undefined, isExact, lowerBound, unbreakable: undefined }
      if (isExact && !this.#isGuessed) lowerBound = Math.floor(choice.cost / unit)
      const edited = this.#apply(choice.names)
      const left = this.#leftPaths(edited)
      if (left.length === 0) {
        const isProven = isExact && !this.#isGuessed
        if (isProven && this.#widen()) continue
        const names = isProven && !this.#isGuessed ? choice.names : this.#needed(choice.names)
        const edits = names.map((name) => this.#edits.get(name)!) // the solver chooses among these
        const cut: Cut = {
          edits,
          cost: edits.reduce((total, { cost }) => total + cost, 0),
          ...this.#after(this.#apply(names)),
        }
        return { cut, isExact: isProven && !this.#isGuessed, lowerBound, unbreakable: undefined }
      }
      const unbreakable = this.#learn(left, edited, choice.names)
      if (unbreakable !== undefined) return { cut: undefined, isExact, lowerBound, unbreakable }
    }
  }

  /** The edits of a cut that is not proven to cost least, without those that it does not need. */
  #needed(names: readonly string[]): readonly string[] {
    let needed = names
    for (const name of names.toSorted((one, other) => this.#price(other) - this.#price(one))) {
      const fewer = needed.filter((each) => each !== name)
      const isEnough = this.#leftPaths(this.#apply(fewer)).length === 0
      if (this.#isOut) return needed
      if (isEnough) needed = fewer
    }
    return needed
  }

  /** Adds a clause for each path. Returns a path that no edit ends. */
  #learn(paths: readonly Path[], edited: EditedWorld, chosen: readonly string[]): Path | undefined {
    const touching = paths.map((path) => this.#touching(path, edited))
    for (const [place, candidates] of touching.entries()) {
      const names = new Set([...candidates.keys()].filter((name) => !chosen.includes(name)))
      if (this.#clauses.some((clause) => [...clause.names].every((name) => names.has(name)))) continue
      const clause = this.#clauseOf(names, chosen)
      if (clause.names.size === 0) return paths[place]
      this.#clauses.push(clause)
    }
    return undefined
  }

  /** The edits that touch a path. */
  #touching(path: Path, edited: EditedWorld): ReadonlyMap<string, Edit> {
    const found = new Map(candidatesOf(path, edited, this.#facts))
    for (const [name, edit] of found) if (this.#isExcepted(edit)) found.delete(name)
    for (const [name, edit] of found) {
      const known = this.#edits.get(name)
      if (known === undefined) this.#edits.set(name, this.#priced(edit))
      else if (isPlain(edit)) this.#edits.set(name, { ...known, edit })
    }
    return found
  }

  #isExcepted(edit: Edit): boolean {
    const subject = subjectOfEdit(edit)
    return subject !== undefined && this.#question.except?.has(subject) === true
  }

  /**
   * A clause is sound if all edits outside of it together leave a path: then every cut needs one of it. The edits that
   * touch a path are the first guess; if others end it as well, they are found one by one.
   */
  #clauseOf(touching: ReadonlySet<string>, chosen: readonly string[]): Clause {
    const all = [...this.#edits.keys()]
    const others = new Set(all.filter((name) => !touching.has(name)))
    if (touching.size > 0 && this.#isSpent) {
      this.#isGuessed = true
      return { names: new Set(touching), kept: others }
    }
    if (touching.size > 0 && this.#leavesPath(others)) return { names: new Set(touching), kept: others }
    // Where all edits together leave a path, none is needed.
    if (this.#leavesPath(new Set(all))) return { names: new Set(), kept: new Set(all) }
    const free = [...others, ...touching].filter((name) => !chosen.includes(name))
    const kept = this.#grown(new Set(chosen), free)
    return { names: new Set(all.filter((name) => !kept.has(name))), kept }
  }

  /** The edits that leave a path together, with each of the others that leaves one as well, in their order: by halves. */
  #grown(kept: Set<string>, others: readonly string[]): Set<string> {
    const grown = new Set([...kept, ...others])
    if (this.#leavesPath(grown)) return grown
    if (others.length < 2) return kept
    const half = Math.ceil(others.length / 2)
    return this.#grown(this.#grown(kept, others.slice(0, half)), others.slice(half))
  }

  /** Adds to each clause the edits that were found after it and end its paths, too. Returns whether one has grown. */
  #widen(): boolean {
    let hasGrown = false
    for (const clause of this.#clauses) {
      const fresh = [...this.#edits.keys()].filter(
        (name) => !clause.names.has(name) && !clause.kept.has(name),
      )
      if (fresh.length === 0) continue
      if (this.#isSpent) {
        this.#isGuessed = true
        return false
      }
      if (this.#leavesPath(new Set([...clause.kept, ...fresh]))) {
        for (const name of fresh) clause.kept.add(name)
        continue
      }
      const kept = this.#grown(clause.kept, fresh)
      for (const name of fresh) (kept.has(name) ? clause.kept : clause.names).add(name)
      hasGrown = true
    }
    return hasGrown
  }

  get #most(): number {
    return this.#question.mostSearches ?? defaults.searches
  }

  get #isSpent(): boolean {
    return this.#isOut || this.#searches >= this.#most || this.#asked >= defaults.asked
  }

  get #isOut(): boolean {
    return this.#question.budget?.isSpent === true
  }

  #leavesPath(names: ReadonlySet<string>): boolean {
    const known = this.#known.leavesPath(names)
    if (known !== undefined) return known
    const isLeft = this.#firstPaths(this.#apply([...names])).length > 0
    // A search that ended early proves nothing.
    if (isLeft || !this.#isOut) this.#known.note(names, isLeft)
    return isLeft
  }

  /** The paths of the first start that has one, of all of them. */
  #leftPaths(edited: EditedWorld): readonly Path[] {
    const found = this.#firstPaths(edited)
    if (found.length > 0) return found
    const graph = this.#graph.changed(edited.world)
    for (const principal of this.#starts) {
      if (this.#active.includes(principal)) continue
      const paths = this.#pathsOf(graph, principal)
      if (paths.length === 0) continue
      this.#active.unshift(principal)
      this.#known = new KnownSets()
      return paths
    }
    return []
  }

  /** The paths of the first active start that has one. It is asked first the next time. */
  #firstPaths({ world }: EditedWorld): readonly Path[] {
    this.#question.onSearch?.(this.#searches, this.#most)
    this.#searches++
    const graph = this.#graph.changed(world)
    for (const [place, principal] of this.#active.entries()) {
      const paths = this.#pathsOf(graph, principal)
      if (paths.length === 0) continue
      this.#active.splice(place, 1)
      this.#active.unshift(principal)
      return paths
    }
    return []
  }

  #pathsOf(graph: Graph, principal: Start): readonly Path[] {
    const isLeft = this.#question.acceptConditional === true ? isProven : isOpen
    return this.#ask(graph, principal)?.paths.filter(isLeft) ?? []
  }

  #ask(graph: Graph, start: Start): PathsAnswer | undefined {
    this.#asked++
    // The claims that a token is known to hold stay.
    const from = 'says' in start ? start : graph.findStart(start.arn)
    const { to } = this.#question
    const goal = to && graph.find(to.arn)
    if (from === undefined || (to !== undefined && goal === undefined)) return undefined
    return graph.paths(from, goal, { ...this.#options, most: defaults.pathsEach })
  }

  #after({ world }: EditedWorld): Pick<Cut, 'verdictAfter' | 'missing'> {
    const graph = this.#graph.changed(world)
    const all = this.#starts.flatMap((principal) => this.#ask(graph, principal) ?? [])
    const is = (verdict: Verdict): boolean => all.some((each) => each.verdict === verdict)
    const verdictAfter = (['undecided', 'blocked'] as const).find(is) ?? 'none'
    return { verdictAfter, missing: missingOf(all) }
  }

  #apply(names: readonly string[]): EditedWorld {
    const edits = names.flatMap((name) => this.#edits.get(name)?.edit ?? [])
    return applyEdits(this.#graph.world, this.#documents, edits)
  }

  #priced(edit: Edit): PricedEdit {
    const refused = this.#seen.refusedIn(applyEdits(this.#graph.world, this.#documents, [edit]).world)
    return { edit, cost: 1 + seenCost * refused.length, refused }
  }

  #price(name: string): number {
    const { edit, cost } = this.#edits.get(name)! // every clause is made of these
    return cost * unit + rankOf(edit)
  }
}

/** One of those starts that are alike. */
function oneOfEach(starts: readonly Start[]): Start[] {
  return [...new Map(starts.toReversed().map((principal) => [likenessOf(principal), principal])).values()]
}
