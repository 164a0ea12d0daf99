import { type CompiledSet, compile, type PolicySource, type Statement } from '@omen-iam/policy'
import { type ActionInfo, serviceActions, services } from '../../../authorization/catalogue/index.ts'

/**
 * Returns the services of which the policies allow some action on some resource, by namespace, sorted. Only Allows
 * count, and Denies of an action on all resources without a condition (behaviour RPT-20).
 */
export function reachableServices(sources: readonly PolicySource[]): readonly string[] {
  const candidates = candidateServices(sources)
  if (allowsEverything(sources)) return [...candidates].sort()
  const set = compile({ identity: sources })
  return [...candidates].filter((service) => reaches(set, service)).sort()
}

/** Returns whether the policies allow some action of a service. */
export function reachesService(sources: readonly PolicySource[], service: string): boolean {
  return reaches(compile({ identity: sources }), service)
}

/** Returns the service's actions that the policies allow on some resource. */
export function reachableActions(sources: readonly PolicySource[], service: string): readonly ActionInfo[] {
  const set = compile({ identity: sources })
  return serviceActions(service).filter((action) => allows(set, action))
}

function reaches(set: CompiledSet, service: string): boolean {
  return serviceActions(service).some((action) => allows(set, action))
}

function allows({ identity }: CompiledSet, { service, name }: ActionInfo): boolean {
  const candidates = identity?.candidates(`${service}:${name}`)
  if (candidates === undefined || candidates.allow.all.length === 0) return false
  return !candidates.deny.all.some(({ statement }) => isTotal(statement))
}

function isTotal({ condition, resource }: Statement): boolean {
  if (condition.length > 0) return false
  return resource === undefined || (!resource.negated && resource.values.some(({ value }) => value === '*'))
}

/** Returns whether an Allow names every action and no Deny can remove a whole service: then no look-up is needed. */
function allowsEverything(sources: readonly PolicySource[]): boolean {
  const statements = sources.flatMap(({ policy }) => policy.statements)
  return (
    statements.some(
      ({ effect, action }) =>
        effect === 'Allow' && !action.negated && action.values.some(({ value }) => value === '*'),
    ) && !statements.some((statement) => statement.effect === 'Deny' && isTotal(statement))
  )
}

/** Returns the services that an Allow may mean, so that a policy about few is not compared with all. */
function candidateServices(sources: readonly PolicySource[]): Iterable<string> {
  const all = services()
  const named = new Set<string>()
  for (const { policy } of sources) {
    for (const { effect, action } of policy.statements) {
      if (effect !== 'Allow') continue
      if (action.negated) return all.keys()
      for (const { value } of action.values) {
        const vendor = value.slice(0, Math.max(value.indexOf(':'), 0)).toLowerCase()
        if (vendor === '' || /[*?]/.test(vendor)) return all.keys()
        if (all.has(vendor)) named.add(vendor)
      }
    }
  }
  return named
}
