import type { Bound } from '../compile/bound.ts'
import type { CompiledSet } from '../compile/compile.ts'
import type { Layer } from '../compile/layer.ts'
import { truthNo, truthUnknown, truthYes } from '../condition/truth.ts'
import { applicableLayers, hasFullAccess } from '../evaluate/binds.ts'
import { allowNaming, denyCovers, isUnsupported } from '../evaluate/covers.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { splitArn } from '../match/arn.ts'
import { notNamed } from '../match/principal.ts'
import { anyRun, parseTemplate } from '../match/template.ts'
import type { ContextInput } from '../request/context.ts'
import type { Decision } from '../request/decision.ts'
import type { Principal } from '../request/principal.ts'
import type { Request } from '../request/request.ts'
import type { ResidualCondition, Undecided } from './answer.ts'
import { residualOf, undecided } from './answers.ts'
import { globAutomaton } from './automaton.ts'
import type { TextConstraint } from './constraint.ts'
import { noneShared, Opened, type Unknowns } from './opened.ts'
import { requestOf } from './prepare.ts'
import type { KeyDomain, OpenRequest, Shape, WitnessOptions } from './question.ts'
import { type Problem, type Solution, solve } from './search.ts'
import { filled } from './shape.ts'
import { type CellLiteral, type Choice, choicesOf, type Hurdle, hurdleOf } from './statement.ts'
import { Steps } from './steps.ts'

/** The principal in question in `findGap`, and the policies. */
export interface GapQuestion {
  readonly principal: Principal
  /** Resource policies and those of endpoints do not count. */
  readonly policies: CompiledSet
  /** Known keys with their values, the principal's own included. */
  readonly context: Readonly<Record<string, ContextInput | undefined>>
  /** Keys that no request has; a name may end in `*`. */
  readonly absent?: readonly string[]
  /**
   * Keys by full name that may be part of a residual, such as aws:MultiFactorAuthPresent. Of all other keys that are not
   * known every value counts: a condition on one of them leaves a gap.
   */
  readonly open?: Readonly<Record<string, KeyDomain>>
}

export type GapAnswer =
  /** The principal may do everything that SCPs and RCPs let through. This is a proof. */
  | { readonly verdict: 'none' }
  /** The same as long as these conditions are met. No smaller set is sufficient. */
  | { readonly verdict: 'conditional'; readonly residual: readonly ResidualCondition[] }
  /** A request that SCPs and RCPs let through, and that is refused by other layers. */
  | { readonly verdict: 'gap'; readonly request: Request; readonly decision: Decision }
  | Undecided

/** Steps of a search for a gap if the caller names none. */
const defaultSteps = 400_000
/** Maximum conditions of a residual. */
const maxResidual = 3

/**
 * Whether a principal may do everything, as far as SCPs and RCPs let it: searches for an action, a resource and
 * condition keys that SCPs and RCPs let through, and that identity policies, boundary or session policies refuse.
 */
export function findGap(question: GapQuestion, options: WitnessOptions = {}): GapAnswer {
  const steps = new Steps(options.steps ?? defaultSteps)
  const search = new GapSearch(question, steps)
  const first = search.gapUnder([])
  if (first === undefined) return steps.isIncomplete ? undecided(steps) : { verdict: 'none' }
  const decision = evaluate(first.request, question.policies)
  if (decision.outcome === 'allowed') {
    steps.unsupported ??= 'the request that the search proposes is allowed'
    return undecided(steps)
  }
  const residual = search.residual(first.solution)
  if (steps.isSpent) return undecided(steps)
  if (residual !== undefined) return { verdict: 'conditional', residual: residualOf(residual) }
  return { verdict: 'gap', request: first.request, decision }
}

const actionShape: Shape = [
  { variable: 'service', grammar: { characters: 'a-z0-9-', first: 'a-z', least: 1, most: 60 } },
  ':',
  { variable: 'operation', grammar: { characters: 'a-z0-9', first: 'a-z', least: 1, most: 120 } },
]
const resource: Shape = [{ variable: 'resource', grammar: { least: 1 } }]
const anything: KeyDomain = { mayBeAbsent: true }

class GapSearch {
  readonly #question: GapQuestion
  readonly #steps: Steps
  readonly #opened: Opened
  readonly #unknowns: Unknowns
  readonly #actions: number
  readonly #problems: readonly Problem[]
  /** Conditions on open keys that may close a gap if they have these truths. */
  readonly #candidates: readonly CellLiteral[]

  constructor(question: GapQuestion, steps: Steps) {
    this.#question = question
    this.#steps = steps
    const { principal, context, absent = [], open = {} } = question
    this.#unknowns = { shapes: [], cells: new Map(), joined: new Map(), steps }
    const request: OpenRequest = {
      principal,
      action: '',
      resource: resource,
      context,
      absent,
      chosen: { '*': anything, ...open },
      ...('account' in principal ? { resourceAccount: principal.account } : {}),
    }
    this.#opened = new Opened({ request, policies: question.policies }, 0, this.#unknowns, noneShared)
    this.#actions = this.#unknowns.shapes.push(actionShape) - 1
    this.#problems = this.#pose()
    this.#candidates = this.#openLiterals()
  }

  /** A request that is a gap although some conditions are met. */
  gapUnder(assumed: readonly CellLiteral[]): { solution: Solution; request: Request } | undefined {
    const solution = solve(
      this.#problems.map((problem) => ({ ...problem, assumed })),
      this.#steps,
    )
    if (solution === undefined) return undefined
    const action = filled(actionShape, solution.texts)
    return { solution, request: { ...requestOf(this.#opened, this.#unknowns, solution), action } }
  }

  /** The smallest set of conditions that leaves no gap; undefined if there is no such set, or none of a few. */
  residual(first: Solution): readonly CellLiteral[] | undefined {
    let level: readonly { readonly assumed: readonly CellLiteral[]; readonly gap: Solution }[] = [
      { assumed: [], gap: first },
    ]
    for (let size = 1; size <= maxResidual; size++) {
      const next: { assumed: readonly CellLiteral[]; gap: Solution }[] = []
      for (const { assumed, gap } of level) {
        for (const literal of this.#candidates) {
          if (this.#holdsIn(literal, gap)) continue
          const more = [...assumed, literal]
          if (!this.#isPossible(more)) continue
          const found = this.gapUnder(more)
          if (this.#steps.isIncomplete) return undefined
          if (found === undefined) return more
          next.push({ assumed: more, gap: found.solution })
        }
      }
      level = next
    }
    return undefined
  }

  #holdsIn(literal: CellLiteral, { values }: Solution): boolean {
    const value = values.get(literal.cell)
    return value !== undefined && literal.cell.fulfils(value, literal)
  }

  #isPossible(literals: readonly CellLiteral[]): boolean {
    return literals.every(
      ({ cell }) => cell.solve(literals.filter((each) => each.cell === cell)) !== undefined,
    )
  }

  /** One problem for each way in which a request can be refused. */
  #pose(): readonly Problem[] {
    const { principal, policies } = this.#question
    const binds = applicableLayers(principal)
    const levels = binds.scp ? (policies.scp ?? []) : []
    const guardrails = [...levels, ...((binds.rcp && policies.rcp) || [])]
    const hurdles = guardrails.flatMap((level) => this.#stops(this.#denies(level), [truthNo]))
    const needs = levels.map((level) => ({
      choices: this.#allows(level).flatMap((bound) => this.#applies(bound, [truthYes])),
    }))
    const place = { choices: this.#places() }
    const problem = (more: Problem['needs'], stopped: readonly Hurdle[]): Problem => ({
      shapes: this.#unknowns.shapes,
      steps: this.#steps,
      hurdles: [...hurdles, ...stopped],
      needs: [place, ...more, ...needs],
    })
    const layers = this.#layers()
    const refused = layers.flatMap((layer) =>
      this.#denies(layer).flatMap((bound) => this.#applies(bound, [truthYes, truthUnknown])),
    )
    const missing = layers.filter(
      ({ name }) => name !== 'identity' || (binds.identity && !hasFullAccess(principal)),
    )
    const unallowed = missing.map((layer) =>
      problem([], this.#stops(this.#allows(layer), [truthNo, truthUnknown])),
    )
    const isNothing =
      !hasFullAccess(principal) && (!binds.identity || policies.identity === undefined)
        ? [problem([], [])]
        : []
    return [
      ...isNothing,
      ...unallowed,
      ...(refused.length === 0 ? [] : [problem([{ choices: refused }], [])]),
    ]
  }

  /** A resource is an ARN of the caller's partition, or no ARN: `*`. */
  #places(): readonly Choice[] {
    const { principal } = this.#question
    const { slot = 0 } = this.#opened
    const arn =
      principal.type === 'roleSession' ? principal.sessionArn : 'arn' in principal ? principal.arn : undefined
    const partition = arn && splitArn(arn)?.partition
    if (partition === undefined) return [{ texts: [], literals: [] }]
    const isOwn = { slot, patterns: [globAutomaton([`arn:${partition}:`, anyRun])], want: true }
    const isNoArn = { slot, patterns: [globAutomaton(['arn:', anyRun])], want: false }
    return [isNoArn, isOwn].map((constraint) => ({ texts: [constraint], literals: [] }))
  }

  #layers(): readonly Layer[] {
    const { principal, policies } = this.#question
    const binds = applicableLayers(principal)
    return [
      binds.identity ? policies.identity : undefined,
      binds.identity ? policies.boundary : undefined,
      binds.session ? policies.session : undefined,
    ].filter((layer) => layer !== undefined)
  }

  #allows(layer: Layer): readonly Bound[] {
    return layer
      .statements()
      .filter(
        (bound) =>
          bound.statement.effect === 'Allow' &&
          !isUnsupported(bound) &&
          allowNaming(bound, this.#question.principal) !== notNamed,
      )
  }

  #denies(layer: Layer): readonly Bound[] {
    const { principal, policies } = this.#question
    return layer
      .statements()
      .filter(
        (bound) =>
          bound.statement.effect === 'Deny' && denyCovers(bound, principal, policies.boundary !== undefined),
      )
  }

  #applies(bound: Bound, truths: readonly (typeof truthYes | typeof truthUnknown)[]): readonly Choice[] {
    const action = this.#action(bound, true)
    return choicesOf(bound, this.#opened, truths).map(({ texts, literals }) => ({
      texts: action === undefined ? texts : [action, ...texts],
      literals,
    }))
  }

  #stops(
    bounds: readonly Bound[],
    truths: readonly (typeof truthNo | typeof truthUnknown)[],
  ): readonly Hurdle[] {
    return bounds.flatMap((bound) => {
      const hurdle = hurdleOf(bound, this.#opened, truths)
      if (hurdle === undefined) return []
      const action = this.#action(bound, false)
      const other: readonly Choice[] = action === undefined ? [] : [{ texts: [action], literals: [] }]
      return [{ ...hurdle, ways: [...other, ...hurdle.ways] }]
    })
  }

  /** The constraint on an action so that a statement is about it, or not; undefined if it is about every action. */
  #action({ statement: { action } }: Bound, isAbout: boolean): TextConstraint | undefined {
    const patterns = action.values.map(({ value }) =>
      globAutomaton(
        parseTemplate(value.toLowerCase(), { wildcards: true, variables: false }).filter(
          (part) => typeof part !== 'object',
        ),
      ),
    )
    if (!action.negated && patterns.some(({ start }) => start.isUniversal)) return undefined
    return { slot: this.#actions, patterns, want: action.negated !== isAbout }
  }

  #openLiterals(): readonly CellLiteral[] {
    const open = new Set(Object.keys(this.#question.open ?? {}).map((key) => key.toLowerCase()))
    const literals: CellLiteral[] = []
    for (const layer of this.#layers()) {
      for (const bound of layer.statements()) {
        const truth = bound.statement.effect === 'Allow' ? truthYes : truthNo
        for (const condition of bound.conditions) {
          if (!open.has(condition.key)) continue
          const cell = this.#opened.placeOf(condition)
          if (typeof cell !== 'object') continue
          literals.push({ condition, truths: [truth], cell, by: bound, asked: 0 })
        }
      }
    }
    return literals
  }
}
