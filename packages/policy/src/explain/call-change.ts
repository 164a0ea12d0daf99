import type { CompiledSet } from '../compile/compile.ts'
import type { ConditionTrace, StatementTrace, Trace } from '../evaluate/story.ts'
import { trace } from '../evaluate/trace.ts'
import { Context, type ContextValue } from '../request/context.ts'
import type { Request } from '../request/request.ts'
import { type CallPart, callPartOf, isAddable } from './call-key.ts'
import { hasVariable } from './pattern.ts'
import { isAllowed, isProgress } from './suggest.ts'
import { tried } from './tried.ts'

/** One change to a call. */
export interface KeyChange {
  readonly part: CallPart
  readonly key: string
  /** The value that the engine confirmed; undefined: the call must not have the key. */
  readonly value: ContextValue | undefined
  /** The policy's values, and the operator that compares the key with them. */
  readonly operator: string
  readonly wanted: readonly string[]
  /** The value of the call; undefined if the key is absent. */
  readonly seen: ContextValue | undefined
}

/** Changes of one call that together make the engine allow it. */
export type CallChange = readonly KeyChange[]

/** Maximum statements to try as the one that should allow. */
const maxTargets = 12
/** Keys that one change sets, one at a time. */
const maxSteps = 6
/** Whether a caller can omit the key; other keys are always present. */
const leavable: ReadonlySet<CallPart> = new Set([
  'tag',
  'tagKeys',
  'externalId',
  'sourceIdentity',
  'parameter',
])
/** Maximum changes to return. */
const maxChanges = 3

/**
 * How a denied request would have to differ so that the same policies allow it: MFA, a tag, an external id, another
 * region, a newer session. Only keys that callers control are changed. Empty if no such change helps.
 */
export function changeCall(request: Request, compiled: CompiledSet): readonly CallChange[] {
  if (request.principal.type === 'service') return []
  const decisionTrace = trace(request, compiled)
  const found = new Map<string, CallChange>()
  for (const target of targetsOf(decisionTrace)) {
    const change = aimed(request, compiled, target)
    if (change === undefined || change.length === 0) continue
    const name = change
      .map(({ key }) => key.toLowerCase())
      .sort()
      .join()
    if (!found.has(name)) found.set(name, change)
    if (found.size === maxChanges) break
  }
  return [...found.values()].sort((a, b) => a.length - b.length)
}

type Target = StatementTrace['statement'] | undefined

/** Which Allow could come to apply. A Deny is its own target, and what is allowed needs none. */
function targetsOf({ decision, layers }: Trace): readonly Target[] {
  if (decision.outcome !== 'implicitDeny') return [undefined]
  return layers
    .filter(({ layer, level }) => layer === decision.layer && level === decision.level)
    .flatMap(({ policies }) => policies.flatMap(({ statements }) => statements))
    .filter(({ statement, failed }) => statement.effect === 'Allow' && failed?.element === 'Condition')
    .slice(0, maxTargets)
    .map(({ statement }) => statement)
}

function aimed(request: Request, compiled: CompiledSet, target: Target): CallChange | undefined {
  let changed = request
  const made = new Map<string, KeyChange>()
  for (let steps = 0; ; steps++) {
    const decisionTrace = trace(changed, compiled)
    if (isAllowed(decisionTrace.decision)) return [...made.values()]
    if (steps === maxSteps) return undefined
    const next = step(changed, compiled, decisionTrace, target)
    if (next === undefined) return undefined
    changed = next.request
    // Another condition may want another value of the same key: the last one counts.
    const name = next.change.key.toLowerCase()
    made.set(name, { ...next.change, seen: (made.get(name) ?? next.change).seen })
  }
}

interface Step {
  readonly request: Request
  readonly change: KeyChange
}

function step(
  request: Request,
  compiled: CompiledSet,
  decisionTrace: Trace,
  target: Target,
): Step | undefined {
  for (const condition of decidingConditions(decisionTrace, target)) {
    const part = callPartOf(condition.key)
    if (part === undefined || (condition.seen === undefined && !isAddable(part, condition.key))) continue
    if (!isOpen(part, request) || condition.wanted.some(hasVariable)) continue
    let nearer: Step | undefined
    for (const value of tried(condition, request.context)) {
      const { key, operator, wanted, seen } = condition
      if (value === undefined && (seen === undefined || !leavable.has(part))) continue
      const change: KeyChange = { part, key, operator, wanted, seen, value }
      const changed = withKey(request, change)
      const after = trace(changed, compiled)
      if (isAllowed(after.decision) || isProgress(decisionTrace.decision, after.decision))
        return { request: changed, change }
      // A value that only another condition refuses, unless a later one fits all of them.
      if (nearer === undefined && isNearer(decisionTrace, after, target, condition))
        nearer = { request: changed, change }
    }
    if (nearer !== undefined) return nearer
  }
  return undefined
}

/** The conditions that keep the target from applying, or that make the first Deny apply. */
function decidingConditions({ decision, layers }: Trace, target: Target): readonly ConditionTrace[] {
  const statements = layers.flatMap(({ policies }) => policies.flatMap((policy) => policy.statements))
  if (decision.outcome === 'explicitDeny') {
    const [by] = decision.by
    const denying = statements.find(({ statement, matched }) => matched && statement === by?.statement)
    return (denying?.elements ?? []).filter((each) => 'operator' in each)
  }
  const failed = statements.find(({ statement }) => statement === target)?.failed
  return failed !== undefined && 'operator' in failed ? [failed] : []
}

/** Whether the target fails for another condition than before, where neither decision is progress on the other. */
function isNearer(before: Trace, after: Trace, target: Target, { operator, key }: ConditionTrace): boolean {
  if (before.decision.outcome !== 'implicitDeny') return false
  const [again] = decidingConditions(after, target)
  return again === undefined || again.operator !== operator || again.key !== key
}

/** A resource in one region cannot be called in another. */
function isOpen(part: CallPart, { resource }: Request): boolean {
  return part !== 'region' || resource.endsWith('*') || regionOf(resource) === ''
}

function regionOf(resource: string): string {
  return resource.split(':')[3] ?? ''
}

/** The request of the changed call. */
export function withChange(request: Request, change: CallChange): Request {
  return change.reduce(withKey, request)
}

/** The request with one key and its dependent keys changed. */
function withKey(request: Request, { part, key, value }: KeyChange): Request {
  // Some requests of a call have such a key, and others never do.
  if (request.context.get(key) === undefined && !isAddable(part, key)) return request
  const context = new Context()
  for (const [name, each] of request.context.entries()) context.set(name, each)
  context.set(key, value)
  if (part === 'mfa') {
    // A new MFA code is zero seconds old.
    const age = context.get('aws:MultiFactorAuthAge')
    context.set('aws:MultiFactorAuthPresent', 'true')
    context.set('aws:MultiFactorAuthAge', typeof age === 'string' ? age : '0')
  }
  if (part === 'tag') {
    const tag = key.slice(key.indexOf('/') + 1)
    const keys = [context.get('aws:TagKeys') ?? []].flat().filter((each) => each !== tag)
    context.set('aws:TagKeys', value === undefined ? keys : [...keys, tag])
  }
  // A region is never left out.
  if (part !== 'region' || typeof value !== 'string') return { ...request, context }
  const pieces = request.resource.split(':')
  if (pieces[3]) pieces[3] = value
  return { ...request, resource: pieces.join(':'), context }
}
