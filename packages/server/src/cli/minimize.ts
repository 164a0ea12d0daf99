import { difference, type PolicyKind, parsePolicy } from '@omen-iam/policy'

/** Pieces that are tried one by one: each costs a comparison of the whole. */
export const mostPieces = 400

type Json = Readonly<Record<string, unknown>>
interface Document extends Json {
  readonly Statement: readonly Json[]
}

/** A document without redundant parts, and how much was removed. */
export interface Minimized {
  readonly document: Json
  readonly statements: number
  readonly values: number
}

/** Members that list patterns. */
const lists = ['Action', 'NotAction', 'Resource', 'NotResource'] as const
/** Of these a value fewer means more. */
const negated = new Set<string>(['NotAction', 'NotResource'])

/**
 * Removes statements and values that others of the same effect cover, and joins statements that differ in one list.
 * Allows and Denies stay the same, each separately, so that the policy means the same beside any
 * other. Nothing is removed if the comparison is uncertain.
 */
export function minimize(text: string, kind: PolicyKind): Minimized {
  const given = JSON.parse(text) as Json // a policy, parsed before
  const all = statementsOf(given)
  let document: Document = { ...given, Statement: joined(all) }
  for (let i = document.Statement.length - 1; i >= 0; i--) {
    const without = { ...document, Statement: document.Statement.toSpliced(i, 1) }
    if (without.Statement.length > 0 && saysTheSame(document, without, kind)) document = without
  }
  let values = 0
  for (const [i, statement] of document.Statement.entries()) {
    for (const name of lists) {
      const list = statement[name]
      if (!Array.isArray(list)) continue
      for (let at = list.length - 1; at >= 0; at--) {
        const shorter = withoutValue(document, i, name, at)
        if (shorter === undefined || !saysTheSame(document, shorter, kind)) continue
        document = shorter
        values++
      }
    }
  }
  return { document, statements: all.length - document.Statement.length, values }
}

/** The number of parts to try. */
export function piecesOf(text: string): number {
  const statements = statementsOf(JSON.parse(text) as Json) // a policy, parsed before
  return statements.reduce(
    (sum, statement) =>
      sum +
      1 +
      lists.reduce((inner, name) => inner + (Array.isArray(statement[name]) ? statement[name].length : 0), 0),
    0,
  )
}

function statementsOf({ Statement: given }: Json): readonly Json[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  return list as readonly Json[] // of a policy that was parsed before
}

function withoutValue(document: Document, i: number, name: string, at: number): Document | undefined {
  const statement = document.Statement[i]!
  const list = statement[name] as readonly unknown[] // looked at by the caller
  if (list.length < 2) return undefined
  return {
    ...document,
    Statement: document.Statement.with(i, { ...statement, [name]: list.toSpliced(at, 1) }),
  }
}

/** Joins statements that differ only in one list of patterns; the first of their Sids stays. */
function joined(statements: readonly Json[]): readonly Json[] {
  const kept: Json[] = []
  for (const statement of statements) {
    const at = kept.findIndex((other) => joinable(other, statement) !== undefined)
    if (at < 0) {
      kept.push(statement)
      continue
    }
    const name = joinable(kept[at]!, statement)! // found by it
    const written = new Set([kept[at]![name]].flat())
    const values = [...new Set([...written, ...[statement[name]].flat()])]
    // the same once more changes nothing, not even how it is written
    if (values.length > written.size) kept[at] = { ...kept[at], [name]: values }
  }
  return kept
}

/** The one list in which two statements differ; undefined if they differ in more, or in a negated one. */
function joinable(one: Json, other: Json): string | undefined {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  const differing = [...names].filter(
    (name) => name !== 'Sid' && JSON.stringify(one[name]) !== JSON.stringify(other[name]),
  )
  const [name = 'Action'] = differing
  const list = differing.length < 2 && lists.some((each) => each === name) && !negated.has(name)
  return list && one[name] !== undefined && other[name] !== undefined ? name : undefined
}

/** Returns whether two documents allow the same and deny the same, each for itself. */
function saysTheSame(one: Document, other: Document, kind: PolicyKind): boolean {
  return (['Allow', 'Deny'] as const).every((effect) => {
    const [a, b] = [ofEffect(one, effect), ofEffect(other, effect)]
    if (a.Statement.length === 0 || b.Statement.length === 0) return a.Statement.length === b.Statement.length
    const [first, second] = [a, b].map((each) => parsePolicy(JSON.stringify(each), kind))
    if (!first?.ok || !second?.ok) return false
    return (
      difference(first.policy, second.policy).length === 0 &&
      difference(second.policy, first.policy).length === 0
    )
  })
}

/**
 * The statements of one effect. Denies are compared beside an Allow of everything: how a value is read depends on the
 * effect, so a Deny is never compared as an Allow (behaviours POL-182 and POL-185).
 */
function ofEffect(document: Document, effect: string): Document {
  const statements = document.Statement.filter((statement) => statement.Effect === effect)
  if (effect === 'Allow' || statements.length === 0) return { ...document, Statement: statements }
  const has = (name: string) => statements.some((statement) => statement[name] !== undefined)
  const everything = {
    Effect: 'Allow',
    ...(has('Principal') || has('NotPrincipal') ? { Principal: '*' } : {}),
    Action: '*',
    ...(has('Resource') || has('NotResource') ? { Resource: '*' } : {}),
  }
  return { ...document, Statement: [everything, ...statements] }
}
