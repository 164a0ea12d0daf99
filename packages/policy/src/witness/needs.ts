import type { Bound } from '../compile/bound.ts'
import type { ByResource } from '../compile/by-resource.ts'
import type { CompiledSet } from '../compile/compile.ts'
import type { Layer } from '../compile/layer.ts'
import { relationOf } from '../evaluate/accounts.ts'
import { applicableLayers, hasFullAccess } from '../evaluate/binds.ts'
import { allowNaming, denyCovers, isUnsupported } from '../evaluate/covers.ts'
import { requiredLayers } from '../evaluate/needs.ts'
import { bindingLayers } from '../evaluate/unevaluable.ts'
import { type Naming, namesAccount, namesCaller, namesRole, notNamed } from '../match/principal.ts'
import type { LayerName } from '../request/decision.ts'
import type { Request } from '../request/request.ts'

/** A layer that must allow: one of its statements must apply. */
export interface Need {
  readonly layer: LayerName
  /** Of SCPs. */
  readonly level: number | undefined
  readonly allows: readonly Bound[]
}

/** How `evaluate` decides one request: it allows if all needs of one of the plans are met, and no Deny applies. */
export interface Decider {
  readonly plans: readonly (readonly Need[])[]
  readonly denies: readonly Bound[]
}

/**
 * The questions of `evaluate` to the layers. Each plan is a way in which the resource policy may name the caller.
 * @param request an example of the open request: the principal, the account and the partition are the same
 * @param literal the resource, if it is known: only statements that may be about it are returned
 */
export function deciderOf(request: Request, policies: CompiledSet, literal: string | undefined): Decider {
  const { principal, action } = request
  const pick = (index: ByResource): readonly Bound[] =>
    literal === undefined ? index.all : index.about(literal)
  const allowsOf = (layer: Layer | undefined): readonly Bound[] =>
    layer === undefined ? [] : pick(layer.candidates(action).allow).filter((each) => !isUnsupported(each))
  const hasBoundary = policies.boundary !== undefined
  const denies = bindingLayers(request, policies).flatMap((layer) =>
    pick(layer.candidates(action).deny).filter((each) => denyCovers(each, principal, hasBoundary)),
  )
  const relation = relationOf(request)
  const rootAssumes = policies.grant === 'trust' && principal.type === 'root'
  if (relation === 'otherPartition' || rootAssumes) {
    return { plans: [[{ layer: 'resource', level: undefined, allows: [] }]], denies }
  }

  const binds = applicableLayers(principal)
  const named = (layer: Layer | undefined, least: Naming): readonly Bound[] =>
    allowsOf(layer).filter((each) => allowNaming(each, principal) >= least)
  const need = (layer: LayerName, allows: readonly Bound[], level?: number): Need => ({
    layer,
    level,
    allows,
  })
  const levels = (binds.scp ? (policies.scp ?? []) : []).map((level, index) =>
    need('scp', named(level, namesAccount), index),
  )
  const { endpoint } = policies
  const always =
    binds.endpoint && endpoint !== undefined
      ? [...levels, need('endpoint', named(endpoint, namesAccount))]
      : levels
  const granting = allowsOf(policies.resource).filter((each) => each.principal !== undefined)
  const isLimited = policies.session !== undefined || principal.type === 'federatedUser'

  const plans: (readonly Need[])[] = []
  for (const least of [notNamed, namesCaller, namesRole, namesAccount] as const) {
    const needs = requiredLayers(request, relation, least, policies.grant)
    const grants = granting.filter((each) => least !== notNamed && allowNaming(each, principal) >= least)
    // Without a grant there is no way to meet a need of the resource; a plan that says so explains a refusal.
    if (grants.length === 0 && least !== notNamed) continue
    const plan = [...always]
    if (needs.resource || least !== notNamed) plan.push(need('resource', grants))
    if (needs.identity && !hasFullAccess(principal)) {
      plan.push(need('identity', binds.identity ? named(policies.identity, namesAccount) : []))
    }
    if (needs.limits || principal.type === 'root') {
      if (hasBoundary && binds.identity) plan.push(need('boundary', named(policies.boundary, namesAccount)))
      if (isLimited && binds.session) plan.push(need('session', named(policies.session, namesAccount)))
    }
    plans.push(plan)
  }
  return { plans, denies }
}
