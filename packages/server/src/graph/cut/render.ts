import { type Policy, wildcardMatcher } from '@omen-iam/policy'
import type { Edit } from './edit.ts'

/** A policy as JSON, in the order in which it is written. */
type Json = Readonly<Record<string, unknown>>

/** A document after edits, and which statement each of its statements was; undefined for one that was added. */
export interface Rendered {
  /** Undefined if nothing of the document is left. */
  readonly text: string | undefined
  readonly origins: readonly (number | undefined)[]
}

/** A document with edits applied: every edit is about a statement as it was. */
export function render(policy: Policy, edits: readonly Edit[]): Rendered {
  const root = JSON.parse(policy.text) as Json // it was parsed before
  const before = [root.Statement].flat() as readonly Json[] // as above
  const statements: Json[] = []
  const origins: number[] = []
  for (const [place, statement] of before.entries()) {
    for (const left of leftOf(statement, place, edits)) {
      statements.push(left)
      origins.push(place)
    }
  }
  return {
    text:
      statements.length === 0 ? undefined : JSON.stringify({ ...root, Statement: statements }, undefined, 2),
    origins,
  }
}

/** The rest of a statement: nothing, the statement with less in it, or two if a part has a condition of its own. */
function leftOf(statement: Json, place: number, edits: readonly Edit[]): readonly Json[] {
  const actions = new Set<unknown>()
  const resources = new Set<unknown>()
  const principals = new Set<string>()
  const services = new Set<string>()
  let mayPassTo: readonly string[] = []
  const narrowed: Extract<Edit, { kind: 'narrow' }>[] = []
  for (const edit of edits) {
    if (!('statement' in edit) || edit.statement !== place) continue
    if (edit.kind === 'remove-action') for (const value of edit.values) actions.add(value)
    if (edit.kind === 'remove-resource') for (const value of edit.values) resources.add(value)
    if (edit.kind === 'trust' || edit.kind === 'resource-policy')
      for (const { type, value } of edit.values) principals.add(`${type} ${value}`)
    if (edit.kind === 'narrow') narrowed.push(edit)
    if (edit.kind === 'condition') {
      services.add(edit.service)
      mayPassTo = edit.services
    }
  }
  const less = without(without(statement, 'Action', actions), 'Resource', resources)
  const trusted = less && withoutPrincipals(less, principals)
  if (trusted === undefined) return []
  if (services.size === 0 && narrowed.length === 0) return [trusted]
  const left = narrowed.length === 0 ? undefined : withoutRoles(trusted.Resource, narrowed, resources)
  const to = services.size === 0 ? undefined : mayPassTo.filter((service) => !services.has(service))
  return passing(trusted, to, left)
}

/** The resources of a statement with the roles that are left instead of patterns. */
function withoutRoles(
  resource: unknown,
  edits: readonly Extract<Edit, { kind: 'narrow' }>[],
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
function passing(
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
  const pass = {
    ...(Sid === undefined || others.length > 0 ? {} : { Sid }),
    ...own,
    Action: 'iam:PassRole',
    ...(roles === undefined ? {} : { Resource: oneOrAll(roles) }),
    ...(services === undefined
      ? Condition === undefined
        ? {}
        : { Condition }
      : {
          Condition: {
            ...condition,
            StringEquals: { ...equals, 'iam:PassedToService': oneOrAll(services) },
          },
        }),
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
