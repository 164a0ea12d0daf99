import {
  type Allowed,
  type Answer,
  type Asked,
  type CompiledSet,
  Context,
  evaluate,
  findWitness,
  type KeyDomain,
  type OpenRequest,
  type Request,
  type Shape,
} from '@omen-iam/policy'

/**
 * The answer of `findWitness`. Most questions need no search: if the first names that come to mind are allowed, and no
 * statement about the action has a condition on a key that is open, the answer is proven.
 */
export function answerTo(asked: readonly Asked[]): Answer {
  return tryFirst(asked) ?? findWitness(asked)
}

/** A name that every grammar of this room allows. */
const name = 'omen'

function tryFirst(asked: readonly Asked[]): Answer | undefined {
  const variables: Record<string, string> = {}
  const requests: Request[] = []
  const decisions: Allowed[] = []
  for (const { request: open, policies } of asked) {
    if (dependsOnOpenKeys(open, policies)) return undefined
    const request = requestOf(open, variables)
    const decision = evaluate(request, policies)
    if (decision.outcome !== 'allowed') return undefined
    requests.push(request)
    decisions.push(decision)
  }
  return { verdict: 'proven', requests, decisions, variables }
}

function dependsOnOpenKeys(request: OpenRequest, policies: CompiledSet): boolean {
  const { identity, boundary, session, resource, endpoint, scp = [], rcp = [] } = policies
  for (const layer of [identity, boundary, session, resource, endpoint, ...scp, ...rcp]) {
    if (layer === undefined) continue
    for (const { conditions, statement } of layer.candidates(request.action).all) {
      for (const { key, variables } of conditions) if (variables || isOpen(key, request)) return true
      if (statement.resource?.values.some(({ value }) => value.includes('${')) === true) return true
    }
  }
  return false
}

function isOpen(key: string, { context, open = {}, chosen = {}, absent = [] }: OpenRequest): boolean {
  for (const known of Object.keys(context)) if (known.toLowerCase() === key) return false
  const covers = (names: readonly string[]): boolean =>
    names.some((each) => {
      const lowered = each.toLowerCase()
      return lowered.endsWith('*') ? key.startsWith(lowered.slice(0, -1)) : lowered === key
    })
  if (covers(Object.keys(open))) return true
  return !covers(Object.keys(chosen)) && !covers(absent)
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
