import { Context } from '../evaluate/context.ts'
import type { Allowed, Decision } from '../evaluate/decision.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import type { Request } from '../evaluate/request.ts'
import { bindingLayers } from '../evaluate/unevaluable.ts'
import type { Answer } from './answer.ts'
import { sampleText } from './grammar.ts'
import { coverOf } from './keys.ts'
import type { Asked, KeyDomain, OpenRequest, Shape, WitnessOptions } from './question.ts'

/**
 * Searches for values of all that is open in the requests, so that `evaluate` allows each of them. A proven or
 * conditional answer carries requests that `evaluate` has allowed.
 */
export function findWitness(asked: readonly Asked[], _options: WitnessOptions = {}): Answer {
  const variables: Record<string, string> = {}
  const requests = asked.map(({ request }) => sampleRequest(request, variables))
  const decisions: Allowed[] = []
  for (const [place, { policies, request: question }] of asked.entries()) {
    const request = requests[place]
    if (request === undefined) continue
    const decision: Decision = evaluate(request, policies)
    const layers = bindingLayers(request, policies)
    const conditions = layers.flatMap((layer) =>
      layer.candidates(request.action).all.flatMap((bound) => bound.conditions),
    )
    const isLiteral = typeof question.resource === 'string'
    const isKnown = conditions.every(({ key }) => coverOf(question, key).type === 'known')
    if (decision.outcome === 'allowed' && isKnown) decisions.push(decision)
    else if (decision.outcome !== 'allowed' && isLiteral && isKnown) {
      return {
        verdict: 'blocked',
        asked: place,
        layer: decision.layer,
        level: decision.outcome === 'implicitDeny' ? decision.level : undefined,
        deny: decision.by[0],
        decision,
        request,
        isGranted: decision.outcome === 'explicitDeny' || decision.layer !== 'identity',
      }
    } else return { verdict: 'undecided', reason: 'budget', steps: 0 }
  }
  return { verdict: 'proven', requests, decisions, variables }
}

function sampleRequest(open: OpenRequest, variables: Record<string, string>): Request {
  const context = new Context({ ...open.context })
  for (const [key, domain] of Object.entries(open.chosen ?? {}))
    if (!domain.mayBeAbsent && !key.endsWith('*')) context.set(key, sampleValue(domain, variables))
  return {
    principal: open.principal,
    action: open.action,
    resource: typeof open.resource === 'string' ? open.resource : fillShape(open.resource, variables),
    ...(open.resourceAccount === undefined ? {} : { resourceAccount: open.resourceAccount }),
    context,
  }
}

function fillShape(shape: Shape, variables: Record<string, string>): string {
  return shape
    .map((part) => {
      if (typeof part === 'string') return part
      variables[part.variable] ??= sampleText(part.grammar)
      return variables[part.variable]
    })
    .join('')
}

function sampleValue(domain: KeyDomain, variables: Record<string, string>): string {
  if (domain.values !== undefined) return domain.values[0] ?? ''
  if (domain.range !== undefined) return String(domain.range.least)
  return domain.shape === undefined ? 'example' : fillShape(domain.shape, variables)
}
