import { parseOperator } from '../condition/operators.ts'
import type { Policy, Statement } from '../document/policy.ts'
import type { ConditionTrace, ElementTrace, LayerTrace, StatementTrace, Trace } from '../evaluate/story.ts'
import { isWild } from '../match/action.ts'
import { completedArn, splitFields } from '../match/resource.ts'
import type { LayerName } from '../request/decision.ts'
import type { Request } from '../request/request.ts'

/** An element of a statement that decided, and what it was compared with. */
interface Read {
  readonly element: ElementTrace | ConditionTrace
  readonly statement: Statement
  readonly policy: Policy
  readonly layer: LayerName
  readonly request: Request
  /** The element could not be evaluated. */
  readonly isOpen: boolean
}

/** A sentence of docs/behaviour whose standing is assumed, in whole or in the part that the row is about. */
interface Assumption {
  readonly behaviour: string
  /** Whether the element is read by it. */
  readonly reads: (read: Read) => boolean
}

/** One row an assumption; test/house/standing.test.ts compares each with docs/behaviour. */
export const assumptions: readonly Assumption[] = [
  {
    behaviour: 'POL-121',
    reads: ({ element, isOpen }) =>
      isOpen && 'operator' in element && !isSetIfExists(element) && !isOfArns(element),
  },
  { behaviour: 'POL-126', reads: ({ layer, request }) => layer === 'session' && isRoot(request) },
  {
    behaviour: 'POL-127',
    reads: ({ element, request }) => element.element === 'Principal' && byStar(element) && isOutside(request),
  },
  {
    behaviour: 'POL-128',
    reads: ({ element, statement }) => isNotPrincipal(element) && statement.effect === 'Allow',
  },
  {
    behaviour: 'POL-129',
    reads: ({ element, statement }) => isNotPrincipal(element) && statement.effect === 'Deny',
  },
  {
    behaviour: 'POL-180',
    reads: ({ element, isOpen }) => isOpen && isOfArns(element) && element.wanted.some(isShortPattern),
  },
  { behaviour: 'POL-182', reads: ({ element, isOpen }) => isOpen && isResource(element) },
  { behaviour: 'POL-183', reads: ({ element }) => isSetIfExists(element) },
  { behaviour: 'POL-184', reads: (read) => resourcesOf(read).some(hasEarlyVariable) },
  {
    behaviour: 'POL-185',
    reads: (read) => resourcesOf(read).some((value) => completedArn(value, true, true) !== value),
  },
]

/**
 * The ids of the sentences in docs/behaviour that a decision rests on and that nobody knows of AWS: those that read the
 * statements that decided, the Denies that did not apply to what is allowed, and the Allows that failed at them.
 */
export function assumedIn({ decision, layers, request }: Trace): readonly string[] {
  const found = new Set<string>()
  for (const layer of layers.filter(({ verdict }) => verdict !== 'notApplied'))
    for (const { policy, statements } of layer.policies)
      for (const traced of statements)
        for (const element of deciding(traced, layer, decision.outcome)) {
          const read: Read = {
            element,
            statement: traced.statement,
            policy,
            layer: layer.layer,
            request,
            isOpen: isOpen(element, traced),
          }
          for (const { behaviour, reads } of assumptions) if (reads(read)) found.add(behaviour)
        }
  return [...found].sort()
}

/** The elements of a statement on which the outcome depends. */
function deciding(
  { statement, matched, elements, failed }: StatementTrace,
  { verdict }: LayerTrace,
  outcome: Trace['decision']['outcome'],
): readonly (ElementTrace | ConditionTrace)[] {
  if (matched) {
    const isDeny = statement.effect === 'Deny'
    return isDeny === (outcome === 'explicitDeny') && isDeny === (verdict === 'explicitDeny') ? elements : []
  }
  const mattered =
    statement.effect === 'Deny' ? outcome === 'allowed' : verdict === 'noAllow' && outcome !== 'explicitDeny'
  return failed !== undefined && mattered ? [failed] : []
}

/** Whether an element could not be evaluated: of others than conditions the statement has the problem. */
function isOpen(element: ElementTrace | ConditionTrace, { elements, problem }: StatementTrace): boolean {
  if ('operator' in element) return element.problem !== undefined
  return problem !== undefined && !elements.some((each) => 'operator' in each && each.problem !== undefined)
}

function isSetIfExists(element: ElementTrace | ConditionTrace): boolean {
  if (!('operator' in element)) return false
  const { set, ifExists } = parseOperator(element.operator)
  const isAbsent =
    element.seen === undefined ||
    (typeof element.seen !== 'string' && element.seen.every((value) => value === ''))
  return set === 'ForAnyValue' && ifExists && isAbsent
}

/** A value that is no ARN fails these conditions, as is recorded; of a pattern that is too short nobody knows. */
function isOfArns(element: ElementTrace | ConditionTrace): element is ConditionTrace {
  return 'operator' in element && parseOperator(element.operator).operator?.type === 'Arn'
}

function isShortPattern(value: string): boolean {
  return isWild(value) && splitFields(value).length < 6
}

function isNotPrincipal({ element }: ElementTrace | ConditionTrace): boolean {
  return element === 'NotPrincipal'
}

function byStar(element: ElementTrace | ConditionTrace): boolean {
  return 'by' in element && element.by === '*'
}

/** Callers that are no principal of an account. */
function isOutside({ principal }: Request): boolean {
  return principal.type === 'service' || principal.type === 'webIdentity' || principal.type === 'saml'
}

function isRoot({ principal }: Request): boolean {
  return principal.type === 'root'
}

function isResource({ element }: ElementTrace | ConditionTrace): boolean {
  return element === 'Resource' || element === 'NotResource'
}

/** The values of a Resource or NotResource: the one that fits, or all of them if none does. */
function resourcesOf({ element, statement }: Read): readonly string[] {
  if (!isResource(element)) return []
  return 'by' in element && element.by !== undefined
    ? [element.by]
    : (statement.resource?.values ?? []).map(({ value }) => value)
}

/** A variable in the region or the account of an ARN. */
function hasEarlyVariable(value: string): boolean {
  const [, , , region = '', account = ''] = splitFields(value)
  return `${region}${account}`.includes('${')
}
