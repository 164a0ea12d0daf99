import type { LayerName, LayerTrace, Trace } from '@omen-iam/policy'
import type { Iam } from '../../../model/index.ts'
import { type Match, matches, type Shown, sourceTypes, statementOut, united } from './statements.ts'
import { resourceTemplate } from './templates.ts'

type Outcome = Trace['decision']['outcome']

/** The answer about one action on one resource. */
export interface Answer {
  readonly resource: string
  readonly outcome: Outcome
  readonly trace: Trace
  /** Whether the resource belongs to another account than the caller. Partitions do not count (behaviour SIM-53). */
  readonly crossAccount: boolean
}

/** The common part of the answers about all actions. */
export interface Frame {
  /** The keys that the policies use and the request does not give. */
  readonly missing: readonly string[]
  /** Whether the account belongs to an organization whose SCPs are asked. */
  readonly inOrganization: boolean
}

/**
 * Returns an action's result: the decision on its one resource, or the strictest one of several (behaviours SIM-1 to
 * SIM-4).
 */
export function evaluationResult(
  action: string,
  answers: readonly Answer[],
  { missing, inOrganization }: Frame,
): Iam.EvaluationResult {
  const outcome = answers.map((answer) => answer.outcome).reduce(stricter, 'allowed')
  const statementsOfAnswers = answers.map((answer) => matches(answer.outcome, answer.trace))
  const organizations = combined(answers, (trace) => allowedBy(trace, 'scp')) ?? (inOrganization || undefined)
  const [first] = answers
  const isNamed = answers.length > 1 || first?.resource !== '*'
  const resources = answers.map(({ resource }) => resource)
  const isMissing = answers.some((answer) => answer.outcome === 'implicitDeny')
  return {
    EvalActionName: action,
    EvalResourceName: resources.length > 1 ? resourceTemplate(action, resources) : (resources[0] ?? '*'),
    EvalDecision: outcome,
    MatchedStatements: united(statementsOfAnswers).map(statementOut),
    MissingContextValues: isMissing ? missing : [],
    ...(organizations !== undefined && {
      OrganizationsDecisionDetail: { AllowedByOrganizations: organizations },
    }),
    ...boundaryDetail(combined(answers, (trace) => allowedBy(trace, 'boundary'))),
    ...(isNamed && {
      EvalDecisionDetails: mergedDetails(answers),
      ResourceSpecificResults: answers.map((answer, index) =>
        resourceResult(answer, statementsOfAnswers[index]!, missing),
      ),
    }),
  }
}

/** The result of one resource: what is empty is left out (behaviour SIM-50). */
function resourceResult(
  { resource, outcome, trace, crossAccount }: Answer,
  found: readonly Match[],
  missing: readonly string[],
): Iam.ResourceSpecificResult {
  return {
    EvalResourceName: resource,
    EvalResourceDecision: outcome,
    ...(found.length > 0 && { MatchedStatements: found.map(statementOut) }),
    ...(outcome === 'implicitDeny' && missing.length > 0 && { MissingContextValues: missing }),
    ...(crossAccount && { EvalDecisionDetails: detailsOf(trace) }),
    ...boundaryDetail(allowedBy(trace, 'boundary')),
  }
}

function boundaryDetail(allowed: boolean | undefined) {
  return allowed === undefined
    ? {}
    : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allowed } }
}

const strictness: readonly Outcome[] = ['allowed', 'implicitDeny', 'explicitDeny']

function stricter(a: Outcome, b: Outcome): Outcome {
  return strictness.indexOf(a) >= strictness.indexOf(b) ? a : b
}

/** Returns whether all layers of that name allow; undefined if there are none, or they do not apply to the caller. */
export function allowedBy({ layers }: Trace, name: LayerName): boolean | undefined {
  const binding = layers.filter(({ layer, verdict }) => layer === name && verdict !== 'notApplied')
  return binding.length === 0 ? undefined : binding.every(({ verdict }) => verdict === 'allow')
}

function combined(
  answers: readonly Answer[],
  of: (trace: Trace) => boolean | undefined,
): boolean | undefined {
  const values = answers.map(({ trace }) => of(trace)).filter((each) => each !== undefined)
  return values.length === 0 ? undefined : values.every(Boolean)
}

type Details = Readonly<Record<string, Outcome>>

/** Returns the decision of each kind of policy by itself, which AWS returns across accounts only (behaviour SIM-4). */
function detailsOf({ layers }: Trace): Details {
  const details: Record<string, Outcome> = {}
  for (const name of ['boundary', 'resource', 'identity'] satisfies Shown[]) {
    const layer = layers.find((each) => each.layer === name)
    if (layer === undefined && name === 'boundary') continue
    details[sourceTypes[name]] = layer === undefined ? 'implicitDeny' : outcomeOf(layer)
  }
  return details
}

function outcomeOf({ verdict }: LayerTrace): Outcome {
  return verdict === 'allow' ? 'allowed' : verdict === 'explicitDeny' ? 'explicitDeny' : 'implicitDeny'
}

/** Returns the strictest decision of each kind over several resources; empty within one account. */
function mergedDetails(answers: readonly Answer[]): Details {
  const merged: Record<string, Outcome> = {}
  for (const { trace, crossAccount } of answers) {
    if (!crossAccount) continue
    for (const [kind, outcome] of Object.entries(detailsOf(trace))) {
      merged[kind] = stricter(outcome, merged[kind] ?? 'allowed')
    }
  }
  return merged
}
