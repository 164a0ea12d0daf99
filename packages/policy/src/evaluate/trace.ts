import type { Bound } from '../compile/bound.ts'
import type { CompiledSet } from '../compile/compile.ts'
import type { Candidates, Layer } from '../compile/layer.ts'
import { type CompiledStatement, isAbout } from '../compile/statement.ts'
import { type CompiledCondition, problemIn, tooMuchWork, wantedValues } from '../condition/condition.ts'
import { truthNo, truthUnknown } from '../condition/truth.ts'
import type { ListElement, Policy } from '../document/policy.ts'
import { compileAction, lowerAction } from '../match/action.ts'
import { Budget, isSpent, metered } from '../match/meter.ts'
import { grantedToNaming, type Naming, naming, notNamed } from '../match/principal.ts'
import { emptyContext } from '../request/context.ts'
import type { Decision } from '../request/decision.ts'
import type { Request } from '../request/request.ts'
import { allowNaming, denyCovers, isUnsupported } from './covers.ts'
import { evaluate } from './evaluate.ts'
import type {
  ConditionTrace,
  ElementTrace,
  LayerTrace,
  LayerVerdict,
  StatementTrace,
  Trace,
} from './story.ts'
import { bindingLayers, unreadableProblem } from './unevaluable.ts'

/**
 * Decides a request and returns every layer and statement, element by element.
 * @param budget as for `evaluate`; a trace takes more steps than the decision alone
 */
export function trace(request: Request, compiled: CompiledSet, budget?: Budget): Trace {
  const decision = evaluate(request, compiled, budget)
  return metered(budget ?? new Budget(), () => traceDecided(request, compiled, decision))
}

function traceDecided(request: Request, compiled: CompiledSet, decision: Decision): Trace {
  const binding = bindingLayers(request, compiled)
  const hasBoundary = compiled.boundary !== undefined
  const layers: LayerTrace[] = []
  const add = (layer: Layer | undefined, level?: number): void => {
    if (layer === undefined) return
    layers.push(traceLayer(layer, level, request, binding.includes(layer), hasBoundary))
  }
  compiled.rcp?.forEach(add)
  compiled.scp?.forEach(add)
  add(compiled.endpoint)
  add(compiled.identity)
  add(compiled.resource)
  add(compiled.boundary)
  add(compiled.session)
  return { request, decision, crossAccount: decision.crossAccount, layers }
}

function traceLayer(
  layer: Layer,
  level: number | undefined,
  request: Request,
  binds: boolean,
  hasBoundary: boolean,
): LayerTrace {
  const policies = layer.policies.map(({ policy, source }) => ({
    source,
    policy,
    statements: uncovered(policy).slice(),
  }))
  let denied = false
  let allowed = false
  let named: Naming = notNamed
  const candidates = layer.candidates(request.action)
  const actions = actionTraces(candidates, request.action)
  let index = 0
  for (const bound of candidates.all) {
    const traced = traceStatement(bound, actions[index++]!, request, hasBoundary)
    policies[bound.policyIndex]!.statements[bound.statement.index] = traced
    if (!traced.matched) continue
    if (bound.statement.effect === 'Deny') denied = true
    else {
      allowed = true
      const stronger = allowNaming(bound, request.principal)
      if (stronger > named) named = stronger
    }
  }
  const verdict: LayerVerdict = !binds
    ? 'notApplied'
    : denied
      ? 'explicitDeny'
      : // AWS attaches an RCP that allows everything at every level; it cannot be detached (behaviour POL-015).
        allowed || layer.name === 'rcp'
        ? 'allow'
        : 'noAllow'
  const grantedTo = layer.name === 'resource' ? grantedToNaming[named] : undefined
  return {
    layer: layer.name,
    ...(level === undefined ? {} : { level }),
    verdict,
    ...(grantedTo === undefined ? {} : { grantedTo }),
    policies,
  }
}

const templates = new WeakMap<Policy, readonly StatementTrace[]>()

/** Most statements do not match the action. Their trace is always the same. */
function uncovered(policy: Policy): readonly StatementTrace[] {
  let template = templates.get(policy)
  if (template === undefined) {
    template = policy.statements.map((statement) => {
      const failed = element(statement.action, 'Action', false, undefined)
      return { statement, matched: false, elements: [failed], failed }
    })
    templates.set(policy, template)
  }
  return template
}

type Traced = ElementTrace | ConditionTrace

/** Compares a statement about the action with the request, in the engine's order, until an element fails. */
function traceStatement(
  bound: Bound,
  action: ElementTrace,
  request: Request,
  hasBoundary: boolean,
): StatementTrace {
  const { statement } = bound
  const elements: Traced[] = [action]
  const principal = principalTrace(bound, request, hasBoundary)
  if (principal !== undefined) elements.push(principal)
  if (principal?.matched === false) return failure(bound, elements, principal)
  const resource = resourceTrace(bound, request)
  if (resource !== undefined) elements.push(resource)
  if (resource?.matched === false) return failure(bound, elements, resource)
  let unclear: { readonly problem: string; readonly at: Traced } | undefined
  if (
    bound.unreadable !== undefined &&
    resource !== undefined &&
    isAbout(bound, request.resource, request.context) === truthUnknown
  ) {
    unclear = { problem: unreadableProblem(bound)!, at: resource }
  }
  for (const condition of bound.conditions) {
    const tested = condition.test(request.context)
    // A test that ran out of steps has no answer.
    const truth = isSpent() ? truthUnknown : tested
    const traced = conditionTrace(condition, truth !== truthNo, truth === truthUnknown, request)
    elements.push(traced)
    if (truth === truthNo) return failure(bound, elements, traced)
    if (truth === truthUnknown) unclear ??= { problem: traced.problem!, at: traced }
  }
  if (isSpent()) unclear ??= { problem: tooMuchWork, at: elements.at(-1)! }
  if (unclear === undefined) return { statement, matched: true, elements }
  const { problem, at } = unclear
  return statement.effect === 'Deny'
    ? { statement, matched: true, elements, problem }
    : { statement, matched: false, elements, failed: at, problem }
}

function failure(
  { statement, ...bound }: CompiledStatement,
  elements: readonly Traced[],
  failed: Traced,
): StatementTrace {
  const common = { statement, matched: false, elements, failed }
  return isUnsupported({ statement, ...bound })
    ? { ...common, problem: 'Allow with NotPrincipal is not supported' }
    : common
}

const actions = new WeakMap<Candidates, readonly ElementTrace[]>()

/** The index has matched the action; the value that matched is looked up once for each action. */
function actionTraces(candidates: Candidates, action: string): readonly ElementTrace[] {
  let traces = actions.get(candidates)
  if (traces === undefined) {
    const lowered = lowerAction(action)
    traces = candidates.all.map(({ statement }) => actionTrace(statement.action, lowered))
    if (!isSpent()) actions.set(candidates, traces)
  }
  return traces
}

function actionTrace(list: ListElement, lowered: string): ElementTrace {
  // No value of a NotAction matches.
  const by = list.values.find(({ value }) => compileAction(value)(lowered, emptyContext))
  return element(list, 'Action', true, by?.value)
}

function principalTrace(bound: Bound, request: Request, hasBoundary: boolean): ElementTrace | undefined {
  const { principal: test, statement } = bound
  if (test === undefined || statement.principal === undefined) return undefined
  const { principal } = request
  const matched =
    statement.effect === 'Deny'
      ? denyCovers(bound, principal, hasBoundary)
      : allowNaming(bound, principal) !== notNamed
  const by = test.entries.findIndex((entry) => naming({ ...test, entries: [entry] }, principal) !== notNamed)
  return element(
    { ...statement.principal, values: statement.principal.entries },
    'Principal',
    matched,
    statement.principal.entries[by]?.value,
  )
}

function resourceTrace(bound: Bound, { resource, context }: Request): ElementTrace | undefined {
  const list = bound.statement.resource
  if (list === undefined) return undefined
  // What has a Resource has its matchers.
  const by = bound.resources!.findIndex((matches) => matches(resource, context))
  const matched =
    by === -1 && (bound.unreadable !== undefined || isSpent()) ? true : (by !== -1) !== bound.notResource
  return element(list, 'Resource', matched, list.values[by]?.value)
}

function conditionTrace(
  condition: CompiledCondition,
  matched: boolean,
  unknown: boolean,
  { context }: Request,
): ConditionTrace {
  const { entry, key } = condition
  const seen = context.lookup(key)
  return {
    element: 'Condition',
    matched,
    operator: entry.operator,
    key: entry.key,
    wanted: wantedValues(condition, context),
    seen,
    ...(unknown ? { problem: problemIn(condition, context) } : {}),
    span: entry.span,
  }
}

function element(
  list: ListElement,
  name: 'Principal' | 'Action' | 'Resource',
  matched: boolean,
  by: string | undefined,
): ElementTrace {
  const negated = { Principal: 'NotPrincipal', Action: 'NotAction', Resource: 'NotResource' } as const
  return {
    element: list.negated ? negated[name] : name,
    matched,
    ...(by === undefined ? {} : { by }),
    span: list.span,
  }
}
