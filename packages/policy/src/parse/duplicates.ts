import type { Effect, ListElement, PrincipalElement, Statement } from '../document/policy.ts'

/** All values of each element of a statement, in which a key may be duplicate. */
export interface Seen {
  readonly effects: Effect[]
  readonly principals: PrincipalElement[]
  readonly actions: ListElement[]
  readonly resources: ListElement[]
  /** The number of duplicate keys in the document before and after each Condition. */
  readonly conditions: number[]
}

/** Whether a statement has both an element and its negation. */
export function hasConflict({ principals, actions, resources }: Seen): boolean {
  return [principals, actions, resources].some((elements) => elements.length > 1)
}

/**
 * Returns the fail-closed reading of a statement with duplicate keys. AWS refuses such a document. (behaviour POL-100) If it is
 * read anyway, it denies what any of its readings denies, and allows nothing (behaviour POL-186).
 */
export function unambiguous(statement: Statement, seen: Seen): Statement {
  if (!seen.effects.includes('Deny')) return nothing(statement)
  const { principal: _, resource: __, ...rest } = statement
  const action = union(seen.actions) ?? statement.action
  const resource = union(seen.resources)
  const principal = principalOf(seen.principals)
  const [before, after] = seen.conditions
  const isOne = seen.conditions.length === 2 && before === after
  return {
    ...rest,
    effect: 'Deny',
    action,
    ...(resource === undefined ? {} : { resource }),
    ...(principal === undefined ? {} : { principal }),
    condition: isOne ? statement.condition : [],
  }
}

/** A statement without actions, in place of one that cannot be trusted. */
export function nothing(statement: Statement): Statement {
  return { ...statement, action: { negated: false, values: [], span: statement.action.span } }
}

/** The union of the lists. If one of several is negated, the union is everything. */
function union(lists: readonly ListElement[]): ListElement | undefined {
  const [first, ...others] = lists
  if (first === undefined || others.length === 0) return first
  if (lists.some(({ negated }) => negated)) return { negated: true, values: [], span: first.span }
  return { ...first, values: lists.flatMap(({ values }) => values) }
}

/** Absent is everyone. */
function principalOf(elements: readonly PrincipalElement[]): PrincipalElement | undefined {
  const [first, ...others] = elements
  if (first === undefined || others.length === 0) return first
  if (elements.some(({ negated }) => negated)) return undefined
  return { ...first, entries: elements.flatMap(({ entries }) => entries) }
}
