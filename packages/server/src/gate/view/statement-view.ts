import {
  type ConditionTrace,
  type ElementTrace,
  type LayerTrace,
  needsSetOperator,
  type Policy,
  type PolicyTrace,
  type Request,
  type Source,
  type Statement,
  type StatementTrace,
  unsetVariables,
} from '@omen-iam/policy'
import { type Call, meantAction, shownPrincipal } from '../../authorization/index.ts'
import type { LayerView, PolicyView, StatementView } from '../../views/index.ts'
import { policyTitle } from './policy-title.ts'

/** A layer as people and programs read it: each policy with its statements, and why they apply or do not. */
export function viewLayer(
  { layer, level, verdict, grantedTo, policies }: LayerTrace,
  request: Request,
  call: Call,
): LayerView {
  return {
    layer,
    ...(level === undefined ? {} : { level }),
    verdict,
    ...(grantedTo === undefined ? {} : { grantedTo }),
    policies: policies.map((each) => viewPolicy(each, request, call)),
  }
}

function viewPolicy({ policy, source, statements }: PolicyTrace, request: Request, call: Call): PolicyView {
  return {
    policy: nameOf(source),
    title: policyTitle({ policy, source }, request.resource),
    statements: statements.map((each) => viewStatement(each, policy, request, call)),
  }
}

/** A policy's name for programs. */
export function nameOf(source: Source): string {
  return source.arn ?? source.name ?? source.type
}

function viewStatement(traced: StatementTrace, policy: Policy, request: Request, call: Call): StatementView {
  const { statement, matched, elements, failed, problem } = traced
  const held = matched ? elements.filter((each) => 'operator' in each) : []
  const isNear = matched || (failed !== undefined && failed.element !== 'Action')
  const meant = isNear ? [] : meantBy(statement, request.action)
  return {
    sid: statement.sid,
    index: statement.index,
    effect: statement.effect,
    line: statement.span.start.line,
    column: statement.span.start.column,
    matched,
    ...(held.length === 0 ? {} : { conditions: held.map(viewCondition) }),
    ...(matched ? byOf(elements) : {}),
    ...(failed === undefined ? {} : { failed: viewFailure(failed, statement, policy, request, call) }),
    ...(problem === undefined ? {} : { problem }),
    ...(meant.length === 0 ? {} : { unknownActions: meant }),
    // the statement itself: in a document on one line a position leads nowhere
    ...(isNear || meant.length > 0 ? { document: documentOf(statement, policy, call) } : {}),
  }
}

function documentOf({ span }: Statement, { text }: Policy, call: Call): unknown {
  const known = (_: string, value: unknown) =>
    typeof value === 'string' ? shownPrincipal(value, call) : value
  return JSON.parse(text.slice(span.start.offset, span.end.offset), known) // it has been read as a statement
}

/** The values by which a statement applies. */
function byOf(elements: readonly (ElementTrace | ConditionTrace)[]) {
  const by = Object.fromEntries(
    elements.flatMap((each) =>
      'operator' in each || each.by === undefined ? [] : [[each.element, each.by]],
    ),
  )
  return Object.keys(by).length === 0 ? {} : { by }
}

/** Actions that a statement names and AWS does not have, of which one was likely meant to be the request's. */
function meantBy({ effect, action }: Statement, asked: string) {
  if (effect !== 'Allow' || action.negated) return []
  return action.values
    .filter(
      ({ value }) => isNearly(value, asked) && meantAction(value)?.toLowerCase() === asked.toLowerCase(),
    )
    .map(({ value }) => value)
}

/** Of the same service and about as long: others cannot be meant, and are not looked up. */
function isNearly(value: string, asked: string): boolean {
  const [service] = value.split(':', 1)
  return (
    Math.abs(value.length - asked.length) <= 4 &&
    service?.toLowerCase() === asked.split(':', 1)[0]?.toLowerCase()
  )
}

function viewCondition({ operator, key, wanted, seen, span: { start } }: ConditionTrace) {
  return { operator, key, wanted, seen: seen ?? null, line: start.line, column: start.column }
}

function viewFailure(
  failed: ElementTrace | ConditionTrace,
  statement: Statement,
  policy: Policy,
  request: Request,
  call: Call,
) {
  const { action, resource, principal, condition } = statement
  if ('operator' in failed) {
    const entry = condition.find(({ operator, key }) => operator === failed.operator && key === failed.key)
    const unset = unsetIn(entry?.values ?? [], policy, request)
    const filled = entry?.values.some(({ value }, i) => value !== failed.wanted[i]) ? { filled: true } : {}
    const list = needsSetOperator(failed) ? { needsSetOperator: true } : {}
    return { element: failed.element, ...viewCondition(failed), ...list, ...filled, ...unset }
  }
  const lists = {
    Action: action.values,
    NotAction: action.values,
    Resource: resource?.values,
    NotResource: resource?.values,
    Principal: principal?.entries,
    NotPrincipal: principal?.entries,
    Condition: [],
  }
  const values = lists[failed.element] ?? []
  return {
    element: failed.element,
    wanted: values.map(({ value }) => shownPrincipal(value, call)),
    line: failed.span.start.line,
    column: failed.span.start.column,
    ...(failed.element === 'Resource' ? unsetIn(values, policy, request) : {}),
  }
}

/** Variables without a value: a pattern that uses one matches nothing. In an older document they are plain text. */
function unsetIn(values: readonly { readonly value: string }[], { version }: Policy, { context }: Request) {
  const unset = [...new Set(values.flatMap(({ value }) => unsetVariables(value, context)))]
  if (version !== '2012-10-17')
    return values.some(({ value }) => value.includes('${')) ? { plainVariables: true } : {}
  return unset.length === 0 ? {} : { unset }
}
