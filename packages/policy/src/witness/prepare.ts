import { Context, type ContextInput } from '../request/context.ts'
import type { Request } from '../request/request.ts'
import type { Cell } from './cell.ts'
import type { Texts } from './constraint.ts'
import { ruleOf, sampleText } from './grammar.ts'
import { type Decider, deciderOf, type Need } from './needs.ts'
import { Opened, type SharedVariables, type Unknowns } from './opened.ts'
import type { Asked, Grammar, KeyDomain, Shape } from './question.ts'
import type { Problem, Solution } from './search.ts'
import { filled, variablesOf } from './shape.ts'
import { type Choice, choiceName, choicesOf, type Hurdle, hurdleOf } from './statement.ts'
import type { Steps } from './steps.ts'

/** A need, and the choices that meet it. */
export interface Prepared {
  readonly need: Need
  readonly choices: readonly Choice[]
}

/** A question as the search reads it. */
export class Question {
  readonly asked: readonly Asked[]
  readonly steps: Steps
  readonly hurdles: readonly Hurdle[]
  /** By request: the plans of `evaluate`. */
  readonly plans: readonly (readonly (readonly Prepared[])[])[]
  readonly deciders: readonly Decider[]
  readonly #opened: readonly Opened[]
  readonly #unknowns: Unknowns

  constructor(asked: readonly Asked[], steps: Steps) {
    this.asked = asked
    this.steps = steps
    this.#unknowns = { shapes: [], cells: new Map(), joined: new Map(), steps }
    const shared = sharedVariables(asked)
    this.#opened = asked.map((each, index) => new Opened(each, index, this.#unknowns, shared))
    const parts = this.#opened.map((opened) => ({ opened, decider: deciderFor(opened) }))
    this.deciders = parts.map(({ decider }) => decider)
    this.hurdles = parts.flatMap(({ opened, decider }) =>
      decider.denies.map((bound) => hurdleOf(bound, opened)).filter((each) => each !== undefined),
    )
    this.plans = parts.map(({ opened, decider }) =>
      decider.plans.map((plan) => plan.map((need) => preparedFor(need, opened))),
    )
  }

  /** Whether the principal's relation to every resource is known. */
  get isDecidable(): boolean {
    const isKnown = this.asked.every(
      ({ request: { resource, resourceAccount } }) =>
        typeof resource === 'string' ||
        hasLiteral(resource, resourceAccount === undefined ? accountField : partition),
    )
    if (!isKnown) this.steps.unsupported = 'a resource whose account is a variable'
    return isKnown
  }

  /** One problem for each combination of the requests' plans. */
  problems(): readonly Problem[] {
    const possible = this.plans.map((plans) =>
      plans.filter((plan) => plan.every(({ choices }) => choices.length > 0)),
    )
    return combinations(possible).map((needs) => this.problemOf(needs))
  }

  problemOf(needs: readonly Prepared[], hurdles: readonly Hurdle[] = this.hurdles): Problem {
    return { shapes: this.#unknowns.shapes, needs: sorted(needs), hurdles, steps: this.steps }
  }

  /** The keys to be found: all, or those of a call. */
  cells(call?: string): readonly Cell[] {
    return [...this.#unknowns.cells.values()].filter((cell) => call === undefined || cell.call === call)
  }

  callOf(place: number): string {
    return this.#opened[place]?.call ?? ''
  }

  requestsOf(solution: Pick<Solution, 'texts' | 'values'>): readonly Request[] {
    return this.#opened.map((opened) => requestOf(opened, this.#unknowns, solution))
  }
}

/** Variables that hold one text in several places: those of resources, and those of chosen keys of several calls. */
function sharedVariables(asked: readonly Asked[]): SharedVariables {
  const ofResources = new Set<string>()
  const ofKeys = new Set<string>()
  const places = new Map<string, string>()
  for (const [index, { request, call = `${index}` }] of asked.entries()) {
    const { resource, chosen = {} } = request
    if (typeof resource !== 'string')
      for (const { variable } of variablesOf(resource)) ofResources.add(variable)
    for (const [key, { shape = [] }] of Object.entries(chosen))
      for (const { variable } of variablesOf(shape)) {
        const place = `${call} ${key.toLowerCase()}`
        if ((places.get(variable) ?? place) !== place) ofKeys.add(variable)
        places.set(variable, place)
      }
  }
  return { ofResources, ofKeys }
}

function deciderFor({ request, policies, slot, literal }: Opened): Decider {
  const { principal, action, resource, resourceAccount } = request
  const sample: Request = {
    principal,
    action,
    resource: typeof resource === 'string' ? resource : filled(resource, sampled(resource)),
    resourceAccount,
    context: new Context(),
  }
  return deciderOf(sample, policies, slot === undefined ? literal : undefined)
}

function preparedFor(need: Need, opened: Opened): Prepared {
  const choices = need.allows.flatMap((bound) => choicesOf(bound, opened))
  // What asks for nothing comes first, and makes the others needless.
  const free = choices.find(({ texts, literals }) => texts.length + literals.length === 0)
  if (free !== undefined) return { need, choices: [free] }
  // Of equal ones one is enough: a search may try all combinations with those of other needs.
  const byName = Map.groupBy(choices, choiceName)
  return { need, choices: [...byName.values()].flatMap(([first]) => first ?? []) }
}

/** One plan of each request, in every combination. */
export function combinations(
  plans: readonly (readonly (readonly Prepared[])[])[],
): readonly (readonly Prepared[])[] {
  let combined: readonly (readonly Prepared[])[] = [[]]
  for (const own of plans) combined = combined.flatMap((before) => own.map((plan) => [...before, ...plan]))
  return combined
}

/** The request of a solution. Keys that nothing asks about hold an example of their domain. */
export function requestOf(
  opened: Opened,
  { shapes, cells, joined }: Unknowns,
  { texts, values }: Pick<Solution, 'texts' | 'values'>,
): Request {
  const { request, call } = opened
  const context = new Context(request.context)
  for (const [key, domain] of Object.entries({ ...request.chosen, ...request.open }))
    if (!domain.mayBeAbsent && !key.endsWith('*')) context.set(key, sampleValue(domain, texts))
  for (const cell of cells.values()) {
    if (cell.call !== call) continue
    const { value } = values.get(cell) ?? cell.solve([]) ?? { value: undefined }
    context.set(cell.key, value)
  }
  for (const [name, { key, slot }] of joined)
    if (name === `${call} ${key}`) context.set(key, filled(shapes[slot] ?? [], texts))
  // What is known of one request may be open in another one of the same call.
  for (const [key, value] of Object.entries(request.context)) context.set(key, value)
  return {
    principal: request.principal,
    action: request.action,
    resource: opened.slot === undefined ? opened.literal : filled(shapes[opened.slot] ?? [], texts),
    ...(request.resourceAccount === undefined ? {} : { resourceAccount: request.resourceAccount }),
    context,
  }
}

/** The places of an ARN's partition and account. */
const partition = 1
const accountField = 4

/** Whether a field of all ARNs of a shape is the same. */
function hasLiteral(shape: Shape, field: number): boolean {
  let colons = 0
  for (const part of shape) {
    if (typeof part === 'string') colons += part.split(':').length - 1
    else if (colons === field || mayHoldColon(part.grammar)) return false
    if (colons > field) return true
  }
  return shape.every((part) => typeof part === 'string')
}

function mayHoldColon(grammar: Grammar): boolean {
  if ('values' in grammar) return grammar.values.some((value) => value.includes(':'))
  const { first, inner, last } = ruleOf(grammar)
  return [first, inner, last].some((set) => set.has(':'))
}

/** The needs with the fewest choices first: they fail first. */
function sorted(needs: readonly Prepared[]): readonly Prepared[] {
  return needs.toSorted((one, other) => one.choices.length - other.choices.length)
}

function sampled(shape: Shape): Texts {
  return new Map(variablesOf(shape).map(({ variable, grammar }) => [variable, sampleText(grammar)]))
}

function sampleValue(domain: KeyDomain, texts: Texts): ContextInput {
  const text = sampleOf(domain, texts)
  return domain.isMultivalued === true ? [text] : text
}

function sampleOf({ values, range, dates, shape }: KeyDomain, texts: Texts): string {
  if (values !== undefined) return values[0] ?? ''
  if (range !== undefined) return String(range.least)
  if (dates !== undefined) return dates.earliest
  return shape === undefined ? 'example' : filled(shape, new Map([...sampled(shape), ...texts]))
}
