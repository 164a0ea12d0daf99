import type { Bound } from '../compile/bound.ts'
import type { CompiledSet } from '../compile/compile.ts'
import type { Layer } from '../compile/layer.ts'
import { applies } from '../compile/statement.ts'
import { problemIn, tooMuchWork, unknownKeyOf } from '../condition/condition.ts'
import { truthUnknown } from '../condition/truth.ts'
import { isSpent } from '../match/meter.ts'
import { notNamed } from '../match/principal.ts'
import type { Unevaluable } from '../request/decision.ts'
import type { Request } from '../request/request.ts'
import { applicableLayers } from './binds.ts'
import { allowNaming, denyCovers, isUnsupported } from './covers.ts'

/** The statements about this request that cannot be evaluated, each with its problem. */
export function unevaluableOf(request: Request, compiled: CompiledSet): readonly Unevaluable[] {
  const found: Unevaluable[] = []
  for (const layer of bindingLayers(request, compiled)) {
    for (const bound of layer.candidates(request.action).all) {
      const problem = problemFor(bound, request, compiled.boundary !== undefined)
      if (problem === undefined) continue
      const unknownKey = unknownKeyIn(bound, request)
      found.push({ ...bound.by[0], problem, ...(unknownKey !== undefined && { unknownKey }) })
    }
  }
  return found
}

/** The layers that apply to this principal, in the order in which denials are reported. */
export function bindingLayers(request: Request, compiled: CompiledSet): readonly Layer[] {
  const binds = applicableLayers(request.principal)
  const layers = [
    ...((binds.rcp && compiled.rcp) || []),
    ...((binds.scp && compiled.scp) || []),
    binds.endpoint && compiled.endpoint,
    binds.identity && compiled.identity,
    compiled.resource,
    binds.identity && compiled.boundary,
    binds.session && compiled.session,
  ]
  return layers.filter((layer) => typeof layer === 'object')
}

function problemFor(bound: Bound, request: Request, hasBoundary: boolean): string | undefined {
  if (isUnsupported(bound)) return 'Allow with NotPrincipal is not supported'
  const { principal, resource, context } = request
  const covers =
    bound.statement.effect === 'Deny'
      ? denyCovers(bound, principal, hasBoundary)
      : allowNaming(bound, principal) !== notNamed
  if (!covers || applies(bound, resource, context) !== truthUnknown) return undefined
  if (isSpent()) return tooMuchWork
  const condition = bound.conditions.find(({ test }) => test(context) === truthUnknown)
  return condition === undefined ? unreadableProblem(bound) : problemIn(condition, context)
}

/** The unknown key for which a statement asks: in a condition, or as a variable in its Resource. */
function unknownKeyIn({ conditions, resources }: Bound, { context }: Request): string | undefined {
  if (!context.hasUnknown) return undefined
  for (const condition of conditions) {
    const key = unknownKeyOf(condition, context)
    if (key !== undefined) return key
  }
  return resources === undefined ? undefined : context.missed.values().next().value
}

/** Why a statement's Resource cannot be evaluated. */
export function unreadableProblem({ unreadable, notResource }: Bound): string | undefined {
  if (unreadable === undefined) return undefined
  const element = notResource ? 'NotResource' : 'Resource'
  return `${element}: "${unreadable}" has a variable that is not of the form \${key} or \${key, 'default'}`
}
