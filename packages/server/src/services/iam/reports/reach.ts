import {
  type CompiledSet,
  compile,
  type PolicySource,
  type Statement,
  wildcardMatcher,
} from '@omen-iam/policy'
import {
  type ActionInfo,
  actionInfo,
  prefixOf,
  serviceActions,
  serviceInfo,
  services,
} from '../../../authorization/catalogue/index.ts'
import { appliesToMany } from '../../../authorization/index.ts'
import { perText } from '../../../base/index.ts'

/** Returns the services of which the policies allow some action on some resource, by namespace, sorted. */
export function reachableServices(sources: readonly PolicySource[]): readonly string[] {
  const candidates = [...candidateServices(sources)].sort()
  if (allowsEverything(sources)) return candidates
  return candidates.filter((service) => new Reach(sources, service).reaches)
}

/** Returns whether the policies grant access to a service. */
export function reachesService(sources: readonly PolicySource[], service: string): boolean {
  return new Reach(sources, service).isGranted
}

/** Returns the service's actions that the policies allow on some resource. */
export function reachableActions(sources: readonly PolicySource[], service: string): readonly ActionInfo[] {
  const reach = new Reach(sources, service)
  return serviceActions(service).filter(({ name }) => reach.allows(name))
}

/** The access of some policies to one service. */
class Reach {
  readonly #service: string
  readonly #sources: readonly PolicySource[]
  readonly #applies = appliesToMany()
  /** The resources of each Allow that may be of the service. */
  readonly #resources: ReadonlyMap<Statement, readonly string[]>
  #set: CompiledSet | undefined

  constructor(sources: readonly PolicySource[], service: string) {
    this.#service = service
    this.#sources = sources
    const statements = sources.flatMap(({ policy }) => policy.statements)
    this.#resources = new Map(
      statements.flatMap((statement) => {
        if (statement.effect === 'Deny') return []
        const resources = resourcesOf(statement).filter((resource) => isOf(service, resource))
        return resources.length === 0 ? [] : [[statement, resources]]
      }),
    )
  }

  get reaches(): boolean {
    return this.#resources.size > 0 && serviceActions(this.#service).some(({ name }) => this.allows(name))
  }

  /** Actions that AWS does not list count as well, if their names are written out (behaviour RPT-58). */
  get isGranted(): boolean {
    return this.reaches || this.#unknown().some((name) => this.allows(name))
  }

  /**
   * Returns whether an Allow names a resource that the action can have, of which no Deny without a condition takes away
   * all. An Allow with a condition counts (behaviour RPT-20).
   */
  allows(name: string): boolean {
    const action = `${this.#service}:${name}`
    this.#set ??= compile({ identity: this.#sources })
    const candidates = this.#set.identity?.candidates(action)
    if (candidates === undefined) return false
    const allowed = candidates.allow.all.flatMap(({ statement }) => this.#resources.get(statement) ?? [])
    const denied = candidates.deny.all.flatMap(({ statement }) =>
      statement.condition.length > 0 ? [] : resourcesOf(statement).map(taker),
    )
    return allowed.some(
      (resource) =>
        (isWild(resource) || this.#applies(action, resource)) && !denied.some((takes) => takes(resource)),
    )
  }

  #unknown(): readonly string[] {
    const names: string[] = []
    for (const { action } of this.#resources.keys()) {
      for (const { value } of action.negated ? [] : action.values) {
        const [prefix = '', name = ''] = value.split(':')
        if (prefix.toLowerCase() !== this.#service || /^$|[*?]/.test(name) || actionInfo(value)) continue
        names.push(name)
      }
    }
    return names
  }
}

/** Returns whether a resource names no service, so that it may be of any: it is not compared with what actions have. */
function isWild(resource: string): boolean {
  return /[*?$]/.test(vendorOf(resource))
}

/** Returns the service that an ARN names; `*` if it has none. */
function vendorOf(resource: string): string {
  return resource.split(':', 3)[2]?.toLowerCase() ?? '*'
}

/** Returns whether an ARN may be that of a service's resource: some services have resources of others. */
function isOf(service: string, resource: string): boolean {
  return isWild(resource) || vendorsOf(service).has(vendorOf(resource))
}

/** The services that the ARNs of a service's resources name. */
const vendorsOf = perText((service): ReadonlySet<string> => {
  const arns = [...(serviceInfo(service)?.resourceTypes.values() ?? [])].flat()
  return new Set([service, ...arns.map(vendorOf)])
})

/** Returns the resources that a statement names: all, where it names those that it leaves out. */
function resourcesOf({ effect, resource }: Statement): readonly string[] {
  if (resource === undefined) return ['*']
  const values = resource.values.map(({ value }) => value)
  if (!resource.negated) return values
  return effect === 'Deny' || values.includes('*') ? [] : ['*']
}

/** Returns whether everything that a pattern of an Allow matches is denied by the pattern of a Deny, as a function. */
function taker(denied: string): (allowed: string) => boolean {
  if (denied === '*') return () => true
  const matches = wildcardMatcher(denied)
  // a `?` of the Deny is one character, and no wildcard of the Allow
  const isExact = denied.includes('?')
  return (allowed) => denied === allowed || (!(isExact && /[*$]/.test(allowed)) && matches(allowed))
}

/** Returns whether an Allow is of every action on everything, and no Deny can take away a whole service. */
function allowsEverything(sources: readonly PolicySource[]): boolean {
  const statements = sources.flatMap(({ policy }) => policy.statements)
  const isOnAll = (statement: Statement) => resourcesOf(statement).includes('*')
  return (
    statements.some(
      (statement) =>
        statement.effect === 'Allow' &&
        !statement.action.negated &&
        statement.action.values.some(({ value }) => value === '*') &&
        isOnAll(statement),
    ) &&
    !statements.some(
      (statement) => statement.effect === 'Deny' && statement.condition.length === 0 && isOnAll(statement),
    )
  )
}

/**
 * Returns the services that an Allow may mean, so that a policy about few is not compared with all: those of its actions,
 * or of its resources, if its actions may be of any.
 */
function candidateServices(sources: readonly PolicySource[]): Iterable<string> {
  const all = services()
  const namedServices = new Set<string>()
  for (const { policy } of sources) {
    for (const statement of policy.statements) {
      if (statement.effect !== 'Allow') continue
      const actions = statement.action.values.map(({ value }) => prefixOf(value).toLowerCase())
      const isWide = statement.action.negated || actions.some((each) => each === '' || /[*?]/.test(each))
      if (isWide && resourcesOf(statement).some(isWild)) return all.keys()
      const patterns = isWide ? [...actions, ...resourcesOf(statement).map(vendorOf)] : actions
      for (const service of patterns) if (all.has(service)) namedServices.add(service)
    }
  }
  return namedServices
}
