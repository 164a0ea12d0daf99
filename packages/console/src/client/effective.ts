import {
  type CompiledSet,
  Context,
  compile,
  difference,
  evaluate,
  type Policy,
  type PolicyKind,
  type Principal,
  parsePolicy,
  type Statement,
  wildcardMatcher,
} from '@omen-iam/policy'
import { catalogue, serviceCatalogue } from './completions.ts'

/** A stretch of a text, in characters. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/**
 * The parts that a permissions boundary cuts away from an identity policy entirely: whole statements, or single actions and
 * resources of them. What it cuts away in part is not marked.
 */
export function cutAway(identity: string, boundary: string | undefined): readonly Stretch[] {
  if (boundary === undefined) return []
  const own = parsePolicy(identity, 'identity', { lenient: true })
  const limit = parsePolicy(boundary, 'identity', { lenient: true })
  if (!own.ok || !limit.ok) return []
  const marked: Stretch[] = []
  for (const row of difference(limit.policy, own.policy)) {
    const statement = own.policy.statements[row.statement.index]
    if (row.kind !== 'new' || statement === undefined) continue
    const actions = statement.action.values.filter(({ value }) => row.actions.includes(value))
    const resources = (statement.resource?.values ?? []).filter(({ value }) => row.resources?.includes(value))
    const allActions = actions.length === statement.action.values.length
    const allResources = resources.length === (statement.resource?.values.length ?? 0)
    if (allActions && allResources) marked.push(stretch(statement))
    else if (allResources) marked.push(...actions.map(stretch))
    else if (allActions) marked.push(...resources.map(stretch))
  }
  return marked
}

function stretch({ span }: Pick<Statement, 'span'>): Stretch {
  return { from: span.start.offset, to: span.end.offset }
}

/** How much of a service's actions the identity policies grant, and how much of it the boundary leaves. */
export interface ServiceRest {
  /** The prefix; `otherServices` for all services without a row of their own: each figure is then 0 or 1. */
  readonly service: string
  readonly granted: number
  readonly effective: number
  /** The number of services that RCPs take from what SCPs leave. */
  readonly takenByRcps?: number
}

/** The reason why a count is incomplete: services or resources beyond a limit, or policies that cannot be read. */
export type Uncounted = 'services' | 'resources' | 'policies'

/** Actions that are left, counted by service. */
export interface Rest {
  readonly rows: readonly ServiceRest[]
  readonly uncounted: readonly Uncounted[]
}

/** The most that a count tries. */
export const restLimits = {
  services: 40,
  /** Resources on which each action is tried. */
  resources: 200,
} as const

/** Every service that has no row of its own. */
export const otherServices = '*'
/** Represents each action of these services. */
const otherAction = 'omen-other-service:Other'

/**
 * The effective rest, counted by service: an action counts if it is allowed on some resource under some conditions.
 * @param identity texts of the identity policies
 * @param boundary the boundary's text; undefined if there is none
 * @throws AwsError, Unreachable, NotSignedIn if the actions of a service cannot be fetched
 */
export async function effectiveRest(
  identity: readonly string[],
  boundary: string | undefined,
): Promise<Rest> {
  const own = readable(identity, 'identity')
  const limit = readable(boundary === undefined ? [] : [boundary], 'identity')
  const sources = (policies: readonly Policy[]) =>
    policies.map((policy) => ({ policy, source: { type: 'role' as const } }))
  const granted = compile({ identity: sources(own) })
  const rest =
    boundary === undefined ? granted : compile({ identity: sources(own), boundary: sources(limit) })
  const isRead = own.length === identity.length && (boundary === undefined || limit.length === 1)
  return restOf([...own, ...limit], granted, rest, isRead)
}

/** Policies without their conditions; those that cannot be read are left out. */
export function readable(texts: readonly string[], kind: PolicyKind): readonly Policy[] {
  return texts.map((text) => statementsWithoutConditions(text, kind)).filter((policy) => policy !== undefined)
}

/**
 * Counts the actions left of each service that policies name, and of all other services together.
 * @param isRead whether no policy was left out
 * @throws AwsError, Unreachable, NotSignedIn if the actions of a service cannot be fetched
 */
export async function restOf(
  policies: readonly Policy[],
  granted: CompiledSet,
  rest: CompiledSet,
  isRead: boolean,
): Promise<Rest> {
  const named = servicesNamed(policies, (await catalogue()).services)
  const { resources, isComplete } = resourcesOf(policies)
  const rows: ServiceRest[] = []
  const count = (service: string, actions: readonly string[]) => {
    const allowed = actions.filter((action) => isAllowedSomewhere(action, resources, granted))
    if (allowed.length === 0) return
    const left = allowed.filter((action) => isAllowedSomewhere(action, resources, rest))
    rows.push({ service, granted: allowed.length, effective: left.length })
  }
  for (const service of named.slice(0, restLimits.services)) {
    const actions = (await serviceCatalogue(service))?.actions ?? []
    const names = actions.map(({ name }) => `${service}:${name}`)
    count(service, names)
    await new Promise((resolve) => setTimeout(resolve))
  }
  count(otherServices, [otherAction])
  const uncounted: Uncounted[] = []
  if (named.length > restLimits.services) uncounted.push('services')
  if (!isComplete) uncounted.push('resources')
  if (!isRead) uncounted.push('policies')
  return { rows, uncounted }
}

/** The known services that actions of the policies name, those by a wildcard such as `s3*:Get*` last. */
function servicesNamed(policies: readonly Policy[], known: readonly string[]): readonly string[] {
  const prefixes = new Set<string>()
  for (const { value } of policies.flatMap(({ statements }) =>
    statements.flatMap((each) => each.action.values),
  )) {
    const [prefix = '', name = '*'] = value.toLowerCase().split(':')
    if (prefix !== '*' || name !== '*') prefixes.add(prefix)
  }
  const wild = [...prefixes].filter((prefix) => /[*?]/.test(prefix)).map((prefix) => wildcardMatcher(prefix))
  return [
    ...known.filter((service) => prefixes.has(service)),
    ...known.filter((service) => !prefixes.has(service) && wild.some((matches) => matches(service))),
  ]
}

/** A policy whose Allows apply always and whose Denies with conditions never do; undefined if it is not readable. */
export function statementsWithoutConditions(text: string, kind: PolicyKind): Policy | undefined {
  const parsed = parsePolicy(text, kind, { lenient: true })
  if (!parsed.ok) return undefined
  const { policy } = parsed
  return {
    ...policy,
    statements: policy.statements
      .filter(({ effect, condition }) => effect === 'Allow' || condition.length === 0)
      .map((statement) => ({ ...statement, condition: [] })),
  }
}

/** Resources that patterns match: each with something in the place of its wildcards, and where two meet. */
function resourcesOf(policies: readonly Policy[]): {
  readonly resources: readonly string[]
  readonly isComplete: boolean
} {
  const patterns = policies
    .flatMap(({ statements }) => statements)
    .flatMap(({ resource }) => (resource?.negated === false ? resource.values : []))
    .map(({ value }) => value.replace(/\$\{[^}]*\}/g, '*'))
  const filled = new Set<string>(['arn:aws:x:::x', ...patterns.map((one) => one.replace(/[*?]/g, 'x'))])
  for (const one of patterns) {
    const star = one.indexOf('*')
    if (star <= 0) continue
    for (const other of patterns) {
      if (filled.size > restLimits.resources) break
      if (one !== other && other.startsWith('*'))
        filled.add((one.slice(0, star) + other).replace(/[*?]/g, 'x'))
    }
  }
  const resources = [...filled].slice(0, restLimits.resources)
  return { resources, isComplete: resources.length === filled.size }
}

const anyUser: Principal = {
  type: 'roleSession',
  sessionArn: 'arn:aws:sts::123456789012:assumed-role/x/x',
  roleArn: 'arn:aws:iam::123456789012:role/x',
  account: '123456789012',
}
const nothing = new Context()

function isAllowedSomewhere(action: string, resources: readonly string[], set: CompiledSet): boolean {
  return resources.some(
    (resource) =>
      evaluate({ principal: anyUser, action, resource, context: nothing }, set).outcome === 'allowed',
  )
}
