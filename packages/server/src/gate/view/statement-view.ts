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
import { type IsSecret, isFilledWithSecret } from './secret-keys.ts'

/** A question whose answer is shown, and what of it is not. */
export interface Shown {
  readonly request: Request
  readonly call: Call
  readonly isSecret: IsSecret
}

/** A layer as people and programs read it: each policy with its statements, and why they apply or do not. */
export function viewLayer(
  { layer, level, verdict, grantedTo, policies }: LayerTrace,
  shown: Shown,
): LayerView {
  return {
    layer,
    ...(level === undefined ? {} : { level }),
    verdict,
    ...(grantedTo === undefined ? {} : { grantedTo }),
    policies: policies.map((each) => viewPolicy(each, shown)),
  }
}

function viewPolicy({ policy, source, statements }: PolicyTrace, shown: Shown): PolicyView {
  return {
    policy: nameOf(source),
    title: policyTitle({ policy, source }, shown.request.resource),
    statements: statements.map((each) => viewStatement(each, policy, shown)),
  }
}

/** A policy's name for programs. */
export function nameOf(source: Source): string {
  return source.arn ?? source.name ?? source.type
}

function viewStatement(traced: StatementTrace, policy: Policy, shown: Shown): StatementView {
  const { statement, matched, elements, failed, problem } = traced
  const held = matched ? elements.filter((each) => 'operator' in each) : []
  const isNear = matched || (failed !== undefined && failed.element !== 'Action')
  const meant = isNear ? [] : meantBy(statement, shown.request.action)
  return {
    sid: statement.sid,
    index: statement.index,
    effect: statement.effect,
    line: statement.span.start.line,
    column: statement.span.start.column,
    matched,
    ...(held.length === 0 ? {} : { conditions: held.map((each) => viewCondition(each, statement, shown)) }),
    ...(matched ? byOf(elements) : {}),
    ...(failed === undefined ? {} : { failed: viewFailure(failed, statement, policy, shown) }),
    ...(problem === undefined ? {} : { problem }),
    ...(meant.length === 0 ? {} : { unknownActions: meant }),
    // the statement itself: in a document on one line a position leads nowhere
    ...(isNear || meant.length > 0 ? { document: documentOf(statement, policy, shown.call) } : {}),
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

function viewCondition(traced: ConditionTrace, statement: Statement, { isSecret }: Shown) {
  const { operator, key, seen, span } = traced
  const written = writtenIn(statement, traced)
  const isFilled = written.some((value) => isFilledWithSecret(value, isSecret))
  return {
    operator,
    key,
    wanted: isFilled ? written : traced.wanted,
    ...(isSecret(key) ? { seen: null, secret: true as const } : { seen: seen ?? null }),
    line: span.start.line,
    column: span.start.column,
  }
}

/** The values of a condition with their variables. */
function writtenIn({ condition }: Statement, { operator, key }: ConditionTrace): readonly string[] {
  const entry = condition.find((each) => each.operator === operator && each.key === key)
  return entry?.values.map(({ value }) => value) ?? []
}

function viewFailure(
  failed: ElementTrace | ConditionTrace,
  statement: Statement,
  policy: Policy,
  shown: Shown,
) {
  const { action, resource, principal } = statement
  if ('operator' in failed) {
    const view = viewCondition(failed, statement, shown)
    const written = writtenIn(statement, failed)
    const unset = unsetIn(written, policy, shown)
    const filled = written.some((value, i) => value !== view.wanted[i]) ? { filled: true } : {}
    const list = needsSetOperator(failed) ? { needsSetOperator: true } : {}
    return { element: failed.element, ...view, ...list, ...filled, ...unset }
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
    wanted: values.map(({ value }) => shownPrincipal(value, shown.call)),
    line: failed.span.start.line,
    column: failed.span.start.column,
    ...(failed.element === 'Resource'
      ? unsetIn(
          values.map(({ value }) => value),
          policy,
          shown,
        )
      : {}),
  }
}

/** Variables without a value: a pattern that uses one matches nothing. In an older document they are plain text. */
function unsetIn(values: readonly string[], { version }: Policy, { request, isSecret }: Shown) {
  const unset = [...new Set(values.flatMap((value) => unsetVariables(value, request.context)))]
  if (version !== '2012-10-17')
    return values.some((value) => value.includes('${')) ? { plainVariables: true } : {}
  const told = unset.filter((name) => !isSecret(name))
  return told.length === 0 ? {} : { unset: told }
}
