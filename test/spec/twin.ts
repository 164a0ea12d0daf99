/**
 * The twin: the documented flow chart of policy evaluation, written down as plainly as it can be read.
 * It takes a case's JSON as it is, compiles nothing, remembers nothing and shares no line with the engine,
 * so that the two can only agree by both being right. POL-NNN names the behaviour of a line.
 */
import type { Document, Expectation, World } from './case.ts'
import {
  accountOfResource,
  bindsScp,
  hasIdentity,
  isRoleAssumption,
  isServiceLinked,
  mustTrust,
  readCaller,
} from './twin/caller.ts'
import { namingsOf } from './twin/principal.ts'
import { applies, statementsOf } from './twin/statement.ts'

export type Layer = 'identity' | 'boundary' | 'session' | 'resource' | 'scp' | 'rcp' | 'endpoint'

/** The answer, and every layer that a reason may name for it. */
export type Verdict = { readonly decision: Expectation; readonly layers: readonly Layer[] }

/** Decides one world. */
export function decide(world: World): Verdict {
  const { request, policies } = world
  const caller = readCaller(request.principal)

  // POL-065, POL-061: these two answer any holder of a key; no policy is evaluated.
  if (['sts:getcalleridentity', 'sts:getsessiontoken'].includes(request.action.toLowerCase())) {
    return { decision: 'allowed', layers: [] }
  }

  const asks = (
    documents: readonly Document[] | undefined,
    effect: 'Allow' | 'Deny',
    layer: Layer,
  ): boolean =>
    (documents ?? []).some((document) =>
      statementsOf(document).some(
        (each) => each.Effect === effect && applies(each, document, world, caller, layer),
      ),
    )

  const serviceLinked = isServiceLinked(caller)
  const scp = bindsScp(caller) && !serviceLinked ? policies.scp : undefined // POL-013, POL-014
  const rcp = serviceLinked || request.action.toLowerCase() === 'kms:retiregrant' ? undefined : policies.rcp // POL-016
  const identity = hasIdentity(caller) ? policies.identity : undefined
  const boundary = hasIdentity(caller) ? policies.boundary : undefined
  const session = hasIdentity(caller) || caller.kind === 'root' ? policies.session : undefined // POL-126
  const endpoint = caller.kind === 'service' ? undefined : policies.endpoint // POL-032
  const resource = policies.resource === undefined ? [] : [policies.resource]

  // POL-002: deny first, over all layers.
  const denying: Layer[] = []
  if ((rcp ?? []).some((level) => asks(level, 'Deny', 'rcp'))) denying.push('rcp')
  if ((scp ?? []).some((level) => asks(level, 'Deny', 'scp'))) denying.push('scp')
  if (asks(resource, 'Deny', 'resource')) denying.push('resource')
  if (asks(identity, 'Deny', 'identity')) denying.push('identity')
  if (asks(boundary, 'Deny', 'boundary')) denying.push('boundary')
  if (asks(session, 'Deny', 'session')) denying.push('session')
  if (asks(endpoint, 'Deny', 'endpoint')) denying.push('endpoint')
  if (denying.length > 0) return { decision: 'explicitDeny', layers: denying }

  const silent: Layer[] = []
  if (scp !== undefined && !scp.every((level) => asks(level, 'Allow', 'scp'))) silent.push('scp') // POL-012
  if (endpoint !== undefined && !asks(endpoint, 'Allow', 'endpoint')) silent.push('endpoint') // POL-018

  const identityAllows = caller.kind === 'root' || asks(identity, 'Allow', 'identity') // POL-001
  const boundaryAllows = boundary === undefined || asks(boundary, 'Allow', 'boundary') // POL-008
  const sessionAllows =
    session === undefined ? caller.kind !== 'federated' : asks(session, 'Allow', 'session') // POL-009, POL-063
  const fromIdentity = identityAllows && boundaryAllows && sessionAllows
  if (caller.kind === 'root' && !sessionAllows) silent.push('session') // POL-126: whatever else grants
  const namings = resource.flatMap((document) =>
    statementsOf(document)
      .filter((each) => each.Effect === 'Allow' && applies(each, document, world, caller, 'resource'))
      .flatMap((each) => namingsOf(each.Principal, caller)),
  )
  const fromResource = namings.length > 0

  const identitySide: Layer[] = []
  if (!identityAllows) identitySide.push('identity')
  if (!boundaryAllows) identitySide.push('boundary')
  if (!sessionAllows) identitySide.push('session')
  const resourceSide: Layer[] = fromResource ? [] : ['resource']

  // POL-060: the root user cannot assume roles. POL-120: nothing crosses partitions.
  const resourcePartition = request.resource.startsWith('arn:') ? request.resource.split(':')[1] : undefined
  const foreignPartition =
    caller.partition !== undefined &&
    resourcePartition !== undefined &&
    caller.partition !== resourcePartition
  if ((caller.kind === 'root' && isRoleAssumption(request.action, request.resource)) || foreignPartition) {
    return { decision: 'implicitDeny', layers: [...silent, ...resourceSide, ...identitySide, 'resource'] }
  }

  if (caller.account === undefined) {
    silent.push(...resourceSide) // POL-028, POL-032, POL-066
  } else if (caller.account !== accountOfResource(world, caller)) {
    silent.push(...resourceSide, ...identitySide) // POL-006, POL-007
  } else if (
    request.action.toLowerCase() === 'sts:setsourceidentity' &&
    isRoleAssumption(request.action, request.resource) &&
    (caller.kind === 'role' || caller.kind === 'session')
  ) {
    silent.push(...resourceSide, ...identitySide) // POL-050: both sides of a chain
  } else if (namings.includes('itself') || namings.includes('everyone')) {
    // POL-021, POL-023, POL-024, POL-025: no implicit deny of the identity's own layers limits this grant.
  } else if (namings.includes('role') && boundaryAllows && sessionAllows) {
    // POL-022: identity policies need not allow, boundary and session policies must.
  } else if (mustTrust(request.action, request.resource)) {
    // POL-005, POL-038, POL-119: the resource's own policy must say yes, here by naming the account.
    silent.push(...resourceSide, ...(fromIdentity ? [] : identitySide))
  } else if (!fromIdentity) {
    silent.push(...identitySide, ...resourceSide) // POL-004
  }
  return silent.length === 0
    ? { decision: 'allowed', layers: [] }
    : { decision: 'implicitDeny', layers: silent }
}
