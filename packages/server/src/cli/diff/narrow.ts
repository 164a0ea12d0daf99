import {
  type DifferenceOptions,
  type DifferenceRow,
  difference,
  isEmptyRow,
  type Policy,
  type Statement,
} from '@omen-iam/policy'
import { actionsLike, appliesTo, resourcesLike, valueTypeOf } from '../../authorization/index.ts'

/** A row reduced to what is new. */
export interface NewAccess extends DifferenceRow {
  /** Elements of the statement that `actions` are only a part of: `s3:*` if s3:Get* was allowed before. */
  readonly partOf: readonly string[]
}

/** The most actions that are compared one by one; wildcards that match more stay as they are. */
const mostActions = 1000

/** The most rows of one comparison of which a proof is sought that they are empty. */
const mostProofs = 100

const byPattern = new Map<string, readonly string[]>()

/** The real actions that a pattern matches, looked up once: to look through the catalogue takes a millisecond. */
function actionsOf(pattern: string): readonly string[] {
  const actions = byPattern.get(pattern) ?? actionsLike(pattern)
  byPattern.set(pattern, actions)
  return actions
}

const lookups = { actions: actionsOf, resources: resourcesLike, keyType: valueTypeOf }

/**
 * Access that `after` allows and `before` does not: of each statement only the new actions. What is proven to allow nothing new
 * is left out.
 */
export function newAccess(
  before: Policy,
  after: Policy,
  /** The account of the resources of examples. */
  account?: string,
): readonly NewAccess[] {
  const options = account === undefined ? lookups : { ...lookups, account }
  let left = mostActions
  let proofs = mostProofs
  // a row with an example needs no proof
  const isEmpty = (row: DifferenceRow) =>
    row.example === undefined && proofs-- > 0 && isEmptyRow(row, before, after)
  return difference(before, after, options).flatMap((whole): readonly NewAccess[] => {
    if (isEmpty(whole)) return []
    const actions = whole.actions.filter((pattern) => whole.notActions || mayApply(pattern, whole))
    if (actions.length === 0) return []
    const row = { ...whole, actions }
    const meant = new Map(actions.map((pattern) => [pattern, meaningOf(pattern, row)]))
    const count = [...meant.values()].reduce((sum, each) => sum + each.length, 0)
    const isWorth = row.kind !== 'new' || row.except.length > 0
    if (row.notActions || !isWorth || count < 2 || count > left) return [{ ...row, partOf: [] }]
    left -= count
    const narrowed = narrow(row, meant, before, after, options)
    if (narrowed.length === 0) return [{ ...row, partOf: [] }]
    return narrowed.filter((part) => !isEmpty(part))
  })
}

/** Whether an action may apply to one of the row's resources, as far as AWS's reference knows. */
function mayApply(pattern: string, { resources, notResources }: DifferenceRow): boolean {
  if (resources === undefined || notResources) return true
  const real = /[*?]/.test(pattern) ? actionsOf(pattern) : [pattern]
  if (real.length === 0 || real.length > mostActions) return true
  return real.some((action) => resources.some((resource) => appliesTo(action, resource)))
}

/** The real actions that an element matches and that apply to the row's resources; the element itself if AWS has none. */
function meaningOf(pattern: string, { resources, notResources }: DifferenceRow): readonly string[] {
  const real = /[*?]/.test(pattern) ? actionsOf(pattern) : []
  if (real.length === 0) return [pattern]
  if (resources === undefined || notResources || real.length > mostActions) return real
  return real.filter((action) => resources.some((resource) => appliesTo(action, resource)))
}

/**
 * Compares each action of a row separately, and joins those with the same result. Elements of the policy of which only a
 * part is new have a row of their own, and the example of a row is one of its actions (behaviour LNT-3).
 */
function narrow(
  row: DifferenceRow,
  meant: ReadonlyMap<string, readonly string[]>,
  before: Policy,
  after: Policy,
  options: DifferenceOptions,
): readonly NewAccess[] {
  const groups = new Map<string, Map<string, DifferenceRow>>()
  const all = [...new Set([...meant.values()].flat())]
  for (const action of all) {
    for (const part of rowsOfAction(row, action, before, after, options)) {
      // a row is about some resources and principals; those of the same statement's other rows are reported with them
      if (!isWithin(part, row)) continue
      const key = JSON.stringify([
        part.kind,
        part.example !== undefined,
        part.resources,
        part.principals?.map(({ type, value }) => [type, value]),
        part.before.map(({ index }) => index),
        part.except.map(({ index }) => index),
      ])
      const group = groups.get(key)
      if (group === undefined) groups.set(key, new Map([[action, part]]))
      else group.set(action, part)
    }
  }
  return [...groups.values()].flatMap((rows) =>
    asWritten([...rows.keys()], meant).flatMap(({ shown, partOf, first }): readonly NewAccess[] => {
      const part = rows.get(first)
      return part === undefined ? [] : [{ ...part, actions: shown, partOf }]
    }),
  )
}

/** The rows of the row's statement if this action were its only one. */
function rowsOfAction(
  row: DifferenceRow,
  action: string,
  before: Policy,
  after: Policy,
  options: DifferenceOptions,
): readonly DifferenceRow[] {
  const owner = row.kind === 'lifted' ? before : after
  const others = row.kind === 'lifted' ? [] : owner.statements.filter(({ effect }) => effect === 'Deny')
  const { action: element } = row.statement
  const span = element.values[0]?.span ?? element.span
  const alone = { ...row.statement, action: { ...element, values: [{ value: action, span }] } }
  const kept = [alone, ...others]
  const reduced = { ...owner, statements: kept.map((statement, index) => ({ ...statement, index })) }
  const rows =
    row.kind === 'lifted' ? difference(reduced, after, options) : difference(before, reduced, options)
  const original = (statement: Statement): Statement =>
    statement.index === 0 ? row.statement : (others[statement.index - 1] ?? statement)
  return rows
    .filter((each) => (each.kind === 'lifted') === (row.kind === 'lifted') && each.statement.index === 0)
    .map((each) => ({
      ...each,
      statement: row.statement,
      except: each.kind === 'lifted' ? each.except : each.except.map(original),
    }))
}

function isWithin(part: DifferenceRow, row: DifferenceRow): boolean {
  const named = (each: DifferenceRow) => each.principals?.map(({ type, value }) => `${type} ${value}`) ?? []
  const within = (one: readonly string[], other: readonly string[]) =>
    one.every((each) => other.includes(each))
  return within(part.resources ?? [], row.resources ?? []) && within(named(part), named(row))
}

/** Actions as they are shown, and the first of those that they are. */
interface Shown {
  readonly shown: readonly string[]
  readonly partOf: readonly string[]
  readonly first: string
}

/** Actions as the policy writes them, if all that an element matches are among them; then the parts of other elements. */
function asWritten(
  actions: readonly string[],
  meant: ReadonlyMap<string, readonly string[]>,
): readonly Shown[] {
  const left = new Set(actions)
  const whole: { pattern: string; first: string }[] = []
  const parts: { pattern: string; found: readonly string[] }[] = []
  for (const [pattern, real] of meant) {
    const leftActions = real.filter((action) => left.has(action))
    const [first] = leftActions
    if (first === undefined) continue
    if (leftActions.length === real.length) whole.push({ pattern, first })
    else parts.push({ pattern, found: leftActions })
    for (const action of leftActions) left.delete(action)
  }
  const [one] = whole
  return [
    ...(one === undefined
      ? []
      : [{ shown: whole.map(({ pattern }) => pattern), partOf: [], first: one.first }]),
    ...parts.map(({ pattern, found }) => ({ shown: found, partOf: [pattern], first: found[0] ?? pattern })),
  ]
}
