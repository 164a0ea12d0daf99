import { parseDate } from '../condition/date.ts'
import { filling } from '../condition/example-text.ts'
import { contextKeys } from '../condition/keys.ts'
import type { ValueType } from '../condition/operator-names.ts'
import { parseOperator } from '../condition/operators.ts'
import { instant, otherValue, plainValue } from '../condition/samples.ts'
import type { ConditionEntry, Policy } from '../document/policy.ts'
import type { ContextInput } from '../request/context.ts'
import { typeOfKey } from '../validate/key-types.ts'
import type { DifferenceOptions, DifferenceRow } from './difference-row.ts'
import { isPossible } from './values.ts'

const maxContexts = 24

type Values = Readonly<Record<string, ContextInput>>
type TypeOf = (key: string) => ValueType | undefined

/**
 * Contexts in which the row's conditions hold, those of a Deny do not, and those of the other policy fail. Every
 * value is possible for its key.
 */
export function contextsOf(
  { statement }: DifferenceRow,
  policies: readonly [Policy, Policy],
  { keyType }: DifferenceOptions,
): readonly Values[] {
  const typeOf: TypeOf = (key) => typeOfKey(key) ?? keyType?.(key)
  const variables = variablesIn(policies, typeOf)
  const contexts: Values[] = []
  for (let turn = 0; turn < 4; turn++)
    contexts.push({ ...variables, ...wanted(statement.condition, turn, typeOf) })
  const others = policies.flatMap(({ statements }) => statements).filter((other) => other !== statement)
  for (const { condition } of others)
    contexts.push({ ...contexts[0], ...wanted(condition, 0, typeOf), ...contexts[0] })
  const base = contexts[0]!
  for (const { condition } of others) {
    for (let turn = 0; turn < 3; turn++) {
      const denied = condition
        .map((entry) => unwanted(entry, turn, typeOf))
        .filter((entry) => entry !== undefined)
      contexts.push({ ...base, ...Object.fromEntries(denied) })
    }
  }
  // The row's optional conditions also hold without their keys.
  const missing = contextKeys(policies).filter((key) => !(key in variables))
  const elsewhere = missing.map((key) => [key, otherValue(typeOf(key) ?? 'String', [])])
  contexts.push(variables, { ...Object.fromEntries(elsewhere), ...base })
  const distinct = new Map(contexts.map((context) => [JSON.stringify(context), context]))
  return [...distinct.values()].map((context) => always(context, policies)).slice(0, maxContexts)
}

function variablesIn(policies: readonly Policy[], typeOf: TypeOf): Values {
  const variables: Record<string, ContextInput> = {}
  for (const { statements } of policies) {
    for (const { resource } of statements) {
      for (const { value } of resource?.values ?? []) {
        for (const [, key] of value.matchAll(/\$\{\s*([^},:\s$]*:[^},\s]*)/g))
          variables[key!] = plainValue(typeOf(key!) ?? 'String')
      }
    }
  }
  return variables
}

/** Adds the keys that every request has, if the policies use them. The two clocks agree (behaviour POL-107). */
function always(context: Values, policies: readonly Policy[]): Values {
  const asked = new Set(contextKeys(policies).map((key) => key.toLowerCase()))
  const given = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]))
  const added: Record<string, ContextInput> = {}
  const add = (key: string, value: ContextInput): void => {
    if (asked.has(key.toLowerCase()) && !given.has(key.toLowerCase())) added[key] = value
  }
  const now = given.get('aws:currenttime')
  const epoch = given.get('aws:epochtime')
  const moment = parseDate(String(now ?? epoch ?? plainValue('Date'))) ?? 0
  add('aws:CurrentTime', instant(moment))
  add('aws:SecureTransport', 'true')
  add('aws:ViaAWSService', 'false')
  add('aws:UserAgent', filling)
  add('aws:RequestedRegion', 'us-east-1')
  // Of several spellings of a key the last one counts.
  if (asked.has('aws:epochtime')) added['aws:EpochTime'] = String(Math.trunc(moment / 1_000))
  return { ...context, ...added }
}

/** Values that fulfil the conditions, with a different choice each turn. */
function wanted(condition: readonly ConditionEntry[], turn: number, typeOf: TypeOf): Values {
  const values: Record<string, ContextInput> = {}
  for (const entry of condition) {
    const choices = fulfilling(entry, typeOf)
    const choice = choices[turn % choices.length]
    if (choice === undefined) continue
    values[entry.key] = parseOperator(entry.operator).set === undefined ? choice : [choice]
  }
  return values
}

/**
 * A value for which a condition does not hold. Conditions that are neither negated nor optional also fail without the
 * key.
 */
function unwanted(
  { operator, key, values }: ConditionEntry,
  turn: number,
  typeOf: TypeOf,
): readonly [string, ContextInput] | undefined {
  const { base, set, operator: row } = parseOperator(operator)
  const type = typeOf(key) ?? 'String'
  const written = values[turn % values.length]?.value ?? ''
  const value =
    row === undefined
      ? base === 'Null'
        ? plainValue(type)
        : undefined
      : row.negated
        ? row.fitting(written)
        : row.other(written)
  if (value === undefined || !isPossible(type, value)) return undefined
  return [key, set === undefined ? value : [value]]
}

function fulfilling({ operator, key, values }: ConditionEntry, typeOf: TypeOf): readonly string[] {
  const { base, operator: row } = parseOperator(operator)
  const type = typeOf(key) ?? 'String'
  if (base === 'Null') return values.some(({ value }) => value === 'true') ? [] : [plainValue(type)]
  if (row === undefined) return []
  const choices = row.negated
    ? [row.other(values[0]?.value ?? '')]
    : values.map(({ value }) => row.fitting(value))
  return choices.filter((value) => isPossible(type, value))
}
