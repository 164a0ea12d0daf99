import { type CompiledSet, compile } from '../compile/compile.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { literalPattern } from '../match/literal.ts'
import { policyFromJson } from '../parse/parse.ts'
import { Context } from '../request/context.ts'
import { withoutGenerated } from './generated.ts'

/** A request that the policy must allow. */
export interface SeenRequest {
  readonly action: string
  /** An ARN, or `*`. */
  readonly resource: string
  /** The service to which a role was passed. */
  readonly passedTo?: string
}

/**
 * - `exact`: the very resources that were seen
 * - `generated`: those that differ only in what AWS generates: `instance/i-*`, `function:app:*`; names stay
 * - `wildcard`: every resource of their kind in their account: `role/*`, `function:*`, `bucket/*`
 */
export type ResourceScope = 'exact' | 'generated' | 'wildcard'

/** A statement of a generated policy, in the form of a document. */
export interface LeastStatement {
  readonly Effect: 'Allow'
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

export interface LeastPolicy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly LeastStatement[]
}

/** The least policy, and the requests that it does not allow according to the engine, normally none. */
export interface Least {
  readonly document: LeastPolicy
  readonly unproven: readonly SeenRequest[]
}

/**
 * Returns the least identity policy that allows the seen requests; the engine confirms each. Actions on the same
 * resources share a statement. A role may be passed only to the services to which it was passed.
 */
export function leastPolicy(seen: readonly SeenRequest[], scope: ResourceScope): Least {
  const actions = new Map<string, Seen>()
  for (const { action, resource, passedTo } of seen) {
    const [vendor, name = ''] = action.split(':')
    // Actions ignore case; services are written in lower case.
    const key = `${vendor}:${name}`.toLowerCase()
    const before = actions.get(key) ?? { action: `${vendor!.toLowerCase()}:${name}`, resources: new Map() }
    actions.set(key, before)
    const pattern = patternOf(resource, scope)
    const services = before.resources.get(pattern) ?? new Set()
    before.resources.set(pattern, services.add(passedTo))
  }
  const document: LeastPolicy = {
    Version: '2012-10-17',
    Statement: statementsOf([...actions.values()].flatMap(rowsOf)),
  }
  const compiled = compiledOf(document)
  return { document, unproven: seen.filter((one) => compiled === undefined || !isAllowed(one, compiled)) }
}

/** An action, with its resources and the services of each; undefined means no particular service. */
interface Seen {
  readonly action: string
  readonly resources: Map<string, Set<string | undefined>>
}

/** An action with the resources that share its statement. */
interface Row {
  readonly action: string
  readonly resources: readonly string[]
  /** Empty if no condition is needed. */
  readonly services: readonly string[]
}

function rowsOf({ action, resources }: Seen): readonly Row[] {
  const groups = Map.groupBy(resources, ([, services]) => JSON.stringify(conditionOf(services)))
  return [...groups.values()].map((group) => ({
    action,
    resources: covering(group.map(([resource]) => resource)),
    services: conditionOf(group[0]![1]),
  }))
}

function conditionOf(services: ReadonlySet<string | undefined>): readonly string[] {
  return services.has(undefined) ? [] : [...services].filter((service) => service !== undefined).sort()
}

function statementsOf(rows: readonly Row[]): readonly LeastStatement[] {
  const groups = Map.groupBy(rows, ({ resources, services }) => JSON.stringify([resources, services]))
  const statements = [...groups.values()].map((group): LeastStatement => {
    const [{ resources, services }] = group as [Row, ...Row[]] // A group has at least one.
    return {
      Effect: 'Allow',
      Action: oneOrMany(group.map(({ action }) => action).sort()),
      Resource: oneOrMany(resources),
      ...(services.length === 0
        ? {}
        : { Condition: { StringEquals: { 'iam:PassedToService': oneOrMany(services) } } }),
    }
  })
  const byFirst = Map.groupBy(statements, ({ Action }) => [Action].flat()[0]!)
  return [...byFirst.keys()].sort().flatMap((action) => byFirst.get(action)!)
}

/** `*` makes all others redundant. */
function covering(resources: readonly string[]): readonly string[] {
  return resources.includes('*') ? ['*'] : resources.toSorted()
}

/** A resource as a pattern, with wildcards and variables escaped. */
function patternOf(resource: string, scope: ResourceScope): string {
  switch (scope) {
    case 'wildcard':
      return widened(resource)
    case 'generated':
      return withoutGenerated(resource)
    case 'exact':
      return literalPattern(resource)
  }
}

/**
 * A pattern for every resource of the kind. If the ARN has only a name, it covers the account; a bucket stays as it
 * is.
 */
function widened(resource: string): string {
  const parts = resource.split(':')
  const head = parts.slice(0, 5).join(':')
  const rest = parts.slice(5).join(':')
  if (rest === '') return literalPattern(resource)
  const end = rest.search(/[/:]/)
  if (end >= 0) return `${head}:${literalPattern(rest.slice(0, end + 1))}*`
  return parts[4] === '' ? literalPattern(resource) : `${head}:*`
}

function compiledOf(document: LeastPolicy): CompiledSet | undefined {
  const parsed = policyFromJson(document, 'identity', { lenient: true })
  return parsed.ok ? compile({ identity: [{ policy: parsed.policy, source: { type: 'none' } }] }) : undefined
}

const account = '123456789012'
const caller = { type: 'user', arn: `arn:aws:iam::${account}:user/caller`, account: account } as const

/** A caller in the resource's account. A resource of another account also needs its own policy to allow. */
function isAllowed({ action, resource, passedTo }: SeenRequest, compiled: CompiledSet): boolean {
  const context = new Context({ 'iam:PassedToService': passedTo })
  const request = { principal: caller, action, resource, resourceAccount: account, context }
  return evaluate(request, compiled).outcome === 'allowed'
}

function oneOrMany(texts: readonly string[]): string | readonly string[] {
  return texts.length === 1 ? texts[0]! : texts
}
