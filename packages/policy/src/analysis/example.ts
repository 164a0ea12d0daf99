import { parseOperator } from '../condition/condition.ts'
import { parseDate } from '../condition/date.ts'
import { contextKeys } from '../condition/keys.ts'
import { parseNumber } from '../condition/number.ts'
import { OPERATORS } from '../condition/operators.ts'
import type { ConditionEntry, Policy, Statement } from '../document/policy.ts'
import { Context, type ContextInput } from '../evaluate/context.ts'
import type { Request } from '../evaluate/request.ts'
import { vendorOf } from '../match/action.ts'
import type { DifferenceOptions, DifferenceRow } from './difference-row.ts'
import { isNegated, plainOf } from './implication.ts'
import { somebody } from './somebody.ts'
import { verdictOf } from './verdict.ts'

/** Requests that are tried before a row stays without an example. */
const MAX_TRIES = 4_000
const MAX_ACTIONS = 400
const MAX_RESOURCES = 16
const MAX_CONTEXTS = 24
const MAX_PRINCIPALS = 4

const FILL = 'example'
const ARN = 'arn:aws:example:us-east-1:123456789012:other'

/**
 * A request that `after` allows and `before` does not, made of what the row's statement says: one of its actions on
 * one of its resources, with condition keys as it wants them.
 */
export function findExample(
  row: DifferenceRow,
  before: Policy,
  after: Policy,
  options: DifferenceOptions,
): Request | undefined {
  const statements = [row.statement, ...after.statements, ...before.statements]
  const principals = statements
    .flatMap(({ principal }) => (principal?.negated === false ? principal.entries : []))
    .slice(0, MAX_PRINCIPALS)
    .flatMap(somebody)
  const callers = principals.length === 0 ? somebody(undefined) : principals
  const contexts = contextsOf(row, [before, after])
  let tries = 0
  for (const action of actionsOf(row, statements, options)) {
    for (const resource of resourcesOf(row, statements, action, options)) {
      for (const context of contexts) {
        for (const principal of callers) {
          if (++tries > MAX_TRIES) return undefined
          const request = { principal, action, resource, context: new Context(context) }
          if (verdictOf(before, request) !== 'allow' && verdictOf(after, request) === 'allow') return request
        }
      }
    }
  }
  return undefined
}

/** The row's own actions first; where they are all but a list, or wider than what is allowed, those of the others. */
function actionsOf(
  row: DifferenceRow,
  statements: readonly Statement[],
  { actions: known }: DifferenceOptions,
): readonly string[] {
  const patterns = [
    ...(row.notActions ? [] : row.actions),
    ...statements.flatMap(({ action }) => (action.negated ? [] : action.values.map(({ value }) => value))),
    'example:Anything',
  ]
  const found = new Set<string>()
  for (const pattern of new Set(patterns)) {
    if (found.size >= MAX_ACTIONS) break
    const real = /[*?]/.test(pattern) ? (known?.(pattern) ?? []) : [pattern]
    for (const action of real.slice(0, MAX_ACTIONS)) found.add(action)
    if (real.length === 0)
      for (const action of filled(pattern === '*' ? 'example:*' : pattern)) found.add(action)
  }
  return [...found].slice(0, MAX_ACTIONS)
}

function resourcesOf(
  row: DifferenceRow,
  statements: readonly Statement[],
  action: string,
  { resources: known }: DifferenceOptions,
): readonly string[] {
  const patterns = [
    ...(row.notResources ? [] : (row.resources ?? [])),
    ...statements.flatMap(({ resource }) =>
      resource === undefined || resource.negated ? [] : resource.values.map(({ value }) => value),
    ),
  ].slice(0, MAX_RESOURCES)
  const anything = `arn:aws:${vendorOf(action) ?? FILL}:us-east-1:123456789012:${FILL}`
  const any = [...(known?.(action) ?? []), anything, '*']
  const texts = patterns.flatMap((pattern) => (pattern === '*' ? any : filled(pattern)))
  return [...new Set([...texts, anything])].slice(0, MAX_RESOURCES)
}

/** The pattern with something, and with nothing, for its wildcards; variables are what the contexts say. */
function filled(pattern: string): readonly string[] {
  const text = pattern.replaceAll(/\$\{([*?$])\}|\$\{[^}]*\}/g, (_all, escaped?: string) => escaped ?? FILL)
  return [text.replaceAll('?', 'x').replaceAll('*', FILL), text.replaceAll('?', 'x').replaceAll('*', '')]
}

type Values = Readonly<Record<string, ContextInput>>

/** Contexts in which the row's conditions hold, in which a Deny's do not, and in which the other policy's fail. */
function contextsOf({ statement }: DifferenceRow, policies: readonly [Policy, Policy]): readonly Values[] {
  const variables: Record<string, ContextInput> = {}
  for (const { statements } of policies) {
    for (const { resource } of statements) {
      for (const { value } of resource?.values ?? []) {
        for (const [, key = ''] of value.matchAll(/\$\{\s*([^},\s]+)/g))
          if (key.includes(':')) variables[key] = FILL
      }
    }
  }
  const contexts: Values[] = []
  for (let turn = 0; turn < 4; turn++) contexts.push({ ...variables, ...wanted(statement.condition, turn) })
  const others = policies.flatMap(({ statements }) => statements).filter((other) => other !== statement)
  for (const { condition } of others)
    contexts.push({ ...contexts[0], ...wanted(condition, 0), ...contexts[0] })
  const [base = {}] = contexts
  for (const { condition } of others) {
    for (let turn = 0; turn < 3; turn++) {
      const denied = condition.map((entry) => unwanted(entry, turn)).filter((entry) => entry !== undefined)
      contexts.push({ ...base, ...Object.fromEntries(denied) })
    }
  }
  // where the row's own conditions hold without their keys, as optional ones do
  const missing = contextKeys(policies).filter((key) => !(key in variables))
  contexts.push(variables, { ...Object.fromEntries(missing.map((key) => [key, 'other'])), ...base })
  const distinct = new Map(contexts.map((context) => [JSON.stringify(context), context]))
  return [...distinct.values()].slice(0, MAX_CONTEXTS)
}

/** Values that fulfil the conditions; of several that would, another one each turn. */
function wanted(condition: readonly ConditionEntry[], turn: number): Values {
  const values: Record<string, ContextInput> = {}
  for (const entry of condition) {
    const choices = fulfilling(entry)
    const choice = choices[turn % Math.max(choices.length, 1)]
    if (choice === undefined) continue
    values[entry.key] = parseOperator(entry.operator).set === undefined ? choice : [choice]
  }
  return values
}

/** A value that a negated or an optional condition does not hold for; the others fail where the key is missing. */
function unwanted(
  { operator, key, values }: ConditionEntry,
  turn: number,
): readonly [string, ContextInput] | undefined {
  const { base, set } = parseOperator(operator)
  const written = values[turn % Math.max(values.length, 1)]?.value ?? ''
  const value =
    base === 'Null' ? FILL : isNegated(base) ? fitting(plainOf(base), written) : otherThan(base, written)
  return value === undefined ? undefined : [key, set === undefined ? value : [value]]
}

function fulfilling({ operator, values }: ConditionEntry): readonly string[] {
  const { base } = parseOperator(operator)
  if (base === 'Null') return values.some(({ value }) => value === 'true') ? [] : [FILL]
  if (!OPERATORS.has(base)) return []
  if (isNegated(base)) return [otherThan(base, values[0]?.value) ?? FILL]
  return values.map(({ value }) => fitting(base, value))
}

/** A value that fits one of a condition's. */
function fitting(base: string, value: string): string {
  if (base === 'IpAddress') return value.replace(/\/\d+$/, '')
  const step = base.endsWith('LessThan') ? -1 : base.endsWith('GreaterThan') ? 1 : 0
  if (base.startsWith('Numeric')) return String((parseNumber(value)?.double ?? 0) + step)
  if (base.startsWith('Date')) return instant((parseDate(value) ?? 0) + step * 86_400_000)
  if (base === 'StringLike' || base.startsWith('Arn')) return filled(value)[0] ?? value
  return value.replaceAll(/\$\{([*?$])\}|\$\{[^}]*\}/g, (_all, escaped?: string) => escaped ?? FILL)
}

/** As ISO 8601 while that has a year for it, else in seconds since the epoch. */
function instant(milliseconds: number): string {
  const date = new Date(milliseconds)
  const year = date.getUTCFullYear()
  return year >= 0 && year <= 9_999 ? date.toISOString() : BigInt(Math.trunc(milliseconds / 1_000)).toString()
}

/** A value of the operator's type that is another than the given one. */
function otherThan(base: string, value: string | undefined): string | undefined {
  if (base.startsWith('Arn')) return ARN
  if (base.endsWith('IpAddress')) return '203.0.113.77'
  if (base.startsWith('Numeric'))
    return String((parseNumber(value ?? '0')?.double ?? 0) + (base.includes('Greater') ? -1 : 1))
  if (base.startsWith('Date')) {
    const day = base.includes('Greater') ? -86_400_000 : 86_400_000
    return instant((parseDate(value ?? '') ?? 0) + day)
  }
  if (base === 'Bool') return value?.toLowerCase() === 'true' ? 'false' : 'true'
  return base === 'BinaryEquals' ? 'b3RoZXI=' : 'other'
}
