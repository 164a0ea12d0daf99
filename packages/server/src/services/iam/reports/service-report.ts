import type { PolicySource } from '@omen-iam/policy'
import { loadModel, serviceIds } from '../../../model/index.ts'
import type { Accesses } from './accesses.ts'
import type { Audience, Member } from './audience.ts'
import { reachableActions, reachableServices } from './reach.ts'

/** The result for one service: whether it was called, and when last. */
export interface ServiceReport {
  readonly service: string
  /** The number of principals that called it. */
  readonly total: number
  readonly last?: LastAccess
  /** The last call of each principal, by the principal's index in the report. */
  readonly byMember: Readonly<Record<number, number>>
  readonly actions?: readonly ActionReport[]
}

export interface ActionReport {
  readonly action: string
  readonly last?: LastAccess
}

export interface LastAccess {
  readonly at: number
  readonly region: string
  /** The principal's index in the report. */
  readonly member: number
}

/** A service last accessed report, as of its generation (behaviours RPT-20 to RPT-24). */
export interface ServicesReport {
  readonly byAction: boolean
  readonly members: readonly Member[]
  readonly services: readonly ServiceReport[]
}

/** Returns the services that the policies allow, and the calls that were made. */
export function servicesReport(audience: Audience, accesses: Accesses, byAction: boolean): ServicesReport {
  const { members, policies } = audience
  const services = reachableServices(policies).map((service) =>
    serviceReport(service, members, policies, accesses, byAction),
  )
  return { byAction, members, services }
}

function serviceReport(
  service: string,
  members: readonly Member[],
  policies: readonly PolicySource[],
  accesses: Accesses,
  byAction: boolean,
): ServiceReport {
  const byMember: Record<number, number> = {}
  const actions = new Map<string, LastAccess>()
  let last: LastAccess | undefined
  let total = 0
  for (const [index, { id }] of members.entries()) {
    const use = accesses.get(id)?.get(service)
    if (use === undefined) continue
    total++
    byMember[index] = use.at
    last = later(last, { at: use.at, region: use.region, member: index })
    if (!byAction) continue
    for (const [action, access] of use.actions) {
      actions.set(action, later(actions.get(action), { ...access, member: index }))
    }
  }
  const tracked = byAction && trackedServices().has(service)
  return {
    service,
    total,
    byMember,
    ...(last === undefined ? {} : { last }),
    ...(tracked ? { actions: trackedActions(service, policies, actions) } : {}),
  }
}

function later(known: LastAccess | undefined, found: LastAccess): LastAccess {
  return known === undefined || found.at > known.at ? found : known
}

/** Actions are tracked for the services whose API Omen serves, and for AWS KMS (behaviour RPT-24). */
function trackedServices(): ReadonlySet<string> {
  return new Set([...serviceIds.map((id) => loadModel(id).signingName), 'kms'])
}

function trackedActions(
  service: string,
  policies: readonly PolicySource[],
  used: ReadonlyMap<string, LastAccess>,
): readonly ActionReport[] {
  return reachableActions(policies, service)
    .filter(({ permissionOnly }) => !permissionOnly)
    .map(({ name: action }) => {
      const last = used.get(action)
      return last === undefined ? { action } : { action, last }
    })
    .sort((a, b) => (a.action < b.action ? -1 : 1))
}
