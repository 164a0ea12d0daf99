import {
  type Allowed,
  type Answer,
  type Asked,
  type CompiledSet,
  Context,
  type Determining,
  evaluate,
  findWitness,
  type KeyDomain,
  type OpenRequest,
  type Request,
  type Shape,
} from '@omen-iam/policy'
import { layersOf } from './statements.ts'

/**
 * The answer of `findWitness`. Most questions need no search. If a request has nothing open and is refused, the answer is
 * blocked; if the first names that come to mind are allowed, and no statement about the actions has a condition on an
 * open key, it is proven.
 */
export function answerTo(asked: readonly Asked[]): Answer {
  return refusal(asked) ?? tryFirst(asked) ?? findWitness(asked)
}

/** The first request that is refused whatever its open parts hold. */
export function refusal(asked: readonly Asked[]): Answer | undefined {
  for (const [place, { request: open, policies }] of asked.entries()) {
    const isLiteral = typeof open.resource === 'string' && !dependsOn(open, policies, isUndecided)
    if (!isLiteral && !mayBeDenied(open, policies)) continue
    const request = requestOf(open, {})
    const decision = evaluate(request, policies)
    if (decision.outcome === 'allowed') continue
    if (!isLiteral && !(decision.outcome === 'explicitDeny' && isOfEverything(decision.by[0], open))) continue
    const { layer } = decision
    const isGranted = decision.outcome === 'explicitDeny' || (layer !== 'identity' && layer !== 'resource')
    return {
      verdict: 'blocked',
      asked: place,
      layer,
      level: decision.outcome === 'implicitDeny' ? decision.level : undefined,
      deny: decision.by[0],
      decision,
      request,
      isGranted: isGranted || open.principal.type === 'service',
    }
  }
  return undefined
}

/** Whether a Deny about the action is about every resource. */
function mayBeDenied({ action }: OpenRequest, policies: CompiledSet): boolean {
  return layersOf(policies).some((layer) =>
    layer.candidates(action).deny.all.some(({ statement }) => isEverything(statement)),
  )
}

function isEverything({ resource }: Determining['statement']): boolean {
  return resource === undefined || (!resource.negated && resource.values.some(({ value }) => value === '*'))
}

/** Whether a statement applies to every resource, and none of its conditions is about an open key. */
function isOfEverything(by: Determining | undefined, request: OpenRequest): boolean {
  if (by === undefined || by.statement.principal !== undefined || !isEverything(by.statement)) return false
  return by.statement.condition.every(
    ({ key, values }) =>
      !isUndecided(key.toLowerCase(), request) && !values.some(({ value }) => value.includes('${')),
  )
}

/** A name that every grammar of this room allows. */
const name = 'omen'

function tryFirst(asked: readonly Asked[]): Answer | undefined {
  const variables: Record<string, string> = {}
  const requests: Request[] = []
  const decisions: Allowed[] = []
  for (const { request: open, policies } of asked) {
    if (dependsOn(open, policies, isOpen)) return undefined
    const request = requestOf(open, variables)
    const decision = evaluate(request, policies)
    if (decision.outcome !== 'allowed') return undefined
    requests.push(request)
    decisions.push(decision)
  }
  return { verdict: 'proven', requests, decisions, variables }
}

/** Whether a statement about the action has a condition on such a key, or a variable. */
function dependsOn(
  request: OpenRequest,
  policies: CompiledSet,
  test: (key: string, request: OpenRequest) => boolean,
): boolean {
  for (const layer of layersOf(policies)) {
    for (const { conditions, statement } of layer.candidates(request.action).all) {
      for (const { key, variables } of conditions) if (variables || test(key, request)) return true
      if (statement.resource?.values.some(({ value }) => value.includes('${')) === true) return true
    }
  }
  return false
}

/** Whether a key is neither known nor absent. */
function isUndecided(key: string, request: OpenRequest): boolean {
  return isOpen(key, request) || covers(Object.keys(request.chosen ?? {}), key)
}

function covers(names: readonly string[], key: string): boolean {
  return names.some((each) => {
    const lowered = each.toLowerCase()
    return lowered.endsWith('*') ? key.startsWith(lowered.slice(0, -1)) : lowered === key
  })
}

function isOpen(key: string, { context, open = {}, chosen = {}, absent = [] }: OpenRequest): boolean {
  for (const known of Object.keys(context)) if (known.toLowerCase() === key) return false
  if (covers(Object.keys(open), key)) return true
  return !covers(Object.keys(chosen), key) && !covers(absent, key)
}

function requestOf(open: OpenRequest, variables: Record<string, string>): Request {
  const context = new Context({ ...open.context })
  for (const [key, domain] of Object.entries(open.chosen ?? {}))
    if (!domain.mayBeAbsent && !key.endsWith('*')) context.set(key, sampleOf(domain, variables))
  return {
    principal: open.principal,
    action: open.action,
    resource: textOf(open.resource, variables),
    ...(open.resourceAccount === undefined ? {} : { resourceAccount: open.resourceAccount }),
    context,
  }
}

function sampleOf({ values, shape, range, isMultivalued }: KeyDomain, variables: Record<string, string>) {
  const value =
    values?.[0] ??
    (shape === undefined ? undefined : textOf(shape, variables)) ??
    range?.least.toString() ??
    name
  return isMultivalued === true ? [value] : value
}

function textOf(shape: string | Shape, variables: Record<string, string>): string {
  if (typeof shape === 'string') return shape
  return shape
    .map((part) => {
      if (typeof part === 'string') return part
      const { grammar } = part
      variables[part.variable] ??= 'values' in grammar ? (grammar.values[0] ?? '') : name
      return variables[part.variable] ?? ''
    })
    .join('')
}
