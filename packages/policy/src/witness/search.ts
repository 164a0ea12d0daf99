import type { Cell, CellValue, Literal } from './cell.ts'
import type { TextConstraint, Texts } from './constraint.ts'
import type { Shape } from './question.ts'
import { sizeOf } from './residual.ts'
import { filled } from './shape.ts'
import type { CellLiteral, Choice, Hurdle } from './statement.ts'
import type { Steps } from './steps.ts'
import { solveTexts } from './texts.ts'

/** The problem to solve: one choice of each need, and no Deny. */
export interface Problem {
  readonly shapes: readonly Shape[]
  readonly needs: readonly { readonly choices: readonly Choice[] }[]
  readonly hurdles: readonly Hurdle[]
  /** The literals that hold from the start. */
  readonly assumed?: readonly CellLiteral[]
  readonly steps: Steps
}

export interface Solution {
  readonly texts: Texts
  readonly values: ReadonlyMap<Cell, CellValue>
  /** The conditions on open keys that must have their truths. No smaller set is sufficient. */
  readonly residual: readonly CellLiteral[]
}

/** The choices so far. */
interface Chosen {
  readonly texts: readonly TextConstraint[]
  readonly literals: ReadonlyMap<Cell, readonly CellLiteral[]>
  readonly solved: Texts
}

/**
 * Finds a solution of one of the problems with the smallest residual; undefined if no problem has one, or if
 * the steps are spent. The residual's size is raised until there is a solution, or until no choice was left out for its size.
 */
export function solve(problems: readonly Problem[], steps: Steps): Solution | undefined {
  const starts = problems.map(({ shapes }) => solveTexts(shapes, [], steps))
  for (let most = 0; ; most++) {
    let wasCut = false
    for (const [index, problem] of problems.entries()) {
      const solved = starts[index]
      if (solved === undefined) continue
      const search = new Search(problem, most)
      const found = search.find(solved)
      if (found !== undefined || steps.isSpent) return found
      wasCut ||= search.wasCut
    }
    if (!wasCut) return undefined
  }
}

class Search {
  /** Whether a choice was left out because its residual is too large. */
  wasCut = false
  readonly #problem: Problem
  readonly #most: number

  constructor(problem: Problem, most: number) {
    this.#problem = problem
    this.#most = most
  }

  find(solved: Texts): Solution | undefined {
    const nothing = { texts: [], literals: new Map(), solved }
    const assumed = this.#with(nothing, { texts: [], literals: this.#problem.assumed ?? [] })
    return assumed && this.choose(0, assumed)
  }

  /** Makes the choices of the needs from `index` on. */
  choose(index: number, chosen: Chosen): Solution | undefined {
    const group = this.#problem.needs[index]
    if (group === undefined) return this.#overcome(chosen)
    for (const choice of group.choices) {
      const next = this.#with(chosen, choice)
      const found = next && this.choose(index + 1, next)
      if (found !== undefined || this.#problem.steps.isSpent) return found
      // A choice that asks for nothing more is as good as every other.
      if (next === chosen) return undefined
    }
    return undefined
  }

  /** Stops every Deny that still applies. */
  #overcome(chosen: Chosen): Solution | undefined {
    const { hurdles, steps } = this.#problem
    const values = new Map<Cell, CellValue>()
    for (const [cell, literals] of chosen.literals) {
      const value = cell.solve(literals)
      if (value === undefined) return undefined
      values.set(cell, value)
    }
    const hurdle = hurdles.find((each) => steps.take() && !this.#isOvercome(each, chosen, values))
    if (steps.isSpent) return undefined
    if (hurdle === undefined) return this.#finish(chosen, values)
    for (const way of isForced(hurdle) ? [this.#forced()] : hurdle.ways) {
      const next = this.#with(chosen, way)
      const found = next && next !== chosen && this.#overcome(next)
      if (found || steps.isSpent) return found || undefined
    }
    return undefined
  }

  /** The constraints that hold in any case. All are added at once: one by one would search again for each. */
  #forced(): Choice {
    const texts = this.#problem.hurdles.filter(isForced).flatMap(({ ways }) => ways[0]?.texts ?? [])
    return { texts, literals: [] }
  }

  #isOvercome({ ways }: Hurdle, { solved, literals }: Chosen, values: Map<Cell, CellValue>): boolean {
    return ways.some(
      (way) =>
        way.texts.every((constraint) => this.#holds(constraint, solved)) &&
        way.literals.every((literal) => {
          const { cell } = literal
          if (cell.isOpen) return cell.implies(literals.get(cell) ?? [], literal)
          let value = values.get(cell)
          if (value === undefined) {
            value = cell.solve([])
            if (value === undefined) return false
            values.set(cell, value)
          }
          return cell.fulfils(value, literal)
        }),
    )
  }

  #holds({ slot, patterns, want }: TextConstraint, solved: Texts): boolean {
    const text = filled(this.#problem.shapes[slot] ?? [], solved)
    return patterns.some((pattern) => pattern.accepts(text)) === want
  }

  #finish({ solved, literals }: Chosen, values: ReadonlyMap<Cell, CellValue>): Solution | undefined {
    const residual = [...literals].flatMap(([cell, own]) => (cell.isOpen ? smallest(cell, own) : []))
    if (sizeOf(residual) <= this.#most) return { texts: solved, values, residual }
    this.wasCut = true
    return undefined
  }

  /** Adds a choice; the same object if the choice adds nothing; undefined if they exclude each other. */
  #with(chosen: Chosen, choice: Choice): Chosen | undefined {
    const { steps, shapes } = this.#problem
    if (!steps.take()) return undefined
    let { texts, literals, solved } = chosen
    const newTexts = choice.texts.filter((each) => !texts.some((other) => isSame(each, other)))
    for (const literal of choice.literals) {
      const { cell } = literal
      const before = literals.get(cell) ?? []
      if (cell.isOpen && cell.implies(before, literal)) continue
      if (before.some((other) => isSameLiteral(literal, other))) continue
      const own = [...before, literal]
      if (cell.solve(own) === undefined) return undefined
      literals = new Map(literals).set(cell, own)
    }
    if (literals === chosen.literals && newTexts.length === 0) return chosen
    // Conditions on one key may follow from one of them; conditions on different keys do not.
    const keys = new Set([...literals.keys()].flatMap(({ isOpen, key }) => (isOpen ? [key] : [])))
    if (keys.size > this.#most) {
      this.wasCut = true
      return undefined
    }
    if (newTexts.length > 0) {
      texts = [...texts, ...newTexts]
      if (!newTexts.every((each) => this.#holds(each, solved))) {
        const found = solveTexts(shapes, texts, steps)
        if (found === undefined) return undefined
        solved = found
      }
    }
    return { texts, literals, solved }
  }
}

/** Whether only the texts can stop a Deny. */
function isForced({ ways: [only, ...others] }: Hurdle): boolean {
  return only !== undefined && others.length === 0 && only.literals.length === 0
}

function isSame(one: TextConstraint, other: TextConstraint): boolean {
  return (
    one.slot === other.slot &&
    one.want === other.want &&
    one.patterns.length === other.patterns.length &&
    one.patterns.every((pattern, index) => pattern === other.patterns[index])
  )
}

function isSameLiteral(one: Literal, other: Literal): boolean {
  return one.condition === other.condition && one.truths.join('') === other.truths.join('')
}

/** Maximum conditions on one key whose subsets are tried. */
const maxSubsets = 12

/** The smallest of some literals from which all of them follow. */
function smallest(cell: Cell, literals: readonly CellLiteral[]): readonly CellLiteral[] {
  if (literals.length < 2 || literals.length > maxSubsets) return literals
  const subsets = Array.from({ length: 2 ** literals.length }, (_, bits) =>
    literals.filter((_, index) => (bits & (2 ** index)) !== 0),
  ).sort((one, other) => one.length - other.length)
  return subsets.find((subset) => literals.every((literal) => cell.implies(subset, literal))) ?? literals
}
