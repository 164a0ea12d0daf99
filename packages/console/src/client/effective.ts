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
} from '@omen-iam/policy'
import { catalogue, serviceCatalogue } from './completions.ts'

/** A stretch of a text, in characters. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/**
 * What a permissions boundary cuts away from an identity policy entirely: whole statements, or single actions and
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
  /** The prefix; `*` for statements that name all services. */
  readonly service: string
  readonly granted: number
  readonly effective: number
  /** What RCPs take of what SCPs leave. */
  readonly takenByRcps?: number
}

const limits = {
  services: 40,
  /** Resources that each action is asked on. */
  resources: 24,
} as const

/**
 * The effective rest, counted by service: an action counts if it is allowed on some resource under some conditions.
 * @param identity texts of the identity policies
 * @param boundary the boundary's text; undefined if there is none
 */
export async function effectiveRest(
  identity: readonly string[],
  boundary: string | undefined,
): Promise<readonly ServiceRest[]> {
  const own = identity
    .map((text) => statementsWithoutConditions(text, 'identity'))
    .filter((policy) => policy !== undefined)
  const limit = boundary === undefined ? undefined : statementsWithoutConditions(boundary, 'identity')
  const sources = (policies: readonly Policy[]) =>
    policies.map((policy) => ({ policy, source: { type: 'role' as const } }))
  const granted = compile({ identity: sources(own) })
  const rest =
    boundary === undefined
      ? granted
      : compile({ identity: sources(own), boundary: sources(limit === undefined ? [] : [limit]) })
  const known = (await catalogue()).services
  const services = servicesOf(own, limit, known)
  return countServices(
    services,
    resourcesOf([...own, ...(limit === undefined ? [] : [limit])]),
    granted,
    rest,
  )
}

/** What is left of the services that policies name. */
export async function restOfServices(
  policies: readonly Policy[],
  granted: CompiledSet,
  rest: CompiledSet,
): Promise<readonly ServiceRest[]> {
  const named = new Set(
    policies
      .flatMap(({ statements }) => statements)
      .flatMap(({ action }) => action.values.map(({ value }) => value.toLowerCase().split(':')[0] ?? '')),
  )
  const services = (await catalogue()).services.filter((name) => named.has(name))
  return countServices(services, resourcesOf(policies), granted, rest)
}

async function countServices(
  services: readonly string[],
  candidates: readonly string[],
  granted: CompiledSet,
  rest: CompiledSet,
): Promise<readonly ServiceRest[]> {
  const found: ServiceRest[] = []
  for (const service of services.slice(0, limits.services)) {
    const actions = (await serviceCatalogue(service))?.actions ?? []
    const names = actions.map(({ name }) => `${service}:${name}`)
    const allowed = names.filter((action) => isAllowedSomewhere(action, candidates, granted))
    if (allowed.length === 0) continue
    const left = allowed.filter((action) => isAllowedSomewhere(action, candidates, rest))
    found.push({ service, granted: allowed.length, effective: left.length })
    await new Promise((resolve) => setTimeout(resolve))
  }
  return found
}

/** The services that statements name; those that the boundary names where a statement means every service. */
function servicesOf(
  own: readonly Policy[],
  limit: Policy | undefined,
  known: readonly string[],
): readonly string[] {
  const prefixes = (policies: readonly Policy[]) =>
    new Set(
      policies
        .flatMap(({ statements }) => statements)
        .filter(({ effect }) => effect === 'Allow')
        .flatMap(({ action }) =>
          action.negated ? ['*'] : action.values.map(({ value }) => value.toLowerCase().split(':')[0] ?? '*'),
        ),
    )
  const named = prefixes(own)
  if (![...named].some((prefix) => prefix.includes('*'))) return known.filter((name) => named.has(name))
  const limited = limit === undefined ? new Set<string>() : prefixes([limit])
  return known.filter((name) => named.has(name) || limited.has(name))
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
function resourcesOf(policies: readonly Policy[]): readonly string[] {
  const patterns = policies
    .flatMap(({ statements }) => statements)
    .flatMap(({ resource }) => (resource?.negated === false ? resource.values : []))
    .map(({ value }) => value.replace(/\$\{[^}]*\}/g, '*'))
  const filled = new Set<string>(['arn:aws:x:::x'])
  for (const one of patterns) {
    filled.add(one.replace(/[*?]/g, 'x'))
    for (const other of patterns) {
      if (one === other || filled.size > limits.resources) continue
      const star = one.indexOf('*')
      if (star > 0 && other.startsWith('*')) filled.add((one.slice(0, star) + other).replace(/[*?]/g, 'x'))
    }
  }
  return [...filled].slice(0, limits.resources)
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
