import {
  type Context,
  contextKeys,
  type Decision,
  type LayerName,
  type LayerTrace,
  type Policy,
  type Statement,
  type StatementTrace,
  type Trace,
} from '@omen-iam/policy'
import { actionInfo } from '../../../authorization/catalogue/index.ts'
import type { Iam } from '../../../model/index.ts'
import { matchedStatements, sourceTypes } from './statements.ts'

type Outcome = Decision['outcome']

/** The answer about one action on one resource. */
export interface Answer {
  readonly resource: string
  readonly trace: Trace
  readonly context: Context
}

/**
 * Returns an action's result: the decision on its one resource, or the strictest one of several (behaviours SIM-1 to
 * SIM-4).
 */
export function evaluationResult(action: string, answers: readonly Answer[]): Iam.EvaluationResult {
  const outcome = strictest(answers)
  const deciding = answers.filter(({ trace }) => trace.decision.outcome === outcome)
  const organizations = combined(answers, (trace) => allowedBy(trace, 'scp'))
  const boundary = combined(answers, (trace) => allowedBy(trace, 'boundary'))
  const details = mergedDetails(answers)
  const specific = answers.length > 1 || answers[0]?.resource !== '*'
  const ended = answers.every(({ trace }) => allowedBy(trace, 'scp') === false)
  return {
    EvalActionName: action,
    // ResourceSpecificResults names the resource (behaviour SIM-2)
    EvalResourceName: specific ? resourcePattern(action, answers[0]?.resource) : '*',
    EvalDecision: outcome,
    MatchedStatements: unique(deciding.flatMap(({ trace }) => matchedStatements(trace))),
    MissingContextValues: [...new Set(answers.flatMap(missingKeys))],
    ...(organizations === undefined
      ? {}
      : { OrganizationsDecisionDetail: { AllowedByOrganizations: organizations } }),
    ...(boundary === undefined
      ? {}
      : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: boundary } }),
    ...(details === undefined || !specific ? {} : { EvalDecisionDetails: details }),
    // an SCP that denies ends the simulation: no resource has a result of its own (behaviour SIM-4)
    ...(specific && !ended ? { ResourceSpecificResults: answers.map(resourceResult) } : {}),
  }
}

function resourceResult(answer: Answer): Iam.ResourceSpecificResult {
  const { resource, trace } = answer
  const boundary = allowedBy(trace, 'boundary')
  const details = trace.crossAccount ? detailsOf(trace) : undefined
  return {
    EvalResourceName: resource,
    EvalResourceDecision: trace.decision.outcome,
    MatchedStatements: matchedStatements(trace),
    MissingContextValues: missingKeys(answer),
    ...(details === undefined ? {} : { EvalDecisionDetails: details }),
    ...(boundary === undefined
      ? {}
      : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: boundary } }),
  }
}

const strictness: readonly Outcome[] = ['allowed', 'implicitDeny', 'explicitDeny']

function stricter(a: Outcome, b: Outcome): Outcome {
  return strictness.indexOf(a) >= strictness.indexOf(b) ? a : b
}

function strictest(answers: readonly Answer[]): Outcome {
  return answers.map(({ trace }) => trace.decision.outcome).reduce(stricter, 'allowed')
}

/** Returns the simulator's pattern of the ARNs of a simulated resource. */
function resourcePattern(action: string, resource: string | undefined): string {
  const patterns = (actionInfo(action)?.resources ?? []).flatMap(({ arns }) => arns)
  // for a resource that matches no pattern, the simplest one: a bucket's name is not an object's
  const [plainest] = patterns.toSorted((a, b) => a.length - b.length)
  const pattern = patterns.find((each) => hasForm(resource ?? '', each)) ?? plainest
  return pattern?.replace('${ObjectName}', '${KeyName}') ?? '*'
}

/**
 * Returns whether an ARN contains the fixed parts of a pattern such as `arn:${Partition}:s3:::${BucketName}`, in that
 * order.
 */
function hasForm(arn: string, pattern: string): boolean {
  let at = 0
  for (const fixed of pattern.split(/\$\{[^}]*\}/)) {
    const found = arn.indexOf(fixed, at)
    if (found < 0) return false
    at = found + fixed.length
  }
  return true
}

/** Returns whether all layers of that name allow; undefined if there are none, or they do not apply to the caller. */
function allowedBy({ layers }: Trace, name: LayerName): boolean | undefined {
  const binding = layers.filter(({ layer, verdict }) => layer === name && verdict !== 'notApplied')
  return binding.length === 0 ? undefined : binding.every(({ verdict }) => verdict === 'allow')
}

function combined(
  answers: readonly Answer[],
  of: (trace: Trace) => boolean | undefined,
): boolean | undefined {
  const found = answers.map(({ trace }) => of(trace)).filter((each) => each !== undefined)
  return found.length === 0 ? undefined : found.every(Boolean)
}

type Details = Readonly<Record<string, Outcome>>

/**
 * Returns the decision of each kind of policy by itself. AWS returns it across accounts only, and not if an SCP ended
 * the evaluation (behaviour SIM-4).
 */
function detailsOf(trace: Trace): Details | undefined {
  if (allowedBy(trace, 'scp') === false) return undefined
  const details: Record<string, Outcome> = {}
  for (const name of ['identity', 'resource', 'boundary'] as const) {
    const layer = trace.layers.find((each) => each.layer === name)
    if (layer === undefined && name === 'boundary') continue
    details[sourceTypes[name]] = layer === undefined ? 'implicitDeny' : outcomeOf(layer)
  }
  return details
}

function outcomeOf({ verdict }: LayerTrace): Outcome {
  return verdict === 'allow' ? 'allowed' : verdict === 'explicitDeny' ? 'explicitDeny' : 'implicitDeny'
}

/** Returns the strictest decision of each kind over several resources; empty within one account. */
function mergedDetails(answers: readonly Answer[]): Details | undefined {
  const merged: Record<string, Outcome> = {}
  for (const { trace } of answers) {
    if (allowedBy(trace, 'scp') === false) return undefined
    if (!trace.crossAccount) continue
    for (const [kind, outcome] of Object.entries(detailsOf(trace) ?? {})) {
      merged[kind] = stricter(outcome, merged[kind] ?? 'allowed')
    }
  }
  return merged
}

/**
 * Returns the keys that statements about this action and resource use and the request lacks, in conditions or as
 * variables; those of SCPs are not returned (behaviour SIM-10).
 */
function missingKeys({ trace, context }: Answer): readonly string[] {
  const missing = new Map<string, string>()
  for (const { layer, policies } of trace.layers) {
    if (layer === 'scp' || layer === 'rcp') continue
    for (const { policy, statements } of policies) {
      for (const { statement, failed } of statements) {
        for (const key of keysReached(policy, statement, failed?.element)) {
          const name = key.toLowerCase()
          if (context.lookup(name) === undefined && !missing.has(name)) missing.set(name, key)
        }
      }
    }
  }
  return [...missing.values()]
}

interface Wanted {
  readonly byResource: readonly string[]
  readonly byAll: readonly string[]
}

const wanted = new WeakMap<Statement, Wanted>()

/**
 * Returns the keys on which a statement depends, as far as it was evaluated: a resource with a variable may fail
 * because the key is absent.
 */
function keysReached(
  policy: Policy,
  statement: Statement,
  failed: StatementTrace['elements'][number]['element'] | undefined,
): readonly string[] {
  const byResource = failed === 'Resource' || failed === 'NotResource'
  if (!byResource && failed !== undefined && failed !== 'Condition') return []
  let keys = wanted.get(statement)
  if (keys === undefined) {
    const of = (part: Statement) => contextKeys([{ ...policy, statements: [part] }])
    keys = { byResource: of({ ...statement, condition: [] }), byAll: of(statement) }
    wanted.set(statement, keys)
  }
  return byResource ? keys.byResource : keys.byAll
}

function unique(statements: readonly Iam.Statement[]): readonly Iam.Statement[] {
  const seen = new Set<string>()
  return statements.filter((statement) => {
    const text = JSON.stringify(statement)
    return !seen.has(text) && seen.add(text)
  })
}
