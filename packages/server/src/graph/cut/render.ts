import { type Policy, wildcardMatcher } from '@omen-iam/policy'

/** A part of a policy as JSON, in the order in which it is written. */
export type Json = Readonly<Record<string, unknown>>

/** A document after edits, and which statement each of its statements was. */
export interface Rendered {
  /** Undefined if nothing of the document is left. */
  readonly text: string | undefined
  readonly origins: readonly number[]
}

/** The part of a statement, by its place, that an edit takes away. */
export interface Less {
  readonly statement: number
  readonly isWhole?: boolean
  readonly actions?: readonly string[]
  readonly resources?: readonly string[]
  readonly principals?: readonly { readonly type: string; readonly value: string }[]
  /** A service to which roles can no longer be passed, and all to which they can be until then. */
  readonly passing?: { readonly service: string; readonly services: readonly string[] }
  /** A role that can no longer be passed, the patterns that fit it, and all roles that fit these. */
  readonly naming?: Naming
}

interface Naming {
  readonly role: string
  readonly values: readonly string[]
  readonly roles: readonly string[]
}

/** A document without what edits take away: each is about a statement as it was. */
export function render(policy: Policy, edits: readonly Less[]): Rendered {
  const root = JSON.parse(policy.text) as Json // it was parsed before
  const left = statementsOf(root).flatMap((statement, place) =>
    leftOf(
      statement,
      edits.filter((edit) => edit.statement === place),
    ).map((each) => ({ statement: each, place })),
  )
  const Statement = left.map(({ statement }) => statement)
  return {
    text: left.length === 0 ? undefined : JSON.stringify({ ...root, Statement }, undefined, 2),
    origins: left.map(({ place }) => place),
  }
}

/** The statements of a policy as they are written. */
export function statementsOf({ Statement }: Json): readonly Json[] {
  return [Statement].flat() as readonly Json[] // or it would not parse
}

/** The rest of a statement: nothing, the statement with less in it, or two if a part has a condition of its own. */
function leftOf(statement: Json, edits: readonly Less[]): readonly Json[] {
  if (edits.some(({ isWhole }) => isWhole === true)) return []
  const actions = new Set<unknown>(edits.flatMap((edit) => edit.actions ?? []))
  const resources = new Set<unknown>(edits.flatMap((edit) => edit.resources ?? []))
  const principals = new Set(
    edits.flatMap((edit) => edit.principals ?? []).map(({ type, value }) => `${type} ${value}`),
  )
  const passing = edits.flatMap((edit) => edit.passing ?? [])
  const naming = edits.flatMap((edit) => edit.naming ?? [])
  const less = without(without(statement, 'Action', actions), 'Resource', resources)
  const trusted = less && withoutPrincipals(less, principals)
  if (trusted === undefined) return []
  const away = new Set(passing.map(({ service }) => service))
  const services = passing.at(-1)?.services.filter((service) => !away.has(service))
  const roles = naming.length === 0 ? undefined : withoutRoles(trusted.Resource, naming, resources)
  return services === undefined && roles === undefined ? [trusted] : passOnly(trusted, services, roles)
}

/** The resources of a statement with the roles that are left instead of patterns. */
function withoutRoles(
  resource: unknown,
  edits: readonly Naming[],
  removed: ReadonlySet<unknown>,
): readonly unknown[] {
  const away = new Set(edits.map(({ role }) => role))
  const patterns = new Set<unknown>(edits.flatMap(({ values }) => values))
  const named = edits.flatMap(({ values, roles }) => {
    const fitting = values.filter((value) => !removed.has(value)).map((value) => wildcardMatcher(value))
    return roles.filter((role) => !away.has(role) && fitting.some((isMatch) => isMatch(role)))
  })
  const kept = [resource].flat().filter((value) => !patterns.has(value))
  return [...new Set([...kept, ...named.sort()])]
}

/** A statement without some values of an element; undefined if none is left. */
function without(
  statement: Json | undefined,
  element: string,
  values: ReadonlySet<unknown>,
): Json | undefined {
  if (statement === undefined || values.size === 0) return statement
  const left = [statement[element]].flat().filter((value) => !values.has(value))
  return left.length === 0 ? undefined : { ...statement, [element]: left.length === 1 ? left[0] : left }
}

function withoutPrincipals(statement: Json, values: ReadonlySet<string>): Json | undefined {
  if (values.size === 0) return statement
  const { Principal } = statement
  if (typeof Principal !== 'object' || Principal === null)
    return values.has(`AWS ${String(Principal)}`) ? undefined : statement
  const left = Object.entries(Principal).flatMap(([type, names]): [string, unknown][] => {
    const kept = [names].flat().filter((name) => !values.has(`${type} ${name}`))
    return kept.length === 0 ? [] : [[type, kept.length === 1 ? kept[0] : kept]]
  })
  return left.length === 0 ? undefined : { ...statement, Principal: Object.fromEntries(left) }
}

/**
 * A statement with iam:PassRole for some services or roles only, as a statement of its own if it has other actions.
 */
function passOnly(
  statement: Json,
  services: readonly string[] | undefined,
  roles: readonly unknown[] | undefined,
): readonly Json[] {
  const actions = [statement.Action].flat()
  const others = actions.filter((action) => !isPassRole(action))
  if (others.length === actions.length) return [statement]
  const rest = others.length === 0 ? [] : [{ ...statement, Action: oneOrAll(others) }]
  if (services?.length === 0 || roles?.length === 0) return rest
  const { Sid, Condition, ...own } = statement
  const condition = (Condition ?? {}) as Json // an object, or it would not parse
  const equals = (condition.StringEquals ?? {}) as Json // as above
  const limited = services && {
    ...condition,
    StringEquals: { ...equals, 'iam:PassedToService': oneOrAll(services) },
  }
  const last = limited ?? Condition
  const pass = {
    ...(Sid === undefined || others.length > 0 ? {} : { Sid }),
    ...own,
    Action: 'iam:PassRole',
    ...(roles === undefined ? {} : { Resource: oneOrAll(roles) }),
    ...(last === undefined ? {} : { Condition: last }),
  }
  return [...rest, pass]
}

function oneOrAll(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : values
}

/** Whether an action is iam:PassRole, written out. */
export function isPassRole(action: unknown): boolean {
  return typeof action === 'string' && action.toLowerCase() === 'iam:passrole'
}
