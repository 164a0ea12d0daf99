import { type Truth, truthNo, truthUnknown, truthYes } from '../condition/truth.ts'
import type { ContextInput } from '../request/context.ts'
import type { Request } from '../request/request.ts'
import type { Cell, CellValue } from './cell.ts'
import { noneShared, Opened, type Unknowns } from './opened.ts'
import { Question } from './prepare.ts'
import type { Asked, KeyDomain, OpenRequest } from './question.ts'
import { sizeOf } from './residual.ts'
import { type Problem, type Solution, solve } from './search.ts'
import { type CellLiteral, choicesOf, type Hurdle, hurdleOf } from './statement.ts'
import type { Steps } from './steps.ts'

/** Values of all open keys of a question. */
type Surroundings = ReadonlyMap<Cell, CellValue>

/** Maximum conditions of which a smaller residual is made. */
const maxCandidates = 16
/** Maximum surroundings for which one choice is sought. */
const maxCases = 12

/**
 * A residual that is smaller than that of a solution, if different statements allow in different surroundings: one
 * with MFA, another one without. Undefined if there is no such residual.
 */
export function byCases(question: Question, found: Solution, steps: Steps): Solution | undefined {
  const literals = openLiterals(question)
  // Cases need two conditions on one key.
  const keys = literals.map(({ cell }) => cell)
  if (new Set(keys).size === keys.length || literals.length > maxCandidates) return undefined
  for (let size = 0; size < sizeOf(found.residual); size++) {
    for (const residual of subsetsOf(literals, size)) {
      if (steps.isIncomplete) return undefined
      const solution = isSufficient(question, residual, found.residual, steps)
      if (solution !== undefined) return { ...solution, residual }
    }
  }
  return undefined
}

function openLiterals({ plans, hurdles }: Question): readonly CellLiteral[] {
  const choices = [
    ...plans.flat(2).flatMap((prepared) => prepared.choices),
    ...hurdles.flatMap(({ ways }) => ways),
  ]
  const distinct = new Map<unknown, CellLiteral>()
  for (const { literals } of choices)
    for (const literal of literals) if (literal.cell.isOpen) distinct.set(literal.condition, literal)
  return [...distinct.values()]
}

function* subsetsOf<T>(list: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) yield []
  else
    for (let first = from; first < list.length; first++)
      for (const rest of subsetsOf(list, size - 1, first + 1)) yield [list[first] as T, ...rest] // first is an index of the list
}

/**
 * Returns whether the caller's choice is allowed in all surroundings in which the residual holds. The choice is
 * sought for a few surroundings; as long as it fails in others, these are added.
 */
function isSufficient(
  question: Question,
  residual: readonly CellLiteral[],
  given: readonly CellLiteral[],
  steps: Steps,
): Pick<Solution, 'texts' | 'values'> | undefined {
  const usual = surroundings(question, residual)
  if (usual === undefined) return undefined
  const cases: Surroundings[] = [usual]
  for (const literal of given) {
    const others = surroundings(question, [...residual, { ...literal, truths: without(literal.truths) }])
    if (others === undefined) continue
    // Most residuals are needed: the first surroundings without them show it.
    if (solveIn(question, [others], steps) === undefined) return undefined
    cases.push(others)
  }
  while (cases.length <= maxCases) {
    const solved = solveIn(question, cases, steps)
    if (solved === undefined || steps.isIncomplete) return undefined
    const { copies, chosen } = solved
    const requests = copies.requestsOf(chosen).slice(0, question.asked.length)
    const refused = refusedIn(question, requests, residual, steps)
    if (steps.isIncomplete) return undefined
    if (refused === undefined)
      return { texts: chosen.texts, values: valuesIn(question, copies, chosen, usual) }
    cases.push(refused)
  }
  return undefined
}

/** One choice with which the caller is allowed in each of some surroundings. */
function solveIn(
  question: Question,
  cases: readonly Surroundings[],
  steps: Steps,
): { readonly copies: Question; readonly chosen: Solution } | undefined {
  const copies = new Question(
    cases.flatMap((each) => copiesOf(question, each)),
    steps,
  )
  const chosen = solve(copies.problems(), steps)
  return chosen && { copies, chosen }
}

function without(truths: readonly Truth[]): readonly Truth[] {
  return [truthNo, truthYes, truthUnknown].filter(
    (truth): truth is Truth => !truths.some((other) => other === truth),
  )
}

/** Surroundings in which some literals hold; undefined if they exclude each other. */
function surroundings(question: Question, literals: readonly CellLiteral[]): Surroundings | undefined {
  const values = new Map<Cell, CellValue>()
  for (const cell of question.cells()) {
    if (!cell.isOpen) continue
    const value = cell.solve(literals.filter((each) => each.cell === cell))
    if (value === undefined) return undefined
    values.set(cell, value)
  }
  return values
}

/** The requests of a question in some surroundings: open keys are known. */
function copiesOf(question: Question, values: Surroundings): readonly Asked[] {
  return question.asked.map(({ request, policies }, place) => ({
    policies,
    call: question.callOf(place),
    request: { ...request, context: { ...request.context, ...keysIn(question, place, values) } },
  }))
}

function keysIn(question: Question, place: number, values: Surroundings): OpenRequest['context'] {
  const own = question.cells(question.callOf(place))
  const entries = own.map((cell) => [cell.key, values.get(cell)] as const)
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined).map(([key, value]) => [key, value?.value]),
  )
}

/** The values that were chosen, and the usual ones of open keys. */
function valuesIn(
  question: Question,
  copies: Question,
  chosen: Solution,
  usual: Surroundings,
): ReadonlyMap<Cell, CellValue> {
  const values = new Map(usual)
  for (const cell of question.cells()) {
    if (cell.isOpen) continue
    const copy = copies.cells(cell.call).find(({ key, isOpen }) => key === cell.key && !isOpen)
    const value = copy && (chosen.values.get(copy) ?? copy.solve([]))
    if (value !== undefined) values.set(cell, value)
  }
  return values
}

const anything: KeyDomain = { mayBeAbsent: true }

/** Surroundings in which the residual holds and one of some requests is refused; undefined if no such surroundings
 * exist. */
function refusedIn(
  question: Question,
  requests: readonly Request[],
  residual: readonly CellLiteral[],
  steps: Steps,
): Surroundings | undefined {
  const unknowns: Unknowns = { shapes: [], cells: new Map(), joined: new Map(), steps }
  const opened = question.asked.map((asked, place) => {
    const { request } = asked
    const { resource = '' } = requests[place] ?? {}
    const open = new Set(
      question
        .cells()
        .filter(({ isOpen }) => isOpen)
        .map(({ key }) => key),
    )
    const context: Record<string, ContextInput | undefined> = { ...request.context }
    for (const cell of question.cells(question.callOf(place))) if (!cell.isOpen) context[cell.key] = undefined
    for (const [key, value] of requests[place]?.context.entries() ?? [])
      if (!open.has(key)) context[key] = value
    const fixed = { ...request, resource, context, chosen: { '*': anything, ...request.open }, open: {} }
    return new Opened({ ...asked, request: fixed, call: question.callOf(place) }, place, unknowns, noneShared)
  })
  const problems = opened.flatMap((each, place) => refusals(question, each, place, unknowns, steps))
  const assumed = residual.flatMap((literal) => {
    const cell = opened[literal.asked]?.placeOf(literal.condition)
    return typeof cell === 'object' ? [{ ...literal, cell }] : []
  })
  const solution = solve(
    problems.map((problem) => ({ ...problem, assumed })),
    steps,
  )
  if (solution === undefined) return undefined
  const values = new Map<Cell, CellValue>()
  for (const cell of question.cells()) {
    if (!cell.isOpen) continue
    const copy = [...unknowns.cells.values()].find(
      (other) => other.key === cell.key && other.call === cell.call,
    )
    const value = copy === undefined ? cell.solve([]) : (solution.values.get(copy) ?? copy.solve([]))
    if (value !== undefined) values.set(cell, value)
  }
  return values
}

/** The ways in which one request is refused: a Deny applies, or each plan of `evaluate` has a need that is not met. */
function refusals(
  { deciders }: Question,
  opened: Opened,
  place: number,
  { shapes }: Unknowns,
  steps: Steps,
): readonly Problem[] {
  const { plans = [], denies = [] } = deciders[place] ?? {}
  const denied = denies.flatMap((bound) => choicesOf(bound, opened, [truthYes, truthUnknown]))
  let unmet: ReadonlyMap<string, readonly Hurdle[]> = new Map([['', []]])
  for (const plan of plans) {
    const next = new Map<string, readonly Hurdle[]>()
    for (const [name, before] of unmet) {
      for (const { layer, level, allows } of plan) {
        const one = `${layer} ${level} ${allows.length}`
        const isIn = name.split(',').includes(one)
        const hurdles = isIn
          ? []
          : allows
              .map((bound) => hurdleOf(bound, opened, [truthNo, truthUnknown]))
              .filter((each) => each !== undefined)
        next.set(isIn ? name : `${name},${one}`, [...before, ...hurdles])
      }
    }
    unmet = next
  }
  const missing = [...unmet.values()].map((hurdles) => ({ shapes, steps, hurdles, needs: [] }))
  if (denied.length === 0) return missing
  return [{ shapes, steps, hurdles: [], needs: [{ choices: denied }] }, ...missing]
}
