import { type CompiledSet, compile } from '../compile/compile.ts'
import { policyFromJson } from '../document/parse.ts'
import { Context } from '../evaluate/context.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { literalPattern } from '../match/literal.ts'

/** A question that a policy shall answer with yes. */
export interface SeenRequest {
  readonly action: string
  /** An ARN, or `*`. */
  readonly resource: string
  /** The service that a role was handed to. */
  readonly passedTo?: string
}

/**
 * - `exact`: the very resources that were seen
 * - `wildcard`: every resource of their kind in their account: `role/*`, `function:*`, `bucket/*`
 */
export type ResourceScope = 'exact' | 'wildcard'

/** A statement of a policy that is written here, as it stands in the document. */
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

/** The least policy, and the questions that the engine says it does not allow: none, where all is right. */
export interface Least {
  readonly document: LeastPolicy
  readonly unproven: readonly SeenRequest[]
}

/**
 * The least identity policy that allows what was seen, proven by asking the engine each question again. Actions that
 * were asked on the same resources share a statement; a role may be handed only to the services that it was handed to.
 */
export function leastPolicy(seen: readonly SeenRequest[], scope: ResourceScope): Least {
  const actions = new Map<string, Seen>()
  for (const { action, resource, passedTo } of seen) {
    const [vendor = '', name = ''] = action.split(':', 2)
    // actions ignore case, services are written in lower case
    const key = `${vendor}:${name}`.toLowerCase()
    const before = actions.get(key) ?? { action: `${vendor.toLowerCase()}:${name}`, resources: new Map() }
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

/** An action, and on which resources for which services it was asked; undefined is for none in particular. */
interface Seen {
  readonly action: string
  readonly resources: Map<string, Set<string | undefined>>
}

/** An action on resources that go together. */
interface Row {
  readonly action: string
  readonly resources: readonly string[]
  /** Empty where no condition is wanted. */
  readonly services: readonly string[]
}

function rowsOf({ action, resources }: Seen): readonly Row[] {
  const groups = Map.groupBy(resources, ([, services]) => JSON.stringify(conditionOf(services)))
  return [...groups.values()].map((group) => ({
    action,
    resources: covering(group.map(([resource]) => resource)),
    services: conditionOf(group[0]?.[1] ?? new Set()),
  }))
}

function conditionOf(services: ReadonlySet<string | undefined>): readonly string[] {
  return services.has(undefined) ? [] : [...services].filter((service) => service !== undefined).sort(byText)
}

function statementsOf(rows: readonly Row[]): readonly LeastStatement[] {
  const groups = Map.groupBy(rows, ({ resources, services }) => JSON.stringify([resources, services]))
  const statements = [...groups.values()].map((group): LeastStatement => {
    const [{ resources, services }] = group as [Row, ...Row[]] // a group has at least one
    return {
      Effect: 'Allow',
      Action: oneOrMany(group.map(({ action }) => action).sort(byText)),
      Resource: oneOrMany(resources),
      ...(services.length === 0
        ? {}
        : { Condition: { StringEquals: { 'iam:PassedToService': oneOrMany(services) } } }),
    }
  })
  return statements.sort((a, b) => byText([a.Action].flat()[0] ?? '', [b.Action].flat()[0] ?? ''))
}

/** `*` makes all others needless. */
function covering(resources: readonly string[]): readonly string[] {
  return resources.includes('*') ? ['*'] : resources.toSorted(byText)
}

/** A resource as a pattern: what a policy would take for wildcards or a variable is escaped. */
function patternOf(resource: string, scope: ResourceScope): string {
  if (resource === '*') return resource
  return scope === 'wildcard' ? widened(resource) : literalPattern(resource)
}

/** Every resource of the kind. Where there is nothing but a name, the account is the kind; a bucket stays itself. */
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

const ACCOUNT = '123456789012'
const CALLER = { type: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/caller`, account: ACCOUNT } as const

/** Of a caller of the resource's own account: what a resource of another account needs stands in its own policy. */
function isAllowed({ action, resource, passedTo }: SeenRequest, compiled: CompiledSet): boolean {
  const context = new Context({ 'iam:PassedToService': passedTo })
  const request = { principal: CALLER, action, resource, resourceAccount: ACCOUNT, context }
  return evaluate(request, compiled).outcome === 'allowed'
}

function oneOrMany(texts: readonly string[]): string | readonly string[] {
  return texts.length === 1 && texts[0] !== undefined ? texts[0] : texts
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
