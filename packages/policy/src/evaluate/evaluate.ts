import type { Bound } from '../compile/bound.ts'
import { ByResource } from '../compile/by-resource.ts'
import type { CompiledSet } from '../compile/compile.ts'
import type { Candidates, Layer } from '../compile/layer.ts'
import { applies } from '../compile/statement.ts'
import { truthNo, truthUnknown, truthYes } from '../condition/truth.ts'
import { type Budget, defaultSteps, startMeter, stopMeter } from '../match/meter.ts'
import { grantedToNaming, type Naming, namesCaller, namesRole, notNamed } from '../match/principal.ts'
import type {
  Allowed,
  Decision,
  ExplicitDeny,
  GrantedTo,
  ImplicitDeny,
  LayerName,
  Side,
} from '../request/decision.ts'
import type { Request } from '../request/request.ts'
import { type Relation, relationOf } from './accounts.ts'
import { applicableLayers, hasFullAccess } from './binds.ts'
import { allowNaming, denyCovers, isUnsupported } from './covers.ts'
import { requiredLayers } from './needs.ts'
import { unevaluableOf } from './unevaluable.ts'

const none: Candidates = { deny: new ByResource([]), allow: new ByResource([]), all: [], steps: 0 }
const nothing: readonly [] = []

/**
 * Whether something could not be evaluated since `evaluate` began. Only then a list of such statements is built. A
 * flag of the module is safe: evaluation is synchronous, and `evaluate` keeps the flag of an evaluation that it
 * interrupts (a context's supplier may ask the engine).
 */
let sawUnknown = false

/**
 * Decides a request. Pure, synchronous and total; for the same request and set it always returns the same.
 * @param budget the steps that the decision may take, together with what else draws on it; if absent, it may take
 * `defaultSteps`. With a spent budget nothing more can be evaluated: no Allow counts, and every Deny does (behaviour POL-181).
 */
export function evaluate(request: Request, compiled: CompiledSet, budget?: Budget): Decision {
  const interrupted = sawUnknown
  const interruptedMeter = startMeter(budget === undefined ? defaultSteps : budget.left)
  sawUnknown = false
  try {
    const decision = decide(request, compiled)
    return sawUnknown ? { ...decision, unevaluable: unevaluableOf(request, compiled) } : decision
  } finally {
    sawUnknown = interrupted
    const left = stopMeter(interruptedMeter)
    if (budget !== undefined) budget.left = left
  }
}

/**
 * Denies come first, in every layer, and one is final. The first is reported, in the order RCP, SCP, endpoint,
 * identity, resource, boundary, session. Then the layers that must allow are evaluated, and last those that limit.
 * (behaviours POL-002 and POL-003)
 */
function decide(request: Request, compiled: CompiledSet): Decision {
  const { principal, action } = request
  const relation = relationOf(request)
  if (request.exempt === true) return allowed('exempt', relation, nothing)

  const binds = applicableLayers(principal)
  const hasBoundary = compiled.boundary !== undefined
  const scp = binds.scp ? compiled.scp : undefined
  const endpoint = candidatesOf(binds.endpoint ? compiled.endpoint : undefined, action)
  const identity = candidatesOf(binds.identity ? compiled.identity : undefined, action)
  const resource = candidatesOf(compiled.resource, action)
  const boundary = candidatesOf(binds.identity ? compiled.boundary : undefined, action)
  const session = candidatesOf(binds.session ? compiled.session : undefined, action)

  const denied =
    levelDenies(binds.rcp ? compiled.rcp : undefined, request, hasBoundary) ??
    levelDenies(scp, request, hasBoundary) ??
    denies(endpoint, request, hasBoundary) ??
    denies(identity, request, hasBoundary) ??
    denies(resource, request, hasBoundary) ??
    denies(boundary, request, hasBoundary) ??
    denies(session, request, hasBoundary)
  if (denied !== undefined) return explicitDeny(denied, relation)
  // The root user cannot assume roles, regardless of their trust policies (behaviour POL-060).
  const rootAssumes = compiled.grant === 'trust' && principal.type === 'root'
  if (relation === 'otherPartition' || rootAssumes) return implicitDeny('resource', 'resource', relation)

  const level = levelWithoutAllow(scp, request)
  if (level !== undefined) return implicitDeny('scp', 'principal', relation, level)
  if (endpoint !== none && allows(endpoint, request) === undefined) {
    return implicitDeny('endpoint', 'principal', relation)
  }

  const granting = strongestGrant(resource, request)
  const named = granting === undefined ? notNamed : allowNaming(granting, principal)
  const needs = requiredLayers(request, relation, named, compiled.grant)
  if (needs.resource && granting === undefined) return implicitDeny('resource', 'resource', relation)

  const full = hasFullAccess(principal)
  // The task policy limits a session of the root user, regardless of other grants (behaviour POL-068).
  const isLimited = needs.limits || principal.type === 'root'
  const bounding = hasBoundary && binds.identity ? boundary : undefined
  const isOfSession = compiled.session !== undefined || principal.type === 'federatedUser'
  const ofSession = isOfSession && binds.session ? session : undefined
  // Across accounts, that of the resource asks the limits of a role that its policy names, before the caller's account
  // asks anything (behaviour GRD-301).
  const isFirst = isCross(relation) && named === namesRole
  const first = isFirst ? limitWithoutAllow(bounding, ofSession, request) : undefined
  if (first !== undefined) return implicitDeny(first, 'principal', relation)
  const identityGrant = needs.identity && !full ? allows(identity, request) : undefined
  if (needs.identity && !full && identityGrant === undefined) {
    return implicitDeny('identity', 'principal', relation, undefined, grantedToNaming[named])
  }
  const limit = isLimited && !isFirst ? limitWithoutAllow(bounding, ofSession, request) : undefined
  if (limit !== undefined) return implicitDeny(limit, 'principal', relation)
  if (granting === undefined) {
    return identityGrant === undefined
      ? allowed('root', relation, nothing)
      : allowed('identity', relation, identityGrant.by)
  }
  return identityGrant === undefined
    ? allowed('resource', relation, granting.by)
    : allowed('both', relation, [...identityGrant.by, ...granting.by])
}

function candidatesOf(layer: Layer | undefined, action: string): Candidates {
  return layer === undefined ? none : layer.candidates(action)
}

/** The first Deny that applies. A Deny that cannot be evaluated counts as applying. */
function denies({ deny }: Candidates, request: Request, hasBoundary: boolean): Bound | undefined {
  const bounds = deny.about(request.resource, request.context)
  for (let index = 0; index < bounds.length; index++) {
    const bound = bounds[index]!
    if (!denyCovers(bound, request.principal, hasBoundary)) continue
    const truth = applies(bound, request.resource, request.context)
    if (truth === truthUnknown) sawUnknown = true
    if (truth !== truthNo) return bound
  }
  return undefined
}

/** The first Allow that applies; one that cannot be evaluated does not count. */
function allows({ allow }: Candidates, request: Request): Bound | undefined {
  const bounds = allow.about(request.resource, request.context)
  for (let index = 0; index < bounds.length; index++) {
    const bound = bounds[index]!
    if (grants(bound, request)) return bound
  }
  return undefined
}

/** The limit of the caller that does not allow: the boundary, or the session policy. */
function limitWithoutAllow(
  boundary: Candidates | undefined,
  session: Candidates | undefined,
  request: Request,
): 'boundary' | 'session' | undefined {
  if (boundary !== undefined && allows(boundary, request) === undefined) return 'boundary'
  return session !== undefined && allows(session, request) === undefined ? 'session' : undefined
}

/** The Allow of a resource policy that names the caller most strongly. */
function strongestGrant({ allow }: Candidates, request: Request): Bound | undefined {
  let strongest: Bound | undefined
  let best: Naming = notNamed
  const bounds = allow.about(request.resource, request.context)
  for (let index = 0; index < bounds.length && best !== namesCaller; index++) {
    const bound = bounds[index]!
    const named = bound.principal === undefined ? notNamed : allowNaming(bound, request.principal)
    if (named <= best && !isUnsupported(bound)) continue
    if (!grants(bound, request)) continue
    strongest = bound
    best = named
  }
  return strongest
}

function grants(bound: Bound, request: Request): boolean {
  if (isUnsupported(bound)) {
    sawUnknown = true
    return false
  }
  if (allowNaming(bound, request.principal) === notNamed) return false
  const truth = applies(bound, request.resource, request.context)
  if (truth === truthUnknown) sawUnknown = true
  return truth === truthYes
}

function levelDenies(
  levels: readonly Layer[] | undefined,
  request: Request,
  hasBoundary: boolean,
): Bound | undefined {
  if (levels === undefined) return undefined
  for (const level of levels) {
    const denied = denies(level.candidates(request.action), request, hasBoundary)
    if (denied !== undefined) return denied
  }
  return undefined
}

/**
 * Every level of SCPs must allow. RCPs need not allow: AWS attaches one that allows everything at every level.
 * (behaviours POL-012 and POL-015)
 */
function levelWithoutAllow(levels: readonly Layer[] | undefined, request: Request): number | undefined {
  if (levels === undefined) return undefined
  for (let index = 0; index < levels.length; index++) {
    if (allows(candidatesOf(levels[index], request.action), request) === undefined) return index
  }
  return undefined
}

function allowed(reason: Allowed['reason'], relation: Relation, by: Allowed['by']): Allowed {
  return { outcome: 'allowed', reason, crossAccount: isCross(relation), by, unevaluable: nothing }
}

function explicitDeny({ by }: Bound, relation: Relation): ExplicitDeny {
  return {
    outcome: 'explicitDeny',
    layer: by[0].layer,
    crossAccount: isCross(relation),
    by,
    unevaluable: nothing,
  }
}

function implicitDeny(
  layer: LayerName,
  side: Side,
  relation: Relation,
  level?: number,
  grantedTo?: GrantedTo,
): ImplicitDeny {
  return {
    outcome: 'implicitDeny',
    layer,
    side,
    crossAccount: isCross(relation),
    level,
    grantedTo,
    by: nothing,
    unevaluable: nothing,
  }
}

function isCross(relation: Relation): boolean {
  return relation === 'cross' || relation === 'otherPartition'
}
