import {
  type ConditionEntry,
  Context,
  type ContextValue,
  type ParsedOperator,
  type Policy,
  type PolicySource,
  parseNetwork,
  parseNumber,
  parseOperator,
} from '@omen-iam/policy'

/**
 * The engine's equivalent of a condition of the simulator, for a key that the request has: the same entry where both decide alike,
 * otherwise one that holds where the simulator's does.
 */
type Reading = (entry: ConditionEntry, seen: ContextValue, operator: ParsedOperator) => ConditionEntry

/** The operators that the simulator reads in its own way (behaviours SIM-57 and SIM-58). */
const readings: Readonly<Record<string, Reading>> = {
  IpAddress: untilUnreadable,
  NotIpAddress: (entry, _, operator) =>
    entry.values.every(({ value }) => isNetwork(value)) ? entry : never(entry, operator),
  NumericNotEquals: (entry, seen, operator) =>
    isUnreadable(seen, operator) ? never(entry, operator) : entry,
}

/**
 * A key whose value is the empty text. To the engine a list of nothing else is absent; to the simulator it has that value (behaviour
 * SIM-59).
 */
const emptyText = 'omen:EmptyText'

/**
 * Policies as the engine must have them to decide as the simulator does, for the context of the simulation, which then has the key of
 * the empty text.
 */
export function simulatedSources(
  sources: readonly PolicySource[],
  context: Context,
): readonly PolicySource[] {
  context.set(emptyText, '')
  return sources.map((source) => ({ ...source, policy: simulated(source.policy, context) }))
}

/** The same policy where no condition means another thing: the engine keeps what it has compiled. */
function simulated(policy: Policy, context: Context): Policy {
  let isOther = false
  const statements = policy.statements.map((statement) => {
    const condition = statement.condition.map((entry) => simulatedEntry(entry, context))
    if (condition.every((entry, index) => entry === statement.condition[index])) return statement
    isOther = true
    return { ...statement, condition }
  })
  return isOther ? { ...policy, statements } : policy
}

function simulatedEntry(entry: ConditionEntry, context: Context): ConditionEntry {
  const operator = parseOperator(entry.operator)
  const valuesOfKey = context.get(entry.key)
  if (valuesOfKey === undefined) return entry
  const isOfSets = operator.set !== undefined || operator.base === 'Null'
  if (isOfSets && typeof valuesOfKey !== 'string' && valuesOfKey.every((value) => value === '')) {
    const alone = { ...entry, operator: operator.base, key: emptyText }
    return simulatedEntry(alone, new Context({ [emptyText]: '' }))
  }
  return readings[operator.base]?.(entry, valuesOfKey, operator) ?? entry
}

/** The values are tried in order, and none behind the first that is no network. */
function untilUnreadable(entry: ConditionEntry): ConditionEntry {
  const first = entry.values.findIndex(({ value }) => !isNetwork(value))
  return first === -1 ? entry : { ...entry, values: entry.values.slice(0, first) }
}

/** Whether one value of a request that is no number ends a condition; with ForAnyValue another may hold. */
function isUnreadable(seen: ContextValue, { set }: ParsedOperator): boolean {
  const unread = [seen].flat().map((value) => parseNumber(value) === undefined)
  return set === 'ForAnyValue' ? unread.every(Boolean) : unread.some(Boolean)
}

/** A condition that does not hold for a key that is there: an operator that wants one of no values. */
function never(entry: ConditionEntry, { set }: ParsedOperator): ConditionEntry {
  return { ...entry, operator: `${set === undefined ? '' : `${set}:`}IpAddress`, values: [] }
}

function isNetwork(value: string): boolean {
  return parseNetwork(value) !== undefined
}
